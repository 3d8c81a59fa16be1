package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func leaves(p *playbook.Person) { p.Left = true }

// A conflict empties a seat: the step says so, waits for the owner, and goes on
// once the people file has somebody.
func TestRecusalThatEmptiesASeat(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "finance-fay"}, []string{"contract"}, reviewStepOf(t, seat("legal"), seat("finance", "3")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("finance-fay", "review", review.Approve) })
	s.on(1*day, func() {
		s.refused(s.act("contract/acme/1", "stranger-stan", review.Recuse, s.about("review")), review.NoSeat)
		s.refused(s.act("contract/acme/1", "legal-lee", review.Recuse, s.about("review"), func(a *review.Act) { a.Written = review.Written{} }), review.NeedsReason)
		s.act("contract/acme/1", "legal-lee", review.Recuse, s.about("review"))
	})
	s.on(1*day+time.Hour, func() {
		s.wantTold("owner-ola", "1 vacant review")
		if out := s.state("contract/acme/1")[0].Tally(s.env.Now()); out.State != review.Vacant {
			t.Errorf("the request is %s, want vacant", out.State)
		}
		s.refused(s.answer("legal-lee", "review", review.Approve), review.IsRecused)
		s.refused(s.act("contract/acme/1", "legal-lee", review.Recuse, s.about("review")), review.IsRecused)
	})
	s.on(20*day, func() { s.apply("counsel-cy", func(p *playbook.Person) { p.Roles = []string{"legal"} }) })
	s.on(21*day, func() { s.answer("counsel-cy", "review", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantTold("legal-lee", "0 asked review")
	s.wantTold("counsel-cy", "20 asked review")
	s.wantTold("owner-ola", "1 vacant review", "9 owner review")
}

// A seat that empties, is filled and empties again is reported again.
func TestASeatThatEmptiesTwiceIsReportedTwice(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*day, func() { s.apply("legal-lee", leaves) })
	s.on(2*day, func() { s.apply("counsel-cy", func(p *playbook.Person) { p.Roles = []string{"legal"} }) })
	s.on(3*day, func() { s.apply("counsel-cy", func(p *playbook.Person) { p.Roles = []string{"tax"} }) })
	s.on(4*day, func() { s.apply("counsel-cy", func(p *playbook.Person) { p.Roles = []string{"legal"} }) })
	s.on(4*day+time.Hour, func() { s.answer("counsel-cy", "review", review.Approve) })
	s.play()
	s.wantTold("owner-ola", "1 vacant review", "3 vacant review")
	s.wantTold("counsel-cy", "2 asked review", "4 asked review")
}

// Who declared a conflict in the contract review is not seated in what the
// onboarding asks later, and who did before is not seated in the review.
func TestRecusalGoesIntoTheContractReviewAndBack(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "legal-lou", "legal-liv"}, []string{"intake", "contract", "activation"},
		stepOf(t, "check", "intake", seat("legal")), reviewStepOf(t, seat("legal")), stepOf(t, "access", "activation", seat("legal")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.act(s.in.Process, "legal-lee", review.Recuse, s.about("check")) })
	s.on(2*time.Hour, func() { s.answer("legal-lou", "check", review.Approve) })
	s.on(1*day, func() { s.act("contract/acme/1", "legal-lou", review.Recuse, s.about("review")) })
	s.on(1*day+time.Hour, func() { s.answer("legal-liv", "review", review.Approve) })
	s.on(2*day, func() { s.answer("legal-liv", "access", review.Approve) })
	s.play()
	s.wantTold("legal-lee", "0 asked check")
	s.wantTold("legal-lou", "0 asked check", "0 asked review")
	s.wantTold("legal-liv", "1 asked review", "1 asked access")
	if r := s.open("access"); !slices.Equal(r.Recused, []string{"legal-lee", "legal-lou"}) {
		t.Errorf("recused at the end: %v", r.Recused)
	}
}

