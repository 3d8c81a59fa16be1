package mail_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func TestARequestLeavesAsAMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	r := w.newCase(acme, false).ask("legal", "Legal review", "helen")
	w.show("n1", acme, "helen", playbook.WhyAsked, r)
	w.show("n1", acme, "helen", playbook.WhyAsked, r) // told again, it changes nothing
	if w.deliver() != 0 {
		t.Fatal("it left before others could join it")
	}
	w.pass(outbox.Gather)
	if w.deliver() != 1 || w.deliver() != 0 {
		t.Fatal("want one mail, once")
	}
	m := w.count("helen@example.org", 1)[0]
	if want := "[GW onboarding/acme-payroll/1] Legal review for Acme Payroll GmbH: due Tue 3 March"; m.Subject != want {
		t.Errorf("subject %q, want %q", m.Subject, want)
	}
	ticket := key().Ticket(r, 1, "helen", "mail")
	link := "https://gangway.example.org/go/" + ticket
	for _, want := range []string{"Acme Payroll GmbH", "Tue 3 March 2026, 16:00 CET", "seat Legal helen", "Rita Requester", "contract, version 1", "not read:", link} {
		if !strings.Contains(strings.Join(strings.Fields(m.Text), " "), want) {
			t.Errorf("the text lacks %q:\n%s", want, m.Text)
		}
	}
	if !strings.Contains(m.HTML, `href="`+link+`"`) || !strings.Contains(m.HTML, `<html lang="en">`) {
		t.Error("the HTML lacks the link or its language")
	}
	found, err := w.a.TicketBy(t.Context(), access.Hash(ticket))
	if err != nil || found.Person != "helen" || found.Request != r {
		t.Errorf("the link's row is %+v, %v", found, err)
	}
	if !strings.HasPrefix(m.From, "bounces+") || !strings.HasSuffix(m.From, "@bounces.example.org") {
		t.Errorf("the envelope's sender is %s", m.From)
	}
	w.isState("n1", outbox.Sent)
}

func TestNobodyToReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	r := w.newCase(acme, false).ask("legal", "Legal review", "helen")
	for _, person := range []string{"nomail", "stranger"} {
		shown, err := w.post.Show(t.Context(), review.Notice{ID: "n-" + person, Case: acme, Person: person, Requests: []string{r}, Why: "asked"})
		if err != nil || shown {
			t.Errorf("%s: shown %v, %v", person, shown, err)
		}
	}
	// Who leaves after that is told nothing; who loses their address is not reached.
	w.show("n-helen", acme, "helen", playbook.WhyAsked, r)
	w.show("n-sam", acme, "sam", playbook.WhyAsked, r)
	var file []playbook.Person
	for _, p := range people() {
		if p.ID == "sam" {
			p.Mail = ""
		}
		if p.ID != "helen" {
			file = append(file, p)
		}
	}
	_, _, err := w.a.ApplyPeople(t.Context(), file, "olga")
	w.ok(err)
	w.pass(time.Minute)
	w.deliver()
	w.count("", 0)
	w.isState("n-helen", outbox.Dropped)
	w.isState("n-sam", outbox.Refused)
	if told := w.notes.told(); len(told) != 1 || told[0].Person != "sam" || told[0].Request != r || told[0].Kind != review.NoteUndelivered {
		t.Errorf("the case was told %+v", told)
	}
}

// What opens to one person within a moment leaves as one mail, whichever process
// it is of; a rehearsal leaves alone.
func TestWhatOpensTogetherLeavesTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	s, b, x := w.newCase(acme, false), w.newCase(bolt, false), w.newCase("onboarding/drill/1", true)
	w.show("n1", acme, "helen", playbook.WhyAsked, s.ask("legal", "Legal review", "helen"), s.ask("tax", "Tax review", "helen"))
	w.pass(time.Second)
	w.show("n2", bolt, "helen", playbook.WhyAsked, b.ask("legal", "Legal review", "helen"))
	w.show("n3", acme, "sam", playbook.WhyAsked, s.ask("security", "Security review", "sam"))
	w.show("n4", "onboarding/drill/1", "helen", playbook.WhyAsked, x.ask("legal", "Legal drill", "helen"))
	if w.deliver() != 1 { // there is no waiting in rehearsals
		t.Fatal("the rehearsal's mail did not leave at once")
	}
	w.pass(2 * time.Second)
	if w.deliver() != 1 {
		t.Fatal("want one mail of three requests")
	}
	mails := w.count("helen@example.org", 2)
	if !strings.Contains(mails[0].Subject, "Rehearsal") || !strings.Contains(mails[0].Text, "THIS IS A REHEARSAL") || !strings.Contains(mails[0].HTML, "This is a rehearsal") {
		t.Errorf("the rehearsal's mail does not say so: %s", mails[0].Subject)
	}
	if len(mails[1].Links("/go/")) != 3 || !strings.HasPrefix(mails[1].Subject, "[GW] 3 requests") {
		t.Errorf("%d links under %q", len(mails[1].Links("/go/")), mails[1].Subject)
	}
	if w.letter("n1").Message != w.letter("n2").Message {
		t.Error("one mail, two Message-IDs")
	}
}

