package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// A session takes an hour, and the next of the same receiver begins an hour after it at
// the earliest. It is set for the second working day, so that people can make room.
const (
	sessionMinutes = 60
	sessionEvery   = 2 * time.Hour
	sessionDays    = 2
)

// taughtBy is the point of a session's sheet that says which of our own people taught.
const taughtBy = "taught-by"

// session is one session about an area.
type session struct {
	area     string
	number   int
	receiver string
	at       time.Time
	ask      *asked
	people   []string // who has it in their calendar
	over     bool     // held, or called off
	busy     bool     // calendars are being written
}

// sessionOn sets the next session of an area, and takes what is said of the one that was
// set. It reports whether something changed.
func (c *teaching) sessionOn(ctx workflow.Context, a *area) (again bool) {
	step := c.first(exit.DoesSession)
	if step == nil || a.left == 0 {
		return false
	}
	if a.session == nil {
		s := &session{area: a.id, number: a.held + 1, receiver: c.receiverOf(a.Receiver)}
		for _, x := range c.set { // one that was called off keeps its number
			if x.area == a.id {
				s.number = max(s.number, x.number+1)
			}
		}
		s.at = c.slot(ctx, s.receiver)
		a.session, c.set = s, append(c.set, s)
		c.invite(ctx, s, false)
	}
	s := a.session
	if s.ask == nil { // nobody is asked how it was before it begins
		if c.now(ctx).Before(s.at) {
			c.wakeAt(s.at)
			return false
		}
		s.ask = c.open(ctx, question{step: about(*step, a.id)})
		return false
	}
	if !c.met(ctx, s.ask) {
		return false
	}
	c.shut(ctx, s.ask, review.Met, "decided")
	c.fileSheets(ctx, s.ask)
	there, taught := thereIn(s.ask.req)
	a.taught = union(a.taught, taught)
	c.note(ctx, dossier.SessionSet, "", "", nil, &dossier.Detail{Name: s.area, Version: s.number, Starts: s.at, Result: "held", Values: there, Document: deliveredIn(s.ask.req)})
	s.over = true
	a.session, a.held, a.left = nil, a.held+1, a.left-1
	return true
}

// thereIn says who was at a session, and who taught: whom the sheet names, else those of
// our own who recorded it.
func thereIn(r *review.Request) (there, taught []string) {
	for _, b := range standing(r) {
		named := false
		for _, f := range b.Findings {
			i := slices.IndexFunc(r.Points, func(p engagement.Point) bool { return p.ID == f.Point && p.Kind == engagement.PointPerson })
			if i < 0 || len(f.Choices) == 0 {
				continue
			}
			there = union(there, f.Choices)
			if f.Point == taughtBy {
				taught, named = union(taught, f.Choices), true
			}
		}
		if !named {
			taught = union(taught, []string{b.Person})
		}
	}
	return there, taught
}

// slot is when a receiver's next session is.
func (c *teaching) slot(ctx workflow.Context, receiver string) time.Time {
	in := c.process.in
	at := in.Calendar.AddDays(in.Hours, c.now(ctx), sessionDays)
	for _, s := range c.set {
		if next := in.Calendar.Add(in.Hours, s.at, sessionEvery); s.receiver == receiver && !s.over && next.After(at) {
			at = next
		}
	}
	return in.Calendar.Next(in.Hours, at)
}

// invite writes a session into people's calendars, or takes it out, beside everything
// else and a few times: the session is held whether or not that succeeds.
func (c *teaching) invite(ctx workflow.Context, s *session, cancelled bool) {
	c.working++
	before := s.busy
	s.busy = true
	workflow.GoNamed(ctx, "session", func(ctx workflow.Context) {
		defer func() { c.working--; s.busy = false; c.changes++ }()
		// The case must be in the record by then: an invitation is written from it. What
		// was begun for the same session comes first.
		err := workflow.Await(ctx, func() bool { return len(c.outbox) == 0 && !c.filing && (!before || !s.busy) })
		if err != nil {
			return
		}
		s.busy = true // for the next
		in := activities.SessionIn{Process: c.process.in.Process, Case: c.process.in.Case, Vendor: c.process.in.Vendor, Session: c.process.in.Process + ":" + s.area,
			Number: s.number, People: union([]string{s.receiver}, []string{c.owner()}), From: s.at, Minutes: sessionMinutes, Zone: c.process.in.Hours.Zone, Now: c.now(ctx)}
		if cancelled {
			in.People, in.Cancelled = s.people, true
		}
		out, err := call(ctx, fewTimes(10*time.Second, "calendars for a session"), actSession, acts.InviteSession, in)
		d := &dossier.Detail{Name: s.area, Version: s.number, Starts: s.at, Result: "invited", Values: out.People}
		switch {
		case err != nil:
			d.Result, d.Values = "none", nil
		case cancelled:
			d.Result, d.Values = "cancelled", s.people
		}
		s.people = out.People
		c.note(ctx, dossier.SessionSet, "", "", nil, d)
	})
}

// callOff takes a session that is not held out of people's calendars.
func (c *teaching) callOff(ctx workflow.Context, s *session) {
	if s.over {
		return
	}
	s.over = true
	if len(s.people) > 0 || s.busy {
		c.invite(ctx, s, true)
	}
}

// callOffAll calls off what will not be held any more, and waits for the calendars.
func (c *teaching) callOffAll(ctx workflow.Context) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	for _, s := range c.set {
		c.callOff(ctx, s)
	}
}
