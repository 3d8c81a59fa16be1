package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// ContractDocument is the name under which versions of the contract are filed.
const ContractDocument = "contract"

// Results of processes, as they stand in the record.
const (
	ResultSigned    = "signed-off"
	ResultWaived    = "waived"
	ResultWithdrawn = "withdrawn"
	ResultReopened  = "reopened"
	ResultLive      = "live"
)

// ContractInput starts a contract review, by an onboarding or alone.
type ContractInput struct {
	Common
	// First is the digest of the first version; empty: the owner is asked for it.
	First string `json:"first,omitempty"`
	// FiledBy is who filed the first version.
	FiledBy string `json:"filedBy,omitempty"`
}

// ContractResult is how a contract review ended.
type ContractResult struct {
	Result  string `json:"result"`
	Version int    `json:"version,omitempty"`
	// Document is the digest of the version signed off; of the newest one where
	// the review ends because the case goes back to an earlier step.
	Document string `json:"document,omitempty"`
	// Recused is everybody who has declared a conflict in the case by now.
	Recused []string `json:"recused,omitempty"`
	// By is who withdrew it.
	By string `json:"by,omitempty"`
}

// contractReview is a contract review's own state besides what every process
// has.
type contractReview struct {
	*process
	review *asked // nil until there is a version
	chore  *asked // what the owner is asked now
	// sent and next are the versions whose wanted changes went to the vendor, or
	// for which the owner chose to go on with a next version after a refusal.
	sent   int
	next   int
	result ContractResult
}

// ContractReview takes a contract through its versions until all groups of the
// playbook's review have signed one off, or the owner withdraws. A version is a
// content hash; only seats whose clauses changed, and those who wanted changes
// or rejected, are asked about the next one.
func ContractReview(ctx workflow.Context, in ContractInput) (ContractResult, error) {
	p := begin(ctx, in.Common, playbook.Contract)
	if p.reviewStep() == nil {
		return ContractResult{}, temporal.NewNonRetryableApplicationError("the playbook has no contract step for this tier", ErrNoReview, nil)
	}
	p.filesAs, p.held = ContractDocument, in.Held
	c := &contractReview{process: p}
	if in.Parent == "" {
		p.caseOpened(ctx)
	}
	if in.First != "" {
		p.submitted = append(p.submitted, review.Act{Kind: review.Submit, Name: ContractDocument, Document: in.First, Person: review.Person{ID: in.FiledBy}})
	}
	err := p.hear(ctx)
	if err != nil {
		return ContractResult{}, err
	}
	err = c.loop(ctx)
	if temporal.IsCanceledError(err) {
		c.result = ContractResult{Result: ResultWithdrawn}
		ctx, _ = workflow.NewDisconnectedContext(ctx)
	} else if err != nil {
		return ContractResult{}, err
	}
	p.shutAll(ctx, c.result.Result)
	c.result.Recused = p.recused
	d := &dossier.Detail{Result: c.result.Result, Version: c.result.Version, Document: c.result.Document}
	p.note(ctx, dossier.ProcessEnded, c.result.By, "", nil, d)
	if in.Parent == "" {
		p.caseClosed(ctx, c.result.By, d)
	}
	return c.result, p.filed(ctx)
}

func (c *contractReview) loop(ctx workflow.Context) error {
	for {
		again, err := c.step(ctx)
		if err != nil || c.result.Result != "" {
			return err
		}
		if again {
			continue
		}
		err = c.turn(ctx)
		if err != nil {
			return err
		}
	}
}

// step looks at the state and does the next thing; again says that the state
// has to be looked at anew before sleeping.
func (c *contractReview) step(ctx workflow.Context) (again bool, err error) {
	switch {
	case c.withdrawn != nil:
		c.result = ContractResult{Result: ResultWithdrawn, By: c.withdrawn.Person.ID}
		if c.withdrawn.Kind == review.Reopen {
			c.result.Result = ResultReopened
			if c.review != nil { // who reads it next goes on from the newest version
				newest := c.review.req.Versions[len(c.review.req.Versions)-1]
				c.result.Version, c.result.Document = newest.Number, newest.Document
			}
		}
		c.note(ctx, dossier.Withdrawn, c.withdrawn.Person.ID, c.withdrawn.ID, nil, &dossier.Detail{Written: c.withdrawn.Written})
		return false, nil
	case c.held != nil:
		return false, nil
	case len(c.submitted) > 0:
		return true, c.take(ctx)
	case c.early != nil:
		c.sentEarly(ctx)
		return true, nil
	case c.chore != nil && c.chore.req.Closed == nil && c.chore.req.Tally(c.now(ctx)).State == review.Met:
		c.choreDone(ctx)
		return true, nil
	case c.review == nil:
		c.want(ctx, playbook.ChoreText)
		return false, nil
	}
	switch c.review.req.Tally(c.now(ctx)).State {
	case review.Met:
		c.signOff(ctx, ResultSigned)
	case review.Wanted:
		if c.sent == c.review.req.Current() {
			c.want(ctx, playbook.ChoreNext)
		} else {
			c.want(ctx, playbook.ChoreSend)
		}
	case review.Denied:
		if c.next == c.review.req.Current() {
			c.want(ctx, playbook.ChoreNext)
		} else {
			c.want(ctx, playbook.ChoreSettle)
		}
	default:
		// People are asked again, so what they want now has to go out anew.
		c.sent, c.next = 0, 0
		c.want(ctx, "")
	}
	return false, nil
}

