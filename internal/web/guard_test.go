package web

import (
	"bytes"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/playbook"
)

// TestNoGetDecides follows every link of every page as every person and finds
// that nothing was asked of the desk but to show things.
func TestNoGetDecides(t *testing.T) {
	t.Parallel()
	s, post := operated(t)
	s.desk.chores()
	link := regexp.MustCompile(`(?:href|action|src)="([^"#][^"]*)"`)
	for _, person := range []string{"", "ola", "ria", "lena", "sami", "ben", "vic", "una", "gus", "nobody"} {
		seen, queue := map[string]bool{}, []string{"/", "/cases", "/signin", "/signout", "/case/act", "/case/submit", "/case/steer", "/request/act", "/request/answer",
			"/letters/again?id=asked/1", "/people/replace?" + url.Values{"leaver": {"ola"}, "by": {"sami"}, "inside": {"why"}, "nonce": {newNonce()}}.Encode(),
			"/case/correct?" + url.Values{"case": {theCase}, "field": {"data"}, "value": {"x"}, "inside": {"why"}, "digest": {"sha256:" + strings.Repeat("a", 64)}}.Encode(),
			"/api/correction?field=data&case=" + url.QueryEscape(theCase), "/api/replacement?leaver=ola&by=sami", "/api/replace", "/api/letters/again", "/api/bounce",
			"/api/cases", "/api/answer", "/api/act", "/api/open", "/api/people", "/api/waiting", "/api/documents",
			"/request/answer?" + url.Values{"nonce": {newNonce()}, "request": {exitID}, "verdict": {"approve"}, "seat": {"legal"}}.Encode(),
			"/waiting?" + url.Values{"case": {theCase}, "at": {"1794819600000000000"}, "rest": {"approve"}}.Encode()}
		pages := 0
		for len(queue) > 0 {
			target := queue[0]
			queue = queue[1:]
			if seen[target] {
				continue
			}
			seen[target] = true
			p := s.get(person, target)
			if p.Status >= 500 {
				t.Fatalf("%s as %q: status %d\n%s", target, person, p.Status, s.log)
			}
			pages++
			for _, m := range link.FindAllStringSubmatch(p.Body, -1) {
				if to := html.UnescapeString(m[1]); strings.HasPrefix(to, "/") {
					queue = append(queue, to)
				}
			}
		}
		if person == "ola" && pages < 30 {
			t.Errorf("only %d pages were found as %s", pages, person)
		}
	}
	if len(s.desk.changes) != 0 {
		t.Errorf("following links asked the desk for %q", s.desk.changes)
	}
	if len(post.again)+len(post.reports) != 0 {
		t.Errorf("following links sent %q again and reported %q", post.again, post.reports)
	}
	for _, target := range []string{"/request/answer", "/request/act", "/case/act", "/case/submit", "/case/steer", "/letters/again", "/signout"} {
		s.get("ola", target).wants(http.StatusNotFound)
	}
}

func TestForeignHost(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.Hosts = []string{"127.0.0.1:7400", "localhost"} })
	for host, status := range map[string]int{"127.0.0.1:7400": 303, "localhost": 303, "LOCALHOST:9": 303, "127.0.0.1": 421, "127.0.0.1:80": 421,
		"evil.example": 421, "evil.example:7400": 421, "localhost.evil.example": 421, "": 421} {
		for _, target := range []string{"/", "/api/cases"} {
			r := httptest.NewRequest(http.MethodGet, target, nil)
			r.Host = host
			p := s.do("", r)
			want := status
			if target == "/api/cases" && want == 303 {
				want = http.StatusUnauthorized
			}
			if p.Status != want {
				t.Errorf("Host %q %s: status %d, want %d", host, target, p.Status, want)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, target := range []string{"/", "/signin", "/nothing", requestURL(reviewID), "/static/style.css", "/static/nothing"} {
		h := s.get("lena", target).Header
		if h.Get("Content-Security-Policy") != contentPolicy || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", target, h)
		}
	}
	style := s.get("", "/signin").wants(http.StatusOK, "/static/style.css?v=")
	css := s.get("", regexp.MustCompile(`/static/style\.css\?v=\w+`).FindString(style.Body)).wants(http.StatusOK, ":root")
	if !strings.HasPrefix(css.Header.Get("Content-Type"), "text/css") || !strings.Contains(css.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("the stylesheet's headers are %v", css.Header)
	}
	if strings.Contains(css.Body, "http:") || strings.Contains(css.Body, "https:") || strings.Contains(css.Body, "url(") {
		t.Error("the stylesheet loads something")
	}
}

// TestNoScript: no page has a script, a handler, an inline style or anything
// from elsewhere.
func TestNoScript(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.people[0].Roles = []string{playbook.OperatorRole}
	bad := regexp.MustCompile(`(?i)<script|<style|<iframe|\son[a-z]+=|\sstyle=|javascript:|src="(https?:)?//`)
	for _, target := range []string{"/", "/cases", "/signin", "/nothing", requestURL(reviewID), "/case?id=" + url.QueryEscape(theCase),
		"/people/replace?leaver=ola&by=sami", "/letters", "/case/correct?field=data&value=x&case=" + url.QueryEscape(theCase)} {
		if found := bad.FindString(s.get("ola", target).Body); found != "" {
			t.Errorf("%s has %q", target, found)
		}
	}
}

// TestBodyOfAGetIsNotRead: nobody fills memory or disk with a form that no page
// asked for.
func TestBodyOfAGetIsNotRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, target := range []string{requestURL(reviewID), "/api/cases", "/signin", "/nothing"} {
		r := multipartForm(t, target, nil, "x", bytes.Repeat([]byte("x"), 1000))
		r.Method = http.MethodGet
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		left := bytes.NewReader(body)
		r.Body = io.NopCloser(left)
		s.do("lena", r)
		if left.Len() != len(body) {
			t.Errorf("%s read %d bytes", target, len(body)-left.Len())
		}
	}
}

func TestForeignForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := s.get("lena", requestURL(exitID)).form("/request/answer", "verdict")
	f.Set("verdict", "approve")
	for _, headers := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}} {
		r := httptest.NewRequest(http.MethodPost, "/request/answer", strings.NewReader(f.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		s.do("lena", r).wants(http.StatusForbidden, "came from another site")
	}
	if len(s.desk.changes) != 0 {
		t.Errorf("the desk was asked for %q", s.desk.changes)
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	to := s.get("", requestURL(reviewID)).leads("/signin?next=")
	p := s.get("", to).wants(http.StatusOK, "Lena Weiß", "People of Northwind Hosting").lacks("Gus Left")
	f := p.form("/signin", "lena")
	f.Set("person", "lena")
	p = s.post("", "/signin", f)
	if got := p.leads("/request?"); got != requestURL(reviewID) {
		t.Errorf("signing in leads to %q", got)
	}
	c := (&http.Response{Header: p.Header}).Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || strings.Contains(c.Value, "lena") {
		t.Errorf("the cookie is %+v", c)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(c)
	s.do("", r).wants(http.StatusOK, "Signed in as <bdi>Lena Weiß</bdi>")
	for _, who := range []string{"", "gus", "nobody"} {
		s.post("", "/signin", url.Values{"person": {who}}).wants(http.StatusUnprocessableEntity, "Pick one of the people")
	}
	p = s.post("lena", "/signout", nil)
	p.leads("/signin")
	if c := (&http.Response{Header: p.Header}).Cookies()[0]; c.MaxAge >= 0 || c.Value != "" {
		t.Errorf("signing out leaves %+v", c)
	}
	s.get("gus", "/").leads("/signin")
	s.get("nobody", "/").leads("/signin")
}

func TestSignInElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.PickPerson = false })
	s.get("", "/signin").wants(http.StatusForbidden, "on one’s own machine").lacks("Lena")
	p := s.post("", "/signin", url.Values{"person": {"lena"}})
	p.wants(http.StatusForbidden)
	if len(p.Header["Set-Cookie"]) != 0 {
		t.Error("somebody got a cookie by picking a person")
	}
}

