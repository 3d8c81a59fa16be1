package desk

import (
	"io"
	"slices"
	"strings"
	"testing"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// statement is the one on interests, as a playbook names it.
const statement = "no-interest"

func wantsStatement(r *review.Request) { r.Declaration = statement }

// tells puts a fact into the record as the process does that heard of it elsewhere.
func (w *world) tells(p *process, f review.Fact) {
	w.t.Helper()
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	f.At = p.anchor.CaseAt(w.clock.now())
	w.engine.fold(p, p.find(f.Request), []review.Fact{f})
	w.flush(p)
}

// filed is the line of the record that an answer or an act became.
func (w *world) filed(id string) dossier.Line {
	w.t.Helper()
	l, found, err := w.store.AnswerLine(w.t.Context(), id)
	ok(w.t, err)
	if !found || l.Entry.Fact == nil {
		w.t.Fatalf("%s is not in the record", id)
	}
	return l
}

// TestAFirstAnswerCarriesTheStatementOnInterests: from every seat holder, whatever the
// verdict; refused without it and said which; counted with it, as a line of the answer
// in the record; not asked again of whoever made it until it stands no more.
func TestAFirstAnswerCarriesTheStatementOnInterests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.opens(onboarding, calendar.Anchor{})
	need := w.asksAs(root, "need", wantsStatement, "lena", "sam")
	data := w.asksAs(w.child(contract, root), "data", wantsStatement, "lena")
	for i, v := range []review.Verdict{review.Approve, review.Changes, review.Reject} {
		a := approve("bare-"+string(v), "lena", need)
		a.Verdict = v
		if i == 1 {
			a.Attest = []string{"another-statement"}
		}
		out := w.answers(a)
		same(t, string(v)+" without the statement", []any{review.Refused, review.NeedsInterest, []string{statement}}, []any{out.Status, out.Refusal, out.Missing})
		same(t, "the same again", out, w.answers(a))
		same(t, "recorded as refused", review.FactRefused, w.filed(a.ID).Entry.Fact.Kind)
	}
	says := func(id, person, request string) review.Outcome {
		a := approve(id, person, request)
		a.Attest = []string{statement}
		return w.answers(a)
	}
	v := must[dossier.CaseView](t)(w.store.Case(t.Context(), onboarding))
	same(t, "nothing counts", 0, len(v.Request(need).Ballots))
	same(t, "with it", review.Counted, says("a-1", "lena", need).Status)
	line := w.filed("a-1")
	same(t, "a line of the answer in the journal", []any{"lena", []string{statement}}, []any{line.Entry.Actor, line.Entry.Fact.Ballot.Attest})
	v = must[dossier.CaseView](t)(w.store.Case(t.Context(), onboarding))
	same(t, "stands for who made it, and nobody else", []string{"lena"}, v.Request(need).Declared)
	same(t, "the next seat holder", review.NeedsInterest, w.answers(approve("a-2", "sam", need)).Refusal)
	same(t, "with theirs", review.Met, says("a-3", "sam", need).State)

	w.tells(w.engine.processes[contract], review.Fact{Kind: review.FactDeclared, Request: data, Person: "lena"})
	w.tells(w.engine.processes[contract], review.Fact{Kind: review.FactUndeclared, Request: data, Person: "lena"}) // a year, or a fact that changed
	same(t, "asked again once it stands no more", review.NeedsInterest, w.answers(approve("b-1", "lena", data)).Refusal)
	w.tells(w.engine.processes[contract], review.Fact{Kind: review.FactDeclared, Request: data, Person: "lena"})
	same(t, "not asked while it stands", review.Met, w.answers(approve("b-2", "lena", data)).State)
}

