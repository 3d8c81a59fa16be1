package archive_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/playbook"
)

func awayTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"what somebody says of being away is read with the file": awaysMerged,
		"an id says it once":                                  awaysOnce,
		"what stands is ended, and only that":                 awaysEnded,
		"the people file and what people said don't mix":      awaysApart,
		"what is long over is swept":                          awaysSwept,
		"somebody whom the file doesn't know is nobody":       awaysOfNobody,
		"away times that are none are refused":                awayFaults,
		"what was read and applied again changes no revision": awaysReapplied,
	}
}

// week is somebody's own absence in the n-th week from now.
func week(n int, backup string) playbook.Away {
	from := noon().Add(time.Duration(n) * 7 * 24 * time.Hour)
	return playbook.Away{From: from, Until: from.Add(7 * 24 * time.Hour), Backup: backup, Own: true}
}

func seasons() []playbook.Person {
	return []playbook.Person{{ID: "lena", Name: "Lena", Away: []playbook.Away{{From: noon(), Until: noon().Add(time.Hour)}}}, {ID: "sam", Name: "Sam"}}
}

// awaysOf reads somebody in both ways, which must agree.
func awaysOf(t *testing.T, a *archive.Archive, id string) []playbook.Away {
	t.Helper()
	ctx := context.Background()
	p, revision, err := a.Person(ctx, id)
	ok(t, err)
	people, of, err := a.People(ctx)
	ok(t, err)
	same(t, "revision", of, revision)
	for _, x := range people {
		if x.ID == id {
			same(t, "of "+id, x, p)
		}
	}
	return p.Away
}

func awaysMerged(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	_, _, err := a.ApplyPeople(ctx, seasons(), "olga")
	ok(t, err)
	ok(t, a.SetAway(ctx, "lena", "w1", week(1, "sam"), noted("w1")))
	ok(t, a.SetAway(ctx, "lena", "w2", week(2, ""), noted("w2")))
	same(t, "lena", []playbook.Away{week(1, "sam"), week(2, ""), seasons()[0].Away[0]}, awaysOf(t, a, "lena"))
	same(t, "sam", 0, len(awaysOf(t, a, "sam")))
	same(t, "own", []playbook.Away{week(1, "sam"), week(2, "")}, must[[]playbook.Away](t)(a.Aways(ctx, "lena")))
	same(t, "register", 3, registered(t, a))
}

func awaysOnce(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ok(t, a.SetAway(ctx, "lena", "w1", week(1, "sam"), noted("w1")))
	ok(t, a.SetAway(ctx, "lena", "w1", week(1, "sam"), noted("w1")))
	ok(t, a.SetAway(ctx, "lena", "w1", week(3, ""), noted("w3")))
	ok(t, a.SetAway(ctx, "sam", "w1", week(3, ""), noted("s1"))) // ids are a person's own
	same(t, "lena", []playbook.Away{week(1, "sam")}, must[[]playbook.Away](t)(a.Aways(ctx, "lena")))
	same(t, "sam", []playbook.Away{week(3, "")}, must[[]playbook.Away](t)(a.Aways(ctx, "sam")))
	same(t, "register", 2, registered(t, a))
}

func awaysEnded(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	_, _, err := a.ApplyPeople(ctx, seasons(), "olga")
	ok(t, err)
	ok(t, a.SetAway(ctx, "lena", "w1", week(1, ""), nil))
	ok(t, a.SetAway(ctx, "sam", "w1", week(1, ""), nil))
	ok(t, a.SetAway(ctx, "lena", "back", playbook.Away{}, noted("back")))
	same(t, "of the file", seasons()[0].Away, awaysOf(t, a, "lena"))
	same(t, "sam", []playbook.Away{week(1, "")}, awaysOf(t, a, "sam"))
	ok(t, a.SetAway(ctx, "lena", "w2", week(2, ""), nil))
	ok(t, a.SetAway(ctx, "lena", "back", playbook.Away{}, noted("again"))) // sent twice, it ends nothing new
	ok(t, a.SetAway(ctx, "lena", "w1", week(1, ""), nil))                  // nor does what was ended come back
	same(t, "lena", []playbook.Away{week(2, "")}, must[[]playbook.Away](t)(a.Aways(ctx, "lena")))
	same(t, "register", 2, registered(t, a))
}

func awaysApart(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	_, _, err := a.ApplyPeople(ctx, seasons(), "olga")
	ok(t, err)
	ok(t, a.SetAway(ctx, "lena", "w1", week(1, "sam"), nil))
	other := seasons()
	other[0].Away = nil
	_, changed, err := a.ApplyPeople(ctx, other, "olga")
	ok(t, err)
	same(t, "changed", []string{"lena"}, changed)
	same(t, "own stays", []playbook.Away{week(1, "sam")}, awaysOf(t, a, "lena"))
	// Somebody takes sam's place: the list that was read is written.
	people, _, err := a.People(ctx)
	ok(t, err)
	next, _ := playbook.Replace(people, "sam", "lena")
	_, _, err = a.ApplyPeople(ctx, next, "olga")
	ok(t, err)
	same(t, "once", []playbook.Away{week(1, "sam")}, awaysOf(t, a, "lena"))
	ok(t, a.SetAway(ctx, "lena", "back", playbook.Away{}, nil))
	same(t, "ended", 0, len(awaysOf(t, a, "lena")))
}

// awaysReapplied: read here or by a program through JSON, and applied as it is.
func awaysReapplied(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	_, _, err := a.ApplyPeople(ctx, seasons(), "olga")
	ok(t, err)
	ok(t, a.SetAway(ctx, "lena", "w1", week(1, "sam"), nil))
	people, first, err := a.People(ctx)
	ok(t, err)
	text, err := json.Marshal(people)
	ok(t, err)
	var again []playbook.Person
	ok(t, json.Unmarshal(text, &again))
	for _, list := range [][]playbook.Person{people, again} {
		revision, changed, err := a.ApplyPeople(ctx, list, "olga")
		ok(t, err)
		same(t, "changed", []any{first, 0}, []any{revision, len(changed)})
	}
	same(t, "the caller's list is as it was", 2, len(people[0].Away))
}

func awaysSwept(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ok(t, a.SetAway(ctx, "lena", "long ago", week(-20, ""), nil))
	ok(t, a.SetAway(ctx, "lena", "w1", week(1, ""), nil))
	ok(t, a.Sweep(ctx))
	// It was said now, and so is remembered: the same id again says nothing new.
	same(t, "both", 2, len(must[[]playbook.Away](t)(a.Aways(ctx, "lena"))))
}

func awaysOfNobody(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ok(t, a.SetAway(ctx, "ghost", "w1", week(1, ""), nil))
	_, _, err := a.Person(ctx, "ghost")
	isNotFound(t, err)
	people, _, err := a.People(ctx)
	ok(t, err)
	same(t, "people", 0, len(people))
}

func awayFaults(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	backwards := playbook.Away{From: noon(), Until: noon()}
	for i, err := range []error{a.SetAway(ctx, "", "w", week(1, ""), nil), a.SetAway(ctx, "lena", "", week(1, ""), nil), a.SetAway(ctx, "lena", "w", backwards, nil)} {
		if err == nil {
			t.Errorf("%d was taken", i)
		}
	}
}
