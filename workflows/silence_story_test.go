package workflows

import (
	"testing"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Nobody decides by silence: after 120 days in which nobody answered the request
// is open, has no verdict, and few people were told few times.
func TestNobodyAnswersFor120Days(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "backup-bo", "boss-bill", "finance-fay"}, []string{"contract"}, reviewStepOf(t, seat("legal"), seat("finance", "3")))
	s.know("legal-lee", func(p *playbook.Person) { p.Backups, p.Manager = []string{"backup-bo"}, "boss-bill" })
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(120*day, func() {
		r := s.open("review")
		if tally := r.Tally(s.env.Now()); r.Closed != nil || len(r.Ballots) != 0 || tally.State != review.Open {
			t.Errorf("after 120 days: %+v, closed %+v", tally, r.Closed)
		}
		s.wantTold("legal-lee", "0 asked review", "2 reminder review", "4 reminder review")
		s.wantTold("backup-bo", "3 backup review", "7 reminder review", "9 reminder review")
		s.wantTold("boss-bill", "8 manager review")
		s.wantTold("finance-fay", "0 asked review", "2 reminder review", "4 reminder review")
		s.wantTold("owner-ola", "9 owner review")
		if due := s.due("contract/acme/1"); !due.Next.IsZero() || due.Busy {
			t.Errorf("the clock still wants %+v", due)
		}
		if n := s.seen.armed; n > 12 {
			t.Errorf("%d timers were armed, want no more than there were alarms", n)
		}
		for name, most := range map[string]int{"Seat": 12, "Record": 30} {
			if n := s.seen.calls[name]; n == 0 || n > most {
				t.Errorf("%s ran %d times, want 1 to %d", name, n, most)
			}
		}
		if n := s.seen.calls["Show"]; n != 0 {
			t.Errorf("Show ran %d times although no channel was in trouble", n)
		}
		if n := len(s.rec.entries); n > 40 {
			t.Errorf("%d entries were made", n)
		}
	})
	s.on(121*day, func() { s.act(s.in.Process, "owner-ola", review.Withdraw) })
	if out := s.play(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v", out)
	}
}

// The same of what the owner is asked: nothing happens until the owner answers.
func TestTheOwnerIsSilentToo(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Chores.Remind = reviewStepOf(t).Deadlines.Remind
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Reject) })
	s.on(120*day, func() {
		s.wantTold("owner-ola", "0 asked settle-review", "2 reminder settle-review", "4 reminder settle-review")
		s.answer("owner-ola", "settle-review", playbook.Withdraw)
	})
	s.play()
}

// What opens to one person at one moment is one notice, and one reminder; each
// request keeps its own tally.
func TestTwoRequestsAtOneMomentAreOneNotice(t *testing.T) {
	s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake"},
		stepOf(t, "systems", "intake", seat("it")), stepOf(t, "data", "intake", seat("it"), seat("legal")), stepOf(t, "access", "intake", seat("it")))
	s.on(1*day, func() { s.answer("it-ida", "access", review.Approve) })
	s.on(5*day, func() { s.answer("it-ida", "systems", review.Approve) })
	s.on(5*day+time.Hour, func() {
		s.wantClosed("systems", review.Met, "decided")
		if r := s.open("data"); r.Closed != nil {
			t.Errorf("data ended as %+v by an answer to systems", r.Closed)
		}
	})
	s.on(6*day, func() { s.answer("it-ida", "data", review.Approve); s.answer("legal-lee", "data", review.Approve) })
	s.play()
	s.wantTold("it-ida", "0 asked systems data access", "2 reminder systems data", "4 reminder systems data")
	s.wantTold("legal-lee", "0 asked data", "2 reminder data", "4 reminder data")
}

// What falls due for one person on one day is one reminder, however far apart it
// was asked.
func TestOneDigestADay(t *testing.T) {
	s := newStory(t, []string{"it-ida", "it-ian", "legal-lee"}, []string{"intake"},
		stepOf(t, "systems", "intake", seat("it")), stepOf(t, "data", "intake", seat("legal"), review.Seat{ID: "extra", Role: "extra"}))
	s.on(3*time.Hour, func() { s.apply("it-ida", func(p *playbook.Person) { p.Roles = []string{"it", "extra"} }) })
	s.on(7*day, func() { s.answer("it-ida", "systems", review.Approve) })
	s.on(8*day, func() { s.answer("it-ida", "data", review.Approve); s.answer("legal-lee", "data", review.Approve) })
	s.play()
	s.wantTold("it-ida", "0 asked systems", "0 asked data", "2 reminder systems data", "4 reminder systems data")
}

