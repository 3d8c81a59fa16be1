package desk

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// ruled is a case that runs with the standard playbook, its intake of tier 3
// filed, with a contract review beside it.
func ruled(t *testing.T) (w *world, root, child *process) {
	t.Helper()
	w = newWorld(t)
	root = w.opens(onboarding, calendar.Anchor{})
	_, text, err := shelf{}.Playbook("")
	ok(t, err)
	filed := must[[]byte](t)(json.Marshal(playbook.Intake{Data: []string{"none"}, Reason: planted}))
	w.engine.mu.Lock()
	for name, content := range map[string][]byte{"playbook": text, "intake": filed} {
		p := must[dossier.Paper](t)(w.store.Put(t.Context(), bytes.NewReader(content), engagement.MaxDocument))
		root.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: name, Document: p.Digest, Size: p.Size}})
	}
	root.say(w.clock.now(), dossier.Entry{Kind: dossier.TierSet, Detail: &dossier.Detail{Tier: 3}})
	w.flush(root)
	w.engine.mu.Unlock()
	child = w.child(contract, root)
	return w, root, child
}

// steering is an act on the case.
func steering(id string, kind review.ActKind, more ...func(*review.Act)) review.Act {
	a := act(id, "olga", kind)
	a.Process = onboarding
	for _, m := range more {
		m(&a)
	}
	return a
}

func onStep(step string) func(*review.Act) { return func(a *review.Act) { a.Step = step } }

func forPerson(id string) func(*review.Act) { return func(a *review.Act) { a.ToID = id } }

// Each act of steering goes to the process that it is about, with ids and
// digests alone.
func TestSteeringGoesWhereItBelongs(t *testing.T) {
	t.Parallel()
	w, root, child := ruled(t)
	w.asks(root, "need", "lena")
	w.asks(child, "review", "sam")
	role := func(a *review.Act) { a.Role = "legal" }
	for _, c := range []struct {
		act review.Act
		at  *process
	}{
		{steering("w-1", review.Hold), root},
		{steering("w-2", review.Resume), root},
		{steering("w-3", review.Ask, forPerson("sam")), root},
		{steering("w-4", review.Extend, onStep("need"), func(a *review.Act) { a.Until = monday().AddDate(0, 1, 0) }), root},
		{steering("w-5", review.Extend, onStep("review")), child},
		{steering("w-6", review.AddSeat, onStep("review"), role), child},
		{steering("w-7", review.AddSeat, onStep("need"), forPerson("dora")), root},
		{steering("w-8", review.SendChanges), child},
		{steering("w-9", review.Correct, func(a *review.Act) { a.Field, a.Values = "data", []string{"payment"} }), root},
	} {
		same(t, string(c.act.Kind), review.Counted, w.does(c.act).Status)
		got := c.at.acts[len(c.at.acts)-1]
		same(t, "at its process", []any{c.act.ID, c.act.Kind, "olga", c.act.ToID}, []any{got.ID, got.Kind, got.Person.ID, got.To.ID})
		if got.Written.Inside == "" || got.Text.Inside != "" {
			t.Errorf("%s: written %+v, text %+v", c.act.Kind, got.Written, got.Text)
		}
		same(t, "again", review.Counted, w.does(c.act).Status)
	}
	same(t, "acts", 9, len(root.acts)+len(child.acts))
}

// What the playbook or the people don't know goes nowhere.
func TestSteeringThatMakesNoSense(t *testing.T) {
	t.Parallel()
	w, root, _ := ruled(t)
	w.asks(root, "need", "lena")
	for name, a := range map[string]review.Act{
		"a role that isn't there":  steering("w-1", review.AddSeat, onStep("need"), func(a *review.Act) { a.Role = "astronaut" }),
		"a role and a person":      steering("w-2", review.AddSeat, onStep("need"), forPerson("sam"), func(a *review.Act) { a.Role = "legal" }),
		"neither":                  steering("w-3", review.AddSeat, onStep("need")),
		"a field that isn't there": steering("w-4", review.Correct, func(a *review.Act) { a.Field = "vendor" }),
		"data that isn't there":    steering("w-5", review.Correct, func(a *review.Act) { a.Field, a.Values = "data", []string{"genome"} }),
		"a name as a system":       steering("w-6", review.Correct, func(a *review.Act) { a.Field, a.Values = "systems", []string{"Mr Smith"} }),
		"our own id":               steering("undelivered/x", review.Hold),
	} {
		_, err := w.desk.Act(t.Context(), a)
		if err == nil {
			t.Errorf("%s was taken in", name)
			continue
		}
		isInput(t, err)
	}
	for name, c := range map[string]struct {
		act  review.Act
		want review.Refusal
	}{
		"the vendor's":  {steering("x-1", review.Ask, forPerson("vera")), review.BadPerson},
		"one who left":  {steering("x-2", review.AddSeat, onStep("need"), forPerson("gone")), review.BadPerson},
		"nobody":        {steering("x-3", review.Ask, forPerson("nemo")), review.BadPerson},
		"no such step":  {steering("x-4", review.Extend, onStep("nothing")), review.Unknown},
		"no such case":  {steering("x-5", review.Hold, func(a *review.Act) { a.Process = "onboarding/none/1" }), review.Unknown},
		"no such case'": {steering("x-6", review.Correct, func(a *review.Act) { a.Process, a.Field = "onboarding/none/1", "data" }), review.Unknown},
	} {
		out := w.does(c.act)
		same(t, name, []any{review.Refused, c.want}, []any{out.Status, out.Refusal})
	}
	same(t, "Updates", 0, len(w.engine.calls))
}

