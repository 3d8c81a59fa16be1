package archive_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func textTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"the first text of an id wins": func(t *testing.T, a *archive.Archive) {
			w := must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "one"}))
			again := must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "two", Vendor: "three"}))
			same(t, "written", w, again)
			same(t, "vendor", "", w.Vendor)
			got, found, err := a.Text(ctx, "web-1")
			ok(t, err)
			same(t, "text", []any{review.Text{Inside: "one"}, true}, []any{got, found})
		},
		"equal texts have unequal digests": func(t *testing.T, a *archive.Archive) {
			one := must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "no", Vendor: "no"}))
			two := must[review.Written](t)(a.KeepText(ctx, "web-2", review.Text{Inside: "no", Vendor: "no"}))
			if one == two || one.Inside == one.Vendor || one.Inside == "" || one.Vendor == "" {
				t.Error(one, two)
			}
		},
		"a text moves into the journal and keeps its digests": func(t *testing.T, a *archive.Archive) {
			text := review.Text{Inside: "too broad", Vendor: "narrow 7.2"}
			w := must[review.Written](t)(a.KeepText(ctx, "web-1", text))
			p := newCase(acme).opened()
			p.answers("web-1", p.asks("legal", "lena"), "lena", review.Changes, 1, w)
			p.file(t, a)
			same(t, "again", w, must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "other"})))
			got, found, err := a.Text(ctx, "web-1")
			ok(t, err)
			same(t, "text", []any{text, true}, []any{got, found})
		},
		"nothing written is nothing kept": func(t *testing.T, a *archive.Archive) {
			same(t, "written", review.Written{}, must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{})))
			w := must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "late"}))
			same(t, "again", w, must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{})))
			_, found, err := a.Text(ctx, "web-2")
			ok(t, err)
			same(t, "found", false, found)
		},
		"a receipt stays as it was given": func(t *testing.T, a *archive.Archive) {
			_, found, err := a.Receipt(ctx, "web-1")
			ok(t, err)
			same(t, "none", false, found)
			first := review.Outcome{Status: review.Pending, Request: "r"}
			final := review.Outcome{Status: review.Refused, Refusal: review.Stale, Request: "r", Missing: []string{"read it"}, At: monday()}
			for _, step := range []struct{ keep, want review.Outcome }{
				{first, first}, {final, final}, {first, final}, {counted("r", "lena", 1), final},
			} {
				ok(t, a.KeepReceipt(ctx, "web-1", "lena", "r", step.keep))
				got, found, err := a.Receipt(ctx, "web-1")
				ok(t, err)
				same(t, "receipt", []any{step.want, true}, []any{got, found})
			}
		},
	}
}

func queueTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"rows leave in the order of receipt, each process its own": queueOrder,
		"a settled answer does not come back": func(t *testing.T, a *archive.Archive) {
			r := review.Queued{ID: "web-1", Process: acme, Person: "lena", Request: "r", At: monday()}
			ok(t, a.Enqueue(ctx, r))
			ok(t, a.Settle(ctx, r, counted("r", "lena", 1)))
			ok(t, a.Enqueue(ctx, r))
			same(t, "queued", false, must[bool](t)(a.HasQueued(ctx, acme)))
			ok(t, a.Settle(ctx, r, review.Outcome{Status: review.Refused}))
			got, _, err := a.Receipt(ctx, "web-1")
			ok(t, err)
			same(t, "receipt", counted("r", "lena", 1), got)
		},
		"a pending receipt does not keep an answer out of the queue": func(t *testing.T, a *archive.Archive) {
			ok(t, a.KeepReceipt(ctx, "web-1", "lena", "r", review.Outcome{Status: review.Pending}))
			ok(t, a.Enqueue(ctx, review.Queued{ID: "web-1", Process: acme, Person: "lena", Request: "r"}))
			same(t, "queued", true, must[bool](t)(a.HasQueued(ctx, acme)))
		},
		"a row without id or process is refused": func(t *testing.T, a *archive.Archive) {
			if a.Enqueue(ctx, review.Queued{ID: "x"}) == nil || a.Enqueue(ctx, review.Queued{Process: "x"}) == nil {
				t.Error("taken")
			}
		},
		"a lease has one holder until it runs out": leases,
	}
}

