package stories

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/dossier"
	"gangway/internal/mail/mailtest"
	"gangway/internal/payload"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// opened is a case of vendor n that tom asked for.
func (m *mailed) opened(n int) string {
	m.t.Helper()
	c := m.citizens("tom")
	var got struct{ Case string }
	c.insist(context.Background(), "POST", "/api/open", "tom", c.intake(context.Background(), n), &got)
	return got.Case
}

// house is gangway in this process, on the deployment's record; it runs no loop, so
// that whatever it puts there the workers do.
func (m *mailed) house() *assembly.House {
	m.t.Helper()
	c, err := client.NewLazyClient(client.Options{HostPort: m.here("gangway", "temporal:7233"), Namespace: "gangway",
		DataConverter: payload.Converter(), Logger: sdklog.NewStructuredLogger(quiet())})
	if err != nil {
		m.t.Fatalf("preparing for the engine: %v", err)
	}
	h, err := assembly.Open(context.Background(), c, assembly.Options{Dir: filepath.Join(m.dir, "gangway-data"), Shared: true, Address: m.url, Log: quiet(),
		Database: m.here("gangway", m.services["gangway"].Environment["GANGWAY_DATABASE_URL"]),
		Mail:     config.Mail{From: "gangway@northgate.example", SMTP: config.SMTP{Host: m.mail.Host(), Port: m.mail.Port(), TLS: "none"}}})
	if err != nil {
		m.t.Fatalf("opening the record: %v", err)
	}
	m.t.Cleanup(func() {
		if err := h.Close(); err != nil {
			m.owner.Errorf("closing the record: %v", err)
		}
		c.Close()
	})
	return h
}

// oneDigest: reminders of two cases leave in one mail, whichever worker sends it;
// a third of the same day waits for the next.
func (m *mailed) oneDigest() {
	t, ctx := m.t, context.Background()
	ravi, h := m.people["ravi"], m.house()
	c := m.citizens("ravi")
	remind := func(id string, vendor int) {
		t.Helper()
		caseID := fmt.Sprintf("onboarding/vendor-%d/1", vendor)
		shown, err := h.Mail.Show(ctx, review.Notice{ID: id, Case: caseID, Person: "ravi", Requests: []string{c.need(caseID, "ravi", id).Request},
			Why: playbook.WhyReminder, At: time.Now()})
		if err != nil || !shown {
			t.Fatalf("reminding ravi: %t, %v", shown, err)
		}
	}
	m.opened(101)
	m.opened(102)
	remind("reminder-1", 101)
	remind("reminder-2", 102)
	mail := ravi.mailWith("still missing")
	if !strings.Contains(mail.Text, "Vendor 101") || !strings.Contains(mail.Text, "Vendor 102") {
		t.Errorf("two reminders are not in one mail:\n%s", mail.Text)
	}
	remind("reminder-3", 101)
	var wait int64
	if !within(patience, func() bool {
		err := m.db.QueryRowContext(ctx, "SELECT next_try - made FROM letters WHERE id = 'reminder-3' AND state = 'waiting'").Scan(&wait)
		return err == nil && time.Duration(wait)*time.Microsecond > time.Hour
	}) {
		t.Errorf("a second digest of the day waits for %s", time.Duration(wait)*time.Microsecond)
	}
	n := 0
	for _, mail := range m.mail.Mails(ravi.address) {
		if strings.Contains(mail.Text, "still missing") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d digests came, want 1", n)
	}
}

