package workflows

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/playbook"
)

// A vendor that touches pupils' data is taken on board in nine weeks: every step of the
// playbook is asked of whom it names, people on holiday are stood in for by those who
// know the same, the stages come in their order, and the oversight is handed everything
// that runs out.
func TestWholeOnboardingOfTierOneInNineWeeks(t *testing.T) {
	w := newWhole(t, 1)
	w.holiday("finance-fay", 11, 21)
	w.holiday("security-sam", 29, 33)
	w.holiday("legal-lee", 32, 60)
	out := w.plays()
	if out.Result != ResultLive || out.Oversight != "oversight/acme/1" || out.Contract != w.agreed || out.DPA == "" {
		t.Errorf("got %+v", out)
	}
	if days := w.days(w.view().Closed); days < 40 || days > 50 {
		t.Errorf("it took %d working days, want between 8 and 10 weeks:\n%s", days, w.trace())
	}
	if d := cmp.Diff([]string{"need", "competition", "nda", "checks", "contract", "exit-plan", "live"}, w.stagesOf()); d != "" {
		t.Errorf("stages (- want, + got):\n%s", d)
	}
	if again := w.rounds(); again != nil {
		t.Errorf("asked more than once: %v", again)
	}
	got := map[string][]string{}
	for _, m := range append(twelve(), deputies()...) {
		if all := w.answeredBy(m.id); all != nil {
			got[m.id] = all
		}
	}
	want := map[string][]string{
		"owner-ola":   {"competition", "executed", "contacts"},
		"sponsor-sue": {"need", "risk-record-accept", "pilot-go", "review", "exit-plan-accept"},
		"finance-fay": {"need", "review"},
		"finance-flo": {"company-accept", "insurance-accept"},
		"legal-lee":   {"nda-accept", "interests-accept"},
		"legal-lou":   {"review", "clauses", "dpa-sign"},
		"security-sam": {"certificates-accept", "security-accept", "shared-systems-accept", "risk-record-accept",
			"access-accept"},
		"security-sid": {"pilot-score", "review"},
		"privacy-pam": {"processing-accept", "background-checks-accept", "sub-processors-accept", "use-of-ai-accept", "clauses-processing",
			"clauses-school", "review", "dpa-check", "dpa-sign"},
		"service-sol": {"offers", "processing", "references", "similar-work-accept", "working-hours-accept", "risk-record", "halfway",
			"pilot-score", "pilot-go", "review", "exit-plan", "backup-people", "protocol-accept"},
		"it-ida": {"staff-accept", "pilot-score", "exit-plan-accept", "access"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("who answered what (- want, + got):\n%s", d)
	}
	if d := cmp.Diff([]string{
		"access access-1", "certificate certificates", "contract executed", "copy background-checks", "declaration interests", "dpa ends", "dpa look-again",
		"exit-plan exit-plan", "insurance insurance", "review risk-record", "staff-check background-checks",
	}, w.watchedKinds()); d != "" {
		t.Errorf("the oversight watches (- want, + got):\n%s", d)
	}
	if w.handed.ExitPlan == "" || w.handed.Contract != out.Contract || w.handed.Predecessor != w.in.Process || w.handed.Tier != 1 {
		t.Errorf("the oversight is given %+v", w.handed)
	}
	if !slices.Equal(w.door.inside, []string{"acme-people"}) {
		t.Errorf("let in were %q", w.door.inside)
	}
}

// A vendor of tier 3 is taken on board in four days by three people with six requests:
// exactly what the plan says that it costs at most.
func TestWholeOnboardingOfTierThreeInFourDays(t *testing.T) {
	w := newWhole(t, 3)
	w.pace = 10
	w.in.Requester, w.in.Declared = "owner-ola", []string{"owner-ola"}
	out := w.plays()
	if out.Result != ResultLive || out.Contract != w.agreed || out.DPA != "" {
		t.Errorf("got %+v", out)
	}
	if days := w.days(w.view().Closed); days != 4 {
		t.Errorf("it took %d working days:\n%s", days, w.trace())
	}
	var steps, people []string
	for _, r := range w.view().Requests {
		steps = append(steps, r.Step)
		for _, b := range r.Ballots {
			if w.person(b.Person).Employer == "" && !slices.Contains(people, b.Person) {
				people = append(people, b.Person)
			}
		}
	}
	if d := cmp.Diff([]string{"need-brief", "interests", "interests-accept", "review-brief", "executed", "contacts"}, steps); d != "" {
		t.Errorf("asked (- want, + got):\n%s", d)
	}
	if d := cmp.Diff([]string{"sponsor-sue", "legal-lee", "owner-ola"}, people); d != "" {
		t.Errorf("people (- want, + got):\n%s", d)
	}
	planned := false
	for _, c := range w.book.Plan(w.rec.people, playbook.Intake{Data: w.in.Facts.Data, Owner: "owner-ola"}, w.in.Calendar, monday).Costs {
		if c.Tier == 3 {
			planned = c.Requests == len(steps) && c.People == len(people)
		}
	}
	if !planned {
		t.Errorf("the plan does not say %d people and %d requests", len(people), len(steps))
	}
	if d := cmp.Diff([]string{"contract executed", "declaration interests"}, w.watchedKinds()); d != "" {
		t.Errorf("the oversight watches (- want, + got):\n%s", d)
	}
}
