package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gangway/internal/dossier"
)

// taughtBy gives the case an intake of which leaving others taught something.
func (d *recorder) taughtBy(exits ...string) {
	text := `{"id":"i1","summary":"` + inPlainWords + `","taught":[`
	for i, id := range exits {
		if i > 0 {
			text += ","
		}
		text += `{"exit":"` + id + `","vendor":"zeta","name":"Zeta <b>Ltd</b>","lessons":["late","data"]}`
	}
	c := d.cases[0]
	c.Documents = append(c.Documents, dossier.DocumentView{Process: theCase, Name: "intake", Document: d.put([]byte(text+"]}"), "application/json"), Media: "application/json", By: "ria", At: day(2)})
}

// TestLessonsAreShownToThoseWhoDecide at the head of case and request, as text, with the
// way to that exit for who may see it.
func TestLessonsAreShownToThoseWhoDecide(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.taughtBy(theCase, "exit/zeta/1") // the first is one that they may see
	const says = "Lessons of the exit of Zeta &lt;b&gt;Ltd&lt;/b&gt;: what was promised came late; our data came back late, broken or not at all."
	for name, target := range map[string]string{"the case": "/case?id=" + url.QueryEscape(theCase), "the request": requestURL(reviewID)} {
		p := s.get("lena", target).wants(http.StatusOK, says, inPlainWords, `href="`+caseLink(theCase)+`">How that exit went`)
		p.accessible(name)
		p.lacks("<b>Ltd", `href="`+caseLink("exit/zeta/1")+`"`)
		if n := strings.Count(p.Body, says); n != 2 {
			t.Errorf("%s: %d of two exits are told of", name, n)
		}
	}
}

// TestNoLessonsNothingIsSaid of them: where none stand, and of an intake that cannot be
// read.
func TestNoLessonsNothingIsSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.taughtBy()
	s.get("lena", requestURL(reviewID)).wants(http.StatusOK, inPlainWords).lacks("essons of the exit")
	broken := newSite(t)
	c := broken.desk.cases[0]
	c.Documents = append(c.Documents, dossier.DocumentView{Process: theCase, Name: "intake", Document: broken.desk.put([]byte(`{"taught":"exit"}`), "application/json"), At: day(2)})
	broken.get("lena", requestURL(reviewID)).wants(http.StatusOK).lacks("essons of the exit")
}

// TestTheVendorReadsNoLessons: nothing in the portal is of the intake, and a vendor's
// session opens neither the case nor the document.
func TestTheVendorReadsNoLessons(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	v.desk.taughtBy(theCase)
	intake := v.desk.cases[0].Documents[len(v.desk.cases[0].Documents)-1].Document
	for _, target := range []string{"/portal", taskLink(dpaTask, ""), "/case?id=" + url.QueryEscape(theCase), documentLink("/document", theCase, intake), documentLink("/document/file", theCase, intake),
		requestURL(reviewID)} {
		v.see("northwind.1", target).lacks("essons of", "Zeta", inPlainWords)
	}
	v.see("northwind.1", taskLink(dpaTask, "")).wants(http.StatusOK)
}
