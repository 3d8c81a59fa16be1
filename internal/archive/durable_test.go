package archive

import (
	"context"
	"errors"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// TestWritesAreDurable: what a call acknowledged survives a power cut, and what
// was erased leaves no copy in a free page.
func TestWritesAreDurable(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "foreign_keys": "1"} {
		var got string
		if err := inFile(a).conn.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", pragma, got, err, want)
		}
	}
	if n := inFile(a).writer.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d connections may write, want one", n)
	}
	var only string
	if err := inFile(a).reads.QueryRowContext(ctx, "PRAGMA query_only").Scan(&only); err != nil || only != "1" {
		t.Errorf("readers may write: query_only is %q, %v", only, err)
	}
}

// TestSoftWrites: what need not wait for the disk doesn't, and nothing else is
// written that way: not what comes next, nor what it shares a transaction with.
func TestSoftWrites(t *testing.T) {
	t.Parallel()
	a, err := Open(t.Context(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	level := func(u urgency) string {
		t.Helper()
		var got string
		err := a.write(t.Context(), "asking", u, func(q querier) error {
			_, err := queryOne(t.Context(), q, []any{&got}, `PRAGMA synchronous`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for i, step := range []struct {
		u    urgency
		want string // 1: NORMAL, 2: FULL
	}{{first, "2"}, {soon, "1"}, {soon, "1"}, {later, "2"}, {soon, "1"}, {first, "2"}} {
		if got := level(step.u); got != step.want {
			t.Errorf("write %d is synchronous at level %s, want %s", i, got, step.want)
		}
	}
	// One that waits for the disk is open: whoever joins it waits too.
	s := inFile(a)
	var joined string
	told := make(chan error, 1)
	err = a.write(t.Context(), "opening a round", first, func(querier) error {
		go func() {
			told <- a.write(context.Background(), "joining it", soon, func(q querier) error {
				_, err := queryOne(context.Background(), q, []any{&joined}, `PRAGMA synchronous`)
				return err
			})
		}()
		inLine(t, s, 1)
		return nil
	})
	if err := errors.Join(err, <-told); err != nil || joined != "2" {
		t.Errorf("what joined is synchronous at level %q, %v, want 2", joined, err)
	}
}

// TestAScrubWaitsForOthers: a database that another process writes to at that
// moment is written anew when it has done.
func TestAScrubWaitsForOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var both []*Archive
	for range 2 {
		a, err := Open(t.Context(), Options{Dir: dir, Shared: true})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		both = append(both, a)
	}
	s := inFile(both[0])
	if _, err := s.conn.ExecContext(t.Context(), `INSERT INTO state (name, value) VALUES ('scrub', 1) ON CONFLICT (name) DO UPDATE SET value = 1`); err != nil {
		t.Fatal(err)
	}
	scrubbed := make(chan error, 1)
	err := both[1].write(t.Context(), "holding the lock", first, func(querier) error {
		go func() { scrubbed <- s.scrub(context.Background()) }()
		select {
		case err := <-scrubbed:
			t.Errorf("it did not wait: %v", err)
			scrubbed <- nil
		case <-time.After(500 * time.Millisecond): // five times what SQLite waits by itself
		}
		return nil
	})
	if err := errors.Join(err, <-scrubbed); err != nil {
		t.Fatal(err)
	}
	var due int
	if _, err := queryOne(t.Context(), s.conn, []any{&due}, `SELECT value FROM state WHERE name = 'scrub'`); err != nil || due != 0 {
		t.Errorf("it is still due: %d, %v", due, err)
	}
}

// TestChatsWaitForTheDiskWhereTheyMust: what a power cut may take is only what is
// then done again. A card whose place is lost would be posted twice.
func TestChatsWaitForTheDiskWhereTheyMust(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := openTest(t, t.TempDir())
	place := outbox.Place{Posting: "home/lena", Channel: "D1", Stamp: "1.0"}
	for i, step := range []struct {
		do   func() error
		soft bool
	}{
		{func() error { return a.PutPosting(ctx, outbox.Posting{ID: "home/lena", Kind: outbox.Home}) }, false},
		{func() error {
			return a.SettlePosting(ctx, "home/lena", outbox.Looked{State: outbox.Standing, Shown: 1})
		}, true},
		{func() error { return a.WantPostings(ctx, outbox.Want{ID: "home/lena"}) }, false},
		{func() error { place.Digest = "d"; return a.PutPlace(ctx, place) }, false},
		{func() error { place.Digest = "e"; return a.PutPlace(ctx, place) }, true},
		{func() error { return a.Bind(ctx, access.Binding{Channel: "slack", Address: "x", Person: "lena"}, nil) }, false},
		{func() error { return a.AddPairing(ctx, "h", access.Pairing{ID: "p", Channel: "slack", Address: "y"}) }, false},
		{func() error { return a.SetAway(ctx, "lena", "w", playbook.Away{}, nil) }, false},
	} {
		if err := step.do(); err != nil || inFile(a).soft != step.soft {
			t.Errorf("step %d: it waits for the disk: %v, %v", i, !inFile(a).soft, err)
		}
	}
}
