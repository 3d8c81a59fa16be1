package slacktest

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// How is what goes wrong with a call.
type How string

// Ways to go wrong; the zero value answers with Failure.Error, and without one with
// ok:false and nothing else.
const (
	Named       How = ""
	Limited     How = "limited"     // 429, Retry-After where Failure.After says so
	Unavailable How = "unavailable" // 503 and a page of HTML
	Lost        How = "lost"        // done, but the connection ends without an answer
	Held        How = "held"        // done, but the answer waits for Release
)

// Failure is one to order.
type Failure struct {
	// Method and Channel limit it; empty: all.
	Method, Channel string
	How             How
	Error           string
	// After is the Retry-After of a 429, in whole seconds.
	After time.Duration
	// Skip is how many calls pass before; Times how often it happens then: 0 is once,
	// below 0 until Mend.
	Skip, Times int
}

// Order lets calls fail, in this order where several fit.
func (s *Server) Order(failures ...Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range failures {
		if f.Times == 0 {
			f.Times = 1
		}
		s.failures = append(s.failures, f)
	}
}

// Mend forgets all failures that were ordered; what is held stays held.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = nil
}

// failure takes the next for a call; the caller holds the lock.
func (s *Server) failure(method, channel string) (Failure, bool) {
	for i := range s.failures {
		f := &s.failures[i]
		if f.Method != "" && f.Method != method || f.Channel != "" && f.Channel != channel {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		taken := *f
		if f.Times--; f.Times == 0 {
			s.failures = append(s.failures[:i:i], s.failures[i+1:]...)
		}
		return taken, true
	}
	return Failure{}, false
}

// instead: the call is not done.
func (f Failure) instead() bool { return f.How != Lost && f.How != Held }

func (f Failure) told() string {
	switch {
	case f.How == Limited:
		return "ratelimited"
	case f.How == Unavailable:
		return "unavailable"
	case f.Error == "":
		return "not ok"
	}
	return f.Error
}

func (f Failure) reply() reply {
	switch f.How {
	case Limited:
		out := limited(f.After)
		return out
	case Unavailable:
		return reply{status: http.StatusServiceUnavailable, html: true, body: []byte("<!DOCTYPE html><html><body><h1>503 Service Unavailable</h1></body></html>")}
	}
	said := map[string]any{"ok": false}
	if f.Error != "" {
		said["error"] = f.Error
	}
	if f.Error == "invalid_blocks" {
		said["response_metadata"] = map[string]any{"messages": []string{"[ERROR] refused to order [json-pointer:/blocks/0]"}}
	}
	body, _ := json.Marshal(said) // strings and a flag
	return reply{status: http.StatusOK, body: body}
}

// hold keeps an answer back until Release, or until its caller is gone.
func (s *Server) hold(ctx context.Context) {
	s.mu.Lock()
	released := s.released
	s.held++
	s.touch()
	s.mu.Unlock()
	select {
	case <-released:
	case <-ctx.Done():
	case <-s.ended:
	}
	s.mu.Lock()
	s.held--
	s.touch()
	s.mu.Unlock()
}

// Waiting is how many answers are held.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}

// Release lets go all answers that are held.
func (s *Server) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.released)
	s.released = make(chan struct{})
}
