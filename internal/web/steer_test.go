package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func caseURL() string { return "/case?id=" + url.QueryEscape(theCase) }

// TestSteering: each act of the owner comes from a folded form of the case page,
// reaches the desk as what it is, and leads to a receipt.
func TestSteering(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind review.ActKind
		fill url.Values
		want func(review.Act) bool
	}{
		{review.Extend, url.Values{"request": {dataID}, "until": {"2026-12-04"}}, func(a review.Act) bool {
			return a.Request == dataID && a.Until.Format("2006-01-02T15:04:05Z") == "2026-12-04T23:00:00Z" // midnight in Berlin
		}},
		{review.Hold, nil, func(a review.Act) bool { return a.Request == "" }},
		{review.Ask, url.Values{"to": {"sami"}}, func(a review.Act) bool { return a.ToID == "sami" }},
		{review.AddSeat, url.Values{"request": {exitID}, "role": {"security"}, "mandatory": {"yes"}}, func(a review.Act) bool {
			return a.Request == exitID && a.Role == "security" && a.ToID == "" && a.Mandatory
		}},
		{review.AddSeat, url.Values{"request": {exitID}, "to": {"dora"}}, func(a review.Act) bool { return a.ToID == "dora" && a.Role == "" && !a.Mandatory }},
		{review.SendChanges, url.Values{"vendor": {"Mend 3.2."}}, func(a review.Act) bool { return a.Text.Vendor == "Mend 3.2." }},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			f := s.get("ola", caseURL()).wants(http.StatusOK, "Steer the case").lacks("HELD").form("/case/steer", `value="`+string(c.kind)+`"`)
			for name, v := range c.fill {
				f[name] = v
			}
			f.Set("inside", "We agreed so.")
			to := s.post("ola", "/case/steer", f).leads("/receipt?")
			s.get("ola", to).wants(http.StatusOK, "Done", "Filed as <strong>line")
			a := s.desk.acts[0]
			if a.Kind != c.kind || a.Process != theCase || a.Text.Inside != "We agreed so." || a.ID != f.Get("nonce") || a.From.ID != "ola" || !c.want(a) {
				t.Errorf("the desk got %+v", a)
			}
			if again := s.post("ola", "/case/steer", f).leads("/receipt?"); again != to {
				t.Errorf("sent twice it leads to %q and %q", to, again)
			}
		})
	}
}

// TestSteeringIsFolded: nothing of it lies open until somebody opens it or it has
// to be mended.
func TestSteeringIsFolded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.get("ola", caseURL()).wants(http.StatusOK)
	section := p.Body[strings.Index(p.Body, `aria-labelledby="steer"`):]
	if strings.Contains(section, "<details open") || strings.Count(section, "<details") < 6 {
		t.Errorf("it is not folded:\n%s", section)
	}
}

// TestSteeringIsForTheOwner: whoever access says acts as the owner has the forms,
// nobody else; and whoever sends one all the same is told why it doesn't count.
func TestSteeringIsForTheOwner(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.cases[0].Deputy, s.desk.cases[0].Sponsor = "dora", "sami"
	for person, may := range map[string]bool{"ola": true, "dora": true, "sami": true, "ria": false, "lena": false, "ben": false} {
		p := s.get(person, caseURL()).wants(http.StatusOK)
		if strings.Contains(p.Body, "Steer the case") != may {
			t.Errorf("%s: steering is offered: %t", person, !may)
		}
	}
	s.desk.people[0].Roles = []string{playbook.AuditorRole} // who only looks
	s.get("ola", caseURL()).wants(http.StatusOK).lacks("Steer the case")
	f := url.Values{"nonce": {newNonce()}, "act": {"hold"}, "case": {theCase}, "inside": {"I want <b>peace</b>"}}
	s.post("ria", "/case/steer", f).wants(http.StatusUnprocessableEntity, "This was not taken.", "Only the case owner can do this.")
	if s.desk.cases[0].Held != nil {
		t.Error("the case is held")
	}
}

