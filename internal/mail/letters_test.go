package mail_test

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/engagement"
	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// replying is a world whose mails are answered by mail, with a contact of Acme's.
func replying(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, mailtest.Options{Inbox: "gangway@example.org"})
	w.post = w.newPost(w.a, func(o *mail.Options) {
		o.Replies, o.Client, o.Phone = "gangway@example.org", "Northgate Trading", "+44 20 7946 0100"
	})
	w.ok(w.a.PutContact(t.Context(), playbook.Contact{ID: "acme.1", Vendor: "acme", Name: "Vera Lund", Mail: "vera@acme.example", State: playbook.ContactActive,
		By: "olga", Case: acme, Made: w.clock(), Changed: w.clock()}))
	return w
}

// askVendor opens a delivery that the vendor's contact is asked for; change may
// bend the request.
func (s *story) askVendor(step, title string, change func(*review.Request)) string {
	s.w.t.Helper()
	r := review.Request{ID: s.id + "/" + step, Case: s.id, Process: s.id, Step: step, Kind: review.Delivery, Title: title,
		Ask: "Send the data processing agreement that you use, signed on your side, as a PDF or a Word document.", Owner: "olga", Vendor: "acme", Opened: s.at}
	seat := review.Seat{ID: "vendor", Role: review.VendorRole}
	r.Seatings = []review.Seating{{Seat: "vendor", Holders: []review.Holder{{Person: "acme.1", Via: review.ViaRole, Since: s.at}}}}
	r.Policy = review.Policy{Groups: []review.Group{{Name: "all", Rule: review.RuleAll, Seats: []review.Seat{seat}}}}
	if change != nil {
		change(&r)
	}
	s.fact(review.Fact{Kind: review.FactOpened, Request: r.ID, Opened: &r})
	s.fact(review.Fact{Kind: review.FactGroup, Request: r.ID, Due: s.w.clock().Add(100 * time.Hour)})
	s.file()
	return r.ID
}

// remind says that the contact is told once more, as the process does.
func (s *story) remind(request string) {
	s.w.t.Helper()
	s.at = s.w.clock()
	s.fact(review.Fact{Kind: review.FactTold, Request: request, Person: "acme.1", Seat: "vendor", Why: playbook.WhyReminder})
	s.file()
	s.w.show(fmt.Sprintf("%s-r%d", request, s.n), s.id, "acme.1", playbook.WhyReminder, request)
}

// held sends what is due to somebody and holds the newest mail to its golden files.
func (w *world) held(name, to string, tell func()) mailtest.Mail {
	w.t.Helper()
	before := len(w.server.Mails(to))
	tell()
	w.pass(time.Minute)
	w.deliver()
	m := w.count(to, before+1)[before]
	hold(w.t, name+".eml", unbounded(m.Raw))
	hold(w.t, name+".txt", m.Subject+"\n\n"+m.Text)
	hold(w.t, name+".html", m.HTML)
	return m
}

// unbounded gives random boundaries fixed names.
func unbounded(raw []byte) string {
	text := string(raw)
	for i, m := range regexp.MustCompile(`boundary=([0-9a-f]{60})\b`).FindAllStringSubmatch(text, -1) {
		text = strings.ReplaceAll(text, m[1], fmt.Sprintf("boundary-%d", i+1))
	}
	return text
}

// Mails that are answered by mail: the words that count, an address for each
// request, and what a line can't do.
func TestGoldenMailsWithReplies(t *testing.T) {
	t.Parallel()
	w := replying(t)
	s, b := w.newCase(acme, false), w.newCase(bolt, false)
	legal, tax, it := s.ask("legal", "Legal review of the master services agreement", "helen"), s.ask("tax", "Tax review", "sam"), b.ask("it", "IT security review", "sam")
	m := w.held("replies-asked", "helen@example.org", func() { w.show("n1", acme, "helen", playbook.WhyAsked, legal) })
	ticket := key().Ticket(legal, 1, "helen", "mail")
	if got := m.Header.Get("Reply-To"); got != "<gangway+"+ticket+"@example.org>" {
		t.Errorf("answers go to %s", got)
	}
	m = w.held("replies-several", "sam@example.org", func() {
		w.show("n2", acme, "sam", playbook.WhyAsked, tax)
		w.show("n3", bolt, "sam", playbook.WhyAsked, it)
	})
	if got := m.Header.Get("Reply-To"); got != "<gangway@example.org>" {
		t.Errorf("answers go to %s", got)
	}
	for _, r := range []string{tax, it} {
		if address := "gangway+" + key().Ticket(r, 1, "sam", "mail") + "@example.org"; !strings.Contains(m.Text, address) || !strings.Contains(m.HTML, "mailto:"+strings.Replace(address, "+", "%2B", 1)) {
			t.Errorf("%s has no address of its own", r)
		}
	}
	if !strings.HasPrefix(m.Text, "##- reply above this line -##") {
		t.Errorf("no marker: %s", m.Text)
	}
}