// Reminders of all cases of a day are one digest; later ones wait for the next
// working day.
func TestRemindersAreOneDigestADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	s, b := w.newCase(acme, false), w.newCase(bolt, false)
	one, two, three := s.ask("legal", "Legal review", "helen"), b.ask("legal", "Legal review", "helen"), b.ask("tax", "Tax review", "helen")
	w.show("r1", acme, "helen", playbook.WhyReminder, one)
	w.pass(time.Second)
	w.show("r2", bolt, "helen", playbook.WhyReminder, two)
	w.pass(5 * time.Second)
	if w.deliver() != 1 {
		t.Fatal("want one digest")
	}
	w.pass(time.Hour)
	w.show("r3", bolt, "helen", playbook.WhyReminder, three)
	w.show("n1", bolt, "helen", playbook.WhyAsked, three) // what is asked does not wait
	w.pass(5 * time.Second)
	if w.deliver() != 1 {
		t.Fatal("want the asked one alone")
	}
	if next := w.letter("r3").Next; !next.Equal(time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("the next digest leaves at %s", next)
	}
	w.pass(20 * time.Hour) // Tuesday 06:00 in Berlin
	if w.deliver() != 0 {
		t.Fatal("a digest left at night")
	}
	w.pass(3 * time.Hour)
	if w.deliver() != 1 {
		t.Fatal("want the next digest")
	}
	mails := w.count("helen@example.org", 3)
	if len(mails[0].Links("/go/")) != 2 || !strings.Contains(mails[0].Subject, "Still waiting: 2 requests") || len(mails[2].Links("/go/")) != 1 {
		t.Errorf("%q and %q", mails[0].Subject, mails[2].Subject)
	}
}

// A mail tells what the record says when it leaves.
func TestWhatIsAnsweredIsNotAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	s := w.newCase(acme, false)
	one, two, three := s.ask("legal", "Legal review", "helen"), s.ask("tax", "Tax review", "helen", "sam"), s.ask("it", "IT review", "helen")
	w.show("n1", acme, "helen", playbook.WhyAsked, one, two)
	w.show("n2", acme, "helen", playbook.WhyAsked, three)
	w.show("n3", acme, "sam", playbook.WhyAsked, two)
	s.approve(one, "helen")
	s.approve(two, "helen")
	s.shut(three, review.Denied, "withdrawn")
	w.pass(time.Minute)
	if w.deliver() != 1 {
		t.Fatal("want sam's mail alone")
	}
	w.isState("n1", outbox.Dropped)
	w.isState("n2", outbox.Dropped)
	w.count("sam@example.org", 1)
}

func TestTheRequesterHearsOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	s := w.newCase(acme, false)
	one, two := s.ask("legal", "Legal review", "helen"), s.ask("tax", "Tax review", "helen")
	follow := func(r string, closed bool) {
		t.Helper()
		w.ok(w.post.Follow(t.Context(), review.Copy{Request: r, State: review.Met, Closed: closed, At: monday()}))
	}
	follow(one, false)
	s.approve(one, "helen")
	s.shut(one, review.Met, "decided")
	s.shut(two, review.Open, "superseded")
	follow(one, true)
	follow(one, true)
	follow(two, true) // goes on elsewhere: no news
	w.pass(time.Minute)
	if w.deliver() != 1 {
		t.Fatal("want one outcome")
	}
	m := w.count("rita@example.org", 1)[0]
	if want := "[GW onboarding/acme-payroll/1] Legal review for Acme Payroll GmbH: approved"; m.Subject != want {
		t.Errorf("subject %q", m.Subject)
	}
	if strings.Contains(m.Text, "Helen") {
		t.Error("it tells who decided, which wants a session")
	}
	s.end()
	w.deliver()
	w.pass(time.Minute)
	w.deliver()
	w.deliver()
	m = w.count("rita@example.org", 2)[1]
	if !strings.Contains(m.Text, "The case of Acme Payroll GmbH is over") || !strings.Contains(m.Text, "the vendor is live") {
		t.Errorf("the end is told as\n%s", m.Text)
	}
}

