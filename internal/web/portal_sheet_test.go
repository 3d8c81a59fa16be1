package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/access"
	"gangway/internal/engagement"
)

const asksTask = "diligence/northwind/1:security.1"

// vendorForm is a form that the vendor is asked: three pages, one of them for a
// document.
func vendorForm() []engagement.Point {
	return []engagement.Point{
		{ID: "mfa", Title: "Do you ask for a second factor?", Kind: engagement.PointYesNo},
		{ID: "hosting", Title: "Where do you host?", Kind: engagement.PointChoice, Options: []string{"in the EU", "elsewhere"}},
		{ID: "subs", Title: "Who works for you?", Kind: engagement.PointText, Ask: "Name and country of each."},
		{ID: "insured", Title: "Insured until", Kind: engagement.PointDate, Expires: true},
		{ID: "staff", Title: "How many people have access?", Kind: engagement.PointNumber, Optional: true},
		{ID: "report", Title: "The audit report", Kind: engagement.PointFile},
	}
}

// asks gives the vendor's people a form to fill in.
func (f *frontdoor) asks() {
	f.tasks = slices.Insert(f.tasks, 0, access.VendorTask{Request: asksTask, Title: "How you keep things safe", Ask: "Answer what applies to you.", Asker: "Ola Nordmann", Asked: day(18), Due: day(28), Now: today(),
		State: access.TaskOpen, Points: vendorForm(), Sheet: true})
}

func newAskingSite(t testing.TB, change ...func(*Options)) vendorSite {
	v := newVendorSite(t, change...)
	v.front.asks()
	return v
}

// answerPage fills in one page of the form.
func (v vendorSite) answerPage(name string, fields url.Values) page {
	v.t.Helper()
	f := v.see("northwind.1", taskLink(asksTask, name)).form("/portal/save", ".point")
	for k, values := range fields {
		f[k] = values
	}
	return v.say("northwind.1", "/portal/save", f)
}