// Mails to a vendor, from the first to the last.
func TestGoldenMailsToAVendor(t *testing.T) {
	t.Parallel()
	w := replying(t)
	s := w.newCase(acme, false)
	r := s.askVendor("dpa", "Data processing agreement", nil)
	var all []mailtest.Mail
	say := func(name string, tell func()) { all = append(all, w.held("vendor-"+name, "vera@acme.example", tell)) }
	say("asked", func() { w.show("n1", acme, "acme.1", playbook.WhyAsked, r) })
	for i := 1; i <= 4; i++ {
		w.pass(28 * time.Hour)
		say(fmt.Sprintf("reminder-%d", i), func() { s.remind(r) })
	}
	say("withdrawn", func() {
		s.shut(r, review.Denied, "withdrawn")
		w.ok(w.post.Follow(t.Context(), review.Copy{Request: r, State: review.Denied, Closed: true, At: w.clock()}))
	})
	_, err := w.a.KeepText(t.Context(), "web-back", review.Text{Inside: "they never read it", Vendor: "The sub-processors are not named (clause 9).\nThere is no word on deletion."})
	w.ok(err)
	again := s.askVendor("dpa2", "Data processing agreement", func(r *review.Request) { r.VendorText = "web-back" })
	say("missing", func() { w.show("n9", acme, "acme.1", playbook.WhyAsked, again) })
	for i, m := range all {
		if strings.Contains(string(m.Raw), acme) || strings.Contains(string(m.Raw), "onboarding") || strings.Contains(m.Text, "never read") {
			t.Errorf("mail %d says what a vendor must not know", i)
		}
		for _, want := range []string{"Northgate Trading", "Olga Owner", "+44 20 7946 0100", "https://gangway.example.org/portal/genuine"} {
			if !strings.Contains(m.Text, want) || !strings.Contains(html.UnescapeString(m.HTML), want) {
				t.Errorf("mail %d lacks %s", i, want)
			}
		}
		if m.Header.Get("From") != `"Northgate Trading" <gangway@example.org>` {
			t.Errorf("mail %d comes from %s", i, m.Header.Get("From"))
		}
	}
	if subjects := []string{all[1].Subject, all[2].Subject, all[4].Subject}; !strings.HasPrefix(subjects[0], "Reminder: ") || !strings.HasPrefix(subjects[1], "Second reminder: ") ||
		!strings.HasPrefix(subjects[2], "Urgent: ") || !strings.Contains(subjects[2], "overdue since") {
		t.Errorf("no urgency: %q", subjects)
	}
	found, err := w.a.PortalLink(t.Context(), access.Hash(key().Ticket(r, 0, "acme.1", "mail")))
	if err != nil || found.Person != "acme.1" {
		t.Errorf("the link leads nowhere: %+v, %v", found, err)
	}
}

// Of what the client wrote the vendor is told its own part, also when the record
// has it already.
func TestAVendorIsToldItsOwnPartOfAText(t *testing.T) {
	t.Parallel()
	w := replying(t)
	s := w.newCase(acme, false)
	legal := s.ask("legal", "Legal review", "helen")
	id := "web-" + legal + "helen"
	_, err := w.a.KeepText(t.Context(), id, review.Text{Inside: "they never read it", Vendor: "Clause 9 names nobody."})
	w.ok(err)
	s.approve(legal, "helen") // the text is filed with it
	r := s.askVendor("dpa", "Data processing agreement", func(r *review.Request) { r.VendorText = id })
	w.show("n1", acme, "acme.1", playbook.WhyAsked, r)
	w.pass(time.Minute)
	w.deliver()
	if m := w.count("vera@acme.example", 1)[0]; !strings.Contains(m.Text, "Clause 9 names nobody.") || strings.Contains(string(m.Raw), "never read") {
		t.Error(m.Text)
	}
}

