package review_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

func speechless(a *review.Act) { a.Written = review.Written{} }

func TestAnAnswerMayBeTakenBackWhileTheRequestIsOpen(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.says("Legal", review.Reject))
	m.is(review.Denied)
	m.refused(m.does("Legal", review.TakeBack, speechless), review.NeedsReason)
	out := m.does("Legal", review.TakeBack)
	m.counted(out)
	if out.Seat != "legal" || out.Verdict != review.Reject {
		t.Errorf("took back %s of %s", out.Verdict, out.Seat)
	}
	m.is(review.Open)
	if len(m.r.Ballots) != 1 || !m.r.Ballots[0].TakenBack {
		t.Errorf("the record keeps %+v, want the ballot marked as taken back", m.r.Ballots)
	}
	m.counted(m.says("Legal", review.Approve))
	m.counted(m.says("Security", review.Approve))
	m.closes("decided")
	m.refused(m.does("Legal", review.TakeBack), review.Closed)
	m.is(review.Met)
}

func TestOnlyOnesOwnAnswerIsTakenBack(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.joins("Boris", "legal", review.ViaBackup)
	m.counted(m.says("Legal", review.Approve))
	m.refused(m.does("Boris", review.TakeBack, func(a *review.Act) { a.Seat = "legal" }), review.NotYours)
	m.refused(m.does("Security", review.TakeBack), review.NotYours)
	m.refused(m.does("Legal", review.TakeBack, func(a *review.Act) { a.Seat = "security" }), review.NotYours)
	m.counted(m.does("Legal", review.TakeBack))
	m.refused(m.does("Legal", review.TakeBack), review.NotYours)
}

func TestAStaleAnswerIsNothingToTakeBack(t *testing.T) {
	t.Parallel()
	m := reviewed(t, all("legal"))
	m.counted(m.says("Legal", review.Approve))
	m.version([]string{"legal"})
	m.refused(m.does("Legal", review.TakeBack), review.NotYours)
}

func TestWithTwoSeatsATakeBackSaysWhich(t *testing.T) {
	t.Parallel()
	p := policy(all("legal", "privacy"))
	p.Pairs = []review.Pair{{A: "legal", B: "privacy"}}
	m := gather(t, p)
	m.joins("Legal", "privacy", review.ViaBackup)
	m.counted(m.says("Legal", review.Approve, forSeat("legal")))
	m.counted(m.says("Legal", review.Approve, forSeat("privacy")))
	m.refused(m.does("Legal", review.TakeBack), review.WhichSeat)
	m.counted(m.does("Legal", review.TakeBack, func(a *review.Act) { a.Seat = "privacy" }))
	if m.r.Standing("legal") == nil || m.r.Standing("privacy") != nil {
		t.Error("another answer was taken back")
	}
}

func TestAnActDeliveredAgainHasOneEffect(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.says("Legal", review.Reject))
	back := review.Act{ID: "mail-1", Kind: review.TakeBack, Person: m.person("Legal"), Written: review.Written{Inside: "x"}}
	m.counted(m.perform(back))
	m.now = tuesday
	m.counted(m.says("Legal", review.Approve))
	again := m.perform(back) // must not take back the new answer
	want := review.Outcome{Status: review.Already, Request: "sign-off", Seat: "legal", Verdict: review.Reject, By: "Legal", At: monday, State: review.Open}
	if d := cmp.Diff(want, again); d != "" {
		t.Errorf("delivered again (-want +got):\n%s", d)
	}
	if m.r.Standing("legal") == nil || m.r.Refusals != 0 {
		t.Errorf("standing %v, %d refusals", m.r.Standing("legal"), m.r.Refusals)
	}
	for _, act := range []review.Act{
		{ID: "d", Kind: review.Delegate, Person: m.person("Security"), To: m.person("Dora"), Until: friday},
		{ID: "s", Kind: review.Snooze, Person: m.person("Security"), Until: friday},
		{ID: "r", Kind: review.Recuse, Person: m.person("Security"), Written: review.Written{Inside: "x"}},
	} {
		m.counted(m.perform(act))
		before := m.r.Clone()
		if out := m.perform(act); out.Status != review.Already || out.By != "Security" {
			t.Errorf("%s again: %s by %q", act.Kind, out.Status, out.By)
		}
		if d := cmp.Diff(before, m.r); d != "" {
			t.Errorf("%s again (-before +after):\n%s", act.Kind, d)
		}
	}
}