// TestPortalForm: page by page, kept at each step, with what is wrong at its line;
// what is sent is what was typed, and the receipt has its digest.
func TestPortalForm(t *testing.T) {
	t.Parallel()
	v := newAskingSite(t)
	p := v.see("northwind.1", taskLink(asksTask, "")).wants(http.StatusOK, "Do you ask for a second factor? and 2 more</bdi></a> <span class=\"badge quiet\">not started", "<strong>0 of 5</strong> questions answered; 1 more may stay empty", "page=q1\">Start", "Take the form as a text file")
	p.lacks(inside()...)
	p.accessible("a form's pages")
	v.see("northwind.1", taskLink(asksTask, "q1")).wants(http.StatusOK, "Page 1 of 3", `name="q0.a" value="yes"`, `id="q2-a"`).lacks(" checked", "q3.a", "q5").accessible("a page of a form")
	for _, none := range []string{"q0", "q4", "q01", "qx", pageFiles, pageAbout} {
		v.see("northwind.1", taskLink(asksTask, none)).wants(http.StatusOK, "How to answer").lacks("Save and go on")
	}
	v.answerPage("q1", url.Values{"q0.a": {"yes"}, "q1.a": {"elsewhere"}, "q2.a": {"Acme, Norway"}}).leads(taskLink(asksTask, "q2"))
	v.answerPage("q2", url.Values{"q3.a": {"next year"}, "q4.a": {"3"}}).wants(http.StatusUnprocessableEntity, "What you typed is kept", "Give one day, as year-month-day", `value="next year"`,
		`<a href="#q3-a"><bdi>Insured until</bdi></a>: Give one day`, `aria-invalid="true" aria-describedby="q3-wrong"`, `id="q3-wrong"`, "Page 2 of 3; 2 answers are lacking").accessible("a page with a fault")
	v.see("northwind.1", taskLink(asksTask, pageCheck)).wants(http.StatusOK, "2 questions of 6 still to be answered", "next year", `page=q2#q3-a"><bdi>Insured until</bdi></a>: Give one day`, `page=q3#q5-a"><bdi>The audit report</bdi></a>: This is still to be answered`, "page=q2\">Do that now").lacks("Send it to").accessible("the check of a form")
	v.answerPage("q2", url.Values{"q3.a": {"2027-05-01"}, "q4.a": {"3"}, "later": {"yes"}}).leads(taskLink(asksTask, "") + "&done=saved")
	v.see("northwind.1", taskLink(asksTask, "q3")).wants(http.StatusOK, "The audit report", "There is none").accessible("a page for a document")
	report := filesForm(t, "/portal/upload", url.Values{"task": {asksTask}, "page": {"q3"}}, sentFile{"report.docm", "x", "x"})
	v.see("northwind.1", v.visit("northwind.1", report).leads("/portal/task?")).wants(http.StatusOK, "report.docm</bdi> was not taken", "Save it without macros")
	report = filesForm(t, "/portal/upload", url.Values{"task": {asksTask}, "page": {"q3"}}, sentFile{"report.txt", "text/plain", "all is well"})
	v.see("northwind.1", v.visit("northwind.1", report).leads("/portal/task?")).wants(http.StatusOK, "taken", "report.txt", digestOf("all is well")[:19])
	v.answerPage("q3", nil).leads(taskLink(asksTask, pageCheck))
	p = v.see("northwind.1", taskLink(asksTask, pageCheck)).wants(http.StatusOK, "Your answers", "1 May 2027", "report.txt", "Acme, Norway", "Send it to").lacks("still to be answered")
	p.accessible("a form to be sent")
	f := p.form("/portal/send", "nonce")
	f.Set("note", "As of today.")
	to := v.say("northwind.1", "/portal/send", f).leads("/portal/receipt?")
	a := v.front.answers[0]
	n := int64(3)
	want := []engagement.Finding{{Point: "mfa", Choices: []string{"yes"}}, {Point: "hosting", Choices: []string{"elsewhere"}}, {Point: "subs", Said: true}, {Point: "insured", On: time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)},
		{Point: "staff", Number: &n}, {Point: "report", Document: digestOf("all is well")}}
	if d := cmp.Diff(want, a.Findings); d != "" || !cmp.Equal(a.Words, map[string]string{"subs": "Acme, Norway"}) || a.Text.Inside != "As of today." || !slices.Equal(a.Documents, []string{digestOf("all is well")}) {
		t.Errorf("the desk got %+v (-want +got):\n%s", a, d)
	}
	sheet := v.front.sheets[0]
	p = v.see("northwind.1", to).wants(http.StatusOK, "Your answers", sheet.Digest[7:], "Acme, Norway", "report.txt", "1 May 2027")
	p.lacks(inside()...)
	p.accessible("the receipt of a form")
	text := v.see("northwind.1", "/portal/form?task="+url.QueryEscape(asksTask)+"&digest="+sheet.Digest).wants(http.StatusOK).Body
	if digestOf(text) != sheet.Digest {
		t.Errorf("the file that holds it has another digest: %s", text)
	}
	v.see("northwind.1", taskLink(asksTask, "")).wants(http.StatusOK, "What you answered", "Acme, Norway", "with Harbour Bank").lacks("How to answer")
	v.see("elsewhere.1", "/portal/form?task="+url.QueryEscape(asksTask)+"&digest="+sheet.Digest).wants(http.StatusNotFound)
	v.see("northwind.1", "/portal/form?task="+url.QueryEscape(asksTask)+"&digest="+digestOf("x")).wants(http.StatusNotFound)
}

