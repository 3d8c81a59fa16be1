package githubtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/github/described"
)

// caller calls a GitHub by hand, held to GitHub's description.
type caller struct {
	t     *testing.T
	s     *Server
	api   string
	token string
	mu    sync.Mutex
	at    time.Time
}

func newCaller(t *testing.T, change func(*Options)) *caller {
	t.Helper()
	c := &caller{t: t, at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	o := Options{Now: func() time.Time {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.at
	}}
	if change != nil {
		change(&o)
	}
	var err error
	if c.s, err = New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.s.Close(); err != nil {
			t.Error(err)
		}
	})
	c.api, c.token = described.Front(t, c.s.API()), c.s.Token()
	c.s.AddMember("owner", "admin")
	c.s.AddTeam("crew", "push", "ann")
	c.s.AddRepository("hull", "private", "crew")
	c.s.AddRepository("site", "public")
	c.s.AddUser("dev")
	return c
}

func (c *caller) skip(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// call makes one; the answer's body is decoded into to, where that is not nil.
func (c *caller) call(method, path, body string, to any) *http.Response {
	c.t.Helper()
	return c.through(c.api, method, path, body, to)
}

func (c *caller) through(api, method, path, body string, to any) *http.Response {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, api+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		c.t.Fatal(err)
	}
	if to != nil && json.Unmarshal(text, to) != nil {
		c.t.Fatalf("%s %s: %s", method, path, text)
	}
	return resp
}

// logins are those of a list.
func (c *caller) logins(path string) []string {
	c.t.Helper()
	var all []struct{ Login string }
	c.call("GET", path, "", &all)
	var logins []string
	for _, a := range all {
		logins = append(logins, a.Login)
	}
	return logins
}

func (c *caller) status(want int, method, path, body string) {
	c.t.Helper()
	if got := c.call(method, path, body, nil).StatusCode; got != want {
		c.t.Errorf("%s %s %s: %d, want %d", method, path, body, got, want)
	}
}

func TestWhatGitHubSays(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	for _, a := range []struct {
		want               int
		method, path, body string
	}{
		{200, "GET", "orgs/test", ""}, {404, "GET", "orgs/other", ""},
		{200, "GET", "users/ann", ""}, {404, "GET", "users/nobody", ""},
		{200, "GET", "orgs/test/memberships/ann", ""}, {404, "GET", "orgs/test/memberships/dev", ""},
		{200, "GET", "orgs/test/teams/crew", ""}, {404, "GET", "orgs/test/teams/none", ""},
		{200, "GET", "orgs/test/teams/crew/memberships/ann", ""}, {404, "GET", "orgs/test/teams/crew/memberships/dev", ""},
		{200, "GET", "repos/test/hull", ""}, {404, "GET", "repos/test/none", ""}, {404, "GET", "repos/other/hull", ""},
		{200, "GET", "repos/test/hull/collaborators/dev/permission", ""}, {404, "GET", "repos/test/hull/collaborators/nobody/permission", ""},
		{201, "PUT", "repos/test/hull/collaborators/dev", `{"permission":"pull"}`}, {201, "PUT", "repos/test/hull/collaborators/dev", `{}`},
		{204, "PUT", "repos/test/hull/collaborators/ann", ``}, {404, "PUT", "repos/test/hull/collaborators/nobody", ``},
		{422, "PUT", "repos/test/hull/collaborators/dev", `{"permission":"king"}`},
		{204, "DELETE", "repos/test/hull/collaborators/ann", ""}, {204, "DELETE", "repos/test/hull/collaborators/ann", ""},
		{200, "PUT", "orgs/test/teams/crew/memberships/dev", `{"role":"maintainer"}`},
		{200, "GET", "orgs/test/invitations", ""}, {200, "GET", "orgs/test/failed_invitations", ""}, {200, "GET", "orgs/test/teams/crew/invitations", ""},
		{200, "GET", "orgs/test/teams/crew/members?role=all", ""}, {200, "GET", "orgs/test/teams", ""}, {200, "GET", "orgs/test/repos", ""},
		{200, "GET", "repos/test/hull/invitations", ""}, {200, "GET", "repos/test/hull/teams", ""}, {200, "GET", "repos/test/hull/collaborators", ""},
		{204, "DELETE", "orgs/test/teams/crew/memberships/dev", ""}, {404, "DELETE", "orgs/test/teams/crew/memberships/dev", ""},
		{404, "DELETE", "orgs/test/invitations/1", ""}, {404, "DELETE", "repos/test/hull/invitations/1", ""},
		{422, "DELETE", "orgs/test/outside_collaborators/ann", ""}, {204, "DELETE", "orgs/test/outside_collaborators/dev", ""},
		{403, "DELETE", "orgs/test/memberships/owner", ""}, {204, "DELETE", "orgs/test/memberships/ann", ""}, {404, "DELETE", "orgs/test/memberships/ann", ""},
		{200, "GET", "orgs/test/outside_collaborators?filter=all", ""},
	} {
		c.status(a.want, a.method, a.path, a.body)
	}
	if odd := c.s.Unexpected(); len(odd) > 0 {
		t.Errorf("%q", odd)
	}
}

