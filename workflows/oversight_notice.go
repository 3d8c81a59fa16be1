package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// sponsorSeat is the sponsor's in what is asked about a contract's end.
const sponsorSeat = "sponsor"

// askNotice asks owner and sponsor what becomes of a contract, in time for notice.
// Where the deadline is near or gone already nobody was silent: both are asked, and
// the sponsor is not called besides.
func (o *oversight) askNotice(ctx workflow.Context, w *Watching) {
	_, deadline, _ := engagement.NoticeOf(w.Expiry, o.in.Watch)
	w.Stage, w.Again, w.Called = stageNotice, time.Time{}, w.Called || !deadline.After(o.now(ctx))
	o.askOf(ctx, w, noticeMatter(w.Expiry, o.now(ctx)), review.RuleAll, o.noticeSeats())
}

// noticeSeats are the owner's and the sponsor's, where they are two.
func (o *oversight) noticeSeats() []review.Seat {
	seats := []review.Seat{{ID: playbook.OwnerSeat, Role: review.OwnerRole, Mandatory: true, Minutes: 30}}
	if s := o.sponsor(); s != o.owner() {
		seats = append(seats, review.Seat{ID: sponsorSeat, Role: review.NamedPrefix + s, Mandatory: true, Minutes: 30})
	}
	return seats
}

// askOf asks seats about something. What is due is due when the client has to know.
func (o *oversight) askOf(ctx workflow.Context, w *Watching, m matter, rule review.Rule, seats []review.Seat) {
	o.stopAsking(ctx, w)
	s := o.asStep(ctx, w, m)
	s.Policy = review.Policy{Groups: []review.Group{{Name: "asked", Rule: rule, Seats: seats}}}
	a := o.open(ctx, question{step: s, options: m.options, reasoned: m.reasoned, watched: w.Expiry.ID})
	w.Request = a.req.ID
}

// noticeDue reports whether a day of a contract's notice has come while nothing is
// decided. Who negotiates has not decided yet what becomes of it.
func (o *oversight) noticeDue(w *Watching, now time.Time) bool {
	if w.Expiry.Kind != engagement.ExpiryContract {
		return false
	}
	asked := w.Decided == "" && (w.Stage == stageNotice || w.Stage == stageSponsor)
	negotiating := w.Decided == string(playbook.Renegotiate) && (w.Stage == stageBegun || w.Stage == stageTerms)
	_, deadline, last := engagement.NoticeOf(w.Expiry, o.in.Watch)
	return (asked || negotiating) && (!w.Called && !deadline.After(now) || !w.Passed && !last.After(now))
}

// undecided opens the question again what becomes of a contract: what was negotiated
// came to nothing, or is not done when the client has to know.
func (o *oversight) undecided(ctx workflow.Context, w *Watching) {
	w.Decided = ""
	o.askNotice(ctx, w)
}

// noticeSilent calls the sponsor when the deadline comes without a decision: from then
// on their word alone is waited for, unless they are away themselves. When the last
// day for notice goes by as well that is put down, in the register too, and the owner
// hears of it; the question stays.
func (o *oversight) noticeSilent(ctx workflow.Context, w *Watching) {
	_, _, last := engagement.NoticeOf(w.Expiry, o.in.Watch)
	passed := !last.After(o.now(ctx))
	if passed {
		w.Passed = true
		e := w.Expiry
		d := dossier.Detail{Expiry: &e, Vendor: o.process.in.Vendor}
		o.note(ctx, dossier.NoticePassed, "", "", nil, &d)
		reg := d
		reg.Parent = o.process.in.Case
		o.noteIn(ctx, dossier.Register, dossier.NoticePassed, "", "", nil, &reg)
	}
	switch seats := o.noticeSeats(); {
	case w.Decided != "":
		o.undecided(ctx, w)
	case w.Stage == stageNotice && len(seats) > 1:
		w.Stage = stageSponsor
		if !o.sponsorThere(ctx, w) { // then the first word counts, whosever it is
			for i := range seats {
				seats[i].Mandatory = false
			}
			o.askOf(ctx, w, noticeMatter(w.Expiry, o.now(ctx)), review.RuleAny, seats)
		} else {
			o.askOf(ctx, w, noticeMatter(w.Expiry, o.now(ctx)), review.RuleAll, seats[1:])
		}
	}
	o.callSponsor(ctx, w)
	if a := o.find(w.Request); passed && a != nil && o.owner() != o.sponsor() {
		o.tell(ctx, a, "", o.owner(), playbook.WhyOwner)
	}
}

// sponsorThere reports whether the sponsor's seat has anybody who is not away, by the
// last look at the people.
func (o *oversight) sponsorThere(ctx workflow.Context, w *Watching) bool {
	a, now := o.find(w.Request), o.now(ctx)
	if a == nil {
		return true
	}
	_, _, has := a.req.Seat(sponsorSeat)
	return !has || slices.ContainsFunc(a.req.Seating(sponsorSeat).Holders, func(h review.Holder) bool {
		_, away := o.absence(h.Person, now)
		return h.Active(now) && !away
	})
}

// sponsorLeft reports whether a contract's end is asked of a sponsor who left or
// declared a conflict, and whose seat nobody took: nobody would ever answer.
func (o *oversight) sponsorLeft(w *Watching) bool {
	a := o.find(w.Request)
	if w.Expiry.Kind != engagement.ExpiryContract || w.Stage != stageNotice && w.Stage != stageSponsor || a == nil || a.req.Closed != nil {
		return false
	}
	seat, _, has := a.req.Seat(sponsorSeat)
	who := strings.TrimPrefix(seat.Role, review.NamedPrefix)
	if !has || a.req.Standing(sponsorSeat) != nil || slices.Contains(o.owners, who) && !slices.Contains(o.recused, who) {
		return false
	}
	return !slices.ContainsFunc(a.req.Seating(sponsorSeat).Holders, func(h review.Holder) bool { return !h.Off })
}