// What falls due on another day is another reminder.
func TestAnotherDayIsAnotherDigest(t *testing.T) {
	s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake"},
		stepOf(t, "systems", "intake", seat("it")), stepOf(t, "data", "intake", seat("legal"), review.Seat{ID: "extra", Role: "extra"}))
	s.on(1*day+3*time.Hour, func() { s.apply("it-ida", func(p *playbook.Person) { p.Roles = []string{"it", "extra"} }) })
	s.on(8*day, func() {
		for _, step := range []string{"systems", "data"} {
			s.answer("it-ida", step, review.Approve)
		}
		s.answer("legal-lee", "data", review.Approve)
	})
	s.play()
	s.wantTold("it-ida", "0 asked systems", "1 asked data", "2 reminder systems", "3 reminder data", "4 reminder systems", "7 reminder data")
}

// Reminders come in each person's own hours.
func TestRemindersInTheHoldersOwnHours(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "finance-fay"}, []string{"contract"}, reviewStepOf(t, seat("legal"), seat("finance", "3")))
	night := office()
	for d := time.Monday; d <= time.Friday; d++ {
		night.Week[d][0].Start, night.Week[d][0].End = 20*60, 23*60
	}
	s.know("finance-fay", func(p *playbook.Person) { p.Hours = night })
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(8*day, func() {
		s.answer("finance-fay", "review", review.Approve)
		s.answer("legal-lee", "review", review.Approve)
	})
	s.play()
	for _, n := range s.rec.notices {
		hour := n.At.Hour()
		if n.Why == playbook.WhyReminder && (n.Person == "finance-fay") != (hour >= 20) {
			t.Errorf("%s is reminded at %s", n.Person, n.At)
		}
	}
	s.wantTold("finance-fay", "0 asked review", "2 reminder review", "4 reminder review")
}

// A group is asked when the one before it is done, and its time runs from then.
func TestGroupsOneAfterTheOther(t *testing.T) {
	step := reviewStepOf(t, seat("legal"), seat("finance"))
	step.Policy.Groups[0].Rule = review.RuleAny
	step.Policy.Groups = append(step.Policy.Groups, review.Group{Name: "board", Rule: review.RuleAll, Seats: []review.Seat{seat("board")}})
	s := newStory(t, []string{"legal-lee", "finance-fay", "board-bea"}, []string{"contract"}, step)
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*day, func() {
		s.refused(s.answer("finance-fay", "review", review.Reject), review.Settled)
		s.answer("board-bea", "review", review.Changes)
	})
	s.on(2*day+time.Hour, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	// The new version touches what the first group read: it is asked first again.
	s.on(3*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", ""))))
	})
	s.on(4*day, func() {
		s.refused(s.answer("board-bea", "review", review.Approve), review.NotYet)
		s.answer("finance-fay", "review", review.Approve)
	})
	s.on(4*day+time.Hour, func() { s.answer("board-bea", "review", review.Approve) })
	s.play()
	s.wantTold("legal-lee", "0 asked review", "3 asked review")
	s.wantTold("finance-fay", "0 asked review", "3 asked review")
	s.wantTold("board-bea", "1 asked review", "4 asked review")
}

// An answer of a group that was done is taken back: the next group waits, and
// goes on where it was.
func TestTakenBackFromAGroupThatWasDone(t *testing.T) {
	step := reviewStepOf(t, seat("legal"))
	step.Policy.Groups = append(step.Policy.Groups, review.Group{Name: "board", Rule: review.RuleAll, Seats: []review.Seat{seat("board"), seat("chair")}})
	s := newStory(t, []string{"legal-lee", "board-bea", "chair-cy"}, []string{"contract"}, step)
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*day, func() { s.answer("board-bea", "review", review.Approve) })
	s.on(2*day+time.Hour, func() { s.act("contract/acme/1", "legal-lee", review.TakeBack, s.about("review")) })
	s.on(2*day+2*time.Hour, func() {
		s.refused(s.answer("chair-cy", "review", review.Approve), review.NotYet)
		if due := s.due("contract/acme/1"); int(due.Next.Sub(monday)/day) != 4 {
			t.Errorf("the next reminder is at %s, want day 4", due.Next)
		}
	})
	s.on(4*day+2*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(4*day+3*time.Hour, func() { s.answer("chair-cy", "review", review.Approve) })
	s.play()
	s.wantTold("legal-lee", "0 asked review", "4 reminder review")
	s.wantTold("board-bea", "1 asked review")
	s.wantTold("chair-cy", "1 asked review", "4 reminder review")
}