// TestWhatGitHubDoesNotTake is refused, and kept for who looks after a test.
func TestWhatGitHubDoesNotTake(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	straight := func(method, path, body string) int {
		return c.through(c.s.API(), method, path, body, nil).StatusCode
	}
	for want, got := range map[string]int{
		"404 no such call": straight("GET", "orgs/test/nothing", ""), "404 another method": straight("POST", "orgs/test/teams/crew", ""),
		"400 null": straight("PUT", "repos/test/hull/collaborators/dev", "null"), "400 a list": straight("PUT", "repos/test/hull/collaborators/dev", "[]"),
		"400 no JSON": straight("PUT", "repos/test/hull/collaborators/dev", "{"), "200 a parameter": straight("GET", "orgs/test/teams?colour=red", ""),
		"201 a field": straight("PUT", "repos/test/hull/collaborators/dev", `{"colour":"red"}`),
	} {
		if want[:3] != fmt.Sprint(got) {
			t.Errorf("%s: %d", want, got)
		}
	}
	if odd := c.s.Unexpected(); len(odd) != 4 {
		t.Errorf("%q", odd)
	}
	c.token = "ghp_other"
	c.status(401, "GET", "orgs/test", "")
}

func TestInvitationsRunOut(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	c.status(201, "PUT", "repos/test/hull/collaborators/dev", `{}`)
	c.status(200, "PUT", "orgs/test/teams/crew/memberships/dev", `{}`)
	c.skip(7*24*time.Hour - time.Second)
	if c.s.Membership("dev", "crew").State != "pending" {
		t.Error("ran out too early")
	}
	c.skip(time.Second)
	if c.s.Accept("dev", "hull") == nil || c.s.Accept("dev", "") == nil || c.s.Decline("nobody", "") == nil || c.s.Accept("dev", "none") == nil {
		t.Error("an invitation that ran out, or is none, was accepted")
	}
	var all []struct{ Expired bool }
	c.call("GET", "repos/test/hull/invitations", "", &all)
	if len(all) != 1 || !all[0].Expired {
		t.Errorf("%+v", all)
	}
	if open, failed := c.logins("orgs/test/invitations"), c.logins("orgs/test/failed_invitations"); len(open) != 0 || !slices.Equal(failed, []string{"dev"}) {
		t.Errorf("%v open, %v failed", open, failed)
	}
	c.status(404, "GET", "orgs/test/teams/crew/memberships/dev", "")
	c.status(200, "PUT", "orgs/test/teams/crew/memberships/dev", `{}`)
	if c.s.Decline("dev", "") != nil || c.s.Membership("dev", "").State != "" || c.s.Membership("dev", "crew").State != "" {
		t.Error("declined, and still pending")
	}
}

func TestWaysIntoARepository(t *testing.T) {
	t.Parallel()
	c := newCaller(t, func(o *Options) { o.Base, o.Lag = "read", time.Hour })
	c.s.AddMember("mia", "member")
	c.s.AddCollaborator("hull", "dev", "triage")
	for affiliation, want := range map[string][]string{"direct": {"dev"}, "outside": {"dev"}, "all": {"owner", "ann", "dev", "mia"}} {
		if got := c.logins("repos/test/hull/collaborators?affiliation=" + affiliation); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", affiliation, got, want)
		}
	}
	for login, want := range map[string]string{"owner": "admin", "ann": "write", "mia": "read", "dev": "triage"} {
		var p struct {
			Role string `json:"role_name"`
		}
		c.call("GET", "repos/test/hull/collaborators/"+login+"/permission", "", &p)
		if p.Role != want {
			t.Errorf("%s may %s, want %s", login, p.Role, want)
		}
	}
	c.status(204, "DELETE", "repos/test/hull/collaborators/dev", "")
	if got := c.logins("repos/test/hull/collaborators?affiliation=direct"); !slices.Equal(got, []string{"dev"}) {
		t.Errorf("gone at once: %v", got)
	}
	c.skip(time.Hour)
	if got := c.logins("repos/test/hull/collaborators?affiliation=direct"); len(got) != 0 || len(c.s.Roles("hull", "dev")) != 0 || c.s.Roles("hull", "nobody") != nil {
		t.Errorf("still there: %v", got)
	}
}

