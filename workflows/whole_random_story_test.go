package workflows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// crowd plays a whole onboarding with people who answer in any order, or not at all,
// who change their minds, leave, have interests, and whose clock jumps.
type crowd struct {
	*whole
	rnd *rand.Rand
	// trouble is how much of it is still to come; after two months everybody is sensible.
	trouble int
	silent  map[string]time.Time // by seat of a request, until when
	hired   map[string]time.Time // by role, when somebody last was
}

func oneOf[T any](c *crowd, from ...T) T { return from[c.rnd.IntN(len(from))] }

// chance reports whether something unlikely happens now, one time in n, and takes it
// from what is still to come.
func (c *crowd) chance(n int) bool {
	if c.trouble <= 0 || c.rnd.IntN(n) > 0 {
		return false
	}
	c.trouble--
	return true
}

// disturbs does what people do besides the sound answer; true: it was done in its stead.
func (c *crowd) disturbs(r review.Request, seat review.Seat, person string) bool {
	key := r.ID + " " + seat.ID
	now := c.now()
	if now.Before(c.silent[key]) {
		return true
	}
	// The three who may act as the owner stay: a case without any waits for another to be
	// named.
	ours := c.person(person).Employer == "" && !slices.Contains([]string{"owner-ola", "deputy-dan", "sponsor-sue"}, person)
	process := c.in.Process
	switch {
	case c.chance(4):
		c.silent[key] = now.Add(time.Duration(1+c.rnd.IntN(20)) * day)
		return true
	case c.chance(14): // the same answer comes twice
		a := c.sound(r, seat, person)
		c.send(r.Process, UpdateAnswer, a.ID, a)
		c.send(r.Process, UpdateAnswer, a.ID, a)
		return true
	case ours && c.chance(20):
		c.act(r.Process, person, review.Recuse, func(a *review.Act) { a.Request = r.ID })
		return true
	case ours && c.chance(20):
		c.apply(person, func(p *playbook.Person) { p.Left = true })
		return true
	case c.chance(27):
		c.act(process, "owner-ola", review.Reopen, step(c.book.Steps[c.rnd.IntN(len(c.book.Steps))].ID))
	case c.chance(27):
		c.act(oneOf(c, process, r.Process), "owner-ola", review.Reopen, step(c.book.Steps[c.rnd.IntN(len(c.book.Steps))].ID))
	case c.chance(30):
		c.act(process, "owner-ola", review.Hold)
		c.env.RegisterDelayedCallback(func() { c.act(process, "owner-ola", review.Resume) }, time.Duration(1+c.rnd.IntN(10))*day)
	case c.chance(30):
		facts := factsOf(engagement.Tier(1 + c.rnd.IntN(3)))
		c.correctsTo(facts.Data)
	case c.chance(10):
		c.jumpTo(now.Add(time.Duration(1+c.rnd.IntN(15)) * day))
	case seat.Role != review.VendorRole && r.Kind == review.Decision && len(r.Options) == 0 && c.chance(3):
		a := c.sound(r, seat, person)
		a.Verdict, a.Written = oneOf(c, review.Reject, review.Changes), review.Written{Inside: "digest", Vendor: "digest"}
		c.send(r.Process, UpdateAnswer, a.ID, a)
		return true
	case len(r.Options) > 0 && c.chance(2):
		a := c.sound(r, seat, person)
		a.Verdict, a.Written = oneOf(c, r.Options...), review.Written{Inside: "digest", Vendor: "digest"}
		if a.Verdict == playbook.Withdraw && c.rnd.IntN(3) > 0 {
			return false
		}
		c.send(r.Process, UpdateAnswer, a.ID, a)
		return true
	case c.chance(10): // somebody else tries
		a := c.sound(r, seat, oneOf(c, c.rec.people...).ID)
		c.send(r.Process, UpdateAnswer, a.ID, a)
	}
	return false
}

// hires finds somebody for a role that nobody is left for, after a week.
func (c *crowd) hires(s review.Seat) {
	now := c.now()
	switch last, looked := c.hired[s.Role]; {
	case !looked:
		c.hired[s.Role] = now
	case now.Sub(last) > 7*day:
		c.hired[s.Role] = now
		c.ids++
		c.apply(fmt.Sprintf("newcomer-%d", c.ids), func(p *playbook.Person) { p.Roles, p.Hours = []string{s.Role}, c.book.Hours })
	}
}

// correctsTo has the owner correct the data by what the case is now.
func (c *crowd) correctsTo(data []string) {
	facts := c.in.Facts
	for _, x := range c.view().Corrections {
		facts, _ = facts.Corrected(x.Field, x.Values, x.Amount)
	}
	was := c.in.Facts
	c.in.Facts = facts
	c.corrects(data...)
	c.in.Facts = was
}

// jumpTo moves the clock of every open process of the case.
func (c *crowd) jumpTo(to time.Time) {
	c.anchor = calendar.Anchor{Real: c.env.Now().UTC(), Case: to}
	c.jump(to)
}

// Whatever people do, in whatever order, however long they are silent and however far
// the clock jumps: the case ends, or somebody has the word; nothing is decided twice,
// nobody with an interest decides, and no timer or copy is left behind.
func TestWholeWithPeopleOfEveryKind(t *testing.T) {
	for seed := range uint64(10 / sampled) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 11))
			w := newWhole(t, engagement.Tier(1+seed%3))
			c := &crowd{whole: w, rnd: rnd, trouble: 100, silent: map[string]time.Time{}, hired: map[string]time.Time{}}
			w.anyOutcome, w.pace = true, 5+rnd.IntN(60)
			w.in.Rehearsal, w.in.Anchor = true, calendar.Anchor{Real: monday, Case: monday}
			w.anchor, w.disturb, w.vacant = w.in.Anchor, c.disturbs, c.hires
			w.on(60*day, func() { c.trouble = 0 })
			w.on(190*day, func() {
				if v := w.view(); v.Closed.IsZero() {
					t.Errorf("everybody has been sensible for months, and open are %v", w.asked())
					w.act(w.in.Process, "owner-ola", review.Withdraw)
				}
			})
			out := w.plays()
			c.checkInterests()
			t.Logf("%s, trouble left %d, %d requests, %d days", out.Result, c.trouble, len(w.view().Requests), w.days(w.view().Closed))
		})
	}
}

// checkInterests holds that no answer of somebody with a conflict counts after they
// declared it, in whichever part of the case they did.
func (c *crowd) checkInterests() {
	c.t.Helper()
	recused := map[string]time.Time{}
	for _, r := range c.rec.entries {
		if r.Fact == nil {
			continue
		}
		switch f := r.Fact; f.Kind {
		case review.FactRecused:
			if recused[f.Person].IsZero() {
				recused[f.Person] = r.At
			}
		case review.FactCounted:
			if at := recused[f.Person]; !at.IsZero() && r.At.After(at) {
				c.t.Errorf("%s: %s decided after they had declared a conflict", f.Request, f.Person)
			}
		}
	}
	if left := c.leftCopies(PartResult{}); len(left) > 0 && c.handed == nil {
		c.t.Errorf("copies are left: %v", left)
	}
}
