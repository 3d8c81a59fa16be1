package mail_test

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/mail/mailtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Everybody agreed, and a section is left: who may read it is told which, though they
// answered, and so is the owner, who holds no seat. Once it is read nobody is written to.
func TestWhatNobodyReadIsRemindedOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	s := w.newCase(acme, false)
	r := s.askWith("legal", "Legal review", func(r *review.Request) { r.ReadAll = true; r.Versions[0].Sections = []string{"4", "5"} }, "helen")
	s.approve(r, "helen")
	w.show("u1", acme, "helen", playbook.WhyUnread, r)
	w.show("u2", acme, "olga", playbook.WhyUnread, r)
	w.pass(5 * time.Second)
	for w.deliver() > 0 {
		w.pass(time.Minute)
	}
	mine := strings.Join(strings.Fields(w.count("helen@example.org", 1)[0].Text), " ")
	owners := strings.Join(strings.Fields(w.count("olga@example.org", 1)[0].Text), " ")
	for text, wants := range map[string][]string{mine: {"Nobody has read these sections yet: 4, 5.", "You may read them and say so."}, owners: {"Nobody has read these sections yet: 4, 5.", "As the owner of the case you can have somebody read them."}} {
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("the mail lacks %q:\n%s", want, text)
			}
		}
	}
	b := review.Ballot{Answer: "read-1", Seat: "helen", Person: "helen", Version: 1, Read: []string{"4-5"}, At: s.at}
	w.show("u3", acme, "helen", playbook.WhyUnread, r)
	s.fact(review.Fact{Kind: review.FactRead, Request: r, Seat: "helen", Person: "helen", Answer: b.Answer, Ballot: &b})
	s.file()
	w.pass(72 * time.Hour)
	if n := w.deliver(); n != 0 {
		t.Errorf("%d mails about what was read", n)
	}
}
