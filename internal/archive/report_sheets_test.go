package archive

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// filledStory is a case whose answers filled in a risk record and, in the vendor's
// place, a questionnaire.
func filledStory(t *testing.T) *story {
	t.Helper()
	s := openStory()
	cost := int64(12000)
	record := filledSheet(t, "Risk record", []engagement.Point{
		{ID: "risk-1-what", Title: "Risk 1: What could go wrong", Kind: engagement.PointText}, {ID: "risk-1-likelihood", Title: "Risk 1: How likely", Kind: engagement.PointChoice, Options: []string{"1", "5"}},
		{ID: "risk-1-owner", Title: "Risk 1: Who sees to it", Kind: engagement.PointPerson},
		{ID: "risk-2-what", Title: "Risk 2: What could go wrong", Kind: engagement.PointText}, {ID: "risk-2-owner", Title: "Risk 2: Who sees to it", Kind: engagement.PointPerson},
		{ID: "again", Title: "When to look at it again", Kind: engagement.PointDate}, {ID: "cost", Title: "What it costs", Kind: engagement.PointAmount}},
		[]engagement.Finding{{Point: "risk-1-likelihood", Choices: []string{"5"}}, {Point: "risk-1-owner", Choices: []string{"lena"}}, {Point: "risk-2-owner", Choices: []string{"dora"}},
			{Point: "again", On: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)}, {Point: "cost", Number: &cost}},
		map[string]string{"risk-1-what": "They go <script>alert(1)</script> bankrupt", "risk-2-what": "A \u202eleak"})
	phone := filledSheet(t, "Security questions", []engagement.Point{{ID: "mfa", Title: "Is there a second factor", Kind: engagement.PointYesNo}, {ID: "report", Title: "The last test", Kind: engagement.PointFile}},
		[]engagement.Finding{{Point: "mfa", Choices: []string{engagement.Yes}}, {Point: "report", Missing: true}}, map[string]string{"report": "none was made"})
	s.fills("q8", "risk-record", "Risk record", review.Ballot{Answer: "f1", Seat: "owner", Person: "olga", Verdict: review.Done, Documents: []string{s.paper(record)}})
	s.fills("q9", "security", "Security questions", review.Ballot{Answer: "f2", Seat: "owner", Person: "olga", Verdict: review.Delivered, ForVendor: true, Documents: []string{s.paper(phone)}})
	s.text(&s.entries[len(s.entries)-1], dossier.Body{Inside: "Said by Ann Price; on the telephone"})
	return s
}

func filledSheet(t *testing.T, title string, points []engagement.Point, findings []engagement.Finding, words map[string]string) string {
	t.Helper()
	sheet, err := engagement.FillSheet(title, points, findings, words)
	if err != nil {
		t.Fatal(err)
	}
	text, err := sheet.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fills asks for a form and answers it.
func (s *story) fills(id, step, title string, b review.Ballot) {
	e := s.fact(review.Fact{Kind: review.FactOpened, Opened: &review.Request{ID: id, Case: storyCase, Process: storyContract, Step: step, Kind: review.Task, Title: title, Sheet: true, Owner: "olga", Vendor: "acme",
		Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "owner", Role: review.OwnerRole}}}}},
		Seatings: []review.Seating{{Seat: "owner", Holders: []review.Holder{{Person: "olga"}}}}, Clocks: []review.Clock{{}}}})
	e.Fact.Request = id
	e = s.fact(review.Fact{Kind: review.FactCounted, Answer: b.Answer, Person: b.Person, Ballot: &b})
	e.Fact.Request, e.Answer = id, b.Answer
}

