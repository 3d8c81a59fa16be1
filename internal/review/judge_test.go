package review_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

func TestACountedAnswerSaysWhatItIs(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.now = tuesday
	out := m.says("Legal", review.Approve)
	want := review.Outcome{Status: review.Counted, Request: "sign-off", Seat: "legal", Verdict: review.Approve, By: "Legal", At: tuesday, State: review.Open}
	if d := cmp.Diff(want, out); d != "" {
		t.Errorf("outcome (-want +got):\n%s", d)
	}
	b := m.r.Standing("legal")
	wantBallot := &review.Ballot{Answer: "id-1", Seat: "legal", Person: "Legal", Verdict: review.Approve,
		Written: review.Written{Inside: "digest"}, At: tuesday, Channel: "web"}
	if d := cmp.Diff(wantBallot, b); d != "" {
		t.Errorf("ballot (-want +got):\n%s", d)
	}
}

func TestTheSameAnswerDeliveredAgainHasOneEffect(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	a := review.Answer{ID: "mail-1", Verdict: review.Approve, Person: m.person("Legal")}
	m.counted(m.send(a))
	m.now = tuesday
	again := m.send(a)
	if again.Status != review.Already || !again.OK() || len(m.r.Ballots) != 1 || m.r.Refusals != 0 {
		t.Errorf("delivered again: %s, %d ballots, %d refusals; want it known, one ballot, none refused", again.Status, len(m.r.Ballots), m.r.Refusals)
	}
	m.tells(again, "Legal", monday)
}

func TestADecidingAnswerDeliveredAfterTheEndGetsItsOutcome(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")))
	a := review.Answer{ID: "click-1", Verdict: review.Approve, Person: m.person("Legal")}
	m.counted(m.send(a))
	m.closes("decided")
	m.now = friday
	out := m.send(a)
	want := review.Outcome{Status: review.Already, Request: "sign-off", Seat: "legal", Verdict: review.Approve, By: "Legal", At: monday, State: review.Met}
	if d := cmp.Diff(want, out); d != "" {
		t.Errorf("outcome (-want +got):\n%s", d)
	}
}

func TestARefusedAnswerDeliveredAgainIsRefusedOnceAndForAll(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal"), all("board")))
	early := review.Answer{ID: "click-1", Verdict: review.Approve, Person: m.person("Board")}
	first := m.send(early)
	m.refused(first, review.NotYet)
	m.counted(m.says("Legal", review.Approve))
	if d := cmp.Diff(first, m.send(early)); d != "" {
		t.Errorf("the same answer later (-first +again):\n%s", d)
	}
	if m.r.Refusals != 1 {
		t.Errorf("%d refusals, want 1", m.r.Refusals)
	}
	m.counted(m.says("Board", review.Approve)) // a new answer
}

func TestTheLoserOfARaceIsToldWhoDecidedAndWhen(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.joins("Boris", "legal", review.ViaBackup)
	m.now = tuesday
	m.counted(m.says("Boris", review.Approve))
	m.now = friday
	out := m.says("Legal", review.Reject)
	m.refused(out, review.Answered)
	m.tells(out, "Boris", tuesday)
	m.closes("decided")
	m.now = saturday
	out = m.says("Legal", review.Reject)
	m.refused(out, review.Closed)
	m.tells(out, "Boris", tuesday)
}

func TestALateAnswerIsToldThatAndWhenItClosed(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")))
	m.now = tuesday
	m.closes("withdrawn")
	m.now = friday
	out := m.says("Legal", review.Approve)
	m.refused(out, review.Closed)
	m.tells(out, "", tuesday)
	if out.State != review.Open {
		t.Errorf("the person is told %q, it was %q when it closed", out.State, review.Open)
	}
}

func TestWhoMayNotAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		person review.Person
		want   review.Refusal
	}{
		{"somebody unknown", review.Person{}, review.UnknownPerson},
		{"somebody who left", review.Person{ID: "Legal"}, review.NotActive},
		{"somebody of this vendor", review.Person{ID: "Legal", Employer: "acme", Active: true}, review.VendorPerson},
		{"somebody of another firm", review.Person{ID: "Legal", Employer: "other", Active: true}, ""},
		{"the requester", review.Person{ID: "Rita", Active: true}, review.OwnRequest},
		{"somebody without a seat", review.Person{ID: "Nora", Active: true}, review.NoSeat},
		{"somebody with the role and no seat", review.Person{ID: "Lara", Roles: []string{"legal"}, Active: true}, review.NoSeat},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := gather(t, policy(all("legal", "security")))
			m.joins("Rita", "security", review.ViaBackup)
			out := m.send(review.Answer{ID: "1", Verdict: review.Approve, Person: c.person})
			if c.want == "" {
				m.counted(out)
				return
			}
			m.refused(out, c.want)
		})
	}
}

func TestOnlyTheHolderAnswersForASeat(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.refused(m.says("Legal", review.Approve, forSeat("security")), review.NoSeat)
	m.refused(m.says("Legal", review.Approve, forSeat("nonsense")), review.NoSeat)
	m.fold(review.Fact{Kind: review.FactUnseated, Seat: "legal", Person: "Legal"})
	m.refused(m.says("Legal", review.Approve), review.NoSeat)
	m.counted(m.says("Security", review.Approve, forSeat("security")))
}

func TestOneHumanFillsOneSeat(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.joins("Legal", "security", review.ViaBackup)
	m.refused(m.says("Legal", review.Approve), review.WhichSeat)
	m.counted(m.says("Legal", review.Approve, forSeat("legal")))
	m.refused(m.says("Legal", review.Approve, forSeat("security")), review.OneSeat)
	m.refused(m.says("Legal", review.Approve), review.OneSeat) // the only seat still open to them
	m.counted(m.does("Legal", review.TakeBack))
	m.counted(m.says("Legal", review.Approve, forSeat("security")))
}

func TestAPairAllowsOnePersonTwoSeats(t *testing.T) {
	t.Parallel()
	p := policy(all("legal", "privacy", "security"))
	p.Pairs = []review.Pair{{A: "privacy", B: "legal"}}
	m := gather(t, p)
	m.joins("Legal", "privacy", review.ViaBackup)
	m.joins("Legal", "security", review.ViaBackup)
	m.counted(m.says("Legal", review.Approve, forSeat("legal")))
	m.refused(m.says("Legal", review.Approve, forSeat("security")), review.OneSeat)
	m.counted(m.says("Legal", review.Approve, forSeat("privacy")))
	m.counted(m.says("Security", review.Approve))
	m.is(review.Met)
}

func TestWhoHeldEverySeatAndAnsweredIsToldSo(t *testing.T) {
	t.Parallel()
	p := policy(all("legal", "privacy", "security"))
	p.Pairs = []review.Pair{{A: "legal", B: "privacy"}}
	m := gather(t, p)
	m.joins("Legal", "privacy", review.ViaBackup)
	m.counted(m.says("Legal", review.Approve, forSeat("legal")))
	m.counted(m.says("Legal", review.Approve)) // one seat left: no need to name it
	m.refused(m.says("Legal", review.Approve), review.Answered)
}

func TestChangesAndRejectNeedAReason(t *testing.T) {
	t.Parallel()
	for _, v := range []review.Verdict{review.Changes, review.Reject} {
		m := gather(t, policy(all("legal")))
		m.refused(m.says("Legal", v, wordless), review.NeedsReason)
		m.counted(m.says("Legal", v, wordless, func(a *review.Answer) { a.Written.Vendor = "digest" }))
	}
	m := gather(t, policy(all("legal")))
	m.counted(m.says("Legal", review.Approve, wordless))
}

func TestAnApprovalNeedsItsAttestations(t *testing.T) {
	t.Parallel()
	p := policy(all("legal"))
	p.Groups[0].Seats[0].Attest = []string{"read 4-9", "no side letter"}
	attest := func(names ...string) func(*review.Answer) { return func(a *review.Answer) { a.Attest = names } }
	m := gather(t, p)
	out := m.says("Legal", review.Approve, attest("read 4-9"))
	m.refused(out, review.NeedsAttest)
	if d := cmp.Diff([]string{"no side letter"}, out.Missing); d != "" {
		t.Errorf("missing (-want +got):\n%s", d)
	}
	m.counted(m.says("Legal", review.Approve, attest("no side letter", "read 4-9")))
	if d := cmp.Diff([]string{"no side letter", "read 4-9"}, m.r.Standing("legal").Attest); d != "" {
		t.Errorf("attested (-want +got):\n%s", d)
	}
	m = gather(t, p)
	m.counted(m.says("Legal", review.Reject)) // only an approval attests
}

