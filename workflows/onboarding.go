package workflows

import (
	"slices"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// OnboardingInput starts an onboarding.
type OnboardingInput struct {
	Common
	Facts playbook.Facts      `json:"facts"`
	Tiers []playbook.TierRule `json:"tiers"`
	// Stages of the playbook in order; steps of one stage are asked together.
	Stages []string `json:"stages"`
	// DPAWhen says which data need a data processing agreement.
	DPAWhen playbook.Condition `json:"dpaWhen,omitzero"`
	// Intake and PlaybookDocument are what was filed, and the playbook as it was
	// then, among the documents.
	Intake           dossier.Paper `json:"intake"`
	PlaybookDocument dossier.Paper `json:"playbookDocument"`
	// Contract is the digest of the contract's first version, if there is one.
	Contract string `json:"contract,omitempty"`
	// Oversee: once the vendor is live an oversight of its own watches what runs out,
	// as early as Watch says.
	Oversee bool             `json:"oversee,omitempty"`
	Watch   engagement.Watch `json:"watch,omitzero"`
	// Renew: evidence that runs out before the vendor is live is asked for again, and so
	// is what a corrected intake asks besides. Cases that began before go on without.
	Renew bool `json:"renew,omitempty"`
}

// OnboardingResult is how an onboarding ended.
type OnboardingResult struct {
	Result   string `json:"result"`
	Contract string `json:"contract,omitempty"` // digest of the version signed off
	DPA      string `json:"dpa,omitempty"`      // digest of the agreement in force
	// Oversight is the case that watches the vendor from now on.
	Oversight string `json:"oversight,omitempty"`
}

// onboarding is an onboarding's own state besides what every process has.
type onboarding struct {
	*process
	in        OnboardingInput
	was       playbook.Facts // by which the steps were chosen
	stage     int
	stages    []string
	asking    []*asked // the stage's requests
	chores    []settling
	children  []*child
	begun     bool                // the stage's contract review was started, if it has one
	ran       []playbook.Process  // the stage's other parts that were started
	grants    []*granting         // accesses that the stage gives
	accepts   []accepting         // what was delivered and is to be accepted
	withheld  []playbook.Step     // what would be asked of a vendor who has yet to sign
	choosing  *asked              // offers or a single source: the owner has the word
	expiries  []engagement.Expiry // what has to be watched once the vendor is live
	looked    []string            // packs of clauses that were looked for in the contract
	shown     []string            // items that a due diligence settled
	exitPlan  string              // digest of the signed one
	contacts  string              // digest of the form of contacts
	oversight string              // the case that watches the vendor
	ending    *review.Act         // a child was withdrawn, and the case with it
	outside   Outward             // whom the parts asked of the vendor's people
	contract  string              // digest of the newest contract version that is known
	signed    string              // digest of the version signed off
	dpa       string              // the word by which the last collection ended; empty: none did, or another is wanted
	inForce   string              // digest of the agreement in force
	result    string
	by        string
	awaits    []awaiting // the exits that wait for this vendor
	gates     int        // what they were told, for its order
}

// settling is a chore that settles one request.
type settling struct {
	of, chore *asked
}

// Onboarding takes a vendor on board: tier, then the playbook's stages one
// after the other, in one of them the contract review and the collection of a data
// processing agreement side by side as processes of their own,
// until the vendor is live or the owner withdraws.
func Onboarding(ctx workflow.Context, in OnboardingInput) (OnboardingResult, error) {
	in.Tier = playbook.TierFor(in.Tiers, in.Facts)
	p := begin(ctx, in.Common, playbook.Onboarding)
	p.facts, p.tiers = &in.Facts, in.Tiers
	o := &onboarding{process: p, in: in, was: in.Facts, contract: in.Contract}
	o.opened(ctx)
	o.enter(ctx)
	o.listenForExits(ctx)
	err := p.hear(ctx)
	if err != nil {
		return OnboardingResult{}, err
	}
	err = o.loop(ctx)
	if temporal.IsCanceledError(err) {
		o.result = ResultWithdrawn
		ctx, _ = workflow.NewDisconnectedContext(ctx)
		err = o.childrenEnded(ctx)
		if err != nil {
			return OnboardingResult{}, err
		}
	} else if err != nil {
		return OnboardingResult{}, err
	}
	p.shutAll(ctx, o.result)
	err = o.handOver(ctx)
	if err == nil {
		err = o.eraseUnwatched(ctx)
	}
	if err != nil {
		return OnboardingResult{}, err
	}
	o.closed(ctx)
	err = o.filedAndTold(ctx)
	return OnboardingResult{Result: o.result, Contract: o.signed, DPA: o.inForce, Oversight: o.oversight}, err
}

// opened notes what the case starts with and which stages its tier has.
func (o *onboarding) opened(ctx workflow.Context) {
	in := o.in
	o.caseOpened(ctx)
	o.note(ctx, dossier.DocumentFiled, in.Requester, "", nil, filedAs("intake", in.Intake))
	o.note(ctx, dossier.DocumentFiled, "", "", nil, filedAs("playbook", in.PlaybookDocument))
	o.note(ctx, dossier.TierSet, "", "", nil, &dossier.Detail{Tier: in.Tier})
	for _, s := range in.Stages {
		if o.hasStage(s) {
			o.stages = append(o.stages, s)
		}
	}
}

// filedAs is what the record says of a document that comes with the case.
func filedAs(name string, p dossier.Paper) *dossier.Detail {
	return &dossier.Detail{Name: name, Document: p.Digest, Size: p.Size, Media: p.Media}
}

// closed notes the end in the case and in the register, and tells the vendor.
func (o *onboarding) closed(ctx workflow.Context) {
	o.farewell(ctx)
	d := &dossier.Detail{Result: o.result, Vendor: o.in.Vendor, Document: o.signed}
	o.note(ctx, dossier.ProcessEnded, o.by, "", nil, d)
	o.caseClosed(ctx, o.by, d)
}

func (o *onboarding) steps(stage string) []playbook.Step {
	var steps []playbook.Step
	for _, s := range o.in.Steps {
		if s.Process == playbook.Onboarding && s.Stage == stage && o.applies(s) {
			steps = append(steps, s)
		}
	}
	return steps
}

func (o *onboarding) loop(ctx workflow.Context) error {
	for o.result == "" {
		again, err := o.step(ctx)
		if err != nil {
			return err
		}
		if o.result != "" || again {
			continue
		}
		o.wake = o.nextEnd(ctx)
		err = o.turn(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// enter starts the current stage, or ends the onboarding after the last.
func (o *onboarding) enter(ctx workflow.Context) {
	if o.stage >= len(o.stages) {
		o.result = ResultLive
		return
	}
	name := o.stages[o.stage]
	o.note(ctx, dossier.StageReached, "", "", nil, &dossier.Detail{Stage: name})
	o.asking, o.chores, o.children, o.begun = nil, nil, nil, false
	o.accepts, o.choosing, o.grants = nil, nil, nil
	o.reopens = o.passed()
	if name == playbook.ContractStage {
		return
	}
	steps := o.steps(name)
	if o.choose(ctx, steps) {
		steps = slices.DeleteFunc(steps, competes)
	}
	for _, s := range steps {
		o.askStep(ctx, s)
	}
}

// askStep asks a step of the stage, unless the vendor has to sign something before.
func (o *onboarding) askStep(ctx workflow.Context, s playbook.Step) {
	if o.withholds(s) {
		return
	}
	o.asking = append(o.asking, o.open(ctx, question{step: s, requester: s.Barred(o.in.Requester)}))
}

// passed lists the steps of the stages before the current one.
func (o *onboarding) passed() []string {
	var ids []string
	for _, stage := range o.stages[:o.stage] {
		for _, s := range o.steps(stage) {
			ids = append(ids, s.ID)
		}
		if stage == playbook.ContractStage {
			ids = append(ids, o.reviewedSteps()...)
		}
		for _, part := range o.parts(stage) {
			ids = append(ids, decidedBy(part, o.in.Steps)...)
		}
	}
	return ids
}

// step looks at the state and does the next thing; again says that the state
// has to be looked at anew before sleeping.
func (o *onboarding) step(ctx workflow.Context) (again bool, err error) {
	o.tellChildren(ctx)
	if o.withdrawn == nil && o.ending == nil { // else they hear how it ended
		o.tellExits(ctx)
	}
	again, err = o.eraseOverdue(ctx)
	if again || err != nil {
		return again, err
	}
	switch {
	case o.withdrawn != nil:
		o.withdraw(ctx, *o.withdrawn, true)
		return false, nil
	case o.ending != nil:
		o.withdraw(ctx, *o.ending, false)
		return false, nil
	case o.held != nil:
		return false, nil
	case o.reopened != nil:
		return o.reopen(ctx)
	case o.in.Tier != o.process.in.Tier || o.judgedAnew():
		o.retier(ctx)
	}
	open := o.chosen(ctx)
	for _, a := range o.asking {
		if a.req.Closed == nil && o.settle(ctx, a) {
			open = true
		}
		if o.result != "" {
			return false, nil
		}
	}
	open = o.accepted(ctx) || open
	open = o.disclose(ctx) || open
	waits, again, err := o.activate(ctx)
	if again || err != nil {
		return again, err
	}
	open = open || waits
	if o.result != "" {
		return false, nil
	}
	if slices.ContainsFunc(o.reached(), o.hasParts) {
		again, err = o.stepChildren(ctx)
		if again || err != nil || o.waits() {
			return again, err
		}
	}
	if open || o.result != "" {
		return false, nil
	}
	o.stage++
	o.enter(ctx)
	return true, nil
}

// settle brings one request of the stage on: met closes it, a refusal goes to
// the owner. It reports whether the request is still open.
func (o *onboarding) settle(ctx workflow.Context, a *asked) bool {
	i := slices.IndexFunc(o.chores, func(s settling) bool { return s.of == a && s.chore.req.Closed == nil })
	t := a.req.Tally(o.now(ctx))
	if !t.State.Decided() || t.State == review.Met {
		if i >= 0 {
			o.shut(ctx, o.chores[i].chore, review.Open, "superseded")
		}
		if t.State == review.Met {
			o.shut(ctx, a, review.Met, "decided")
			o.done(ctx, a)
			return false
		}
		return true
	}
	if i < 0 {
		chore := o.openChore(ctx, settleName(a.step), playbook.Onboarding, a, []review.Verdict{playbook.AskAgain})
		o.chores = append(o.chores, settling{of: a, chore: chore})
		return true
	}
	b := o.chores[i].chore.req.Standing(playbook.OwnerSeat)
	if b == nil {
		return true
	}
	o.shut(ctx, o.chores[i].chore, review.Met, "decided")
	switch b.Verdict {
	case playbook.Waive:
		o.apply(ctx, a, []review.Fact{{Kind: review.FactWaived, Request: a.req.ID, At: o.now(ctx), Person: b.Person, Answer: b.Answer}})
		o.shut(ctx, a, t.State, "waived")
		return false
	case playbook.Withdraw:
		o.result, o.by = ResultWithdrawn, b.Person
		o.note(ctx, dossier.Withdrawn, b.Person, b.Answer, nil, &dossier.Detail{Written: b.Written})
		return false
	default:
		if a.step.Does == playbook.DoesWaive { // then offers, perhaps
			o.shut(ctx, a, t.State, "superseded")
			o.choose(ctx, o.steps(a.step.Stage))
			return true
		}
		o.askAgain(ctx, a, b.Person, b.Answer)
		return true
	}
}

// withdraw ends the case once no child of it runs any more; a child's own
// withdrawal is in the record already.
func (o *onboarding) withdraw(ctx workflow.Context, act review.Act, note bool) {
	if o.endChildren(ctx, act) {
		return
	}
	o.result, o.by = ResultWithdrawn, act.Person.ID
	if note {
		o.note(ctx, dossier.Withdrawn, act.Person.ID, act.ID, nil, &dossier.Detail{Written: act.Written})
	}
}

// reopen goes back to the stage of a step that was decided; what was asked
// since is closed, and stays in the record.
func (o *onboarding) reopen(ctx workflow.Context) (bool, error) {
	act := o.reopened
	if o.endChildren(ctx, *act) {
		return false, nil
	}
	for _, c := range o.children {
		if !c.taken {
			o.take(c)
		}
	}
	o.reopened = nil
	for i, stage := range o.stages[:o.stage] {
		has := stage == playbook.ContractStage && slices.Contains(o.reviewedSteps(), act.Step) || o.decidedIn(stage, act.Step) ||
			slices.ContainsFunc(o.steps(stage), func(s playbook.Step) bool { return s.ID == act.Step })
		if has {
			o.note(ctx, dossier.Reopened, act.Person.ID, act.ID, nil, &dossier.Detail{Step: act.Step, Stage: stage, Written: act.Written})
			kept := o.shutSince(ctx, i)
			o.forget(i, act.Step)
			o.stage = i
			o.reviewOnce()
			o.comeBack()
			o.enter(ctx)
			o.keep(kept)
			return true, nil
		}
	}
	return true, nil
}
