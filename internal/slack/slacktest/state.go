package slacktest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// most is how many messages, calls, notices and faults are kept, the newest.
const most = 20_000

// state is what the workspace holds; the server's mutex guards it.
type state struct {
	users      map[string]User
	channels   map[string]Channel
	groups     map[string]Group
	messages   []*Message
	views      map[string]*View    // open ones by id, home tabs not included
	stacks     map[string][]string // open modals of a user, the lowest first
	homes      map[string]*View
	notices    []Notice
	faults     []string
	calls      []Call
	triggers   map[string]*trigger
	window     time.Duration   // in which messages can be updated
	revoked    map[string]bool // tokens
	failures   []Failure
	buckets    map[string]*bucket
	responses  map[string]*response // by path
	deliveries []Delivery
	sockets    []*socket
	turn       int // of the socket that was written to last
	tickets    map[string]bool
	envelopes  map[string]*envelope
	held       int
	released   chan struct{} // closed and made anew with each Release

	revision int
	changed  chan struct{} // closed and made anew with each change
	last     int64         // the newest timestamp, in microseconds
	serial   int           // the last number in an id
}

func newState() state {
	return state{
		users: map[string]User{}, channels: map[string]Channel{}, groups: map[string]Group{}, views: map[string]*View{},
		stacks: map[string][]string{}, homes: map[string]*View{}, changed: make(chan struct{}),
		revoked: map[string]bool{}, triggers: map[string]*trigger{}, responses: map[string]*response{}, tickets: map[string]bool{}, envelopes: map[string]*envelope{},
		buckets: map[string]*bucket{}, released: make(chan struct{}),
	}
}

// touch tells the watchers; the caller holds the lock.
func (s *Server) touch() {
	s.revision++
	close(s.changed)
	s.changed = make(chan struct{})
}

// Changed is closed with the next change of anything that can be asked for; the
// revision counts the changes so far.
func (s *Server) Changed() (<-chan struct{}, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed, s.revision
}

// Wait waits until something holds, and looks after each change. What it asks may
// be anything of the server's.
func (s *Server) Wait(ctx context.Context, holds func() bool) error {
	for {
		changed, _ := s.Changed() // before looking: a change in between is seen
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for Slack to change: %w", ctx.Err())
		}
	}
}

// Now is the workspace's time.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time { return s.o.Now().Add(s.ahead) }

// Advance moves the workspace's clock ahead.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
	s.touch()
}

// stamp makes a message's ts: seconds, a point and six digits, never twice.
func (s *Server) stamp() string {
	s.last = max(s.last+1, s.now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.last/1e6, s.last%1e6)
}

// id makes one of Slack's ids.
func (s *Server) id(prefix string) string {
	s.serial++
	n := strconv.FormatInt(int64(s.serial), 36)
	return prefix + "0TEST" + fmt.Sprintf("%05s", strings.ToUpper(n))
}

// SetUser adds a user or changes one.
func (s *Server) SetUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setUser(u)
	s.touch()
}

func (s *Server) setUser(u User) {
	if u.Team == "" {
		u.Team = s.o.Team
	}
	if u.TZ == "" {
		u.TZ = "Etc/UTC"
	}
	s.users[u.ID] = u
}

// User is one by id.
func (s *Server) User(id string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, found := s.users[id]
	return u, found
}

// Users are all of them, by id.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return inOrder(s.users)
}

// SetChannel adds a conversation or changes one.
func (s *Server) SetChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Members = slices.Clone(c.Members)
	s.channels[c.ID] = c
	s.touch()
}

// Channels are all conversations, direct ones included, by id.
func (s *Server) Channels() []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := inOrder(s.channels)
	for i := range all {
		all[i].Members = slices.Clone(all[i].Members)
	}
	return all
}

// DM is the id of the conversation between the app and a person; empty: nobody
// has opened it.
func (s *Server) DM(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(user)
}

func (s *Server) dm(user string) string {
	for _, c := range inOrder(s.channels) {
		if c.Kind == Direct && slices.Contains(c.Members, user) {
			return c.ID
		}
	}
	return ""
}

// SetGroup adds a user group or changes one.
func (s *Server) SetGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.Users = slices.Clone(g.Users)
	s.groups[g.ID] = g
	s.touch()
}

// Messages are those of a channel, replies, ephemeral and deleted ones included,
// the oldest first; of all channels where it is empty.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Message
	for _, m := range s.messages {
		if channel == "" || m.Channel == channel {
			found = append(found, m.copy())
		}
	}
	return found
}

// Message is one by its place.
func (s *Server) Message(channel, ts string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.message(channel, ts); m != nil {
		return m.copy(), true
	}
	return Message{}, false
}

func (s *Server) message(channel, ts string) *Message {
	for _, m := range slices.Backward(s.messages) {
		if m.Channel == channel && m.TS == ts {
			return m
		}
	}
	return nil
}

func (m *Message) copy() Message {
	c := *m
	c.Earlier = slices.Clone(m.Earlier)
	return c
}

// keep takes a message in; the caller holds the lock.
func (s *Server) keep(m *Message) {
	s.messages = append(s.messages, m)
	if len(s.messages) > most {
		s.messages = slices.Clone(s.messages[1:])
	}
	s.touch()
}

// Views are the modals that a person has open, the topmost last.
func (s *Server) Views(user string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []View
	for _, id := range s.stacks[user] {
		open = append(open, s.views[id].copy())
	}
	return open
}

// Home is what a person's home tab of the app shows.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.homes[user]; v != nil {
		return v.copy(), true
	}
	return View{}, false
}

func (v *View) copy() View {
	c := *v
	c.Values, c.Errors = maps.Clone(v.Values), maps.Clone(v.Errors)
	return c
}

// Notices are the passing warnings that people saw, the oldest first.
func (s *Server) Notices() []Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.notices)
}

// notice shows a person something; the caller holds the lock.
func (s *Server) notice(user, text string) {
	if len(s.notices) < most {
		s.notices = append(s.notices, Notice{User: user, Text: text, At: s.now()})
	}
	s.touch()
}

// Faults are what Slack took although no app should have sent it: a message
// without a text, an error for a block that is no input, an acknowledgement that
// is too large.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// fault notes one; the caller holds the lock.
func (s *Server) fault(format string, args ...any) {
	if len(s.faults) < most {
		s.faults = append(s.faults, fmt.Sprintf(format, args...))
	}
	s.touch()
}

func inOrder[T any](of map[string]T) []T {
	var all []T
	for _, id := range slices.Sorted(maps.Keys(of)) {
		all = append(all, of[id])
	}
	return all
}

func stampAt(at time.Time) string {
	return fmt.Sprintf("%d.%06d", at.Unix(), at.Nanosecond()/1000)
}

// timeOf is when a message was posted, by its ts.
func timeOf(ts string) time.Time {
	seconds, micros, _ := strings.Cut(ts, ".")
	sec, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	usec, err := strconv.ParseInt(micros, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(sec, usec*1000)
}
