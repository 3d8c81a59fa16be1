package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// filledForm is a form as a person fills it in.
func filledForm(t *testing.T, s *site) url.Values {
	t.Helper()
	f := s.get("sami", requestURL(formID)).form("/request/answer", "q0.a")
	for name, value := range map[string]string{"q0.a": "Vera, to deploy\r\nOlu, to look", "q1.a": "yes", "q2.a": "write", "q4.a": "2027-06-30", "q5.a": "2", "q7.a": "ben", "q8.none": "it is drawn by hand"} {
		f.Set(name, value)
	}
	f["q3.a"] = []string{"<b>data</b>", "shop"}
	f.Set("attest", declaration)
	f.Set("do", "send")
	return f
}

// TestFormPage: every line has the control that it needs, nothing is filled in that
// nobody filled in, and the rest of the page says what there is to know.
func TestFormPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.forms()
	p := s.get("sami", requestURL(formID)).wants(http.StatusOK, "1. <bdi>Who needs access, and for what?</bdi>", `<textarea id="q0-a" name="q0.a"`, `type="radio" name="q1.a" value="yes"`, `type="radio" name="q2.a" value="administer"`,
		`type="checkbox" name="q3.a" value="&lt;b&gt;data&lt;/b&gt;"`, `<input type="date" id="q4-a"`, `inputmode="numeric" id="q5-a"`, "In whole units of the currency", `<select id="q7-a"`, `<option value="ben">Ben Okafor`,
		`type="file" id="q8-a" name="q8.file"`, `<select id="q9-a"`, "may stay empty", "ISO 27001, A.8.5", "7 of 10 still to be answered", "There is none", "Your own interests", declaration, "declare a conflict of interest",
		`enctype="multipart/form-data"`, "the form as a text file", inPlainWords, "not known to have: <bdi>cloud security</bdi>", `name="verdict" value="done"`)
	p.accessible("a form")
	p.lacks(" checked", " selected", "secret reason", "<b>data</b>", `<option value="vic"`, `<option value="gus"`, "Save and go on later", `id="file"`)
	if b := s.get("ola", requestURL(formID)).wants(http.StatusOK, "not known to have").Body; strings.Contains(b, "q0.a") {
		t.Error("whoever holds no seat has the form")
	}
	for name, page := range map[string]page{"a case": s.get("ola", "/case?id="+url.QueryEscape(theCase)), "a document": s.get("ola", documentLink("/document", theCase, s.desk.cases[0].Documents[2].Document))} {
		page.wants(http.StatusOK, inPlainWords)
		page.accessible(name)
	}
}

// TestFormIsSent: what is wrong stands at its line and nothing is lost; what is sent
// is what was filled in, and everybody who may see the case sees it as a table.
func TestFormIsSent(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.forms()
	f := filledForm(t, s)
	f.Set("q2.a", "own it")
	f.Set("q4.a", "31.12.2027")
	f.Set("q7.a", "vic")
	f.Set("q5.a", "")
	p := s.post("sami", "/request/answer", f).wants(http.StatusUnprocessableEntity, "4 lines still to be answered, or to be put right", "Choose from: read; write; administer.", "Give one day, as year-month-day", "Pick one of the people in the list",
		"This is still to be answered.", "Vera, to deploy\nOlu, to look", `value="yes" checked`, "it is drawn by hand", `value="no-interest" checked`)
	p.accessible("a form with faults")
	if len(s.desk.answers) != 0 {
		t.Fatalf("the desk got %+v", s.desk.answers)
	}
	f = filledForm(t, s)
	to := s.post("sami", "/request/answer", f).leads("/receipt?")
	s.get("sami", to).wants(http.StatusOK, "Counted")
	a := s.desk.answers[0]
	n := int64(2)
	want := []engagement.Finding{{Point: "who", Said: true}, {Point: "mfa", Choices: []string{"yes"}}, {Point: "level", Choices: []string{"write"}}, {Point: "teams", Choices: []string{"shop", "<b>data</b>"}},
		{Point: "until", On: time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC)}, {Point: "people", Number: &n}, {Point: "backup", Choices: []string{"ben"}}, {Point: "plan", Missing: true, Said: true}}
	if d := cmp.Diff(want, a.Findings); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
	if d := cmp.Diff(map[string]string{"who": "Vera, to deploy\nOlu, to look", "plan": "it is drawn by hand"}, a.Words); d != "" {
		t.Errorf("words (-want +got):\n%s", d)
	}
	p = s.get("ola", requestURL(formID)).wants(http.StatusOK, "What was filled in", "<bdi>Sami Aalto</bdi>", "<bdi>Vera, to deploy\nOlu, to look</bdi>", "<bdi>Ben Okafor</bdi>", "30 Jun 2027", "there is none", "shop; &lt;b&gt;data&lt;/b&gt;")
	p.lacks("<b>data</b>")
	p.accessible("a form that was filled in")
	b := s.desk.request(formID).Ballots[0]
	link := documentLink("/document", theCase, b.Documents[0])
	s.get("ola", link).wants(http.StatusOK, "Say who needs access", "Do they use a second factor?", "<bdi>Yes</bdi>", "Ben Okafor").lacks(`"finding"`, "<b>data</b>", "offered as a file").accessible("a filled form as a document")
	if name := s.get("ola", strings.Replace(link, "/document?", "/document/file?", 1)).wants(http.StatusOK).Header.Get("Content-Disposition"); !strings.Contains(name, ".json") {
		t.Errorf("it is sent as %s", name)
	}
}

