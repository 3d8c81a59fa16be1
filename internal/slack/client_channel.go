package slack

import (
	"context"
	"time"

	"github.com/slack-go/slack"
)

// glance is whether a channel is shared, and when Slack said it.
type glance struct {
	shared bool
	at     time.Time
}

// IsShared reports whether people of other organisations are in a channel, or
// about to be, now or within the last minute. Slack answers this fifty times a
// minute for everybody together: somebody who types one command after the other
// would use that up.
func (c *Client) IsShared(ctx context.Context, channel string) (shared bool, err error) {
	if shared, known := c.knownChannel(channel); known {
		return shared, nil
	}
	now := c.o.Now()
	err = c.call(ctx, ConversationInfo, channel, func(ctx context.Context, api *slack.Client) error {
		r, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
		if err != nil {
			return err
		}
		shared = r.IsExtShared || r.IsPendingExtShared
		return wants(r.ID)
	})
	if err != nil {
		return false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.channels) >= mostSeen {
		clear(c.channels)
	}
	c.channels[channel] = glance{shared, now}
	return shared, nil
}

// knownChannel is what Slack said of a channel within the last minute.
func (c *Client) knownChannel(channel string) (shared, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, found := c.channels[channel]
	age := c.o.Now().Sub(g.at)
	return g.shared, found && age >= 0 && age < fresh
}

// ForgetChannel drops what is known of a channel: Slack said that it changed.
func (c *Client) ForgetChannel(channel string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.channels, channel)
}
