package slack

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	verbs "gangway/internal/desk/verb"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

const socketManifest, httpManifest = "../../slack-manifest.yaml", "../../slack-manifest-http.yaml"

// manifest reads one as slack-go knows it; a key that it does not know fails.
func manifest(t *testing.T, file string) slack.Manifest {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var m slack.Manifest
	if err := yaml.UnmarshalWithOptions(text, &m, yaml.DisallowUnknownField()); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return m
}

// TestManifestsAreReadWithoutLoss: what Slack's own shape does not hold would be
// dropped without a word, and be missing in the app.
func TestManifestsAreReadWithoutLoss(t *testing.T) {
	t.Parallel()
	for _, file := range []string{socketManifest, httpManifest} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var written any
		if err := yaml.Unmarshal(text, &written); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(meant(plainJSON(t, written)), meant(plainJSON(t, manifest(t, file)))); d != "" {
			t.Errorf("%s (-written +read): %s", file, d)
		}
	}
}

func plainJSON(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		t.Fatal(err)
	}
	return plain
}

// meant drops false and empty values: slack-go leaves them out, and to Slack that
// is the same.
func meant(v any) any {
	switch v := v.(type) {
	case object:
		for key, value := range v {
			if value = meant(value); value == nil || value == false {
				delete(v, key)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = meant(v[i])
		}
	}
	return v
}

// TestManifestsDifferInTheTransportAlone: Slack takes one way per app.
func TestManifestsDifferInTheTransportAlone(t *testing.T) {
	t.Parallel()
	socket, http := manifest(t, socketManifest), manifest(t, httpManifest)
	const address = "https://gangway.example.org/slack/"
	for _, url := range []struct{ which, in, got string }{
		{"command", "command", http.Features.SlashCommands[0].Url},
		{"events", "events", http.Settings.EventSubscriptions.RequestUrl},
		{"interactivity", "interactive", http.Settings.Interactivity.RequestUrl},
	} {
		if url.got != address+url.in {
			t.Errorf("%s go to %q", url.which, url.got)
		}
	}
	if !socket.Settings.SocketModeEnabled || http.Settings.SocketModeEnabled {
		t.Error("the switch for Socket Mode stands wrong")
	}
	http.Features.SlashCommands[0].Url, http.Settings.EventSubscriptions.RequestUrl, http.Settings.Interactivity.RequestUrl = "", "", ""
	http.Settings.SocketModeEnabled = true
	if d := cmp.Diff(socket, http); d != "" {
		t.Errorf("(-socket +http): %s", d)
	}
}

// eventScopes are the scopes that bring a bot an event, any of them (Slack,
// "Event types", Required Scopes of each page). Of channel_shared each brings
// what happens to its kind of channel.
func eventScopes() map[string][]string {
	return map[string][]string{
		"app_home_opened": nil,
		"app_uninstalled": nil,
		"tokens_revoked":  nil,
		"user_change":     {"users:read"},
		"channel_shared":  {"channels:read", "groups:read"},
	}
}

// TestManifestHasTheScopesThatWeNeedAndNoOther: each for a method, an event or
// the command.
func TestManifestHasTheScopesThatWeNeedAndNoOther(t *testing.T) {
	t.Parallel()
	needs := map[string]string{"commands": "/vendor"}
	for _, m := range Methods() {
		for _, scope := range append(slices.Clone(m.More), m.Scope) {
			if scope != "" && !m.AppLevel {
				needs[scope] = m.Name
			}
		}
	}
	for _, file := range []string{socketManifest, httpManifest} {
		m := manifest(t, file)
		events := m.Settings.EventSubscriptions.BotEvents
		has := m.OAuthConfig.Scopes.Bot
		for _, event := range events {
			scopes, known := eventScopes()[event]
			if !known {
				t.Errorf("%s: who knows what %s needs?", file, event)
			}
			for _, scope := range scopes {
				needs[scope] = event
			}
		}
		if len(events) != len(eventScopes()) {
			t.Errorf("%s: events %q", file, events)
		}
		for scope, of := range needs {
			if !slices.Contains(has, scope) {
				t.Errorf("%s: %s needs %s", file, of, scope)
			}
		}
		for i, scope := range has {
			if needs[scope] == "" || slices.Contains(has[:i], scope) {
				t.Errorf("%s: nothing needs %s, or it is there twice", file, scope)
			}
			if strings.HasSuffix(scope, ":history") || scope == "chat:write.public" || strings.HasPrefix(scope, "files:") || strings.HasPrefix(scope, "admin") {
				t.Errorf("%s: %s is more than gangway may have", file, scope)
			}
		}
		if s := m.OAuthConfig.Scopes; len(s.User)+len(s.BotOptional)+len(s.UserOptional)+len(m.OAuthConfig.RedirectUrls) > 0 {
			t.Errorf("%s: it acts for nobody but itself: %+v", file, m.OAuthConfig)
		}
	}
}

// TestManifestSaysWhatTheAppIs: the commands that there are, and within the
// lengths that Slack takes ("App manifests", the fields).
func TestManifestSaysWhatTheAppIs(t *testing.T) {
	t.Parallel()
	m := manifest(t, socketManifest)
	var words []string
	for _, v := range verbs.Table() {
		if v.Slack.Offered {
			words = append(words, v.Word)
		}
	}
	commands := m.Features.SlashCommands
	if len(commands) != 1 || commands[0].Command != "/vendor" || commands[0].UsageHint != strings.Join(words, " | ") {
		t.Errorf("the hint is not %q: %+v", strings.Join(words, " | "), commands)
	}
	for _, c := range []struct {
		what, text  string
		least, most int
	}{
		{"name", m.Display.Name, 1, 35}, {"description", m.Display.Description, 1, 140}, {"long description", m.Display.LongDescription, 174, 4000},
		{"bot", m.Features.BotUser.DisplayName, 1, 80}, {"command", commands[0].Description, 1, 2000}, {"hint", commands[0].UsageHint, 1, 1000},
	} {
		if n := utf8.RuneCountInString(c.text); n < c.least || n > c.most {
			t.Errorf("%s: %d characters, want %d to %d", c.what, n, c.least, c.most)
		}
	}
	home := m.Features.AppHome
	if !home.HomeTabEnabled || !home.MessagesTabEnabled || !home.MessagesTabReadOnlyEnabled || !m.Settings.Interactivity.IsEnabled {
		t.Errorf("home, messages and buttons: %+v", m.Features)
	}
	if m.Settings.OrgDeployEnabled || m.Settings.TokenRotationEnabled {
		t.Error("an app of a whole organisation, or with tokens that expire, is another kind of app")
	}
}
