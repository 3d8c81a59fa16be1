package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
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
	ResultGo        = "go"      // of a pilot
	ResultStopped   = "stopped" // a pilot that ended early
	ResultBroken    = "broken"  // it ended without a word: it failed, or was ended by hand
)

// ContractInput starts a contract review, by an onboarding or alone.
type ContractInput struct {
	Common
	// First is the digest of the first version; empty: the owner is asked for it.
	First string `json:"first,omitempty"`
	// FiledBy is who filed the first version.
	FiledBy string `json:"filedBy,omitempty"`
	// Counter: the vendor's people may file their next version themselves.
	Counter bool `json:"counter,omitempty"`
	// Packs are clauses that the intake does not want looked for now, and may when it is
	// corrected. Signed is a text that was signed off already: nothing is done but look
	// for them in it, as the Facts want.
	Packs  []playbook.Step `json:"packs,omitempty"`
	Signed string          `json:"signed,omitempty"`
	Facts  playbook.Facts  `json:"facts,omitzero"`
	// Intake and PlaybookDocument are what was filed where it runs alone, and the
	// playbook as it was then.
	Intake           dossier.Paper `json:"intake,omitzero"`
	PlaybookDocument dossier.Paper `json:"playbookDocument,omitzero"`
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
	// Declared is everybody whose statement on interests stands in the case by now.
	Declared []string    `json:"declared,omitempty"`
	Stated   []Statement `json:"stated,omitempty"` // when each did
	// By is who withdrew it.
	By string `json:"by,omitempty"`
	// Executed is the digest of the signed copy; Expiries are what has to be watched
	// from now on, the contract's own end among it.
	Executed string              `json:"executed,omitempty"`
	Packs    []string            `json:"packs,omitempty"` // that were looked for, by their steps
	Expiries []engagement.Expiry `json:"expiries,omitempty"`
	Outward
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

	// counter and words: the vendor's people may file the next version, and are told
	// what the owner wrote for them in this answer.
	counter bool
	words   string
	packs   []*pack
	// later are packs that a corrected intake may want, retold what was heard of it.
	later  []playbook.Step
	retold []TierChange
	// approved is how the review ended, nil while it runs; executed and copy are what
	// follows it.
	approved *ContractResult
	executed *asked
	copy     signedCopy
}

// ContractReview takes a contract through its versions until all groups of the
// playbook's review have signed one off, or the owner withdraws. A version is a
// content hash; only seats whose clauses changed, and those who wanted changes
// or rejected, are asked about the next one. Beside the review packs of clauses are
// looked for, each found by somebody, waived, or wanted of the vendor; after it the
// signed copy is compared with what was approved.
func ContractReview(ctx workflow.Context, in ContractInput) (ContractResult, error) {
	p := begin(ctx, in.Common, playbook.Contract)
	if p.reviewStep() == nil && in.Signed == "" {
		return ContractResult{}, temporal.NewNonRetryableApplicationError("the playbook has no contract step for this tier", ErrNoReview, nil)
	}
	p.filesAs, p.held = ContractDocument, in.Held
	c := &contractReview{process: p, counter: in.Counter, packs: p.packsOf(), later: in.Packs}
	if in.Signed != "" {
		c.settledText(in)
	}
	if in.Parent == "" {
		p.caseOpened(ctx)
		p.openedAlone(ctx, in.Intake, in.PlaybookDocument)
	}
	if in.First != "" {
		p.submitted = append(p.submitted, review.Act{Kind: review.Submit, Name: ContractDocument, Document: in.First, Person: review.Person{ID: in.FiledBy}})
	}
	workflow.GoNamed(ctx, "retier", c.hearTier)
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
	c.result.Recused, c.result.Declared, c.result.Stated = p.recused, p.declared, p.stated
	c.result.Outward = p.outward()
	for _, k := range c.packs {
		c.result.Packs = append(c.result.Packs, k.step.ID)
	}
	d := &dossier.Detail{Result: c.result.Result, Version: c.result.Version, Document: c.result.Document}
	p.note(ctx, dossier.ProcessEnded, c.result.By, "", nil, d)
	if in.Parent == "" {
		p.caseClosed(ctx, c.result.By, d)
	}
	ended := child{id: in.Process, part: playbook.Contract, review: c.result}
	p.report(ctx, News{Result: c.result.Result, By: c.result.By, Document: c.result.Document, Recused: p.recused, Expiries: ended.expiries()})
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
	case len(c.retold) > 0:
		return true, c.lookForMore(ctx)
	case c.early != nil:
		c.sentEarly(ctx)
		return true, nil
	case c.chore != nil && c.chore.req.Closed == nil && c.chore.req.Tally(c.now(ctx)).State == review.Met:
		c.choreDone(ctx)
		return true, nil
	case c.review == nil && c.approved == nil:
		c.want(ctx, playbook.ChoreText)
		return false, nil
	case c.takePack(ctx):
		return true, nil
	case c.approved != nil:
		return c.finish(ctx)
	}
	return c.decide(ctx), nil
}

