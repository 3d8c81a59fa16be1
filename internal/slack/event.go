package slack

import (
	"context"
	"slices"

	"github.com/slack-go/slack"

	"gangway/internal/outbox"
)

// event takes what Slack says of itself. What is retired, unknown or of nobody is
// taken and ignored: refused, it would only come again.
func (h *Handler) event(ctx context.Context, body []byte) (Reply, bool) {
	e, err := readEvent(body)
	if err != nil {
		return h.ignored(err)
	}
	if e.Type == "url_verification" {
		return h.packed(map[string]string{"challenge": e.Challenge}), true
	}
	m := member{app: e.App, team: e.Team, user: e.user}
	if e.App != h.o.AppID || !slices.Contains(h.o.Teams, e.Team) {
		return h.foreign(m)
	}
	switch e.kind {
	case "app_home_opened":
		return h.homeOpened(ctx, m, e)
	case "user_change":
		h.changed(ctx, m)
	case "app_uninstalled", "tokens_revoked":
		why := "Slack says " + e.kind + ": nobody can be reached there, or answer, until the app is installed again and gangway has its new token"
		h.shut.Store(&why)
		h.log.Error("Slack has shut us out; install the app again and give gangway its new token", "event", e.kind)
	case "channel_shared":
		h.client.ForgetChannel(e.channel)
		h.log.Warn("a channel is shared with another organisation; nothing is answered there", "channel", e.channel)
	}
	return Reply{}, true
}

// homeOpened wants somebody's home page, and shows whoever is not linked how to
// be.
func (h *Handler) homeOpened(ctx context.Context, m member, e happening) (Reply, bool) {
	if e.tab != "home" || m.check() != nil {
		return Reply{}, true
	}
	err := h.guarded(ctx, func(ctx context.Context) error {
		v, err := h.identify(ctx, m)
		if words, told := asideOf(err); told {
			return h.client.PublishHome(ctx, m.user, plainHome(words))
		}
		if err != nil {
			return err
		}
		return h.app.OpenHome(ctx, v.person.ID)
	})
	if err != nil { // it comes again
		h.log.Warn("a home page could not be wanted", "team", m.team, "user", m.user, "error", err)
		return Reply{}, false
	}
	return Reply{}, true
}

// plainHome is the home page of somebody whom nothing waits for.
func plainHome(words string) slack.HomeTabViewRequest {
	text := slack.NewTextBlockObject(slack.MarkdownType, clampWords(words), false, false)
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(text, nil, nil)}}}
}

// changed forgets what was known of a member, so that whoever left or became a
// guest is shut out at once, and lets what they were shown be looked at: somebody
// who left has to hear of it in another way.
func (h *Handler) changed(ctx context.Context, m member) {
	if m.check() != nil {
		return
	}
	h.client.Forget(m.user)
	person, err := h.desk.Who(ctx, Address(m.team, m.user))
	if missing(err) {
		return
	}
	if err == nil {
		err = h.app.Hurry(ctx, outbox.Want{Person: person.ID}, "")
	}
	if err != nil { // each call to Slack says it anew
		h.log.Warn("what a changed member is shown could not be looked at", "team", m.team, "user", m.user, "error", err)
	}
}
