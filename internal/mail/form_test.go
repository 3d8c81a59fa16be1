package mail_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func vendorPoints() []engagement.Point {
	return []engagement.Point{{ID: "mfa", Title: "A second factor?", Kind: engagement.PointYesNo}, {ID: "subs", Title: "Who works for you?", Kind: engagement.PointText}, {ID: "report", Title: "The report", Kind: engagement.PointFile}}
}

// asksForm opens a form for the vendor, and returns the address for its contact's
// answer.
func (w *inbox) asksForm(step string) (request, address string) {
	w.t.Helper()
	w.asksVendor(step + "-first")
	s := &story{w: w.world, id: acme, n: w.entries(), at: w.clock().Add(-time.Hour)}
	r := review.Request{ID: acme + "/" + step, Case: acme, Process: acme, Step: step, Kind: review.Delivery, Title: "Security", Owner: "olga", Vendor: "acme", Opened: s.at, Sheet: true, Points: vendorPoints(),
		Policy:   review.Policy{Groups: []review.Group{{Name: "vendor", Rule: review.RuleAll, Seats: []review.Seat{{ID: "vendor", Role: review.VendorRole}}}}},
		Seatings: []review.Seating{{Seat: "vendor", Holders: []review.Holder{{Person: "acme.1", Via: review.ViaRole, Since: s.at}}}}}
	s.fact(review.Fact{Kind: review.FactOpened, Request: r.ID, Opened: &r})
	s.file()
	return r.ID, w.address(r.ID, 0, "acme.1")
}

// TestAVendorSendsAFormBack: a form that was filled in away from the page counts as it
// was filled in, with the one document that it wants; what is left open, is another
// form, or could be meant otherwise is a comment.
func TestAVendorSendsAFormBack(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	fill := func(request string, answers map[string][]string) string {
		return string(engagement.WriteSheetFile("Security", request, vendorPoints(), answers))
	}
	whole := map[string][]string{"mfa": {"yes"}, "subs": {"Acme, Norway", "Bolt, Chile"}}
	for i, c := range []struct {
		name  string
		files func(request string) []string
		kind  arrivals.Kind
		why   arrivals.Why
	}{
		{"whole", func(r string) []string { return []string{fill(r, whole), "%PDF-1.7"} }, arrivals.Delivered, ""},
		{"a reason for none", func(r string) []string {
			return []string{fill(r, map[string][]string{"mfa": {"no"}, "subs": {"x"}, "report": []string{engagement.None + "it is being written"}})}
		}, arrivals.Delivered, ""},
		{"left open", func(r string) []string { return []string{fill(r, map[string][]string{"mfa": {"yes"}}), "%PDF-1.7"} }, arrivals.Comment, arrivals.NeedsMore},
		{"no document", func(r string) []string { return []string{fill(r, whole)} }, arrivals.Comment, arrivals.NeedsMore},
		{"two documents", func(r string) []string { return []string{fill(r, whole), "%PDF-1.7", "%PDF-1.4"} }, arrivals.Comment, arrivals.NeedsMore},
		{"of another request", func(string) []string { return []string{fill("other", whole), "%PDF-1.7"} }, arrivals.Comment, arrivals.BadDocument},
		{"no form", func(string) []string { return []string{"%PDF-1.7"} }, arrivals.Comment, arrivals.NeedsMore},
		{"a word that is no answer", func(r string) []string {
			return []string{fill(r, map[string][]string{"mfa": {"perhaps"}, "subs": {"x"}}), "%PDF-1.7"}
		}, arrivals.Comment, arrivals.NeedsMore},
	} {
		request, to := w.asksForm(fmt.Sprintf("form-%d", i))
		var b bytes.Buffer
		b.WriteString("--b\nContent-Type: text/plain\n\nHere it is.\n")
		for n, text := range c.files(request) {
			fmt.Fprintf(&b, "--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"file-%d.txt\"\n\n%s\n", n, text)
		}
		b.WriteString("--b--\n")
		w.comes(sign(t, w.letterOf("Vera <vera@acme.example>", to, "Re: Security", b.String(), "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"), "acme.example"))
		a := w.one()
		if a.Kind != c.kind || c.why != "" && !slices.Equal(a.Why, []arrivals.Why{c.why}) {
			t.Errorf("%s: %s %v", c.name, a.Kind, a.Why)
		}
		got := w.decided(request)
		if c.kind != arrivals.Delivered {
			if len(got) != 0 {
				t.Errorf("%s: desk heard %+v", c.name, got)
			}
			continue
		}
		if len(got) != 1 || len(got[0].Findings) != 3 || got[0].Text.Inside != "Here it is." {
			t.Fatalf("%s: desk heard %+v", c.name, got)
		}
		last := got[0].Findings[2]
		if i == 0 && (got[0].Words["subs"] != "Acme, Norway\nBolt, Chile" || last.Document == "" || !slices.Equal(got[0].Documents, []string{last.Document})) || i == 1 && (!last.Missing || got[0].Words["report"] == "" || len(got[0].Documents) != 0) {
			t.Errorf("%s: desk heard %+v", c.name, got[0])
		}
	}
}

