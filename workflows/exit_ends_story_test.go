package workflows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Whatever the parts come to and whoever says what: a certificate is signed only if
// nothing blocks it, and what it waives says by whom and until when.
func TestNoCertificateWhileAnythingIsOpen(t *testing.T) {
	for seed := range uint64(12 / sampled) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 7))
			x := newDeparture(t, []exit.Mode{exit.ModePlanned, exit.ModeForCause, exit.ModeStressed}[dice.IntN(3)], exit.AfterInHouse)
			x.anyOutcome = true // who comes second is refused
			states := []exit.State{exit.StateDone, exit.StateDone, exit.StateNotNeeded, exit.StateOpen, exit.StateFailed, exit.StateFound, exit.StateNotCheckable}
			for _, name := range []playbook.Process{exit.PartTransfer, exit.PartHandover, exit.PartDataReturn} {
				x.does[name] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
					out, err := x.lasts(ctx, name, in, time.Duration(1+dice.IntN(30))*day, states[dice.IntN(len(states))])
					if dice.IntN(10) == 0 {
						return ExitPartResult{}, fmt.Errorf("it broke off")
					}
					return out, err
				}
			}
			stops := 150 + dice.IntN(100)
			x.on(time.Duration(stops)*day+time.Hour, func() {
				if x.view().Closed.IsZero() {
					x.act(exitID, "owner-ola", review.Stop)
					x.act(exitID, "owner-ola", review.Withdraw)
				}
			})
			x.daily(day, func(r review.Request, _ string) review.Verdict {
				switch {
				case dice.IntN(4) == 0:
					return "silent"
				case len(r.Options) > 0 && r.Kind != review.Decision:
					return r.Options[dice.IntN(len(r.Options))]
				case r.Kind == review.Decision && dice.IntN(8) == 0:
					return review.Reject
				}
				return ""
			})
			out := x.leave()
			certified := x.rec.of(dossier.Certified)
			if (out.Result == ResultExited) != (out.Certificate != "") || (out.Certificate != "") != (len(certified) > 0) {
				t.Errorf("it came to %+v, certified %d times", out, len(certified))
			}
			if out.Result != ResultExited {
				return
			}
			page := x.certificate(out.Certificate)
			for _, bad := range []exit.State{exit.StateOpen, exit.StateFailed, exit.StateFound} {
				if strings.Contains(page, ": "+string(bad)+" ") {
					t.Errorf("the certificate calls something done that is %s:\n%s", bad, page)
				}
			}
			if !strings.Contains(page, "Nothing is open, failed or unchecked") {
				t.Errorf("the page is\n%s", page)
			}
		})
	}
}

// TestWhatNothingShowsIsNotDone: a part calls something done that neither a document nor
// anybody's answer stands behind. The owner is asked as of whatever nobody could check: it
// is done again, or waived by name, and the certificate says what it was.
func TestWhatNothingShowsIsNotDone(t *testing.T) {
	for _, says := range []review.Verdict{playbook.AskAgain, playbook.Waive} {
		t.Run(string(says), func(t *testing.T) {
			x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
			runs := 0
			x.does[exit.PartHandover] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
				out, err := x.lasts(ctx, exit.PartHandover, in, 5*day, exit.StateDone)
				if runs++; runs == 1 {
					out.Matters[0].Document = ""
				}
				return out, err
			}
			x.daily(day, ends(map[string]review.Verdict{playbook.ChoreOpenMatters + "-handover": says}))
			out := x.leave()
			page := x.certificate(out.Certificate)
			waived := strings.Contains(page, "all (handover): by owner-ola until") && strings.Contains(page, "; it was not checkable")
			if out.Result != ResultExited || waived != (says == playbook.Waive) || runs != map[review.Verdict]int{playbook.AskAgain: 2, playbook.Waive: 1}[says] {
				t.Errorf("after %d runs it came to %s:\n%s", runs, out.Result, page)
			}
		})
	}
}

// An oversight hands what it watches to the exit, and ends: what was over is not handed.
func TestAnOversightHandsToItsExit(t *testing.T) {
	v := newVigil(t, false, expiry("iso", engagement.ExpiryCertificate, 300), expiry("cover", engagement.ExpiryInsurance, 400))
	var got []handedOver
	v.outside = func(id, name string, arg any) error {
		if h, ok := arg.(handedOver); ok && id == exitID && name == SignalHanded {
			got = append(got, h)
		}
		return nil
	}
	v.after(20, func() { v.env.SignalWorkflow(SignalExit, exitNews{Exit: exitID}) })
	out := v.live()
	if out.Result != ResultLeaving {
		t.Errorf("got %+v", out)
	}
	if len(got) != 1 || len(got[0].Oversight.Expiries) != 2 || got[0].Oversight.Carried != nil || got[0].Oversight.Process != vigilID {
		t.Errorf("handed over were %+v", got)
	}
	on := v.rec.of(dossier.HandedOver)
	if len(on) != 1 || on[0].Detail.Result != exit.PartExit || on[0].Detail.Parent != exitID {
		t.Errorf("the record says %+v", on)
	}
}

// The onboarding of who comes after tells the exit that waits for it how far it is: at
// once, and whenever that changes, to its end. It tells nobody else.
func TestAnOnboardingTellsTheExitThatWaits(t *testing.T) {
	contract := reviewStepOf(t, seat("legal"))
	s := newStory(t, []string{"legal-lee", "it-ida"}, []string{"contract", "activation"}, contract, stepOf(t, "access", "activation", seat("it")))
	s.in.Contract = s.text("v1", contractText("", ""))
	var gates []string
	s.env.OnSignalExternalWorkflow(anything, anything, anything, anything, anything).Return(
		func(_, id, _, name string, arg any) error {
			g, ok := arg.(gateNews)
			if !ok || id != exitID || name != SignalGate || g.Process != "onboarding/acme/1" {
				t.Errorf("%s was told %s %+v", id, name, arg)
			}
			gates = append(gates, g.Gate)
			return nil
		}).Maybe()
	for range 2 { // asked again it is told once
		s.on(time.Hour, func() { s.env.SignalWorkflow(SignalReplacement, replacementNews{Exit: exitID}) })
	}
	s.on(2*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(4*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	if !slices.Equal(gates, []string{gateBegun, gateSigned, gateLive}) {
		t.Errorf("the exit was told %v", gates)
	}
}
