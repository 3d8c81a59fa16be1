package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func letters() []outbox.Letter {
	return []outbox.Letter{
		{ID: "asked/1", Person: "sami", Kind: outbox.Asked, Case: theCase, State: outbox.Bounced, Fault: "bounce 5.1.1", Changed: day(19)},
		{ID: "reminder/2", Person: "lena", Kind: outbox.Reminder, Case: theCase, State: outbox.Unknown, Changed: day(18)},
		{ID: "outcome/3", Person: "ria", Kind: outbox.Outcome, Case: theCase, State: outbox.Refused, Fault: "<b>550</b>", Changed: day(17)},
		{ID: "link/4", Person: "dora", Kind: outbox.SignIn, State: outbox.Unknown, Changed: day(16)},
	}
}

// operated is a site in which ben is an operator and dora an auditor.
func operated(t *testing.T) (*site, *postbag) {
	post := &postbag{letters: letters()}
	s := newSite(t, func(o *Options) { o.Post = post })
	s.desk.people[5].Roles, s.desk.people[4].Roles = []string{playbook.OperatorRole}, []string{playbook.AuditorRole}
	return s, post
}

func TestLetters(t *testing.T) {
	t.Parallel()
	s, post := operated(t)
	for _, person := range []string{"ola", "dora", "lena"} {
		s.get(person, "/letters").wants(http.StatusForbidden, "Letters are not for you")
		s.post(person, "/letters/again", url.Values{"id": {"asked/1"}}).wants(http.StatusForbidden)
	}
	p := s.get("ben", "/letters").wants(http.StatusOK, "Sami Aalto", "came back", "nobody knows whether it arrived", "refused by the mail server", "&lt;b&gt;550&lt;/b&gt;", "they ask for a new one")
	if n := strings.Count(p.Body, "Send it again"); n != 3 {
		t.Errorf("%d letters can be sent again", n)
	}
	f := p.form("/letters/again", "Sami Aalto")
	s.post("ben", "/letters/again", f).wants(http.StatusOK, "A letter to <bdi>Sami Aalto</bdi> is on its way once more").lacks("asked/1")
	s.post("ben", "/letters/again", f).wants(http.StatusNotFound, "This was not taken.", "There is no letter asked/1.")
	s.post("ben", "/letters/again", url.Values{"id": {"link/4"}}).wants(http.StatusUnprocessableEntity, "A one-time link is not sent again.")
	s.post("ben", "/letters/again", url.Values{}).wants(http.StatusBadRequest)
	if !slices.Equal(post.again, []string{"asked/1"}) {
		t.Errorf("sent again: %q", post.again)
	}
	post.letters = nil
	s.get("ben", "/letters").wants(http.StatusOK, "Every letter arrived")
	without := newSite(t)
	without.desk.people[5].Roles = []string{playbook.OperatorRole}
	without.get("ben", "/letters").wants(http.StatusNotFound, "This gangway sends no mail")
	without.get("ben", "/").wants(http.StatusOK, "/people/replace").lacks("/letters")
}

