package workflows

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Names under which what the vendor delivers is filed: the agreement, and what came
// with it.
const (
	DPADocument = "dpa"
	DPAAnnex    = "dpa-annex"
)

// Results of a collection besides those of every process.
const (
	ResultInForce   = "in-force"
	ResultRefused   = "refused"
	ResultNotNeeded = playbook.NotNeeded
)

// DPAInput starts the collection of a data processing agreement, by an onboarding or
// alone.
type DPAInput struct {
	Common
	Facts playbook.Facts `json:"facts"`
	// When says which data need an agreement.
	When playbook.Condition `json:"when,omitzero"`
	// Wanted: a person asked for one, whatever the condition says.
	Wanted bool `json:"wanted,omitempty"`
	// Intake and PlaybookDocument are what was filed where it runs alone, and the
	// playbook as it was then.
	Intake           dossier.Paper `json:"intake,omitzero"`
	PlaybookDocument dossier.Paper `json:"playbookDocument,omitzero"`
}

// DPAResult is how a collection ended.
type DPAResult struct {
	Result string `json:"result"`
	// Document is the digest of the agreement in force, or of the newest that was
	// delivered; Version counts deliveries.
	Document string `json:"document,omitempty"`
	Version  int    `json:"version,omitempty"`
	// Ends and LookAgain are the dates that people found; zero: none.
	Ends      time.Time `json:"ends,omitzero"`
	LookAgain time.Time `json:"lookAgain,omitzero"`
	// Recused is everybody who has declared a conflict in the case by now.
	Recused []string `json:"recused,omitempty"`
	// Declared is everybody whose statement on interests stands in the case by now.
	Declared []string    `json:"declared,omitempty"`
	Stated   []Statement `json:"stated,omitempty"` // when each did
	By       string      `json:"by,omitempty"`     // who withdrew, waived or refused it
	Outward
}

// collecting is what a collection waits for.
type collecting string

const (
	fromVendor collecting = "vendor"  // the vendor delivers
	delivered  collecting = "looked"  // it is looked at
	odd        collecting = "odd"     // the owner says what becomes of something odd
	checking   collecting = "checked" // somebody looks for every point
	lacks      collecting = "lacking" // the owner says what becomes of what is missing
	signing    collecting = "signed"  // people sign it off
)

// collection is a collection's own state besides what every process has.
type collection struct {
	*process
	in    DPAInput
	steps playbook.Collection
	phase collecting
	// ask, check and sign are the requests of this round, the newest of each.
	ask, check, sign *asked
	chore            *asked // what the owner is asked now
	// round counts what was delivered; words is the answer whose words for the
	// vendor go with the next asking, expected what is asked for then.
	round    int
	words    string
	expected []engagement.Point
	look     activities.ExamineOut
	why      string // the chore that something odd is
	last     string // digest of the agreement of the round before
	result   DPAResult
}

// DPACollection collects a data processing agreement: whether one is needed, asked
// of the vendor, looked at, checked point by point by a person, signed off by
// people. Nothing but a checklist and an approval that people gave for the very
// document puts one in force.
func DPACollection(ctx workflow.Context, in DPAInput) (DPAResult, error) {
	p := begin(ctx, in.Common, playbook.DPA)
	steps, ok := playbook.CollectionOf(in.Steps, in.Tier)
	if !ok {
		return DPAResult{}, temporal.NewNonRetryableApplicationError("the playbook has no steps that collect a data processing agreement for this tier", ErrNoCollection, nil)
	}
	p.held = in.Held
	c := &collection{process: p, in: in, steps: steps, phase: fromVendor, expected: engagement.DPAPoints()}
	if in.Parent == "" {
		p.caseOpened(ctx)
		if in.Intake.Digest != "" {
			p.note(ctx, dossier.DocumentFiled, in.Requester, "", nil, filedAs("intake", in.Intake))
			p.note(ctx, dossier.DocumentFiled, "", "", nil, filedAs("playbook", in.PlaybookDocument))
		} else if in.PlaybookDocument.Digest != "" { // no person asked for it
			p.note(ctx, dossier.DocumentFiled, "", "", nil, filedAs("playbook", in.PlaybookDocument))
		}
	}
	c.need(ctx)
	err := p.hear(ctx)
	if err != nil {
		return DPAResult{}, err
	}
	err = c.loop(ctx)
	if temporal.IsCanceledError(err) {
		c.result.Result = ResultWithdrawn
		ctx, _ = workflow.NewDisconnectedContext(ctx)
	} else if err != nil {
		return DPAResult{}, err
	}
	p.shutAll(ctx, c.result.Result)
	c.result.Recused, c.result.Declared, c.result.Stated = p.recused, p.declared, p.stated
	c.result.Outward = p.outward()
	d := &dossier.Detail{Result: c.result.Result, Version: c.result.Version, Document: c.result.Document, Ends: c.result.Ends, LookAgain: c.result.LookAgain, Vendor: in.Vendor}
	p.note(ctx, dossier.ProcessEnded, c.result.By, "", nil, d)
	if in.Parent == "" {
		p.caseClosed(ctx, c.result.By, d)
	}
	ended := child{id: in.Process, part: playbook.DPA, dpa: c.result}
	p.report(ctx, News{Result: c.result.Result, By: c.result.By, Document: c.result.Document, Recused: p.recused, Expiries: ended.expiries()})
	return c.result, p.filed(ctx)
}

