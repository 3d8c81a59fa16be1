package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// gone makes somebody be away between two times after the start.
func gone(from, until time.Duration, backup string) func(*playbook.Person) {
	return func(p *playbook.Person) {
		p.Away = append(p.Away, playbook.Away{From: monday.Add(from), Until: monday.Add(until), Backup: backup, Own: true})
	}
}

// Who says that they go away is not taken off their seat: the one they named is
// added at once, before their other backups, and the first of the two answers
// counts.
func TestTheBackupNamedForAnAbsenceJoinsAtOnce(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "backup-bo", "named-nat"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.know("legal-lee", func(p *playbook.Person) { p.Backups = []string{"backup-bo"} })
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*day, func() { s.apply("legal-lee", gone(day, 20*day, "named-nat")) })
	var late string
	s.on(1*day+time.Hour, func() {
		var holders []string
		r := s.open("review")
		for _, h := range r.Seating("legal").Holders {
			if h.Active(s.env.Now()) {
				holders = append(holders, h.Person+" "+string(h.Via)+" "+h.From)
			}
		}
		if !slices.Equal(holders, []string{"legal-lee role ", "named-nat backup legal-lee"}) {
			t.Errorf("the seat is held by %q", holders)
		}
		s.refused(s.answer("backup-bo", "review", review.Approve), review.NoSeat)
		s.answer("legal-lee", "review", review.Approve) // from the beach
		late = s.answer("named-nat", "review", review.Approve)
		s.refused(late, review.Closed)
	})
	s.play()
	s.wantTold("legal-lee", "0 asked review")
	s.wantTold("named-nat", "1 backup review")
	s.wantTold("backup-bo")
	if o := s.last[late]; o.By != "legal-lee" {
		t.Errorf("the second to answer is told %+v", o)
	}
}

// An absence that was known of before begins while the request is open: the
// process wakes for it by itself.
func TestAnAbsenceThatBeginsWhileTheRequestIsOpen(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "backup-bo"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.know("legal-lee", gone(28*time.Hour, 20*day, "backup-bo"))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(27*time.Hour, func() {
		s.wantTold("backup-bo")
		if due := s.due("contract/acme/1"); !due.Next.Equal(monday.Add(28 * time.Hour)) {
			t.Errorf("the next is due at %s", due.Next)
		}
	})
	s.on(29*time.Hour, func() {
		s.wantTold("backup-bo", "1 backup review")
		s.answer("backup-bo", "review", review.Approve)
	})
	s.play()
	s.wantTold("legal-lee", "0 asked review")
	if n := s.seen.calls["Seat"]; n > 4 {
		t.Errorf("people were looked at %d times", n)
	}
}

// Whoever is away as a later group is asked has somebody added then, and not
// before: nobody is told of what is not asked yet.
func TestALaterGroupIsAskedWhileItsHolderIsAway(t *testing.T) {
	step := reviewStepOf(t, seat("legal"))
	step.Policy.Groups = append(step.Policy.Groups, review.Group{Name: "then", Rule: review.RuleAll, Seats: []review.Seat{{ID: "finance", Role: "finance"}}})
	s := newStory(t, []string{"legal-lee", "finance-fay", "backup-bo"}, []string{"contract"}, step)
	s.know("finance-fay", gone(day, 20*day, "backup-bo"))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(2*day-time.Hour, func() { s.wantTold("backup-bo") })
	s.on(2*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*day+time.Hour, func() {
		s.wantTold("finance-fay", "2 asked review")
		s.wantTold("backup-bo", "2 backup review")
		s.answer("backup-bo", "review", review.Approve)
	})
	s.play()
}

