package desk

import (
	"slices"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// One person takes another's place: shown first, done once, and journalled.
func TestReplacePeople(t *testing.T) {
	t.Parallel()
	w, root, child := ruled(t)
	w.asks(root, "need", "lena", "sam")
	w.asks(child, "review", "lena", "dora")
	people := everybody(t)
	people[3].Backups, people[3].Manager = []string{"lena"}, "lena" // sam's
	_, _, err := w.store.ApplyPeople(t.Context(), people, "")
	ok(t, err)
	p := must[dossier.Replacement](t)(w.desk.PreviewReplace(t.Context(), from("olga"), "lena", "p01"))
	same(t, "preview", []any{"legal", "sam", 2}, []any{p.Roles[0], p.Named[0], len(p.Seats)})
	dora := must[dossier.Replacement](t)(w.desk.PreviewReplace(t.Context(), from("olga"), "lena", "dora"))
	i := slices.IndexFunc(dora.Seats, func(s dossier.ReplacedSeat) bool { return s.Step == "review" })
	same(t, "dora sits there already", true, dora.Seats[i].Vacant)
	owner := must[dossier.Replacement](t)(w.desk.PreviewReplace(t.Context(), from("olga"), "olga", "sam"))
	same(t, "the owner's case", []dossier.ReplacedCase{{Case: onboarding, As: "owner"}}, owner.Cases)

	o := dossier.ReplaceOrder{ID: "w-1", Leaver: "lena", By: "p01", Reason: planted + " she left", Digest: p.Digest}
	stale := o
	stale.Digest = dora.Digest
	_, err = w.desk.ReplacePeople(t.Context(), from("olga"), stale)
	isInput(t, err)
	silent := o
	silent.Reason = " "
	_, err = w.desk.ReplacePeople(t.Context(), from("olga"), silent)
	isInput(t, err)
	_, err = w.desk.ReplacePeople(t.Context(), from("vera"), o)
	forbidden(t, err)
	for range 2 { // the same order again
		_, err = w.desk.ReplacePeople(t.Context(), from("olga"), o)
		ok(t, err)
		w.delivers()
	}
	for _, x := range []*process{root, child} {
		same(t, x.id, 1, len(x.people))
		r := x.people[0].Replaced
		same(t, "replaced", []any{"lena", "p01", "olga", "w-1", true}, []any{r.Leaver, r.By.ID, r.Actor, r.Answer, r.By.Has("legal")})
	}
	now, _, err := w.store.People(t.Context())
	ok(t, err)
	lena, _ := byID(now, "lena")
	sam, _ := byID(now, "sam")
	same(t, "the people file", []any{true, "p01", []string{"p01"}}, []any{lena.Left, sam.Manager, sam.Backups})
	n := 0
	for _, l := range w.lines(dossier.Register) {
		if l.Entry.Kind == dossier.Replaced {
			n++
			same(t, "names both", []string{"lena", "p01", "olga"}, []string{l.Entry.Detail.Person, l.Entry.Detail.By, l.Entry.Actor})
			same(t, "reason", o.Reason, l.Body.Inside)
		}
	}
	same(t, "entries", 1, n)
	o.By = "p02"
	_, err = w.desk.ReplacePeople(t.Context(), from("olga"), o)
	isInput(t, err)
}

// An order that stopped half way is carried on by the same order.
func TestReplacePeopleAfterAFault(t *testing.T) {
	t.Parallel()
	w, root, _ := ruled(t)
	w.asks(root, "need", "lena", "sam")
	p := must[dossier.Replacement](t)(w.desk.PreviewReplace(t.Context(), from("olga"), "lena", "p01"))
	o := dossier.ReplaceOrder{ID: "w-1", Leaver: "lena", By: "p01", Reason: planted, Digest: p.Digest}
	w.store.refuse("Enqueue", dossier.FullError{Doing: "queueing"})
	_, err := w.desk.ReplacePeople(t.Context(), from("olga"), o)
	isBusy(t, err)
	w.store.refuse("Enqueue", nil)
	_, err = w.desk.ReplacePeople(t.Context(), from("olga"), o)
	ok(t, err)
	w.delivers()
	same(t, "told", 1, len(root.people))
}

// An order that was carried out is none for somebody who came back since: nobody
// saw what it would touch now, nor gave a reason for it.
func TestAnOldReplacementIsNotReplayed(t *testing.T) {
	t.Parallel()
	w, root, _ := ruled(t)
	people := everybody(t)
	p := must[dossier.Replacement](t)(w.desk.PreviewReplace(t.Context(), from("olga"), "lena", "p01"))
	o := dossier.ReplaceOrder{ID: "w-1", Leaver: "lena", By: "p01", Reason: planted, Digest: p.Digest}
	_, err := w.desk.ReplacePeople(t.Context(), from("olga"), o)
	ok(t, err)
	w.delivers()
	_, _, err = w.desk.ApplyPeople(t.Context(), from("olga"), people)
	ok(t, err)
	w.asks(root, "need", "lena", "sam")
	_, err = w.desk.ReplacePeople(t.Context(), from("olga"), o)
	isInput(t, err)
	lena := must[playbook.Person](t)(first(w.store.Person(t.Context(), "lena")))
	same(t, "lena left", false, lena.Left)
}

func first[A, B any](a A, _ B, err error) (A, error) { return a, err }

func TestReplacingWhomOneCantReplace(t *testing.T) {
	t.Parallel()
	w, _, _ := ruled(t)
	for _, c := range [][2]string{{"lena", "lena"}, {"lena", "nemo"}, {"nemo", "lena"}, {"lena", "vera"}, {"lena", "gone"}} {
		_, err := w.desk.PreviewReplace(t.Context(), from("olga"), c[0], c[1])
		isInput(t, err)
	}
	_, err := w.desk.PreviewReplace(t.Context(), from("gone"), "lena", "sam")
	forbidden(t, err)
}
