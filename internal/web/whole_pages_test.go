package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// newWholeSite is a site with a whole onboarding in it.
func newWholeSite(t testing.TB, change ...func(*Options)) (*site, *backoffice) {
	t.Helper()
	s, b := newSidedSite(t, change...)
	s.desk.forms()
	s.desk.whole()
	b.watch = engagement.Watch{Lead: map[engagement.ExpiryKind]int{engagement.ExpiryContract: 45}, NoticeLead: 30}
	return s, b
}

func section(t *testing.T, body, id string) string {
	t.Helper()
	_, rest, found := strings.Cut(body, `<h2 id="`+id+`"`)
	part, _, ends := strings.Cut(rest, "</section>")
	if !found || !ends {
		t.Fatalf("the page has no section %q", id)
	}
	return part
}

func tells(t *testing.T, part string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(part, want) {
			t.Errorf("%q is not in\n%s", want, part)
		}
	}
}

func oversightURL() string { return "/case?id=" + url.QueryEscape(theOversight) }

// TestWhatIsWatchedOnACasePage: what is overdue stands first and says so in words, then
// the next dates; a contract has the day by which its owner must know.
func TestWhatIsWatchedOnACasePage(t *testing.T) {
	t.Parallel()
	s, b := newWholeSite(t)
	p := s.get("ola", oversightURL()).wants(http.StatusOK, "Follows", caseURL())
	p.accessible("a case that watches")
	part := section(t, p.Body, "watched")
	late, coming, found := strings.Cut(part, "Next dates")
	if !found {
		t.Fatal("no next dates")
	}
	tells(t, late, "2 overdue", "What is lacking (exit plan)", ">owed<", "The insurance</bdi></strong> <span class=\"badge bad\">ran out<", "until 10 Nov 2026", "diligence/northwind/2")
	tells(t, coming, "The certificate “iso 27001”", "not reviewed here", ">runs out soon<", "Decide by <strong>10 Dec 2026</strong>; notice must have arrived by <strong>30 Dec 2026</strong>, or it goes on by its own terms for 12 months",
		"The data processing agreement</bdi>", ">holds<", "People are asked from 1 May 2028 on", "Sami Aalto", "1 no longer watched", "no longer needed")
	order := []int{strings.Index(part, "exit plan"), strings.Index(part, "The insurance"), strings.Index(part, "iso 27001"), strings.Index(part, "The access"), strings.Index(part, "The contract"), strings.Index(part, "The data processing")}
	if !slices.IsSorted(order) || slices.Contains(order, -1) {
		t.Errorf("the first to run out does not stand first: %v", order)
	}
	c := s.desk.cases[len(s.desk.cases)-1]
	for i := range c.Watched {
		c.Watched[i].Decided = string(playbook.Leave)
	}
	tells(t, section(t, s.get("ola", oversightURL()).Body, "watched"), "decided: to be left, with notice")
	c.Watched[2].Decided, c.Watched[2].On = "", day(30)
	tells(t, section(t, s.get("ola", oversightURL()).Body, "watched"), "too late for notice, and nobody has decided", "3 overdue")
	c.Watched[2].NoticePassed = true
	tells(t, section(t, s.get("ola", oversightURL()).Body, "watched"), "too late for notice, and nobody has decided")
	s.get("una", oversightURL()).wants(http.StatusForbidden)
	s.get("ola", caseURL()).wants(http.StatusOK, "Goes on in", oversightURL()).lacks("What is watched")
	b.fail = nil
}

// TestAWatchedThingLeadsToWhatIsAskedOfIt: the row of something that is watched links to
// the open request about it, and to no other and no closed one.
func TestAWatchedThingLeadsToWhatIsAskedOfIt(t *testing.T) {
	t.Parallel()
	s, _ := newWholeSite(t)
	id := theOversight + ":insurance-lapsed.1"
	rows := func() []string {
		return strings.Split(section(t, s.get("ola", oversightURL()).wants(http.StatusOK).Body, "watched"), "<li>")
	}
	linked := func() (names []string) {
		for _, row := range rows() {
			if strings.Contains(row, "Asked now:") {
				names = append(names, row[:strings.Index(row, "</bdi>")])
				tells(t, row, `Asked now: <a href="`+requestURL(id)+`"><bdi>It has run out: the insurance</bdi></a>`)
			}
		}
		return names
	}
	if got := linked(); len(got) != 1 || !strings.HasSuffix(got[0], "The insurance") {
		t.Errorf("linked are %q", got)
	}
	s.get("ola", requestURL(id)).wants(http.StatusOK, "It has run out: the insurance")
	c := s.desk.cases[len(s.desk.cases)-1]
	again := asked(c, theOversight+":insurance-lapsed.2", theOversight, "insurance-lapsed", "It has run out: the insurance", review.Task, day(26), review.Seat{ID: playbook.OwnerSeat, Role: review.OwnerRole})
	again.Watched = c.Requests[0].Watched
	c.Requests[0].Closed = &review.Closing{State: review.Met, At: day(20), Why: "decided"}
	id = again.ID
	if got := linked(); len(got) != 1 {
		t.Errorf("after it was asked again linked are %q", got)
	}
	c.Requests[1].Closed = &review.Closing{State: review.Met, At: day(20), Why: "decided"}
	if got := linked(); len(got) != 0 {
		t.Errorf("with nothing asked linked are %q", got)
	}
}

