package slack

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// Connection is how Slack is reached.
type Connection struct {
	// API is the base of the Web API; empty: Slack's own.
	API string
	// BotToken (xoxb-) and AppToken (xapp-, for Socket Mode alone) are asked at
	// every call, so that they can change.
	BotToken, AppToken func() (string, error)
	// Teams are the ids of the workspaces (or of the organisation, on Enterprise
	// Grid) whose full members count; none: nobody does.
	Teams []string
	// Patience bounds a call whose context has no earlier end; 0: 10 s.
	Patience time.Duration
	// Now is the real clock; nil: time.Now.
	Now func() time.Time
}

// patience: Slack answers within a second or two, or not at all.
const patience = 10 * time.Second

// Client calls Slack. Every call has an end, none is tried twice, and every
// failure is a *CallError. Its methods can be used by many goroutines.
type Client struct {
	o    Connection
	wire *wireHTTP

	mu   sync.Mutex
	pace *pace
	seen map[string]sighting
	// channels are those that Slack was asked about.
	channels map[string]glance
}

// NewClient checks the connection and calls nobody.
func NewClient(o Connection) (*Client, error) {
	if o.BotToken == nil {
		return nil, errors.New("setting up Slack: it needs a bot token")
	}
	if o.API == "" {
		o.API = slack.APIURL
	}
	u, err := url.Parse(o.API)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return nil, errors.New("setting up Slack: the address of its API is not one with https (or one on this machine)")
	}
	o.API = strings.TrimRight(o.API, "/") + "/" // the library appends the method's name
	if o.Patience <= 0 {
		o.Patience = patience
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{o: o, wire: newWire(), pace: newPace(Methods()), seen: map[string]sighting{}, channels: map[string]glance{}}, nil
}

func loopback(host string) bool { return host == "127.0.0.1" || host == "::1" || host == "localhost" }

// library is slack-go with the tokens of the moment.
func (c *Client) library(method string) (*slack.Client, error) {
	bot, err := c.o.BotToken()
	if err != nil || bot == "" {
		return nil, &CallError{Method: method, Fault: Unready}
	}
	options := []slack.Option{slack.OptionHTTPClient(c.wire), slack.OptionAPIURL(c.o.API), slack.OptionLog(silent{})}
	if c.o.AppToken != nil {
		app, err := c.o.AppToken()
		if err != nil {
			return nil, &CallError{Method: method, Fault: Unready}
		}
		options = append(options, slack.OptionAppLevelToken(app))
	}
	return slack.New(bot, options...), nil
}

// silent keeps the library from logging: what it would say may hold secrets.
type silent struct{}

// Output drops a line.
func (silent) Output(int, string) error { return nil }

// call makes one call: paced by nobody, noted for the pacing of others, with an
// end, and with an error of ours.
func (c *Client) call(ctx context.Context, method, channel string, do func(context.Context, *slack.Client) error) error {
	api, err := c.library(method)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Patience)
	defer cancel()
	c.mu.Lock()
	c.pace.Take(method, channel, c.o.Now())
	c.mu.Unlock()
	err = sorted(method, do(ctx, api))
	if e, ok := callOf(err); ok && e.Fault == Limited {
		c.mu.Lock()
		c.pace.Pause(method, c.o.Now().Add(e.after))
		c.mu.Unlock()
	}
	return err
}

// free says when a method may be called for a channel; not after now: at once.
// The calls of people who wait for an answer don't ask.
func (c *Client) free(method, channel string) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pace.Free(method, channel, c.o.Now())
}

// Identity is whose a token is.
type Identity struct{ Team, Enterprise, User, Bot string }

// Identity asks whose the bot's token is.
func (c *Client) Identity(ctx context.Context) (Identity, error) {
	var id Identity
	err := c.call(ctx, AuthTest, "", func(ctx context.Context, api *slack.Client) error {
		r, err := api.AuthTestContext(ctx)
		if err != nil {
			return err
		}
		id = Identity{Team: r.TeamID, Enterprise: r.EnterpriseID, User: r.UserID, Bot: r.BotID}
		return wants(id.Team, id.User)
	})
	return id, err
}

