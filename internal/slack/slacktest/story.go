package slacktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// T is what a story fails by; *testing.T is one. Fatalf does not return.
type T interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// patience is how long a story waits for what should come, where its context has
// no end of its own: longer than anything takes on a slow machine.
const patience = 60 * time.Second

// Start starts a Slack for a test. When the test is over, nothing may be there
// that it did not expect, see Server.NothingElse.
func Start(t interface {
	T
	Cleanup(func())
}, o Options) *Server {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatalf("starting Slack: %v", err)
	}
	t.Cleanup(func() {
		t.Helper()
		s.NothingElse(t)
		if err := s.Close(); err != nil {
			t.Errorf("%v", err)
		}
	})
	return s
}

// Try tells a story where no test runs: what fails in it is the error. It waits for
// each thing as long as the context allows, a minute where that has no end.
func Try(ctx context.Context, story func(T)) (err error) {
	a := &attempt{ctx: ctx}
	defer func() {
		if r := recover(); r != nil && r != any(a) {
			panic(r)
		}
		err = errors.Join(a.failed...)
	}()
	story(a)
	return nil
}

// attempt is a T that is no test. Its Fatalf panics with itself.
type attempt struct {
	ctx    context.Context
	failed []error
}

func (*attempt) Helper()                    {}
func (a *attempt) Context() context.Context { return a.ctx }
func (a *attempt) Errorf(format string, args ...any) {
	a.failed = append(a.failed, fmt.Errorf(format, args...))
}

func (a *attempt) Fatalf(format string, args ...any) {
	a.Errorf(format, args...)
	panic(a)
}

// telling is what of it all a story has spoken of.
type telling struct {
	mu          sync.Mutex
	what        map[string]bool // messages, modals, errors and notices, by key
	indifferent []string
}

// first says whether a story has not spoken of this before; from now on it has.
func (d *telling) first(key string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.what[key] {
		return false
	}
	if d.what == nil {
		d.what = map[string]bool{}
	}
	d.what[key] = true
	return true
}

func (d *telling) has(key string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.what[key]
}

func (d *telling) forget(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.what, key)
}

func messageKey(m Message) string        { return "message " + m.Channel + " " + m.TS }
func modalKey(view string) string        { return "modal " + view }
func errorKey(view, block string) string { return "error " + view + " " + block }
func noticeKey(n int) string             { return fmt.Sprint("notice ", n) }

func quoted(words []string) string { return "“" + strings.Join(words, "”, “") + "”" }

// await waits until something holds; else the story ends with what it waited for
// and all that is there which it did not expect.
func (s *Server) await(t T, holds func() bool, format string, args ...any) {
	t.Helper()
	ctx := t.Context()
	if _, ends := ctx.Deadline(); !ends {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	if err := s.Wait(ctx, holds); err != nil {
		rest := s.rest()
		if len(rest) == 0 {
			rest = []string{"nothing that was not expected"}
		}
		t.Fatalf("%s: %v\nThere is:\n%s", fmt.Sprintf(format, args...), err, strings.Join(rest, "\n"))
	}
}

// messageLike waits for one that the story has not spoken of.
func (s *Server) messageLike(t T, as, where string, words []string, here func(Message) bool) *Card {
	t.Helper()
	var found Message
	s.await(t, func() bool {
		for _, m := range s.Messages("") {
			if m.User == s.o.BotUser && !m.Deleted && here(m) && s.everSaid(m, words) && s.told.first(messageKey(m)) {
				found = m
				return true
			}
		}
		return false
	}, "waiting for a message with %s %s", quoted(words), where)
	return &Card{posted{board: board{s: s, as: as, channel: found.Channel, ts: found.TS}, thread: found.ThreadTS}}
}

// everSaid: one of the versions had all the words, on the screen or in the text
// that phones show.
func (s *Server) everSaid(m Message, words []string) bool {
	return slices.ContainsFunc(append(slices.Clone(m.Earlier), m.Version), func(v Version) bool {
		return holdsAll(s.reading(v)+"\n"+s.plainly(v.Text), words)
	})
}

// Place is where messages are read: a channel, or a thread in one.
type Place struct{ place }

type place struct {
	s             *Server
	name          string
	as            string // who reads; empty: nobody in particular
	channel, root string // found already; empty: by name, and no thread
}

// Channel is one by its name or id.
func (s *Server) Channel(name string) Place { return Place{place{s: s, name: name}} }

// Expect waits for a message of the app's with these words that the story has not
// spoken of, replies included.
func (p place) Expect(t T, words ...string) *Card {
	t.Helper()
	here, where := p.channel, "in the thread"
	if here == "" {
		i := slices.IndexFunc(p.s.Channels(), func(c Channel) bool {
			return c.ID == p.name || c.Name == strings.TrimPrefix(p.name, "#") && c.Name != ""
		})
		if i < 0 {
			t.Fatalf("reading #%s: there is no such channel", p.name)
		}
		here, where = p.s.Channels()[i].ID, "in #"+p.name
	}
	return p.s.messageLike(t, p.as, where, words, func(m Message) bool {
		return m.Channel == here && m.Ephemeral == "" && (p.root == "" || m.ThreadTS == p.root)
	})
}
