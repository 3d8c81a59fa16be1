package assembly

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/github/githubtest"
)

// asksGitHub is a deployment with this GitHub, its secrets opened.
func asksGitHub(t *testing.T, s *githubtest.Server, token string) config.Deployment {
	t.Helper()
	d, err := config.ReadDeployment("gangway.yaml", fmt.Appendf(nil, "sign-in: pick\ngithub: {organisation: %s, token: {env: T}, api: %s}\n", s.Organisation(), s.API()))
	ok(t, err)
	ok(t, d.Reveal(func(string) string { return token }))
	return d
}

func TestGitHubIsTriedWithWhatTheSettingsSay(t *testing.T) {
	t.Parallel()
	s, err := githubtest.New(githubtest.Options{})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	s.AddRepository("ledger", "private")
	told := func(d config.Deployment) (string, int) {
		var b strings.Builder
		faults := Tell(&b, githubOrganisation(t.Context(), d.GitHub))
		return b.String(), faults
	}
	if _, err := exec.LookPath("git"); err != nil && os.Getenv("GANGWAY_REQUIRE") == "" {
		t.Skip("there is no git (GANGWAY_REQUIRE=1 makes this a failure)")
	}
	text, faults := told(asksGitHub(t, s, s.Token()))
	for _, want := range []string{"ok     github: a token is let in to the organisation test\n", "ok     github repositories: all 1 are seen\n", "ok     github permissions: ", "ok     github copies: git "} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not said", want)
		}
	}
	if faults != 0 || len(s.Unexpected()) > 0 {
		t.Error(text, s.Unexpected())
	}
	text, faults = told(asksGitHub(t, s, "ghp_another"))
	if faults != 1 || !strings.HasPrefix(text, "wrong  github: calling GET /orgs/{org}: denied (401)\n       do: check that the key or token is still good") || strings.Contains(text, "ghp_another") {
		t.Error(text)
	}
	if text, faults := told(config.DefaultDeployment()); faults > 0 || text != "ok     github: access to code is given and taken by hand\n" {
		t.Error(text)
	}
}

// TestAHouseOpensWhileGitHubIsAway, and not with settings that can't work.
func TestAHouseOpensWhileGitHubIsAway(t *testing.T) {
	t.Parallel()
	access, err := openGitHub(config.GitHub{Organisation: "n", API: "http://127.0.0.1:1/", Token: config.Opened("ghp_x")})
	if err != nil || access == nil {
		t.Error(access, err)
	}
	if access, err := openGitHub(config.GitHub{}); err != nil || access != nil {
		t.Error(access, err)
	}
	if _, err := openGitHub(config.GitHub{Organisation: "n", API: "https://api.github.com/", App: 1, Installation: 2, Key: config.Opened("no key")}); err == nil || strings.Contains(err.Error(), "no key\"") {
		t.Error(err)
	}
}