func queueOrder(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	var rows []review.Queued
	for i := range 6 {
		rows = append(rows, review.Queued{ID: fmt.Sprint("web-", 9-i), Process: []string{"p", "q"}[i%2], Act: i%3 == 0, Person: fmt.Sprint("person", i%3),
			Request: "r", Payload: []byte{0, byte(i), 255}, At: monday().Add(-time.Duration(i) * time.Nanosecond)})
	}
	for _, i := range []int{0, 1, 0, 2, 3, 1, 4, 5, 5} { // twice is once, and keeps its place
		ok(t, a.Enqueue(ctx, rows[i]))
	}
	same(t, "processes", []string{"p", "q"}, must[[]string](t)(a.QueuedProcesses(ctx)))
	same(t, "of one", []review.Queued{rows[1], rows[4]}, must[[]review.Queued](t)(a.QueuedOf(ctx, "person1")))
	var got []review.Queued
	for {
		r, found, err := a.NextQueued(ctx, "p")
		ok(t, err)
		if !found {
			break
		}
		got = append(got, r)
		ok(t, a.Settle(ctx, r, review.Outcome{Status: review.Counted}))
	}
	same(t, "p", []review.Queued{rows[0], rows[2], rows[4]}, got)
	same(t, "p has", false, must[bool](t)(a.HasQueued(ctx, "p")))
	same(t, "q has", true, must[bool](t)(a.HasQueued(ctx, "q")))
	same(t, "processes", []string{"q"}, must[[]string](t)(a.QueuedProcesses(ctx)))
}

func leases(t *testing.T, a *archive.Archive) { // the clock stands
	ctx := context.Background()
	has := func(want bool, holder string, ttl time.Duration) {
		t.Helper()
		same(t, holder, want, must[bool](t)(a.Lease(ctx, "delivery/p", holder, ttl)))
	}
	has(true, "one", time.Minute)
	has(true, "one", time.Minute)
	has(false, "two", time.Minute)
	same(t, "another name", true, must[bool](t)(a.Lease(ctx, "delivery/q", "two", time.Minute)))
	ok(t, a.Release(ctx, "delivery/p", "two"))
	has(false, "two", time.Minute)
	ok(t, a.Release(ctx, "delivery/p", "one"))
	has(true, "two", 0) // runs out at once
	has(true, "one", time.Minute)
	has(false, "two", time.Minute)
}

func numberTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"a case opens whole": opensWhole,
		"an intake gets one case": func(t *testing.T, a *archive.Archive) {
			reserve := func(intake, prefix, want string, wantFresh bool) {
				t.Helper()
				id, fresh, err := a.OpenCase(ctx, intake, prefix, []byte("input of "+intake), dossier.Name{}, nil, nil)
				ok(t, err)
				same(t, intake, []any{want, wantFresh}, []any{id, fresh})
			}
			reserve("i1", "onboarding/acme", "onboarding/acme/1", true)
			reserve("i1", "onboarding/acme", "onboarding/acme/1", false)
			reserve("i2", "onboarding/acme", "onboarding/acme/2", true)
			reserve("i3", "onboarding/bolt", "onboarding/bolt/1", true)
			same(t, "unstarted", []playbook.Reserved{
				{Case: "onboarding/acme/1", Input: []byte("input of i1")},
				{Case: "onboarding/acme/2", Input: []byte("input of i2")},
				{Case: "onboarding/bolt/1", Input: []byte("input of i3")},
			}, must[[]playbook.Reserved](t)(a.Unstarted(ctx)))
			ok(t, a.Started(ctx, "onboarding/acme/1"))
			ok(t, a.Started(ctx, "onboarding/acme/1"))
			reserve("i1", "onboarding/acme", "onboarding/acme/1", false)
			same(t, "left", 2, len(must[[]playbook.Reserved](t)(a.Unstarted(ctx))))
			isNotFound(t, a.Started(ctx, "onboarding/acme/9"))
		},
		"a key gets one number, a prefix no gaps": func(t *testing.T, a *archive.Archive) {
			for i, key := range []string{"a", "b", "a", "c", "b"} {
				same(t, key, []int{1, 2, 1, 3, 2}[i], must[int](t)(a.NumberFor(ctx, "contract/acme", key)))
			}
			same(t, "other", 1, must[int](t)(a.NumberFor(ctx, "contract/bolt", "a")))
			id, _, err := a.OpenCase(ctx, "i", "contract/acme", nil, dossier.Name{}, nil, nil)
			ok(t, err)
			same(t, "shared", "contract/acme/4", id)
		},
		"nothing to go by is refused": func(t *testing.T, a *archive.Archive) {
			if _, _, err := a.OpenCase(ctx, "", "p", nil, dossier.Name{}, nil, nil); err == nil {
				t.Error("no intake")
			}
			if _, err := a.NumberFor(ctx, "p", ""); err == nil {
				t.Error("no key")
			}
		},
	}
}

func peopleTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"a file is the whole truth about people": wholeFile,
		"somebody twice, or without id, is refused": func(t *testing.T, a *archive.Archive) {
			for _, file := range [][]playbook.Person{{{ID: "lena"}, {ID: "lena"}}, {{Name: "nobody"}}} {
				if _, _, err := a.ApplyPeople(ctx, file, "olga"); err == nil {
					t.Error("taken")
				}
			}
			same(t, "register", 0, len(chain(t, a, dossier.Register)))
		},
		"a digest covers what is judged by, and no names": func(t *testing.T, a *archive.Archive) {
			for i, p := range []playbook.Person{
				{ID: "lena", Name: "Lena", Mail: "l@example.com", Slack: "U1", Roles: []string{"legal"}},
				{ID: "lena", Name: "Lena Löwe", Mail: "lena@example.com", Slack: "U2", Roles: []string{"legal"}},
				{ID: "lena", Name: "Lena Löwe", Roles: []string{"legal", "security"}},
			} {
				revision, _, err := a.ApplyPeople(ctx, []playbook.Person{p}, "olga")
				ok(t, err)
				same(t, "revision", i+1, revision)
			}
			var digests []string
			for _, l := range chain(t, a, dossier.Register) {
				digests = append(digests, l.Entry.Detail.Digest)
			}
			if digests[0] != digests[1] || digests[1] == digests[2] {
				t.Error(digests)
			}
		},
		"a vendor's newest name wins": func(t *testing.T, a *archive.Archive) {
			_, found, err := a.Vendor(ctx, "acme")
			ok(t, err)
			same(t, "found", false, found)
			ok(t, a.NameVendor(ctx, "acme", "Acme"))
			ok(t, a.NameVendor(ctx, "acme", "Acme GmbH"))
			name, found, err := a.Vendor(ctx, "acme")
			ok(t, err)
			same(t, "name", []any{"Acme GmbH", true}, []any{name, found})
		},
	}
}

func wholeFile(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	lena := playbook.Person{ID: "lena", Name: "Lena Löwe", Mail: "lena@example.com", Roles: []string{"legal"}}
	sam := playbook.Person{ID: "sam", Name: "Sam", Away: []playbook.Away{{From: monday(), Until: monday().Add(time.Hour)}}}
	apply := func(want int, wantChanged []string, file ...playbook.Person) {
		t.Helper()
		revision, changed, err := a.ApplyPeople(ctx, file, "olga")
		ok(t, err)
		same(t, "revision, changed", []any{want, wantChanged}, []any{revision, changed})
	}
	apply(1, []string{"lena", "sam"}, sam, lena)
	apply(2, nil, lena, sam) // another order asks others first
	apply(2, nil, lena, sam)
	before := chain(t, a, dossier.Register)
	apply(3, []string{"sam"}, lena)
	left := sam
	left.Left = true
	people, revision, err := a.People(ctx)
	ok(t, err)
	same(t, "people", []any{[]playbook.Person{lena, left}, 3}, []any{people, revision})
	apply(3, nil, lena)
	apply(4, []string{"sam"}, lena, sam)
	lines := chain(t, a, dossier.Register)
	same(t, "register", 4, len(lines))
	e := lines[0].Entry
	same(t, "entry", []any{dossier.PeopleChanged, "olga", 1, "register#archive/1"}, []any{e.Kind, e.Actor, e.Detail.Revision, e.ID})
	same(t, "names", &dossier.Body{Names: []dossier.Name{{ID: "sam", Name: "Sam"}, {ID: "lena", Name: "Lena Löwe"}}}, lines[0].Body)
	same(t, "a name stands once", []*dossier.Body{nil, nil, nil}, []*dossier.Body{lines[1].Body, lines[2].Body, lines[3].Body})
	same(t, "same people, same digest", lines[1].Entry.Detail.Digest, lines[3].Entry.Detail.Digest)
	if lines[1].Entry.Detail.Digest == e.Detail.Digest {
		t.Error("other people, same digest")
	}
	same(t, "stands", before[0], lines[0])
}

