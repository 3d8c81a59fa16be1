package archive

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// reportOf is the page of a story.
func reportOf(t testing.TB, s *story) string {
	t.Helper()
	for _, m := range members(t, packed(t, s, 1)) {
		if m.path == reportPath {
			return string(bytesOf(t, m))
		}
	}
	t.Fatal("the dossier has no report")
	return ""
}

// plain takes the tags away, so that a test reads what a person reads.
func plain(page string) string {
	page = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(page, "")
	page = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, "")
	return strings.Join(strings.Fields(page), " ")
}

func TestReportAnswersFirst(t *testing.T) {
	t.Parallel()
	page := plain(reportOf(t, closedStory()))
	last := 0
	for _, want := range []string{
		"Dossier of Acme Ltd", "Acme Ltd was taken on board on 3 March 2026.",
		"Case owner", "Olga Ochs (olga)", "Requested by", "rita",
		"Sign off the contract", "sign-off in contract/acme/1", "agreed",
		"Lena Lang (lena), seat legal: approved, 2 March 2026, 23:00 UTC", "on contract, version 2", digestText(closedStory().texts[1]),
		"Dora Dahl (dora), seat security: approved", "Lena Lang (lena), seat finance: approved",
		"One person, two seats: Lena Lang (lena) answered “Sign off the contract” for legal and finance.",
		"Lena Lang (lena) answered “Sign off the contract” for seat legal: wants changes on contract, version 1",
		"11.2 binds only us.",
		"declared a conflict of interest",
		"otto passed seat security of “Sign off the contract” on to Dora Dahl (dora) until",
		"rita tried to answer “Sign off the contract”; it did not count. You asked for this yourself",
		"The text of line 8 was erased on 3 March 2026 under art. 17. The line itself stands.",
		"The case was opened.", "Please make 11.2 mutual.", "What was written here was erased on 3 March 2026 under art. 17.", "Clauses changed: 11.2.",
		"contract, version 1, filed for the vendor", "31 bytes, text/plain", "data/documents/", "history of onboarding/acme/1, run run-a",
		"sha256sum -c manifest-sha256.txt", storyKey(1).Fingerprint(),
	} {
		at := strings.Index(page[last:], want)
		if at < 0 {
			t.Fatalf("the page does not say %q after %q", want, page[max(0, last-80):last])
		}
		last += at
	}
	for _, not := range []string{"OPEN", "NOT SEALED", "REHEARSAL", "Not there yet", "my sister"} {
		if strings.Contains(page, not) {
			t.Errorf("the page of a closed case says %q", not)
		}
	}
}

func TestReportSaysOnItsFaceWhatItIs(t *testing.T) {
	t.Parallel()
	open := reportOf(t, openStory())
	for _, want := range []string{"<title>OPEN: ", "<strong>OPEN</strong>", "Nothing in it is final", "Seat finance: no answer stands", "open: not decided yet",
		"Not there yet: the case is not closed.", "Not there yet: the history of contract/acme/1, run run-b, is not filed."} {
		if !strings.Contains(open, want) {
			t.Errorf("the page of an open case does not say %q", want)
		}
	}
	if strings.Index(open, "<strong>OPEN</strong>") > strings.Index(open, "<h1>") {
		t.Error("OPEN stands below the title")
	}
	rehearsal := openStory()
	rehearsal.entries[0].Detail.Rehearsal = true
	rehearsal.entries[3].CaseAt = rehearsal.entries[3].At.AddDate(0, 0, 21)
	page := reportOf(t, rehearsal)
	for _, want := range []string{"<strong>REHEARSAL</strong>", "Rehearsal: Dossier of", "23 March 2026", "in fact"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of a rehearsal does not say %q", want)
		}
	}
	unsealed := closedStory()
	unsealed.entries, unsealed.erased = unsealed.entries[:len(unsealed.entries)-2], nil
	if page := reportOf(t, unsealed); !strings.Contains(page, "<strong>NOT SEALED</strong>") {
		t.Error("the page of a case that lacks a history does not say so")
	}
	withdrawn := closedStory()
	for i := range withdrawn.entries {
		if withdrawn.entries[i].Kind == dossier.CaseClosed {
			withdrawn.entries[i].Detail.Result = "withdrawn"
		}
	}
	if page := reportOf(t, withdrawn); !strings.Contains(page, "was not taken on board: the case was withdrawn on 3 March 2026") {
		t.Error("the page of a withdrawn case does not say so")
	}
}

