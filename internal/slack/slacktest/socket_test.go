package slacktest

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// line is a hand-written client of Socket Mode: it answers as it is told.
type line struct {
	*websocket.Conn
	hello object
	came  chan object // envelopes and goodbyes; closed with the connection
	pings chan string
	write sync.Mutex
}

func ticket(t *testing.T, s *Server) string {
	t.Helper()
	_, said := send(t, request(t, s, "apps.connections.open", "application/x-www-form-urlencoded", "", s.Options().AppToken))
	return fine(t, said)["url"].(string)
}

func connect(t *testing.T, s *Server) *line {
	t.Helper()
	conn, resp, err := websocket.DefaultDialer.Dial(ticket(t, s), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	l := &line{Conn: conn, came: make(chan object, 100), pings: make(chan string, 100)}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.ReadJSON(&l.hello); err != nil {
		t.Fatal(err)
	}
	conn.SetPingHandler(func(text string) error {
		select {
		case l.pings <- text:
		default:
		}
		return conn.WriteControl(websocket.PongMessage, []byte(text), time.Now().Add(time.Second))
	})
	go func() {
		defer close(l.came)
		for {
			var m object
			if conn.ReadJSON(&m) != nil {
				return
			}
			l.came <- m
		}
	}()
	return l
}

func (l *line) next(t *testing.T) object {
	t.Helper()
	m, open := <-l.came
	if !open {
		t.Fatal("the connection has ended")
	}
	return m
}

func (l *line) ack(t *testing.T, m, payload object) {
	t.Helper()
	l.write.Lock()
	defer l.write.Unlock()
	answer := object{"envelope_id": m["envelope_id"]}
	if payload != nil {
		answer["payload"] = payload
	}
	if err := l.WriteJSON(answer); err != nil {
		t.Error(err)
	}
}

// beginning does something that waits, and hands out what came of it.
func beginning(t *testing.T, do func() (Outcome, error)) <-chan Outcome {
	t.Helper()
	out := make(chan Outcome, 1)
	go func() {
		o, err := do()
		if err != nil {
			t.Error(err)
		}
		out <- o
	}()
	return out
}

func TestSocket(t *testing.T) {
	t.Parallel()
	s := start(t, Options{PingEvery: 20 * time.Millisecond})
	l := connect(t, s)
	if l.hello["type"] != "hello" || l.hello["num_connections"] != 1.0 || under(l.hello, "connection_info", "app_id") != "A0TEST" ||
		under(l.hello, "debug_info", "host") == nil {
		t.Errorf("hello is %v", l.hello)
	}
	<-l.pings
	<-l.pings
	channel, ts := card(t, s)
	out := beginning(t, func() (Outcome, error) { return s.Click("U0ANA", channel, ts, "approve") })
	m := l.next(t)
	if m["type"] != "interactive" || m["envelope_id"] == "" || under(m, "payload", "type") != "block_actions" || m["accepts_response_payload"] != false || m["retry_attempt"] != nil {
		t.Errorf("the envelope is %v", m)
	}
	l.ack(t, m, nil)
	if o := <-out; !o.Acked || o.Saw != "" {
		t.Errorf("the click came to %v", o)
	}
	said := fine(t, call(t, s, "views.open", "trigger_id", under(m, "payload", "trigger_id").(string), "view", with("a")))
	out = beginning(t, func() (Outcome, error) {
		return s.Submit("U0ANA", under(said, "view", "id").(string), url.Values{"why": {"too dear"}})
	})
	m = l.next(t)
	l.ack(t, m, object{"response_action": "errors", "errors": object{"why": "try again"}})
	if o := <-out; !o.Acked || o.Errors["why"] != "try again" || m["accepts_response_payload"] != true {
		t.Errorf("submitting came to %v, %v", o, m)
	}
	out = beginning(t, func() (Outcome, error) { return s.Slash("U0ANA", channel, "/vendor", "help") })
	m = l.next(t)
	if m["type"] != "slash_commands" || under(m, "payload", "command") != "/vendor" || under(m, "payload", "text") != "help" {
		t.Errorf("the envelope is %v", m)
	}
	l.ack(t, m, object{"text": "Here you are"})
	<-out
	if all := s.Messages(channel); all[len(all)-1].Text != "Here you are" || all[len(all)-1].Ephemeral != "U0ANA" {
		t.Errorf("the messages are %v", all)
	}
	out = beginning(t, func() (Outcome, error) { return s.OpenHome("U0ANA") })
	m = l.next(t)
	if m["type"] != "events_api" || m["retry_attempt"] != 0.0 || under(m, "payload", "event", "type") != "app_home_opened" {
		t.Errorf("the envelope is %v", m)
	}
	l.ack(t, m, nil)
	<-out
	if f := s.Faults(); len(f) != 0 {
		t.Errorf("faults: %v", f)
	}
}

func TestTicketIsGoodOnce(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	to := ticket(t, s)
	for i, want := range []int{http.StatusSwitchingProtocols, http.StatusForbidden} {
		conn, resp, err := websocket.DefaultDialer.Dial(to, nil)
		if resp == nil || resp.StatusCode != want {
			t.Errorf("dial %d: %v %v", i, resp, err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
}

func TestEachEnvelopeGoesToOneSocket(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	lines := []*line{connect(t, s), connect(t, s)}
	channel, ts := card(t, s)
	const clicks = 10
	var counts [2]int
	for range clicks {
		out := beginning(t, func() (Outcome, error) { return s.Click("U0ANA", channel, ts, "approve") })
		var m object
		var at int
		select {
		case m = <-lines[0].came:
		case m = <-lines[1].came:
			at = 1
		}
		counts[at]++
		lines[at].ack(t, m, nil)
		<-out
	}
	if counts != [2]int{clicks / 2, clicks / 2} || len(s.Deliveries()) != clicks {
		t.Errorf("%v envelopes", counts)
	}
}

func TestDeadSocket(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	first := connect(t, s)
	channel, ts := card(t, s)
	out := beginning(t, func() (Outcome, error) { return s.Click("U0ANA", channel, ts, "approve") })
	m := first.next(t)
	second := connect(t, s)
	if err := first.Close(); err != nil { // it read the envelope and died
		t.Fatal(err)
	}
	again := second.next(t)
	if again["envelope_id"] != m["envelope_id"] || again["retry_attempt"] != 1.0 || again["retry_reason"] != "connection_failed" {
		t.Errorf("once more: %v", again)
	}
	second.ack(t, again, nil)
	if o := <-out; !o.Acked || o.Delivery.Attempt != 1 {
		t.Errorf("the click came to %v", o)
	}
}

func TestUnacknowledgedEnvelope(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Patience: 200 * time.Millisecond})
	lines := []*line{connect(t, s), connect(t, s)}
	channel, ts := card(t, s)
	out := beginning(t, func() (Outcome, error) { return s.Click("U0ANA", channel, ts, "approve") })
	var first object
	at := 0
	select {
	case first = <-lines[0].came:
	case first = <-lines[1].came:
		at = 1
	}
	// One for the other in between, so that it would be the same one's turn.
	between := beginning(t, func() (Outcome, error) { return s.Slash("U0BO", "C0OPEN", "/vendor", "help") })
	lines[1-at].ack(t, lines[1-at].next(t), nil)
	<-between
	if o := <-out; o.Acked || o.Saw != broken {
		t.Errorf("the click came to %v", o)
	}
	again := lines[1-at].next(t)
	if again["envelope_id"] != first["envelope_id"] || again["retry_attempt"] != 1.0 || again["retry_reason"] != "timeout" {
		t.Errorf("once more: %v", again)
	}
	lines[1-at].ack(t, again, nil)
}

func TestNoSocket(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Patience: 20 * time.Millisecond})
	out := done(t)(s.Slash("U0ANA", "C0OPEN", "/vendor", "help"))
	if out.Saw != `/vendor failed with the error "dispatch_failed"` {
		t.Errorf("nobody is there: %v", out)
	}
}

