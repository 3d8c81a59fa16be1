package described

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// overheard is a test that is told of what is wrong.
type overheard struct {
	testing.TB
	said []string
	ends []func()
}

func (o *overheard) Errorf(format string, args ...any) {
	o.said = append(o.said, fmt.Sprintf(format, args...))
}

// asked sends one request through a front to a server that answers so.
func asked(t *testing.T, method, path, body string, status int, answer string) []string {
	t.Helper()
	_, err := loaded()
	if errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatal("GitHub's description is missing")
		}
		t.Skip("GitHub's description is missing")
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(s.Close)
	o := &overheard{TB: t}
	front := Front(o, s.URL+"/api/v3/")
	req, err := http.NewRequestWithContext(t.Context(), method, front+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status {
		t.Errorf("%d came through", resp.StatusCode)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	for _, end := range o.ends {
		end()
	}
	return o.said
}

// Cleanup keeps what is to be done at the end.
func (o *overheard) Cleanup(do func()) { o.ends = append(o.ends, do) }

// Failed: what was said is not the test's own.
func (o *overheard) Failed() bool { return len(o.said) > 0 }

// TestATestThatAsksNothingIsTold: one that goes around the front would show nothing.
func TestATestThatAsksNothingIsTold(t *testing.T) {
	t.Parallel()
	asked(t, "GET", "orgs/o/teams/t/memberships/u", "", 200, `{}`) // skips without the description
	o := &overheard{TB: t}
	Front(o, "http://127.0.0.1:9/api/v3/")
	for _, end := range o.ends {
		end()
	}
	if len(o.said) != 1 || !strings.Contains(o.said[0], "no call and no answer was held") {
		t.Errorf("%q is said", o.said)
	}
	quiet := &overheard{TB: t}
	Standby(quiet, "http://127.0.0.1:9/api/v3/")
	for _, end := range quiet.ends {
		end()
	}
	if len(quiet.said) > 0 {
		t.Errorf("of a test that may ask nothing %q is said", quiet.said)
	}
}

// TestWhatIsNotAsDescribedIsTold: each row is wrong in one way, but for the first.
func TestWhatIsNotAsDescribedIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		answer, want             string
	}{
		{"as described", "GET", "orgs/o/teams/t/memberships/u", "", 200, `{"role":"member","state":"active","url":"https://x.example/y"}`, ""},
		{"by its number, answered as by nothing", "GET", "repositories/17", "", 200, `{"id":17}`, "is not answered as GitHub describes it (200)"},
		{"by no number", "GET", "repositories/17x", "", 404, `{"message":"Not Found"}`, "is no call of GitHub's"},
		{"no such call", "GET", "orgs/o/nothing", "", 404, `{"message":"Not Found"}`, "is no call of GitHub's"},
		{"a parameter out of its range", "GET", "repos/o/r/collaborators?affiliation=elsewhere", "", 200, `[]`, "is not asked as GitHub describes it"},
		{"a body that is no object", "PUT", "orgs/o/teams/t/memberships/u", "null", 200, `{"role":"member","state":"active","url":"https://x.example/y"}`, "is not asked as GitHub describes it"},
		{"a field out of its range", "PUT", "orgs/o/teams/t/memberships/u", `{"role":"king"}`, 200, `{"role":"member","state":"active","url":"https://x.example/y"}`, "is not asked as GitHub describes it"},
		{"an answer without a field", "GET", "orgs/o/teams/t/memberships/u", "", 200, `{"role":"member","url":"https://x.example/y"}`, "is not answered as GitHub describes it (200)"},
		{"an answer out of its range", "GET", "orgs/o/teams/t/memberships/u", "", 200, `{"role":"member","state":"asleep","url":"https://x.example/y"}`, "is not answered as GitHub describes it (200)"},
		{"a status that is not described", "GET", "orgs/o/teams/t/memberships/u", "", 203, `{"role":"member","state":"active","url":"https://x.example/y"}`, "is not answered as GitHub describes it (203)"},
		{"a refusal that is not described", "GET", "orgs/o/teams/t/memberships/u", "", 418, `{"message":"no"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			said := strings.Join(asked(t, c.method, c.path, c.body, c.status, c.answer), "\n")
			if c.want == "" && said != "" || !strings.Contains(said, c.want) {
				t.Errorf("%q is said, not %q", said, c.want)
			}
		})
	}
}
