package desk

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// asForm makes a request one that has to be filled in.
func asForm(r *review.Request) {
	r.Kind, r.Sheet, r.Versions = review.Task, true, nil
	r.Points = []engagement.Point{
		{ID: "what", Title: "What is it?", Kind: engagement.PointText},
		{ID: "mfa", Title: "Two factors?", Kind: engagement.PointYesNo},
		{ID: "where", Title: "Where?", Kind: engagement.PointChoice, Options: []string{"In the EU", "Elsewhere"}, Optional: true},
		{ID: "owner", Title: "Who?", Kind: engagement.PointPerson, Optional: true},
		{ID: "proof", Title: "The proof", Kind: engagement.PointFile, Optional: true},
	}
}

// fills is a form filled in, with words that must reach no payload.
func fills(id, person, request string) review.Answer {
	return review.Answer{ID: id, Request: request, Verdict: review.Done, Channel: "web", At: monday(), From: from(person),
		Findings: []engagement.Finding{{Point: "mfa", Choices: []string{"yes"}}, {Point: "where", Choices: []string{"In the EU"}}, {Point: "owner", Choices: []string{"sam"}}},
		Words:    map[string]string{"what": planted + " payroll", "mfa": planted + " by phone\r\n"}}
}

// sheetIn reads the sheet that an answer of the record brought.
func (w *world) sheetIn(answer string) (engagement.Sheet, review.Ballot) {
	w.t.Helper()
	line, filed, err := w.store.AnswerLine(w.t.Context(), answer)
	ok(w.t, err)
	if !filed || line.Entry.Fact == nil || line.Entry.Fact.Ballot == nil {
		w.t.Fatalf("answer %s is not in the record as one that counted", answer)
	}
	b := *line.Entry.Fact.Ballot
	return w.sheetBy(b.Documents[len(b.Documents)-1]), b
}

func (w *world) sheetBy(digest string) engagement.Sheet {
	w.t.Helper()
	_, text, err := w.store.Get(w.t.Context(), digest)
	ok(w.t, err)
	raw := must[[]byte](w.t)(io.ReadAll(text))
	ok(w.t, text.Close())
	return must[engagement.Sheet](w.t)(engagement.ReadSheet(raw))
}

func TestWhatIsFilledInBecomesADocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asksAs(w.opens(onboarding, calendar.Anchor{}), "form", asForm, "lena")
	proof := must[dossier.Paper](t)(w.desk.File(t.Context(), from("lena"), strings.NewReader("the proof")))
	a := fills("web-1", "lena", request)
	a.Findings = append(a.Findings, engagement.Finding{Point: "proof", Document: proof.Digest, Said: true}) // claimed, and there are no words
	same(t, "outcome", review.Counted, w.answers(a).Status)
	sheet, b := w.sheetIn("web-1")
	same(t, "documents", []string{proof.Digest, b.Documents[1]}, b.Documents)
	same(t, "title", "Sign off", sheet.Title)
	var lines []string
	for i, l := range sheet.Lines {
		same(t, "the finding that was sent", l.Finding, b.Findings[i])
		lines = append(lines, fmt.Sprintf("%s %v %q", l.Point.ID, l.Finding.Said, l.Words))
	}
	same(t, "lines", []string{`what true "` + planted + ` payroll"`, `mfa true "` + planted + ` by phone"`, `where false ""`, `owner false ""`, `proof false ""`}, lines)
	found := must[engagement.Reading](t)(w.store.Reading(t.Context(), b.Documents[1]))
	same(t, "kept as", engagement.SheetMedia, found.Media)
	_, text, err := w.store.TextOf(t.Context(), b.Documents[1])
	ok(t, err)
	words := string(must[[]byte](t)(io.ReadAll(text)))
	ok(t, text.Close())
	same(t, "the text for people", sheet.Text(nil), words)
	same(t, "of the case", true, must[bool](t)(w.store.HasCaseDocument(t.Context(), onboarding, b.Documents[1])))
	same(t, "again", review.Counted, w.answers(a).Status)
	same(t, "Updates", []string{onboarding + " answer web-1"}, w.engine.calls)
}