// TestItemsOfADueDiligence: who delivers each, how it stands, who accepts it, and until
// when it holds.
func TestItemsOfADueDiligence(t *testing.T) {
	t.Parallel()
	s, _ := newWholeSite(t)
	part := section(t, s.get("ola", caseURL()).wants(http.StatusOK).Body, "items")
	rows := map[string]string{}
	for _, row := range strings.Split(part, "<tr>")[1:] {
		_, title, _ := strings.Cut(row, "<bdi>")
		title, _, _ = strings.Cut(title, "</bdi>")
		rows[title] = row
	}
	for title, wants := range map[string][]string{
		"The company and its money":           {`good">accepted<`, "Vera Lindqvist", "Sami Aalto", ">agreed<"},
		"Certificates":                        {`good">accepted<`, "30 Jun 2027"},
		"Similar work":                        {`warn">waived<`, "31 Mar 2027"},
		"Who works for us, and what they can": {`open">delivered, to be accepted<`, "Sami Aalto"},
		"Insurance":                           {`bad">late<`, "Vera Lindqvist", "–"},
		"Sub-processors with their countries": {`open">asked for<`},
		"The risk record":                     {`open">asked for<`, "Ola Nordmann"},
	} {
		tells(t, rows[title], wants...)
	}
	if len(rows) != 8 { // with the head
		t.Errorf("%d rows: %v", len(rows), rows)
	}
}

// TestNameAnOutsideReviewer: the owner names somebody of neither side for a seat that is
// theirs, and ends them; nobody else does either.
func TestNameAnOutsideReviewer(t *testing.T) {
	t.Parallel()
	s, b := newWholeSite(t)
	p := s.get("ola", caseURL()).wants(http.StatusOK, "Readers of neither side", "Name somebody")
	p.accessible("a case with an outside seat")
	f := p.form("/case/outside", "outside-name")
	if f.Get("seat") != reviewID+"|outside-counsel" {
		t.Fatalf("the form is for %q", f.Get("seat"))
	}
	f.Set("name", "Otto Out\u202eside")
	s.post("ola", "/case/outside", f).wants(http.StatusUnprocessableEntity, "Write the name and the mail address", `value="Otto Outside"`)
	f.Set("mail", "otto@chambers.example")
	b.fail = invalidInput{}
	s.post("ola", "/case/outside", f).wants(http.StatusUnprocessableEntity, `value="otto@chambers.example"`)
	b.fail = nil
	for _, who := range []string{"sami", "lena", "una"} {
		s.get(who, caseURL()).lacks("/case/outside")
		s.post(who, "/case/outside", f).wants(http.StatusForbidden)
	}
	s.post("ola", "/case/outside", f).leads(caseURL())
	p = s.get("ola", caseURL()).wants(http.StatusOK, "Otto Outside", "otto@chambers.example", `open">asked<`, "Outside counsel").lacks("Name somebody")
	s.get("lena", caseURL()).wants(http.StatusOK, "Otto Outside").lacks("End<")
	s.get("ola", requestURL(reviewID)).wants(http.StatusOK)
	s.post("lena", "/case/outside", p.form("/case/outside", "outside.1")).wants(http.StatusForbidden)
	s.post("ola", "/case/outside", p.form("/case/outside", "outside.1")).leads(caseURL())
	s.get("ola", caseURL()).wants(http.StatusOK, "Otto Outside", `quiet">ended<`, "Name somebody")
	if want := []string{"name Otto Outside otto@chambers.example for outside-counsel", "end outside outside.1"}; !slices.Equal(b.acts(), want) {
		t.Errorf("it did %q, want %q", b.acts(), want)
	}
	for _, bad := range []url.Values{{"act": {"name"}}, {"act": {"promote"}, "case": {theCase}}, {"act": {"name"}, "case": {"a\x00"}}} {
		s.post("ola", "/case/outside", bad).wants(http.StatusBadRequest)
	}
	f.Set("seat", "nothing")
	s.post("ola", "/case/outside", f).wants(http.StatusUnprocessableEntity, "Pick what they are to read")
	plain := newSite(t)
	plain.post("ola", "/case/outside", f).wants(http.StatusNotFound)
	plain.get("ola", caseURL()).wants(http.StatusOK).lacks("Readers of neither side")
}

