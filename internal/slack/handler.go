package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/access"
	"gangway/internal/outbox"
)

// Bounds of a delivery. Slack waits three seconds (Slack, "Handling user
// interaction", acknowledgement response); the rest is for its network.
const (
	takeWithin = 2500 * time.Millisecond
	// tellWithin of it is kept for saying that something was not recorded; before
	// that the desk may take half a second more than it was given, to queue it.
	tellWithin = 800 * time.Millisecond
	// followWithin is for what makes a card follow. What was said is durable by
	// then: it must not wait for that.
	followWithin = 150 * time.Millisecond
)

// shelf is what the inbound side keeps: which copies of a card there are, and
// what the writing side has to look at.
type shelf interface {
	PutTicket(ctx context.Context, t access.Ticket) error
	PutPosting(ctx context.Context, p outbox.Posting) error
	PutPlace(ctx context.Context, p outbox.Place) error
	PlaceAt(ctx context.Context, channel, stamp string) (outbox.Place, error)
}

// Inbound says whose deliveries are taken: those of the app with AppID, in the
// workspaces Teams (on Enterprise Grid also the organisation's id). None: nothing
// is taken.
type Inbound struct {
	AppID string
	Teams []string
}

// Handler takes what Slack delivers, whichever way it comes. Many may use it at
// once.
type Handler struct {
	o      Inbound
	app    *App
	desk   Desk
	client *Client
	store  shelf
	base   string // where the web pages are
	now    func() time.Time
	log    *slog.Logger
	once   once
	socket atomic.Pointer[socket]
	// shut is why Slack takes nothing from us any more; nil: it does.
	shut atomic.Pointer[string]
}

// NewHandler checks whose deliveries are taken. What they lead to is shown by the
// app, whose desk, client, store and key the handler uses.
func NewHandler(a *App, o Inbound) (*Handler, error) {
	switch {
	case a == nil:
		return nil, errors.New("setting up Slack: nothing shows what deliveries lead to")
	case !isID(o.AppID):
		return nil, errors.New("setting up Slack: the id of the app (A…) is missing or none")
	case len(o.Teams) == 0 || slices.ContainsFunc(o.Teams, func(t string) bool { return !isID(t) }):
		return nil, errors.New("setting up Slack: it needs the ids of its workspaces (T…)")
	}
	return &Handler{o: o, app: a, desk: a.o.Desk, client: a.o.Client, store: a.o.Store, base: a.o.Address, now: a.o.Now, log: a.o.Log}, nil
}

// Health is why nothing can come from Slack: the app was removed from the
// workspace, or no Socket Mode connection stands. Nil: all is well.
func (h *Handler) Health() error {
	if why := h.shut.Load(); why != nil {
		return fmt.Errorf("slack: %s", *why)
	}
	if s := h.socket.Load(); s != nil && s.standing.Load() == 0 {
		return errors.New("slack: no Socket Mode connection stands")
	}
	return nil
}

// Take takes one delivery. It returns when what was said is durable, or refused,
// or told to be not recorded; the transport acknowledges after that and never
// before. The same delivery, within an hour, gets the same reply.
func (h *Handler) Take(ctx context.Context, d Delivery) Reply {
	now := h.now()
	left := takeWithin
	if gone := now.Sub(d.At); !d.At.IsZero() && gone > 0 {
		left -= min(gone, takeWithin/2) // never so little that nothing could be said
	}
	within, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	keys := []string{d.key()}
	if d.ID != "" {
		keys = append(keys, "id:"+d.ID)
	}
	for {
		t, first := h.once.begin(now, keys...)
		if first {
			reply, recorded := h.open(within, d, now)
			lost := !recorded && ctx.Err() != nil // the process ends: another one takes it
			if lost {
				reply = Reply{Lost: true}
			}
			h.once.finish(t, reply, recorded, keys...)
			return reply
		}
		reply, kept := t.wait(within)
		if kept {
			return reply
		}
		if within.Err() != nil {
			return Reply{Lost: true}
		}
	}
}

// open reads a delivery and does what it says; recorded is false where the same
// delivery should be tried again.
func (h *Handler) open(ctx context.Context, d Delivery, now time.Time) (reply Reply, recorded bool) {
	defer func() {
		if p := recover(); p != nil {
			broke(h.log, errBroke.Error(), p)
			reply, recorded = Reply{}, false
		}
	}()
	switch d.Kind {
	case Interactive:
		return h.interactive(ctx, d.Body, now)
	case Command:
		return h.command(ctx, d.Body, now)
	case Event:
		return h.event(ctx, d.Body)
	}
	h.log.Warn("a delivery is of no kind that we know")
	return Reply{}, true
}

