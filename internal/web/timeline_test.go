package web

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

func flatWords(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Text)
	}
	return b.String()
}

// TestTimelineWords: every kind of entry has a sentence in which no id of a
// person is left and no machine's word stands alone.
func TestTimelineWords(t *testing.T) {
	t.Parallel()
	d := scene(t)
	c := *d.cases[0]
	who := names{byID: map[string]string{"ola": "Ola", "lena": "Lena", "ben": "Ben", "ria": "Ria"}}
	me := visitor{zone: time.UTC}
	until := day(25)
	fact := func(f review.Fact) dossier.Entry {
		f.Request = reviewID
		return dossier.Entry{Kind: dossier.Request, CaseAt: day(20), Fact: &f}
	}
	entry := func(k dossier.Kind, d dossier.Detail) dossier.Entry {
		return dossier.Entry{Kind: k, CaseAt: day(20), Actor: "ola", Process: theContract, Detail: &d}
	}
	const title = "Sign off the hosting agreement"
	for _, x := range []struct {
		e    dossier.Entry
		want string
	}{
		{fact(review.Fact{Kind: review.FactOpened}), "Asked: " + title},
		{fact(review.Fact{Kind: review.FactGroup, Group: 1, Due: until}), "Signature is asked in " + title + ", due Wed 25 Nov 2026, 09:00"},
		{fact(review.Fact{Kind: review.FactGroup, Group: 9}), "Group 10 is asked in " + title},
		{fact(review.Fact{Kind: review.FactCounted, Person: "lena", Ballot: &review.Ballot{Seat: "legal", Verdict: review.Approve, Version: 2, Channel: "cli"}}), "Lena, Legal: approved, having read version 2. " + title + " (on the command line)"},
		{fact(review.Fact{Kind: review.FactRefused, Person: "ben", Outcome: &review.Outcome{Refusal: review.Stale}}), "Ben tried to answer " + title + ". It did not count: A newer version changed what you were asked to read; please read it and answer again."},
		{fact(review.Fact{Kind: review.FactTakenBack, Person: "lena", Seat: "legal"}), "Lena took the answer for Legal back in " + title},
		{fact(review.Fact{Kind: review.FactRecused, Person: "lena"}), "Lena declared a conflict of interest and no longer answers in " + title},
		{fact(review.Fact{Kind: review.FactSeated, Seat: "legal", Holder: &review.Holder{Person: "ben", Via: review.ViaDelegate, From: "lena", Until: until}}), "Lena asked Ben to answer for Legal in " + title + " until Wed 25 Nov 2026, 09:00"},
		{fact(review.Fact{Kind: review.FactSeated, Seat: "legal", Holder: &review.Holder{Person: "ben", Via: review.ViaBackup, From: "lena"}}), "Ben joins Legal as backup for Lena in " + title},
		{fact(review.Fact{Kind: review.FactSeated, Seat: "legal", Holder: &review.Holder{Person: "lena", Via: review.ViaRole}}), "Lena takes the seat Legal in " + title},
		{fact(review.Fact{Kind: review.FactUnseated, Person: "lena", Seat: "legal", Why: "left"}), "Lena no longer holds the seat Legal in " + title + " (left)"},
		{fact(review.Fact{Kind: review.FactSnoozed, Person: "lena", Until: until}), "Lena gets no reminders of " + title + " until Wed 25 Nov 2026, 09:00"},
		{fact(review.Fact{Kind: review.FactVersion, Version: &review.Version{Number: 2, Touched: []review.Touch{{Version: 1, Seats: []string{"legal", "security"}}}}}), "Version 2 is under review in " + title + "; it changes what is read by Legal, Security"},
		{fact(review.Fact{Kind: review.FactVersion, Version: &review.Version{Number: 2, Touched: []review.Touch{{Version: 1}}}}), "Version 2 is under review in " + title + "; it changes nothing that a seat reads"},
		{fact(review.Fact{Kind: review.FactTold, Person: "lena", Why: "reminder"}), "Lena was told of " + title + ": a reminder"},
		{fact(review.Fact{Kind: review.FactTold, Why: "backup"}), "There was nobody to tell (as backup) about " + title},
		{fact(review.Fact{Kind: review.FactLost, Person: "lena"}), title + " could not be shown to Lena"},
		{fact(review.Fact{Kind: review.FactClosed, State: review.Met, Why: "decided"}), title + " is closed: agreed"},
		{fact(review.Fact{Kind: review.FactClosed, State: review.Open, Why: "withdrawn"}), title + " is closed: being asked (withdrawn)"},
		{fact(review.Fact{Kind: review.FactWaived, Person: "ola"}), "Ola waived " + title},
		{entry(dossier.CaseOpened, dossier.Detail{Owner: "ola", Requester: "ria"}), "The case was opened for Ria; Ola owns it"},
		{entry(dossier.CaseClosed, dossier.Detail{Result: "live"}), "The case ended: Live"},
		{entry(dossier.ProcessStarted, dossier.Detail{}), "Process " + theContract + " started"},
		{entry(dossier.ProcessEnded, dossier.Detail{Result: "signed-off"}), "Process " + theContract + " ended: Signed off"},
		{entry(dossier.StageReached, dossier.Detail{Stage: "contract"}), "Stage reached: Contract"},
		{entry(dossier.TierSet, dossier.Detail{Tier: 2}), "The vendor is tier 2"},
		{entry(dossier.DocumentFiled, dossier.Detail{Name: "contract", Version: 2, ForVendor: true, Comparison: &engagement.Comparison{Changed: []string{"1"}, Gone: []string{"2", "3"}}}), "Ola filed Contract, version 2, on the vendor's behalf: 1 changed, 2 gone since the version before"},
		{entry(dossier.SentToVendor, dossier.Detail{}), "Ola sent the wanted changes to the vendor"},
		{entry(dossier.SentToVendor, dossier.Detail{Name: "dpa", Points: []string{"a", "b"}}), "Ola told the vendor what is missing: 2 points"},
		{entry(dossier.SentToVendor, dossier.Detail{Name: "dpa"}), "Ola asked the vendor again"},
		{entry(dossier.SentToVendor, dossier.Detail{Person: "ola", Result: "ended-live"}), "Ola is told how it ended"},
		{entry(dossier.SentToVendor, dossier.Detail{Person: "ola", Result: "unreached"}), "Ola could not be told how it ended"},
		{entry(dossier.DPANeed, dossier.Detail{Result: "needed", Values: []string{"personal"}}), "Ola wants a data processing agreement: the intake names personal"},
		{dossier.Entry{Kind: dossier.DPANeed, Detail: &dossier.Detail{Result: "needed", Values: []string{"personal", "payment"}}}, "A data processing agreement is needed: the intake names personal, payment"},
		{dossier.Entry{Kind: dossier.DPANeed, Detail: &dossier.Detail{Result: "not-needed"}}, "No data processing agreement is needed"},
		{entry(dossier.Examined, dossier.Detail{Result: "unreadable", Flags: []engagement.ReadingFlag{"unreadable", "hidden-text"}}), "What was delivered was looked at: no text can be had from it; noticed when it was read: unreadable, hidden text"},
		{entry(dossier.Examined, dossier.Detail{Result: "other-kind", Looks: engagement.KindNDA}), "What was delivered was looked at: it looks like a non disclosure agreement"},
		{entry(dossier.Examined, dossier.Detail{Result: "other-kind", Looks: engagement.KindUnknown}), "What was delivered was looked at: it does not look like a data processing agreement"},
		{entry(dossier.Examined, dossier.Detail{Result: "same-again"}), "What was delivered was looked at: it is what was delivered before"},
		{entry(dossier.Examined, dossier.Detail{Result: "readable"}), "What was delivered was looked at: it can be read, and looks like a data processing agreement"},
		{entry(dossier.DPAInForce, dossier.Detail{Ends: until, LookAgain: until}), "The data processing agreement is in force until 25 Nov 2026, to be looked at again on 25 Nov 2026"},
		{entry(dossier.DPAInForce, dossier.Detail{}), "The data processing agreement is in force"},
		{fact(review.Fact{Kind: review.FactCounted, Person: "ola", Ballot: &review.Ballot{Seat: "vendor", Verdict: review.Delivered, ForVendor: true, Channel: "cli"}}), "Ola in the vendor's place, Vendor: delivered. " + title + " (on the command line)"},
		{fact(review.Fact{Kind: review.FactCounted, Person: "lena", Ballot: &review.Ballot{Seat: "legal", Verdict: review.Checked, Findings: []engagement.Finding{{Point: "a"}, {Point: "b", Missing: true}}}}), "Lena, Legal: looked for every point, 1 point missing. " + title},
		{fact(review.Fact{Kind: review.FactCounted, Person: "lena", Ballot: &review.Ballot{Seat: "legal", Verdict: review.Checked, Findings: []engagement.Finding{{Point: "a"}}}}), "Lena, Legal: looked for every point, nothing is missing. " + title},
		{entry(dossier.Withdrawn, dossier.Detail{}), "Ola withdrew " + theContract},
		{entry(dossier.Reopened, dossier.Detail{Step: "exit-plan"}), "Ola reopened the step Exit plan"},
		{entry(dossier.Attempt, dossier.Detail{Outcome: &review.Outcome{Refusal: review.Closed}}), "Ola tried to do something that did not count: This request is closed."},
		{entry(dossier.Noted, dossier.Detail{}), "Ola noted"},
		{entry(dossier.Jumped, dossier.Detail{Anchor: &calendar.Anchor{Case: until}}), "Rehearsal: the case's clock was moved to Wed 25 Nov 2026, 09:00"},
		{entry(dossier.HistoryFiled, dossier.Detail{}), "The engine's history of " + theContract + " was filed"},
		{entry(dossier.PeopleChanged, dossier.Detail{Revision: 3}), "The people file changed: revision 3"},
		{entry(dossier.PlaybookUsed, dossier.Detail{Playbook: "small"}), "The case runs with the playbook Small"},
		{entry(dossier.KeyMade, dossier.Detail{}), "A key to seal dossiers was made"},
		{entry(dossier.Sealed, dossier.Detail{}), "The dossier was sealed"},
		{entry(dossier.Erased, dossier.Detail{Entries: []string{"a"}, Rule: "gdpr"}), "1 text erased under the rule gdpr"},
		{dossier.Entry{Kind: "invented"}, "Invented"},
	} {
		got := timeline([]dossier.Line{{N: 1, Entry: x.e}}, c, who, me, day(20))
		if text := flatWords(got[0].Words); text != x.want {
			t.Errorf("%s: %q\nwant %q", x.e.Kind, text, x.want)
		}
	}
}