// TestGoldenMailsOfForms: the summary, what leaving others taught, what nobody has read,
// and a form that goes to somebody of the vendor, who reads nothing of either.
func TestGoldenMailsOfForms(t *testing.T) {
	t.Parallel()
	w := replying(t)
	s := w.newCase(acme, false)
	text, err := json.Marshal(playbook.Intake{Summary: "They run the payroll of <b>our</b> people,\nand print the slips.", Reason: "a secret reason",
		Taught: []exit.Taught{{Exit: "exit/zeta/1", Vendor: "zeta", Name: "Zeta <b>Ltd</b>", Lessons: []string{exit.LessonLate, exit.LessonKnowledge}}}})
	w.ok(err)
	paper, err := w.a.Put(t.Context(), bytes.NewReader(text), 1<<20)
	w.ok(err)
	s.say(dossier.Entry{Kind: dossier.DocumentFiled, Actor: "rita", Detail: &dossier.Detail{Name: "intake", Document: paper.Digest, Size: paper.Size, Media: paper.Media}})
	s.file()
	r := review.Request{ID: s.id + "/read", Case: s.id, Process: s.id, Step: "read", Kind: review.Decision, Title: "Sign off the contract", Document: "contract", Owner: "olga", Requester: "rita", Vendor: "acme", Opened: s.at, ReadAll: true,
		Versions: []review.Version{{Number: 1, Document: "sha256:00", Sections: []string{"1", "2", "3"}, At: s.at}}, Policy: review.Policy{Groups: []review.Group{{Name: "all", Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}}}}},
		Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "helen", Via: review.ViaRole, Since: s.at}}}}}
	s.fact(review.Fact{Kind: review.FactOpened, Request: r.ID, Opened: &r})
	s.fact(review.Fact{Kind: review.FactGroup, Request: r.ID, Due: w.clock().Add(100 * time.Hour)})
	s.file()
	m := w.held("reads", "helen@example.org", func() { w.show("n1", acme, "helen", playbook.WhyAsked, r.ID) })
	if !strings.Contains(m.Text, "They run the payroll") || strings.Contains(m.HTML, "<b>our") || strings.Contains(m.Text, "secret") || !strings.Contains(strings.Join(strings.Fields(m.Text), " "), "Lessons of the exit of Zeta <b>Ltd</b>: what was promised came late; only they knew how it works.") || strings.Contains(m.HTML, "<b>Ltd") ||
		!strings.Contains(m.Text, "Nobody has read these sections yet: 1, 2, 3") {
		t.Errorf("the mail says\n%s", m.Text)
	}
	ask := s.askVendor("security", "How you keep things safe", func(r *review.Request) { r.Sheet, r.Points = true, vendorPoints() })
	m = w.held("vendor-form", "vera@acme.example", func() { w.show("n2", acme, "acme.1", playbook.WhyAsked, ask) })
	if strings.Contains(m.Text+m.HTML, "payroll") || strings.Contains(m.Text+m.HTML, "Zeta") || strings.Contains(m.Text+m.HTML, "essons") || !strings.Contains(m.Text, "text file") {
		t.Errorf("the vendor is told\n%s", m.Text)
	}
}