// TestPortalFormPending: what is being delivered has its receipt too, with the
// digest that it will have.
func TestPortalFormPending(t *testing.T) {
	t.Parallel()
	d := portalDraft{Form: typedLines{Lines: map[string][]string{"mfa": {"no"}, "hosting": {"in the EU"}, "subs": {"None.\nReally."}, "insured": {"2027-01-01"}, "report": []string{engagement.None + "it is being written"}}}}
	f := newFrontdoor(t)
	f.asks()
	task := f.tasks[0]
	if wrong, _ := d.missingOf(task); wrong != "" {
		t.Fatal(wrong)
	}
	form := d.formAnswer("web-1", task)
	paper, err := sheetPaper(task, form)
	sheet, wrong := engagement.FillSheet(task.Title, task.Points, form.Findings, form.Words)
	text, bad := sheet.Encode()
	if err != nil || wrong != nil || bad != nil || paper.Document != digestOf(string(text)) {
		t.Errorf("%+v of %s: %v, %v, %v", paper, text, err, wrong, bad)
	}
}

// TestPortalFormBefore: last year's answers are taken over where nothing stands yet,
// but for what ran out since and documents that are gone; each is marked until
// somebody looked at it.
func TestPortalFormBefore(t *testing.T) {
	t.Parallel()
	v := newAskingSite(t)
	old, kept := digestOf("gone"), v.front.earlier[0].Document
	fill := func(insured string, report engagement.Finding) access.FilledSheet {
		on, err := time.Parse(time.DateOnly, insured)
		if err != nil {
			t.Fatal(err)
		}
		report.Point = "report"
		points := vendorForm()
		points[1].Options = []string{"in the EU", "on the moon"}
		s, err := engagement.FillSheet("How you keep things safe", points, []engagement.Finding{{Point: "mfa", Choices: []string{"no"}}, {Point: "hosting", Choices: []string{"on the moon"}}, {Point: "insured", On: on}, report}, map[string]string{"subs": "Acme, Norway"})
		if err != nil {
			t.Fatal(err)
		}
		return access.FilledSheet{Sheet: s, Digest: digestOf(insured), Title: s.Title, On: day(1)}
	}
	v.front.sheets = []access.FilledSheet{fill("2026-11-19", engagement.Finding{Document: old}), fill("2027-11-19", engagement.Finding{Document: kept})}
	v.answerPage("q1", url.Values{"q0.a": {"yes"}, "q1.a": {}, "q2.a": {}})
	p := v.see("northwind.1", taskLink(asksTask, "")).wants(http.StatusOK, "Begin from what you answered before")
	p.accessible("answers of before")
	f := p.form("/portal/save", v.front.sheets[0].Digest)
	to := v.say("northwind.1", "/portal/save", f).leads("/portal/task?")
	v.see("northwind.1", to).wants(http.StatusOK, "whether it still holds is for you to say")
	v.see("northwind.1", taskLink(asksTask, "q1")).wants(http.StatusOK, `value="yes" checked`, "Acme, Norway", "from last time").lacks("on the moon", `value="no" checked`)
	v.see("northwind.1", taskLink(asksTask, "q2")).wants(http.StatusOK).lacks("2026-11-19")
	v.see("northwind.1", taskLink(asksTask, "q3")).wants(http.StatusOK).lacks("taken</span>")
	f.Set("digest", v.front.sheets[1].Digest)
	v.say("northwind.1", "/portal/save", f).leads("/portal/task?")
	v.see("northwind.1", taskLink(asksTask, "q2")).wants(http.StatusOK, `value="2027-11-19"`, "from last time")
	v.see("northwind.1", taskLink(asksTask, "q3")).wants(http.StatusOK, "dpa-2025.pdf")
	v.answerPage("q2", url.Values{"q3.a": {"2027-11-19"}}).leads(taskLink(asksTask, "q3"))
	v.see("northwind.1", taskLink(asksTask, "q2")).wants(http.StatusOK, `value="2027-11-19"`).lacks("from last time")
	f.Set("digest", digestOf("nobody's"))
	v.say("northwind.1", "/portal/save", f).wants(http.StatusNotFound)
}

