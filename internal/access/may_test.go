package access

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// theCase has somebody for each tie.
func theCase() *dossier.CaseView {
	return &dossier.CaseView{ID: "onboarding/acme/1", Vendor: "acme", Owner: "owner", Deputy: "deputy", Sponsor: "sponsor", Requester: "requester", Stage: "review",
		Requests: []review.Request{{ID: "r", Title: "secret", Recused: []string{"recused"}, Told: []review.Reminder{{Person: "told"}}, Ballots: []review.Ballot{{Person: "answered"}},
			Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "seated"}, {Person: "unseated", Off: true}, {Person: "delegate", Via: review.ViaDelegate}}}}}},
		Documents: []dossier.DocumentView{{Name: "contract"}}}
}

func person(id string, roles ...string) playbook.Person { return playbook.Person{ID: id, Roles: roles} }

// TestWhoMayWhat is every role and tie with every verb. A row lists what is
// allowed; everything else is not.
func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	everybody := []Verb{SignIn, SeeOwn, SeePending, SeePeople, OpenCase, File}
	sees := with(everybody, SeeCase, SeeRecord, Answer, Leave)
	steers := with(sees, Steer)
	operates := with(everybody, ChangePeople, ShutOut, Resend, ListCases, Leave)
	audits := []Verb{SignIn, SeeOwn, SeePending, SeePeople, ListCases, Audit, SeeCase, SeeRecord}
	vendors, left := person("owner", "operator", "auditor"), person("owner", "operator", "auditor")
	vendors.Employer, left.Left = "acme", true
	for _, row := range []struct {
		who playbook.Person
		may []Verb
	}{
		{person("owner"), steers}, {person("deputy"), steers}, {person("sponsor"), steers},
		{person("requester"), sees}, {person("seated"), sees}, {person("unseated"), sees}, {person("delegate"), sees},
		{person("told"), sees}, {person("answered"), sees}, {person("recused"), sees},
		{person("stranger"), everybody}, {person("stranger", "legal", "security"), everybody}, {person("stranger", "owner"), everybody},
		{person("stranger", "operator"), operates}, {person("seated", "operator"), with(operates, SeeCase, SeeRecord, Answer)},
		{person("owner", "operator", "legal"), with(operates, SeeCase, SeeRecord, Answer, Steer)},
		{person("stranger", "auditor"), audits}, {person("owner", "auditor"), audits}, {person("seated", "auditor", "legal"), audits},
		{person("stranger", "operator", "auditor"), audits},
		{vendors, nil}, {left, nil}, {person("", "operator", "auditor"), nil},
	} {
		for _, v := range with(verbs(), "", "flying", "Audit") {
			if want, got := slices.Contains(row.may, v), May(row.who, v, theCase()); want != got {
				t.Errorf("%q with %q (employer %q, left %v): %q is %v, want %v", row.who.ID, row.who.Roles, row.who.Employer, row.who.Left, v, got, want)
			}
			if needsCase := slices.Contains([]Verb{SeeCase, SeeRecord, Answer, Steer, Leave}, v); needsCase && May(row.who, v, nil) {
				t.Errorf("%q may %q no case at all", row.who.ID, v)
			}
		}
	}
}

func with(list []Verb, more ...Verb) []Verb { return append(slices.Clone(list), more...) }

