package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

func TestAllOfAGroupMustApprove(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.is(review.Open)
	m.counted(m.says("Legal", review.Approve))
	m.is(review.Open)
	m.counted(m.says("Security", review.Approve))
	m.is(review.Met)
}

func TestOneOfAnyIsEnough(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(anyOf("legal", "security")))
	m.counted(m.says("Security", review.Reject))
	m.is(review.Open)
	m.counted(m.says("Legal", review.Approve))
	m.is(review.Met)
}

func TestTwoOfThreeAreEnoughAndTwoNoesAreTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		legal, security, finance review.Verdict
		want                     review.State
	}{
		{review.Approve, "", review.Approve, review.Met},
		{review.Approve, review.Reject, review.Approve, review.Met},
		{review.Reject, review.Approve, "", review.Open},
		{review.Reject, "", review.Reject, review.Denied},
		{review.Changes, review.Reject, review.Approve, review.Wanted},
	} {
		m := gather(t, policy(some(2, "legal", "security", "finance")))
		for _, s := range []struct {
			who string
			v   review.Verdict
		}{{"Legal", c.legal}, {"Security", c.security}, {"Finance", c.finance}} {
			if s.v != "" {
				m.counted(m.says(s.who, s.v))
			}
		}
		m.is(c.want)
	}
}

func TestAMandatorySeatMustApproveWhateverTheNumber(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(anyOf("legal!", "security", "finance")))
	m.counted(m.says("Security", review.Approve))
	m.counted(m.says("Finance", review.Approve))
	m.is(review.Open)
	m.counted(m.says("Legal", review.Approve))
	m.is(review.Met)
}

func TestAMandatorySeatsRejectionEndsTheGroup(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(anyOf("legal!", "security")))
	m.counted(m.says("Security", review.Approve))
	m.counted(m.says("Legal", review.Reject))
	m.is(review.Denied)
}

func TestAVetoEndsTheGroupWhateverTheOthersSay(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(some(2, "legal*", "security", "finance")))
	m.counted(m.says("Security", review.Approve))
	m.counted(m.says("Legal", review.Reject))
	m.is(review.Denied)
	m.counted(m.says("Finance", review.Approve))
	m.is(review.Denied)
}

func TestAVetoCountsOnlyWhileItsGroupIsOpen(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(anyOf("legal*", "security"), all("board")))
	m.now = tuesday
	m.counted(m.says("Security", review.Approve))
	m.now = friday
	out := m.says("Legal", review.Reject)
	m.refused(out, review.Settled)
	m.tells(out, "Security", tuesday)
	m.counted(m.says("Board", review.Approve))
	m.is(review.Met)
}

func TestAVetoCountsAgainWhenATakeBackReopensItsGroup(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(anyOf("legal*", "security"), all("board")))
	m.counted(m.says("Security", review.Approve))
	m.counted(m.does("Security", review.TakeBack))
	m.counted(m.says("Legal", review.Reject))
	m.is(review.Denied)
}

func TestTheLastGroupMetTakesNoVetoEither(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(anyOf("legal*", "security")))
	m.counted(m.says("Security", review.Approve))
	m.refused(m.says("Legal", review.Reject), review.Settled)
	m.is(review.Met)
}

func TestGroupsAreAskedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal"), all("board"), all("ceo")))
	m.refused(m.says("Board", review.Approve), review.NotYet)
	m.counted(m.says("Legal", review.Approve))
	m.refused(m.says("Ceo", review.Reject), review.NotYet)
	m.counted(m.says("Board", review.Approve))
	got := m.r.Tally(m.now)
	want := review.Tally{State: review.Open, Group: 2, Groups: []review.GroupTally{
		{State: review.Met, Approved: 1, Needed: 1, Seats: []review.SeatState{{Seat: "legal", Verdict: review.Approve, Person: "Legal"}}},
		{State: review.Met, Approved: 1, Needed: 1, Seats: []review.SeatState{{Seat: "board", Verdict: review.Approve, Person: "Board"}}},
		{State: review.Open, Needed: 1, Seats: []review.SeatState{{Seat: "ceo"}}},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("tally (-want +got):\n%s", d)
	}
}

