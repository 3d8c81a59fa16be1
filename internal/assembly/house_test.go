package assembly

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/client"

	"gangway/config"
	"gangway/internal/calendar"
	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestTheHouseStands holds what hangs together: inbox, desk, record and key.
func TestTheHouseStands(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := open1(t, Options{Dir: t.TempDir(), PickPerson: true, Hosts: []string{"127.0.0.1:8470"}}, &engine{})
	ok(t, h.SeedExample(t.Context()))
	for host, want := range map[string]int{"127.0.0.1:8470": http.StatusOK, "evil.example": http.StatusMisdirectedRequest} {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/api/fingerprint", nil)
		r.Header.Set("Gangway-As", "maya")
		answer := httptest.NewRecorder()
		h.Web.ServeHTTP(answer, r)
		same(t, host, want, answer.Code)
		if want == http.StatusOK && !strings.Contains(answer.Body.String(), h.Desk.Fingerprint(ctx)) {
			t.Errorf("the inbox tells another fingerprint than the desk: %s", answer.Body)
		}
	}
	day := time.Now().Add(24 * time.Hour)
	rehearses(t, h, "onboarding/acme/1", calendar.Anchor{Real: day.Add(-24 * time.Hour), Case: day})
	view, err := h.Archive.Case(ctx, "onboarding/acme/1")
	ok(t, err)
	if at := view.Now(time.Now()); at.Before(day) || at.After(day.Add(time.Hour)) { // which is the time that pages show
		t.Errorf("the case is at %s", at)
	}
	var dossier bytes.Buffer
	ok(t, h.Desk.Dossier(ctx, review.Address{Channel: "web", ID: "maya"}, "onboarding/acme/1", &dossier))
	same(t, "a dossier is a zip", "PK", dossier.String()[:2])
}

func TestTheKeyIsMadeAndNotedOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var print string
	for range 3 {
		h, err := Open(t.Context(), &engine{}, Options{Dir: dir})
		ok(t, err)
		if now := h.Desk.Fingerprint(t.Context()); print != "" && now != print {
			t.Errorf("another key: %s, then %s", print, now)
		} else {
			print = now
		}
		same(t, "noted", 1, keys(t, h, print))
		ok(t, h.Close())
		day := time.Now().Add(-24 * time.Hour) // a copy from a backup
		ok(t, os.Chtimes(filepath.Join(dir, "keys", "signing.key"), day, day))
	}
}

// TestTwoThatOpenAtOnce share a folder; each finds the key not yet noted.
func TestTwoThatOpenAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			h, err := Open(context.Background(), &engine{}, Options{Dir: dir, Shared: true})
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { ok(t, h.Close()) })
		})
	}
	all.Wait()
	h := open1(t, Options{Dir: dir, Shared: true}, &engine{})
	same(t, "noted", 1, keys(t, h, h.Desk.Fingerprint(t.Context())))
}

// keys counts the register's entries of the key; one that stands twice with
// different content is a fault.
func keys(t *testing.T, h *House, print string) int {
	t.Helper()
	lines, err := h.Archive.Lines(context.Background(), dossier.Register)
	ok(t, err)
	n := 0
	for _, l := range lines {
		if l.Conflict {
			t.Errorf("%s stands twice", l.Entry.ID)
		}
		if l.Entry.Kind == dossier.KeyMade && l.Entry.Detail.Digest == print {
			n++
		}
	}
	return n
}

func TestFoldersThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := open1(t, Options{Dir: dir}, &engine{})
	_, err := Open(t.Context(), &engine{}, Options{Dir: dir})
	hinted(t, err)
	ok(t, h.Close())
	file := filepath.Join(dir, "keys", "signing.key")
	text, err := os.ReadFile(file)
	ok(t, err)
	ok(t, os.WriteFile(file, []byte("no key"), 0o600))
	_, err = Open(t.Context(), &engine{}, Options{Dir: dir})
	hinted(t, err)
	ok(t, os.WriteFile(file, text, 0o600))
	open1(t, Options{Dir: dir}, &engine{}) // the lock was given back
}

// TestRunDeliversAndEnds opens a case while the engine is away.
func TestRunDeliversAndEnds(t *testing.T) {
	t.Parallel()
	e := &engine{down: true, started: make(chan string, 1)}
	h := open1(t, Options{Dir: t.TempDir()}, e)
	ok(t, h.SeedExample(t.Context()))
	id, err := h.Desk.Open(t.Context(), playbook.Intake{ID: "web-1", From: review.Address{Channel: "web", ID: "maya"}, Owner: "tom",
		Vendor: engagement.Vendor{Name: "Acme", Service: "payroll", Country: "GB"}, Reason: "it is slow", Interest: engagement.No})
	ok(t, err)
	e.mu.Lock()
	e.down = false
	e.mu.Unlock()
	ctx, stop := context.WithCancel(t.Context())
	var loops sync.WaitGroup
	loops.Go(func() { h.Run(ctx) })
	same(t, "started", id, <-e.started)
	stop()
	loops.Wait()
}

// TestNewWorker registers everything; an engine is not asked for that.
func TestNewWorker(t *testing.T) {
	t.Parallel()
	c, err := client.NewLazyClient(client.Options{HostPort: "127.0.0.1:1"})
	ok(t, err)
	defer c.Close()
	if h := open1(t, Options{Dir: t.TempDir()}, c); h.NewWorker(time.Second) == nil {
		t.Error("no worker")
	}
}

func TestLibrary(t *testing.T) {
	t.Parallel()
	l := library{}
	pb, text, err := l.Playbook("")
	ok(t, err)
	same(t, "the default", config.DefaultPlaybook, pb.Name)
	again, err := l.Read(text)
	ok(t, err)
	same(t, "read back", pb, again)
	snap, err := l.Snapshot(nil, pb, time.Now())
	ok(t, err)
	same(t, "months ahead", snap.From.AddDate(0, 36, 0), snap.Until)
	for _, name := range []string{"no-such", "../playbooks/small"} {
		if _, _, err := l.Playbook(name); err == nil {
			t.Errorf("%s was found", name)
		}
	}
}

func open1(t *testing.T, o Options, e client.Client) *House {
	t.Helper()
	h, err := Open(context.Background(), e, o)
	ok(t, err)
	t.Cleanup(func() { ok(t, h.Close()) })
	return h
}

func hinted(t *testing.T, err error) {
	t.Helper()
	var hint interface{ Hint() string }
	if !errors.As(err, &hint) || hint.Hint() == "" {
		t.Errorf("want an error with a hint, got %v", err)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

var _ desk.Library = library{}
