package review_test

import (
	"slices"

	"gangway/internal/review"
)

// The model says of a world, without asking the package, who stands where and
// which rules an answer breaks. It looks at everything at once, as the design's
// rules are written, not in the order in which Judge looks.

// untouched is read from the test's own table.
func (w *world) untouched(seat string, version int) bool {
	if version == w.r.Current() {
		return true
	}
	seats, compared := w.touched[[2]int{w.r.Current(), version}]
	return compared && !slices.Contains(seats, seat)
}

// stands is the index of the ballot that stands for the seat, or -1: the last
// one that nothing silences.
func (w *world) stands(seat string) int {
	last := -1
	for i, b := range w.r.Ballots {
		if b.Seat != seat || b.Void || b.TakenBack || !w.untouched(seat, b.Version) {
			continue
		}
		silenced := false
		for j, later := range w.r.Ballots {
			word := later.Verdict == review.Changes || later.Verdict == review.Reject
			silenced = silenced || j >= i && later.Seat == seat && !later.Void && (later.TakenBack || word && max(later.Version, later.Under) != w.r.Current())
		}
		if !silenced {
			last = i
		}
	}
	return last
}

func (w *world) holds(seat, person string) bool {
	for _, h := range w.r.Seating(seat).Holders {
		if h.Person == person && !h.Off && (h.Until.IsZero() || w.now.Before(h.Until)) {
			return true
		}
	}
	return false
}

func (w *world) anybody(seat string) bool {
	return slices.ContainsFunc(w.people, func(p review.Person) bool { return w.holds(seat, p.ID) })
}

func (w *world) paired(a, b string) bool {
	return slices.Contains(w.r.Policy.Pairs, review.Pair{A: a, B: b}) || slices.Contains(w.r.Policy.Pairs, review.Pair{A: b, B: a})
}

// states is the oracle's verdict on each group, and which group is asked.
func (w *world) states() ([]review.State, int) {
	var states []review.State
	asked := -1
	for gi, g := range w.r.Policy.Groups {
		b := bloc{rule: g.Rule, n: g.N, seats: len(g.Seats)}
		words, empty := make([]word, len(g.Seats)), 0
		for i, s := range g.Seats {
			if s.Mandatory {
				b.mandatory |= 1 << i
			}
			if s.Veto {
				b.veto |= 1 << i
			}
			if at := w.stands(s.ID); at >= 0 {
				words[i] = slices.Index(verdicts, w.r.Ballots[at].Verdict)
			}
			if !w.anybody(s.ID) {
				empty |= 1 << i
			}
		}
		due := w.r.Clocks[gi].Due
		state := b.verdict(words, empty, !due.IsZero() && !w.now.Before(due))
		if state == review.Met && gi == len(w.r.Policy.Groups)-1 && len(w.unread()) > 0 {
			state = review.Vacant
			if slices.ContainsFunc(w.r.Seatings, func(s review.Seating) bool { return w.anybody(s.Seat) }) {
				state = review.Open
			}
		}
		if asked >= 0 {
			state = review.Waiting
		} else if state != review.Met {
			asked = gi
		}
		states = append(states, state)
	}
	if asked < 0 {
		asked = len(states)
	}
	return states, asked
}

