package archive

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

// queueUp lets goroutines line up at a held gate in the given order and returns
// the order in which they got through.
func queueUp(g *gate, who []urgency) []int {
	var order []int // written by one at a time: whoever holds the gate
	for i, u := range who {
		go func() {
			if g.enter(context.Background(), u) == nil {
				order = append(order, i)
				g.leave()
			}
		}()
		synctest.Wait()
	}
	g.leave()
	synctest.Wait()
	return order
}

func TestUrgentGoFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		if err := g.enter(t.Context(), later); err != nil {
			t.Fatal(err)
		}
		got := queueUp(&g, []urgency{later, later, first, later, first, first})
		if want := []int{2, 4, 5, 0, 1, 3}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if err := g.enter(t.Context(), later); err != nil || g.passed > patience {
			t.Error("the gate is not free afterwards", err)
		}
	})
}

func TestOthersAreNotStarved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		if err := g.enter(t.Context(), later); err != nil {
			t.Fatal(err)
		}
		who := []urgency{later, later}
		for range 2*patience + 5 {
			who = append(who, first)
		}
		got := queueUp(&g, who)
		one, two := slices.Index(got, 0), slices.Index(got, 1)
		if len(got) != len(who) || one < patience || one > patience+1 || two < 2*patience || two > 2*patience+2 {
			t.Errorf("the others came at %d and %d of %d", one, two, len(got))
		}
	})
}

func TestCancelledLeavesTheLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		if err := g.enter(t.Context(), later); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		refused := make(chan error, 2)
		for _, u := range []urgency{first, later} {
			go func() { refused <- g.enter(ctx, u) }()
		}
		synctest.Wait()
		cancel()
		for range 2 {
			if err := <-refused; !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
		if len(g.urgent)+len(g.others) != 0 {
			t.Error("a cancelled one still stands in line")
		}
		g.leave()
		if err := g.enter(ctx, first); !errors.Is(err, context.Canceled) || g.busy {
			t.Error("a cancelled one got in")
		}
	})
}

// TestTurnAndCancelAtOnce: whoever is given the turn at the moment of giving up
// passes it on.
func TestTurnAndCancelAtOnce(t *testing.T) {
	t.Parallel()
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			var g gate
			if err := g.enter(t.Context(), later); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				if g.enter(ctx, first) == nil {
					g.leave()
				}
			}()
			synctest.Wait()
			cancel() // wakes it by this
			g.leave()
			synctest.Wait()
			if g.busy {
				t.Fatal("the turn was lost")
			}
		})
	}
}
