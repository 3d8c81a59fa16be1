package github

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gangway/internal/github/githubtest"
)

// toldBy is what Check says, a line each: the part, then what is so or wrong, then what
// to do.
func toldBy(t *testing.T, w *world) (said []string, faults int) {
	t.Helper()
	for _, f := range w.c.Check(t.Context()) {
		if f.Err == nil {
			said = append(said, f.Part+": "+f.Said)
			continue
		}
		faults++
		var hinted interface{ Hint() string }
		if !errors.As(f.Err, &hinted) || hinted.Hint() == "" {
			t.Errorf("%s: nothing says what to do about %v", f.Part, f.Err)
			continue
		}
		said = append(said, f.Part+": "+f.Err.Error()+" — "+hinted.Hint())
	}
	return said, faults
}

func TestCheckFindsNothingWrongAndChangesNothing(t *testing.T) {
	t.Parallel()
	for name, how := range ways(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, how)
			before := w.s.Invitations()
			said, faults := toldBy(t, w)
			if faults > 0 {
				t.Errorf("%q", said)
			}
			if text := strings.Join(said, "\n"); !strings.Contains(text, "all 2 are seen") && !strings.Contains(text, "2 are seen; GitHub does not say") {
				t.Error(text)
			}
			if !slices.Contains(said, "github permissions: what gangway calls, it may call") {
				t.Errorf("%q", said)
			}
			if len(before) != len(w.s.Invitations()) {
				t.Error("it changed something")
			}
			for _, c := range w.s.Calls("") {
				if strings.HasPrefix(c.Call, "PUT ") || strings.HasPrefix(c.Call, "DELETE ") && c.Status != 404 {
					t.Errorf("%s came to %d", c.Call, c.Status)
				}
			}
		})
	}
}

// TestCheckNamesWhatIsMissing: each row lacks one thing.
func TestCheckNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		how  func(*githubtest.Options, *Connection)
		want string
	}{
		"an app without members": {asApp(t, map[string]string{"administration": "write"}), "github permissions: members=write is missing, for DELETE /orgs/{org}/memberships/{username}, "},
		"an app that only reads": {asApp(t, map[string]string{"administration": "read", "members": "write"}), "github permissions: administration=write is missing, for PUT /repos/{owner}/{repo}/collaborators/{username}, "},
		"an app for one":         {asApp(t, full(), "ledger"), "github repositories: the app was installed for some repositories alone: it sees 2 — let the app see all repositories"},
		"a classic token": {func(o *githubtest.Options, c *Connection) {
			o.Tokens = []githubtest.Token{{Value: "ghp_x", Scopes: []string{"repo", "read:org"}}}
			c.Token = "ghp_x"
		}, "github permissions: admin:org is missing, for DELETE /orgs/{org}/memberships/{username}, "},
		"a fine-grained token": {func(o *githubtest.Options, c *Connection) {
			o.Tokens = []githubtest.Token{{Value: "github_pat_x", Permissions: map[string]string{"members": "read", "administration": "write"}}}
			c.Token = "github_pat_x"
		}, "github calls: calling DELETE /orgs/{org}/invitations/{invitation_id}: denied (403); it needs members=write — give the app or the token this permission: members=write"},
		"a token for some": {func(o *githubtest.Options, c *Connection) {
			o.Tokens = []githubtest.Token{{Value: "github_pat_x", Permissions: full(), Repositories: []string{}}}
			c.Token = "github_pat_x"
		}, "github repositories: 1 of 2 are seen — let the app see all repositories"},
		"a bad token":            {func(_ *githubtest.Options, c *Connection) { c.Token = "ghp_other" }, "github: calling GET /orgs/{org}: denied (401) — check that the key or token is still good"},
		"another organisation":   {func(_ *githubtest.Options, c *Connection) { c.Organisation = "southgate" }, "github: calling GET /orgs/{org}: not there, or hidden (404) — is this the organisation's name"},
		"an app's other id":      {changed(asApp(t, full()), func(c *Connection) { c.App = 18 }), "github: calling POST /app/installations/{installation_id}/access_tokens: denied (401) — is the app's id that of the key"},
		"another installation":   {changed(asApp(t, full()), func(c *Connection) { c.Installation = 18 }), "github: calling POST /app/installations/{installation_id}/access_tokens: not there, or hidden (404) — write the number at the end"},
		"members may all":        {based("write"), "github members: every member may write every repository — set the base permission to No permission"},
		"nobody is there to ask": {func(o *githubtest.Options, _ *Connection) { o.PerHour = 1 }, "github repositories: calling GET /orgs/{org}/repos: rate limited (403) — nothing needs to be done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.how)
			said, faults := toldBy(t, w)
			if faults == 0 || !slices.ContainsFunc(said, func(line string) bool { return strings.HasPrefix(line, c.want) }) {
				t.Errorf("%q", said)
			}
			if text := strings.Join(said, ""); strings.Contains(text, "ghp_") || strings.Contains(text, "github_pat_") {
				t.Error("a token is told")
			}
		})
	}
}

func changed(how func(*githubtest.Options, *Connection), more func(*Connection)) func(*githubtest.Options, *Connection) {
	return func(o *githubtest.Options, c *Connection) {
		how(o, c)
		more(c)
	}
}

// TestEveryCallIsDescribedAndTried: what Check does not try changes something, and is
// named by the permission that it needs.
func TestEveryCallIsDescribedAndTried(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asApp(t, full()))
	if said, faults := toldBy(t, w); faults > 0 {
		t.Fatalf("%q", said)
	}
	for _, k := range calls() {
		if w.count(k.name) == 0 && k.needs == "" && k.name != getAccount().name {
			t.Errorf("%s is neither tried nor named by a permission", k.name)
		}
	}
	needs := Needs()
	if len(needs) != 3 || needs[0].Permission != "metadata" || needs[1].Permission != "members" || needs[1].Level != "write" || needs[2].Permission != "administration" || needs[2].Level != "write" {
		t.Errorf("%+v", needs)
	}
}

// TestCheckSaysWhatAnExitCouldNotSee, by the way of signing in; it is no fault.
func TestCheckSaysWhatAnExitCouldNotSee(t *testing.T) {
	t.Parallel()
	const lead = "github exit: at an exit every place can be checked but these: "
	for name, c := range map[string]struct {
		how  func(*githubtest.Options, *Connection)
		want string
	}{
		"an app with all": {asApp(t, everything()), lead + "codespaces (not shown to apps)"},
		"an app for access": {asApp(t, full()), lead + "hooks (organization_hooks=read), hooks (repository_hooks=read), apps (organization_administration=read), " +
			"tokens (organization_personal_access_tokens=read), token-requests (organization_personal_access_token_requests=read), runners (organization_self_hosted_runners=read), environment-reviewers (actions=read), " +
			"codeowners (contents=read), credentials (organization_administration=read), codespaces (not shown to apps), " +
			"copilot-seats (organization_copilot_seat_management=read), pushes (contents=read)"},
		"a classic token": {ways(t)["classic token"], lead + "hooks (admin:org_hook), tokens (shown to apps alone), token-requests (shown to apps alone), copilot-seats (manage_billing:copilot)"},
	} {
		w := newWorld(t, c.how)
		said, faults := toldBy(t, w)
		if faults > 0 || !slices.Contains(said, c.want) {
			t.Errorf("%s: %q", name, said)
		}
	}
}
