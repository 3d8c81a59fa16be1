package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	netmail "net/mail"
	"net/url"
	"strings"
	"sync"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Store is what mail needs of the record and the working tables.
type Store interface {
	PutLetter(ctx context.Context, l outbox.Letter) error
	Letter(ctx context.Context, id string) (outbox.Letter, error)
	Letters(ctx context.Context, w outbox.Which) ([]outbox.Letter, error)
	// TakeLetters is false where another worker was quicker.
	TakeLetters(ctx context.Context, m outbox.Mail) (bool, error)
	SettleLetters(ctx context.Context, message string, s outbox.Settled) (bool, error)
	SettleWaiting(ctx context.Context, ids []string, s outbox.Settled) error
	GiveUpLetters(ctx context.Context, before, now time.Time) (int, error)
	ToldLetter(ctx context.Context, id string) error
	PurgeLetters(ctx context.Context, before time.Time) error
	EndedCases(ctx context.Context) ([]string, error)
	LastDigest(ctx context.Context, person string) (string, error)
	Person(ctx context.Context, id string) (p playbook.Person, revision int, err error)
	// CaseHead is a case without its requests.
	CaseHead(ctx context.Context, id string) (dossier.CaseView, error)
	// Case is a case with them.
	Case(ctx context.Context, id string) (dossier.CaseView, error)
	Request(ctx context.Context, id string) (review.Request, error)
	Vendor(ctx context.Context, slug string) (string, bool, error)
	// Get opens a document; NotFound for one that was erased.
	Get(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error)
	PutTicket(ctx context.Context, t access.Ticket) error
	// AnswerLine is the entry that an answer or act left; Text what was written
	// with it before it is filed.
	AnswerLine(ctx context.Context, answer string) (dossier.Line, bool, error)
	Text(ctx context.Context, answer string) (review.Text, bool, error)
	// SealedCheckpoint is that of a case's sealed dossier that holds so many lines; found
	// is false where it was sealed with others since. NotFound: it is not sealed yet.
	SealedCheckpoint(ctx context.Context, id string, lines int) (s outbox.Seal, found bool, err error)
	// NewMailEvent is true for the first of the events with that id.
	NewMailEvent(ctx context.Context, id string, at time.Time) (first bool, err error)
}

// Noter takes what a case should know: desk.
type Noter interface {
	Note(ctx context.Context, n review.Note) error
}

// Elsewhere is the channels that somebody may prefer to mail.
type Elsewhere interface {
	// Tells reports whether one of them reaches the person and comes first for them.
	Tells(ctx context.Context, person string) (bool, error)
}

// TLS is how a mail server is spoken to.
type TLS string

// Ways to speak to a mail server.
const (
	STARTTLS TLS = "starttls" // a server that does not offer it is refused
	Implicit TLS = "implicit"
	Plain    TLS = "none" // only to this machine
)

// Server is the mail server that takes our mails.
type Server struct {
	Host string
	// Port; 0: 587 for STARTTLS, 465 for Implicit, 25 for Plain.
	Port int
	// TLS; empty: STARTTLS. Its certificate is always checked against Host.
	TLS TLS
	// User signs in where it is not empty, in the best way that the server offers.
	User string
	// Password is asked at every connection, so that it can change.
	Password func() (string, error)
	// Token signs in instead of a password.
	Token Token
	// Roots are who may vouch for the server; nil: the machine's.
	Roots *x509.CertPool
	// Patience bounds each reply; 0: 30 s. The reply after a mail's end has four
	// times as long: servers scan then.
	Patience time.Duration
}

// Options is what a Post needs. Store, Key, Address, From and
// Server.Host, or a Key of SendGrid, must be there.
type Options struct {
	Store Store
	Key   access.Key
	// Address is the public URL under which links are reached.
	Address string
	// From is whom mails come from: an address, or a name and an address.
	From string
	// Bounces is the domain of the envelope's sender; empty: the one of From.
	Bounces string
	Server  Server
	// SendGrid takes the mails instead of Server where it has a Key.
	SendGrid SendGrid
	// Replies is the address that answers go to, with a plus and a ticket before its
	// @; empty: answers by mail are not read.
	Replies string
	// Client is who writes to vendors; empty: the domain of From.
	Client string
	// Witness is the address that is mailed the checkpoint of every sealed case; empty:
	// nobody is.
	Witness string
	// Phone is where somebody confirms that a mail is genuine, where the owner of
	// the case has no number.
	Phone string
	// Notes learns of mails that failed for good; nil: they only stand in the rows.
	Notes Noter
	// Elsewhere tells whom another channel tells what became of what they asked
	// for; nil: nobody.
	Elsewhere Elsewhere
	// Holidays are the sets that people's hours name.
	Holidays []calendar.HolidaySet
	Log      *slog.Logger
	// Now is the real clock; nil: time.Now.
	Now func() time.Time
	// Every is how often the rows of other processes are looked for; 0: 5 s.
	Every time.Duration
}

