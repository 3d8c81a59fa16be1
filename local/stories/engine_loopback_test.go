package stories

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gangway/local/embedded"
)

// listeners gives the local address of everything this process listens on, as
// the kernel writes it (hexadecimal, host byte order).
func listeners(t *testing.T) []string {
	t.Helper()
	ours := make(map[string]bool)
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	socket := regexp.MustCompile(`^socket:\[(\d+)\]$`)
	for _, link := range links {
		target, err := os.Readlink(link)
		if err != nil {
			continue // closed since
		}
		if m := socket.FindStringSubmatch(target); m != nil {
			ours[m[1]] = true
		}
	}
	const listening, stateField, inodeField = "0A", 3, 9
	var found []string
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		b, err := os.ReadFile(table)
		if os.IsNotExist(err) {
			continue // a machine without IPv6
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			f := strings.Fields(line)
			if len(f) > inodeField && f[stateField] == listening && ours[f[inodeField]] {
				found = append(found, f[1])
			}
		}
	}
	return found
}

func TestEngineListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/net/tcp"); err != nil {
		t.Skip("only Linux tells what a process listens on in /proc")
	}
	startEngine(t, embedded.Options{})
	const loopback = "0100007F:" // 127.0.0.1
	var here int
	for _, addr := range listeners(t) {
		if !strings.HasPrefix(addr, loopback) {
			t.Errorf("something listens on %s, which is not 127.0.0.1", addr)
			continue
		}
		here++
	}
	if here < 5 {
		t.Errorf("found %d listeners, want at least the four services and the UI: this test sees too little", here)
	}
}

// ask sends a request to the UI under the host's name and gives status and body.
func ask(t *testing.T, method, url, host string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		r.Host = host
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestEngineUIShowsAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := startEngine(t, embedded.Options{Namespace: "quay"})
	runGreeting(t, dialEngine(t, s), "greet/shown", nil)
	runs := s.UIURL() + "/api/v1/namespaces/quay/workflows"
	for name, test := range map[string]struct {
		method, url, host string
		status            int
		body              string
	}{
		"the page":              {"GET", s.UIURL() + "/namespaces/quay/workflows", "", 200, "<html"},
		"its settings":          {"GET", s.UIURL() + "/api/v1/settings", "", 200, `"DisableWriteActions":true`},
		"a run's history":       {"GET", runs + "/greet%2Fshown/history", "", 200, "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED"},
		"a signal":              {"POST", runs + "/greet%2Fshown/signal/x", "", 405, ""},
		"an update":             {"POST", runs + "/greet%2Fshown/update/answer", "", 405, ""},
		"a termination":         {"POST", runs + "/greet%2Fshown/terminate", "", 405, ""},
		"under a foreign name":  {"GET", s.UIURL() + "/api/v1/settings", "rebound.example", 421, ""},
		"under the name of all": {"GET", s.UIURL() + "/api/v1/settings", "localhost" + s.UIURL()[strings.LastIndex(s.UIURL(), ":"):], 200, ""},
	} {
		status, body := ask(t, test.method, test.url, test.host)
		if status != test.status || !strings.Contains(body, test.body) {
			t.Errorf("%s: got %d %.200s, want %d with %q", name, status, body, test.status, test.body)
		}
	}
}
