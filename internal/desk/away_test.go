package desk

import (
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// What somebody says of being away is kept, in the register, and told to every
// open process that asks them; saying it again under the same id does nothing.
func TestSetAway(t *testing.T) {
	t.Parallel()
	w, root, child := ruled(t)
	w.asks(root, "need", "lena", "sam")
	w.asks(child, "review", "dora")
	now := w.clock.now()
	a := playbook.Away{From: now.Add(-time.Hour), Until: now.AddDate(0, 0, 7), Backup: "p01"}
	for range 2 {
		ok(t, w.desk.SetAway(t.Context(), from("lena"), "a-1", a))
		w.delivers()
	}
	same(t, "the process that asks her", 1, len(root.people))
	same(t, "the process that doesn't", 0, len(child.people))
	same(t, "who", "lena", root.people[0].People[0].ID)
	people, _, err := w.store.People(t.Context())
	ok(t, err)
	lena, _ := byID(people, "lena")
	same(t, "her backups", "p01", lena.BackupsAt(now)[0])
	aways := must[[]playbook.Away](t)(w.desk.Aways(t.Context(), from("lena"), now))
	a.Own = true
	same(t, "her absences", true, len(aways) == 1 && aways[0].Until.Equal(a.Until) && aways[0].Backup == "p01" && aways[0].Own)
	same(t, "his absences", 0, len(must[[]playbook.Away](t)(w.desk.Aways(t.Context(), from("sam"), now))))
	same(t, "once it is over", 0, len(must[[]playbook.Away](t)(w.desk.Aways(t.Context(), from("lena"), a.Until))))

	ok(t, w.desk.SetAway(t.Context(), from("lena"), "a-2", playbook.Away{}))
	w.delivers()
	same(t, "told that it ended", 2, len(root.people))
	same(t, "after the end", 0, len(must[[]playbook.Away](t)(w.desk.Aways(t.Context(), from("lena"), now))))
	var said []dossier.Entry
	for _, l := range w.lines(dossier.Register) {
		if l.Entry.Kind == dossier.AwaySet {
			said = append(said, l.Entry)
		}
	}
	same(t, "entries", 2, len(said))
	same(t, "the first", []any{"lena", "lena", "p01", true}, []any{said[0].Actor, said[0].Detail.Person, said[0].Detail.By, said[0].Detail.Ends.Equal(a.Until)})
	same(t, "the second", []any{"lena", "", true}, []any{said[1].Detail.Person, said[1].Detail.By, said[1].Detail.Ends.IsZero()})
}

// The page that somebody has in a chat follows what they say of being away, and
// what the people file says, whichever way it came; nobody else's does.
func TestAwayTurnsThePageInAChat(t *testing.T) {
	t.Parallel()
	w, _, _ := ruled(t)
	now := w.clock.now()
	wanted := func(person string) int {
		return must[outbox.Posting](t)(w.store.Posting(t.Context(), outbox.HomeID(person))).Wanted
	}
	for _, who := range []string{"lena", "sam"} {
		id := outbox.HomeID(who)
		ok(t, w.store.PutPosting(t.Context(), outbox.Posting{ID: id, Kind: outbox.Home, Person: who, Made: now, State: outbox.Due, Wanted: 1, Next: now}))
		ok(t, w.store.SettlePosting(t.Context(), id, outbox.Looked{State: outbox.Standing, Shown: 1}))
	}
	for i, a := range []playbook.Away{{From: now, Until: now.AddDate(0, 0, 2)}, {}} {
		ok(t, w.desk.SetAway(t.Context(), from("lena"), "a-"+string(rune('1'+i)), a))
		same(t, "hers", i+2, wanted("lena"))
		same(t, "his", 1, wanted("sam"))
	}
	due := must[[]outbox.Posting](t)(w.store.Postings(t.Context(), now, 10))
	same(t, "what is due", true, len(due) == 1 && due[0].ID == outbox.HomeID("lena"))

	people, _, err := w.store.People(t.Context())
	ok(t, err)
	for i := range people {
		if people[i].ID == "sam" {
			people[i].Away = []playbook.Away{{From: now, Until: now.AddDate(0, 0, 2)}}
		}
	}
	_, _, err = w.desk.SeedPeople(t.Context(), people)
	ok(t, err)
	same(t, "his, by the file", 2, wanted("sam"))
	same(t, "hers, by the file", 3, wanted("lena"))
}

// Two people who choose the same id say two things.
func TestSetAwayIdsAreOnesOwn(t *testing.T) {
	t.Parallel()
	w, _, _ := ruled(t)
	now := w.clock.now()
	for _, who := range []string{"lena", "sam"} {
		ok(t, w.desk.SetAway(t.Context(), from(who), "same", playbook.Away{From: now, Until: now.AddDate(0, 0, 2)}))
		same(t, who, 1, len(must[[]playbook.Away](t)(w.desk.Aways(t.Context(), from(who), now))))
	}
}

func TestSetAwayRefuses(t *testing.T) {
	t.Parallel()
	w, root, _ := ruled(t)
	w.asks(root, "need", "lena")
	now := w.clock.now()
	for name, a := range map[string]playbook.Away{
		"ends before it begins": {From: now.AddDate(0, 0, 2), Until: now},
		"over":                  {From: now.AddDate(0, 0, -2), Until: now.AddDate(0, 0, -1)},
		"too long":              {From: now, Until: now.AddDate(2, 0, 0)},
		"herself":               {From: now, Until: now.AddDate(0, 0, 2), Backup: "lena"},
		"of the vendor":         {From: now, Until: now.AddDate(0, 0, 2), Backup: "vera"},
		"unknown":               {From: now, Until: now.AddDate(0, 0, 2), Backup: "nobody"},
	} {
		if in := isInput(t, w.desk.SetAway(t.Context(), from("lena"), "a-1", a)); len(in.Faults) != 1 {
			t.Errorf("%s: %v", name, in.Faults)
		}
	}
	fine := playbook.Away{From: now, Until: now.AddDate(0, 0, 2)}
	isInput(t, w.desk.SetAway(t.Context(), from("lena"), "people/1", fine))
	forbidden(t, w.desk.SetAway(t.Context(), from("vera"), "a-1", fine))
	if err := w.desk.SetAway(t.Context(), review.Address{Channel: "mail", ID: "lena"}, "a-1", fine); !isNotFound(err) {
		t.Errorf("by mail: %v", err)
	}
	w.delivers()
	same(t, "told", 0, len(root.people))
	same(t, "kept", 0, len(must[[]playbook.Away](t)(w.desk.Aways(t.Context(), from("lena"), now))))
}

// What stopped half way is carried on by saying it again.
func TestSetAwayAfterAFault(t *testing.T) {
	t.Parallel()
	w, root, _ := ruled(t)
	w.asks(root, "need", "lena")
	now := w.clock.now()
	a := playbook.Away{From: now, Until: now.AddDate(0, 0, 2)}
	w.store.refuse("Enqueue", dossier.FullError{Doing: "queueing"})
	isBusy(t, w.desk.SetAway(t.Context(), from("lena"), "a-1", a))
	w.store.refuse("Enqueue", nil)
	ok(t, w.desk.SetAway(t.Context(), from("lena"), "a-1", a))
	w.delivers()
	same(t, "told", 1, len(root.people))
	same(t, "kept", 1, len(must[[]playbook.Away](t)(w.desk.Aways(t.Context(), from("lena"), now))))
}

func TestIntakeForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := must[playbook.IntakeForm](t)(w.desk.IntakeForm(t.Context(), from("rita"), ""))
	same(t, "the default", []any{"standard", []string{"small", "whole"}}, []any{f.Playbook, f.Others})
	f = must[playbook.IntakeForm](t)(w.desk.IntakeForm(t.Context(), from("rita"), "small"))
	same(t, "another", []any{"small", []string{"standard", "whole"}}, []any{f.Playbook, f.Others})
	_, err := w.desk.IntakeForm(t.Context(), from("rita"), "no-such")
	isInput(t, err)
	_, err = w.desk.IntakeForm(t.Context(), from("vera"), "")
	forbidden(t, err)
}

// A case that is opened from the form alone has no contract, and waits for it.
func TestACaseOpenedByTheFormWaitsForItsContract(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := must[playbook.IntakeForm](t)(w.desk.IntakeForm(t.Context(), from("rita"), ""))
	i, faults := f.Intake(map[string][]string{"vendor.name": {"Acme Payroll"}, "vendor.service": {"payroll"}, "reason": {"we grow"}})
	same(t, "faults", 0, len(faults))
	i.ID, i.From = "form-1", from("rita")
	id := must[string](t)(w.desk.Open(t.Context(), i))
	same(t, "the case", "onboarding/acme-payroll/1", id)
	for _, l := range w.lines(dossier.Register) {
		if l.Entry.Kind == dossier.CaseOpened {
			same(t, "the owner", "rita", l.Entry.Detail.Owner)
		}
	}
}
