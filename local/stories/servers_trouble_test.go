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
		Database: m.record(),
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

// killedInMidAppend kills a worker whose statement waits for the journal: another
// files the entry, once.
func (m *mailed) killedInMidAppend() {
	t, ctx := m.t, context.Background()
	caseID := m.opened(151)
	c := m.citizens("helen", "maya")
	approve := c.need(caseID, "helen", "mid-append")
	hold, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatalf("connecting to the record's database: %v", err)
	}
	defer func() { _ = hold.Rollback() }() // done below, unless the test failed
	if _, err := hold.ExecContext(ctx, "LOCK TABLE lines IN SHARE MODE"); err != nil {
		t.Fatalf("holding the journal: %v", err)
	}
	var out review.Outcome
	c.insist(ctx, "POST", "/api/answer", "helen", approve, &out)
	if out.Status != review.Counted {
		t.Fatalf("helen's answer: %+v", out)
	}
	var name string
	if !within(patience, func() bool {
		return m.db.QueryRowContext(ctx, "SELECT application_name FROM pg_stat_activity WHERE datname = 'gangway' AND wait_event_type = 'Lock' LIMIT 1").Scan(&name) == nil
	}) {
		t.Fatal("nothing is being filed")
	}
	i := slices.IndexFunc(m.workers, func(w *workerProcess) bool { return w.name == name })
	if i < 0 {
		t.Fatalf("%q is filing", name)
	}
	m.workers[i].kill()
	if err := hold.Rollback(); err != nil {
		t.Fatalf("letting the journal go: %v", err)
	}
	var lines []dossier.Line
	if !within(3*patience, func() bool { lines = c.lines(caseID); return len(counted(lines)) > 0 }) ||
		!slices.Equal(counted(lines), []string{"mid-append"}) || dossier.CheckChain(lines) != nil {
		t.Errorf("counted are %q, the chain: %v", counted(lines), dossier.CheckChain(lines))
	}
	m.start(m.workers[i])
	m.ready(m.workers[i])
}
