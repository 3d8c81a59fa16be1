package mail_test

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/archive/postgrestest"
	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// one puts a letter to helen that is due.
func one(t *testing.T, o mailtest.Options) *world {
	t.Helper()
	w := newWorld(t, o)
	w.show("n1", acme, "helen", playbook.WhyAsked, w.newCase(acme, false).ask("legal", "Legal review", "helen"))
	w.pass(outbox.Gather)
	return w
}

// What a server says, or doesn't, at each point of the conversation.
func TestServerFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault mailtest.Fault
		state outbox.State
		word  string
		mails int // after the server was mended and a day has passed
		told  int
	}{
		"4xx at the greeting":            {mailtest.Fault{At: mailtest.AtConnect, Code: 421}, outbox.Waiting, "connection", 1, 0},
		"4xx at MAIL":                    {mailtest.Fault{At: mailtest.AtMail, Code: 451}, outbox.Waiting, "envelope 451", 1, 0},
		"4xx at RCPT, greylisted":        {mailtest.Fault{At: mailtest.AtRcpt, Code: 450}, outbox.Waiting, "envelope 450", 1, 0},
		"4xx after DATA":                 {mailtest.Fault{At: mailtest.AtEnd, Code: 452}, outbox.Waiting, "data 452", 1, 0},
		"5xx at RCPT":                    {mailtest.Fault{At: mailtest.AtRcpt, Code: 550}, outbox.Refused, "envelope 550", 0, 1},
		"5xx after DATA":                 {mailtest.Fault{At: mailtest.AtEnd, Code: 554}, outbox.Refused, "data 554", 0, 1},
		"5xx that is about us":           {mailtest.Fault{At: mailtest.AtMail, Code: 530}, outbox.Waiting, "envelope 530", 1, 0},
		"cut at MAIL":                    {mailtest.Fault{At: mailtest.AtMail, How: mailtest.Cut}, outbox.Waiting, "envelope", 1, 0},
		"nothing at RCPT":                {mailtest.Fault{At: mailtest.AtRcpt, How: mailtest.Silence}, outbox.Waiting, "envelope", 1, 0},
		"cut after DATA, taken":          {mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Cut, Keep: true}, outbox.Unknown, "data", 1, 0},
		"cut after DATA, not taken":      {mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Cut}, outbox.Unknown, "data", 0, 0},
		"nothing after DATA, taken":      {mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Silence, Keep: true}, outbox.Unknown, "data", 1, 0},
		"nothing after DATA, not taken":  {mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Silence}, outbox.Unknown, "data", 0, 0},
		"slow, and well":                 {mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Slow, For: 50 * time.Millisecond}, outbox.Sent, "", 1, 0},
		"slow at RCPT, for one of many ": {mailtest.Fault{At: mailtest.AtRcpt, How: mailtest.Slow, For: 50 * time.Millisecond, To: "helen@example.org"}, outbox.Sent, "", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := one(t, mailtest.Options{})
			w.post = w.newPost(w.a, func(o *mail.Options) { o.Server.Patience = 250 * time.Millisecond })
			w.server.Order(c.fault)
			w.deliver()
			if l := w.letter("n1"); l.State != c.state || l.Fault != c.word || l.Tries != 1 {
				t.Fatalf("it is %s (%q) after %d tries, want %s (%q)", l.State, l.Fault, l.Tries, c.state, c.word)
			}
			if w.deliver() != 0 {
				t.Error("tried again at once")
			}
			w.server.Mend()
			w.pass(24 * time.Hour)
			w.deliver()
			w.count("helen@example.org", c.mails)
			told := w.notes.told()
			if len(told) != c.told {
				t.Fatalf("its case was told %+v", told)
			}
			for _, n := range told {
				if n.Kind != review.NoteUndelivered || n.Case != acme || n.Request != acme+"/legal" || n.Person != "helen" || n.Channel != "mail" || len(n.ID) > 64 {
					t.Errorf("its case was told %+v", n)
				}
			}
		})
	}
}

