package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Ten working days on hold: nobody is asked, nothing is late by them, and what was
// still to come comes ten working days later.
func TestPilotOnHold(t *testing.T) {
	s := newPilot(t)
	s.on(1*day, func() { s.act(s.root, "owner-ola", review.Hold) })
	s.on(10*day, func() {
		s.wantNobodyAsked("halfway")
		if due := s.due(s.root); !due.Next.IsZero() {
			t.Errorf("on hold it wants something at %s", due.Next)
		}
		s.refused(s.act(s.root, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "import" }), review.OnHold)
	})
	s.on(15*day, func() { s.act(s.root, "owner-ola", review.Resume) })
	s.on(22*day, func() { s.brings("import") }) // due on the 21st
	s.on(23*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
	s.on(35*day+2*time.Hour, func() { s.brings("report") }) // asked on the 28th, due on the 35th
	s.on(42*day+time.Hour, func() {
		for _, p := range []string{"ops-olga", "users-uma", "it-ida"} {
			s.scores(p, 4, 4, 8)
		}
	})
	s.on(43*day, s.decides)
	if out := s.playPilot(); out.Result != ResultGo {
		t.Errorf("got %+v", out)
	}
	s.wantLates(milestoneLine{"import", dossier.MilestoneOverdue, 0}, milestoneLine{"import", dossier.MilestoneDelivered, 8 * hour},
		milestoneLine{"report", dossier.MilestoneOverdue, 0}, milestoneLine{"report", dossier.MilestoneDelivered, 2 * hour})
	s.wantTold("board-bea", "23 asked halfway", "42 asked go")
	if asked := s.told("ops-olga"); !slices.Equal(asked, []string{"42 asked points"}) {
		t.Errorf("the scores were asked: %v", asked)
	}
}

// What is delivered while the case is on hold counts, and no time of the hold is held
// against the vendor.
func TestPilotDeliveredOnHold(t *testing.T) {
	s := newPilot(t)
	s.on(8*day, func() { s.act(s.root, "owner-ola", review.Hold) }) // a day late by then
	s.on(18*day, func() { s.brings("import") })
	s.on(20*day, func() { s.act(s.root, "owner-ola", review.Resume) })
	s.on(21*day, func() { s.act(s.root, "owner-ola", review.Stop) })
	s.playPilot()
	s.wantLates(milestoneLine{"import", dossier.MilestoneOverdue, 0}, milestoneLine{"import", dossier.MilestoneDelivered, 8 * hour})
}

// Stopped on hold: what is late is so by the time before the hold, and what fell due in
// it is not.
func TestPilotStoppedOnHold(t *testing.T) {
	for name, x := range map[string]struct {
		hold time.Duration
		want []milestoneLine
	}{
		"late by a day":   {8 * day, []milestoneLine{{"import", dossier.MilestoneOverdue, 0}, {"import", dossier.MilestoneMissing, 8 * hour}}},
		"due in the hold": {4 * day, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newPilot(t)
			s.on(x.hold, func() { s.act(s.root, "owner-ola", review.Hold) })
			s.on(30*day, func() { s.act(s.root, "owner-ola", review.Stop) })
			s.playPilot()
			s.wantLates(x.want...)
		})
	}
}

// Lateness is in minutes begun after the due date, in whole minutes before it.
func TestPilotLateness(t *testing.T) {
	snap := newPilot(t).in.Calendar
	at := func(d int, h time.Duration) time.Time { return monday.Add(time.Duration(d)*day + h) }
	due := at(7, 0) // a Monday, as they open
	for _, x := range []struct {
		at    time.Time
		still []review.Still
		held  time.Time
		want  int
	}{
		{at: due, want: 0},
		{at: due.Add(time.Second), want: 1},
		{at: due.Add(time.Minute), want: 1},
		{at: due.Add(time.Minute + time.Second), want: 2},
		{at: at(4, 8*time.Hour), want: 0}, // as they closed before it
		{at: at(4, 8*time.Hour-time.Second), want: 0},
		{at: at(4, 7*time.Hour), want: -60},
		{at: at(7, 20*time.Hour), want: 480}, // at night
		{at: at(9, 0), want: 960},
		{at: at(9, 0), held: at(8, 0), want: 480},
		{at: at(9, 0), still: []review.Still{{From: at(8, 0), Until: at(8, 2*time.Hour)}}, want: 840},
		{at: at(9, 0), still: []review.Still{{From: at(2, 0), Until: at(8, 0)}}, want: 480},
		{at: at(9, 0), still: []review.Still{{From: at(8, 0), Until: at(20, 0)}}, want: 480},
		{at: at(9, 0), still: []review.Still{{From: at(1, 0), Until: at(2, 0)}, {From: at(30, 0), Until: at(31, 0)}}, want: 960},
	} {
		r := &review.Request{Clocks: []review.Clock{{Due: at(99, 0)}, {Opened: at(0, 0), Due: due, Still: x.still}}, Held: x.held}
		if got := lateness(snap, office(), r, x.at); got != x.want {
			t.Errorf("at %s, still %v, held %s: %d, want %d", x.at, x.still, x.held, got, x.want)
		}
	}
	if got := lateness(snap, office(), &review.Request{}, due); got != 0 {
		t.Errorf("late by %d, and never due", got)
	}
}