// TestOneAnswerHasOneForm: other words under the same id are told to be other words,
// and what came first is what counts.
// TestAListOfAccountsIsReadAtOnce: whoever made a slip in it hears of it at its line, and
// nothing is taken; of forty accounts each is.
func TestAListOfAccountsIsReadAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asksAs(w.opens(onboarding, calendar.Anchor{}), "roster", func(r *review.Request) {
		asForm(r)
		r.Points = []engagement.Point{{ID: exit.PointAccounts, Title: "More accounts as a list", Kind: engagement.PointText, Optional: true}}
	}, "lena")
	a := review.Answer{ID: "web-1", Request: request, Verdict: review.Done, Channel: "web", At: monday(), From: from("lena"), Words: map[string]string{exit.PointAccounts: "login,person,kind\nann,Ann,person\nbob by,Bob\ncarl,Carl,robot"}}
	_, err := w.desk.Answer(t.Context(), a)
	if err == nil || !strings.Contains(err.Error(), "line 3: ") || !strings.Contains(err.Error(), "line 4: there is no kind \"robot\"") {
		t.Fatalf("told %v", err)
	}
	var list strings.Builder
	for i := range 40 {
		fmt.Fprintf(&list, "acme-%d,Somebody,person\n", i)
	}
	a.ID, a.Words = "web-2", map[string]string{exit.PointAccounts: list.String()}
	same(t, "outcome", review.Counted, w.answers(a).Status)
	sheet, _ := w.sheetIn("web-2")
	kept, faults := inventory.ReadList(sheet.Lines[0].Words)
	if len(faults) > 0 || len(kept.Vendor) != 40 {
		t.Errorf("%d accounts are kept: %v", len(kept.Vendor), faults)
	}
}

func TestOneAnswerHasOneForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asksAs(w.opens(onboarding, calendar.Anchor{}), "form", asForm, "lena")
	w.engine.fails(down())
	same(t, "queued", review.Pending, w.answers(fills("web-1", "lena", request)).Status)
	same(t, "the same again", review.Pending, w.answers(fills("web-1", "lena", request)).Status)
	other := fills("web-1", "lena", request)
	other.Words["what"] = planted + " something else"
	var input InputError
	if _, err := w.desk.Answer(t.Context(), other); !errors.As(err, &input) {
		t.Errorf("other words under the id: %v", err)
	}
	w.engine.works()
	w.delivers()
	sheet, _ := w.sheetIn("web-1")
	same(t, "the words that came first", planted+" payroll", sheet.Lines[0].Words)
}

// TestARefusedFormIsKept: with its words, by the answer's id.
func TestARefusedFormIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asksAs(w.opens(onboarding, calendar.Anchor{}), "form", asForm, "lena")
	a := fills("web-1", "lena", request)
	a.Findings = a.Findings[1:]
	out := w.answers(a)
	same(t, "refusal", review.NeedsFindings, out.Refusal)
	same(t, "what is missing", []string{"mfa"}, out.Missing)
	kept, found, err := w.store.Text(t.Context(), "web-1"+sheetOf)
	ok(t, err)
	same(t, "kept", true, found)
	same(t, "its words", planted+" by phone", w.sheetBy(kept.Inside).Lines[1].Words)
	same(t, "mended", review.Counted, w.answers(fills("web-2", "lena", request)).Status)
}

// TestOnlyWhatTheFormOffersIsSent: nothing that somebody made up reaches the engine,
// not even to be refused there.
func TestOnlyWhatTheFormOffersIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asksAs(p, "form", asForm, "lena")
	for i, f := range []engagement.Finding{
		{Point: "where", Choices: []string{planted + " on the moon"}}, {Point: "mfa", Choices: []string{planted}}, {Point: "what", Choices: []string{planted}},
		{Point: "owner", Choices: []string{planted}}, {Point: "owner", Choices: []string{"gone"}}, {Point: "owner", Choices: []string{"vera"}},
		{Point: "shoes", Choices: []string{"brown"}},
	} {
		a := fills(fmt.Sprint("web-", i), "lena", request)
		a.Findings = []engagement.Finding{f}
		out := w.answers(a)
		same(t, fmt.Sprint(f), review.Outcome{Status: review.Refused, Refusal: review.NeedsFindings, Request: request, Missing: []string{f.Point}}, out)
	}
	same(t, "Updates", []string(nil), w.engine.calls)

	plainly := w.asks(p, "plain", "lena")
	var input InputError
	a := approve("web-p", "lena", plainly)
	a.Words = map[string]string{"what": "x"}
	if _, err := w.desk.Answer(t.Context(), a); !errors.As(err, &input) || input.Hint() != "write it as the reason" {
		t.Errorf("words where nothing is to be filled in: %v", err)
	}
	a = fills("web-u", "lena", onboarding+":nothing.1")
	same(t, "a request that isn't there", review.Unknown, w.answers(a).Refusal)
	a = fills("web-s", "lena", request)
	a.Words["shoes"] = "brown"
	if _, err := w.desk.Answer(t.Context(), a); !errors.As(err, &input) {
		t.Errorf("words for no point: %v", err)
	}
	a = fills("web-c", "lena", request)
	a.Words["what"] = "bell\a"
	if _, err := w.desk.Answer(t.Context(), a); !errors.As(err, &input) {
		t.Errorf("what is no text: %v", err)
	}
	a = fills("web-d", "lena", request)
	a.Findings = append(a.Findings, engagement.Finding{Point: "proof", Document: digestOf([]byte("nobody filed this"))})
	same(t, "a file that isn't there", review.NeedsDocument, w.answers(a).Refusal)
}

func TestBoundsOfAForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asksAs(w.opens(onboarding, calendar.Anchor{}), "form", asForm, "lena")
	long := strings.Repeat("x", engagement.MaxSheetWords)
	for what, change := range map[string]func(*review.Answer){
		"words":    func(a *review.Answer) { a.Words["what"] = long + "x" },
		"a point":  func(a *review.Answer) { a.Words["what is it"] = "x" },
		"a date":   func(a *review.Answer) { a.Findings[0].On = time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC) },
		"a choice": func(a *review.Answer) { a.Findings[0].Choices = []string{strings.Repeat("x", 501)} },
		"choices":  func(a *review.Answer) { a.Findings[0].Choices = make([]string, 101) },
		"a file":   func(a *review.Answer) { a.Findings[0].Document = "my certificate.pdf" },
		"read":     func(a *review.Answer) { a.Read = []string{"4 to 9"} },
		"nothing":  func(a *review.Answer) { a.Read = []string{""} },
		"sections": func(a *review.Answer) { a.Read = make([]string, 201) },
		"points": func(a *review.Answer) {
			for i := range 201 {
				a.Words[fmt.Sprint("p", i)] = "x"
			}
		},
		"all words": func(a *review.Answer) {
			for i := range 40 {
				a.Words[fmt.Sprint("p", i)] = long
			}
		},
	} {
		a := fills("web-"+strings.ReplaceAll(what, " ", "-"), "lena", request)
		change(&a)
		var input InputError
		if _, err := w.desk.Answer(t.Context(), a); !errors.As(err, &input) || input.Hint() == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	same(t, "Updates", []string(nil), w.engine.calls)
	a := fills("web-1", "lena", request)
	a.Words["what"] = long
	same(t, "as long as it may be", review.Counted, w.answers(a).Status)
}

// TestNothingIsTakenWhereTheFormCannotBeKept: the channel keeps the words.
func TestNothingIsTakenWhereTheFormCannotBeKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asksAs(w.opens(onboarding, calendar.Anchor{}), "form", asForm, "lena")
	w.store.refuse("KeepText", errors.New("the disk is full"))
	var busy BusyError
	if _, err := w.desk.Answer(t.Context(), fills("web-1", "lena", request)); !errors.As(err, &busy) {
		t.Errorf("where nothing can be kept: %v", err)
	}
	same(t, "Updates", []string(nil), w.engine.calls)
	w.store.refuse("KeepText", nil)
	same(t, "later", review.Counted, w.answers(fills("web-1", "lena", request)).Status)
}

// TestTheRecordOfAPersonHasTheirCompetences: as the people file knows them.
func TestTheRecordOfAPersonHasTheirCompetences(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := everybody(t)
	people[2].Competences = []string{"iso-27001"}
	_, _, err := w.store.ApplyPeople(t.Context(), people, "")
	ok(t, err)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena")
	w.answers(approve("web-1", "lena", request))
	if !strings.Contains(w.engine.sent[0], `"competences":["iso-27001"]`) {
		t.Errorf("sent: %s", w.engine.sent[0])
	}
}

