package archive_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/archive/postgrestest"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestTwoProcesses lets this test binary run twice more on the same files, all
// of them at it at once.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		twoProcesses(t, archive.Options{Dir: t.TempDir(), Shared: true})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		twoProcesses(t, archive.Options{Dir: t.TempDir(), Database: postgrestest.Shared(t).Database(t)})
	})
}

func twoProcesses(t *testing.T, o archive.Options) {
	ctx := context.Background()
	a := openAt(t, o)
	newCase(acme).opened().file(t, a)
	crowd(t, 3, func(i int) error {
		if i == 0 {
			return work(a, "parent")
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestChildProcess$", "-test.count=1")
		cmd.Env = append(os.Environ(), "GANGWAY_ARCHIVE_DIR="+o.Dir, "GANGWAY_ARCHIVE_DATABASE="+o.Database, fmt.Sprint("GANGWAY_ARCHIVE_NAME=child", i))
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("child %d: %w: %s", i, err, out)
		}
		return nil
	})
	lines := chain(t, a, acme)
	same(t, "lines", 2+3*20, len(lines))
	same(t, "view", dossier.Fold(lines), must[dossier.CaseView](t)(a.Case(ctx, acme)))
	for _, who := range []string{"parent", "child1", "child2"} {
		same(t, who, 20, len(chain(t, a, "onboarding/"+who+"/1")))
	}
	rows := must[[]review.Queued](t)(a.QueuedOf(ctx, "lena"))
	same(t, "rows", 60, len(rows))
	id, _, err := a.OpenCase(ctx, "last", "onboarding/many", nil, dossier.Name{}, nil, nil)
	ok(t, err)
	same(t, "numbers", "onboarding/many/61", id)
}

// TestChildProcess is the other process of TestTwoProcesses; alone it has
// nothing to do.
func TestChildProcess(t *testing.T) {
	dir := os.Getenv("GANGWAY_ARCHIVE_DIR")
	if dir == "" {
		return
	}
	a := openAt(t, archive.Options{Dir: dir, Shared: true, Database: os.Getenv("GANGWAY_ARCHIVE_DATABASE")})
	ok(t, work(a, os.Getenv("GANGWAY_ARCHIVE_NAME")))
}

// work is what each process does: a case of its own, a process in the case of
// all, rows in the queue, numbers, documents.
func work(a *archive.Archive, name string) error {
	ctx := context.Background()
	own, shared := newCase("onboarding/"+name+"/1"), &process{id: "contract/" + name + "/1", of: acme, at: monday()}
	for i := range 20 {
		for _, p := range []*process{own, shared} {
			if err := a.Append(ctx, []dossier.Entry{p.say(dossier.Entry{Kind: dossier.Noted})}); err != nil {
				return err
			}
		}
		unit := fmt.Sprint(name, "-", i)
		if err := a.Enqueue(ctx, review.Queued{ID: unit, Process: acme, Person: "lena"}); err != nil {
			return err
		}
		if _, _, err := a.OpenCase(ctx, unit, "onboarding/many", nil, dossier.Name{}, nil, nil); err != nil {
			return err
		}
		if _, err := a.Put(ctx, strings.NewReader(fmt.Sprint("document ", i)), 0); err != nil {
			return err
		}
	}
	return nil
}