// TestSteeringKeepsWhatWasTyped: a refusal is told in words, opens the form that it
// is about, and loses no text.
func TestSteeringKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	base := url.Values{"nonce": {newNonce()}, "case": {theCase}, "inside": {"They <b>asked</b>"}}
	with := func(pairs ...string) url.Values {
		f := url.Values{}
		for k, v := range base {
			f[k] = v
		}
		for i := 0; i < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f
	}
	for _, c := range []struct {
		form url.Values
		want string
	}{
		{with("act", "extend", "request", dataID, "until", "2026-11-21"), "The new due date is not later than the one that stands."},
		{with("act", "extend", "request", dataID), "Say which step, and until which day."},
		{with("act", "extend", "request", dataID, "until", "soon"), "is no day; write it as 2026-11-30"},
		{with("act", "ask"), "Say whom you ask."},
		{with("act", "ask", "to", "sami", "inside", ""), "Write what you ask."},
		{with("act", "add-seat", "request", exitID, "to", "sami", "role", "legal"), "pick one of the two"},
		{with("act", "add-seat", "request", exitID), "pick one of the two"},
		{with("act", "add-seat", "to", "sami"), "Say to which step"},
		{with("act", "hold", "inside", " "), "A reason is needed."},
		{with("act", "send-changes", "vendor", strings.Repeat("x", maxReason+1)), "longer than 20,000 characters"},
	} {
		p := s.post("ola", "/case/steer", c.form).wants(http.StatusUnprocessableEntity, "This was not taken.", c.want, "<details open><summary>")
		if c.form.Get("inside") == "They <b>asked</b>" {
			p.wants(http.StatusUnprocessableEntity, "They &lt;b&gt;asked&lt;/b&gt;")
		}
	}
	for _, f := range []url.Values{with("act", "recuse"), with("act", "undelivered"), with(), with("act", "hold", "case", ""), with("act", "hold", "nonce", "x"), with("act", "correct"),
		with("act", "correct", "field", "data", "value", "x"), with("act", "correct", "field", "yearlyCost", "value", "lots", "digest", "sha256:"+strings.Repeat("a", 64)),
		with("act", "hold", "digest", "x"), with("act", "add-seat", "role", "a\x00b", "request", exitID)} {
		s.post("ola", "/case/steer", f).wants(http.StatusBadRequest)
	}
	if len(s.desk.acts) != 1 { // what only the process can judge
		t.Errorf("the desk was asked for %q", s.desk.changes)
	}
}

// TestHeldIsSaidEverywhere: since when and by whom stands on every page of the
// case, the lists say it in a word, and the one thing to do is to resume.
func TestHeldIsSaidEverywhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.cases[0].Held = &dossier.Hold{Since: day(18), By: "ola"}
	s.desk.cases[0].Anchor = calendar.Anchor{}
	digest := s.desk.cases[0].Documents[1].Document
	s.desk.receipts["known"] = review.Outcome{Status: review.Counted, Request: exitID}
	for _, target := range []string{caseURL(), requestURL(reviewID), "/waiting?case=" + url.QueryEscape(theCase) + "&at=1794819600000000000", documentLink("/document", theCase, digest),
		"/receipt?id=known"} {
		s.get("lena", target).wants(http.StatusOK, "<strong>HELD</strong> since", "18 Nov 2026", "Ola Nordmann")
	}
	s.get("lena", "/").wants(http.StatusOK, `<span class="badge warn">held</span>`)
	s.get("lena", "/cases").wants(http.StatusOK, `<span class="badge warn">held</span>`)
	p := s.get("ola", caseURL()).wants(http.StatusOK, "Resume the case").lacks("Move a due date", "Put the case on hold", "Add a seat to a step")
	f := p.form("/case/steer", `value="resume"`)
	f.Set("inside", "Back again")
	s.post("ola", "/case/steer", f).leads("/receipt?")
	s.get("ola", caseURL()).wants(http.StatusOK, "Put the case on hold").lacks("HELD")
}