// decide does what the answers to the review ask for, and those to the packs of
// clauses.
func (c *contractReview) decide(ctx workflow.Context) (again bool) {
	state := c.review.req.Tally(c.now(ctx)).State
	switch {
	case state == review.Denied && c.next == c.review.req.Current():
		c.want(ctx, playbook.ChoreNext)
	case state == review.Denied:
		c.want(ctx, playbook.ChoreSettle)
	case c.lacking(ctx):
		c.want(ctx, playbook.ChoreClauses)
	case state == review.Wanted || state == review.Met && len(c.wanted()) > 0:
		switch {
		case c.looking(ctx, true):
			c.want(ctx, "")
		case c.sent == c.review.req.Current():
			c.want(ctx, playbook.ChoreNext)
		default:
			c.want(ctx, playbook.ChoreSend)
		}
	case state == review.Met && c.looking(ctx, false):
		c.want(ctx, "")
	case state == review.Met:
		c.signOff(ctx, ResultSigned)
		return c.result.Result == ""
	default:
		// People are asked again, so what they want now has to go out anew.
		c.sent, c.next = 0, 0
		c.want(ctx, "")
	}
	return false
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
	c.approved = &ContractResult{Result: result, Version: v.Number, Document: v.Document}
	if len(c.packs) == 0 && c.executedStep() == nil {
		c.result = *c.approved
	}
	c.filesAs = "" // no version comes after the one that was signed off
	for _, k := range c.packs {
		for i := range k.lines {
			if k.lines[i].is == clauseWanted { // of a review that was waived: nobody is left to ask
				k.lines[i].is = clauseMissing
			}
		}
	}
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
	switch {
	case name == playbook.ChoreNext && c.counter:
		c.chore = c.openCounter(ctx)
	case name == playbook.ChoreClauses:
		chore := playbook.NewChore(name, playbook.Contract, c.in.Chores)
		points, _, _ := c.missing(ctx)
		c.chore = c.open(ctx, question{step: chore.Step, reasoned: chore.Reasoned, points: points, document: ContractDocument, versions: c.newest()})
	case name == playbook.ChoreCopy:
		chore := playbook.NewChore(name, playbook.Contract, c.in.Chores)
		c.chore = c.open(ctx, question{step: chore.Step, options: chore.Options, reasoned: chore.Reasoned, document: ExecutedDocument,
			versions: []review.Version{{Number: 1, Document: c.approved.Document, At: c.now(ctx)}, {Number: 2, Document: c.copy.document, Touched: c.copy.touched, At: c.now(ctx)}}})
	default:
		c.chore = c.openChore(ctx, name, playbook.Contract, of, []review.Verdict{playbook.NextVersion})
	}
}

// newest is the version that is reviewed, as a question about it shows it.
func (c *contractReview) newest() []review.Version {
	v := c.text()
	return []review.Version{{Number: v.Number, Document: v.Document, At: v.At}}
}

