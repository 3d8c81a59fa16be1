package mail_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gangway/internal/arrivals"
	"gangway/internal/mail"
	"gangway/internal/review"
)

const helen = "Helen Marsh <helen@example.org>"

// What must hold for a decision by mail, one thing missing at a time: then it is a
// comment, nobody is decided for, and whom we asked is told.
func TestOnlyACrispSignedReplyOfWhomWeAskedDecides(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	for _, c := range []struct {
		name string
		// mail writes it for the address given; whoever signs it is up to it.
		mail    func(to string) string
		kind    arrivals.Kind
		why     arrivals.Why
		verdict review.Verdict
	}{
		{name: "approved", kind: arrivals.Decision, verdict: review.Approve, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "Approved.\n\nHelen\n"), "example.org")
		}},
		{name: "signed by a domain of the same organisation", kind: arrivals.Decision, verdict: review.Approve, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "+1\n"), "mail.example.org")
		}},
		{name: "rejected with a reason", kind: arrivals.Decision, verdict: review.Reject, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "#reject the liability cap is missing\n"), "example.org")
		}},
		{name: "rejected without a reason", kind: arrivals.Comment, why: arrivals.NeedsMore, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "rejected\n"), "example.org")
		}},
		{name: "forged From", kind: arrivals.Comment, why: arrivals.NotAligned, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "Approved\n"), "evil.example")
		}},
		{name: "forged From, unsigned", kind: arrivals.Comment, why: arrivals.NotAligned, mail: func(to string) string {
			return w.letterOf(helen, to, "Re: Legal review", "Approved\n")
		}},
		{name: "second From prepended", kind: arrivals.Comment, why: arrivals.ManySenders, mail: func(to string) string {
			return "From: Helen Marsh <helen@example.org>\r\n" + sign(t, w.letterOf("Eve <eve@evil.example>", to, "Re: Legal review", "Approved\n"), "evil.example")
		}},
		{name: "second From prepended to hers", kind: arrivals.Comment, why: arrivals.ManySenders, mail: func(to string) string {
			return "From: Eve <eve@evil.example>\r\n" + sign(t, w.letterOf(helen, to, "Re: Legal review", "Approved\n"), "example.org")
		}},
		{name: "two addresses in From", kind: arrivals.Comment, why: arrivals.ManySenders, mail: func(to string) string {
			return sign(t, w.letterOf("helen@example.org, eve@example.org", to, "Re: Legal review", "Approved\n"), "example.org")
		}},
		{name: "body changed after it was signed", kind: arrivals.Comment, why: arrivals.NotAligned, mail: func(to string) string {
			return strings.Replace(sign(t, w.letterOf(helen, to, "Re: Legal review", "No: not yet\n"), "example.org"), "No: not yet", "Approved", 1)
		}},
		{name: "forwarded token", kind: arrivals.Comment, why: arrivals.NotAddressee, mail: func(to string) string {
			return sign(t, w.letterOf("Sam <sam@example.org>", to, "Re: Legal review", "Approved\n"), "example.org")
		}},
		{name: "lone forged header", kind: arrivals.Comment, why: arrivals.NotAligned, mail: func(to string) string {
			return "Authentication-Results: mx.gangway.example; dmarc=pass header.from=example.org; dkim=pass header.d=example.org\r\n" +
				w.letterOf(helen, to, "Re: Legal review", "Approved\n")
		}},
		{name: "token in another case", kind: arrivals.Decision, verdict: review.Approve, mail: func(to string) string {
			return sign(t, w.letterOf(helen, strings.ToUpper(to), "Re: Legal review", "approved\n"), "example.org")
		}},
		{name: "address of hers in another case", kind: arrivals.Decision, verdict: review.Approve, mail: func(to string) string {
			return sign(t, w.letterOf("HELEN@Example.ORG", to, "Re: Legal review", "approved\n"), "example.org")
		}},
		{name: "approved if", kind: arrivals.Comment, why: arrivals.Unclear, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "Approved if the cap is raised\n"), "example.org")
		}},
		{name: "approved, if on the next line", kind: arrivals.Comment, why: arrivals.Unclear, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "Approved\nif the cap is raised\n"), "example.org")
		}},
		{name: "not approved", kind: arrivals.Comment, why: arrivals.Unclear, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "Not approved\n"), "example.org")
		}},
		{name: "a question, approved?", kind: arrivals.Comment, why: arrivals.Unclear, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "Approved?\n"), "example.org")
		}},
		{name: "thumbs-up only", kind: arrivals.Comment, why: arrivals.Unclear, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "👍🏽\n"), "example.org")
		}},
		{name: "the words only in what is quoted", kind: arrivals.Comment, why: arrivals.Unclear, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "On Mon, 2 Mar 2026 Gangway wrote:\n> Approve\n\nApproved\n"), "example.org")
		}},
		{name: "automatic", kind: arrivals.Automatic, why: arrivals.IsAutomatic, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: Legal review", "Approved\n", "Auto-Submitted: auto-generated"), "example.org")
		}},
		{name: "out-of-office that contains Approved", kind: arrivals.Away, why: arrivals.IsAutomatic, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Automatic reply: Legal review", "Approved\n\nI am away until 12 March 2026.\n", "Auto-Submitted: auto-replied"), "example.org")
		}},
		{name: "sent on from elsewhere: signed, but about nothing of this", kind: arrivals.Comment, why: arrivals.NotAligned, mail: func(to string) string {
			raw := sign(t, w.letterOf(helen, "eve@evil.example", "Re: lunch", "Approved\n"), "example.org")
			return "Delivered-To: " + to + "\r\n" + raw
		}},
		{name: "To not signed, the subject names the case", kind: arrivals.Decision, verdict: review.Approve, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: [GW "+acme+"] Legal review", "Approved\n"), "example.org", "From", "Subject", "Date", "Message-ID")
		}},
		{name: "To not signed, and nothing else names it", kind: arrivals.Comment, why: arrivals.NotAligned, mail: func(to string) string {
			return sign(t, w.letterOf(helen, to, "Re: lunch", "Approved\n"), "example.org", "From", "Subject", "Date", "Message-ID")
		}},
	} {
		request, to := w.asks(slug(c.name), "helen")
		told := len(w.out.told)
		w.comes(c.mail(to))
		a := w.one()
		if a.Kind != c.kind || c.why != "" && !slices.Contains(a.Why, c.why) || c.why == "" && len(a.Why) > 0 || a.Request != request || a.Person != "helen" {
			t.Errorf("%s: %s %v, about %s of %s", c.name, a.Kind, a.Why, a.Request, a.Person)
		}
		answers := w.decided(request)
		if c.verdict == "" && len(answers) > 0 || c.verdict != "" && (len(answers) != 1 || answers[0].Verdict != c.verdict) {
			t.Errorf("%s: desk heard %+v", c.name, answers)
		}
		if automatic := c.kind == arrivals.Automatic || c.kind == arrivals.Away; len(w.out.told) != told+1 && !automatic || automatic && len(w.out.told) != told {
			t.Errorf("%s: %d answers, though %s", c.name, len(w.out.told)-told, c.kind)
		}
		for _, l := range w.out.told[told:] {
			if l.Person != "helen" || l.Of != a.ID {
				t.Errorf("%s: told %+v", c.name, l)
			}
		}
	}
	if w.lies("INBOX") != 0 || w.lies("Quarantine") != 0 {
		t.Errorf("%d mails stayed, %d are in quarantine", w.lies("INBOX"), w.lies("Quarantine"))
	}
	for _, n := range w.desk.notes { // nobody is made to say what nobody vouches for
		forged := strings.Contains(n.Request, "forged") || strings.Contains(n.Request, "prepended") || strings.Contains(n.Request, "changed")
		if forged && n.From.ID != "" {
			t.Errorf("%s is put into the mouth of %s", n.Request, n.From.ID)
		}
		if n.Kind == review.NoteAway && n.Until.IsZero() {
			t.Errorf("the date of return is lost: %+v", n)
		}
	}
}