// A vendor's person has a mail for each case, and hears of no other's.
func TestAVendorsMailIsOfOneCase(t *testing.T) {
	t.Parallel()
	w := replying(t)
	w.ok(w.a.NameVendor(t.Context(), "acme", "Acme Payroll GmbH"))
	one, two := w.newCase(acme, false), w.newCase("dpa/acme-payroll/2", false)
	r1, r2 := one.askVendor("dpa", "First", nil), two.askVendor("dpa", "Second", nil)
	w.show("n1", acme, "acme.1", playbook.WhyAsked, r1)
	w.show("n2", "dpa/acme-payroll/2", "acme.1", playbook.WhyAsked, r2)
	w.pass(time.Minute)
	w.deliver()
	mails := w.count("vera@acme.example", 2)
	for i, want := range []string{"First", "Second"} {
		other := []string{"Second", "First"}[i]
		if !strings.Contains(mails[i].Text, want) || strings.Contains(mails[i].Text, other) {
			t.Errorf("mail %d: %s", i, mails[i].Text)
		}
	}
}

func TestWhatAVendorIsToldAtTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ballot review.Ballot
		want   string
	}{
		"they sent it":            {review.Ballot{Person: "acme.1"}, "It has arrived."},
		"a colleague did":         {review.Ballot{Person: "acme.2"}, "A colleague of yours has delivered it."},
		"the owner has it":        {review.Ballot{Person: "olga", ForVendor: true}, "Northgate Trading has it from elsewhere."},
		"they took theirs back":   {review.Ballot{Person: "acme.2", TakenBack: true}, "It has arrived."},
		"nothing came in the end": {review.Ballot{}, "no longer needed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := replying(t)
			s := w.newCase(acme, false)
			r := s.askVendor("dpa", "Data processing agreement", nil)
			state, why := review.Met, "decided"
			if c.ballot.Person == "" {
				state, why = review.Denied, "withdrawn"
			} else {
				c.ballot.Answer, c.ballot.Seat, c.ballot.Verdict, c.ballot.At = "a1", "vendor", review.Delivered, s.at
				s.fact(review.Fact{Kind: review.FactCounted, Request: r, Seat: "vendor", Person: c.ballot.Person, Answer: "a1", Ballot: &c.ballot})
			}
			s.shut(r, state, why)
			for range 2 { // said twice, told once
				w.ok(w.post.Follow(t.Context(), review.Copy{Request: r, State: state, Closed: true, At: w.clock()}))
			}
			w.pass(time.Minute)
			w.deliver()
			if m := w.count("vera@acme.example", 1)[0]; !strings.Contains(strings.Join(strings.Fields(m.Text), " "), c.want) || m.Header.Get("Reply-To") == "" {
				t.Errorf("%s", m.Text)
			}
		})
	}
}

// Answers to mails that came.
func TestGoldenAnswers(t *testing.T) {
	t.Parallel()
	w := replying(t)
	s := w.newCase(acme, false)
	legal, dpa := s.ask("legal", "Legal review of the master services agreement", "helen"), s.askVendor("dpa", "Data processing agreement", nil)
	answer := func(l outbox.Letter) func() {
		return func() {
			kept, err := w.post.ReplyToArrival(t.Context(), l)
			w.ok(err)
			if !kept {
				t.Errorf("%s is not answered", l.Of)
			}
		}
	}
	m := w.held("answer-unclear", "helen@example.org", answer(outbox.Letter{Of: "a1", Person: "helen", Case: acme, Requests: []string{legal}, Why: string(arrivals.Unclear)}))
	if m.Header.Get("Auto-Submitted") != "auto-replied" || !strings.Contains(m.Header.Get("Reply-To"), key().Ticket(legal, 1, "helen", "mail")) {
		t.Errorf("%v", m.Header)
	}
	papers := []outbox.Paper{{Name: "dpa\r\nBcc: x.pdf", Digest: "sha256:" + strings.Repeat("ab", 32), Flags: []engagement.ReadingFlag{engagement.FlagTracked}},
		{Name: "annex.docm", Fault: engagement.FaultMacros}}
	w.held("answer-received", "vera@acme.example", answer(outbox.Letter{Of: "a2", Person: "acme.1", Case: acme, Requests: []string{dpa}, Why: outbox.WhyReceived, Papers: papers}))
	w.held("answer-bad-document", "vera@acme.example", answer(outbox.Letter{Of: "a3", Person: "acme.1", Case: acme, Requests: []string{dpa}, Why: string(arrivals.BadDocument), Papers: papers[1:]}))
	s.approve(legal, "helen")
	w.held("answer-counted", "helen@example.org", answer(outbox.Letter{Of: "a5", Person: "helen", Case: acme, Requests: []string{legal}, Why: outbox.WhyReceived, Verdict: review.Approve}))
	w.held("answer-on-its-way", "helen@example.org", answer(outbox.Letter{Of: "a6", Person: "helen", Case: acme, Requests: []string{legal}, Why: outbox.WhyReceived}))
	s.shut(legal, review.Met, "decided")
	w.held("answer-old", "helen@example.org", answer(outbox.Letter{Of: "a4", Person: "helen", Case: acme, Requests: []string{legal}, Why: string(arrivals.OldToken)}))
}

