package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// passing is what a knowledge transfer and an asset hand-over have in common: something
// passes from the vendor to somebody who has to take it, each thing comes to an end of
// its own, and nothing is done that nobody verified and accepted.
type passing struct {
	*process
	in   ExitPartInput
	news []PartNews
	// alone: the exit gave up waiting for the vendor. owed: the exit was told that the
	// vendor is silent.
	alone, owed bool
	// released is how many requests had been asked when a vendor who does not come after was
	// told so last.
	released int
	halts    []workflow.CancelFunc // of what runs beside
	result   ExitPartResult
}

// charge is what the owner may be asked about: an area, or a list of assets. Its id stands
// in the ids of the steps that are asked about it.
type charge struct {
	id string
	// chore is what the owner is asked, and wanted why; waiver asks until when it is
	// waived, reason is the answer that did.
	chore, waiver *asked
	wanted        string
	reason        review.Ballot
}

// pass begins a part of an exit in which something passes.
func pass(ctx workflow.Context, in ExitPartInput, part playbook.Process) *passing {
	p := &passing{process: begin(ctx, in.Common, part), in: in}
	p.held, p.stops = in.Held, true
	if in.Parent == "" {
		p.caseOpened(ctx)
	}
	workflow.GoNamed(ctx, "part", p.hearPart)
	return p
}

// hearPart is the coroutine that hears what the exit, or another part of it, came to.
func (p *passing) hearPart(ctx workflow.Context) {
	for {
		var n PartNews
		workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
		p.news = append(p.news, n)
		p.changes++
	}
}

// tellExit tells the exit that waits for this part when the vendor owes it something and is
// silent, and when it is so no longer.
func (p *passing) tellExit(ctx workflow.Context, owed bool) {
	if p.in.Parent == "" || owed == p.owed {
		return
	}
	p.owed = owed
	n := PartNews{Word: NewsAnswered}
	if owed {
		n.Word = NewsSilent
	}
	p.sends(ctx, workflow.SignalExternalWorkflow(ctx, p.in.Parent, "", SignalPart, n))
}

// beside does something that may take days beside everything else; the end of the part
// ends it.
func (p *passing) beside(ctx workflow.Context, what string, do func(workflow.Context)) {
	ctx, halt := workflow.WithCancel(ctx)
	p.halts = append(p.halts, halt)
	p.working++
	workflow.GoNamed(ctx, what, func(ctx workflow.Context) {
		do(ctx)
		p.working--
		p.changes++
	})
}

// finish ends the part: matters say what became of everything that it had to see to.
func (p *passing) finish(ctx workflow.Context, err error, matters func() []exit.Matter) (ExitPartResult, error) {
	if temporal.IsCanceledError(err) {
		p.result.Result = ResultWithdrawn
		ctx, _ = workflow.NewDisconnectedContext(ctx)
	} else if err != nil {
		return ExitPartResult{}, err
	}
	p.stops, p.reopens = false, nil
	p.shutAll(ctx, p.result.Result)
	for _, halt := range p.halts {
		halt()
	}
	err = workflow.Await(ctx, func() bool { return p.working == 0 })
	if err != nil {
		return ExitPartResult{}, err
	}
	p.result.Matters = matters()
	p.result.Recused, p.result.Declared, p.result.Stated, p.result.Outward = p.recused, p.declared, p.stated, p.outward()
	d := &dossier.Detail{Result: p.result.Result, Vendor: p.in.Vendor}
	p.note(ctx, dossier.ProcessEnded, p.result.By, "", nil, d)
	if p.in.Parent == "" {
		p.caseClosed(ctx, p.result.By, d)
	}
	p.report(ctx, News{Result: p.result.Result, By: p.result.By, Recused: p.recused, Expiries: p.result.Expiries})
	return p.result, p.filed(ctx)
}

// over ends the part where somebody withdrew it, or ended it as it stands; false: nobody
// did.
func (p *passing) over(ctx workflow.Context) bool {
	act := p.withdrawn
	switch {
	case act != nil:
		p.result.Result = ResultWithdrawn
		if act.Kind == review.Reopen {
			p.result.Result = ResultReopened
		}
	case p.stopped != nil:
		act, p.result.Result = p.stopped, ResultIncomplete
	default:
		return false
	}
	p.result.By = act.Person.ID
	p.note(ctx, dossier.Withdrawn, act.Person.ID, act.ID, nil, &dossier.Detail{Result: p.result.Result, Written: act.Written})
	return true
}

// first is the first step of a purpose that applies; nil: the playbook has none.
func (p *passing) first(does playbook.Purpose) *playbook.Step {
	i := slices.IndexFunc(p.in.Steps, func(s playbook.Step) bool {
		return s.Process == p.part && s.Does == does && s.Applies(p.process.in.Tier)
	})
	if i < 0 {
		return nil
	}
	return &p.in.Steps[i]
}

// about is a step as it is asked about one thing, which its title names by id: what that
// is called stands in the plan.
func about(s playbook.Step, id string) playbook.Step {
	s.ID += "-" + id
	s.Title += ": " + id
	return s
}

// ownedBy is a step whose owner's seat, else its first, has another role.
func ownedBy(s playbook.Step, role string) playbook.Step {
	s.Policy.Groups = slices.Clone(s.Policy.Groups)
	for gi, g := range s.Policy.Groups {
		for si, x := range g.Seats {
			if x.Role == review.OwnerRole {
				s.Policy.Groups[gi].Seats = slices.Clone(g.Seats)
				s.Policy.Groups[gi].Seats[si].Role = role
				return s
			}
		}
	}
	g := &s.Policy.Groups[0]
	g.Seats = slices.Clone(g.Seats)
	g.Seats[0].Role = role
	return s
}

