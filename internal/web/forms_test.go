package web

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

func requestURL(id string) string { return "/request?id=" + url.QueryEscape(id) }

// TestTextIsNeverLost: whatever becomes of an answer, what was typed is in the
// form again, and only a refusal gets a new number.
func TestTextIsNeverLost(t *testing.T) {
	t.Parallel()
	const typed = `It's <b>not</b> fine`
	fill := func(s *site) url.Values {
		f := s.get("lena", requestURL(reviewID)).form("/request/answer", "verdict")
		f.Set("inside", typed)
		f.Set("vendor", "Please mend 3.2.")
		f.Set("verdict", "approve")
		return f
	}
	const shown = `It&#39;s &lt;b&gt;not&lt;/b&gt; fine`
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		f := fill(s)
		p := s.post("lena", "/request/answer", f).wants(http.StatusUnprocessableEntity, "An approval needs every statement confirmed.", shown, "Please mend 3.2.", `value="approve" checked`)
		again := p.form("/request/answer", "verdict")
		if again.Get("nonce") == f.Get("nonce") || !isNonce(again.Get("nonce")) {
			t.Errorf("a refused answer's number %q is used again: %q", f.Get("nonce"), again.Get("nonce"))
		}
		again.Set("verdict", "approve")
		again.Set("attest", "read-confidentiality")
		s.post("lena", "/request/answer", again).leads("/receipt?")
	})
	t.Run("nothing chosen", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		f := fill(s)
		f.Del("verdict")
		s.post("lena", "/request/answer", f).wants(http.StatusUnprocessableEntity, "Choose one of the answers.", shown)
		if len(s.desk.answers) != 0 {
			t.Error("an answer without a verdict reached the desk")
		}
	})
	t.Run("the desk fails", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		s.desk.fail = errors.New("disk on fire at /var/secret")
		f := fill(s)
		p := s.post("lena", "/request/answer", f).wants(http.StatusInternalServerError, shown, "reference").lacks("/var/secret")
		if got := p.form("/request/answer", "verdict").Get("nonce"); got != f.Get("nonce") {
			t.Errorf("after a failure the number changed from %q to %q: it could count twice", f.Get("nonce"), got)
		}
		if !strings.Contains(s.log.String(), "disk on fire") {
			t.Errorf("the log has nothing of it: %s", s.log)
		}
	})
	t.Run("what can never be taken", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		s.desk.fail = invalidInput{}
		f := fill(s)
		p := s.post("lena", "/request/answer", f).wants(http.StatusUnprocessableEntity, shown)
		if got := p.form("/request/answer", "verdict").Get("nonce"); got == f.Get("nonce") || !isNonce(got) {
			t.Errorf("the form keeps its number %q, under which it will be refused again", got)
		}
	})
	t.Run("reading fails too", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		f := fill(s)
		s.desk.fail, s.desk.stop = errors.New("down"), errors.New("down")
		s.post("lena", "/request/answer", f).wants(http.StatusInternalServerError, "What you wrote", shown, "Please mend 3.2.")
	})
	t.Run("signed out meanwhile", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		s.post("", "/request/answer", fill(s)).wants(http.StatusUnauthorized, "You are signed out", shown)
	})
	t.Run("somebody was first", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		f := fill(s)
		ben := s.get("ben", requestURL(reviewID)).form("/request/answer", "verdict")
		ben.Set("verdict", "changes")
		ben.Set("inside", "Not yet.")
		s.post("ben", "/request/answer", ben).leads("/receipt?")
		s.post("lena", "/request/answer", f).wants(http.StatusUnprocessableEntity, "This seat has already answered.", "Ben Okafor answered on Fri 20 Nov 2026, 11:30 CET", shown)
	})
	t.Run("too long", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		f := fill(s)
		f.Set("inside", strings.Repeat("ä", maxReason+1))
		s.post("lena", "/request/answer", f).wants(http.StatusUnprocessableEntity, "longer than 20,000 characters", "ääää")
		f.Set("inside", strings.Repeat("x", maxForm))
		s.post("lena", "/request/answer", f).wants(http.StatusRequestEntityTooLarge, "1.0 MB")
	})
}

// TestDoubleClick: the same form sent twice is one answer, and both clicks end
// on the same receipt.
func TestDoubleClick(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := s.get("ola", requestURL(reviewID)).form("/request/answer", "verdict")
	f.Set("verdict", "approve")
	one, two := s.post("ola", "/request/answer", f).leads("/receipt?"), s.post("ola", "/request/answer", f).leads("/receipt?")
	if one != two {
		t.Errorf("two receipts: %s and %s", one, two)
	}
	s.get("ola", two).wants(http.StatusOK, "Already counted")
	if n := len(s.desk.request(reviewID).Ballots); n != 2 {
		t.Errorf("%d ballots, want the old one and one more", n)
	}
}

