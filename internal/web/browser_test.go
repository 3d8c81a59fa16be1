package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// browser is a real Chromium, or a skip.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("GANGWAY_REQUIRE") == "1" {
		t.Fatal("Chromium is not installed and GANGWAY_REQUIRE=1")
	}
	t.Skip("Chromium is not installed")
	return ""
}

// serve puts the site on loopback with somebody signed in, since the browser is
// started anew for every page.
func (s *site) serve(t *testing.T, person string) string {
	t.Helper()
	key := &server{o: Options{Key: []byte("a key that the tests know")}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: key.seal(person, today().Add(time.Hour))})
		s.h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// profile is a folder for a browser, removed once the last of its processes has
// ended: those that it started write on for a moment after it.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "profile") //nolint:usetesting // its removal would not wait
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		deadline := time.Now().Add(30 * time.Second)
		for err := os.RemoveAll(dir); err != nil; err = os.RemoveAll(dir) {
			if time.Now().After(deadline) {
				t.Errorf("removing the browser's folder: %v", err)
				return
			}
		}
	})
	return dir
}

// render gives the DOM of a page and what the browser complained about.
func render(t *testing.T, path, address string, scripts bool) (dom, complaints string) {
	t.Helper()
	home := profile(t)
	if !scripts { // as a person switches them off; the flag for it breaks the dump
		if err := os.Mkdir(home+"/Default", 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(home+"/Default/Preferences", []byte(`{"profile":{"default_content_setting_values":{"javascript":2}}}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	args := []string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir=" + home, "--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000", "--dump-dom", address}
	cmd := exec.CommandContext(ctx, path, args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("running the browser: %v\n%s", err, errs.String())
	}
	for line := range strings.Lines(errs.String()) {
		if strings.Contains(line, "CONSOLE") {
			complaints += line
		}
	}
	return out.String(), complaints
}

// TestBrowserRenders shows the pages in a real browser: no message on its
// console, which is where a breach of the content policy is said.
func TestBrowserRenders(t *testing.T) {
	path := browser(t)
	s := newSite(t, func(o *Options) { o.Hosts = []string{"127.0.0.1"} })
	base := s.serve(t, "lena")
	for _, c := range []struct {
		name, target, want string
		scripts            bool
	}{
		{"a request", "/request?id=" + url.QueryEscape(reviewID), "What changed since version 1", true},
		{"a request without script", "/request?id=" + url.QueryEscape(reviewID), "Send the answer", false},
		{"a case", "/case?id=" + url.QueryEscape(theCase), "What happened", true},
	} {
		dom, complaints := render(t, path, base+c.target, c.scripts)
		if !strings.Contains(dom, c.want) {
			t.Errorf("%s: %q is not in the DOM\n%s", c.name, c.want, dom)
		}
		if complaints != "" {
			t.Errorf("%s: the browser complains:\n%s", c.name, complaints)
		}
	}
}

// TestBrowserSignsIn presses a form's button in a real browser: what it sends of
// where the form was is enough here, and too little from another site.
func TestBrowserSignsIn(t *testing.T) {
	path := browser(t)
	g := newGated(t, func(o *Options) { o.Hosts, o.Address = []string{"127.0.0.1"}, "http://127.0.0.1" })
	pressed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Referrer-Policy", "no-referrer") // as our pages do
		w.Write([]byte(`<form method="post" action="` + r.FormValue("to") + `/enter/` + lenaLink + `"><input name="link" value="` + lenaLink + `"></form><script>document.forms[0].submit()</script>`))
	})
	ours := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/press" {
			pressed(w, r)
			return
		}
		g.h.ServeHTTP(w, r)
	}))
	t.Cleanup(ours.Close)
	other := httptest.NewServer(pressed)
	t.Cleanup(other.Close)
	dom, _ := render(t, path, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+"/?to="+url.QueryEscape(ours.URL), true)
	if !strings.Contains(dom, "came from another site") || len(g.gate.acts()) != 0 {
		t.Errorf("another site's form did %q\n%s", g.gate.acts(), dom)
	}
	dom, _ = render(t, path, ours.URL+"/press", true)
	if !strings.Contains(dom, "Signed in as") || !strings.Contains(dom, "Sign off the hosting agreement") {
		t.Errorf("nobody is signed in\n%s", dom)
	}
}

// TestBrowserComplaintsAreHeard: the test above would see a breach of the policy,
// and a page whose scripts are off has none running.
func TestBrowserComplaintsAreHeard(t *testing.T) {
	path := browser(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", contentPolicy)
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(`<p style="color:red">x</p><script>document.title = "ran"</script>`))
	}))
	t.Cleanup(server.Close)
	dom, complaints := render(t, path, server.URL, true)
	if complaints == "" || strings.Contains(dom, "<title>ran") {
		t.Errorf("nothing was said of an inline style and a script: %q\n%s", complaints, dom)
	}
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(`<noscript><p>off</p></noscript><script>document.title = "ran"</script>`))
	}))
	t.Cleanup(server.Close)
	if dom, _ := render(t, path, server.URL, false); !strings.Contains(dom, "<p>off</p>") || strings.Contains(dom, "<title>ran") {
		t.Errorf("scripts are not off:\n%s", dom)
	}
}