func TestOneIdIsOneDelivery(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")))
	m.counted(m.says("Legal", review.Approve, func(a *review.Answer) { a.ID = "x" }))
	if out := m.does("Legal", review.TakeBack, func(a *review.Act) { a.ID = "x" }); out.Status != review.Already {
		t.Errorf("an act under an answer's id: %s", out.Status)
	}
	m.counted(m.does("Legal", review.TakeBack, func(a *review.Act) { a.ID = "y" }))
	if out := m.says("Legal", review.Approve, func(a *review.Answer) { a.ID = "y" }); out.Status != review.Already {
		t.Errorf("an answer under an act's id: %s", out.Status)
	}
	m.refused(m.does("Nora", review.Snooze, func(a *review.Act) { a.ID = "z" }), review.NoSeat)
	if out := m.does("Nora", review.Recuse, func(a *review.Act) { a.ID = "z" }); out.Refusal != review.NoSeat || m.r.Refusals != 1 {
		t.Errorf("a refused act again: %s, %d refusals", out.Refusal, m.r.Refusals)
	}
}

func TestAConflictTakesThePersonOffAtOnceAndVoidsTheirAnswer(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.says("Legal", review.Approve))
	m.counted(m.says("Security", review.Approve))
	m.is(review.Met)
	m.refused(m.does("Legal", review.Recuse, speechless), review.NeedsReason)
	m.counted(m.does("Legal", review.Recuse))
	m.is(review.Vacant)
	if !m.r.Ballots[0].Void || m.r.Standing("legal") != nil || m.r.Holds("legal", "Legal", m.now) {
		t.Error("the conflicted answer or its person still stands")
	}
	m.refused(m.says("Legal", review.Approve), review.IsRecused)
	m.refused(m.does("Legal", review.Recuse), review.IsRecused)
	m.joins("Legal", "legal", review.ViaBackup) // not even the process brings them back
	m.is(review.Vacant)
	m.joins("Boris", "legal", review.ViaBackup)
	m.is(review.Open)
	m.counted(m.says("Boris", review.Approve))
	m.is(review.Met)
}

func TestAConflictEndsWhatThePersonPassedOn(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.passes("Legal", "Dora", "legal", friday))
	m.counted(m.passes("Dora", "Emil", "legal", friday))
	m.joins("Boris", "legal", review.ViaBackup)
	m.counted(m.does("Legal", review.Recuse))
	for _, who := range []string{"Legal", "Dora", "Emil"} {
		if m.r.Holds("legal", who, m.now) {
			t.Errorf("%s still holds the seat", who)
		}
	}
	m.refused(m.says("Emil", review.Approve), review.NoSeat)
	m.counted(m.says("Boris", review.Approve))
}

func TestLeavingEndsWhatThePersonPassedOn(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.passes("Legal", "Dora", "legal", friday))
	m.fold(review.Fact{Kind: review.FactUnseated, Seat: "legal", Person: "Legal"})
	if d := cmp.Diff([]string{"legal"}, vacant(m.r.Tally(m.now))); d != "" {
		t.Errorf("vacant (-want +got):\n%s", d)
	}
}

func TestWhoAnsweredMayDeclareAConflictAfterTheirTime(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.passes("Legal", "Dora", "legal", tuesday))
	m.counted(m.says("Dora", review.Approve))
	m.now = friday
	m.counted(m.does("Dora", review.Recuse))
	if m.r.Standing("legal") != nil {
		t.Error("a conflicted answer stands")
	}
	m.counted(m.says("Legal", review.Approve))
	m.refused(m.does("Nora", review.Recuse), review.NoSeat)
	m.closes("withdrawn")
	m.refused(m.does("Security", review.Recuse), review.Closed)
}

func TestABackupIsAddedNotSwappedIn(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"Legal", "Boris"} {
		m := gather(t, policy(all("legal", "security")))
		m.joins("Boris", "legal", review.ViaBackup)
		m.now = tuesday
		m.counted(m.says(first, review.Approve))
		m.now = friday
		for _, who := range []string{"Legal", "Boris"} {
			out := m.says(who, review.Reject)
			m.refused(out, review.Answered)
			m.tells(out, first, tuesday)
		}
	}
}

func TestADelegationIsBoundedInTimeAndNamesBoth(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	out := m.passes("Legal", "Dora", "legal", friday)
	m.counted(out)
	want := review.Holder{Person: "Dora", Via: review.ViaDelegate, From: "Legal", Since: monday, Until: friday}
	if d := cmp.Diff(want, m.r.Seating("legal").Holders[1]); d != "" {
		t.Errorf("holder (-want +got):\n%s", d)
	}
	m.now = friday.Add(-time.Second)
	if !m.r.Holds("legal", "Dora", m.now) {
		t.Error("it ended before its time")
	}
	m.now = friday
	m.refused(m.says("Dora", review.Approve), review.NoSeat)
	m.counted(m.says("Legal", review.Approve)) // who passed it on may still answer
	m.refused(m.passes("Security", "Dora", "security", friday), review.BadTime)
	m.refused(m.passes("Security", "Dora", "security", time.Time{}), review.BadTime)
}