// TestCookies: a cookie of another key, a changed or an old one is nobody's.
func TestCookies(t *testing.T) {
	t.Parallel()
	s := &server{o: Options{Key: []byte("one"), Now: today}}
	good := s.seal("lena", today().Add(time.Minute))
	if s.unseal(good).person != "lena" {
		t.Fatalf("a good cookie is of %q", s.unseal(good).person)
	}
	other := &server{o: Options{Key: []byte("two"), Now: today}}
	for _, bad := range []string{"", ".", "..", "a.b.c", good + "x", good[1:], other.seal("lena", today().Add(time.Minute)), s.seal("lena", today()),
		strings.Replace(good, ".", ".z", 1)} {
		if who := s.unseal(bad).person; who != "" {
			t.Errorf("%q is %q's", bad, who)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(good)-1).Draw(t, "place")
		b := rapid.Byte().Draw(t, "byte")
		changed := good[:i] + string(rune(b)) + good[i+1:]
		if who := s.unseal(changed).person; who != "" && changed != good && who != "lena" {
			t.Fatalf("%q is %q's", changed, who)
		}
	})
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{"/": "/", "/case?id=a%2Fb": "/case?id=a%2Fb", "": "/", "//evil.example": "/", "https://evil.example": "/",
		"/\\evil.example": "/", "/%2f/evil": "/", "/\t/evil": "/", "javascript:alert(1)": "/", "evil": "/", "/signin?next=/": "/", "/signout": "/", "/enter/x": "/", "/api/cases": "/", "/go/abc": "/go/abc", "/%zz": "/"} {
		if got := localPath(next); got != want {
			t.Errorf("localPath(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("lena", "/nothing").wants(http.StatusNotFound, "There is nothing here")
	s.get("lena", "/case?id=nope").wants(http.StatusNotFound, "There is no case nope.").lacks("opening the case")
	s.get("lena", "/case").wants(http.StatusNotFound)
	s.get("lena", "/request?id=nope").wants(http.StatusNotFound)
	s.get("una", "/case?id="+url.QueryEscape(theCase)).wants(http.StatusForbidden, "This is not for you", "not open to you")
	s.post("lena", "/cases", nil).wants(http.StatusNotFound)
	s.desk.stop = errors.New("table people is gone")
	p := s.get("lena", "/").wants(http.StatusInternalServerError, "Reference").lacks("table people")
	reference := regexp.MustCompile(`<code>(\w{8})</code>`).FindStringSubmatch(p.Body)
	if reference == nil || !strings.Contains(s.log.String(), reference[1]) || !strings.Contains(s.log.String(), "table people is gone") {
		t.Errorf("reference %q, log %s", reference, s.log)
	}
	s.desk.stop = errDown
	s.get("lena", "/").wants(http.StatusInternalServerError)
}

type hinted struct{}

func (hinted) Error() string { return "no room on the disk" }
func (hinted) Hint() string  { return "make some" }

type invalidInput struct{}

func (invalidInput) Error() string { return "$.reason: missing\n$.owner: unknown" }
func (invalidInput) Invalid() bool { return true }

func TestFaultWords(t *testing.T) {
	t.Parallel()
	s := &server{}
	for _, c := range []struct {
		err    error
		status int
		what   string
	}{
		{errors.Join(errors.New("while doing this"), notThere{"case 7"}), 404, "there is no case 7"},
		{notFor{}, 403, "this case is not open to you"},
		{hinted{}, 503, "no room on the disk"},
		{invalidInput{}, 422, "$.reason: missing\n$.owner: unknown"},
		{badForm("x"), 400, "x"},
		{&http.MaxBytesError{Limit: 2_000_000}, 413, "this is more than the 2.0 MB that are taken here"},
		{errors.New("secret"), 500, "something went wrong on our side"},
	} {
		f := s.faultOf(c.err)
		if f.Status != c.status || f.What != c.what || (f.Reference != "") != (c.status == 500) {
			t.Errorf("%v: %+v", c.err, f)
		}
	}
	if got := sentence(fault{What: "a b", Hint: "do it"}); got != "A b. Do it." {
		t.Errorf("as a sentence: %q", got)
	}
}

func TestPanicIsAPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.cases = slices.Insert(s.desk.cases, 0, nil) // which no desk does
	s.get("lena", "/cases").wants(http.StatusInternalServerError, "Something went wrong on our side")
	if !strings.Contains(s.log.String(), "panicked") {
		t.Errorf("the log says nothing: %s", s.log)
	}
}

func TestRehearsalIsSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.Rehearsal = true })
	s.get("", "/signin").wants(http.StatusOK, "This is a rehearsal")
	s = newSite(t)
	s.get("ola", "/cases").wants(http.StatusOK, "rehearsal").lacks("This is a rehearsal")
	s.get("ola", "/case?id=onboarding/quiet-payroll/1").wants(http.StatusOK, "Nothing in this case is real")
	s.desk.cases[0].Rehearsal = true
	for _, target := range []string{requestURL(reviewID), "/case?id=" + theCase, "/waiting?case=" + url.QueryEscape(theCase) + "&at=1794819600000000000",
		documentLink("/document", theCase, s.desk.cases[0].Documents[0].Document)} {
		s.get("lena", target).wants(http.StatusOK, "Nothing in this case is real")
	}
	s.get("lena", "/").wants(http.StatusOK, ">rehearsal<")
}