func TestDisconnects(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, reason := range []string{"refresh_requested", "link_disabled"} {
		l := connect(t, s)
		if !s.Disconnect(0, reason) {
			t.Fatal("there was no socket")
		}
		if m := l.next(t); m["type"] != "disconnect" || m["reason"] != reason || under(m, "debug_info", "host") == nil {
			t.Errorf("goodbye is %v", m)
		}
		if _, open := <-l.came; open {
			t.Error("it goes on")
		}
	}
	l := connect(t, s)
	s.Disconnect(0, "warning")
	if m := l.next(t); m["reason"] != "warning" || s.Connections() != 1 {
		t.Errorf("the warning is %v", m)
	}
	channel, ts := card(t, s)
	out := beginning(t, func() (Outcome, error) { return s.Click("U0ANA", channel, ts, "approve") })
	l.ack(t, l.next(t), nil) // it still works
	<-out
	s.Advance(warned)
	if _, open := <-l.came; open {
		t.Error("it outlives its warning")
	}
	if err := s.Wait(t.Context(), func() bool { return s.Connections() == 0 }); err != nil {
		t.Fatal(err)
	}
	l = connect(t, s)
	s.Disconnect(0, "")
	if m, open := <-l.came; open {
		t.Errorf("it is not cut without a word: %v", m)
	}
	if s.Disconnect(0, "") {
		t.Error("there is a socket left")
	}
}

