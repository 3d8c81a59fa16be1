package slack

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/slack/slacktest"

	"github.com/google/go-cmp/cmp"
)

const casesChannel = "C0CASES"

// toCheck is a Slack in which the app may what its manifest says and is in the
// channel of cases.
func toCheck(t *testing.T) *slacktest.Server {
	t.Helper()
	s, err := slacktest.New(slacktest.Options{
		Scopes:   manifest(t, socketManifest).OAuthConfig.Scopes.Bot,
		Users:    []slacktest.User{{ID: "U0ANA", Name: "ana", Email: "ana@example.org"}},
		Channels: []slacktest.Channel{{ID: casesChannel, Name: "cases", Kind: slacktest.Private, Members: []string{"U0TESTBOT", "U0ANA"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// connectionTo is how a client reaches a workspace, with Socket Mode.
func connectionTo(s *slacktest.Server) Connection {
	o := s.Options()
	token := func(text string) func() (string, error) { return func() (string, error) { return text, nil } }
	return Connection{API: s.URL() + "/api/", BotToken: token(o.BotToken), AppToken: token(o.AppToken), Teams: []string{o.Team}}
}

func expectedOf(s *slacktest.Server) Expected {
	return Expected{App: s.Options().App, CasesChannel: casesChannel, ByMail: true}
}

// findings checks and returns what was found, a line each: faults with what to do.
func findings(t *testing.T, o Connection, e Expected) []string {
	t.Helper()
	c, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range c.Check(t.Context(), e) {
		if f.Err == nil {
			lines = append(lines, "ok "+f.Part+": "+f.Said)
			continue
		}
		var hinted interface{ Hint() string }
		if !errors.As(f.Err, &hinted) || hinted.Hint() == "" {
			t.Errorf("nothing to do about it: %v", f.Err)
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %v (%s)", f.Part, f.Err, hinted.Hint()))
	}
	return lines
}

// faultsIn are those of the lines that name one.
func faultsIn(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.HasPrefix(l, "ok ") })
}

// TestCheckOfASoundAppTriesEveryMethodAndLeavesNothing: each method of the table
// is called, and the workspace is as it was.
func TestCheckOfASoundAppTriesEveryMethodAndLeavesNothing(t *testing.T) {
	t.Parallel()
	s := toCheck(t)
	channels := len(s.Channels())
	want := []string{"ok slack: the bot token is of the workspace T0TEST", "ok slack clock: it agrees with Slack's", "ok slack app: the bot token is of the app A0TEST",
		"ok slack channel: the threads of cases stand in C0CASES", "ok slack socket: Slack gives connections", "ok slack scopes: all that are needed"}
	if d := cmp.Diff(want, findings(t, connectionTo(s), expectedOf(s))); d != "" {
		t.Error(d)
	}
	for _, m := range Methods() {
		if n := len(s.Calls(m.Name)); n != 1 {
			t.Errorf("%s was called %d times", m.Name, n)
		}
	}
	if len(s.Channels()) != channels || len(s.Messages(casesChannel)) > 0 || len(s.Views("U0ANA")) > 0 || len(s.Notices()) > 0 || len(s.Faults()) > 0 {
		t.Errorf("it left something: %v %v", s.Notices(), s.Faults())
	}
}

// TestCheckNamesEachScopeThatIsMissing, by the manifest's line.
func TestCheckNamesEachScopeThatIsMissing(t *testing.T) {
	t.Parallel()
	whole := manifest(t, socketManifest).OAuthConfig.Scopes.Bot
	for _, scope := range whole {
		s := toCheck(t)
		s.Grant(slices.DeleteFunc(slices.Clone(whole), func(has string) bool { return has == scope })...)
		for _, headers := range []bool{true, false} {
			o := connectionTo(s)
			if !headers { // what a proxy on the way may take off
				o.API = frontOf(t, s.URL(), func(r *http.Response) { r.Header.Del("X-OAuth-Scopes") })
				if scope == "commands" || scope == "channels:read" {
					continue // no call tells: one needs a person, one a public channel
				}
			}
			var lack []string
			for _, line := range faultsIn(findings(t, o, expectedOf(s))) {
				if strings.HasPrefix(line, "slack scopes: ") {
					lack = append(lack, line)
				}
			}
			if len(lack) != 1 || !strings.HasPrefix(lack[0], "slack scopes: the bot token lacks "+scope+" (") || !strings.Contains(lack[0], "add `- "+scope+"` under oauth_config, scopes, bot") {
				t.Errorf("without %s (headers %t): %q", scope, headers, lack)
			}
		}
	}
}

// TestCheckBelievesACallThatDoesNotSayWhichScope: then the table does.
func TestCheckBelievesACallThatDoesNotSayWhichScope(t *testing.T) {
	t.Parallel()
	s := toCheck(t)
	o := connectionTo(s)
	o.API = frontOf(t, s.URL(), func(r *http.Response) { r.Header.Del("X-OAuth-Scopes") })
	s.Order(slacktest.Failure{Method: PostEphemeral, Error: "missing_scope"}, slacktest.Failure{Method: UserInfo, Error: "missing_scope"})
	lines := faultsIn(findings(t, o, expectedOf(s)))
	if len(lines) != 2 || !strings.Contains(lines[0], "lacks users:read (") || !strings.Contains(lines[1], "lacks chat:write (") {
		t.Errorf("%q", lines)
	}
}

func TestCheckWithoutMailNeedsNoScopeForIt(t *testing.T) {
	t.Parallel()
	s := toCheck(t)
	whole := manifest(t, socketManifest).OAuthConfig.Scopes.Bot
	e := expectedOf(s)
	e.ByMail = false
	if lines := findings(t, connectionTo(s), e); lines[len(lines)-1] != "ok slack scopes: all that are needed" {
		t.Errorf("having it is no fault: %q", lines)
	}
	s.Grant(slices.DeleteFunc(slices.Clone(whole), func(has string) bool { return has == "users:read.email" })...)
	if lines := findings(t, connectionTo(s), e); len(faultsIn(lines)) > 0 || len(s.Calls(LookupByEmail)) > 0 {
		t.Errorf("%q", lines)
	}
	s.Grant(append(slices.Clone(whole), "channels:history", "files:read")...)
	if lines := findings(t, connectionTo(s), e); lines[len(lines)-1] != "ok slack scopes: all that are needed; nothing needs channels:history, files:read: take them away" {
		t.Errorf("%q", lines)
	}
}

// frontOf stands before a server and changes what it answers.
func frontOf(t *testing.T, to string, change func(*http.Response)) string {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.ModifyResponse = func(r *http.Response) error { change(r); return nil }
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL + "/api/"
}

// TestCheckNamesWhatIsWrong: one thing each.
func TestCheckNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	channel := func(change func(*slacktest.Channel)) func(*slacktest.Server, *Connection, *Expected) {
		return func(s *slacktest.Server, _ *Connection, _ *Expected) {
			c := slacktest.Channel{ID: casesChannel, Name: "cases", Members: []string{"U0TESTBOT"}}
			change(&c)
			s.SetChannel(c)
		}
	}
	text := func(text string) func() (string, error) { return func() (string, error) { return text, nil } }
	for name, c := range map[string]struct {
		change func(*slacktest.Server, *Connection, *Expected)
		want   string
	}{
		"another workspace": {func(_ *slacktest.Server, o *Connection, _ *Expected) { o.Teams = []string{"T9", ""} },
			"slack: the bot token is of the workspace T0TEST, which slack.team does not name (write that workspace into slack.team, or install the app where it should be and take its token)"},
		"another app": {func(_ *slacktest.Server, _ *Connection, e *Expected) { e.App = "A0OTHER" },
			"slack app: the bot token is of the app A0TEST, the settings name A0OTHER (write the id of the app whose tokens these are into slack.app: what another app sends is refused)"},
		"revoked": {func(s *slacktest.Server, _ *Connection, _ *Expected) { s.Revoke(s.Options().BotToken) },
			"slack: calling auth.test: denied (token_revoked) (check that the token is the app's own, that the app is still installed, and give gangway the new token)"},
		"no token": {func(_ *slacktest.Server, o *Connection, _ *Expected) { o.BotToken = text("") },
			"slack: calling auth.test: unready (is this Slack's API, and can it be reached from here?)"},
		"another's app token": {func(_ *slacktest.Server, o *Connection, _ *Expected) { o.AppToken = text("xapp-another") },
			"slack socket: calling apps.connections.open: denied (invalid_auth) (make a new app-level token with connections:write: the app's page, Basic Information, App-Level Tokens)"},
		"app token without its scope": {func(s *slacktest.Server, _ *Connection, _ *Expected) {
			s.Order(slacktest.Failure{Method: OpenConnection, Error: "missing_scope"})
		}, "slack socket: the app-level token lacks connections:write (make one that has it: the app's page, Basic Information, App-Level Tokens)"},
		"no sockets": {func(s *slacktest.Server, _ *Connection, _ *Expected) {
			s.Order(slacktest.Failure{Method: OpenConnection, Error: "socket_mode_disabled"})
		}, "slack socket: calling apps.connections.open: refused (socket_mode_disabled) (is Socket Mode switched on in the app's settings, and can Slack be reached from here?)"},
		"away": {func(s *slacktest.Server, _ *Connection, _ *Expected) {
			s.Order(slacktest.Failure{Method: AuthTest, How: slacktest.Unavailable})
		}, "slack: calling auth.test: failed at Slack (503) (is this Slack's API, and can it be reached from here?)"},
		"limited": {func(s *slacktest.Server, _ *Connection, _ *Expected) {
			s.Order(slacktest.Failure{Method: UpdateMessage, How: slacktest.Limited})
		}, "slack method: calling chat.update: rate limited (429) (nothing needs to be done; it is tried again)"},
		"no such method": {func(s *slacktest.Server, _ *Connection, _ *Expected) {
			s.Order(slacktest.Failure{Method: PublishView, Error: "unknown_method"})
		}, "slack method: calling views.publish: faulty (unknown_method) (this is a mistake of gangway's; the log names the place)"},
		"not let": {func(s *slacktest.Server, _ *Connection, _ *Expected) {
			s.Order(slacktest.Failure{Method: PostMessage, Error: "access_denied"})
		}, "slack method: calling chat.postMessage: denied (access_denied) (check that the token is the app's own, that the app is still installed, and give gangway the new token)"},
		"shared": {channel(func(c *slacktest.Channel) { c.ExtShared = true }),
			"slack channel: the channel C0CASES is shared with another organisation, or about to be (name one that only your own people can read: vendors may be on the other side)"},
		"about to be shared": {channel(func(c *slacktest.Channel) { c.PendingExtShared = true }),
			"slack channel: the channel C0CASES is shared with another organisation, or about to be (name one that only your own people can read: vendors may be on the other side)"},
		"archived": {channel(func(c *slacktest.Channel) { c.Archived = true }), "slack channel: the channel C0CASES is archived (bring it back, or name another one)"},
		"not in it": {channel(func(c *slacktest.Channel) { c.Members = []string{"U0ANA"} }),
			"slack channel: the app is not in the channel C0CASES (write `/invite @gangway` in it)"},
		"not in a private one": {channel(func(c *slacktest.Channel) { c.Kind, c.Members = slacktest.Private, []string{"U0ANA"} }),
			"slack channel: there is no channel C0CASES that the app could see (is the id right? Of a private channel: write `/invite @gangway` in it)"},
		"no such channel": {func(_ *slacktest.Server, _ *Connection, e *Expected) { e.CasesChannel = "C0GONE" },
			"slack channel: there is no channel C0GONE that the app could see (is the id right? Of a private channel: write `/invite @gangway` in it)"},
		"fast clock": {func(_ *slacktest.Server, o *Connection, _ *Expected) {
			o.Now = func() time.Time { return time.Now().Add(10 * time.Minute) }
		}, "slack clock: this machine's clock is 10m0s away from Slack's (let it be set over the network (NTP): beyond five minutes every signed request of Slack's is refused)"},
		"slow clock": {func(_ *slacktest.Server, o *Connection, _ *Expected) {
			o.Now = func() time.Time { return time.Now().Add(-10 * time.Minute) }
		}, "slack clock: this machine's clock is 10m0s away from Slack's (let it be set over the network (NTP): beyond five minutes every signed request of Slack's is refused)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := toCheck(t)
			o, e := connectionTo(s), expectedOf(s)
			c.change(s, &o, &e)
			lines := faultsIn(findings(t, o, e))
			if strings.HasPrefix(c.want, "slack clock") && len(lines) == 1 { // to the second
				lines[0] = strings.NewReplacer("9m58s", "10m0s", "9m59s", "10m0s", "10m1s", "10m0s").Replace(lines[0])
			}
			if d := cmp.Diff([]string{c.want}, lines); d != "" {
				t.Error(d)
			}
			if all := strings.Join(lines, "\n"); strings.Contains(all, s.Options().BotToken) || strings.Contains(all, s.Options().AppToken) {
				t.Error("a token is told")
			}
		})
	}
}

// TestCheckOfWhatIsNoSlack ends at once.
func TestCheckOfWhatIsNoSlack(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		fmt.Fprint(w, `{"ok":true,"team_id":"<script>","user_id":""}`)
	}))
	defer server.Close()
	token := func() (string, error) { return "xoxb-1", nil }
	lines := findings(t, Connection{API: server.URL, BotToken: token, Teams: []string{"T1"}}, Expected{App: "A1"})
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "slack: calling auth.test: lost (empty) (") || asked != 1 {
		t.Errorf("%q, asked %d times", lines, asked)
	}
}
