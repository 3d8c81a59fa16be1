package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// saveAfter is how long changes are gathered before they are written. Whoever is
// killed within it forgets the last moment; an app has to live with messages that
// are gone anyway.
const saveAfter = 200 * time.Millisecond

// saved is what a workspace remembers from start to start: conversations, messages
// and home tabs. People are given anew each time, modals don't live so long.
type saved struct {
	Channels map[string]Channel
	Messages []*Message
	Homes    map[string]*View
	Last     int64
	Serial   int
}

// load takes in what the file holds; without one it is a new workspace.
func (s *Server) load() error {
	text, err := os.ReadFile(s.o.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening what the workspace remembers: %w", err)
	}
	var was saved
	err = json.Unmarshal(text, &was)
	if err != nil {
		return fmt.Errorf("reading what the workspace remembers: %w", err)
	}
	for id, c := range was.Channels {
		s.channels[id] = c
	}
	for user, v := range was.Homes {
		s.homes[user] = v
	}
	s.messages, s.last, s.serial = was.Messages, was.Last, was.Serial
	return nil
}

// remember writes what changed until the server is closed, and then once more.
func (s *Server) remember() {
	for {
		changed, revision := s.Changed()
		s.failed(s.save())
		if s.revisionIs(revision) {
			select {
			case <-changed:
			case <-s.ended:
				s.failed(s.save())
				return
			}
		}
		select {
		case <-time.After(saveAfter):
		case <-s.ended:
			s.failed(s.save())
			return
		}
	}
}

func (s *Server) revisionIs(revision int) bool {
	_, now := s.Changed()
	return now == revision
}

// failed keeps that the file could not be written; the work goes on.
func (s *Server) failed(err error) {
	if err == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsaved = err
}

// save writes the file, whole or not at all.
func (s *Server) save() error {
	s.mu.Lock()
	text, err := json.Marshal(saved{Channels: s.channels, Messages: s.messages, Homes: s.homes, Last: s.last, Serial: s.serial})
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("putting what the workspace remembers into words: %w", err)
	}
	part := filepath.Join(filepath.Dir(s.o.File), "."+filepath.Base(s.o.File)+".part")
	if err := os.WriteFile(part, text, 0o600); err != nil {
		return fmt.Errorf("writing what the workspace remembers: %w", err)
	}
	if err := os.Rename(part, s.o.File); err != nil {
		return fmt.Errorf("keeping what the workspace remembers: %w", err)
	}
	return nil
}
