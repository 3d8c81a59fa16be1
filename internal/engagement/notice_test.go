package engagement

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func on(t testing.TB, day string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatalf("the day %q: %v", day, err)
	}
	return d
}

// The dates that people get wrong by hand: ends of months, leap years, the turn of a
// year.
func TestNoticeDeadlines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		end          string
		notice, lead int
		want         string
	}{
		{"2027-12-31", 90, 30, "2027-09-02"},
		{"2028-03-31", 31, 0, "2028-02-29"}, // a leap year
		{"2027-03-31", 31, 0, "2027-02-28"},
		{"2028-03-01", 1, 0, "2028-02-29"},
		{"2100-03-01", 1, 0, "2100-02-28"}, // not one
		{"2028-01-01", 0, 1, "2027-12-31"},
		{"2028-05-31", 30, 30, "2028-04-01"},
		{"2028-05-31", 0, 0, "2028-05-31"},
		{"2028-05-31", -5, -5, "2028-05-31"}, // nonsense is no time at all
	} {
		if got := noticeDeadline(on(t, c.end), c.notice, c.lead); !got.Equal(on(t, c.want)) {
			t.Errorf("%s less %d less %d is %s, want %s", c.end, c.notice, c.lead, got.Format(time.DateOnly), c.want)
		}
	}
	if got := noticeDeadline(time.Time{}, 90, 30); !got.IsZero() {
		t.Errorf("a contract without an end has the deadline %s", got)
	}
}

func TestNoticeOfAContract(t *testing.T) {
	t.Parallel()
	w := Watch{Lead: map[ExpiryKind]int{ExpiryContract: 60}, NoticeLead: 30}
	e := Expiry{ID: "c", Kind: ExpiryContract, On: on(t, "2028-12-31"), NoticeDays: 90}
	want := []time.Time{on(t, "2028-07-04"), on(t, "2028-09-02"), on(t, "2028-10-02")}
	if d := cmp.Diff(want, noticeDays(e, w)); d != "" {
		t.Error(d)
	}
	e.LeadDays = 10 // its own goes first
	want = []time.Time{on(t, "2028-07-24"), on(t, "2028-09-22"), on(t, "2028-10-02")}
	if d := cmp.Diff(want, noticeDays(e, w)); d != "" {
		t.Error(d)
	}
	if got := e.BroughtUp(w); !got.Equal(want[0]) {
		t.Errorf("brought up on %s", got)
	}
	e.On = time.Time{}
	if d := cmp.Diff(make([]time.Time, 3), noticeDays(e, w)); d != "" {
		t.Errorf("without an end: %s", d)
	}
}

func TestWhenAnExpiryIsBroughtUp(t *testing.T) {
	t.Parallel()
	w := Watch{Lead: map[ExpiryKind]int{ExpiryInsurance: 60, ExpiryAccess: -3}}
	end := on(t, "2028-03-31")
	for kind, want := range map[ExpiryKind]string{
		ExpiryInsurance: "2028-01-31", ExpiryCertificate: "2028-03-01", ExpiryAccess: "2028-03-31", ExpiryCopy: "2028-03-31",
	} {
		if got := (Expiry{Kind: kind, On: end}).BroughtUp(w); !got.Equal(on(t, want)) {
			t.Errorf("%s is brought up on %s, want %s", kind, got.Format(time.DateOnly), want)
		}
	}
	if got := (Expiry{Kind: ExpiryGap}).BroughtUp(w); !got.IsZero() {
		t.Errorf("what is owed waits until %s", got)
	}
}

func TestMonthsLater(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2027-01-31", 1, "2027-02-28"}, {"2028-01-31", 1, "2028-02-29"}, {"2028-02-29", 12, "2029-02-28"},
		{"2028-02-29", 48, "2032-02-29"}, {"2027-08-31", 6, "2028-02-29"}, {"2027-12-15", 1, "2028-01-15"}, {"2027-05-30", 0, "2027-05-30"},
	} {
		if got := MonthsLater(on(t, c.from), c.months); !got.Equal(on(t, c.want)) {
			t.Errorf("%d months after %s is %s, want %s", c.months, c.from, got.Format(time.DateOnly), c.want)
		}
	}
}

