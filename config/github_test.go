package config

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"gangway/internal/entitlement"
	"gangway/internal/playbook"

	"github.com/google/go-cmp/cmp"
)

const githubbed = `sign-in: pick
github:
  organisation: northgate-trading
  app: 123456
  installation: 7654321
  key: {file: github-app.pem}
  api: https://api.github.com
`

func TestGitHubIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	d, err := ReadDeployment("gangway.yaml", []byte(githubbed))
	want := GitHub{Organisation: "northgate-trading", App: 123456, Installation: 7654321,
		Key: Secret{file: "github-app.pem", path: "$.github.key"}, API: "https://api.github.com/"}
	if diff := cmp.Diff(want, d.GitHub, unseen); err != nil || diff != "" {
		t.Error(err, diff)
	}
	d, err = ReadDeployment("gangway.yaml", []byte("sign-in: pick\ngithub: {organisation: n, token: {env: T}}"))
	want = GitHub{Organisation: "n", Token: Secret{env: "T", path: "$.github.token"}, API: "https://api.github.com/"}
	if diff := cmp.Diff(want, d.GitHub, unseen); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if d := DefaultDeployment(); d.GitHub.Organisation != "" || d.GitHub.API != "" {
		t.Errorf("without the section there is one: %+v", d.GitHub)
	}
}

// TestFaultsOfGitHub: one part of a sound file is replaced.
func TestFaultsOfGitHub(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{"  organisation: northgate-trading\n", "", "3:3: organisation is missing (write the organisation's name as it stands in its address: `organisation: northgate-trading`)"},
		{"northgate-trading", "https://github.com/northgate", `3:17: "https://github.com/northgate" is no name of an organisation (write what stands behind github.com/ in its address)`},
		{"northgate-trading", "north/gate", `3:17: "north/gate" is no name of an organisation (write what stands behind github.com/ in its address)`},
		{"123456", "0", "4:8: app is between 1 and 9007199254740992, not 0"},
		{"  app: 123456\n", "", "3:3: the app's id is missing (write `app: 123456`: the app's page, General, App ID)"},
		{"  installation: 7654321\n", "", "3:3: the id of the app's installation is missing (write `installation: 7654321`: the number at the end of the address of the installation's page)"},
		{"  key: {file: github-app.pem}\n", "", "3:3: the app's key is missing (write `key: {file: github-app.pem}`, and put the file there that GitHub gave: the app's page, General, Private keys)"},
		{"  app: 123456\n  installation: 7654321\n  key: {file: github-app.pem}\n", "", "3:3: gangway has nothing to sign in to GitHub with (write `app`, `installation` and `key`, or `token`: docs/github.md makes them)"},
		{"  app: 123456\n", "  app: 123456\n  token: {env: T}\n", "5:10: there are both an app and a token (take one of the two out: an app is better, it belongs to nobody who could leave)"},
		{"{file: github-app.pem}", "hunter2", "6:8: key is a secret, and secrets don't stand in this file (write {env: NAME} or {file: PATH}; the file may then be shown to anybody)"},
		{"  app: 123456\n", "  organization: x\n  app: 123456\n", `4:3: unknown key "organization" in github (did you mean organisation?)`},
	} {
		if !strings.Contains(githubbed, c.old) {
			t.Fatalf("%s is not in the file", c.old)
		}
		_, err := ReadDeployment("gangway.yaml", []byte(strings.Replace(githubbed, c.old, c.new, 1)))
		wantHeads(t, err, c.want)
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the secret is told: %v", err)
		}
	}
}

