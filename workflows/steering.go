package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Holding is that a case stands still: answers count, but nothing new is asked,
// nobody is reminded and no clock runs.
type Holding struct {
	Since time.Time `json:"since"` // case time
	By    string    `json:"by"`
}

// steering is what the case owner's acts have left in a process.
type steering struct {
	held *Holding
	// steered is the newest hold or resume, for the processes that follow this one.
	steered review.Act
	// facts of the intake as corrected, nil in a process without one; tiers are
	// the rules that make a tier of them.
	facts *playbook.Facts
	tiers []playbook.TierRule
	// reviewing and reviewed are the steps that a process of its own decides now,
	// and those that one decided: signed off, in force or waived.
	reviewing []string
	reviewed  []string
	// early is a list of wanted changes that the owner sent before the due date.
	early *review.Act
}

// steer judges what the case owner does to the running case, and does it. It
// never blocks; what opens or closes steps is left to the main loop.
func (p *process) steer(ctx workflow.Context, in review.Act) review.Outcome {
	out := review.Outcome{Request: in.Request, By: in.Person.ID, At: p.now(ctx)}
	why := p.mayAct(in)
	if why == "" {
		switch in.Kind {
		case review.Hold:
			p.hold(ctx, in)
		case review.Resume:
			p.resume(ctx, in)
		case review.Ask:
			why = p.ask(ctx, in, &out)
		case review.Extend:
			why = p.extend(ctx, in, &out)
		case review.AddSeat:
			why = p.addSeat(ctx, in, &out)
		case review.Correct:
			why = p.correct(ctx, in)
		default:
			why = p.sendChanges(ctx, in, &out)
		}
	}
	if why != "" {
		return p.refuse(ctx, in.ID, in.Person.ID, out, why)
	}
	p.changes++
	out.Status = review.Counted
	return out
}

// maySteer is what every act of steering needs besides the owner's seat: a
// reason, and a case that is not on hold, but for the act that ends the hold.
func (p *process) maySteer(in review.Act) review.Refusal {
	switch {
	case in.Written.Empty():
		return review.NeedsReason
	case in.Kind == review.Resume && p.held == nil:
		return review.NotOnHold
	case in.Kind != review.Resume && p.held != nil:
		return review.OnHold
	}
	return ""
}

// target is the open request that an act names, by itself or by its step.
func (p *process) target(in review.Act, out *review.Outcome) (*asked, review.Refusal) {
	for i := len(p.asks) - 1; i >= 0; i-- {
		a := p.asks[i]
		named := in.Request == a.req.ID || in.Request == "" && in.Step == a.step.ID
		if !named {
			continue
		}
		out.Request = a.req.ID
		if a.req.Closed != nil {
			return nil, review.Closed
		}
		return a, ""
	}
	return nil, review.Unknown
}

// hold lets the case stand still.
func (p *process) hold(ctx workflow.Context, in review.Act) {
	now := p.now(ctx)
	p.held, p.steered = &Holding{Since: now, By: in.Person.ID}, in
	p.note(ctx, dossier.Held, in.Person.ID, in.ID, nil, &dossier.Detail{Written: in.Written})
	for _, a := range p.asks {
		if a.req.Closed == nil {
			p.apply(ctx, a, []review.Fact{{Kind: review.FactHeld, Request: a.req.ID, At: now, Person: in.Person.ID}})
			p.follow(a, now)
		}
	}
}

// resume lets the case go on: whatever was still to come when it was held comes
// later by as much working time as it was held.
func (p *process) resume(ctx workflow.Context, in review.Act) {
	now := p.now(ctx)
	p.held, p.steered = nil, in
	p.note(ctx, dossier.Resumed, in.Person.ID, in.ID, nil, &dossier.Detail{Written: in.Written})
	for _, a := range p.asks {
		since := a.req.Held
		if a.req.Closed != nil || since.IsZero() {
			continue
		}
		facts := []review.Fact{{Kind: review.FactResumed, Request: a.req.ID, At: now, Person: in.Person.ID}}
		for g, c := range a.req.Clocks {
			due := playbook.Moved(p.in.Calendar, p.in.Hours, c.Due, since, now)
			if !c.Opened.IsZero() && !due.Equal(c.Due) {
				facts = append(facts, review.Fact{Kind: review.FactDue, Request: a.req.ID, At: now, Group: g, Due: due, Why: "resumed"})
			}
		}
		p.apply(ctx, a, facts)
		p.follow(a, now)
	}
	p.reseat = true // people may have come and gone meanwhile
}

// hearSteering is the coroutine of a process that follows its parent's holds.
func (p *process) hearSteering(ctx workflow.Context) {
	for {
		var act review.Act
		workflow.GetSignalChannel(ctx, SignalSteer).Receive(ctx, &act)
		switch {
		case p.ended:
		case act.Kind == review.Hold && p.held == nil:
			p.hold(ctx, act)
		case act.Kind == review.Resume && p.held != nil:
			p.resume(ctx, act)
		}
		p.changes++
	}
}

// ask asks a named person what the owner wants to know beside the playbook. The
// question is the act's text; nothing waits for its answer.
func (p *process) ask(ctx workflow.Context, in review.Act, out *review.Outcome) review.Refusal {
	to := in.To
	if to.ID == "" || !to.Active || to.Employer != "" || to.ID == in.Person.ID || slices.Contains(p.recused, to.ID) {
		return review.BadPerson
	}
	chore := playbook.NewChore(playbook.ChoreAsk, p.part, p.in.Chores)
	chore.Step.Policy = review.Policy{Groups: []review.Group{{Name: "asked", Rule: review.RuleAll,
		Seats: []review.Seat{{ID: "asked", Role: review.NamedPrefix + to.ID, Mandatory: true}}}}}
	a := p.open(ctx, question{step: chore.Step, reasoned: chore.Reasoned, requester: in.Person.ID, act: &in})
	out.Request, out.Seat = a.req.ID, "asked"
	return ""
}

