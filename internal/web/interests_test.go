package web

import (
	"net/http"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// declares sends the act by which somebody declares a conflict, as the page does.
func declares(s *site, person, request, why string) {
	s.t.Helper()
	f := s.get(person, requestURL(request)).form("/request/act", `value="recuse"`)
	f.Set("inside", why)
	s.post(person, "/request/act", f).leads("/receipt?")
}

// TestADeclaredConflictOnThePages: whoever declared one is told that they answer no
// more, and has no form; everybody sees who did, whose seat needs somebody else until it
// has somebody, and what they wrote in what happened.
func TestADeclaredConflictOnThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.forms()
	s.desk.cases[0].Requests[len(s.desk.cases[0].Requests)-2].Seatings[0].Holders = []review.Holder{{Person: "sami", Via: review.ViaRole, Since: day(18)}}
	for _, target := range []string{requestURL(formID), caseURL()} {
		s.get("ola", target).wants(http.StatusOK).lacks("declared a conflict of interest", "Somebody else has to be asked")
	}
	p := s.get("sami", requestURL(formID)).wants(http.StatusOK, `id="recuse"`, `href="#recuse"`)
	if strings.Contains(p.Body, `name="attest" value="`+declaration+`" checked`) {
		t.Error("the statement is ticked before anybody read it")
	}
	declares(s, "sami", formID, "My sister <runs> it.")
	if a := s.desk.acts[len(s.desk.acts)-1]; a.Kind != review.Recuse || a.Request != formID || a.Text.Inside != "My sister <runs> it." {
		t.Fatalf("the desk got %+v", a)
	}
	p = s.get("sami", requestURL(formID)).wants(http.StatusOK, "You declared a conflict of interest in this matter").lacks("Send the answer", "Declare a conflict", `name="attest"`)
	p.accessible("a request of whoever declared a conflict")
	for _, target := range []string{requestURL(formID), caseURL()} {
		p = s.get("ola", target).wants(http.StatusOK, "<bdi>Sami Aalto</bdi> declared a conflict of interest and no longer answers here.",
			"Somebody else has to be asked: nobody holds the seat <strong><bdi>Security</bdi></strong> now.").lacks("You declared a conflict")
		p.accessible("who declared a conflict")
	}
	s.get("ola", caseURL()).wants(http.StatusOK, "declared a conflict of interest and no longer answers in", "My sister &lt;runs&gt; it.").lacks("<runs>")
	r := s.desk.request(formID)
	r.Seatings[0].Holders = append(r.Seatings[0].Holders, review.Holder{Person: "dora", Via: review.ViaBackup, From: "sami", Since: day(20)})
	s.get("ola", requestURL(formID)).wants(http.StatusOK, "declared a conflict of interest", "backup for Sami Aalto").lacks("Somebody else has to be asked")
	s.get("dora", requestURL(formID)).wants(http.StatusOK, "Your own interests", "Send the answer").lacks("You declared a conflict")
	r.Closed = &review.Closing{State: review.Met, At: day(20), Why: "decided"}
	s.get("ola", requestURL(formID)).wants(http.StatusOK, "declared a conflict of interest").lacks("Somebody else has to be asked")
}

// nogo is a case whose pilot was refused, with what its owner is asked then.
func nogo(s *site) *review.Request {
	c := piloted(s, true)
	c.Pilot.Ended, c.Pilot.Result = day(20), "refused"
	chore := playbook.NewChore(playbook.ChorePart, playbook.Onboarding, playbook.Deadlines{})
	r := asked(c, theCase+":part-pilot.1", theCase, playbook.ChorePart+"-pilot", chore.Step.Title, chore.Step.Kind, day(28), review.Seat{ID: playbook.OwnerSeat, Role: review.OwnerRole})
	r.Ask, r.Options, r.Reasoned, r.Requester = chore.Step.Ask, chore.Options, chore.Reasoned, ""
	return r
}

