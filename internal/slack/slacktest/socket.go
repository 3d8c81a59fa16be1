package slacktest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// mostSockets is how many an app may have open.
	mostSockets = 10
	// largestAck is what an acknowledgement may carry, in bytes; a larger one is
	// dropped without a word.
	largestAck = 20 << 10
	// warned is how long a connection lives after a warning.
	warned = 10 * time.Second
)

// socket is one connection of the app's.
type socket struct {
	conn *websocket.Conn
	dead chan struct{} // closed when it is gone
	mu   sync.Mutex    // one writer at a time
}

func (c *socket) write(v any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.writeLocked(v)
}

// writeLocked is write for one that holds c.mu.
func (c *socket) writeLocked(v any) error {
	if err := c.conn.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	return c.conn.WriteJSON(v)
}

// envelope is a delivery over sockets that is or was waited for.
type envelope struct {
	acked  chan struct{}
	answer []byte
}

// connectionsOpen hands out an address that is good for one connection.
func (s *Server) connectionsOpen(args) (answer, error) {
	ticket := secret()
	s.tickets[ticket] = true
	return answer{"url": "ws://" + s.listener.Addr().String() + "/link/?ticket=" + ticket + "&app_id=" + s.o.App}, nil
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	good := s.tickets[ticket]
	delete(s.tickets, ticket)
	s.mu.Unlock()
	if !good {
		http.Error(w, "the ticket is used up or unknown", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // the ticket is what lets in
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // it has been answered
	}
	c := &socket{conn: conn, dead: make(chan struct{})}
	c.mu.Lock() // nothing goes before the hello, whatever is delivered meanwhile
	s.mu.Lock()
	n := len(s.sockets) + 1
	if n <= mostSockets {
		s.sockets = append(s.sockets, c)
		s.touch()
	}
	s.mu.Unlock()
	defer s.drop(c)
	var first any = map[string]any{"type": "hello", "num_connections": n, "connection_info": map[string]any{"app_id": s.o.App},
		"debug_info": map[string]any{"host": "applink-test", "build_number": 10, "approximate_connection_time": 18060}}
	if n > mostSockets {
		first = goodbye("too_many_websockets")
	}
	err = c.writeLocked(first)
	c.mu.Unlock()
	if err != nil || n > mostSockets {
		return
	}
	s.beside(func() { s.ping(c) })
	done := make(chan struct{})
	s.beside(func() { <-done }) // Close waits for the reading too
	defer close(done)
	s.listen(c)
}

func goodbye(reason string) map[string]any {
	return map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-test"}}
}

func (s *Server) ping(c *socket) {
	tick := time.NewTicker(s.o.PingEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if c.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink-test"), time.Now().Add(5*time.Second)) != nil {
				_ = c.conn.Close() // listen notices
				return
			}
		case <-c.dead:
			return
		case <-s.ended:
			_ = c.conn.Close() // listen notices
			return
		}
	}
}

// listen takes acknowledgements until the connection is gone; one that does not
// answer pings is.
func (s *Server) listen(c *socket) {
	alive := func() { _ = c.conn.SetReadDeadline(time.Now().Add(6 * s.o.PingEvery)) } // fails on a dead one, as the read will
	c.conn.SetPongHandler(func(string) error { alive(); return nil })
	for {
		alive()
		_, raw, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		s.acknowledge(raw)
	}
}

func (s *Server) acknowledge(raw []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ack struct {
		Envelope string          `json:"envelope_id"`
		Payload  json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(raw, &ack) != nil || ack.Envelope == "" {
		s.fault("a message over a socket is no acknowledgement")
		return
	}
	if len(raw) >= largestAck {
		s.fault("an acknowledgement of %d bytes is dropped, the limit is %d", len(raw), largestAck)
		return
	}
	e := s.envelopes[ack.Envelope]
	if e == nil {
		s.fault("an acknowledgement is for an envelope that never was")
		return
	}
	select {
	case <-e.acked: // again, or late
	default:
		e.answer = ack.Payload
		close(e.acked)
	}
}

func (s *Server) drop(c *socket) {
	_ = c.conn.Close() // it may be gone
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.sockets, c); i >= 0 {
		s.sockets = slices.Delete(slices.Clone(s.sockets), i, i+1)
	}
	close(c.dead)
	s.touch()
}

