package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestWeWithdraw: a contact says it with a reason and typed words, and hears that it ends
// nothing by itself. Nothing less is sent; opening any page sends nothing; a contact of
// another case has no such page.
func TestWeWithdraw(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	said := func() (list []string) {
		return slices.DeleteFunc(v.front.acts(), func(a string) bool { return !strings.HasPrefix(a, "withdraws") })
	}
	p := v.see("northwind.1", taskLink(dpaTask, "")).wants(http.StatusOK, "We withdraw", "nothing ends by itself")
	p.accessible("a task that one can withdraw from")
	f := p.form("/portal/act", `value="withdraw"`)
	f = v.say("northwind.1", "/portal/act", f).wants(http.StatusUnprocessableEntity, "Write why you withdraw.", `<details id="withdraw" open>`).form("/portal/act", `value="withdraw"`)
	f.Set("text", "We have no <b>people</b>.")
	for _, typed := range []string{"", "yes", "withdraw", "we withdraw it"} {
		f.Set("typed", typed)
		v.say("northwind.1", "/portal/act", f).wants(http.StatusUnprocessableEntity, "to confirm it. Nothing has been sent.", "We have no &lt;b&gt;people&lt;/b&gt;.")
	}
	f.Set("typed", " We  Withdraw ")
	for _, target := range []string{"/portal/act?" + f.Encode(), "/portal/task?id=" + url.QueryEscape(dpaTask) + "&act=withdraw&typed=we+withdraw&text=x", "/portal/" + veraTicket + "?for=withdraw", taskLink(dpaTask, "") + "&done=withdraws"} {
		v.see("northwind.1", target)
	}
	v.say("northwind.1", "/portal/act", url.Values{"act": {actRetire}, "task": {dpaTask}, "text": {"x"}, "typed": {retireWords}}).wants(http.StatusBadRequest)
	v.say("", "/portal/act", f).wants(http.StatusUnauthorized)
	v.say("elsewhere.1", "/portal/act", f)
	if got := said(); len(got) != 0 {
		t.Fatalf("the desk was told %q", got)
	}
	f.Set("typed", "We withdraw")
	to := v.say("northwind.1", "/portal/act", f).leads("/portal/task")
	v.see("northwind.1", to).wants(http.StatusOK, "hears that you withdraw, and why", "until then you can still answer", "Start")
	if got, want := said(), []string{`withdraws northwind.1 ` + dpaTask + ` "We have no <b>people</b>."`}; !slices.Equal(got, want) {
		t.Errorf("the desk was told %q, want %q", got, want)
	}
}

// TestTheCaseSaysThatTheVendorWithdraws: to everybody, with who and why, as long as it
// runs; its owner is led to where a case is withdrawn, and nobody else.
func TestTheCaseSaysThatTheVendorWithdraws(t *testing.T) {
	t.Parallel()
	s, _ := newWholeSite(t)
	s.get("ola", caseURL()).wants(http.StatusOK).lacks("says that it withdraws")
	s.desk.line(theCase, dossier.Entry{Case: theCase, Process: theCase, Kind: dossier.Noted, At: day(19), CaseAt: day(19), Actor: "northwind.1", Detail: &dossier.Detail{Name: string(review.NoteWithdraws)}},
		review.Text{Inside: "We have no <people>."})
	p := s.get("ola", caseURL()).wants(http.StatusOK, "The vendor says that it withdraws", "<bdi>Vera Lindqvist</bdi>", "We have no &lt;people&gt;.", "Nothing has ended by it.", `<a href="#act">withdraw the case</a>`,
		"says that the vendor withdraws; it ends when the case owner says so", ">running<")
	p.accessible("a case whose vendor withdraws")
	s.get("lena", caseURL()).wants(http.StatusOK, "The vendor says that it withdraws", "decides what becomes of the case").lacks(`<a href="#act">withdraw the case</a>`)
	s.desk.cases[0].State = dossier.Ended
	s.get("ola", caseURL()).wants(http.StatusOK).lacks("The vendor says that it withdraws")
}
