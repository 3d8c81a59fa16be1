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

// begun prepares a pilot whose scores are asked on day 9, everything before them done.
func begun(t *testing.T, change ...func([]playbook.Step)) *story {
	s := newPilot(t, append([]func([]playbook.Step){func(steps []playbook.Step) {
		unhurried(steps)
		steps[2].After = calendar.Span{}
	}}, change...)...)
	s.on(1*day, func() { s.brings("import"); s.brings("report") })
	s.on(9*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
	return s
}

// decides lets two of three say yes.
func (s *story) decides() {
	because := func(a *review.Answer) { a.Written.Inside = "digest" }
	s.answer("board-bea", "go", review.Approve, because)
	s.answer("legal-lee", "go", review.Approve, because)
}

// A scorer who leaves before scoring is replaced by the role's next, and what they
// never said counts for nothing.
func TestPilotAScorerLeaves(t *testing.T) {
	s := begun(t)
	s.know("ops-omar", func(p *playbook.Person) { p.Roles = []string{"ops"} })
	s.on(10*day, func() {
		s.scores("users-uma", 5, 5, 10)
		s.apply("ops-olga", func(p *playbook.Person) { p.Left = true })
	})
	s.on(11*day, func() {
		s.refused(s.scores("ops-olga", 0, 0, 0), review.NotActive)
		s.scores("it-ida", 5, 5, 10)
		s.wantNobodyAsked("go")
		s.scores("ops-omar", 5, 5, 5)
	})
	s.on(12*day, s.decides)
	if out := s.playPilot(); out.Result != ResultGo || out.Score != 97 {
		t.Errorf("got %+v", out)
	}
	s.wantTold("ops-omar", "10 asked points")
}

// What a scorer said before leaving stands.
func TestPilotAScorerLeavesAfterScoring(t *testing.T) {
	s := begun(t)
	s.on(10*day, func() { s.scores("ops-olga", 0, 0, 0); s.apply("ops-olga", func(p *playbook.Person) { p.Left = true }) })
	s.on(11*day, func() { s.scores("it-ida", 5, 5, 10); s.scores("users-uma", 5, 5, 10) })
	s.on(12*day, s.decides)
	if out := s.playPilot(); out.Result != ResultGo || out.Score != 67 {
		t.Errorf("got %+v", out)
	}
}

// A scorer with a conflict is off the seat, their points count for nothing, and who
// takes the seat sees none of the others'.
func TestPilotAScorerWithAConflict(t *testing.T) {
	s := begun(t)
	s.on(10*day, func() { s.scores("ops-olga", 0, 0, 0); s.scores("users-uma", 4, 4, 8) })
	s.on(11*day, func() { s.act(s.root, "ops-olga", review.Recuse, s.about("points")) })
	s.on(12*day, func() {
		s.refused(s.scores("ops-olga", 5, 5, 10), review.IsRecused)
		s.scores("it-ida", 4, 4, 8)
		s.wantNobodyAsked("go")
		s.scores("backup-bo", 4, 4, 8)
	})
	s.on(13*day, s.decides)
	out := s.playPilot()
	if out.Result != ResultGo || out.Score != 80 || !slices.Equal(out.Recused, []string{"ops-olga"}) {
		t.Errorf("got %+v", out)
	}
	s.wantTold("backup-bo", "11 asked points")
}

// Who declared a conflict earlier in the case is never asked to score.
func TestPilotWithAConflictFromBefore(t *testing.T) {
	s := begun(t)
	s.on(10*day, func() {
		for _, p := range []string{"backup-bo", "users-uma", "it-ida"} {
			s.scores(p, 4, 4, 8)
		}
	})
	s.on(11*day, s.decides)
	out := s.playPilot(func(in *PilotInput) { in.Recused = []string{"ops-olga"} })
	if out.Result != ResultGo || !slices.Equal(out.Recused, []string{"ops-olga"}) {
		t.Errorf("got %+v", out)
	}
	s.wantTold("ops-olga")
}

// Who has not scored is chased: reminders, the backup, the owner.
func TestPilotWhoHasNotScoredIsChased(t *testing.T) {
	s := begun(t)
	s.on(10*day, func() { s.scores("users-uma", 5, 5, 10); s.scores("it-ida", 5, 5, 10) })
	s.on(19*day, func() { s.wantNobodyAsked("go"); s.scores("backup-bo", 3, 3, 3) })
	s.on(20*day, s.decides)
	if out := s.playPilot(); out.Result != ResultGo {
		t.Errorf("got %+v", out)
	}
	s.wantTold("ops-olga", "9 asked points", "11 reminder points", "15 reminder points")
	s.wantTold("backup-bo", "14 backup points", "16 reminder points", "18 reminder points")
	s.wantTold("owner-ola", "18 owner points")
	s.wantTold("users-uma", "9 asked points")
}

// A scorer who turns out to have a conflict after the scores were opened: their points
// are taken out, and who decides is asked anew about what is left.
func TestPilotAConflictAfterTheScoresWereOpened(t *testing.T) {
	s := begun(t, func(steps []playbook.Step) { steps[4].Policy.Groups[0].Seats[1] = seat("ops") })
	s.on(10*day, func() { s.scores("ops-olga", 0, 0, 0); s.scores("users-uma", 5, 5, 10); s.scores("it-ida", 5, 5, 10) })
	s.on(11*day, func() {
		s.answer("board-bea", "go", review.Approve)
		s.act(s.root, "ops-olga", review.Recuse, s.about("go"))
	})
	s.on(12*day, func() {
		if r := s.open("go"); r.ID != s.root+":go.2" || r.Score != 100 || r.Holds("ops", "ops-olga", s.env.Now()) {
			t.Errorf("asked anew: %+v", r)
		}
		s.decides()
	})
	if out := s.playPilot(); out.Result != ResultGo || out.Score != 100 {
		t.Errorf("got %+v", out)
	}
	if o := s.rec.of(dossier.ScoresOpened); len(o) != 2 || o[0].Detail.Score != 67 || o[1].Detail.Score != 100 {
		t.Errorf("opened: %+v", o)
	}
}

// With no scorer left, all of it is scored anew.
func TestPilotTheOnlyScorerHadAConflict(t *testing.T) {
	s := begun(t, func(steps []playbook.Step) {
		steps[3].Policy.Groups[0].Seats = []review.Seat{seat("ops")}
		steps[4].Policy.Groups[0].Seats[1] = seat("ops")
	})
	s.on(10*day, func() { s.scores("ops-olga", 0, 0, 0) })
	s.on(11*day, func() { s.act(s.root, "ops-olga", review.Recuse, s.about("go")) })
	s.on(12*day, func() { s.wantClosed("go", review.Open, "superseded"); s.scores("backup-bo", 4, 4, 8) })
	s.on(13*day, s.decides)
	if out := s.playPilot(); out.Result != ResultGo || out.Score != 80 {
		t.Errorf("got %+v", out)
	}
}

// Whoever asked for the vendor judges nothing in its pilot.
func TestPilotTheRequesterNeitherScoresNorDecides(t *testing.T) {
	s := begun(t)
	s.know("requester-rae", func(p *playbook.Person) { p.Roles = []string{"ops", "board", "legal"} })
	s.on(10*day, func() {
		s.refused(s.scores("requester-rae", 5, 5, 10), review.OwnRequest)
		for _, p := range []string{"ops-olga", "users-uma", "it-ida"} {
			s.scores(p, 4, 4, 8)
		}
	})
	s.on(11*day, func() {
		s.refused(s.answer("requester-rae", "go", review.Approve), review.OwnRequest)
		s.decides()
	})
	s.playPilot()
	s.wantTold("requester-rae")
}

// Points may be taken back while the others are still silent, and are given anew.
func TestPilotPointsTakenBack(t *testing.T) {
	s := begun(t)
	s.on(10*day, func() { s.scores("ops-olga", 0, 0, 0); s.scores("users-uma", 5, 5, 10) })
	s.on(11*day, func() { s.act(s.root, "ops-olga", review.TakeBack, s.about("points")) })
	s.on(12*day, func() { s.scores("it-ida", 5, 5, 10); s.wantNobodyAsked("go"); s.scores("ops-olga", 5, 5, 10) })
	s.on(12*day+time.Hour, func() {
		s.refused(s.act(s.root, "ops-olga", review.TakeBack, func(a *review.Act) { a.Request = s.root + ":points.1" }), review.Closed)
	})
	s.on(13*day, s.decides)
	if out := s.playPilot(); out.Score != 100 {
		t.Errorf("got %+v", out)
	}
}

// Whoever answers first says whether they have an interest of their own, the vendor
// aside; that they did goes back to the case, and the threshold may stand at the
// decision.
func TestPilotWithADeclaration(t *testing.T) {
	s := begun(t, func(steps []playbook.Step) { steps[3].Threshold, steps[4].Threshold = 0, 90 })
	s.in.Declaration = "no-interest"
	attest := func(a *review.Answer) { a.Attest = []string{"no-interest"}; a.Written.Inside = "digest" }
	s.on(9*day+30*time.Minute, func() { s.refused(s.answer("board-bea", "halfway", review.Approve), review.NeedsInterest) })
	s.on(9*day+40*time.Minute, func() { s.answer("board-bea", "halfway", review.Approve, attest) })
	s.on(10*day, func() {
		for _, p := range []string{"ops-olga", "users-uma", "it-ida"} {
			s.answer(p, "points", review.Scored, gives(4, 4, 8), attest)
		}
	})
	s.on(11*day, func() {
		if r := s.open("go"); r.Threshold != 90 || r.Score != 80 || len(r.Reasoned) != 1 {
			t.Errorf("asked to decide %+v", r)
		}
		s.answer("board-bea", "go", review.Approve, func(a *review.Answer) { a.Written.Inside = "digest" })
		s.answer("legal-lee", "go", review.Approve, attest)
	})
	s.anyOutcome = true // begun's own halfway answer comes too late
	out := s.playPilot()
	if want := []string{"board-bea", "ops-olga", "users-uma", "it-ida", "legal-lee"}; out.Result != ResultGo || !slices.Equal(out.Declared, want) {
		t.Errorf("got %+v, want %v declared", out, want)
	}
}
