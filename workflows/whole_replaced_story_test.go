package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/config"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// succession is the exit of acme and the onboarding of zeta, who comes after, in one
// engine: what they signal to each other is signalled. Both are by the playbook that
// ships, with all their parts as they are.
type succession struct {
	*wholeExit
	comes *whole
	out   ExitResult
	taken OnboardingResult
	// restored is the oversight that goes on with acme, where they stay.
	restored *OversightInput
}

// zetaCase is the onboarding of who comes after.
const zetaCase = "onboarding/zeta/1"

// newSuccession prepares both: zeta is being taken on board already when acme's exit is
// ordered. What acme alone knows, one of zeta's people learns.
func newSuccession(t *testing.T, by time.Time) *succession {
	t.Helper()
	rec := newRecord()
	door := &doorkeeper{unknown: map[string]bool{}}
	rec.access = door
	x := &succession{}
	l := wholeExitOf(t, rec, x.begins, 2, exit.Order{Mode: exit.ModePlanned, After: exit.AfterReplaced, Successor: "zeta", By: by, Trigger: exit.TriggerReplacement},
		false, []inventory.Finding{ofAcme(inventory.PlaceCollaborators, "member"), ofAcme(inventory.PlaceDeployKeys, "their key")})
	x.wholeExit = l
	l.exit.Replacement, l.exit.Oversight = zetaCase, "oversight/acme/1"
	l.named = map[string]string{"area-1-who": "zeta.1"}
	l.root, l.beside = exitID, true
	pb, _, err := config.Shipped("whole")
	if err != nil {
		t.Fatal(err)
	}
	s := *l.story
	s.root, s.last, s.want = zetaCase, map[string]review.Outcome{}, map[string]review.Refusal{}
	x.comes = &whole{story: &s, book: pb, door: door, pace: 36, lasts: l.lasts, until: map[string]time.Time{}, hooks: map[string]func(){}, uncounted: true}
	door.story, l.with = &s, x.comes
	s.seen = watched{naps: true}
	s.in.Vendor, s.in.Process, s.in.Case = "zeta", zetaCase, zetaCase
	for _, id := range []string{"zeta.1", "zeta.2"} {
		l.know(id, func(p *playbook.Person) { p.Employer, p.Hours = "zeta", pb.Hours })
	}
	x.comes.begins(1)
	x.oversees()
	return x
}

// begins has both cases begin by themselves in one engine.
func (x *succession) begins(s *story) {
	s.env.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		as := func(id string) workflow.Context {
			return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: id})
		}
		comes := workflow.ExecuteChildWorkflow(as(zetaCase), OnboardingType, x.comes.in)
		workflow.GetSignalChannel(ctx, "ordered").Receive(ctx, nil)
		left := workflow.ExecuteChildWorkflow(as(exitID), ExitType, x.exit)
		err := left.Get(ctx, &x.out)
		if err != nil {
			return err
		}
		return comes.Get(ctx, &x.taken)
	}, workflow.RegisterOptions{Name: "succession"})
}

// oversees stands in for oversights: that of acme hands over what it watches when the exit
// tells it to.
func (x *succession) oversees() {
	x.env.OnWorkflow(OversightType, anything, anything).Return(func(_ workflow.Context, in OversightInput) (OversightResult, error) {
		if in.Vendor == "zeta" {
			x.comes.handed = &in
		} else {
			x.restored = &in
		}
		return OversightResult{}, nil
	}).Maybe()
	x.env.OnSignalExternalWorkflow(anything, x.exit.Oversight, anything, SignalExit, anything).Return(
		func(_, _, _, _ string, _ any) error {
			was := OversightInput{Common: x.exit.Common, Expiries: []engagement.Expiry{{ID: "i", Kind: engagement.ExpiryInsurance, On: monday.AddDate(2, 0, 0)}}}
			was.Process, was.Case = x.exit.Oversight, x.exit.Oversight
			x.env.RegisterDelayedCallback(func() {
				if err := x.env.SignalWorkflowByID(exitID, SignalHanded, handedOver{Oversight: was}); err != nil {
					x.t.Errorf("handing over what was watched: %v", err)
				}
			}, 0)
			return nil
		}).Maybe()
}