// closeQuestions closes the owner's own questions that were answered.
func (p *process) closeQuestions(ctx workflow.Context) {
	for _, a := range p.asks {
		if a.req.AskText != "" && a.req.Closed == nil && a.req.Tally(p.now(ctx)).State == review.Met {
			p.shut(ctx, a, review.Met, "decided")
		}
	}
}

// extend moves the due date of the group that is being asked, and whatever is
// still to come of its reminders by as much working time.
func (p *process) extend(ctx workflow.Context, in review.Act, out *review.Outcome) review.Refusal {
	a, why := p.target(in, out)
	if why != "" {
		return why
	}
	now := p.now(ctx)
	f, why := a.req.Steer(in, playbook.MostSeats, now)
	if why != "" {
		return why
	}
	from := a.req.Clocks[f.Group].Due
	if from.Before(now) {
		from = now
	}
	more := p.in.Calendar.Between(p.in.Hours, from, f.Due)
	if more > 0 {
		f.Until = p.in.Calendar.Add(p.in.Hours, now, more)
	}
	p.apply(ctx, a, []review.Fact{f})
	p.follow(a, now)
	out.State = a.req.Tally(now).State
	return ""
}

// addSeat adds a seat to a request that is open; whoever it means is asked on
// the next turn.
func (p *process) addSeat(ctx workflow.Context, in review.Act, out *review.Outcome) review.Refusal {
	a, why := p.target(in, out)
	if why != "" {
		return why
	}
	now := p.now(ctx)
	if in.Role == "" && (in.To.Employer != "" || slices.Contains(p.recused, in.To.ID)) {
		return review.BadDelegate
	}
	f, why := a.req.Steer(in, playbook.MostSeats, now)
	if why != "" {
		return why
	}
	p.apply(ctx, a, []review.Fact{f})
	p.follow(a, now)
	p.reseat = true
	out.Seat, out.State = f.Seat, a.req.Tally(now).State
	return ""
}

// correct corrects a fact of the intake, when what that changes is still what
// the owner was shown. The main loop then asks and closes steps.
func (p *process) correct(ctx workflow.Context, in review.Act) review.Refusal {
	if p.facts == nil {
		return review.WrongAct
	}
	c, changes := playbook.Correct(p.in.Steps, p.tiers, p.in.Tier, *p.facts, in, p.standing())
	if !changes {
		return review.NoField
	}
	if c.Digest != in.Digest {
		return review.Outdated
	}
	p.facts, p.in.Tier = &c.Facts, c.To
	p.factsChanged(ctx, p.now(ctx))
	if p.in.Declaration != "" {
		p.share(ctx, Interest{Changed: true, At: p.now(ctx)})
	}
	p.note(ctx, dossier.Corrected, in.Person.ID, in.ID, nil, &dossier.Detail{Field: in.Field, Values: in.Values, Amount: in.Amount,
		From: c.From, Tier: c.To, Added: stepIDs(c.Added), Dropped: stepIDs(c.Dropped), Kept: stepIDs(c.Kept), Written: in.Written})
	return ""
}

// standing is how far the case's steps have come.
func (p *process) standing() playbook.Standing {
	var requests []review.Request
	for _, a := range p.asks {
		requests = append(requests, *a.req)
	}
	s := playbook.Stand(requests, p.reviewing)
	s.Decided = append(s.Decided, p.reviewed...)
	return s
}

func stepIDs(steps []playbook.Step) []string {
	var ids []string
	for _, s := range steps {
		ids = append(ids, s.ID)
	}
	return ids
}

// sendChanges ends the round of a document's review as if its due date had come.
// With a text for the vendor the list is sent by it; without one the owner is
// asked for it, as ever.
func (p *process) sendChanges(ctx workflow.Context, in review.Act, out *review.Outcome) review.Refusal {
	i := slices.IndexFunc(p.asks, func(a *asked) bool {
		return p.filesAs != "" && a.req.Document == p.filesAs && a.req.Closed == nil
	})
	if i < 0 {
		return review.WrongAct
	}
	a, now := p.asks[i], p.now(ctx)
	out.Request = a.req.ID
	f, why := a.req.Steer(in, playbook.MostSeats, now)
	if why != "" {
		return why
	}
	p.apply(ctx, a, []review.Fact{f})
	p.follow(a, now)
	if in.Written.Vendor != "" {
		p.early = &in
	}
	out.State = a.req.Tally(now).State
	return ""
}

// undelivered notes that a request did not reach somebody after all: a mail came
// back, days later perhaps.
func (p *process) undelivered(ctx workflow.Context, in review.Act) review.Outcome {
	now := p.now(ctx)
	out := review.Outcome{Status: review.Refused, Request: in.Request, At: now}
	a := p.find(in.Request)
	switch {
	case a == nil:
		out.Refusal = review.Unknown
	case a.req.Closed != nil || p.ended:
		out.Refusal = review.Closed
	default:
		out.Status = review.Counted
		p.apply(ctx, a, []review.Fact{{Kind: review.FactLost, Request: a.req.ID, At: now, Person: in.Person.ID, Answer: in.ID}})
	}
	return out
}
