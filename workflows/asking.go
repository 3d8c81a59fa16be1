package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// question is what a process wants to ask: a step, and how this asking differs
// from what the step says.
type question struct {
	step      playbook.Step
	options   []review.Verdict
	reasoned  []review.Verdict
	requester string
	makers    []string
	document  string
	versions  []review.Version
	toVendor  []review.Verdict
	// points that are expected of a delivery, or looked for in a checklist;
	// vendorText is the answer whose words for the vendor go with a delivery.
	points     []engagement.Point
	vendorText string
	// score is what a decision is about, threshold what it needs.
	score, threshold int
	// watched is the id of what runs out that it is about.
	watched string
	// drill: it is asked in a drill, of our own people alone.
	drill bool
	// received is what goes to somebody of the vendor who comes after.
	received received
	// act is the owner's act whose text is the question, nil where the playbook asks.
	act *review.Act
}

// open starts asking; the requests are shown on the next turn, together. People
// who declared a conflict earlier in the case are never seated.
func (p *process) open(ctx workflow.Context, q question) *asked {
	now := p.now(ctx)
	r := &review.Request{
		ID: p.requestID(q.step.ID), Case: p.in.Case, Process: p.in.Process, Step: q.step.ID, Kind: q.step.Kind,
		Title: q.step.Title, Ask: q.step.Ask, Document: q.document, Options: q.options, Reasoned: q.reasoned,
		Browser: q.step.Browser, MailComments: q.step.MailComments, ToVendor: q.toVendor, Points: q.points, VendorText: q.vendorText,
		Criteria: q.step.Criteria, Blind: len(q.step.Criteria) > 0, ReadAll: q.step.ReadAll, Score: q.score, Threshold: q.threshold, Watched: q.watched, Drill: q.drill,
		Requester: q.requester, Makers: q.makers, Owner: p.in.Owner, Vendor: p.in.Vendor, Policy: q.step.Policy, Opened: now,
		Versions: q.versions, Recused: slices.Clone(p.recused),
		Receiver: q.received.vendor, About: q.received.about, Given: q.received.given,
		Clocks: make([]review.Clock, len(q.step.Policy.Groups)),
	}
	if q.points == nil {
		r.Points, r.Sheet = q.step.Points, len(q.step.Points) > 0 && q.step.Kind != review.Checklist
	}
	if !q.step.AsksVendor() && !q.drill && q.received.vendor == "" { // whose declaration is a step of its own
		r.Declaration, r.Declared = p.in.Declaration, slices.Clone(p.declared)
	}
	for gi, g := range q.step.Policy.Groups {
		for _, s := range g.Seats {
			r.Seatings = append(r.Seatings, review.Seating{Seat: s.ID, Group: gi})
		}
	}
	if q.step.AsksVendor() {
		r.Filers = []string{p.in.Owner, p.in.Deputy, p.in.Sponsor}
	}
	a := &asked{req: r, step: q.step}
	p.asks = append(p.asks, a)
	if p.held != nil { // it was on its way when the case was held
		r.Held = now
	}
	f := review.Fact{Kind: review.FactOpened, Request: r.ID, At: now}
	if q.act != nil {
		r.AskText = q.act.ID
		f.Person, f.Answer, f.Written = q.act.Person.ID, q.act.ID, q.act.Written
	}
	opened := r.Clone()
	f.Opened = &opened
	p.apply(ctx, a, []review.Fact{f})
	p.reseat = true
	return a
}

// shut closes a request and every copy of it.
func (p *process) shut(ctx workflow.Context, a *asked, state review.State, why string) {
	if a == nil || a.req.Closed != nil {
		return
	}
	now := p.now(ctx)
	p.apply(ctx, a, []review.Fact{{Kind: review.FactClosed, Request: a.req.ID, At: now, State: state, Why: why}})
	p.follow(a, now)
}

// shutAll closes whatever is still open.
func (p *process) shutAll(ctx workflow.Context, why string) {
	for _, a := range p.asks {
		if a.req.Closed == nil {
			p.shut(ctx, a, a.req.Tally(p.now(ctx)).State, why)
		}
	}
}

