package assembly

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/desk"
	"gangway/internal/mail"
	"gangway/internal/outbox"
	"gangway/internal/review"
)

// notes hands what mail has to say to the desk, which is made after it: the desk
// has sign-in letters to send.
type notes struct{ desk *desk.Desk }

// Note tells the case.
func (n *notes) Note(ctx context.Context, note review.Note) error { return n.desk.Note(ctx, note) }

// post sets mail up; nil where a deployment has none.
func post(a *archive.Archive, key access.Key, to *notes, other *elsewhere, o Options) (*mail.Post, error) {
	if o.Mail.From == "" {
		return nil, nil
	}
	mo, err := mailOptions(o)
	if err != nil {
		return nil, err
	}
	mo.Store, mo.Key, mo.Notes, mo.Elsewhere = a, key, to, other
	mo.Holidays, err = config.AllHolidays()
	if err != nil {
		return nil, fmt.Errorf("reading the holidays for mail: %w", err)
	}
	p, err := mail.New(mo)
	if err != nil {
		return nil, fmt.Errorf("setting up mail: %w", err)
	}
	return p, nil
}

// mailOptions is what a deployment says of how mail leaves.
func mailOptions(o Options) (mail.Options, error) {
	server, err := mailServerOf(o.Mail.SMTP)
	if err != nil {
		return mail.Options{}, err
	}
	mo := mail.Options{Address: o.Address, From: o.Mail.From, Bounces: o.Mail.Bounces, Server: server,
		Client: o.Client.Name, Phone: o.Client.Phone, Witness: o.Mail.Witness, Log: o.Log}
	if o.Mail.SendGrid.Region != "" {
		mo.SendGrid = sendGridOf(o.Mail.SendGrid)
	}
	if o.Mail.Inbox.Host != "" {
		mo.Replies = o.Mail.Inbox.Address
	}
	return mo, nil
}

func mailServerOf(s config.SMTP) (mail.Server, error) {
	token, err := tokensOf(s.OAuth, s.User)
	if err != nil {
		return mail.Server{}, fmt.Errorf("setting up how the mail server is signed in to: %w", err)
	}
	return mail.Server{Host: s.Host, Port: s.Port, TLS: mail.TLS(s.TLS), User: s.User,
		Password: func() (string, error) { return s.Password.Value(), nil }, Token: token}, nil
}

func sendGridOf(s config.SendGrid) mail.SendGrid {
	return mail.SendGrid{Key: func() (string, error) { return s.Key.Value(), nil }, Region: s.Region, EventsKey: s.EventsKey}
}

// eventsPath is where SendGrid tells what became of mails.
const eventsPath = "/mail/events"

// behindEvents serves what SendGrid tells before the pages: it is signed, has no
// session, and is not for a browser.
func behindEvents(p *mail.Post, taken bool, pages http.Handler) http.Handler {
	if p == nil || !taken {
		return pages
	}
	events := p.Events()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == eventsPath {
			events.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// within is how far ahead letters are looked at that wait for another try.
const within = 72 * time.Hour

// mailPart is how mail is doing: late when a letter should have left a while ago,
// or was tried and has been waiting for that long.
func (h *House) mailPart(ctx context.Context) Part {
	if h.Mail == nil {
		return Part{State: stateOff}
	}
	now := time.Now()
	letters, err := h.Archive.Letters(ctx, outbox.Which{By: outbox.ByDue, Now: now.Add(within)})
	if err != nil {
		return Part{State: stateAway}
	}
	var oldest time.Duration
	for _, l := range letters {
		switch {
		case l.Tries > 0:
			oldest = max(oldest, now.Sub(l.Made))
		default:
			oldest = max(oldest, now.Sub(l.Next))
		}
	}
	part := Part{State: stateOK}
	if oldest > 0 {
		part.Oldest = oldest.Round(time.Second).String()
	}
	if oldest > lateMail {
		part.State = stateLate
	}
	return part
}

// letters is mail as the pages of operators see it.
type letters struct {
	archive *archive.Archive
	post    *mail.Post
}

// Trouble lists what arrived nowhere, or nobody knows where.
func (l letters) Trouble(ctx context.Context) ([]outbox.Letter, error) {
	return l.archive.Letters(ctx, outbox.Which{By: outbox.ByTrouble})
}

// Again sends one of them once more.
func (l letters) Again(ctx context.Context, id string) (outbox.Letter, error) {
	return l.post.Again(ctx, id)
}

// Bounced takes a mail server's report.
func (l letters) Bounced(ctx context.Context, report []byte) error {
	b, err := mail.ReadBounce(report)
	if err != nil {
		return fmt.Errorf("reading a bounce: %w", err)
	}
	return l.post.Bounced(ctx, b)
}