// A mail that is tried again is the same mail: a server or reader that has it
// knows it by its Message-ID.
func TestTriedAgainItIsTheSameMail(t *testing.T) {
	t.Parallel()
	w := one(t, mailtest.Options{})
	w.server.Order(mailtest.Fault{At: mailtest.AtEnd, Code: 451, Keep: true})
	w.deliver()
	w.show("n2", acme, "helen", playbook.WhyAsked, acme+"/legal") // doesn't join it
	w.pass(time.Minute)
	w.deliver()
	var ids []string
	for _, m := range w.count("helen@example.org", 3) {
		ids = append(ids, m.Message())
	}
	if ids[0] != w.letter("n1").Message || w.letter("n2").Message == ids[0] || (ids[1] != ids[0]) == (ids[2] != ids[0]) {
		t.Errorf("Message-IDs %v", ids)
	}
}

// A server that is away costs no mail its certainty, is asked once a round, and
// after two days people count as not reached.
func TestAServerThatIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	s := w.newCase(acme, false)
	r := s.ask("legal", "Legal review", "helen", "sam", "olga")
	for _, p := range []string{"helen", "sam", "olga"} {
		w.show("n-"+p, acme, p, playbook.WhyAsked, r)
	}
	w.server.Order(mailtest.Fault{At: mailtest.AtConnect, Code: 421, Times: -1})
	w.pass(time.Minute)
	w.deliver()
	if n := w.server.Sessions(); n != 1 {
		t.Errorf("the server was asked %d times in one round", n)
	}
	w.isState("n-sam", outbox.Waiting)
	for range 100 {
		w.pass(time.Hour)
		w.deliver()
	}
	for _, p := range []string{"helen", "sam", "olga"} {
		if l := w.letter("n-" + p); l.State != outbox.Refused || l.Fault != "connection" || l.Message != "" || l.Changed.Sub(l.First) != outbox.Patience {
			t.Errorf("%s's letter is %+v", p, l)
		}
	}
	if told := w.notes.told(); len(told) != 3 {
		t.Errorf("the case was told %d times", len(told))
	}
	trouble, err := w.a.Letters(t.Context(), outbox.Which{By: outbox.ByTrouble})
	if err != nil || len(trouble) != 3 {
		t.Fatalf("%d letters in trouble, %v", len(trouble), err)
	}
	// A person says: again. The old one then wants nobody's eye any more.
	w.server.Mend()
	for range 2 {
		l, err := w.post.Again(t.Context(), "n-sam")
		if err != nil || l.Again != "n-sam" {
			t.Fatalf("%+v, %v", l, err)
		}
	}
	if w.deliver() != 1 {
		t.Error("said again, it left more than once or not at all")
	}
	w.count("sam@example.org", 1)
	trouble, err = w.a.Letters(t.Context(), outbox.Which{By: outbox.ByTrouble})
	if err != nil || len(trouble) != 2 {
		t.Errorf("%d letters in trouble, %v", len(trouble), err)
	}
	if _, err := w.post.Again(t.Context(), "n-sam+again"); !errors.As(err, new(outbox.NotAgainError)) {
		t.Errorf("one that arrived is sent again: %v", err)
	}
}

// What a case does not want to hear is tried again, unless it is final.
func TestACaseThatDoesNotListen(t *testing.T) {
	t.Parallel()
	w := one(t, mailtest.Options{})
	w.server.Order(mailtest.Fault{At: mailtest.AtRcpt, Code: 550})
	w.notes.err = errors.New("busy")
	if _, err := w.post.Deliver(t.Context()); err == nil {
		t.Error("nobody hears of it")
	}
	w.notes.err = nil
	w.deliver()
	w.deliver()
	if told := w.notes.told(); len(told) != 1 {
		t.Errorf("the case was told %d times", len(told))
	}
}

// A worker that is killed between the row and the server's reply leaves a mail of
// which nothing is known; it never leaves a second time by itself.
func TestKilledWhileSending(t *testing.T) {
	t.Parallel()
	w := one(t, mailtest.Options{})
	taken, err := w.a.TakeLetters(t.Context(), outbox.Mail{Message: "gw.x@example.org", Letters: []string{"n1"}, At: w.clock()})
	if err != nil || !taken {
		t.Fatal(taken, err)
	}
	w.pass(10 * time.Minute)
	w.deliver()
	w.isState("n1", outbox.Sending) // it may still be on its way
	w.pass(10 * time.Minute)
	w.deliver()
	w.isState("n1", outbox.Unknown)
	w.pass(72 * time.Hour)
	w.deliver()
	w.count("", 0)
	if _, err := w.post.Again(t.Context(), "n1"); err != nil {
		t.Fatal(err)
	}
	w.deliver()
	w.count("helen@example.org", 1)
}