// sessionEnds: somebody is signed out everywhere while they write. What they send
// comes back to them; signed in anew they send it again, and it counts as it was.
func (m *mailed) sessionEnds() {
	t := m.t
	helen := m.people["helen"]
	f := helen.asked("vendor-101", "need").form("/request/answer")
	f.says("approve", reason("kept through the end of a session", ""))
	me := helen.opens("/me").form("/me/device")
	if me == nil {
		t.Fatal("helen finds no way to sign out")
	}
	me.values.Del("id")
	me.values.Set("all", "yes")
	helen.sends(me)
	back := helen.sends(f)
	if back.status != http.StatusUnauthorized || !strings.Contains(back.text, "kept through the end of a session") {
		t.Fatalf("helen's text does not come back: %d %s", back.status, back.text)
	}
	in := back.form("/signin")
	in.values.Set("mail", helen.address)
	if there := helen.typesCode(helen.sends(in)); there.at.Path != "/again" {
		t.Errorf("signing in leads to %s", there.at.Path)
	}
	again := back.form("/request/answer")
	if again.values.Get("nonce") != f.values.Get("nonce") {
		t.Errorf("it comes back under another number: %s and %s", f.values.Get("nonce"), again.values.Get("nonce"))
	}
	helen.counts(helen.sends(again), "need")
	helen.counts(helen.sends(again), "need, sent a second time")
	c, want := m.citizens("maya"), []string{f.values.Get("nonce")}
	var ids []string
	if !within(patience, func() bool { ids = counted(c.lines("onboarding/vendor-101/1")); return len(ids) > 0 }) || !slices.Equal(ids, want) {
		t.Errorf("counted are %q, want %q", ids, want)
	}
	if shown := helen.opens("/case?id=onboarding/vendor-101/1"); !strings.Contains(shown.text, "kept through the end of a session") {
		t.Errorf("what helen wrote is lost: %s", shown.text)
	}
}

// sameMillisecond: two people answer through two workers at the same moment, and
// one person's answer arrives through both. Each seat has one answer, and everybody
// is told what the record says.
func (m *mailed) sameMillisecond() {
	t, ctx := m.t, context.Background()
	front := m.citizens("tom", "helen", "ravi", "maya")
	var inbox [2]*cast
	for i, w := range m.workers {
		inbox[i] = m.cast(w.url)
		inbox[i].tokens = front.tokens
	}
	for n := range 5 {
		caseID := m.opened(111 + n)
		twice := front.need(caseID, "helen", "twice-"+strconv.Itoa(n))
		other := front.need(caseID, "ravi", "other-"+strconv.Itoa(n))
		out := make([]review.Outcome, 3)
		atOnce(
			func() { inbox[0].insist(ctx, "POST", "/api/answer", "helen", twice, &out[0]) },
			func() { inbox[1].insist(ctx, "POST", "/api/answer", "helen", twice, &out[1]) },
			func() { inbox[1].insist(ctx, "POST", "/api/answer", "ravi", other, &out[2]) },
		)
		for i, o := range out {
			if o.Status != review.Counted && o.Status != review.Already && o.Status != review.Pending {
				t.Errorf("case %d, call %d: %+v", n, i, o)
			}
		}
		want := []string{other.ID, twice.ID}
		var ids []string
		if !within(patience, func() bool { ids = counted(front.lines(caseID)); return len(ids) >= 2 }) || !slices.Equal(ids, want) {
			t.Errorf("counted are %q, want %q", ids, want)
		}
		if err := dossier.CheckChain(front.lines(caseID)); err != nil {
			t.Errorf("the chain of %s: %v", caseID, err)
		}
	}
}

// atOnce does all of it at the same moment, as far as two processors can.
func atOnce(all ...func()) {
	var ready, done sync.WaitGroup
	now := make(chan struct{})
	for _, f := range all {
		ready.Add(1)
		done.Go(func() { ready.Done(); <-now; f() })
	}
	ready.Wait()
	close(now)
	done.Wait()
}

