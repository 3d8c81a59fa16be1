package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// follows tells a part which vendor comes after; empty: none does.
func (s *story) follows(successor string) {
	s.t.Helper()
	if err := s.env.SignalWorkflowByID(s.root, SignalPart, PartNews{Word: NewsSuccessor, Successor: successor}); err != nil {
		s.t.Errorf("telling who comes after: %v", err)
	}
}

// asks wants a request to be asked of somebody, and returns it.
func (s *story) asks(who, step string) review.Request {
	s.t.Helper()
	r := s.open(step)
	if r.Closed != nil || !slices.Contains(held(&r, s.env.Now()), who) {
		s.t.Errorf("%s is not asked %s, but %q are", who, step, held(&r, s.env.Now()))
	}
	return r
}

// wantFallen wants a request closed for another that took its place.
func (s *story) wantFallen(id string) {
	s.t.Helper()
	v := s.view()
	if r := v.Request(id); r == nil || r.Closed == nil || r.Closed.Why != "superseded" {
		s.t.Errorf("%s is %+v", id, r)
	}
}

// released counts how often somebody was told that nothing is asked of them any more.
func (s *story) released(person string) int {
	n := 0
	for _, line := range s.told(person) {
		if strings.Contains(line, playbook.WhyReleased) {
			n++
		}
	}
	return n
}

// Somebody of the next vendor is to show what they learnt, and then that vendor does not
// come: what they were asked is closed, they are heard no more, their next session is
// called off, and the owner learns it.
func TestTransferWhenTheNextVendorFallsThrough(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "newco.1"}, {ID: "tax", Receiver: "newco.1", Sessions: 2}})
	l.on(1*day, func() { l.provides("acme.1", "material-payroll"); l.provides("acme.1", "material-tax") })
	l.on(2*day+3*time.Hour, func() { l.records("owner-ola", "payroll", ""); l.records("owner-ola", "tax", "") })
	l.on(3*day, func() {
		r := l.asks("newco.1", "shown-payroll")
		if r.Receiver != "newco" || !slices.Equal(r.About, []string{"payroll"}) || !slices.Equal(r.Given, l.open("material-payroll").Ballots[0].Documents) || r.Declaration != "" {
			t.Errorf("they are given %+v", r)
		}
		if m := l.open("material-payroll"); m.Receiver != "" || m.Given != nil {
			t.Errorf("the vendor's own request says who receives: %+v", m)
		}
		l.follows("")
	})
	l.on(3*day+time.Hour, func() {
		l.wantFallen("transfer/acme/1:shown-payroll.1")
		late := l.open("shown-payroll") // the newest is the owner's
		if late.Receiver != "" || late.Given != nil {
			t.Errorf("the owner's request is %+v", late)
		}
		l.refused(l.provides("newco.1", "shown-payroll"), review.NoSeat)
		l.asks("owner-ola", "shown-payroll")
		if got := l.calendars.says(); !slices.Contains(got, "newco.1 cancel 6 12:00") {
			t.Errorf("their next session stands in their calendar: %q", got)
		}
		l.provides("owner-ola", "shown-payroll")
	})
	l.on(4*day, func() { l.answer("it-ida", "shown-payroll-accept", review.Approve) })
	l.on(7*day, func() {
		l.refused(l.answer("newco.1", "received-payroll", review.Approve), review.NoSeat)
		l.answer("owner-ola", "received-payroll", review.Approve)
	})
	l.on(7*day+time.Hour, func() { l.records("owner-ola", "tax", "") })
	l.on(8*day, func() { l.provides("owner-ola", "shown-tax") })
	l.on(9*day, func() { l.answer("it-ida", "shown-tax-accept", review.Approve) })
	l.on(10*day, func() { l.answer("owner-ola", "received-tax", review.Approve) })
	l.wantStates(l.teaches(), ResultDone, "payroll done", "tax done")
	if got := l.sessions(); !slices.Contains(got, "tax 3 invited owner-ola acme.1") {
		t.Errorf("the sessions are %q", got)
	}
	if got, ours := l.released("newco.1"), l.released("owner-ola")+l.released("acme.1"); got != 1 || ours != 0 {
		t.Errorf("that nothing is asked any more they were told %d times, and others %d", got, ours)
	}
}

