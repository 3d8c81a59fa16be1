package web

import (
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// TestChecklistPage: the text that was read beside the points, places proposed as
// links to clauses that are there, and nothing ticked that nobody ticked.
func TestChecklistPage(t *testing.T) {
	t.Parallel()
	s, b := newSidedSite(t)
	p := s.get("dora", requestURL(checkID)).wants(http.StatusOK, "17 points to look for", "Only on documented instructions", "Art. 28(3)(a)", "This is the text as it was read from the PDF", "The file itself is here",
		"It has comments in the margin", "Send what I found", "Save and go on later", "17 of 17 still to be done")
	p.lacks(" checked", "What do you say?")
	p.accessible("a checklist")
	links := regexp.MustCompile(`href="(#clause-\d+)"`).FindAllStringSubmatch(p.Body, -1)
	if len(links) < 20 {
		t.Errorf("only %d places are proposed", len(links))
	}
	for _, m := range links {
		if !strings.Contains(p.Body, `id="`+m[1][1:]+`"`) {
			t.Errorf("%s leads nowhere", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`class="point" href="#(p\d+)"`).FindAllStringSubmatch(p.Body, -1) {
		if !strings.Contains(p.Body, `<fieldset class="point" id="`+m[1]+`"`) {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	s.get("ola", requestURL(checkID)).wants(http.StatusOK, "Nobody has gone through them yet").lacks("Send what I found")
	if len(b.acts()) != 0 || len(s.desk.changes) != 0 {
		t.Errorf("looking did %q, %q", b.acts(), s.desk.changes)
	}
}

// fillPoints fills in a checklist's form: the first proposed place of each point,
// missing where none is proposed, and the dates.
func fillPoints(t *testing.T, f url.Values, points []engagement.Point) url.Values {
	t.Helper()
	for i, p := range points {
		field := "p" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		field = strings.Replace(field, "p0", "p", 1)
		if f.Get(field+".point") != p.ID {
			t.Fatalf("%s is of %q, want %q", field, f.Get(field+".point"), p.ID)
		}
		switch {
		case p.Dated:
			f.Set(field+".say", sayOn)
			f.Set(field+".day", "2027-11-30")
		case len(p.Proposed) > 0:
			f.Set(field+".say", sayHere)
			f.Set(field+".place", p.Proposed[0])
		default:
			f.Set(field+".say", sayMissing)
		}
	}
	f.Set("do", "send")
	return f
}

// TestChecklistIsConfirmed: every point needs what a person said of it; what they
// filled in is kept in between, and what is sent is what they said.
func TestChecklistIsConfirmed(t *testing.T) {
	t.Parallel()
	s, b := newSidedSite(t)
	points := s.desk.request(checkID).Points
	f := s.get("dora", requestURL(checkID)).form("/request/check", "p0.say")
	f.Set("do", "save")
	f.Set("p0.say", sayMissing)
	f.Set("p1.other", "2.1")
	f.Set("inside", "")
	s.post("dora", "/request/check", f).leads(requestURL(checkID))
	p := s.get("dora", requestURL(checkID)).wants(http.StatusOK, "16 of 17 still to be done", "saved", `value="2.1"`)
	if n := strings.Count(p.Body, " checked"); n != 1 {
		t.Errorf("%d things are ticked", n)
	}
	f.Set("do", "send")
	p = s.post("dora", "/request/check", f).wants(http.StatusUnprocessableEntity, "16 points of 17 still to be done", "Not looked at yet", "Say whether it is there")
	p.accessible("a checklist with faults")
	if len(s.desk.answers) != 0 {
		t.Fatalf("the desk got %+v", s.desk.answers)
	}
	f = fillPoints(t, f, points)
	f.Set("p0.say", sayHere)
	f.Set("p1.other", "99.9")
	s.post("dora", "/request/check", f).wants(http.StatusUnprocessableEntity, "There is no clause “99.9”")
	f.Set("p1.other", " 2.1. ; § 2.2 ")
	f.Set("inside", "Annex I is thin.")
	to := s.post("dora", "/request/check", f).leads("/receipt?")
	s.get("dora", to).wants(http.StatusOK, "Counted")
	a := s.desk.answers[0]
	if a.Verdict != review.Checked || len(a.Findings) != len(points) || a.Text.Inside != "Annex I is thin." || a.Seat != "data-protection" || a.Version != 1 {
		t.Fatalf("the desk got %+v", a)
	}
	for i, got := range a.Findings {
		want := engagement.Finding{Point: points[i].ID, Missing: len(points[i].Proposed) == 0 && !points[i].Dated}
		if points[i].Dated {
			want.On = time.Date(2027, 11, 30, 0, 0, 0, 0, time.UTC)
		}
		if got.Point != want.Point || got.Missing != want.Missing || !got.On.Equal(want.On) || !want.Missing && !points[i].Dated && got.Places[0] != points[i].Proposed[0] {
			t.Errorf("point %d: %+v, want %+v", i, got, want)
		}
	}
	if got := a.Findings[1].Places; !slices.Contains(got, "2.1") || !slices.Contains(got, "2.2") {
		t.Errorf("the places written by hand are %q", got)
	}
	s.get("ola", requestURL(checkID)).wants(http.StatusOK, "Gone through by <bdi>Dóra Kelemen</bdi>", "on 30 Nov 2027", `href="#clause-`).lacks("Send what I found")
	if got := b.acts(); slices.ContainsFunc(got, func(x string) bool { return x != "draft dora "+checkID }) {
		t.Errorf("it did %q", got)
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	plain, dated := engagement.Point{ID: "a", Proposed: []string{"1", "2"}}, engagement.Point{ID: "d", Dated: true}
	refs := []string{"1", "2", "3.1", "def/Personal Data"}
	on := time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		form  pointForm
		point engagement.Point
		want  engagement.Finding
		wrong bool
	}{
		{"nothing", pointForm{}, plain, engagement.Finding{}, true},
		{"a place without a word", pointForm{Named: []string{"1"}}, plain, engagement.Finding{}, true},
		{"a word without a place", pointForm{Say: sayHere}, plain, engagement.Finding{}, true},
		{"ticked", pointForm{Say: sayHere, Named: []string{"2"}}, plain, engagement.Finding{Point: "a", Places: []string{"2"}}, false},
		{"written", pointForm{Say: sayHere, Other: "3.1, def/Personal Data"}, plain, engagement.Finding{Point: "a", Places: []string{"3.1", "def/Personal Data"}}, false},
		{"twice", pointForm{Say: sayHere, Named: []string{"1"}, Other: "1"}, plain, engagement.Finding{Point: "a", Places: []string{"1"}}, false},
		{"not there", pointForm{Say: sayHere, Other: "4"}, plain, engagement.Finding{}, true},
		{"eleven", pointForm{Say: sayHere, Other: "1,2,3,4,5,6,7,8,9,10,11"}, plain, engagement.Finding{}, true},
		{"missing", pointForm{Say: sayMissing}, plain, engagement.Finding{Point: "a", Missing: true}, false},
		{"missing and here", pointForm{Say: sayMissing, Named: []string{"1"}}, plain, engagement.Finding{}, true},
		{"a day", pointForm{Say: sayOn, Day: "2027-01-02"}, dated, engagement.Finding{Point: "d", On: on}, false},
		{"a day and where", pointForm{Say: sayOn, Day: "2027-01-02", Other: "3.1"}, dated, engagement.Finding{Point: "d", On: on, Places: []string{"3.1"}}, false},
		{"no day", pointForm{Say: sayOn}, dated, engagement.Finding{}, true},
		{"no such day", pointForm{Say: sayOn, Day: "2027-02-30"}, dated, engagement.Finding{}, true},
		{"without a date", pointForm{Say: sayHere, Other: "3.1"}, dated, engagement.Finding{Point: "d", Places: []string{"3.1"}}, false},
		{"a date that nobody chose", pointForm{Say: sayHere, Other: "3.1", Day: "2027-01-02"}, dated, engagement.Finding{}, true},
		{"missing with a date", pointForm{Say: sayMissing, Day: "2027-01-02"}, dated, engagement.Finding{}, true},
	} {
		these := refs
		if c.name == "eleven" {
			these = nil
		}
		got, wrong := c.form.finding(c.point, these)
		if (wrong != "") != c.wrong {
			t.Errorf("%s: %q", c.name, wrong)
		}
		if !c.wrong && (got.Point != c.want.Point || got.Missing != c.want.Missing || !got.On.Equal(c.want.On) || !slices.Equal(got.Places, c.want.Places)) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestChecklistForms: a form of another list, of a place that nobody proposed, or
// of a word that is none of ours.
func TestChecklistForms(t *testing.T) {
	t.Parallel()
	s, _ := newSidedSite(t)
	f := s.get("dora", requestURL(checkID)).form("/request/check", "p0.say")
	for field, value := range map[string]string{"p0.point": "gdpr-28-3-b", "p1.say": "adequate", "p2.say": sayOn} {
		bad := url.Values{}
		for k, v := range f {
			bad[k] = v
		}
		bad.Set(field, value)
		s.post("dora", "/request/check", bad).wants(http.StatusBadRequest)
	}
	forms, err := parsePoints(url.Values{"p0.point": {"a"}, "p0.say": {sayHere}, "p0.place": {"1", "9", "1"}}, []engagement.Point{{ID: "a", Proposed: []string{"1"}}})
	if err != nil || !slices.Equal(forms["a"].Named, []string{"1"}) {
		t.Errorf("read %+v, %v", forms, err)
	}
	g := fillPoints(t, f, s.desk.request(checkID).Points)
	s.desk.fail = errors.New("the reply was lost")
	p := s.post("dora", "/request/check", g).wants(http.StatusInternalServerError, "Something went wrong on our side")
	if got := p.form("/request/check", "p0.say").Get("nonce"); got != g.Get("nonce") {
		t.Errorf("the number changed from %q to %q", g.Get("nonce"), got)
	}
	if n := strings.Count(p.Body, " checked"); n < 17 {
		t.Errorf("only %d things are still ticked", n)
	}
}

// TestReadFromFile: a PDF whose text is known is shown as text, said to be so; one
// that can't be read is said to be unreadable.
func TestReadFromFile(t *testing.T) {
	t.Parallel()
	s, b := newSidedSite(t)
	file := s.desk.request(checkID).Versions[0].Document
	s.get("ola", documentLink("/document", theCase, file)).wants(http.StatusOK, "as it was read from the PDF", "Provider as Processor", "comments in the margin")
	scan := b.readings[file]
	scan.Text, scan.Flags = "", []engagement.ReadingFlag{engagement.FlagUnreadable, engagement.FlagTracked}
	b.readings[file] = scan
	for _, target := range []string{documentLink("/document", theCase, file), requestURL(checkID)} {
		s.get("dora", target).wants(http.StatusOK, "No text can be read from it", "tracked changes", "offered as a file").lacks("Provider as Processor", "as it was read from")
	}
	delete(b.readings, file)
	s.get("dora", requestURL(checkID)).wants(http.StatusOK, "offered as a file", "17 points")
	if strings.Contains(html.UnescapeString(s.log.String()), "failed") {
		t.Errorf("the log has %s", s.log)
	}
}
