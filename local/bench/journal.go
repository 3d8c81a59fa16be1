package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
)

const (
	// mostVerified is the limit for a million entries, in seconds.
	mostVerified = 30
	million      = 1_000_000
	// appending is how long each kind of append is measured.
	appending = 2 * time.Second
	// together is how many entries one call of a batch has: what Append takes in
	// one transaction.
	together = 100
)

// measureJournal appends to the journal and verifies a long one, on both
// databases.
func measureJournal(ctx context.Context, s settings, t *table, log *slog.Logger) error {
	dir, err := os.MkdirTemp("", "gangway-bench-")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // the machine's cleaner takes what stays
	err = journalOn(ctx, s, t, log, "SQLite", place{Dir: filepath.Join(dir, "sqlite")})
	if err != nil {
		return fmt.Errorf("on SQLite: %w", err)
	}
	pg, err := startPostgres()
	if err != nil {
		return err
	}
	defer pg.close()
	url, err := pg.database()
	if err != nil {
		return err
	}
	err = journalOn(ctx, s, t, log, "PostgreSQL", place{Dir: filepath.Join(dir, "postgres"), Database: url})
	if err != nil {
		return fmt.Errorf("on PostgreSQL: %w", err)
	}
	return nil
}

func journalOn(ctx context.Context, s settings, t *table, log *slog.Logger, name string, at place) error {
	a, err := archive.Open(ctx, archive.Options{Dir: at.Dir, Database: at.Database, Log: log})
	if err != nil {
		return fmt.Errorf("opening the record: %w", err)
	}
	for _, c := range []struct {
		what            string
		atOnce, entries int
	}{{"one entry a call", 1, 1}, {"one entry a call, 16 at once", 16, 1}, {"100 entries a call", 1, together}} {
		rate, err := appendFor(ctx, a, c.what, c.atOnce, c.entries)
		if err != nil {
			return err
		}
		t.add(line{what: name + ", appended, " + c.what, own: rate, unit: "/s"})
	}
	err = a.Close()
	if err != nil {
		return fmt.Errorf("closing the record: %w", err)
	}
	begun := time.Now()
	err = fill(ctx, at, s.entries)
	if err != nil {
		return fmt.Errorf("filling the journal: %w", err)
	}
	filled := time.Since(begun)
	a, err = archive.Open(ctx, archive.Options{Dir: at.Dir, Database: at.Database, Log: log})
	if err != nil {
		return fmt.Errorf("opening the record again: %w", err)
	}
	defer func() { _ = a.Close() }() // only read
	begun, before := time.Now(), worked()
	found, err := a.CheckJournal(ctx)
	took, work := time.Since(begun), worked()-before
	if err != nil {
		return err
	}
	if len(found.Broken) > 0 {
		return fmt.Errorf("%d chains are broken, such as %w", len(found.Broken), found.Broken[0])
	}
	if found.Lines < s.entries {
		return fmt.Errorf("%d entries were verified, want %d", found.Lines, s.entries)
	}
	rate := float64(found.Lines) / took.Seconds()
	t.add(line{what: name + ", verified", own: rate, unit: "/s"})
	l := line{what: name + ", 1,000,000 verified", own: million / rate, unit: "s", ceiling: mostVerified}
	if s.entries < million {
		l.what += fmt.Sprintf(" (from %d)", s.entries)
	}
	t.add(l)
	t.note("%d entries in %d chains verified in %.1f s with %.1f s of this process's processor time; written past Append in %.0f s",
		found.Lines, found.Chains, took.Seconds(), work.Seconds(), filled.Seconds())
	return nil
}

// appendFor appends for a while, each goroutine to chains of its own, and returns
// how many entries a second.
func appendFor(ctx context.Context, a *archive.Archive, name string, atOnce, entries int) (float64, error) {
	var done atomic.Int64
	begun := time.Now()
	err := each(ctx, atOnce, func(ctx context.Context, i int) error {
		for n := 0; time.Since(begun) < appending; n++ {
			id := fmt.Sprintf("onboarding/append-%s-%d/%d", dossier.Genesis(name)[7:15], i, n*entries/chainLength+1)
			var list []dossier.Entry
			for k := range entries {
				list = append(list, entryOf(id, (n*entries+k)%chainLength))
			}
			err := a.Append(ctx, list)
			if err != nil {
				return err
			}
			done.Add(int64(entries))
		}
		return nil
	})
	return float64(done.Load()) / time.Since(begun).Seconds(), err
}
