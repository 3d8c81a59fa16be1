package slack

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/slack/slacktest"
)

// dial runs Socket Mode in front of a lobby until the test ends, and waits for
// both connections.
func (l *lobby) dial(change func(s *socket)) (ended <-chan error, stop func()) {
	l.Helper()
	ctx, cancel := context.WithCancel(l.Context())
	s := newSocket(l.handler, l.client.connection, l.handler.log)
	s.paused = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if change != nil {
		change(s)
	}
	l.handler.socket.Store(s)
	done := make(chan error, 1)
	go func() { done <- s.run(ctx) }()
	l.Cleanup(cancel)
	l.wait(func() bool { return s.standing.Load() == pairOf })
	return done, cancel
}

// wait waits until something of the workspace holds.
func (l *lobby) wait(holds func() bool) {
	l.Helper()
	ctx, cancel := context.WithTimeout(l.Context(), time.Minute)
	defer cancel()
	// Some of it changes here and not there: so it is looked at anew for each ping.
	for !holds() {
		changed, _ := l.slack.Changed()
		select {
		case <-changed:
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			l.Fatalf("it never came to it\n%s", l.logs)
		}
	}
}

func TestSocketClickCounts(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	done, stop := l.dial(nil)
	if n := l.slack.Connections(); n != pairOf {
		t.Errorf("%d connections stand", n)
	}
	if err := l.handler.Health(); err != nil {
		t.Error(err)
	}
	l.acked(l.click("maya", l.card("maya"), approving()))
	out, err := l.slack.Slash("U0MAYA", l.card("maya").channel, "/vendor", "help")
	if err != nil || !out.Acked || !strings.Contains(string(out.Answer), "onboard") {
		t.Errorf("a command over the socket: %v %+v", err, out)
	}
	l.ballots(1)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	l.wait(func() bool { return l.slack.Connections() == 0 })
	if l.handler.Health() == nil {
		t.Error("healthy without a connection")
	}
	l.faultless()
}

// TestSocketSameEnvelopeTwice: an envelope that comes again is the same answer.
func TestSocketSameEnvelopeTwice(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	l.dial(nil)
	out := l.acked(l.click("maya", l.card("maya"), approving()))
	d := out.Delivery
	d.Attempt, d.Reason = 1, "timeout"
	again := l.acked(l.slack.Deliver(d))
	if string(again.Answer) != string(out.Answer) {
		t.Errorf("replied %q, before %q", again.Answer, out.Answer)
	}
	d.Envelope += "-another"
	l.acked(l.slack.Deliver(d))
	l.ballots(1)
	if n := len(l.desk.said()); n != 1 {
		t.Errorf("the desk heard %d times", n)
	}
}

// TestSocketWarning: a connection that is to end has its successor before, and no
// click is lost meanwhile, whichever of them Slack asks.
func TestSocketWarning(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	l.dial(nil)
	at := l.card("maya")
	fewest := pairOf
	var mu sync.Mutex
	for range 3 {
		for which := range pairOf { // both at once
			l.slack.Disconnect(which, "warning")
		}
		l.wait(func() bool {
			mu.Lock()
			defer mu.Unlock()
			fewest = min(fewest, l.slack.Connections())
			return l.slack.Connections() >= pairOf
		})
		l.acked(l.click("maya", at, approving()))
	}
	if fewest < 1 {
		t.Error("both connections were closed at once")
	}
	l.ballots(1)
}

// TestSocketCut: a connection that breaks, or that Slack ends at once, is made
// anew.
func TestSocketCut(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	l.dial(nil)
	at := l.card("maya")
	for _, reason := range []string{"", "refresh_requested", "too_many_websockets"} {
		l.slack.Disconnect(0, reason)
		l.acked(l.click("maya", at, approving()))
		l.wait(func() bool { return l.slack.Connections() >= pairOf })
	}
	l.ballots(1)
}

