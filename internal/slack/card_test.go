package slack

import (
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// pressable are the action ids of a message's buttons, and what its links lead to.
func pressable(m message) (ids, links []string) {
	for _, b := range m.parts {
		row, is := b.(*slack.ActionBlock)
		if !is {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			switch e := e.(type) {
			case *slack.ButtonBlockElement:
				id := e.ActionID
				if e.Confirm != nil {
					id += "?"
				}
				ids = append(ids, id)
				if e.URL != "" {
					links = append(links, e.URL)
				}
			case *slack.OverflowBlockElement:
				ids = append(ids, e.ActionID)
			}
		}
	}
	return ids, links
}

// TestWhatEachCardOffers: buttons are there while the viewer can answer and never
// else; what needs a reason, statements or a seat opens the modal; what needs a
// file or a browser leads to the page.
func TestWhatEachCardOffers(t *testing.T) {
	t.Parallel()
	decide := []string{"answer/approve?", "ask/changes", "ask/reject", "menu"}
	asked, page, none := []string{"ask/approve", "ask/changes", "ask/reject", "menu"}, []string{"open", "menu"}, []string{"open"}
	for name, want := range map[string][]string{
		"pending": decide, "pending-known": decide, "backup": decide, "delegate": decide, "delegated": decide, "overdue": decide, "held": decide, "next-version": decide, "taken-back": decide, "forty": decide,
		"pending-attest": asked, "two-seats": asked, "no-page": decide, "no-ticket": none,
		"browser": page, "delivery": page, "checklist": page, "to-vendor": page, "task": {"answer/done?", "menu"}, "many-options": {"ask", "menu"},
		"options":  {"answer/" + string(playbook.NextVersion) + "?", "answer/" + string(playbook.AskAgain) + "?", "ask/" + string(playbook.Waive), "answer/" + string(playbook.Withdraw) + "?", "menu"},
		"received": none, "ahead": none, "answered": none, "wanted": none, "not-yet": none, "settled": none, "carried": none, "passed": none, "recused": nil, "delegated-answered": none,
		"approved": none, "changes": none, "rejected": none, "elsewhere": none, "withdrawn": none, "superseded": none, "reopened": none, "waived": none,
	} {
		ids, links := pressable(cards()[name].card())
		if !slices.Equal(ids, want) {
			t.Errorf("%s offers %q, want %q", name, ids, want)
		}
		for _, l := range links {
			if !strings.HasPrefix(l, "https://gangway.example.org/request?id=") || strings.Contains(l, testTicket) {
				t.Errorf("%s leads to %s", name, l)
			}
		}
	}
}

// TestACardSaysNobodysReason: nothing that somebody wrote with an answer is in
// what is made of it; a scene has no room for it but as a digest.
func TestACardSaysNobodysReason(t *testing.T) {
	t.Parallel()
	s := sceneOf("helen", ballots(vote("sam", "security", review.Changes, "web")))
	s.Request.Ballots[0].Written = review.Written{Inside: "digest-of-a-reason", Vendor: "digest-for-vendor"}
	s.Request.Ballots[0].Documents = []string{"digest-of-a-file"}
	for _, m := range []message{s.card(), s.line("a1"), waitingMessage([]scene{s})} {
		if strings.Contains(string(m.wire(1)), "digest-") {
			t.Errorf("it has what is nobody's business: %s", m.wire(1))
		}
	}
}

// TestARecusedPersonSeesNoMore holds what is left of a card.
func TestARecusedPersonSeesNoMore(t *testing.T) {
	t.Parallel()
	s := cards()["recused"]
	ballots(vote("sam", "security", review.Approve, "web"))(&s)
	s.Question, s.Changed = "a question", &changed{From: 0}
	sent := string(s.card().wire(1))
	for _, word := range []string{"Sam", "Security", "Read the clauses", "question", "9f2c", "agreed", "http"} {
		if strings.Contains(sent, word) {
			t.Errorf("somebody in a conflict still sees %q", word)
		}
	}
}

// TestWhatIsLongIsCutWhole: one link, date or mark that is cut would swallow what
// comes after it.
func TestWhatIsLongIsCutWhole(t *testing.T) {
	t.Parallel()
	s := sceneOf("p07", forty)
	for i := range s.People {
		s.People[i].Name = strings.Repeat("𝔘", 3000)
	}
	s.Vendor, s.Request.Title, s.Request.Ask = strings.Repeat("ש", 3000), strings.Repeat("&", 3000), strings.Repeat("<!here>\n", 3000)
	m := s.card()
	if f := m.faults(); f != nil {
		t.Fatalf("Slack refuses it: %v", f)
	}
	harmless(t, "a long card", m.wire(1))
	if !strings.Contains(m.text, "by Fri 27 Nov 2026") || !strings.Contains(m.text, "Approve / Request changes / Reject") {
		t.Errorf("its text lost what is asked: %q", m.text)
	}
}