// plays runs both to their ends; the exit is ordered after some days.
func (x *succession) plays(ordered int) {
	x.t.Helper()
	begin := time.Duration(ordered)*day + time.Minute
	x.on(time.Hour, x.comes.tick)
	x.on(begin, func() { x.env.SignalWorkflow("ordered", nil) })
	x.on(begin+time.Hour-time.Minute, x.tick)
	x.env.SetStartWorkflowOptions(startAs("succession"))
	x.env.ExecuteWorkflow("succession")
	if err := x.env.GetWorkflowError(); err != nil || !x.env.IsWorkflowCompleted() {
		x.t.Fatalf("at %s: %v", x.env.Now(), err)
	}
	x.check()
	x.comes.check()
	x.checkDecidedOnce(x.view())
	x.comes.checkWhole(x.taken)
	for _, p := range x.view().Processes {
		if p.Ended.IsZero() {
			x.t.Errorf("%s has not ended", p.ID)
		}
	}
}

// happened lists the exit's own entries of some kinds, in order.
func (x *succession) happened(kinds ...dossier.Kind) []dossier.Entry {
	x.rec.mu.Lock()
	defer x.rec.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(x.rec.entries), func(e dossier.Entry) bool { return e.Process != exitID || !slices.Contains(kinds, e.Kind) })
}

// gates are those that the record says zeta has reached.
func (x *succession) gates() []string {
	var all []string
	for _, e := range x.happened(dossier.GateReached) {
		if e.Detail.Parent != zetaCase {
			x.t.Errorf("%s reached %s", e.Detail.Parent, e.Detail.Result)
		}
		all = append(all, e.Detail.Result)
	}
	return all
}

// when a stage of the exit was reached; zero: never.
func (x *succession) reached(stage leg) time.Time {
	for _, e := range x.happened(dossier.StageReached) {
		if e.Detail.Stage == string(stage) {
			return e.CaseAt
		}
	}
	return time.Time{}
}

// TestWholeExitReplacedInTenWeeks: acme is left for zeta, whose onboarding runs beside the
// exit and is waited for at its gates: nothing is taught before zeta has signed, nothing
// runs side by side before zeta is live. One of zeta's people learns what acme knows.
// Access is cut behind the cut-over, and the certificate is signed ten weeks after the order.
func TestWholeExitReplacedInTenWeeks(t *testing.T) {
	x := newSuccession(t, monday.AddDate(0, 0, 110))
	x.when("exit-cut-over", func() {
		if len(x.estate.cuts) != 0 || len(x.happened(dossier.NoReturn)) != 0 {
			t.Errorf("before the cut-over was signed %v were cut", x.estate.cuts)
		}
	})
	x.pace = 24 // who leaves is quick; the months go into who comes
	x.plays(42)
	if x.out.Result != ResultExited || x.out.Certificate == "" || x.taken.Result != ResultLive {
		t.Errorf("got %+v and %+v", x.out, x.taken)
	}
	v := x.view()
	if took := v.Closed.Sub(v.Opened); took < 63*day || took > 77*day {
		t.Errorf("it took %.1f weeks\n%s", took.Hours()/24/7, x.trace())
	}
	x.wantParts(exit.PartTransfer, exit.PartHandover, exit.PartRevocation, exit.PartDataReturn)
	if got := x.gates(); !slices.Equal(got, []string{gateBegun, gateSigned, gateLive}) {
		t.Fatalf("zeta reached %v", got)
	}
	gates := x.happened(dossier.GateReached)
	for _, p := range v.Processes {
		if strings.HasPrefix(p.ID, TransferPrefix("acme")) && p.Started.Before(gates[1].CaseAt) {
			t.Errorf("taught from %s, and zeta signed on %s", p.Started, gates[1].CaseAt)
		}
	}
	if on := x.reached(legParallel); on.Before(gates[2].CaseAt) {
		t.Errorf("side by side from %s, and zeta is live since %s", on, gates[2].CaseAt)
	}
	if passed := x.happened(dossier.NoReturn); len(passed) != 1 || passed[0].Detail.Document == "" || passed[0].CaseAt.Before(x.reached(legCutOver)) {
		t.Errorf("the point of no return: %+v", passed)
	}
	for _, step := range []string{"transfer-shown-area-1", "transfer-received-area-1"} {
		if r := x.open(step); len(r.Ballots) == 0 || r.Ballots[len(r.Ballots)-1].Person != "zeta.1" {
			t.Errorf("%s was answered by %+v", step, r.Ballots)
		}
	}
	if len(x.estate.cuts) != 2 || x.restored != nil {
		t.Errorf("cut were %v, overseen again %t", x.estate.cuts, x.restored != nil)
	}
	page := x.textOf(x.out.Certificate)
	if strings.Contains(page, "WAIVED") || !strings.Contains(page, "area-1, acme-people: done, verified by") {
		t.Errorf("something is waived, or nobody learned what only the vendor knew:\n%s", page)
	}
}

