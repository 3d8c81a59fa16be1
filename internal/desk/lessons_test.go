package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// warned is a shelf whose playbooks look closer where a vendor of the kind left us with
// an incident.
type warned struct{ shelf }

func (b warned) Playbook(name string) (playbook.Playbook, []byte, error) {
	pb, text, err := b.shelf.Playbook(name)
	pb.Tiers = append([]playbook.TierRule{{Tier: 1, When: playbook.Condition{Lessons: []string{exit.LessonIncident}}}}, pb.Tiers...)
	return pb, text, err
}

// left puts an exit into the record whose lessons stand.
func (w *world) left(vendor, service string, order dossier.Detail, anchor calendar.Anchor, lessons ...string) *process {
	w.t.Helper()
	id := "exit/" + vendor + "/1"
	p := &process{id: id, of: id, anchor: anchor, results: map[string]any{}}
	text := must[[]byte](w.t)(json.Marshal(leftIntake{Intake: playbook.Intake{Vendor: engagement.Vendor{Slug: vendor, Name: planted, Service: service}}}))
	paper := must[dossier.Paper](w.t)(w.store.Put(w.t.Context(), strings.NewReader(string(text)), engagement.MaxDocument))
	ok(w.t, w.store.NameVendor(w.t.Context(), vendor, planted+" "+vendor))
	d := &dossier.Detail{Vendor: vendor, Owner: "olga", Requester: "rita", Playbook: "standard", Rehearsal: !anchor.IsZero()}
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseOpened, Actor: "rita", Detail: d})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.ProcessStarted, Detail: &dossier.Detail{}})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "intake", Document: paper.Digest}})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.ExitOrdered, Detail: &order})
	w.begins(p)
	var words []string
	for _, l := range lessons {
		words = append(words, exit.LessonWords(l))
	}
	request := w.asksAs(p, "lessons", func(r *review.Request) {
		r.Kind, r.Sheet, r.Versions = review.Task, true, nil
		r.Points = []engagement.Point{{ID: exit.PointCloser}, {ID: exit.PointAgain}, {ID: exit.PointTaught}}
		r.Ballots = []review.Ballot{{Answer: "a", Seat: "lena-seat", Person: "lena", Verdict: review.Done, At: r.Opened,
			Findings: []engagement.Finding{{Point: exit.PointTaught, Choices: words}}}}
	}, "lena")
	at := anchor.CaseAt(w.clock.now())
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactClosed, Request: request, At: at, State: review.Met, Why: "decided"}})
	w.flush(p)
	return p
}

// filedWith is what the intake of the case says that was opened last, and its facts.
func (w *world) filedWith() (playbook.Intake, playbook.Facts) {
	w.t.Helper()
	in := w.engine.inputs[len(w.engine.inputs)-1]
	_, r, err := w.store.Get(w.t.Context(), in.Intake.Digest)
	ok(w.t, err)
	defer r.Close()
	var i playbook.Intake
	ok(w.t, json.NewDecoder(r).Decode(&i))
	return i, in.Facts
}

// TestWhatAnExitTaughtTheNextIntake: whoever does the same, takes over or comes back is
// filed with what the exit taught, another with nothing. What the requester says of it is
// not taken; a rehearsal teaches rehearsals.
func TestWhatAnExitTaughtTheNextIntake(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.desk.library = warned{}
	w.left("acme", planted+" payroll", dossier.Detail{}, calendar.Anchor{}, exit.LessonLate, exit.LessonIncident)
	w.left("beta", planted+" hosting", dossier.Detail{Values: []string{"zeta"}}, calendar.Anchor{}, exit.LessonCost)
	w.left("drilled", planted+" payroll", dossier.Detail{}, calendar.Anchor{Real: monday(), Case: monday()}, exit.LessonQuality)
	w.left("silent", planted+" payroll", dossier.Detail{}, calendar.Anchor{})
	both := []string{exit.LessonLate, exit.LessonIncident}
	acme := fmt.Sprint([]exit.Taught{{Exit: "exit/acme/1", Vendor: "acme", Name: planted + " acme", Lessons: both}})
	for n, c := range []struct {
		slug, service string
		rehearsal     bool
		facts         []string
		taught        string
	}{
		{slug: "next", service: "The PAYROLL, " + planted, facts: both, taught: acme},
		{slug: "other", service: "cleaning"},
		{slug: "zeta", service: "cleaning", facts: []string{exit.LessonCost},
			taught: fmt.Sprint([]exit.Taught{{Exit: "exit/beta/1", Vendor: "beta", Name: planted + " beta", Lessons: []string{exit.LessonCost}}})},
		{slug: "tried", service: planted + " payroll", rehearsal: true, facts: []string{exit.LessonLate, exit.LessonQuality, exit.LessonIncident},
			taught: fmt.Sprint([]exit.Taught{{Exit: "exit/drilled/1", Vendor: "drilled", Name: planted + " drilled", Lessons: []string{exit.LessonQuality}},
				{Exit: "exit/acme/1", Vendor: "acme", Name: planted + " acme", Lessons: both}})},
		{slug: "acme", service: "cleaning", facts: both, taught: acme}, // they come back
	} {
		i := intake(fmt.Sprint("web-", n))
		i.Vendor.Slug, i.Vendor.Name, i.Vendor.Service, i.Rehearsal = c.slug, planted+" "+c.slug, c.service, c.rehearsal
		i.Taught = []exit.Taught{{Exit: "exit/made-up/1", Vendor: "made-up", Lessons: []string{exit.LessonDeletion}}}
		w.open(i)
		filed, facts := w.filedWith()
		want := c.taught
		if want == "" {
			want = "[]"
		}
		same(t, c.slug, []any{want, c.facts}, []any{fmt.Sprint(filed.Taught), facts.Lessons})
	}
	tier := func(n int) engagement.Tier {
		return playbook.TierFor(w.engine.inputs[n].Tiers, w.engine.inputs[n].Facts)
	}
	if tier(0) != 1 || tier(1) == 1 || tier(2) == 1 {
		t.Errorf("the tiers are %s, %s, %s", tier(0), tier(1), tier(2))
	}
}

