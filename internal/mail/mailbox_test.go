package mail_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/arrivals"
	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
)

// The same mail is one mail, however often and by whichever way it is seen.
func TestTheSameMailTwice(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	request, to := w.asks("legal", "helen")
	raw := sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org")
	w.comes(raw)
	w.comes("Received: from elsewhere by mx.gangway.example; Mon, 2 Mar 2026 11:00:00 +0100\r\nX-Spam: no\r\n" + raw) // another way
	if got := w.read(); len(got) != 1 || got[0].Kind != arrivals.Decision {
		t.Fatalf("settled %+v", got)
	}
	w.comes(raw + "\r\n\r\n") // somebody moved it back; their program wrote line ends
	if got := w.read(); len(got) != 0 {
		t.Errorf("settled again %+v", got)
	}
	w.server.NewValidity("INBOX")
	w.comes(raw)
	if got := w.read(); len(got) != 0 {
		t.Errorf("settled after the numbers changed: %+v", got)
	}
	if n := len(w.decided(request)); n != 1 || len(w.out.told) != 1 || w.lies("INBOX") != 0 || w.lies("Processed") != 4 {
		t.Errorf("%d answers, told %d, %d and %d mails", n, len(w.out.told), w.lies("INBOX"), w.lies("Processed"))
	}
	w.comes(strings.Replace(raw, "\r\n\r\napproved", "\r\n\r\nrejected: no", 1)) // another mail
	if got := w.read(); len(got) != 1 {
		t.Errorf("another mail is taken for the same: %+v", got)
	}
}

// A new UIDVALIDITY while mails wait: they are found under their new numbers,
// which may be smaller than the last one of before.
func TestUIDValidityChange(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	for i := range 3 {
		w.comes(w.letterOf(helen, gangwayMail, fmt.Sprint("Hello ", i), "Hello\n"))
	}
	w.read()
	w.server.NewValidity("INBOX")
	_, to := w.asks("legal", "helen")
	w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org"))
	if a := w.one(); a.Kind != arrivals.Decision {
		t.Errorf("%s %v", a.Kind, a.Why)
	}
	c, err := w.a.Cursor(t.Context(), w.box.Name())
	if err != nil || c.Last == 0 || c.Last > 4 {
		t.Errorf("the cursor is %+v, %v", c, err)
	}
}

// What the server does wrong costs no mail and decides nothing twice.
func TestMailboxFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault mailtest.Fault
		lack  []string
		fails bool // at first
		twice bool // the mail may lie in Processed twice
		stays bool // it stays in INBOX, marked
	}{
		"stopped mid-FETCH":              {fault: mailtest.Fault{At: mailtest.MidLiteral, How: mailtest.Silence}, fails: true},
		"cut mid-FETCH":                  {fault: mailtest.Fault{At: mailtest.MidLiteral, How: mailtest.Cut}, fails: true},
		"refused FETCH":                  {fault: mailtest.Fault{At: mailtest.AtFetch, Skip: 1}, fails: true},
		"silent at the greeting":         {fault: mailtest.Fault{At: mailtest.AtGreeting, How: mailtest.Silence}, fails: true},
		"wrong password once":            {fault: mailtest.Fault{At: mailtest.AtLogin}, fails: true},
		"SELECT refused":                 {fault: mailtest.Fault{At: mailtest.AtSelect}, fails: true},
		"SEARCH cut":                     {fault: mailtest.Fault{At: mailtest.AtSearch, How: mailtest.Cut}, fails: true},
		"CREATE refused":                 {fault: mailtest.Fault{At: mailtest.AtCreate}, fails: true},
		"MOVE cut, not done":             {fault: mailtest.Fault{At: mailtest.AtMove, How: mailtest.Cut}, fails: true},
		"MOVE cut, done":                 {fault: mailtest.Fault{At: mailtest.AtMove, How: mailtest.Cut, Keep: true}, fails: true},
		"MOVE silent":                    {fault: mailtest.Fault{At: mailtest.AtMove, How: mailtest.Silence}, fails: true},
		"no MOVE":                        {lack: []string{"MOVE"}},
		"no MOVE, COPY refused":          {lack: []string{"MOVE"}, fault: mailtest.Fault{At: mailtest.AtCopy}, fails: true},
		"no MOVE, STORE cut":             {lack: []string{"MOVE"}, fault: mailtest.Fault{At: mailtest.AtStore, How: mailtest.Cut}, fails: true, twice: true},
		"no MOVE, EXPUNGE cut":           {lack: []string{"MOVE"}, fault: mailtest.Fault{At: mailtest.AtExpunge, How: mailtest.Cut}, fails: true, stays: true},
		"neither MOVE nor UIDPLUS":       {lack: []string{"MOVE", "UIDPLUS"}, stays: true},
		"slow":                           {fault: mailtest.Fault{At: mailtest.MidLiteral, How: mailtest.Slow, For: 20 * time.Millisecond}},
		"delivered twice":                {fault: mailtest.Fault{At: mailtest.AtDelivery}, twice: true},
		"no SASL-IR and no LITERAL plus": {lack: []string{"SASL-IR", "LITERAL+"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newInbox(t, nil)
			w.box = w.mailbox(func(o *mail.IMAP) { o.Patience = 300 * time.Millisecond })
			w.reader = w.newReader(nil)
			w.server.Lack(c.lack...)
			if c.fault.At == mailtest.AtDelivery {
				w.server.Order(c.fault)
			}
			request, to := w.asks("legal", "helen")
			w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org"))
			if c.fault.At != "" && c.fault.At != mailtest.AtDelivery {
				w.server.Order(c.fault)
			}
			if err := w.reader.Once(t.Context()); (err != nil) != c.fails {
				t.Fatalf("at first: %v", err)
			}
			w.server.Mend()
			for range 2 {
				w.ok(w.reader.Once(t.Context()))
			}
			if got := w.settled(); len(got) != 1 || got[0].Kind != arrivals.Decision || len(w.decided(request)) != 1 {
				t.Errorf("settled %+v, decided %+v", got, w.decided(request))
			}
			in, done := w.lies("INBOX"), w.lies("Processed")
			if done != 1 && (!c.twice || done != 2) || in != 0 && !c.stays {
				t.Errorf("%d in INBOX, %d in Processed", in, done)
			}
		})
	}
}

