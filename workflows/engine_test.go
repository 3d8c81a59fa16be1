package workflows

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// once is an onboarding of one step that one person answers.
func once(t *testing.T) *story {
	return newStory(t, []string{"it-ida"}, []string{"intake"}, stepOf(t, "access", "intake", seat("it")))
}

// An Update in the first workflow task is heard: the handlers are there before
// anything blocks.
func TestUpdateInTheFirstWorkflowTask(t *testing.T) {
	t.Run("an answer", func(t *testing.T) {
		s := once(t)
		s.on(0, func() {
			s.send(s.in.Process, UpdateAnswer, "early", review.Answer{ID: "early", Request: s.in.Process + ":access.1", Verdict: review.Approve, Person: s.person("it-ida")})
			s.refused("early", review.NoSeat) // nobody is seated yet
		})
		s.on(1*time.Hour, func() { s.answer("it-ida", "access", review.Approve) })
		s.play()
		if r := s.open("access"); len(r.Attempts) != 1 || r.Attempts[0].Answer != "early" {
			t.Errorf("attempts %+v", r.Attempts)
		}
	})
	t.Run("a withdrawal", func(t *testing.T) {
		s := once(t)
		s.on(0, func() { s.act(s.in.Process, "owner-ola", review.Withdraw) })
		if out := s.play(); out.Result != ResultWithdrawn {
			t.Errorf("got %+v", out)
		}
		s.wantTold("it-ida")
	})
	t.Run("a first version", func(t *testing.T) {
		s := newStory(t, []string{"legal-lee"}, nil, reviewStepOf(t, seat("legal")))
		s.root = "contract/acme/1"
		s.text("v1", contractText("", ""))
		s.on(0, func() { s.act(s.root, "owner-ola", review.Submit, submit("sha256:v1")) })
		s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
		if out := s.playContract(""); out.Document != "sha256:v1" {
			t.Errorf("got %+v", out)
		}
		s.wantTold("owner-ola")
	})
}

// Updates that come with, and right after, the answer that ends the process are
// heard, judged and recorded before it ends.
func TestUpdateInTheTaskThatCompletesTheWorkflow(t *testing.T) {
	s := once(t)
	s.on(1*time.Hour, func() {
		s.answer("it-ida", "access", review.Approve)
		s.refused(s.answer("it-ida", "access", review.Reject), review.Closed)
		s.refused(s.answer("owner-ola", "access", review.Approve), review.NoSeat)
	})
	late := 0
	s.seen.calling = func(name, input string) {
		if name != actRecord || !strings.Contains(input, `"case":"register"`) || late > 0 {
			return
		}
		late++ // the process's last entries are being filed
		s.send(s.in.Process, UpdateAnswer, "late", review.Answer{ID: "late", Request: s.in.Process + ":access.1", Verdict: review.Reject, Person: s.person("it-ida"), Written: review.Written{Inside: "digest"}})
		s.refused("late", review.Closed)
		s.refused(s.act(s.in.Process, "owner-ola", review.Withdraw), review.Closed)
	}
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	if late != 1 {
		t.Fatal("the last append was never seen")
	}
	if r := s.open("access"); len(r.Attempts) != 3 || r.Attempts[2].Answer != "late" || r.Attempts[2].Outcome.By != "it-ida" {
		t.Errorf("attempts %+v, want three, the last told who answered", r.Attempts)
	}
	if a := s.rec.of(dossier.Attempt); len(a) != 1 || a[0].Detail.Outcome.Refusal != review.Closed {
		t.Errorf("attempts on the process: %+v", a)
	}
}

// The deciding answer comes again after its request closed: same outcome, one
// ballot, no entry.
func TestRedeliveredDecidingAnswer(t *testing.T) {
	s := threeStages(t)
	again := func(id string) {
		r := s.state(s.in.Process)[0]
		a := r.Ballots[0]
		s.send(s.in.Process, UpdateAnswer, id, review.Answer{ID: a.Answer, Request: r.ID, Seat: a.Seat, Verdict: a.Verdict, Person: s.person("buyer-bo")})
	}
	var first string
	s.on(1*day, func() { first = s.answer("buyer-bo", "check", review.Approve) })
	s.on(1*day+time.Minute, func() { s.wantClosed("check", review.Met, "decided"); again("again") })
	s.on(2*day, func() { again("and again") })
	s.on(3*day, func() { s.act(s.in.Process, "owner-ola", review.Withdraw) })
	s.play()
	for _, id := range []string{"again", "and again"} {
		want, got := s.last[first], s.last[id]
		want.Status = review.Already
		if got.Status != want.Status || got.By != want.By || !got.At.Equal(want.At) || got.Verdict != want.Verdict || got.Seat != want.Seat || got.State != review.Met {
			t.Errorf("%s: told %+v, want %+v", id, got, want)
		}
	}
	if r := s.open("check"); r.ID == "" || len(r.Ballots) != 1 || r.Refusals != 0 {
		t.Errorf("the request holds %+v", r)
	}
}

