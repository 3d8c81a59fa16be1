package workflows

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// doorkeeper gives access, but to whom it does not know.
type doorkeeper struct {
	mu      sync.Mutex
	unknown map[string]bool // logins
	away    bool            // it answers nobody
	calls   int
	inside  []string
	stands  []entitlement.Foothold // what it finds of everybody; none: an invitation
	story   *story
}

func (d *doorkeeper) Grant(_ context.Context, g entitlement.Grant) (entitlement.Standing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	if d.away {
		return entitlement.Standing{}, errors.New("the service is away")
	}
	s := entitlement.Standing{Grant: g.ID, Login: g.Login, Until: g.Until, Verdict: entitlement.VerdictFound, Footholds: []entitlement.Foothold{entitlement.FootholdInvitation}}
	if d.stands != nil {
		s.Footholds = d.stands
	}
	switch {
	case d.unknown[g.Login]:
		s.Verdict, s.Footholds, s.Doubts = entitlement.VerdictNotCheckable, nil, []entitlement.Doubt{entitlement.DoubtLogin}
	case !slices.Contains(d.inside, g.Login):
		d.inside = append(d.inside, g.Login)
	}
	return s, nil
}

func (d *doorkeeper) Remove(ctx context.Context, g entitlement.Grant) (entitlement.Standing, error) {
	return d.Grant(ctx, g)
}

func (d *doorkeeper) Look(ctx context.Context, g entitlement.Grant) (entitlement.Standing, error) {
	return d.Grant(ctx, g)
}

// Put keeps evidence in the story's record.
func (d *doorkeeper) Put(_ context.Context, r io.Reader, _ int64) (dossier.Paper, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return dossier.Paper{}, err
	}
	return dossier.Paper{Digest: d.story.text("evidence", string(text)), Size: int64(len(text))}, nil
}

// activation prepares an onboarding whose last stage gives two accesses.
func activation(t *testing.T, unknown ...string) (*story, *doorkeeper) {
	t.Helper()
	d := &doorkeeper{unknown: map[string]bool{}}
	for _, login := range unknown {
		d.unknown[login] = true
	}
	s := newStoryWith(t, d, []string{"it-ida", "security-sam", "legal-lee"}, []string{"live", "after"}, accessStep(t), stepOf(t, "after", "after", seat("legal")))
	d.story = s
	return s, d
}

// accessForm puts a filled in form of accesses into the store.
func (s *story) accessForm(name string, logins ...string) string {
	sheet := engagement.Sheet{Title: "Access"}
	for i, login := range logins {
		n := string(rune('1' + i))
		word := func(what, words string) engagement.SheetLine {
			return engagement.SheetLine{Point: engagement.Point{ID: n + "-" + what, Title: what, Kind: engagement.PointText}, Finding: engagement.Finding{Point: n + "-" + what, Said: true}, Words: words}
		}
		sheet.Lines = append(sheet.Lines, word(entitlement.GrantLogin, login), word(entitlement.GrantTeam, "acme-people"), word("reason", "they run it"))
		role, until := word(entitlement.GrantRole, ""), word(entitlement.GrantUntil, "")
		role.Point.Kind, role.Point.Options = engagement.PointChoice, []string{string(entitlement.RoleMember)}
		role.Finding = engagement.Finding{Point: role.Point.ID, Choices: []string{string(entitlement.RoleMember)}}
		until.Point.Kind, until.Finding = engagement.PointDate, engagement.Finding{Point: until.Point.ID, On: monday.AddDate(1, 0, 0)}
		sheet.Lines = append(sheet.Lines, role, until)
	}
	text, err := sheet.Encode()
	if err != nil {
		s.t.Fatalf("encoding a form of accesses: %v", err)
	}
	return s.text(name, string(text))
}

func asForm(sheet string) func(*review.Answer) {
	return func(a *review.Answer) {
		a.Documents, a.Findings = []string{sheet}, []engagement.Finding{{Point: "1-login", Said: true}}
	}
}

