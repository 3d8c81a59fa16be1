package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// PeopleChange tells a process whose records changed.
type PeopleChange struct {
	Revision int             `json:"revision"`
	People   []review.Person `json:"people"`
	// Replaced: one of them takes another's place.
	Replaced *Replaced `json:"replaced,omitempty"`
}

// Jump moves a rehearsal's clock: from the anchor on, case time runs from its
// case instant.
type Jump struct {
	Anchor calendar.Anchor `json:"anchor"`
}

// Due is what a process will do next by itself.
type Due struct {
	// Next is the earliest case instant at which its clock wants something;
	// zero: it waits for people alone.
	Next time.Time `json:"next,omitzero"`
	// Busy: entries are being filed or people told; look again.
	Busy bool      `json:"busy,omitempty"`
	Now  time.Time `json:"now"` // case time
	// Parts are the processes for which it waits: one that the record does not know yet
	// was started just now, one that has ended there is about to be heard of.
	Parts []string `json:"parts,omitempty"`
}

// handle registers everything that a process can be asked from outside.
func (p *process) handle(ctx workflow.Context) error {
	workflow.GoNamed(ctx, "steer", p.hearSteering)
	workflow.GoNamed(ctx, "interests", p.hearInterests)
	err := workflow.SetUpdateHandler(ctx, UpdateAnswer, p.onAnswer)
	if err != nil {
		return err
	}
	err = workflow.SetUpdateHandler(ctx, UpdateAct, p.onAct)
	if err != nil {
		return err
	}
	err = workflow.SetUpdateHandler(ctx, UpdatePeople, p.onPeople)
	if err != nil {
		return err
	}
	err = workflow.SetUpdateHandler(ctx, UpdateJump, p.onJump)
	if err != nil {
		return err
	}
	err = workflow.SetQueryHandler(ctx, QueryState, p.requests)
	if err != nil {
		return err
	}
	return workflow.SetQueryHandler(ctx, QueryDue, func() (Due, error) {
		return Due{Next: p.nextAlarm(ctx), Now: p.now(ctx), Busy: p.busy(), Parts: slices.Clone(p.awaited)}, nil
	})
}

func (p *process) busy() bool {
	return p.working+p.sending > 0 || p.filing || p.behind() || len(p.outbox)+len(p.notices)+len(p.copies) > 0 || p.changes != p.seen
}

// requests is the state of every request, for the query.
func (p *process) requests() ([]review.Request, error) {
	var all []review.Request
	for _, a := range p.asks {
		all = append(all, a.req.Clone())
	}
	return all, nil
}

// onAnswer judges an answer. It never blocks, so its outcome comes with its
// acceptance; a refusal that an auditor would ask about is an outcome, not an
// error.
func (p *process) onAnswer(ctx workflow.Context, in review.Answer) (review.Outcome, error) {
	a := p.find(in.Request)
	if a == nil {
		return p.refuse(ctx, in.ID, in.Person.ID, review.Outcome{Request: in.Request, Seat: in.Seat, Verdict: in.Verdict, Version: in.Version}, p.missing(in.Request)), nil
	}
	p.restate(ctx)
	p.declaredBefore(ctx, a, in.Person.ID)
	out, facts := a.req.Judge(in, p.now(ctx))
	p.apply(ctx, a, facts)
	if out.Status == review.Counted {
		p.declaredWith(ctx, a, in.Person.ID)
		p.follow(a, p.now(ctx))
	}
	return out, nil
}

// onAct judges an act on a request or on the whole process.
func (p *process) onAct(ctx workflow.Context, in review.Act) (review.Outcome, error) {
	if i := slices.IndexFunc(p.judged, func(j judged) bool { return j.id == in.ID }); i >= 0 {
		return p.judged[i].outcome, nil
	}
	var out review.Outcome
	switch in.Kind {
	case review.TakeBack, review.Delegate, review.Snooze, review.Read:
		out = p.actOnRequest(ctx, in)
	case review.Recuse:
		out = p.recuse(ctx, in)
	case review.Undelivered:
		out = p.undelivered(ctx, in)
	default:
		out = p.actOnProcess(ctx, in)
	}
	p.judged = append(p.judged, judged{id: in.ID, outcome: out})
	return out, nil
}