// TestADeclaredConflictNeedsASubstitute: whoever declares one is out of every seat of
// the case at once, what they said before counts no more, and they come back by no way;
// what they were asked waits for somebody else, and all of it is in the journal with
// their words.
func TestADeclaredConflictNeedsASubstitute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.opens(onboarding, calendar.Anchor{})
	need := w.asksAs(root, "need", wantsStatement, "lena", "sam")
	text := w.asksAs(w.child(contract, root), "review", wantsStatement, "lena", "dora")
	first := approve("a-1", "lena", need)
	first.Attest = []string{statement}
	same(t, "before", review.Counted, w.answers(first).Status)

	a := act("c-1", "lena", review.Recuse)
	a.Request = text
	silent := a
	silent.ID, silent.Text = "c-0", review.Text{}
	same(t, "without a word on which", review.NeedsReason, w.does(silent).Refusal)
	same(t, "declared", review.Counted, w.does(a).Status)
	now := w.clock.now()
	v := must[dossier.CaseView](t)(w.store.Case(t.Context(), onboarding))
	same(t, "who declared one", []string{"lena"}, v.Recused())
	for _, id := range []string{need, text} {
		r := v.Request(id)
		same(t, id+" has", []any{0, (*review.Ballot)(nil), []string{"lena"}}, []any{len(r.SeatsOf("lena", now)), r.Standing("lena-seat"), r.Recused})
	}
	same(t, "nothing waits on them", 0, len(must[[]review.Request](t)(w.desk.Waiting(t.Context(), from("lena")))))
	again := approve("a-2", "lena", text)
	again.Attest = []string{statement}
	same(t, "a statement now", review.IsRecused, w.answers(again).Refusal)

	others := approve("a-3", "sam", need)
	others.Attest = []string{statement}
	same(t, "all others agreed", review.Vacant, w.answers(others).State)
	v = must[dossier.CaseView](t)(w.store.Case(t.Context(), onboarding))
	tally := v.Request(need).Tally(now)
	same(t, "their seat waits for somebody", true, tally.Groups[0].Seats[0].Vacant)
	back := act("c-2", "sam", review.Delegate)
	back.Request, back.ToID, back.Until = text, "lena", now.AddDate(0, 0, 7)
	if out := w.does(back); out.Status != review.Refused {
		t.Errorf("the conflicted is asked again by delegation: %+v", out)
	}
	w.joins(root, need, "lena-seat", "lena")
	w.joins(root, need, "lena-seat", "dora")
	v = must[dossier.CaseView](t)(w.store.Case(t.Context(), onboarding))
	same(t, "who holds it now", true, v.Request(need).Holds("lena-seat", "dora", now))
	sub := approve("a-4", "dora", need)
	same(t, "the substitute is asked for theirs as well", review.NeedsInterest, w.answers(sub).Refusal)
	sub.ID, sub.Attest = "a-5", []string{statement}
	same(t, "and decides", review.Met, w.answers(sub).State)

	line := w.filed("c-1")
	same(t, "the journal", []any{review.FactRecused, "lena", "lena", contract}, []any{line.Entry.Fact.Kind, line.Entry.Actor, line.Entry.Fact.Person, line.Entry.Process})
	same(t, "in their words", planted+" because", line.Body.Inside)
	same(t, "in the other process too", contract, cond(w.filed("c-1@"+onboarding).Entry.Process == onboarding, contract, "not there"))
}

// joins fills a seat as the process would; whoever may not have it doesn't get it.
func (w *world) joins(p *process, request, seat, person string) {
	w.t.Helper()
	who, revision, err := w.store.Person(w.t.Context(), person)
	ok(w.t, err)
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	r := p.find(request)
	w.engine.fold(p, r, r.Assign([]review.Bench{{Seat: seat, Candidates: []review.Candidate{{Person: who.Record(revision), Via: review.ViaBackup, For: "lena"}}}}, p.anchor.CaseAt(w.clock.now())))
	w.flush(p)
}