// TestFormTakesFiles: a document of a line is filed, kept through a fault at another
// line, and named by the finding.
func TestFormTakesFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.forms()
	f := filledForm(t, s)
	f.Del("q8.none")
	f.Del("q5.a")
	r := namedForm(t, "/request/answer", f, "q8.file", "The plan.txt", "step one")
	p := s.do("sami", r).wants(http.StatusUnprocessableEntity, "1 line still", "Already here: <bdi>The plan.txt</bdi>")
	again := p.form("/request/answer", "q0.a")
	for name := range f {
		if !again.Has(name) {
			again[name] = f[name]
		}
	}
	again.Set("q5.a", "3")
	s.post("sami", "/request/answer", again).leads("/receipt?")
	a := s.desk.answers[0]
	digest := digestOf("step one")
	if got := a.Findings[len(a.Findings)-1]; got.Document != digest || len(a.Documents) != 1 || a.Documents[0] != digest {
		t.Errorf("the desk got %+v with %q", got, a.Documents)
	}
	s.get("ola", requestURL(formID)).wants(http.StatusOK, `<a href="/document?case=`, ">the document</a>")
	f = filledForm(t, newFormSite(t))
	f.Set("q8.kept", "sha256:none of ours")
	f.Del("q8.none")
	s2 := newFormSite(t)
	s2.post("sami", "/request/answer", f).wants(http.StatusUnprocessableEntity, "This is still to be answered.")
	f.Set("q0.point", "other")
	s2.post("sami", "/request/answer", f).wants(http.StatusBadRequest, "of another list")
}

func newFormSite(t *testing.T) *site {
	s := newSite(t)
	s.desk.forms()
	return s
}

// namedForm is a form with one file in a field of that name.
func namedForm(t *testing.T, target string, fields url.Values, field, name, text string) *http.Request {
	t.Helper()
	r := multipartForm(t, target, fields, name, []byte(text))
	body := new(strings.Builder)
	if _, err := io.Copy(body, r.Body); err != nil {
		t.Fatal(err)
	}
	again := httptest.NewRequest(http.MethodPost, target, strings.NewReader(strings.Replace(body.String(), `name="file"`, `name="`+field+`"`, 1)))
	again.Header = r.Header
	return again
}