// Two workers on one archive: a hundred letters, each once.
func TestTwoWorkersSendNothingTwice(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) { sendNothingTwice(t, newWorld(t, mailtest.Options{})) })
	t.Run("PostgreSQL", func(t *testing.T) {
		sendNothingTwice(t, newWorldIn(t, postgrestest.Shared(t).Database(t), mailtest.Options{}))
	})
}

func sendNothingTwice(t *testing.T, w *world) {
	s := w.newCase(acme, false)
	r := s.ask("legal", "Legal review", "helen")
	posts := []*mail.Post{w.post, w.newPost(w.open(), nil), w.newPost(w.open(), nil)}
	for i := range 100 {
		l := outbox.Letter{ID: fmt.Sprint("n", i), Person: "helen", Kind: outbox.Asked, Why: playbook.WhyAsked, Case: acme, Requests: []string{r}, Made: monday(), Next: monday()}
		l.Again = fmt.Sprint("old", i) // sent again, each leaves alone
		w.ok(w.a.PutLetter(t.Context(), l))
	}
	w.pass(time.Minute)
	var wg sync.WaitGroup
	sent := make([]int, len(posts))
	for i, p := range posts {
		wg.Go(func() {
			n, err := p.Deliver(t.Context())
			if err != nil {
				t.Error(err)
			}
			sent[i] = n
		})
	}
	wg.Wait()
	ids := map[string]bool{}
	for _, m := range w.count("helen@example.org", 100) {
		ids[m.Message()] = true
	}
	if len(ids) != 100 {
		t.Errorf("%d mails of 100 letters, by worker %v", len(ids), sent)
	}
	// And a digest, of which each would make one: still one a day.
	for i, p := range posts {
		_, err := p.Show(t.Context(), review.Notice{ID: fmt.Sprint("r", i), Case: acme, Person: "helen", Requests: []string{r}, Why: playbook.WhyReminder, At: w.clock()})
		w.ok(err)
	}
	w.pass(time.Minute)
	for _, p := range posts {
		wg.Go(func() {
			if _, err := p.Deliver(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	w.count("helen@example.org", 101)
}

func TestOneConnectionForMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	for i := range 20 {
		w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: fmt.Sprint("signin/", i), Person: "helen", Kind: outbox.SignIn, Link: fmt.Sprint(i)}))
	}
	if w.deliver() != 20 || w.server.Sessions() != 1 {
		t.Errorf("%d connections", w.server.Sessions())
	}
}

func TestTheServerIsSpokenToSafely(t *testing.T) {
	t.Parallel()
	password := func() (string, error) { return "secret", nil }
	for name, c := range map[string]struct {
		server mailtest.Options
		change func(*mail.Server, *mailtest.Server)
		fails  string // part of the error; empty: it works
	}{
		"STARTTLS and a password": {mailtest.Options{STARTTLS: true, User: "gangway", Password: "secret"}, func(s *mail.Server, m *mailtest.Server) {
			s.TLS, s.Roots, s.User, s.Password = "", m.Roots(), "gangway", password
		}, ""},
		"implicit TLS and a password": {mailtest.Options{Implicit: true, User: "gangway", Password: "secret"}, func(s *mail.Server, m *mailtest.Server) {
			s.TLS, s.Roots, s.User, s.Password = mail.Implicit, m.Roots(), "gangway", password
		}, ""},
		"a password on loopback": {mailtest.Options{User: "gangway", Password: "secret"}, func(s *mail.Server, _ *mailtest.Server) {
			s.User, s.Password = "gangway", password
		}, ""},
		"no STARTTLS offered": {mailtest.Options{}, func(s *mail.Server, _ *mailtest.Server) { s.TLS = mail.STARTTLS }, "does not offer STARTTLS"},
		"a certificate of nobody we trust": {mailtest.Options{STARTTLS: true}, func(s *mail.Server, _ *mailtest.Server) {
			s.TLS = mail.STARTTLS
		}, "securing the connection"},
		"implicit, of nobody we trust": {mailtest.Options{Implicit: true}, func(s *mail.Server, _ *mailtest.Server) { s.TLS = mail.Implicit }, "connecting to the mail server"},
		"a wrong password": {mailtest.Options{STARTTLS: true, User: "gangway", Password: "other"}, func(s *mail.Server, m *mailtest.Server) {
			s.TLS, s.Roots, s.User, s.Password = mail.STARTTLS, m.Roots(), "gangway", password
		}, "signing in at the mail server"},
		"no way to sign in": {mailtest.Options{}, func(s *mail.Server, _ *mailtest.Server) {
			s.User, s.Password = "gangway", password
		}, "no way that is known"},
		"a secret that is gone": {mailtest.Options{User: "gangway", Password: "secret"}, func(s *mail.Server, _ *mailtest.Server) {
			s.User, s.Password = "gangway", func() (string, error) { return "", errors.New("no file") }
		}, "reading the mail server's password"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := one(t, c.server)
			w.post = w.newPost(w.a, func(o *mail.Options) { c.change(&o.Server, w.server) })
			err := w.post.Check(t.Context())
			w.deliver()
			if c.fails == "" {
				w.ok(err)
				w.isState("n1", outbox.Sent)
				return
			}
			hinted := err != nil && errors.As(err, new(interface{ Hint() string }))
			if err == nil || !strings.Contains(err.Error(), c.fails) || !hinted {
				t.Errorf("got %v, want %q and a hint", err, c.fails)
			}
			w.isState("n1", outbox.Waiting) // the operator mends it, and it leaves
			w.count("", 0)
		})
	}
}

