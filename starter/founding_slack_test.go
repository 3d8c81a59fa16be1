package main

import (
	"slices"

	"github.com/rogpeppe/go-internal/testscript"

	"gangway/internal/slack"
	"gangway/internal/slack/slacktest"
)

// neededScopes are those that the bot's calls need.
func neededScopes() []string {
	scopes := []string{"commands"}
	for _, m := range slack.Methods() {
		if !m.AppLevel && m.Scope != "" {
			scopes = append(scopes, m.Scope)
		}
		scopes = append(scopes, m.More...)
	}
	return scopes
}

// lendSlack gives a script a Slack of its own, with the tokens of an app there.
func lendSlack(env *testscript.Env) error {
	s, err := slacktest.New(slacktest.Options{Scopes: neededScopes()})
	if err != nil {
		return err
	}
	env.Defer(func() { _ = s.Close() })
	env.Values["slack"] = s
	o := s.Options()
	env.Setenv("SLACK", s.URL())
	env.Setenv("SLACK_APP", o.App)
	env.Setenv("SLACK_TEAM", o.Team)
	env.Setenv("GANGWAY_SLACK_BOT_TOKEN", o.BotToken)
	env.Setenv("GANGWAY_SLACK_APP_TOKEN", o.AppToken)
	return nil
}

// grant lets the app have all scopes that it needs but those that are named.
func grant(ts *testscript.TestScript, _ bool, without []string) {
	s, is := ts.Value("slack").(*slacktest.Server)
	if !is {
		ts.Fatalf("there is no Slack here")
	}
	s.Grant(slices.DeleteFunc(neededScopes(), func(scope string) bool { return slices.Contains(without, scope) })...)
}
