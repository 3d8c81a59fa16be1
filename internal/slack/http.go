package slack

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// Paths that Slack delivers to by signed HTTP, one each for what people press,
// for slash commands and for events.
const (
	InteractivePath = "/slack/interactive"
	CommandPath     = "/slack/command"
	EventsPath      = "/slack/events"
)

// readWithin is how long a body may take to come: Slack gives up after three
// seconds, and nobody else has to be waited for.
const readWithin = 5 * time.Second

// taker is whoever takes deliveries.
type taker interface {
	Take(ctx context.Context, d Delivery) Reply
}

// hooks takes signed HTTP.
type hooks struct {
	take     taker
	verifier *Verifier
	now      func() time.Time
	log      *slog.Logger
}

// HTTP takes what Slack delivers by signed HTTP, at the three paths.
func (h *Handler) HTTP(v *Verifier) http.Handler {
	return newHooks(h, v, h.now, h.log)
}

func newHooks(t taker, v *Verifier, now func() time.Time, log *slog.Logger) http.Handler {
	in := &hooks{take: t, verifier: v, now: now, log: log}
	mux := http.NewServeMux()
	const form, plainJSON = "application/x-www-form-urlencoded", "application/json"
	mux.Handle(InteractivePath, in.of(Interactive, form, formPayload))
	mux.Handle(CommandPath, in.of(Command, form, formCommand))
	mux.Handle(EventsPath, in.of(Event, plainJSON, func(body []byte) ([]byte, error) { return body, nil }))
	return mux
}

// of takes deliveries of a kind. Nothing is parsed before it is verified, and
// nothing is acknowledged before it was taken. Whoever is not Slack learns only
// that they were refused.
func (in *hooks) of(kind DeliveryKind, media string, unwrap func([]byte) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		arrived := in.now()
		// A query could be read for the body: slack-go did (fixed in v0.35.0).
		if r.Method != http.MethodPost || r.URL.RawQuery != "" || r.URL.ForceQuery {
			in.refuse(w, kind, http.StatusBadRequest, errors.New("it is no POST, or has a query"))
			return
		}
		_, err := in.verifier.claim(r.Header)
		if err != nil { // before its body takes up memory
			w.Header().Set("Connection", "close")
			in.refuse(w, kind, http.StatusUnauthorized, err)
			return
		}
		line := http.NewResponseController(w)
		_ = line.SetReadDeadline(time.Now().Add(readWithin)) // a connection that has none is a test's
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		_ = line.SetReadDeadline(time.Time{})
		if err != nil {
			in.refuse(w, kind, http.StatusRequestEntityTooLarge, errors.New("its body is too large or broke off"))
			return
		}
		err = in.verifier.Verify(r.Header, body)
		if err != nil {
			in.refuse(w, kind, http.StatusUnauthorized, err)
			return
		}
		said, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || said != media {
			in.refuse(w, kind, http.StatusUnsupportedMediaType, errors.New("its media type is another"))
			return
		}
		packed, err := unwrap(body)
		if err != nil {
			in.refuse(w, kind, http.StatusBadRequest, err)
			return
		}
		retry, _ := strconv.Atoi(r.Header.Get("X-Slack-Retry-Num")) // absent with a first delivery
		// What was said is taken in also when Slack hangs up meanwhile.
		reply := in.take.Take(context.WithoutCancel(r.Context()), Delivery{Kind: kind, Body: packed, Retry: max(retry, 0), At: arrived})
		in.acknowledge(w, reply)
	}
}

func (in *hooks) acknowledge(w http.ResponseWriter, reply Reply) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch {
	case reply.Lost:
		w.WriteHeader(http.StatusServiceUnavailable)
	case len(reply.Body) > 0:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, err := w.Write(reply.Body)
		if err != nil {
			in.log.Warn("a reply to Slack broke off", "error", err)
		}
	default:
		w.WriteHeader(http.StatusOK)
	}
}

func (in *hooks) refuse(w http.ResponseWriter, kind DeliveryKind, status int, why error) {
	in.log.Warn("a request is not taken for Slack's", "kind", string(kind), "status", status, "error", why)
	http.Error(w, http.StatusText(status), status)
}