func slug(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name)), "-")
}

func TestOldToken(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	request, to := w.asks("legal", "helen")
	s := &story{w: w.world, id: acme, n: w.entries(), at: w.clock()}
	s.shut(request, review.Met, "met")
	w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org"))
	if a := w.one(); a.Kind != arrivals.Comment || !slices.Equal(a.Why, []arrivals.Why{arrivals.OldToken}) {
		t.Errorf("%+v", a)
	}
	if len(w.desk.answers) != 0 || len(w.out.told) != 1 || w.out.told[0].Why != string(arrivals.OldToken) {
		t.Errorf("answers %+v, told %+v", w.desk.answers, w.out.told)
	}
}

// A reply in each of the eight languages counts as its first line says.
func TestRepliesInEightLanguagesDecide(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	for _, p := range mail.Vocabulary() {
		if p.Verdict == review.Done {
			continue
		}
		for i, word := range p.Words {
			request, to := w.asks(fmt.Sprintf("%s-%s-%d", p.Language, p.Verdict, i), "helen")
			w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", capital(word)+"!\n\nPlease see clause 9.\n\nAm 2. März 2026 um 10:00 schrieb Gangway:\n> Reject\n"), "example.org"))
			a := w.one()
			if got := w.decided(request); a.Kind != arrivals.Decision || len(got) != 1 || got[0].Verdict != p.Verdict || got[0].Text.Inside != "Please see clause 9." || got[0].From.ID != "helen@example.org" {
				t.Errorf("%s: %s %v, %+v", word, a.Kind, a.Why, got)
			}
		}
	}
}

func capital(word string) string {
	r := []rune(word)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}
