package workflows

import (
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const successorCase = "onboarding/zeta/1"

// gate tells the exit how far the onboarding of who comes after has come.
func (x *departure) gate(word string) {
	x.env.SignalWorkflow(SignalGate, gateNews{Process: successorCase, Gate: word, At: x.env.Now()})
}

func newReplaced(t *testing.T) *departure {
	x := newDeparture(t, exit.ModePlanned, exit.AfterReplaced)
	x.in.Order.Successor, x.in.Replacement = "zeta", successorCase
	return x
}

// Ten weeks with a replacement: nothing is taught before its contract is signed, nothing
// runs side by side before it is live, and access is cut after the cut-over alone.
func TestExitOfTenWeeksWithAReplacement(t *testing.T) {
	x := newReplaced(t)
	x.on(20*day, func() {
		if slices.Contains(x.begun(), "transfer/acme/1") || !slices.Contains(x.begun(), "handover/acme/1") {
			t.Errorf("before a contract is signed %v were begun", x.begun())
		}
		x.gate(gateSigned)
	})
	x.on(45*day, func() {
		if got := x.stages(); got[len(got)-1] != "transition" || !slices.Contains(x.begun(), "transfer/acme/1") {
			t.Errorf("before the replacement is live it is at %v, with %v", got, x.begun())
		}
		x.gate(gateLive)
	})
	x.daily(day, nil)
	out := x.leave()
	if out.Result != ResultExited || !slices.Contains(x.signals, successorCase+" "+SignalReplacement) {
		t.Errorf("got %+v, told were %v", out, x.signals)
	}
	if weeks := x.view().Closed.Sub(monday) / (7 * day); weeks < 10 || weeks > 14 {
		t.Errorf("it took %d weeks", weeks)
	}
}

// The replacement's pilot fails halfway: nothing is cut over and nothing is cut. The work
// is taken in house by the owner's word, and the exit goes on from where it was.
func TestAReplacementWhosePilotFails(t *testing.T) {
	x := newReplaced(t)
	x.on(20*day, func() { x.gate(gateSigned) })
	x.on(35*day, func() { x.gate(gateLost) })
	x.on(40*day, func() {
		if len(x.heard) > 0 || slices.Contains(x.stages(), "cut-over") {
			t.Errorf("reached are %v, heard %v", x.stages(), x.heard)
		}
		x.gate(gateWithdrawn)
	})
	x.on(41*day+time.Hour, func() {
		if r := x.open(playbook.ChoreAfter); r.Closed != nil {
			t.Errorf("who does the work then is %+v", r.Closed)
		}
		x.refused(x.act(exitID, "finance-fay", review.Settle, func(a *review.Act) { a.Name = string(exit.AfterInHouse) }), review.NotOwner)
		x.refused(x.act(exitID, "owner-ola", review.Settle, func(a *review.Act) { a.Name = "later" }), review.WrongAct)
		x.refused(x.act(exitID, "owner-ola", review.Settle, func(a *review.Act) { a.Name = string(exit.AfterReplaced) }), review.WrongAct)
		x.act(exitID, "owner-ola", review.Settle, func(a *review.Act) { a.Name = string(exit.AfterInHouse) })
	})
	x.daily(day, silentAt(playbook.ChoreAfter))
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	orders := x.rec.of(dossier.ExitOrdered)
	if len(orders) != 3 || orders[1].Detail.Name != string(exit.AfterUndecided) || orders[2].Detail.Name != string(exit.AfterInHouse) || orders[2].Actor != "owner-ola" {
		t.Errorf("ordered were %+v", orders)
	}
}

// Until the cut-over the owner goes back: what was asked since is closed, and asked again.
// Behind the point of no return there is neither a way back nor a withdrawal.
func TestTheWayBackEndsAtThePointOfNoReturn(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	back := false
	x.daily(day, func(r review.Request, _ string) review.Verdict {
		if r.Step == "cut-over" && !back {
			return "silent"
		}
		return ""
	})
	x.on(30*day+time.Hour, func() {
		if got := x.stages(); got[len(got)-1] != "cut-over" {
			t.Errorf("it is at %v", got)
		}
		x.act(exitID, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "parallel" })
		back = true
	})
	x.on(45*day+time.Hour, func() {
		if len(x.rec.of(dossier.NoReturn)) != 1 {
			t.Errorf("the point of no return is not passed: %v", x.stages())
		}
		x.refused(x.act(exitID, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "parallel" }), review.WrongAct)
		x.refused(x.act(exitID, "owner-ola", review.Withdraw), review.NoReturn)
		x.refused(x.act(exitID, "owner-ola", review.Settle, func(a *review.Act) { a.Name = string(exit.AfterEnds) }), review.NoReturn)
	})
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	if got := x.rec.of(dossier.WayBack); len(got) != 1 || got[0].Detail.Stage != "parallel" || got[0].Actor != "owner-ola" {
		t.Errorf("went back: %+v", got)
	}
	n := 0
	for _, r := range x.view().Requests {
		if r.Step == "parallel" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("the parallel run was asked %d times", n)
	}
}

// Going back to the plan ends what runs by the old one; it begins anew by the next.
func TestGoingBackToThePlanBeginsThePartsAnew(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.on(10*day+time.Hour, func() {
		x.act(exitID, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "plan" })
	})
	x.daily(day, nil)
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	if got := x.begun(); !slices.Contains(got, "handover/acme/2") || !slices.Contains(got, "revocation/acme/2") {
		t.Errorf("begun were %v", got)
	}
	if a, b := x.started[0].Plan, x.given(exit.PartHandover).Plan; a == b {
		t.Errorf("both went by the plan %s", a)
	}
}