func TestTooManySockets(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for range mostSockets {
		connect(t, s)
	}
	if l := connect(t, s); l.hello["type"] != "disconnect" || l.hello["reason"] != "too_many_websockets" {
		t.Errorf("the eleventh is told %v", l.hello)
	}
	if n := s.Connections(); n != mostSockets {
		t.Errorf("%d are open", n)
	}
}

func TestBadAcknowledgements(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Patience: 100 * time.Millisecond})
	l := connect(t, s)
	channel, ts := card(t, s)
	out := beginning(t, func() (Outcome, error) { return s.Click("U0ANA", channel, ts, "approve") })
	m := l.next(t)
	l.ack(t, m, object{"text": strings.Repeat("a", largestAck)})
	l.ack(t, object{"envelope_id": "other"}, nil)
	if err := l.WriteMessage(websocket.TextMessage, []byte("{")); err != nil {
		t.Fatal(err)
	}
	if o := <-out; o.Acked {
		t.Error("an acknowledgement that is too large counts")
	}
	if err := s.Wait(t.Context(), func() bool { return len(s.Faults()) == 3 }); err != nil {
		t.Fatalf("%v: %v", err, s.Faults())
	}
}

func TestSameEnvelopeOnceMore(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	l := connect(t, s)
	channel, ts := card(t, s)
	out := beginning(t, func() (Outcome, error) { return s.Click("U0ANA", channel, ts, "approve") })
	first := l.next(t)
	l.ack(t, first, nil)
	o := <-out
	again := beginning(t, func() (Outcome, error) { return s.Deliver(o.Delivery), nil })
	second := l.next(t)
	l.ack(t, second, nil)
	if o := <-again; !o.Acked || first["envelope_id"] != second["envelope_id"] || under(first, "payload", "trigger_id") != under(second, "payload", "trigger_id") {
		t.Errorf("once more: %v %v", o, second)
	}
}

func TestEventsComeAgainOverSockets(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Patience: 100 * time.Millisecond})
	if out := done(t)(s.Event("user_change", "U0ANA")); out.Acked {
		t.Fatal("nobody was there to take it")
	}
	l := connect(t, s)
	s.Advance(time.Minute + time.Second)
	m := l.next(t) // at once, or after a minute
	if m["type"] != "events_api" || m["retry_attempt"] == 0.0 || m["retry_reason"] == "" || under(m, "payload", "event", "type") != "user_change" {
		t.Errorf("the retry is %v", m)
	}
	again := l.next(t) // it was not acknowledged
	if again["envelope_id"] == m["envelope_id"] || under(again, "payload", "event_id") != under(m, "payload", "event_id") {
		t.Errorf("the next retry is %v", again)
	}
	l.ack(t, again, nil)
}
