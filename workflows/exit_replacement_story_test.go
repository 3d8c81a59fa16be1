package workflows

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// gatesOf are the gates that the record says were reached, in order.
func (x *departure) gatesOf() []string {
	var all []string
	for _, e := range x.rec.of(dossier.GateReached) {
		all = append(all, e.Detail.Result)
	}
	return all
}

// What the onboarding told first may arrive last: it is not taken back by that. What comes
// twice counts once.
func TestGatesThatOvertakeEachOther(t *testing.T) {
	x := newReplaced(t)
	says := func(word string, n int, at time.Time) {
		x.env.SignalWorkflow(SignalGate, gateNews{Process: successorCase, Gate: word, At: at, Number: n})
	}
	x.on(30*day, func() {
		now := x.env.Now()
		says(gateLive, 3, now)
		says(gateSigned, 2, now)                // of one moment
		says(gateBegun, 9, now.Add(-time.Hour)) // of a run that somebody reset since
		says(gateLive, 3, now)
		x.env.SignalWorkflow(SignalGate, gateNews{Process: "onboarding/eta/1", Gate: gateWithdrawn, At: now.Add(day), Number: 4})
	})
	x.daily(day, nil)
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	if got := x.gatesOf(); !slices.Equal(got, []string{gateLive}) {
		t.Errorf("reached were %v", got)
	}
}

// Somebody ended the onboarding of who comes after from outside, and it could tell nobody:
// it is asked once a week how far it is, and where nobody is there any more the owner has
// the word.
func TestAReplacementThatIsGone(t *testing.T) {
	x := newReplaced(t)
	var mu sync.Mutex // who is signalled hears beside the story
	var rounds []int
	x.outside = func(id, name string, arg any) error {
		mu.Lock()
		defer mu.Unlock()
		n, ok := arg.(replacementNews)
		if !ok || id != successorCase || name != SignalReplacement || n.Exit != exitID {
			t.Errorf("%s was told %s %+v", id, name, arg)
		}
		rounds = append(rounds, n.Round)
		if x.env.Now().After(monday.AddDate(0, 0, 30)) {
			return errors.New("it is over")
		}
		return nil
	}
	x.on(20*day, func() { x.gate(gateSigned) })
	x.on(45*day+time.Hour, func() {
		if got := x.stages(); got[len(got)-1] != string(legTransition) {
			t.Errorf("nobody said that the new work stands, and it is at %v", got)
		}
		x.answer("owner-ola", playbook.ChoreReplacement, playbook.Ready, because)
	})
	x.daily(day, silentAt(playbook.ChoreReplacement))
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	if !slices.Equal(rounds, []int{1, 2, 3, 4, 5}) && !slices.Equal(rounds, []int{1, 2, 3, 4, 5, 6}) {
		t.Errorf("asked in rounds %v", rounds)
	}
	if got := x.gatesOf(); !slices.Equal(got, []string{gateSigned, gateGone, string(playbook.Ready)}) {
		t.Errorf("reached were %v", got)
	}
}

// The owner takes the work in house, thinks better of it, and names the same vendor again:
// their onboarding is asked anew, and what it says then counts.
func TestAReplacementIsNamedAgain(t *testing.T) {
	x := newReplaced(t)
	x.on(20*day, func() { x.gate(gateSigned) })
	settles := func(after exit.After, values ...string) string {
		return x.act(exitID, "owner-ola", review.Settle, func(a *review.Act) { a.Name, a.Values = string(after), values })
	}
	x.on(21*day+time.Hour, func() { settles(exit.AfterInHouse) })
	x.on(21*day+2*time.Hour, func() {
		x.refused(settles(exit.AfterReplaced, "zeta", "onboarding/eta/1"), review.WrongAct)
		settles(exit.AfterReplaced, "zeta", successorCase)
	})
	x.on(22*day+time.Hour, func() {
		if got := x.stages(); got[len(got)-1] != string(legTransition) {
			t.Errorf("what was true of the vendor before counts on: %v", got)
		}
		x.gate(gateSigned)
	})
	x.on(40*day, func() { x.gate(gateLive) })
	x.daily(day, nil)
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	if got := x.gatesOf(); !slices.Equal(got, []string{gateSigned, gateSigned, gateLive}) {
		t.Errorf("reached were %v", got)
	}
	asked := 0
	for _, s := range x.signals {
		if s == successorCase+" "+SignalReplacement {
			asked++
		}
	}
	if asked < 3 { // at the start, when it was named again, and once a week
		t.Errorf("it was asked %d times", asked)
	}
}

