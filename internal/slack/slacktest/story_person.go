package slacktest

import (
	"slices"
	"strings"
)

// Person is somebody who reads and clicks.
type Person struct{ person }

type person struct {
	s    *Server
	name string
}

// Person is one by handle, mail address, or id.
func (s *Server) Person(name string) Person { return Person{person{s, name}} }

// find is the user whom a story calls so.
func (s *Server) called(name string) (User, bool) {
	all := s.Users()
	i := slices.IndexFunc(all, func(u User) bool {
		return u.ID == name || u.Name == strings.TrimPrefix(name, "@") || u.Email != "" && strings.EqualFold(u.Email, name)
	})
	if i < 0 {
		return User{}, false
	}
	return all[i], true
}

func (p person) id(t T) string {
	t.Helper()
	u, found := p.s.called(p.name)
	if !found {
		t.Fatalf("acting as %s: there is no such user", p.name)
	}
	return u.ID
}

// Expect waits for a message to them with these words that the story has not
// spoken of, as it is now or was before an update. It may be a reply in a thread.
func (p person) Expect(t T, words ...string) *Card {
	t.Helper()
	id := p.id(t)
	return p.s.messageLike(t, id, "to "+p.name, words, func(m Message) bool { return m.Channel == p.s.DM(id) && m.Ephemeral == "" })
}

// Private waits for something that only they see: an ephemeral message, or the
// answer to a command.
func (p person) Private(t T, words ...string) *Card {
	t.Helper()
	id := p.id(t)
	return p.s.messageLike(t, id, "for nobody but "+p.name, words, func(m Message) bool { return m.Ephemeral == id })
}

// Modal waits until the modal on top has this title.
func (p person) Modal(t T, title string) *Modal {
	t.Helper()
	id, view := p.id(t), ""
	p.s.await(t, func() bool {
		open := p.s.Views(id)
		if len(open) == 0 || !same(open[len(open)-1].Title, title) {
			return false
		}
		view = open[len(open)-1].ID
		return true
	}, "waiting for the modal “%s” of %s", title, p.name)
	p.s.told.first(modalKey(view))
	return &Modal{sheet{board: board{s: p.s, as: id, view: view}, given: &[]given{}}}
}

// Home opens their home tab and waits until it shows something.
func (p person) Home(t T) *Screen {
	t.Helper()
	id := p.id(t)
	if _, err := p.s.OpenHome(id); err != nil {
		t.Fatalf("%v", err)
	}
	var home View
	p.s.await(t, func() bool {
		var there bool
		home, there = p.s.Home(id)
		return there
	}, "waiting for the home tab of %s", p.name)
	return &Screen{board{s: p.s, as: id, view: home.ID}}
}

// Slash writes a command in their conversation with the app, which it opens where
// there is none.
func (p person) Slash(t T, command, text string) Outcome {
	t.Helper()
	id := p.id(t)
	p.s.mu.Lock()
	channel := p.s.dm(id)
	if channel == "" {
		channel = p.s.open(Direct, []string{p.s.o.BotUser, id}).ID
	}
	p.s.mu.Unlock()
	out, err := p.s.Slash(id, channel, command, text)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

// Warned waits for a passing warning with these words: of a click that was not
// taken in time, a command that failed, or a modal that had trouble connecting.
func (p person) Warned(t T, words ...string) {
	t.Helper()
	id := p.id(t)
	p.s.await(t, func() bool {
		for i, n := range p.s.Notices() {
			if n.User == id && holdsAll(n.Text, words) && p.s.told.first(noticeKey(i)) {
				return true
			}
		}
		return false
	}, "waiting for a warning with %s to %s", quoted(words), p.name)
}
