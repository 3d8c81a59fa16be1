package mail_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/engagement"
	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/review"
)

// gangwayMail is the address whose mailbox is read.
const gangwayMail = "gangway@gangway.example"

// inbox is a world with a mailbox that is read.
type inbox struct {
	*world
	desk   *counter
	reader *mail.Reader
	box    mail.Mailbox
	seen   map[string]bool
	out    *answers
	mails  int
}

// counter is a desk that writes down what came.
type counter struct {
	mu      sync.Mutex
	answers []review.Answer
	notes   []review.Note
	taken   []string // what documents were delivered
	known   map[string]bool
	reading engagement.Reading
	outcome review.Outcome
	err     error
}

func (c *counter) Answer(_ context.Context, a review.Answer) (review.Outcome, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return review.Outcome{}, c.err
	}
	out := c.outcome
	if out.Status == "" {
		out.Status = review.Counted
	}
	if !c.known[a.ID] { // as desk's receipts do
		c.known[a.ID] = true
		c.answers = append(c.answers, a)
	}
	return out, nil
}

func (c *counter) Note(_ context.Context, n review.Note) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	if !c.known[n.ID] {
		c.known[n.ID] = true
		c.notes = append(c.notes, n)
	}
	return nil
}

func (c *counter) TakeDocument(_ context.Context, who review.Address, request, name, declared string, content []byte) (engagement.Reading, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken = append(c.taken, fmt.Sprintf("%s %s %s %s %d", who.ID, request, name, declared, len(content)))
	r := c.reading
	r.Document = fmt.Sprintf("sha256:%064x", len(content))
	return r, c.err
}

// answers writes down whom the outgoing half was to answer.
type answers struct {
	*mail.Post
	mu   sync.Mutex
	told []outbox.Letter
}

func (a *answers) ReplyToArrival(_ context.Context, l outbox.Letter) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.told {
		if t.Of == l.Of {
			return true, nil
		}
	}
	a.told = append(a.told, l)
	return true, nil
}

func newInbox(t *testing.T, change func(*mail.ReaderOptions)) *inbox {
	t.Helper()
	w := &inbox{world: newWorld(t, mailtest.Options{Inbox: gangwayMail, Catch: []string{"bounces.example.org"}, Largest: 40 << 20}), desk: &counter{known: map[string]bool{}}, seen: map[string]bool{}}
	w.out = &answers{Post: w.post}
	w.box = w.mailbox(nil)
	w.reader = w.newReader(change)
	w.newCase(acme, false)
	return w
}

func (w *inbox) mailbox(change func(*mail.IMAP)) mail.Mailbox {
	w.t.Helper()
	o := mail.IMAP{Host: w.server.Host(), Port: w.server.IMAPPort(), TLS: mail.Plain, User: gangwayMail, Patience: 5 * time.Second,
		Password: func() (string, error) { return w.server.Password(), nil }}
	if change != nil {
		change(&o)
	}
	box, err := mail.NewIMAP(o)
	w.ok(err)
	return box
}

func (w *inbox) newReader(change func(*mail.ReaderOptions)) *mail.Reader {
	w.t.Helper()
	o := mail.ReaderOptions{Mailbox: w.box, Store: w.a, Desk: w.desk, Outgoing: w.out, Now: w.clock, Log: slog.New(slog.NewTextHandler(w.t.Output(), nil)),
		Trust: mail.Trust{LookupTXT: dns}, Every: time.Second}
	if change != nil {
		change(&o)
	}
	r, err := mail.NewReader(o)
	w.ok(err)
	return r
}

// signingKey is the key of every domain but those of nodns.
func signingKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat("s", ed25519.SeedSize)))
}

// dns has a key at every domain.
func dns(name string) ([]string, error) {
	if strings.HasSuffix(name, "down.example") {
		return nil, errors.New("no server answers")
	}
	if !strings.HasPrefix(name, "sel._domainkey.") {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(signingKey().Public().(ed25519.PublicKey))}, nil
}

