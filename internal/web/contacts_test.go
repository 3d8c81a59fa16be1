package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gangway/internal/arrivals"
	"gangway/internal/review"
)

// TestVendorsPeople: who the vendor's people are everybody of the case sees; what
// becomes of them the owner says.
func TestVendorsPeople(t *testing.T) {
	t.Parallel()
	s, b := newSidedSite(t)
	p := s.get("ola", caseURL()).wants(http.StatusOK, "The vendor’s people", "Vera Lindqvist", "vera@northwind.example", "46 8 123", "to be confirmed", "named by <bdi>Vera Lindqvist</bdi>", "Confirm", "Decline", "Revoke the links", "Add somebody",
		"an automatic reply of their mailbox", "Count them as away", "File it for the vendor", "Mails that came", "a comment, which decides nothing", "nothing proves that the sender’s domain sent it", "its first line is none of the words that count", "being read", "Counted")
	p.accessible("a case with the vendor's people")
	s.get("sami", caseURL()).wants(http.StatusOK, "Vera Lindqvist", "Mails that came").lacks("Revoke the links", "Confirm<", "Add somebody", "Count them as away", "File it for the vendor")
	s.get("ola", requestURL(askID)).wants(http.StatusOK, "Vera Lindqvist").lacks("northwind.1</bdi>")

	send := func(who string, f url.Values) page { return s.post(who, "/case/contact", f) }
	f := p.form("/case/contact", "Confirm")
	send("ola", f).leads(caseURL())
	send("ola", p.form("/case/contact", "Decline")).leads(caseURL())
	send("ola", p.form("/case/contact", "Revoke")).leads(caseURL())
	send("ola", p.form("/case/contact", "Count them as away")).leads(caseURL())
	f = p.form("/case/contact", "contact-name")
	f.Set("name", "Sam Field")
	send("ola", f).wants(http.StatusUnprocessableEntity, "Write the name and the mail address", `value="Sam Field"`)
	f.Set("mail", "sam@northwind.example")
	f.Set("phone", "+46 8 99")
	f.Set("role", "Legal")
	send("ola", f).leads(caseURL())
	s.get("ola", caseURL()).wants(http.StatusOK, "Sam Field")
	want := []string{"confirm northwind.2", "end northwind.2", "revoke northwind.1", "take mail-away1", "add Sam Field sam@northwind.example +46 8 99 Legal"}
	if got := b.acts(); !slices.Equal(got, want) {
		t.Errorf("it did %q, want %q", got, want)
	}
	send("sami", f).wants(http.StatusForbidden)
	send("una", f).wants(http.StatusForbidden)
	send("ola", url.Values{"case": {theCase}, "act": {"promote"}}).wants(http.StatusBadRequest)
	send("ola", url.Values{"act": {"end"}}).wants(http.StatusBadRequest)
	b.fail = invalidInput{}
	send("ola", f).wants(http.StatusUnprocessableEntity, "$.reason: missing", `value="Sam Field"`)
	b.fail = errors.New("the store is gone")
	send("ola", f).wants(http.StatusInternalServerError).lacks("the store is gone")
	if got := b.acts(); len(got) != len(want) {
		t.Errorf("what was refused did %q", got[len(want):])
	}
	plain := newSite(t)
	plain.get("ola", caseURL()).wants(http.StatusOK).lacks("The vendor’s people")
	plain.post("ola", "/case/contact", f).wants(http.StatusNotFound)
}

