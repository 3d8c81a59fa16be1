package archive

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	driver "modernc.org/sqlite"

	"gangway/internal/dossier"
)

// tryWith is a context and what is written with it.
type tryWith struct {
	ctx context.Context
	do  func(q querier) error
}

// together holds the turn until all of them wait for it, in their order, and lets
// them go; it returns what each was told. onTold runs before each is told.
func together(t *testing.T, s *sqlite, onTold func(), parts ...tryWith) []error {
	t.Helper()
	if err := s.gate.enter(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	told := make([]error, len(parts))
	var all sync.WaitGroup
	for i, part := range parts {
		all.Go(func() {
			told[i] = s.write(part.ctx, "writing", first, part.do)
			onTold()
		})
		inLine(t, s, i+1)
	}
	s.gate.leave()
	all.Wait()
	return told
}

// inLine waits until that many stand in line.
func inLine(t *testing.T, s *sqlite, n int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		s.gate.mu.Lock()
		waiting := len(s.gate.urgent)
		s.gate.mu.Unlock()
		if waiting == n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d stand in line, want %d", waiting, n)
		}
		time.Sleep(time.Millisecond)
	}
}

func naming(slug string) tryWith {
	ctx := context.Background()
	return tryWith{ctx, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO vendors (slug, name) VALUES (?, ?)`, slug, slug)
		return err
	}}
}

// after is a part with one more step.
func after(part tryWith, then func(q querier) error) tryWith {
	return tryWith{part.ctx, func(q querier) error {
		if err := part.do(q); err != nil {
			return err
		}
		return then(q)
	}}
}

// stand wants these vendors in the file, as another connection sees it.
func stand(t *testing.T, a *Archive, want ...string) {
	t.Helper()
	got, err := queryAll(t.Context(), a.reads, scanString, `SELECT slug FROM vendors ORDER BY slug`)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("there are %v, %v, want %v", got, err, want)
	}
}

// atCommit is called at each commit, which it can refuse.
func atCommit(t *testing.T, s *sqlite, allow func() bool) {
	t.Helper()
	err := s.conn.Raw(func(c any) error {
		c.(driver.HookRegisterer).RegisterCommitHook(func() int32 {
			if allow() {
				return 0
			}
			return 1
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func nothing() {}

// Of five writers who share a transaction one fails in the middle of its part:
// that part is taken back, the four stand, and all waited for one commit. Nobody
// was told anything before it.
func TestOneOfFiveWritersFails(t *testing.T) {
	t.Parallel()
	a := openTest(t, t.TempDir())
	s := inFile(a)
	var commits, told atomic.Int32
	atCommit(t, s, func() bool {
		commits.Add(1)
		if n := told.Load(); n > 0 {
			t.Errorf("%d were told before the commit", n)
		}
		return true
	})
	errs := together(t, s, func() { told.Add(1) }, naming("a"), naming("b"),
		after(naming("c"), func(querier) error { return dossier.GapError{Process: "p", Want: 1, Got: 3} }), naming("d"), naming("e"))
	for i, err := range errs {
		if failed := errors.As(err, new(dossier.GapError)); failed != (i == 2) || !failed && err != nil {
			t.Errorf("writer %d was told %v", i, err)
		}
	}
	stand(t, a, "a", "b", "d", "e")
	if n := commits.Load(); n != 1 {
		t.Errorf("%d commits", n)
	}
}

// A commit that fails is nobody's success: each writes again alone, and is told
// of its own.
func TestSharedCommitFails(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]int32{"once": 1, "for all": 4} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openTest(t, t.TempDir())
			var commits atomic.Int32
			atCommit(t, inFile(a), func() bool { return commits.Add(1) > refused })
			for i, err := range together(t, inFile(a), nothing, naming("a"), naming("b"), naming("c")) {
				if (err == nil) != (refused == 1) {
					t.Errorf("writer %d was told %v", i, err)
				}
			}
			if n := commits.Load(); n != 4 {
				t.Errorf("%d commits", n)
			}
			if refused == 1 {
				stand(t, a, "a", "b", "c")
			} else {
				stand(t, a)
			}
		})
	}
}

// Where SQLite takes back the whole transaction under one writer, as on a full
// disk, the others are written again and nothing of the one is left.
func TestOneWriterBreaksTheTransaction(t *testing.T) {
	t.Parallel()
	a := openTest(t, t.TempDir())
	breaks := after(naming("b"), func(q querier) error {
		_, err := q.ExecContext(context.Background(), `ROLLBACK`)
		return errors.Join(err, errors.New("the disk is full"))
	})
	for i, err := range together(t, inFile(a), nothing, naming("a"), breaks, naming("c")) {
		if (err != nil) != (i == 1) {
			t.Errorf("writer %d was told %v", i, err)
		}
	}
	stand(t, a, "a", "c")
}

// Somebody who gives up in the middle of their part, or in line, takes nothing
// away from the others.
func TestSharedWriterGivesUp(t *testing.T) {
	t.Parallel()
	a := openTest(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	quits := tryWith{ctx, func(q querier) error {
		cancel()
		_, err := q.ExecContext(ctx, `INSERT INTO vendors (slug, name) VALUES ('b', 'b')`)
		return err
	}}
	late := naming("c")
	late.ctx = ctx
	for i, err := range together(t, inFile(a), nothing, naming("a"), quits, late, naming("d")) {
		if (err != nil) != (i == 2) {
			t.Errorf("writer %d was told %v", i, err)
		}
	}
	stand(t, a, "a", "b", "d") // b was begun, and so it was written
}

// A part that panics leaves nothing behind, in a round or alone, and does not
// stop the writers that come later.
func TestWriterPanics(t *testing.T) {
	t.Parallel()
	a := openTest(t, t.TempDir())
	panics := func(slug string) tryWith {
		part := after(naming(slug), func(querier) error { panic("in the middle") })
		return tryWith{part.ctx, func(q querier) error { return part.do(q) }}
	}
	caught := func(part tryWith) (p any) {
		defer func() { p = recover() }()
		_ = inFile(a).write(part.ctx, "writing", first, part.do) // it doesn't return
		return nil
	}
	if caught(panics("a")) == nil {
		t.Error("the panic was swallowed")
	}
	s := inFile(a)
	if err := s.gate.enter(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if err := s.write(t.Context(), "writing", first, naming("b").do); err != nil {
			t.Error(err)
		}
	})
	inLine(t, s, 1)
	all.Go(func() {
		if caught(panics("c")) == nil {
			t.Error("the panic in a round was swallowed")
		}
	})
	inLine(t, s, 2)
	s.gate.leave()
	all.Wait()
	if err := s.write(t.Context(), "writing", first, naming("d").do); err != nil {
		t.Error(err)
	}
	stand(t, a, "b", "d")
}

// More writers than one transaction takes come in two, and closing waits for
// those who are in one.
func TestRoundHasABound(t *testing.T) {
	t.Parallel()
	a := openTest(t, t.TempDir())
	var commits atomic.Int32
	atCommit(t, inFile(a), func() bool { commits.Add(1); return true })
	var parts []tryWith
	var want []string
	for i := range mostShared + 1 {
		want = append(want, string(rune('a'+i)))
		parts = append(parts, naming(want[i]))
	}
	if err := errors.Join(together(t, inFile(a), nothing, parts...)...); err != nil {
		t.Error(err)
	}
	stand(t, a, want...)
	if n := commits.Load(); n != 2 {
		t.Errorf("%d commits", n)
	}
}

// A caller who gives up while a transaction begins leaves none behind: SQLite may
// have begun it all the same, and would refuse every writer after that.
func TestGivenUpWhileItBegins(t *testing.T) {
	t.Parallel()
	s := inFile(openTest(t, t.TempDir()))
	if err := s.begin(t.Context(), false); err != nil { // as one does that is given up too late to tell
		t.Fatal(err)
	}
	note := func(q querier) error {
		_, err := q.ExecContext(t.Context(), `INSERT INTO state (name, value) VALUES ('test', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1`)
		return err
	}
	if err := s.write(t.Context(), "writing", first, note); err == nil {
		t.Fatal("a transaction within a transaction was begun")
	}
	if err := s.write(t.Context(), "writing", first, note); err != nil {
		t.Errorf("the next writer: %v", err)
	}
	// What waits for the disk and what does not is known also after somebody gave up.
	given, up := context.WithCancel(t.Context())
	up()
	for range 50 {
		_ = s.write(given, "writing", soon, note)
		_ = s.begin(given, true)
		var level int
		if _, err := queryOne(t.Context(), s.conn, []any{&level}, `PRAGMA synchronous`); err != nil || (level == 1) != s.soft {
			t.Fatalf("synchronous is %d, taken for soft: %v, %v", level, s.soft, err)
		}
	}
}
