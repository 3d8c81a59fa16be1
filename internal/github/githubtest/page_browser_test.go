package githubtest

import (
	"bytes"
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
	if os.Getenv("GANGWAY_REQUIRE") != "" {
		t.Fatal("Chromium is not installed and GANGWAY_REQUIRE is set")
	}
	t.Skip("Chromium is not installed")
	return ""
}

// render gives the DOM of a page and what the browser complained about.
func render(t *testing.T, path, address string) (dom, complaints string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	args := []string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir=" + t.TempDir(), "--enable-logging=stderr", "--v=0",
		"--virtual-time-budget=5000", "--dump-dom", address}
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

// pressing serves the page, and presses a button of it once, whose form begins at to: the
// page has no script of its own.
func pressing(t *testing.T, s *Server, to, button string) *httptest.Server {
	t.Helper()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := httptest.NewRecorder()
		s.Handler().ServeHTTP(page, r)
		if r.Method != http.MethodGet || r.Header.Get("Referer") != "" {
			for name, values := range page.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(page.Code)
			_, _ = page.Body.WriteTo(w)
			return
		}
		policy := page.Header().Get("Content-Security-Policy") + "; script-src 'unsafe-inline'"
		if to != "" {
			policy = strings.Replace(policy, "form-action 'self'", "form-action *", 1)
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		body := bytes.ReplaceAll(page.Body.Bytes(), []byte(`action="`), []byte(`action="`+to))
		_, _ = w.Write(append(body, `<script>[...document.querySelectorAll("button")].find(b => b.textContent == "`+button+`").click()</script>`...))
	}))
	t.Cleanup(h.Close)
	return h
}

// TestThePageInABrowser: it is drawn without a complaint, a press of Accept lets in, and
// the same press on another site's page does nothing.
func TestThePageInABrowser(t *testing.T) {
	path := browser(t)
	c := newCaller(t, nil)
	c.status(201, "PUT", "repos/test/hull/collaborators/dev", `{"permission":"pull"}`)
	dom, complaints := render(t, path, c.s.URL()+"/")
	for _, want := range []string{"<h2>Outside collaborators</h2>", "<b>owner</b> admin", ">Accept</button>", ">A week passes here</button>"} {
		if !strings.Contains(dom, want) {
			t.Errorf("%s is not on the page", want)
		}
	}
	if complaints != "" || c.s.Roles("hull", "dev")["direct"] != "" {
		t.Errorf("the browser complains: %s\n%s", complaints, dom)
	}
	other := pressing(t, c.s, c.s.URL()+"/", "Accept")
	dom, _ = render(t, path, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+"/")
	if !strings.Contains(dom, "cross-origin request") || c.s.Roles("hull", "dev")["direct"] != "" {
		t.Errorf("another site's form did something\n%s", dom)
	}
	dom, complaints = render(t, path, pressing(t, c.s, "", "Accept").URL+"/")
	if c.s.Roles("hull", "dev")["direct"] != "read" || !strings.Contains(dom, "<b>dev</b> hull (read)") || complaints != "" {
		t.Errorf("nobody was let in: %s\n%s", complaints, dom)
	}
}

// TestThePageMakesWhatATrialNeeds: accounts and places, and a week that passes.
func TestThePageMakesWhatATrialNeeds(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	for what, name := range map[string]string{"account": "nia", "team": "Deck", "repository": "mast"} {
		if code := c.form("/make", url.Values{"what": {what}, "name": {name}}); code != 200 {
			t.Errorf("%s: %d", what, code)
		}
	}
	for _, bad := range []url.Values{{"what": {"account"}, "name": {"<b>"}}, {"what": {"owner"}, "name": {"x"}}, {}} {
		if code := c.form("/make", bad); code != 400 {
			t.Errorf("%v: %d", bad, code)
		}
	}
	c.status(201, "PUT", "repos/test/mast/collaborators/nia", `{"permission":"pull"}`)
	c.status(200, "PUT", "orgs/test/teams/deck/memberships/nia", `{}`)
	if _, text := c.look("", nil); !strings.Contains(text, "<h3>deck, write</h3>") || !strings.Contains(text, "Accept") || !strings.Contains(text, "<li><b>dev</b></li>") {
		t.Error(text)
	}
	if code := c.form("/week", nil); code != 200 {
		t.Errorf("%d", code)
	}
	if _, text := c.look("", nil); strings.Contains(text, "Accept</button>") || !strings.Contains(text, "expired") {
		t.Error(text)
	}
	if c.s.Accept("nia", "mast") == nil {
		t.Error("an invitation that ran out lets in")
	}
}

func (c *caller) form(path string, f url.Values) int {
	c.t.Helper()
	resp, err := http.PostForm(c.s.URL()+path, f)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		c.t.Error(err)
	}
	return resp.StatusCode
}
