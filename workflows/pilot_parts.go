package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// milestone reports whether the part is a delivery whose lateness is measured.
func (x *part) milestone() bool { return x.step.Kind == review.Delivery }

// bring brings one part on: asks it when its time has come, measures it, and closes
// it when it is decided.
func (c *pilot) bring(ctx workflow.Context, x *part) {
	now := c.now(ctx)
	if x.done || now.Before(x.at) {
		return
	}
	if x.asked == nil {
		c.askPart(ctx, x)
		return
	}
	t := x.asked.req.Tally(now)
	switch {
	case t.State == review.Met:
		c.settled(ctx, x)
	case x.step.Does == playbook.DoesHalfway && t.State == review.Denied:
		b := lastOf(x.asked.req, review.Reject)
		c.shut(ctx, x.asked, review.Denied, "decided")
		c.stop(ctx, b.Person, b.Answer, x.step.ID, b.Written)
	case t.State.Decided():
		c.settle(ctx, x)
	default:
		c.choose(ctx, x, false)
		c.overdue(ctx, x)
	}
}

func (c *pilot) askPart(ctx workflow.Context, x *part) {
	q := question{step: x.step, requester: x.step.Barred(c.in.Requester)}
	if x.step.Does == playbook.DoesHalfway {
		q.options = decision()
	}
	x.asked = c.open(ctx, q)
}

// settled closes a part that was decided.
func (c *pilot) settled(ctx workflow.Context, x *part) {
	c.choose(ctx, x, false)
	if x.milestone() {
		c.measure(ctx, x, dossier.MilestoneDelivered, c.came(x.asked.req))
	}
	c.shut(ctx, x.asked, review.Met, "decided")
	x.done = true
}

// choose has the owner asked what becomes of a refused part, or no longer.
func (c *pilot) choose(ctx workflow.Context, x *part, wanted bool) {
	open := x.chore != nil && x.chore.req.Closed == nil
	switch {
	case open && !wanted:
		c.shut(ctx, x.chore, review.Open, "superseded")
	case !open && wanted:
		x.chore = c.openChore(ctx, settleName(x.step), playbook.Pilot, x.asked, []review.Verdict{playbook.AskAgain})
	}
}

// settle has the owner say what becomes of a part that was refused and ends nothing
// by that.
func (c *pilot) settle(ctx workflow.Context, x *part) {
	c.choose(ctx, x, true)
	b := x.chore.req.Standing(playbook.OwnerSeat)
	if b == nil {
		return
	}
	c.shut(ctx, x.chore, review.Met, "decided")
	now := c.now(ctx)
	switch b.Verdict {
	case playbook.Waive:
		c.apply(ctx, x.asked, []review.Fact{{Kind: review.FactWaived, Request: x.asked.req.ID, At: now, Person: b.Person, Answer: b.Answer}})
		c.shut(ctx, x.asked, x.asked.req.Tally(now).State, "waived")
		x.done = true
	case playbook.Withdraw:
		c.result.Result, c.result.By = ResultWithdrawn, b.Person
		c.note(ctx, dossier.Withdrawn, b.Person, b.Answer, nil, &dossier.Detail{Written: b.Written})
	default:
		c.askAgain(ctx, x.asked, b.Person, b.Answer)
	}
}

// overdue notes a due date that passed in silence, once each.
func (c *pilot) overdue(ctx workflow.Context, x *part) {
	if due := dueOf(x.asked.req); c.isLate(ctx, x) && !x.overdue.Equal(due) {
		x.overdue = due
		c.measure(ctx, x, dossier.MilestoneOverdue, c.now(ctx))
	}
}

// isLate reports whether a milestone is due and not there.
func (c *pilot) isLate(ctx workflow.Context, x *part) bool {
	due := dueOf(x.asked.req)
	return x.milestone() && !due.IsZero() && !still(x.asked.req, c.now(ctx)).Before(due)
}

// missed closes the milestones that are not there, and notes them: when the scores
// are opened all of them, when the pilot ends early those that are late.
func (c *pilot) missed(ctx workflow.Context, all bool) {
	for _, x := range c.parts {
		if x.done || !x.milestone() || x.asked == nil || x.asked.req.Closed != nil || !all && !c.isLate(ctx, x) {
			continue
		}
		c.choose(ctx, x, false)
		c.measure(ctx, x, dossier.MilestoneMissing, c.now(ctx))
		c.shut(ctx, x.asked, x.asked.req.Tally(c.now(ctx)).State, dossier.MilestoneMissing)
		x.done = true
	}
}

// measure notes how a milestone stands, and by how much working time it is late.
func (c *pilot) measure(ctx workflow.Context, x *part, how string, at time.Time) {
	r := x.asked.req
	c.note(ctx, dossier.Milestone, "", "", nil, &dossier.Detail{Step: x.step.ID, Request: r.ID, Result: how, Due: dueOf(r),
		Late: lateness(c.process.in.Calendar, c.process.in.Hours, r, at)})
}

// came is when the answer was counted that completed a delivery.
func (c *pilot) came(r *review.Request) (at time.Time) {
	for _, b := range standing(r) {
		if b.At.After(at) {
			at = b.At
		}
	}
	return at
}

// dueOf is when the last group of a request is due; zero: it was not asked yet.
func dueOf(r *review.Request) time.Time {
	if len(r.Clocks) == 0 {
		return time.Time{}
	}
	return r.Clocks[len(r.Clocks)-1].Due
}

// still is an instant as a request's clock has it: it stands still while the case is
// on hold.
func still(r *review.Request, at time.Time) time.Time {
	if !r.Held.IsZero() && at.After(r.Held) {
		return r.Held
	}
	return at
}

// lateness is the working time from when a request was due until an instant, in
// minutes begun; below zero, in whole minutes, before it was due. The times in which
// the request's clock stood still count for nothing.
func lateness(snap calendar.Snapshot, sch calendar.Schedule, r *review.Request, at time.Time) int {
	due := dueOf(r)
	at = still(r, at)
	if due.IsZero() {
		return 0
	}
	if at.Before(due) {
		return -int(snap.Between(sch, at, due) / time.Minute)
	}
	late := snap.Between(sch, due, at)
	for _, s := range r.Clocks[len(r.Clocks)-1].Still {
		from, until := latest(s.From, due), s.Until
		if until.After(at) {
			until = at
		}
		late -= snap.Between(sch, from, until)
	}
	return int((late + time.Minute - 1) / time.Minute)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// lastOf is the newest answer that stands with a verdict.
func lastOf(r *review.Request, v review.Verdict) (last review.Ballot) {
	for _, b := range standing(r) {
		if b.Verdict == v && !b.At.Before(last.At) {
			last = b
		}
	}
	return last
}