// Where nobody could stand in nothing is decided and nobody is looked for again
// and again; once somebody is named they are added.
func TestNobodyStandsInUntilSomebodyIsNamed(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*day, func() { s.apply("legal-lee", gone(day, 30*day, "")) })
	s.on(2*day, func() {
		if n := s.seen.calls["Seat"]; n > 4 {
			t.Errorf("people were looked at %d times", n)
		}
		s.know("helper-hal", func(p *playbook.Person) {})
		s.apply("legal-lee", gone(2*day, 30*day, "helper-hal"))
	})
	s.on(2*day+time.Hour, func() {
		s.wantTold("helper-hal", "2 backup review")
		s.answer("helper-hal", "review", review.Approve)
	})
	s.play()
}

// Nobody is named who may not hold the seat: the requester, somebody in conflict,
// somebody who is away too. The ordinary backup is asked then.
func TestWhoIsNamedAndMayNotHoldTheSeat(t *testing.T) {
	for _, named := range []string{"requester-rae", "away-ada", "vendor-vi"} {
		t.Run(named, func(t *testing.T) {
			s := newStory(t, []string{"legal-lee", "backup-bo", "away-ada", "vendor-vi"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
			s.know("legal-lee", func(p *playbook.Person) { p.Backups = []string{"backup-bo"} })
			s.know("away-ada", gone(-day, 30*day, ""))
			s.know("vendor-vi", func(p *playbook.Person) { p.Employer = "acme" })
			s.in.Contract = s.text("v1", contractText("", ""))
			s.on(1*day, func() { s.apply("legal-lee", gone(day, 20*day, named)) })
			s.on(1*day+time.Hour, func() {
				s.wantTold(named)
				s.wantTold("backup-bo", "1 backup review")
				s.answer("backup-bo", "review", review.Approve)
			})
			s.play()
		})
	}
}

// Somebody else is there in the seat already: nobody is added for the one who
// goes away, and once both are away somebody is.
func TestASeatWithSomebodyPresentNeedsNobody(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "backup-bo", "named-nat"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.know("legal-lee", func(p *playbook.Person) { p.Backups = []string{"backup-bo"} })
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(4*day, func() {
		s.wantTold("backup-bo", "3 backup review")
		s.apply("legal-lee", gone(4*day, 30*day, "named-nat"))
	})
	s.on(5*day, func() { s.wantTold("named-nat"); s.apply("backup-bo", gone(5*day, 30*day, "")) })
	s.on(5*day+time.Hour, func() {
		s.wantTold("named-nat", "5 backup review")
		s.answer("named-nat", "review", review.Approve)
	})
	s.play()
}

// A case on hold asks nobody; when it goes on, whoever is away has somebody
// added.
func TestAnAbsenceBeginsWhileTheCaseIsHeld(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "backup-bo"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.know("legal-lee", gone(28*time.Hour, 20*day, "backup-bo"))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*day, func() { s.act(s.in.Process, "owner-ola", review.Hold) })
	s.on(2*day, func() { s.wantTold("backup-bo"); s.act(s.in.Process, "owner-ola", review.Resume) })
	s.on(2*day+time.Hour, func() {
		s.wantTold("backup-bo", "2 backup review")
		s.answer("backup-bo", "review", review.Approve)
	})
	s.play()
}

// S18 through the whole process: the playbook says where the step is answered,
// and a click elsewhere is refused and recorded.
func TestS18AStepAnsweredInTheBrowser(t *testing.T) {
	step := reviewStepOf(t, seat("legal"))
	step.Browser = true
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, step)
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() {
		if !s.open("review").Browser {
			t.Error("the request doesn't say where it is answered")
		}
		s.refused(s.answer("legal-lee", "review", review.Approve, func(a *review.Answer) { a.Channel = "slack" }), review.NeedsBrowser)
	})
	s.on(2*time.Hour, func() {
		if r := s.open("review"); r.Refusals != 1 || len(r.Ballots) != 0 {
			t.Errorf("%d refusals, %d ballots", r.Refusals, len(r.Ballots))
		}
		s.answer("legal-lee", "review", review.Approve)
	})
	s.play()
}