// TestLessonsThatCannotBeRead: while nobody can say what was taught nothing is opened,
// rather than at a lighter tier; an exit whose order was erased stands for the vendor itself alone.
func TestLessonsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.left("acme", planted+" payroll", dossier.Detail{}, calendar.Anchor{}, exit.LessonLate)
	w.store.refuse("CasesIn", errors.New("the record is away"))
	if _, err := w.desk.Open(t.Context(), intake("web-1")); err == nil || len(w.engine.starts) > 0 {
		t.Errorf("%v, and %d cases began", err, len(w.engine.starts))
	}
	w.store.refuse("CasesIn", nil)
	w.open(intake("web-1"))
	if _, facts := w.filedWith(); len(facts.Lessons) != 1 {
		t.Errorf("%+v", facts)
	}
	v := must[dossier.CaseView](t)(w.store.Case(t.Context(), "exit/acme/1"))
	ok(t, w.store.EraseDocument(t.Context(), v.ID, v.Documents[0].Document, "art. 17", "olga"))
	for slug, want := range map[string]int{"acme": 1, "zeta": 0} {
		i := another("web-" + slug)
		i.Vendor.Slug = slug
		w.open(i)
		if _, facts := w.filedWith(); len(facts.Lessons) != want {
			t.Errorf("%s, after the order was erased: %+v", slug, facts)
		}
	}
}

// TestCorrectingBesideLessons: what a correction would change is counted with the lessons
// that the case was opened with.
func TestCorrectingBesideLessons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.left("acme", planted+" payroll", dossier.Detail{}, calendar.Anchor{}, exit.LessonLate)
	id := w.open(intake("web-1"))
	in := w.engine.inputs[0]
	p := w.engine.processes[id]
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseOpened, Actor: "rita", Detail: &dossier.Detail{Vendor: in.Vendor, Owner: in.Owner, Playbook: in.Playbook}})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "intake", Document: in.Intake.Digest}})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "playbook", Document: in.PlaybookDocument.Digest}})
	w.flush(p)
	a := act("act-1", "olga", review.Correct)
	a.Process, a.Field, a.Amount = id, playbook.FieldCost, 60_000
	c := must[playbook.Correction](t)(w.desk.Preview(t.Context(), from("olga"), a))
	same(t, "lessons", []string{exit.LessonLate}, c.Facts.Lessons)
}

// TestAnExitKeepsTheService: it is what the next vendor is held against.
func TestAnExitKeepsTheService(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	id := w.leaves(wantsExit("web-1"))
	_, r, err := w.store.Get(t.Context(), w.exits()[0].Intake.Digest)
	ok(t, err)
	defer r.Close()
	var kept leftIntake
	ok(t, json.NewDecoder(r).Decode(&kept))
	if kept.Vendor.Service == "" {
		t.Errorf("%s does not say what the vendor did: %+v", id, kept.Vendor)
	}
}

// TestAContactLearnsNoLessons: of what leaving others taught nothing reaches the vendor's
// people, neither with what they are asked nor by its digest.
func TestAContactLearnsNoLessons(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	text := must[[]byte](t)(json.Marshal(playbook.Intake{Taught: []exit.Taught{{Exit: "exit/zeta/1", Vendor: "zeta", Lessons: []string{exit.LessonIncident}}}}))
	paper := must[dossier.Paper](t)(l.store.Put(t.Context(), strings.NewReader(string(text)), engagement.MaxDocument))
	l.root.say(l.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "intake", Document: paper.Digest}})
	l.flush(l.root)
	sees := string(must[[]byte](t)(json.Marshal(l.tasks(l.ann))))
	if sees == "[]" || strings.Contains(sees, "zeta") || strings.Contains(sees, "taught") || strings.Contains(sees, paper.Digest) {
		t.Errorf("a contact sees %s", sees)
	}
	if _, r, err := l.desk.Document(t.Context(), portal(l.ann), l.root.id, paper.Digest); err == nil {
		_ = r.Close()
		t.Error("a contact opens the intake")
	}
	if _, err := l.desk.Case(t.Context(), portal(l.ann), l.root.id); err == nil {
		t.Error("a contact sees the case")
	}
}
