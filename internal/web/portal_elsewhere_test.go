package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gangway/internal/access"
)

// TestTwoOfTheVendorFillInOneForm: each is told that the other has begun; when the first
// has sent it the second keeps what they typed, on the page that says no and on the task.
func TestTwoOfTheVendorFillInOneForm(t *testing.T) {
	t.Parallel()
	v := newAskingSite(t)
	v.front.tasks[0].Begun = []access.Begun{{By: "Olu <Adeyemi>", At: today()}}
	v.see("northwind.1", taskLink(asksTask, "")).wants(http.StatusOK, "Olu &lt;Adeyemi&gt;</bdi> has begun to fill this in as well", "agree on who does").accessible("a form that two fill in")
	v.answerPage("q1", url.Values{"q0.a": {"yes"}, "q2.a": {"Acme, Norway"}})
	f := v.see("northwind.1", taskLink(asksTask, "q2")).form("/portal/save", ".point")
	f.Set("q3.a", "2027-05-01")
	v.front.tasks[0].State = access.TaskReceived // a colleague was faster
	v.say("northwind.1", "/portal/save", f).wants(http.StatusConflict, "This does not wait for you any more", "hat you wrote is below", "2027-05-01")
	v.say("northwind.1", "/portal/send", url.Values{"task": {asksTask}, "nonce": {newNonce()}}).lacks("Counted")
	p := v.see("northwind.1", taskLink(asksTask, "")).wants(http.StatusOK, "Yours was not sent", "Acme, Norway", "Do you ask for a second factor?").lacks("How to answer")
	p.accessible("a task that a colleague answered")
	v.see("northwind.2", taskLink(asksTask, "")).wants(http.StatusOK).lacks("Acme, Norway", "Yours was not sent")
	v.see("elsewhere.1", taskLink(asksTask, "")).wants(http.StatusNotFound).lacks("Acme, Norway")
}

// TestOneFormInTwoWindows: what was saved in another window is not lost to one that was
// opened before it; whoever saves is shown both, and saves once more.
func TestOneFormInTwoWindows(t *testing.T) {
	t.Parallel()
	v := newAskingSite(t)
	open := func() url.Values {
		return v.see("northwind.1", taskLink(asksTask, "q1")).form("/portal/save", ".point")
	}
	desk, phone := open(), open()
	desk.Set("q2.a", "Acme, Norway")
	desk.Set("q0.a", "yes")
	v.say("northwind.1", "/portal/save", desk).leads(taskLink(asksTask, "q2"))
	phone.Set("q2.a", "Zenith, Chile")
	p := v.say("northwind.1", "/portal/save", phone).wants(http.StatusConflict, "changed in another window or on another device", "Zenith, Chile</textarea>", "Saved elsewhere meanwhile: Acme, Norway", "Saved elsewhere meanwhile: yes", `<a href="#q2-a">`)
	p.accessible("a page that was changed elsewhere")
	v.see("northwind.1", taskLink(asksTask, "q1")).wants(http.StatusOK, "Acme, Norway").lacks("Zenith")
	again := p.form("/portal/save", ".point")
	v.say("northwind.1", "/portal/save", again).leads(taskLink(asksTask, "q2"))
	v.see("northwind.1", taskLink(asksTask, "q1")).wants(http.StatusOK, "Zenith, Chile").lacks("Acme")
	v.say("northwind.1", "/portal/save", again).leads(taskLink(asksTask, "q2")) // twice is once
	again.Del("was")                                                            // a page of the release before
	again.Set("q2.a", "Nobody")
	v.say("northwind.1", "/portal/save", again).leads(taskLink(asksTask, "q2"))
}

// TestAVisitEndsWhileAFormIsFilledIn: every line that was typed stands on the page that
// says so, in order.
func TestAVisitEndsWhileAFormIsFilledIn(t *testing.T) {
	t.Parallel()
	v := newAskingSite(t)
	f := v.see("northwind.1", taskLink(asksTask, "q1")).form("/portal/save", ".point")
	f.Set("q2.a", "Acme, <b>Norway</b>")
	f.Set("q0.a", "yes")
	p := v.say("", "/portal/save", f).wants(http.StatusUnauthorized, "This was not sent", "Acme, &lt;b&gt;Norway", "Answer 3", "Answer 1")
	if strings.Index(p.Body, "Answer 1") > strings.Index(p.Body, "Answer 3") {
		t.Error("the answers are out of order")
	}
	if slices.ContainsFunc(v.front.acts(), func(x string) bool { return strings.HasPrefix(x, "draft") }) {
		t.Errorf("it did %q", v.front.acts())
	}
	out, _ := newReadingRoom(t)
	form := out.see("outside.1", "/portal").form("/portal/read", outsideRequest)
	form.Set("why", "Clause 2 is one-sided.")
	form.Set("sections", "1-3")
	out.say("", "/portal/read", form).wants(http.StatusUnauthorized, "Clause 2 is one-sided.", "1-3")
}

// TestTheRiskRecordInTwoWindows: the same for a form of the client's own people, when it
// is saved and when it is sent.
func TestTheRiskRecordInTwoWindows(t *testing.T) {
	t.Parallel()
	s, _ := newWholeSite(t)
	open := func() url.Values {
		return s.get("ola", requestURL(riskID)).wants(http.StatusOK).form("/request/answer", "q0.point")
	}
	one, two := open(), open()
	one.Set("do", "save")
	one.Set("q0.a", "They are bought by a rival.")
	s.post("ola", "/request/answer", one).leads(requestURL(riskID))
	two.Set("q0.a", "They go out of business.")
	p := s.post("ola", "/request/answer", two).wants(http.StatusConflict, "changed in another window or on another device", "They go out of business.</textarea>", "Saved elsewhere meanwhile: They are bought by a rival.")
	p.accessible("a form that was changed elsewhere")
	s.get("ola", requestURL(riskID)).wants(http.StatusOK, "They are bought by a rival.").lacks("They go out of business.")
	again := p.form("/request/answer", "q0.point")
	again.Set("do", "save")
	s.post("ola", "/request/answer", again).leads(requestURL(riskID))
	s.get("ola", requestURL(riskID)).wants(http.StatusOK, "They go out of business.").lacks("They are bought by a rival.")
	if len(s.desk.answers) != 0 {
		t.Errorf("the desk got %+v", s.desk.answers)
	}
}
