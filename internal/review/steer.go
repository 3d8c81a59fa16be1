package review

import (
	"slices"
	"strings"
	"time"
)

// NamedPrefix begins the role of a seat that is one named person's; their id
// follows it.
const NamedPrefix = "@person/"

// named is the person whom a role names, empty for a role that people hold.
func named(role string) string {
	person, is := strings.CutPrefix(role, NamedPrefix)
	if !is {
		return ""
	}
	return person
}

// Fits reports whether the person may hold a seat of the role: they have it, or
// it is theirs by name. Who owns the case is not for the people file to say, nor
// who speaks for which vendor: that is the request's.
func (p Person) Fits(role string) bool {
	switch role {
	case OwnerRole:
		return true
	case VendorRole:
		return p.Employer != ""
	case OutsideRole:
		return p.isOutside()
	}
	if name := named(role); name != "" {
		return name == p.ID
	}
	return p.Has(role)
}

// moveDue gives a group another due date.
func (r *Request) moveDue(f Fact) {
	c := &r.Clocks[f.Group]
	c.Due = f.Due
	if f.Until.After(f.At) {
		c.Still = append(c.Still, Still{From: f.At, Until: f.Until})
	}
	r.acted(f, Outcome{By: f.Person})
}

// resume lets every clock that ran when the case was held go on. Its due dates
// are moved by facts of their own: that takes a calendar.
func (r *Request) resume(at time.Time) {
	for i := range r.Clocks {
		c := &r.Clocks[i]
		if c.Opened.IsZero() || !at.After(r.Held) {
			continue
		}
		c.Still = append(c.Still, Still{From: r.Held, Until: at})
	}
	r.Held = time.Time{}
}

// addSeat adds a seat to a group. The policy may be shared with the step that
// the request came from, so it is copied first.
func (r *Request) addSeat(f Fact) {
	r.Policy = r.Policy.clone()
	g := &r.Policy.Groups[f.Group]
	g.Seats = append(g.Seats, *f.New)
	r.Seatings = append(r.Seatings, Seating{Seat: f.New.ID, Group: f.Group, Added: f.At})
	r.acted(f, Outcome{Seat: f.New.ID, By: f.Person})
}

// Steer says what the owner's act does to the request at case time now: Extend,
// AddSeat (a step has at most that many seats) or SendChanges. The fact has all
// but what takes a calendar. It never changes r.
func (r *Request) Steer(a Act, most int, now time.Time) (Fact, Refusal) {
	if why := r.maySteer(now); why != "" {
		return Fact{}, why
	}
	switch a.Kind {
	case Extend:
		return r.extension(a, now)
	case AddSeat:
		return r.addition(a, most, now)
	case SendChanges:
		return r.early(a, now)
	}
	return Fact{}, WrongAct
}

// maySteer says why the request can't be steered at case time now: it is closed
// or decided. Empty: it can.
func (r *Request) maySteer(now time.Time) Refusal {
	switch state := r.Tally(now).State; {
	case r.Closed != nil:
		return Closed
	case state == Met || state == Denied:
		return WrongAct
	case !r.Held.IsZero():
		return OnHold
	}
	return ""
}

// extension says what moving the due date of the group that is being asked does:
// the fact, but for until when its clock stands still, which takes a calendar.
func (r *Request) extension(a Act, now time.Time) (Fact, Refusal) {
	group := r.Tally(now).Group
	c := r.Clocks[group]
	switch {
	case c.Opened.IsZero():
		return Fact{}, NotYet
	case !a.Until.After(now):
		return Fact{}, BadTime
	case !a.Until.After(c.Due):
		return Fact{}, NotLater
	}
	return Fact{Kind: FactDue, Request: r.ID, At: now, Person: a.Person.ID, Answer: a.ID, Group: group, Due: a.Until.UTC(), Why: "extended", Written: a.Written}, ""
}

// addition says what adding a seat does: a seat more in the group that is being
// asked, or in a later one. Nothing that the policy asks is asked less: a number
// stays, "all" are one more.
func (r *Request) addition(a Act, most int, now time.Time) (Fact, Refusal) {
	if strings.HasPrefix(a.Role, "@") { // such roles are gangway's own
		return Fact{}, WrongAct
	}
	group := r.Tally(now).Group
	if a.Group != 0 {
		if a.Group-1 < group || a.Group > len(r.Policy.Groups) {
			return Fact{}, Settled
		}
		group = a.Group - 1
	}
	seat := Seat{ID: a.Seat, Role: a.Role, Mandatory: a.Mandatory}
	if a.Role == "" {
		seat.Role = NamedPrefix + a.To.ID
		if a.To.ID == "" || !r.MayHold("", a.To, now) {
			return Fact{}, BadDelegate
		}
	}
	if seat.ID == "" {
		seat.ID = a.Role
		if a.Role == "" {
			seat.ID = a.To.ID
		}
	}
	seats := r.Policy.Seats()
	there := slices.ContainsFunc(seats, func(s Seat) bool { return s.ID == seat.ID || s.Role == seat.Role && named(seat.Role) != "" })
	switch {
	case there:
		return Fact{}, SeatThere
	case len(seats) >= most:
		return Fact{}, TooMany
	}
	return Fact{Kind: FactAdded, Request: r.ID, At: now, Seat: seat.ID, Person: a.Person.ID, Answer: a.ID, Group: group, New: &seat, Written: a.Written}, ""
}

// early says what ending the round before its due date does: the due date is
// now, so that what is wanted so far is the list that the vendor gets.
func (r *Request) early(a Act, now time.Time) (Fact, Refusal) {
	t := r.Tally(now)
	wanted := slices.ContainsFunc(t.Groups[t.Group].Seats, func(s SeatState) bool { return s.Verdict == Changes })
	if !wanted {
		return Fact{}, NoChanges
	}
	f := Fact{Kind: FactDue, Request: r.ID, At: now, Person: a.Person.ID, Answer: a.ID, Group: t.Group, Due: now, Why: "sent-early", Written: a.Written}
	if t.State == Wanted { // the round is over already: its due date stays
		f.Due = r.Clocks[t.Group].Due
	}
	return f, ""
}

// Guarded reports whether the request has a mandatory or a veto seat: such a
// request is never closed because the case has changed around it.
func (r *Request) Guarded() bool {
	return slices.ContainsFunc(r.Policy.Seats(), func(s Seat) bool { return s.Mandatory || s.Veto })
}