// sign signs a mail as a domain's server does; fields are what it signs, nil: what
// most do.
func sign(t *testing.T, raw, domain string, fields ...string) string {
	t.Helper()
	if len(fields) == 0 {
		fields = []string{"From", "To", "Subject", "Date", "Message-ID", "Content-Type"}
	}
	var out bytes.Buffer
	err := dkim.Sign(&out, strings.NewReader(raw), &dkim.SignOptions{Domain: domain, Selector: "sel", Signer: signingKey(), HeaderKeys: fields,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// letterOf writes a mail as a mail program does, unsigned. Lines are further fields.
func (w *inbox) letterOf(from, to, subject, text string, lines ...string) string {
	w.mails++
	head := []string{"From: " + from, "To: " + to, "Subject: " + subject, fmt.Sprintf("Date: Mon, 2 Mar 2026 10:%02d:%02d +0100", w.mails/60%60, w.mails%60),
		fmt.Sprintf("Message-ID: <%d@client.example>", w.mails)}
	if !strings.Contains(strings.ToLower(strings.Join(lines, "\n")), "content-type:") {
		lines = append(lines, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8")
	}
	return strings.ReplaceAll(strings.Join(append(head, lines...), "\n")+"\n\n"+text, "\n", "\r\n")
}

// comes delivers a mail to the addresses of its envelope.
func (w *inbox) comes(raw string, to ...string) {
	w.t.Helper()
	if len(to) == 0 {
		to = []string{gangwayMail}
	}
	_, err := w.server.Deliver("somebody@client.example", to, []byte(raw))
	w.ok(err)
}

// asks opens a request to people, and returns it and the address for the first
// one's answer.
func (w *inbox) asks(step string, people ...string) (request, address string) {
	w.t.Helper()
	s := &story{w: w.world, id: acme, n: 1000 * (len(w.seen) + w.mails + 1), at: w.clock().Add(-time.Hour)}
	s.n = w.entries()
	request = s.ask(step, "Legal review", people...)
	return request, w.address(request, 1, people[0])
}

// entries is how many entries the case's process has.
func (w *inbox) entries() int {
	v, err := w.a.Case(w.t.Context(), acme)
	w.ok(err)
	return w.ownEntries(v.Lines)
}

func (w *inbox) ownEntries(lines int) int {
	filed, err := w.a.Arrivals(w.t.Context(), "case", acme, 10_000)
	w.ok(err)
	return lines - len(filed)
}

// address is where somebody's answer goes.
func (w *inbox) address(request string, version int, person string) string {
	w.t.Helper()
	ticket := key().Ticket(request, version, person, "mail")
	w.ok(w.a.PutTicket(w.t.Context(), access.Ticket{Hash: access.Hash(ticket), Request: request, Version: version, Person: person, Channel: "mail", Made: w.clock()}))
	return "gangway+" + ticket + "@gangway.example"
}

// read works off the mailbox and returns what is newly settled.
func (w *inbox) read() []arrivals.Arrival {
	w.t.Helper()
	w.ok(w.reader.Once(w.t.Context()))
	return w.settled()
}

func (w *inbox) settled() []arrivals.Arrival {
	w.t.Helper()
	var fresh []arrivals.Arrival
	for _, by := range []string{"case", string(arrivals.Stray), string(arrivals.Unsafe), string(arrivals.Bounce)} {
		all, err := w.a.Arrivals(w.t.Context(), by, acme, 10_000)
		w.ok(err)
		for _, a := range all {
			if !w.seen[a.ID] && a.State == arrivals.Settled {
				w.seen[a.ID] = true
				fresh = append(fresh, a)
			}
		}
	}
	return fresh
}

// one is the one mail that is newly settled.
func (w *inbox) one() arrivals.Arrival {
	w.t.Helper()
	all := w.read()
	if len(all) != 1 {
		w.t.Fatalf("%d mails were settled, want one: %+v", len(all), all)
	}
	return all[0]
}

// decided are the answers to a request that reached desk.
func (w *inbox) decided(request string) []review.Answer {
	var found []review.Answer
	for _, a := range w.desk.answers {
		if a.Request == request {
			found = append(found, a)
		}
	}
	return found
}

// lies is how many mails lie in a folder.
func (w *inbox) lies(folder string) int { return len(w.server.In(folder)) }
