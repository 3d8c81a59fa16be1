package stories

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gangway/internal/archive"
	"gangway/internal/arrivals"
	"gangway/internal/assembly"
	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/mail/mailtest"
	"gangway/internal/payload"
	"gangway/internal/review"
)

// postEnv tells a role of the mail server that it works with, as JSON.
const postEnv = "GANGWAY_ROLE_MAIL"

// postRole is what a role knows of mail. DNS is the file with the keys of those who
// sign; it may change.
type postRole struct {
	Host              string
	SMTP, IMAP        int
	Password          string
	Address, DNS      string
	EveryMilliseconds int
}

// postInto gives a role its mail, where there is one.
func postInto(o *assembly.Options) error {
	text := os.Getenv(postEnv)
	if text == "" {
		return nil
	}
	var r postRole
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return fmt.Errorf("reading the mail of a role: %w", err)
	}
	o.Address, o.MailboxEvery = r.Address, time.Duration(r.EveryMilliseconds)*time.Millisecond
	mailInto(o, r.Host, r.SMTP, r.IMAP, r.Password)
	o.LookupTXT = func(name string) ([]string, error) {
		text, err := os.ReadFile(r.DNS)
		if err != nil {
			return nil, err
		}
		var records map[string][]string
		if err := json.Unmarshal(text, &records); err != nil {
			return nil, err
		}
		return records[name], nil
	}
	return nil
}

// mailing is engine, worker and web as processes of their own, and a mail server
// that outlives them all. Both read the mailbox, one at a time.
type mailing struct {
	*cast
	mail    *mailtest.Server
	dns     string
	record  *archive.Archive
	opening *desk.Desk
}

func newMailing(t *testing.T) *mailing {
	t.Helper()
	m := &mailing{cast: &cast{t: t, dir: t.TempDir(), engine: freePort(t), web: freePort(t), env: map[string][]string{}, procs: map[string]*exec.Cmd{}}}
	m.mail = mailtest.Open(t, mailtest.Options{Inbox: replyAddress, Catch: []string{returnDomain}})
	m.dns = filepath.Join(m.dir, "dns.json")
	text, err := json.Marshal(postRole{Host: m.mail.Host(), SMTP: m.mail.Port(), IMAP: m.mail.IMAPPort(), Password: m.mail.Password(),
		Address: m.url(""), DNS: m.dns, EveryMilliseconds: 100})
	if err != nil {
		t.Fatalf("packing what a role knows of mail: %v", err)
	}
	for _, role := range []string{"worker", "web"} {
		m.env[role] = []string{postEnv + "=" + string(text)}
	}
	m.startAll()
	if m.record, err = archive.Open(t.Context(), archive.Options{Dir: m.dir, Shared: true}); err != nil {
		t.Fatalf("opening the record: %v", err)
	}
	t.Cleanup(func() { _ = m.record.Close() }) // it was hardly written to
	c, err := client.Dial(client.Options{HostPort: fmt.Sprintf("127.0.0.1:%d", m.engine), Namespace: "gangway", DataConverter: payload.Converter(), Logger: sdklog.NewStructuredLogger(quiet())})
	if err != nil {
		t.Fatalf("connecting to the engine: %v", err)
	}
	t.Cleanup(c.Close)
	m.opening = desk.New(m.record, c, shelf{}, unsealed{}, desk.Options{Log: quiet(), PickPerson: true})
	return m
}

// settled are the mails of cases that are settled.
func (m *mailing) settled(cases []string) (all []arrivals.Arrival) {
	m.t.Helper()
	for _, id := range cases {
		some, err := m.record.Arrivals(context.Background(), "case", id, 100)
		if err != nil {
			m.t.Fatalf("reading what mails came: %v", err)
		}
		for _, a := range some {
			if a.State == arrivals.Settled {
				all = append(all, a)
			}
		}
	}
	return all
}

// TestMailKillTheReader kills whoever reads at random points while twenty answers
// wait, and once between the record and the move. Then each is in the record once,
// and none is left in the mailbox.
func TestMailKillTheReader(t *testing.T) {
	t.Parallel()
	const waiting = 20
	dice := diceOf(t)
	m := newMailing(t)
	ctx := context.Background()
	jonas, daniel := m.mail.Person("Jonas Keller", "jonas@northgate.example"), m.mail.Person("Daniel Brooks", "daniel@northgate.example")
	helper := &posted{house: &house{t: t}}
	var cases []string
	var asked []*mailtest.Received
	for n := range waiting / 2 { // one after the other: several that are asked at once come as one mail
		id, err := m.opening.Open(ctx, helper.intake("looking", fmt.Sprintf("vendor-%d", n+1)))
		if err != nil {
			t.Fatalf("opening a case: %v", err)
		}
		cases = append(cases, id)
		asked = append(asked, jonas.Inbox.Expect(t, "Is it good enough?", id+"]"), daniel.Inbox.Expect(t, "Is it good enough?", id+"]"))
	}
	m.mail.Whatever("tom@northgate.example", "maya@northgate.example", "helen@northgate.example", jonas.Address, daniel.Address)
	m.kill("worker")
	m.kill("web")
	for _, a := range asked {
		a.Reply(t, "approved")
	}
	records, err := json.Marshal(m.mail.DNS())
	if err == nil {
		err = os.WriteFile(m.dns, records, 0o600)
	}
	if err != nil {
		t.Fatalf("publishing the keys: %v", err)
	}
	m.mail.Order(mailtest.Fault{At: mailtest.AtMove, How: mailtest.Silence, Times: -1})
	for range 3 {
		m.start("web")
		pause(dice, 350, 1000) // the lease of the one before runs out first
		m.kill("web")
	}
	m.start("web")
	if !within(2*patience, func() bool { return len(m.settled(cases)) == waiting }) {
		t.Fatalf("%d mails are settled, want %d", len(m.settled(cases)), waiting)
	}
	m.kill("web") // all is in the record, and nothing is moved
	if n := len(m.mail.In("INBOX")); n != waiting {
		t.Errorf("%d mails lie in the mailbox, want all", n)
	}
	m.mail.Mend()
	m.start("worker")
	m.start("web")
	if !within(2*patience, func() bool { return len(m.mail.In("INBOX")) == 0 && len(m.mail.In("Processed")) == waiting }) {
		t.Errorf("%d mails wait and %d are processed, want %d", len(m.mail.In("INBOX")), len(m.mail.In("Processed")), waiting)
	}
	for _, a := range m.settled(cases) {
		wantArrival(t, a, arrivals.Decision)
	}
	if n := len(m.settled(cases)); n != waiting {
		t.Errorf("%d mails are settled, want %d", n, waiting)
	}
	for _, id := range cases {
		m.once(ctx, id)
	}
}

// once wants the answers of both in a case, each once.
func (m *mailing) once(ctx context.Context, id string) {
	m.t.Helper()
	var lines []dossier.Line
	said := map[string]int{}
	if !within(2*patience, func() bool {
		var err error
		if lines, err = m.record.Lines(ctx, id); err != nil {
			m.t.Fatalf("reading a chain: %v", err)
		}
		clear(said)
		for _, l := range lines {
			if f := l.Entry.Fact; f != nil && f.Kind == review.FactCounted {
				said[f.Person]++
			}
		}
		return len(said) >= 2
	}) || said["jonas"] != 1 || said["daniel"] != 1 {
		m.t.Errorf("in %s there are answers of %v, want one each of jonas and daniel", id, said)
	}
	if err := dossier.CheckChain(lines); err != nil {
		m.t.Errorf("the chain of %s: %v", id, err)
	}
}
