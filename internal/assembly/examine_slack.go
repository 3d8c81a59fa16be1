package assembly

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"gangway/config"
	"gangway/internal/slack"
)

// slackConnection is how a deployment reaches Slack.
func slackConnection(c config.Slack) slack.Connection {
	token := func(s config.Secret) func() (string, error) {
		if !s.Given() {
			return nil
		}
		return func() (string, error) { return s.Value(), nil }
	}
	return slack.Connection{API: c.API, BotToken: token(c.BotToken), AppToken: token(c.AppToken), Teams: c.Teams}
}

// slackApp tries every call that is made to Slack, and whether Slack's requests
// arrive where it sends them over HTTP. Nobody sees anything of it.
func slackApp(ctx context.Context, d config.Deployment) []Finding {
	if d.Slack.App == "" {
		return []Finding{{Part: "slack", Said: "nobody is asked there"}}
	}
	c, err := slack.NewClient(slackConnection(d.Slack))
	if err != nil {
		return []Finding{{Part: "slack", Err: hintedError{fmt.Errorf("reading what is said of Slack: %w", err), "docs/slack.md sets it up"}}}
	}
	var found []Finding
	for _, f := range c.Check(ctx, slack.Expected{App: d.Slack.App, CasesChannel: d.Slack.CasesChannel, ByMail: len(d.Slack.BindByMail) > 0}) {
		found = append(found, Finding{Part: f.Part, Said: f.Said, Err: f.Err})
	}
	if d.Slack.SigningSecret.Given() && d.Address != "" {
		found = append(found, slackDoor(ctx, d.Address))
	}
	return found
}

// slackDoor knocks where Slack sends its requests, without a signature: gangway
// refuses that, and nobody else does so with these words.
func slackDoor(ctx context.Context, address string) Finding {
	const part, path = "slack over http", "/slack/events"
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address+path, strings.NewReader("{}"))
	if err != nil {
		return Finding{Part: part, Err: fmt.Errorf("making a request as Slack would: %w", err)}
	}
	req.Header.Set("Content-Type", "application/json")
	asks := &http.Client{Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := asks.Do(req)
	if err != nil {
		return Finding{Part: part, Err: hintedError{fmt.Errorf("knocking where Slack sends its requests: %w", err), "the proxy must hand /slack/ on, and a worker must run behind it"}}
	}
	_ = answer.Body.Close() // its status says all
	if answer.StatusCode != http.StatusUnauthorized {
		return Finding{Part: part, Err: hintedError{fmt.Errorf("%s answers %d to a request that nobody signed, where gangway answers %d", address+path, answer.StatusCode, http.StatusUnauthorized),
			"the proxy must hand /slack/ on as it is and ask nobody there to sign in; the worker behind it must run with these settings"}}
	}
	return Finding{Part: part, Said: address + path + " is open to Slack, and to nobody else"}
}