// TestGitHubsTokensGoToGitHubAlone (to an Enterprise Server, or stay on this machine).
func TestGitHubsTokensGoToGitHubAlone(t *testing.T) {
	t.Parallel()
	const text = "sign-in: pick\ngithub: {organisation: n, token: {env: T}, api: '%s'}"
	for _, api := range []string{"https://api.github.com/", "https://api.github.com", "https://api.north-gate.ghe.com/", "https://github.example.org/api/v3/", "https://github.example.org/api/v3",
		"http://127.0.0.1:99/api/v3/", "http://localhost:99/", "http://[::1]:9/x/"} {
		d, err := ReadDeployment("gangway.yaml", fmt.Appendf(nil, text, api))
		if err != nil || d.GitHub.API != strings.TrimSuffix(api, "/")+"/" {
			t.Errorf("%s: %q, %v", api, d.GitHub.API, err)
		}
	}
	for _, api := range []string{"http://api.github.com/", "https://api.github.com.evil.example/", "https://api.github.com@evil.example/", "https://evil.example/", "https://github.com/", "https://api.github.com/v3/",
		"https://u:p@github.example.org/api/v3/", "https://github.example.org/api/v3/?x=", "https://api.a.b.ghe.com/", "https://localserver/api/v3/", "http://github.example.org/api/v3/", "ftp://127.0.0.1/", "api.github.com", "/"} {
		_, err := ReadDeployment("gangway.yaml", fmt.Appendf(nil, text, api))
		if err == nil || !strings.Contains(err.Error(), "calls would go to") {
			t.Errorf("%s: %v", api, err)
		}
	}
}

func TestSecretsOfGitHubHaveTheirShape(t *testing.T) {
	t.Parallel()
	made, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(made)}))
	const (
		token  = "sign-in: pick\ngithub: {organisation: n, token: {env: SECRET}}"
		app    = "sign-in: pick\ngithub: {organisation: n, app: 1, installation: 2, key: {env: SECRET}}"
		noPAT  = "2:34: token is no personal access token (it begins with github_pat_ or ghp_: GitHub, Settings, Developer settings, Personal access tokens)"
		noKey  = "2:57: key is no private key (use the file that GitHub gave (.pem), whole: it begins with -----BEGIN RSA PRIVATE KEY-----)"
		secret = "hunter2"
	)
	for _, c := range []struct{ text, value, want string }{
		{token, "ghp_" + secret, ""},
		{token, "github_pat_11AA_" + secret, ""},
		{token, secret, noPAT},
		{token, "gho_" + secret, noPAT},
		{token, "ghp_" + secret + " x", noPAT},
		{token, key, noPAT},
		{app, key, ""},
		{app, secret, noKey},
		{app, "ghp_" + secret, noKey},
		{app, strings.Replace(key, "PRIVATE", "PUBLIC", 2), noKey},
		{app, key + secret, noKey},
		{app, key[:len(key)/2], noKey},
	} {
		d, err := ReadDeployment("gangway.yaml", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		err = d.Reveal(func(string) string { return c.value })
		if strings.Contains(fmt.Sprint(err), secret) {
			t.Errorf("the secret is told: %v", err)
		}
		if c.want != "" {
			wantHeads(t, err, c.want)
		} else if err != nil || d.GitHub.Token.Value()+d.GitHub.Key.Value() != c.value {
			t.Errorf("not opened: %v", err)
		}
	}
}

// TestThePageOnGitHubSaysWhatIsRead: its examples are settings, and every setting is
// there.
func TestThePageOnGitHubSaysWhatIsRead(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/github.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d examples", len(blocks))
	}
	for _, b := range blocks {
		text := "sign-in: pick\n" + strings.ReplaceAll(strings.TrimPrefix(b[1], "   "), "\n   ", "\n")
		if d, err := ReadDeployment("g", []byte(text)); err != nil || d.GitHub.Organisation == "" {
			t.Errorf("%v in\n%s", err, text)
		}
	}
	for _, key := range keysOf("github") {
		if !strings.Contains(string(page), "`"+key) && !strings.Contains(string(page), "  "+key+": ") {
			t.Errorf("%s is not on the page", key)
		}
	}
}

// TestShippedAccessFormsCanBeCarriedOut: what a shipped playbook asks for about access
// is what is read from the answer.
func TestShippedAccessFormsCanBeCarriedOut(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, name := range Playbooks() {
		pb, _, err := Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range pb.Steps {
			if step.Does != playbook.DoesAccess {
				continue
			}
			seen++
			if !step.Browser {
				t.Errorf("%s: whoever signs %s does not see what GitHub knows", name, step.ID)
			}
			all, err := entitlement.GrantsIn(filledIn(step.Points))
			if err != nil || len(all) == 0 {
				t.Errorf("%s: %+v, %v", name, all, err)
			}
		}
	}
	if seen == 0 {
		t.Log("no shipped playbook asks for access")
	}
}