// TestReplacePage: both are named, everything is shown, one button does it.
func TestReplacePage(t *testing.T) {
	t.Parallel()
	s, _ := operated(t)
	s.desk.named = []string{"lena"}
	for _, person := range []string{"ola", "dora", "lena"} {
		s.get(person, "/people/replace?leaver=ola&by=ben").wants(http.StatusForbidden)
	}
	s.get("ben", "/people/replace").wants(http.StatusOK, "Show what it touches", "Gus Left (has left)").lacks("What it touches</h2>", "Vic Turner")
	p := s.get("ben", "/people/replace?leaver=ola&by=sami").wants(http.StatusOK, "What it touches", "as owner", "seat <bdi>Business</bdi>", "Lena Weiß",
		"Put <bdi>Sami Aalto</bdi> in the place of <bdi>Ola Nordmann</bdi>")
	if len(s.desk.changes) != 0 {
		t.Fatalf("looking did %q", s.desk.changes)
	}
	f := p.form("/people/replace", "inside")
	s.post("ben", "/people/replace", f).wants(http.StatusUnprocessableEntity, "A reason is needed.", "What it touches")
	f.Set("inside", "Ola <b>left</b>")
	s.desk.named = nil // the people have moved
	p = s.post("ben", "/people/replace", f).wants(http.StatusUnprocessableEntity, "This was not taken.", "Ola &lt;b&gt;left&lt;/b&gt;")
	f = p.form("/people/replace", "inside")
	s.post("ben", "/people/replace", f).wants(http.StatusOK, "<strong>Done.</strong>", "takes the place of").lacks("Put <bdi>")
	if o := s.desk.orders; len(o) != 1 || o[0].Leaver != "ola" || o[0].By != "sami" || o[0].Reason != "Ola <b>left</b>" || o[0].ID != f.Get("nonce") || !isNonce(o[0].ID) {
		t.Errorf("the desk got %+v", o)
	}
	s.get("ben", "/people/replace?leaver=ola&by=ola").wants(http.StatusUnprocessableEntity, "This was not taken.").lacks("Put <bdi>")
	for name, value := range map[string]string{"nonce": "x", "digest": "y", "leaver": "", "by": "a\x00"} {
		g := url.Values{}
		for k, v := range f {
			g[k] = v
		}
		g.Set(name, value)
		s.post("ben", "/people/replace", g).wants(http.StatusBadRequest)
	}
}

func TestAPIPreviews(t *testing.T) {
	t.Parallel()
	s, _ := operated(t)
	s.desk.correction = playbook.Correction{From: 1, To: 2, Digest: "sha256:x"}
	c := decode[playbook.Correction](s.call("ola", "GET", "/api/correction?case="+url.QueryEscape(theCase)+"&field=data&value=a&value=b", "").wants(200))
	if c.Field != "data" || c.Digest != "sha256:x" {
		t.Errorf("the preview is %+v", c)
	}
	s.call("ola", "GET", "/api/correction?case="+url.QueryEscape(theCase)+"&field=yearlyCost&amount=x", "").wants(400, "no number")
	s.call("ola", "GET", "/api/correction?field=data", "").wants(400)
	s.call("una", "GET", "/api/correction?case="+url.QueryEscape(theCase)+"&field=data", "").wants(403)
	s.call("ola", "GET", "/api/replacement?leaver=ola&by=sami", "").wants(403)
	s.call("ben", "GET", "/api/replacement?leaver=ola", "").wants(400)
	r := decode[dossier.Replacement](s.call("ben", "GET", "/api/replacement?leaver=ola&by=sami", "").wants(200))
	if len(s.desk.changes) != 0 {
		t.Fatalf("looking did %q", s.desk.changes)
	}
	s.call("ben", "POST", "/api/replace", pack(t, dossier.ReplaceOrder{ID: "cli-1", Leaver: "ola", By: "sami", Reason: " a\x1bb ", Digest: r.Digest})).wants(200, r.Digest)
	if o := s.desk.orders[0]; o.Reason != "ab" || o.ID != "cli-1" {
		t.Errorf("the desk got %+v", o)
	}
	s.call("ben", "POST", "/api/replace", `{"id":"x","leaver":"ola","by":"sami"}`).wants(400)
	s.desk.request(dataID).AskText, s.desk.asked = "a1", map[string]string{"a1": "Is it?"}
	s.call("lena", "GET", "/api/question?request="+url.QueryEscape(dataID), "").wants(200, `{"text":"Is it?"}`)
	s.call("una", "GET", "/api/question?request="+url.QueryEscape(dataID), "").wants(404)
	s.call("ben", "GET", "/api/trouble", "").wants(200, `{"ownerless":[]}`)
	s.desk.people[0].Left = true
	s.call("ben", "GET", "/api/trouble", "").wants(200, `{"ownerless":["`+theCase+`"]}`)
}