// Connections is how many sockets the app has open.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Disconnect tells the app that a socket is going to end, counted from 0 and the
// oldest first: warning leaves it for ten seconds of the workspace's clock,
// refresh_requested and link_disabled end it. Without a reason it is cut without a
// word. It says whether there was such a socket.
func (s *Server) Disconnect(which int, reason string) bool {
	s.mu.Lock()
	if which < 0 || which >= len(s.sockets) {
		s.mu.Unlock()
		return false
	}
	c := s.sockets[which]
	s.mu.Unlock()
	if reason != "" {
		_ = c.write(goodbye(reason)) // it is closed either way
	}
	if reason != "warning" {
		_ = c.conn.Close() // it may be gone
		<-c.dead
		return true
	}
	end := s.Now().Add(warned)
	s.beside(func() {
		s.sleep(end, c.dead)
		_ = c.conn.Close() // it may be gone
	})
	return true
}

// sleep waits until a time of the workspace's clock, a reason to stop, or the end.
func (s *Server) sleep(until time.Time, stop <-chan struct{}) {
	for {
		changed, _ := s.Changed()
		left := until.Sub(s.Now())
		if left <= 0 {
			return
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-changed:
		case <-stop:
			left = 0
		case <-s.ended:
			left = 0
		}
		timer.Stop()
		if left == 0 {
			return
		}
	}
}

// next is the socket that the next envelope goes to, in turn, not the one that it
// went to before unless there is no other.
func (s *Server) next(not *socket) *socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range len(s.sockets) {
		s.turn++
		if c := s.sockets[s.turn%len(s.sockets)]; c != not || len(s.sockets) == 1 {
			return c
		}
	}
	return nil
}

// overSocket sends an envelope and waits for its acknowledgement. Where the socket
// dies it goes out over another at once; where nothing comes in time, once more
// afterwards. Events have retries of their own.
func (s *Server) overSocket(ctx context.Context, d Delivery) Outcome {
	e := s.envelope(d.Envelope)
	out, last := s.send(ctx, d, e, nil)
	if out.Acked || last == nil || d.Kind == Events {
		return out
	}
	s.beside(func() {
		ctx, cancel := s.until(context.Background())
		defer cancel()
		ctx, end := context.WithTimeout(ctx, s.o.Patience)
		defer end()
		again := out.Delivery
		again.Attempt, again.Reason = again.Attempt+1, "timeout"
		_, _ = s.send(ctx, again, e, last) // nobody waits for it any more
	})
	return out
}

// envelope is where the acknowledgement of an id is waited for. One that was
// acknowledged is waited for anew: it is sent once more on purpose.
func (s *Server) envelope(id string) *envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.envelopes) > most { // those of long ago
		s.envelopes = map[string]*envelope{}
	}
	e := &envelope{acked: make(chan struct{})}
	s.envelopes[id] = e
	return e
}

func (s *Server) send(ctx context.Context, d Delivery, e *envelope, last *socket) (Outcome, *socket) {
	for {
		c := s.next(last)
		if c == nil { // none is open, one may come
			if err := s.Wait(ctx, func() bool { return s.Connections() > 0 }); err != nil {
				return Outcome{Delivery: d, why: "dispatch_failed"}, last
			}
			continue
		}
		last = c
		s.log(d)
		message := map[string]any{"envelope_id": d.Envelope, "payload": d.Payload, "type": d.Kind, "accepts_response_payload": accepts(d)}
		if d.Kind == Events || d.Attempt > 0 {
			message["retry_attempt"], message["retry_reason"] = d.Attempt, d.Reason
		}
		if c.write(message) == nil {
			select {
			case <-e.acked:
				return Outcome{Delivery: d, Acked: true, Answer: e.answer}, c
			case <-ctx.Done():
				return Outcome{Delivery: d, why: "timeout"}, c
			case <-c.dead:
			}
		}
		select {
		case <-e.acked: // its last word
			return Outcome{Delivery: d, Acked: true, Answer: e.answer}, c
		default:
		}
		d.Attempt, d.Reason = d.Attempt+1, "connection_failed"
		_ = c.conn.Close() // a socket that can't be written to
		select {
		case <-c.dead:
		case <-ctx.Done():
		}
	}
}

// accepts: the acknowledgement may answer something.
func accepts(d Delivery) bool {
	return d.Kind == Command || d.Kind == Interactive && !strings.Contains(string(d.Payload), `"type":"block_actions"`)
}