// noticeDecided acts on what people decided of a contract. Where owner and sponsor
// differ the sponsor's word stands; both are in the record.
func (o *oversight) noticeDecided(ctx workflow.Context, w *Watching, ballots []review.Ballot) error {
	b := ballots[0]
	if i := slices.IndexFunc(ballots, func(b review.Ballot) bool { return b.Seat == sponsorSeat }); i >= 0 {
		b = ballots[i]
	}
	w.Decided = string(b.Verdict)
	e := w.Expiry
	o.note(ctx, dossier.NoticeDecided, b.Person, b.Answer, nil, &dossier.Detail{Expiry: &e, Result: w.Decided, Written: b.Written})
	switch {
	case b.Verdict == playbook.Leave:
		w.Stage = stageLeaving
		o.ask(ctx, w, leaveMatter(), "", nil)
	case b.Verdict == playbook.Renegotiate && o.reviews():
		return o.beginContract(ctx, w)
	case b.Verdict == playbook.Renew && o.letGoOn(ctx, w, b):
	default:
		o.askTerms(ctx, w)
	}
	return nil
}

// askTerms asks for the terms on which a contract goes on.
func (o *oversight) askTerms(ctx workflow.Context, w *Watching) {
	w.Stage = stageTerms
	o.ask(ctx, w, termsMatter(), "", nil)
}

// termsFiled watches the contract until its new end. An end that is no later than the
// one that comes is none: the same is asked again.
func (o *oversight) termsFiled(ctx workflow.Context, w *Watching, a *asked, b review.Ballot) {
	e := o.terms(w.Expiry, a, b)
	if !e.On.After(o.now(ctx)) || !e.On.After(w.Expiry.On) {
		o.askTerms(ctx, w)
		return
	}
	if w.Document != "" && findingIn(b, pointFile).Document == "" {
		e.Document = w.Document
	}
	o.renewed(ctx, w, e, b.Person, w.Decided)
}

// terms are those that somebody filed for a contract: what is left out stays as it was.
func (o *oversight) terms(e engagement.Expiry, a *asked, b review.Ballot) engagement.Expiry {
	e.On, e.Unreviewed = dateIn(b, pointUntil), false
	if n := findingIn(b, pointNotice).Number; n != nil {
		e.NoticeDays = int(max(0, min(*n, mostNotice)))
	}
	if n := findingIn(b, engagement.PointRenewsFor).Number; n != nil {
		e.RenewMonths = int(max(0, min(*n, mostRenewal)))
	}
	if n := findingIn(b, engagement.PointPriceRise).Number; n != nil {
		e.PriceRise = int(max(0, min(*n, mostRise)))
	}
	switch {
	case slices.Contains(findingIn(b, pointRenews).Choices, engagement.Yes):
		e.Renews = true
	case slices.Contains(findingIn(b, pointRenews).Choices, engagement.No):
		e.Renews = false
	}
	if d := findingIn(b, pointFile).Document; d != "" {
		e.Document = d
	} else if d := deliveredIn(a.req); d != "" {
		e.Document = d
	}
	return e
}

// mostNotice bounds a notice period in days: ten years.
const mostNotice = 3660

// gapFilled takes what an adopted vendor lacked: from now on its dates are watched.
func (o *oversight) gapFilled(ctx workflow.Context, w *Watching, a *asked, b review.Ballot) {
	process := o.process.in.Process
	e := engagement.Expiry{ID: process + ":" + w.Expiry.Name, Name: w.Expiry.Name, Process: process}
	switch w.Expiry.Name {
	case GapContract:
		e.Kind = engagement.ExpiryContract
		e = o.terms(e, a, b)
	case GapNotice:
		o.noticeKnown(ctx, w, a, b)
		return
	case GapDPA, GapExitPlan:
		e.Kind, e.On, e.Document = engagement.ExpiryDPA, dateIn(b, pointUntil), findingIn(b, pointFile).Document
		if e.Document == "" {
			e.Document = deliveredIn(a.req)
		}
		if w.Expiry.Name == GapExitPlan {
			e.Kind = engagement.ExpiryExitPlan
			if e.On.IsZero() {
				e.On = o.nextLook(ctx, e.Kind)
			}
		}
	}
	o.end(ctx, w, b.Person, "filled")
	if e.Kind != "" && !e.On.IsZero() {
		o.take(ctx, e, "filled")
	}
}

// noticeKnown gives the contract its notice period, from which its deadline is made
// anew.
func (o *oversight) noticeKnown(ctx workflow.Context, w *Watching, a *asked, b review.Ballot) {
	i := slices.IndexFunc(o.watching, func(x *Watching) bool { return x.Expiry.Kind == engagement.ExpiryContract && !x.Done })
	if findingIn(b, pointNotice).Number == nil && i >= 0 {
		o.askOwner(ctx, w, stageAsked)
		return
	}
	if i >= 0 {
		e := o.watching[i].Expiry
		end := e.On
		e = o.terms(e, a, b)
		e.On, e.Document = end, o.watching[i].Expiry.Document
		o.renewed(ctx, o.watching[i], e, b.Person, "filled")
	}
	o.end(ctx, w, b.Person, "filled")
}