// A preview says what changes, by what was corrected before as well; its digest
// is what the workflow computes.
func TestPreviewOfACorrection(t *testing.T) {
	t.Parallel()
	w, root, _ := ruled(t)
	a := steering("w-1", review.Correct, func(a *review.Act) { a.Field, a.Amount = "yearlyCost", 300_000 })
	c := must[playbook.Correction](t)(w.desk.Preview(t.Context(), from("olga"), a))
	same(t, "tiers", []engagement.Tier{3, 1}, []engagement.Tier{c.From, c.To})
	if c.Facts.YearlyCost != 300_000 || c.Digest == "" {
		t.Errorf("previewed %+v", c)
	}
	pb, _, err := shelf{}.Playbook("")
	ok(t, err)
	again, _ := playbook.Correct(pb.Steps, pb.Tiers, 3, playbook.Facts{Data: []string{"none"}}, a, playbook.Stand(nil, []string{"review"}))
	same(t, "as the workflow computes it", again.Digest, c.Digest)
	w.engine.mu.Lock()
	root.say(w.clock.now(), dossier.Entry{Kind: dossier.Corrected, Actor: "olga", Detail: &dossier.Detail{Field: "yearlyCost", Amount: 300_000, From: 3, Tier: 1}})
	w.flush(root)
	w.engine.mu.Unlock()
	_, err = w.desk.Preview(t.Context(), from("olga"), a)
	isInput(t, err)
	_, err = w.desk.Preview(t.Context(), from("p07"), a)
	missing(t, err)
}

// The question is the act's text: it is read from the record, or from where it
// waits for the record.
func TestTheTextOfAQuestion(t *testing.T) {
	t.Parallel()
	w, root, _ := ruled(t)
	w.engine.withhold = true
	same(t, "status", review.Counted, w.does(steering("w-1", review.Ask, forPerson("sam"))).Status)
	r := review.Request{ID: onboarding + ":ask.1", Case: onboarding, AskText: "w-1", Ask: "the playbook's"}
	want := planted + " because"
	same(t, "not filed yet", want, must[string](t)(w.desk.Question(t.Context(), from("olga"), r)))
	w.engine.mu.Lock()
	w.flush(root)
	w.engine.mu.Unlock()
	same(t, "filed", want, must[string](t)(w.desk.Question(t.Context(), from("olga"), r)))
	_, err := w.desk.Question(t.Context(), from("p07"), r)
	missing(t, err)
	r.AskText = ""
	same(t, "the playbook's", r.Ask, must[string](t)(w.desk.Question(t.Context(), from("olga"), r)))
}

// A mail that came back reaches the process, once, whenever it can be reached;
// after the end it is nobody's attempt.
func TestANoteOfAFailedDelivery(t *testing.T) {
	t.Parallel()
	w, root, _ := ruled(t)
	request := w.asks(root, "need", "lena")
	n := review.Note{ID: "mail-1", Kind: review.NoteUndelivered, Case: onboarding, Request: request, Person: "lena", Channel: "mail", At: w.clock.now()}
	w.engine.fails(down())
	ok(t, w.desk.Note(t.Context(), n))
	w.delivers()
	same(t, "waits", true, w.waits(onboarding))
	w.engine.works()
	ok(t, w.desk.Note(t.Context(), n))
	w.delivers()
	same(t, "acts", 1, len(root.acts))
	same(t, "act", []any{review.Undelivered, request, "lena"}, []any{root.acts[0].Kind, root.acts[0].Request, root.acts[0].Person.ID})
	w.ends(root)
	before := len(w.lines(onboarding))
	n.ID = "mail-2"
	ok(t, w.desk.Note(t.Context(), n))
	w.delivers()
	same(t, "waits", false, w.waits(onboarding))
	same(t, "lines: the note alone", before+1, len(w.lines(onboarding)))
	n.Person = "Lena of " + planted
	isInput(t, w.desk.Note(t.Context(), n))
}

// A case is red when neither owner, deputy nor sponsor can be reached.
func TestCasesWithoutAnOwner(t *testing.T) {
	t.Parallel()
	w, _, _ := ruled(t)
	views := func() []dossier.CaseView {
		return must[[]dossier.CaseView](t)(w.desk.CasesOf(t.Context(), from("rita"), 10))
	}
	same(t, "at first", []string(nil), must[[]string](t)(w.desk.Ownerless(t.Context(), from("rita"), views())))
	people := everybody(t)
	i := slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == "olga" })
	people[i].Away = []playbook.Away{{From: monday(), Until: monday().Add(48 * time.Hour)}}
	_, _, err := w.store.ApplyPeople(t.Context(), people, "")
	ok(t, err)
	same(t, "away", []string{onboarding}, must[[]string](t)(w.desk.Ownerless(t.Context(), from("rita"), views())))
	w.clock.pass(72 * time.Hour)
	same(t, "back", []string(nil), must[[]string](t)(w.desk.Ownerless(t.Context(), from("rita"), views())))
}