// need waits until the case asks a person for "need", and returns their approval.
func (c *cast) need(caseID, person, id string) review.Form {
	c.t.Helper()
	f := review.Form{ID: id, Verdict: review.Approve}
	if !within(patience, func() bool {
		var waiting []review.Request
		c.insist(context.Background(), "GET", "/api/waiting", person, nil, &waiting)
		i := slices.IndexFunc(waiting, func(r review.Request) bool { return r.Case == caseID && r.Step == "need" })
		if i < 0 {
			return false
		}
		seat, _, _ := waiting[i].Seat(waiting[i].SeatsOf(person, time.Now())[0])
		f.Request, f.Version, f.Seat, f.Attest = waiting[i].ID, waiting[i].Current(), seat.ID, seat.Attest
		return true
	}) {
		c.t.Fatalf("%s is never asked for %s", person, caseID)
	}
	return f
}

// toldOf waits until the letter that asks somebody in a case is in a state.
func (m *mailed) toldOf(caseID, person, state string) letter {
	m.t.Helper()
	var last letter
	if !within(3*patience, func() bool {
		for _, l := range m.letters() {
			if l.of == caseID && l.person == person && l.kind == "asked" {
				last = l
			}
		}
		return last.state == state && (state != "waiting" || last.tries > 0)
	}) {
		m.t.Fatalf("the letter to %s about %s is %+v, want %s", person, caseID, last, state)
	}
	return last
}

// quietMail waits until no mail is on its way, so that faults meet those that come
// next. The digest of tomorrow may wait.
func (m *mailed) quietMail() {
	m.t.Helper()
	if !within(patience, func() bool {
		return !slices.ContainsFunc(m.letters(), func(l letter) bool {
			return l.kind != "reminder" && (l.state == "waiting" || l.state == "sending")
		})
	}) {
		m.t.Fatalf("mails are on their way without end: %+v", m.letters())
	}
}

// hurry lets the time pass until letters that wait are tried again.
func (m *mailed) hurry(l letter) {
	m.t.Helper()
	if _, err := m.db.ExecContext(context.Background(), "UPDATE letters SET next_try = 1 WHERE id = $1 AND state = 'waiting'", l.id); err != nil {
		m.t.Fatalf("letting time pass: %v", err)
	}
}

// mailServerFails lets the mail server refuse for good, refuse for now, fall silent
// and vanish after the last dot, while a case runs. Who was not reached is named on
// the case's page and by the command line; nothing comes twice; the case goes on.
func (m *mailed) mailServerFails() {
	t := m.t
	c := m.citizens("helen", "ravi", "maya", "daniel", "ruth")
	address := func(id string) string { return m.people[id].address }
	m.quietMail()
	m.mail.Order(
		mailtest.Fault{At: mailtest.AtRcpt, Code: 550, To: address("helen")},
		mailtest.Fault{At: mailtest.AtRcpt, Code: 451, To: address("ravi")},
		mailtest.Fault{At: mailtest.AtRcpt, How: mailtest.Silence, To: address("daniel")},
		mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Cut, Keep: true, To: address("ruth")},
	)
	defer m.mail.Mend()
	caseID := m.opened(121)
	refused := m.toldOf(caseID, "helen", "refused")
	m.hurry(m.toldOf(caseID, "ravi", "waiting"))
	m.toldOf(caseID, "ravi", "sent")

	maya := m.people["maya"]
	if !within(patience, func() bool {
		return strings.Contains(maya.opens("/case?id="+caseID).text, "could not be shown the request")
	}) {
		t.Errorf("the owner does not see that helen was not reached: %s", maya.opens("/case?id="+caseID).text)
	}
	if home := maya.opens("/"); !strings.Contains(home.text, "Vendor 121") {
		t.Errorf("the owner's first page does not name the case: %s", home.text)
	}
	var v dossier.CaseView
	m.gangway(maya, "show", caseID, "-o", "json").ends(0).json(&v)
	if lost := undelivered(v); !slices.Equal(lost, []string{"helen"}) {
		t.Errorf("`gangway show` names %q as not reached, want helen", lost)
	}

	c.approves(caseID, "helen")
	c.approves(caseID, "ravi")
	unknown := m.toldOf(caseID, "ruth", "unknown")
	m.hurry(m.toldOf(caseID, "daniel", "waiting"))
	sent := m.toldOf(caseID, "daniel", "sent")
	for _, l := range []letter{unknown, sent} {
		if n := m.times()[l.message]; n != 1 {
			t.Errorf("the mail of letter %s came %d times, want 1", l.id, n)
		}
	}
	if n := m.times()[refused.message]; n != 0 {
		t.Errorf("a refused mail came %d times", n)
	}
}

