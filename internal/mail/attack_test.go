package mail_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"gangway/internal/arrivals"
	"gangway/internal/review"
)

// A mail that somebody signed to answer one request, sent again by whoever saw it to
// the address of another one, decides nothing there.
func TestASignedMailIsNotReplayed(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	_, first := w.asks("legal", "helen")
	subject := "Re: [GW " + acme + "] Legal review"
	quotes := func(address string) string {
		token := strings.TrimSuffix(strings.TrimPrefix(address, "gangway+"), "@gangway.example")
		return "Approved\n\nOn Mon, 2 Mar 2026 Gangway wrote:\n> https://gangway.example.org/go/" + token + "\n"
	}
	strangers := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString("Delivered-To: gangway+" + strings.Repeat(string(rune('a'+i)), 26) + "@gangway.example\r\n")
		}
		return b.String()
	}
	partly := []string{"From", "Subject", "Date", "Message-ID"}
	for name, c := range map[string]func(to string) string{
		"delivered to another address": func(to string) string {
			return "Delivered-To: " + to + "\r\n" + sign(t, w.letterOf(helen, first, subject, "Approved\n"), "example.org")
		},
		"so many addresses that the signed one is not looked at": func(to string) string {
			return "Delivered-To: " + to + "\r\n" + strangers(12) + sign(t, w.letterOf(helen, first, subject, "Approved\n"), "example.org")
		},
		"a To that nobody signed, what is quoted is of the first": func(to string) string {
			return strings.Replace(sign(t, w.letterOf(helen, first, subject, quotes(first)), "example.org", partly...), "To: "+first, "To: "+to, 1)
		},
	} {
		request, to := w.asks(slug(name), "helen")
		w.comes(c(to))
		a := w.one()
		if a.Kind != arrivals.Comment || len(w.decided(request)) != 0 || len(w.desk.answers) != 0 {
			t.Errorf("%s: %s %v, decided %+v", name, a.Kind, a.Why, w.desk.answers)
		}
	}
	request, to := w.asks("good", "helen") // what is quoted is of this one
	w.comes(sign(t, w.letterOf(helen, to, "Re: lunch", quotes(to)), "example.org", partly...))
	if a := w.one(); a.Kind != arrivals.Decision || len(w.decided(request)) != 1 {
		t.Errorf("%s %v", a.Kind, a.Why)
	}
}

// Whoever looks like the one we asked is somebody else.
func TestSendersThatLookAlike(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	for name, c := range map[string]struct{ from, domain string }{
		"Cyrillic in the local part":   {"Helen Marsh <h\u0435len@example.org>", "example.org"},
		"Cyrillic in the domain":       {"Helen Marsh <helen@ex\u0430mple.org>", "xn--exmple-4nf.org"},
		"its punycode":                 {"Helen Marsh <helen@xn--exmple-4nf.org>", "xn--exmple-4nf.org"},
		"the address as a name":        {"\"helen@example.org\" <eve@evil.example>", "evil.example"},
		"the address in encoded words": {"=?utf-8?q?Helen_Marsh_=3Chelen=40example=2Eorg=3E?= <eve@evil.example>", "evil.example"},
		"the address in a comment":     {"(helen@example.org) eve@evil.example", "evil.example"},
		"a group named as she is":      {"Helen Marsh <helen@example.org>: eve@evil.example;", "evil.example"},
		"a group of one":               {"Helen Marsh: helen@example.org;", "example.org"},
		"her domain below another":     {"Helen Marsh <helen@example.org.evil.example>", "evil.example"},
		"another below hers":           {"Helen Marsh <helen@mail.example.org>", "example.org"},
	} {
		request, to := w.asks(slug(name), "helen")
		w.comes(sign(t, w.letterOf(c.from, to, "Re: Legal review", "Approved\n"), c.domain))
		a := w.one()
		if a.Kind != arrivals.Comment || a.Request != request || !slices.Contains(a.Why, arrivals.NotAddressee) && !slices.Contains(a.Why, arrivals.ManySenders) {
			t.Errorf("%s: %s %v", name, a.Kind, a.Why)
		}
		if l := w.out.told[len(w.out.told)-1]; l.Person != "helen" || l.Of != a.ID {
			t.Errorf("%s: told %+v", name, l)
		}
	}
	if len(w.desk.answers) != 0 {
		t.Errorf("decided %+v", w.desk.answers)
	}
	for _, n := range w.desk.notes {
		if n.From.ID == "helen@example.org" && n.Request != acme+"/a-group-of-one" {
			t.Errorf("%s is put into her mouth", n.Request)
		}
	}
}

// The address of one seat's holder in the hands of another's: nobody answers for
// anybody, whatever they hold themselves.
func TestATokenOfOneSentByAnother(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	request, helens := w.asks("both", "helen", "sam")
	sams := w.address(request, 1, "sam")
	w.comes(sign(t, w.letterOf("Sam <sam@example.org>", helens, "Re: Legal review", "Approved\n"), "example.org"))
	if a := w.one(); a.Kind != arrivals.Comment || !slices.Contains(a.Why, arrivals.NotAddressee) || a.Person != "helen" || w.out.told[0].Person != "helen" {
		t.Errorf("%s %v of %s", a.Kind, a.Why, a.Person)
	}
	w.comes(sign(t, w.letterOf(helen, helens+", "+sams, "Re: Legal review", "Approved\n"), "example.org")) // two: nobody says which
	if a := w.one(); a.Kind != arrivals.Comment || !slices.Contains(a.Why, arrivals.NoToken) {
		t.Errorf("%s %v", a.Kind, a.Why)
	}
	if len(w.desk.answers) != 0 {
		t.Errorf("decided %+v", w.desk.answers)
	}
}

