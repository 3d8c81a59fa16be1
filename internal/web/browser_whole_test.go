package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// wholeBuilding is everything that a whole onboarding shows, behind one address.
type wholeBuilding struct {
	*site
	back  *backoffice
	front *frontdoor
	read  *reader
	base  string
	// Who is sitting there: on the pages of the client, and in the portal.
	person, contact string
}

// longForm is what a vendor's security questionnaire looks like: forty lines of every
// kind.
func longForm() []engagement.Point {
	var points []engagement.Point
	kinds := []engagement.Point{
		{Title: "Do you ask for a second factor wherever somebody signs in from outside?", Kind: engagement.PointYesNo, Source: "ISO 27001, A.8.5"},
		{Title: "How do you find out that somebody has left?", Ask: "Say who tells whom, and how long it takes until the last access is gone.", Kind: engagement.PointText},
		{Title: "Where do you keep our data?", Kind: engagement.PointChoice, Options: []string{"in the EU", "in the United Kingdom", "elsewhere"}},
		{Title: "What is encrypted?", Kind: engagement.PointMany, Options: []string{"laptops", "back-ups", "what goes over the wire", "databases"}},
		{Title: "Certified until", Kind: engagement.PointDate, Expires: true},
		{Title: "How many people have access?", Kind: engagement.PointNumber},
		{Title: "The report of the last test", Kind: engagement.PointFile, Optional: true},
		{Title: "Anything that we should know?", Kind: engagement.PointText, Optional: true},
	}
	for i := range 40 {
		p := kinds[i%len(kinds)]
		p.ID = "p" + strconv.Itoa(i)
		points = append(points, p)
	}
	return points
}

func newBuilding(t *testing.T) *wholeBuilding {
	t.Helper()
	front := newFrontdoor(t)
	at := today()
	read := &reader{task: access.OutsideTask{Request: outsideRequest, Seat: "counsel", Title: "Sign off the hosting agreement", Ask: "Read the clauses on liability and on leaving with care.", Vendor: "Northwind Hosting", Asker: "Ola Nordmann", Phone: "+49 30 1234000",
		Asked: at, Now: at, Due: at.Add(48 * time.Hour), Open: true, Version: 2, ReadAll: true,
		Versions: []review.Version{{Number: 1, Document: "sha256:one", Sections: []string{"1", "2"}}, {Number: 2, Document: "sha256:two", Sections: []string{"1", "2", "3", "5"}, Changed: []string{"2"}}},
		Verdicts: []review.Verdict{review.Approve, review.Changes, review.Reject}, Attest: []string{"read"}, Declaration: "interest",
		Statements: map[string]string{"read": "I have read what I name from the first word to the last.", "interest": "I have no interest of my own in this vendor or in one of its rivals."}}}
	s, back := newWholeSite(t, func(o *Options) {
		o.Hosts, o.Address, o.Portal, o.Outside, o.ClientName, o.ClientPhone = []string{"127.0.0.1"}, "http://127.0.0.1", front, read, "Harbour Bank", "+49 30 1234000"
	})
	front.contacts["outside.1"] = playbook.Contact{ID: "outside.1", Vendor: review.OutsideRole, Name: "Otto Outside", State: playbook.ContactActive}
	front.sessions["visit-outside.1"] = "outside.1"
	front.asks()
	front.tasks[0].Points = longForm()
	b := &wholeBuilding{site: s, back: back, front: front, read: read, person: "ola", contact: "northwind.1"}
	key := &server{o: Options{Key: []byte("a key that the tests know")}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: key.seal(b.person, today().Add(time.Hour))})
		r.AddCookie(&http.Cookie{Name: "gangway-portal", Value: "visit-" + b.contact})
		s.h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b.base = server.URL
	b.desk.sections()
	piloted(s, true)
	return b
}

// wholePages are those that people of a whole onboarding open.
func wholePages() []struct{ name, person, contact, target string } {
	return []struct{ name, person, contact, target string }{
		{"inbox", "ola", "", "/"},
		{"intake", "ola", "", intakePath + "?playbook=whole"},
		{"intake-part", "ola", "", intakePath + "?playbook=whole&part=contract"},
		{"begun", "ola", "", intakePath + "?begun=onboarding%2Fheron%2F1"},
		{"case", "ola", "", caseURL()},
		{"case-auditor", "ria", "", caseURL()},
		{"oversight", "ola", "", oversightURL()},
		{"competition", "ola", "", requestURL(competitionID)},
		{"waiver", "ola", "", requestURL(waiverID)},
		{"clauses", "ola", "", requestURL(clausesChoreID)},
		{"risk", "ola", "", requestURL(riskID)},
		{"go", "lena", "", requestURL(goID)},
		{"form", "sami", "", requestURL(formID)},
		{"score", "lena", "", requestURL(scoreID)},
		{"review", "lena", "", requestURL(reviewID)},
		{"checklist", "dora", "", requestURL(checkID)},
		{"redline", "lena", "", redlineLink(theCase, theContract, "contract", 1, 2)},
		{"portal", "", "northwind.1", "/portal"},
		{"portal-task", "", "northwind.1", taskLink(asksTask, "")},
		{"portal-form", "", "northwind.1", taskLink(asksTask, "q2")},
		{"portal-file", "", "northwind.1", taskLink(asksTask, "q5")},
		{"portal-check", "", "northwind.1", taskLink(asksTask, pageCheck)},
		{"outside", "", "outside.1", "/portal"},
	}
}