// interactive tells what was pressed from what was submitted.
func (h *Handler) interactive(ctx context.Context, body []byte, now time.Time) (Reply, bool) {
	c, m, err := readInteraction(body)
	if err != nil {
		return h.ignored(err)
	}
	if m.app != h.o.AppID || !h.ours(c.Team.ID, m) {
		return h.foreign(m)
	}
	switch c.Type {
	case slack.InteractionTypeBlockActions:
		return h.pressed(ctx, press{c: c, m: m, now: now})
	case slack.InteractionTypeViewSubmission:
		return h.submitted(ctx, submission{c: c, m: m, now: now})
	}
	return Reply{}, true // closing a modal decides nothing; others are not offered
}

// ours reports whether a workspace of ours delivers. In a channel that is shared
// with another organisation that is so although the user is of theirs. An install
// of a whole organisation may name no workspace: then the user's counts.
func (h *Handler) ours(team string, m member) bool {
	if team == "" {
		team = m.team
	}
	return slices.Contains(h.o.Teams, team) || m.enterprise != "" && slices.Contains(h.o.Teams, m.enterprise)
}

// foreign is a delivery of another app or workspace (S4). Nobody there is told
// anything: it is not our conversation.
func (h *Handler) foreign(m member) (Reply, bool) {
	h.log.Warn("a delivery of another app or workspace is ignored", "app", m.app, "team", m.team)
	return Reply{}, true
}

// ignored is a delivery that can't be read: Slack would only bring it again.
func (h *Handler) ignored(err error) (Reply, bool) {
	h.log.Warn("a delivery is ignored", "error", err)
	return Reply{}, true
}

// guarded runs what a person's delivery asks for, and ends it while there is time
// to say so. A panic is an error of this delivery alone.
func (h *Handler) guarded(ctx context.Context, do func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			broke(h.log, errBroke.Error(), p)
			err = errBroke
		}
	}()
	if end, bounded := ctx.Deadline(); bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, end.Add(-tellWithin))
		defer cancel()
	}
	return do(ctx)
}

// errBroke stands for a fault of ours.
var errBroke = errors.New("taking a delivery broke")

// broke logs a fault of ours, without what it was about.
func broke(log *slog.Logger, doing string, p any) {
	what := fmt.Sprintf("%T", p)
	if fault, ok := p.(runtime.Error); ok {
		what = fault.Error()
	}
	log.Error(doing, "what", what, "stack", string(debug.Stack()))
}

// notRecorded logs why something was not recorded; who said it is told by the
// caller.
func (h *Handler) notRecorded(m member, err error) {
	h.log.Warn("something said in Slack was not recorded", "team", m.team, "user", m.user, "error", err)
}

// tell says something to one person where they are: in the channel of what they
// pressed, for them alone, else in the app's conversation with them.
func (h *Handler) tell(ctx context.Context, m member, channel, words string) {
	words = clampWords(words)
	if channel != "" {
		err := h.client.Whisper(ctx, channel, m.user, words, nil)
		if err == nil {
			return
		}
		h.log.Info("a private answer could not be shown in its channel", "team", m.team, "user", m.user, "error", err)
	}
	err := h.client.Tell(ctx, m.user, words, nil)
	if err != nil {
		h.log.Warn("a private answer reached nobody", "team", m.team, "user", m.user, "error", err)
	}
}

// mostWords is how long a private answer is at most, in characters (Slack,
// chat.postMessage, truncating content: 4,000 advised).
const mostWords = 3800

func clampWords(words string) string {
	return clamp(words, mostWords, func(r rune) string { return string(r) })
}

// hurry lets the writing side look at a posting at once, after an answer or
// without one. What was said stands whatever becomes of it, and the record wants
// the posting anew anyway.
func (h *Handler) hurry(ctx context.Context, posting, answer string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), followWithin)
	defer cancel()
	err := h.app.Hurry(ctx, outbox.Want{ID: posting}, answer)
	if err != nil {
		h.log.Warn("a posting could not be wanted at once", "posting", posting, "error", err)
	}
}

// packed is a reply in JSON. What is packed are texts and Slack's own types.
func (h *Handler) packed(v any) Reply {
	body, err := json.Marshal(v)
	if err != nil {
		h.log.Error("a reply can't be packed", "error", err)
		return Reply{}
	}
	return Reply{Body: body}
}