// TestWholeExitReplacementsPilotFails: halfway zeta's pilot comes to nothing, after acme
// had notice. The exit hears it and waits; once zeta's onboarding is called off it is open
// who does the work, and acme's owner takes the way back. Nothing was cut, nothing was
// taught, and acme is overseen as before. The record says why.
func TestWholeExitReplacementsPilotFails(t *testing.T) {
	x := newSuccession(t, monday.AddDate(0, 0, 110))
	x.comes.expect("halfway").by("service-sol").rejects()
	x.comes.expect("part-pilot").by("owner-ola").after(12).says(playbook.Withdraw)
	x.comes.expect("part-pilot").by("deputy-dan").isSilent()
	x.expect(playbook.ChoreAfter).by("owner-ola").acts(func(review.Request) {
		if x.reached(legTransition).IsZero() || !x.reached(legParallel).IsZero() {
			t.Errorf("it is at %v", x.stagesOf())
		}
		x.act(exitID, "owner-ola", review.Withdraw)
	})
	x.plays(7)
	if x.out.Result != ResultWithdrawn || x.out.By != "owner-ola" || x.out.Certificate != "" || x.taken.Result != ResultWithdrawn {
		t.Errorf("got %+v and %+v", x.out, x.taken)
	}
	x.comes.wantResult("pilot/zeta/1", ResultStopped)
	if got := x.gates(); !slices.Equal(got, []string{gateBegun, gateLost, gateWithdrawn}) {
		t.Errorf("zeta reached %v", got)
	}
	if len(x.estate.cuts) != 0 || len(x.happened(dossier.NoReturn)) != 0 {
		t.Errorf("%v were cut", x.estate.cuts)
	}
	for _, p := range x.view().Processes {
		if strings.HasPrefix(p.ID, TransferPrefix("acme")) {
			t.Errorf("%s ran, and zeta never signed", p.ID)
		}
	}
	orders := x.happened(dossier.ExitOrdered, dossier.Withdrawn)
	if len(orders) != 3 || orders[1].Detail.Name != string(exit.AfterUndecided) || orders[2].Kind != dossier.Withdrawn || orders[2].Actor != "owner-ola" || orders[2].Detail.Written.Empty() {
		t.Errorf("the record says %+v", orders)
	}
	if r := x.restored; r == nil || r.Vendor != "acme" || len(r.Expiries) != 1 || r.Predecessor != exitID {
		t.Errorf("acme is overseen by %+v", r)
	}
}