// show opens a page as whoever it is for, in a window of that width.
func (b *wholeBuilding) show(d *driven, person, contact, target string, width int, dark bool) {
	b.person, b.contact = person, contact
	if person == "" {
		b.person = "ola"
	}
	target, _, _ = strings.Cut(target, "#")
	d.open(b.base + target)
	d.screen(width, dark)
}

// misfits lists what a page of that width does to whoever uses it: it runs out at the
// side, or has something to press that is too small for a finger (24 px, WCAG 2.5.8; what
// stands in a sentence is left out, as there).
func (d *driven) misfits() string {
	return d.js(`(() => {
		const wide = document.documentElement.clientWidth, bad = [];
		const scrolls = e => { for (; e; e = e.parentElement) { const o = getComputedStyle(e).overflowX; if (o === "auto" || o === "scroll") return true; } return false; };
		if (document.documentElement.scrollWidth > wide) {
			for (const e of document.querySelectorAll("body *")) {
				const r = e.getBoundingClientRect();
				if (r.right > wide + 1 && r.width > 0 && !scrolls(e.parentElement) && e.children.length === 0) bad.push("runs out: " + e.tagName + "." + e.className + " " + (e.innerText || e.name || "").slice(0, 40));
			}
			if (bad.length === 0) bad.push("the page is " + document.documentElement.scrollWidth + " wide");
		}
		for (const e of document.querySelectorAll("button, a.button, select, textarea, summary, input:not([type=hidden])")) {
			if (e.offsetParent === null) continue;
			const r = (e.type === "radio" || e.type === "checkbox") && e.closest("label") ? e.closest("label").getBoundingClientRect() : e.getBoundingClientRect();
			if (r.height < 24 || r.width < 24) bad.push("small: " + e.tagName + " " + (e.innerText || e.name || e.id).slice(0, 30) + " " + Math.round(r.width) + "x" + Math.round(r.height));
		}
		return bad.slice(0, 6).join("; ");
	})()`)
}

// TestBrowserEveryPageFits: every page of a whole onboarding stays within a phone and a
// desk's screen, in both schemes, and what is pressed can be hit by a finger.
func TestBrowserEveryPageFits(t *testing.T) {
	d := drive(t, true)
	b := newBuilding(t)
	for _, p := range wholePages() {
		for _, width := range []int{375, 1280} {
			for _, dark := range []bool{false, true} {
				b.show(d, p.person, p.contact, p.target, width, dark)
				if bad := d.misfits(); bad != "" && !dark {
					t.Errorf("%s at %d: %s", p.name, width, bad)
				}
				d.shot(fmt.Sprintf("whole-%s-%d-%v", p.name, width, map[bool]string{true: "dark", false: "light"}[dark]))
			}
		}
	}
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
}

// TestBrowserFaultsAreFound: whoever sends a form with something wrong in it is led by
// the keyboard alone to the list of what is wrong, and from there to each line.
func TestBrowserFaultsAreFound(t *testing.T) {
	d := drive(t, false)
	b := newBuilding(t)
	b.show(d, "ola", "", requestURL(riskID), 375, false)
	d.js(`document.querySelector("#q0-a").value = "They are bought by a rival."`)
	d.press("Send the answer")
	d.sees("4 lines still to be answered", "How likely is risk 1?: This is still to be answered.", "Who owns risk 1: This is still to be answered.")
	if got := d.focused("id"); got != "faults" {
		t.Errorf("the focus is on %q", got)
	}
	d.shot("faults-risk-375")
	for _, want := range []string{"How likely is risk 1?", "How bad would risk 1 be?"} {
		if got := d.tab(); got != want {
			t.Errorf("the tabulator leads to %q, want %q", got, want)
		}
	}
	d.enter()
	if got := d.js(`location.hash`); got != "#q2-a" {
		t.Errorf("the link leads to %q", got)
	}
	if got := d.tab(); got != "q2.a" && got != "q3.a" {
		t.Errorf("after the link the tabulator leads to %q", got)
	}
	if got := d.js(`document.querySelector("#q0-a").value`); got != "They are bought by a rival." {
		t.Errorf("what was typed is %q", got)
	}
	b.show(d, "", "northwind.1", taskLink(asksTask, "q2"), 375, false)
	d.js(`document.querySelector("#q5-a").value = "1.200"`)
	d.press("Save and go on")
	d.sees("1 thing to be put right", "How many people have access?: Write one whole number", "Page 2 of 20")
	if got := d.focused("id"); got != "faults" {
		t.Errorf("in the portal the focus is on %q", got)
	}
	d.shot("faults-portal-375")
	b.show(d, "", "northwind.1", taskLink(asksTask, pageCheck), 375, false)
	d.sees("Not everything is answered yet", "and 10 more")
	d.shot("faults-check-375")
}