// A conflict is about the vendor: it takes somebody off everything that is open.
func TestRecusalTakesSomebodyOffEveryOpenRequest(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "legal-lou", "it-ida"}, []string{"intake"},
		stepOf(t, "risk", "intake", seat("legal")), stepOf(t, "data", "intake", seat("legal")), stepOf(t, "systems", "intake", seat("it")))
	s.on(1*time.Hour, func() { s.act(s.in.Process, "legal-lee", review.Recuse, s.about("data")) })
	s.on(2*time.Hour, func() {
		for _, step := range []string{"risk", "data"} {
			if !slices.ContainsFunc(s.rec.copies, func(c review.Copy) bool { return c.Request == s.open(step).ID }) {
				t.Errorf("the copies of %s don't show that a seat changed hands", step)
			}
		}
	})
	s.on(1*day, func() {
		for _, step := range []string{"risk", "data"} {
			s.answer("legal-lou", step, review.Approve)
		}
		s.answer("it-ida", "systems", review.Approve)
	})
	s.play()
	s.wantTold("legal-lee", "0 asked risk data")
	s.wantTold("legal-lou", "0 asked risk data")
	for _, step := range []string{"risk", "data"} {
		if r := s.open(step); !slices.Equal(r.Recused, []string{"legal-lee"}) {
			t.Errorf("%s: recused %v", step, r.Recused)
		}
	}
}