// TestDeclarationIsAsked: with the first answer in a case and with no other; without
// it nothing counts and nothing is lost.
func TestDeclarationIsAsked(t *testing.T) {
	t.Parallel()
	s := newFormSite(t)
	f := filledForm(t, s)
	f.Del("attest")
	p := s.post("sami", "/request/answer", f).wants(http.StatusUnprocessableEntity, review.NeedsInterest.Sentence(), "Vera, to deploy", `value="2027-06-30"`)
	if got := p.form("/request/answer", "q0.a").Get("nonce"); got == f.Get("nonce") {
		t.Error("a refused answer keeps its number")
	}
	s.get("lena", requestURL(scoreID)).wants(http.StatusOK, "Give points for the pilot").lacks("Your own interests")
	for i := range s.desk.cases[0].Requests {
		s.desk.cases[0].Requests[i].Declaration = declaration
	}
	p = s.get("lena", "/waiting?case="+url.QueryEscape(theCase)+"&at=1794819600000000000").wants(http.StatusOK, "it goes with each of these answers", `name="declare" value="no-interest"`)
	p.accessible("several with a declaration")
	if strings.Count(p.Body, declaration+`"`) != 1 {
		t.Error("the statement is asked more than once")
	}
	m := p.form("/waiting", "r0.")
	m.Set("r0.verdict", "approve")
	m.Set("r1.verdict", "approve")
	s.post("lena", "/waiting", m).wants(http.StatusUnprocessableEntity, review.NeedsInterest.Sentence())
	m = s.get("lena", "/waiting?case="+url.QueryEscape(theCase)+"&at=1794819600000000000").form("/waiting", "r0.")
	m.Set("r0.verdict", "approve")
	m.Set("r1.verdict", "approve")
	m.Set("declare", declaration)
	s.post("lena", "/waiting", m).leads("/receipt?")
}

// TestScores: everybody gives points alone; the table is there once all have.
func TestScores(t *testing.T) {
	t.Parallel()
	s := newFormSite(t)
	give := func(who string, points ...string) page {
		f := s.get(who, requestURL(scoreID)).wants(http.StatusOK, "Nobody sees another’s points", "weight 50 of 100", "0 is the worst, 5 the best", `name="s0.points" value="0"`, `inputmode="numeric" id="s2-points"`).lacks(" checked", "The points").form("/request/answer", "s0.criterion")
		for i, p := range points {
			f.Set("s"+string(rune('0'+i))+".points", p)
		}
		f.Set("attest", declaration)
		return s.post(who, "/request/answer", f)
	}
	s.get("sami", requestURL(scoreID)).accessible("a score")
	give("lena", "4", "6", "").wants(http.StatusUnprocessableEntity, "2 lines still", "Give whole points from 0 to 5.", "Give points for this.", `value="4" checked`)
	give("lena", "4", "5", "70").leads("/receipt?")
	for _, who := range []string{"sami", "ola"} {
		s.get(who, requestURL(scoreID)).wants(http.StatusOK, "Nobody sees another’s points").lacks("The points</h2>", ">70", "of 100</strong>")
		s.get(who, "/case?id="+url.QueryEscape(theCase)).wants(http.StatusOK).lacks(">70 ")
	}
	give("sami", "2", "0", "100").leads("/receipt?")
	p := s.get("ola", requestURL(scoreID)).wants(http.StatusOK, "The points</h2>", "Lena Weiß", "<td>70 <span class=\"soft small\">of 100</span></td>", "<strong>84</strong>", "<strong>40</strong>", "<strong>62 of 100</strong>").lacks("Nobody sees another")
	p.accessible("open points")
	if a := s.desk.answers[1]; len(a.Scores) != 3 || a.Scores[0] != (review.Score{Criterion: "quality", Points: 2}) || a.Verdict != review.Scored {
		t.Errorf("the desk got %+v", a)
	}
}

