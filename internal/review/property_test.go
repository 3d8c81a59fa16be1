package review_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/review"
)

// steps is how many things happen in one world.
func steps() int {
	if sampled > 1 {
		return 20
	}
	return 60
}

// TestWhateverPeopleDo lets random people do random things and holds the request
// to its promises after each; once drawn so that a failure shrinks well, once so
// that much happens.
func TestWhateverPeopleDo(t *testing.T) {
	t.Parallel()
	t.Run("drawn", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(t *rapid.T) {
			w := newWorld(t, nil)
			w.lives(rapid.IntRange(1, steps()).Draw(t, "steps"))
		})
	})
	t.Run("busy", func(t *testing.T) {
		t.Parallel()
		happened, delegated, kinds := map[review.Status]int{}, 0, map[review.Refusal]int{}
		rapid.Check(t, func(t *rapid.T) {
			seed := rapid.Uint64().Draw(t, "seed")
			for world := range uint64(steps() / 6) {
				w := newWorld(t, rand.New(rand.NewPCG(seed, world)))
				w.lives(steps())
				for _, d := range w.sent {
					happened[d.first.Status]++
					kinds[d.first.Refusal]++
					if d.act != nil && d.act.Kind == review.Delegate && d.first.OK() {
						delegated++
					}
				}
			}
		})
		t.Logf("answers and acts: %v, of them delegations %d; refusals: %v", happened, delegated, kinds)
		if sampled > 1 {
			return
		}
		for _, why := range []review.Refusal{review.NoSeat, review.WhichSeat, review.IsRecused, review.NotYet, review.Settled, review.Stale,
			review.NoVersion, review.Answered, review.Closed, review.NeedsReason, review.NeedsAttest, review.WrongVerdict, review.NotYours, review.NotActive,
			review.BadDelegate, review.Circle, review.BadTime, review.WrongAct, review.VendorPerson, review.OwnRequest, review.NeedsBrowser,
			review.NeedsInterest, review.NeedsFindings, review.NeedsDocument, review.NoSection} {
			if kinds[why] == 0 {
				t.Errorf("nothing was ever refused as %s: the worlds are too tame", why)
			}
		}
	})
}

// lives lets n things happen.
func (w *world) lives(n int) {
	w.promises()
	for range n {
		switch n := w.number("what", 0, 39); {
		case n < 19:
			w.answer(w.drawAnswer())
		case n < 27:
			w.act(w.drawAct())
		case n < 30:
			w.again()
		case n < 33:
			w.backup()
		case n < 35 && w.r.Closed == nil:
			w.version()
		case n < 36:
			w.unseat()
		case n < 37:
			w.assign()
		case n < 39:
			w.later()
		case w.chance(1, 3):
			w.close()
		}
		w.promises()
	}
	w.record()
}

func (w *world) answer(a review.Answer) {
	broken, before := w.breaks(a), w.r.Clone()
	out, facts := w.r.Judge(a, w.now)
	w.unmoved(before)
	switch {
	case out.Status == review.Counted && len(broken) > 0:
		w.t.Fatalf("%+v was counted; it breaks %v", a, broken)
	case out.Status == review.Refused && !slices.Contains(broken, out.Refusal):
		w.t.Fatalf("%+v was refused as %s; it breaks %v", a, out.Refusal, broken)
	case out.Status != review.Counted && out.Status != review.Refused || len(facts) != 1:
		w.t.Fatalf("a first answer: %s with %d facts", out.Status, len(facts))
	}
	w.took(delivery{answer: &a, first: out}, facts)
	if out.Status == review.Counted && slices.Contains(a.Attest, interests) && !slices.Contains(w.declared, a.Person.ID) {
		w.declared = append(w.declared, a.Person.ID)
	}
	if out.Status == review.Counted && (w.stands(out.Seat) < 0 || w.r.Ballots[w.stands(out.Seat)].Answer != a.ID) {
		w.t.Fatalf("%+v was counted and does not stand", a)
	}
}

func (w *world) act(a review.Act) {
	before := w.r.Clone()
	out, facts := w.r.Act(a, w.now)
	w.unmoved(before)
	if len(facts) != 1 {
		w.t.Fatalf("a first act: %s with %d facts", out.Status, len(facts))
	}
	if out.Status == review.Counted {
		w.allowed(a, out, facts[0])
	}
	w.took(delivery{act: &a, first: out}, facts)
}

