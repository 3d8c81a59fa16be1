package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// shippedForms are the steps of the shipped playbooks that are filled in, each once.
func shippedForms(t testing.TB) []playbook.Step {
	t.Helper()
	var steps []playbook.Step
	seen := map[string]bool{}
	for _, name := range config.Playbooks() {
		pb, _, err := config.Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range pb.Steps {
			if s.Form != "" && s.Kind != review.Checklist && !seen[s.Form] { // clauses are looked for, not filled in
				seen[s.Form] = true
				steps = append(steps, s)
			}
		}
	}
	if len(steps) < 15 {
		t.Fatalf("%d forms are shipped: the test looks in the wrong place", len(steps))
	}
	return steps
}

// plausible is something that may be typed for a point.
func plausible(p engagement.Point) string {
	switch kindOf(p) {
	case engagement.PointYesNo:
		return engagement.Yes
	case engagement.PointChoice, engagement.PointMany:
		return p.Options[len(p.Options)-1]
	case engagement.PointDate:
		return "2027-06-30"
	case engagement.PointNumber, engagement.PointAmount:
		return "12"
	case engagement.PointPerson:
		return "ben"
	}
	return "As agreed."
}

// TestShippedFormsOnPages: every form of the shipped playbooks can be filled in and sent
// by our own people on one page, each line with a label, nothing chosen for them.
func TestShippedFormsOnPages(t *testing.T) {
	t.Parallel()
	for _, step := range shippedForms(t) {
		s, _ := newWholeSite(t)
		r := s.desk.request(riskID)
		r.Step, r.Title, r.Ask, r.Points = step.ID, step.Title, step.Ask, step.Points
		p := s.get("ola", requestURL(riskID)).wants(http.StatusOK)
		p.lacks(" checked", " selected")
		p.accessible("the form " + step.Form)
		f := p.form("/request/answer", "q0.point")
		s.post("ola", "/request/answer", f).wants(http.StatusUnprocessableEntity, "still to be answered")
		for i, point := range step.Points {
			field := "q" + strconv.Itoa(i)
			if kindOf(point) == engagement.PointFile {
				f.Set(field+".none", "It comes next month.")
			} else {
				f.Set(field+".a", plausible(point))
			}
		}
		f.Del("was")
		if to := s.post("ola", "/request/answer", f); to.Status != http.StatusSeeOther {
			t.Errorf("%s: status %d\n%s", step.Form, to.Status, to.Body)
		}
		if a := s.desk.answers; len(a) != 1 || len(a[0].Findings) != len(step.Points) || a[0].Verdict != review.Done {
			t.Errorf("%s: the desk got %+v", step.Form, a)
		}
	}
}

// TestShippedFormsInThePortal: the same page by page; none has more lines on a page than
// a phone shows in a few sweeps, and the list of pages counts what is lacking.
func TestShippedFormsInThePortal(t *testing.T) {
	t.Parallel()
	for _, step := range shippedForms(t) {
		v := newAskingSite(t)
		v.front.tasks[0].Title, v.front.tasks[0].Ask, v.front.tasks[0].Points = step.Title, step.Ask, step.Points
		pages := formPages(step.Points)
		for i, page := range pages {
			name := formPageName(i)
			p := v.see("northwind.1", taskLink(asksTask, name)).wants(http.StatusOK, "Page "+strconv.Itoa(i+1)+" of "+strconv.Itoa(len(pages)))
			p.lacks(" checked", " selected")
			p.accessible(step.Form + " " + name)
			f := p.form("/portal/save", ".point")
			for n := page[0]; n < page[1]; n++ {
				field := "q" + strconv.Itoa(n)
				if kindOf(step.Points[n]) == engagement.PointFile {
					f.Set(field+".none", "It comes next month.")
				} else {
					f.Set(field+".a", plausible(step.Points[n]))
				}
			}
			p = v.say("northwind.1", "/portal/save", f)
			if p.Status != http.StatusSeeOther && !hasPerson(step.Points[page[0]:page[1]]) {
				t.Errorf("%s %s: status %d\n%s", step.Form, name, p.Status, p.Body)
			}
			if n := page[1] - page[0]; n > perPage {
				t.Errorf("%s %s has %d lines", step.Form, name, n)
			}
		}
		if hasPerson(step.Points) { // which the vendor is never asked
			continue
		}
		f := v.see("northwind.1", taskLink(asksTask, pageCheck)).wants(http.StatusOK, "Send it to").form("/portal/send", "nonce")
		v.say("northwind.1", "/portal/send", f).leads("/portal/receipt?")
		if a := v.front.answers; len(a) != 1 || len(a[0].Findings) != len(step.Points) {
			t.Errorf("%s: the desk got %+v", step.Form, a)
		}
	}
}

func hasPerson(points []engagement.Point) bool {
	for _, p := range points {
		if p.Kind == engagement.PointPerson {
			return true
		}
	}
	return false
}

// TestShippedFormsComeBack: taken away as a text, filled in with any editor and brought
// back, each shipped form says what was typed.
func TestShippedFormsComeBack(t *testing.T) {
	t.Parallel()
	for _, step := range shippedForms(t) {
		typed := map[string][]string{}
		for _, p := range step.Points {
			if kindOf(p) != engagement.PointFile {
				typed[p.ID] = []string{plausible(p)}
			}
		}
		v := newAskingSite(t)
		v.front.tasks[0].Points = step.Points
		text := engagement.WriteSheetFile(step.Title, asksTask, step.Points, typed)
		crlf := strings.ReplaceAll(string(text), "\n", "\r\n") // as an editor elsewhere leaves it
		for _, body := range []string{string(text), "\ufeff" + crlf} {
			v.front.drafts = map[string][]byte{}
			v.visit("northwind.1", filesForm(t, "/portal/upload", url.Values{"task": {asksTask}, "page": {pageForm}}, sentFile{"form.txt", "text/plain", body})).leads("/portal/task?")
			p := v.see("northwind.1", taskLink(asksTask, "")).wants(http.StatusOK)
			files := 0
			for _, x := range step.Points {
				if kindOf(x) == engagement.PointFile && !x.Optional {
					files++
				}
			}
			total := v.front.tasks[0].Points
			lacking := 0
			for _, x := range total {
				if kindOf(x) == engagement.PointFile && x.Optional {
					lacking++
				}
			}
			if want := "<strong>" + strconv.Itoa(len(total)-lacking-files) + " of " + strconv.Itoa(len(total)-lacking) + "</strong> questions answered"; !strings.Contains(p.Body, want) && !hasPerson(total) {
				t.Errorf("%s: %q is not on the page", step.Form, want)
			}
		}
	}
}
