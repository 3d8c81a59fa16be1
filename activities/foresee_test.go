package activities

import (
	"io"
	"strings"
	"testing"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestForeseePutsDownWhoWouldBeAsked: with names in the document, and counts alone
// outside of it; a seat that nobody holds is counted.
func TestForeseePutsDownWhoWouldBeAsked(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.people = []playbook.Person{{ID: "lee", Name: "Lee Low", Mail: "lee@example.org", Roles: []string{"legal"}}, {ID: "ann", Name: "Ann Archer", Employer: "acme"}}
	a := &Activities{Archive: s, Filing: s}
	step := func(id string, roles ...string) playbook.Step {
		g := review.Group{Name: "all", Rule: review.RuleAll}
		for _, r := range roles {
			g.Seats = append(g.Seats, review.Seat{ID: strings.TrimPrefix(r, "@"), Role: r})
		}
		return playbook.Step{ID: id, Title: "Do " + id, Policy: review.Policy{Groups: []review.Group{g}}}
	}
	out, err := a.Foresee(t.Context(), ForeseeIn{Case: "drill/acme/1", Process: "drill/acme/1", Vendor: "acme", Owner: "lee", Now: time.Unix(1, 0),
		Steps: []playbook.Step{step("notice", "legal", "it"), step("hand-over", review.VendorRole)}})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Steps) != 2 || out.Steps[0] != (foreseenStep{Step: "notice", Seats: 2, Vacant: 1}) || out.Steps[1] != (foreseenStep{Step: "hand-over", Seats: 1, Theirs: 1}) {
		t.Errorf("counted %+v", out.Steps)
	}
	_, r, err := s.Get(t.Context(), out.Evidence)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	said, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	text := string(said)
	for _, want := range []string{foreseenKind, `"name": "Lee Low"`, `"mail": "lee@example.org"`, `"name": "Ann Archer"`, `"title": "Do notice"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %s:\n%s", want, text)
		}
	}
}