// allowed holds an act that was counted to what the rules say of its kind.
func (w *world) allowed(a review.Act, out review.Outcome, f review.Fact) {
	reasoned := a.Kind != review.TakeBack && a.Kind != review.Recuse || a.Written != review.Written{}
	if w.r.Closed != nil || !a.Person.Active || !reasoned || slices.Contains(w.r.Recused, a.Person.ID) {
		w.t.Fatalf("%+v was allowed", a)
	}
	switch a.Kind {
	case review.TakeBack:
		if at := w.stands(out.Seat); at < 0 || w.r.Ballots[at].Person != a.Person.ID {
			w.t.Fatalf("%s took back what is not theirs: %+v", a.Person.ID, out)
		}
	case review.Delegate:
		h := f.Holder
		if !w.holds(out.Seat, a.Person.ID) || h.From != a.Person.ID || h.Person != a.To.ID || h.Until.After(a.Until) || !h.Until.After(w.now) {
			w.t.Fatalf("%+v gave %+v", a, h)
		}
		if a.To.ID == "p0" || a.To.Employer == "acme" || !a.To.Active || slices.Contains(w.r.Recused, a.To.ID) {
			w.t.Fatalf("%s passed a seat to %+v", a.Person.ID, a.To)
		}
	case review.Read:
		held := slices.ContainsFunc(w.r.Seatings, func(s review.Seating) bool { return w.holds(s.Seat, a.Person.ID) })
		answered := slices.ContainsFunc(w.r.Ballots, func(b review.Ballot) bool { return b.Person == a.Person.ID && !b.TakenBack && !b.Void })
		named := !slices.ContainsFunc(a.Sections, func(said string) bool { return w.means(a.Version, said) == nil })
		if !w.r.ReadAll || !held && !answered || !named || w.r.Browser && a.Channel == "slack" || a.Person.ID == "p0" {
			w.t.Fatalf("%+v was allowed", a)
		}
	case review.Withdraw:
		w.t.Fatal("a process's act was judged here")
	}
}

// again delivers something again: it must have no effect and the same outcome.
func (w *world) again() {
	if len(w.sent) == 0 {
		return
	}
	d := one(w, "again", w.sent)
	if d.first.Status == review.Refused && !slices.ContainsFunc(w.r.Attempts, func(a review.Attempt) bool { return a.Answer == d.id() }) {
		return // past the fifty that are kept
	}
	before := w.r.Clone()
	var out review.Outcome
	var facts []review.Fact
	if d.answer != nil {
		out, facts = w.r.Judge(*d.answer, w.now)
	} else {
		out, facts = w.r.Act(*d.act, w.now)
	}
	w.unmoved(before)
	want := d.first
	if want.Status == review.Counted {
		want.Status, want.State = review.Already, out.State
	}
	if d.act != nil { // of an act only who did what to which seat is kept
		want.Version, out.Version = 0, 0
		if d.act.Kind == review.Recuse || d.act.Kind == review.Snooze {
			want.Seat, out.Seat = "", ""
		}
	}
	if diff := cmp.Diff(want, out); diff != "" || len(facts) > 0 {
		w.t.Fatalf("%s again: %d facts (-first +again):\n%s", d.id(), len(facts), diff)
	}
	w.fold(facts...)
}

func (w *world) took(d delivery, facts []review.Fact) {
	w.sent = append(w.sent, d)
	if d.first.Status == review.Refused {
		w.refused++
	}
	w.fold(facts...)
	told := d.first.State
	if now := w.r.Tally(w.now).State; w.r.Closed == nil && told != now {
		w.t.Fatalf("the person is told %q, the request is %q", told, now)
	}
}

func (w *world) unmoved(before review.Request) {
	if !reflect.DeepEqual(before, w.r) {
		w.t.Fatalf("judging changed the request (-before +after):\n%s", cmp.Diff(before, w.r))
	}
}

// promises holds what must be true at any time.
func (w *world) promises() {
	w.seatedRightly()
	w.standRightly()
	w.talliedRightly()
	for _, p := range w.people {
		if slices.Contains(w.r.Declared, p.ID) != slices.Contains(w.declared, p.ID) {
			w.t.Fatalf("declared %v; the model: %v", w.r.Declared, w.declared)
		}
	}
	if len(w.r.Attempts) != min(w.refused, review.MaxAttempts) || w.r.Refusals != w.refused {
		w.t.Fatalf("%d refusals: %d kept, %d counted", w.refused, len(w.r.Attempts), w.r.Refusals)
	}
	var again review.Request
	again.Fold(w.facts)
	if !reflect.DeepEqual(w.r, again) {
		w.t.Fatalf("folded anew (-first +again):\n%s", cmp.Diff(w.r, again))
	}
}

func (w *world) never(person string) bool {
	p := w.person(person)
	return p.ID == "p0" || p.Employer == "acme" || !p.Active || slices.Contains(w.r.Recused, p.ID)
}

