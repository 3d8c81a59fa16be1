package assembly

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/slack"
	"gangway/internal/slack/slacktest"
)

// slackScopes are those that the calls need.
func slackScopes() []string {
	scopes := []string{"commands"}
	for _, m := range slack.Methods() {
		if !m.AppLevel && m.Scope != "" {
			scopes = append(scopes, m.Scope)
		}
		scopes = append(scopes, m.More...)
	}
	return scopes
}

// asksSlack is a deployment with this Slack, its secrets opened.
func asksSlack(t *testing.T, s *slacktest.Server, more string) config.Deployment {
	t.Helper()
	o := s.Options()
	text := fmt.Sprintf("sign-in: pick\n%s\nslack:\n  app: %s\n  team: %s\n  bot-token: {env: BOT}\n  app-token: {env: APP}\n  signing-secret: {env: SIGN}\n  bind-by-mail: example.org\n  api: %s/api\n", more, o.App, o.Team, s.URL())
	d, err := config.ReadDeployment("gangway.yaml", []byte(text))
	ok(t, err)
	ok(t, d.Reveal(func(name string) string {
		return map[string]string{"BOT": o.BotToken, "APP": o.AppToken, "SIGN": o.Secret}[name]
	}))
	return d
}

func TestSlackIsTriedWithWhatTheSettingsSay(t *testing.T) {
	t.Parallel()
	scopes := slackScopes()
	s, err := slacktest.New(slacktest.Options{Scopes: scopes})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	status := http.StatusUnauthorized
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/slack/events" {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(door.Close)
	told := func(d config.Deployment) (string, int) {
		var b strings.Builder
		faults := Tell(&b, slackApp(t.Context(), d))
		return b.String(), faults
	}
	d := asksSlack(t, s, "address: "+door.URL)
	text, faults := told(d)
	for _, part := range []string{"slack", "slack app", "slack clock", "slack scopes", "slack socket", "slack over http"} {
		if !strings.Contains(text, "ok     "+part+": ") {
			t.Errorf("nothing said of %s", part)
		}
	}
	if faults != 0 {
		t.Error(text)
	}

	s.Grant(slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == "im:write" || s == "users:read.email" })...)
	status = http.StatusNotFound
	text, faults = told(d)
	for _, want := range []string{"wrong  slack scopes: the bot token lacks im:write (", "wrong  slack scopes: the bot token lacks users:read.email (", "       do: add `- im:write` under oauth_config, scopes, bot",
		"wrong  slack over http: " + door.URL + "/slack/events answers 404 "} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not said", want)
		}
	}
	if o := s.Options(); faults != 3 || strings.Contains(text, o.BotToken) || strings.Contains(text, o.AppToken) || strings.Contains(text, o.Secret) {
		t.Errorf("%d faults\n%s", faults, text)
	}

	door.Close()
	if text, _ := told(d); !strings.Contains(text, "wrong  slack over http: knocking where Slack sends its requests: ") {
		t.Error(text)
	}
	if text, faults := told(config.DefaultDeployment()); faults > 0 || text != "ok     slack: nobody is asked there\n" {
		t.Error(text)
	}
}
