package review

import (
	"slices"
	"time"
)

// Act says what an act on this request does at case time now: taking back,
// recusing, delegating, snoozing or reading more. Other kinds are refused here;
// their process judges them. It never changes r.
func (r *Request) Act(a Act, now time.Time) (Outcome, []Fact) {
	if out, ok := r.before(a.ID, now); ok {
		return out, nil
	}
	out := Outcome{Request: r.ID, Seat: a.Seat, By: a.Person.ID, At: now, Version: r.Current()}
	var facts []Fact
	why := r.mayAct(a)
	if why == "" {
		switch a.Kind {
		case TakeBack:
			facts, why = r.actTakeBack(&out, a, now)
		case Recuse:
			facts, why = r.actRecuse(a, now)
		case Delegate:
			facts, why = r.actDelegate(&out, a, now)
		case Snooze:
			facts, why = r.actSnooze(a, now)
		case Read:
			facts, why = r.actRead(&out, a, now)
		default:
			why = WrongAct
		}
	}
	if why != "" {
		return r.refuse(out, why, a.ID, a.Person.ID, now)
	}
	out.Status = Counted
	out.State = r.after(facts, now)
	return out, facts
}

// mayAct refuses people who may do nothing here, and anything after the end.
func (r *Request) mayAct(a Act) Refusal {
	if a.Kind == Recuse && a.Person.ID != "" && a.Person.Active && r.Closed == nil {
		return "" // whoever holds a seat, or held one and answered, may declare a conflict
	}
	if why := r.person(a.Person); why != "" {
		return why
	}
	if r.Closed != nil {
		return Closed
	}
	return ""
}

func (r *Request) actTakeBack(out *Outcome, a Act, now time.Time) ([]Fact, Refusal) {
	if a.Written.Empty() {
		return nil, NeedsReason
	}
	var own []*Ballot
	for _, s := range r.Policy.Seats() {
		if b := r.Standing(s.ID); b != nil && b.Person == a.Person.ID && (a.Seat == "" || a.Seat == s.ID) {
			own = append(own, b)
		}
	}
	switch len(own) {
	case 0:
		return nil, NotYours
	case 1:
		b := own[0]
		if why := r.side(b.Seat, a.Person); why != "" && !b.ForVendor {
			return nil, why
		}
		out.Seat, out.Verdict, out.Version = b.Seat, b.Verdict, b.Version
		return []Fact{{Kind: FactTakenBack, Request: r.ID, At: now, Seat: b.Seat, Person: a.Person.ID, Answer: a.ID, Written: a.Written}}, ""
	default:
		return nil, WhichSeat
	}
}

func (r *Request) actRecuse(a Act, now time.Time) ([]Fact, Refusal) {
	if slices.Contains(r.Recused, a.Person.ID) {
		return nil, IsRecused
	}
	answered := slices.ContainsFunc(r.Ballots, func(b Ballot) bool { return b.Person == a.Person.ID && !b.TakenBack })
	if len(r.SeatsOf(a.Person.ID, now)) == 0 && !answered {
		return nil, NoSeat
	}
	if a.Written.Empty() {
		return nil, NeedsReason
	}
	return []Fact{{Kind: FactRecused, Request: r.ID, At: now, Person: a.Person.ID, Answer: a.ID, Written: a.Written}}, ""
}

func (r *Request) actSnooze(a Act, now time.Time) ([]Fact, Refusal) {
	if len(r.SeatsOf(a.Person.ID, now)) == 0 {
		return nil, NoSeat
	}
	if !a.Until.After(now) {
		return nil, BadTime
	}
	return []Fact{{Kind: FactSnoozed, Request: r.ID, At: now, Person: a.Person.ID, Answer: a.ID, Until: a.Until}}, ""
}

func (r *Request) actDelegate(out *Outcome, a Act, now time.Time) ([]Fact, Refusal) {
	seat := a.Seat
	if seat == "" {
		seats := r.SeatsOf(a.Person.ID, now)
		if len(seats) > 1 {
			return nil, WhichSeat
		}
		if len(seats) == 1 {
			seat = seats[0]
		}
	}
	out.Seat = seat
	if seat == "" || !r.Holds(seat, a.Person.ID, now) {
		return nil, NoSeat
	}
	if why := r.side(seat, a.Person); why != "" {
		return nil, why
	}
	if r.Standing(seat) != nil {
		return nil, Answered
	}
	if !a.Until.After(now) {
		return nil, BadTime
	}
	if why := r.chain(seat, a.Person.ID, a.To.ID); why != "" {
		return nil, why
	}
	if !r.MayHold(seat, a.To, now) {
		return nil, BadDelegate
	}
	h := Holder{Person: a.To.ID, Via: ViaDelegate, From: a.Person.ID, Since: now, Until: r.bound(seat, a.Person.ID, a.Until), Lacks: r.lacks(seat, a.To)}
	return []Fact{{Kind: FactSeated, Request: r.ID, At: now, Seat: seat, Person: a.To.ID, Answer: a.ID, Holder: &h, Written: a.Written}}, ""
}

// bound keeps a passed-on seat inside the time that its holder has it for.
func (r *Request) bound(seat, from string, until time.Time) time.Time {
	for _, h := range r.Seating(seat).Holders {
		if h.Person == from && !h.Until.IsZero() && h.Until.Before(until) {
			return h.Until
		}
	}
	return until
}

// chain follows a seat's delegations back from the one who passes it on: who
// passed it to them may not get it back, and the chain has a bound.
func (r *Request) chain(seat, from, to string) Refusal {
	if from == to {
		return Circle
	}
	links := 1
	for at := from; ; links++ {
		if links > r.Policy.depth() {
			return TooDeep
		}
		i := slices.IndexFunc(r.Seating(seat).Holders, func(h Holder) bool {
			return h.Person == at && h.Via == ViaDelegate
		})
		if i < 0 {
			return ""
		}
		at = r.Seating(seat).Holders[i].From
		if at == to {
			return Circle
		}
	}
}

// MayHold reports whether the person could take the seat now: active, not the
// requester, of the vendor where the seat is the vendor's and nowhere else, not
// recused, and in no other seat of the request that the policy doesn't pair with
// this one.
func (r *Request) MayHold(seat string, p Person, now time.Time) bool {
	if r.person(p) != "" || r.side(seat, p) != "" || r.secondSeat(seat, p.ID) {
		return false
	}
	for _, other := range r.SeatsOf(p.ID, now) {
		if other != seat && !r.Policy.Paired(seat, other) {
			return false
		}
	}
	return !r.Holds(seat, p.ID, now)
}
