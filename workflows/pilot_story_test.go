package workflows

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// hour of working time, in minutes.
const hour = 60

// Four weeks in which all goes well: one milestone three days early, one an hour and
// a day late, a go above the threshold.
func TestPilotGo(t *testing.T) {
	s := newPilot(t)
	s.on(2*day-time.Hour, func() { s.brings("import") })
	s.on(9*day+time.Hour, func() { s.wantNobodyAsked("report"); s.answer("board-bea", "halfway", review.Approve) })
	s.on(22*day+time.Hour, func() { s.wantNobodyAsked("points"); s.brings("report") })
	s.on(29*day, func() { s.scores("ops-olga", 5, 4, 8); s.scores("users-uma", 4, 3, 6); s.wantNobodyAsked("go") })
	s.on(30*day, func() { s.scores("it-ida", 3, 5, 10) })
	s.on(31*day, func() {
		r := s.open("go")
		if r.Score != 80 || r.Threshold != 60 || r.Ask != "The weighted score is 80 of 100; 60 are needed." || len(r.Reasoned) != 0 || !slices.Equal(r.Verdicts(), []review.Verdict{review.Approve, review.Reject}) {
			t.Errorf("asked to decide %+v", r)
		}
		s.answer("board-bea", "go", review.Approve)
		s.answer("finance-fay", "go", review.Reject)
	})
	s.on(32*day, func() { s.answer("legal-lee", "go", review.Approve) })
	out := s.playPilot()
	if d := cmp.Diff(PartResult{Result: ResultGo, Score: 80, Outward: Outward{Contacts: []string{"acme.1", "acme.2"}}}, out); d != "" {
		t.Error(d)
	}
	s.wantLates(milestoneLine{"import", dossier.MilestoneDelivered, -24 * hour}, milestoneLine{"report", dossier.MilestoneOverdue, 0}, milestoneLine{"report", dossier.MilestoneDelivered, 9 * hour})
	s.wantEntries(t, "process-started", "case-opened", "pilot", "milestone", "milestone", "milestone", "scores-opened", "process-ended", "case-closed", "case-closed")
	s.wantTold("acme.1", "0 asked import", "14 asked report", "16 reminder report", "18 reminder report")
	s.wantTold("board-bea", "9 asked halfway", "30 asked go")
	s.wantTold("ops-olga", "28 asked points")
	if o := s.rec.of(dossier.ScoresOpened)[0]; o.Detail.Score != 80 || o.Detail.Threshold != 60 || o.Detail.Result != dossier.ScoreReached || o.Detail.Request != s.root+":points.1" || o.CaseAt.Sub(monday).Truncate(day) != 30*day {
		t.Errorf("opened: %+v %+v", o, o.Detail)
	}
	if due := s.rec.of(dossier.Milestone)[0].Detail.Due; !due.Equal(monday.Add(7 * day)) {
		t.Errorf("the first milestone was due %s", due)
	}
}

