package archive_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/archive"
	"gangway/internal/dossier"
)

// auditTests are about the record by time.
func auditTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"the lines of a period": auditPeriod,
		"ended by its reader":   auditEnded,
		"counted":               auditCounted,
	}
}

// dayAt is an instant of the audited days.
func dayAt(day, hour int, nanos int) time.Time {
	return time.Date(2026, 3, day, hour, 0, 0, nanos, time.UTC)
}

// auditedChains are two chains with lines on three days, the second of them
// written first and not in the order of time.
func auditedChains(t *testing.T, a *archive.Archive) {
	t.Helper()
	for _, x := range []struct {
		chain string
		at    []time.Time
	}{
		{"onboarding/b/1", []time.Time{dayAt(1, 9, 0), dayAt(3, 9, 0), dayAt(2, 9, 0)}},
		{"onboarding/a/1", []time.Time{dayAt(1, 23, 999_999_999), dayAt(2, 0, 0), dayAt(2, 23, 5), dayAt(3, 0, 0)}},
	} {
		for i, at := range x.at {
			e := dossier.Entry{ID: fmt.Sprintf("%s#desk/%d", x.chain, i), Case: x.chain, Process: x.chain, Kind: dossier.Noted, At: at, CaseAt: at.AddDate(1, 0, 0)}
			if err := a.Append(context.Background(), []dossier.Entry{e}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func auditPeriod(t *testing.T, a *archive.Archive) {
	auditedChains(t, a)
	between := func(from, to time.Time) (got []string) {
		err := a.Between(context.Background(), from, to, func(chain string, l dossier.Line) error {
			if l.Entry.Case != chain || l.Hash == "" {
				t.Errorf("line %+v of %s", l, chain)
			}
			got = append(got, fmt.Sprintf("%s %d", chain, l.N))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for name, c := range map[string]struct {
		from, to time.Time
		want     []string
	}{
		"the second day":      {dayAt(2, 0, 0), dayAt(3, 0, 0), []string{"onboarding/a/1 2", "onboarding/a/1 3", "onboarding/b/1 3"}},
		"all":                 {dayAt(1, 0, 0), dayAt(4, 0, 0), []string{"onboarding/a/1 1", "onboarding/a/1 2", "onboarding/a/1 3", "onboarding/a/1 4", "onboarding/b/1 1", "onboarding/b/1 2", "onboarding/b/1 3"}},
		"within a second":     {dayAt(2, 23, 5), dayAt(2, 23, 6), []string{"onboarding/a/1 3"}},
		"its end is left out": {dayAt(2, 23, 4), dayAt(2, 23, 5), nil},
		"in another zone":     {dayAt(2, 0, 0).In(time.FixedZone("", 3600)), dayAt(2, 1, 0), []string{"onboarding/a/1 2"}},
		"to the end of time": {time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC),
			[]string{"onboarding/a/1 1", "onboarding/a/1 2", "onboarding/a/1 3", "onboarding/a/1 4", "onboarding/b/1 1", "onboarding/b/1 2", "onboarding/b/1 3"}},
		"nothing": {dayAt(5, 0, 0), dayAt(6, 0, 0), nil},
	} {
		if d := cmp.Diff(c.want, between(c.from, c.to)); d != "" {
			t.Errorf("%s (- want, + got):\n%s", name, d)
		}
	}
}

func auditEnded(t *testing.T, a *archive.Archive) {
	auditedChains(t, a)
	stop, n := errors.New("enough"), 0
	err := a.Between(context.Background(), dayAt(1, 0, 0), dayAt(4, 0, 0), func(string, dossier.Line) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("%d lines, %v", n, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := a.Between(ctx, dayAt(1, 0, 0), dayAt(4, 0, 0), func(string, dossier.Line) error { return nil }); err == nil {
		t.Error("read for nobody")
	}
}

func auditCounted(t *testing.T, a *archive.Archive) {
	auditedChains(t, a)
	for _, c := range [][3]int{{1, 4, 4}, {2, 3, 2}, {4, 9, 1}, {5, 9, 0}} {
		n, last, err := a.CountLines(context.Background(), "onboarding/a/1", c[0], c[1])
		if err != nil || n != c[2] || last != 4 {
			t.Errorf("from %d to %d there are %d, %v", c[0], c[1], n, err)
		}
	}
	if n, last, err := a.CountLines(context.Background(), "no-such", 0, 9); err != nil || n != 0 || last != 0 {
		t.Errorf("of a chain that isn't there: %d, %d, %v", n, last, err)
	}
}