func TestReceiptStates(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.receipts = map[string]review.Outcome{
		"a": {Status: review.Pending, Request: reviewID, Verdict: review.Approve},
		"b": {Status: review.Counted, Request: reviewID, Verdict: review.Approve, At: today()},
		"c": {Status: review.Refused, Request: reviewID, Refusal: review.Stale, At: today()},
		"d": {Status: review.Counted, By: "ola"},
		"e": {Status: review.Counted, Request: "gone:q.1", Verdict: review.Reject},
	}
	s.desk.filed = map[string]dossier.Line{"c": {N: 7, Entry: dossier.Entry{Case: theCase}}}
	s.get("lena", "/receipt?id=a").wants(http.StatusOK, "Received, being delivered").lacks("being filed", "waiting", "Waiting")
	s.get("lena", "/receipt?id=b").wants(http.StatusOK, "Counted", "Recorded, being filed").lacks("waiting", "Waiting")
	s.get("lena", "/receipt?id=c").wants(http.StatusOK, "Refused", "A newer version changed what you were asked to read", "line 7").lacks("being filed")
	s.get("lena", "/receipt?id=d").wants(http.StatusOK, "Done")
	s.get("lena", "/receipt?id=e").wants(http.StatusOK, "gone:q.1")
	s.get("lena", "/receipt?id=a&id=b").wants(http.StatusOK, "Your 2 answers")
	s.get("lena", "/receipt?id=zz").wants(http.StatusNotFound)
	s.get("lena", "/receipt").wants(http.StatusNotFound)
}

// TestBehindTheRecord: once an answer is in, the inbox and the request don't ask
// again, although the record still says that they would.
func TestBehindTheRecord(t *testing.T) {
	t.Parallel()
	for _, how := range []func(*recorder){func(d *recorder) { d.lag = true }, func(d *recorder) { d.slow = true }} {
		s := newSite(t)
		how(s.desk)
		f := s.get("lena", requestURL(exitID)).form("/request/answer", "verdict")
		f.Set("verdict", "approve")
		to := s.post("lena", "/request/answer", f).leads("/receipt?")
		s.get("lena", requestURL(exitID)).wants(http.StatusOK, "Nothing here waits on you").lacks("Send the answer")
		inbox := s.get("lena", "/").wants(http.StatusOK, "2 things wait on you")
		if s.desk.slow {
			inbox.wants(http.StatusOK, "Received, being delivered", "Approve: Agree to the plan for the way out")
		} else {
			inbox.lacks("Agree to the plan for the way out")
			s.get("lena", to).wants(http.StatusOK, "Recorded, being filed")
		}
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	link := "/waiting?case=" + url.QueryEscape(theCase) + "&at=" + "1794819600000000000"
	p := s.get("lena", link).wants(http.StatusOK, "2 requests for", "Agree to the plan for the way out", "Agree to the map of data", `name="r1.verdict" value="rest" checked`)
	f := p.form("/waiting", "r0.")
	f.Set("r0.verdict", "rest")
	f.Set("r1.verdict", "changes")
	f.Set("rest", "")
	s.post("lena", "/waiting", f).wants(http.StatusUnprocessableEntity, "A reason is needed.")
	if len(s.desk.answers) != 1 || s.desk.answers[0].Verdict != review.Changes {
		t.Fatalf("the desk got %+v: what was left open is no answer", s.desk.answers)
	}
	f.Set("rest", "approve")
	f.Set("r1.inside", "")
	p = s.post("lena", "/waiting", f).wants(http.StatusUnprocessableEntity, "1 of your answers was taken", "A reason is needed.", `name="r0.verdict" value="changes" checked`)
	p.lacks("Agree to the plan for the way out")
	f = p.form("/waiting", "r0.")
	f.Set("r0.verdict", "changes")
	f.Set("r0.inside", "Payroll is missing.")
	to := s.post("lena", "/waiting", f).leads("/receipt?id=")
	s.get("lena", to).wants(http.StatusOK, "Counted", "Agree to the map of data")
	for id, want := range map[string]review.Verdict{exitID: review.Approve, dataID: review.Changes} {
		if b := s.desk.request(id).Standing("legal"); b == nil || b.Verdict != want {
			t.Errorf("%s stands at %+v, want %s", id, b, want)
		}
	}
	if a, b := s.desk.answers[1].ID, s.desk.answers[2].ID; a == b {
		t.Errorf("two answers have one number %s", a)
	}
	s.get("lena", link).wants(http.StatusNotFound)
	s.post("lena", "/waiting", url.Values{"case": {theCase}, "at": {"x"}}).wants(http.StatusNotFound)
}

func TestMomentNothingChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := s.get("lena", "/waiting?case="+url.QueryEscape(theCase)+"&at=1794819600000000000").form("/waiting", "r0.")
	s.post("lena", "/waiting", f).wants(http.StatusUnprocessableEntity, "Nothing was chosen")
	if len(s.desk.changes) != 0 {
		t.Errorf("the desk was asked for %q", s.desk.changes)
	}
	s.desk.fail = errors.New("down")
	f.Set("r0.verdict", "reject")
	f.Set("r0.inside", "No.")
	p := s.post("lena", "/waiting", f).wants(http.StatusInternalServerError, "No.", "tell whoever runs gangway the reference ")
	if p.form("/waiting", "r0.").Get("r0.nonce") != f.Get("r0.nonce") {
		t.Error("the number changed after a failure")
	}
}