// An act that comes again, counted or refused, does nothing more.
func TestRedeliveredActs(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "legal-lou"}, []string{"intake"}, stepOf(t, "risk", "intake", seat("legal")))
	twice := func(person string, k review.ActKind) (first, second string) {
		var kept review.Act
		first = s.act(s.in.Process, person, k, s.about("risk"), func(a *review.Act) { kept = *a })
		s.send(s.in.Process, UpdateAct, first+" again", kept)
		return first, first + " again"
	}
	s.on(1*time.Hour, func() {
		twice("legal-lee", review.Recuse)
		a, b := twice("legal-lee", review.Withdraw)
		s.refused(a, review.IsRecused)
		s.refused(b, review.IsRecused)
	})
	s.on(1*day, func() { s.answer("legal-lou", "risk", review.Approve) })
	s.play()
	if r := s.open("risk"); len(r.Acts) != 1 || len(r.Recused) != 1 {
		t.Errorf("acts %+v, recused %v", r.Acts, r.Recused)
	}
	if a := s.rec.of(dossier.Attempt); len(a) != 1 {
		t.Errorf("%d attempts recorded, want 1", len(a))
	}
}

// Forty people answer one request in one moment: all are counted, exactly once.
func TestFortyAnswersToOneRequest(t *testing.T) {
	var people []string
	var seats []review.Seat
	for i := range 40 {
		role := fmt.Sprintf("role%02d", i)
		people, seats = append(people, role+"-pat"), append(seats, seat(role))
	}
	s := newStory(t, people, []string{"intake"}, stepOf(t, "poll", "intake", seats...))
	s.on(1*time.Hour, func() {
		for _, p := range people {
			s.answer(p, "poll", review.Approve)
		}
	})
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	if r := s.open("poll"); len(r.Ballots) != 40 || r.Refusals != 0 {
		t.Errorf("%d ballots, %d refusals", len(r.Ballots), r.Refusals)
	}
	counted := map[string]int{}
	for _, e := range s.rec.of(dossier.Request) {
		if e.Fact.Kind == review.FactCounted {
			counted[e.Fact.Person]++
		}
	}
	for _, p := range people {
		if counted[p] != 1 {
			t.Errorf("%s is counted %d times in the record", p, counted[p])
		}
	}
	if len(s.last) != 40 {
		t.Errorf("%d people heard what became of their answer", len(s.last))
	}
}

// The record is away, or its replies are lost, or it refuses for a while: the
// entries come without gaps, in order, each once, and people are told after.
func TestTheRecordInTrouble(t *testing.T) {
	s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake", "activation"},
		stepOf(t, "access", "intake", seat("it")), stepOf(t, "data", "activation", seat("legal")))
	s.rec.down, s.rec.unheard = 5, 2
	trouble := func(down, unheard, refuses int) {
		s.rec.mu.Lock()
		defer s.rec.mu.Unlock()
		s.rec.down, s.rec.unheard, s.rec.refuses = down, unheard, refuses
	}
	s.on(1*day, func() { trouble(0, 3, 2); s.answer("it-ida", "access", review.Approve) })
	s.on(1*day+time.Second, func() { s.wantTold("legal-lee") })
	s.on(2*day, func() { trouble(4, 1, 0); s.answer("legal-lee", "data", review.Approve) })
	s.seen.naps = true
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	for i, e := range s.rec.entries {
		if want := fmt.Sprintf("%s#%d", s.in.Process, i+1); e.ID != want {
			t.Errorf("entry %d is %s, want %s", i, e.ID, want)
		}
	}
	s.wantTold("legal-lee", "1 asked data")
}

// Whom no channel reaches stands undelivered in the record; everybody else is
// told, and a channel that comes back tells nobody twice.
func TestAChannelInTrouble(t *testing.T) {
	s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake"}, stepOf(t, "access", "intake", seat("it"), seat("legal")))
	s.rec.lost, s.rec.mute = []string{"it-ida"}, 3
	s.on(1*day, func() {
		r := s.open("access")
		if !r.Seating("it").Holders[0].Undelivered || r.Seating("legal").Holders[0].Undelivered {
			t.Errorf("seatings %+v, want the request undelivered to it-ida alone", r.Seatings)
		}
		s.answer("it-ida", "access", review.Approve)
		s.answer("legal-lee", "access", review.Approve)
	})
	s.play()
	s.wantTold("it-ida")
	s.wantTold("legal-lee", "0 asked access")
}

