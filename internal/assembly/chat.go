package assembly

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/desk"
	"gangway/internal/mail"
	"gangway/internal/slack"
)

// chat is Slack in a house: what is written there, and what comes from there.
type chat struct {
	app     *slack.App
	handler *slack.Handler
	// hooks take what Slack sends over HTTP; nil: nothing.
	hooks http.Handler
	// socket: connections are kept over which Slack delivers.
	socket bool
	log    *slog.Logger
}

// openChat sets Slack up; nil where a deployment has none. Nobody is called yet:
// a house opens also while Slack is away.
func openChat(a *archive.Archive, d *desk.Desk, key access.Key, p *mail.Post, o Options) (*chat, error) {
	s := o.Slack
	if s.App == "" {
		return nil, nil
	}
	holidays, err := config.AllHolidays()
	if err != nil {
		return nil, fmt.Errorf("reading the holidays for Slack: %w", err)
	}
	client, err := slack.NewClient(slackConnection(s))
	if err != nil {
		return nil, fmt.Errorf("setting up the calls to Slack: %w", err)
	}
	so := slack.Options{Store: a, Desk: d, Client: client, Key: key, Address: o.Address, CasesChannel: s.CasesChannel,
		MailDomains: s.BindByMail, Holidays: holidays, Log: o.Log}
	if p != nil { // an interface around nil would look like mail
		so.Instead = p
	}
	c := &chat{socket: s.AppToken.Given(), log: o.Log}
	c.app, err = slack.New(so)
	if err != nil {
		return nil, fmt.Errorf("setting up what is written to Slack: %w", err)
	}
	c.handler, err = slack.NewHandler(c.app, slack.Inbound{AppID: s.App, Teams: s.Teams})
	if err != nil {
		return nil, fmt.Errorf("setting up what comes from Slack: %w", err)
	}
	if !s.SigningSecret.Given() {
		return c, nil
	}
	secrets := []string{s.SigningSecret.Value()}
	if s.OldSigningSecret.Given() {
		secrets = append(secrets, s.OldSigningSecret.Value())
	}
	v, err := slack.NewVerifier(time.Now, secrets...)
	if err != nil {
		return nil, fmt.Errorf("setting up how Slack's requests are known: %w", err)
	}
	c.hooks = c.handler.HTTP(v)
	return c, nil
}

// hooksPrefix begins the paths that Slack sends to.
const hooksPrefix = "/slack/"

// behind serves Slack's paths before the pages: what comes there is signed, has
// no session, and is not for a browser.
func (c *chat) behind(pages http.Handler) http.Handler {
	if c == nil || c.hooks == nil {
		return pages
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, hooksPrefix) {
			c.hooks.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// socketAgain is how long Socket Mode rests that Slack refused for good: an
// operator may mend the app meanwhile.
const socketAgain = time.Minute

// listen keeps Socket Mode connected until ctx ends.
func (c *chat) listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := c.handler.Socket(ctx)
		if err != nil && ctx.Err() == nil {
			c.log.Error("Slack takes no connection; it is tried again in a minute", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(socketAgain):
		}
	}
}

// elsewhere tells mail whom Slack tells; it is made before Slack is.
type elsewhere struct{ chat *chat }

// Tells reports whether Slack tells somebody what became of what they asked for.
func (e *elsewhere) Tells(ctx context.Context, person string) (bool, error) {
	if e.chat == nil {
		return false, nil
	}
	return e.chat.app.Tells(ctx, person)
}

// chatPart is how Slack is doing.
func (h *House) chatPart() Part {
	switch {
	case h.chat == nil:
		return Part{State: stateOff}
	case h.chat.handler.Health() != nil:
		return Part{State: stateAway}
	default:
		return Part{State: stateOK}
	}
}