func noticeDays(e Expiry, w Watch) []time.Time {
	asked, deadline, last := NoticeOf(e, w)
	return []time.Time{asked, deadline, last}
}

func drawDay(t *rapid.T, label string) time.Time {
	return time.Date(rapid.IntRange(1970, 2200).Draw(t, label+" year"), time.January, 1+rapid.IntRange(0, 365).Draw(t, label+" day"),
		rapid.IntRange(0, 23).Draw(t, label+" hour"), 0, 0, 0, time.UTC)
}

// TestNoticeProperty: the days come in their order, the distances are those that were
// asked for whatever the month, and more notice never makes a deadline later.
func TestNoticeProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := Watch{Lead: map[ExpiryKind]int{ExpiryContract: rapid.IntRange(0, 400).Draw(t, "lead")}, NoticeLead: rapid.IntRange(0, 200).Draw(t, "notice lead")}
		e := Expiry{Kind: ExpiryContract, On: drawDay(t, "end"), NoticeDays: rapid.IntRange(0, 800).Draw(t, "notice")}
		asked, deadline, last := NoticeOf(e, w)
		if asked.After(deadline) || deadline.After(last) || last.After(e.On) {
			t.Fatalf("out of order: %s, %s, %s, end %s", asked, deadline, last, e.On)
		}
		days := func(a, b time.Time) int { return int(b.Sub(a) / (24 * time.Hour)) }
		if days(last, e.On) != e.NoticeDays || days(deadline, last) != w.NoticeLead || days(asked, deadline) != w.Lead[ExpiryContract] {
			t.Fatalf("wrong distances: %s, %s, %s, end %s", asked, deadline, last, e.On)
		}
		if more := noticeDeadline(e.On, e.NoticeDays+1, w.NoticeLead); !more.Before(deadline) {
			t.Fatalf("a day more of notice: %s, not before %s", more, deadline)
		}
		if !noticeDeadline(deadline.AddDate(0, 0, e.NoticeDays+w.NoticeLead), e.NoticeDays, w.NoticeLead).Equal(deadline) {
			t.Fatal("there and back is another day")
		}
	})
}

// TestMonthsLaterProperty: it is always in the month that was counted to, on the same
// day or on its last.
func TestMonthsLaterProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from, n := drawDay(t, "from"), rapid.IntRange(0, 240).Draw(t, "months")
		got := MonthsLater(from, n)
		if months := (got.Year()-from.Year())*12 + int(got.Month()) - int(from.Month()); months != n {
			t.Fatalf("%d months after %s is %s", n, from, got)
		}
		if got.Day() != from.Day() && got.AddDate(0, 0, 1).Day() != 1 || got.Day() > from.Day() || got.Hour() != from.Hour() {
			t.Fatalf("%d months after %s is %s", n, from, got)
		}
	})
}

// TestSupersedesProperty: in whatever order, and however often, news of an expiry
// come, the same stands in the end.
func TestSupersedesProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days := []time.Time{{}, time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC), time.Date(2029, 1, 31, 0, 0, 0, 0, time.UTC)}
		news := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Expiry {
			return Expiry{ID: "x", On: rapid.SampledFrom(days).Draw(t, "on"), Unreviewed: rapid.Bool().Draw(t, "unreviewed"),
				Document: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "document")}
		}), 1, 8).Draw(t, "news")
		stands := func(news []Expiry) Expiry {
			known := news[0]
			for _, e := range news[1:] {
				if e.Supersedes(known) {
					known = e
				}
			}
			return known
		}
		once := stands(news)
		again := append(slices.Clone(rapid.Permutation(news).Draw(t, "order")), news...)
		if got := stands(again); got != once {
			t.Fatalf("%+v and then %+v", once, got)
		}
		if once.Supersedes(once) || (Expiry{ID: "y", On: days[2].AddDate(1, 0, 0)}).Supersedes(once) {
			t.Fatal("it supersedes itself, or another's does")
		}
	})
}
