package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func dayOf(t *testing.T, day string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatalf("the day %q: %v", day, err)
	}
	return d
}

func anyDay(t *rapid.T, label string) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 20000).Draw(t, label))
}

// A contract that goes on by itself does so from its end, as often as nobody looked, and
// keeps the last day of its month.
func TestRenewedUntil(t *testing.T) {
	t.Parallel()
	goesOn := func(end string, months int) engagement.Expiry {
		return engagement.Expiry{Kind: engagement.ExpiryContract, On: dayOf(t, end), Renews: true, RenewMonths: months}
	}
	for _, c := range []struct {
		e        engagement.Expiry
		at, want string
	}{
		{goesOn("2028-12-31", 12), "2028-10-01", "2029-12-31"},
		{goesOn("2028-12-31", 12), "2029-01-15", "2029-12-31"}, // decided late
		{goesOn("2028-12-31", 12), "2029-12-31", "2030-12-31"}, // that period is over as well
		{goesOn("2028-12-31", 12), "2035-06-01", "2035-12-31"},
		{goesOn("2028-01-31", 1), "2028-01-31", "2028-02-29"},
		{goesOn("2028-01-31", 1), "2028-03-05", "2028-03-31"},
		{goesOn("2028-01-31", 600), "2031-01-01", "2078-01-31"},
	} {
		if got := renewedUntil(c.e, dayOf(t, c.at)); !got.Equal(dayOf(t, c.want)) {
			t.Errorf("%s for %d months, on %s: until %s, want %s", c.e.On.Format(time.DateOnly), c.e.RenewMonths, c.at, got.Format(time.DateOnly), c.want)
		}
	}
	ends, unknown, cert, open := goesOn("2028-12-31", 12), goesOn("2028-12-31", 0), goesOn("2028-12-31", 12), goesOn("2028-12-31", 12)
	ends.Renews, cert.Kind, open.On = false, engagement.ExpiryCertificate, time.Time{}
	for _, e := range []engagement.Expiry{ends, unknown, cert, open} {
		if got := renewedUntil(e, dayOf(t, "2028-10-01")); !got.IsZero() {
			t.Errorf("%+v goes on until %s", e, got)
		}
	}
}

// TestRenewedUntilProperty: it is the first end of a period that is not over.
func TestRenewedUntilProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := engagement.Expiry{Kind: engagement.ExpiryContract, On: anyDay(t, "end"), Renews: true, RenewMonths: rapid.IntRange(1, 60).Draw(t, "months")}
		at := anyDay(t, "at")
		n := 1
		for !engagement.MonthsLater(e.On, n*e.RenewMonths).After(at) {
			n++
		}
		if got, want := renewedUntil(e, at), engagement.MonthsLater(e.On, n*e.RenewMonths); !got.Equal(want) {
			t.Fatalf("%s and %d months, at %s: %s, want %s", e.On, e.RenewMonths, at, got, want)
		}
	})
}

// yearly is the binding contract, which says that it goes on for a year at a time: until
// 6 April 2028, when it is next asked about on day 616, to be decided by day 646, and by
// day 676 notice must have arrived.
func yearly() engagement.Expiry {
	e := binding()
	e.RenewMonths, e.PriceRise = 12, 4
	return e
}

