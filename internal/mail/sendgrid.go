package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sendgrid/rest"
	"github.com/sendgrid/sendgrid-go"
	gridmail "github.com/sendgrid/sendgrid-go/helpers/mail"

	"gangway/internal/outbox"
)

// SendGrid is the account that takes our mails instead of a mail server.
type SendGrid struct {
	// Key is asked at every mail, so that it can change; nil: mails leave through
	// Server.
	Key func() (string, error)
	// Region is global or eu; empty: global.
	Region string
	// Host is asked instead of the region's; it is https, or on this machine.
	Host string
	// EventsKey is the public key of the signed event webhook, in base64; empty:
	// Events takes nothing.
	EventsKey string
	// Patience bounds a call; 0: 30 s.
	Patience time.Duration
}

// messageArg is the custom argument by which SendGrid's events name our mail.
const messageArg = "gangway_message"

// mostReply is how much is read of what SendGrid says, in bytes.
const mostReply = 64 << 10

// whole fills in what follows from the rest.
func (g SendGrid) whole() (SendGrid, error) {
	host, known := map[string]string{"": "https://api.sendgrid.com", "global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}[g.Region]
	if !known {
		return g, FaultyError{fmt.Sprintf("%.40q is no region of SendGrid", g.Region), "write global or eu"}
	}
	if g.Host == "" {
		g.Host = host
	}
	u, err := url.Parse(g.Host)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return g, FaultyError{"SendGrid's key would cross the network in the clear", "SendGrid is reached by https"}
	}
	if g.Patience <= 0 {
		g.Patience = 30 * time.Second
	}
	return g, nil
}

// eventsKey is the public key; nil: there is none. Another curve than SendGrid's is
// refused: what checks signatures takes no other.
func (g SendGrid) eventsKey() (*ecdsa.PublicKey, error) {
	if g.EventsKey == "" {
		return nil, nil
	}
	fault := FaultyError{"the key of SendGrid's events is no public key of P-256", "copy the verification key that SendGrid shows beside the event webhook"}
	der, err := base64.StdEncoding.DecodeString(g.EventsKey)
	if err != nil {
		return nil, fault
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fault
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, fault
	}
	return key, nil
}

// bySendGrid carries through SendGrid. The HTTP client is shared; a SendGrid
// client is not: its body is, and mails that leave at once would be lost and
// doubled (sendgrid-go#347).
type bySendGrid struct {
	grid SendGrid
	http *http.Client
}

func newBySendGrid(g SendGrid) *bySendGrid {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: g.Patience,
		ResponseHeaderTimeout: g.Patience, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: mostReply}
	return &bySendGrid{grid: g, http: &http.Client{Timeout: g.Patience, Transport: short{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// short ends replies that never end: the library reads all of one.
type short struct{ http.RoundTripper }

func (s short) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, mostReply), resp.Body}
	return resp, nil
}

// reach has nothing to do: every mail is a call of its own.
func (b *bySendGrid) reach(context.Context) error { return nil }

func (b *bySendGrid) rest() { b.http.CloseIdleConnections() }

func (b *bySendGrid) carry(ctx context.Context, w *outgoing, t outbox.Try) (outbox.Settled, error) {
	c := outbox.Call{Tries: t.Tries, First: t.First, Now: t.Now}
	key, err := b.grid.Key()
	if err != nil {
		return c.Settle(), ServerError{"reading SendGrid's key", "check the file or variable that holds it", err}
	}
	request := sendgrid.GetRequest(key, "/v3/mail/send", b.grid.Host)
	request.Method = rest.Post
	request.Body = gridmail.GetRequestBody(w.forSendGrid())
	heard := false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { heard = true }})
	reply, err := (&rest.Client{HTTPClient: b.http}).SendWithContext(ctx, request)
	c.Heard = heard
	if err == nil {
		c.Status, c.Wait = reply.StatusCode, waitOf(reply.Headers, t.Now)
	}
	if c.Down() {
		return c.Settle(), gridError(c.Status, err)
	}
	return c.Settle(), nil
}