// TestBrowserHostileWordsFit: words without an end and from right to left break no page:
// nothing runs out at its side on a phone, and what follows a name stands after it.
func TestBrowserHostileWordsFit(t *testing.T) {
	d := drive(t, true)
	for _, word := range []string{strings.Repeat("W", 400), "\u202egnp.exe \u05d0\u05d1\u05d2 " + strings.Repeat("\u05d0", 200)} {
		b := newBuilding(t)
		c, o := b.desk.cases[0], b.desk.cases[len(b.desk.cases)-1]
		for i := range c.Requests {
			r := &c.Requests[i]
			r.Title, r.Ask = word, word
			for j := range r.Points {
				r.Points[j].Title, r.Points[j].Ask, r.Points[j].Source = word, word, word
			}
			for j := range r.Criteria {
				r.Criteria[j].Title = word
			}
		}
		for i := range o.Watched {
			o.Watched[i].Name = word
		}
		for i := range b.desk.people {
			b.desk.people[i].Name = word
		}
		for i := range b.back.contacts {
			b.back.contacts[i].Name, b.back.contacts[i].Mail = word, word
		}
		b.back.outside = []playbook.Contact{{ID: "outside.1", Vendor: review.OutsideRole, Name: word, Mail: word, By: "ola", Case: theCase, Process: theContract, Seat: "outside-counsel", State: playbook.ContactActive}}
		for i := range b.front.tasks {
			task := &b.front.tasks[i]
			task.Title, task.Ask, task.Asker = word, word, word
			for j := range task.Points {
				task.Points[j].Title, task.Points[j].Ask, task.Points[j].Source = word, word, word
			}
		}
		b.read.task.Title, b.read.task.Ask, b.read.task.Asker = word, word, word
		for _, p := range wholePages() {
			b.show(d, p.person, p.contact, p.target, 375, false)
			if bad := d.misfits(); bad != "" {
				t.Errorf("%s with %.12q: %s", p.name, word, bad)
			}
			d.shot("hostile-" + p.name)
		}
	}
}

// TestBrowserByKeyboardAlone: a reader of neither side answers, and somebody of the
// vendor fills in and saves a page, without a mouse and without scripts; where the
// keyboard is can be seen at each step.
func TestBrowserByKeyboardAlone(t *testing.T) {
	d := drive(t, false)
	b := newBuilding(t)
	b.show(d, "", "outside.1", "/portal", 375, true)
	d.tabTo("verdict")
	d.space()
	d.tabTo("sections")
	d.types("all")
	d.loads = 0
	d.enter() // without the tick
	d.loaded()
	if got := d.focused("innerText"); !strings.Contains(got, "Tick that you have read these sections") {
		t.Errorf("after a fault the focus is on %q", got)
	}
	d.js(`document.querySelector("#sections").value = ""`)
	d.tabTo("sections")
	d.types("all")
	d.tabTo("read")
	d.space()
	d.tabTo("says")
	d.space()
	d.tabTo("says")
	d.space()
	d.tabTo("Say so")
	d.loads = 0
	d.enter()
	d.loaded()
	d.sees("You answered: I have no objection")
	if a := b.read.answers; len(a) != 1 || a[0].Verdict != review.Approve || len(a[0].Read) != 1 || len(a[0].Attest) != 2 {
		t.Errorf("the desk got %+v", a)
	}
	b.show(d, "", "northwind.1", taskLink(asksTask, "q1"), 375, false)
	d.tabTo("q0.a")
	d.space()
	d.tabTo("q1.a")
	d.types("The portal tells the directory within an hour.")
	d.tabTo("q2.a")
	d.space()
	d.tabTo("Save and go on")
	d.loads = 0
	d.enter()
	d.loaded()
	d.sees("Page 2 of 20; 27 answers are lacking")
	if kept := string(b.front.drafts["northwind.1"+asksTask]); !strings.Contains(kept, "within an hour") || !strings.Contains(kept, `"yes"`) || !strings.Contains(kept, "in the EU") {
		t.Errorf("what is kept is %s", kept)
	}
	b.show(d, "ola", "", oversightURL(), 375, false)
	d.tabTo("Go to what you can do")
}
