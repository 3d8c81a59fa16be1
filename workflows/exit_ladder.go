package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// ladder is what is done, rung by rung, where the vendor does not answer. Silence leads
// from one to the next, and decides nothing.
type ladder struct {
	rungs []*duty
	at    int // the next rung
	// since is when the vendor was silent first; silent: a part says that it is now.
	since  time.Time
	silent bool
	// next is when the next rung is asked, should the vendor be silent still.
	next time.Time
	// given: the last rung brought nothing either.
	given bool
}

// done are the rungs that were asked.
func (l *ladder) done() []*duty { return l.rungs[:min(l.at, len(l.rungs))] }

// instants are when the clock wants something of it.
func (l *ladder) instants() []time.Time { return []time.Time{l.next} }

// climb has the next rung asked while the vendor is silent: when a part says so, or when
// a part to which the vendor has to bring something is late.
func (x *departing) climb(ctx workflow.Context) {
	l := &x.ladder
	if len(l.rungs) == 0 || l.given || x.drill() || !x.leg.follows(legNotice) {
		return
	}
	now := x.now(ctx)
	if !l.silent && !x.late(now) {
		x.climbDown(ctx)
		return
	}
	if l.since.IsZero() {
		l.since = now
	}
	if l.at > 0 {
		last := l.rungs[l.at-1]
		if !last.done && !x.bring(ctx, last) {
			return
		}
		if l.next.IsZero() {
			l.next = x.process.in.Calendar.After(x.process.in.Hours, now, x.pause(last))
		}
		if now.Before(l.next) {
			return
		}
	}
	l.next = time.Time{}
	if l.at == len(l.rungs) {
		x.giveUp(ctx)
		return
	}
	l.at++
	x.bring(ctx, l.rungs[l.at-1])
}

// climbDown ends the ladder's asking: the vendor answers.
func (x *departing) climbDown(ctx workflow.Context) {
	l := &x.ladder
	if l.at == 0 || l.rungs[l.at-1].done && l.next.IsZero() {
		return
	}
	l.next = time.Time{}
	if d := l.rungs[l.at-1]; !d.done {
		for _, a := range []*asked{d.asked, d.accept, d.chore, d.waiver} {
			if a != nil && a.req.Closed == nil {
				x.shut(ctx, a, a.req.Tally(x.now(ctx)).State, "superseded")
			}
		}
		*d = duty{step: d.step}
		l.at--
	}
}

// pause is how long the vendor has after a rung: as long as the step says, else as long as
// it had itself.
func (x *departing) pause(d *duty) calendar.Span {
	if !d.step.After.IsZero() {
		return d.step.After
	}
	return d.step.Deadlines.Due
}

// late reports whether a part to which the vendor has to bring something is late.
func (x *departing) late(now time.Time) bool {
	return slices.ContainsFunc(x.parts, func(p *exitPart) bool {
		return !p.done && !p.stale && p.name != exit.PartRevocation && !p.due.IsZero() && !p.due.After(now)
	})
}

// giveUp waits for the vendor no longer: what it owes is done from our side, or stays open
// and is said so.
func (x *departing) giveUp(ctx workflow.Context) {
	x.ladder.given = true
	x.note(ctx, dossier.GivenUp, "", "", nil, &dossier.Detail{Starts: x.ladder.since, Amount: len(x.ladder.rungs)})
	for _, p := range x.parts {
		if !p.done && !p.alone {
			p.alone = true
			x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalPart, PartNews{Word: NewsAlone}))
		}
	}
}