func TestActs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	act := func(holding string) url.Values {
		return s.get("lena", requestURL(reviewID)).form("/request/act", holding)
	}
	f := act(`value="delegate"`)
	s.post("lena", "/request/act", f).wants(http.StatusUnprocessableEntity, "Say who answers instead of you")
	f.Set("to", "ria")
	f.Set("until", "2026-11-30")
	f.Set("inside", "On leave.")
	s.post("lena", "/request/act", f).wants(http.StatusUnprocessableEntity, "This person can&#39;t take the seat", "On leave.", `value="2026-11-30"`)
	f = act(`value="delegate"`)
	f.Set("to", "dora")
	f.Set("until", "30.11.2026")
	s.post("lena", "/request/act", f).wants(http.StatusUnprocessableEntity, "is no day")
	f.Set("until", "2026-11-30")
	s.get("lena", s.post("lena", "/request/act", f).leads("/receipt?")).wants(http.StatusOK, "Done")
	want := time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC) // the end of that day in Berlin
	if a := s.desk.acts[len(s.desk.acts)-1]; !a.Until.Equal(want) || a.ToID != "dora" || a.Seat != "legal" || a.From.Channel != "web" {
		t.Errorf("the desk got %+v", a)
	}
	f = act(`value="snooze"`)
	f.Set("until", "2026-11-22")
	s.post("lena", "/request/act", f).leads("/receipt?")
	f = act(`value="recuse"`)
	s.post("lena", "/request/act", f).wants(http.StatusUnprocessableEntity, "A reason is needed.")
	f.Set("inside", "My brother works there.")
	s.post("lena", "/request/act", f).leads("/receipt?")
	s.get("lena", requestURL(reviewID)).wants(http.StatusOK).lacks("Send the answer", "Declare a conflict")
	f.Set("act", "withdraw")
	s.post("lena", "/request/act", f).wants(http.StatusBadRequest)
}

func TestTakeBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := s.get("lena", requestURL(exitID)).form("/request/answer", "verdict")
	f.Set("verdict", "changes")
	f.Set("inside", "Too slow.")
	s.post("lena", "/request/answer", f).leads("/receipt?")
	b := s.get("lena", requestURL(exitID)).wants(http.StatusOK, "Legal: wants changes").form("/request/act", "take-back")
	b.Set("inside", "I read the wrong plan.")
	s.post("lena", "/request/act", b).leads("/receipt?")
	if s.desk.request(exitID).Standing("legal") != nil {
		t.Error("the answer still stands")
	}
}