// opensWhole: the number, the vendor's name and what is noted of a case stand
// together or not at all, and once.
func opensWhole(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	opening := func(name, entry string) (string, bool, error) {
		return a.OpenCase(ctx, "i1", "onboarding/acme", []byte("input"), dossier.Name{ID: "acme", Name: name}, nil, func(id string) ([]dossier.Entry, dossier.Body) {
			return []dossier.Entry{{ID: id + "#desk/book", Case: dossier.Register, Process: id, Kind: dossier.PlaybookUsed, At: monday(), CaseAt: monday()},
					{ID: id + entry, Case: dossier.Register, Process: id, Kind: dossier.CaseOpened, At: monday(), CaseAt: monday(), Answer: "i1"}},
				dossier.Body{Names: []dossier.Name{{ID: "acme", Name: name}}}
		})
	}
	if _, _, err := opening("Acme", "#7"); !errors.As(err, new(dossier.GapError)) {
		t.Errorf("an entry out of order came to %v", err)
	}
	_, found, err := a.Vendor(ctx, "acme")
	ok(t, err)
	same(t, "a name, a line and a reservation of nothing", []any{false, 0, 0},
		[]any{found, len(chain(t, a, dossier.Register)), len(must[[]playbook.Reserved](t)(a.Unstarted(ctx)))})
	for i, name := range []string{"Acme", "Other"} {
		id, fresh, err := opening(name, "#desk/i1")
		ok(t, err)
		same(t, "case", []any{"onboarding/acme/1", i == 0}, []any{id, fresh})
	}
	name, _, err := a.Vendor(ctx, "acme")
	ok(t, err)
	lines := chain(t, a, dossier.Register)
	same(t, "what stands", []any{"Acme", 2, 1}, []any{name, len(lines), len(must[[]playbook.Reserved](t)(a.Unstarted(ctx)))})
	same(t, "bodies", []any{true, "Acme"}, []any{lines[0].Body == nil, lines[1].Body.Names[0].Name})

	unless := []string{"onboarding/acme", "oversight/acme"}
	second := func(intake, prefix string, unless ...string) (string, error) {
		id, _, err := a.OpenCase(ctx, intake, prefix, nil, dossier.Name{}, unless, nil)
		return id, err
	}
	var engaged interface{ Engaged() string }
	if _, err := second("i2", "onboarding/acme", unless...); !errors.As(err, &engaged) || engaged.Engaged() != "onboarding/acme/1" {
		t.Errorf("what is reserved stood in nobody's way: %v", err)
	}
	same(t, "reserved", 1, len(must[[]playbook.Reserved](t)(a.Unstarted(ctx))))
	for _, free := range []string{"onboarding/acme-2", "onboarding/acm", "dpa/acme"} {
		_, err := second("of "+free, free, free)
		ok(t, err)
	}
	entry := func(id, n string, kind dossier.Kind) dossier.Entry {
		return dossier.Entry{ID: id + n, Case: id, Process: id, Kind: kind, At: monday(), CaseAt: monday(), Detail: &dossier.Detail{Vendor: "acme", Result: "live"}}
	}
	ok(t, a.Append(ctx, []dossier.Entry{entry("onboarding/acme/1", "#1", dossier.CaseOpened), entry("onboarding/acme/1", "#2", dossier.CaseClosed), entry("oversight/acme/1", "#1", dossier.CaseOpened)}))
	if _, err := second("i3", "onboarding/acme", unless...); !errors.As(err, &engaged) || engaged.Engaged() != "oversight/acme/1" {
		t.Errorf("what runs stood in nobody's way: %v", err)
	}
	ok(t, a.Append(ctx, []dossier.Entry{entry("oversight/acme/1", "#2", dossier.CaseClosed)}))
	id, err := second("i3", "onboarding/acme", unless...)
	ok(t, err)
	same(t, "no number is lost", "onboarding/acme/2", id)
}