// waitOf is for how long SendGrid asks us to wait.
func waitOf(headers map[string][]string, now time.Time) time.Duration {
	h := http.Header(headers)
	if seconds, err := strconv.Atoi(h.Get("Retry-After")); err == nil && seconds > 0 && seconds < 1<<20 {
		return time.Duration(seconds) * time.Second
	}
	if reset, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err == nil && h.Get("X-RateLimit-Remaining") == "0" {
		return max(time.Unix(reset, 0).Sub(now), 0)
	}
	return 0
}

func gridError(status int, err error) error {
	if err == nil {
		err = fmt.Errorf("status %d", status)
	}
	switch status {
	case 401:
		return ServerError{"signing in at SendGrid", "check the API key, and that it may send mail", err}
	case 403:
		return ServerError{"being let send by SendGrid", "the sender must be verified there: authenticate the domain of `from`", err}
	}
	return ServerError{"calling SendGrid", "see status.sendgrid.com, and that this machine may reach it", err}
}

// forSendGrid is the mail as SendGrid's v3 API wants it. Nothing in it but the
// text and the addresses may be about people: SendGrid keeps arguments and
// categories for ever, and shows them to its staff.
func (w *outgoing) forSendGrid() *gridmail.SGMailV3 {
	m := gridmail.NewV3Mail()
	m.SetFrom(gridmail.NewEmail(w.from.Name, w.from.Address))
	m.Subject = w.subject
	if w.replyTo != "" {
		m.SetReplyTo(gridmail.NewEmail("", w.replyTo))
	}
	to := gridmail.NewPersonalization()
	to.AddTos(gridmail.NewEmail(w.to.Name, w.to.Address))
	to.SetCustomArg(messageArg, w.message)
	m.AddPersonalizations(to)
	m.SetHeader("Message-ID", "<"+w.message+">")
	for _, h := range w.headers {
		m.SetHeader(h.name, h.value)
	}
	m.AddContent(gridmail.NewContent("text/plain", w.text), gridmail.NewContent("text/html", w.html))
	if w.invite != nil {
		// The API takes no parameter here; readers find the method in the text.
		m.AddContent(gridmail.NewContent("text/calendar", string(w.invite.text)))
		m.AddAttachment(gridmail.NewAttachment().SetType("application/ics").SetFilename("invite.ics").SetDisposition("attachment").
			SetContent(base64.StdEncoding.EncodeToString(w.invite.text)))
	}
	m.AddCategories("gangway")
	off := false
	m.SetTrackingSettings(gridmail.NewTrackingSettings().
		SetClickTracking(gridmail.NewClickTrackingSetting().SetEnable(off).SetEnableText(off)). // it would lead links through another host
		SetOpenTracking(gridmail.NewOpenTrackingSetting().SetEnable(off)).
		SetSubscriptionTracking(gridmail.NewSubscriptionTrackingSetting().SetEnable(off)))
	return m
}

// check asks what the key may do, without sending anything.
func (b *bySendGrid) check(ctx context.Context) error {
	key, err := b.grid.Key()
	if err != nil {
		return ServerError{"reading SendGrid's key", "check the file or variable that holds it", err}
	}
	request := sendgrid.GetRequest(key, "/v3/scopes", b.grid.Host)
	request.Method = rest.Get
	reply, err := (&rest.Client{HTTPClient: b.http}).SendWithContext(ctx, request)
	if err != nil {
		return gridError(0, err)
	}
	var may struct {
		Scopes []string `json:"scopes"`
	}
	switch {
	case reply.StatusCode != http.StatusOK:
		return gridError(reply.StatusCode, nil)
	case json.Unmarshal([]byte(reply.Body), &may) != nil || !slices.Contains(may.Scopes, "mail.send"):
		return ServerError{"asking SendGrid what the key may do", "give the API key the right Mail Send", errors.New("it may not send mail")}
	}
	return nil
}
