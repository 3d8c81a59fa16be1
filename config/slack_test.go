package config

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// slacked is a deployment with Slack, but for T9, which is too short for an id.
const slacked = `address: https://gangway.example.org
people: people.yaml
slack:
  app: A0123456789
  team: [T0123456789, T9]
  bot-token: {env: BOT}
  app-token: {env: APP}
  signing-secret: {env: SIGN}
  old-signing-secret: {env: OLD}
  cases-channel: C0123456789
  bind-by-mail: Example.ORG
  api: https://slack-gov.com/api
`

func TestSlackIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	text := strings.Replace(slacked, "T9", "T987", 1)
	d, err := ReadDeployment("gangway.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := Slack{App: "A0123456789", Teams: []string{"T0123456789", "T987"}, BotToken: Secret{env: "BOT", path: "$.slack.bot-token"},
		AppToken: Secret{env: "APP", path: "$.slack.app-token"}, SigningSecret: Secret{env: "SIGN", path: "$.slack.signing-secret"},
		OldSigningSecret: Secret{env: "OLD", path: "$.slack.old-signing-secret"}, CasesChannel: "C0123456789",
		BindByMail: []string{"example.org"}, API: "https://slack-gov.com/api/"}
	if diff := cmp.Diff(want, d.Slack, unseen); diff != "" {
		t.Error(diff)
	}
	d, err = ReadDeployment("gangway.yaml", []byte("sign-in: pick\naddress: http://127.0.0.1:8470\nslack: {app: A01, team: T01, bot-token: {env: B}, app-token: {env: A}}"))
	want = Slack{App: "A01", Teams: []string{"T01"}, BotToken: Secret{env: "B", path: "$.slack.bot-token"}, AppToken: Secret{env: "A", path: "$.slack.app-token"}, API: "https://slack.com/api/"}
	if diff := cmp.Diff(want, d.Slack, unseen); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if d := DefaultDeployment(); d.Slack.App != "" || d.Slack.API != "" {
		t.Errorf("without the section there is one: %+v", d.Slack)
	}
}