// undelivered are the people whom an open request did not reach.
func undelivered(v dossier.CaseView) []string {
	var people []string
	for i := range v.Requests {
		for _, s := range v.Requests[i].Seatings {
			for _, h := range s.Holders {
				if h.Undelivered && v.Requests[i].IsOpen() {
					people = append(people, h.Person)
				}
			}
		}
	}
	return people
}

// approves approves "need" as somebody.
func (c *cast) approves(caseID, person string) {
	c.t.Helper()
	f := c.need(caseID, person, "need-"+person+"-"+idOf(caseID))
	var out review.Outcome
	c.insist(context.Background(), "POST", "/api/answer", person, f, &out)
	if out.Status != review.Counted && out.Status != review.Pending {
		c.t.Errorf("%s approves: %+v", person, out)
	}
}

// killedInMidMail kills a worker between the last dot of a mail and the server's
// word. Nobody sends it again; after a while its row says that nobody knows.
func (m *mailed) killedInMidMail() {
	t := m.t
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	helen := m.people["helen"]
	m.quietMail()
	m.mail.Order(mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Silence, Keep: true, To: helen.address})
	defer m.mail.Mend()
	caseID := m.opened(131)
	mail, err := m.mail.Wait(ctx, func(got mailtest.Mail) bool {
		return strings.EqualFold(got.To[0], helen.address) && strings.Contains(got.Text, "Vendor 131")
	})
	if err != nil {
		t.Fatalf("helen is never asked: %v", err)
	}
	killed := slices.IndexFunc(m.workers, func(w *workerProcess) bool {
		return strings.HasSuffix(mail.From, "@"+bounceDomain(slices.Index(m.workers, w)))
	})
	if killed < 0 {
		t.Fatalf("nobody has sent %s", mail.From)
	}
	m.workers[killed].kill()
	if l := m.toldOf(caseID, "helen", "sending"); l.message != mail.Message() {
		t.Errorf("the row names the mail %s, want %s", l.message, mail.Message())
	}
	m.start(m.workers[killed])
	m.ready(m.workers[killed])
	m.aged()
	m.toldOf(caseID, "helen", "unknown")
	m.toldOf(caseID, "ravi", "sent") // the others' mails went on
	if n := m.times()[mail.Message()]; n != 1 {
		t.Errorf("the mail came %d times, want 1", n)
	}
	helen.answers("vendor-131", "need", "approve") // the mail that nobody knows of arrived
}

// engineRestarts kills Temporal while somebody answers: the answer is kept, and
// counts when Temporal is there again.
func (m *mailed) engineRestarts() {
	t := m.t
	caseID := m.opened(141)
	helen, ravi := m.people["helen"], m.people["ravi"]
	f := helen.asked("vendor-141", "need").form("/request/answer")
	f.says("approve")
	m.engine.kill()
	receipt := helen.sends(f)
	if !strings.Contains(receipt.title, "being delivered") {
		t.Errorf("without the engine helen is told %d %q", receipt.status, receipt.title)
	}
	m.startEngine()
	helen.counts(receipt, "need")
	ravi.answers("vendor-141", "need", "approve")
	m.people["daniel"].asked("vendor-141", "security-look")
	lines := m.citizens("maya").lines(caseID)
	if ids := counted(lines); len(ids) != 2 || !slices.Contains(ids, f.values.Get("nonce")) || dossier.CheckChain(lines) != nil {
		t.Errorf("counted are %q, the chain: %v", ids, dossier.CheckChain(lines))
	}
}
