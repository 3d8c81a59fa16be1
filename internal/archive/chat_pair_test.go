package archive_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/archive/postgrestest"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// TestTwoWorkersBind: of many people who say at one moment that an address is
// theirs one has it, and the register says so once.
func TestTwoWorkersBind(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		for round := range 5 {
			var won atomic.Int32
			address := fmt.Sprint("T1:U", round)
			crowd(t, 12, func(i int) error {
				err := both[i%2].Bind(ctx, bindingOf(address, fmt.Sprint("p", i)), noted(fmt.Sprint("b", round, "-", i)))
				if err == nil {
					won.Add(1)
				}
				var e interface{ Invalid() bool }
				if errors.As(err, &e) {
					return nil
				}
				return err
			})
			same(t, "winners", 1, int(won.Load()))
			same(t, "register", round+1, registered(t, a))
		}
		crowd(t, 12, func(i int) error { return both[i%2].Bind(ctx, bindingOf("T2:U1", "lena"), noted("same")) })
		crowd(t, 12, func(i int) error { // bound and released all the time, and nobody waits for ever
			if i%3 == 0 {
				return both[i%2].Unbind(ctx, "slack", "T2:U1", nil)
			}
			return both[i%2].Bind(ctx, bindingOf("T2:U1", "lena"), noted(fmt.Sprint("r", i)))
		})
		chain(t, b, dossier.Register)
	})
}

// TestTwoWorkersPairUp: one pairing binds one person, and the rest are told that it
// is gone; the one who has it may say so twice.
func TestTwoWorkersPairUp(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		ok(t, a.AddPairing(ctx, "h", pairing("p1")))
		var won atomic.Int32
		crowd(t, 16, func(i int) error {
			err := both[i%2].PairUp(ctx, "p1", bindingOf("", fmt.Sprint("p", i/2)), noted(fmt.Sprint("p", i)))
			if err == nil {
				won.Add(1)
			}
			if errors.As(err, new(dossier.NotFoundError)) {
				return nil
			}
			return err
		})
		same(t, "the winner, twice", 2, int(won.Load()))
		same(t, "register", 1, registered(t, a))
		same(t, "how", access.ByLink, must[access.Binding](t)(b.BindingBy(ctx, "slack", "T1:U-p1")).How)
		// Somebody is bound to the address while another confirms: one has it, and a
		// pairing that lost is good still.
		for round := range 8 {
			id := fmt.Sprint("r", round)
			ok(t, a.AddPairing(ctx, "h"+id, pairing(id)))
			var paired, bound atomic.Bool
			crowd(t, 2, func(i int) error {
				var err error
				if i == 0 {
					err = a.PairUp(ctx, id, bindingOf("", "lena"), noted("pair"+id))
					paired.Store(err == nil)
				} else {
					err = b.Bind(ctx, bindingOf("T1:U-"+id, "sam"), noted("bind"+id))
					bound.Store(err == nil)
				}
				var e interface{ Invalid() bool }
				if errors.As(err, &e) {
					return nil
				}
				return err
			})
			_, err := b.PairingBy(ctx, "h"+id)
			if paired.Load() == bound.Load() || bound.Load() != (err == nil) {
				t.Errorf("paired %v, bound %v, and the pairing: %v", paired.Load(), bound.Load(), err)
			}
		}
	})
}

// TestTwoWorkersSayAway: the next to read sees it, in whatever process.
func TestTwoWorkersSayAway(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		_, _, err := a.ApplyPeople(ctx, seasons(), "olga")
		ok(t, err)
		for i := range 6 {
			ok(t, both[i%2].SetAway(ctx, "sam", fmt.Sprint("w", i), week(i, "lena"), nil))
			same(t, "said", i+1, len(awaysOf(t, both[(i+1)%2], "sam")))
		}
		ok(t, a.SetAway(ctx, "sam", "back", playbook.Away{}, nil))
		same(t, "back", 0, len(awaysOf(t, b, "sam")))
		crowd(t, 12, func(i int) error { return both[i%2].SetAway(ctx, "lena", "w", week(1, ""), noted("w")) })
		same(t, "once", 2, len(awaysOf(t, a, "lena")))
		same(t, "register", 2, registered(t, b))
	})
}

// TestAbsencesAreSweptLater: half a year on.
func TestAbsencesAreSweptLater(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]archive.Options{
		"SQLite": {Dir: t.TempDir(), Shared: true}, "PostgreSQL": {Dir: t.TempDir(), Database: postgrestest.Shared(t).Database(t)},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			a := openAt(t, o)
			o.Now = func() time.Time { return noon().Add(100 * 24 * time.Hour) }
			then := openAt(t, o)
			ok(t, a.SetAway(ctx, "lena", "w1", week(0, ""), nil))
			ok(t, a.SetAway(ctx, "lena", "w20", week(20, ""), nil))
			ok(t, a.SetAway(ctx, "sam", "back", playbook.Away{}, nil))
			ok(t, then.SetAway(ctx, "lena", "w-20", week(-20, ""), nil)) // said just now
			ok(t, then.Sweep(ctx))
			same(t, "left", []playbook.Away{week(-20, ""), week(20, "")}, must[[]playbook.Away](t)(a.Aways(ctx, "lena")))
		})
	}
}

