package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// withdraw ends the pilot because somebody withdrew it, or because its case goes
// back to an earlier step.
func (c *pilot) withdraw(ctx workflow.Context) {
	c.result.Result, c.result.By = ResultWithdrawn, c.withdrawn.Person.ID
	if c.withdrawn.Kind == review.Reopen {
		c.result.Result = ResultReopened
	}
	c.note(ctx, dossier.Withdrawn, c.withdrawn.Person.ID, c.withdrawn.ID, nil, &dossier.Detail{Written: c.withdrawn.Written})
}

// stop ends the pilot early: the owner did, or the halfway decision, which step names.
func (c *pilot) stop(ctx workflow.Context, by, answer, step string, reason review.Written) {
	c.result.Result, c.result.By = ResultStopped, by
	c.note(ctx, dossier.PilotStopped, by, answer, nil, &dossier.Detail{Step: step, Written: reason})
}

// stand remembers since when the case is on hold: what is still to come stands still,
// and nothing wakes the pilot.
func (c *pilot) stand() {
	if c.stood.IsZero() {
		c.stood = latest(c.held.Since, c.started)
	}
	c.wake, c.reopens = time.Time{}, nil
}

// goOn moves what is still to come by as much working time as the case was on hold.
// Due dates of what was asked already are moved with their requests.
func (c *pilot) goOn(ctx workflow.Context) {
	if c.stood.IsZero() {
		return
	}
	now := c.now(ctx)
	moved := func(at time.Time) time.Time {
		to := playbook.Moved(c.process.in.Calendar, c.process.in.Hours, at, c.stood, now)
		if to.Equal(at) {
			return at
		}
		return c.process.in.Calendar.Next(c.process.in.Hours, to) // nobody is asked as they close
	}
	for _, x := range c.parts {
		if x.asked == nil {
			x.at = moved(x.at)
		}
	}
	if c.scoring == nil && !c.scoreAt.IsZero() {
		c.scoreAt = moved(c.scoreAt)
	}
	c.stood = time.Time{}
}

// reopen asks a part anew, or the scores; what was asked since about the scores is
// closed, and stays in the record.
func (c *pilot) reopen(ctx workflow.Context) {
	act := *c.reopened
	c.reopened = nil
	c.note(ctx, dossier.Reopened, act.Person.ID, act.ID, nil, &dossier.Detail{Step: act.Step, Written: act.Written})
	for _, a := range []*asked{c.deciding, c.scoring} {
		if a != nil && a.req.Closed == nil {
			c.shut(ctx, a, a.req.Tally(c.now(ctx)).State, "reopened")
		}
	}
	c.scoring, c.deciding, c.counted, c.result.Score = nil, nil, nil, 0
	for _, x := range c.parts {
		if x.step.ID == act.Step {
			x.asked, x.chore, x.done, x.again, x.at, x.overdue = nil, nil, false, true, c.now(ctx), time.Time{}
		}
	}
}