// A pilot of a case on hold begins when the hold ends.
func TestPilotBeginsOnHold(t *testing.T) {
	s := newPilot(t)
	s.on(7*day, func() { s.wantTold("acme.1"); s.act(s.root, "owner-ola", review.Resume) })
	s.on(8*day, func() { s.brings("import") })
	s.on(16*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Reject) })
	if out := s.playPilot(func(in *PilotInput) { in.Held = &Holding{Since: monday.Add(-30 * day), By: "owner-ola"} }); out.Result != ResultStopped {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "7 asked import")
	s.wantTold("board-bea", "16 asked halfway")
}

// The owner gives the vendor more time: lateness is measured by the new date, and the
// first one that passed stays in the record.
func TestPilotMoreTime(t *testing.T) {
	s := newPilot(t)
	s.on(8*day, func() {
		s.act(s.root, "owner-ola", review.Extend, s.about("import"), func(a *review.Act) { a.Until = monday.Add(11 * day) })
	})
	s.on(11*day+3*time.Hour, func() { s.brings("import") })
	s.on(12*day, func() { s.act(s.root, "owner-ola", review.Stop) })
	s.playPilot()
	s.wantLates(milestoneLine{"import", dossier.MilestoneOverdue, 0}, milestoneLine{"import", dossier.MilestoneOverdue, 0}, milestoneLine{"import", dossier.MilestoneDelivered, 3 * hour})
}