// TestARequesterDeclaresAtTheIntake: none, and theirs stands in the case from its first
// moment; one, and they take no part from its first moment, with what it is in the
// intake and in no payload.
func TestARequesterDeclaresAtTheIntake(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]struct{ declared, recused []string }{
		engagement.No:  {declared: []string{"rita"}},
		engagement.Yes: {recused: []string{"rita"}},
	} {
		w := newWorld(t)
		today := 30000
		i := intake("web-1")
		i.Playbook, i.Alternative, i.Success, i.Summary = "whole", "A second person.", []string{"Paid on the day."}, "A bureau runs it."
		i.YearlyCost, i.BaselineCost, i.Currency, i.Sponsor, i.Interest = 60000, &today, "GBP", "olga", said
		if said == engagement.Yes {
			i.WhichInterest = planted + " my brother runs it"
		}
		w.open(i)
		in := w.engine.inputs[0]
		same(t, said+": the case begins with", []any{want.declared, want.recused}, []any{in.Declared, in.Recused})
		if in.Declaration == "" {
			t.Errorf("%s: nobody else is asked", said)
		}
		_, text, err := w.store.Get(t.Context(), in.Intake.Digest)
		ok(t, err)
		words := must[[]byte](t)(io.ReadAll(text))
		ok(t, text.Close())
		same(t, said+": the intake says which", said == engagement.Yes, strings.Contains(string(words), "my brother runs it"))
	}
}

// TestTheVendorDeclaresItsInterests: that it advises on what is bought, resells and
// operates at once stands in a document of the record, said by the vendor's people and
// nobody else, without the statement that the client's people make.
func TestTheVendorDeclaresItsInterests(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	pb, _, err := shelf{}.Playbook("whole")
	ok(t, err)
	i := slices.IndexFunc(pb.Steps, func(s playbook.Step) bool { return s.Does == playbook.DoesInterest })
	if i < 0 {
		t.Fatal("the whole playbook asks the vendor nothing of its interests")
	}
	step := pb.Steps[i]
	request := l.wantsAs(l.root, step.ID, func(r *review.Request) { r.Sheet, r.Points, r.Declaration = true, step.Points, statement }, l.ann)
	a := review.Answer{ID: "v-1", Request: request, Verdict: review.Delivered, At: monday(), From: portal(l.ann),
		Findings: []engagement.Finding{{Point: "capacities", Choices: step.Points[0].Options[:3]}, {Point: "of-ours", Choices: []string{engagement.Yes}}, {Point: "rivals", Choices: []string{engagement.No}}},
		Words:    map[string]string{"paid-by": planted + " the maker of it", "of-ours-who": planted + " Rita's brother"}}
	for name, change := range map[string]func(*review.Answer){
		"half of it":             func(a *review.Answer) { a.Findings = a.Findings[:1] },
		"by a colleague unasked": func(a *review.Answer) { a.From = portal(l.bob) },
		"by the client":          func(a *review.Answer) { a.From = from("olga") },
	} {
		bad := a
		bad.ID = "bad-" + strings.ReplaceAll(name, " ", "-")
		change(&bad)
		if out := l.answers(bad); out.Status != review.Refused || out.Refusal == review.NeedsInterest {
			t.Errorf("%s: %+v", name, out)
		}
	}
	same(t, "declared", review.Counted, l.answers(a).Status)
	sheet, b := l.sheetIn("v-1")
	same(t, "by", l.ann.ID, b.Person)
	same(t, "all three at once", step.Points[0].Options[:3], sheet.Lines[0].Finding.Choices)
	same(t, "in words", []string{planted + " the maker of it", planted + " Rita's brother"}, []string{sheet.Lines[1].Words, sheet.Lines[3].Words})
	for _, kind := range []review.ActKind{review.Recuse, review.Withdraw} {
		x := act("v-"+string(kind), "", kind)
		x.From, x.Request, x.Process = portal(l.ann), request, l.root.id
		same(t, string(kind)+" by the vendor", review.UnknownPerson, l.does(x).Refusal)
	}
	same(t, "their tasks", map[string]access.TaskState{l.ask: access.TaskOpen, request: access.TaskReceived}, states(l.tasks(l.ann)))
}

func states(tasks []access.VendorTask) map[string]access.TaskState {
	all := map[string]access.TaskState{}
	for _, t := range tasks {
		all[t.Request] = t.State
	}
	return all
}