// TestReportShowsHostileTextAsText puts hostile text wherever an entry has text
// and looks for it in the page.
func TestReportShowsHostileTextAsText(t *testing.T) {
	t.Parallel()
	const hostile = "<script>alert(1)</script>\"'><img src=x onerror=y>\u202e\u200f\u0007\x1b[31m&amp;"
	s := openStory()
	for i := range s.entries {
		e := &s.entries[i]
		e.Actor, e.Process = hostile+e.Actor, hostile
		e.Detail = &dossier.Detail{Vendor: hostile, Owner: hostile, Name: hostile, Stage: hostile, Playbook: hostile, Document: e.ID, Result: hostile}
		s.bodies[e.ID] = dossier.Body{Inside: hostile, Vendor: hostile, Names: []dossier.Name{{ID: hostile, Name: hostile}}}
	}
	s.entries[5].Fact.Opened.Title, s.entries[5].Fact.Opened.Step = hostile, hostile
	s.entries[6].Fact.Ballot.Person, s.entries[6].Fact.Ballot.Seat = hostile, hostile
	c := s.contents()
	c.names = nameList{Vendor: dossier.Name{ID: hostile, Name: hostile + strings.Repeat("W", 10_000)}, People: []dossier.Name{{ID: hostile, Name: hostile}}}
	text, err := c.report(storyKey(1), checkpoint{Open: true, SignedAt: storySeal}).render()
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, bad := range []string{"<script", "<img", "\u202e", "\u200f", "\u0007", "\x1b"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, want := range []string{"&lt;script&gt;", "⟨U&#43;202E⟩", "⟨U&#43;0007⟩"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if strings.Contains(page, strings.Repeat("W", 500)) {
		t.Error("a name of 10,000 letters is not cut")
	}
	tags(t, page)
}

// tags reads the page as strict markup and returns its elements with their
// attributes; one that is not closed or not nested is a failure.
func tags(t testing.TB, page string) []xml.StartElement {
	t.Helper()
	page = strings.Replace(page, "<!doctype html>", "", 1)
	page = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(page, "<style></style>")
	page = regexp.MustCompile(`<(meta|br)([^>]*)>`).ReplaceAllString(page, "<$1$2/>")
	dec := xml.NewDecoder(strings.NewReader(page))
	var all []xml.StartElement
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("the page is not well formed: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			all = append(all, e.Copy())
		}
	}
}

// TestReportIsAccessibleAndAlone holds what a machine can see of it: structure,
// names, and nothing that is fetched or run.
func TestReportIsAccessibleAndAlone(t *testing.T) {
	t.Parallel()
	page := reportOf(t, closedStory())
	attr := func(e xml.StartElement, name string) string {
		i := slices.IndexFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == name })
		if i < 0 {
			return ""
		}
		return e.Attr[i].Value
	}
	counts := map[string]int{}
	var ids, wanted []string
	for _, e := range tags(t, page) {
		counts[e.Name.Local]++
		if id := attr(e, "id"); id != "" {
			if slices.Contains(ids, id) {
				t.Errorf("the id %q stands twice", id)
			}
			ids = append(ids, id)
		}
		for _, a := range e.Attr {
			if a.Name.Local == "src" || strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" {
				t.Errorf("%s has %s", e.Name.Local, a.Name.Local)
			}
		}
		switch e.Name.Local {
		case "html":
			if attr(e, "lang") != "en" {
				t.Error("the page's language is not said")
			}
		case "script", "img", "iframe", "link", "form", "object", "svg":
			t.Errorf("the page has %s", e.Name.Local)
		case "section":
			wanted = append(wanted, attr(e, "aria-labelledby"))
		case "a":
			wanted = append(wanted, strings.TrimPrefix(attr(e, "href"), "#"))
		case "th":
			if attr(e, "scope") == "" {
				t.Error("a heading of a table has no scope")
			}
		}
	}
	for _, id := range wanted {
		if !slices.Contains(ids, id) {
			t.Errorf("nothing has the id %q", id)
		}
	}
	if counts["h1"] != 1 || counts["main"] != 1 || counts["header"] != 1 || counts["table"] != counts["caption"] || counts["table"] == 0 {
		t.Errorf("the page's structure: %v", counts)
	}
	if strings.Contains(page, "url(") || strings.Contains(page, "@import") || strings.Contains(page, "http://") || strings.Contains(page, "https://") {
		t.Error("the page fetches something")
	}
}