// TestSocketForGood: what can't be mended by trying again ends it.
func TestSocketForGood(t *testing.T) {
	t.Parallel()
	t.Run("link_disabled", func(t *testing.T) {
		t.Parallel()
		l := startLobby(t)
		done, _ := l.dial(nil)
		l.slack.Disconnect(0, "link_disabled")
		var off SwitchedOffError
		if err := <-done; !errors.As(err, &off) || off.Hint() == "" {
			t.Errorf("ended with %v", err)
		}
		l.wait(func() bool { return l.slack.Connections() == 0 })
	})
	t.Run("a revoked token", func(t *testing.T) {
		t.Parallel()
		l := startLobby(t)
		l.slack.Revoke(l.slack.Options().AppToken)
		err := l.handler.Socket(t.Context())
		if err == nil || !permanent(err) || strings.Contains(err.Error(), "xapp-") {
			t.Errorf("ended with %v", err)
		}
	})
}

// TestSocketTriesAgain: what may pass is tried again, with a pause that is never
// shorter than Slack says.
func TestSocketTriesAgain(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	l.slack.Order(slacktest.Failure{Method: "apps.connections.open", How: slacktest.Limited, After: 30 * time.Second},
		slacktest.Failure{Method: "apps.connections.open", How: slacktest.Unavailable})
	var mu sync.Mutex
	var waits []time.Duration
	l.dial(func(s *socket) {
		s.paused = func(ctx context.Context, d time.Duration) error {
			mu.Lock()
			defer mu.Unlock()
			waits = append(waits, d)
			return ctx.Err()
		}
	})
	mu.Lock()
	defer mu.Unlock()
	longest := time.Duration(0)
	for _, w := range waits {
		longest = max(longest, w)
	}
	if len(waits) != 2 || longest < 30*time.Second {
		t.Errorf("it waited %v", waits)
	}
}

func TestSocketWaits(t *testing.T) {
	t.Parallel()
	for failures := 1; failures < 40; failures++ {
		most := min(firstPause<<min(failures-1, 10), longestWait)
		if w := waitFor(failures, errBusy); w < most/2 || w > most {
			t.Errorf("after %d failures %s", failures, w)
		}
	}
}

// TestSocketDeadMan: a connection over which Slack sends no ping counts as dead.
func TestSocketDeadMan(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	s := newSocket(l.handler, l.client.connection, l.handler.log)
	s.quiet = 20 * time.Millisecond // below the workspace's pings
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var broken atomic.Int32
	s.paused = func(ctx context.Context, _ time.Duration) error {
		broken.Add(1)
		return ctx.Err()
	}
	done := make(chan error, 1)
	go func() { done <- s.run(ctx) }()
	l.wait(func() bool { return broken.Load() >= pairOf+1 }) // one of the pair broke twice
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestSocketEndsWithItsDelivery: what is being taken when the process ends is
// taken and acknowledged.
func TestSocketEndsWithItsDelivery(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	done, stop := l.dial(nil)
	at := l.card("maya")
	l.desk.entered, l.desk.hold = make(chan struct{}, 1), make(chan struct{})
	out := make(chan slacktest.Outcome, 1)
	go func() {
		o, _ := l.slack.Click("U0MAYA", at.channel, at.ts, approving())
		out <- o
	}()
	<-l.desk.entered
	stop()
	close(l.desk.hold)
	l.acked(<-out)
	if err := <-done; err != nil {
		t.Error(err)
	}
	l.ballots(1)
}

// large replies with more than Slack takes over a socket.
type large struct{}

func (large) Take(context.Context, Delivery) Reply {
	return Reply{Body: []byte(`{"text":"` + strings.Repeat("x", mostAcknowledged) + `"}`)}
}

// TestSocketLargeReply: Slack would drop an acknowledgement of 20 KB without a
// word, and the person would see a warning; so it goes without its payload.
func TestSocketLargeReply(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	l.dial(func(s *socket) { s.take = large{} })
	out, err := l.slack.Slash("U0MAYA", l.card("maya").channel, "/vendor", "help")
	if err != nil || !out.Acked {
		t.Errorf("%v %+v", err, out)
	}
	l.faultless()
}