// silent reports whether nobody answered by the time at which the owner is told.
func silent(a *asked) bool {
	return a != nil && a.req.Closed == nil && slices.ContainsFunc(a.req.Told, func(t review.Reminder) bool { return t.Why == playbook.WhyOwner })
}

// met reports whether a request is open and has all the answers that it needs.
func (p *passing) met(ctx workflow.Context, a *asked) bool {
	return a != nil && a.req.Closed == nil && a.req.Tally(p.now(ctx)).State == review.Met
}

// closeAs closes a request as it stands.
func (p *passing) closeAs(ctx workflow.Context, a *asked, why string) {
	if a != nil {
		p.shut(ctx, a, a.req.Tally(p.now(ctx)).State, why)
	}
}

// want makes one chore the one that the owner is asked about a thing; the empty name asks
// nothing. Each choice needs a reason.
func (p *passing) want(ctx workflow.Context, x *charge, why string, options ...review.Verdict) {
	if x.chore != nil && x.chore.req.Closed == nil {
		if x.wanted == why {
			return
		}
		p.shut(ctx, x.chore, review.Open, "superseded")
	}
	x.chore, x.wanted = nil, why
	if why == "" {
		return
	}
	chore := playbook.NewChore(playbook.ChoreSettle, p.part, p.process.in.Chores)
	chore.Step.ID = playbook.ChoreSettle + "-" + x.id
	chore.Step.Title, chore.Step.Ask = choreWords(why)
	chore.Step.Title += ": " + x.id
	x.chore = p.open(ctx, question{step: chore.Step, options: options, reasoned: options, toVendor: playbook.Outward(options)})
}

// chosen is what the owner answered about a thing; nil: nothing yet.
func (p *passing) chosen(ctx workflow.Context, x *charge) *review.Ballot {
	if !p.met(ctx, x.chore) {
		return nil
	}
	b := *x.chore.req.Standing(playbook.OwnerSeat)
	p.shut(ctx, x.chore, review.Met, "decided")
	x.chore, x.wanted = nil, ""
	return &b
}

// waive asks the owner until when a thing is waived; then it says so. A date that has
// passed is asked for again.
func (p *passing) waive(ctx workflow.Context, x *charge) (until time.Time, document string) {
	if x.waiver == nil {
		chore := playbook.NewChore(playbook.ChoreWaiver, p.part, p.process.in.Chores)
		chore.Step.ID = playbook.ChoreWaiver + "-" + x.id
		chore.Step.Title, chore.Step.Expiry = chore.Step.Title+": "+x.id, engagement.ExpiryWaiver
		x.waiver = p.open(ctx, question{step: chore.Step})
		return until, ""
	}
	if !p.met(ctx, x.waiver) {
		return until, ""
	}
	a := x.waiver
	p.shut(ctx, a, review.Met, "decided")
	x.waiver = nil
	ends := expiring(p.process.in.Process, a)
	if len(ends) == 0 || !ends[0].On.After(p.now(ctx)) {
		p.changes++ // asked for again
		return until, ""
	}
	p.result.Expiries = append(p.result.Expiries, engagement.Expiry{ID: ends[0].ID, Kind: engagement.ExpiryWaiver, Name: x.id,
		On: ends[0].On, Document: ends[0].Document, Process: p.process.in.Process, Person: x.reason.Person})
	return ends[0].On, ends[0].Document
}

// settled notes what became of a matter.
func (p *passing) settled(ctx workflow.Context, m exit.Matter) {
	d := &dossier.Detail{Name: m.Name, Result: string(m.State), Document: m.Document, By: m.By, Ends: m.Until}
	if m.Why != "" {
		d.Values = []string{m.Why}
	}
	p.note(ctx, dossier.MatterSettled, m.By, m.Answer, nil, d)
}

// matter is one that is open still.
func (p *passing) matter(name string) exit.Matter {
	return exit.Matter{ID: p.process.in.Process + ":" + name, Part: string(p.part), Name: name, State: exit.StateOpen}
}

// judges asks whether what a step brought will do, of people who had no part in it.
func (p *passing) judges(ctx workflow.Context, a *asked, makers []string) *asked {
	s := a.step
	s.ID, s.Kind, s.Policy = a.step.ID+acceptSuffix, review.Decision, *a.step.Accept
	s.Title, s.Ask = playbook.AcceptWords(a.step)
	s.Points, s.Form, s.Accept, s.Does = nil, "", nil, ""
	q := question{step: s, makers: makers}
	if document := deliveredIn(a.req); document != "" {
		q.document, q.versions = a.step.ID, []review.Version{{Number: 1, Document: document, At: p.now(ctx)}}
	}
	return p.open(ctx, q)
}

// fileSheets notes what a met step brought among the case's documents.
func (p *passing) fileSheets(ctx workflow.Context, a *asked) {
	version := 1
	for _, r := range p.rounds {
		if r.step == a.step.ID {
			version = r.n
		}
	}
	for _, b := range standing(a.req) {
		for i, document := range b.Documents {
			d := &dossier.Detail{Name: a.step.ID, Document: document, Version: version, ForVendor: b.ForVendor, Written: b.Written}
			if i == len(b.Documents)-1 && a.req.Sheet {
				d.Media = engagement.SheetMedia
			}
			p.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, d)
		}
	}
}