// Servers are spoken to in every way of TLS and of signing in; a password never
// goes in the clear to another machine.
func TestSigningInToAMailbox(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server mailtest.Options
		lack   []string
		change func(*mail.IMAP)
		wrong  bool
	}{
		"implicit TLS": {server: mailtest.Options{Implicit: true}, change: func(o *mail.IMAP) { o.TLS = mail.Implicit }},
		"STARTTLS":     {server: mailtest.Options{STARTTLS: true}, change: func(o *mail.IMAP) { o.TLS = mail.STARTTLS }},
		"LOGIN":        {lack: []string{"AUTH=PLAIN"}, change: func(*mail.IMAP) {}},
		"XOAUTH2": {server: mailtest.Options{Token: "tok"}, change: func(o *mail.IMAP) {
			o.Token = token("tok")
		}},
		"OAUTHBEARER": {server: mailtest.Options{Token: "tok"}, lack: []string{"AUTH=XOAUTH2"}, change: func(o *mail.IMAP) {
			o.Token = token("tok")
		}},
		"XOAUTH2 refused":     {server: mailtest.Options{Token: "tok"}, wrong: true, change: func(o *mail.IMAP) { o.Token = token("other") }},
		"OAUTHBEARER refused": {server: mailtest.Options{Token: "tok"}, lack: []string{"AUTH=XOAUTH2"}, wrong: true, change: func(o *mail.IMAP) { o.Token = token("other") }},
		"wrong password": {wrong: true, change: func(o *mail.IMAP) {
			o.Password = func() (string, error) { return "wrong", nil }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.server.Inbox = gangwayMail
			server, err := mailtest.Start(c.server)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = server.Close() }()
			server.Lack(c.lack...)
			o := mail.IMAP{Host: server.Host(), Port: server.IMAPPort(), TLS: mail.Plain, User: gangwayMail, Roots: server.Roots(), Patience: 5 * time.Second,
				Password: func() (string, error) { return server.Password(), nil }}
			c.change(&o)
			box, err := mail.NewIMAP(o)
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			validity, err := box.Open(t.Context())
			if !c.wrong {
				if err != nil || validity == 0 {
					t.Fatal(validity, err)
				}
				for _, folder := range []string{"Processed", "Quarantine"} {
					if !slices.ContainsFunc(server.Folders(), func(f mailtest.Folder) bool { return f.Name == folder }) {
						t.Error("there is no folder", folder)
					}
				}
				return
			}
			var refused interface {
				Permanent() bool
				Hint() string
				RetryAfter() time.Duration
			}
			if !errors.As(err, &refused) || !refused.Permanent() || refused.Hint() == "" || refused.RetryAfter() < time.Minute {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), "wrong") || strings.Contains(err.Error(), "tok") && !strings.Contains(err.Error(), "token") {
				t.Errorf("it says too much: %v", err)
			}
		})
	}
	secret := func() (string, error) { return "x", nil }
	for _, o := range []mail.IMAP{
		{Host: "imap.example.org", User: "x", TLS: mail.Plain, Password: secret}, {Host: "imap.example.org", User: "x"}, {User: "x", Password: secret},
		{Host: "h", User: "x", TLS: "tls13", Password: secret}, {Host: "h", User: "x", Password: secret, ProcessedFolder: "INBOX"},
	} {
		if _, err := mail.NewIMAP(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