func TestLaterGroupsWaitEvenWithAnswersThatStand(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal"), all("board", "ceo")))
	m.counted(m.says("Legal", review.Approve))
	m.counted(m.says("Board", review.Reject))
	m.is(review.Denied)
	m.counted(m.does("Legal", review.TakeBack))
	got := m.r.Tally(m.now)
	if got.State != review.Open || got.Group != 0 || got.Groups[1].State != review.Waiting {
		t.Errorf("%s in group %d, the second %s; want it open in group 0, the second waiting", got.State, got.Group, got.Groups[1].State)
	}
}

func TestChangesWaitForTheOpenSeatsSoThatTheVendorGetsOneList(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security", "finance")))
	m.counted(m.says("Legal", review.Changes))
	m.is(review.Open)
	m.counted(m.says("Security", review.Changes))
	m.is(review.Open)
	m.counted(m.says("Finance", review.Approve))
	m.is(review.Wanted)
}

func TestChangesWaitNoLongerThanTheDueDate(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.says("Legal", review.Changes))
	m.now = friday.Add(-1)
	m.is(review.Open)
	m.now = friday // due is the instant at which time is up
	m.is(review.Wanted)
}

func TestSilenceIsNeverADecision(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.says("Legal", review.Approve))
	m.now = friday.AddDate(1, 0, 0)
	m.is(review.Open)
}

func TestWithoutADueDateChangesWaitForEverybody(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")), func(r *review.Request) { r.Clocks = nil })
	m.r.Clocks = nil
	m.counted(m.says("Legal", review.Changes))
	m.now = friday.AddDate(1, 0, 0)
	m.is(review.Open)
}

func TestAnEmptySeatIsSaidAndWaitsForTheOwner(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.does("Legal", review.Recuse))
	m.is(review.Open) // security can still be heard
	m.counted(m.says("Security", review.Approve))
	m.is(review.Vacant)
	if d := cmp.Diff([]string{"legal"}, vacant(m.r.Tally(m.now))); d != "" {
		t.Errorf("vacant seats (-want +got):\n%s", d)
	}
	m.joins("Olga", "legal", review.ViaOwner)
	m.is(review.Open)
	m.counted(m.says("Olga", review.Approve))
	m.is(review.Met)
}

func TestAClosedRequestNeverChangesItsTally(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security", "finance")))
	m.counted(m.says("Legal", review.Changes))
	m.counted(m.passes("Finance", "Fred", "finance", tuesday))
	m.fold(review.Fact{Kind: review.FactUnseated, Seat: "finance", Person: "Finance", At: m.now})
	m.closes("withdrawn")
	want := m.r.Tally(m.now)
	m.now = friday.AddDate(1, 0, 0) // long due, and no delegation would last
	m.fold(
		review.Fact{Kind: review.FactVersion, Version: &review.Version{Number: 9}},
		review.Fact{Kind: review.FactCounted, Ballot: &review.Ballot{Answer: "z", Seat: "security", Person: "Security", Verdict: review.Reject}},
		review.Fact{Kind: review.FactTakenBack, Seat: "legal", Person: "Legal", Answer: "y"},
		review.Fact{Kind: review.FactRecused, Person: "Legal", Answer: "x"},
		review.Fact{Kind: review.FactUnseated, Seat: "security", Person: "Security"},
		review.Fact{Kind: review.FactSeated, Seat: "finance", Holder: &review.Holder{Person: "Zoe"}},
		review.Fact{Kind: review.FactGroup, Group: 0, At: m.now},
		review.Fact{Kind: review.FactClosed, State: review.Met, At: m.now},
	)
	if d := cmp.Diff(want, m.r.Tally(m.now)); d != "" {
		t.Errorf("tally after the end (-want +got):\n%s", d)
	}
	if m.r.Closed.State != review.Open || m.r.Closed.Why != "withdrawn" {
		t.Errorf("closed as %+v; the first closing counts", *m.r.Closed)
	}
}

func TestDecidedStatesAreThree(t *testing.T) {
	t.Parallel()
	for s, want := range map[review.State]bool{review.Met: true, review.Wanted: true, review.Denied: true,
		review.Open: false, review.Vacant: false, review.Waiting: false, "": false} {
		if s.Decided() != want {
			t.Errorf("%q decided: %v, want %v", s, s.Decided(), want)
		}
	}
}