// Access is given once its form is signed and not before; the next stage waits for
// it, and each access has its end among what is watched.
func TestAccessIsGivenOnceItIsSigned(t *testing.T) {
	s, d := activation(t)
	s.on(1*day, func() { s.answer("it-ida", "access", review.Done, asForm(s.accessForm("form", "nadia-r", "omar-k"))) })
	s.on(2*day, func() {
		if len(d.inside) > 0 {
			t.Errorf("%q were let in before anybody signed", d.inside)
		}
		s.wantNobodyAsked("after")
		s.answer("security-sam", "access-accept", review.Approve)
	})
	s.on(3*day, func() { s.answer("legal-lee", "after", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	if !slices.Equal(d.inside, []string{"nadia-r", "omar-k"}) {
		t.Errorf("inside are %q", d.inside)
	}
	stands := s.rec.of(dossier.AccessStands)
	if len(stands) != 1 || stands[0].Detail.Result != "given" || stands[0].Detail.Document == "" || len(stands[0].Detail.Values) != 2 || strings.Contains(strings.Join(stands[0].Detail.Values, " "), "nadia") {
		t.Errorf("the record says %+v", stands)
	}
}

// What can't be given is the owner's to settle: tried again once it is mended, or
// given by hand.
func TestAccessThatCannotBeGiven(t *testing.T) {
	for how, settle := range map[string]func(*story, *doorkeeper){
		"tried again": func(s *story, d *doorkeeper) {
			d.mu.Lock()
			d.unknown = nil
			d.mu.Unlock()
			s.answer("owner-ola", "not-given-access", playbook.AskAgain)
		},
		"by hand": func(s *story, _ *doorkeeper) { s.answer("owner-ola", "not-given-access", playbook.TakeAnyway) },
	} {
		t.Run(how, func(t *testing.T) {
			s, d := activation(t, "omar-k")
			s.on(1*day, func() { s.answer("it-ida", "access", review.Done, asForm(s.accessForm("form", "nadia-r", "omar-k"))) })
			s.on(2*day, func() { s.answer("security-sam", "access-accept", review.Approve) })
			s.on(3*day, func() { s.wantNobodyAsked("after"); settle(s, d) })
			s.on(4*day, func() { s.answer("legal-lee", "after", review.Approve) })
			if out := s.play(); out.Result != ResultLive {
				t.Errorf("got %+v", out)
			}
			want := map[string][]string{"tried again": {"nadia-r", "omar-k"}, "by hand": {"nadia-r"}}[how]
			if !slices.Equal(d.inside, want) {
				t.Errorf("inside are %q, want %q", d.inside, want)
			}
		})
	}
}

// While the system that gives access is away nobody waits for it: the owner is asked
// within minutes, and has it tried again when it is back, or gives it by hand.
func TestAccessWhileTheSystemIsAway(t *testing.T) {
	for _, how := range []review.Verdict{playbook.AskAgain, playbook.TakeAnyway} {
		t.Run(string(how), func(t *testing.T) {
			s, d := activation(t)
			d.away = true
			s.on(1*day, func() { s.answer("it-ida", "access", review.Done, asForm(s.accessForm("form", "nadia-r"))) })
			s.on(2*day, func() { s.answer("security-sam", "access-accept", review.Approve) })
			s.on(2*day+time.Hour, func() {
				if r := s.open("not-given-access"); !r.Holds("owner", "owner-ola", s.env.Now()) || r.Opened.Sub(monday) > 2*day+10*time.Minute {
					t.Errorf("the owner is asked %+v", r)
				}
				d.mu.Lock()
				defer d.mu.Unlock()
				if d.calls != 8 {
					t.Errorf("it was tried %d times", d.calls)
				}
				d.away = false
			})
			s.on(3*day, func() { s.wantNobodyAsked("after"); s.answer("owner-ola", "not-given-access", how) })
			s.on(4*day, func() { s.answer("legal-lee", "after", review.Approve) })
			if out := s.play(); out.Result != ResultLive {
				t.Errorf("got %+v", out)
			}
			results, _ := s.stood()
			want, inside := []string{accessNotNow, "given"}, []string{"nadia-r"}
			if how == playbook.TakeAnyway {
				want, inside = want[:1], nil
			}
			if !slices.Equal(results, want) || !slices.Equal(d.inside, inside) {
				t.Errorf("the record says %q, inside are %q", results, d.inside)
			}
		})
	}
}

// Who went live is watched by a case of its own, which knows what it follows and
// what runs out.
func TestWhoWentLiveIsWatched(t *testing.T) {
	s, _ := activation(t)
	s.in.Oversee, s.in.Watch = true, engagement.Watch{NoticeLead: 30}
	// A review that is for other vendors is not asked of this one later either.
	other := reviewStepOf(t, seat("legal"))
	other.ID, other.When = "review-bank", playbook.Condition{Systems: []string{"bank"}}
	s.in.Steps = append(s.in.Steps, other)
	// It goes on for years, so it is not played here.
	var begun OversightInput
	s.env.OnWorkflow(OversightType, anything, anything).Return(func(_ workflow.Context, in OversightInput) (OversightResult, error) {
		begun = in
		return OversightResult{}, nil
	})
	s.on(1*day, func() { s.answer("it-ida", "access", review.Done, asForm(s.accessForm("form", "nadia-r"))) })
	s.on(2*day, func() { s.answer("security-sam", "access-accept", review.Approve) })
	s.on(3*day, func() { s.answer("legal-lee", "after", review.Approve) })
	out := s.play()
	if out.Result != ResultLive || out.Oversight != "oversight/acme/1" {
		t.Errorf("got %+v", out)
	}
	if len(begun.Steps) != 0 {
		t.Errorf("its oversight may ask %+v", begun.Steps)
	}
	handed := s.rec.of(dossier.HandedOver)
	if len(handed) != 1 || handed[0].Case != s.in.Process || handed[0].Detail.Parent != out.Oversight {
		t.Errorf("the case says %+v", handed)
	}
	if begun.Case != out.Oversight || begun.Predecessor != s.in.Process || begun.Vendor != "acme" || begun.Watch.NoticeLead != 30 || begun.Parent != "" {
		t.Errorf("the oversight is given %+v", begun)
	}
	if len(begun.Expiries) != 1 || begun.Expiries[0].Kind != engagement.ExpiryAccess || !begun.Expiries[0].On.Equal(monday.AddDate(1, 0, 0)) {
		t.Errorf("it watches %+v", begun.Expiries)
	}
}

var _ activities.Access = (*doorkeeper)(nil)
