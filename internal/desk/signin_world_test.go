package desk

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/web"
)

var _ web.Gate = (*Desk)(nil)

// postbox keeps the letters that are to be mailed.
type postbox struct {
	mu      sync.Mutex
	letters []outbox.Letter
	refuses error
}

func (p *postbox) PutLetter(_ context.Context, l outbox.Letter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuses != nil {
		return p.refuses
	}
	p.letters = append(p.letters, l)
	return nil
}

// entrance is a world in which people sign in.
type entrance struct {
	*world
	post *postbox
	key  access.Key
}

func newEntrance(t *testing.T) *entrance {
	t.Helper()
	e := &entrance{world: withRoles(t), post: &postbox{}, key: access.Key(strings.Repeat("k", 32))}
	e.desk = e.process()
	return e
}

// process is one more process that people sign in through.
func (e *entrance) process() *Desk {
	return New(e.store, e.engine, shelf{}, wax{}, Options{Now: e.clock.now, Key: e.key, Courier: e.post, Address: "https://gangway.example",
		Log: slog.New(slog.NewJSONHandler(e.logs, nil))})
}

func byMail(id string) access.CodeWanted {
	return access.CodeWanted{Mail: id + "@" + planted + ".example", Next: "/cases"}
}

const office = "192.0.2.7"

// mails asks for a code and returns the id of the link that was mailed, "" for
// none.
func (e *entrance) mails(d *Desk, ask access.CodeWanted) string {
	e.t.Helper()
	before := e.sent()
	ok(e.t, d.MailCode(e.t.Context(), ask, office))
	d.mailings.Wait()
	e.post.mu.Lock()
	defer e.post.mu.Unlock()
	switch len(e.post.letters) - before {
	case 0:
		return ""
	case 1:
		l := e.post.letters[before]
		same(e.t, "letter", []any{outbox.SignIn, "sign-in/" + l.Link, outbox.Waiting}, []any{l.Kind, l.ID, l.State})
		return l.Link
	}
	e.t.Fatalf("%d letters for one question", len(e.post.letters)-before)
	return ""
}

func (e *entrance) sent() int {
	e.post.mu.Lock()
	defer e.post.mu.Unlock()
	return len(e.post.letters)
}

// enters signs somebody in by mail and returns their session.
func (e *entrance) enters(id string) string {
	e.t.Helper()
	session, until, next, err := e.desk.EnterByLink(e.t.Context(), e.key.Link(e.mails(e.desk, byMail(id))), "Firefox on Linux")
	ok(e.t, err)
	same(e.t, "session", []any{e.clock.now().Add(access.SessionFor), "/cases"}, []any{until, next})
	return session
}

func (e *entrance) byLink(d *Desk, secret string) error {
	_, _, _, err := d.EnterByLink(e.t.Context(), secret, "x")
	return err
}

func (e *entrance) byCode(ask access.CodeWanted, code string) error {
	_, _, _, err := e.desk.EnterByCode(e.t.Context(), ask, code, "x", office)
	return err
}

// who is the person of a session, "" for nobody.
func (e *entrance) who(session string) string {
	e.t.Helper()
	p, s, err := e.desk.SignedIn(e.t.Context(), session)
	if err != nil {
		missing(e.t, err)
		return ""
	}
	same(e.t, "the session's person", p.ID, s.Person)
	return p.ID
}

// wrong is a code that is not the one of that link.
func (e *entrance) wrong(link string) string {
	if e.key.Code(link) == "000000" {
		return "000001"
	}
	return "000000"
}

// noted counts the entries of the register with that result.
func (e *entrance) noted(result string) int {
	return len(slices.DeleteFunc(e.lines("register"), func(l dossier.Line) bool { return l.Entry.Detail == nil || l.Entry.Detail.Result != result }))
}

func tooOften(t *testing.T, err error) time.Duration {
	t.Helper()
	var limited interface {
		Limited() bool
		RetryAfter() time.Duration
		Hint() string
	}
	if !errors.As(err, &limited) || !limited.Limited() || limited.RetryAfter() <= 0 || limited.Hint() == "" {
		t.Fatalf("want a limit, got %v", err)
	}
	return limited.RetryAfter()
}

func wrongCode(t *testing.T, err error) {
	t.Helper()
	var wrong wrongCodeError
	if !errors.As(err, &wrong) || !wrong.Invalid() || wrong.Hint() == "" {
		t.Errorf("want a wrong code, got %v", err)
	}
}
