package mail_test

import (
	"strings"
	"testing"

	"gangway/internal/outbox"
)

// TestGoldenWordsOfAVendor: the owner is told that the vendor's people wrote, and
// nothing of what; where to answer is the case.
func TestGoldenWordsOfAVendor(t *testing.T) {
	t.Parallel()
	w := replying(t)
	s := w.newCase(acme, false)
	r := s.askVendor("dpa", "Data processing agreement", nil)
	for _, why := range []string{outbox.WhyAskedBack, outbox.WhyNotMe, outbox.WhyProposed, outbox.WhyWrote, outbox.WhyWithdraws} {
		m := w.held("word-"+why, "olga@example.org", func() {
			w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: "comment/" + why, Person: "olga", Kind: outbox.Comment, Why: why, Case: acme, Requests: []string{r}}))
		})
		if !strings.Contains(m.Text, "/case?id=") || strings.Contains(m.Text, "your answer is wanted") || !strings.Contains(m.Text, "Data processing agreement") {
			t.Errorf("%s: %s", why, m.Text)
		}
	}
}

// TestGoldenNewLink: a contact who asked for a new link gets one of its own, and
// knows from whom.
func TestGoldenNewLink(t *testing.T) {
	t.Parallel()
	w := replying(t)
	s := w.newCase(acme, false)
	s.askVendor("dpa", "Data processing agreement", nil)
	m := w.held("new-link", "vera@acme.example", func() {
		w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: "portal/l1", Person: "acme.1", Kind: outbox.Portal, Case: acme, Link: "l1"}))
	})
	if !strings.Contains(m.Text, "/portal/"+key().Link("l1")) || strings.Contains(string(m.Raw), acme) || !strings.Contains(m.Text, "/portal/genuine") {
		t.Errorf("the link's mail: %s", m.Text)
	}
}