// TestFaultsOfSlack: one part of a sound file is replaced.
func TestFaultsOfSlack(t *testing.T) {
	t.Parallel()
	sound := strings.Replace(slacked, ", T9]", "]", 1)
	http := strings.Replace(sound, "  app-token: {env: APP}\n", "", 1)
	for _, c := range []struct{ in, old, new, want string }{
		{sound, "  app: A0123456789\n", "", "4:3: app is missing (write the app's id: `app: A0123456789` (api.slack.com/apps, the app, Basic Information))"},
		{sound, "A0123456789", "B0123456789", `4:8: "B0123456789" is no id of an app (it begins with A: api.slack.com/apps, the app, Basic Information)`},
		{sound, "A0123456789", "gangway", `4:8: "gangway" is no id of an app (it begins with A: api.slack.com/apps, the app, Basic Information)`},
		{sound, "[T0123456789]", "", "5:3: team is missing (write the workspace's id: `team: T0123456789` (it stands in the address of Slack in a browser))"},
		{sound, "[T0123456789]", "[]", "5:9: no workspace would be listened to (write the workspace's id: `team: T0123456789`)"},
		{sound, "[T0123456789]", "[T0123456789, E01]", `5:23: "E01" is no id of a workspace (it begins with T, and stands in the address of Slack in a browser)`},
		{sound, "[T0123456789]", "[T0123456789, {a: b}]", "5:23: team is a list of texts: an entry cannot be a table of keys"},
		{sound, "  bot-token: {env: BOT}\n", "", "4:3: bot-token is missing (write `bot-token: {env: GANGWAY_SLACK_BOT_TOKEN}`, and the app's Bot User OAuth Token into that variable)"},
		{sound, "{env: BOT}", "xoxb-hunter2", "6:14: bot-token is a secret, and secrets don't stand in this file (write {env: NAME} or {file: PATH}; the file may then be shown to anybody)"},
		{sound, "{env: APP}", "xapp-hunter2", "7:14: app-token is a secret, and secrets don't stand in this file (write {env: NAME} or {file: PATH}; the file may then be shown to anybody)"},
		{sound, "{env: SIGN}", "hunter2", "8:19: signing-secret is a secret, and secrets don't stand in this file (write {env: NAME} or {file: PATH}; the file may then be shown to anybody)"},
		{sound, "{env: OLD}", "hunter2", "9:23: old-signing-secret is a secret, and secrets don't stand in this file (write {env: NAME} or {file: PATH}; the file may then be shown to anybody)"},
		{sound, "  signing-secret: {env: SIGN}\n", "", "8:23: the new signing secret is missing (write the new one as `signing-secret`; the old one counts beside it, for the day in which Slack may still use it)"},
		{http, "  signing-secret: {env: SIGN}\n  old-signing-secret: {env: OLD}\n", "", "4:3: nothing that is said in Slack would arrive (write `app-token` for Socket Mode, which needs no way in from outside, or `signing-secret` for HTTP)"},
		{sound, "C0123456789", "'#vendors'", `10:18: "#vendors" is no id of a channel (it begins with C, and stands at the end of the channel's details; its name can change)`},
		{sound, "C0123456789", "D0123456789", `10:18: "D0123456789" is no id of a channel (it begins with C, and stands at the end of the channel's details; its name can change)`},
		{sound, "Example.ORG", "[example.org, '@example.com']", `11:31: "@example.com" is no domain (write the domain alone, such as example.org)`},
		{sound, "Example.ORG", "org", `11:17: "org" is no domain (write the domain alone, such as example.org)`},
		{sound, "cases-channel", "case-channel", `10:3: unknown key "case-channel" in slack (did you mean cases-channel?)`},
		{http, "people: people.yaml", "listen: off", "2:9: Slack's requests would find nobody (write `listen` and let the proxy pass /slack/ to it, or use Socket Mode: `app-token`)"},
		{http, "address: https://gangway.example.org", "sign-in: pick", "1:1: cards link to the inbox (write the address that people open, for a trial http://127.0.0.1:8470)"},
		{http, "https://gangway.example.org", "http://127.0.0.1:8470", "1:10: Slack can't reach this machine's own address (write the public address, or use Socket Mode: `app-token`)"},
	} {
		if !strings.Contains(c.in, c.old) {
			t.Fatalf("%s is not in the file", c.old)
		}
		_, err := ReadDeployment("gangway.yaml", []byte(strings.Replace(c.in, c.old, c.new, 1)))
		wantHeads(t, err, c.want)
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the secret is told: %v", err)
		}
	}
	for _, sound := range []string{sound, http,
		strings.Replace(sound, "people: people.yaml", "listen: off", 1), // another worker may serve HTTP
		strings.Replace(strings.Replace(http, "https://gangway.example.org", "http://127.0.0.1:8470", 1), "https://slack-gov.com/api", "http://127.0.0.1:9999/api/", 1),
	} {
		if _, err := ReadDeployment("gangway.yaml", []byte(sound)); err != nil {
			t.Errorf("%s\n%v", sound, err)
		}
	}
}

// TestTokensGoToSlackAlone (or stay on this machine).
func TestTokensGoToSlackAlone(t *testing.T) {
	t.Parallel()
	const text = "sign-in: pick\naddress: http://127.0.0.1:8470\nslack: {app: A01, team: T01, bot-token: {env: B}, app-token: {env: A}, api: '%s'}"
	for _, api := range []string{"https://slack.com/api/", "https://slack.com/api", "https://slack-gov.com/api/", "http://127.0.0.1:99/api/", "http://localhost:99/", "http://[::1]:9/x/"} {
		d, err := ReadDeployment("gangway.yaml", fmt.Appendf(nil, text, api))
		if err != nil || d.Slack.API != strings.TrimSuffix(api, "/")+"/" {
			t.Errorf("%s: %q, %v", api, d.Slack.API, err)
		}
	}
	for _, api := range []string{"http://slack.com/api/", "https://slack.com.evil.example/api/", "https://slack.com@evil.example/api/", "https://evil.example/slack.com/api/", "https://slack.com/", "https://slack.com:444/api/",
		"https://u:p@slack.com/api/", "https://slack.com/api/?x=", "https://hooks.slack.com/api/", "http://127.0.0.1.evil.example/api/", "http://u@127.0.0.1:9/api/", "ftp://127.0.0.1/api/", "slack.com/api/", "/", "https://SLACK.com.example/api/", "http://10.0.0.1/api/"} {
		_, err := ReadDeployment("gangway.yaml", fmt.Appendf(nil, text, api))
		if err == nil || !strings.Contains(err.Error(), "the tokens would go to") {
			t.Errorf("%s: %v", api, err)
		}
	}
}