// Post is mail as a channel, and the loop that sends.
type Post struct {
	o     Options
	from  *netmail.Address
	wake  chan struct{}
	round sync.Mutex // held by Deliver
	// carrier is under round.
	carrier   carrier
	eventsKey *ecdsa.PublicKey // nil: events are not taken
	// owed are outcomes that the store would not take; under round.
	owed   []owed
	purged time.Time
}

// New checks the options and returns a Post that has sent nothing yet.
func New(o Options) (*Post, error) {
	if o.Store == nil || len(o.Key) < 32 {
		return nil, errors.New("setting up mail: it needs a store and a key of 32 bytes")
	}
	from, err := netmail.ParseAddress(o.From)
	if err != nil || !plainAddress(from.Address) {
		return nil, FaultyError{what: fmt.Sprintf("%.100q is no address that mails could come from", o.From), hint: "write one such as gangway@example.org"}
	}
	u, err := url.Parse(o.Address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, FaultyError{what: fmt.Sprintf("%.100q is no address that links could begin with", o.Address), hint: "write one such as https://gangway.example.org"}
	}
	o.Address = strings.TrimRight(o.Address, "/")
	if o.Bounces == "" {
		o.Bounces = domainOf(from.Address)
	}
	p := Post{from: from, wake: make(chan struct{}, 1)}
	if p.eventsKey, err = o.SendGrid.eventsKey(); err != nil {
		return nil, err
	}
	if p.carrier, err = o.newCarrier(); err != nil {
		return nil, err
	}
	if o.Replies != "" && !replyable(o.Replies) {
		return nil, FaultyError{what: fmt.Sprintf("%.100q is no address for answers", o.Replies), hint: "write one such as gangway@example.org, with at most 37 letters before the @"}
	}
	if o.Client = textLine(o.Client, maxName); o.Client == "" {
		o.Client = domainOf(from.Address)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every <= 0 {
		o.Every = 5 * time.Second
	}
	p.o = o
	return &p, nil
}

func (o Options) newCarrier() (carrier, error) {
	if o.SendGrid.Key != nil {
		grid, err := o.SendGrid.whole()
		if err != nil {
			return nil, err
		}
		return newBySendGrid(grid), nil
	}
	server, err := o.Server.whole()
	if err != nil {
		return nil, err
	}
	return &byServer{server: server}, nil
}

func (p *Post) now() time.Time { return p.o.Now().UTC().Round(0) }

// Channel names it.
func (p *Post) Channel() string { return "mail" }

// Show keeps a letter for the notice's person; shown is false for somebody who
// left or has no address. The same notice again changes nothing.
func (p *Post) Show(ctx context.Context, n review.Notice) (shown bool, err error) {
	who, reachable, err := p.recipient(ctx, n.Person)
	if err != nil || !reachable {
		return false, err
	}
	v, err := p.o.Store.CaseHead(ctx, n.Case)
	if err != nil {
		return false, fmt.Errorf("reading the case of a notice: %w", err)
	}
	kind := outbox.Asked
	if n.Why == playbook.WhyReminder || n.Why == playbook.WhyUnread {
		kind = outbox.Reminder
	}
	if endsForVendor(n.Why) {
		kind = outbox.Outcome
	}
	l := outbox.Letter{ID: n.ID, Person: n.Person, Kind: kind, Why: n.Why, Case: n.Case, Requests: n.Requests, Rehearsal: v.Rehearsal, Outside: isOutside(who, &v), At: n.At, Made: p.now()}
	if err := p.PutLetter(ctx, l); err != nil {
		return false, fmt.Errorf("keeping a notice: %w", err)
	}
	return true, nil
}

// isOutside: the person is of the vendor that the case is about, or of neither side, or a
// contact of the vendor who takes over; none of them has an account.
func isOutside(who playbook.Person, v *dossier.CaseView) bool {
	return who.Employer != "" && (who.Employer == v.Vendor || who.Employer == review.OutsideRole || playbook.IsContact(who.ID))
}

// recipient is somebody, and whether mail reaches them.
func (p *Post) recipient(ctx context.Context, id string) (playbook.Person, bool, error) {
	if id == outbox.Witness {
		return playbook.Person{ID: id, Mail: p.o.Witness}, plainAddress(p.o.Witness), nil
	}
	who, _, err := p.o.Store.Person(ctx, id)
	if isMissing(err) {
		return who, false, nil
	}
	if err != nil {
		return who, false, fmt.Errorf("looking up a recipient: %w", err)
	}
	return who, !who.Left && plainAddress(who.Mail), nil
}

// Follow tells the requester of the case when a request is closed, unless another
// channel does. Mails that were sent can't follow; their links lead to the request
// as it is.
func (p *Post) Follow(ctx context.Context, c review.Copy) error {
	if !c.Closed {
		return nil
	}
	return p.outcome(ctx, c.Request, false)
}

// Tidings tells the requester of a case what became of a request, or, without
// one, of the case, whoever else was to: another channel could not.
func (p *Post) Tidings(ctx context.Context, caseID, request string) error {
	if request != "" {
		return p.outcome(ctx, request, true)
	}
	return p.tellEnd(ctx, caseID, true)
}

func (p *Post) outcome(ctx context.Context, request string, surely bool) error {
	r, err := p.o.Store.Request(ctx, request)
	if err != nil {
		return fmt.Errorf("reading a closed request: %w", err)
	}
	if r.Closed == nil || !isOutcome(r.Closed.Why) {
		return nil
	}
	v, err := p.o.Store.CaseHead(ctx, r.Case)
	if err != nil {
		return fmt.Errorf("reading the case of a closed request: %w", err)
	}
	if err := p.tellVendor(ctx, &v, &r); err != nil {
		return err
	}
	return p.tellRequester(ctx, &v, surely, outbox.Letter{ID: fmt.Sprintf("outcome/%s/%d", request, r.Closed.At.Unix()), Requests: []string{request}, At: r.Closed.At})
}

// tellVendor keeps a letter for each of the vendor's people who were asked, so that
// nobody goes on working for a request that is over.
func (p *Post) tellVendor(ctx context.Context, v *dossier.CaseView, r *review.Request) error {
	for _, id := range vendorSeats(r) {
		who, reachable, err := p.recipient(ctx, id)
		if err != nil {
			return err
		}
		if !reachable || !isOutside(who, v) {
			continue
		}
		l := outbox.Letter{ID: fmt.Sprintf("outcome/%s/%d/%s", r.ID, r.Closed.At.Unix(), id), Person: id, Kind: outbox.Outcome, Case: v.ID,
			Requests: []string{r.ID}, Rehearsal: v.Rehearsal, Outside: true, At: r.Closed.At, Made: p.now()}
		if err := p.PutLetter(ctx, l); err != nil {
			return fmt.Errorf("keeping an outcome for a vendor: %w", err)
		}
	}
	return nil
}

// isOutcome: what is superseded or reopened goes on elsewhere and is no news.
func isOutcome(why string) bool { return why != "superseded" && why != "reopened" }

// tellRequester keeps a letter for the requester, unless another channel tells
// them; surely: it doesn't.
func (p *Post) tellRequester(ctx context.Context, v *dossier.CaseView, surely bool, l outbox.Letter) error {
	_, reachable, err := p.recipient(ctx, v.Requester)
	if err != nil {
		return err
	}
	if p.o.Elsewhere != nil && !surely {
		elsewhere, err := p.o.Elsewhere.Tells(ctx, v.Requester)
		if err != nil {
			return fmt.Errorf("asking whether somebody is told elsewhere: %w", err)
		}
		if elsewhere {
			return nil
		}
	}
	if !reachable && l.Why != outbox.WhyEnded {
		return nil
	}
	l.Person, l.Kind, l.Case, l.Rehearsal, l.Made = v.Requester, outbox.Outcome, v.ID, v.Rehearsal, p.now()
	if !reachable { // kept all the same, so that the case isn't looked at for ever
		l.State = outbox.Dropped
		if l.Person == "" {
			l.Person = v.Owner
		}
	}
	if err := p.PutLetter(ctx, l); err != nil {
		return fmt.Errorf("keeping an outcome: %w", err)
	}
	return nil
}

// PutLetter keeps a letter and wakes the loop. Nothing is waited for.
func (p *Post) PutLetter(ctx context.Context, l outbox.Letter) error {
	if l.Made.IsZero() {
		l.Made = p.now()
	}
	if l.Next.IsZero() {
		l.Next = outbox.First(l, l.Made)
	}
	if l.Kind == outbox.SignIn && l.Until.IsZero() {
		l.Until = l.Made.Add(access.LinkFor)
	}
	if err := p.o.Store.PutLetter(ctx, l); err != nil {
		return fmt.Errorf("putting a letter into the outbox: %w", err)
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
	return nil
}

// Again sends a letter once more that failed, or of which nothing is known: a
// new letter that names the old. Saying it twice sends it once.
func (p *Post) Again(ctx context.Context, id string) (outbox.Letter, error) {
	old, err := p.o.Store.Letter(ctx, id)
	if err != nil {
		return outbox.Letter{}, fmt.Errorf("looking up a letter to send again: %w", err)
	}
	l, err := outbox.Repeat(old, p.now())
	if err != nil {
		return outbox.Letter{}, err
	}
	return l, p.PutLetter(ctx, l)
}