// Every exit that waits hears how the onboarding ended, one that asks in its last moment
// too. One that asks in another round hears again how far it is; one that is over does not
// hold up the others.
func TestEveryExitHearsTheEnd(t *testing.T) {
	contract := reviewStepOf(t, seat("legal"))
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, contract)
	s.in.Contract = s.text("v1", contractText("", ""))
	asks := func(exit string, round int) {
		s.env.SignalWorkflow(SignalReplacement, replacementNews{Exit: exit, Round: round})
	}
	var mu sync.Mutex // who is signalled hears beside the story
	heard := map[string][]gateNews{}
	last := 0
	s.env.OnSignalExternalWorkflow(anything, anything, anything, anything, anything).Return(
		func(_, id, _, name string, arg any) error {
			mu.Lock()
			defer mu.Unlock()
			g, ok := arg.(gateNews)
			if !ok || name != SignalGate || g.Process != s.in.Process {
				t.Errorf("%s was told %s %+v", id, name, arg)
			}
			heard[id] = append(heard[id], g)
			last = max(last, g.Number)
			if id == "exit/gone/1" {
				return errors.New("it is over")
			}
			return nil
		}).Maybe()
	s.seen.calling = func(name, input string) {
		if name == actRecord && strings.Contains(input, `"`+string(dossier.CaseClosed)+`"`) {
			asks("exit/late/1", 1)
		}
	}
	s.on(time.Hour, func() { asks("exit/gone/1", 1); asks(exitID, 1); asks("exit/other/1", 1) })
	s.on(2*time.Hour, func() { asks(exitID, 1); asks(exitID, 2) })
	s.on(2*day, func() { s.answer("legal-lee", "review", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	want := map[string][]string{exitID: {gateBegun, gateBegun, gateSigned, gateLive},
		"exit/other/1": {gateBegun, gateSigned, gateLive}, "exit/gone/1": {gateBegun, gateSigned, gateLive}, "exit/late/1": {gateLive}}
	for id, gates := range want {
		// The engine of tests delivers two signals of one moment in any order; who hears
		// them goes by their numbers.
		slices.SortFunc(heard[id], func(a, b gateNews) int { return cmp.Compare(a.Number, b.Number) })
		var told []string
		for _, g := range heard[id] {
			told = append(told, g.Gate)
		}
		if !slices.Equal(told, gates) {
			t.Errorf("%s heard %v, want %v", id, told, gates)
		}
	}
	if last != 11 {
		t.Errorf("told were %d gates, by their numbers", last)
	}
}

// Who comes after works here already, and nobody takes them on board: nobody tells when
// their new work stands but the owner, who is asked while knowledge passes over.
func TestReplacedByAVendorWhoWorksHereAlready(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterReplaced)
	x.in.Order.Successor = "zeta"
	x.on(12*day+time.Hour, func() {
		if r := x.open(playbook.ChoreReplacement); r.Closed != nil || !slices.Contains(x.begun(), "transfer/acme/1") {
			t.Errorf("%+v, and begun were %v", r, x.begun())
		}
	})
	x.on(40*day+time.Hour, func() {
		if got := x.stages(); got[len(got)-1] != string(legTransition) {
			t.Errorf("nobody said that the new work stands, and it is at %v", got)
		}
		x.answer("owner-ola", playbook.ChoreReplacement, playbook.Ready, because)
	})
	x.daily(day, silentAt(playbook.ChoreReplacement))
	if out := x.leave(); out.Result != ResultExited || len(x.signals) != 0 {
		t.Errorf("got %+v, told were %v", out, x.signals)
	}
}
