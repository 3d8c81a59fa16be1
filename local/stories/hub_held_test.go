package stories

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gangway/internal/github"
	"gangway/internal/github/githubtest"
)

// complaints is a test that is told what is wrong, and stays green.
type complaints struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

func (c *complaints) Errorf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

func (c *complaints) heard() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.said)
}

// TestHubIsHeldToItsDescription: what a story's GitHub would say wrongly, and what would be
// asked of it wrongly, fails the story.
func TestHubIsHeldToItsDescription(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("../../../shared/data/github-api.json"); err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatalf("GitHub's description is missing: %v", err)
		}
		t.Skip("GitHub's description is missing")
	}
	s, _ := openHub(t)
	looks := func(api string) []string {
		c := &complaints{TB: t}
		conn := held(c, s, api)
		client, err := github.NewClient(github.Connection{API: conn.API, Organisation: conn.Organisation, Token: s.Token()})
		if err != nil {
			t.Fatalf("making a client: %v", err)
		}
		_, _ = client.TeamMembership(context.Background(), "payroll", "northgate-developer") // what the client makes of it is tested elsewhere
		return c.heard()
	}
	if said := looks(s.API()); len(said) > 0 || len(s.Calls("")) == 0 {
		t.Errorf("of what is as described is said %q, of %d calls", said, len(s.Calls("")))
	}
	for _, wrong := range [][2]string{{`"state":"active"`, `"state":"asleep"`}, {`"state":"active"`, `"status":"active"`}} {
		if said := strings.Join(looks(spoilt(t, s, wrong[0], wrong[1])), "\n"); !strings.Contains(said, "is not answered as GitHub describes it (200)") {
			t.Errorf("of %s is said %q", wrong[1], said)
		}
	}
	c := &complaints{TB: t}
	resp, err := http.Get(held(c, s, s.API()).API + "repos/northgate/payroll-exports/collaborators?affiliation=elsewhere")
	if err != nil {
		t.Fatalf("asking what GitHub does not know: %v", err)
	}
	_ = resp.Body.Close() // nothing of it is read
	if said := strings.Join(c.heard(), "\n"); !strings.Contains(said, "is not asked as GitHub describes it") {
		t.Errorf("of what nobody may ask is said %q", said)
	}
}

// spoilt is the API of a GitHub that says one thing instead of another.
func spoilt(t *testing.T, s *githubtest.Server, from, into string) string {
	t.Helper()
	to, err := url.Parse(s.URL())
	if err != nil {
		t.Fatalf("reading the GitHub's address: %v", err)
	}
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ModifyResponse: func(r *http.Response) error {
		text, err := io.ReadAll(r.Body)
		text = bytes.ReplaceAll(text, []byte(from), []byte(into))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		r.Header.Set("Content-Length", strconv.Itoa(len(text)))
		return err
	}})
	t.Cleanup(front.Close)
	return front.URL + strings.TrimPrefix(s.API(), s.URL())
}