// TestSectionsThatWereRead: a range counts with its tick and a tick with its range;
// what nobody has read stands on the pages until somebody has.
func TestSectionsThatWereRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.sections()
	p := s.get("lena", requestURL(reviewID)).wants(http.StatusOK, "Nobody has read these sections yet: <bdi>1–6</bdi>", "The sections are 1–6.", `name="readtick" value="yes"`, "All, or ranges such as 4–9, 12").lacks(" checked")
	p.accessible("a request that wants readers")
	if n := strings.Count(p.Body, "readtick"); n != 1 {
		t.Errorf("%d ticks for what was read", n)
	}
	s.get("ola", "/case?id="+url.QueryEscape(theCase)).wants(http.StatusOK, "Nobody has read these sections yet: <bdi>1–6</bdi>")
	f := p.form("/request/answer", "verdict")
	f.Set("verdict", "approve")
	f.Set("attest", "read-confidentiality")
	for _, c := range []struct{ read, tick, want string }{{"3–5", "", "Tick that you have read these sections"}, {"", "yes", "Say which sections you have read"}, {"3-9", "yes", review.NoSection.Sentence()}, {"<all>", "yes", review.NoSection.Sentence()}} {
		f.Set("read", c.read)
		f.Del("readtick")
		if c.tick != "" {
			f.Set("readtick", c.tick)
		}
		p = s.post("lena", "/request/answer", f).wants(http.StatusUnprocessableEntity, c.want).lacks("<all>")
		f.Set("nonce", p.form("/request/answer", "verdict").Get("nonce"))
	}
	f.Set("read", "§ 3 – 5")
	s.post("lena", "/request/answer", f).leads("/receipt?")
	if a := s.desk.answers[len(s.desk.answers)-1]; !cmp.Equal(a.Read, []string{"3-5"}) {
		t.Errorf("the desk got %q", a.Read)
	}
	p = s.get("lena", requestURL(reviewID)).wants(http.StatusOK, "Nobody has read these sections yet: <bdi>1, 2, 6</bdi>", "Say that you read more of it")
	p.accessible("after an answer")
	act := p.form("/request/act", `value="read"`)
	if act.Get("version") != "2" {
		t.Errorf("the act is about version %q", act.Get("version"))
	}
	act.Set("read", "all")
	s.post("lena", "/request/act", act).wants(http.StatusUnprocessableEntity, "Tick that you have read", `value="all"`)
	act = s.get("lena", requestURL(reviewID)).form("/request/act", `value="read"`)
	act.Set("read", "ALL")
	act.Set("readtick", "yes")
	s.post("lena", "/request/act", act).leads("/receipt?")
	s.get("ola", requestURL(reviewID)).wants(http.StatusOK).lacks("Nobody has read these sections")
}

func TestSectionWords(t *testing.T) {
	t.Parallel()
	for want, labels := range map[string][]string{"": nil, "1": {"1"}, "1, 2": {"1", "2"}, "1–3": {"1", "2", "3"}, "0–2, 4, annex-a, annex-b": {"0", "1", "2", "4", "annex-a", "annex-b"}, "9, 10": {"9", "10"}} {
		if got := sectionWords(labels); got != want {
			t.Errorf("%q are %q, want %q", labels, got, want)
		}
	}
}

// TestFormIsKept: what was filled in is there on the next day, on another machine,
// and in the file that is taken away.
func TestFormIsKept(t *testing.T) {
	t.Parallel()
	s, b := newSidedSite(t)
	s.desk.forms()
	f := filledForm(t, s)
	f.Set("do", "save")
	f.Set("q5.a", "many")
	f.Set("inside", "Ask Ola first.")
	s.post("sami", "/request/answer", f).leads(requestURL(formID))
	if len(s.desk.answers) != 0 || len(b.acts()) != 1 {
		t.Fatalf("saving did %+v, %q", s.desk.answers, b.acts())
	}
	s.get("sami", requestURL(formID)).wants(http.StatusOK, "Save and go on later", "Vera, to deploy", `value="many"`, "saved", "Ask Ola first.", `value="write" checked`)
	file := s.get("sami", "/request/form?id="+url.QueryEscape(formID)).wants(http.StatusOK, "gangway-sheet 1", "form of: "+formID, "Vera, to deploy", "none: it is drawn by hand")
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="Say-who-needs-access.txt"` {
		t.Errorf("it is sent as %s", got)
	}
	if blank := s.get("ola", "/request/form?id="+url.QueryEscape(formID)).wants(http.StatusOK, "gangway-sheet 1").Body; strings.Contains(blank, "Vera") {
		t.Error("what somebody is filling in is shown to others")
	}
	s.get("sami", "/request/form?id="+url.QueryEscape(exitID)).wants(http.StatusNotFound)
}

// TestFormWhenSignedOut: nothing of a form is lost with the session.
func TestFormWhenSignedOut(t *testing.T) {
	t.Parallel()
	s := newFormSite(t)
	f := filledForm(t, s)
	p := s.post("", "/request/answer", f).wants(http.StatusUnauthorized, "Vera, to deploy", "Send again")
	again := p.form("/request/answer", "q0.a")
	for name := range f {
		if !cmp.Equal(again[name], f[name]) && name != "q0.a" {
			t.Errorf("%s was %q and is %q", name, f[name], again[name])
		}
	}
	s.post("sami", "/request/answer", again).leads("/receipt?")
}