// elsewhere are those whom another channel tells.
type elsewhere map[string]bool

func (e elsewhere) Tells(_ context.Context, person string) (bool, error) { return e[person], nil }

func TestWhoIsToldElsewhereGetsNoOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	told := elsewhere{"rita": true}
	w.post = w.newPost(w.a, func(o *mail.Options) { o.Elsewhere = told })
	s := w.newCase(acme, false)
	r, later := s.ask("legal", "Legal review", "helen"), s.ask("tax", "Tax review", "helen")
	w.show("n1", acme, "helen", playbook.WhyAsked, r)
	s.approve(r, "helen")
	s.shut(r, review.Met, "decided")
	w.ok(w.post.Follow(t.Context(), review.Copy{Request: r, State: review.Met, Closed: true, At: monday()}))
	w.pass(time.Minute)
	w.deliver()
	delete(told, "rita") // and from now on by mail
	s.approve(later, "helen")
	s.shut(later, review.Met, "decided")
	w.ok(w.post.Follow(t.Context(), review.Copy{Request: later, State: review.Met, Closed: true, At: monday()}))
	w.pass(time.Minute)
	w.deliver()
	w.count("rita@example.org", 1)
	told["rita"] = true
	s.end()
	for range 3 {
		w.deliver()
		w.pass(time.Minute)
	}
	w.count("rita@example.org", 1)
	ended, err := w.a.EndedCases(t.Context())
	if err != nil || len(ended) != 1 {
		t.Errorf("the end is for the other channel, which has not looked: %v, %v", ended, err)
	}
	w.ok(w.post.Tidings(t.Context(), acme, "")) // it could not tell them
	w.ok(w.post.Tidings(t.Context(), acme, r))
	w.pass(time.Minute)
	w.deliver()
	var all string
	for _, m := range w.count("rita@example.org", 2) {
		all += m.Text
	}
	if !strings.Contains(all, "is over") || !strings.Contains(all, "Legal review") {
		t.Errorf("what another channel could not tell is mailed as\n%s", all)
	}
}

func TestASignInLeavesAloneAndExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	for _, id := range []string{"l1", "l2"} {
		w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: "signin/" + id, Person: "helen", Kind: outbox.SignIn, Link: id}))
	}
	w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: "signin/l3", Person: "sam", Kind: outbox.SignIn, Link: "l3", Made: monday().Add(-access.LinkFor)}))
	if w.deliver() != 2 {
		t.Fatal("want two mails at once")
	}
	mails := w.count("helen@example.org", 2)
	if mails[0].Link("/enter/") != "https://gangway.example.org/enter/"+key().Link("l1") || !strings.Contains(mails[0].Text, key().Code("l1")) {
		t.Errorf("the mail is\n%s", mails[0].Text)
	}
	if strings.Contains(mails[0].Subject, key().Code("l1")) {
		t.Error("a code in a subject shows on locked screens")
	}
	w.isState("signin/l3", outbox.Dropped)
	w.pass(8 * 24 * time.Hour)
	w.deliver()
	if _, err := w.a.Letter(t.Context(), "signin/l1"); err == nil {
		t.Error("an old link's letter is kept for ever")
	}
}

