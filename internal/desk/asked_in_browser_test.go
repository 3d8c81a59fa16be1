package desk

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gangway/internal/web"
)

// TestAVendorIsAskedForInTheBrowser: the page's form goes to the desk itself. What the
// desk refuses stands at the field, the same form sent twice opens one case, and the
// same engagement again is refused with where it is.
func TestAVendorIsAskedForInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(web.New(w.desk, web.Options{PickPerson: true, Now: w.clock.now}))
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	ok(t, err)
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	read := func(r *http.Response, err error) (int, string, string) {
		t.Helper()
		ok(t, err)
		text := must[[]byte](t)(io.ReadAll(r.Body))
		ok(t, r.Body.Close())
		return r.StatusCode, string(text), r.Header.Get("Location")
	}
	if status, text, _ := read(browser.PostForm(server.URL+"/signin", url.Values{"person": {"rita"}, "next": {"/"}})); status != http.StatusSeeOther {
		t.Fatalf("signing in gives %d\n%s", status, text)
	}
	fresh := func() url.Values {
		t.Helper()
		_, text, _ := read(browser.Get(server.URL + "/vendors/new?playbook=whole"))
		nonce := regexp.MustCompile(`name="nonce" value="([^"]+)"`).FindStringSubmatch(text)
		if nonce == nil {
			t.Fatalf("there is no form:\n%s", text)
		}
		return url.Values{"nonce": {nonce[1]}, "playbook": {"whole"}, "in.vendor.name": {"Heron Couriers"}, "in.vendor.service": {"deliveries"}, "in.reason": {"we must"},
			"in.data": {"none"}, "in.interest": {"no"}, "in.owner": {"olga"}, "in.summary": {"They deliver."}, "in.alternative": {"our own van"}, "in.success": {"on time"},
			"in.yearlyCost": {"900"}, "in.baselineCost": {"0"}, "in.vendor.country": {"gb"}, "in.vendor.contacts": {"Ann Archer <ann@heron.example>"}, "in.sponsor": {"sam"}}
	}
	send := func(f url.Values) (int, string, string) {
		t.Helper()
		return read(browser.PostForm(server.URL+"/vendors/new", f))
	}
	f := fresh()
	f.Set("in.data", "payroll")
	if status, text, _ := send(f); status != http.StatusUnprocessableEntity || !strings.Contains(text, `<a href="#in-data">`) {
		t.Errorf("data of no kind give %d\n%s", status, text)
	}
	f = fresh()
	f.Set("in.interest", "yes")
	f.Set("in.whichInterest", "my brother drives for them")
	f.Set("in.owner", "rita")
	if status, text, _ := send(f); status != http.StatusUnprocessableEntity || !strings.Contains(text, `<a href="#in-owner">`) || !strings.Contains(text, "my brother drives for them") {
		t.Errorf("whoever has an interest owns the case: %d\n%s", status, text)
	}
	f = fresh()
	f.Set("document", "sha256:"+strings.Repeat("ab", 32))
	if status, text, _ := send(f); status != http.StatusUnprocessableEntity || !strings.Contains(text, `<a href="#in-contract">`) {
		t.Errorf("a contract that nobody filed gives %d\n%s", status, text)
	}
	f = fresh()
	for range 2 {
		status, text, to := send(f)
		if status != http.StatusSeeOther || !strings.Contains(to, url.QueryEscape("onboarding/heron-couriers/1")) {
			t.Fatalf("it leads to %q with %d\n%s", to, status, text)
		}
		if status, text, _ := read(browser.Get(server.URL + to)); status != http.StatusOK {
			t.Errorf("there is nothing where it leads: %d\n%s", status, text)
		}
	}
	if status, text, _ := send(fresh()); status != http.StatusUnprocessableEntity || !strings.Contains(text, `<a href="#in-vendor-name">`) || !strings.Contains(text, "is being taken on board already, in onboarding/heron-couriers/1") {
		t.Errorf("the same engagement again gives %d\n%s", status, text)
	}
	for _, part := range []string{"diligence", "pilot", "contract", "dpa"} {
		f := fresh()
		f.Set("part", part)
		f.Set("in.vendor.name", "Kestrel "+part)
		f.Set("in.data", "special-category") // of the lowest tier nothing is looked into or tried out
		if part == "dpa" {
			for _, name := range []string{"interest", "summary", "alternative", "success", "yearlyCost", "baselineCost"} {
				f.Del("in." + name)
			}
		}
		if status, text, to := send(f); status != http.StatusSeeOther || !strings.Contains(to, url.QueryEscape(part+"/kestrel-"+part+"/1")) {
			t.Errorf("%s leads to %q with %d\n%s", part, to, status, text)
		}
	}
}