// Every reason has a sentence of its own, and none is the machine's word.
func TestEveryReasonIsSaid(t *testing.T) {
	t.Parallel()
	w := replying(t)
	legal := w.newCase(acme, false).ask("legal", "Legal review", "helen")
	seen := map[string]arrivals.Why{}
	for i, why := range []arrivals.Why{arrivals.NoToken, arrivals.OldToken, arrivals.NotAddressee, arrivals.ManySenders, arrivals.NotAligned, arrivals.SaysFail,
		arrivals.Unclear, arrivals.NeedsMore, arrivals.CommentOnly, arrivals.TooBig, arrivals.TooDeep, arrivals.BadDocument, outbox.WhyRefused} {
		kept, err := w.post.ReplyToArrival(t.Context(), outbox.Letter{Of: fmt.Sprint("a", i), Person: "helen", Case: acme, Requests: []string{legal}, Why: string(why), Refusal: review.Stale})
		w.ok(err)
		w.pass(13 * time.Minute)
		w.deliver()
		m := w.server.Mails("helen@example.org")
		if !kept || len(m) != i+1 {
			t.Fatalf("%s: kept %t, %d mails", why, kept, len(m))
		}
		text := strings.Join(strings.Fields(m[i].Text), " ")
		_, text, _ = strings.Cut(text, "Hello Helen Marsh.")
		text, _, _ = strings.Cut(text, "It is kept as a comment")
		if other, twice := seen[text]; twice || len(text) < 20 || strings.Contains(text, string(why)) && strings.Contains(string(why), "-") {
			t.Errorf("%s says %q as %s does", why, text, other)
		}
		seen[text] = why
	}
}

// Nobody is answered for ever: five times an hour, each mail once, and no
// program at all.
func TestAnswersHaveAnEnd(t *testing.T) {
	t.Parallel()
	w := replying(t)
	legal := w.newCase(acme, false).ask("legal", "Legal review", "helen")
	answer := func(of string, why arrivals.Why) bool {
		kept, err := w.post.ReplyToArrival(context.Background(), outbox.Letter{Of: of, Person: "helen", Case: acme, Requests: []string{legal}, Why: string(why)})
		w.ok(err)
		return kept
	}
	for i := range 7 {
		if got := answer(fmt.Sprint("a", i), arrivals.Unclear); got != (i < 5) {
			t.Errorf("answer %d: %t", i, got)
		}
	}
	if !answer("a7", outbox.WhyReceived) {
		t.Error("who wrote much that did not count does not hear of what did")
	}
	if !answer("a0", arrivals.Unclear) {
		t.Error("a mail that was answered counts as not answered")
	}
	w.deliver()
	w.count("helen@example.org", 6)
	w.pass(61 * time.Minute)
	if !answer("b1", arrivals.Unclear) || answer("b2", arrivals.IsAutomatic) {
		t.Error("an hour later nothing is said, or a program is answered")
	}
	for _, bad := range []outbox.Letter{{Person: "helen", Why: "x"}, {Of: "a", Why: "x"}, {Of: "a", Person: "helen"}} {
		if _, err := w.post.ReplyToArrival(t.Context(), bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	for _, who := range []string{"nomail", "nobody"} {
		if kept, err := w.post.ReplyToArrival(t.Context(), outbox.Letter{Of: "c" + who, Person: who, Why: "unclear"}); err != nil || kept {
			t.Errorf("%s: %t, %v", who, kept, err)
		}
	}
}

func TestGoldenInvitations(t *testing.T) {
	t.Parallel()
	w := replying(t)
	w.held("invitation", "sam@example.org", func() {
		w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: "i1", Person: "sam", Kind: outbox.Invitation, Meeting: kickOff()}))
	})
	w.held("invitation-cancelled", "sam@example.org", func() {
		off := kickOff()
		off.Cancelled, off.Sequence = true, 1
		w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: "i2", Person: "sam", Kind: outbox.Invitation, Meeting: off}))
	})
}
