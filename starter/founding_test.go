package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"gangway/config"
	"gangway/internal/access"
)

// server answers its pages as a script says.
type server struct {
	mu    sync.Mutex
	pages map[string]string // path to "code text"
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code, text, found := strings.Cut(s.pages[r.URL.Path], " ")
	if !found {
		http.NotFound(w, r)
		return
	}
	n, _ := strconv.Atoi(code) // the script's own
	if n/100 == 3 {
		w.Header().Set("Location", "/"+text)
	}
	w.WriteHeader(n)
	_, _ = io.WriteString(w, text+"\n")
}

// TestFounding runs the stories of who begins a deployment, against a server
// whose pages the script sets.
func TestFounding(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/founding",
		Setup: func(env *testscript.Env) error {
			s := &server{pages: map[string]string{}}
			h := httptest.NewServer(s)
			env.Defer(h.Close)
			u, err := url.Parse(h.URL)
			if err != nil {
				return err
			}
			env.Values["server"] = s
			if err := lendSlack(env); err != nil {
				return err
			}
			env.Setenv("URL", h.URL)
			env.Setenv("PLACE", u.Host)
			env.Setenv("TZ", "UTC")
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "private": private, "answer": answerPage, "expand": expand, "grant": grant},
	})
}

// private wants files and folders that nobody else can read.
func private(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if info.Mode().Perm()&0o077 != 0 {
			ts.Fatalf("%s can be read by others: %s", name, info.Mode())
		}
	}
}

// answerPage sets what the server answers: answer PATH CODE TEXT.
func answerPage(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value("server").(*server)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[args[0]] = args[1] + " " + args[2]
}

// expand writes the script's variables into a file.
func expand(ts *testscript.TestScript, _ bool, args []string) {
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// TestTheFirstLinkIsTheOperators: what init prints is what the inbox takes.
func TestTheFirstLinkIsTheOperators(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out, errs strings.Builder
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	p := program{now: func() time.Time { return now }}
	code := p.run(t.Context(), []string{"init", dir, "--operator", "Ann", "--mail", "ann@example.org", "--address", "https://g.example.org"}, nil, strings.NewReader(""), &out, &errs)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	secret, found := strings.CutPrefix(strings.TrimSpace(out.String()), "https://g.example.org/enter/")
	key, err := config.AccessKey(dir + "/gangway-data/keys")
	if err != nil || !found {
		t.Fatalf("%s: %v", &out, err)
	}
	person, until, ok := access.Key(key).ReadFirst(secret, now)
	if !ok || person != "ann" || !until.Equal(now.Add(24*time.Hour)) {
		t.Errorf("%s: %s until %s, %v", secret, person, until, ok)
	}
	if strings.Contains(errs.String(), secret) {
		t.Error("the link is among the messages, which programs log")
	}
}