// TestReportShowsWhatWasFilledIn: questions and answers, rows as a table, people by
// name, who filed it and what was said elsewhere; nothing of a stranger's words runs or
// hides.
func TestReportShowsWhatWasFilledIn(t *testing.T) {
	t.Parallel()
	r := filledStory(t).contents().report(storyKey(1), checkpoint{})
	if len(r.Sheets) != 2 {
		t.Fatalf("%d forms", len(r.Sheets))
	}
	table := r.Sheets[0].Parts[0]
	if table.Name != "Risk" || strings.Join(table.Heads, "|") != "|What could go wrong|How likely|Who sees to it" || len(table.Rows) != 2 ||
		strings.Join(table.Rows[0], "|") != "1|They go <script>alert(1)</script> bankrupt|5|Lena Lang (lena)" || strings.Join(table.Rows[1], "|") != "2|A ⟨U+202E⟩leak||Dora Dahl (dora)" {
		t.Errorf("the risks: %+v", table)
	}
	if rest := r.Sheets[0].Parts[1].Lines; len(rest) != 2 || rest[0].Value != "1 March 2027" || rest[1].Value != "12000" {
		t.Errorf("besides: %+v", rest)
	}
	phone := r.Sheets[1]
	if phone.By != "Olga Ochs (olga), in the vendor’s place" || phone.Source != "Said by Ann Price; on the telephone" || phone.Parts[0].Lines[1].Value != "there is none: none was made" {
		t.Errorf("filed for the vendor: %+v", phone)
	}
	page, err := r.render()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<h2 id="filled">What was filled in</h2>`, "&lt;script&gt;", "<caption>Risk</caption>", `href="#sheet-2">what was filled in</a>`, `id="sheet-2"`, "“Risk record” as it was filled in"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"<script>", `{"title":`, "\u202e"} {
		if strings.Contains(string(page), bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

// TestReportOfFormsThatCannotBeShown: erased, or not a form.
func TestReportOfFormsThatCannotBeShown(t *testing.T) {
	t.Parallel()
	s := filledStory(t)
	s.fills("q10", "odd", "Odd", review.Ballot{Answer: "f3", Seat: "owner", Person: "olga", Verdict: review.Done, Documents: []string{s.paper(`{"title":"x"} `)}})
	s.texts = s.texts[: len(s.texts)-3 : len(s.texts)-3]
	s.paper(`{"title":"x"} `)
	sheets := s.contents().report(storyKey(1), checkpoint{}).Sheets
	if len(sheets) != 3 || !strings.Contains(sheets[0].Lost, "erased") || !strings.Contains(sheets[2].Lost, "no form") {
		t.Errorf("got %+v", sheets)
	}
}

// TestWideRowsAreLines: more columns than a page takes are written one below the other.
func TestWideRowsAreLines(t *testing.T) {
	t.Parallel()
	var sheet engagement.Sheet
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		sheet.Lines = append(sheet.Lines, engagement.SheetLine{Point: engagement.Point{ID: "call-1-" + id, Title: "Call 1: " + id}, Finding: engagement.Finding{Point: "call-1-" + id}, Words: id})
	}
	parts := reporter{}.parts(sheet)
	if len(parts) != 1 || len(parts[0].Lines) != 7 || parts[0].Lines[6].Name != "Call 1: g" || parts[0].Lines[6].Value != "g" {
		t.Errorf("got %+v", parts)
	}
	for id, want := range map[string]bool{"risk-1-what": true, "sub-processor-2-name": true, "gdpr-28-3-a": true, "risk-0-what": false, "risk-1": false, "notice-days": false} {
		if _, _, _, is := rowOf(id); is != want {
			t.Errorf("%s: a row %v", id, is)
		}
	}
}

// TestReportSaysHowThePartsEnded: one line for each process of the case but its own.
func TestReportSaysHowThePartsEnded(t *testing.T) {
	t.Parallel()
	c := closedStory().contents()
	c.view.Processes = append(c.view.Processes, dossier.ProcessView{ID: "diligence/acme/1", Parent: storyCase, Started: storyNoon})
	got := reporter{c: c, view: c.view}.processes()
	if want := storyContract + ": signed, "; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\ndiligence/acme/1: under way since "+moment{storyNoon}.Text()) || strings.Count(got, "\n") != 1 {
		t.Errorf("the parts: %q", got)
	}
}
