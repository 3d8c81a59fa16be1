package githubtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// saved is what an organisation remembers from start to start: who and what there is,
// and what lets whom in. Tokens are given anew; calls and limits don't live so long.
type saved struct {
	Next         int64
	Users        []*User
	Members      map[int64]Membership
	Teams        []*Team
	Repositories []*Repository
	Renamed      map[string]int64
	Abroad       []*Repository
	Left         map[string]int64
	UnderWay     []transferring
	Invitations  []*Invitation
	Ahead        time.Duration
	Things       []*thing
}

// load takes in what the file holds; without one it is a new organisation.
func (s *Server) load() error {
	if s.o.File == "" {
		return nil
	}
	text, err := os.ReadFile(s.o.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening what the organisation remembers: %w", err)
	}
	was := saved{Members: map[int64]Membership{}, Renamed: map[string]int64{}, Left: map[string]int64{}}
	err = json.Unmarshal(text, &was)
	if err != nil {
		return fmt.Errorf("reading what the organisation remembers: %w", err)
	}
	for _, r := range slices.Concat(was.Repositories, was.Abroad) {
		r.leaving = map[int64]left{}
	}
	s.next, s.users, s.members, s.teams = max(s.next, was.Next), was.Users, was.Members, was.Teams
	s.repositories, s.renamed, s.invitations, s.ahead = was.Repositories, was.Renamed, was.Invitations, was.Ahead
	s.things = was.Things
	s.abroad, s.left, s.underWay = was.Abroad, was.Left, was.UnderWay
	return nil
}

func (s *Server) saved() saved {
	return saved{Next: s.next, Users: s.users, Members: s.members, Teams: s.teams, Repositories: s.repositories,
		Renamed: s.renamed, Invitations: s.invitations, Ahead: s.ahead, Things: s.things,
		Abroad: s.abroad, Left: s.left, UnderWay: s.underWay}
}

// Stands is all that there is and who gets in, as text that is the same as long as nothing
// changes: what a test compares. What is made and taken away again shows, too.
func (s *Server) Stands() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := json.MarshalIndent(s.saved(), "", " ")
	if err != nil {
		panic(err) // numbers, words and times
	}
	return string(text)
}

// keep writes the file, whole or not at all, before the change is acknowledged: whoever
// is killed right after it finds it again. The caller holds the lock.
func (s *Server) keep() {
	if s.o.File == "" {
		return
	}
	text, err := json.Marshal(s.saved())
	if err == nil {
		part := filepath.Join(filepath.Dir(s.o.File), "."+filepath.Base(s.o.File)+".part")
		err = os.WriteFile(part, text, 0o600)
		if err == nil {
			err = os.Rename(part, s.o.File)
		}
	}
	if err != nil {
		s.unsaved = fmt.Errorf("keeping what the organisation remembers: %w", err)
	}
}