// TestCorrection: the first step shows what would change and changes nothing; the
// second carries what was shown, and is refused when that no longer fits.
func TestCorrection(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.correction = playbook.Correction{From: engagement.Tier(3), To: engagement.Tier(1), Digest: "sha256:" + strings.Repeat("a", 64),
		Added: []playbook.Step{{ID: "pen-test", Title: "Read the <b>penetration</b> test"}}, Dropped: []playbook.Step{{ID: "short-form"}}, Kept: []playbook.Step{{ID: "x", Title: "Agree to the map"}}}
	s.get("ola", caseURL()).wants(http.StatusOK, "Show what it changes", `method="get" action="/case/correct"`)
	p := s.get("ola", "/case/correct?case="+url.QueryEscape(theCase)+"&field=data&value=payroll,+health").wants(http.StatusOK, "What this correction changes", "payroll, health",
		"Read the &lt;b&gt;penetration&lt;/b&gt; test", "short-form", "Kept all the same", "Agree to the map")
	if len(s.desk.changes) != 0 {
		t.Fatalf("looking did %q", s.desk.changes)
	}
	f := p.form("/case/steer", `value="correct"`)
	s.post("ola", "/case/steer", f).wants(http.StatusUnprocessableEntity, "A reason is needed.", "What this correction changes")
	f.Set("inside", "Payslips hold sick days")
	s.desk.correction.Digest = "sha256:" + strings.Repeat("b", 64)
	s.desk.correction.Dropped = nil
	p = s.post("ola", "/case/steer", f).wants(http.StatusUnprocessableEntity, "The case has moved since this was shown to you", "Payslips hold sick days").lacks("short-form")
	f = p.form("/case/steer", `value="correct"`)
	if f.Get("digest") != s.desk.correction.Digest {
		t.Fatalf("the new form carries %q", f.Get("digest"))
	}
	s.post("ola", "/case/steer", f).leads("/receipt?")
	a := s.desk.acts[len(s.desk.acts)-1]
	if a.Kind != review.Correct || a.Field != "data" || !slices.Equal(a.Values, []string{"payroll", "health"}) || a.Digest != s.desk.correction.Digest || a.Process != theCase {
		t.Errorf("the desk got %+v", a)
	}
	s.get("ola", "/case/correct?case="+url.QueryEscape(theCase)+"&field=data&value=nonsense").wants(http.StatusUnprocessableEntity, "This was not taken.", "unknown", `value="nonsense"`)
	s.get("ola", "/case/correct?case="+url.QueryEscape(theCase)+"&field=yearlyCost&value=lots").wants(http.StatusUnprocessableEntity, "as a whole number", `value="lots"`)
	s.get("ola", "/case/correct?case="+url.QueryEscape(theCase)+"&field=vendor&value=x").wants(http.StatusUnprocessableEntity)
	s.get("ria", "/case/correct?case="+url.QueryEscape(theCase)+"&field=data&value=x").wants(http.StatusForbidden, "Only the case owner corrects")
	s.get("ola", "/case/correct?field=data").wants(http.StatusNotFound)
}

// TestAmounts: a cost is read as people write it.
func TestAmounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"120000": 120000, "120,000": 120000, "120 000": 120000, "120’000": 120000, "0": 0, "-1": -1, "": -1, "12k": -1, "99999999999999999999": -1} {
		f := actForm{Field: playbook.FieldCost}
		ok := f.corrected(text)
		if ok != (want >= 0) || ok && f.Amount != want {
			t.Errorf("%q is read as %d, %t", text, f.Amount, ok)
		}
	}
	f := actForm{Field: playbook.FieldSystems}
	if !f.corrected(" crm, , hr\nmail ,crm") || !slices.Equal(f.Values, []string{"crm", "hr", "mail"}) {
		t.Errorf("a list is read as %q", f.Values)
	}
}

// TestQuestionIsShown: what the owner asked in their own words stands on the
// request's page, for whoever may see it.
func TestQuestionIsShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := s.desk.request(dataID)
	r.AskText, r.Ask, r.Requester = "web-ask", "machine's words", "ola"
	s.desk.asked = map[string]string{"web-ask": "Is <b>this</b> plan\nfeasible?"}
	s.get("lena", requestURL(dataID)).wants(http.StatusOK, "Is &lt;b&gt;this&lt;/b&gt; plan\nfeasible?", "Ola Nordmann").lacks("machine&#39;s words")
	s.get("lena", "/waiting?case="+url.QueryEscape(theCase)+"&at=1794819600000000000").wants(http.StatusOK, "feasible?")
	if p := s.get("una", requestURL(dataID)); p.Status < 400 || strings.Contains(p.Body, "feasible") {
		t.Errorf("a stranger sees %d\n%s", p.Status, p.Body)
	}
}

// TestRedBlock: a case that nobody can steer and a request that reached nobody
// stand in red on the first page of those involved and of operators.
func TestRedBlock(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.Post = &postbag{letters: letters()} })
	s.get("lena", "/").wants(http.StatusOK).lacks("This does not mend itself")
	p := s.get("ola", "/").wants(http.StatusOK, "This does not mend itself", "did not reach <bdi>Sami Aalto</bdi>").lacks("nobody can be reached", "/letters")
	if n := strings.Count(p.Body, "did not reach"); n != 1 {
		t.Errorf("%d people were not reached", n)
	}
	s.desk.people[0].Left = true
	s.get("ria", "/").wants(http.StatusOK, "nobody can be reached who owns it (<bdi>Ola Nordmann</bdi>")
	s.get("ria", caseURL()).wants(http.StatusOK, "Nobody can be reached who owns this case")
	s.desk.people[5].Roles = []string{playbook.OperatorRole}
	s.get("ben", "/").wants(http.StatusOK, "nobody can be reached who owns it", `<a href="/letters">4 letters</a>`, "For operators", "/people/replace")
	s.desk.cases[0].State = dossier.Live
	s.get("ria", "/").wants(http.StatusOK).lacks("This does not mend itself")
}
