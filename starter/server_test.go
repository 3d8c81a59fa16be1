package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/review"
)

// patient is a program that waits long enough for what a test brings about.
func patient() program {
	return program{now: func() time.Time { return days(7) }, patience: time.Minute, pause: time.Millisecond}
}

// folder is a data folder whose local.json names an address.
func folder(t *testing.T, address, token string) string {
	t.Helper()
	dir := t.TempDir()
	announce(t, dir, address, token)
	return dir
}

func announce(t *testing.T, dir, address, token string) {
	t.Helper()
	text, err := json.Marshal(localFile{URL: address, PID: os.Getpid(), Token: token})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "local.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// hearing is a stderr that calls back at its first line.
type hearing struct {
	bytes.Buffer
	once  sync.Once
	heard func()
}

func (h *hearing) Write(b []byte) (int, error) {
	h.once.Do(h.heard)
	return h.Buffer.Write(b)
}

// TestLocalRestarts: a local that is away for a moment, and comes back at another
// port, is no error.
func TestLocalRestarts(t *testing.T) {
	t.Parallel()
	dir := folder(t, "http://127.0.0.1:1", "")
	server := httptest.NewServer(&fakeAPI{t: t, dir: t.TempDir()})
	t.Cleanup(server.Close)
	errs := &hearing{heard: func() {
		if err := os.Remove(filepath.Join(dir, "local.json")); err != nil { // as a local that stops does
			t.Error(err)
		}
		announce(t, dir, server.URL, "")
	}}
	var out bytes.Buffer
	code := patient().run(t.Context(), []string{"cases", "--data", dir, "--as", "maya"}, nil, strings.NewReader(""), &out, errs)
	if code != 0 || !strings.Contains(out.String(), brightwell) {
		t.Errorf("exit code %d\n%s%s", code, out.String(), errs.String())
	}
	if got := strings.Count(errs.String(), "does not answer"); got != 1 {
		t.Errorf("it was told %d times that nothing answers", got)
	}
}

// TestLostReply: the answer arrived and the reply was lost. It is sent again
// under the same id, by the client itself.
func TestLostReply(t *testing.T) {
	t.Parallel()
	fake := &fakeAPI{t: t, dir: t.TempDir()}
	var lost atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/answer" && lost.Add(1) <= 2 {
			fake.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	var out, errs bytes.Buffer
	code := patient().run(t.Context(), []string{"answer", brightwell, "review", "approve", "--data", folder(t, server.URL, ""), "--as", "daniel"},
		nil, strings.NewReader(""), &out, &errs)
	if code != 0 {
		t.Errorf("exit code %d\n%s%s", code, out.String(), errs.String())
	}
	if len(fake.seen) != 3 || fake.seen[0] != fake.seen[1] || fake.seen[1] != fake.seen[2] {
		t.Errorf("the ids were %q", fake.seen)
	}
}

// TestFreshIDs: two invocations are two answers.
func TestFreshIDs(t *testing.T) {
	t.Parallel()
	fake := &fakeAPI{t: t, dir: t.TempDir()}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	for range 2 {
		var out, errs bytes.Buffer
		if code := patient().run(t.Context(), []string{"withdraw", brightwell, "--reason", "x", "--url", server.URL, "--as", "maya"}, nil, nil, &out, &errs); code != 0 {
			t.Fatal(errs.String())
		}
	}
	if len(fake.seen) != 2 || fake.seen[0] == fake.seen[1] || len(fake.seen[0]) < 26 {
		t.Errorf("the ids were %q", fake.seen)
	}
}

// TestInterrupted: somebody who loses patience is told how to go on.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	errs := &hearing{heard: stop}
	args := []string{"onboard", writeFile(t, "vendor: {name: Brightwell, service: payroll}\nreason: why\nowner: maya\n"), "--id", "mine", "--data", folder(t, "http://127.0.0.1:1", ""), "--as", "maya"}
	code := patient().run(ctx, args, nil, nil, new(bytes.Buffer), errs)
	if code != exitError || !strings.Contains(errs.String(), "gangway: error: interrupted\n") || !strings.Contains(errs.String(), "--id mine") {
		t.Errorf("exit code %d\n%s", code, errs.String())
	}
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCompletionAsksOnce: somebody who types is not kept waiting for a local that
// is gone.
func TestCompletionAsksOnce(t *testing.T) {
	t.Parallel()
	var tries atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		tries.Add(1)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	var out, errs bytes.Buffer
	code := patient().run(t.Context(), []string{"__complete", "--as", "maya", "--data", folder(t, server.URL, ""), "show", ""}, nil, nil, &out, &errs)
	if code != 0 || tries.Load() != 1 || strings.Contains(errs.String(), "trying") {
		t.Errorf("exit code %d after %d tries\n%s%s", code, tries.Load(), out.String(), errs.String())
	}
}

// TestTokens: a local's token goes to that local, the environment's to --url, and
// neither follows a redirect.
func TestTokens(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	got := map[string]string{}
	note := func(name string, next http.HandlerFunc) *httptest.Server {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			got[name] = r.Header.Get("Authorization")
			mu.Unlock()
			next(w, r)
		}))
		t.Cleanup(s.Close)
		return s
	}
	empty := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("[]")) }
	other := note("other", empty)
	local := note("local", empty)
	astray := note("astray", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	env := []string{"GANGWAY_TOKEN=mine", "GANGWAY_AS=maya"}
	dir := folder(t, local.URL, "theirs")
	for want, args := range map[int][][]string{
		0: {{"people", "list", "--data", dir}, {"people", "list", "--data", dir, "--url", other.URL}},
		1: {{"people", "list", "--url", astray.URL}},
	} {
		for _, a := range args {
			if code := patient().run(t.Context(), a, env, nil, new(bytes.Buffer), new(bytes.Buffer)); code != want {
				t.Errorf("%v: exit code %d", a, code)
			}
		}
	}
	for name, want := range map[string]string{"local": "Bearer theirs", "other": "Bearer mine", "astray": "Bearer mine"} {
		if got[name] != want {
			t.Errorf("%s got %q, want %q", name, got[name], want)
		}
	}
}

