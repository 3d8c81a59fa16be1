package mail_test

import (
	"html"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Somebody of the vendor who takes over is asked by a mail of their own: with a link into
// their page, without a way to answer by mail or to hand on, and without what was written
// to the vendor who goes, the case's id, or who of them is asked what.
func TestGoldenMailsToWhoTakesOver(t *testing.T) {
	t.Parallel()
	w := replying(t)
	s := w.newCase(acme, false)
	w.ok(w.a.PutContact(t.Context(), playbook.Contact{ID: "zeta.1", Vendor: "zeta", Name: "Zoe Zeta", Mail: "zoe@zeta.example", State: playbook.ContactActive,
		By: "olga", Case: acme, Made: w.clock(), Changed: w.clock()}))
	_, err := w.a.KeepText(t.Context(), "web-back", review.Text{Vendor: "For Acme alone."})
	w.ok(err)
	r := s.askVendor("shown", "Do it yourself: area-1", func(r *review.Request) {
		r.Kind, r.Receiver, r.VendorText, r.Ask = review.Task, "zeta", "web-back", "Do it once alone, while somebody watches."
		r.Policy.Groups[0].Seats[0] = review.Seat{ID: "owner", Role: review.NamedPrefix + "zeta.1"}
		r.Seatings = []review.Seating{{Seat: "owner", Holders: []review.Holder{{Person: "zeta.1", Via: review.ViaRole, Since: s.at}}}}
	})
	said := []string{}
	for _, why := range []string{playbook.WhyAsked, playbook.WhyReminder} {
		name := "receiver-" + why
		m := w.held(name, "zoe@zeta.example", func() { w.show(name, acme, "zeta.1", why, r) })
		said = append(said, m.Subject)
		text := m.Text + html.UnescapeString(m.HTML)
		for _, secret := range []string{acme, "For Acme alone.", "hand-on", "Hand it on", "Vera", "gangway+", "/go/"} {
			if strings.Contains(text, secret) || strings.Contains(m.Header.Get("Reply-To"), secret) {
				t.Errorf("%s says %q:\n%s", name, secret, m.Text)
			}
		}
		if !strings.Contains(m.Text, "/portal/"+key().Ticket(r, 0, "zeta.1", "mail")) || !strings.Contains(m.Text, "take over from") {
			t.Errorf("%s:\n%s", name, m.Text)
		}
		w.pass(28 * time.Hour)
	}
	if said[0] == said[1] {
		t.Errorf("a reminder is called as the first: %q", said)
	}
	l, err := w.a.PortalLink(t.Context(), access.Hash(key().Ticket(r, 0, "zeta.1", "mail")))
	if err != nil || l.Person != "zeta.1" || l.Vendor != "zeta" || l.Case != acme {
		t.Errorf("the link leads to %+v, %v", l, err)
	}
	kept, err := w.post.Invite(t.Context(), regular("zeta.1", func(l *outbox.Letter) { l.ID, l.Meeting.Every = "meeting/area-1/0/zeta.1", "" }))
	if err != nil || !kept {
		t.Fatalf("inviting who takes over: %t, %v", kept, err)
	}
	w.pass(time.Minute)
	w.deliver()
	all := w.count("zoe@zeta.example", 3)
	if m := all[2]; !strings.Contains(m.Header.Get("From"), "Northgate Trading") || strings.Contains(string(m.Raw), acme) {
		t.Errorf("they are invited as one of our own:\n%s", m.Raw)
	}
}

// Whoever was to take over, and does not any more, is told once, in one mail however much
// it was: without a reason, a link, the case's id or anybody's name but the owner's.
func TestGoldenMailToWhoDoesNotTakeOver(t *testing.T) {
	t.Parallel()
	w := replying(t)
	w.newCase(acme, false)
	w.ok(w.a.PutContact(t.Context(), playbook.Contact{ID: "zeta.1", Vendor: "zeta", Name: "Zoe Zeta", Mail: "zoe@zeta.example", State: playbook.ContactActive,
		By: "olga", Case: acme, Made: w.clock(), Changed: w.clock()}))
	m := w.held("receiver-released", "zoe@zeta.example", func() {
		for _, id := range []string{"/released/2026-03-02/zeta.1", "/released/2026-03-03/zeta.1", "/released/2026-03-03/zeta.1"} {
			w.show(acme+id, acme, "zeta.1", playbook.WhyReleased)
		}
	})
	if m.Subject != "Northgate Trading: nothing more is asked of you" || !strings.Contains(m.Text, "Please send nothing more for it") {
		t.Errorf("it is\n%s\n\n%s", m.Subject, m.Text)
	}
	for _, secret := range []string{acme, "/portal/" + key().Ticket("", 0, "zeta.1", "mail"), "/go/", "Vera", "how it ended"} {
		if strings.Contains(m.Text+m.HTML+m.Subject, secret) {
			t.Errorf("it says %q:\n%s", secret, m.Text)
		}
	}
	w.deliver()
	w.count("zoe@zeta.example", 1)
}