// TestTheOwnersChoices: offers or one source, with words that can be understood by
// themselves, a reason where one is needed, and no field whose words go nowhere.
func TestTheOwnersChoices(t *testing.T) {
	t.Parallel()
	s, _ := newWholeSite(t)
	p := s.get("ola", requestURL(competitionID)).wants(http.StatusOK, "Collect comparable offers", "There can be one source only<small>needs a reason", "Needed with: There can be one source only.")
	p.lacks("For the vendor<", "request changes or reject", " checked")
	f := p.form("/request/answer", "verdict")
	f.Set("verdict", string(playbook.SingleSource))
	s.post("ola", "/request/answer", f).wants(http.StatusUnprocessableEntity)
	s.get("lena", requestURL(reviewID)).wants(http.StatusOK, "For the vendor<", "Needed with: Request changes; Reject.")
	s.get("lena", requestURL(goID)).wants(http.StatusOK, "Stays inside. It is needed, whatever you say.").lacks(`id="pilot"`)
	piloted(s, true)
	p = s.get("lena", requestURL(goID)).wants(http.StatusOK, "<strong>73</strong> of 100; 90 are needed, so that a go needs a reason", "The points")
	p.accessible("a go or no-go")
	s.get("lena", requestURL(scoreID)).lacks("of 100; 90 are needed")
}

// TestWaiveAClause: each clause that is lacking is asked of the vendor, or waived until a
// day to come, with a reason; nothing else can be said of it.
func TestWaiveAClause(t *testing.T) {
	t.Parallel()
	s, _ := newWholeSite(t)
	p := s.get("ola", requestURL(clausesChoreID)).wants(http.StatusOK, "2 clauses to decide on", "Ask the vendor for it", "We do without it for now", "Waived until", "Say for each waiver why")
	p.lacks("It says so, in these clauses", "A search of the text", "without a date", " checked")
	p.accessible("clauses that are lacking")
	f := p.form("/request/check", "p0.point")
	f.Set("do", "send")
	f.Set("inside", "They sign it next month.")
	send := func(wrong string) page {
		t.Helper()
		return s.post("ola", "/request/check", f).wants(http.StatusUnprocessableEntity, wrong, "They sign it next month.")
	}
	send("Say whether the vendor is asked for it").wants(http.StatusUnprocessableEntity, `<a href="#p0-say"><bdi>Help at the exit</bdi></a>`, `<a href="#p1-say"><bdi>Right to audit</bdi></a>`, "2 points of 2 still to be done")
	f.Set("p1.say", "missing")
	for _, x := range []struct{ say, day, wrong string }{
		{"on", "", "Give the day until which you do without it."}, {"on", "9999-12-31", "Give the day until which you do without it."}, {"on", "0001-01-01", "Give the day until"},
		{"on", "2026-11-20", pastWaiver}, {"on", "2026-01-01", pastWaiver}, {"missing", "2027-01-31", "Leave one of them out"}, {"here", "2027-01-31", "Say whether the vendor is asked"},
	} {
		f.Set("p0.say", x.say)
		f.Set("p0.day", x.day)
		send(x.wrong)
	}
	f.Set("p0.say", "on")
	f.Set("p0.day", "2027-01-31")
	s.post("ola", "/request/check", f).leads("/receipt?")
	a := s.desk.answers[len(s.desk.answers)-1]
	if len(a.Findings) != 2 || a.Findings[0].On.Format("2006-01-02") != "2027-01-31" || !a.Findings[1].Missing || a.Text.Inside == "" {
		t.Errorf("the desk got %+v", a)
	}
	s.get("ola", requestURL(clausesChoreID)).wants(http.StatusOK, "waived until 31 Jan 2027", "asked for")
}