// A server that accepts and then says nothing is left after a while.
func TestAServerThatSaysNothing(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	w := one(t, mailtest.Options{})
	w.post = w.newPost(w.a, func(o *mail.Options) {
		o.Server.Port, o.Server.Patience = silent.Addr().(*net.TCPAddr).Port, 100*time.Millisecond
	})
	w.deliver()
	w.isState("n1", outbox.Waiting)
}

// A server that never ends its reply fills no memory: it is left as soon as it
// said more than a reply has, at whatever step.
func TestAServerThatNeverStopsTalking(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{"greeting": "", "hello": "220 mx.example.org ESMTP\r\n", "a line without end": "220 "} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = l.Close() }()
			said := make(chan int)
			go func() {
				c, err := l.Accept()
				if err != nil {
					said <- 0
					return
				}
				_, _ = c.Write([]byte(first))
				n := 0
				for more := []byte(strings.Repeat("250-and so on and on\r\n", 1000)); err == nil && n < 64<<20; {
					if first == "220 " {
						more = []byte(strings.Repeat("x", 20_000))
					}
					var m int
					m, err = c.Write(more)
					n += m
				}
				_ = c.Close()
				said <- n
			}()
			w := one(t, mailtest.Options{})
			w.post = w.newPost(w.a, func(o *mail.Options) { o.Server.Port = l.Addr().(*net.TCPAddr).Port })
			w.deliver()
			w.isState("n1", outbox.Waiting)
			if n := <-said; n >= 64<<20 { // some of it is in the system's buffers
				t.Errorf("it said %d bytes", n)
			}
		})
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	for name, change := range map[string]func(*mail.Options){
		"in the clear to elsewhere": func(o *mail.Options) { o.Server.Host = "mail.example.org" },
		"no server":                 func(o *mail.Options) { o.Server.Host = "" },
		"another TLS":               func(o *mail.Options) { o.Server.TLS = "ssl3" },
		"a user alone":              func(o *mail.Options) { o.Server.User = "gangway" },
		"from nobody":               func(o *mail.Options) { o.From = "gangway" },
		"from two":                  func(o *mail.Options) { o.From = "a@example.org, b@example.org" },
		"links to nowhere":          func(o *mail.Options) { o.Address = "gangway.example.org" },
		"links to a script":         func(o *mail.Options) { o.Address = "javascript:alert(1)" },
		"a short key":               func(o *mail.Options) { o.Key = o.Key[:8] },
		"no store":                  func(o *mail.Options) { o.Store = nil },
	} {
		o := mail.Options{Store: w.a, Key: key(), Address: "https://gangway.example.org", From: "gangway@example.org",
			Server: mail.Server{Host: "127.0.0.1", TLS: mail.Plain}}
		if _, err := mail.New(o); err != nil {
			t.Fatal(err)
		}
		change(&o)
		if _, err := mail.New(o); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
