package mailtest

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

// Open starts a server for a test. When the test is over, nobody may have a mail
// that it did not expect, see Server.NothingElse.
func Open(t interface {
	T
	Cleanup(func())
}, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatalf("starting the mail server: %v", err)
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
	what        map[int]bool // mails by number
	indifferent []string     // addresses
}

// first says whether a story has not spoken of this mail before; from now on it has.
func (d *telling) first(number int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.what[number] {
		return false
	}
	if d.what == nil {
		d.what = map[int]bool{}
	}
	d.what[number] = true
	return true
}

// Whatever says that a story does not care what else comes to these addresses.
func (s *Server) Whatever(addresses ...string) {
	s.told.mu.Lock()
	defer s.told.mu.Unlock()
	s.told.indifferent = append(s.told.indifferent, addresses...)
}

// NothingElse fails for every mail to people that the story did not speak of, and
// for what no mail of ours and no IMAP client should do. It looks at what is there
// now: a story waits before for the last that it expects.
func (s *Server) NothingElse(t T) {
	t.Helper()
	for _, what := range s.rest() {
		t.Errorf("mail: not expected: %s", what)
	}
}

// rest is what NothingElse names.
func (s *Server) rest() []string {
	var all []string
	for _, m := range s.Mails("") {
		s.told.mu.Lock()
		known := s.told.what[m.Number] || !slices.ContainsFunc(m.To, func(to string) bool {
			return !s.ours(to) && !slices.ContainsFunc(s.told.indifferent, func(a string) bool { return strings.EqualFold(bare(to), a) })
		})
		s.told.mu.Unlock()
		if !known {
			all = append(all, fmt.Sprintf("a mail to %s: “%s” “%.300s”", strings.Join(m.To, ", "), m.Subject, strings.Join(strings.Fields(m.Text), " ")))
		}
	}
	for _, c := range s.Complaints() {
		all = append(all, "a fault: "+c)
	}
	return all
}
