package mail_test

import (
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// The vendor's contact is told once how it ended, whichever way, in one mail with what
// became of what they were asked for: without reasons, names of ours but the owner's, the
// case's id, or a link that is worth nothing any more.
func TestGoldenFarewells(t *testing.T) {
	t.Parallel()
	for name, why := range map[string]string{"farewell-live": playbook.WhyLive, "farewell-declined": playbook.WhyDeclined, "farewell-withdrawn": playbook.WhyWithdrawn,
		"farewell-off": playbook.WhyOff, "farewell-stays": playbook.WhyStays, "farewell-cut-off": playbook.WhyCutOff} {
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

// The mail that says the vendor is off names the clauses that the checklist found to outlive
// the contract, those that it did not find it does not, and nothing of who looked.
func TestFarewellNamesWhatOutlivesTheContract(t *testing.T) {
	t.Parallel()
	w := replying(t)
	s := w.newCase("exit/acme/1", false)
	request := s.askVendor("assets-hand-over", "Hand over what is on the list", nil)
	list := s.askVendor("exit-survival", "What outlives the contract", func(r *review.Request) {
		r.Kind, r.Ask = review.Checklist, "Find each clause."
		r.Points = []engagement.Point{{ID: "confidentiality", Title: "Confidentiality"}, {ID: "non-solicit", Title: "Hiring each other's people"}, {ID: "records", Title: "Records"}}
		r.Seatings, r.Policy.Groups[0].Seats = []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "olga", Via: review.ViaRole, Since: s.at}}}}, []review.Seat{{ID: "legal", Role: "legal"}}
	})
	s.fact(review.Fact{Kind: review.FactCounted, Request: list, Seat: "legal", Person: "olga", Ballot: &review.Ballot{Seat: "legal", Person: "olga", Verdict: review.Checked, At: s.at,
		Findings: []engagement.Finding{{Point: "confidentiality", Places: []string{"12"}}, {Point: "non-solicit", Missing: true}, {Point: "records", Places: []string{"13"}}}}})
	s.fact(review.Fact{Kind: review.FactClosed, Request: list, State: review.Met, Why: "decided"})
	s.shut(request, review.Met, "decided")
	s.end()
	m := w.held("farewell-survives", "vera@acme.example", func() {
		w.ok(w.post.Follow(t.Context(), review.Copy{Request: request, Closed: true, At: w.clock()}))
		w.show("exit/acme/1/ended/acme.1", "exit/acme/1", "acme.1", playbook.WhyOff)
	})
	if !strings.Contains(m.Text, "Confidentiality; Records.") || strings.Contains(m.Text, "Hiring") {
		t.Errorf("it says:\n%s", m.Text)
	}
}