func TestAPIAudit(t *testing.T) {
	t.Parallel()
	s, _ := operated(t)
	s.desk.audit = []dossier.AuditRow{{Chain: theCase, N: 3, At: day(3), Sort: dossier.AuditDecision, What: "answered", Actor: "lena"}, {Chain: "register", N: 4, At: day(4), Sort: dossier.AuditFinding}}
	const period = "/api/audit?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z"
	p := s.call("dora", "GET", period, "").wants(200)
	lines := strings.Split(strings.TrimSpace(p.Body), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], `"answered"`) || lines[2] != `{"rows":2}` || !strings.HasPrefix(p.Header.Get("Content-Type"), "application/x-ndjson") {
		t.Errorf("%v\n%s", p.Header, p.Body)
	}
	if p := s.call("dora", "GET", "/api/audit?from=2020-11-01T00:00:00Z&to=2021-12-01T00:00:00Z", ""); p.Body != "{\"rows\":0}\n" {
		t.Errorf("an empty period gives %q", p.Body)
	}
	s.call("ben", "GET", period, "").wants(403)
	s.call("dora", "GET", "/api/audit?from=2026-11-01T00:00:00Z", "").wants(400, "no to")
	s.desk.fail = errors.New("the disk broke")
	defer func() {
		if recover() == nil {
			t.Error("an audit that broke off looks like a whole one")
		}
	}()
	s.call("dora", "GET", period, "")
}

func TestAPILettersAndBounces(t *testing.T) {
	t.Parallel()
	s, post := operated(t)
	if got := decode[[]outbox.Letter](s.call("ben", "GET", "/api/letters", "").wants(200)); len(got) != 4 {
		t.Errorf("%d letters", len(got))
	}
	s.call("ben", "POST", "/api/letters/again", `{"id":"reminder/2"}`).wants(200, `"again":"reminder/2"`)
	s.call("ben", "POST", "/api/letters/again", `{}`).wants(400)
	s.call("dora", "GET", "/api/letters", "").wants(403)
	bounce := func(person, kind, body string) page {
		r := httptest.NewRequest("POST", "/api/bounce", strings.NewReader(body))
		r.Header.Set("Gangway-As", person)
		r.Header.Set("Content-Type", kind)
		return s.do("", r)
	}
	bounce("ben", "message/rfc822", "Subject: failed\r\n\r\nx").wants(200, "{}")
	bounce("ben", "application/json", "{}").wants(415)
	bounce("ola", "message/rfc822", "x").wants(403)
	bounce("ben", "message/rfc822", strings.Repeat("x", maxBounce+1)).wants(413)
	if len(post.reports) != 1 || post.reports[0] != "Subject: failed\r\n\r\nx" {
		t.Errorf("the post got %d reports", len(post.reports))
	}
	post.wrong = invalidInput{}
	bounce("ben", "message/rfc822", "x").wants(422)
}