// TestReadingMoreGoesThroughTheDesk: as an act like any other.
func TestReadingMoreGoesThroughTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asksAs(w.opens(onboarding, calendar.Anchor{}), "review", func(r *review.Request) {
		r.ReadAll, r.Versions[0].Sections = true, []string{"1", "2", "3"}
	}, "lena", "sam")
	read := func(id, who string, sections ...string) review.Outcome {
		return w.does(review.Act{ID: id, Kind: review.Read, Request: request, Version: 1, Sections: sections, Channel: "web", At: monday(), From: from(who)})
	}
	a := approve("web-1", "lena", request)
	a.Read = []string{"1-2"}
	same(t, "lena", review.Counted, w.answers(a).Status)
	same(t, "sam", review.Open, w.answers(approve("web-2", "sam", request)).State)
	same(t, "waits for readers", []string{request, request}, append(waitingFor(w, "lena"), waitingFor(w, "sam")...))
	same(t, "no such section", review.NoSection, read("web-3", "sam", "4").Refusal)
	same(t, "not asked", review.NoSeat, read("web-4", "dora", "3").Refusal)
	out := read("web-5", "sam", "3")
	same(t, "read", review.Met, out.State)
	same(t, "again", out, read("web-5", "sam", "3"))
	same(t, "waits for nobody", []string(nil), waitingFor(w, "sam"))
	if _, err := w.desk.Act(t.Context(), review.Act{ID: "web-6", Kind: review.Read, Request: request, Sections: []string{"two words"}, At: monday(), From: from("sam")}); err == nil {
		t.Error("words are taken for a section")
	}
}

func waitingFor(w *world, who string) []string {
	w.t.Helper()
	var list []string
	for _, r := range must[[]review.Request](w.t)(w.desk.Waiting(w.t.Context(), from(who))) {
		list = append(list, r.ID)
	}
	return list
}

// TestAContactFillsInAForm: without a document of their own, and begins the next one
// from it.
func TestAContactFillsInAForm(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	form := func(r *review.Request) {
		asForm(r)
		r.Kind, r.Points = review.Delivery, append(r.Points[:3:3], r.Points[4]) // no names of the client's people
	}
	request := l.wantsAs(l.root, "questions", form, l.ann)
	fill := func(id string, request string, who playbook.Contact, words string) review.Answer {
		a := fills(id, "", request)
		a.Verdict, a.From, a.Channel, a.Findings = review.Delivered, portal(who), "portal", a.Findings[:2]
		a.Words["what"] = planted + words
		return a
	}
	for _, task := range l.tasks(l.ann) {
		if task.Request == request && (!task.Sheet || len(task.Points) != 4) || task.Request == l.ask && (task.Sheet || task.Points != nil) {
			t.Errorf("the task is shown as %+v", task)
		}
	}
	sheets := func(request string) []string {
		var words []string
		for _, s := range must[[]access.FilledSheet](t)(l.desk.PortalSheets(t.Context(), portal(l.ann), request)) {
			words = append(words, s.Lines[0].Words)
		}
		return words
	}
	same(t, "nothing filled in yet", []string(nil), sheets(request))
	stolen := fill("portal-0", request, l.ann, "")
	stolen.Findings = append(stolen.Findings, engagement.Finding{Point: "proof", Document: digestOf([]byte("somebody else's"))})
	same(t, "a file that isn't theirs", review.NeedsDocument, l.answers(stolen).Refusal)
	same(t, "another contact", review.NoSeat, l.answers(fill("portal-1", request, l.bob, "")).Refusal)
	found := l.sends(l.ann, request, "%PDF the proof")
	good := fill("portal-2", request, l.ann, " first")
	good.Findings = append(good.Findings, engagement.Finding{Point: "proof", Document: found.Document})
	ok(t, l.desk.SaveDraft(t.Context(), portal(l.ann), request, []byte("{}")))
	same(t, "counted", review.Counted, l.answers(good).Status)
	_, b := l.sheetIn("portal-2")
	same(t, "documents", 2, len(b.Documents))
	if _, _, err := l.desk.DraftOf(t.Context(), portal(l.ann), request); !isNotFound(err) {
		t.Errorf("the draft of a form that was sent: %v", err)
	}
	l.closes(l.root, request, review.Met)
	l.clock.pass(time.Hour)
	second := l.wantsAs(l.root, "questions", func(r *review.Request) { form(r); r.ID = l.root.id + ":questions.2" }, l.ann, l.bob)
	same(t, "from the first", []string{planted + " first"}, sheets(second))
	same(t, "counted", review.Counted, l.answers(fill("portal-3", second, l.ann, " second")).Status)
	same(t, "the newest first", []string{planted + " second", planted + " first"}, sheets(second))
	same(t, "of no form", []string(nil), sheets(l.ask))
	if _, err := l.desk.PortalSheets(t.Context(), portal(l.bob), request); !isNotFound(err) {
		t.Errorf("forms of a task that isn't theirs: %v", err)
	}
}
