package workflows

import (
	"slices"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// child is a process that an onboarding runs in one of its stages: due diligence and
// pilot where the playbook puts them, contract review and collection of a data
// processing agreement in the contract stage.
type child struct {
	id     string
	part   playbook.Process
	future workflow.ChildWorkflowFuture
	done   bool
	told   bool // that it should end
	held   bool // what it was told last
	taken  bool // its result is in the case's state
	// knows is what a due diligence was told last of what the vendor is.
	knows TierChange
	// only are the items that a due diligence asks for, nil: all.
	only []string
	// steps are those of the playbook that the result decides.
	steps []string
	// chore is what the owner is asked where it came to nothing.
	chore *asked
	// review, dpa or other is the result, by the part.
	review ContractResult
	dpa    DPAResult
	other  PartResult
	err    error
}

// result is the word by which the child ended, and who said it.
func (c *child) result() (word, by string) {
	switch c.part {
	case playbook.DPA:
		return c.dpa.Result, c.dpa.By
	case playbook.Contract:
		return c.review.Result, c.review.By
	default:
		return c.other.Result, c.other.By
	}
}

// into is where the child's result goes.
func (c *child) into() any {
	switch c.part {
	case playbook.DPA:
		return &c.dpa
	case playbook.Contract:
		return &c.review
	default:
		return &c.other
	}
}

// partSummary is what the engine's own pages call a part of an onboarding.
func partSummary(part playbook.Process) string {
	switch part {
	case playbook.DPA:
		return "data processing agreement"
	case playbook.Diligence:
		return "due diligence"
	case playbook.Pilot:
		return "pilot"
	default:
		return "contract review"
	}
}

// stands reports whether what the child was to bring is there.
func (c *child) stands() bool {
	word, _ := c.result()
	switch word {
	case ResultSigned, ResultCleared, ResultWaived, ResultInForce, ResultGo:
		return c.err == nil
	}
	return false
}

// common is what a child of the case is given: its own steps, and the case as it
// stands.
func (o *onboarding) common(part playbook.Process, id string) Common {
	in := o.process.in
	in.Process, in.Parent, in.Anchor, in.Recused = id, o.in.Process, o.anchor, slices.Clone(o.recused)
	in.Declared, in.Stated = slices.Clone(o.declared), slices.Clone(o.stated)
	in.Steps, in.Tier, in.Held = nil, o.in.Tier, o.held
	for _, s := range o.in.Steps {
		if s.Process == part && o.applies(s) {
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
	in := ContractInput{Common: o.common(playbook.Contract, id), First: o.contract, FiledBy: o.in.Requester, Counter: true, Packs: o.laterPacks()}
	c := &child{id: id, part: playbook.Contract, knows: TierChange{Tier: o.process.in.Tier, Facts: *o.facts}}
	if step := o.reviewStep(); step != nil {
		c.steps = []string{step.ID}
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

// startPart starts the due diligence or the pilot of the current stage under the next
// number of the vendor's.
func (o *onboarding) startPart(ctx workflow.Context, part playbook.Process) error {
	prefix := DiligencePrefix(o.in.Vendor)
	if part == playbook.Pilot {
		prefix = PilotPrefix(o.in.Vendor)
	}
	id, err := o.number(ctx, prefix, string(part), partSummary(part))
	if err != nil {
		return err
	}
	if part == playbook.Diligence {
		o.startDiligence(ctx, id, nil)
		return nil
	}
	in := o.common(part, id)
	o.start(ctx, &child{id: id, part: part, steps: decidedBy(part, in.Steps)}, PilotType, PilotInput{Common: in}, in.Held != nil)
	return nil
}

// decidedBy are the steps whose decision is the part's: the risk record, the go.
func decidedBy(part playbook.Process, steps []playbook.Step) []string {
	want := playbook.DoesRisk
	if part == playbook.Pilot {
		want = playbook.DoesGo
	}
	var ids []string
	for _, s := range steps {
		if s.Process == part && s.Does == want {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// start runs a child. It may be cancelled with its parent, never terminated: it has
// copies to close.
func (o *onboarding) start(ctx workflow.Context, c *child, kind string, in any, held bool) {
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            c.id,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WaitForCancellation:   true,
		StaticSummary:         partSummary(c.part),
	})
	c.held, c.future = held, workflow.ExecuteChildWorkflow(cctx, kind, in)
	o.children, o.awaited = append(o.children, c), append(o.awaited, c.id)
	o.reviewing = append(o.reviewing, c.steps...)
	workflow.GoNamed(ctx, string(c.part), func(ctx workflow.Context) {
		c.err = c.future.Get(ctx, c.into())
		c.done = true
		o.awaited = slices.DeleteFunc(o.awaited, func(id string) bool { return id == c.id })
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
			o.sends(ctx, c.future.SignalChildWorkflow(ctx, SignalWithdraw, act))
		}
	}
	return running
}

// childrenEnded waits for children that were cancelled with their parent, so that
// nothing of the case is recorded after its end.
func (o *onboarding) childrenEnded(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return !slices.ContainsFunc(o.children, func(c *child) bool { return !c.done }) })
}

// tellChildren lets running children follow a hold or a resume, and hear of interests.
func (o *onboarding) tellChildren(ctx workflow.Context) {
	o.tellInterests(ctx)
	for _, c := range o.children {
		o.tellTier(ctx, c)
		if c.done || c.held == (o.held != nil) {
			continue
		}
		c.held = o.held != nil
		act := o.steered
		act.ID, act.Process = act.ID+"@"+c.id, c.id
		o.sends(ctx, c.future.SignalChildWorkflow(ctx, SignalSteer, act))
	}
}

// take takes a child's result into the case's state: who declared a conflict, which
// steps are decided, what was signed.
func (o *onboarding) take(c *child) {
	c.taken = true
	o.takeOutward(c)
	o.recused = union(o.recused, c.review.Recused, c.dpa.Recused, c.other.Recused)
	o.takeStatements(c.review.Stated, c.dpa.Stated, c.other.Stated)
	o.watchFrom(c)
	ours := func(id string) bool { return slices.Contains(c.steps, id) }
	o.process.reviewed = slices.DeleteFunc(o.process.reviewed, ours)
	o.reviewing = slices.DeleteFunc(o.reviewing, ours)
	if c.stands() {
		o.process.reviewed = append(o.process.reviewed, c.steps...)
	}
	switch {
	case c.part == playbook.Diligence || c.part == playbook.Pilot:
		if !c.stands() {
			o.ran = slices.DeleteFunc(o.ran, func(p playbook.Process) bool { return p == c.part })
		}
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

// expiries are what has to be watched from now on because of what the child brought.
func (c *child) expiries() []engagement.Expiry {
	all := slices.Clone(c.other.Expiries)
	all = append(all, c.review.Expiries...)
	if c.part == playbook.DPA && c.dpa.Result == ResultInForce && !c.dpa.Ends.IsZero() {
		all = append(all, engagement.Expiry{ID: c.id + ":ends", Kind: engagement.ExpiryDPA, Name: "ends", On: c.dpa.Ends, Document: c.dpa.Document, Process: c.id})
	}
	if c.part == playbook.DPA && c.dpa.Result == ResultInForce && !c.dpa.LookAgain.IsZero() {
		all = append(all, engagement.Expiry{ID: c.id + ":look-again", Kind: engagement.ExpiryDPA, Name: "look-again", On: c.dpa.LookAgain, Document: c.dpa.Document, Process: c.id})
	}
	return all
}

// union adds to a list the ids of others that it lacks, in their order.
func union(list []string, others ...[]string) []string {
	for _, other := range others {
		for _, id := range other {
			if !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	return list
}