// An owner in conflict decides nothing more; the deputy takes over.
func TestOwnerInConflict(t *testing.T) {
	s := newStory(t, []string{"deputy-dan", "legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Deputy = "deputy-dan"
	s.on(1*time.Hour, func() { s.act("contract/acme/1", "owner-ola", review.Recuse, s.about("text")) })
	s.on(2*time.Hour, func() {
		s.refused(s.act("contract/acme/1", "owner-ola", review.Withdraw), review.IsRecused)
		s.answer("deputy-dan", "text", review.Delivered, deliver(s.text("v1", contractText("", ""))))
	})
	s.on(1*day, func() { s.act("contract/acme/1", "legal-lee", review.Recuse, s.about("review")) })
	s.on(2*day, func() { s.act("contract/acme/1", "deputy-dan", review.Withdraw) })
	s.play()
	s.wantTold("owner-ola", "0 asked text")
	s.wantTold("deputy-dan", "0 asked text", "1 vacant review")
}

// An owner who left is followed by the deputy, and by the sponsor after that.
func TestOwnerWhoLeaves(t *testing.T) {
	s := newStory(t, []string{"deputy-dan", "sponsor-sy", "legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Deputy, s.in.Sponsor = "deputy-dan", "sponsor-sy"
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.refused(s.act("contract/acme/1", "legal-lee", review.Withdraw), review.NotOwner) })
	s.on(1*day, func() { s.apply("owner-ola", leaves) })
	s.on(2*day, func() { s.apply("deputy-dan", leaves) })
	s.on(3*day, func() { s.refused(s.act("contract/acme/1", "owner-ola", review.Withdraw), review.NotActive) })
	s.on(10*day, func() { s.act("contract/acme/1", "sponsor-sy", review.Withdraw) })
	s.play()
	s.wantTold("owner-ola")
	s.wantTold("deputy-dan")
	s.wantTold("sponsor-sy", "9 owner review")
}

// The sponsor may do what the owner may, also while the owner is there: whoever
// is asked last is not locked out because those before them are on holiday.
func TestTheSponsorActsAsOwner(t *testing.T) {
	s := newStory(t, []string{"deputy-dan", "sponsor-sy", "legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Deputy, s.in.Sponsor = "deputy-dan", "sponsor-sy"
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.act("contract/acme/1", "sponsor-sy", review.Withdraw) })
	s.play()
	s.wantResult("contract/acme/1", ResultWithdrawn)
}

// The backup joins after the backup span; the first of the two answers counts
// and the other is told who answered and when.
func TestBackupJoinsAndTheFirstAnswerCounts(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "backup-bo"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.know("legal-lee", func(p *playbook.Person) { p.Backups = []string{"backup-bo"} })
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(2*day, func() { s.refused(s.answer("backup-bo", "review", review.Approve), review.NoSeat) })
	var late string
	s.on(3*day+time.Hour, func() {
		s.answer("backup-bo", "review", review.Changes)
		late = s.answer("legal-lee", "review", review.Approve)
		s.refused(late, review.Answered)
	})
	s.on(4*day, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(5*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", ""))))
	})
	s.on(5*day+time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.play()
	if o := s.last[late]; o.By != "backup-bo" || o.At.Sub(monday).Truncate(time.Hour) != 3*day+time.Hour {
		t.Errorf("the second to answer is told %+v, want who was first and when", o)
	}
	s.wantTold("legal-lee", "0 asked review", "2 reminder review", "5 asked review")
	s.wantTold("backup-bo", "3 backup review", "5 asked review")
}

// The one who stands in for the holder comes before others' backups.
func TestTheHoldersOwnBackupIsAsked(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "legal-lou", "backup-bo", "backup-bea"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.know("legal-lee", func(p *playbook.Person) {
		p.Backups = []string{"backup-bo"}
		p.Away = []playbook.Away{{From: monday.Add(-day), Until: monday.Add(time.Hour)}}
	})
	s.know("legal-lou", func(p *playbook.Person) { p.Backups = []string{"backup-bea"} })
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(4*day, func() { s.answer("backup-bea", "review", review.Approve) })
	s.play()
	s.wantTold("legal-lee")
	s.wantTold("legal-lou", "0 asked review", "2 reminder review")
	s.wantTold("backup-bo")
	s.wantTold("backup-bea", "3 backup review")
}

// Who leaves loses the seat; the answer that they gave stands.
func TestAPersonWhoLeaves(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "legal-lou", "finance-fay", "finance-flo", "tax-tom"}, []string{"contract"},
		reviewStepOf(t, seat("legal"), seat("finance", "3"), seat("tax")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("finance-fay", "review", review.Approve) })
	s.on(1*day, func() { s.apply("finance-fay", leaves); s.apply("legal-lee", leaves) })
	s.on(1*day+time.Hour, func() {
		s.refused(s.answer("legal-lee", "review", review.Approve), review.NotActive)
		s.refused(s.act("contract/acme/1", "finance-fay", review.TakeBack, s.about("review")), review.NotActive)
		s.answer("legal-lou", "review", review.Approve)
	})
	s.on(2*day, func() { s.apply("tax-tom", func(p *playbook.Person) { p.Employer = "acme" }) })
	s.on(3*day, func() {
		s.refused(s.answer("tax-tom", "review", review.Approve), review.VendorPerson)
		s.apply("tax-tia", func(p *playbook.Person) { p.Roles = []string{"tax"} })
	})
	s.on(4*day, func() { s.answer("tax-tia", "review", review.Approve) })
	s.play()
	r := s.open("review")
	if r.Ballots[0].Person != "finance-fay" || r.Ballots[0].Void || r.Standing("finance") == nil {
		t.Errorf("the answer of one who left does not stand: %+v", r.Ballots)
	}
	s.wantTold("finance-flo") // the seat has its answer
	s.wantTold("legal-lou", "1 asked review")
	s.wantTold("owner-ola", "2 vacant review")
}

// Who is away when the request opens is passed over; who goes away later gets no
// reminder before they are back, and their backup is asked as they go.
func TestSomebodyAway(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "backup-bo", "finance-fay", "backup-bea"}, []string{"contract"}, reviewStepOf(t, seat("legal"), seat("finance", "3")))
	s.know("legal-lee", func(p *playbook.Person) {
		p.Backups = []string{"backup-bo"}
		p.Away = []playbook.Away{{From: monday.Add(-day), Until: monday.Add(20 * day)}}
	})
	s.know("finance-fay", func(p *playbook.Person) { p.Backups = []string{"backup-bea"} })
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*day, func() {
		s.apply("finance-fay", func(p *playbook.Person) {
			p.Away = []playbook.Away{{From: monday.Add(25 * time.Hour), Until: monday.Add(10 * day)}}
		})
	})
	s.on(11*day, func() {
		s.wantTold("legal-lee")
		s.wantTold("backup-bo", "0 asked review", "2 reminder review", "4 reminder review")
		s.wantTold("finance-fay", "0 asked review", "10 reminder review")
		s.wantTold("backup-bea", "1 backup review", "3 reminder review", "7 reminder review")
	})
	s.on(12*day, func() {
		s.answer("backup-bo", "review", review.Approve)
		s.answer("backup-bea", "review", review.Approve)
	})
	s.play()
}

