package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Slack is the app in Slack through which people are asked and answer; App is
// empty where there is none.
type Slack struct {
	App string
	// Teams are the workspaces that are listened to.
	Teams    []string
	BotToken Secret
	// AppToken opens Socket Mode; SigningSecret, or for a day after it was changed
	// OldSigningSecret, proves requests over HTTP. One way is given at least.
	AppToken, SigningSecret, OldSigningSecret Secret
	// CasesChannel is where the threads of cases stand; empty: nowhere.
	CasesChannel string
	// BindByMail are the domains, in lower case, whose people are found in Slack by
	// their mail address; none: nobody is.
	BindByMail []string
	// API is where Slack's methods are, with a slash at its end.
	API string
}

// Ids of Slack: a letter for the kind, then capitals and digits. Slack promises
// no length.
var (
	slackApp     = regexp.MustCompile(`^A[A-Z0-9]{2,39}$`)
	slackTeam    = regexp.MustCompile(`^T[A-Z0-9]{2,39}$`)
	slackChannel = regexp.MustCompile(`^[CG][A-Z0-9]{2,39}$`) // G: private ones made before 2021
)

func (s *source) slack(t table) Slack {
	c := Slack{App: t.text("app", "$.slack.app"), Teams: t.words("team", "$.slack.team"), BotToken: t.secret("bot-token"),
		AppToken: t.secret("app-token"), SigningSecret: t.secret("signing-secret"), OldSigningSecret: t.secret("old-signing-secret"),
		CasesChannel: t.text("cases-channel", "$.slack.cases-channel"), BindByMail: t.words("bind-by-mail", "$.slack.bind-by-mail"),
		API: strings.TrimSuffix(t.or("api"), "/") + "/"}
	for i := range c.BindByMail {
		c.BindByMail[i] = strings.ToLower(c.BindByMail[i])
	}
	t.needs("app", "write the app's id: `app: A0123456789` (api.slack.com/apps, the app, Basic Information)")
	t.needs("team", "write the workspace's id: `team: T0123456789` (it stands in the address of Slack in a browser)")
	t.needs("bot-token", "write `bot-token: {env: GANGWAY_SLACK_BOT_TOKEN}`, and the app's Bot User OAuth Token into that variable")
	return c
}

// checkSlack holds Slack's settings to their shapes and to one another.
func (s *source) checkSlack(d Deployment, public *url.URL) {
	c := d.Slack
	if c.API == "" {
		return // the section is not there
	}
	s.checkSlackIDs(c)
	s.checkSlackAPI(c.API)
	if d.Address == "" {
		s.say("$.address", "write the address that people open, for a trial http://127.0.0.1:8470", "cards link to the inbox")
	}
	for i, domain := range c.BindByMail {
		if !domainName.MatchString(domain) || !strings.Contains(domain, ".") {
			s.say(fmt.Sprintf("$.slack.bind-by-mail[%d]", i), "write the domain alone, such as example.org", "%s is no domain", quote(domain))
		}
	}
	switch {
	case s.spoilt("$.slack.app-token") || s.spoilt("$.slack.signing-secret"):
	case !c.AppToken.Given() && !c.SigningSecret.Given():
		s.say("$.slack", "write `app-token` for Socket Mode, which needs no way in from outside, or `signing-secret` for HTTP", "nothing that is said in Slack would arrive")
	case c.OldSigningSecret.Given() && !c.SigningSecret.Given():
		s.say("$.slack.old-signing-secret", "write the new one as `signing-secret`; the old one counts beside it, for the day in which Slack may still use it", "the new signing secret is missing")
	case c.AppToken.Given(): // what HTTP misses is no loss
	case d.Listen == "":
		s.say("$.listen", "write `listen` and let the proxy pass /slack/ to it, or use Socket Mode: `app-token`", "Slack's requests would find nobody")
	case public != nil && loopback(public.Hostname()) && !loopbackAPI(c.API):
		s.say("$.address", "write the public address, or use Socket Mode: `app-token`", "Slack can't reach this machine's own address")
	}
}

func (s *source) checkSlackIDs(c Slack) {
	if c.App != "" && !slackApp.MatchString(c.App) {
		s.say("$.slack.app", "it begins with A: api.slack.com/apps, the app, Basic Information", "%s is no id of an app", quote(c.App))
	}
	if len(c.Teams) == 0 {
		s.say("$.slack.team", "write the workspace's id: `team: T0123456789`", "no workspace would be listened to")
	}
	for i, team := range c.Teams {
		if !slackTeam.MatchString(team) {
			s.say(fmt.Sprintf("$.slack.team[%d]", i), "it begins with T, and stands in the address of Slack in a browser", "%s is no id of a workspace", quote(team))
		}
	}
	if c.CasesChannel != "" && !slackChannel.MatchString(c.CasesChannel) {
		s.say("$.slack.cases-channel", "it begins with C, and stands at the end of the channel's details; its name can change", "%s is no id of a channel", quote(c.CasesChannel))
	}
}

// checkSlackAPI lets tokens go to Slack alone, or stay on this machine.
func (s *source) checkSlackAPI(api string) {
	const hint = "write https://slack.com/api/, https://slack-gov.com/api/ for GovSlack, or an address of this machine for a trial"
	u, err := url.Parse(api)
	slack := err == nil && u.Scheme == "https" && (u.Host == "slack.com" || u.Host == "slack-gov.com") && u.Path == "/api/"
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !slack && !loopbackAPI(api) {
		s.say("$.slack.api", hint, "the tokens would go to %s", quote(api))
	}
}

func loopbackAPI(api string) bool {
	u, err := url.Parse(api)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && loopback(u.Hostname())
}

// checkSlackSecrets holds the opened secrets to the shapes that Slack gives
// them: the wrong one of several would be told only by Slack, and late.
func (s *source) checkSlackSecrets(c Slack) {
	if v := c.BotToken.value; v != "" && !strings.HasPrefix(v, "xoxb-") {
		hint := "it begins with xoxb-: the app's page, OAuth & Permissions, Bot User OAuth Token"
		if strings.HasPrefix(v, "xoxe.") {
			hint = "turn token rotation off in the app's OAuth & Permissions: a token that expires needs a new installation of the app"
		}
		s.fault(s.find(c.BotToken.path), hint, "bot-token is no token of a bot")
	}
	if v := c.AppToken.value; v != "" && !strings.HasPrefix(v, "xapp-") {
		s.fault(s.find(c.AppToken.path), "it begins with xapp-: the app's page, Basic Information, App-Level Tokens, with connections:write", "app-token is no app-level token")
	}
	for _, secret := range []Secret{c.SigningSecret, c.OldSigningSecret} {
		const least = 16 // Slack's have 32; far shorter ones could be guessed
		v := secret.value
		if v != "" && (len(v) < least || strings.ContainsAny(v, " \t\r\n") || strings.HasPrefix(v, "xox") || strings.HasPrefix(v, "xapp-")) {
			s.fault(s.find(secret.path), "32 letters and digits: the app's page, Basic Information, App Credentials, Signing Secret", "this is no signing secret")
		}
	}
}