// TestSteeringInTheTimeline: every fact and entry of steering has a sentence.
func TestSteeringInTheTimeline(t *testing.T) {
	t.Parallel()
	c := *scene(t).cases[0]
	who := names{byID: map[string]string{"ola": "Ola", "lena": "Lena", "ben": "Ben"}}
	const title = "Sign off the hosting agreement"
	fact := func(f review.Fact) dossier.Entry {
		f.Request, f.Person = reviewID, "ola"
		return dossier.Entry{Kind: dossier.Request, CaseAt: day(20), Fact: &f}
	}
	entry := func(k dossier.Kind, d dossier.Detail) dossier.Entry {
		return dossier.Entry{Kind: k, CaseAt: day(20), Actor: "ola", Detail: &d}
	}
	for _, x := range []struct {
		e    dossier.Entry
		want string
	}{
		{fact(review.Fact{Kind: review.FactOpened, Opened: &review.Request{AskText: "a"}}), "Ola asked beside the playbook: " + title},
		{fact(review.Fact{Kind: review.FactDue, Why: "extended", Due: day(25)}), "Ola moved the due date of " + title + " to Wed 25 Nov 2026, 09:00"},
		{fact(review.Fact{Kind: review.FactDue, Why: "sent-early", Due: day(20)}), "Ola ended the round of " + title + " early: the changes wanted so far go to the vendor"},
		{fact(review.Fact{Kind: review.FactDue, Why: "resumed", Due: day(25)}), title + " is due Wed 25 Nov 2026, 09:00: the time on hold doesn't count"},
		{fact(review.Fact{Kind: review.FactHeld}), title + " stands still while the case is on hold"},
		{fact(review.Fact{Kind: review.FactResumed}), title + " goes on"},
		{fact(review.Fact{Kind: review.FactAdded, Seat: "security", New: &review.Seat{Mandatory: true}}), "Ola added the seat Security, which must agree, to " + title},
		{fact(review.Fact{Kind: review.FactAdded, Seat: "dora"}), "Ola added the seat Dora to " + title},
		{entry(dossier.Held, dossier.Detail{}), "Ola put the case on hold"},
		{entry(dossier.Resumed, dossier.Detail{}), "Ola resumed the case"},
		{entry(dossier.Corrected, dossier.Detail{Field: "yearlyCost", Amount: 90000, From: 1, Tier: 2, Added: []string{"pen-test", "audit"}, Dropped: []string{"short-form"}, Kept: []string{"data-map"}}),
			"Ola corrected the yearly cost to 90000; the vendor was tier 1 and is tier 2; added: Pen test, Audit; dropped: Short form; kept all the same: Data map"},
		{entry(dossier.Corrected, dossier.Detail{Field: "data", From: 2, Tier: 2}), "Ola corrected the kinds of data to none; the vendor stays tier 2"},
		{entry(dossier.OwnerChanged, dossier.Detail{Owner: "ben", Deputy: "lena", Sponsor: "ola"}), "Ben owns the case now, Lena is deputy, Ola is sponsor"},
		{entry(dossier.Replaced, dossier.Detail{Person: "ola", By: "ben"}), "Ben takes the place of Ola"},
		{entry(dossier.AccessChanged, dossier.Detail{Owner: "ben", Result: "token-made"}), "Access of Ben: Token made"},
		{entry(dossier.Noted, dossier.Detail{Name: string(review.NoteUndelivered)}), "A letter came back, or was refused"},
		{entry(dossier.Noted, dossier.Detail{Name: string(review.NoteUnreached), Person: "ben", Channel: "slack", Result: review.UnreachedElsewhere, Instead: "mail"}),
			"Ben can't be reached in Slack (other workspace); told by mail"},
		{entry(dossier.Noted, dossier.Detail{Name: string(review.NoteUnreached), Person: "ben", Channel: "slack", Result: review.UnreachedGuest}), "Ben can't be reached in Slack (guest)"},
		{entry(dossier.AwaySet, dossier.Detail{Person: "ben"}), "Ben is back"},
		{entry(dossier.AwaySet, dossier.Detail{Person: "ben", By: "lena", Starts: today(), Ends: today().AddDate(0, 0, 7)}), "Ben is away from Fri 20 Nov 2026, 10:30 until Fri 27 Nov 2026, 10:30; Lena stands in"},
		{entry(dossier.Bound, dossier.Detail{Person: "ben", Channel: "slack", Result: "link"}), "An account of Slack is now Ben's (by link)"},
		{entry(dossier.Unbound, dossier.Detail{Person: "ben", Channel: "slack", Result: "asked"}), "An account of Slack is no longer Ben's"},
	} {
		got := timeline([]dossier.Line{{N: 1, Entry: x.e}}, c, who, visitor{zone: time.UTC}, day(20))
		if text := flatWords(got[0].Words); text != x.want {
			t.Errorf("%s: %q\nwant %q", x.e.Kind, text, x.want)
		}
	}
}
