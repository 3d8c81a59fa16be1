package web

import (
	"slices"
	"strings"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// groupView is one group of a request with its seats.
type groupView struct {
	Name, Rule, State, Tone string
	Due                     *instant
	Late                    bool
	// Alone: the only group, whose state is that of the request.
	Alone bool
	Seats []seatView
}

// seatView is one seat: who holds it, and what they said. The machine's words
// are there beside the people's, so that a page can be compared with the record.
type seatView struct {
	ID, Name  string
	Notes     []string // mandatory, veto, reads …
	Holders   []holderView
	Answer    string
	Tone      string
	Verdict   review.Verdict
	Person    string // id
	By        string // name
	Version   int
	At        *instant
	Vacant    bool
	Mine      bool
	Documents []string
}

type holderView struct {
	Name, How string
	Lost      bool   // could not be shown the request
	Lacks     string // what the seat asks for and they are not known to have
}

// groups gives the seats of a request as they stand now.
func (n names) groups(r *review.Request, me visitor, now time.Time) []groupView {
	tally := r.Tally(now)
	var views []groupView
	for gi, g := range r.Policy.Groups {
		t := tally.Groups[gi]
		view := groupView{Alone: len(r.Policy.Groups) == 1, Name: human(g.Name), Rule: rule(g), State: stands(t.State), Tone: tone(string(t.State))}
		if gi < len(r.Clocks) && r.Closed == nil && t.State != review.Waiting {
			view.Due = me.at(r.Clocks[gi].Due, now)
			view.Late = lateGroup(r, gi, t, now)
		}
		for si, seat := range g.Seats {
			view.Seats = append(view.Seats, n.seat(r, seat, t, t.Seats[si], me, now))
		}
		views = append(views, view)
	}
	return views
}

// lateGroup: the due date has passed and seats are still silent.
func lateGroup(r *review.Request, group int, t review.GroupTally, now time.Time) bool {
	return r.Closed == nil && group < len(r.Clocks) && !r.Clocks[group].Due.IsZero() && now.After(r.Clocks[group].Due) &&
		(t.State == review.Open || t.State == review.Vacant)
}

func (n names) seat(r *review.Request, seat review.Seat, g review.GroupTally, st review.SeatState, me visitor, now time.Time) seatView {
	v := seatView{ID: seat.ID, Name: human(seat.ID), Vacant: st.Vacant, Mine: r.Holds(seat.ID, me.ID, now), Tone: "quiet"}
	if seat.Mandatory {
		v.Notes = append(v.Notes, "must agree")
	}
	if seat.Veto {
		v.Notes = append(v.Notes, "can stop it")
	}
	if len(seat.Scope) > 0 {
		v.Notes = append(v.Notes, "reads "+scopeWords(seat.Scope))
	}
	if s := r.Seating(seat.ID); s != nil {
		for _, h := range s.Holders {
			if h.Active(now) {
				v.Holders = append(v.Holders, holderView{Name: n.of(h.Person), How: n.how(h, me, now), Lost: h.Undelivered, Lacks: humanList(h.Lacks)})
			}
		}
	}
	if b := r.Standing(seat.ID); b != nil {
		v.Answer, v.Tone, v.Verdict = playbook.Said(b.Verdict), tone(string(b.Verdict)), b.Verdict
		v.Person, v.By, v.Version, v.At, v.Documents = b.Person, n.of(b.Person), b.Version, me.at(b.At, now), b.Documents
		return v
	}
	switch {
	case r.Closed != nil:
		v.Answer = "was not needed"
	case g.State == review.Waiting:
		v.Answer = "not asked yet"
	case g.State.Decided():
		v.Answer = "not needed any more"
	case st.Vacant:
		v.Answer, v.Tone = "nobody holds this seat", "warn"
	default:
		v.Answer, v.Tone = "has not answered", "open"
	}
	return v
}

// humanList joins ids of a playbook or a people file as words.
func humanList(ids []string) string {
	var words []string
	for _, id := range ids {
		words = append(words, strings.ToLower(human(id)))
	}
	return strings.Join(words, ", ")
}

// how says how somebody came to hold a seat, where that isn't plain.
func (n names) how(h review.Holder, me visitor, now time.Time) string {
	var parts []string
	switch h.Via {
	case review.ViaBackup:
		parts = append(parts, "backup for "+n.of(h.From))
	case review.ViaDelegate:
		parts = append(parts, "asked by "+n.of(h.From))
	}
	if !h.Until.IsZero() {
		parts = append(parts, "until "+me.at(h.Until, now).Text)
	}
	return strings.Join(parts, ", ")
}

// scopeWords says what a seat reads.
func scopeWords(scope []string) string {
	words := make([]string, len(scope))
	for i, s := range scope {
		switch {
		case s == "def/*":
			words[i] = "the definitions"
		case strings.HasPrefix(s, "def/"):
			words[i] = "the definition " + human(s[len("def/"):])
		case strings.HasPrefix(strings.ToLower(s), "title:"):
			words[i] = "“" + cut(strings.TrimSpace(s[len("title:"):])) + "”"
		default:
			words[i] = "clause " + cut(s)
		}
	}
	return strings.Join(words, ", ")
}

// doubled names people who fill, or hold, two seats of a request, which a policy
// allows by a pair and every page says.
func (n names) doubled(r *review.Request, now time.Time) []string {
	var ids []string
	seats := map[string][]string{}
	for _, s := range r.Policy.Seats() {
		var holders []string
		if b := r.Standing(s.ID); b != nil {
			holders = []string{b.Person}
		} else if st := r.Seating(s.ID); st != nil {
			for _, h := range st.Holders {
				if h.Active(now) {
					holders = append(holders, h.Person)
				}
			}
		}
		for _, p := range holders {
			if !slices.Contains(ids, p) {
				ids = append(ids, p)
			}
			seats[p] = append(seats[p], s.ID)
		}
	}
	var twice []string
	for _, p := range ids {
		if len(seats[p]) > 1 {
			twice = append(twice, n.of(p))
		}
	}
	return twice
}

// openSeats are the seats that the person can answer for now.
func openSeats(r *review.Request, person string, now time.Time) []review.Seat {
	t := r.Tally(now)
	if r.Closed != nil || t.Group >= len(r.Policy.Groups) || r.Requester == person {
		return nil
	}
	var seats []review.Seat
	for _, s := range r.Policy.Groups[t.Group].Seats {
		if r.Holds(s.ID, person, now) && r.Standing(s.ID) == nil {
			seats = append(seats, s)
		}
	}
	return seats
}

// standingOf are the seats for which the person's answer stands.
func standingOf(r *review.Request, person string) []*review.Ballot {
	var own []*review.Ballot
	for _, s := range r.Policy.Seats() {
		if b := r.Standing(s.ID); b != nil && b.Person == person {
			own = append(own, b)
		}
	}
	return own
}

// due is when the group that is being asked should have answered; zero: no date.
func due(r *review.Request, now time.Time) time.Time {
	t := r.Tally(now)
	if r.Closed != nil || t.Group >= len(r.Clocks) {
		return time.Time{}
	}
	return r.Clocks[t.Group].Due
}