// TestAfterANoGoOnThePages: the case says that the pilot came to nothing and that it
// runs; its owner sees what the pilot came to beside two choices that each need a
// reason, and nobody else has a form; neither choice ends anything by being shown.
func TestAfterANoGoOnThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := nogo(s).ID
	for _, who := range []string{"ola", "lena"} {
		s.get(who, caseURL()).wants(http.StatusOK, ">no-go<", ">running<", "<strong>73</strong> of 100", "A part of the case came to nothing").lacks("Stop the pilot")
	}
	s.get("lena", requestURL(id)).wants(http.StatusOK, ">no-go<").lacks("Send the answer")
	s.get("ola", "/").wants(http.StatusOK, "A part of the case came to nothing")
	p := s.get("ola", requestURL(id)).wants(http.StatusOK, ">no-go<", "<strong>73</strong> of 100; 90 are needed", `value="ask-again"`, `value="withdraw"`, "which does not end the case").
		lacks(`value="approve"`, `value="waive"`, `value="take-anyway"`, "For the vendor", " checked")
	p.accessible("what becomes of a case after a no-go")
	f := p.form("/request/answer", "ask-again")
	f.Set("verdict", "approve")
	f.Set("inside", "It was close.")
	f = s.post("ola", "/request/answer", f).wants(http.StatusUnprocessableEntity, "It was close.").form("/request/answer", "ask-again")
	f.Set("verdict", "ask-again")
	f.Set("inside", "")
	f = s.post("ola", "/request/answer", f).wants(http.StatusUnprocessableEntity, "eason").form("/request/answer", "ask-again")
	f.Set("verdict", "ask-again")
	if len(s.desk.request(id).Ballots) != 0 || s.desk.cases[0].State != dossier.Running {
		t.Error("something was decided")
	}
	f.Set("inside", "With another team.")
	s.get("ola", s.post("ola", "/request/answer", f).leads("/receipt?")).wants(http.StatusOK, "Counted")
	if b := s.desk.request(id).Ballots; len(b) != 1 || b[0].Verdict != playbook.AskAgain {
		t.Errorf("the record has %+v", b)
	}
	s.get("ola", caseURL()).wants(http.StatusOK, "With another team.")
}

// TestBrowserAConflictIsDeclared leads a seat holder from the statement that they can't
// make to the conflict that they declare, and the owner to what became of the pilot.
func TestBrowserAConflictIsDeclared(t *testing.T) {
	d := drive(t, false)
	s := newSite(t, func(o *Options) { o.Hosts, o.Address = []string{"127.0.0.1"}, "http://127.0.0.1" })
	s.desk.forms()
	pilot := nogo(s).ID
	sami, ola := s.serve(t, "sami"), s.serve(t, "ola")
	d.open(sami + requestURL(formID))
	d.sees("Your own interests")
	d.js(`document.querySelector("a[href='#recuse']").click()`)
	d.js(`document.querySelector("#recuse").open = true`)
	d.js(`document.querySelector("#recuse-why").value = "My sister runs it."`)
	d.press("Declare the conflict")
	d.open(sami + requestURL(formID))
	d.sees("You declared a conflict of interest in this matter")
	d.shot("conflict-1-theirs")
	d.open(ola + caseURL())
	d.sees("Sami Aalto declared a conflict of interest", "nobody holds the seat Security now", "My sister runs it.")
	d.shot("conflict-2-case")
	d.open(ola + requestURL(pilot))
	d.sees("no-go", "It came to 73 of 100")
	d.js(`document.querySelector("[name=verdict][value=withdraw]").click()`)
	d.press("Send the answer")
	d.sees("eason")
	d.js(`document.querySelector("#inside").value = "Twice is enough."`)
	d.js(`document.querySelector("[name=verdict][value=withdraw]").click()`)
	d.press("Send the answer")
	d.sees("Counted")
	d.shot("nogo-decided")
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
}