// A milestone that was not good enough is asked again; the scores wait for it, however
// late it is, and what was scored before is closed.
func TestPilotAMilestoneAskedAgain(t *testing.T) {
	s := newPilot(t)
	again := func(step string) func(*review.Act) { return func(a *review.Act) { a.Step = step } }
	s.on(1*day, func() {
		s.refused(s.act(s.root, "owner-ola", review.Reopen, again("import")), review.WrongAct)
		s.brings("import")
	})
	s.on(9*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
	s.on(15*day, func() { s.brings("report") })
	s.on(29*day, func() { s.scores("ops-olga", 1, 1, 1) })
	s.on(29*day+time.Hour, func() {
		s.refused(s.act(s.root, "requester-rae", review.Reopen, again("import")), review.NotOwner)
		s.act(s.root, "owner-ola", review.Reopen, again("import"))
	})
	s.on(30*day, func() {
		s.wantClosed("points", review.Open, "reopened")
		if r := s.open("import"); r.ID != s.root+":import.2" || r.Closed != nil {
			t.Errorf("%+v", r)
		}
	})
	s.on(50*day, func() { s.brings("import") })
	s.on(51*day, func() {
		for _, p := range []string{"ops-olga", "users-uma", "it-ida"} {
			s.scores(p, 4, 4, 8)
		}
	})
	s.on(52*day, func() { s.act(s.root, "owner-ola", review.Reopen, again("points")) })
	s.on(53*day, func() {
		s.wantClosed("go", review.Open, "reopened")
		for _, p := range []string{"ops-olga", "users-uma", "it-ida"} {
			s.scores(p, 5, 5, 10)
		}
	})
	s.on(54*day, s.decides)
	if out := s.playPilot(); out.Result != ResultGo || out.Score != 100 {
		t.Errorf("got %+v", out)
	}
	if n := len(s.rec.of(dossier.Reopened)); n != 2 {
		t.Errorf("%d times reopened", n)
	}
}

// What else a playbook asks in a pilot is asked as everywhere: refused, the owner says
// what becomes of it.
func TestPilotAnotherDecision(t *testing.T) {
	for verdict, result := range map[review.Verdict]string{playbook.AskAgain: ResultGo, playbook.Waive: ResultGo, playbook.Withdraw: ResultWithdrawn} {
		t.Run(string(verdict), func(t *testing.T) {
			s := begun(t, func(steps []playbook.Step) {
				steps[0].Kind, steps[0].Policy = review.Decision, steps[1].Policy
				steps[0].Policy.Waivable = true
			})
			s.on(2*day, func() { s.answer("board-bea", "import", review.Reject) })
			s.on(3*day, func() { s.answer("owner-ola", "settle-import", verdict) })
			if verdict == playbook.AskAgain {
				s.on(4*day, func() { s.answer("board-bea", "import", review.Approve) })
			}
			if result == ResultGo {
				s.on(10*day, func() { s.scores("ops-olga", 4, 4, 8); s.scores("users-uma", 4, 4, 8); s.scores("it-ida", 4, 4, 8) })
				s.on(11*day, s.decides)
			}
			s.anyOutcome = true // of what comes after a withdrawal
			if out := s.playPilot(); out.Result != result {
				t.Errorf("got %+v", out)
			}
		})
	}
}

// No correction of the intake touches a pilot.
func TestPilotIsNotCorrected(t *testing.T) {
	s := begun(t)
	s.on(5*day, func() {
		s.refused(s.act(s.root, "owner-ola", review.Correct, func(a *review.Act) { a.Field, a.Values = "data", []string{"health"} }), review.WrongAct)
	})
	s.on(10*day, func() { s.scores("ops-olga", 4, 4, 8); s.scores("users-uma", 4, 4, 8); s.scores("it-ida", 4, 4, 8) })
	s.on(11*day, s.decides)
	s.playPilot()
}

// A rehearsal jumps from one thing that happens to the next.
func TestPilotRehearsed(t *testing.T) {
	s := newPilot(t)
	s.in.Rehearsal, s.in.Anchor = true, calendar.Anchor{Real: monday, Case: monday}
	var jumps []int
	next := func(at time.Duration) {
		s.on(at, func() {
			due := s.due(s.root)
			if due.Busy || due.Next.IsZero() {
				t.Errorf("due is %+v", due)
				return
			}
			jumps = append(jumps, int(due.Next.Sub(monday)/day))
			s.jump(due.Next)
		})
	}
	s.on(time.Minute, func() { s.brings("import") })
	next(2 * time.Minute) // the halfway decision
	s.on(3*time.Minute, func() { s.answer("board-bea", "halfway", review.Approve) })
	next(4 * time.Minute) // the second milestone
	s.on(5*time.Minute, func() { s.brings("report") })
	next(6 * time.Minute) // the scores
	s.on(7*time.Minute, func() { s.scores("ops-olga", 4, 4, 8); s.scores("users-uma", 4, 4, 8); s.scores("it-ida", 4, 4, 8) })
	s.on(8*time.Minute, s.decides)
	if out := s.playPilot(); out.Result != ResultGo {
		t.Errorf("got %+v", out)
	}
	if want := []int{9, 14, 28}; !slices.Equal(jumps, want) {
		t.Errorf("jumped to days %v, want %v", jumps, want)
	}
}

// A jump over the whole pilot asks everything, once each, and nobody's silence is a
// decision.
func TestPilotJumpedOver(t *testing.T) {
	s := newPilot(t)
	s.in.Rehearsal, s.in.Anchor = true, calendar.Anchor{Real: monday, Case: monday}
	s.on(time.Minute, func() { s.jump(monday.Add(100 * day)) })
	s.on(2*time.Minute, func() {
		s.wantNobodyAsked("points")
		s.answer("board-bea", "halfway", review.Approve)
	})
	s.on(4*time.Minute, func() { s.act(s.root, "owner-ola", review.Stop) })
	if out := s.playPilot(); out.Result != ResultStopped {
		t.Errorf("got %+v", out)
	}
	s.wantTold("ops-olga", "100 asked points")
	s.wantClosed("import", review.Open, dossier.MilestoneMissing)
	s.wantClosed("report", review.Open, ResultStopped) // it was asked when the clock had come there, and is not late
}
