package slacktest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Whatever says that a story does not care what else these people see, by handle,
// mail address or id, and what else is written in these channels, by name.
func (s *Server) Whatever(names ...string) {
	s.told.mu.Lock()
	defer s.told.mu.Unlock()
	s.told.indifferent = append(s.told.indifferent, names...)
}

// NothingElse fails for everything that people saw and the story did not speak of:
// messages, modals that stand open, errors in them, warnings; and for what no app
// should send. It looks at what is there now: a story waits before for the last
// that it expects.
func (s *Server) NothingElse(t T) {
	t.Helper()
	for _, what := range s.rest() {
		t.Errorf("Slack: not expected: %s", what)
	}
}

// rest is what NothingElse names.
func (s *Server) rest() []string {
	var all []string
	for _, m := range s.Messages("") {
		reader, where := s.readers(m)
		if m.User != s.o.BotUser || s.told.has(messageKey(m)) || s.indifferent(reader, where) {
			continue
		}
		text := squeeze(s.reading(m.Version))
		if m.Deleted {
			text += " (deleted)"
		}
		all = append(all, fmt.Sprintf("a message %s: “%.300s”", where, text))
	}
	for _, u := range s.Users() {
		for _, v := range s.Views(u.ID) {
			if s.indifferent(u.ID, "") {
				continue
			}
			if !s.told.has(modalKey(v.ID)) {
				all = append(all, fmt.Sprintf("the modal “%s” of %s", v.Title, nameOf(u)))
			}
			for _, block := range slices.Sorted(maps.Keys(v.Errors)) {
				if !s.told.has(errorKey(v.ID, block)) {
					all = append(all, fmt.Sprintf("an error in the modal “%s” of %s, at %s: “%s”", v.Title, nameOf(u), block, v.Errors[block]))
				}
			}
		}
	}
	for i, n := range s.Notices() {
		if !s.told.has(noticeKey(i)) && !s.indifferent(n.User, "") {
			all = append(all, fmt.Sprintf("a warning to %s: “%s”", n.User, n.Text))
		}
	}
	for _, fault := range s.Faults() {
		all = append(all, "a fault: "+fault)
	}
	return all
}

// readers is who alone reads a message, empty for several, and where it stands.
func (s *Server) readers(m Message) (user, where string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[m.Channel]
	user, where = m.Ephemeral, "in #"+c.Name
	if c.Kind == Direct {
		user = s.other(c)
		where = "to " + nameOf(s.users[user])
	}
	if m.Ephemeral != "" {
		where = "for nobody but " + nameOf(s.users[m.Ephemeral])
	}
	if m.ThreadTS != "" {
		where += ", in a thread"
	}
	return user, where
}

// indifferent: the story does not care for this person or channel.
func (s *Server) indifferent(user, where string) bool {
	s.told.mu.Lock()
	names := slices.Clone(s.told.indifferent)
	s.told.mu.Unlock()
	return slices.ContainsFunc(names, func(name string) bool {
		if u, found := s.called(name); found && u.ID == user {
			return true
		}
		channel, _, _ := strings.Cut(where, ",")
		return user == "" && channel == "in #"+strings.TrimPrefix(name, "#")
	})
}
