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
	Group   int       `json:"group,omitempty"`
	Due     time.Time `json:"due,omitzero"`
	Until   time.Time `json:"until,omitzero"`
	State   State     `json:"state,omitempty"`
	Why     string    `json:"why,omitempty"`
	Written Written   `json:"written,omitzero"`
}

// Apply folds a fact into the request. Folding a fact that was folded already,
// or one that names an unknown seat, changes nothing.
func (r *Request) Apply(f Fact) {
	switch f.Kind {
	case FactOpened:
		if f.Opened != nil {
			*r = f.Opened.Clone()
		}
	case FactGroup:
		for len(r.Clocks) <= f.Group {
			r.Clocks = append(r.Clocks, Clock{})
		}
		r.Clocks[f.Group] = Clock{Opened: f.At, Due: f.Due}
	case FactCounted:
		if f.Ballot != nil && r.ballot(f.Ballot.Answer) == nil {
			r.Ballots = append(r.Ballots, *f.Ballot)
		}
	case FactRefused:
		r.Refusals++
		if f.Outcome != nil && len(r.Attempts) < MaxAttempts {
			r.Attempts = append(r.Attempts, Attempt{Answer: f.Answer, Outcome: *f.Outcome})
		}
	case FactTakenBack:
		r.takeBack(f.Seat, f.Person)
	case FactRecused:
		r.recuse(f.Person)
	case FactSeated:
		if s := r.Seating(f.Seat); s != nil && f.Holder != nil {
			s.join(*f.Holder)
		}
	case FactUnseated:
		r.unseat(f.Seat, f.Person)
	case FactSnoozed:
		r.eachHolder(f.Person, func(h *Holder) { h.Snoozed = f.Until })
	case FactLost:
		r.eachHolder(f.Person, func(h *Holder) { h.Undelivered = true })
	case FactVersion:
		if f.Version != nil && f.Version.Number > r.Current() {
			r.Versions = append(r.Versions, *f.Version)
		}
	case FactTold:
		r.Told = append(r.Told, Reminder{Person: f.Person, Why: f.Why, Seat: f.Seat, At: f.At})
	case FactWaived:
		r.Waived = true
	case FactClosed:
		if r.Closed == nil {
			r.Closed = &Closing{State: f.State, At: f.At, Why: f.Why}
		}
	}
}

// Fold applies facts in order.
func (r *Request) Fold(facts []Fact) {
	for _, f := range facts {
		r.Apply(f)
	}
}

// Clone returns a copy that shares nothing with r.
func (r *Request) Clone() Request {
	c := *r
	c.Options = slices.Clone(r.Options)
	c.Reasoned = slices.Clone(r.Reasoned)
	c.Seatings = slices.Clone(r.Seatings)
	for i := range c.Seatings {
		c.Seatings[i].Holders = slices.Clone(c.Seatings[i].Holders)
	}
	c.Clocks = slices.Clone(r.Clocks)
	c.Versions = slices.Clone(r.Versions)
	c.Ballots = slices.Clone(r.Ballots)
	c.Recused = slices.Clone(r.Recused)
	c.Attempts = slices.Clone(r.Attempts)
	c.Told = slices.Clone(r.Told)
	if r.Closed != nil {
		closed := *r.Closed
		c.Closed = &closed
	}
	return c
}

func (r *Request) ballot(answer string) *Ballot {
	for i := range r.Ballots {
		if r.Ballots[i].Answer == answer {
			return &r.Ballots[i]
		}
	}
	return nil
}

func (r *Request) takeBack(seat, person string) {
	for i := range r.Ballots {
		if b := &r.Ballots[i]; b.Seat == seat && b.Person == person && !b.Void {
			b.TakenBack = true
		}
	}
}

// recuse takes the person off every seat and voids what they answered, so that
// the tally is counted as if they had never been asked.
func (r *Request) recuse(person string) {
	if !slices.Contains(r.Recused, person) {
		r.Recused = append(r.Recused, person)
	}
	r.eachHolder(person, func(h *Holder) { h.Off = true })
	for i := range r.Ballots {
		if r.Ballots[i].Person == person {
			r.Ballots[i].Void = true
		}
	}
}

func (r *Request) unseat(seat, person string) {
	s := r.Seating(seat)
	if s == nil {
		return
	}
	for i := range s.Holders {
		if s.Holders[i].Person == person {
			s.Holders[i].Off = true
		}
	}
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
