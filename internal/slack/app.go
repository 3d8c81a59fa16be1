package slack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/outbox"
)

// Options is what an App needs. Store, Desk, Client, Key and Address must be
// there.
type Options struct {
	Store  Store
	Desk   Desk
	Client *Client
	Key    access.Key
	// Address is the public URL under which web pages are reached.
	Address string
	// CasesChannel is the id of the channel that has a board for each case; empty:
	// none has.
	CasesChannel string
	// MailDomains are those in which a person is bound to whoever has their mail
	// address in Slack, once; none: nobody is found by mail.
	MailDomains []string
	// Instead has the notices of those whom Slack does not reach; nil: nobody has.
	Instead Instead
	// Holidays are the sets that people's hours name.
	Holidays []calendar.HolidaySet
	Log      *slog.Logger
	// Now is the real clock; nil: time.Now.
	Now func() time.Time
	// Every is how often the rows of other processes are looked for; 0: 2 s.
	Every time.Duration
}

// App is Slack as a channel, and the loop that writes there. Show, Follow and
// Hurry write rows only; Run does the rest.
type App struct {
	o      Options
	holder string // of the lease
	wake   chan struct{}

	mu sync.Mutex
	// first are postings that somebody waits for, with the answer that they gave,
	// if any.
	first map[string]string
	// soon is the earliest instant that is known to be worth a turn.
	soon time.Time

	readings readings

	turns sync.Mutex // held by turn; what follows is under it
	// leased is when the lease was taken last, zero: it isn't held.
	leased time.Time
	// idle: nothing is tried before, since Slack failed several times in a row.
	idle    time.Time
	gleaned gleaned
	// dms are conversations by user; the store has them too.
	dms map[string]string
	// unfound are people whom Slack did not know by mail, and until when that is
	// believed.
	unfound map[string]time.Time
}

// New checks the options and returns an App that has written nothing yet.
func New(o Options) (*App, error) {
	if o.Store == nil || o.Desk == nil || o.Client == nil || len(o.Key) < 32 {
		return nil, errors.New("setting up Slack: it needs a store, a desk, a client and a key of 32 bytes")
	}
	u, err := url.Parse(o.Address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("setting up Slack: %.100q is no address that links could begin with", o.Address)
	}
	o.Address = strings.TrimRight(o.Address, "/")
	domains := make([]string, 0, len(o.MailDomains))
	for _, d := range o.MailDomains {
		domains = append(domains, strings.ToLower(strings.TrimPrefix(d, "@")))
	}
	o.MailDomains = domains
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every <= 0 {
		o.Every = 2 * time.Second
	}
	return &App{o: o, holder: "slack-" + rand.Text(), wake: make(chan struct{}, 1),
		first: map[string]string{}, dms: map[string]string{}, unfound: map[string]time.Time{}}, nil
}

func (a *App) now() time.Time { return a.o.Now().UTC().Round(0) }

// Channel names it.
func (a *App) Channel() string { return Channel }

// Hurry wants postings at once, before all others: somebody waits for them.
// answer is what they said, where it is that which changed; empty: it isn't.
func (a *App) Hurry(ctx context.Context, w outbox.Want, answer string) error {
	now := a.now()
	w.At = now
	if w.ID != "" {
		a.mu.Lock()
		if len(a.first) < mostFirst {
			a.first[w.ID] = answer
		}
		a.mu.Unlock()
	}
	if err := a.o.Store.WantPostings(ctx, w); err != nil {
		return fmt.Errorf("wanting what somebody waits for: %w", err)
	}
	a.stir(now)
	return nil
}

// mostFirst bounds what is kept in mind of those who wait; beyond it they are
// served in the order of their rows.
const mostFirst = 1000

// stir lets the loop know that there is something to look at, then.
func (a *App) stir(at time.Time) {
	a.mu.Lock()
	if a.soon.IsZero() || at.Before(a.soon) {
		a.soon = at
	}
	a.mu.Unlock()
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// isMissing reports whether an error says that something is not there.
func isMissing(err error) bool {
	var missing interface{ NotFound() bool }
	return errors.As(err, &missing) && missing.NotFound()
}

// isInvalid reports whether an error says that the same would be refused again.
func isInvalid(err error) bool {
	var invalid interface{ Invalid() bool }
	return errors.As(err, &invalid) && invalid.Invalid()
}
