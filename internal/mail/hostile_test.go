package mail_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/arrivals"
	"gangway/internal/engagement"
	"gangway/internal/mail"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// A mail just within the limit is read; one beyond it is not fetched but for its
// header, is kept as that, and whom we asked is told.
func Test25MBMessage(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	request, to := w.asks("legal", "helen")
	large := func(text string, n int) string {
		line := strings.Repeat("QUJD", 18) + "\r\n"
		return w.letterOf(helen, to, "Re: Legal review", "--b\nContent-Type: text/plain\n\n"+text+"\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.pdf\n\n",
			"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b") + strings.Repeat(line, n/len(line)) + "--b--\r\n"
	}
	w.comes(sign(t, large("approved", 25_000_000), "example.org"))
	if a := w.one(); a.Kind != arrivals.Decision || len(w.decided(request)) != 1 || a.Size < 25_000_000 {
		t.Errorf("%s %v of %d bytes", a.Kind, a.Why, a.Size)
	}
	second, to2 := w.asks("tax", "helen")
	to = to2
	w.comes(sign(t, large("approved", mail.MaxMail+1000), "example.org"))
	a := w.one()
	if a.Kind != arrivals.Unsafe || !slices.Equal(a.Why, []arrivals.Why{arrivals.TooBig}) || a.Request != second || w.lies("Quarantine") != 1 {
		t.Errorf("%+v", a)
	}
	if l := w.out.told[len(w.out.told)-1]; l.Of != a.ID || l.Person != "helen" || l.Why != string(arrivals.TooBig) {
		t.Errorf("told %+v", l)
	}
	if p, body, err := w.a.Get(t.Context(), a.Raw); err != nil || p.Size > 1<<20 {
		t.Errorf("kept %+v, %v", p, err)
	} else {
		_ = body.Close()
	}
}