func TestTimelineBodies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.lines[theCase][0].Erased = &dossier.Erasure{On: day(18), Rule: "retention"}
	s.desk.lines[theCase][1].Conflict = true
	p := s.get("ola", "/case?id="+theCase).wants(200, "Their standard text; they gave way", "Please tell us before you disclose anything (3.2)", "For your own people", "For the vendor",
		"erased on 18 Nov 2026 under the rule retention", "contradicts an earlier line", `id="line-1"`)
	first, last := strings.Index(p.Body, `data-line="1"`), strings.Index(p.Body, `data-line="2"`)
	if first < last {
		t.Error("the newest line doesn't stand first")
	}
}

// TestPageAgainstRecord reads who answered what for which seat and version from
// the page, and finds what the record has.
func TestPageAgainstRecord(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for person, verdict := range map[string]string{"lena": "changes", "sami": "approve", "ola": "reject"} {
		f := s.get(person, requestURL(reviewID)).form("/request/answer", "verdict")
		f.Set("verdict", verdict)
		f.Set("inside", "because")
		f["attest"] = []string{"read-confidentiality"}
		s.post(person, "/request/answer", f).leads("/receipt?")
	}
	p := s.get("ria", "/case?id="+theCase).wants(200)
	article := regexp.MustCompile(`(?s)data-request="` + regexp.QuoteMeta(reviewID) + `".*?</article>`).FindString(p.Body)
	var got, want []string
	for _, m := range regexp.MustCompile(`data-seat="([^"]*)" data-person="([^"]*)" data-verdict="([^"]*)" data-version="([^"]*)"`).FindAllStringSubmatch(article, -1) {
		if m[2] != "" {
			got = append(got, html.UnescapeString(strings.Join(m[1:], " ")))
		}
	}
	r := s.desk.request(reviewID)
	for _, seat := range r.Policy.Seats() {
		if b := r.Standing(seat.ID); b != nil {
			want = append(want, b.Seat+" "+b.Person+" "+string(b.Verdict)+" 2")
		}
	}
	if len(want) != 3 || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the page says %q, the record %q", got, want)
	}
	s.get("ria", requestURL(reviewID)).wants(200, "refused")
}