// breaks lists every rule that the answer breaks; none: it must count.
func (w *world) breaks(a review.Answer) []review.Refusal {
	var broken []review.Refusal
	rule := func(is bool, why review.Refusal) {
		if is {
			broken = append(broken, why)
		}
	}
	rule(!a.Person.Active, review.NotActive)
	rule(a.Person.Employer == "acme", review.VendorPerson)
	rule(a.Person.ID == "p0", review.OwnRequest)
	rule(slices.Contains(w.r.Recused, a.Person.ID), review.IsRecused)
	rule(w.r.Closed != nil, review.Closed)
	seat := a.Seat
	if seat == "" {
		var held, open []string
		for _, s := range w.r.Seatings {
			if w.holds(s.Seat, a.Person.ID) {
				held = append(held, s.Seat)
				if w.stands(s.Seat) < 0 {
					open = append(open, s.Seat)
				}
			}
		}
		switch {
		case len(held) == 0:
			return append(broken, review.NoSeat)
		case len(open) > 1:
			return append(broken, review.WhichSeat)
		case len(open) == 1:
			seat = open[0]
		default:
			seat = held[0]
		}
	}
	if !w.holds(seat, a.Person.ID) {
		return append(broken, review.NoSeat)
	}
	known := a.Version == w.r.Current() || slices.ContainsFunc(w.r.Versions, func(v review.Version) bool { return v.Number == a.Version })
	for pair := range w.touched {
		known = known || pair[1] == a.Version
	}
	rule(!known, review.NoVersion)
	rule(known && !w.untouched(seat, a.Version), review.Stale)
	rule(w.stands(seat) >= 0, review.Answered)
	_, asked := w.states()
	rule(w.r.Seating(seat).Group > asked, review.NotYet)
	rule(w.r.Seating(seat).Group < asked, review.Settled)
	for _, b := range w.r.Ballots {
		rule(b.Person == a.Person.ID && b.Seat != seat && !b.TakenBack && !b.Void && !w.paired(b.Seat, seat), review.OneSeat)
	}
	rule(!slices.Contains(verdicts[1:], a.Verdict), review.WrongVerdict)
	rule((a.Verdict == review.Changes || a.Verdict == review.Reject) && a.Written == review.Written{}, review.NeedsReason)
	rule(w.r.Browser && slices.Contains([]string{"slack", "mail", ""}, a.Channel), review.NeedsBrowser)
	s, _, _ := w.r.Seat(seat)
	positive := a.Verdict != review.Changes && a.Verdict != review.Reject
	rule(positive && len(s.Attest) > 0 && !slices.Contains(a.Attest, "read"), review.NeedsAttest)
	rule(w.r.Declaration != "" && !slices.Contains(w.declared, a.Person.ID) && !slices.Contains(a.Attest, interests), review.NeedsInterest)
	rule(w.r.Sheet && positive && len(a.Documents) == 0, review.NeedsDocument)
	rule(w.r.Sheet && positive && (a.Findings == nil || a.Findings[0].Point != "mfa" || a.Findings[0].Choices[0] != "yes"), review.NeedsFindings)
	rule(slices.ContainsFunc(a.Read, func(said string) bool { return w.means(a.Version, said) == nil }), review.NoSection)
	return broken
}

// means is which sections of a version somebody names, by this test's own table; nil:
// none. A version whose sections nobody knows can be read as a whole.
func (w *world) means(version int, said string) []string {
	labels := w.labels[version]
	switch {
	case said == "all" && len(labels) == 0:
		return []string{"all"}
	case said == "all":
		return labels
	}
	from, to := said[:1], said[len(said)-1:]
	if !slices.Contains(labels, from) || !slices.Contains(labels, to) {
		return nil
	}
	var named []string
	for _, label := range labels {
		if label >= from && label <= to {
			named = append(named, label)
		}
	}
	return named
}

// unread is what nobody has read, asked section by section: whoever read it in some
// version must have read what it says in each version since.
func (w *world) unread() []string {
	if !w.r.ReadAll {
		return nil
	}
	labels := w.labels[w.r.Current()]
	if len(labels) == 0 {
		labels = []string{"all"}
	}
	var unread []string
	for _, label := range labels {
		heard := false
		for _, b := range append(slices.Clone(w.r.Ballots), w.r.Reads...) {
			named := slices.ContainsFunc(b.Read, func(said string) bool { return slices.Contains(w.means(b.Version, said), label) })
			for v := b.Version + 1; v <= w.r.Current(); v++ {
				named = named && slices.Contains(w.labels[v], label) && !slices.Contains(w.changed[v], label)
			}
			heard = heard || named && !b.TakenBack && !b.Void
		}
		if !heard {
			unread = append(unread, label)
		}
	}
	return unread
}
