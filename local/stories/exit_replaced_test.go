package stories

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// successor is the case of the vendor who comes after: small's, as the pages open it.
const successor = "brightwell-payroll-ltd"

// succeeds opens the onboarding of who comes after, and then orders the exit of a vendor
// who works already, whose owner says who that is. It plays the exit until it waits for
// them, with everything handed over and the accounts accepted.
func (s *small) succeeds() (o *onboarding, watch dossier.CaseView, contract []byte) {
	s.t.Helper()
	contract = s.wants()
	old := s.adopted()
	done := s.gangway("maya", "exit", "heron-couriers", "--replaced-by", successor, "--by", old.now().AddDate(0, 5, 0).Format(time.DateOnly), "--mode", "planned",
		"--reason", "others do it for less", "--confirm", "Heron Couriers").ends(0, "")
	o = &onboarding{h: s.house, id: strings.TrimSpace(done.out)}
	s.goesOn(o, func(v dossier.CaseView) bool {
		handed := slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool { return strings.HasPrefix(p.ID, "handover/") && !p.Ended.IsZero() })
		return handed && len(o.open()) == 0
	}, nil)
	s.waits(o)
	return o, old.until("its oversight hands over", over), contract
}

// waits wants the exit to wait for who comes after, whatever day it is.
func (s *small) waits(o *onboarding) {
	s.t.Helper()
	s.runsTo(o, o.now().AddDate(0, 0, 16))
	if v := o.view(); v.Stage != "transition" || len(o.open()) != 0 {
		s.t.Errorf("nobody has come yet, and it is at %s\n%s", v.Stage, describe(v))
	}
}

// gates are how far the record of an exit says that who comes after has come.
func (o *onboarding) gates() []string {
	var all []string
	for _, l := range o.kinds(dossier.GateReached) {
		all = append(all, l.Entry.Detail.Result)
	}
	return all
}

// wantGates waits for the last of some gates, and wants each to have been told once.
func (o *onboarding) wantGates(want ...string) {
	o.h.t.Helper()
	within(patience, func() bool { return len(o.gates()) >= len(want) })
	if got := o.gates(); !slices.Equal(got, want) {
		o.h.t.Errorf("%s heard of %q, want %q", o.id, got, want)
	}
}

// TestAVendorIsReplaced: one vendor is left for another, who is taken on board beside it.
// The exit waits for them, hears of each gate once however often it asks, and goes on when
// they are live. Both cases are sealed, and the code does again what both say.
func TestAVendorIsReplaced(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t), rehearsal: true}
	o, watched, contract := s.succeeds()
	o.wantGates("begun")
	s.needed()
	s.sworn()
	s.agreed(contract)
	o.wantGates("begun", "signed")
	s.waits(o)
	s.speaks()
	s.o.sealed(dossier.Live)
	o.wantGates("begun", "signed", "live")
	s.goesOn(o, over, nil)
	v := o.sealed("exited")
	o.wantGates("begun", "signed", "live")
	passed := o.kinds(dossier.NoReturn)
	if len(passed) != 1 || passed[0].Entry.At.Before(o.kinds(dossier.GateReached)[2].Entry.At) {
		t.Errorf("the point of no return was passed %+v", passed)
	}
	if watched.Closed.IsZero() || v.Closed.Before(v.Opened.AddDate(0, 0, 46)) { // they waited, and a month later looked again
		t.Errorf("from %s to %s, and the oversight is %s", v.Opened, v.Closed, watched.State)
	}
	o.replayed()
	s.o.replayed()
}

// TestAReplacementThatFallsThrough: the vendor who was to come after is called off before
// they signed. It is open again who does the work; nobody does, and the owner takes the
// way back. The vendor was never cut, and is watched as before.
func TestAReplacementThatFallsThrough(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t), rehearsal: true}
	o, watched, _ := s.succeeds()
	s.needed()
	s.o.act("maya", review.Act{Kind: review.Withdraw, Process: s.o.id})
	s.o.sealed("withdrawn")
	o.wantGates("begun", "withdrawn")
	o.asked("maya", playbook.ChoreAfter)
	orders := o.kinds(dossier.ExitOrdered)
	if last := orders[len(orders)-1].Entry; len(orders) != 2 || last.Detail.Name != "undecided" {
		t.Errorf("ordered is %+v", orders)
	}
	o.act("maya", review.Act{Kind: review.Withdraw, Process: o.id})
	v := o.sealed("withdrawn")
	report, _ := member(t, o.verified(v), "report.html")
	for _, words := range []string{"who does the work then is open again", "maya has a reason to withdraw"} {
		if !strings.Contains(string(report), words) {
			t.Errorf("the record does not say %q", words)
		}
	}
	if len(o.kinds(dossier.NoReturn)) != 0 {
		t.Error("the point of no return was passed")
	}
	s.watchedAgain(watched)
	o.replayed()
	s.o.replayed()
}