// What somebody of the next vendor has learnt already is known to nobody of ours when that
// vendor does not come: the owner shows it and signs. What was waived stays waived.
func TestTransferLearntByAVendorWhoDoesNotCome(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "newco.1"}, {ID: "tax", Receiver: "ops-ann"}}, "session")
	l.on(1*day, func() { l.provides("acme.1", "material-payroll") })
	l.on(1*day+time.Hour, func() { l.provides("newco.1", "shown-payroll") })
	l.on(2*day, func() { l.answer("it-ida", "shown-payroll-accept", review.Approve) })
	l.on(3*day, func() { l.answer("newco.1", "received-payroll", review.Approve) })
	l.on(4*day, func() { l.wantAsked("material-tax"); l.follows("eta") })
	l.on(4*day+time.Hour, func() { l.asks("owner-ola", "shown-payroll"); l.provides("owner-ola", "shown-payroll") })
	l.on(7*day, func() {
		l.answer("it-ida", "shown-payroll-accept", review.Approve)
		l.provides("acme.1", "material-tax")
	})
	l.on(7*day+time.Hour, func() { l.provides("ops-ann", "shown-tax"); l.answer("owner-ola", "received-payroll", review.Approve) })
	l.on(8*day, func() { l.answer("it-ida", "shown-tax-accept", review.Approve) })
	l.on(9*day, func() { l.answer("ops-ann", "received-tax", review.Approve) })
	l.wantStates(l.teaches(), ResultDone, "payroll done", "tax done")
}

// Somebody of the next vendor leaves that vendor before they showed it: nobody else holds
// their seat, the owner hears of it, and whoever is asked again is the owner.
func TestTransferToSomebodyWhoLeft(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "newco.1"}}, "session")
	l.on(1*day, func() { l.provides("acme.1", "material-payroll") })
	l.on(1*day+time.Hour, func() { l.asks("newco.1", "shown-payroll"); l.apply("newco.1", leaves) })
	l.on(1*day+2*time.Hour, func() {
		if r := l.open("shown-payroll"); len(held(&r, l.env.Now())) > 0 {
			t.Errorf("it is asked of %q", held(&r, l.env.Now()))
		}
		l.refused(l.provides("newco.1", "shown-payroll"), review.NotActive)
		if got := l.told("owner-ola"); !slices.Contains(got, "1 vacant shown-payroll") {
			t.Errorf("the owner heard %q", got)
		}
	})
	l.on(11*day+time.Hour, func() {
		l.wantAsked("shown-payroll", "settle-payroll")
		l.answer("owner-ola", "settle-payroll", playbook.AskAgain)
	})
	l.on(11*day+2*time.Hour, func() {
		r := l.asks("owner-ola", "shown-payroll")
		if r.Receiver != "" || r.Given != nil {
			t.Errorf("the owner's request is %+v", r)
		}
		l.provides("owner-ola", "shown-payroll")
	})
	l.on(14*day, func() { l.follows(""); l.answer("it-ida", "shown-payroll-accept", review.Approve) })
	l.on(15*day, func() { l.answer("owner-ola", "received-payroll", review.Approve) })
	l.wantStates(l.teaches(), ResultDone, "payroll done")
	if got := l.released("newco.1"); got != 0 {
		t.Errorf("who left is told of it %d times", got)
	}
}

// The plan names somebody of a vendor who does not come after, or of the one who goes: the
// owner receives, whatever the plan says.
func TestTransferToAVendorWhoDoesNotCome(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "eta.1"}, {ID: "tax", Receiver: "acme.1"}}, "session")
	l.know("eta.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "eta" })
	l.on(1*day, func() { l.provides("acme.1", "material-payroll"); l.provides("acme.1", "material-tax") })
	for i, area := range []string{"payroll", "tax"} {
		from := time.Duration(i)*time.Hour + time.Hour
		l.on(1*day+from, func() {
			l.asks("owner-ola", "shown-"+area)
			l.refused(l.provides("eta.1", "shown-"+area), review.NoSeat)
			l.refused(l.provides("acme.1", "shown-"+area), review.VendorPerson)
			l.provides("owner-ola", "shown-"+area)
		})
		l.on(2*day+from, func() { l.answer("it-ida", "shown-"+area+"-accept", review.Approve) })
		l.on(3*day+from, func() { l.answer("owner-ola", "received-"+area, review.Approve) })
	}
	l.wantStates(l.teaches(), ResultDone, "payroll done", "tax done")
}