// tend does what the clock and the seats ask for, until nothing is left to do
// at this moment: seats people, asks the next groups, reminds and escalates.
func (p *process) tend(ctx workflow.Context) error {
	for {
		if p.held != nil { // nobody is asked or chased
			return nil
		}
		p.restate(ctx)
		p.closeQuestions(ctx)
		p.endDelegations(ctx)
		rang := p.ringing(ctx)
		var out activities.SeatOut
		if p.reseat || len(rang) > 0 || len(p.bareSeats(ctx)) > 0 {
			p.reseat = false
			var err error
			out, err = p.seat(ctx)
			if err != nil {
				return err
			}
		}
		if p.held != nil { // while the activity ran
			p.reseat = true
			return nil
		}
		p.askGroups(ctx)
		for _, a := range p.asks {
			p.sayVacant(ctx, a, p.now(ctx))
		}
		// State may have moved while the activity ran: only what still rings counts.
		acted := false
		for _, r := range p.ringing(ctx) {
			acted = p.ring(ctx, r, out) || acted
		}
		acted = p.coverAway(ctx, out) || acted
		// A group that was asked on this turn may be asked of people who are away.
		if !acted && !p.reseat && len(rang) == 0 && len(p.bareSeats(ctx)) == 0 {
			return nil
		}
	}
}

// seat asks who could hold the seats of open requests and fills those that have
// nobody.
func (p *process) seat(ctx workflow.Context) (activities.SeatOut, error) {
	in := activities.SeatIn{Owner: p.in.Owner, Deputy: p.in.Deputy, Sponsor: p.in.Sponsor, Vendor: p.in.Vendor, Now: p.now(ctx)}
	for _, a := range p.asks {
		if a.req.Closed == nil {
			in.Requests = append(in.Requests, activities.SeatRequest{Request: a.req.ID, Policy: a.req.Policy, Holders: held(a.req, in.Now)})
		}
	}
	if len(in.Requests) == 0 {
		return activities.SeatOut{}, nil
	}
	p.working++
	p.seating = true // one call records the asking and who is asked
	out, err := call(ctx, patient("who holds the seats"), actSeat, acts.Seat, in)
	p.working--
	p.seating = false
	if err != nil {
		return out, err
	}
	p.hours = merge(p.hours, out.Hours)
	p.owners = out.Owners
	now := p.now(ctx)
	for _, b := range out.Benches {
		a := p.find(b.Request)
		if a == nil || a.req.Closed != nil {
			continue
		}
		p.apply(ctx, a, a.req.Assign(b.Benches, now))
		p.restWhileAway(ctx, a, b.Benches, now)
		p.askSeated(ctx, a, now)
	}
	return out, nil
}

// held lists everybody who holds a seat of a request.
func held(r *review.Request, now time.Time) []string {
	var people []string
	for _, s := range r.Seatings {
		for _, h := range s.Holders {
			if h.Active(now) && !slices.Contains(people, h.Person) {
				people = append(people, h.Person)
			}
		}
	}
	return people
}

// restWhileAway keeps reminders from people who are away: they are told again
// when they are back. Meanwhile coverAway has somebody else asked.
func (p *process) restWhileAway(ctx workflow.Context, a *asked, benches []review.Bench, now time.Time) {
	for _, b := range benches {
		for _, c := range b.Candidates {
			away := c.Away.After(now) && a.req.Holds(b.Seat, c.Person.ID, now)
			if away && !slices.ContainsFunc(a.req.Seating(b.Seat).Holders, func(h review.Holder) bool {
				return h.Person == c.Person.ID && !h.Snoozed.Before(c.Away)
			}) {
				p.apply(ctx, a, []review.Fact{{Kind: review.FactSnoozed, Request: a.req.ID, At: now, Person: c.Person.ID, Until: c.Away, Why: "away"}})
			}
		}
	}
}

// askGroups asks every group whose turn has come: the first time, or again
// because a newer version is there.
func (p *process) askGroups(ctx workflow.Context) {
	now := p.now(ctx)
	for _, a := range p.asks {
		t := a.req.Tally(now)
		if a.req.Closed != nil || t.State != review.Open && t.State != review.Vacant {
			continue
		}
		c := a.req.Clocks[t.Group]
		if !c.Opened.IsZero() && !newer(a.req, c.Opened) {
			continue
		}
		due := p.in.Calendar.After(p.in.Hours, now, a.step.Deadlines.Due)
		p.apply(ctx, a, []review.Fact{{Kind: review.FactGroup, Request: a.req.ID, At: now, Group: t.Group, Due: due}})
		p.askSeated(ctx, a, now)
	}
}