func multipartForm(t *testing.T, target string, fields url.Values, file string, content []byte) *http.Request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		for _, x := range v {
			if err := w.WriteField(k, x); err != nil {
				t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile("file", file)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content)
	w.Close()
	r := httptest.NewRequest(http.MethodPost, target, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

func TestSubmitAndWithdraw(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.MaxDocument = 1000 })
	caseURL := "/case?id=" + url.QueryEscape(theCase)
	f := s.get("ola", caseURL).form("/case/submit", "file")
	s.do("ola", multipartForm(t, "/case/submit", f, "v3.md", nil)).wants(http.StatusUnprocessableEntity, "This document is empty.")
	s.do("ola", multipartForm(t, "/case/submit", f, "v3.md", bytes.Repeat([]byte("x"), 1001))).wants(http.StatusRequestEntityTooLarge, "1.0 kB")
	s.do("ola", multipartForm(t, "/case/submit", f, "v3.md", bytes.Repeat([]byte("x"), maxForm+2000))).wants(http.StatusRequestEntityTooLarge)
	s.post("ola", "/case/submit", f).wants(http.StatusUnprocessableEntity, "Pick the file")
	s.do("ola", multipartForm(t, "/case/submit", f, "../../v3.md", []byte("1. New text"))).leads("/receipt?")
	a := s.desk.acts[0]
	if a.Kind != review.Submit || a.Process != theCase || a.Name != "contract" || string(s.desk.papers[a.Document]) != "1. New text" || a.ForVendor {
		t.Errorf("the desk got %+v", a)
	}
	f = s.get("ria", caseURL).form("/case/act", "withdraw")
	s.post("ria", "/case/act", f).wants(http.StatusUnprocessableEntity, "A reason is needed.")
	f.Set("inside", "We build it ourselves.")
	s.post("ria", "/case/act", f).wants(http.StatusUnprocessableEntity, "Only the case owner can do this.", "We build it ourselves.")
	f = s.get("ola", caseURL).form("/case/act", "reopen")
	f.Set("target", theCase+"|intake")
	f.Set("inside", "The cost was wrong.")
	s.post("ola", "/case/act", f).leads("/receipt?")
	if a := s.desk.acts[len(s.desk.acts)-1]; a.Kind != review.Reopen || a.Process != theCase || a.Step != "intake" {
		t.Errorf("the desk got %+v", a)
	}
	s.get("lena", caseURL).wants(http.StatusOK).lacks("Withdraw the case")
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.chores()
	f := s.get("ola", requestURL(textID)).wants(http.StatusOK, `enctype="multipart/form-data"`).form("/request/answer", "file")
	f.Set("verdict", "delivered")
	s.desk.fail = errors.New("engine down")
	p := s.do("ola", multipartForm(t, "/request/answer", f, "c.md", []byte("1. Text")))
	p.wants(http.StatusInternalServerError)
	s.desk.fail = nil
	p = s.post("ola", "/request/answer", f).wants(http.StatusUnprocessableEntity, "A delivery needs a document.")
	f = p.form("/request/answer", "file")
	f.Set("verdict", "delivered")
	s.do("ola", multipartForm(t, "/request/answer", f, "c.md", []byte("1. Text"))).leads("/receipt?")
	if a := s.desk.answers[len(s.desk.answers)-1]; len(a.Documents) != 1 || string(s.desk.papers[a.Documents[0]]) != "1. Text" {
		t.Errorf("the desk got %+v", a)
	}
}

// TestCollatedChanges: the owner sees what each reviewer wants, and the part for
// the vendor is in the form to be edited; what is for inside is not.
func TestCollatedChanges(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := s.get("lena", requestURL(reviewID)).form("/request/answer", "verdict")
	f.Set("verdict", "changes")
	f.Set("inside", "They gave way before.")
	f.Set("vendor", "Clause 3.2: tell us first.")
	s.post("lena", "/request/answer", f).leads("/receipt?")
	s.desk.chores()
	p := s.get("ola", requestURL(sendID)).wants(http.StatusOK, "What is wanted", "They gave way before.", "Lena Weiß")
	f = p.form("/request/answer", "verdict")
	if got := f.Get("vendor"); got != "Legal: Clause 3.2: tell us first." {
		t.Errorf("the text for the vendor begins as %q", got)
	}
	if f.Get("inside") != "" {
		t.Errorf("an inside reason is in the form: %q", f.Get("inside"))
	}
}

func TestOneFormNamesEachField(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := s.get("lena", requestURL(reviewID)).form("/request/answer", "verdict")
	for _, change := range []func(url.Values){
		func(v url.Values) { v.Del("nonce") },
		func(v url.Values) { v.Set("nonce", "web-short") },
		func(v url.Values) { v.Del("request") },
		func(v url.Values) { v.Set("version", "minus one") },
		func(v url.Values) { v.Set("document", "../etc/passwd") },
		func(v url.Values) { v.Set("seat", "a\x00b") },
	} {
		v := url.Values{"verdict": {"approve"}, "inside": {"kept text"}}
		for k := range f {
			if !slices.Contains([]string{"inside", "vendor"}, k) {
				v.Set(k, f.Get(k))
			}
		}
		change(v)
		s.post("lena", "/request/answer", v).wants(http.StatusBadRequest, "kept text")
	}
	if len(s.desk.changes) != 0 {
		t.Errorf("the desk was asked for %q", s.desk.changes)
	}
}
