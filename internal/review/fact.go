package review

import (
	"slices"
	"time"
)

// FactKind names what happened to a request.
type FactKind string

// Facts. Each is one entry of the record; the fold of a request's facts in their
// order is the request.
const (
	FactOpened     FactKind = "opened"      // Request holds the request as it was shown first
	FactGroup      FactKind = "group-asked" // Group, Due
	FactCounted    FactKind = "answered"    // Ballot
	FactRefused    FactKind = "attempt"     // Outcome; an answer or act that did not count
	FactTakenBack  FactKind = "taken-back"
	FactRecused    FactKind = "recused"
	FactSeated     FactKind = "seated"   // Holder joins Seat
	FactUnseated   FactKind = "unseated" // Person leaves Seat (left, lost the role)
	FactSnoozed    FactKind = "snoozed"  // Person, Until
	FactVersion    FactKind = "version"  // Version
	FactTold       FactKind = "told"     // Person, Why
	FactLost       FactKind = "undelivered"
	FactClosed     FactKind = "closed" // State, Why
	FactWaived     FactKind = "waived"
	FactSuperseded FactKind = "superseded"
	// FactDue moves a group's due date: Group, Due, Why. Until, where it is set,
	// is until when the group's clock stands still from then on.
	FactDue     FactKind = "due-moved"
	FactHeld    FactKind = "held"
	FactResumed FactKind = "resumed"
	FactAdded   FactKind = "seat-added" // Group, New
	// FactRead: more of the document was read; Ballot has who, what and in which
	// version, and no verdict.
	FactRead FactKind = "read"
	// FactDeclared: Person's statement on interests stands, from another request of
	// the case.
	FactDeclared FactKind = "declared"
	// FactUndeclared: Person's statement on interests stands no more: a year has passed,
	// or a fact of the case was corrected. Their next answer makes it again.
	FactUndeclared FactKind = "undeclared"
)

// Fact is one thing that happened to a request. Which fields are set depends on
// the kind; nothing in it is free text, a name or an address.
type Fact struct {
	Kind    FactKind  `json:"kind"`
	Request string    `json:"request"`
	At      time.Time `json:"at"` // case time
	Seat    string    `json:"seat,omitempty"`
	Person  string    `json:"person,omitempty"`
	// Answer is the id of the answer or act behind the fact.
	Answer  string    `json:"answer,omitempty"`
	Ballot  *Ballot   `json:"ballot,omitempty"`
	Outcome *Outcome  `json:"outcome,omitempty"`
	Holder  *Holder   `json:"holder,omitempty"`
	Version *Version  `json:"version,omitempty"`
	Opened  *Request  `json:"opened,omitempty"`
	New     *Seat     `json:"new,omitempty"`
	Group   int       `json:"group,omitempty"`
	Due     time.Time `json:"due,omitzero"`
	Until   time.Time `json:"until,omitzero"`
	State   State     `json:"state,omitempty"`
	Why     string    `json:"why,omitempty"`
	Written Written   `json:"written,omitzero"`
}

// Apply folds a fact into the request. Folding again the fact of an answer or an
// act changes nothing, nor does a fact that names an unknown seat or group, nor
// one that would change the tally of a closed request.
func (r *Request) Apply(f Fact) {
	if r.ignores(f) {
		return
	}
	switch f.Kind {
	case FactOpened:
		*r = f.Opened.Clone()
	case FactGroup:
		for len(r.Clocks) <= f.Group {
			r.Clocks = append(r.Clocks, Clock{})
		}
		r.Clocks[f.Group] = Clock{Opened: f.At, Due: f.Due}
	case FactCounted:
		if f.Ballot != nil && r.ballot(f.Ballot.Answer) == nil {
			r.Ballots = append(r.Ballots, f.Ballot.clone())
			if r.Declaration != "" && slices.Contains(f.Ballot.Attest, r.Declaration) {
				r.declare(f.Ballot.Person)
			}
		}
	case FactRefused:
		r.Refusals++
		if f.Outcome != nil && len(r.Attempts) < MaxAttempts {
			r.Attempts = append(r.Attempts, Attempt{Answer: f.Answer, Outcome: f.Outcome.clone()})
		}
	case FactTakenBack:
		r.takeBack(f)
	case FactRecused:
		r.recuse(f)
	case FactSeated:
		if s := r.Seating(f.Seat); s != nil && f.Holder != nil {
			s.join(*f.Holder)
			r.acted(f, Outcome{Seat: f.Seat, By: f.Holder.From})
		}
	case FactUnseated:
		r.unseat(f.Seat, f.Person)
	case FactSnoozed:
		r.eachHolder(f.Person, func(h *Holder) { h.Snoozed = f.Until })
		r.acted(f, Outcome{By: f.Person})
	case FactLost:
		r.eachHolder(f.Person, func(h *Holder) { h.Undelivered = true })
	case FactVersion:
		if f.Version != nil && f.Version.Number > r.Current() {
			r.Versions = append(r.Versions, f.Version.clone())
		}
	case FactTold: // whoever is told anew is reached, until that fails as well
		r.Told = append(r.Told, Reminder{Person: f.Person, Why: f.Why, Seat: f.Seat, At: f.At})
		r.eachHolder(f.Person, func(h *Holder) { h.Undelivered = false })
	case FactDue:
		r.moveDue(f)
	case FactHeld:
		r.Held = f.At
	case FactResumed:
		r.resume(f.At)
	case FactAdded:
		r.addSeat(f)
	case FactRead:
		r.Reads = append(r.Reads, f.Ballot.clone())
		r.acted(f, Outcome{Seat: f.Seat, By: f.Person, Version: f.Ballot.Version})
	case FactDeclared:
		r.declare(f.Person)
	case FactUndeclared:
		r.Declared = slices.DeleteFunc(slices.Clone(r.Declared), func(id string) bool { return id == f.Person })
	case FactWaived:
		r.Waived = true
	case FactClosed:
		if r.Closed == nil {
			r.Closed = &Closing{State: f.State, At: f.At, Why: f.Why}
		}
	}
}

