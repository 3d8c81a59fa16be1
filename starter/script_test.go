package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"gangway/config"
	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestMain lets scripts run the real command line: this test binary under
// another name. Only its patience with a server that is gone is shorter.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gangway": func() {
		p := program{now: func() time.Time { return days(7) }, patience: 50 * time.Millisecond, asking: 50 * time.Millisecond, pause: 10 * time.Millisecond}
		os.Exit(p.run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
	}})
}

// TestScripts runs the stories of testdata/script, each against a fake /api and
// with real dossiers beside it.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("GANGWAY_UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			server := httptest.NewServer(&fakeAPI{t: t, dir: env.WorkDir})
			env.Defer(server.Close)
			env.Setenv("URL", server.URL)
			env.Setenv("TZ", "UTC")
			env.Setenv("GORACE", "atexit_sleep_ms=0") // a second for each command otherwise
			return furnish(env)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// furnish puts a data folder, the shipped example and dossiers into a script's
// folder.
func furnish(env *testscript.Env) error {
	made, err := dossiers()
	if err != nil {
		return err
	}
	env.Setenv("KEY", made.fingerprint)
	env.Setenv("OTHER", made.other)
	notice, err := json.Marshal(map[string]any{"url": env.Getenv("URL"), "pid": os.Getpid(), "engine": "127.0.0.1:1"})
	if err != nil {
		return err
	}
	files := map[string][]byte{"gangway-data/local.json": notice, "live.zip": made.live, "open.zip": made.open, "served.zip": made.open,
		"changed.zip": made.changed, "short.zip": made.live[:len(made.live)/2]}
	told, err := toldDossiers()
	if err != nil {
		return err
	}
	env.Setenv("TOLD", told.fingerprint)
	for name, text := range map[string][]byte{"told.zip": told.told, "flipped.zip": told.flipped, "reflipped.zip": told.reflipped,
		"checkpoint.json": told.checkpoint, "elsewhere.json": told.elsewhere, "fibbed.json": told.fibbed} {
		files[name] = text
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(env.WorkDir, name)), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), text, 0o600); err != nil {
			return err
		}
	}
	return os.CopyFS(filepath.Join(env.WorkDir, "example"), config.Example())
}

// exits runs a command and wants exactly this exit code: `exits 5 gangway answer …`.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("running %s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("the exit code is %d, wanted %d", got, want)
	}
}

type dossierFiles struct {
	live, open, changed []byte
	fingerprint, other  string
}

// dossiers are made once by the archive itself.
var dossiers = sync.OnceValues(func() (dossierFiles, error) {
	var d dossierFiles
	dir, err := os.MkdirTemp("", "gangway-dossiers-")
	if err != nil {
		return d, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	a, err := archive.Open(ctx, archive.Options{Dir: dir})
	if err != nil {
		return d, err
	}
	defer a.Close()
	key, err := archive.LoadKey(dir)
	if err != nil {
		return d, err
	}
	other, err := archive.LoadKey(filepath.Join(dir, "other"))
	if err != nil {
		return d, err
	}
	d.fingerprint, d.other = key.Fingerprint(), other.Fingerprint()
	entries := history(brightwell)
	if err := a.Append(ctx, entries[:3]); err != nil {
		return d, fmt.Errorf("opening a case: %w", err)
	}
	var b bytes.Buffer
	if err := a.Export(ctx, brightwell, key, days(7), &b); err != nil {
		return d, err
	}
	d.open = bytes.Clone(b.Bytes())
	if err := a.Append(ctx, entries[3:]); err != nil {
		return d, fmt.Errorf("closing a case: %w", err)
	}
	b.Reset()
	if err := a.Export(ctx, brightwell, key, days(7), &b); err != nil {
		return d, err
	}
	d.live = b.Bytes()
	d.changed = bytes.Replace(d.live, []byte(`"verdict":"approve"`), []byte(`"verdict":"approvf"`), 1)
	return d, nil
})

// history is a small case from its opening to its end.
func history(id string) []dossier.Entry {
	entries := []dossier.Entry{
		{Kind: dossier.CaseOpened, Actor: "maya", Detail: &dossier.Detail{Vendor: "brightwell-payroll", Owner: "maya", Requester: "maya", Playbook: "standard"}},
		{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: needed().ID, Opened: fresh()}},
		{Kind: dossier.Request, Actor: "helen", Fact: &review.Fact{Kind: review.FactCounted, Request: needed().ID, Ballot: &needed().Ballots[0]}},
		{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactClosed, Request: needed().ID, State: review.Met, Why: "decided"}},
		{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: string(dossier.Live)}},
	}
	for i := range entries {
		e := &entries[i]
		e.ID, e.Case, e.Process, e.Run, e.At, e.CaseAt = fmt.Sprintf("%s#%d", id, i+1), id, id, "run-a", days(i), days(i)
		if e.Fact != nil {
			e.Fact.At = days(i)
		}
	}
	return entries
}

// fresh is the request as it was before anybody answered.
func fresh() *review.Request {
	r := needed()
	r.Ballots, r.Closed, r.Refusals = nil, nil, 0
	return &r
}