// Whatever a vendor or a person is called, a mail keeps its header, its size and
// its direction.
func TestNamesCannotBendAMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	evil := []string{
		"Acme\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>",
		strings.Repeat("Ä", 10_000), strings.Repeat("word ", 5_000), "safe\u202egnp.exe\u2066", "<img src=x onerror=alert(1)>", "a\x00b\u2028c\xff\xfe", "=?utf-8?q?Bcc:=0d=0a?=", "\" <evil@example.org>",
	}
	for i, name := range evil {
		file := people()
		file[0].Name = strings.ToValidUTF8(name, "?")
		_, _, err := w.a.ApplyPeople(t.Context(), file, "olga")
		w.ok(err)
		w.ok(w.a.NameVendor(t.Context(), "acme", strings.ToValidUTF8(name, "?")))
		s := w.newCase(fmt.Sprintf("onboarding/acme-payroll/%d", i+1), false)
		r := s.ask("legal", name, "helen")
		w.show(fmt.Sprint("n", i), s.id, "helen", playbook.WhyAsked, r)
		w.pass(time.Minute)
		if w.deliver() != 1 {
			t.Fatalf("%.40q: not sent", name)
		}
		m := w.server.Mails("helen@example.org")[i]
		if n := len([]rune(m.Subject)); n > 160 || strings.ContainsAny(m.Subject, "\r\n\u202e\u2066\x00") {
			t.Errorf("%.40q: subject of %d characters: %.200q", name, n, m.Subject)
		}
		if strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, "<img") || len(m.Raw) > 20_000 {
			t.Errorf("%.40q: %d bytes of HTML", name, len(m.Raw))
		}
		if to, err := m.Header.AddressList("To"); err != nil || to[0].Address != "helen@example.org" {
			t.Errorf("%.40q: to %v, %v", name, to, err)
		}
	}
	w.count("", len(evil)) // and none to anybody else; the server complains of every other header
}

func TestMailsOfACaseThread(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	s, b := w.newCase(acme, false), w.newCase(bolt, false)
	w.show("n1", acme, "helen", playbook.WhyAsked, s.ask("legal", "Legal review", "helen"))
	w.pass(time.Minute)
	w.deliver()
	w.show("n2", acme, "helen", playbook.WhyAsked, s.ask("tax", "Tax review", "helen"))
	w.pass(time.Minute)
	w.deliver()
	w.show("n3", bolt, "helen", playbook.WhyAsked, b.ask("tax", "Tax review", "helen"))
	w.pass(time.Minute)
	w.deliver()
	mails := w.count("helen@example.org", 3)
	roots := []string{mails[0].Header.Get("References"), mails[1].Header.Get("References"), mails[2].Header.Get("References")}
	if roots[0] == "" || roots[0] != roots[1] || roots[0] == roots[2] || mails[0].Header.Get("In-Reply-To") != roots[0] {
		t.Errorf("roots %q", roots)
	}
	if mails[0].Message() == mails[1].Message() || strings.Contains(roots[0], "acme") {
		t.Errorf("Message-IDs %s, %s under %s", mails[0].Message(), mails[1].Message(), roots[0])
	}
}

func TestALongDigestIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	s := w.newCase(acme, false)
	var all []string
	for i := range 60 {
		all = append(all, s.ask(fmt.Sprint("step", i), strings.Repeat("Long title ", 30), "helen"))
	}
	w.show("r1", acme, "helen", playbook.WhyReminder, all...)
	w.pass(time.Minute)
	w.deliver()
	m := w.count("helen@example.org", 1)[0]
	if len(m.Links("/go/")) != 50 || !strings.Contains(m.Text, "And 10 more") || len(m.HTML) > 100<<10 {
		t.Errorf("%d links, %d bytes of HTML", len(m.Links("/go/")), len(m.HTML))
	}
}

func TestRunWakesAndStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	w.post = w.newPost(w.a, func(o *mail.Options) { o.Every = time.Hour })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.post.Run(ctx) }()
	for i := range 3 {
		w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: fmt.Sprint("signin/", i), Person: "helen", Kind: outbox.SignIn, Link: fmt.Sprint(i)}))
		wait, stop := context.WithTimeout(t.Context(), 20*time.Second)
		_, err := w.server.Next(wait, "helen@example.org", i)
		stop()
		w.ok(err)
	}
	// A mail that is being handed over when the stop comes is finished.
	w.server.Order(mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Slow, For: 300 * time.Millisecond})
	w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: "signin/last", Person: "sam", Kind: outbox.SignIn, Link: "last"}))
	for w.letter("signin/last").State == outbox.Waiting {
	}
	cancel()
	w.ok(<-done)
	w.isState("signin/last", outbox.Sent)
	w.count("sam@example.org", 1)
}