func TestEachKindTakesItsOwnWords(t *testing.T) {
	t.Parallel()
	every := []review.Verdict{review.Approve, review.Changes, review.Reject, review.Delivered, review.Scored, review.Done, "keep", ""}
	for _, c := range []struct {
		kind    review.Kind
		options []review.Verdict
		want    []review.Verdict
	}{
		{review.Decision, nil, every[:3]},
		{review.Delivery, nil, every[3:4]},
		{review.Rating, nil, every[4:5]},
		{review.Task, nil, every[5:6]},
		{review.Decision, []review.Verdict{"keep", review.Reject}, []review.Verdict{review.Reject, "keep"}},
	} {
		var got []review.Verdict
		for _, v := range every {
			m := gather(t, policy(all("legal")), func(r *review.Request) { r.Kind, r.Options = c.kind, c.options })
			if out := m.says("Legal", v, func(a *review.Answer) { a.Documents = []string{"sha"} }); out.OK() {
				got = append(got, v)
			} else {
				m.refused(out, review.WrongVerdict)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s with options %v takes (-want +got):\n%s", c.kind, c.options, d)
		}
	}
}

func TestAnOptionFillsTheSeatAndMayNeedAReason(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("owner")), func(r *review.Request) {
		r.Options, r.Reasoned = []review.Verdict{"next version", "waive"}, []review.Verdict{"waive"}
	})
	m.refused(m.says("Owner", "waive", wordless), review.NeedsReason)
	m.counted(m.says("Owner", "waive"))
	m.is(review.Met)
}

func TestScoresAndDocumentsStayWithTheAnswer(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("scorer")), func(r *review.Request) { r.Kind = review.Rating })
	scores := []review.Score{{Criterion: "price", Points: 3}}
	m.counted(m.says("Scorer", review.Scored, func(a *review.Answer) { a.Scores, a.Documents = scores, []string{"sha"} }))
	scores[0].Points = 99 // what the channel does with its own memory later is its business
	b := m.r.Standing("scorer")
	if b.Scores[0].Points != 3 || b.Documents[0] != "sha" {
		t.Errorf("the ballot keeps %v %v", b.Scores, b.Documents)
	}
}

func TestFiftyRefusalsAreKeptAndLaterOnesCounted(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")))
	for i := range 60 {
		out := m.send(review.Answer{ID: fmt.Sprint("x", i), Verdict: review.Approve, Person: m.person("Nora")})
		if out.Refusal != review.NoSeat {
			t.Fatalf("attempt %d: %s", i, out.Refusal)
		}
	}
	if len(m.r.Attempts) != review.MaxAttempts || review.MaxAttempts != 50 || m.r.Refusals != 60 {
		t.Errorf("%d kept, %d counted; want 50 and 60", len(m.r.Attempts), m.r.Refusals)
	}
	if first, last := m.r.Attempts[0].Answer, m.r.Attempts[49].Answer; first != "x0" || last != "x49" {
		t.Errorf("kept %s to %s, want the first fifty", first, last)
	}
}

func TestADeliveryNeedsADocument(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("sender")), func(r *review.Request) { r.Kind = review.Delivery })
	m.refused(m.says("Sender", review.Delivered), review.NeedsDocument)
	m.counted(m.says("Sender", review.Delivered, func(a *review.Answer) { a.Documents = []string{"sha"} }))
	m.is(review.Met)
}

func TestAnUnknownSeatIsNobodys(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")))
	if _, _, ok := m.r.Seat("moon"); ok || m.r.Seating("moon") != nil || m.r.Holds("moon", "Legal", m.now) {
		t.Error("somebody found a seat that is not there")
	}
	m.r.Seatings = nil // a policy's seat that was never set up
	m.is(review.Vacant)
}
