package main

import (
	"context"
	"errors"
	"time"

	"gangway/config"
	"gangway/internal/slack"
)

// mostSlack bounds trying all the calls to Slack: a dozen, each of which takes
// seconds where Slack is hard to reach.
const mostSlack = time.Minute

// examineSlack tries each call that a worker with this configuration makes to
// Slack. Nobody sees anything of it, and nothing is changed.
func (s *session) examineSlack(c config.Slack) []examined {
	if c.App == "" {
		return []examined{well("slack", "nobody is asked there")}
	}
	bot := func() (string, error) { return c.BotToken.Value(), nil }
	o := slack.Connection{API: c.API, BotToken: bot, Teams: c.Teams}
	if c.AppToken.Given() {
		o.AppToken = func() (string, error) { return c.AppToken.Value(), nil }
	}
	client, err := slack.NewClient(o)
	if err != nil {
		return []examined{ill("slack", "docs/slack.md sets it up", "%v", err)}
	}
	ctx, cancel := context.WithTimeout(s.ctx, mostSlack)
	defer cancel()
	var list []examined
	for _, f := range client.Check(ctx, slack.Expected{App: c.App, CasesChannel: c.CasesChannel, ByMail: len(c.BindByMail) > 0}) {
		if f.Err == nil {
			list = append(list, well(f.Part, "%s", f.Said))
			continue
		}
		do := ""
		var hinted interface{ Hint() string }
		if errors.As(f.Err, &hinted) {
			do = hinted.Hint()
		}
		list = append(list, ill(f.Part, do, "%v", f.Err))
	}
	return list
}
