package workflows

import (
	"cmp"
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// bring brings one list on. It reports whether something changed that has to be looked at
// anew.
func (h *handingOver) bring(ctx workflow.Context, l *assetList) (again bool) {
	if b := h.chosen(ctx, &l.charge); b != nil {
		h.choose(ctx, l, *b)
		return true
	}
	if len(l.waiving) > 0 {
		h.waiveAll(ctx, l)
	}
	if h.stepFor(exit.DoesTake, l.kind) == nil {
		for _, x := range l.of(pieceThere) {
			x.at, x.why = pieceStuck, whyNoStep
		}
	}
	for _, x := range l.of(pieceWaived) {
		if h.lapse(ctx, &x.matter) {
			x.at, x.why = pieceStuck, cmp.Or(x.why, whySilent)
			again = true
		}
	}
	if h.movable(l) {
		again = h.moveOn(ctx, l) || again
	} else {
		again = h.handOn(ctx, l) || again
	}
	if again || h.lookOn(ctx, l) || h.takeOn(ctx, l) {
		return true
	}
	h.settle(ctx, l)
	return false
}

// handOn asks for what is still with whoever has it, and takes what they say.
func (h *handingOver) handOn(ctx workflow.Context, l *assetList) (again bool) {
	if h.met(ctx, l.hand) {
		h.shut(ctx, l.hand, review.Met, "decided")
		document, by := h.filedWith(ctx, l.hand), makers(l.hand.req)
		for _, x := range l.of(pieceAsked) {
			x.at, x.why = pieceStuck, whyNotHanded
			if saidYes(l.hand.req, x.asset.ID) {
				x.at, x.handed, x.why, x.matter.Document = pieceHanded, union(x.handed, by), "", document
			}
		}
		return true
	}
	there, s := l.of(pieceThere), h.handStep(l)
	if h.alone && s != nil && s.AsksVendor() {
		owed := append(there, l.of(pieceAsked)...)
		h.closeAs(ctx, l.hand, "superseded")
		for _, x := range owed {
			x.at, x.why = pieceStuck, whySilent
		}
		return len(owed) > 0
	}
	if len(there) == 0 || l.hand != nil && l.hand.req.Closed == nil {
		return false
	}
	if s == nil { // nobody is asked to hand it over: it is looked at as it is
		for _, x := range there {
			x.at = pieceHanded
		}
		return true
	}
	for _, x := range there {
		x.at = pieceAsked
	}
	q := question{step: l.listed(*s, there), vendorText: l.words}
	if h.stepFor(exit.DoesHand, l.kind) == nil { // whoever receives them makes them anew
		q.received = h.gives(l.receiver, nil, idsOf(there)...)
	}
	l.hand = h.open(ctx, q)
	l.words = ""
	return false
}

// handStep is the step that hands a list over; nil: there is none. Secrets are never
// handed over: whoever receives them makes them anew, under their names.
func (h *handingOver) handStep(l *assetList) *playbook.Step {
	s := h.stepFor(exit.DoesHand, l.kind)
	if s != nil || l.kind != exit.AssetSecret || h.stepFor(exit.DoesTake, l.kind) == nil {
		return s
	}
	made := *h.stepFor(exit.DoesTake, l.kind)
	made.ID, made.Kind, made.Accept, made.Points, made.Form = exit.DoesHand, review.Task, nil, nil, ""
	made.Title = "Secrets made anew"
	made.Ask = "Make each of these secrets anew under its name, where it is used. What the vendor's people knew must not work any more."
	made.Policy = review.Policy{Groups: []review.Group{{Name: "receiver", Rule: review.RuleAll,
		Seats: []review.Seat{{ID: playbook.OwnerSeat, Role: review.OwnerRole, Mandatory: true, Minutes: 10}}}}}
	made = h.receivedBy(made, l.receiver)
	return &made
}

// lookOn has somebody else look whether what was handed over works.
func (h *handingOver) lookOn(ctx workflow.Context, l *assetList) (again bool) {
	if h.met(ctx, l.verify) {
		h.shut(ctx, l.verify, review.Met, "decided")
		document := h.filedWith(ctx, l.verify)
		for _, x := range l.of(pieceLooked) {
			x.at, x.why = pieceStuck, whyNotVerified
			if saidYes(l.verify.req, x.asset.ID) {
				x.at, x.why, x.verified, x.matter.Document = pieceGood, x.how(), makers(l.verify.req)[0], document
			}
		}
		return true
	}
	handed, step := l.of(pieceHanded), h.stepFor(exit.DoesVerify, l.kind)
	if step == nil { // whoever takes it verifies it
		for _, x := range handed {
			x.at, x.why = pieceGood, x.how()
		}
		return len(handed) > 0
	}
	if len(handed) == 0 || l.verify != nil && l.verify.req.Closed == nil {
		return false
	}
	kept := []string{h.receiverOf(l.receiver)} // who takes it does so on another's word
	for _, x := range handed {
		kept = union(kept, x.handed)
		x.at = pieceLooked
	}
	l.verify = h.open(ctx, question{step: l.listed(*step, handed), makers: kept})
	return false
}

// how is what the matter says of an asset that came otherwise than it was asked for.
func (x *piece) how() string {
	if x.matter.Why == string(byHand) || x.matter.Why == string(byCopy) {
		return x.matter.Why
	}
	return ""
}

// bare reports whether no copy of a repository was restored that could stand in for it.
func (x *piece) bare() bool { return x.restored == "" }

// because is why an asset is stuck, as closely as it is known.
func (x *piece) because() string {
	if x.why == whyNotMoved {
		return cmp.Or(x.matter.Why, x.why)
	}
	return x.why
}

// takeOn has the receiver take what works.
func (h *handingOver) takeOn(ctx workflow.Context, l *assetList) (again bool) {
	if l.take != nil && l.take.req.Closed == nil {
		switch t := l.take.req.Tally(h.now(ctx)); {
		case t.State == review.Met:
			h.shut(ctx, l.take, review.Met, "decided")
			b := standing(l.take.req)[0]
			for _, x := range l.of(pieceOffered) {
				h.taken(ctx, x, b)
			}
			return true
		case t.State.Decided() || t.State == review.Wanted:
			h.closeAs(ctx, l.take, "decided")
			for _, x := range l.of(pieceOffered) {
				x.at, x.why = pieceStuck, whyNotTaken
			}
			return true
		}
		return false
	}
	good := l.of(pieceGood)
	if len(good) == 0 || l.verify != nil && l.verify.req.Closed == nil {
		return false
	}
	s := h.receivedBy(about(*h.stepFor(exit.DoesTake, l.kind), l.id), l.receiver)
	q := question{step: s, received: h.gives(l.receiver, l.hand, idsOf(good)...)}
	for _, a := range []*asked{l.verify, l.hand} { // the newest sheet of those who looked, else of those who handed it over
		if a != nil && q.document == "" && deliveredIn(a.req) != "" {
			q.document, q.versions = a.step.ID, []review.Version{{Number: 1, Document: deliveredIn(a.req), At: h.now(ctx)}}
		}
	}
	if d := good[0].matter.Document; q.document == "" && d != "" { // it was verified in an earlier run
		q.document, q.versions = l.id, []review.Version{{Number: 1, Document: d, At: h.now(ctx)}}
	}
	for _, x := range good {
		x.at = pieceOffered
		if x.verified == "" {
			q.makers = union(q.makers, x.handed)
		} else {
			q.makers = union(q.makers, []string{x.verified})
		}
	}
	l.take = h.open(ctx, q)
	return false
}

// saidYes reports whether an answer says yes to a line of a list.
func saidYes(r *review.Request, id string) bool {
	all := standing(r)
	return len(all) > 0 && !slices.ContainsFunc(all, func(b review.Ballot) bool {
		return !slices.ContainsFunc(b.Findings, func(f engagement.Finding) bool { return f.Point == id && slices.Contains(f.Choices, engagement.Yes) })
	})
}

// settle asks the owner about what got stuck in a list, or about who is silent.
func (h *handingOver) settle(ctx workflow.Context, l *assetList) {
	stuck := slices.DeleteFunc(l.of(pieceStuck), func(x *piece) bool { return slices.Contains(l.waiving, x) })
	why := ""
	if len(stuck) > 0 {
		why = stuck[0].why
		bare := slices.ContainsFunc(stuck, (*piece).bare) // those without a copy are another question
		stuck = slices.DeleteFunc(stuck, func(x *piece) bool { return x.why != why || why == whyNotMoved && x.bare() != bare })
	} else {
		why, stuck = l.silence()
	}
	if l.chore != nil && l.chore.req.Closed == nil && !slices.Equal(stuck, l.stuck) {
		h.want(ctx, &l.charge, "")
	}
	l.stuck = stuck
	h.want(ctx, &l.charge, why, h.ways(l, why, stuck)...)
}

// silence is who lets the list wait, past the time at which the owner was told, and what
// it keeps waiting.
func (l *assetList) silence() (string, []*piece) {
	switch {
	case silent(l.hand):
		return whySilent, l.of(pieceAsked)
	case l.move != nil && silent(l.move.drill):
		return whySilent, l.move.pieces
	case silent(l.verify):
		return whySilent, l.of(pieceLooked)
	case silent(l.take):
		return whySilent, l.of(pieceOffered)
	}
	return "", nil
}

// ways are what the owner may choose from. What was not verified, or not taken, is never
// done by somebody's word alone; a copy stands in only where it was restored.
func (h *handingOver) ways(l *assetList, why string, stuck []*piece) []review.Verdict {
	if why == whyNoStep {
		return []review.Verdict{playbook.Waive}
	}
	var ways []review.Verdict
	hand := h.handStep(l)
	vendors := hand != nil && hand.AsksVendor() && !h.movable(l)
	given := vendors && h.alone && why == whySilent // nobody waits for the vendor any longer
	if vendors && !h.alone {
		ways = append(ways, playbook.AskVendor)
	}
	if !given {
		ways = append(ways, playbook.AskAgain)
	}
	looking := silent(l.verify) || silent(l.take) || l.move != nil && silent(l.move.drill)
	verified := h.stepFor(exit.DoesVerify, l.kind) != nil // else somebody's word would be all there is
	if verified && (why == whyNotHanded || why == whyNotMoved || why == whySilent && !looking) {
		ways = append(ways, byHand)
	}
	if verified && why == whyNotMoved && !slices.ContainsFunc(stuck, (*piece).bare) {
		ways = append(ways, byCopy)
	}
	for _, s := range []*playbook.Step{hand, h.stepFor(exit.DoesVerify, l.kind), h.stepFor(exit.DoesTake, l.kind)} {
		if s != nil && s.Policy.Waivable && len(l.waiving) == 0 && !slices.Contains(ways, playbook.Waive) {
			ways = append(ways, playbook.Waive)
		}
	}
	return ways
}

// choose acts on what the owner said of what got stuck.
func (h *handingOver) choose(ctx workflow.Context, l *assetList, b review.Ballot) {
	stuck := l.stuck
	l.stuck = nil
	for _, x := range stuck {
		switch x.at { // silence: nobody is waited for any longer
		case pieceAsked:
			h.closeAs(ctx, l.hand, "superseded")
			if l.move != nil && l.move.at == moveDrill {
				h.closeAs(ctx, l.move.drill, "superseded")
				l.move = nil
			}
		case pieceLooked:
			h.closeAs(ctx, l.verify, "superseded")
		case pieceOffered:
			h.closeAs(ctx, l.take, "superseded")
		}
		back := pieceHanded // somebody looks again
		if x.at == pieceAsked || b.Verdict == playbook.AskVendor || slices.Contains([]string{whyNotHanded, whyNotMoved, whySilent}, x.why) {
			back = pieceThere
		}
		switch b.Verdict {
		case playbook.Waive:
			if x.why == "" {
				x.why = whySilent
			}
			x.at = pieceStuck
		case byHand:
			x.at, x.why, x.matter.Why, x.handed = pieceHanded, "", string(byHand), union(x.handed, []string{b.Person})
		case byCopy:
			x.at, x.why, x.matter.Why, x.handed = pieceHanded, "", string(byCopy), union(union(x.handed, x.restorers), []string{b.Person})
			x.matter.Document = x.restored
		default:
			x.at, x.why = back, ""
		}
	}
	switch b.Verdict {
	case playbook.Waive:
		l.reason, l.waiving = b, stuck
	case playbook.AskVendor:
		l.words = b.Answer
		h.note(ctx, dossier.SentToVendor, b.Person, b.Answer, nil, &dossier.Detail{Name: l.id, Written: b.Written})
	}
}

// waiveAll asks until when what got stuck is waived, and waives it.
func (h *handingOver) waiveAll(ctx workflow.Context, l *assetList) {
	until, document := h.waive(ctx, &l.charge)
	if until.IsZero() {
		return
	}
	for _, x := range l.waiving {
		m := &x.matter
		m.State, m.By, m.Until, m.Why, m.Document, m.Answer = exit.StateWaived, l.reason.Person, until, x.because(), document, l.reason.Answer
		x.at = pieceWaived
		h.settled(ctx, *m)
	}
	l.waiving = nil
	h.changes++
}
