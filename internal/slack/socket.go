package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// Numbers of Socket Mode.
const (
	// pairOf connections stand at a time, so that one is there while the other is
	// made anew. Slack allows an app ten, for all its processes.
	pairOf = 2
	// quiet is how long Slack may send no ping before a connection counts as dead.
	quiet = 30 * time.Second
	// mostAcknowledged is the size of an acknowledgement from which on Slack drops
	// it without a word (slack-go, socketmode, maxResponseSize), in bytes.
	mostAcknowledged = 20 << 10
	// oneFrame is the write buffer: larger than any acknowledgement, since Slack
	// does not put continued frames together again (slack-go, the same place).
	oneFrame = 32 << 10
	// leaving is how long a connection that Slack asked to end is still read after
	// its successor stands, and how long the last deliveries get when the process
	// ends.
	leaving = 5 * time.Second
	// steady is how long a connection has to live for its end not to count as
	// another failure in a row.
	steady      = time.Minute
	firstPause  = time.Second
	longestWait = time.Minute
	writeWithin = 5 * time.Second
	dialWithin  = 15 * time.Second
)

// SwitchedOffError says that Slack ended Socket Mode for the app: it is switched
// off in the app's settings.
type SwitchedOffError struct{}

// Error says so.
func (SwitchedOffError) Error() string { return "Slack says that Socket Mode is off for the app" }

// Permanent: it stays so until somebody switches it on.
func (SwitchedOffError) Permanent() bool { return true }

// Hint says where.
func (SwitchedOffError) Hint() string {
	return "switch Socket Mode on in the app's settings (api.slack.com/apps), then start gangway again"
}

// socket is Socket Mode: connections that we open to Slack, over which it
// delivers. Slack's own client ends a connection before it opens the next, starts
// as many goroutines as envelopes come and never acknowledges an event that it
// can't parse; so the loop is ours.
type socket struct {
	take taker
	// open asks Slack for the address of one new connection.
	open   func(ctx context.Context) (address string, err error)
	log    *slog.Logger
	quiet  time.Duration
	paused func(ctx context.Context, d time.Duration) error
	// standing counts the connections over which Slack said hello.
	standing atomic.Int32
	// slots bounds what is being taken at a time; while all are full nothing more
	// is read, and Slack keeps it.
	slots chan struct{}
}

// mostAtOnce is how many deliveries are taken at a time, each within three
// seconds.
const mostAtOnce = 64

// Socket takes what Slack delivers over Socket Mode until ctx ends or Slack says
// for good that it can't be: a token that is none, Socket Mode switched off.
func (h *Handler) Socket(ctx context.Context) error {
	s := newSocket(h, h.client.connection, h.log)
	h.socket.Store(s)
	return s.run(ctx)
}

// connection asks Slack for the address of a new connection. A ticket is part of
// it, so it must not be logged.
func (c *Client) connection(ctx context.Context) (address string, err error) {
	err = c.call(ctx, OpenConnection, "", func(ctx context.Context, api *slack.Client) error {
		_, address, err = api.StartSocketModeContext(ctx)
		if err != nil {
			return err
		}
		if !c.isSocket(address) {
			return errEmpty
		}
		return nil
	})
	return address, err
}

// isSocket reports whether an address is one to connect to: encrypted, as Slack's
// are, or on this machine where the Web API is too. People's words pass there.
func (c *Client) isSocket(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return false
	}
	api, err := url.Parse(c.o.API)
	here := err == nil && loopback(api.Hostname())
	return u.Scheme == "wss" || u.Scheme == "ws" && here && loopback(u.Hostname())
}

func newSocket(t taker, open func(ctx context.Context) (string, error), log *slog.Logger) *socket {
	return &socket{take: t, open: open, log: log, quiet: quiet, paused: pause, slots: make(chan struct{}, mostAtOnce)}
}

