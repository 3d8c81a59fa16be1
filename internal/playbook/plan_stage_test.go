package playbook

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAPlanOfAWholeOnboarding(t *testing.T) {
	t.Parallel()
	in := acme()
	in.YearlyCost = 600
	p := complete().Plan(staff(), in, utc(), monday)
	var order []string
	for _, s := range p.Steps {
		order = append(order, s.ID)
	}
	want := []string{"need", "offers", "single", "nda", "interests", "interests-accept", "insurance", "insurance-accept", "risk", "risk-accept",
		"milestone", "halfway", "score", "go", "review", "clauses", "executed", "exit", "exit-accept", "access", "contacts"}
	if d := cmp.Diff(want, order); d != "" {
		t.Error(d)
	}
	at := func(id string) PlannedStep { return step(p, id) }
	for _, c := range []struct {
		what string
		got  time.Time
		want time.Time
	}{
		{"what is delivered is accepted after it", at("interests-accept").Opened, at("interests").Due},
		{"the items open with their stage", at("insurance").Opened, at("nda").Due},
		{"the risk record opens after the last item", at("risk").Opened, at("insurance-accept").Due},
		{"a milestone counts from the pilot's start", at("milestone").Opened, utc().After(office(), at("nda").Due, days(5))},
		{"so do the scores", at("score").Opened, utc().After(office(), at("nda").Due, days(10))},
		{"the decision opens after the scores", at("go").Opened, at("score").Due},
		{"the contract waits for both", at("review").Opened, at("go").Due},
		{"clauses are looked for beside the review", at("clauses").Opened, at("review").Opened},
		{"the copy is filed after both", at("executed").Opened, at("review").Due},
		{"the first stage takes three days", at("offers").Opened, utc().After(office(), monday, days(3))},
		{"the alternative takes no time", at("nda").Opened, at("offers").Due},
	} {
		if !c.got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", c.what, c.got, c.want)
		}
	}
	if !at("single").Instead || at("offers").Instead || at("insurance").Form != "paper" {
		t.Errorf("%+v", at("single"))
	}
	if p.Watch.NoticeLead != 20 || len(p.Costs) != 2 {
		t.Errorf("%+v, %+v", p.Watch, p.Costs)
	}
	in.YearlyCost = 100
	if p := complete().Plan(staff(), in, utc(), monday); slices.ContainsFunc(p.Steps, func(s PlannedStep) bool { return s.ID == "insurance" }) {
		t.Error("what is asked from a cost on is asked below it")
	}
}

// What is asked instead of something else is nobody's load.
func TestAnAlternativeIsNobodysLoad(t *testing.T) {
	t.Parallel()
	in := acme()
	with := complete()
	without := complete()
	without.drop("single")
	a, b := with.Plan(staff(), in, utc(), monday), without.Plan(staff(), in, utc(), monday)
	if d := cmp.Diff(a.Load, b.Load); d != "" {
		t.Error(d)
	}
}

// The plan seats whoever has the competence, and says where nobody is known for it.
func TestAPlanSaysWhatAHolderIsNotKnownFor(t *testing.T) {
	t.Parallel()
	book := complete()
	people := staff()
	seat := func(p Plan) PlannedSeat { return step(p, "review").Groups[0].Seats[0] }
	if s := seat(book.Plan(people, acme(), utc(), monday)); s.Person == "" || !slices.Equal(s.Lacks, []string{"contract-law"}) {
		t.Errorf("%+v", s)
	}
	for i := range people {
		people[i].Competences = []string{"contract-law"}
	}
	if s := seat(book.Plan(people, acme(), utc(), monday)); len(s.Lacks) != 0 {
		t.Errorf("%+v", s)
	}
	last := people[0]
	last.ID, last.Mail, last.Slack, last.Roles = "zoe", "", "", []string{"legal"}
	for i := range people {
		people[i].Competences = nil
	}
	if s := seat(book.Plan(append(people, last), acme(), utc(), monday)); s.Person != "zoe" {
		t.Errorf("who is known for it comes first: %+v", s)
	}
}

// Where people are seated they are known for what the people file says.
func TestARecordCarriesCompetences(t *testing.T) {
	t.Parallel()
	p := Person{ID: "ann", Competences: []string{"contract-law"}}
	if d := cmp.Diff([]string{"contract-law"}, p.Record(1).Competences); d != "" {
		t.Error(d)
	}
}