// openCounter asks the owner and the vendor's people for the next version; the first
// of them who files one is heard. The vendor reads what the owner wrote for them, and
// which clauses are missing.
func (c *contractReview) openCounter(ctx workflow.Context) *asked {
	chore := playbook.NewChore(playbook.ChoreCounter, playbook.Contract, c.in.Chores)
	return c.open(ctx, question{step: chore.Step, points: c.wanted(), vendorText: c.words})
}

// sentEarly notes that the owner sent the wanted changes before everybody had
// answered; a version that came at the same moment made the list an old one.
func (c *contractReview) sentEarly(ctx workflow.Context) {
	act := *c.early
	c.early = nil
	if c.review.req.Tally(c.now(ctx)).State != review.Wanted {
		return
	}
	c.sentChanges(ctx, act.Person.ID, act.ID, act.Written)
}

// sentChanges notes what went to the vendor: the owner's list, and the clauses that
// are missing.
func (c *contractReview) sentChanges(ctx workflow.Context, by, answer string, written review.Written) {
	c.sent, c.words = c.review.req.Current(), ""
	if written.Vendor != "" {
		c.words = answer
	}
	d := &dossier.Detail{Version: c.sent, Written: written}
	for _, p := range c.wanted() {
		d.Points = append(d.Points, p.ID)
	}
	c.note(ctx, dossier.SentToVendor, by, answer, nil, d)
}

// choreDone acts on what the owner answered.
func (c *contractReview) choreDone(ctx workflow.Context) {
	b := standing(c.chore.req)[0] // its only seat, or the first to file a next version
	c.shut(ctx, c.chore, review.Met, "decided")
	switch b.Verdict {
	case review.Delivered:
		c.submitted = append(c.submitted, review.Act{Kind: review.Submit, ID: b.Answer, Name: ContractDocument,
			Document: b.Documents[0], Person: review.Person{ID: b.Person}, ForVendor: b.Seat == playbook.OwnerSeat || b.ForVendor})
	case playbook.Sent:
		c.sentChanges(ctx, b.Person, b.Answer, b.Written)
	case review.Checked:
		c.settleClauses(ctx, b)
	case playbook.TakeAnyway, playbook.AskAgain:
		c.settleCopy(ctx, b)
	case playbook.NextVersion:
		c.next, c.words = c.review.req.Current(), ""
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
	in.ReadAll, in.Packs = step.ReadAll, soughtIn(c.packs)
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
	v := review.Version{Number: len(in.Earlier) + 1, Document: act.Document, Touched: out.Touched, Sections: out.Sections, Changed: out.Changed, At: now}
	c.note(ctx, dossier.DocumentFiled, act.Person.ID, act.ID, nil, &dossier.Detail{Name: ContractDocument, Document: act.Document,
		Version: v.Number, Size: out.Size, Media: out.Media, ReadAs: out.ReadAs, Clauses: out.Clauses, Comparison: out.Last, ForVendor: act.ForVendor, Written: act.Written})
	if c.review == nil {
		c.review = c.open(ctx, question{step: step, requester: c.in.Requester, document: ContractDocument, versions: []review.Version{v}})
		c.askPacks(ctx, v, out.Packs)
		return nil
	}
	c.apply(ctx, c.review, []review.Fact{{Kind: review.FactVersion, Request: c.review.req.ID, At: now, Person: act.Person.ID, Answer: act.ID, Version: &v}})
	c.follow(c.review, now)
	c.reseat = true
	c.askPacks(ctx, v, out.Packs)
	return nil
}

// reviewStep is the step that reads the document: the first of the process that
// the vendor's tier has and that is for nothing else, nil where it has none.
func (p *process) reviewStep() *playbook.Step {
	for i, s := range p.in.Steps {
		if s.Process == playbook.Contract && s.Does == "" && s.Applies(p.in.Tier) && (p.facts == nil || s.When.Holds(*p.facts)) {
			return &p.in.Steps[i]
		}
	}
	return nil
}
