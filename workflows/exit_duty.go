package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// duty is a step of the exit's own, and where it stands.
type duty struct {
	step playbook.Step
	leg  leg
	// asked is its newest request, accept the decision on what it brought; chore is what
	// the owner is asked where it was refused, waiver until when it is waived, and waives
	// their answer.
	asked, accept, chore, waiver *asked
	waives                       review.Ballot
	// played is how it goes in a drill.
	played practice
	// told: the sponsor heard that it was refused.
	told   bool
	done   bool
	matter exit.Matter
}

// bring brings a step on, and reports whether it is done.
func (x *departing) bring(ctx workflow.Context, d *duty) bool {
	switch {
	case d.done:
		return true
	case d.leg == legNotice && d.step.Does == exit.DoesRatify && !x.leg.follows(legInside):
		return false
	case d.asked == nil && d.step.Does == exit.DoesNotice && x.awaitsRatification(ctx):
		return false
	case x.drill():
		return x.rehearse(ctx, d)
	case d.waives.Answer != "":
		x.waiveDuty(ctx, d)
		return d.done
	case d.accept != nil:
		x.bringAccept(ctx, d)
		return d.done
	case d.asked == nil:
		d.asked = x.open(ctx, x.questionOf(ctx, d))
		return false
	}
	t := d.asked.req.Tally(x.now(ctx))
	switch {
	case t.State == review.Met:
		x.choose(ctx, d, false)
		x.shut(ctx, d.asked, review.Met, "decided")
		x.fileSheets(ctx, d.asked)
		if d.step.Accept != nil {
			d.accept = x.openAccept(ctx, d.asked, makers(d.asked.req)...)
			return false
		}
		x.fulfilled(ctx, d, deliveredIn(d.asked.req), d.asked)
	case t.State.Decided():
		x.settleDuty(ctx, d)
	default:
		x.choose(ctx, d, false)
	}
	return d.done
}

// follows reports whether a leg comes after another.
func (l leg) follows(other leg) bool { return other.before(l) }

// bringAccept brings on the decision on what a step brought. What will not do is asked
// for again.
func (x *departing) bringAccept(ctx workflow.Context, d *duty) {
	switch t := d.accept.req.Tally(x.now(ctx)); {
	case t.State == review.Met:
		x.shut(ctx, d.accept, review.Met, "decided")
		x.fulfilled(ctx, d, decidedOn(d.accept.req), d.accept)
	case t.State.Decided():
		x.shut(ctx, d.accept, t.State, "decided")
		d.accept, d.asked = nil, nil
		x.changes++ // it is asked for again on this turn
	}
}

// questionOf is how a step is asked. The certificate is signed as it was made.
func (x *departing) questionOf(ctx workflow.Context, d *duty) question {
	q := question{step: x.inTime(d.step), requester: d.step.Barred(x.process.in.Requester)}
	switch d.step.Does {
	case exit.DoesDecide, exit.DoesEmergency, exit.DoesRatify, exit.DoesCutOver:
		q.options = decision()
	case exit.DoesGivenUp:
		q.options = decision()
		q.document, q.versions = givenUpDocument, []review.Version{{Number: 1, Document: x.givenUp, At: x.now(ctx)}}
	case exit.DoesSurvival:
		q.points = x.searched(ctx, d.step, x.in.Contract)
		if x.in.Contract != "" {
			q.document, q.versions = ContractDocument, []review.Version{{Number: 1, Document: x.in.Contract, At: x.now(ctx)}}
		}
	case exit.DoesClose:
		q.options = decision()
		q.document, q.versions = certificateDocument, []review.Version{{Number: 1, Document: x.cert, At: x.now(ctx)}}
	}
	return q
}

// fulfilled takes what a step brought into the exit.
func (x *departing) fulfilled(ctx workflow.Context, d *duty, document string, by *asked) {
	d.done = true
	d.matter = exit.Matter{ID: x.process.in.Process + ":" + d.step.ID, Part: exit.PartExit, Name: d.step.ID, State: exit.StateDone, Document: document}
	for _, b := range standing(by.req) {
		d.matter.By, d.matter.Answer = b.Person, b.Answer
	}
	switch d.step.Does {
	case exit.DoesPlan:
		x.plan = document
		x.read.Plan = "" // it is read anew
	case exit.DoesForgotten:
		x.unread = document
	case exit.DoesNotice:
		x.takeNotice(ctx, d)
	}
}

