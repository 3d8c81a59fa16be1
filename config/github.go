package config

import (
	"encoding/pem"
	"net/url"
	"regexp"
	"strings"

	"gangway/internal/entitlement"
)

// GitHub is where people of vendors get access to code; Organisation is empty where
// gangway gives none.
type GitHub struct {
	// Organisation is its login.
	Organisation string
	// App and Installation are ids, Key is the app's private key; else Token is a
	// personal access token.
	App, Installation int64
	Key, Token        Secret
	// API is where GitHub's REST API is, with a slash at its end.
	API string
}

// mostID is above every id that GitHub gives, and is exact in JSON.
const mostID = 1 << 53

// enterpriseHost is that of an enterprise with data residency.
var enterpriseHost = regexp.MustCompile(`^api\.[a-z0-9-]+\.ghe\.com$`)

func githubSettings() []setting {
	return []setting{
		{Key: "github.organisation", Kind: kindWord, Sample: "northgate-trading",
			Text: "The organisation in GitHub whose teams and repositories people of vendors get access to, by its name in the address: docs/github.md sets it up. Needed for GitHub; without `github` people give and take access by hand."},
		{Key: "github.app", Kind: kindNumber, Sample: "123456",
			Text: "The id of the GitHub App that gangway signs in as: the app's page, General, App ID. An app is better than a token: it belongs to nobody who could leave."},
		{Key: "github.installation", Kind: kindNumber, Sample: "7654321",
			Text: "The id of its installation in the organisation: the number at the end of the address of the installation's page."},
		{Key: "github.key", Kind: kindSecret, Sample: "{file: github-app.pem}",
			Text: "The app's private key, as GitHub gave it (PEM)."},
		{Key: "github.token", Kind: kindSecret, Sample: "{env: GANGWAY_GITHUB_TOKEN}",
			Text: "A personal access token instead of an app: fine-grained, of an owner, for the organisation; or a classic one with admin:org and repo."},
		{Key: "github.api", Kind: "URL", Default: "https://api.github.com/",
			Text: "Where the API is: https://api.NAME.ghe.com/ with data residency, https://HOST/api/v3/ for an Enterprise Server."},
	}
}

func (s *source) github(t table) GitHub {
	g := GitHub{Organisation: t.text("organisation", "$.github.organisation"), App: int64(t.count("app", 1, mostID)),
		Installation: int64(t.count("installation", 1, mostID)), Key: t.secret("key"), Token: t.secret("token"),
		API: strings.TrimSuffix(t.or("api"), "/") + "/"}
	t.needs("organisation", "write the organisation's name as it stands in its address: `organisation: northgate-trading`")
	return g
}

// checkGitHub holds GitHub's settings to their shapes and to one another.
func (s *source) checkGitHub(g GitHub) {
	if g.API == "" {
		return // the section is not there
	}
	if g.Organisation != "" && entitlement.CheckLogin(g.Organisation) != nil {
		s.say("$.github.organisation", "write what stands behind github.com/ in its address", "%s is no name of an organisation", quote(g.Organisation))
	}
	s.checkGitHubAPI(g.API)
	app := g.App != 0 || g.Installation != 0 || g.Key.Given()
	switch {
	case s.spoilt("$.github.app") || s.spoilt("$.github.installation") || s.spoilt("$.github.key") || s.spoilt("$.github.token"):
	case app && g.Token.Given():
		s.say("$.github.token", "take one of the two out: an app is better, it belongs to nobody who could leave", "there are both an app and a token")
	case !app && !g.Token.Given():
		s.say("$.github", "write `app`, `installation` and `key`, or `token`: docs/github.md makes them", "gangway has nothing to sign in to GitHub with")
	case app && g.App == 0:
		s.say("$.github", "write `app: 123456`: the app's page, General, App ID", "the app's id is missing")
	case app && g.Installation == 0:
		s.say("$.github", "write `installation: 7654321`: the number at the end of the address of the installation's page", "the id of the app's installation is missing")
	case app && !g.Key.Given():
		s.say("$.github", "write `key: {file: github-app.pem}`, and put the file there that GitHub gave: the app's page, General, Private keys", "the app's key is missing")
	}
}

// checkGitHubAPI lets tokens go to GitHub, to an Enterprise Server, or stay on this
// machine.
func (s *source) checkGitHubAPI(api string) {
	const hint = "write https://api.github.com/, https://api.NAME.ghe.com/, https://HOST/api/v3/ of an Enterprise Server, or an address of this machine for a trial"
	u, err := url.Parse(api)
	sound := err == nil && u.User == nil && u.RawQuery == "" && u.Fragment == ""
	cloud := sound && u.Scheme == "https" && u.Path == "/" && (u.Host == "api.github.com" || enterpriseHost.MatchString(u.Host))
	server := sound && u.Scheme == "https" && u.Path == "/api/v3/" && domainName.MatchString(u.Hostname()) && strings.Contains(u.Hostname(), ".")
	if !cloud && !server && !(sound && loopbackAPI(api)) {
		s.say("$.github.api", hint, "the key's or token's calls would go to %s", quote(api))
	}
}

// checkGitHubSecrets holds the opened secrets to the shapes that GitHub gives them.
func (s *source) checkGitHubSecrets(g GitHub) {
	if v := g.Token.value; v != "" {
		shaped := strings.HasPrefix(v, "ghp_") || strings.HasPrefix(v, "github_pat_")
		if !shaped || strings.ContainsAny(v, " \t\r\n") {
			s.fault(s.find(g.Token.path), "it begins with github_pat_ or ghp_: GitHub, Settings, Developer settings, Personal access tokens", "token is no personal access token")
		}
	}
	if v := g.Key.value; v != "" {
		block, rest := pem.Decode([]byte(v))
		if block == nil || !strings.HasSuffix(block.Type, "PRIVATE KEY") || len(strings.TrimSpace(string(rest))) > 0 {
			s.fault(s.find(g.Key.path), "use the file that GitHub gave (.pem), whole: it begins with -----BEGIN RSA PRIVATE KEY-----", "key is no private key")
		}
	}
}
