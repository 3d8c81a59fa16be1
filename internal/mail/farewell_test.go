package mail_test

import (
	"strings"
	"testing"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// The vendor's contact is told once how it ended, whichever way, in one mail with what
// became of what they were asked for: without reasons, names of ours but the owner's, the
// case's id, or a link that is worth nothing any more.
func TestGoldenFarewells(t *testing.T) {
	t.Parallel()
	for name, why := range map[string]string{"farewell-live": playbook.WhyLive, "farewell-declined": playbook.WhyDeclined, "farewell-withdrawn": playbook.WhyWithdrawn,
		"farewell-off": playbook.WhyOff, "farewell-stays": playbook.WhyStays} {
		w := replying(t)
		s := w.newCase(acme, false)
		request := s.askVendor("dpa-ask", "Data processing agreement, signed on your side", nil)
		s.shut(request, review.Open, "withdrawn")
		s.end()
		m := w.held(name, "vera@acme.example", func() {
			w.ok(w.post.Follow(t.Context(), review.Copy{Request: request, Closed: true, At: w.clock()}))
			w.show(acme+"/ended/acme.1", acme, "acme.1", why)
			w.show(acme+"/ended/acme.1", acme, "acme.1", why) // tried again
		})
		if m.Subject != "Northgate Trading: how it ended" || strings.Contains(m.Text+m.HTML, acme) || strings.Contains(m.Text, "/portal/"+key().Ticket(request, 0, "acme.1", "mail")) {
			t.Errorf("%s is\n%s\n\n%s", name, m.Subject, m.Text)
		}
		if !strings.Contains(m.Text, "Please send nothing more for ") && why != playbook.WhyLive && why != playbook.WhyOff {
			t.Errorf("%s does not say what to do:\n%s", name, m.Text)
		}
		w.deliver()
		w.count("vera@acme.example", 1)
	}
}