// run keeps the pair of connections. The first permanent error ends both.
func (s *socket) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ends := make(chan error, pairOf)
	for range pairOf {
		go func() {
			ends <- s.keep(ctx)
			cancel()
		}()
	}
	var first error
	for range pairOf {
		err := <-ends
		if first == nil && err != nil {
			first = fmt.Errorf("keeping Socket Mode connected: %w", err)
		}
	}
	return first
}

// keep keeps one connection of the pair: the next is opened before the one that
// Slack wants to end is left, and with a pause after one that broke.
func (s *socket) keep(ctx context.Context) error {
	var read sync.WaitGroup // connections, those that are being left too
	defer read.Wait()
	left := func() {} // the connection before
	for failures := 0; ; {
		l, err := s.connect(ctx, left)
		if err == nil {
			began := time.Now()
			read.Go(func() { s.serve(ctx, l) })
			select {
			case <-l.next:
			case <-ctx.Done():
				return nil
			}
			left, err = l.end, l.why
			if err == nil || time.Since(began) > steady {
				failures = 0
			}
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			continue // Slack asked for another: no pause, the old one is still read
		case permanent(err):
			return err
		}
		failures++
		wait := waitFor(failures, err)
		s.log.Warn("a Socket Mode connection is made anew", "failures", failures, "wait", wait, "error", err)
		if s.paused(ctx, wait) != nil {
			return nil
		}
	}
}

// waitFor doubles with each failure in a row, up to a minute, and is never less
// than Slack says; some of it is random, so that a pair does not march in step.
func waitFor(failures int, err error) time.Duration {
	wait := min(firstPause<<min(failures-1, 10), longestWait)
	wait = wait/2 + rand.N(wait/2)
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		wait = max(wait, later.RetryAfter())
	}
	return wait
}

// sock is one connection.
type sock struct {
	conn  *websocket.Conn
	write sync.Mutex
	// next is closed when another connection should be opened instead; why, nil
	// if Slack asked for it, is written before.
	next  chan struct{}
	once  sync.Once
	why   error
	hello bool
	// greeted is called with the hello: from then on Slack delivers here, and the
	// connection before is left.
	greeted func()
	ended   atomic.Bool
}

// alive gives it time until the next ping.
func (l *sock) alive(d time.Duration) {
	_ = l.conn.SetReadDeadline(time.Now().Add(d)) // it fails only when the connection is gone
	if l.ended.Load() {                           // after the deadline was set: whichever comes last ends it
		_ = l.conn.SetReadDeadline(time.Now())
	}
}

// end ends reading; what is being taken is acknowledged before it is closed.
func (l *sock) end() {
	l.ended.Store(true)
	_ = l.conn.SetReadDeadline(time.Now())
}

// replace says once that another connection should be opened.
func (l *sock) replace(why error) {
	l.once.Do(func() { l.why = why; close(l.next) })
}

// connect makes a connection. left ends the one before; it is called a while
// after the new one stands, since what was routed to the old is still on its way.
func (s *socket) connect(ctx context.Context, left func()) (*sock, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	address, err := s.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("asking for a Socket Mode address: %w", err)
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: dialWithin, WriteBufferSize: oneFrame}
	conn, res, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, errors.New("the Socket Mode address can't be reached") // the error may quote the ticket in it
	}
	_ = res.Body.Close() // the handshake's, which is over
	conn.SetReadLimit(MaxBody)
	return &sock{conn: conn, next: make(chan struct{}), greeted: func() { time.AfterFunc(leaving, left) }}, nil
}

// envelope is what Slack sends over a connection ("Using Socket Mode").
type envelope struct {
	Type    string          `json:"type"`
	ID      string          `json:"envelope_id"`
	Reason  string          `json:"reason"`
	Payload json.RawMessage `json:"payload"`
	Retry   int             `json:"retry_attempt"`
	Accepts bool            `json:"accepts_response_payload"`
}