// Somebody of the next vendor takes domains and makes secrets anew; then another comes in
// their place: what they took, and what they were asked to take, is the owner's to take.
func TestHandoverWhenTheNextVendorFallsThrough(t *testing.T) {
	s := newHandover(t, "more")
	s.know("newco.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "newco" })
	assets := append(assetsOf(exit.AssetDomain, "newco.1", "d-1"), append(assetsOf(exit.AssetLicence, "newco.1", "l-1"), assetsOf(exit.AssetSecret, "newco.1", "s-1")...)...)
	s.on(1*day, func() {
		s.provides("acme.1", "hand-domain")
		s.provides("acme.1", "hand-licence")
		s.asks("newco.1", "hand-over-ci-secret")
		s.refused(s.provides("acme.1", "hand-over-ci-secret"), review.VendorPerson)
	})
	s.on(2*day, func() { s.provides("it-ida", "verify-domain"); s.provides("it-ida", "verify-licence") })
	s.on(3*day, func() {
		r := s.asks("newco.1", "take-domain")
		if r.Receiver != "newco" || !slices.Equal(r.About, []string{"d-1"}) || !slices.Equal(r.Given, s.open("hand-domain").Ballots[0].Documents) {
			t.Errorf("they are given %+v", r)
		}
		s.answer("newco.1", "take-domain", review.Approve)
	})
	s.on(3*day+time.Hour, func() { s.follows("eta") })
	s.on(3*day+2*time.Hour, func() {
		s.wantFallen("handover/acme/1:take-licence.1")
		s.wantFallen("handover/acme/1:hand-over-ci-secret.1")
		for _, step := range []string{"take-domain", "take-licence", "hand-over-ci-secret"} {
			if r := s.asks("owner-ola", step); r.Receiver != "" {
				t.Errorf("%s is %+v", step, r)
			}
		}
		s.refused(s.answer("newco.1", "take-licence", review.Approve), review.NoSeat)
		s.answer("owner-ola", "take-domain", review.Approve)
		s.answer("owner-ola", "take-licence", review.Approve)
		s.provides("owner-ola", "hand-over-ci-secret")
	})
	s.on(4*day, func() { s.provides("it-ida", "verify-ci-secret") })
	s.on(7*day, func() { s.answer("owner-ola", "take-ci-secret", review.Approve) })
	out := s.playHandover(assets, func(in *ExitPartInput) { in.Order.After, in.Order.Successor = exit.AfterReplaced, "newco" })
	s.wantStates(out, ResultDone, "s-1 done", "d-1 done", "l-1 done")
	if got := s.released("newco.1"); got != 1 {
		t.Errorf("that nothing is asked of them any more they were told %d times", got)
	}
}

// An exit tells its parts when the vendor who was to come falls through, comes to it again,
// or another is named; and a part that begins later is told who comes then.
func TestExitTellsWhoComesAfter(t *testing.T) {
	x := newReplaced(t)
	knew := map[string][]string{}
	for _, part := range []playbook.Process{exit.PartHandover, exit.PartTransfer} {
		x.does[part] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
			knew[in.Process] = append(knew[in.Process], in.Order.Successor)
			workflow.Go(ctx, func(ctx workflow.Context) {
				for {
					var n PartNews
					workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
					knew[in.Process] = append(knew[in.Process], n.Successor)
				}
			})
			return ExitPartResult{Result: ResultDone, Matters: []exit.Matter{lineOf(in.Process, part, exit.StateDone)}}, workflow.Sleep(ctx, 30*day)
		}
	}
	x.on(20*day, func() { x.gate(gateSigned) })
	x.on(22*day, func() { x.gate(gateLost) })
	x.on(23*day, func() { x.gate(gateSigned) })
	x.on(24*day, func() {
		x.act(exitID, "owner-ola", review.Settle, func(a *review.Act) { a.Name, a.Values = string(exit.AfterReplaced), []string{"eta"} })
	})
	x.on(25*day, func() { x.answer("owner-ola", playbook.ChoreReplacement, playbook.Ready, because) })
	x.daily(day, silentAt(playbook.ChoreReplacement))
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	for _, part := range []string{"handover/acme/1", "transfer/acme/1"} {
		if got, want := knew[part], []string{"zeta", "", "zeta", "eta"}; !slices.Equal(got, want) {
			t.Errorf("%s knew of %q, want %q", part, got, want)
		}
	}
}
