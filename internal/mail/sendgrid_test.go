package mail_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

const gridKey = "SG.hunter2"

// gridded is a world whose mails leave through a SendGrid on loopback, which
// tells of events at the URL.
func gridded(t *testing.T, change func(*mail.Options)) (*world, *mailtest.Grid, string) {
	t.Helper()
	w := newWorld(t, mailtest.Options{})
	g, err := mailtest.StartGrid(gridKey)
	w.ok(err)
	t.Cleanup(g.Close)
	t.Cleanup(func() {
		for _, c := range g.Complaints() {
			t.Error("SendGrid complains: " + c)
		}
	})
	public, err := g.EventsKey()
	w.ok(err)
	w.post = w.newPost(w.a, func(o *mail.Options) {
		o.Server = mail.Server{}
		o.Replies = "gangway@example.org"
		o.SendGrid = mail.SendGrid{Key: func() (string, error) { return gridKey, nil }, Host: g.URL(), EventsKey: public, Patience: 2 * time.Second}
		if change != nil {
			change(o)
		}
	})
	inbox := httptest.NewServer(w.post.Events())
	t.Cleanup(inbox.Close)
	return w, g, inbox.URL
}

func TestSendGridTakesWhatWeWrite(t *testing.T) {
	t.Parallel()
	w, g, _ := gridded(t, nil)
	w.ok(w.post.Check(t.Context()))
	r := w.newCase(acme, false).ask("legal", "Legal review of\r\nBcc: x@y", "sam")
	w.show("n1", acme, "sam", playbook.WhyAsked, r)
	w.pass(time.Minute)
	w.deliver()
	w.isState("n1", outbox.Sent)
	mails := g.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	m, ticket := mails[0], key().Ticket(r, 1, "sam", "mail")
	message := w.letter("n1").Message
	if m.To != (mailtest.GridAddress{Email: "sam@example.org", Name: "Sam Öztürk"}) || m.From.Email != "gangway@example.org" || m.ReplyTo.Email != "gangway+"+ticket+"@example.org" {
		t.Errorf("from %v to %v, answers to %v", m.From, m.To, m.ReplyTo)
	}
	if m.Tracked || m.Args["gangway_message"] != message || m.Headers["Message-ID"] != "<"+message+">" || !strings.HasPrefix(m.Headers["References"], "<gw.case.") ||
		m.Headers["Auto-Submitted"] != "auto-generated" || strings.Contains(m.Headers["X-Auto-Response-Suppress"], "OOF") {
		t.Errorf("%+v", m)
	}
	if len(m.Categories) != 1 || len(m.Args) != 1 {
		t.Errorf("what SendGrid keeps for ever: %v %v", m.Categories, m.Args)
	}
	if !strings.Contains(m.Text, "/go/"+ticket) || !strings.Contains(m.HTML, "/go/"+ticket) || strings.ContainsAny(m.Subject, "\r\n") {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
}

// What SendGrid's replies mean: only a mail that it surely has not is tried again.
func TestSendGridsReplies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault mailtest.GridFault
		want  outbox.State
		why   string
		next  time.Duration
		again int // mails that it has after a second try
	}{
		"a limit":              {mailtest.GridFault{Status: 429, Header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1772442360"}}, outbox.Waiting, "service 429", 5 * time.Minute, 1},
		"a limit, in seconds":  {mailtest.GridFault{Status: 429, Header: map[string]string{"Retry-After": "90"}}, outbox.Waiting, "service 429", 90 * time.Second, 1},
		"a fault of its own":   {mailtest.GridFault{Status: 500}, outbox.Waiting, "service 500", time.Minute, 1},
		"not verified":         {mailtest.GridFault{Status: 403}, outbox.Waiting, "service 403", time.Minute, 1},
		"a bad mail":           {mailtest.GridFault{Status: 400}, outbox.Refused, "service 400", 0, 0},
		"too large":            {mailtest.GridFault{Status: 413}, outbox.Refused, "service 413", 0, 0},
		"a gateway gave up":    {mailtest.GridFault{Status: 504, Take: true}, outbox.Unknown, "service 504", 0, 1},
		"a lost reply":         {mailtest.GridFault{Take: true}, outbox.Unknown, "service", 0, 1},
		"no reply":             {mailtest.GridFault{Take: true, Hang: true}, outbox.Unknown, "service", 0, 1},
		"led somewhere else":   {mailtest.GridFault{Status: 302, Header: map[string]string{"Location": "http://127.0.0.1:1/"}}, outbox.Waiting, "service 302", time.Minute, 1},
		"accepted for nothing": {mailtest.GridFault{Status: 200}, outbox.Unknown, "service 200", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g, _ := gridded(t, nil)
			r := w.newCase(acme, false).ask("legal", "Legal review", "helen")
			w.show("n1", acme, "helen", playbook.WhyAsked, r)
			w.pass(time.Minute)
			g.Fail(c.fault)
			w.deliver()
			l := w.letter("n1")
			if l.State != c.want || l.Fault != c.why || c.next > 0 && l.Next.Sub(w.clock()) != c.next {
				t.Fatalf("%s, %s, next after %s", l.State, l.Fault, l.Next.Sub(w.clock()))
			}
			w.pass(6 * time.Minute)
			w.deliver()
			if got := len(g.Mails()); got != c.again {
				t.Errorf("it has %d mails, want %d", got, c.again)
			}
		})
	}
}