// TestNoWantIsLost: two processes change what cards show and want them, while one
// looks, sometimes in vain. When all is quiet every card shows what is so. There
// are many short rounds, since only the last want of a round can be lost for good.
func TestNoWantIsLost(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		for n := range cards {
			ok(t, a.PutPosting(context.Background(), card("lena", fmt.Sprint("r", n))))
		}
		g := &gallery{looks: b}
		for round := range 25 {
			var busy atomic.Int32
			busy.Store(2)
			crowd(t, 3, func(i int) error {
				if i == 2 {
					return g.look(func() bool { return busy.Load() > 0 })
				}
				defer busy.Add(-1)
				return g.change([]*archive.Archive{a, b}[i], round+3*i)
			})
			ok(t, g.look(func() bool { return false }))
			for n := range cards {
				same(t, fmt.Sprint("card ", n), g.is[n].Load(), g.shows[n].Load())
			}
		}
	})
}

const cards = 4

// gallery is what cards should show, and what they do.
type gallery struct {
	looks     *archive.Archive
	turn      int
	is, shows [cards]atomic.Int64
}

// change changes and wants a few cards, and then those of the whole case.
func (g *gallery) change(a *archive.Archive, n int) error {
	ctx := context.Background()
	for k := range 3 {
		g.is[(n+k)%cards].Add(1)
		if err := a.WantPostings(ctx, outbox.Want{Request: fmt.Sprint("r", (n+k)%cards), At: noon()}); err != nil {
			return err
		}
	}
	if n%4 > 0 {
		return nil
	}
	for n := range cards {
		g.is[n].Add(1)
	}
	return a.WantPostings(ctx, outbox.Want{Case: acme, At: noon()})
}

// look looks at what is due for as long as that goes on, or there is any.
func (g *gallery) look(goesOn func() bool) error {
	ctx := context.Background()
	for {
		more := goesOn()
		due, err := g.looks.Postings(ctx, noon(), 3)
		if err != nil || len(due) == 0 && !more {
			return err
		}
		for _, p := range due {
			n, err := strconv.Atoi(p.Request[1:])
			if err != nil {
				return err
			}
			l := outbox.Looked{State: outbox.Standing, Shown: p.Wanted}
			switch g.turn++; g.turn % 5 {
			case 0: // in vain
				l.Next, l.Tried = noon(), true
			case 1:
				l.State = outbox.Said
			case 2: // put off
				l.Shown, l.Next = p.Shown, noon()
			}
			if g.turn%5 != 0 && g.turn%5 != 2 {
				g.shows[n].Store(g.is[n].Load())
			}
			if err := g.looks.SettlePosting(ctx, p.ID, l); err != nil {
				return err
			}
		}
	}
}

// TestPostingsFollowTheirModel: any order of wants and looks, with looks that take
// a while; what is open and wanted is always on the list at the time that the last
// of its wants said, or earlier, unless a try that failed put it off.
func TestPostingsFollowTheirModel(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := openAt(t, archive.Options{Dir: t.TempDir()})
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		p := outbox.Posting{ID: fmt.Sprint("p", runs), Kind: outbox.PostingKind(rapid.SampledFrom([]string{"card", "home", "board", "line", "verdict"}).Draw(t, "kind")), Made: noon()}
		follows := p.Kind == outbox.Card || p.Kind == outbox.Home || p.Kind == outbox.Board
		if err := a.PutPosting(ctx, p); err != nil {
			t.Fatal(err)
		}
		read := outbox.Posting{Wanted: 1}
		at := func(name string) time.Time {
			return noon().Add(time.Duration(rapid.IntRange(0, 9).Draw(t, name)) * time.Minute)
		}
		var owed time.Time // no later than this it must be listed; zero: it need not be
		var since time.Time
		owed = noon()
		check := func(after string) {
			got, err := a.Posting(ctx, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !owed.IsZero() && (got.Next.IsZero() || got.Next.After(owed)) {
				t.Fatalf("after %s: it is looked at %v, owed is %v", after, got.Next, owed)
			}
			if got.Wanted < got.Shown || got.Next.IsZero() && got.State == outbox.Due {
				t.Fatalf("after %s: %+v", after, got)
			}
		}
		state, shown := outbox.Due, 0
		t.Repeat(map[string]func(*rapid.T){
			"read": func(t *rapid.T) {
				var err error
				if read, err = a.Posting(ctx, p.ID); err != nil {
					t.Fatal(err)
				}
				since = time.Time{}
			},
			"want": func(t *rapid.T) {
				when := at("at")
				if err := a.WantPostings(ctx, outbox.Want{ID: p.ID, At: when}); err != nil {
					t.Fatal(err)
				}
				switch {
				case state == outbox.Said && follows:
					state, owed, since = outbox.Standing, when, when
				case state == outbox.Due || state == outbox.Standing:
					if owed.IsZero() || when.Before(owed) {
						owed = when
					}
					if since.IsZero() || when.Before(since) {
						since = when
					}
				}
				check("a want")
			},
			"settle": func(t *rapid.T) {
				l := outbox.Looked{State: rapid.SampledFrom([]outbox.PostingState{outbox.Due, outbox.Standing, outbox.Standing, outbox.Said}).Draw(t, "state"),
					Shown: read.Wanted, Tried: rapid.Bool().Draw(t, "tried")}
				if rapid.Bool().Draw(t, "again") {
					l.Next = at("next")
				}
				if err := a.SettlePosting(ctx, p.ID, l); err != nil {
					t.Fatal(err)
				}
				anew := !since.IsZero()
				paused := !l.Next.IsZero() && (l.Tried || l.Shown == shown)
				shown = l.Shown
				state, owed = l.State, l.Next
				switch {
				case l.State == outbox.Said && (!anew || !follows):
					owed = time.Time{}
				case l.State == outbox.Said:
					state, owed = outbox.Standing, since
				case anew && !paused && (owed.IsZero() || since.Before(owed)):
					owed = since
				case l.State == outbox.Due && owed.IsZero():
					owed = noon()
				}
				if anew {
					since = owed
				}
				check("a look")
			},
		})
	})
}