// What owner and sponsor decide to renew runs until the end that the contract says
// itself. Nobody is asked for its terms; the question said what renewing means; and the
// next deadline is made from the new end, asked about and watched like the first.
func TestOversightRenewedAsItSaysItself(t *testing.T) {
	next := engagement.MonthsLater(monday.AddDate(0, 0, 400), 12)
	asked := int(next.Sub(monday)/day) - 90 - 30 - 30
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.after(255, func() {
			for _, want := range []string{"12 months", next.Format("2 January 2006"), "4 per cent"} {
				if ask := v.open("notice").Ask; !strings.Contains(ask, want) {
					t.Errorf("who decides does not read %q: %s", want, ask)
				}
			}
			v.says("owner-ola", "notice", playbook.Renew)
			if w := v.watchedNow("contract"); !w.On.Equal(monday.AddDate(0, 0, 400)) {
				t.Errorf("one word of two renewed it: %+v", w)
			}
			v.says("sponsor-sue", "notice", playbook.Renew)
		})
		v.after(256, func() {
			v.wantNobodyAsked("terms")
			v.wantNobodyAsked("notice")
			if w := v.watchedNow("contract"); !w.On.Equal(next) || w.Lapsed || w.Decided != "" || w.NoticeDays != 90 || w.RenewMonths != 12 {
				t.Errorf("renewed it is %+v", w)
			}
		})
		v.after(float64(asked)-1, func() { v.wantNobodyAsked("notice") })
		v.after(float64(asked)+1, func() {
			v.says("owner-ola", "notice", playbook.Renew)
			v.says("sponsor-sue", "notice", playbook.Renew)
		})
		v.offAfter(float64(asked) + 5)
	}, yearly())
	if w := v.watchedNow("contract"); !w.On.Equal(engagement.MonthsLater(monday.AddDate(0, 0, 400), 24)) || w.NoticePassed {
		t.Errorf("renewed again it is %+v", w)
	}
	if n := len(v.rec.of(dossier.NoticeDecided)); n != 2 {
		t.Errorf("it was decided %d times", n)
	}
}

// Where nobody decides, the contract goes on by itself and is renewed by nobody: its end
// stays, the sponsor is called again before each period that would bind once more, and
// whoever decides at last renews what runs then.
func TestOversightSilenceRenewsNothing(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.after(1190, func() {
			if w := v.watchedNow("contract"); !w.On.Equal(monday.AddDate(0, 0, 400)) || !w.Lapsed || !w.NoticePassed {
				t.Errorf("after three years of silence: %+v", w)
			}
			if n := len(v.rec.of(dossier.Watched)); n != 1 {
				t.Errorf("it was given an end %d times", n)
			}
		})
		v.after(1195, func() { v.says("sponsor-sue", "notice", playbook.Renew) })
		v.after(1196, func() {
			if w := v.watchedNow("contract"); !w.On.Equal(engagement.MonthsLater(monday.AddDate(0, 0, 400), 36)) {
				t.Errorf("decided late it ends on %s", w.On)
			}
		})
		v.offAfter(1200)
	}, yearly())
	var called []int
	for _, e := range v.rec.of(dossier.Escalated) {
		if e.Detail.Expiry.On.Equal(monday.AddDate(0, 0, 400)) && e.Detail.Person == "sponsor-sue" {
			called = append(called, int(e.CaseAt.Sub(monday)/day))
		}
	}
	end := func(n int) int { return int(engagement.MonthsLater(monday.AddDate(0, 0, 400), 12*n).Sub(monday) / day) }
	if want := []int{280, 310, 400, end(1) - 120, end(2) - 120}; !slices.Equal(called, want) {
		t.Errorf("the sponsor was called on the days %v, want %v", called, want)
	}
}

// A contract that does not say for how long it goes on has its terms asked for; what they
// say of that feeds the next renewal.
func TestOversightLearnsForHowLongItGoesOn(t *testing.T) {
	months, rise := int64(6), int64(3)
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.after(255, func() {
			if ask := v.open("notice").Ask; strings.Contains(ask, "months") {
				t.Errorf("it says for how long, and nobody knows: %s", ask)
			}
			v.says("owner-ola", "notice", playbook.Renew)
			v.says("sponsor-sue", "notice", playbook.Renew)
		})
		v.after(256, func() {
			v.says("owner-ola", "terms", review.Done, goodUntil(600), func(a *review.Answer) {
				a.Findings = append(a.Findings, engagement.Finding{Point: engagement.PointRenewsFor, Number: &months}, engagement.Finding{Point: engagement.PointPriceRise, Number: &rise})
			})
		})
		v.after(455, func() {
			v.says("owner-ola", "notice", playbook.Renew)
			v.says("sponsor-sue", "notice", playbook.Renew)
		})
		v.offAfter(460)
	}, binding())
	if w := v.watchedNow("contract"); !w.On.Equal(engagement.MonthsLater(monday.AddDate(0, 0, 600), 6)) || w.PriceRise != 3 {
		t.Errorf("renewed by what was learned: %+v", w)
	}
}