func TestSecretsOfSlackHaveTheirShape(t *testing.T) {
	t.Parallel()
	sound := map[string]string{"BOT": "xoxb-1-2-hunter2", "APP": "xapp-1-A1-hunter2", "SIGN": "8f742231b10e8888abcd99yyyzzz85a5", "OLD": strings.Repeat("0a", 16)}
	const (
		bot  = "6:14: bot-token is no token of a bot (it begins with xoxb-: the app's page, OAuth & Permissions, Bot User OAuth Token)"
		app  = "7:14: app-token is no app-level token (it begins with xapp-: the app's page, Basic Information, App-Level Tokens, with connections:write)"
		sign = "19: this is no signing secret (32 letters and digits: the app's page, Basic Information, App Credentials, Signing Secret)"
	)
	for _, c := range []struct{ name, value, want string }{
		{"BOT", "xoxb-1-2-hunter2", ""},
		{"BOT", "xoxp-1-hunter2", bot},
		{"BOT", "hunter2", bot},
		{"BOT", "xapp-1-A1-hunter2", bot},
		{"BOT", "xoxe.xoxb-hunter2", "6:14: bot-token is no token of a bot (turn token rotation off in the app's OAuth & Permissions: a token that expires needs a new installation of the app)"},
		{"BOT", "", "6:14: the variable BOT is empty (set it, or BOT_FILE to a file that holds it)"},
		{"APP", "xoxb-1-2-hunter2", app},
		{"SIGN", "hunter2", "8:" + sign},
		{"SIGN", "xoxb-123456-7890-hunter2", "8:" + sign},
		{"SIGN", "hunter2hunter2 hunter2hunter2", "8:" + sign},
		{"OLD", "hunter2", "9:23" + sign[2:]},
		{"OLD", "xapp-1-A1-hunter2-hunter2", "9:23" + sign[2:]},
	} {
		d, err := ReadDeployment("gangway.yaml", []byte(strings.Replace(slacked, ", T9]", "]", 1)))
		if err != nil {
			t.Fatal(err)
		}
		err = d.Reveal(func(name string) string {
			if name == c.name {
				return c.value
			}
			return sound[name]
		})
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the secret is told: %v", err)
		}
		if c.want == "" {
			if err != nil || d.Slack.BotToken.Value() != sound["BOT"] || d.Slack.AppToken.Value() != sound["APP"] || d.Slack.SigningSecret.Value() != sound["SIGN"] || d.Slack.OldSigningSecret.Value() != sound["OLD"] {
				t.Errorf("not opened: %v", err)
			}
			continue
		}
		wantHeads(t, err, c.want)
	}
}

// TestThePageOnSlackSaysWhatIsRead: its examples are settings, and every word
// that it shows as one is.
func TestThePageOnSlackSaysWhatIsRead(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/slack.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d examples", len(blocks))
	}
	first := strings.ReplaceAll(blocks[0][1], "\n   ", "\n")
	_, rest, _ := strings.Cut(blocks[1][1], "slack:\n")
	for _, text := range []string{first, first + rest} {
		if d, err := ReadDeployment("g", []byte("address: https://g.example.org\n"+strings.TrimLeft(text, " "))); err != nil || d.Slack.App == "" {
			t.Errorf("%v in\n%s", err, text)
		}
	}
	for _, key := range keysOf("slack") {
		if !strings.Contains(string(page), "`"+key) && !strings.Contains(string(page), "  "+key+": ") {
			t.Errorf("%s is not on the page", key)
		}
	}
	for _, m := range regexp.MustCompile("`([a-z][a-z-]+): ").FindAllStringSubmatch(string(page), -1) {
		if !oneOf(m[1], keysOf("slack")) && m[1] != "slack" && m[1] != "answer-in" { // a person's, a step's
			t.Errorf("%s is no setting", m[1])
		}
	}
}