// TestHugeAnswer: a server can't fill the memory.
func TestHugeAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		block := bytes.Repeat([]byte(" "), 1<<20)
		for range mostAnswer>>20 + 1 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	var errs bytes.Buffer
	code := patient().run(t.Context(), []string{"cases", "--url", server.URL, "--as", "maya"}, nil, nil, new(bytes.Buffer), &errs)
	if code != exitError || !strings.Contains(errs.String(), "larger than") {
		t.Errorf("exit code %d\n%s", code, errs.String())
	}
}

// TestTooLargeIsNotSent: 30 MB are refused before they travel.
func TestTooLargeIsNotSent(t *testing.T) {
	t.Parallel()
	fake := &fakeAPI{t: t, dir: t.TempDir()}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	path := filepath.Join(t.TempDir(), "large.md")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 30_000_000); err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	code := patient().run(t.Context(), []string{"submit", brightwell, "contract", path, "--url", server.URL, "--as", "maya"}, nil, nil, new(bytes.Buffer), &errs)
	if code != exitError || !strings.Contains(errs.String(), "30.0 MB, more than the") || !strings.Contains(errs.String(), "nothing was sent") {
		t.Errorf("exit code %d\n%s", code, errs.String())
	}
	if _, err := os.Stat(filepath.Join(fake.dir, "sent")); err == nil {
		t.Error("something was sent")
	}
}

// TestEveryRefusalIsSaid: each refusal is an error in words and an exit code.
func TestEveryRefusalIsSaid(t *testing.T) {
	t.Parallel()
	for _, why := range []review.Refusal{review.Unknown, review.UnknownPerson, review.NotActive, review.NoSeat, review.WhichSeat, review.OwnRequest,
		review.VendorPerson, review.OneSeat, review.IsRecused, review.NotYet, review.Settled, review.Stale, review.NoVersion, review.Answered, review.Closed,
		review.NeedsReason, review.NeedsAttest, review.NeedsDocument, review.WrongVerdict, review.NotOwner, review.NotYours, review.BadDelegate,
		review.TooDeep, review.Circle, review.BadTime, review.WrongAct, review.Duplicate, review.Unreadable, review.NeedsBrowser, review.TooFar} {
		var b bytes.Buffer
		s := &session{program: patient(), errs: &terminal{w: &b}, out: &terminal{w: new(bytes.Buffer)}}
		code := s.report(s.refusal(review.Outcome{Status: review.Refused, Refusal: why}, sent{}))
		want := exitRefused
		if why == review.UnknownPerson || why == review.NotActive {
			want = exitDenied
		}
		if code != want || !strings.HasPrefix(b.String(), "gangway: error: ") || strings.Contains(b.String(), "error: refused") || strings.Contains(b.String(), ".\n") {
			t.Errorf("%s: exit code %d, %s", why, code, b.String())
		}
	}
}

// TestWhatIsMeantForACaseThatIsOver is refused in words about the case: there is no request
// in it, and whoever came late did not decide it.
func TestWhatIsMeantForACaseThatIsOver(t *testing.T) {
	t.Parallel()
	for why, want := range map[review.Refusal]string{
		review.Closed:  "gangway: error: this case is closed\ngangway: hint: see how it ended with: gangway show exit/acme/1\n",
		review.Unknown: "gangway: error: there is no such case\ngangway: hint: list them with: gangway cases\n",
		review.NoSeat:  "gangway: error: you hold no seat in this request\n",
	} {
		var b bytes.Buffer
		s := &session{program: patient(), errs: &terminal{w: &b}, out: &terminal{w: new(bytes.Buffer)}}
		if code := s.report(s.refusal(review.Outcome{Status: review.Refused, Refusal: why, By: "maya"}, sent{of: "exit/acme/1", all: true})); code != exitRefused || b.String() != want {
			t.Errorf("%s: exit code %d, %s", why, code, b.String())
		}
	}
}
