package stories

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"gangway/local/embedded"
)

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