// A seat is passed on until a day: the delegate is asked and reminded, and then
// the seat is back.
func TestDelegationWithAnEnd(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "helper-hal", "helper-hot"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Contract = s.text("v1", contractText("", ""))
	to := func(id string, until time.Duration) func(*review.Act) {
		return func(a *review.Act) {
			a.Request, a.To, a.Until = s.open("review").ID, s.person(id), monday.Add(until)
		}
	}
	s.on(1*time.Hour, func() {
		s.refused(s.act("contract/acme/1", "legal-lee", review.Delegate, to("requester-rae", 7*day)), review.BadDelegate)
		s.refused(s.act("contract/acme/1", "legal-lee", review.Delegate, to("helper-hal", 0)), review.BadTime)
		s.refused(s.act("contract/acme/1", "helper-hal", review.Delegate, to("helper-hot", 7*day)), review.NoSeat)
		s.act("contract/acme/1", "legal-lee", review.Delegate, to("helper-hal", 3*day+4*time.Hour))
	})
	s.on(2*time.Hour, func() {
		s.refused(s.act("contract/acme/1", "helper-hal", review.Delegate, to("legal-lee", 7*day)), review.Circle)
	})
	s.on(3*day+5*time.Hour, func() { s.refused(s.answer("helper-hal", "review", review.Approve), review.NoSeat) })
	s.on(8*day, func() { s.act("contract/acme/1", "legal-lee", review.Delegate, to("helper-hal", 9*day)) })
	s.on(10*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.play()
	s.wantTold("helper-hal", "0 asked review", "2 reminder review", "8 asked review")
	s.wantTold("legal-lee", "0 asked review", "3 reminder review", "4 reminder review")
	ended := slices.IndexFunc(s.rec.entries, func(e dossier.Entry) bool {
		return e.Fact != nil && e.Fact.Kind == review.FactUnseated && e.Fact.Person == "helper-hal"
	})
	if ended < 0 || s.rec.entries[ended].At.Sub(monday).Truncate(time.Minute) != 3*day+4*time.Hour {
		t.Error("the record doesn't say when the seat came back")
	}
	e := slices.IndexFunc(s.rec.entries, func(e dossier.Entry) bool {
		return e.Fact != nil && e.Fact.Holder != nil && e.Fact.Holder.Via == review.ViaDelegate
	})
	if f := s.rec.entries[e]; f.Actor != "legal-lee" || f.Fact.Holder.Person != "helper-hal" || f.Fact.Holder.From != "legal-lee" {
		t.Errorf("the record names %+v", f)
	}
}

// A snooze holds reminders back; the clock of backup and owner runs on.
func TestSnooze(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "backup-bo"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.know("legal-lee", func(p *playbook.Person) { p.Backups = []string{"backup-bo"} })
	s.in.Contract = s.text("v1", contractText("", ""))
	until := func(d time.Duration) func(*review.Act) { return func(a *review.Act) { a.Until = monday.Add(d) } }
	s.on(1*day, func() {
		s.refused(s.act("contract/acme/1", "legal-lee", review.Snooze, s.about("review"), until(-day)), review.BadTime)
		s.refused(s.act("contract/acme/1", "owner-ola", review.Snooze, s.about("review"), until(3*day)), review.NoSeat)
		s.act("contract/acme/1", "legal-lee", review.Snooze, s.about("review"), until(5*day))
	})
	s.on(8*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.play()
	// Back on Saturday, told on Monday, once: both reminders fell into the snooze.
	s.wantTold("legal-lee", "0 asked review", "7 reminder review")
	s.wantTold("backup-bo", "3 backup review", "7 reminder review")
}

// Who asked for the vendor never decides on it, and may do what there is to do.
func TestTheRequesterDecidesNothing(t *testing.T) {
	decide := stepOf(t, "risk", "intake", seat("requester"))
	do := stepOf(t, "channel", "intake", seat("requester"))
	do.Kind = review.Task
	s := newStory(t, nil, []string{"intake"}, decide, do)
	s.on(1*day, func() {
		s.wantTold("owner-ola", "0 vacant risk")
		s.refused(s.answer("requester-rae", "risk", review.Approve), review.OwnRequest)
		s.refused(s.answer("requester-rae", "channel", review.Approve), review.WrongVerdict)
		s.answer("requester-rae", "channel", review.Done)
	})
	s.on(2*day, func() { s.apply("deputy-dan", func(p *playbook.Person) { p.Roles = []string{"requester"} }) })
	s.on(3*day, func() { s.answer("deputy-dan", "risk", review.Approve) })
	s.play()
	s.wantTold("requester-rae", "0 asked channel")
	s.wantTold("deputy-dan", "2 asked risk")
}