// A no-go ends the pilot as refused, by whoever decided it, however good the score.
func TestPilotNoGo(t *testing.T) {
	s := newPilot(t, unhurried)
	s.on(1*day, func() { s.brings("import") })
	s.on(9*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
	s.on(15*day, func() { s.brings("report") })
	s.on(16*day, func() {
		for _, p := range []string{"ops-olga", "users-uma", "it-ida"} {
			s.scores(p, 5, 5, 10)
		}
	})
	s.on(17*day, func() { s.answer("board-bea", "go", review.Reject) })
	s.on(18*day, func() { s.answer("finance-fay", "go", review.Reject) })
	out := s.playPilot()
	if d := cmp.Diff(PartResult{Result: ResultRefused, By: "finance-fay", Score: 100, Outward: Outward{Contacts: []string{"acme.1"}}}, out); d != "" {
		t.Error(d)
	}
	s.wantClosed("go", review.Denied, "decided")
	if e := s.rec.of(dossier.ProcessEnded)[0].Detail; e.Result != ResultRefused || e.Score != 100 || e.Threshold != 60 {
		t.Errorf("ended: %+v", e)
	}
}

// The score decides nothing: below the threshold a go is possible, with reasons.
func TestPilotGoBelowTheThresholdNeedsAReason(t *testing.T) {
	s := newPilot(t, unhurried)
	s.on(1*day, func() { s.brings("import") })
	s.on(9*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
	s.on(15*day, func() { s.brings("report") })
	s.on(16*day, func() {
		s.scores("ops-olga", 2, 3, 5)
		s.scores("users-uma", 3, 3, 6)
		s.scores("it-ida", 3, 2, 7)
	})
	because := func(a *review.Answer) { a.Written.Inside = "digest" }
	s.on(17*day, func() {
		if r := s.open("go"); r.Score != 55 || !slices.Equal(r.Reasoned, []review.Verdict{review.Approve}) {
			t.Errorf("asked to decide %+v", r)
		}
		s.refused(s.answer("board-bea", "go", review.Approve), review.NeedsReason)
		s.refused(s.answer("legal-lee", "go", review.Changes), review.WrongVerdict)
		s.answer("board-bea", "go", review.Approve, because)
		s.answer("finance-fay", "go", review.Approve, because)
	})
	if out := s.playPilot(); out.Result != ResultGo || out.Score != 55 {
		t.Errorf("got %+v", out)
	}
	if o := s.rec.of(dossier.ScoresOpened)[0].Detail; o.Result != dossier.ScoreBelow {
		t.Errorf("opened: %+v", o)
	}
}

// The halfway decision stops it, with its reason; what was late by then is missing.
func TestPilotStoppedHalfway(t *testing.T) {
	s := newPilot(t)
	s.on(9*day+time.Hour, func() {
		s.refused(s.answer("board-bea", "halfway", review.Changes), review.WrongVerdict)
		s.refused(s.answer("board-bea", "halfway", review.Reject, func(a *review.Answer) { a.Written = review.Written{} }), review.NeedsReason)
		s.answer("board-bea", "halfway", review.Reject)
	})
	out := s.playPilot()
	if d := cmp.Diff(PartResult{Result: ResultStopped, By: "board-bea", Outward: Outward{Contacts: []string{"acme.1", "acme.2"}}}, out); d != "" {
		t.Error(d)
	}
	s.wantClosed("halfway", review.Denied, "decided")
	s.wantClosed("import", review.Open, dossier.MilestoneMissing)
	s.wantLates(milestoneLine{"import", dossier.MilestoneOverdue, 0}, milestoneLine{"import", dossier.MilestoneMissing, 17 * hour})
	if e := s.rec.of(dossier.PilotStopped)[0]; e.Actor != "board-bea" || e.Detail.Step != "halfway" || e.Answer == "" || e.Detail.Written.Empty() {
		t.Errorf("stopped: %+v %+v", e, e.Detail)
	}
}

// The owner stops it at any time, with a reason, and nobody else does; not even a hold
// is in the way.
func TestPilotStoppedByTheOwner(t *testing.T) {
	for name, at := range map[string]time.Duration{"at the start": time.Hour, "while the scores come in": 29*day + time.Hour, "before the decision": 31 * day} {
		t.Run(name, func(t *testing.T) {
			s := newPilot(t)
			s.on(30*time.Minute, func() { s.brings("import") })
			s.on(9*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
			s.on(15*day, func() { s.brings("report") })
			s.on(29*day, func() { s.scores("ops-olga", 5, 5, 5) })
			s.on(30*day, func() { s.scores("users-uma", 5, 5, 5); s.scores("it-ida", 5, 5, 5) })
			s.on(at, func() {
				s.refused(s.act(s.root, "requester-rae", review.Stop), review.NotOwner)
				s.refused(s.act(s.root, "owner-ola", review.Stop, func(a *review.Act) { a.Written = review.Written{} }), review.NeedsReason)
				s.act(s.root, "owner-ola", review.Hold)
				s.act(s.root, "owner-ola", review.Stop)
				s.refused(s.act(s.root, "owner-ola", review.Stop), review.Closed)
			})
			if out := s.playPilot(); out.Result != ResultStopped || out.By != "owner-ola" {
				t.Errorf("got %+v", out)
			}
			if e := s.rec.of(dossier.PilotStopped); len(e) != 1 || e[0].Actor != "owner-ola" || e[0].Detail.Step != "" || e[0].Detail.Written.Empty() {
				t.Errorf("stopped: %+v", e)
			}
		})
	}
}

// No other process is stopped that way.
func TestOnlyAPilotIsStopped(t *testing.T) {
	s := once(t)
	s.on(1*time.Hour, func() { s.refused(s.act(s.in.Process, "owner-ola", review.Stop), review.WrongAct) })
	s.on(2*time.Hour, func() { s.answer("it-ida", "access", review.Approve) })
	s.play()
}

// A vendor who delivers nothing is late in the record from the due date on; the owner
// hears of it, and the scores come when they were to come.
func TestPilotNobodyDelivers(t *testing.T) {
	s := newPilot(t)
	s.on(9*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
	s.on(28*day+time.Hour, func() {
		for _, p := range []string{"ops-olga", "users-uma", "it-ida"} {
			s.scores(p, 1, 1, 0)
		}
	})
	s.on(28*day+2*time.Hour, func() {
		s.refused(s.answer("acme.1", "import", review.Delivered, deliver(s.text("import", "x"))), review.Closed)
	})
	s.on(29*day, func() { s.answer("board-bea", "go", review.Reject); s.answer("legal-lee", "go", review.Reject) })
	if out := s.playPilot(); out.Result != ResultRefused || out.Score != 16 {
		t.Errorf("got %+v", out)
	}
	s.wantLates(milestoneLine{"import", dossier.MilestoneOverdue, 0}, milestoneLine{"report", dossier.MilestoneOverdue, 0},
		milestoneLine{"import", dossier.MilestoneMissing, 15*8*hour + hour}, milestoneLine{"report", dossier.MilestoneMissing, 5*8*hour + hour})
	s.wantClosed("report", review.Open, dossier.MilestoneMissing)
	s.wantTold("owner-ola", "9 owner import", "23 owner report")
}

// What was not due yet when the scores were opened is missing, and not late.
func TestPilotAMilestoneDueAfterItsEnd(t *testing.T) {
	s := newPilot(t, func(steps []playbook.Step) { steps[2].Deadlines.Due = span(t, "15 working days") })
	s.on(1*day, func() { s.brings("import") })
	s.on(9*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
	s.on(29*day, func() { s.scores("ops-olga", 4, 4, 8); s.scores("users-uma", 4, 4, 8); s.scores("it-ida", 4, 4, 8) })
	s.on(30*day, s.decides)
	s.playPilot()
	s.wantLates(milestoneLine{"import", dossier.MilestoneDelivered, -4 * 8 * hour}, milestoneLine{"report", dossier.MilestoneMissing, -4 * 8 * hour})
}

// What comes while the scores are being given is late, and not missing: who scores sees
// it, and so does the record.
func TestPilotDeliveredWhileTheScoresComeIn(t *testing.T) {
	s := newPilot(t)
	s.on(1*day, func() { s.brings("import") })
	s.on(9*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
	s.on(29*day, func() { s.scores("ops-olga", 1, 1, 0); s.brings("report") })
	s.on(30*day, func() { s.scores("users-uma", 1, 1, 0); s.scores("it-ida", 1, 1, 0) })
	s.on(31*day, s.decides)
	if out := s.playPilot(); out.Result != ResultGo {
		t.Errorf("got %+v", out)
	}
	s.wantLates(milestoneLine{"import", dossier.MilestoneDelivered, -4 * 8 * hour}, milestoneLine{"report", dossier.MilestoneOverdue, 0}, milestoneLine{"report", dossier.MilestoneDelivered, 6 * 8 * hour})
}

// Where a playbook says no day, the scores wait for the vendor for ever, and for the
// halfway decision: silence decides nothing.
func TestPilotWaitsForWhoIsSilent(t *testing.T) {
	s := newPilot(t, unhurried)
	s.on(1*day, func() { s.brings("import") })
	s.on(15*day, func() { s.brings("report") })
	s.on(100*day, func() { s.wantNobodyAsked("points"); s.answer("board-bea", "halfway", review.Approve) })
	s.on(100*day+time.Hour, func() {
		if r := s.open("points"); r.Closed != nil {
			t.Errorf("%+v", r.Closed)
		}
		s.act(s.root, "owner-ola", review.Withdraw)
	})
	if out := s.playPilot(); out.Result != ResultWithdrawn || out.By != "owner-ola" {
		t.Errorf("got %+v", out)
	}
	s.wantEntries(t, "process-started", "case-opened", "pilot", "milestone", "milestone", "withdrawn", "process-ended", "case-closed", "case-closed")
}

// A pilot without a score that can be weighed, or without a decision, does not begin.
func TestPilotNeedsAScoreAndADecision(t *testing.T) {
	for name, spoil := range map[string]func([]playbook.Step){
		"no score":    func(steps []playbook.Step) { steps[3].Does = "" },
		"no decision": func(steps []playbook.Step) { steps[4].Does = "" },
		"no criteria": func(steps []playbook.Step) { steps[3].Criteria = nil },
		"bad weights": func(steps []playbook.Step) { steps[3].Criteria[0].Weight = 60 },
		"no tier":     func(steps []playbook.Step) { steps[3].Tiers = []engagement.Tier{1} },
	} {
		t.Run(name, func(t *testing.T) {
			s := newPilot(t, spoil)
			in := PilotInput{Common: s.in.Common}
			in.Process, in.Case, in.Tier = s.root, s.root, 2
			s.start(PilotType, s.root, in)
			var app *temporal.ApplicationError
			if err := s.env.GetWorkflowError(); !errors.As(err, &app) || app.Type() != ErrNoPilot || !app.NonRetryable() {
				t.Errorf("it began, or ended with %v", err)
			}
		})
	}
}