// ignores reports whether the fact must leave the request as it is.
func (r *Request) ignores(f Fact) bool {
	switch f.Kind {
	case FactOpened:
		return f.Opened == nil || r.ID != ""
	case FactGroup:
		return r.Closed != nil || f.Group < 0 || f.Group >= len(r.Policy.Groups)
	case FactSeated: // whoever declared a conflict never comes back
		return r.Closed != nil || f.Holder == nil || slices.Contains(r.Recused, f.Holder.Person) || r.hasActed(f.Answer)
	case FactTakenBack, FactRecused, FactSnoozed:
		return r.Closed != nil || r.hasActed(f.Answer)
	case FactDue:
		return r.Closed != nil || r.hasActed(f.Answer) || f.Group < 0 || f.Group >= len(r.Clocks) || r.Clocks[f.Group].Opened.IsZero()
	case FactHeld:
		return r.Closed != nil || !r.Held.IsZero()
	case FactResumed:
		return r.Closed != nil || r.Held.IsZero()
	case FactAdded:
		return r.Closed != nil || r.hasActed(f.Answer) || f.New == nil || f.Group < 0 || f.Group >= len(r.Policy.Groups) || r.Seating(f.New.ID) != nil
	case FactRead:
		return r.Closed != nil || f.Ballot == nil || f.Answer == "" || r.hasActed(f.Answer)
	case FactDeclared, FactUndeclared:
		return r.Closed != nil || f.Person == ""
	case FactCounted, FactUnseated, FactVersion:
		return r.Closed != nil
	case FactRefused:
		return f.Answer != "" && slices.ContainsFunc(r.Attempts, func(a Attempt) bool { return a.Answer == f.Answer })
	default:
		return false
	}
}

func (r *Request) hasActed(id string) bool {
	return id != "" && slices.ContainsFunc(r.Acts, func(a Attempt) bool { return a.Answer == id })
}

// Fold applies facts in order.
func (r *Request) Fold(facts []Fact) {
	for _, f := range facts {
		r.Apply(f)
	}
}

func (r *Request) ballot(answer string) *Ballot {
	for i := range r.Ballots {
		if r.Ballots[i].Answer == answer {
			return &r.Ballots[i]
		}
	}
	return nil
}

func (r *Request) takeBack(f Fact) {
	if b := r.Standing(f.Seat); b != nil && b.Person == f.Person {
		b.TakenBack = true
		r.acted(f, Outcome{Seat: b.Seat, By: b.Person, Verdict: b.Verdict, Version: b.Version})
	}
}

// recuse takes the person off every seat and voids what they answered, and what
// they read, so that the tally is counted as if they had never been asked.
func (r *Request) recuse(f Fact) {
	if !slices.Contains(r.Recused, f.Person) {
		r.Recused = append(r.Recused, f.Person)
	}
	for i := range r.Seatings {
		r.Seatings[i].off(f.Person)
	}
	for i := range r.Ballots {
		if r.Ballots[i].Person == f.Person {
			r.Ballots[i].Void = true
		}
	}
	for i := range r.Reads {
		if r.Reads[i].Person == f.Person {
			r.Reads[i].Void = true
		}
	}
	r.acted(f, Outcome{By: f.Person})
}

func (r *Request) declare(person string) {
	if !slices.Contains(r.Declared, person) {
		r.Declared = append(r.Declared, person)
	}
}

func (r *Request) unseat(seat, person string) {
	if s := r.Seating(seat); s != nil {
		s.off(person)
	}
}

// acted remembers an act by its id; facts without one are the process's own.
func (r *Request) acted(f Fact, out Outcome) {
	if f.Answer == "" {
		return
	}
	out.Status, out.Request, out.At = Counted, r.ID, f.At
	r.Acts = append(r.Acts, Attempt{Answer: f.Answer, Outcome: out})
}

func (r *Request) eachHolder(person string, do func(*Holder)) {
	for i := range r.Seatings {
		for j := range r.Seatings[i].Holders {
			if h := &r.Seatings[i].Holders[j]; h.Person == person {
				do(h)
			}
		}
	}
}

// join adds a holder, or brings one back who holds the seat already.
func (s *Seating) join(h Holder) {
	for i := range s.Holders {
		if s.Holders[i].Person == h.Person {
			s.Holders[i] = h
			return
		}
	}
	s.Holders = append(s.Holders, h)
}

// off takes the person off the seat, and with them whoever has it from them: a
// delegate's right ends with the right of the one who passed it on.
func (s *Seating) off(person string) {
	for i := range s.Holders {
		if s.Holders[i].Person == person {
			s.Holders[i].Off = true
		}
	}
	for _, h := range s.Holders {
		if h.Via == ViaDelegate && h.From == person && !h.Off {
			s.off(h.Person)
		}
	}
}
