package workflows

import (
	"slices"
	"strconv"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/calendar"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// alarm is an alarm of one request.
type alarm struct {
	a *asked
	playbook.Alarm
}

func (p *process) alarms(ctx workflow.Context) []alarm {
	var all []alarm
	now := p.now(ctx)
	hours := make([]playbook.Hours, len(p.hours))
	for i, h := range p.hours {
		hours[i] = playbook.Hours{Person: h.Person, Schedule: h.Hours}
	}
	for _, a := range p.asks {
		for _, x := range a.step.Deadlines.Alarms(a.req, now, p.in.Calendar, p.in.Hours, hours) {
			all = append(all, alarm{a: a, Alarm: x})
		}
	}
	return all
}

// nextAlarm is the earliest instant at which the clock wants something; zero
// when it wants nothing.
func (p *process) nextAlarm(ctx workflow.Context) time.Time {
	var next time.Time
	for _, x := range p.alarms(ctx) {
		if next.IsZero() || x.At.Before(next) {
			next = x.At
		}
	}
	for _, x := range []time.Time{p.nextAbsence(ctx), p.wake} {
		if !x.IsZero() && (next.IsZero() || x.Before(next)) {
			next = x
		}
	}
	return next
}

// ringing lists what the clock wants now. Somebody who is reminded now is
// reminded at once of everything that they would be reminded of later that day.
func (p *process) ringing(ctx workflow.Context) []alarm {
	now := p.now(ctx)
	all := p.alarms(ctx)
	var digests []string
	for _, x := range all {
		if x.Why == playbook.WhyReminder && !x.At.After(now) {
			digests = append(digests, x.Person)
		}
	}
	return slices.DeleteFunc(all, func(x alarm) bool {
		switch x.Why {
		case playbook.WhyDue, playbook.WhyEnds:
			return true
		case playbook.WhyReminder:
			return x.At.After(now) && !(slices.Contains(digests, x.Person) && p.sameDay(x.Person, x.At, now))
		default:
			return x.At.After(now)
		}
	})
}

// sameDay reports whether two instants fall on one day where the person works.
func (p *process) sameDay(person string, a, b time.Time) bool {
	zone := p.in.Hours.Zone
	if i := slices.IndexFunc(p.hours, func(h activities.PersonHours) bool { return h.Person == person }); i >= 0 {
		zone = p.hours[i].Hours.Zone
	}
	return calendar.DateOf(p.in.Calendar.Local(zone, a)) == calendar.DateOf(p.in.Calendar.Local(zone, b))
}

// ring acts on one alarm and reports whether it did; each leaves a told fact, so
// that it rings once.
func (p *process) ring(ctx workflow.Context, x alarm, out activities.SeatOut) bool {
	switch x.Why {
	case playbook.WhyReminder:
		p.tell(ctx, x.a, x.Seat, x.Person, playbook.WhyReminder)
	case playbook.WhyBackup:
		p.addBackup(ctx, x, out)
	case playbook.WhyManager:
		p.tell(ctx, x.a, x.Seat, p.managerOf(ctx, x), playbook.WhyManager)
	case playbook.WhyUnread:
		who := x.Person
		if x.Seat == "" {
			who = p.owner()
		}
		p.tell(ctx, x.a, x.Seat, who, playbook.WhyUnread)
	case playbook.WhyOwner:
		p.tell(ctx, x.a, "", p.owner(), playbook.WhyOwner)
	default:
		return false
	}
	return true
}

// addBackup lets the next person on the bench join a silent seat; the holder
// stays, and the first of their answers counts. Nobody to add is noted, so that
// it isn't tried at every turn.
func (p *process) addBackup(ctx workflow.Context, x alarm, out activities.SeatOut) {
	now := p.now(ctx)
	c, ok := p.backup(x, out, now)
	if !ok {
		p.tell(ctx, x.a, x.Seat, "", playbook.WhyBackup)
		return
	}
	p.addTo(ctx, x.a, x.Seat, review.Holder{Person: c.Person.ID, Via: review.ViaBackup, From: c.For, Since: now, Lacks: lacking(x.a, x.Seat, c.Person)})
}

// addTo lets somebody join a seat, and tells them.
func (p *process) addTo(ctx workflow.Context, a *asked, seat string, h review.Holder) {
	p.apply(ctx, a, []review.Fact{{Kind: review.FactSeated, Request: a.req.ID, At: h.Since, Seat: seat, Person: h.Person, Holder: &h}})
	p.tell(ctx, a, seat, h.Person, playbook.WhyBackup)
}

// backup finds who joins: somebody who stands in for a holder of the seat before
// anybody who stands in for another person of the role.
func (p *process) backup(x alarm, out activities.SeatOut, now time.Time) (review.Candidate, bool) {
	var others []review.Candidate
	for _, r := range out.Benches {
		for _, b := range r.Benches {
			if r.Request != x.a.req.ID || b.Seat != x.Seat {
				continue
			}
			for _, c := range b.Candidates {
				if c.Via != review.ViaBackup || c.Away.After(now) || !x.a.req.MayHold(x.Seat, c.Person, now) {
					continue
				}
				if x.a.req.Holds(x.Seat, c.For, now) {
					return c, true
				}
				others = append(others, c)
			}
		}
	}
	if len(others) == 0 {
		return review.Candidate{}, false
	}
	return others[0], true
}

// managerOf is the line manager of whoever holds the silent seat.
func (p *process) managerOf(ctx workflow.Context, x alarm) string {
	now := p.now(ctx)
	for _, h := range x.a.req.Seating(x.Seat).Holders {
		if !h.Active(now) {
			continue
		}
		for _, k := range p.hours {
			if k.Person == h.Person && k.Manager != "" {
				return k.Manager
			}
		}
	}
	return ""
}

// tell notes that somebody is told about a request, and puts it into the one
// notice that this person gets at this moment for this reason. Nobody to tell is
// noted as well.
func (p *process) tell(ctx workflow.Context, a *asked, seat, person, why string) {
	now := p.now(ctx)
	p.apply(ctx, a, []review.Fact{{Kind: review.FactTold, Request: a.req.ID, At: now, Seat: seat, Person: person, Why: why}})
	if person == "" {
		return
	}
	nth, due := tellings(a.req, person, now)
	i := slices.IndexFunc(p.notices, func(n review.Notice) bool {
		return n.Person == person && n.Why == why && n.At.Equal(now)
	})
	if i >= 0 {
		n := &p.notices[i]
		if !slices.Contains(n.Requests, a.req.ID) {
			n.Requests = append(n.Requests, a.req.ID)
		}
		n.Nth = max(n.Nth, nth)
		n.Everywhere = n.Everywhere || urgent(a.step)
		if n.Due.IsZero() || !due.IsZero() && due.Before(n.Due) {
			n.Due = due
		}
		return
	}
	p.told++
	p.notices = append(p.notices, review.Notice{ID: p.in.Process + "/notice/" + strconv.Itoa(p.told), Case: p.in.Case,
		Person: person, Requests: []string{a.req.ID}, Why: why, At: now, Nth: nth, Due: due, Everywhere: urgent(a.step)})
}

// urgent reports whether people are told of a step by every channel that reaches them:
// access is to be cut at once, or was, and nobody may miss it because they read one
// channel alone.
func urgent(s playbook.Step) bool {
	now := s.Does == exit.DoesRoster && s.Deadlines.Due.Clock // the accounts that are cut tonight
	return now || s.Does == exit.DoesEmergency || s.Does == exit.DoesRatify
}

// tellings is how often somebody was told of a request since its current group
// was asked, at different moments, and when that group is due.
func tellings(r *review.Request, person string, now time.Time) (n int, due time.Time) {
	t := r.Tally(now)
	if t.Group >= len(r.Clocks) {
		return 0, due
	}
	c := r.Clocks[t.Group]
	var last time.Time
	for _, x := range r.Told {
		if x.Person == person && !x.At.Before(c.Opened) && !x.At.Equal(last) {
			n++
			last = x.At
		}
	}
	return n, c.Due
}

// follow brings all copies of a request to its state.
func (p *process) follow(a *asked, now time.Time) {
	c := review.Copy{Request: a.req.ID, State: a.req.Tally(now).State, At: now}
	if a.req.Closed != nil {
		c.State, c.Closed = a.req.Closed.State, true
	}
	p.copies = append(slices.DeleteFunc(p.copies, func(x review.Copy) bool { return x.Request == c.Request }), c)
}