// An exit that is called off after the vendor was told ends its parts, and another
// oversight goes on with what the last one watched.
func TestAWithdrawnExitIsOverseenAgain(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.in.Oversight = "oversight/acme/1"
	if _, err := x.rec.NumberFor(t.Context(), OversightPrefix("acme"), "the first"); err != nil {
		t.Fatal(err)
	}
	x.on(12*day, func() {
		was := OversightInput{Common: x.in.Common, Expiries: []engagement.Expiry{{ID: "i", Kind: engagement.ExpiryInsurance}}}
		was.Process, was.Case = "oversight/acme/1", "oversight/acme/1"
		x.env.SignalWorkflow(SignalHanded, handedOver{Oversight: was})
	})
	x.on(13*day, func() { x.act(exitID, "owner-ola", review.Withdraw) })
	x.daily(day, nil)
	out := x.leave()
	if out.Result != ResultWithdrawn || out.By != "owner-ola" || out.Certificate != "" {
		t.Errorf("got %+v", out)
	}
	if r := x.restored; r == nil || len(r.Expiries) != 1 || r.Predecessor != exitID || r.Process != "oversight/acme/2" || r.Case != r.Process {
		t.Errorf("overseen again by %+v", x.restored != nil)
	}
}

// What a waiver was good for until a day is not certified after it, and an exit that can't
// be finished is stopped without a certificate.
func TestAnExitIsStoppedWithoutACertificate(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.does[exit.PartDataReturn] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		return x.lasts(ctx, exit.PartDataReturn, in, 5*day, exit.StateFound)
	}
	x.on(100*day, func() {
		if slices.Contains(x.stages(), "certificate") {
			t.Errorf("it is certified: %v", x.stages())
		}
		x.act(exitID, "owner-ola", review.Stop)
	})
	x.daily(day, silentAt(playbook.ChoreOpenMatters+"-data-return"))
	out := x.leave()
	if out.Result != ResultIncomplete || out.Certificate != "" || x.aftercare != nil {
		t.Errorf("got %+v", out)
	}
	if len(x.rec.of(dossier.Certified)) > 0 || len(x.rec.of(dossier.ExitStopped)) != 1 {
		t.Errorf("certified %d times", len(x.rec.of(dossier.Certified)))
	}
}

// Something that nobody had handed over is found when access is looked at again: it is
// handed over by a process of its own, and the backups pass to their own case.
func TestAnAssetIsForgottenAndFoundLater(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.does[exit.PartRevocation] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		out, err := x.revokes(ctx, in)
		x.env.SignalWorkflow(SignalPart, PartNews{Word: NewsFound, Document: "sha256:found", Assets: []exit.Asset{{ID: "found-1", Kind: exit.AssetDomain}}})
		workflow.Sleep(ctx, time.Minute)
		return out, err
	}
	x.does[exit.PartDataReturn] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		out, err := x.lasts(ctx, exit.PartDataReturn, in, 5*day, exit.StateDone)
		out.Backups = []exit.Backup{{ID: "backup-1", On: monday.AddDate(1, 0, 0)}}
		return out, err
	}
	x.daily(day, nil)
	out := x.leave()
	if out.Result != ResultExited || out.Aftercare != "aftercare/acme/1" {
		t.Errorf("got %+v", out)
	}
	if got := x.given(exit.PartHandover); got.Process != "handover/acme/2" || len(got.Assets) != 1 || got.Assets[0].ID != "found-1" || len(got.Areas) > 0 {
		t.Errorf("what was found is handed over as %+v", got)
	}
	if a := x.aftercare; a == nil || a.Predecessor != exitID || a.Certificate != out.Certificate || len(a.Backups) != 1 || a.Parent != "" {
		t.Errorf("aftercare was given %+v", a)
	}
	if len(x.rec.of(dossier.FoundLater)) != 1 {
		t.Errorf("found later: %+v", x.rec.of(dossier.FoundLater))
	}
}

// Access is cut, and something is found while assets still change hands: the hand-over
// that runs takes it up, and no other is begun for it.
func TestWhatIsFoundWhileAssetsChangeHandsJoinsThem(t *testing.T) {
	x := newDeparture(t, exit.ModeForCause, exit.AfterEnds) // access is cut first
	told := false
	x.does[exit.PartHandover] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		x.env.RegisterDelayedCallback(func() {
			told = true
			x.env.SignalWorkflow(SignalPart, PartNews{Word: NewsFound, Document: "sha256:found", Assets: []exit.Asset{{ID: "found-1", Kind: exit.AssetDomain}}})
		}, day)
		return x.lasts(ctx, exit.PartHandover, in, 10*day, exit.StateDone)
	}
	x.on(time.Hour, func() {
		x.answer("it-ida", "emergency", review.Approve)
		x.answer("legal-lee", "emergency", review.Approve)
	})
	x.daily(day, nil)
	out := x.leave()
	if out.Result != ResultExited || !told || !slices.Contains(x.heard, "handover "+NewsFound) {
		t.Errorf("got %+v; parts heard %v", out, x.heard)
	}
	if got := x.given(exit.PartHandover); got.Process != "handover/acme/1" || len(x.rec.of(dossier.FoundLater)) != 0 {
		t.Errorf("%s was begun for it", got.Process)
	}
}

// A hold stops the exit and its parts; it goes on where it stood.
func TestAHeldExitStandsStill(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.on(12*day, func() { x.act(exitID, "owner-ola", review.Hold) })
	var before int
	x.on(13*day, func() { before = len(x.view().Requests) })
	x.on(40*day, func() {
		if n := len(x.view().Requests); n != before {
			t.Errorf("%d were asked while it stood still", n-before)
		}
		x.act(exitID, "owner-ola", review.Resume)
	})
	x.daily(day, nil)
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
}
