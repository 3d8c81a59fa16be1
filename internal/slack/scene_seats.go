package slack

import (
	"strconv"
	"time"

	"gangway/internal/review"
)

// openSeats are the seats that the viewer can answer for now.
func (s scene) openSeats() []review.Seat {
	r := &s.Request
	t := r.Tally(s.Now)
	if r.Closed != nil || t.Group >= len(r.Policy.Groups) || r.Requester == s.Viewer.ID {
		return nil
	}
	var seats []review.Seat
	for _, st := range r.Policy.Groups[t.Group].Seats {
		if r.Holds(st.ID, s.Viewer.ID, s.Now) && r.Standing(st.ID) == nil {
			seats = append(seats, st)
		}
	}
	return seats
}

// own are the viewer's answers that stand.
func (s scene) own() []*review.Ballot {
	var own []*review.Ballot
	for _, st := range s.Request.Policy.Seats() {
		if b := s.Request.Standing(st.ID); b != nil && b.Person == s.Viewer.ID {
			own = append(own, b)
		}
	}
	return own
}

// papered: it is about a document, whose versions mean something to people. Without
// one a version is a round in which the same is asked again.
func (s scene) papered() bool {
	n := len(s.Request.Versions)
	return n > 0 && s.Request.Versions[n-1].Document != ""
}

// before is the viewer's last answer, which no longer stands for a seat that they
// are asked for again; nil: they are asked for the first time.
func (s scene) before() *review.Ballot {
	for _, open := range s.openSeats() {
		for i := len(s.Request.Ballots) - 1; i >= 0; i-- {
			b := &s.Request.Ballots[i]
			if b.Seat == open.ID && b.Person == s.Viewer.ID && (b.TakenBack || b.Version != s.Request.Current()) {
				return b
			}
		}
	}
	return nil
}

// due is when the group that is being asked should have answered; zero: no date.
func (s scene) due() time.Time {
	t := s.Request.Tally(s.Now)
	if s.Request.Closed != nil || t.Group >= len(s.Request.Clocks) {
		return time.Time{}
	}
	return s.Request.Clocks[t.Group].Due
}

func (s scene) held() bool { return s.Case.Held != nil || !s.Request.Held.IsZero() }

// snoozed is until when the viewer is not reminded.
func (s scene) snoozed() time.Time {
	var until time.Time
	for _, open := range s.openSeats() {
		for _, h := range s.Request.Seating(open.ID).Holders {
			if h.Person == s.Viewer.ID && h.Snoozed.After(until) {
				until = h.Snoozed
			}
		}
	}
	return until
}

// waitingSeats are the seats of the group that is being asked that have not
// answered.
func (s scene) waitingSeats() []review.SeatState {
	t := s.Request.Tally(s.Now)
	if s.Request.Closed != nil || t.Group >= len(t.Groups) || t.Groups[t.Group].State.Decided() {
		return nil
	}
	var seats []review.SeatState
	for _, st := range t.Groups[t.Group].Seats {
		if st.Verdict == "" && s.Request.Seating(st.Seat) != nil {
			seats = append(seats, st)
		}
	}
	return seats
}

// waitingFor says who is waited for.
func (s scene) waitingFor() string {
	var names []string
	for _, st := range s.waitingSeats() {
		names = append(names, seat(st.Seat))
	}
	if len(names) == 0 {
		return ""
	}
	return "Waiting for " + listed(names) + "."
}

// quorum is how many answers there are of those that are needed: 1 of 2 agreed so far.
func (s scene) quorum() string {
	t := s.Request.Tally(s.Now)
	group := min(t.Group, len(t.Groups)-1)
	if group < 0 {
		return ""
	}
	g := t.Groups[group]
	words := strconv.Itoa(g.Approved) + " of " + strconv.Itoa(g.Needed) + " agreed"
	if s.Request.Closed == nil {
		words += " so far"
	}
	if len(t.Groups) > 1 && s.Request.Closed == nil {
		words += ", group " + strconv.Itoa(group+1) + " of " + strconv.Itoa(len(t.Groups))
	}
	return words
}

func itoa(n int) string { return strconv.Itoa(n) }
