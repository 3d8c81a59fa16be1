package desk

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// What a preview rests on is what the onboarding knows: of a due diligence and a pilot
// their one decision, whatever they ask meanwhile.
func TestStandingOfACaseWithParts(t *testing.T) {
	t.Parallel()
	pb := playbook.Playbook{Steps: []playbook.Step{
		{ID: "iso", Process: playbook.Diligence, Kind: review.Delivery},
		{ID: "risk", Process: playbook.Diligence, Kind: review.Task, Does: playbook.DoesRisk},
		{ID: "risk-light", Process: playbook.Diligence, Kind: review.Task, Does: playbook.DoesRisk, Tiers: []engagement.Tier{3}},
		{ID: "go", Process: playbook.Pilot, Kind: review.Decision, Does: playbook.DoesGo},
		{ID: "review-outside", Process: playbook.Contract, Kind: review.Decision, When: playbook.Condition{Systems: []string{"regulated"}}},
		{ID: "review", Process: playbook.Contract, Kind: review.Decision},
		{ID: "clauses", Process: playbook.Contract, Kind: review.Checklist, Does: playbook.DoesClauses},
		{ID: "executed", Process: playbook.Contract, Kind: review.Delivery, Does: playbook.DoesExecuted},
	}}
	ended := time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)
	closed := &review.Closing{State: review.Met, Why: "decided"}
	asked := []review.Request{
		{ID: "a", Process: "onboarding/acme/1", Step: "check", Closed: closed},
		{ID: "b", Process: "diligence/acme/1", Step: "iso", Closed: closed},
		{ID: "c", Process: "diligence/acme/1", Step: "subs", Policy: review.Policy{Groups: []review.Group{{Seats: []review.Seat{{ID: "vendor", Mandatory: true}}}}}},
		{ID: "d", Process: "onboarding/acme/1", Step: "sign"},
		{ID: "e", Process: "contract/acme/0", Step: "clauses", Closed: closed},
		{ID: "f", Process: "contract/acme/0", Step: "executed", Policy: review.Policy{Groups: []review.Group{{Seats: []review.Seat{{ID: "owner", Mandatory: true}}}}}},
	}
	running := []dossier.ProcessView{{ID: "onboarding/acme/1"}, {ID: "diligence/acme/1", Parent: "onboarding/acme/1"}, {ID: "pilot/acme/1", Parent: "onboarding/acme/1"}}
	over := func(result string) []dossier.ProcessView {
		return []dossier.ProcessView{running[0], {ID: "diligence/acme/1", Parent: "onboarding/acme/1", Ended: ended, Result: result}}
	}
	for name, c := range map[string]struct {
		processes []dossier.ProcessView
		want      playbook.Standing
	}{
		"both run":       {running, playbook.Standing{Open: []string{"risk", "go", "sign"}, Bound: []string{"risk", "go"}, Decided: []string{"check"}}},
		"one was signed": {over(workflows.ResultSigned), playbook.Standing{Open: []string{"sign"}, Decided: []string{"check", "risk"}}},
		"the contract waits for a text": {append(over(workflows.ResultSigned), dossier.ProcessView{ID: "contract/acme/1", Parent: "onboarding/acme/1"}),
			playbook.Standing{Open: []string{"review", "sign"}, Bound: []string{"review"}, Decided: []string{"check", "risk"}}},
		"one was refused": {over(workflows.ResultRefused), playbook.Standing{Open: []string{"sign"}, Decided: []string{"check"}}},
	} {
		v := dossier.CaseView{ID: "onboarding/acme/1", Vendor: "acme", Tier: 1, Processes: c.processes, Requests: asked}
		if d := cmp.Diff(c.want, standing(&v, pb, playbook.Facts{}), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s (- want, + got):\n%s", name, d)
		}
	}
}
