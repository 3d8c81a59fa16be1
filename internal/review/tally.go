package review

import "time"

// State is where a group or a request stands.
type State string

// States. Open waits for people, Vacant waits for the case owner because a seat
// has nobody left; Met, Wanted and Refused are decisions.
const (
	Waiting State = "waiting" // an earlier group has not decided yet
	Open    State = "open"
	Vacant  State = "vacant"
	Met     State = "met"
	Wanted  State = "changes" // changes are wanted and nobody is left to ask, or time is up
	Denied  State = "refused"
)

// Decided reports whether the state ends a round of asking.
func (s State) Decided() bool { return s == Met || s == Wanted || s == Denied }

// SeatState is one seat in a tally.
type SeatState struct {
	Seat    string  `json:"seat"`
	Verdict Verdict `json:"verdict,omitempty"` // empty: has not answered
	Person  string  `json:"person,omitempty"`
	Vacant  bool    `json:"vacant,omitempty"`
}

// GroupTally is one group in a tally.
type GroupTally struct {
	State    State       `json:"state"`
	Approved int         `json:"approved"`
	Needed   int         `json:"needed"`
	Seats    []SeatState `json:"seats"`
}

// Tally is where a request stands at a moment.
type Tally struct {
	State State `json:"state"`
	// Group is the index of the group that is being asked; the number of groups
	// once all are met.
	Group  int          `json:"group"`
	Groups []GroupTally `json:"groups"`
	// Unread are the sections that nobody has read, where each must be: the last
	// group is not met while there are some, whoever approved.
	Unread []string `json:"unread,omitempty"`
}

// Tally counts the answers that stand at case time now. The tally of a closed
// request is that of its closing for ever: no due date passes, no delegation ends.
func (r *Request) Tally(now time.Time) Tally {
	if r.Closed != nil && now.After(r.Closed.At) {
		now = r.Closed.At
	}
	t := Tally{State: Met, Group: len(r.Policy.Groups), Groups: make([]GroupTally, 0, len(r.Policy.Groups)), Unread: r.unread()}
	for gi, g := range r.Policy.Groups {
		gt := r.tallyGroup(gi, g, now)
		if gt.State == Met && len(t.Unread) > 0 && gi == len(r.Policy.Groups)-1 {
			gt.State = r.unmet(now)
		}
		if t.State == Met && gt.State != Met {
			t.State, t.Group = gt.State, gi
		} else if t.State != Met {
			gt.State = Waiting
		}
		t.Groups = append(t.Groups, gt)
	}
	return t
}

func (r *Request) tallyGroup(gi int, g Group, now time.Time) GroupTally {
	gt := GroupTally{Needed: g.Needed(), Seats: make([]SeatState, 0, len(g.Seats))}
	var approved, wanted, open, vacant int
	veto, mandatoryNo, mandatoryMissing := false, false, false
	for _, s := range g.Seats {
		st := SeatState{Seat: s.ID}
		b := r.Standing(s.ID)
		switch {
		case b == nil && r.held(s.ID, now):
			open++
		case b == nil:
			st.Vacant = true
			vacant++
		case Positive(b.Verdict):
			approved++
		case b.Verdict == Changes:
			wanted++
		case b.Verdict == Reject:
			veto = veto || s.Veto
			mandatoryNo = mandatoryNo || s.Mandatory
		}
		if b != nil {
			st.Verdict, st.Person = b.Verdict, b.Person
		}
		if s.Mandatory && (b == nil || !Positive(b.Verdict)) {
			mandatoryMissing = true
		}
		gt.Seats = append(gt.Seats, st)
	}
	gt.Approved = approved
	due := r.due(gi, now)
	switch {
	case veto || mandatoryNo:
		gt.State = Denied
	case approved >= gt.Needed && !mandatoryMissing:
		gt.State = Met
	case approved+wanted+open+vacant < gt.Needed:
		gt.State = Denied
	case open > 0 && !(wanted > 0 && due):
		gt.State = Open
	case wanted > 0:
		gt.State = Wanted
	default:
		gt.State = Vacant
	}
	return gt
}

// unmet is where a request stands that waits for readers alone: whoever holds a seat
// may read, and where nobody does the case owner has to bring somebody.
func (r *Request) unmet(now time.Time) State {
	for _, s := range r.Seatings {
		if r.held(s.Seat, now) {
			return Open
		}
	}
	return Vacant
}

// held reports whether anybody may answer for the seat now.
func (r *Request) held(seat string, now time.Time) bool {
	s := r.Seating(seat)
	if s == nil {
		return false
	}
	for _, h := range s.Holders {
		if h.Active(now) {
			return true
		}
	}
	return false
}

func (r *Request) due(group int, now time.Time) bool {
	if group >= len(r.Clocks) || r.Clocks[group].Due.IsZero() {
		return false
	}
	if !r.Held.IsZero() && now.After(r.Held) { // the clock stands still
		now = r.Held
	}
	return !now.Before(r.Clocks[group].Due)
}
