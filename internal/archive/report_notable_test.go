package archive

import (
	"html"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// section is a part of the page, by the id of its heading, as a person reads it.
func section(t testing.TB, page, id string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `aria-labelledby="`+id+`"`)
	part, _, closed := strings.Cut(rest, "</section>")
	if !ok || !closed {
		t.Fatalf("the page has no section %s", id)
	}
	return html.UnescapeString(plain(strings.ReplaceAll("<section"+part, "<", " <")))
}

// jumped adds what one move of the clock leaves in the record: an entry of each
// process.
func (s *story) jumped(to time.Time) {
	for _, process := range []string{storyCase, storyContract} {
		e := s.add(process, "run-a", dossier.Jumped, "", dossier.Detail{Anchor: &calendar.Anchor{Real: storyNoon, Case: to}})
		e.CaseAt = to.Add(time.Millisecond)
	}
}

// TestReportGathersTheClocksMoves: a rehearsal's moves are one line with their
// number, so that they don't drown what an auditor looks for.
func TestReportGathersTheClocksMoves(t *testing.T) {
	t.Parallel()
	s := openStory()
	s.entries[0].Detail.Rehearsal = true
	first := len(s.entries) + 1
	for day := range 7 {
		s.jumped(storyNoon.AddDate(0, 0, day+1))
	}
	page := reportOf(t, s)
	notable := section(t, page, "notable")
	if n := strings.Count(notable, "clock was moved"); n != 1 {
		t.Errorf("the moves of the clock stand %d times among what is notable", n)
	}
	if want := "moved 7 times, the last time to the instant given here. 9 March 2026, 12:00 UTC , line 11 , the last in line 24"; first != 11 || !strings.Contains(notable, want) {
		t.Errorf("want %q in %q", want, notable)
	}
	if n := strings.Count(section(t, page, "timeline"), "clock was moved"); n != 14 {
		t.Errorf("the timeline has %d moves of the clock, want every line of it: 14", n)
	}
	once := openStory()
	once.jumped(storyNoon.AddDate(0, 0, 1))
	if notable := section(t, reportOf(t, once), "notable"); !strings.Contains(notable, "The rehearsal's clock was moved once.") {
		t.Errorf("one move of two processes is told as %q", notable)
	}
	if notable := section(t, reportOf(t, openStory()), "notable"); strings.Contains(notable, "clock") {
		t.Error("a clock that nobody moved is among what is notable")
	}
}

// TestReportGathersRepetitions: what was said several times in the same words is
// one line; what has a reason of its own is not gathered.
func TestReportGathersRepetitions(t *testing.T) {
	t.Parallel()
	s := openStory()
	told := func(person, why string) {
		s.fact(review.Fact{Kind: review.FactTold, Person: person, Why: why})
	}
	for range 3 {
		told("olga", "owner")
	}
	told("olga", "manager")
	told("dora", "reminder")
	refused := func(answer string) *dossier.Entry {
		return s.fact(review.Fact{Kind: review.FactRefused, Person: "rita", Answer: answer, Outcome: &review.Outcome{Status: review.Refused, Refusal: review.OwnRequest, Request: "q1"}})
	}
	for _, reason := range []string{"I know them well", "let me"} {
		s.text(refused(reason), dossier.Body{Inside: reason})
	}
	s.text(s.add(storyContract, "run-b", dossier.SentToVendor, "olga", dossier.Detail{}), dossier.Body{Inside: "we give way on 9", Vendor: "Please mend 11.2."})
	notable := section(t, reportOf(t, s), "notable")
	for want, times := range map[string]int{
		"Olga Ochs (olga) was told of “Sign off the contract”: asked to help, as the case owner. (3 times)": 1,
		"Olga Ochs (olga) was told of “Sign off the contract”: asked to help, as the line manager. 3 March": 1,
		"asked to help":                                    2,
		"reminded":                                         0,
		"rita tried to answer":                             2,
		"Written, for inside I know them well":             1,
		"Written, for inside let me":                       1,
		"The case owner sent this to the vendor.":          1,
		"Written, for the vendor Please mend 11.2.":        1,
		"Written, for the vendor Please make 11.2 mutual.": 1,
	} {
		if got := strings.Count(notable, want); got != times {
			t.Errorf("%q stands %d times, want %d in %q", want, got, times, notable)
		}
	}
}

// TestReportSaysThatAReasonWasErased where it says what it was the reason for.
func TestReportSaysThatAReasonWasErased(t *testing.T) {
	t.Parallel()
	notable := section(t, reportOf(t, closedStory()), "notable")
	if want := "What was written here was erased on 3 March 2026 under art. 17."; strings.Count(notable, want) != 1 {
		t.Errorf("want %q once in %q", want, notable)
	}
}

// policyStory is a request with two groups, a backup, an answer that was late,
// one that was carried over, and a statement that was confirmed.
func policyStory() *story {
	s := closedStory()
	at := func(i int) time.Time { return s.entries[i].At }
	opened := s.entries[5].Fact.Opened
	seats := opened.Policy.Groups[0].Seats
	seats[0].Mandatory, seats[0].Veto, seats[1].Veto, seats[2].Mandatory = true, true, true, true
	opened.Policy.Groups = []review.Group{{Name: "readers", Rule: review.RuleSome, N: 2, Seats: seats}, {Name: "signer", Rule: review.RuleAny, Seats: []review.Seat{{ID: "sponsor", Role: "sponsor"}}}}
	opened.Seatings[0].Holders[0].Via, opened.Seatings[0].Holders[0].From = review.ViaBackup, "leo"
	opened.Seatings = append(opened.Seatings, review.Seating{Seat: "sponsor", Group: 1})
	opened.Clocks = []review.Clock{{Opened: at(5), Due: at(11)}, {}}
	s.entries[11].Fact.Ballot.Attest = []string{"no-conflict"}
	s.entries[12].Fact.Ballot.Version = 1 // security read the first version
	return s
}

// TestReportSaysWhoHadToAgree: a decision can be judged only against the rule
// that it had to meet.
func TestReportSaysWhoHadToAgree(t *testing.T) {
	t.Parallel()
	decided := section(t, reportOf(t, policyStory()), "decided")
	for _, want := range []string{
		"Playbook small (" + digestText("playbook") + ")",
		"agreed 3 March 2026, 03:00 UTC",
		"2 of legal (must agree, may refuse for all), security (may refuse for all), finance (must agree): due 2 March 2026, 23:00 UTC",
		"then sponsor: not asked",
		"on contract, version 2 " + digestText(closedStory().texts[1]) + " as a backup of leo confirmed: no-conflict",
		"on contract, version 1 " + digestText(closedStory().texts[0]) + " passed on by otto stands for version 2 too: nothing that this seat reads was changed after the due date",
	} {
		if !strings.Contains(decided, want) {
			t.Errorf("want %q in %q", want, decided)
		}
	}
	if n := strings.Count(decided, "after the due date"); n != 2 { // security and finance, not legal
		t.Errorf("%d answers are told to be late, want 2", n)
	}
	if n := strings.Count(decided, "stands for version"); n != 1 {
		t.Errorf("%d answers are told to be carried over, want 1", n)
	}
	plainRule := section(t, reportOf(t, closedStory()), "decided")
	if !strings.Contains(plainRule, "all of legal, security, finance") {
		t.Errorf("the rule of the plain story is missing in %q", plainRule)
	}
	papers := section(t, reportOf(t, closedStory()), "papers")
	if strings.Count(papers, "Clauses changed: 11.2.") != 1 {
		t.Errorf("the second version does not say what it changed: %q", papers)
	}
}