// TestWhatATokenDoesNotSee is not there, or not said.
func TestWhatATokenDoesNotSee(t *testing.T) {
	t.Parallel()
	c := newCaller(t, func(o *Options) {
		o.Tokens = []Token{{Value: "github_pat_x", Permissions: map[string]string{"members": "read"}, Repositories: []string{"none"}}}
	})
	c.status(404, "GET", "repos/test/hull", "")
	c.status(200, "GET", "repos/test/site", "")
	var o map[string]any
	c.call("GET", "orgs/test", "", &o)
	if o["default_repository_permission"] != nil || o["total_private_repos"] != nil {
		t.Errorf("%v", o)
	}
	resp := c.call("DELETE", "orgs/test/invitations/1", "", nil)
	if resp.StatusCode != 403 || resp.Header.Get("X-Accepted-GitHub-Permissions") != "members=write" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	c.s.RenameRepository("hull", "deck")
	c.status(404, "GET", "repos/test/hull", "")
}

func TestPagesLeadOn(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	for i := range 7 {
		c.s.AddCollaborator("hull", fmt.Sprintf("d%d", i), "read")
	}
	var seen []string
	path := "orgs/test/outside_collaborators?per_page=3"
	for path != "" {
		var all []struct{ Login string }
		resp := c.call("GET", path, "", &all)
		for _, a := range all {
			seen = append(seen, a.Login)
		}
		path = ""
		for _, link := range strings.Split(resp.Header.Get("Link"), ", ") {
			if to, is := strings.CutSuffix(link, `>; rel="next"`); is {
				u, err := url.Parse(strings.TrimPrefix(to, "<"))
				if err != nil {
					t.Fatal(err)
				}
				path = strings.TrimPrefix(u.Path, prefix) + "?" + u.RawQuery
			}
		}
	}
	if len(seen) != 7 || !slices.IsSorted(seen) {
		t.Errorf("%v", seen)
	}
}

func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	c := newCaller(t, func(o *Options) { o.PerHour, o.ContentMinute = 5, 2 })
	c.status(201, "PUT", "repos/test/hull/collaborators/dev", `{}`)
	c.status(201, "PUT", "repos/test/hull/collaborators/dev", `{}`)
	resp := c.call("PUT", "repos/test/hull/collaborators/dev", `{}`, nil)
	if resp.StatusCode != 403 || resp.Header.Get("Retry-After") != "60" || resp.Header.Get("X-RateLimit-Remaining") == "0" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	c.skip(time.Minute)
	c.status(201, "PUT", "repos/test/hull/collaborators/dev", `{}`)
	c.status(200, "GET", "orgs/test", "")
	resp = c.call("GET", "orgs/test", "", nil)
	if resp.StatusCode != 403 || resp.Header.Get("X-RateLimit-Remaining") != "0" || resp.Header.Get("X-RateLimit-Reset") != fmt.Sprint(c.s.Now().Add(59*time.Minute).Unix()) {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	c.skip(59 * time.Minute)
	c.status(200, "GET", "orgs/test", "")
}

// TestFailuresComeInTheirOrder, as often as they were ordered.
func TestFailuresComeInTheirOrder(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	c.s.Order(Failure{Call: "GET /orgs/{org}", How: Conflict, Skip: 1, Times: 2}, Failure{Call: "GET /orgs/{org}", How: Hidden, Times: -1})
	c.status(404, "GET", "orgs/test", "")
	c.status(409, "GET", "orgs/test", "")
	c.status(409, "GET", "orgs/test", "")
	c.status(404, "GET", "orgs/test", "")
	c.status(200, "GET", "orgs/test/teams", "")
	c.s.Mend()
	c.status(200, "GET", "orgs/test", "")
	if n := len(c.s.Calls("GET /orgs/{org}")); n != 5 {
		t.Errorf("%d calls were kept", n)
	}
}

func TestItStaysOnLoopback(t *testing.T) {
	t.Parallel()
	if s, err := New(Options{Address: "0.0.0.0:0"}); err == nil {
		t.Error("it listens everywhere", s.Close())
	}
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil || s.Close() != nil {
		t.Error(err)
	}
}