// TestWaiveAnItem: a waiver has an end, and it is to come.
func TestWaiveAnItem(t *testing.T) {
	t.Parallel()
	s, _ := newWholeSite(t)
	p := s.get("ola", requestURL(waiverID)).wants(http.StatusOK, "Waived until", "What is done instead").lacks("There is none")
	f := p.form("/request/answer", "q0.point")
	for _, x := range []struct{ day, none, wrong string }{
		{"", "never", "A waiver has an end. Give the day."}, {"2026-11-19", "", pastWaiver}, {"9999-12-31", "", "Give one day"}, {"", "", "This is still to be answered."},
	} {
		f.Set("q0.a", x.day)
		f.Set("q0.none", x.none)
		f.Set("q1.a", "We hold back a tenth.")
		f.Set("was", s.get("ola", requestURL(waiverID)).form("/request/answer", "q0.point").Get("was"))
		s.post("ola", "/request/answer", f).wants(http.StatusUnprocessableEntity, x.wrong, "We hold back a tenth.", `<a href="#q0-a"><bdi>Waived until</bdi></a>`)
	}
	f.Set("q0.a", "2027-03-31")
	f.Del("q0.none")
	f.Del("was")
	s.post("ola", "/request/answer", f).leads("/receipt?")
	if n := len(s.desk.answers); n != 1 {
		t.Errorf("%d answers went to the desk", n)
	}
}

// TestHostileWhole puts hostile words wherever a whole onboarding has words of strangers,
// and looks at every page: nothing runs, nothing turns what stands around it.
func TestHostileWhole(t *testing.T) {
	t.Parallel()
	for _, name := range nasty() {
		s, b := newWholeSite(t)
		piloted(s, true)
		c, o := s.desk.cases[0], s.desk.cases[len(s.desk.cases)-1]
		for i := range o.Watched {
			w := &o.Watched[i]
			w.Name, w.Person, w.Document = name, name, name
			w.Begun, w.Decided = name, name
		}
		o.Watched[len(o.Watched)-1].Ended, o.Watched[0].Kind, o.Predecessor = name, engagement.ExpiryKind(name), name
		for i := range c.Requests {
			r := &c.Requests[i]
			r.Title, r.Ask = name, name
			for j := range r.Points {
				p := &r.Points[j]
				p.Title, p.Ask, p.Source = name, name, name
				for k := range p.Options {
					p.Options[k] = cut(name) + " " // an option comes back as it is
				}
			}
		}
		for id := range s.desk.lines {
			for i := range s.desk.lines[id] {
				if d := s.desk.lines[id][i].Entry.Detail; d != nil {
					d.Step, d.Result, d.Parent, d.Name, d.Values, d.Points = name, name, name, name, []string{name}, []string{name}
				}
			}
		}
		b.outside = []playbook.Contact{{ID: "outside.1", Vendor: "@outside", Name: name, Mail: name, By: name, Case: theCase, Process: theContract, Seat: "outside-counsel", State: playbook.ContactActive}}
		for _, target := range []string{caseURL(), oversightURL(), requestURL(competitionID), requestURL(waiverID), requestURL(clausesChoreID), requestURL(riskID), requestURL(goID), requestURL(reviewID)} {
			p := s.get("ola", target).wants(http.StatusOK)
			for _, bad := range []string{"<script>alert", "<img src=x", " onmouseover='x", `href="javascript`, "\x00", "\x1b"} {
				if strings.Contains(p.Body, bad) {
					at := strings.Index(p.Body, bad)
					t.Errorf("%.30q: %s has %q in …%s…", name, target, bad, p.Body[max(0, at-80):min(len(p.Body), at+20)])
				}
			}
		}
		f := s.get("ola", requestURL(riskID)).form("/request/answer", "q0.point")
		f.Set("q0.a", "words: "+name)
		s.post("ola", "/request/answer", f).wants(http.StatusUnprocessableEntity).lacks("<script>alert", "<img src=x", " onmouseover='x")
	}
}

// TestACaseInTwoMinutes: what is asked now stands before what is over, which is folded
// away once it is much; what is late stands once a step, with everybody who is waited for.
func TestACaseInTwoMinutes(t *testing.T) {
	t.Parallel()
	s, _ := newWholeSite(t)
	p := s.get("ria", caseURL()).wants(http.StatusOK, "7 steps are over</summary>", "Insurance</bdi></a>, due 2 days ago: <bdi>Vendor</bdi> (<bdi>Vera Lindqvist</bdi>)")
	p.accessible("a case with steps that are over")
	before, after, _ := strings.Cut(p.Body, "steps are over</summary>")
	if !strings.Contains(before, requestURL(reviewID)) || strings.Contains(after, `data-request="`+reviewID) || !strings.Contains(after, `data-request="`+theDiligence+":company.1") || strings.Contains(p.Body, `class="over" open`) {
		t.Error("what is over does not stand behind what is asked")
	}
	newSite(t).get("ria", caseURL()).wants(http.StatusOK, `class="over" open`, "1 step is over")
}