// A channel that is away holds up neither the record nor the answers; when it is
// back everybody is told once, and no copy goes back to an older state. It is
// away for a minute only: this engine gives an activity ten attempts.
func TestAChannelInTroubleHoldsUpNoRecord(t *testing.T) {
	s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake"}, stepOf(t, "access", "intake", seat("it"), seat("legal")))
	trouble := func(n int) {
		s.rec.mu.Lock()
		defer s.rec.mu.Unlock()
		s.rec.mute, s.rec.deaf = n, n
	}
	trouble(1 << 20)
	s.on(20*time.Second, func() {
		if r := s.open("access"); len(r.Told) != 2 {
			t.Errorf("the record has %+v told", r.Told)
		}
		s.answer("it-ida", "access", review.Approve)
	})
	s.on(30*time.Second, func() {
		if r := s.open("access"); len(r.Ballots) != 1 {
			t.Errorf("the record has %d answers, want one", len(r.Ballots))
		}
		s.act(s.in.Process, "it-ida", review.TakeBack, s.about("access"))
	})
	s.on(40*time.Second, func() { s.answer("it-ida", "access", review.Approve); s.wantTold("legal-lee") })
	s.on(1*time.Minute, func() { // well again, before what is late is tried again
		trouble(0)
		s.answer("legal-lee", "access", review.Approve)
	})
	s.play()
	s.wantTold("it-ida", "0 asked access")
	s.wantTold("legal-lee", "0 asked access")
	for i := 1; i < len(s.rec.copies); i++ {
		if s.rec.copies[i].At.Before(s.rec.copies[i-1].At) {
			t.Errorf("copy %d goes back: %+v", i, s.rec.copies)
		}
	}
}

// Refused attempts are recorded one by one up to the bound, then only counted.
func TestRefusedAttemptsAreBounded(t *testing.T) {
	s := once(t)
	const n = review.MaxAttempts + 10
	s.on(1*time.Hour, func() {
		for i := range n {
			s.refused(s.answer("stranger-stan", "access", review.Approve), review.NoSeat)
			id := fmt.Sprintf("unknown%d", i)
			s.send(s.in.Process, UpdateAnswer, id, review.Answer{ID: id, Request: "no such", Verdict: review.Approve, Person: s.person("it-ida")})
			s.refused(id, review.Unknown)
		}
	})
	s.on(2*time.Hour, func() {
		if r := s.state(s.in.Process)[0]; r.Refusals != n || len(r.Attempts) != review.MaxAttempts {
			t.Errorf("%d refusals counted, %d kept", r.Refusals, len(r.Attempts))
		}
		s.answer("it-ida", "access", review.Approve)
	})
	s.play()
	facts := 0
	for _, e := range s.rec.of(dossier.Request) {
		if e.Fact.Kind == review.FactRefused {
			facts++
		}
	}
	if unknown := len(s.rec.of(dossier.Attempt)); facts != review.MaxAttempts || unknown != review.MaxAttempts {
		t.Errorf("%d and %d attempts recorded, want %d each", facts, unknown, review.MaxAttempts)
	}
}

// One timer at a time, cancelled when something happened first, none left.
func TestOneTimerAProcess(t *testing.T) {
	s := threeStages(t)
	live := func(want int) {
		t.Helper()
		if n := len(s.seen.timers); n != want {
			t.Errorf("at %s %d timers are live, want %d", s.env.Now(), n, want)
		}
	}
	s.on(1*time.Hour, func() {
		live(1)
		s.act(s.in.Process, "buyer-bo", review.Snooze, s.about("check"), func(a *review.Act) { a.Until = monday.Add(3 * day) })
	})
	s.on(2*time.Hour, func() { live(1); s.apply("buyer-bo", func(p *playbook.Person) { p.Manager = "owner-ola" }) })
	s.on(1*day, func() { live(1); s.answer("buyer-bo", "check", review.Approve) })
	s.on(2*day, func() { live(1); s.act("contract/acme/1", "legal-lee", review.Recuse, s.about("review")) })
	s.on(60*day, func() { live(0); s.act(s.in.Process, "owner-ola", review.Withdraw) })
	s.play()
}