// Conversation is the id of the app's direct conversation with somebody.
func (c *Client) Conversation(ctx context.Context, user string) (channel string, err error) {
	err = c.call(ctx, OpenConversation, "", func(ctx context.Context, api *slack.Client) error {
		r, _, _, err := api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
		if err != nil {
			return err
		}
		if r == nil {
			return errEmpty
		}
		channel = r.ID
		return wants(channel)
	})
	return channel, err
}

// Post posts a message, into a thread where one is named, and returns its stamp.
// Its error may be Unknown: then it may stand there.
func (c *Client) Post(ctx context.Context, channel, thread, text string, blocks []slack.Block) (stamp string, err error) {
	err = c.call(ctx, PostMessage, channel, func(ctx context.Context, api *slack.Client) error {
		options := worded(text, blocks)
		if thread != "" {
			options = append(options, slack.MsgOptionTS(thread))
		}
		_, ts, err := api.PostMessageContext(ctx, channel, options...)
		if err != nil {
			return err
		}
		stamp = ts
		return wants(stamp)
	})
	return stamp, err
}

// Update brings a message of ours to another text. The blocks are always sent:
// without them Slack keeps the old ones or drops them.
func (c *Client) Update(ctx context.Context, channel, stamp, text string, blocks []slack.Block) error {
	return c.call(ctx, UpdateMessage, channel, func(ctx context.Context, api *slack.Client) error {
		_, ts, _, err := api.UpdateMessageContext(ctx, channel, stamp, worded(text, blocks)...)
		if err != nil {
			return err
		}
		return wants(ts)
	})
}

// Whisper says something in a channel that one person sees, for as long as they
// look.
func (c *Client) Whisper(ctx context.Context, channel, user, text string, blocks []slack.Block) error {
	return c.call(ctx, PostEphemeral, channel, func(ctx context.Context, api *slack.Client) error {
		ts, err := api.PostEphemeralContext(ctx, channel, user, worded(text, blocks)...)
		if err != nil {
			return err
		}
		return wants(ts)
	})
}

// Tell says something to somebody in the app's conversation with them.
func (c *Client) Tell(ctx context.Context, user, text string, blocks []slack.Block) error {
	channel, err := c.Conversation(ctx, user)
	if err != nil {
		return fmt.Errorf("opening the conversation: %w", err)
	}
	_, err = c.Post(ctx, channel, "", text, blocks)
	return err
}

// worded is a message without anything that Slack would add to it: no previews of
// links, which would ask others for pages, and no names made into mentions.
func worded(text string, blocks []slack.Block) []slack.MsgOption {
	if blocks == nil {
		blocks = []slack.Block{}
	}
	return []slack.MsgOption{
		slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...), slack.MsgOptionParse(false),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
}

// OpenModal opens a modal on top of what somebody sees; trigger is of the last
// three seconds.
func (c *Client) OpenModal(ctx context.Context, trigger string, view slack.ModalViewRequest) (id, hash string, err error) {
	err = c.call(ctx, OpenView, "", func(ctx context.Context, api *slack.Client) error {
		r, err := api.OpenViewContext(ctx, trigger, view)
		if err != nil {
			return err
		}
		id, hash = r.ID, r.Hash
		return wants(id)
	})
	return id, hash, err
}

// UpdateModal changes an open modal; hash, where there is one, is of the state
// that the change was made for.
func (c *Client) UpdateModal(ctx context.Context, id, hash string, view slack.ModalViewRequest) error {
	return c.call(ctx, UpdateView, "", func(ctx context.Context, api *slack.Client) error {
		r, err := api.UpdateViewContext(ctx, view, "", hash, id)
		if err != nil {
			return err
		}
		return wants(r.ID)
	})
}

// PublishHome makes a view somebody's home page.
func (c *Client) PublishHome(ctx context.Context, user string, view slack.HomeTabViewRequest) error {
	return c.call(ctx, PublishView, "", func(ctx context.Context, api *slack.Client) error {
		r, err := api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: view})
		if err != nil {
			return err
		}
		return wants(r.ID)
	})
}
