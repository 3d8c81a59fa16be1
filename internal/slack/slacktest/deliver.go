package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"time"
)

// Kind is what is delivered, in the words of Socket Mode.
type Kind string

// Kinds of deliveries.
const (
	Interactive Kind = "interactive"
	Command     Kind = "slash_commands"
	Events      Kind = "events_api"
)

// Delivery is something that Slack sends the app. Over HTTP it is Body with Header;
// over a socket it is Payload in an envelope.
type Delivery struct {
	Kind    Kind
	Payload json.RawMessage // a slash command's fields as an object
	Body    []byte
	Header  http.Header
	// Query is appended to the address; Slack itself sends none.
	Query    string
	Envelope string
	// Attempt is above 0 where it is delivered again, Reason why.
	Attempt int
	Reason  string
}

// Outcome is what came of something that a person did.
type Outcome struct {
	// Delivery is what the app was sent; its Kind is empty where it was sent nothing.
	Delivery Delivery
	Acked    bool
	Status   int    // of HTTP; 0 over a socket
	Answer   []byte // what came with the acknowledgement
	// Saw is the warning that the person saw; empty: none.
	Saw string
	// Errors are what the person saw beside the inputs of a modal, by block id.
	Errors map[string]string
	// why is Slack's own word for what went wrong.
	why   string
	final bool // the app wants no retry
}

// What people see where the app did not answer.
const (
	trouble = "We had some trouble connecting. Try again?"
	broken  = "This didn't work: the app did not respond."
)

// forged is a delivery for both transports, signed with a secret at a time.
func (s *Server) forged(kind Kind, payload []byte, key string, at time.Time) Delivery {
	d := Delivery{Kind: kind, Payload: payload, Header: http.Header{}}
	switch kind {
	case Events:
		d.Body = payload
		d.Header.Set("Content-Type", "application/json")
	case Command:
		form := url.Values{}
		var fields map[string]string
		_ = json.Unmarshal(payload, &fields) // a forger's may be none
		for name, value := range fields {
			form.Set(name, value)
		}
		d.Body = []byte(form.Encode())
		d.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	default:
		d.Body = []byte(url.Values{"payload": {string(payload)}}.Encode())
		d.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	d.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	d.sign(key, at)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	d.Envelope = fmt.Sprintf("%08x-0000-4000-8000-%s", s.serial, secret()[:12])
	return d
}

// sign signs the body (Slack, "Verifying requests from Slack").
func (d *Delivery) sign(key string, at time.Time) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write(append([]byte("v0:"+stamp+":"), d.Body...)) // never fails (hash.Hash)
	d.Header = d.Header.Clone()
	d.Header.Set("X-Slack-Request-Timestamp", stamp)
	d.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

// Forge makes a delivery that Slack never made, signed with any secret at any time.
func (s *Server) Forge(kind Kind, payload []byte, secret string, at time.Time) Delivery {
	return s.forged(kind, payload, secret, at)
}

// Deliver sends the app a delivery as it is: one that was made up, or once more one
// that it had already, with the same signature or in the same envelope. What the
// app answers changes nothing here.
func (s *Server) Deliver(d Delivery) Outcome {
	return s.deliver(d)
}

// dispatch delivers something of Slack's own.
func (s *Server) dispatch(kind Kind, payload any) Outcome {
	raw, err := json.Marshal(payload)
	if err != nil {
		return Outcome{why: "internal_error"}
	}
	return s.deliver(s.forged(kind, raw, s.Options().Secret, s.Now()))
}

// Deliveries are all attempts at them, the oldest first.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.deliveries)
}

func (s *Server) log(d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliveries = append(s.deliveries, d)
	if len(s.deliveries) > most {
		s.deliveries = slices.Clone(s.deliveries[1:])
	}
	s.touch()
}

// Route sets where deliveries go; see Options.
func (s *Server) Route(request, event, command string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.RequestURL, s.o.EventURL, s.o.CommandURL = request, event, command
	s.touch()
}

func (o Options) route(kind Kind) string {
	switch {
	case kind == Events && o.EventURL != "":
		return o.EventURL
	case kind == Command && o.CommandURL != "":
		return o.CommandURL
	}
	return o.RequestURL
}

// deliver sends one and waits for its acknowledgement.
func (s *Server) deliver(d Delivery) Outcome {
	ctx, cancel := s.until(context.Background())
	defer cancel()
	ctx, end := context.WithTimeout(ctx, s.o.Patience)
	defer end()
	to := s.Options().route(d.Kind)
	if to == "" {
		return s.overSocket(ctx, d)
	}
	return s.overHTTP(ctx, to, d)
}

func (s *Server) overHTTP(ctx context.Context, to string, d Delivery) Outcome {
	s.log(d)
	out := Outcome{Delivery: d}
	if d.Query != "" {
		to += "?" + d.Query
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(d.Body))
	if err != nil {
		out.why = "connection_failed"
		return out
	}
	r.Header = d.Header.Clone()
	resp, err := s.client.Do(r)
	if err != nil {
		out.why = reason(err)
		return out
	}
	defer func() { _ = resp.Body.Close() }() // it has been read
	out.Answer, err = io.ReadAll(io.LimitReader(resp.Body, largestBody))
	out.Status, out.final = resp.StatusCode, resp.Header.Get("X-Slack-No-Retry") == "1"
	switch {
	case err != nil:
		out.why = reason(err)
	case resp.StatusCode != http.StatusOK && (d.Kind != Events || resp.StatusCode/100 != 2):
		out.why = "http_error"
	default:
		out.Acked = true
	}
	return out
}

func reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) || os.IsTimeout(err) {
		return "http_timeout"
	}
	return "connection_failed"
}

// Challenge asks the address of events whether it is the app's (Slack,
// "url_verification event").
func (s *Server) Challenge() error {
	challenge := secret()
	out := s.dispatch(Events, map[string]any{"token": s.verification, "challenge": challenge, "type": "url_verification"})
	var said struct {
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal(out.Answer, &said) != nil {
		said.Challenge = string(bytes.TrimSpace(out.Answer)) // plain text is fine too
	}
	if !out.Acked || said.Challenge != challenge {
		return fmt.Errorf("verifying the address of events: status %d, %s", out.Status, out.why)
	}
	return nil
}