// newer reports whether the newest version came after the group was asked.
func newer(r *review.Request, asked time.Time) bool {
	return len(r.Versions) > 0 && r.Versions[len(r.Versions)-1].At.After(asked)
}

// askSeated tells everybody in the current group who holds a silent seat and
// has not been told since the group was asked.
func (p *process) askSeated(ctx workflow.Context, a *asked, now time.Time) {
	t := a.req.Tally(now)
	if p.held != nil || t.Group >= len(a.req.Clocks) || a.req.Clocks[t.Group].Opened.IsZero() || newer(a.req, a.req.Clocks[t.Group].Opened) {
		return
	}
	since := a.req.Clocks[t.Group].Opened
	for _, s := range a.req.Policy.Groups[t.Group].Seats {
		if a.req.Standing(s.ID) != nil {
			continue
		}
		for _, h := range slices.Clone(a.req.Seating(s.ID).Holders) {
			asked := since
			if h.Since.After(asked) { // somebody who comes back to a seat is asked again
				asked = h.Since
			}
			if h.Active(now) && !wasTold(a.req, h.Person, s.ID, asked) {
				p.tell(ctx, a, s.ID, h.Person, playbook.WhyAsked)
			}
		}
	}
}

// sayVacant tells the owner of seats in the current group that nobody holds.
func (p *process) sayVacant(ctx workflow.Context, a *asked, now time.Time) {
	t := a.req.Tally(now)
	if a.req.Closed != nil || t.Group >= len(t.Groups) || a.req.Clocks[t.Group].Opened.IsZero() {
		return
	}
	for _, s := range t.Groups[t.Group].Seats {
		since := a.req.Clocks[t.Group].Opened
		for _, h := range a.req.Seating(s.Seat).Holders {
			if h.Since.After(since) { // it was filled since, and is empty again
				since = h.Since
			}
		}
		if s.Vacant && !spare(a.req, t.Groups[t.Group], s.Seat) && !toldWhy(a.req, playbook.WhyVacant, s.Seat, since) {
			p.tell(ctx, a, s.Seat, p.owner(), playbook.WhyVacant)
		}
	}
}

// spare reports whether an empty seat is the vendor's in a group in which one of our own
// may answer instead: a vendor who named nobody files nothing itself, and that is said
// nowhere.
func spare(r *review.Request, g review.GroupTally, seat string) bool {
	s, group, _ := r.Seat(seat)
	return s.Role == review.VendorRole && r.Policy.Groups[group].Rule == review.RuleAny &&
		slices.ContainsFunc(g.Seats, func(other review.SeatState) bool { return !other.Vacant })
}

// endDelegations takes seats back whose time ran out, so that they are filled
// again.
func (p *process) endDelegations(ctx workflow.Context) {
	now := p.now(ctx)
	for _, a := range p.asks {
		if a.req.Closed != nil {
			continue
		}
		for _, s := range a.req.Seatings {
			for _, h := range slices.Clone(s.Holders) {
				if !h.Off && !h.Until.IsZero() && !now.Before(h.Until) {
					p.apply(ctx, a, []review.Fact{{Kind: review.FactUnseated, Request: a.req.ID, At: now, Seat: s.Seat, Person: h.Person, Why: "delegation ended"}})
					p.reseat = true
				}
			}
		}
	}
}

func wasTold(r *review.Request, person, seat string, since time.Time) bool {
	return slices.ContainsFunc(r.Told, func(t review.Reminder) bool {
		return t.Person == person && t.Seat == seat && !t.At.Before(since) && (t.Why == playbook.WhyAsked || t.Why == playbook.WhyBackup)
	})
}

func toldWhy(r *review.Request, why, seat string, since time.Time) bool {
	return slices.ContainsFunc(r.Told, func(t review.Reminder) bool {
		return t.Why == why && t.Seat == seat && !t.At.Before(since)
	})
}

func merge(known, fresh []activities.PersonHours) []activities.PersonHours {
	for _, f := range fresh {
		i := slices.IndexFunc(known, func(k activities.PersonHours) bool { return k.Person == f.Person })
		if i < 0 {
			known = append(known, f)
		} else {
			known[i] = f
		}
	}
	return known
}
