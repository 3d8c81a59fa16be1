package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"
)

const (
	// answers is how often a response_url can be used, and responding for how long.
	answers    = 5
	responding = 30 * time.Minute
)

// response is what a response_url stands for.
type response struct {
	user, channel string
	message       *Message // that was clicked at; nil: a command
	uses          int
	at            time.Time
}

// newResponse makes a response_url; the caller holds the lock.
func (s *Server) newResponse(user, channel string, m *Message) string {
	maps.DeleteFunc(s.responses, func(_ string, r *response) bool { return s.now().Sub(r.at) > 2*responding })
	path := "/actions/" + s.o.Team + "/" + secret() + "/" + secret()
	s.responses[path] = &response{user: user, channel: channel, message: m, at: s.now()}
	return s.URL() + path
}

// spoken is a message as a response_url or a command's answer carries it.
type spoken struct {
	Text    string          `json:"text"`
	Blocks  json.RawMessage `json:"blocks"`
	Type    string          `json:"response_type"`
	Replace bool            `json:"replace_original"`
	Delete  bool            `json:"delete_original"`
	Thread  string          `json:"thread_ts"`
}

func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, largestBody))
	var said spoken
	if err != nil || json.Unmarshal(raw, &said) != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	err = s.respond(r.URL.Path, said)
	s.note("response_url", args{"text": said.Text, "blocks": string(said.Blocks)}, told(err))
	s.mu.Unlock()
	if err != nil {
		var no *refusal
		status := http.StatusNotFound
		if errors.As(err, &no) && no.code != "used_url" && no.code != "expired_url" {
			status = http.StatusBadRequest
		}
		out := encode(nil, err)
		out.status = status
		out.write(w)
		return
	}
	_, _ = io.WriteString(w, "ok") // a caller that went away
}

func (s *Server) respond(path string, said spoken) error {
	to := s.responses[path]
	switch {
	case to == nil || s.now().Sub(to.at) > responding:
		return refuse("expired_url")
	case to.uses >= answers:
		return refuse("used_url")
	}
	to.uses++
	return s.speak(said, to.user, to.channel, to.message)
}

// speak shows a message to one person, or to all, or puts it in another's place;
// the caller holds the lock.
func (s *Server) speak(said spoken, user, channel string, original *Message) error {
	if said.Delete && original != nil {
		original.Deleted = true
		s.touch()
		return nil
	}
	v, err := s.content("response_url", args{"text": said.Text, "blocks": string(said.Blocks)})
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	if said.Replace && original != nil {
		original.Earlier, original.Version, original.Broken = append(original.Earlier, original.Version), v, ""
		s.touch()
		return nil
	}
	m := &Message{Channel: channel, TS: s.stamp(), ThreadTS: said.Thread, User: s.o.BotUser, Ephemeral: user, Version: v}
	switch said.Type {
	case "in_channel":
		m.Ephemeral = ""
	case "", "ephemeral":
	default:
		return refuse("invalid_response_type")
	}
	s.keep(m)
	return nil
}