func (p *process) actOnRequest(ctx workflow.Context, in review.Act) review.Outcome {
	a := p.find(in.Request)
	if a == nil {
		return p.refuse(ctx, in.ID, in.Person.ID, review.Outcome{Request: in.Request}, p.missing(in.Request))
	}
	out, facts := a.req.Act(in, p.now(ctx))
	p.apply(ctx, a, facts)
	if out.Status == review.Counted {
		p.follow(a, p.now(ctx))
		if in.Kind == review.Delegate {
			p.askSeated(ctx, a, p.now(ctx))
		}
	}
	return out
}

// recuse takes somebody off every open request of this process: a conflict is
// about the vendor, not about one question.
func (p *process) recuse(ctx workflow.Context, in review.Act) review.Outcome {
	result := review.Outcome{Status: review.Refused}
	var last *asked
	for _, a := range p.asks {
		if a.req.Closed != nil || len(a.req.SeatsOf(in.Person.ID, p.now(ctx))) == 0 && a.req.ID != in.Request {
			continue
		}
		out, facts := a.req.Act(in, p.now(ctx))
		if out.Status == review.Refused && a.req.ID != in.Request {
			continue
		}
		p.apply(ctx, a, facts)
		if out.Status == review.Counted {
			p.follow(a, p.now(ctx))
		}
		if result.Status == review.Refused {
			result = out
		}
		last = a
	}
	if last == nil {
		return p.refuse(ctx, in.ID, in.Person.ID, review.Outcome{Request: in.Request}, review.NoSeat)
	}
	if result.Status == review.Counted {
		if !slices.Contains(p.recused, in.Person.ID) {
			p.recused = append(p.recused, in.Person.ID)
		}
		if p.in.Together {
			p.keepOff(ctx, in)
			p.share(ctx, Interest{Recused: &in})
		}
		p.reseat = true
	}
	return result
}

// actOnProcess judges withdrawing, reopening and submitting; the main loop acts
// on what was accepted.
func (p *process) actOnProcess(ctx workflow.Context, in review.Act) review.Outcome {
	if in.Kind.Steers() {
		return p.steer(ctx, in)
	}
	out := review.Outcome{By: in.Person.ID, At: p.now(ctx)}
	why := p.mayAct(in)
	if why != "" {
		return p.refuse(ctx, in.ID, in.Person.ID, out, why)
	}
	switch in.Kind {
	case review.Withdraw:
		p.withdrawn = &in
	case review.Reopen:
		p.reopened = &in
	case review.Stop:
		p.stopped = &in
	case review.Settle:
		p.settled = &in
	default:
		p.submitted = append(p.submitted, in)
	}
	p.changes++
	out.Status = review.Counted
	return out
}

func (p *process) mayAct(in review.Act) review.Refusal {
	// The same three as access says: in which order they are told is another matter.
	owner := slices.Contains([]string{p.in.Owner, p.in.Deputy, p.in.Sponsor}, in.Person.ID)
	switch {
	case in.Person.ID == "":
		return review.UnknownPerson
	case !in.Person.Active:
		return review.NotActive
	case in.Person.Employer != "" && in.Person.Employer == p.in.Vendor:
		return review.VendorPerson
	case slices.Contains(p.recused, in.Person.ID):
		return review.IsRecused
	case p.ended || p.withdrawn != nil || p.stopped != nil:
		return review.Closed
	}
	switch in.Kind {
	case review.Withdraw:
		if !owner && in.Person.ID != p.in.Requester {
			return review.NotOwner
		}
		if in.Written.Empty() {
			return review.NeedsReason
		}
		if p.noReturn {
			return review.NoReturn
		}
	case review.Settle:
		if !owner {
			return review.NotOwner
		}
		return p.maySettle(in)
	case review.Reopen:
		if !owner {
			return review.NotOwner
		}
		if in.Written.Empty() {
			return review.NeedsReason
		}
		if p.held != nil {
			return review.OnHold
		}
		if p.reopened != nil || !slices.Contains(p.reopens, in.Step) {
			return review.WrongAct
		}
	case review.Stop:
		switch {
		case !owner:
			return review.NotOwner
		case in.Written.Empty():
			return review.NeedsReason
		case !p.stops:
			return review.WrongAct
		}
	case review.Submit:
		if !owner && in.Person.ID != p.in.Requester {
			return review.NotOwner
		}
		return p.maySubmit(in)
	default:
		if !in.Kind.Steers() {
			return review.WrongAct
		}
		if !owner {
			return review.NotOwner
		}
		return p.maySteer(in)
	}
	return ""
}

func (p *process) maySubmit(in review.Act) review.Refusal {
	if p.filesAs == "" || in.Name != p.filesAs {
		return review.WrongAct
	}
	if in.Document == "" {
		return review.NeedsDocument
	}
	if p.known(in.Document) || slices.ContainsFunc(p.submitted, func(s review.Act) bool { return s.Document == in.Document }) {
		return review.Duplicate
	}
	return ""
}