// signOff ends the review on the current version.
func (c *contractReview) signOff(ctx workflow.Context, result string) {
	r := c.review.req
	v := r.Versions[len(r.Versions)-1]
	state, why := review.Met, "decided"
	if result == ResultWaived {
		state, why = r.Tally(c.now(ctx)).State, result
	}
	c.shut(ctx, c.review, state, why)
	c.result = ContractResult{Result: result, Version: v.Number, Document: v.Document}
}

// want makes the named chore the one that the owner is asked; the empty name
// asks nothing. A chore that is no longer needed is closed.
func (c *contractReview) want(ctx workflow.Context, name string) {
	if name == playbook.ChoreSettle {
		name = settleName(c.review.step)
	}
	open := c.chore != nil && c.chore.req.Closed == nil
	if open && c.chore.step.ID == name {
		return
	}
	if open {
		c.shut(ctx, c.chore, review.Open, "superseded")
	}
	c.chore = nil
	if name == "" {
		return
	}
	var of *asked
	if c.review != nil && name == settleName(c.review.step) {
		of = c.review
	}
	c.chore = c.openChore(ctx, name, playbook.Contract, of, []review.Verdict{playbook.NextVersion})
}

// sentEarly notes that the owner sent the wanted changes before everybody had
// answered; a version that came at the same moment made the list an old one.
func (c *contractReview) sentEarly(ctx workflow.Context) {
	act := *c.early
	c.early = nil
	if c.review.req.Tally(c.now(ctx)).State != review.Wanted {
		return
	}
	c.sent = c.review.req.Current()
	c.note(ctx, dossier.SentToVendor, act.Person.ID, act.ID, nil, &dossier.Detail{Version: c.sent, Written: act.Written})
}

// choreDone acts on what the owner answered.
func (c *contractReview) choreDone(ctx workflow.Context) {
	b := *c.chore.req.Standing(playbook.OwnerSeat)
	c.shut(ctx, c.chore, review.Met, "decided")
	switch b.Verdict {
	case review.Delivered:
		c.submitted = append(c.submitted, review.Act{Kind: review.Submit, ID: b.Answer, Name: ContractDocument,
			Document: b.Documents[0], Person: review.Person{ID: b.Person}, ForVendor: true})
	case playbook.Sent:
		c.sent = c.review.req.Current()
		c.note(ctx, dossier.SentToVendor, b.Person, b.Answer, nil, &dossier.Detail{Version: c.sent, Written: b.Written})
	case playbook.NextVersion:
		c.next = c.review.req.Current()
	case playbook.Waive:
		c.apply(ctx, c.review, []review.Fact{{Kind: review.FactWaived, Request: c.review.req.ID, At: c.now(ctx), Person: b.Person, Answer: b.Answer}})
		c.signOff(ctx, ResultWaived)
	case playbook.Withdraw:
		c.result = ContractResult{Result: ResultWithdrawn, By: b.Person}
		c.note(ctx, dossier.Withdrawn, b.Person, b.Answer, nil, &dossier.Detail{Written: b.Written})
	}
}

// take takes the next submitted version in: splits and compares it with every
// earlier one, files it, and asks whom it touches.
func (c *contractReview) take(ctx workflow.Context) error {
	act := c.submitted[0]
	if c.known(act.Document) { // a delivery: submitting is refused at once
		c.submitted = c.submitted[1:]
		c.refuse(ctx, act.ID, act.Person.ID, review.Outcome{By: act.Person.ID}, review.Duplicate)
		return nil
	}
	in := activities.CompareIn{Document: act.Document}
	step := *c.reviewStep()
	policy := step.Policy
	if c.review != nil { // seats may have been added
		policy = c.review.req.Policy
	}
	for _, s := range policy.Seats() {
		in.Seats = append(in.Seats, activities.SeatScope{Seat: s.ID, Scope: s.Scope})
	}
	if c.review != nil {
		for _, v := range c.review.req.Versions {
			in.Earlier = append(in.Earlier, activities.EarlierDocument{Version: v.Number, Document: v.Document})
		}
	}
	c.working++
	out, err := call(ctx, thorough("compare the new version"), actCompare, acts.Compare, in)
	c.working--
	c.submitted = c.submitted[1:]
	c.changes++
	var app *temporal.ApplicationError
	if errors.As(err, &app) { // final: everything else is tried for ever
		c.refuse(ctx, act.ID, act.Person.ID, review.Outcome{By: act.Person.ID}, review.Unreadable)
		return nil
	}
	if err != nil {
		return err
	}
	now := c.now(ctx)
	v := review.Version{Number: len(in.Earlier) + 1, Document: act.Document, Touched: out.Touched, At: now}
	c.note(ctx, dossier.DocumentFiled, act.Person.ID, act.ID, nil, &dossier.Detail{Name: ContractDocument, Document: act.Document,
		Version: v.Number, Size: out.Size, Media: out.Media, ReadAs: out.ReadAs, Clauses: out.Clauses, Comparison: out.Last, ForVendor: act.ForVendor, Written: act.Written})
	if c.review == nil {
		c.review = c.open(ctx, question{step: step, requester: c.in.Requester, document: ContractDocument, versions: []review.Version{v}})
		return nil
	}
	c.apply(ctx, c.review, []review.Fact{{Kind: review.FactVersion, Request: c.review.req.ID, At: now, Person: act.Person.ID, Answer: act.ID, Version: &v}})
	c.follow(c.review, now)
	c.reseat = true
	return nil
}

// reviewStep is the step that reads the document: the first of the process that
// the vendor's tier has, nil where it has none.
func (p *process) reviewStep() *playbook.Step {
	for i, s := range p.in.Steps {
		if s.Process == playbook.Contract && s.Applies(p.in.Tier) {
			return &p.in.Steps[i]
		}
	}
	return nil
}