// need notes whether an agreement is needed, and by which data that was judged.
func (c *collection) need(ctx workflow.Context) {
	d := &dossier.Detail{Result: playbook.Needed, Values: c.in.Facts.Data}
	by := ""
	switch {
	case c.in.When.Holds(c.in.Facts):
	case c.in.Wanted:
		by = c.in.Requester
	default:
		d.Result = playbook.NotNeeded
		c.result.Result = ResultNotNeeded
	}
	c.note(ctx, dossier.DPANeed, by, "", nil, d)
}

func (c *collection) loop(ctx workflow.Context) error {
	for c.result.Result == "" {
		again, err := c.step(ctx)
		if err != nil {
			return err
		}
		if again || c.result.Result != "" {
			continue
		}
		err = c.turn(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// step looks at the state and does the next thing; again says that the state
// has to be looked at anew before sleeping.
func (c *collection) step(ctx workflow.Context) (again bool, err error) {
	switch {
	case c.withdrawn != nil:
		c.withdraw(ctx)
		return false, nil
	case c.held != nil:
		return false, nil
	case c.reopened != nil:
		c.reopen(ctx)
		return true, nil
	case c.chore != nil && c.chore.req.Closed == nil && c.chore.req.Tally(c.now(ctx)).State == review.Met:
		c.choreDone(ctx)
		return true, nil
	}
	switch c.phase {
	case fromVendor:
		return c.askVendor(ctx), nil
	case delivered:
		return true, c.lookAt(ctx)
	case odd:
		c.want(ctx, c.why, nil)
	case checking:
		return c.checklist(ctx), nil
	case lacks:
		c.want(ctx, playbook.ChoreLacking, nil)
	case signing:
		return c.signOff(ctx), nil
	}
	return false, nil
}

// askVendor asks the vendor, and takes what was delivered.
func (c *collection) askVendor(ctx workflow.Context) (again bool) {
	if c.ask == nil {
		c.ask = c.open(ctx, question{step: c.steps.Ask, points: c.expected, vendorText: c.words})
		return false
	}
	if c.ask.req.Tally(c.now(ctx)).State != review.Met {
		return false
	}
	c.shut(ctx, c.ask, review.Met, "decided")
	c.round++
	c.last, c.look = c.result.Document, activities.ExamineOut{}
	c.phase, c.reopens = delivered, []string{c.steps.Ask.ID}
	return true
}

// lookAt has what was delivered looked at, files it, and says what is next: a
// checklist, or the owner where something is odd.
func (c *collection) lookAt(ctx workflow.Context) error {
	var in activities.ExamineIn
	ballots := standing(c.ask.req)
	for _, b := range ballots {
		for _, d := range b.Documents {
			if !slices.Contains(in.Documents, d) {
				in.Documents = append(in.Documents, d)
			}
		}
	}
	c.working++
	out, err := call(ctx, thorough("look at what was delivered"), actExamine, acts.Examine, in)
	c.working--
	c.changes++
	var app *temporal.ApplicationError
	if errors.As(err, &app) { // final: everything else is tried for ever
		out, err = unknown(in.Documents), nil
	}
	if err != nil {
		return err
	}
	c.look = out
	for i, p := range out.Papers {
		name := DPAAnnex
		if i == out.Main {
			name = DPADocument
		}
		b := ballots[slices.IndexFunc(ballots, func(b review.Ballot) bool { return slices.Contains(b.Documents, p.Document) })]
		c.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, &dossier.Detail{Name: name, Document: p.Document, Version: c.round,
			Size: p.Size, Media: p.Media, ReadAs: p.ReadAs, Clauses: p.Clauses, ForVendor: b.ForVendor, Written: b.Written})
	}
	main := out.Papers[out.Main]
	c.result.Document, c.result.Version = main.Document, c.round
	c.why = oddity(main, c.last)
	d := &dossier.Detail{Document: main.Document, Version: c.round, Looks: main.Kind, Flags: main.Flags, Clauses: main.Clauses, Result: "readable"}
	c.phase = checking
	if c.why != "" {
		d.Result, c.phase = c.why, odd
	}
	c.note(ctx, dossier.Examined, "", "", nil, d)
	return nil
}

// unknown is what is said of documents that can't be looked at at all.
func unknown(documents []string) activities.ExamineOut {
	out := activities.ExamineOut{Points: engagement.DPAPoints()}
	for _, d := range documents {
		out.Papers = append(out.Papers, activities.ExaminedPaper{Document: d, Kind: engagement.KindUnknown})
	}
	return out
}

// oddity is the chore that the owner gets about a delivery; empty: nothing is odd.
func oddity(p activities.ExaminedPaper, last string) string {
	switch {
	case p.Document == last:
		return playbook.ChoreSame
	case !p.Readable:
		return playbook.ChoreUnreadable
	case p.Kind != engagement.KindDPA:
		return playbook.ChoreOtherKind
	}
	return ""
}

// standing are the answers of a request that stand, in the order of its seats.
func standing(r *review.Request) []review.Ballot {
	var all []review.Ballot
	for _, s := range r.Policy.Seats() {
		if b := r.Standing(s.ID); b != nil {
			all = append(all, *b)
		}
	}
	return all
}

// version is what was delivered in this round, as checklists and decisions show it.
func (c *collection) version(ctx workflow.Context) []review.Version {
	return []review.Version{{Number: c.round, Document: c.result.Document, At: c.now(ctx)}}
}

// checklist asks somebody to look for every point, and says what they found.
func (c *collection) checklist(ctx workflow.Context) (again bool) {
	if c.check == nil {
		c.check = c.open(ctx, question{step: c.steps.Check, document: DPADocument, versions: c.version(ctx), points: c.look.Points})
		return false
	}
	if c.check.req.Tally(c.now(ctx)).State != review.Met {
		return false
	}
	c.shut(ctx, c.check, review.Met, "decided")
	c.phase, c.reopens = signing, []string{c.steps.Ask.ID, c.steps.Check.ID}
	if len(c.lacking(ctx)) > 0 {
		c.phase = lacks
	}
	return true
}

// lacking are the points that somebody found missing, and the end where it has
// passed already.
func (c *collection) lacking(ctx workflow.Context) []engagement.Point {
	ballots := standing(c.check.req)
	missing := func(p engagement.Point) bool {
		return slices.ContainsFunc(ballots, func(b review.Ballot) bool {
			return len(engagement.Lacking([]engagement.Point{p}, b.Findings)) > 0
		})
	}
	ends, _ := c.dates()
	var points []engagement.Point
	for _, p := range c.check.req.Points {
		if missing(p) || p.ID == engagement.PointEnds && !ends.IsZero() && !ends.After(c.now(ctx)) {
			points = append(points, p)
		}
	}
	return points
}

// dates are the dates that people found, the earliest of each.
func (c *collection) dates() (ends, again time.Time) {
	earliest := func(point string) (at time.Time) {
		for _, b := range standing(c.check.req) {
			for _, f := range b.Findings {
				if f.Point == point && !f.On.IsZero() && (at.IsZero() || f.On.Before(at)) {
					at = f.On
				}
			}
		}
		return at
	}
	return earliest(engagement.PointEnds), earliest(engagement.PointLookAgain)
}

// signOff asks for the sign-off. A refusal, and changes that are wanted, go to the
// owner.
func (c *collection) signOff(ctx workflow.Context) (again bool) {
	if c.sign == nil {
		c.sign = c.open(ctx, question{step: c.steps.Sign, requester: c.in.Requester, document: DPADocument, versions: c.version(ctx)})
		return false
	}
	switch c.sign.req.Tally(c.now(ctx)).State {
	case review.Met:
		c.want(ctx, "", nil)
		c.shut(ctx, c.sign, review.Met, "decided")
		if len(c.lacking(ctx)) > 0 { // it ended while people were reading
			c.phase = lacks
			return true
		}
		c.inForce(ctx)
	case review.Wanted, review.Denied:
		c.want(ctx, settleName(c.steps.Sign), c.sign)
	default:
		c.want(ctx, "", nil)
	}
	return false
}

// inForce notes what people found and approved: in the case, and in the register,
// where whoever watches over dates finds it.
func (c *collection) inForce(ctx workflow.Context) {
	c.result.Result = ResultInForce
	c.result.Ends, c.result.LookAgain = c.dates()
	d := dossier.Detail{Vendor: c.in.Vendor, Document: c.result.Document, Version: c.result.Version, Starts: c.now(ctx), Ends: c.result.Ends, LookAgain: c.result.LookAgain}
	c.note(ctx, dossier.DPAInForce, "", "", nil, &d)
	reg := d
	reg.Parent = c.in.Case
	c.noteIn(ctx, dossier.Register, dossier.DPAInForce, "", "", nil, &reg)
}
