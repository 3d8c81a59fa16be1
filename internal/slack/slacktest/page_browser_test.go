package slacktest

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
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

// render gives the DOM of a page and what the browser complained about.
func render(t *testing.T, path, address string) (dom, complaints string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir="+t.TempDir(), "--enable-logging=stderr", "--v=0",
		"--virtual-time-budget=5000", "--dump-dom", address)
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

// TestPageInABrowser shows a page and presses a button in a real browser: nothing
// on its console, which is where a breach of the content policy is said; what it
// sends of where the form was is enough here, and too little from another site.
func TestPageInABrowser(t *testing.T) {
	path := browser(t)
	s, _ := tell(t)
	s.Whatever("ana")
	said := fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Review needed", "blocks", storyCard))
	address := "/in?user=U0ANA&channel=" + said["channel"].(string)
	dom, complaints := render(t, path, s.URL()+address)
	if !strings.Contains(dom, "Contract review") || strings.Contains(dom, "What must change") || complaints != "" {
		t.Errorf("the browser complains: %s\n%s", complaints, dom)
	}

	// The pages have no script; here one presses for the person, and the rest of the
	// policy stays.
	press := func(to string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			page := httptest.NewRecorder()
			if s.Handler().ServeHTTP(page, r); r.Method != http.MethodGet || r.Header.Get("Referer") != "" {
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
			body := bytes.ReplaceAll(page.Body.Bytes(), []byte(`action="click"`), []byte(`action="`+to+`click"`))
			_, _ = w.Write(append(body, `<script>[...document.forms].find(f => f.textContent.includes("Request changes")).submit()</script>`...))
		})
	}
	other := httptest.NewServer(press(s.URL() + "/"))
	t.Cleanup(other.Close)
	dom, _ = render(t, path, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+address)
	if !strings.Contains(dom, "cross-origin request") || len(s.Deliveries()) != 0 {
		t.Errorf("another site's form did something\n%s", dom)
	}
	ours := httptest.NewServer(press(""))
	t.Cleanup(ours.Close)
	if dom, complaints = render(t, path, ours.URL+address); !strings.Contains(dom, "What must change") || complaints != "" {
		t.Errorf("no modal is open: %s\n%s", complaints, dom)
	}
}