// TestFileForVendor: the owner files what the vendor did not send, says where it
// came from, and the record says that it was them.
func TestFileForVendor(t *testing.T) {
	t.Parallel()
	s, _ := newSidedSite(t)
	f := s.get("ola", caseURL()).form("/case/forvendor", "vendor-source")
	if f.Get("request") != askID {
		t.Fatalf("the form is for %q", f.Get("request"))
	}
	s.do("ola", multipartForm(t, "/case/forvendor", f, "dpa.txt", []byte("1. The agreement"))).wants(http.StatusUnprocessableEntity, "say where it came from", "Already here from your last try")
	f.Set("inside", "https://northwind.example/legal/dpa.pdf, 20 November 2026")
	s.post("ola", "/case/forvendor", f).wants(http.StatusUnprocessableEntity, "Pick the file", "https://northwind.example/legal/dpa.pdf")
	p := s.do("ola", multipartForm(t, "/case/forvendor", f, "dpa.txt", []byte("1. The agreement")))
	s.get("ola", p.leads("/receipt?")).wants(http.StatusOK, "Counted")
	a := s.desk.answers[len(s.desk.answers)-1]
	if !a.ForVendor || a.Verdict != review.Delivered || len(a.Documents) != 1 || a.Text.Inside != f.Get("inside") || a.From.ID != "ola" || a.Request != askID {
		t.Errorf("the desk got %+v", a)
	}
	s.get("ola", caseURL()).wants(http.StatusOK).lacks("File it for the vendor")
	f.Set("nonce", newNonce())
	s.do("dora", multipartForm(t, "/case/forvendor", f, "x.txt", []byte("1. Mine"))).wants(http.StatusUnprocessableEntity)
	if n := len(s.desk.request(askID).Ballots); n != 1 {
		t.Errorf("%d answers count", n)
	}
	f.Set("nonce", "x")
	s.do("ola", multipartForm(t, "/case/forvendor", f, "x.txt", []byte("x"))).wants(http.StatusBadRequest)
}

// TestVendorsHostileNames: contacts are strangers, and so are their mails.
func TestVendorsHostileNames(t *testing.T) {
	t.Parallel()
	for _, name := range nasty() {
		s, b := newSidedSite(t)
		for i := range b.contacts {
			c := &b.contacts[i]
			c.Name, c.Mail, c.Phone, c.Role, c.By = name, name, name, name, name
		}
		b.offers[0].Person, b.offers[0].Taken = name, name
		b.mails[0].Kind, b.mails[0].Person, b.mails[0].Why, b.mails[0].Outcome, b.mails[0].Request = arrivals.Kind(name), name, []arrivals.Why{arrivals.Why(name)}, name, name
		r := s.desk.request(checkID)
		for i := range r.Points {
			p := &r.Points[i]
			p.Title, p.Ask, p.Source, p.Proposed = name, name, name, []string{name}
		}
		for _, target := range []string{caseURL(), requestURL(checkID), requestURL(askID)} {
			for _, who := range []string{"ola", "dora"} {
				p := s.get(who, target).wants(http.StatusOK)
				for _, bad := range []string{"<script", "<img src=x", " onmouseover='", `href="javascript`} {
					if strings.Contains(p.Body, bad) {
						t.Errorf("%.30q: %s as %s has %q", name, target, who, bad)
					}
				}
			}
		}
	}
}

// TestVendorSideGets: nothing of it is done by opening an address.
func TestVendorSideGets(t *testing.T) {
	t.Parallel()
	s, b := newSidedSite(t)
	for _, target := range []string{"/case/contact?act=end&case=" + url.QueryEscape(theCase) + "&contact=northwind.1", "/case/forvendor?case=" + url.QueryEscape(theCase), "/request/check?do=send&request=" + url.QueryEscape(checkID)} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if p := s.do("ola", httptest.NewRequest(method, target, bytes.NewReader(nil))); p.Status != http.StatusNotFound {
				t.Errorf("%s %s: status %d", method, target, p.Status)
			}
		}
	}
	for _, who := range []string{"ola", "dora", "sami", "una", ""} {
		for _, target := range []string{caseURL(), requestURL(checkID), requestURL(askID)} {
			s.get(who, target)
		}
	}
	if len(b.acts())+len(s.desk.changes) != 0 {
		t.Errorf("opening pages did %q and %q", b.acts(), s.desk.changes)
	}
}