// What a server or somebody else puts below a reply in HTML is not the reply.
func TestTextBelowHTMLDecidesNothing(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	html := "--b\nContent-Type: text/html\n\n<p>I can not agree to this.</p>\n"
	plain := "--b\nContent-Type: text/plain\n\nApproved\n"
	for name, c := range map[string]struct {
		kind, body string
		verdict    review.Verdict
	}{
		"mixed, HTML first":       {"multipart/mixed", html + plain, ""},
		"mixed, text first":       {"multipart/mixed", plain + html, review.Approve},
		"alternative, HTML first": {"multipart/alternative", html + plain, review.Approve},
		"alternative in mixed":    {"multipart/mixed", "--b\nContent-Type: multipart/alternative; boundary=c\n\n" + strings.ReplaceAll(html, "--b", "--c") + "--c--\n" + plain, ""},
	} {
		request, to := w.asks(slug(name), "helen")
		w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", c.body+"--b--\n", "MIME-Version: 1.0", "Content-Type: "+c.kind+"; boundary=b"), "example.org"))
		a := w.one()
		var got review.Verdict
		if all := w.decided(request); len(all) > 0 {
			got = all[0].Verdict
		}
		if got != c.verdict || (a.Kind == arrivals.Decision) != (c.verdict != "") {
			t.Errorf("%s: %s %v, %q", name, a.Kind, a.Why, got)
		}
	}
}

// Two programs that answer each other stop at once: nothing automatic is answered,
// however it shows that it is.
func TestMachinesAreNotAnswered(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	for i, line := range []string{"Auto-Submitted: auto-replied", "Auto-Submitted: AUTO-GENERATED (rule 1)", "Precedence: bulk", "Precedence: auto_reply", "List-Id: <x.example>",
		"X-Auto-Response-Suppress: All", "X-Autoreply: yes", "List-Unsubscribe: <https://x.example>", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b"} {
		_, to := w.asks("m"+string(rune('a'+i)), "helen")
		w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "Approved\n", line), "example.org"))
		if a := w.one(); a.Kind == arrivals.Decision || a.Kind == arrivals.Comment {
			t.Errorf("%s: %s", line, a.Kind)
		}
	}
	_, to := w.asks("large", "helen")
	w.comes(w.letterOf(helen, to, "Re: Legal review", strings.Repeat("--\n", 30_000), "Auto-Submitted: auto-replied")) // not even one that isn't opened
	w.one()
	if len(w.out.told) != 0 || len(w.desk.answers) != 0 {
		t.Errorf("answered %+v", w.out.told)
	}
}

// A mail of a hundred files is no delivery: each would be scanned.
func TestAMailOfManyFiles(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	for n, kind := range map[int]arrivals.Kind{20: arrivals.Delivered, 21: arrivals.Comment, 150: arrivals.Comment} {
		w.desk.taken = nil
		request, to := w.asksVendor("dpa" + strconv.Itoa(n))
		var body strings.Builder
		for i := range n {
			fmt.Fprintf(&body, "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=%d.txt\n\n%s\n", i, strings.Repeat("x", i+1))
		}
		w.comes(sign(t, w.letterOf("vera@acme.example", to, "Re: x", "--b\nContent-Type: text/plain\n\nHere.\n"+body.String()+"--b--\n", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"), "acme.example"))
		a := w.one()
		if a.Kind != kind || a.Request != request || kind == arrivals.Comment && (len(w.desk.taken) != 0 || !slices.Contains(a.Why, arrivals.BadDocument)) {
			t.Errorf("%d files: %s %v, %d taken", n, a.Kind, a.Why, len(w.desk.taken))
		}
	}
}

// The names of a mail and of its files are a stranger's: an answer that names them is
// bent by none of them.
func TestNamesOfFilesCannotBendAnAnswer(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	for i, name := range []string{"=?utf-8?q?a=0D=0ABcc:_eve=40evil.example=0D=0A.pdf?=", "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte("\u202efdp.exe\u2028x")) + "?=", "..\\\\..\\\\etc\\\\passwd", "../../../etc/passwd",
		strings.Repeat("\U0001f600", 400) + ".pdf", "\x00\x1b[31m.pdf", "=?utf-8?q?=3C/td=3E=3Cscript=3Ealert(1)=3C/script=3E?="} {
		_, to := w.asksVendor("n" + strconv.Itoa(i))
		body := "--b\nContent-Type: text/plain\n\nHere.\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"" + name + "\"\n\n%PDF\n--b--\n"
		w.comes(sign(t, w.letterOf("vera@acme.example", to, "Re: x", body, "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"), "acme.example"))
		a := w.one()
		if len(w.out.told) != i+1 {
			t.Fatalf("%q: %s %v, told %d", name, a.Kind, a.Why, len(w.out.told))
		}
		for _, p := range w.out.told[i].Papers {
			if strings.ContainsAny(p.Name, "\r\n\x00\x1b/\\\u202e\u2028") || utf8.RuneCountInString(p.Name) > 120 || !utf8.ValidString(p.Name) {
				t.Errorf("%q is told as %q", name, p.Name)
			}
		}
	}
}

// Whoever guesses a case's name can't fill its record.
func TestStrangersDoNotFillACase(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	for i := range 30 {
		w.comes(w.letterOf("eve@evil.example", gangwayMail, "[GW "+acme+"] "+strconv.Itoa(i), "Approved\n"))
	}
	w.read()
	filed, err := w.a.Arrivals(t.Context(), "case", acme, 100)
	w.ok(err)
	if len(filed) != 20 || w.lies("Quarantine") != 30 {
		t.Errorf("%d are in the case, %d in quarantine", len(filed), w.lies("Quarantine"))
	}
}
