package workflows

import (
	"slices"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// child is a process that an onboarding runs in its contract stage: the contract
// review, or the collection of a data processing agreement.
type child struct {
	id     string
	part   playbook.Process
	future workflow.ChildWorkflowFuture
	done   bool
	told   bool // that it should end
	held   bool // what it was told last
	taken  bool // its result is in the case's state
	// steps are those of the playbook that the result decides.
	steps []string
	// chore is what the owner is asked where it came to nothing.
	chore *asked
	// review or dpa is the result, by the part.
	review ContractResult
	dpa    DPAResult
	err    error
}

// result is the word by which the child ended, and who said it.
func (c *child) result() (word, by string) {
	if c.part == playbook.DPA {
		return c.dpa.Result, c.dpa.By
	}
	return c.review.Result, c.review.By
}

// stands reports whether what the child was to bring is there.
func (c *child) stands() bool {
	word, _ := c.result()
	switch word {
	case ResultSigned, ResultWaived, ResultInForce:
		return c.err == nil
	}
	return false
}

// common is what a child of the case is given: its own steps, and the case as it
// stands.
func (o *onboarding) common(part playbook.Process, id string) Common {
	in := o.process.in
	in.Process, in.Parent, in.Anchor, in.Recused = id, o.in.Process, o.anchor, slices.Clone(o.recused)
	in.Steps, in.Tier, in.Held = nil, o.in.Tier, o.held
	for _, s := range o.in.Steps {
		if s.Process == part && s.Applies(o.in.Tier) {
			in.Steps = append(in.Steps, s)
		}
	}
	return in
}

// number reserves the number of a child, which is its own for ever.
func (o *onboarding) number(ctx workflow.Context, prefix, key, summary string) (string, error) {
	o.working++
	n, err := call(ctx, patient("number of the "+summary), actNumber, acts.Number, activities.NumberIn{Prefix: prefix, Key: o.requestID(key)})
	o.working--
	return ProcessID(prefix, n), err
}

// startContract starts a contract review under the next number of the vendor's
// contracts.
func (o *onboarding) startContract(ctx workflow.Context) error {
	id, err := o.number(ctx, ContractPrefix(o.in.Vendor), playbook.ContractStage, "contract review")
	if err != nil {
		return err
	}
	in := ContractInput{Common: o.common(playbook.Contract, id), First: o.contract, FiledBy: o.in.Requester}
	c := &child{id: id, part: playbook.Contract}
	if len(in.Steps) > 0 {
		c.steps = []string{in.Steps[0].ID}
	}
	o.start(ctx, c, ContractType, in, in.Held != nil)
	return nil
}

// startDPA starts a collection under the next number of the vendor's.
func (o *onboarding) startDPA(ctx workflow.Context) error {
	id, err := o.number(ctx, DPAPrefix(o.in.Vendor), "dpa", "collection")
	if err != nil {
		return err
	}
	in := DPAInput{Common: o.common(playbook.DPA, id), Facts: *o.facts, When: o.in.DPAWhen}
	steps, _ := playbook.CollectionOf(in.Steps, in.Tier)
	o.start(ctx, &child{id: id, part: playbook.DPA, steps: steps.IDs()}, DPAType, in, in.Held != nil)
	return nil
}

// start runs a child. It may be cancelled with its parent, never terminated: it has
// copies to close.
func (o *onboarding) start(ctx workflow.Context, c *child, kind string, in any, held bool) {
	summary := "contract review"
	if c.part == playbook.DPA {
		summary = "data processing agreement"
	}
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            c.id,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WaitForCancellation:   true,
		StaticSummary:         summary,
	})
	c.held, c.future = held, workflow.ExecuteChildWorkflow(cctx, kind, in)
	o.children = append(o.children, c)
	o.reviewing = append(o.reviewing, c.steps...)
	workflow.GoNamed(ctx, string(c.part), func(ctx workflow.Context) {
		var out any = &c.review
		if c.part == playbook.DPA {
			out = &c.dpa
		}
		c.err = c.future.Get(ctx, out)
		c.done = true
		o.changes++
	})
}

// endChildren tells running children to end and reports whether one still runs.
func (o *onboarding) endChildren(ctx workflow.Context, act review.Act) (running bool) {
	for _, c := range o.children {
		if c.done {
			continue
		}
		running = true
		if !c.told {
			c.told = true
			c.future.SignalChildWorkflow(ctx, SignalWithdraw, act)
		}
	}
	return running
}

// childrenEnded waits for children that were cancelled with their parent, so that
// nothing of the case is recorded after its end.
func (o *onboarding) childrenEnded(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return !slices.ContainsFunc(o.children, func(c *child) bool { return !c.done }) })
}

// tellChildren lets running children follow a hold or a resume.
func (o *onboarding) tellChildren(ctx workflow.Context) {
	for _, c := range o.children {
		if c.done || c.held == (o.held != nil) {
			continue
		}
		c.held = o.held != nil
		act := o.steered
		act.ID, act.Process = act.ID+"@"+c.id, c.id
		c.future.SignalChildWorkflow(ctx, SignalSteer, act)
	}
}

// take takes a child's result into the case's state: who declared a conflict, which
// steps are decided, what was signed.
func (o *onboarding) take(c *child) {
	c.taken = true
	for _, id := range append(slices.Clone(c.review.Recused), c.dpa.Recused...) {
		if !slices.Contains(o.recused, id) {
			o.recused = append(o.recused, id)
		}
	}
	ours := func(id string) bool { return slices.Contains(c.steps, id) }
	o.process.reviewed = slices.DeleteFunc(o.process.reviewed, ours)
	o.reviewing = slices.DeleteFunc(o.reviewing, ours)
	if c.stands() {
		o.process.reviewed = append(o.process.reviewed, c.steps...)
	}
	switch {
	case c.part == playbook.DPA:
		o.dpa = c.dpa.Result
		switch {
		case c.err != nil:
			o.dpa = playbook.ChoreFailed // nothing is started while the owner has the word
		case o.dpa == ResultReopened:
			o.dpa = ""
		case o.dpa == ResultInForce:
			o.inForce = c.dpa.Document
		}
	case c.review.Document != "":
		o.contract = c.review.Document
	}
}
