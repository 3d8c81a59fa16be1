package workflows

import (
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// renewedUntil is the end of the period that follows for a contract which goes on by
// itself, and is not over yet at a time: where some passed without a decision, the one
// that runs then. Zero: it does not go on by itself, or nobody said for how long.
func renewedUntil(e engagement.Expiry, at time.Time) time.Time {
	if e.Kind != engagement.ExpiryContract || !e.Renews || e.RenewMonths <= 0 || e.On.IsZero() {
		return time.Time{}
	}
	passed := max(0, (at.UTC().Year()-e.On.UTC().Year()-1)*12/e.RenewMonths)
	for n := passed + 1; ; n++ { // counted from the end itself: a month's last day stays one
		if on := engagement.MonthsLater(e.On, n*e.RenewMonths); on.After(at) {
			return on
		}
	}
}

// letGoOn lets a contract run on as it says itself, because it was decided so: until the
// end of its next period, from which the next deadline for notice is made. False: it
// does not say for how long, and people are asked.
func (o *oversight) letGoOn(ctx workflow.Context, w *Watching, b review.Ballot) bool {
	e := w.Expiry
	e.On = renewedUntil(e, o.now(ctx))
	if e.On.IsZero() {
		return false
	}
	o.renewed(ctx, w, e, b.Person, w.Decided)
	return true
}

// boundAgain reports whether the deadline has come of the next period of a contract that
// went on by itself while nobody decided: silence renews nothing here, and the sponsor is
// called before it binds once more.
func (o *oversight) boundAgain(w *Watching, now time.Time) bool {
	if !w.Lapsed || w.Decided != "" {
		return false
	}
	next := w.Expiry
	next.On = renewedUntil(w.Expiry, now)
	_, deadline, _ := engagement.NoticeOf(next, o.in.Watch)
	return !next.On.IsZero() && !w.Recalled.Equal(next.On) && !deadline.After(now)
}

// periods are the days that may want something of a contract that goes on by itself while
// nobody decides.
func (o *oversight) periods(w *Watching, now time.Time) []time.Time {
	next := w.Expiry
	next.On = renewedUntil(w.Expiry, now)
	if !w.Lapsed || w.Decided != "" || next.On.IsZero() {
		return nil
	}
	_, deadline, _ := engagement.NoticeOf(next, o.in.Watch)
	return []time.Time{deadline, next.On}
}

// renewingMeans says what is agreed to where a contract is renewed; empty: it doesn't say
// itself.
func renewingMeans(e engagement.Expiry, at time.Time) string {
	until := renewedUntil(e, at)
	if until.IsZero() {
		return ""
	}
	said := fmt.Sprintf(" Renewed, it goes on for %d months at a time, now until %s; from that day the next deadline for notice is made.", e.RenewMonths, until.UTC().Format("2 January 2006"))
	if e.RenewMonths == 1 {
		said = strings.Replace(said, "1 months at a time", "a month at a time", 1)
	}
	if e.PriceRise > 0 {
		said += fmt.Sprintf(" The price may rise by %d per cent a year.", e.PriceRise)
	}
	return said
}