func TestWhoChangesPeople(t *testing.T) {
	t.Parallel()
	gone, vendors := person("gone", "operator"), person("vera")
	gone.Left, vendors.Employer = true, "acme"
	leaver := person("leaver")
	leaver.Left = true
	fresh := []playbook.Person{person("ann", "legal"), person("aud", "auditor"), vendors, leaver}
	for _, c := range []struct {
		name   string
		people []playbook.Person
		may    []string
	}{
		{"nobody ever was an operator", fresh, []string{"ann"}},
		{"there is one", append(slices.Clone(fresh), person("op", "operator")), []string{"op"}},
		{"the last one left", append(slices.Clone(fresh), gone), nil},
	} {
		var may []string
		for _, p := range c.people {
			if MayChangePeople(p, c.people) {
				may = append(may, p.ID)
			}
		}
		if d := cmp.Diff(c.may, may); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestWhoMayHoldASeat(t *testing.T) {
	t.Parallel()
	left := person("left")
	left.Left = true
	for _, p := range []playbook.Person{person("a", "auditor"), left, {ID: "v", Employer: "acme"}, {}} {
		if MayHoldSeat(p) {
			t.Errorf("%q may hold a seat", p.ID)
		}
	}
	if !MayHoldSeat(person("o", "operator")) || !MayHoldSeat(person("ann")) {
		t.Error("nobody may hold a seat")
	}
}

// TestNobodyWithoutATieSeesACase draws cases and people. The tie is looked for
// in another way: wherever the id stands in a place that makes one.
func TestNobodyWithoutATieSeesACase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"", "a", "b", "c", "d", "e", "f", "g", "h"}
		id := rapid.SampledFrom(ids)
		view := &dossier.CaseView{ID: "x", Owner: id.Draw(t, "owner"), Deputy: id.Draw(t, "deputy"), Requester: id.Draw(t, "requester"), Sponsor: id.Draw(t, "sponsor")}
		tied := map[string]bool{view.Owner: true, view.Deputy: true, view.Requester: true, view.Sponsor: true}
		for range rapid.IntRange(0, 3).Draw(t, "requests") {
			h, b, told := id.Draw(t, "holder"), id.Draw(t, "ballot"), id.Draw(t, "told")
			r := review.Request{Owner: id.Draw(t, "the request's owner"), Requester: id.Draw(t, "who asks"),
				Seatings: []review.Seating{{Seat: id.Draw(t, "seat"), Holders: []review.Holder{{Person: h, From: id.Draw(t, "from"), Off: rapid.Bool().Draw(t, "off")}}}},
				Ballots:  []review.Ballot{{Person: b}}, Told: []review.Reminder{{Person: told}}}
			view.Requests = append(view.Requests, r)
			tied[h], tied[b], tied[told] = true, true, true
		}
		roles := rapid.SliceOf(rapid.SampledFrom([]string{"legal", "operator", "owner", "sponsor"})).Draw(t, "roles")
		for _, x := range ids {
			for _, v := range []Verb{SeeCase, SeeRecord, Answer, Steer} {
				if May(person(x, roles...), v, view) && (!tied[x] || x == "") {
					t.Fatalf("%q may %q with %q", x, v, roles)
				}
			}
			if x != "" && tied[x] != May(person(x, roles...), SeeCase, view) {
				t.Fatalf("%q has a tie and sees nothing", x)
			}
		}
		if people := Involved(view); !slices.IsSorted(people) || slices.Contains(people, "") || len(slices.Compact(slices.Clone(people))) != len(people) {
			t.Fatalf("involved are %q", people)
		}
	})
}

func TestNobodyIsInvolvedInAnEmptyCase(t *testing.T) {
	t.Parallel()
	if people := Involved(&dossier.CaseView{}); len(people) != 0 {
		t.Errorf("involved are %q", people)
	}
}

func TestOutlineTellsNoContents(t *testing.T) {
	t.Parallel()
	c := theCase()
	c.Deputy, c.Held = "deputy", &dossier.Hold{By: "owner"}
	got := Outline(*c)
	want := dossier.CaseView{ID: "onboarding/acme/1", Vendor: "acme", Owner: "owner", Deputy: "deputy", Sponsor: "sponsor",
		Held: &dossier.Hold{By: "owner"}, Stage: "review"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestVerbsReadAsSentences: a verb's text is what people are told.
func TestVerbsReadAsSentences(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, v := range verbs() {
		if said := fmt.Sprint(v); seen[said] || len(said) < 5 {
			t.Errorf("%q is there twice, or says nothing", said)
		} else {
			seen[said] = true
		}
	}
}
