package githubtest

import (
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// TestWhatStaysWhenPeopleGo is listed, and removed by its number, where it is and nowhere
// else; whoever goes leaves it behind.
func TestWhatStaysWhenPeopleGo(t *testing.T) {
	t.Parallel()
	c := newCaller(t, func(o *Options) { o.Enterprise = true })
	key, hook, runner := c.s.AddKey("hull", "laptop", "dev"), c.s.AddHook("hull", "https://x.example/"), c.s.AddRunner("hull", "box")
	orgHook, orgRunner, credential := c.s.AddHook("", "https://y.example/"), c.s.AddRunner("", "big"), c.s.Authorise("dev")
	c.s.AddCollaborator("hull", "dev", "write")
	c.status(204, "DELETE", "repos/test/hull/collaborators/dev", "")
	if got := c.s.Things(); len(got) != 6 {
		t.Errorf("%q", got)
	}
	for _, x := range []struct {
		path, other string
		id          int64
	}{
		{"repos/test/hull/keys/", "repos/test/site/keys/", key}, {"repos/test/hull/hooks/", "orgs/test/hooks/", hook},
		{"repos/test/hull/actions/runners/", "orgs/test/actions/runners/", runner}, {"orgs/test/hooks/", "repos/test/hull/hooks/", orgHook},
		{"orgs/test/actions/runners/", "repos/test/hull/actions/runners/", orgRunner}, {"orgs/test/credential-authorizations/", "repos/test/site/keys/", credential},
	} {
		id := strconv.FormatInt(x.id, 10)
		c.status(404, "DELETE", x.other+id, "")
		c.status(204, "DELETE", x.path+id, "")
		c.status(404, "DELETE", x.path+id, "")
	}
	if got := c.s.Things(); len(got) > 0 {
		t.Errorf("%q is left", got)
	}
	if odd := c.s.Unexpected(); len(odd) > 0 {
		t.Errorf("%q", odd)
	}
}

func TestMembersByRole(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	for role, want := range map[string][]string{"": {"owner", "ann"}, "?role=all": {"owner", "ann"}, "?role=admin": {"owner"}, "?role=member": {"ann"}} {
		if got := c.logins("orgs/test/members" + role); !slices.Equal(got, want) {
			t.Errorf("%s: %q", role, got)
		}
	}
}

// TestWhoMaySeeWhat: tokens are for apps, codespaces for others, credentials for the
// Enterprise Cloud.
func TestWhoMaySeeWhat(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	c.status(403, "GET", "orgs/test/personal-access-tokens", "")
	c.status(403, "POST", "orgs/test/personal-access-tokens/1", `{"action":"revoke"}`)
	c.status(403, "GET", "orgs/test/personal-access-token-requests", "")
	c.status(403, "POST", "orgs/test/personal-access-token-requests/1", `{"action":"deny"}`)
	c.status(404, "GET", "orgs/test/credential-authorizations", "")
	c.status(404, "DELETE", "orgs/test/credential-authorizations/1", "")
	c.s.AddCodespace("hull", "dev", "one")
	c.status(200, "GET", "orgs/test/codespaces", "")
	c.status(404, "DELETE", "orgs/test/members/ann/codespaces/one", "")
	c.status(202, "DELETE", "orgs/test/members/dev/codespaces/one", "")
	c.status(404, "GET", "repos/test/hull/codeowners/errors", "")
	c.status(404, "GET", "repos/test/hull/contents/docs/CODEOWNERS", "")
	c.s.Write("hull", "docs/CODEOWNERS", "* @dev\n")
	c.status(200, "GET", "repos/test/hull/codeowners/errors", "")
	c.status(200, "GET", "repos/test/hull/contents/docs/CODEOWNERS", "")
}

// TestAnEnvironmentIsReplacedWhole: what is not sent is dropped.
func TestAnEnvironmentIsReplacedWhole(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	c.s.AddEnvironment("hull", "live", 30, "dev", "ann")
	ann := strconv.FormatInt(c.s.AddUser("ann").ID, 10)
	c.status(404, "PUT", "repos/test/hull/environments/none", `{}`)
	c.status(422, "PUT", "repos/test/hull/environments/live", `{"reviewers":[{"type":"User","id":1}]}`)
	c.status(200, "PUT", "repos/test/hull/environments/live", `{"reviewers":[{"type":"User","id":`+ann+`}]}`)
	if got := c.s.Things(); !slices.Equal(got, []string{"environment live hull ann"}) {
		t.Errorf("%q", got)
	}
}

// TestTheLimitsOfAMinuteAndAnHour: points run out before calls do where they change
// something, an hour begins with its first call, and what was passed is told.
func TestTheLimitsOfAMinuteAndAnHour(t *testing.T) {
	t.Parallel()
	c := newCaller(t, func(o *Options) { o.PerHour, o.PointsMinute = 12, 11 })
	c.status(200, "GET", "orgs/test", "")
	c.status(404, "DELETE", "repos/test/hull/keys/1", "")
	c.status(404, "DELETE", "repos/test/hull/keys/1", "")
	if resp := c.call("GET", "orgs/test", "", nil); resp.StatusCode != 403 || resp.Header.Get("Retry-After") != "60" || resp.Header.Get("X-RateLimit-Remaining") != "8" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	c.skip(time.Minute)
	for range 8 {
		c.status(200, "GET", "orgs/test", "")
	}
	resp := c.call("GET", "orgs/test", "", nil)
	if reset := strconv.FormatInt(c.at.Add(59*time.Minute).Unix(), 10); resp.StatusCode != 403 || resp.Header.Get("X-RateLimit-Remaining") != "0" || resp.Header.Get("X-RateLimit-Reset") != reset {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if got := c.s.Exceeded(); !slices.Equal(got, []string{"calls an hour: 1", "points a minute: 1"}) {
		t.Errorf("%q", got)
	}
	c.skip(59 * time.Minute)
	c.status(200, "GET", "orgs/test", "")
	c.s.Order(Failure{How: Second429})
	c.status(429, "GET", "orgs/test", "")
	if len(c.s.Exceeded()) != 2 {
		t.Errorf("what was ordered counts: %q", c.s.Exceeded())
	}
}

// TestThingsAreRememberedFromStartToStart where the organisation has a file.
func TestThingsAreRememberedFromStartToStart(t *testing.T) {
	t.Parallel()
	o := Options{File: filepath.Join(t.TempDir(), "organisation.json")}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.AddRepository("hull", "private")
	s.AddKey("hull", "laptop", "dev")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := again.Things(); !slices.Equal(got, []string{"deploy key laptop hull dev"}) {
		t.Errorf("%q", got)
	}
}