// TestReportSaysEveryKind: no kind of entry or fact is shown as a machine's word.
func TestReportSaysEveryKind(t *testing.T) {
	t.Parallel()
	p := reporter{c: openStory().contents()}
	for _, k := range []dossier.Kind{dossier.CaseOpened, dossier.CaseClosed, dossier.ProcessStarted, dossier.ProcessEnded, dossier.StageReached,
		dossier.TierSet, dossier.Request, dossier.DocumentFiled, dossier.SentToVendor, dossier.Withdrawn, dossier.Reopened, dossier.Attempt,
		dossier.Noted, dossier.Jumped, dossier.HistoryFiled, dossier.PeopleChanged, dossier.PlaybookUsed, dossier.KeyMade, dossier.Sealed, dossier.Erased} {
		known := k != dossier.PeopleChanged && k != dossier.KeyMade // of the register, which is not told line by line
		if got := p.sentence(dossier.Entry{Kind: k}); got == "" || strings.Contains(got, "of the kind") == known {
			t.Errorf("%s is said as %q", k, got)
		}
	}
	for _, k := range []review.FactKind{review.FactOpened, review.FactGroup, review.FactCounted, review.FactRefused, review.FactTakenBack,
		review.FactRecused, review.FactSeated, review.FactUnseated, review.FactSnoozed, review.FactTold, review.FactLost, review.FactClosed,
		review.FactWaived, review.FactSuperseded, review.FactDeclared, review.FactUndeclared} {
		if got := p.sentence(dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: k, Request: "q1"}}); strings.Contains(got, "of the kind") {
			t.Errorf("%s is said as %q", k, got)
		}
	}
	for want, d := range map[string]dossier.Detail{
		"sam can't be reached in Slack (other workspace); told by mail.":    {Name: "unreached", Person: "sam", Channel: "slack", Result: "other-workspace", Instead: "mail"},
		"sam can't be reached in pager.":                                    {Name: "unreached", Person: "sam", Channel: "pager"},
		"gangway can't be reached in .":                                     {Name: "unreached"}, // what it should have is missing
		"The vendor said that it withdraws, which ended nothing by itself.": {Name: "vendor-withdraws"},
		"A note.": {Name: "comment", Person: "sam"},
	} {
		if got := (reporter{}).sentence(dossier.Entry{Kind: dossier.Noted, Detail: &d}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := p.sentence(dossier.Entry{Kind: "of a later release"}); !strings.Contains(got, "“of a later release”") {
		t.Errorf("an unknown kind is said as %q", got)
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Zoë & 李 <b>":    "Zoë & 李 <b>",
		"a\nb\tc":        "a\nb\tc",
		"a\u202eb":       "a⟨U+202E⟩b",
		"a\x00b\x7f":     "a⟨U+0000⟩b⟨U+007F⟩",
		"a\xffb":         "a⟨FF⟩b",
		"a\ufffdb":       "a\ufffdb",
		"a\u200bb\ufeff": "a⟨U+200B⟩b⟨U+FEFF⟩",
		"\u2028\u3164":   "⟨U+2028⟩⟨U+3164⟩",
	} {
		if got := visible(text); got != want {
			t.Errorf("visible(%q) = %q, want %q", text, got, want)
		}
	}
	if got := oneLine("a\nb\u202e"); got != "a⟨U+000A⟩b⟨U+202E⟩" {
		t.Errorf("oneLine: %q", got)
	}
	for text, want := range map[string]string{"": "", "abc": "abc", "äöüß": "äöü… (1 more characters)"} {
		if got := cut(text, 3); got != want {
			t.Errorf("cut(%q, 3) = %q, want %q", text, got, want)
		}
	}
}

// TestReportForTheEye leaves the pages in a directory, to be looked at.
func TestReportForTheEye(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("GANGWAY_REPORTS")
	if dir == "" {
		dir = t.TempDir()
	}
	for name, s := range map[string]*story{"closed.html": closedStory(), "open.html": openStory()} {
		page := reportOf(t, s)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix([]byte(page), []byte("<!doctype html>\n")) {
			t.Errorf("%s does not begin as a page", name)
		}
	}
}