// choose has the owner asked what becomes of a refused step, or no longer.
func (x *departing) choose(ctx workflow.Context, d *duty, wanted bool) {
	open := d.chore != nil && d.chore.req.Closed == nil
	switch {
	case open && !wanted:
		x.shut(ctx, d.chore, review.Open, "superseded")
	case !open && wanted:
		chore := playbook.NewChore(playbook.ChoreSettle, exit.PartExit, x.process.in.Chores)
		chore.Step.ID = settleName(d.step)
		chore.Step.Title += ": " + d.step.Title
		options := []review.Verdict{playbook.AskAgain}
		if d.step.Policy.Waivable {
			options = append(options, playbook.Waive)
		}
		if !x.noReturn {
			options = append(options, playbook.Withdraw)
		}
		d.chore = x.open(ctx, question{step: chore.Step, options: options, reasoned: options})
	}
}

// settleDuty has the owner say what becomes of a step that was refused.
func (x *departing) settleDuty(ctx workflow.Context, d *duty) {
	x.choose(ctx, d, true)
	b := d.chore.req.Standing(playbook.OwnerSeat)
	if b == nil {
		return
	}
	x.shut(ctx, d.chore, review.Met, "decided")
	d.chore = nil
	switch b.Verdict {
	case playbook.Waive:
		d.waives = *b
	case playbook.Withdraw:
		x.calledOff(ctx, *b)
	default:
		if d.step.Does == exit.DoesClose { // another certificate
			x.shut(ctx, d.asked, d.asked.req.Tally(x.now(ctx)).State, "superseded")
			d.asked, x.cert = nil, ""
			return
		}
		x.askAgain(ctx, d.asked, b.Person, b.Answer)
	}
}

// calledOff ends the exit by the owner's answer to a chore, as their act would.
func (x *departing) calledOff(ctx workflow.Context, b review.Ballot) {
	act := review.Act{ID: b.Answer, Kind: review.Withdraw, Process: x.process.in.Process, Person: review.Person{ID: b.Person}, Written: b.Written}
	x.withdrawn = &act
	x.changes++
}

// waiveDuty asks until when a step is waived, and waives it.
func (x *departing) waiveDuty(ctx workflow.Context, d *duty) {
	until, ok := x.waivedUntil(ctx, &d.waiver, d.step.ID, d.step.Title)
	if !ok {
		return
	}
	now := x.now(ctx)
	x.apply(ctx, d.asked, []review.Fact{{Kind: review.FactWaived, Request: d.asked.req.ID, At: now, Person: d.waives.Person, Answer: d.waives.Answer}})
	x.shut(ctx, d.asked, d.asked.req.Tally(now).State, "waived")
	d.done = true
	d.matter = exit.Matter{ID: x.process.in.Process + ":" + d.step.ID, Part: exit.PartExit, Name: d.step.ID, State: exit.StateWaived,
		By: d.waives.Person, Until: until, Answer: d.waives.Answer}
	x.noteMatter(ctx, d.matter, d.waives.Written)
}

// waivedUntil asks the owner until when something is waived; false: they have not said,
// or a day that has passed, and are asked again.
func (x *departing) waivedUntil(ctx workflow.Context, w **asked, name, title string) (until time.Time, ok bool) {
	if *w == nil {
		chore := playbook.NewChore(playbook.ChoreWaiver, exit.PartExit, x.process.in.Chores)
		chore.Step.ID = playbook.ChoreWaiver + "-" + name
		chore.Step.Title, chore.Step.Expiry = title+": "+chore.Step.Title, engagement.ExpiryWaiver
		*w = x.open(ctx, question{step: chore.Step})
		return until, false
	}
	a := *w
	if a.req.Tally(x.now(ctx)).State != review.Met {
		return until, false
	}
	x.shut(ctx, a, review.Met, "decided")
	*w = nil
	ends := expiring(x.process.in.Process, a)
	if len(ends) == 0 || !ends[0].On.After(x.now(ctx)) {
		x.changes++
		return until, false
	}
	return ends[0].On, true
}

// noteMatter puts down what became of a matter.
func (x *departing) noteMatter(ctx workflow.Context, m exit.Matter, w review.Written) {
	d := &dossier.Detail{Step: m.ID, Name: m.Name, Result: string(m.State), Document: m.Document, By: m.By, Ends: m.Until, Written: w}
	if m.Why != "" {
		d.Values = []string{m.Why}
	}
	x.note(ctx, dossier.MatterSettled, m.By, m.Answer, nil, d)
}
