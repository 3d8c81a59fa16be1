package review_test

import (
	"testing"

	"gangway/internal/review"
)

var none []string

func reviewed(t *testing.T, groups ...review.Group) *room {
	t.Helper()
	m := gather(t, policy(groups...))
	m.version()
	return m
}

func TestAnApprovalCarriesOverWhereTheTextIsUntouched(t *testing.T) {
	t.Parallel()
	m := reviewed(t, all("legal", "security"))
	m.counted(m.says("Legal", review.Approve))
	m.counted(m.says("Security", review.Approve))
	m.is(review.Met)
	m.version([]string{"security"})
	m.is(review.Open)
	if m.r.Standing("legal") == nil || m.r.Standing("security") != nil {
		t.Errorf("legal stands: %v, security stands: %v; only security's text changed", m.r.Standing("legal"), m.r.Standing("security"))
	}
	m.refused(m.says("Legal", review.Reject), review.Answered)
	m.counted(m.says("Security", review.Approve))
	m.is(review.Met)
}

func TestChangesAndRejectAreAlwaysAskedAgain(t *testing.T) {
	t.Parallel()
	for _, v := range []review.Verdict{review.Changes, review.Reject} {
		m := reviewed(t, all("legal"))
		m.counted(m.says("Legal", v))
		m.version(none)
		m.is(review.Open)
		m.counted(m.says("Legal", review.Approve))
		m.is(review.Met)
	}
}

func TestAnAnswerForAnUntouchedOldVersionCounts(t *testing.T) {
	t.Parallel()
	m := reviewed(t, all("legal", "security"))
	m.version([]string{"security"})
	m.counted(m.says("Legal", review.Approve, forVersion(1)))
	if b := m.r.Standing("legal"); b == nil || b.Version != 1 || b.Under != 2 {
		t.Errorf("standing: %+v; want the version that was read, and the one it counts under", b)
	}
	m.refused(m.says("Security", review.Approve, forVersion(1)), review.Stale)
	m.counted(m.says("Security", review.Approve))
	m.is(review.Met)
}

func TestLateWishesForChangesCountOnceAndAreAskedAgainNextTime(t *testing.T) {
	t.Parallel()
	for _, v := range []review.Verdict{review.Changes, review.Reject} {
		m := reviewed(t, all("legal"))
		m.version(none)
		m.counted(m.says("Legal", v, forVersion(1)))
		if m.r.Tally(m.now).State == review.Open {
			t.Errorf("%s was counted and then forgotten", v)
		}
		m.refused(m.says("Legal", v, forVersion(1)), review.Answered)
		m.version(none, none)
		m.is(review.Open)
	}
}

func TestAVersionThatWasNeverComparedIsStale(t *testing.T) {
	t.Parallel()
	m := reviewed(t, all("legal", "security"))
	m.counted(m.says("Legal", review.Approve))
	m.version() // no table at all
	if m.r.Standing("legal") != nil {
		t.Error("an answer stands for a text that nobody compared")
	}
	m.refused(m.says("Security", review.Approve, forVersion(1)), review.Stale)
}

func TestUnknownVersions(t *testing.T) {
	t.Parallel()
	m := reviewed(t, all("legal"))
	m.version(none)
	for _, v := range []int{-1, 0, 3, 99} {
		m.refused(m.says("Legal", review.Approve, forVersion(v)), review.NoVersion)
	}
	n := gather(t, policy(all("legal")))
	n.refused(n.says("Legal", review.Approve, forVersion(1)), review.NoVersion)
}

func TestAnAnswerFromBeforeTheFirstVersionCountsWhereNothingWasTouched(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.counted(m.says("Security", review.Approve))
	m.fold(review.Fact{Kind: review.FactVersion, Version: &review.Version{Number: 1, Touched: []review.Touch{{Version: 0}}, At: m.now}})
	m.counted(m.says("Legal", review.Approve, forVersion(0)))
	m.is(review.Met)
}

func TestTheComparisonIsWithTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	m := reviewed(t, all("legal", "security"))
	m.counted(m.says("Legal", review.Approve))
	m.version(none)
	m.version([]string{"legal"}, none) // third against first, third against second
	if m.r.Standing("legal") != nil {
		t.Error("judged by another version's table")
	}
}

func TestAnApprovedTextThatComesBackIsApproved(t *testing.T) {
	t.Parallel()
	m := reviewed(t, all("legal"))
	m.counted(m.says("Legal", review.Approve))
	m.version([]string{"legal"})
	m.is(review.Open)
	m.version(none, []string{"legal"}) // back to the first text
	m.is(review.Met)
}

func TestAnApprovalDoesNotOutliveLaterWishesOrATakeBack(t *testing.T) {
	t.Parallel()
	m := reviewed(t, all("legal"))
	m.counted(m.says("Legal", review.Approve))
	m.version([]string{"legal"})
	m.counted(m.says("Legal", review.Changes))
	m.version(none, []string{"legal"})
	m.is(review.Open)

	m = reviewed(t, all("legal"))
	m.counted(m.says("Legal", review.Approve))
	m.version([]string{"legal"})
	m.counted(m.says("Legal", review.Approve))
	m.counted(m.does("Legal", review.TakeBack))
	m.version(none, []string{"legal"})
	m.is(review.Open)
	if m.r.Ballots[0].TakenBack || !m.r.Ballots[1].TakenBack {
		t.Error("the record says that another answer was taken back")
	}
}

func TestVersionsOnlyGoForward(t *testing.T) {
	t.Parallel()
	m := reviewed(t, all("legal"))
	m.version(none)
	for _, n := range []int{2, 1, 0} {
		m.fold(review.Fact{Kind: review.FactVersion, Version: &review.Version{Number: n}})
	}
	if m.r.Current() != 2 || len(m.r.Versions) != 2 {
		t.Errorf("current %d of %d versions, want 2 of 2", m.r.Current(), len(m.r.Versions))
	}
}
