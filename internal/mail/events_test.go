package mail_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func as(err error, target any) bool { return errors.As(err, target) }

// sent has one letter sent through SendGrid; fault may bend how.
func sent(t *testing.T, fault ...mailtest.GridFault) (*world, *mailtest.Grid, string, mailtest.GridMail) {
	t.Helper()
	w, g, url := gridded(t, nil)
	r := w.newCase(acme, false).ask("legal", "Legal review", "helen")
	w.show("n1", acme, "helen", playbook.WhyAsked, r)
	w.pass(time.Minute)
	g.Fail(fault...)
	w.deliver()
	mails := g.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	return w, g, url, mails[0]
}

func (w *world) tell(g *mailtest.Grid, url string, want int, events ...map[string]string) {
	w.t.Helper()
	status, err := g.Tell(w.t.Context(), url, w.clock(), events...)
	w.ok(err)
	if status != want {
		w.t.Fatalf("status %d, want %d", status, want)
	}
}

// What SendGrid says later settles what it took: an unknown mail was delivered, a
// sent one was not.
func TestEventsSettle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		event  string
		fields map[string]string
		want   outbox.State
		fault  string
	}{
		"delivered":  {"delivered", map[string]string{"response": "250 OK"}, outbox.Sent, ""},
		"bounce":     {"bounce", map[string]string{"type": "bounce", "status": "5.1.1", "reason": "no helen@example.org"}, outbox.Bounced, "bounce 5.1.1"},
		"blocked":    {"bounce", map[string]string{"type": "blocked", "status": "4.7.1"}, outbox.Bounced, "blocked 4.7.1"},
		"odd status": {"bounce", map[string]string{"type": "bounce", "status": "helen@example.org"}, outbox.Bounced, "bounce"},
		"dropped":    {"dropped", map[string]string{"reason": "Bounced Address"}, outbox.Bounced, "dropped"},
		"complaint":  {"spamreport", nil, outbox.Bounced, "complaint"},
		"deferred":   {"deferred", map[string]string{"attempt": "5"}, outbox.Sent, ""},
		"processed":  {"processed", nil, outbox.Sent, ""},
		"opened":     {"open", nil, outbox.Sent, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g, url, m := sent(t)
			w.tell(g, url, http.StatusNoContent, m.Event("e1", c.event, c.fields))
			l := w.letter("n1")
			if l.State != c.want || l.Fault != c.fault {
				t.Errorf("%s, %q", l.State, l.Fault)
			}
			if told := len(w.notes.told()); (c.want == outbox.Bounced) != (told == 1) {
				t.Errorf("the case heard %d times", told)
			}
		})
	}
}

func TestUnknownIsEndedByAnEvent(t *testing.T) {
	t.Parallel()
	w, g, url, m := sent(t, mailtest.GridFault{Take: true})
	w.isState("n1", outbox.Unknown)
	w.tell(g, url, http.StatusNoContent, m.Event("e1", "delivered", nil))
	w.isState("n1", outbox.Sent)
}

// The same events again, and events that come in the wrong order, change nothing.
func TestEventsComeTwiceAndInAnyOrder(t *testing.T) {
	t.Parallel()
	w, g, url, m := sent(t)
	bounce := m.Event("e1", "bounce", map[string]string{"status": "5.1.1"})
	w.tell(g, url, http.StatusNoContent, bounce, m.Event("e2", "delivered", nil))
	w.tell(g, url, http.StatusNoContent, bounce, bounce)
	w.tell(g, url, http.StatusNoContent, m.Event("e2", "delivered", nil))
	w.isState("n1", outbox.Bounced)
	if n := w.notes.told(); len(n) != 1 || n[0].Kind != review.NoteUndelivered || n[0].Person != "helen" {
		t.Errorf("%+v", n)
	}
	if first, err := w.a.NewMailEvent(t.Context(), "e1", w.clock()); err != nil || first {
		t.Errorf("the event is not known: %v", err)
	}
}