func TestADelegateCantGiveMoreTimeThanTheyHave(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.passes("Legal", "Dora", "legal", tuesday))
	m.counted(m.passes("Dora", "Emil", "legal", friday))
	if got := m.r.Seating("legal").Holders[2].Until; !got.Equal(tuesday) {
		t.Errorf("passed on until %s; it was theirs until %s", got, tuesday)
	}
}

func TestADelegationIsBoundedInDepth(t *testing.T) {
	t.Parallel()
	for depth, chain := range map[int][]string{0: {"Dora", "Emil"}, 1: {"Dora"}, 3: {"Dora", "Emil", "Finn"}} {
		p := policy(all("legal", "security"))
		p.Depth = depth
		m := gather(t, p)
		from := "Legal"
		for _, to := range chain {
			m.counted(m.passes(from, to, "legal", friday))
			from = to
		}
		m.refused(m.passes(from, "Zoe", "legal", friday), review.TooDeep)
	}
}

func TestASeatComesBackToNobodyWhoPassedItOn(t *testing.T) {
	t.Parallel()
	p := policy(all("legal", "security"))
	p.Depth = 5
	m := gather(t, p)
	m.refused(m.passes("Legal", "Legal", "legal", friday), review.Circle)
	m.counted(m.passes("Legal", "Dora", "legal", friday))
	m.counted(m.passes("Dora", "Emil", "legal", friday))
	m.refused(m.passes("Emil", "Dora", "legal", friday), review.Circle)
	m.refused(m.passes("Emil", "Legal", "legal", friday), review.Circle)
}

func TestWhoCanNotBeADelegate(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security"), all("board")))
	m.people["Vera"] = review.Person{ID: "Vera", Employer: "acme", Active: true}
	m.people["Gone"] = review.Person{ID: "Gone"}
	m.people[""] = review.Person{}
	m.counted(m.does("Board", review.Recuse))
	m.counted(m.passes("Legal", "Dora", "legal", friday))
	for _, who := range []string{"Rita", "Vera", "Gone", "", "Board", "Security", "Dora"} {
		m.refused(m.passes("Legal", who, "legal", friday), review.BadDelegate)
	}
	m.refused(m.passes("Security", "Legal", "security", friday), review.BadDelegate) // holds another seat
	m.refused(m.passes("Nora", "Zoe", "legal", friday), review.NoSeat)
	m.refused(m.passes("Legal", "Zoe", "security", friday), review.NoSeat)
	m.counted(m.says("Dora", review.Approve))
	m.refused(m.passes("Legal", "Zoe", "legal", friday), review.Answered)
	m.closes("decided")
	m.refused(m.passes("Security", "Zoe", "security", friday), review.Closed)
}

func TestADelegateWhoAnsweredForAnotherSeatIsNoDelegate(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.passes("Legal", "Dora", "legal", tuesday))
	m.counted(m.says("Dora", review.Approve))
	m.now = tuesday // Dora holds nothing any more
	m.refused(m.passes("Security", "Dora", "security", friday), review.BadDelegate)
}

func TestThePolicysPairsHoldForDelegatesToo(t *testing.T) {
	t.Parallel()
	p := policy(all("legal", "privacy", "security"))
	p.Pairs = []review.Pair{{A: "legal", B: "privacy"}}
	m := gather(t, p)
	m.counted(m.passes("Privacy", "Legal", "privacy", friday))
	m.refused(m.does("Legal", review.Delegate, func(a *review.Act) { a.To, a.Until = m.person("Zoe"), friday }), review.WhichSeat)
	m.refused(m.passes("Security", "Legal", "security", friday), review.BadDelegate)
	if out := m.does("Security", review.Delegate, func(a *review.Act) { a.To, a.Until = m.person("Zoe"), friday }); out.Seat != "security" {
		t.Errorf("the one seat that they hold is meant, not %q", out.Seat)
	}
}

func TestASnoozeSilencesRemindersAndDecidesNothing(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.does("Legal", review.Snooze, func(a *review.Act) { a.Until = tuesday }))
	if got := m.r.Seating("legal").Holders[0].Snoozed; !got.Equal(tuesday) {
		t.Errorf("snoozed until %s", got)
	}
	if got := m.r.Seating("security").Holders[0].Snoozed; !got.IsZero() {
		t.Errorf("somebody else was snoozed until %s", got)
	}
	m.refused(m.does("Legal", review.Snooze, func(a *review.Act) { a.Until = monday }), review.BadTime)
	m.refused(m.does("Nora", review.Snooze, func(a *review.Act) { a.Until = friday }), review.NoSeat)
	m.counted(m.says("Legal", review.Approve))
}

func TestActsOnAProcessAreNotJudgedHere(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")))
	for _, k := range []review.ActKind{review.Withdraw, review.Reopen, review.Submit, "nonsense", ""} {
		m.refused(m.does("Legal", k), review.WrongAct)
	}
}