// TestManyThingsAtOnce: of what came together only what can be approved is approved with
// the rest; the list of cases names a few of the things that a case waits for, what is
// late first, and how much that is watched is overdue.
func TestManyThingsAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := newWholeSite(t)
	inbox := s.get("ola", "/").wants(http.StatusOK, "2 overdue</span>", "more</div>")
	first, second := strings.Index(inbox.Body, "waits for <bdi>Read the security report"), strings.Index(inbox.Body, "waits for <bdi>Sign off the hosting agreement")
	if first < 0 || second < first || strings.Count(inbox.Body, "waits for <bdi>") > 8 {
		t.Errorf("what is late does not stand first, or too much stands there: %d, %d", first, second)
	}
	s.get("ola", "/cases").wants(http.StatusOK, "2 overdue</span>", " more</li>").accessible("cases of a whole onboarding")
	p := s.get("ola", "/waiting?case="+url.QueryEscape(theCase)+"&at="+strconv.FormatInt(day(17).UnixNano(), 10)).wants(http.StatusOK, "requests for")
	p.accessible("what came at once")
	part := p.Body[strings.Index(p.Body, "Offers, or one source?"):]
	part = part[:strings.Index(part, "</section>")]
	if strings.Contains(part, "Like the rest") || !strings.Contains(part, "Leave open") || !strings.Contains(p.Body, "Like the rest") {
		t.Errorf("what can't be approved can be approved with the rest:\n%s", part)
	}
	f := p.form("/waiting", "r0.request")
	f.Set("rest", "approve")
	s.post("ola", "/waiting", f)
	for _, a := range s.desk.answers {
		if a.Request == competitionID {
			t.Errorf("the choice of competition was answered as %s", a.Verdict)
		}
	}
}

// TestHowWatchedThingsStand: each in the words of what it is: what ends, what is looked
// at again, what is erased, what is decided.
func TestHowWatchedThingsStand(t *testing.T) {
	t.Parallel()
	past, soon, far := day(1), day(25), day(25).AddDate(1, 0, 0)
	for _, x := range []struct {
		kind        engagement.ExpiryKind
		name        string
		on          time.Time
		state, tone string
	}{
		{engagement.ExpiryInsurance, "i", past, "ran out", "bad"}, {engagement.ExpiryInsurance, "i", soon, "runs out soon", "warn"}, {engagement.ExpiryInsurance, "i", far, "holds", "good"},
		{engagement.ExpiryInsurance, "i", time.Time{}, "owed: it was never there", "bad"}, {engagement.ExpiryGap, "exit-plan", time.Time{}, "owed", "bad"},
		{engagement.ExpiryReview, "review", past, "overdue", "bad"}, {engagement.ExpiryReview, "review", soon, "due soon", "warn"}, {engagement.ExpiryExitPlan, "exit-plan", far, "not due yet", "good"},
		{engagement.ExpiryDPA, "look-again", past, "overdue", "bad"}, {engagement.ExpiryDPA, "ends", past, "ran out", "bad"},
		{engagement.ExpiryCopy, "passport", past, "should have been erased", "bad"}, {engagement.ExpiryCopy, "passport", far, "kept until then, then erased", "quiet"},
		{engagement.ExpiryContract, "contract", soon, "too late for notice, and nobody has decided", "bad"}, {engagement.ExpiryContract, "contract", far, "holds", "good"},
	} {
		e := engagement.Expiry{ID: "x", Kind: x.kind, Name: x.name, On: x.on, NoticeDays: 30, Document: "sha256:1"}
		row := names{}.watchRow("oversight/acme/1", dossier.WatchView{Expiry: e}, engagement.Watch{}, today())
		if row.State != x.state || row.Tone != x.tone {
			t.Errorf("%s on %s: %q, %q; want %q, %q", x.kind, dayOnly(x.on), row.State, row.Tone, x.state, x.tone)
		}
		if x.kind == engagement.ExpiryCopy && row.Document != "" {
			t.Error("a copy that goes away is linked")
		}
	}
	for _, on := range []time.Time{soon, far} { // whoever was only invited has nothing that could end
		e := engagement.Expiry{ID: "x", Kind: engagement.ExpiryAccess, Name: "access-1", On: on, Invited: past}
		if row := (names{}).watchRow("oversight/acme/1", dossier.WatchView{Expiry: e}, engagement.Watch{}, today()); row.State != "invited, and not in yet" || row.Tone != "warn" {
			t.Errorf("invited: %q, %q", row.State, row.Tone)
		}
	}
}