// serve reads a connection until it breaks, is left or ctx ends. What is being
// taken then is acknowledged before it is closed.
func (s *socket) serve(ctx context.Context, l *sock) {
	var taking sync.WaitGroup
	l.alive(s.quiet)
	l.conn.SetPingHandler(func(data string) error {
		l.alive(s.quiet)
		return l.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWithin))
	})
	// Reading ends at once when the process ends: what comes then is another's.
	stop := context.AfterFunc(ctx, l.end)
	defer stop()
	for {
		_, text, err := l.conn.ReadMessage()
		if err != nil {
			l.replace(fmt.Errorf("reading a Socket Mode connection: %w", shut(err)))
			break
		}
		var e envelope
		if json.Unmarshal(text, &e) != nil {
			s.log.Warn("an envelope of Slack's can't be read")
			continue
		}
		if s.control(l, e) {
			continue
		}
		at := time.Now()
		s.slots <- struct{}{} // each is free again within Take's bound
		taking.Go(func() {
			defer func() { <-s.slots }()
			s.deliver(ctx, l, e, at)
		})
	}
	taking.Wait()
	if l.hello {
		s.standing.Add(-1)
	}
	_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(writeWithin))
	err := l.conn.Close()
	if err != nil {
		s.log.Info("closing a Socket Mode connection", "error", err)
	}
}

// shut is what a broken connection is told by: without Slack's words.
func shut(err error) error {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		return fmt.Errorf("it was closed with %d", closed.Code)
	}
	return err
}

// control takes what Slack says about the connection itself.
func (s *socket) control(l *sock, e envelope) bool {
	switch e.Type {
	case "hello":
		if !l.hello {
			l.hello = true
			s.standing.Add(1)
			l.greeted()
		}
		return true
	case "disconnect":
		s.log.Info("Slack asks for another Socket Mode connection", "reason", e.Reason)
		switch e.Reason {
		case "warning", "refresh_requested":
			l.replace(nil) // the successor is opened first; this one is read on until then
		case "link_disabled":
			l.replace(SwitchedOffError{})
			l.end()
		default: // too_many_websockets, and whatever else there will be
			l.replace(fmt.Errorf("a Socket Mode connection was ended: %.40q", e.Reason))
			l.end()
		}
		return true
	}
	return e.ID == ""
}

// deliver hands over one envelope and acknowledges it when it was taken.
func (s *socket) deliver(ctx context.Context, l *sock, e envelope, at time.Time) {
	// An end of the process does not break off what has begun: it has its own bound.
	ctx = context.WithoutCancel(ctx)
	kind := map[string]DeliveryKind{"interactive": Interactive, "slash_commands": Command, "events_api": Event}[e.Type]
	var reply Reply
	if kind != "" { // what we don't know is acknowledged, or it would come again
		reply = s.take.Take(ctx, Delivery{Kind: kind, Body: e.Payload, ID: e.ID, Retry: max(e.Retry, 0), At: at})
	}
	if reply.Lost {
		return
	}
	text, err := json.Marshal(acknowledgement(e, reply))
	if err != nil || len(text) >= mostAcknowledged {
		s.log.Error("an acknowledgement is too large or can't be written; Slack gets none of its payload", "kind", string(kind), "size", len(text), "error", err)
		text, _ = json.Marshal(acknowledgement(e, Reply{})) // an id alone can be written
	}
	l.write.Lock()
	defer l.write.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeWithin)) // it fails only when the connection is gone
	err = l.conn.WriteMessage(websocket.TextMessage, text)
	if err != nil {
		s.log.Warn("an acknowledgement did not reach Slack; it delivers again", "kind", string(kind), "error", err)
	}
}

// ack is what Slack wants back for an envelope.
type ack struct {
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func acknowledgement(e envelope, r Reply) ack {
	if !e.Accepts {
		return ack{ID: e.ID}
	}
	return ack{ID: e.ID, Payload: r.Body}
}

// pause waits, or fails when ctx ends first.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting: %w", ctx.Err())
	}
}

// permanent reports whether an error says that trying again is of no use.
func permanent(err error) bool {
	var last interface{ Permanent() bool }
	return errors.As(err, &last) && last.Permanent()
}