// Only what SendGrid signed, and signed now, is read.
func TestForgedEventsAreRefused(t *testing.T) {
	t.Parallel()
	w, g, url, m := sent(t)
	bounce := m.Event("e1", "bounce", nil)
	other, err := mailtest.StartGrid(gridKey)
	w.ok(err)
	defer other.Close()
	w.tell(other, url, http.StatusUnauthorized, bounce) // another key
	for _, late := range []time.Duration{-11 * time.Minute, 11 * time.Minute} {
		status, err := g.Tell(t.Context(), url, w.clock().Add(late), bounce)
		w.ok(err)
		if status != http.StatusUnauthorized {
			t.Errorf("%s off: %d", late, status)
		}
	}
	for name, change := range map[string]func(*http.Request){
		"no signature":       func(r *http.Request) { r.Header.Del("X-Twilio-Email-Event-Webhook-Signature") },
		"no stamp":           func(r *http.Request) { r.Header.Del("X-Twilio-Email-Event-Webhook-Timestamp") },
		"another stamp":      func(r *http.Request) { r.Header.Set("X-Twilio-Email-Event-Webhook-Timestamp", "1772442061") },
		"a word as stamp":    func(r *http.Request) { r.Header.Set("X-Twilio-Email-Event-Webhook-Timestamp", "now") },
		"no base64":          func(r *http.Request) { r.Header.Set("X-Twilio-Email-Event-Webhook-Signature", "%%") },
		"an empty signature": func(r *http.Request) { r.Header.Set("X-Twilio-Email-Event-Webhook-Signature", "MAYCAQACAQA=") },
	} {
		var seen int
		relay := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			change(r)
			rec := httptest.NewRecorder()
			w.post.Events().ServeHTTP(rec, r)
			seen = rec.Code
			rw.WriteHeader(rec.Code)
		}))
		_, err := g.Tell(t.Context(), relay.URL, w.clock(), bounce)
		w.ok(err)
		relay.Close()
		if seen != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, seen)
		}
	}
	w.isState("n1", outbox.Sent)
}

func TestEventsThatCantBeRead(t *testing.T) {
	t.Parallel()
	w, g, url, m := sent(t)
	long := map[string]string{"sg_event_id": strings.Repeat("x", 1<<20)}
	w.tell(g, url, http.StatusRequestEntityTooLarge, long)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut} {
		rec := httptest.NewRecorder()
		w.post.Events().ServeHTTP(rec, httptest.NewRequest(method, "/mail/events", nil))
		if rec.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, rec.Code)
		}
	}
	// Mails of other programs in the same account, and events without an id.
	foreign := m.Event("e9", "bounce", map[string]string{"gangway_message": "somebody@else"})
	nameless := m.Event("", "bounce", nil)
	unknown := m.Event("e8", "bounce", map[string]string{"gangway_message": "gw.nobody@example.org"})
	w.tell(g, url, http.StatusNoContent, foreign, nameless, unknown)
	w.isState("n1", outbox.Sent)
	closed := w.newPost(w.a, nil)
	rec := httptest.NewRecorder()
	closed.Events().ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/mail/events", strings.NewReader("[]")))
	if rec.Code != http.StatusNotFound {
		t.Errorf("without a key: %d", rec.Code)
	}
}

// forgetful is a store that can't be written to for a while.
type forgetful struct {
	*archive.Archive
	failing bool
}

func (f *forgetful) SettleLetters(ctx context.Context, message string, s outbox.Settled) (bool, error) {
	if f.failing {
		return false, errors.New("the disk is full")
	}
	return f.Archive.SettleLetters(ctx, message, s)
}

// Nothing is acknowledged before the store has it: what it would not take comes
// again.
func TestEventsAreNotAcknowledgedBeforeTheyAreKept(t *testing.T) {
	t.Parallel()
	w, g, _, m := sent(t)
	store := &forgetful{Archive: w.a, failing: true}
	public, err := g.EventsKey()
	w.ok(err)
	p := w.newPost(w.a, func(o *mail.Options) {
		o.Store = store
		o.SendGrid.EventsKey = public
	})
	server := httptest.NewServer(p.Events())
	defer server.Close()
	bounce := m.Event("e1", "bounce", map[string]string{"status": "5.1.1"})
	w.tell(g, server.URL, http.StatusServiceUnavailable, bounce)
	w.isState("n1", outbox.Sent)
	store.failing = false
	w.tell(g, server.URL, http.StatusNoContent, bounce)
	w.isState("n1", outbox.Bounced)
}