// known reports whether a version with exactly this content is there already.
func (p *process) known(document string) bool {
	same := func(v review.Version) bool { return v.Document == document }
	return slices.ContainsFunc(p.asks, func(a *asked) bool {
		return a.req.Document == p.filesAs && slices.ContainsFunc(a.req.Versions, same)
	})
}

// refuse makes a refusal that belongs to no request of this process, recorded
// one by one up to a bound.
func (p *process) refuse(ctx workflow.Context, id, person string, out review.Outcome, why review.Refusal) review.Outcome {
	out.Status, out.Refusal, out.At = review.Refused, why, p.now(ctx)
	p.attempts++
	if p.attempts <= review.MaxAttempts {
		recorded := out
		p.note(ctx, dossier.Attempt, person, id, nil, &dossier.Detail{Outcome: &recorded})
	}
	return out
}

// onPeople takes people off seats who left, went over to the vendor or lost the
// role; the seats are
// filled anew on the next turn. Answers that they gave stand.
func (p *process) onPeople(ctx workflow.Context, in PeopleChange) (int, error) {
	now := p.now(ctx)
	if in.Replaced != nil {
		p.replace(ctx, *in.Replaced)
	}
	for _, who := range in.People {
		p.gone = slices.DeleteFunc(p.gone, func(id string) bool { return id == who.ID })
		if !who.Active {
			p.gone = append(p.gone, who.ID)
		}
	}
	for _, a := range p.asks {
		if a.req.Closed != nil {
			continue
		}
		for _, who := range in.People {
			for _, id := range a.req.SeatsOf(who.ID, now) {
				seat, _, _ := a.req.Seat(id)
				theirs := who.Employer != "" && who.Employer == p.in.Vendor
				gone := !who.Active || theirs != (seat.Role == review.VendorRole)
				if gone || byRole(a.req, id, who.ID) && !who.Fits(seat.Role) {
					p.apply(ctx, a, []review.Fact{{Kind: review.FactUnseated, Request: a.req.ID, At: now, Seat: id, Person: who.ID, Why: "left"}})
				}
			}
		}
	}
	p.reseat = true
	p.changes++
	return in.Revision, nil
}

func byRole(r *review.Request, seat, person string) bool {
	return slices.ContainsFunc(r.Seating(seat).Holders, func(h review.Holder) bool { return h.Person == person && h.Via == review.ViaRole })
}

// onJump moves the clock of a rehearsal.
func (p *process) onJump(ctx workflow.Context, in Jump) (Due, error) {
	if !p.in.Rehearsal {
		return Due{}, temporal.NewNonRetryableApplicationError("only a rehearsal's clock can be moved", ErrNotRehearsal, nil)
	}
	before := p.now(ctx)
	if in.Anchor.CaseAt(workflow.Now(ctx)).Before(before) { // another jump went further already
		if next := p.nextAlarm(ctx); !next.IsZero() && !next.After(before) {
			p.changes++ // its timer may take a second yet, and whoever moves the clock asks again at once
		}
		return Due{Now: before}, nil
	}
	p.anchor = in.Anchor
	anchor := in.Anchor
	p.note(ctx, dossier.Jumped, "", "", nil, &dossier.Detail{Anchor: &anchor})
	p.changes++
	return Due{Now: p.now(ctx)}, nil
}

// apply folds facts into a request and makes their entries.
func (p *process) apply(ctx workflow.Context, a *asked, facts []review.Fact) {
	for _, f := range facts {
		a.req.Apply(f)
		p.changes++
		if f.Kind == review.FactRefused && a.req.Refusals > review.MaxAttempts {
			continue
		}
		p.note(ctx, dossier.Request, actor(f), f.Answer, &f, nil)
	}
}

// actor is who did what a fact says; empty where gangway did it.
func actor(f review.Fact) string {
	switch f.Kind {
	case review.FactCounted, review.FactRefused, review.FactTakenBack, review.FactRecused,
		review.FactHeld, review.FactResumed, review.FactDue, review.FactAdded, review.FactOpened, review.FactRead:
		return f.Person
	case review.FactSnoozed:
		if f.Answer != "" {
			return f.Person
		}
	case review.FactSeated:
		if f.Holder != nil && f.Holder.Via == review.ViaDelegate {
			return f.Holder.From
		}
	}
	return ""
}
