package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// bare is a silent seat whose holders are all away.
type bare struct {
	a    *asked
	seat string
	away []string // who holds it, in their order
	// until is when the last of them is back, so far as is known.
	until time.Time
}

// sought says that nobody was found to stand in at a seat while its holders are
// away until then.
type sought struct {
	seat  string
	until time.Time
}

// bareSeats lists the silent seats of the groups that are being asked whose
// holders are all away, those left out for which somebody was sought already.
func (p *process) bareSeats(ctx workflow.Context) []bare {
	return slices.DeleteFunc(p.allBare(ctx), func(b bare) bool {
		return slices.Contains(b.a.sought, sought{b.seat, b.until})
	})
}

func (p *process) allBare(ctx workflow.Context) []bare {
	now := p.now(ctx)
	var all []bare
	for _, a := range p.asks {
		for _, seat := range p.silent(a, now) {
			b := bare{a: a, seat: seat}
			present := false
			for _, h := range a.req.Seating(seat).Holders {
				if !h.Active(now) {
					continue
				}
				x, away := p.absence(h.Person, now)
				if !away {
					present = true
					break
				}
				b.away = append(b.away, h.Person)
				if x.Until.After(b.until) {
					b.until = x.Until
				}
			}
			if !present && len(b.away) > 0 {
				all = append(all, b)
			}
		}
	}
	return all
}

// silent lists the seats of the group that is being asked that have no answer.
func (p *process) silent(a *asked, now time.Time) []string {
	if p.held != nil || a.req.Closed != nil {
		return nil
	}
	t := a.req.Tally(now)
	if t.Group >= len(a.req.Clocks) || a.req.Clocks[t.Group].Opened.IsZero() || newer(a.req, a.req.Clocks[t.Group].Opened) {
		return nil
	}
	var seats []string
	for _, s := range a.req.Policy.Groups[t.Group].Seats {
		if a.req.Standing(s.ID) == nil {
			seats = append(seats, s.ID)
		}
	}
	return seats
}

// absence is the time in which somebody is away now, by the last look at the
// people.
func (p *process) absence(person string, now time.Time) (activities.Absence, bool) {
	for _, k := range p.hours {
		if k.Person != person {
			continue
		}
		for _, x := range k.Away {
			if !now.Before(x.From) && now.Before(x.Until) {
				return x, true
			}
		}
	}
	return activities.Absence{}, false
}

// nextAbsence is when the next holder of a silent seat goes away; zero: nobody
// who is known of.
func (p *process) nextAbsence(ctx workflow.Context) time.Time {
	now := p.now(ctx)
	var next time.Time
	for _, a := range p.asks {
		for _, seat := range p.silent(a, now) {
			for _, h := range a.req.Seating(seat).Holders {
				for _, k := range p.hours {
					if k.Person != h.Person || !h.Active(now) {
						continue
					}
					for _, x := range k.Away {
						if x.From.After(now) && (next.IsZero() || x.From.Before(next)) {
							next = x.From
						}
					}
				}
			}
		}
	}
	return next
}

// coverAway adds somebody who is there to each seat whose holders are all away,
// at once: nobody waits for the backup's clock when it is known that nobody
// reads. The holders stay, and the first of their answers counts. Where there is
// nobody it is noted, so that the people are not looked at for it at every turn.
func (p *process) coverAway(ctx workflow.Context, out activities.SeatOut) bool {
	now := p.now(ctx)
	added := false
	for _, b := range p.allBare(ctx) {
		if !slices.ContainsFunc(out.Benches, func(r activities.RequestBenches) bool { return r.Request == b.a.req.ID }) {
			continue // nobody looked
		}
		c, from, ok := p.standIn(b, out, now)
		if !ok {
			if s := (sought{b.seat, b.until}); !slices.Contains(b.a.sought, s) {
				b.a.sought = append(b.a.sought, s)
			}
			continue
		}
		p.addTo(ctx, b.a, b.seat, review.Holder{Person: c.Person.ID, Via: review.ViaBackup, From: from, Since: now, Lacks: lacking(b.a, b.seat, c.Person)})
		added = true
	}
	return added
}

// standIn is who joins a seat whose holders are away: the one who was named for
// the absence, else whoever would join by the clock.
func (p *process) standIn(b bare, out activities.SeatOut, now time.Time) (c review.Candidate, from string, ok bool) {
	for _, holder := range b.away {
		x, _ := p.absence(holder, now)
		for _, r := range out.Benches {
			for _, bench := range r.Benches {
				if r.Request != b.a.req.ID || bench.Seat != b.seat || x.Backup == "" {
					continue
				}
				for _, c := range bench.Candidates {
					if c.Person.ID == x.Backup && !c.Away.After(now) && b.a.req.MayHold(b.seat, c.Person, now) {
						return c, holder, true
					}
				}
			}
		}
	}
	c, ok = p.backup(alarm{a: b.a, Alarm: playbook.Alarm{Seat: b.seat}}, out, now)
	return c, c.For, ok
}
