package archive_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/archive"
)

// TestTwoWorkersAtTheGate: a link is used once, a code is tried five times and a
// person gets three links, also when two workers do it at the same moment.
func TestTwoWorkersAtTheGate(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		var kept, won, tried atomic.Int32
		crowd(t, 12, func(i int) error {
			l := link(fmt.Sprint("l", i), "lena")
			wait, err := both[i%2].AddLink(ctx, "hash of "+l.ID, l, access.LinkLimits())
			if err == nil && wait == 0 {
				kept.Add(1)
			}
			return err
		})
		same(t, "kept", 3, int(kept.Load()))
		same(t, "wait", time.Duration(0), addLink(t, b, link("one", "sam")))
		crowd(t, 20, func(i int) error {
			links, err := both[i%2].TryLinks(ctx, "lena")
			tried.Add(int32(len(links)))
			return err
		})
		same(t, "tries", 3*access.MaxTries, int(tried.Load()))
		crowd(t, 20, func(i int) error {
			first, err := both[i%2].UseLink(ctx, "one")
			if first {
				won.Add(1)
			}
			return err
		})
		same(t, "winners", 1, int(won.Load()))
		ok(t, a.AddSession(ctx, "h", session("s", "lena"), noted("s")))
		crowd(t, 8, func(i int) error { return both[i%2].AddSession(ctx, "h", session("s", "lena"), noted("s")) })
		same(t, "register", 1, registered(t, b))
		ok(t, b.DropSession(ctx, "h"))
		_, err := a.SessionBy(ctx, "h")
		isNotFound(t, err)
	})
}