// A service that is down costs the other mails of the round nothing but time.
func TestSendGridThatIsDownIsAskedOnceARound(t *testing.T) {
	t.Parallel()
	w, g, _ := gridded(t, nil)
	s := w.newCase(acme, false)
	r := s.ask("legal", "Legal review", "helen", "sam")
	w.show("n1", acme, "helen", playbook.WhyAsked, r)
	w.show("n2", acme, "sam", playbook.WhyAsked, r)
	w.pass(time.Minute)
	g.Fail(mailtest.GridFault{Status: 503}, mailtest.GridFault{Status: 503})
	w.deliver()
	w.isState("n1", outbox.Waiting)
	w.isState("n2", outbox.Waiting)
	w.pass(2 * time.Minute)
	g.Fail() // of the two faults one is left: the second mail never reached it
	if n := w.deliver(); n != 0 {
		t.Errorf("%d left", n)
	}
	w.pass(6 * time.Minute)
	if n := w.deliver(); n != 2 {
		t.Errorf("%d left", n)
	}
}

func TestCheckOfSendGrid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
		want   string
	}{
		{200, `{"scopes":["mail.send"]}`, ""},
		{200, `{"scopes":["stats.read"]}`, "may not send mail"},
		{200, `nonsense`, "may not send mail"},
		{401, `{}`, "signing in at SendGrid"},
		{500, `{}`, "calling SendGrid"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		w, _, _ := gridded(t, func(o *mail.Options) { o.SendGrid.Host = server.URL })
		err := w.post.Check(t.Context())
		if c.want == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d %s: %v", c.status, c.body, err)
		}
		var hint interface{ Hint() string }
		if err != nil && (!as(err, &hint) || hint.Hint() == "") {
			t.Errorf("%v: no hint", err)
		}
		server.Close()
	}
}

func TestOptionsOfSendGridAreHeldToTheirShape(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	key := func() (string, error) { return gridKey, nil }
	for _, bad := range []mail.SendGrid{
		{Key: key, Region: "moon"}, {Key: key, Host: "http://api.sendgrid.com"}, {Key: key, Host: "https://"}, {Key: key, Host: "https://u:p@api.sendgrid.com"},
		{Key: key, EventsKey: "AAAA"}, {Key: key, EventsKey: "%"},
	} {
		_, err := mail.New(mail.Options{Store: w.a, Key: []byte(strings.Repeat("k", 32)), Address: "https://g.example", From: "g@example.org", SendGrid: bad})
		if err == nil {
			t.Errorf("%+v is taken", bad.Host+bad.Region+bad.EventsKey)
		}
	}
	for _, region := range []string{"", "global", "eu"} {
		if _, err := mail.New(mail.Options{Store: w.a, Key: []byte(strings.Repeat("k", 32)), Address: "https://g.example", From: "g@example.org", SendGrid: mail.SendGrid{Key: key, Region: region}}); err != nil {
			t.Errorf("%s: %v", region, err)
		}
	}
}

// An invitation leaves through SendGrid with what its API can say.
func TestInvitationThroughSendGrid(t *testing.T) {
	t.Parallel()
	w, g, _ := gridded(t, nil)
	w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: "i1", Person: "helen", Kind: outbox.Invitation, Meeting: kickOff()}))
	w.deliver()
	mails := g.Mails()
	if len(mails) != 1 || !strings.Contains(mails[0].Calendar, "METHOD:REQUEST\r\n") || len(mails[0].Files) != 1 || mails[0].Files[0].Filename != "invite.ics" {
		t.Fatalf("%+v", mails)
	}
}

func kickOff() *outbox.Meeting {
	return &outbox.Meeting{UID: "m1@gangway.example.org", Title: "Handing over: payroll, part 1; what runs when", Text: "First the calendar.\nThen Öffnungszeiten, and a long line that is folded somewhere within the seventy-five octets that a line may have.",
		Where: "https://meet.example.org/abc", From: monday().Add(24 * time.Hour), Until: monday().Add(25 * time.Hour)}
}