// TestPortalFormFile: the form goes away as a text and comes back filled in; what is
// no such file is refused with its line, and nothing that was filled in is lost.
func TestPortalFormFile(t *testing.T) {
	t.Parallel()
	v := newAskingSite(t)
	v.answerPage("q1", url.Values{"q0.a": {"yes"}, "q1.a": {"in the EU"}, "q2.a": {"Acme"}})
	blank := v.see("northwind.1", "/portal/form?task="+url.QueryEscape(asksTask)).wants(http.StatusOK, "gangway-sheet 1", "=== 1 mfa ===", "Answer:\nyes\n").Body
	send := func(text string) page {
		return v.visit("northwind.1", filesForm(t, "/portal/upload", url.Values{"task": {asksTask}, "page": {pageForm}}, sentFile{"form.txt", "text/plain", text}))
	}
	for text, want := range map[string]string{"Dear Ola": "This is no form of ours", strings.Replace(blank, asksTask, dpaTask, 1): "Line 2: this is the form of something else", strings.Replace(blank, "=== end ===\n", "", 1): "cut off", strings.Repeat("x", engagement.MaxSheetFile+1): "longer than any form"} {
		p := send(text).wants(http.StatusUnprocessableEntity, want, "How to answer")
		p.accessible("a file that was not taken")
	}
	filled := strings.Replace(blank, "Answer:\nAcme\n", "Answer:\nAcme, Norway\nBolt, Chile\n", 1)
	parts := strings.SplitN(filled, "=== 4 insured ===", 2)
	filled = parts[0] + "=== 4 insured ===" + strings.Replace(parts[1], "Answer:\n", "Answer: 2028-01-01\n", 1)
	v.see("northwind.1", send(filled).leads(strings.TrimSuffix(taskLink(asksTask, pageCheck), "#found"))).wants(http.StatusOK, "Bolt, Chile", "1 Jan 2028", "1 question of 6 still to be answered")
	v.visit("northwind.1", filesForm(t, "/portal/upload", url.Values{"task": {asksTask}, "page": {pageForm}})).wants(http.StatusUnprocessableEntity, "Pick a file first.")
	v.visit("northwind.1", filesForm(t, "/portal/upload", url.Values{"task": {asksTask}, "page": {"q1"}}, sentFile{"a.txt", "text/plain", "x"})).wants(http.StatusBadRequest)
	if v.front.tasks[0].State != access.TaskOpen || len(v.front.answers) != 0 {
		t.Error("a file that was read in was sent")
	}
}

// TestPortalFormIsTheirs: a document that a form names is one that was taken here.
func TestPortalFormIsTheirs(t *testing.T) {
	t.Parallel()
	v := newAskingSite(t)
	v.answerPage("q3", url.Values{"q5.kept": {digestOf("of somebody else")}}).wants(http.StatusBadRequest, "none of its own")
	v.answerPage("q1", url.Values{"q0.point": {"hosting"}}).wants(http.StatusBadRequest)
	v.answerPage("q3", url.Values{"q5.none": {"we have none yet"}}).leads(taskLink(asksTask, pageCheck))
	v.see("northwind.1", taskLink(asksTask, pageCheck)).wants(http.StatusOK, "there is none", "we have none yet")
}

// TestFormPages: every line is on exactly one page, in order, and a document has one
// of its own.
func TestFormPages(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SliceOfN(rapid.SampledFrom([]engagement.PointKind{engagement.PointText, engagement.PointFile, engagement.PointYesNo, engagement.PointDate}), 0, 20).Draw(t, "kinds")
		var points []engagement.Point
		for _, k := range kinds {
			points = append(points, engagement.Point{Kind: k})
		}
		next := 0
		for _, p := range formPages(points) {
			if p[0] != next || p[1] <= p[0] {
				t.Fatalf("the pages are %v", formPages(points))
			}
			weight := 0
			for _, point := range points[p[0]:p[1]] {
				weight += lineWeight(point)
			}
			if weight > perPage {
				t.Fatalf("a page is too long: %v", formPages(points))
			}
			next = p[1]
		}
		if next != len(points) {
			t.Fatalf("the pages are %v of %d", formPages(points), len(points))
		}
	})
}
