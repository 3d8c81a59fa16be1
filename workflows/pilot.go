package workflows

import (
	"cmp"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// pilot is a pilot's own state besides what every process has.
type pilot struct {
	*process
	in PilotInput
	// parts are what is asked before the scores, in the playbook's order: milestones,
	// the halfway decision, whatever else the playbook has.
	parts []*part
	// score and decide are the steps that end it; frozen is the digest of the criteria
	// and the threshold by which they judge.
	score, decide playbook.Step
	threshold     int
	frozen        string
	started       time.Time
	// scoreAt is when the scores are asked, whatever the vendor has delivered by then;
	// zero: when everything before them is done.
	scoreAt time.Time
	// stood is since when the case is on hold, and what is still to come stands still.
	stood   time.Time
	scoring *asked
	// deciding is the go or no-go, counted the answers whose points it was told of.
	deciding *asked
	counted  []string
	result   PartResult
}

// part is one step that is asked while the pilot runs.
type part struct {
	step playbook.Step
	at   time.Time // when it is asked
	// asked is its newest request, nil before its time; chore what the owner is asked
	// where it was refused.
	asked, chore *asked
	// overdue is the due date that passed in silence and is in the record.
	overdue time.Time
	done    bool
	// again: it was asked anew by the owner, and the scores wait for it.
	again bool
}

// Pilot lets a vendor work for a while and judges it by what was frozen when it
// began: milestones and their lateness, a halfway decision, the points of several
// scorers who see nothing of each other, and a go or no-go by people who see what
// came of it. No score decides anything.
func Pilot(ctx workflow.Context, in PilotInput) (PartResult, error) {
	c := &pilot{process: begin(ctx, in.Common, playbook.Pilot), in: in}
	if !c.plan(ctx) {
		return PartResult{}, temporal.NewNonRetryableApplicationError("the playbook has no score and no go or no-go for a pilot of this tier", ErrNoPilot, nil)
	}
	c.held, c.stops = in.Held, true
	if in.Parent == "" {
		c.caseOpened(ctx)
		c.openedAlone(ctx, in.Intake, in.PlaybookDocument)
	}
	c.freeze(ctx)
	err := c.hear(ctx)
	if err != nil {
		return PartResult{}, err
	}
	err = c.loop(ctx)
	if temporal.IsCanceledError(err) {
		c.result.Result = ResultWithdrawn
		ctx, _ = workflow.NewDisconnectedContext(ctx)
	} else if err != nil {
		return PartResult{}, err
	}
	c.stops = false
	c.missed(ctx, false)
	c.shutAll(ctx, c.result.Result)
	c.result.Recused, c.result.Declared, c.result.Stated = c.recused, c.declared, c.stated
	c.result.Outward = c.outward()
	d := &dossier.Detail{Result: c.result.Result, Vendor: in.Vendor, Score: c.result.Score}
	if c.counted != nil {
		d.Threshold = c.threshold
	}
	c.note(ctx, dossier.ProcessEnded, c.result.By, "", nil, d)
	if in.Parent == "" {
		c.caseClosed(ctx, c.result.By, d)
	}
	return c.result, c.filed(ctx)
}

// plan sorts the steps of the tier's pilot and says when each is asked; false: it
// lacks a score that can be weighed, or a decision.
func (c *pilot) plan(ctx workflow.Context) bool {
	c.started = c.now(ctx)
	for _, s := range c.in.Steps {
		if s.Process != playbook.Pilot || !s.Applies(c.in.Tier) {
			continue
		}
		switch {
		case s.Does == playbook.DoesScore && c.score.ID == "":
			c.score = s
		case s.Does == playbook.DoesGo && c.decide.ID == "":
			c.decide = s
		default:
			c.parts = append(c.parts, &part{step: s, at: c.after(s)})
		}
	}
	if !c.score.After.IsZero() {
		c.scoreAt = c.after(c.score)
	}
	c.threshold = cmp.Or(c.score.Threshold, c.decide.Threshold)
	c.frozen = engagement.FrozenCriteria(c.score.Criteria, c.threshold)
	return engagement.CheckCriteria(c.score.Criteria) == nil && c.decide.ID != ""
}

// after is when a step is asked, counted from the start.
func (c *pilot) after(s playbook.Step) time.Time {
	if s.After.IsZero() {
		return c.started
	}
	return c.process.in.Calendar.After(c.process.in.Hours, c.started, s.After)
}

// freeze notes by what the pilot is judged. Nothing changes it afterwards: it came
// with the input, which no correction touches.
func (c *pilot) freeze(ctx workflow.Context) {
	c.note(ctx, dossier.PilotFrozen, "", "", nil, &dossier.Detail{Step: c.score.ID, Digest: c.frozen, Criteria: slices.Clone(c.score.Criteria), Threshold: c.threshold})
}

func (c *pilot) loop(ctx workflow.Context) error {
	for {
		c.step(ctx)
		if c.result.Result != "" {
			return nil
		}
		err := c.turn(ctx)
		if err != nil {
			return err
		}
	}
}

// step looks at the state and does everything that it asks for now.
func (c *pilot) step(ctx workflow.Context) {
	switch {
	case c.withdrawn != nil:
		c.withdraw(ctx)
		return
	case c.stopped != nil:
		c.stop(ctx, c.stopped.Person.ID, c.stopped.ID, "", c.stopped.Written)
		return
	case c.held != nil:
		c.stand()
		return
	}
	c.goOn(ctx)
	if c.reopened != nil {
		c.reopen(ctx)
	}
	for _, x := range c.parts {
		c.bring(ctx, x)
		if c.result.Result != "" {
			return
		}
	}
	c.rate(ctx)
	c.judge(ctx)
	c.lookAgain(ctx)
}

// lookAgain says when the pilot itself wants to look again, and what may be asked
// anew.
func (c *pilot) lookAgain(ctx workflow.Context) {
	now := c.now(ctx)
	c.wake, c.reopens = time.Time{}, nil
	next := func(at time.Time) {
		if at.After(now) && (c.wake.IsZero() || at.Before(c.wake)) {
			c.wake = at
		}
	}
	for _, x := range c.parts {
		if x.asked == nil {
			next(x.at)
		}
		if x.done {
			c.reopens = append(c.reopens, x.step.ID)
		}
	}
	if c.scoring == nil {
		next(c.scoreAt)
	}
	if c.deciding != nil {
		c.reopens = append(c.reopens, c.score.ID)
	}
}

// decision is a yes or no: nothing else can be answered, so that nobody leaves it
// between the two.
func decision() []review.Verdict { return []review.Verdict{review.Approve, review.Reject} }
