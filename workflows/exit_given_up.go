package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// givenUpDocument is the name under which it is filed what a compressed plan does without.
const givenUpDocument = "given-up"

// ExitPieces are steps as the days of a plan are counted: whoever accepts what a step
// brought has as long as whoever brought it.
func ExitPieces(steps []playbook.Step) []exit.Piece {
	var all []exit.Piece
	for _, s := range steps {
		p := exit.Piece{Step: s.ID, Part: string(s.Process), Does: string(s.Does), Kinds: s.Assets, Days: daysOf(s.Deadlines.Due)}
		if s.Accept != nil {
			p.Days *= 2
		}
		all = append(all, p)
	}
	return all
}

// daysOf is how many days of the wall calendar a span takes: five working days are a week,
// and hours a day.
func daysOf(sp calendar.Span) int {
	days := sp.Days
	if !sp.Calendar && !sp.Clock {
		days = (days*7 + 4) / 5
	}
	if sp.Hours > 0 {
		days++
	}
	return days
}

// compress says by when each step has to be done for the vendor to be off in time, and
// what is given up for that, before anybody decides on it. An exit that is planned has the
// time it wants.
func (x *departing) compress(ctx workflow.Context) (again bool, err error) {
	if x.order.Plays() == exit.ModePlanned || x.schedule.Notice != "" {
		return false, nil
	}
	s := x.wants(ctx).Schedule()
	x.working++
	out, err := call(ctx, thorough("what is given up"), actGiveUp, acts.GiveUp,
		exit.Compressed{Case: x.process.in.Case, Vendor: x.in.Vendor, Order: x.order, Plan: x.plan, Schedule: s})
	x.working--
	x.changes++
	if err != nil {
		return false, err
	}
	x.schedule, x.givenUp = s, out.Page
	x.compressions++
	for _, f := range []struct{ name, digest string }{{givenUpDocument, out.Page}, {givenUpDocument + "-data", out.Data}} {
		x.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: f.name, Document: f.digest, Version: x.compressions})
	}
	x.note(ctx, dossier.Compressed, "", "", nil, &dossier.Detail{Document: out.Page, Amount: len(s.GivenUp), Version: len(s.Milestones),
		Result: s.Notice, Starts: s.From, Ends: s.By, Due: s.Binds})
	return true, nil
}

// wants is what the plan is made of, as things stand.
func (x *departing) wants(ctx workflow.Context) exit.Wanted {
	now := x.now(ctx)
	given := now // or it went out already
	if !x.arrivedOn.IsZero() {
		given = x.arrivedOn
	}
	w := exit.Wanted{From: now, By: x.order.By, Omitted: slices.Clone(x.in.Omitted), Areas: x.read.Areas, Assets: x.read.Assets, Notice: x.dates(given).Notice()}
	w.Notice.Arrived = x.arrivedOn
	var asked, omitted []playbook.Step
	for _, s := range x.in.Steps {
		done := slices.ContainsFunc(x.duties, func(d *duty) bool { return d.step.ID == s.ID && (d.done || !x.wanted(d)) })
		switch {
		case done:
		case x.applies(s):
			asked = append(asked, s)
		case slices.Contains(s.Modes, exit.ModePlanned) && s.Applies(x.in.Tier) && s.When.Holds(x.in.Facts):
			omitted = append(omitted, s)
		}
	}
	w.Asked, w.Omitted = ExitPieces(asked), append(w.Omitted, ExitPieces(omitted)...)
	return w
}

// decompress has the plan made anew, since the exit went back to before it.
func (x *departing) decompress() { x.schedule, x.givenUp = exit.Schedule{}, "" }

// inTime is a step with the time that it has in a compressed plan: its reminders and
// whoever is called come as much sooner.
func (x *departing) inTime(s playbook.Step) playbook.Step {
	i := slices.IndexFunc(x.schedule.Milestones, func(m exit.Milestone) bool { return m.Step == s.ID && m.Days < m.Wanted })
	if i < 0 {
		return s
	}
	m := x.schedule.Milestones[i]
	s.Deadlines = sooner(s.Deadlines, m.Days, m.Wanted)
	return s
}

// sooner shortens deadlines to a part of what they were. A reminder that would come with
// the end of the time or after it is none.
func sooner(d playbook.Deadlines, days, wanted int) playbook.Deadlines {
	due := shorter(d.Due, days, wanted)
	out := playbook.Deadlines{Due: due, Backup: shorter(d.Backup, days, wanted), Manager: shorter(d.Manager, days, wanted), Owner: shorter(d.Owner, days, wanted)}
	for _, r := range d.Remind {
		r = shorter(r, days, wanted)
		if length(r) > 0 && length(r) < length(due) && (len(out.Remind) == 0 || length(out.Remind[len(out.Remind)-1]) < length(r)) {
			out.Remind = append(out.Remind, r)
		}
	}
	return out
}

// hoursADay is how many hours of a working day a compressed one is counted with, fewest
// the shortest time that anybody is given.
const (
	hoursADay = 8
	fewest    = 2
)

// length is a span in hours, to compare those of one kind.
func length(sp calendar.Span) int {
	if sp.Calendar || sp.Clock {
		return sp.Days*24 + sp.Hours
	}
	return sp.Days*hoursADay + sp.Hours
}

// shorter is a part of a span, of its own kind; one of no length stays without.
func shorter(sp calendar.Span, days, wanted int) calendar.Span {
	if sp.IsZero() || sp.Clock { // an emergency has no time to give
		return sp
	}
	a := hoursADay
	if sp.Calendar {
		a = 24
	}
	hours := min(length(sp), max(fewest, length(sp)*days/max(wanted, 1)))
	sp.Days, sp.Hours = hours/a, hours%a
	return sp
}

// dueOf is when a part has to be done: with the last of its steps in a compressed plan,
// else by the day by which the vendor is off.
func (x *departing) dueOf(ctx workflow.Context, name playbook.Process) time.Time {
	due := time.Time{}
	for _, m := range x.schedule.Milestones {
		if m.Part == string(name) && m.On.After(due) {
			due = m.On
		}
	}
	if due.IsZero() || !due.After(x.now(ctx)) || name == exit.PartRevocation { // whose looks come after that day
		return x.order.By
	}
	return due
}
