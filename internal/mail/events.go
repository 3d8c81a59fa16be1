package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gangway/internal/outbox"
)

const (
	// mostEvents is what a delivery of SendGrid's may have, in bytes; a batch has
	// 768 KiB at most.
	mostEvents = 1 << 20
	// fresh is how far a delivery's time stamp may be from ours: the signature
	// alone would let an old one in for ever.
	fresh = 10 * time.Minute
)

// event is what SendGrid tells of a mail, as far as it is read.
type event struct {
	ID, Event, Type, Status string
	Message                 string // our Message-ID; empty: the mail is not ours
}

// Events takes what SendGrid tells of mails that it took (POST /mail/events):
// that one was delivered ends Unknown, that one was not makes its letters
// bounced. It is acknowledged only when the store has it; what isn't, SendGrid
// sends again for a day.
func (p *Post) Events() http.Handler { return http.HandlerFunc(p.takeEvents) }

func (p *Post) takeEvents(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "only POST", http.StatusMethodNotAllowed)
		return
	}
	if p.eventsKey == nil {
		http.Error(w, "no events are taken here", http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostEvents))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "the body broke off", http.StatusBadRequest)
		return
	}
	stamp := r.Header.Get("X-Twilio-Email-Event-Webhook-Timestamp")
	if !isSigned(p.eventsKey, stamp, body, r.Header.Get("X-Twilio-Email-Event-Webhook-Signature")) {
		http.Error(w, "the signature is not of SendGrid's key", http.StatusUnauthorized)
		return
	}
	if seconds, err := strconv.ParseInt(stamp, 10, 64); err != nil || time.Unix(seconds, 0).Sub(p.now()).Abs() > fresh {
		http.Error(w, "the time stamp is not of now", http.StatusUnauthorized)
		return
	}
	events, err := readEvents(body)
	if err != nil {
		http.Error(w, "this is no list of events", http.StatusBadRequest)
		return
	}
	if err := p.learn(r.Context(), events); err != nil {
		p.o.Log.Error("taking events of mails", "error", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// isSigned checks the signature over the time stamp and the body.
func isSigned(key *ecdsa.PublicKey, stamp string, body []byte, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || stamp == "" || len(stamp) > 20 {
		return false
	}
	h := sha256.New()
	h.Write([]byte(stamp))
	h.Write(body)
	return ecdsa.VerifyASN1(key, h.Sum(nil), raw)
}

// readEvents reads a list of events. Fields of ours that another program of the
// account filled with something else count as missing.
func readEvents(body []byte) ([]event, error) {
	var list []map[string]json.RawMessage
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("reading events: %w", err)
	}
	events := make([]event, 0, len(list))
	for _, fields := range list {
		text := func(name string) string {
			var s string
			if json.Unmarshal(fields[name], &s) != nil || len(s) > 300 {
				return ""
			}
			return s
		}
		e := event{ID: text("sg_event_id"), Event: text("event"), Type: text("type"), Status: text("status"), Message: ours(text(messageArg))}
		if e.Message == "" {
			e.Message = ours(text("smtp-id"))
		}
		events = append(events, e)
	}
	return events, nil
}

// ours is a Message-ID as we write them, without brackets; empty: it is another.
func ours(id string) string {
	id = strings.Trim(strings.TrimSpace(id), "<>")
	if len(id) > 200 || !strings.HasPrefix(id, "gw.") || !strings.Contains(id, "@") || strings.ContainsAny(id, " <>\r\n") {
		return ""
	}
	return id
}

// settled is what an event says of its mail's letters; false: nothing that is
// kept.
func (e event) settled(at time.Time) (outbox.Settled, bool) {
	s := outbox.Settled{State: outbox.Bounced, At: at}
	switch e.Event {
	case "delivered":
		s.State = outbox.Sent
	case "bounce":
		s.Fault = "bounce"
		if e.Type == "blocked" {
			s.Fault = "blocked"
		}
		s.Fault = strings.TrimSpace(s.Fault + " " + statusOf(e.Status))
	case "dropped": // SendGrid has the address on a list of those that bounced or complained
		s.Fault = "dropped"
	case "spamreport":
		s.Fault = "complaint"
	default:
		return s, false
	}
	return s, true
}

// learn settles first and notes the event after that: settling twice changes
// nothing, and an event that was noted and not settled would be lost.
func (p *Post) learn(ctx context.Context, events []event) error {
	bounced := false
	for _, e := range events {
		s, says := e.settled(p.now())
		if !says || e.Message == "" || e.ID == "" {
			continue
		}
		changed, err := p.o.Store.SettleLetters(ctx, e.Message, s)
		if err != nil {
			return fmt.Errorf("settling what an event says: %w", err)
		}
		first, err := p.o.Store.NewMailEvent(ctx, e.ID, p.now())
		if err != nil {
			return fmt.Errorf("noting an event: %w", err)
		}
		bounced = bounced || changed && s.State == outbox.Bounced
		p.o.Log.Info("an event of a mail", "event", e.Event, "fault", s.Fault, "first", first, "changed", changed)
	}
	if !bounced {
		return nil
	}
	return p.tell(ctx)
}
