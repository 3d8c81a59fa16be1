package assembly

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/engagement"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// logbook takes logs from many goroutines.
type logbook struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// posted is a house that sends mail, with the example's people, its loops
// running until the test ends.
func posted(t *testing.T, log *slog.Logger) (*House, *mailtest.Server) {
	t.Helper()
	server, err := mailtest.Start(mailtest.Options{})
	ok(t, err)
	t.Cleanup(func() { ok(t, server.Close()) })
	h := open1(t, Options{Dir: t.TempDir(), Address: "http://127.0.0.1:8470", Log: log,
		Mail: config.Mail{From: "gangway@gangway.example", SMTP: config.SMTP{Host: server.Host(), Port: server.Port(), TLS: "none"}}}, &well{engine{started: make(chan string, 8)}})
	ok(t, h.SeedExample(t.Context()))
	ctx, stop := context.WithCancel(context.Background())
	var loops sync.WaitGroup
	loops.Go(func() { h.Run(ctx) })
	t.Cleanup(func() { stop(); loops.Wait() })
	return h, server
}

// TestSomebodyComesInByMail: web asks for a code, mail brings the link, the link
// signs in once; meanwhile a case is opened. The logs at their most talkative
// hold nobody's name or address, no text, and no secret.
func TestSomebodyComesInByMail(t *testing.T) {
	t.Parallel()
	var logs logbook
	h, server := posted(t, slog.New(slog.NewJSONHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug})))
	form := url.Values{"mail": {"maya@northgate.example"}}
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8470/signin", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	h.Web.ServeHTTP(answer, r)
	if answer.Code >= 400 {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	mail, err := server.Next(t.Context(), "maya@northgate.example", 0)
	ok(t, err)
	secret := path.Base(mail.Link("/enter/"))
	session, _, _, err := h.Desk.EnterByLink(t.Context(), secret, "Firefox")
	ok(t, err)
	person, _, err := h.Desk.SignedIn(t.Context(), session)
	ok(t, err)
	same(t, "who", "maya", person.ID)
	if _, _, _, err := h.Desk.EnterByLink(t.Context(), secret, "Firefox"); err == nil {
		t.Error("a link signed in twice")
	}
	_, err = h.Desk.Open(t.Context(), playbook.Intake{ID: "web-1", From: review.Address{Channel: "web", ID: "maya"}, Owner: "tom",
		Vendor: engagement.Vendor{Name: "Quillfeather Payrolls", Service: "payroll", Country: "GB"}, Reason: "our own one is slow", Interest: engagement.No})
	ok(t, err)
	same(t, "mail", Part{State: stateOK}, h.mailPart(t.Context()))

	private := []string{secret, session, "Quillfeather", "our own one is slow", "@", "127.0.0.1"}
	text, err := fs.ReadFile(config.Example(), "people.yaml")
	ok(t, err)
	people, err := config.ReadPeople("people.yaml", text)
	ok(t, err)
	for _, p := range people.List {
		private = append(private, p.Name, strings.Fields(p.Name)[0], p.Mail)
	}
	said := logs.String()
	for _, word := range private {
		if strings.Contains(said, word) {
			t.Errorf("the logs hold %q:\n%s", word, said)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(said), "\n") {
		if line != "" && !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
}

// bounced is what a mail server says when it could not deliver a mail.
func bounced(m mailtest.Mail) string {
	return strings.ReplaceAll("From: mailer-daemon@mx.example.test\nTo: "+m.From+"\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"+
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n\n"+
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.test\n\n"+
		"Final-Recipient: rfc822; tom@northgate.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n", "\n", "\r\n")
}

// TestAnOperatorHearsOfBounces: a mail server's report comes in by /api, from
// operators alone, and the letter stands among those that arrived nowhere.
func TestAnOperatorHearsOfBounces(t *testing.T) {
	t.Parallel()
	h, server := posted(t, nil)
	ok(t, h.Desk.MailCode(t.Context(), access.CodeWanted{Mail: "tom@northgate.example"}, "192.0.2.1"))
	mail, err := server.Next(t.Context(), "tom@northgate.example", 0)
	ok(t, err)
	call := func(person, method, path, kind, body string) (int, string) {
		token, _, err := h.Desk.NewToken(t.Context(), person, "test", time.Now().Add(time.Hour))
		ok(t, err)
		r := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:8470"+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		answer := httptest.NewRecorder()
		h.Web.ServeHTTP(answer, r)
		return answer.Code, answer.Body.String()
	}
	if code, said := call("maya", http.MethodPost, "/api/bounce", "message/rfc822", bounced(mail)); code != http.StatusForbidden {
		t.Errorf("somebody who is no operator: %d %s", code, said)
	}
	if _, list := call("oscar", http.MethodGet, "/api/letters", "", ""); strings.Contains(list, "tom") {
		t.Errorf("before it came back: %s", list)
	}
	for range 2 { // servers repeat themselves
		if code, said := call("oscar", http.MethodPost, "/api/bounce", "message/rfc822", bounced(mail)); code >= 300 {
			t.Fatalf("%d %s", code, said)
		}
	}
	if code, said := call("oscar", http.MethodPost, "/api/bounce", "message/rfc822", "Subject: hello\r\n\r\nhello"); code != http.StatusUnprocessableEntity {
		t.Errorf("no report: %d %s", code, said)
	}
	if code, list := call("oscar", http.MethodGet, "/api/letters", "", ""); code != http.StatusOK || strings.Count(list, `"tom"`) != 1 || !strings.Contains(list, string(outbox.Bounced)) {
		t.Errorf("%d %s", code, list)
	}
}

// TestTheFirstOperatorNeedsNoMail: the link that init prints signs in, once.
func TestTheFirstOperatorNeedsNoMail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key, err := config.AccessKey(dir + "/keys")
	ok(t, err)
	h := open1(t, Options{Dir: dir, Address: "https://g.example.org"}, &well{})
	ok(t, h.seed(t.Context(), "people.yaml", []byte("zone: UTC\nhours: Mon-Fri 09:00-17:00\npeople:\n  - {id: ann, name: Ann, roles: [operator]}\n  - {id: bob, name: Bob, roles: [legal]}\n")))
	until := time.Now().Add(access.FirstFor)
	first := access.Key(key).First("ann", until)
	_, _, _, err = h.Desk.EnterByLink(t.Context(), first, "Firefox")
	ok(t, err)
	for what, secret := range map[string]string{"used": first, "no operator": access.Key(key).First("bob", until), "old": access.Key(key).First("ann", time.Now().Add(-time.Minute))} {
		if _, _, _, err := h.Desk.EnterByLink(t.Context(), secret, "Firefox"); err == nil {
			t.Errorf("%s: signed in", what)
		}
	}
}

// TestMailThatLags: the server takes nothing; /readyz tells how long, and the
// worker stays ready.
func TestMailThatLags(t *testing.T) {
	t.Parallel()
	h, server := posted(t, nil)
	server.Order(mailtest.Fault{At: mailtest.AtRcpt, Code: 451})
	ok(t, h.Desk.MailCode(t.Context(), access.CodeWanted{Mail: "tom@northgate.example"}, "192.0.2.1"))
	for { // until it was tried
		letters, err := h.Archive.Letters(t.Context(), outbox.Which{By: outbox.ByDue, Now: time.Now().Add(within)})
		ok(t, err)
		if len(letters) == 1 && letters[0].Tries > 0 {
			break
		}
	}
	health := NewHealth(quiet())
	health.Started(h)
	now := health.Look(t.Context())
	if !now.Ready || now.Parts["mail"].State != stateOK || now.Parts["mail"].Oldest == "" {
		t.Errorf("%+v", now)
	}
}