func (w *world) seatedRightly() {
	for _, s := range w.r.Seatings {
		for _, h := range s.Holders {
			if !w.holds(s.Seat, h.Person) {
				continue
			}
			if w.never(h.Person) {
				w.t.Fatalf("%s holds %s", h.Person, s.Seat)
			}
			for _, other := range w.r.Seatings {
				if other.Seat != s.Seat && w.holds(other.Seat, h.Person) && !w.paired(other.Seat, s.Seat) {
					w.t.Fatalf("%s holds %s and %s, which the policy does not pair", h.Person, s.Seat, other.Seat)
				}
			}
			w.passedRightly(s, h)
		}
	}
}

// passedRightly follows a delegation to its root.
func (w *world) passedRightly(s review.Seating, h review.Holder) {
	depth := w.r.Policy.Depth
	if depth == 0 {
		depth = 2
	}
	seen := []string{h.Person}
	for links := 0; h.Via == review.ViaDelegate; links++ {
		if h.Until.IsZero() || links >= depth {
			w.t.Fatalf("seat %s was passed on along %v, until %s; the bound is %d", s.Seat, seen, h.Until, depth)
		}
		i := slices.IndexFunc(s.Holders, func(x review.Holder) bool { return x.Person == h.From })
		if i < 0 || slices.Contains(seen, h.From) || !w.holds(s.Seat, h.From) {
			w.t.Fatalf("%s has seat %s from %s (%v)", h.Person, s.Seat, h.From, seen)
		}
		if from := s.Holders[i]; !from.Until.IsZero() && from.Until.Before(h.Until) {
			w.t.Fatalf("%s passed %s on for longer than they have it", from.Person, s.Seat)
		}
		h = s.Holders[i]
		seen = append(seen, h.Person)
	}
}

func (w *world) standRightly() {
	by := map[string][]string{}
	for _, s := range w.r.Seatings {
		at, got := w.stands(s.Seat), w.r.Standing(s.Seat)
		if at < 0 != (got == nil) || got != nil && got.Answer != w.r.Ballots[at].Answer {
			w.t.Fatalf("standing for %s: %+v; the model: ballot %d of %+v", s.Seat, got, at, w.r.Ballots)
		}
		if got == nil {
			continue
		}
		if slices.Contains(w.r.Recused, got.Person) || got.Person == "p0" || w.person(got.Person).Employer == "acme" {
			w.t.Fatalf("the answer of %s stands for %s", got.Person, s.Seat)
		}
		for _, other := range by[got.Person] {
			if !w.paired(other, s.Seat) {
				w.t.Fatalf("%s stands for %s and %s", got.Person, s.Seat, other)
			}
		}
		by[got.Person] = append(by[got.Person], s.Seat)
		if w.r.Touches(s.Seat, got.Version) == w.untouched(s.Seat, got.Version) {
			w.t.Fatalf("staleness of %+v is not what the table says", got)
		}
	}
	ids := map[string]bool{}
	for _, b := range w.r.Ballots {
		if ids[b.Answer] {
			w.t.Fatalf("answer %s has two ballots", b.Answer)
		}
		ids[b.Answer] = true
	}
}

func (w *world) talliedRightly() {
	tally := w.r.Tally(w.now)
	if w.frozen != nil {
		if !reflect.DeepEqual(*w.frozen, tally) {
			w.t.Fatalf("the tally of a closed request changed (-then +now):\n%s", cmp.Diff(*w.frozen, tally))
		}
		return
	}
	if unread := w.unread(); !slices.Equal(tally.Unread, unread) {
		w.t.Fatalf("unread %v; the model: %v", tally.Unread, unread)
	}
	states, asked := w.states()
	for g, want := range states {
		if tally.Groups[g].State != want || tally.Group != asked {
			w.t.Fatalf("group %d is %s, group %d is asked; the oracle: %s, %d", g, tally.Groups[g].State, tally.Group, want, asked)
		}
	}
	// Whose answer came first matters within a seat, never between seats.
	shuffled := w.r.Clone()
	order := rand.New(rand.NewPCG(uint64(len(w.facts)), 1)).Perm(len(w.r.Seatings))
	rank := func(b review.Ballot) int {
		return order[slices.IndexFunc(w.r.Seatings, func(s review.Seating) bool { return s.Seat == b.Seat })]
	}
	slices.SortStableFunc(shuffled.Ballots, func(a, b review.Ballot) int { return rank(a) - rank(b) })
	if got := shuffled.Tally(w.now); !reflect.DeepEqual(tally, got) {
		w.t.Fatalf("the order of ballots mattered (-as they came +shuffled):\n%s", cmp.Diff(tally, got))
	}
}

// record holds that the facts as they were written down give the same request.
func (w *world) record() {
	var again review.Request
	again.Fold(throughJSON(w.t, w.facts))
	if d := cmp.Diff(w.r, again); d != "" {
		w.t.Fatalf("folded from the record (-first +again):\n%s", d)
	}
	if d := cmp.Diff(w.r, throughJSON(w.t, w.r)); d != "" {
		w.t.Fatalf("through JSON (-before +after):\n%s", d)
	}
}