// What is built to keep a parser busy is kept and not parsed.
func Test2000NestedParts(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	nest := func(depth int) string {
		var b strings.Builder
		for i := range depth {
			fmt.Fprintf(&b, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
		}
		return b.String() + "--b" + fmt.Sprint(depth) + "\n\napproved\n"
	}
	closed := func(depth int) string {
		var b strings.Builder
		for i := depth; i >= 0; i-- {
			fmt.Fprintf(&b, "--b%d--\n", i)
		}
		return b.String()
	}
	// What people send is read: five forwarded mails, each with parts of its own.
	forwarded := strings.Repeat("--b0\nContent-Type: message/rfc822\n\nSubject: x\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: multipart/alternative; boundary=d\n\n--d\n\nx\n--d--\n--c--\n", 6)
	_, to := w.asks("forwarded", "helen")
	w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "--b0\nContent-Type: text/plain\n\napproved\n"+forwarded+"--b0--\n", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b0"), "example.org"))
	if a := w.one(); a.Kind != arrivals.Decision {
		t.Errorf("with forwarded mails: %s %v", a.Kind, a.Why)
	}
	w.desk.answers = nil
	many := func(n int) string { return strings.Repeat("--b0\nContent-Type: text/plain\n\nx\n", n) + "--b0--\n" }
	for name, c := range map[string]struct {
		text, content string
		why           arrivals.Why
	}{
		"2,000 nested parts": {nest(2000), "multipart/mixed; boundary=b0", arrivals.TooDeep},
		"25 nested parts":    {nest(25), "multipart/mixed; boundary=b0", arrivals.TooDeep},
		"12 nested, closed":  {nest(12) + closed(12), "multipart/mixed; boundary=b0", arrivals.TooDeep},
		"500 parts":          {many(500), "multipart/mixed; boundary=b0", arrivals.TooDeep},
		"many boundaries":    {strings.Repeat("--\n", 30_000), "multipart/mixed; boundary=b0", arrivals.TooDeep},
		"many parameters":    {"x\n", "text/plain" + strings.Repeat("; a=b", 1000), arrivals.TooDeep},
		"many folded lines":  {"x\n", "text/plain\nX-Long: " + strings.Repeat("x\n y", 10_000), arrivals.TooDeep},
		"a header of 300 K":  {"x\n", "text/plain\nX-Long: " + strings.Repeat("x\n y", 70_000), arrivals.TooBig},
	} {
		request, to := w.asks(slug(name), "helen")
		w.comes(w.letterOf(helen, to, "Re: Legal review", c.text, "MIME-Version: 1.0", "Content-Type: "+c.content)) // signing these would take long
		a := w.one()
		if a.Kind != arrivals.Unsafe || !slices.Equal(a.Why, []arrivals.Why{c.why}) || a.Request != request && c.why == arrivals.TooDeep {
			t.Errorf("%s: %s %v about %q", name, a.Kind, a.Why, a.Request)
		}
	}
	if len(w.desk.answers) != 0 || w.lies("Quarantine") != 8 || w.lies("INBOX") != 0 {
		t.Errorf("%d answers, %d in quarantine", len(w.desk.answers), w.lies("Quarantine"))
	}
}

// Mails of nobody, with nothing, and with rubbish in them are kept and put aside.
func TestStraysAreQuarantined(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	for _, raw := range []string{
		w.letterOf("eve@evil.example", gangwayMail, "Hello", "Approved\n"),
		w.letterOf("eve@evil.example", gangwayMail, "[GW "+acme+"] Legal review", "Approved\n"), // anybody can write a case's name
		w.letterOf("eve@evil.example", "gangway+"+strings.Repeat("a", 26)+"@gangway.example", "Hello", "Approved\n"),
		"rubbish", "\r\n\r\n", "From: \x00\xff\r\n\r\nApproved", strings.Repeat("x", 100_000),
	} {
		w.comes(raw)
	}
	for _, a := range w.read() {
		if a.Kind != arrivals.Stray && a.Kind != arrivals.Unsafe || a.Request != "" || a.Person != "" {
			t.Errorf("%+v", a)
		}
	}
	if w.lies("Quarantine") != 7 || w.lies("INBOX") != 0 || len(w.desk.notes)+len(w.desk.answers)+len(w.out.told) != 0 {
		t.Errorf("%d in quarantine, %d stay, %+v", w.lies("Quarantine"), w.lies("INBOX"), w.desk.notes)
	}
}

// asksVendor opens a delivery of the vendor's, and returns the address for its
// contact's answer.
func (w *inbox) asksVendor(step string) (request, address string) {
	w.t.Helper()
	c := playbook.Contact{ID: "acme.1", Vendor: "acme", Name: "Vera Vendor", Mail: "vera@acme.example", State: playbook.ContactActive, By: "olga", Made: w.clock(), Changed: w.clock()}
	w.ok(w.a.PutContact(w.t.Context(), c))
	s := &story{w: w.world, id: acme, n: w.entries(), at: w.clock().Add(-time.Hour)}
	r := review.Request{ID: acme + "/" + step, Case: acme, Process: acme, Step: step, Kind: review.Delivery, Title: "Data processing agreement", Owner: "olga", Vendor: "acme", Opened: s.at,
		Policy:   review.Policy{Groups: []review.Group{{Name: "vendor", Rule: review.RuleAll, Seats: []review.Seat{{ID: "vendor", Role: review.VendorRole}}}}},
		Seatings: []review.Seating{{Seat: "vendor", Holders: []review.Holder{{Person: c.ID, Via: review.ViaRole, Since: s.at}}}}}
	s.fact(review.Fact{Kind: review.FactOpened, Request: r.ID, Opened: &r})
	s.file()
	return r.ID, w.address(r.ID, 0, c.ID)
}

// What a vendor's person attaches to their reply is delivered; what can't be taken
// is said to them, file by file.
func TestAVendorDeliversByReply(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	vera := "Vera <vera@acme.example>"
	with := func(to, text string) string {
		return sign(t, w.letterOf(vera, to, "Re: Data processing agreement", "--b\nContent-Type: text/plain\n\n"+text+"\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"../../DPA 2026.pdf\"\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n"+
			"--b\nContent-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline; filename=logo.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n",
			"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"), "acme.example")
	}
	request, to := w.asksVendor("dpa")
	w.comes(with(to, "Please find it attached."))
	a := w.one()
	got := w.decided(request)
	if a.Kind != arrivals.Delivered || a.Outcome != "counted" || a.Person != "acme.1" || len(got) != 1 || got[0].Verdict != review.Delivered || len(got[0].Documents) != 1 || got[0].From.ID != "vera@acme.example" {
		t.Fatalf("%s %v, %+v", a.Kind, a.Why, got)
	}
	if want := "vera@acme.example " + request + " DPA 2026.pdf application/pdf 9"; !slices.Equal(w.desk.taken, []string{want}) {
		t.Errorf("taken %q, want %q", w.desk.taken, want)
	}
	if l := w.out.told[0]; l.Why != outbox.WhyReceived || len(l.Papers) != 1 || l.Papers[0].Name != "DPA 2026.pdf" || l.Papers[0].Digest == "" {
		t.Errorf("told %+v", l)
	}

	w.desk.reading.Fault = engagement.FaultMacros
	second, to := w.asksVendor("nda")
	w.comes(with(to, "Here it is."))
	a = w.one()
	if l := w.out.told[1]; a.Kind != arrivals.Comment || !slices.Equal(a.Why, []arrivals.Why{arrivals.BadDocument}) || len(w.decided(second)) != 0 || l.Why != string(arrivals.BadDocument) || l.Papers[0].Fault != engagement.FaultMacros {
		t.Errorf("%s %v, told %+v", a.Kind, a.Why, l)
	}
	w.desk.reading.Fault = ""

	third, to := w.asksVendor("sla")
	w.comes(sign(t, w.letterOf(vera, to, "Re: Data processing agreement", "You will have it on Friday.\n"), "acme.example"))
	if a = w.one(); a.Kind != arrivals.Comment || !slices.Equal(a.Why, []arrivals.Why{arrivals.NeedsMore}) {
		t.Errorf("without a file: %s %v", a.Kind, a.Why)
	}
	if n := w.desk.notes[len(w.desk.notes)-1]; n.Request != third || n.Text.Inside != "You will have it on Friday." || n.From.ID != "vera@acme.example" {
		t.Errorf("noted %+v", n)
	}
	taken := len(w.desk.taken)
	w.comes(strings.Replace(with(to, "A stranger's."), "DKIM-Signature", "X-Signature", 1))
	if a = w.one(); a.Kind != arrivals.Comment || !slices.Contains(a.Why, arrivals.NotAligned) || len(w.desk.taken) != taken {
		t.Errorf("unsigned: %s %v, %d taken", a.Kind, a.Why, len(w.desk.taken)-taken)
	}
}

// A scanner that doesn't answer is waited for, for an hour; so is the domain name
// system. After that the mail is a comment, and never lost.
func TestWaitingForOthers(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	request, to := w.asks("legal", "helen")
	w.comes(sign(t, w.letterOf("helen@down.example", to, "Re: Legal review", "approved\n"), "down.example"))
	if err := w.reader.Once(t.Context()); err == nil || w.lies("INBOX") != 1 {
		t.Fatalf("%v, %d in INBOX", err, w.lies("INBOX"))
	}
	w.pass(61 * time.Minute)
	if a := w.one(); a.Kind != arrivals.Comment || !slices.Contains(a.Why, arrivals.NotAligned) || a.Request != request {
		t.Errorf("%s %v", a.Kind, a.Why)
	}
}

// A real bounce and an out-of-office go to the envelope's sender: the first fails
// its letters, the second tells the cases that wait.
func TestWhatComesToTheEnvelopesSender(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	request, _ := w.asks("legal", "helen")
	w.show("n1", acme, "helen", playbook.WhyAsked, request)
	w.pass(time.Minute)
	if w.deliver() != 1 {
		t.Fatal("nothing left")
	}
	sent := w.count("helen@example.org", 1)[0]
	w.comes(w.letterOf(helen, sent.From, "Abwesenheitsnotiz: Legal review", "Ich bin bis 12. März 2026 im Urlaub.\n\nGenehmigt\n", "Auto-Submitted: auto-replied (vacation)", "In-Reply-To: <"+sent.Message()+">"), sent.From)
	a := w.one()
	if a.Kind != arrivals.Away || a.Person != "helen" || a.Request != request || len(w.desk.notes) != 1 {
		t.Fatalf("%s %v, %+v", a.Kind, a.Why, w.desk.notes)
	}
	if n := w.desk.notes[0]; n.Kind != review.NoteAway || n.Person != "helen" || !n.Until.Equal(time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC)) || n.Case != acme {
		t.Errorf("noted %+v", n)
	}
	w.comes(w.letterOf("eve@evil.example", sent.From, "Abwesenheitsnotiz: Legal review", "Ich bin bis 12. März 2026 im Urlaub.\n", "Auto-Submitted: auto-replied"), sent.From)
	if a = w.one(); a.Kind != arrivals.Automatic || w.desk.notes[1].Kind != review.NoteComment {
		t.Errorf("somebody else's absence: %s, %+v", a.Kind, w.desk.notes[1:])
	}
	report := "--b\nContent-Type: text/plain\n\nIt failed. Approved\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; helen@example.org\nAction: failed\nStatus: 5.1.1\n--b--\n"
	w.comes(w.letterOf("MAILER-DAEMON@mx.example.org", sent.From, "Undelivered Mail", report, "Auto-Submitted: auto-replied", "MIME-Version: 1.0", "Content-Type: multipart/report; report-type=delivery-status; boundary=b"), sent.From)
	if a = w.one(); a.Kind != arrivals.Bounce {
		t.Errorf("%s %v", a.Kind, a.Why)
	}
	w.isState("n1", outbox.Bounced)
	if len(w.out.told) != 0 || len(w.desk.answers) != 0 || w.lies("Processed") != 3 {
		t.Errorf("machines were answered: %+v", w.out.told)
	}
}

// A mail that answers one of ours without its reply address is a comment there.
func TestARepliesReferencesFindItsRequest(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	request, _ := w.asks("legal", "helen")
	w.show("n1", acme, "helen", playbook.WhyAsked, request)
	w.pass(time.Minute)
	w.deliver()
	sent := w.count("helen@example.org", 1)[0]
	w.comes(sign(t, w.letterOf(helen, gangwayMail, "Re: Legal review", "Approved\n", "References: <other@x> <"+sent.Message()+">"), "example.org"))
	if a := w.one(); a.Kind != arrivals.Comment || !slices.Equal(a.Why, []arrivals.Why{arrivals.NoToken}) || a.Request != request || len(w.desk.answers) != 0 || len(w.out.told) != 1 {
		t.Errorf("%s %v about %s, told %+v", a.Kind, a.Why, a.Request, w.out.told)
	}
}
