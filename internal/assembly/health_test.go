package assembly

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"
)

// well is an engine that answers.
type well struct{ engine }

func (*well) CheckHealth(ctx context.Context, _ *client.CheckHealthRequest) (*client.CheckHealthResponse, error) {
	return &client.CheckHealthResponse{}, ctx.Err()
}

func asked(h *Health, method string) (code int, text string) {
	answer := httptest.NewRecorder()
	h.Handler().ServeHTTP(answer, httptest.NewRequest(method, "/readyz", nil))
	return answer.Code, strings.TrimSpace(answer.Body.String())
}

// TestPhasesOfAWorker: it is ready only between its start and the wish to stop,
// and only while its database answers.
func TestPhasesOfAWorker(t *testing.T) {
	t.Parallel()
	h := NewHealth(quiet())
	wants := func(code int, text string) {
		t.Helper()
		gotCode, gotText := asked(h, http.MethodGet)
		same(t, "readyz", []any{code, text}, []any{gotCode, gotText})
	}
	wants(503, `{"ready":false,"phase":"starting"}`)
	house, err := Open(t.Context(), &well{}, Options{Dir: t.TempDir(), PickPerson: true})
	ok(t, err)
	h.Started(house)
	wants(200, `{"ready":true,"phase":"running","parts":{"database":{"state":"ok"},"engine":{"state":"ok"},"mail":{"state":"off"},"mailbox":{"state":"off"},"people":{"state":"none"},"slack":{"state":"off"}}}`)
	ok(t, house.SeedExample(t.Context()))
	wants(200, `{"ready":true,"phase":"running","parts":{"database":{"state":"ok"},"engine":{"state":"ok"},"mail":{"state":"off"},"mailbox":{"state":"off"},"people":{"state":"ok"},"slack":{"state":"off"}}}`)
	ok(t, house.Close())
	wants(503, `{"ready":false,"phase":"running","parts":{"database":{"state":"away"},"engine":{"state":"ok"},"mail":{"state":"off"},"mailbox":{"state":"off"},"people":{"state":"away"},"slack":{"state":"off"}}}`)
	h.Stopping()
	wants(503, `{"ready":false,"phase":"stopping"}`)
	if code, _ := asked(h, http.MethodPost); code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", code)
	}
}

func TestHealthNeedsItsPort(t *testing.T) {
	t.Parallel()
	l, err := ListenLoopback("127.0.0.1:0")
	ok(t, err)
	defer l.Close()
	_, err = NewHealth(quiet()).Serve(l.Addr().String())
	hinted(t, err)
	stop, err := NewHealth(quiet()).Serve("")
	ok(t, err)
	stop()
	hinted(t, AskReady(t.Context(), ""))
	stop, err = NewHealth(quiet()).Serve("127.0.0.1:0")
	ok(t, err)
	stop()
}
