package archive

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// TestReportSaysWhatIsWatched: what runs out, what became of it, and what nobody here
// has looked at.
func TestReportSaysWhatIsWatched(t *testing.T) {
	t.Parallel()
	s := openStory()
	day := time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC)
	contract := &engagement.Expiry{ID: "c", Kind: engagement.ExpiryContract, Name: "contract", On: day, Renews: true, Unreviewed: true}
	cert := &engagement.Expiry{ID: "i", Kind: engagement.ExpiryCertificate, Name: "iso-27001", On: day}
	gap := &engagement.Expiry{ID: "g", Kind: engagement.ExpiryGap, Name: "exit-plan", Unreviewed: true}
	dpa := &engagement.Expiry{ID: "d", Kind: engagement.ExpiryDPA, Name: "ends", On: day}
	add := func(kind dossier.Kind, d dossier.Detail) { s.add(storyCase, "run-a", kind, "", d) }
	add(dossier.Watched, dossier.Detail{Expiry: contract})
	add(dossier.Watched, dossier.Detail{Expiry: cert})
	add(dossier.Watched, dossier.Detail{Expiry: gap})
	add(dossier.Escalated, dossier.Detail{Expiry: contract, Person: "olga", Request: "notice"})
	add(dossier.NoticePassed, dossier.Detail{Expiry: contract})
	add(dossier.Lapsed, dossier.Detail{Expiry: contract, Result: "renewed-by-itself"})
	add(dossier.Lapsed, dossier.Detail{Expiry: cert})
	add(dossier.NoticeDecided, dossier.Detail{Expiry: contract, Result: "exit"})
	add(dossier.Begun, dossier.Detail{Expiry: dpa, Parent: "dpa/acme/2", Result: "dpa"})
	add(dossier.Reported, dossier.Detail{Parent: "dpa/acme/2", Result: "in-force"})
	add(dossier.WatchEnded, dossier.Detail{Expiry: dpa, Result: "replaced"})
	page := reportOf(t, s)
	timeline := section(t, page, "timeline")
	for _, want := range []string{
		"The contract is watched until 31 December 2027, as it was filed when the vendor was adopted; it was not reviewed here.",
		"The certificate “iso 27001” is watched until 31 December 2027.",
		"What is lacking (exit plan) is watched.",
		"Nobody had answered about the contract:",
		"The last day for notice of the contract passed without a decision.",
		"The contract came to its end and went on by its own terms. Nobody here decided that.",
		"The certificate “iso 27001” ran out, and nothing had taken its place.",
		"What becomes of the contract was decided: to be left, with notice.",
		"dpa/acme/2 was begun because of the data processing agreement.",
		"dpa/acme/2 came to its end: in-force.",
		"The data processing agreement is watched no longer: replaced.",
	} {
		if !strings.Contains(timeline, want) {
			t.Errorf("%q is not in\n%s", want, timeline)
		}
	}
	if strings.Contains(page, "of the kind “") {
		t.Error("a kind has no words of its own")
	}
}

// TestTheAnswerOfAnOversight: since when, how much, and how much of it is late.
func TestTheAnswerOfAnOversight(t *testing.T) {
	t.Parallel()
	of := func(id string, state dossier.CaseState, watched ...dossier.WatchView) string {
		return reporter{view: dossier.CaseView{ID: id, Vendor: "acme", State: state, Opened: storyNoon, Closed: storyNoon, Watched: watched}}.oversight()
	}
	on := dossier.WatchView{Expiry: engagement.Expiry{ID: "a", On: storyNoon}}
	late := dossier.WatchView{Expiry: engagement.Expiry{ID: "b", On: storyNoon}, Lapsed: true}
	gone := dossier.WatchView{Expiry: engagement.Expiry{ID: "c", On: storyNoon}, Ended: "replaced"}
	for _, c := range []struct{ got, want string }{
		{of("oversight/acme/1", dossier.Running, on, gone), "has been watched. 1 thing runs out one day."},
		{of("oversight/acme/1", dossier.Running, on, late), "2 things run out one day, of which 1 has run out or is owed."},
		{of("oversight/acme/1", dossier.Ended), "was watched."},
	} {
		if !strings.HasSuffix(c.got, c.want) {
			t.Errorf("%q, want it to end with %q", c.got, c.want)
		}
	}
	if said := of("onboarding/acme/1", dossier.Running); said != "" {
		t.Errorf("an onboarding: %q", said)
	}
}

// TestReportSaysWhereAnAdoptedVendorComesFrom: the source of what was filed, and that
// nobody here has reviewed it; shown as text, the contacts left out.
func TestReportSaysWhereAnAdoptedVendorComesFrom(t *testing.T) {
	t.Parallel()
	decided := section(t, reportOf(t, wantedStory(`{"vendor":{"name":"Acme","service":"payroll","contacts":[{"name":"Nadia","mail":"n@acme.example"}]},"reason":"at work already",
		"source":"register <b>2025</b>\u202e","facts":[{"name":"certificate-1","kind":"certificate","words":"ISO 27001","until":"2027-05-31T00:00:00Z"},{"name":"exit-plan","kind":"exit-plan","file":"exit.md"}]}`)), "decided")
	for _, want := range []string{"Adopted from register <b>2025</b>⟨U+202E⟩ (not reviewed here)", "Known of the certificate 1 ISO 27001 until 31 May 2027 (not reviewed here)",
		"Known of the exit plan exit.md (not reviewed here)"} {
		if !strings.Contains(decided, want) {
			t.Errorf("want %q in %q", want, decided)
		}
	}
	if strings.Contains(decided, "Nadia") {
		t.Error("the page spreads the vendor's contacts")
	}
}
