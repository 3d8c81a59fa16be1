package archive_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/archive/postgrestest"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestTwoReadersOfAMailbox: the same mails reach both readers at once, in two
// folders, and each ends with one outcome, whoever settles it and however often,
// and with one line in its case.
func TestTwoReadersOfAMailbox(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		newCase(acme).opened().file(t, a)
		const mails = 12
		var firsts atomic.Int32
		crowd(t, 4*mails, func(i int) error {
			w, id := both[i%2], fmt.Sprint("m", i%mails)
			paper := put(t, w, fmt.Sprint("Received: on way ", i%2, "\nFrom: vera\n\n", id))
			_, first, err := w.PutArrival(ctx, arrivals.Arrival{ID: id, Raw: paper.Digest, Size: paper.Size, Came: noon()})
			if first {
				firsts.Add(1)
			}
			if err != nil {
				return err
			}
			return w.SettleArrival(ctx, arrivals.Arrival{ID: id, Kind: arrivals.Decision, Person: fmt.Sprint("p", i), Case: acme, Outcome: string(review.Counted), Done: noon()})
		})
		same(t, "first", mails, int(firsts.Load()))
		same(t, "kept", 0, len(must[[]arrivals.Arrival](t)(b.Arrivals(ctx, archive.ArrivalsKept, "", 100))))
		of := must[[]arrivals.Arrival](t)(b.Arrivals(ctx, archive.ArrivalsCase, acme, 100))
		same(t, "of the case", mails, len(of))
		lines := chain(t, a, acme)
		same(t, "lines", 2+mails, len(lines))
		for _, m := range of {
			i := slices.IndexFunc(lines, func(l dossier.Line) bool { return l.Entry.ID == acme+"#archive/mail-"+m.ID })
			if i < 0 || lines[i].Conflict || lines[i].Entry.Detail.Document != m.Raw || lines[i].Entry.Detail.Person != m.Person {
				t.Errorf("the line of %s: %d", m.ID, i)
			}
		}
	})
}

// TestTwoWorkersAtThePortal: ids of contacts are given once, an event is taken in
// once, and no visit outlives the revocation of its link.
func TestTwoWorkersAtThePortal(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		ids, fresh := make(chan string, 20), make(chan bool, 20)
		crowd(t, 20, func(i int) error {
			id, err := both[i%2].NextContact(ctx, "acme")
			if err != nil {
				return err
			}
			first, err := both[i%2].NewMailEvent(ctx, fmt.Sprint("e", i%4), noon())
			ids <- id
			fresh <- first
			return err
		})
		seen := map[string]bool{}
		for range len(ids) {
			seen[<-ids] = true
		}
		same(t, "ids", 20, len(seen))
		same(t, "events", 4, count(fresh))
		for round := range 10 {
			link, session := fmt.Sprint("l", round), fmt.Sprint("s", round)
			ok(t, a.PutPortalLink(ctx, portalLink(link, "acme.1", acme)))
			crowd(t, 4, func(i int) error {
				if i == 0 {
					_, err := a.RevokePortalLinks(ctx, "acme.1", acme, noon())
					return err
				}
				err := both[i%2].PutPortalSession(ctx, visit(fmt.Sprint(session, "/", i), "acme.1", link))
				if err != nil {
					isNotFound(t, err)
				}
				return nil
			})
			for i := range 4 {
				_, err := b.PortalSession(ctx, fmt.Sprint(session, "/", i))
				isNotFound(t, err)
			}
			same(t, "revoked", false, must[access.PortalLink](t)(b.PortalLink(ctx, link)).Opens(noon()))
		}
	})
}

// model is what a mail must have come to.
type model struct {
	raw  string
	said *arrivals.Arrival // nil: kept
}

// TestArrivalsHaveOneOutcome draws what two readers do in any order: see a mail by
// one way or another, say what it is, and look. The first word stands.
func TestArrivalsHaveOneOutcome(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]func(t *testing.T) archive.Options{
		"SQLite": func(t *testing.T) archive.Options { return archive.Options{Dir: t.TempDir(), Shared: true} },
		"PostgreSQL": func(t *testing.T) archive.Options {
			return archive.Options{Dir: t.TempDir(), Database: postgrestest.Shared(t).Database(t)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := o(t)
			both := []*archive.Archive{openAt(t, options), openAt(t, options)}
			newCase(acme).opened().file(t, both[0])
			papers := []dossier.Paper{put(t, both[0], "by one way"), put(t, both[0], "by another")}
			runs := 0
			rapid.Check(t, func(r *rapid.T) {
				runs++
				story(r, t, both, papers, runs)
			})
			chain(t, both[0], acme)
		})
	}
}

func story(r *rapid.T, t *testing.T, both []*archive.Archive, papers []dossier.Paper, run int) {
	ctx := context.Background()
	mails := map[string]*model{}
	for range rapid.IntRange(1, 12).Draw(r, "steps") {
		w := both[rapid.IntRange(0, 1).Draw(r, "reader")]
		id := fmt.Sprintf("run%d-m%d", run, rapid.IntRange(0, 2).Draw(r, "mail"))
		m := mails[id]
		if rapid.Bool().Draw(r, "seen") {
			raw := papers[rapid.IntRange(0, 1).Draw(r, "way")].Digest
			_, first, err := w.PutArrival(ctx, arrivals.Arrival{ID: id, Raw: raw, Came: noon()})
			if err != nil || first != (m == nil) {
				r.Fatalf("%s first: %v, %v", id, first, err)
			}
			if m == nil {
				mails[id] = &model{raw: raw}
			}
		} else {
			said := arrivals.Arrival{ID: id, Kind: rapid.SampledFrom([]arrivals.Kind{arrivals.Decision, arrivals.Comment, arrivals.Stray}).Draw(r, "kind"),
				Case: rapid.SampledFrom([]string{"", acme}).Draw(r, "case"), Done: noon().Add(time.Duration(rapid.IntRange(0, 9).Draw(r, "minute")) * time.Minute)}
			err := w.SettleArrival(ctx, said)
			if (err == nil) != (m != nil) {
				r.Fatalf("%s settled: %v", id, err)
			}
			if m != nil && m.said == nil {
				m.said = &said
			}
		}
		for id, m := range mails {
			got, err := both[rapid.IntRange(0, 1).Draw(r, "looks")].Arrival(ctx, id)
			want := arrivals.Arrival{ID: id, Raw: m.raw, Came: noon(), State: arrivals.Kept}
			if m.said != nil {
				want.State, want.Kind, want.Case, want.Done = arrivals.Settled, m.said.Kind, m.said.Case, m.said.Done
			}
			if err != nil {
				r.Fatal(err)
			}
			same(t, id, want, got)
			if t.Failed() {
				r.FailNow()
			}
		}
	}
}

// TestContactsWhileThePeopleChange: nobody who applies a people file, or reads it,
// loses a contact or makes one of the people.
func TestContactsWhileThePeopleChange(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		crowd(t, 12, func(i int) error {
			w := both[i%2]
			if i%3 == 0 {
				id, err := w.NextContact(ctx, "acme")
				if err != nil {
					return err
				}
				return w.PutContact(ctx, contact(id, "acme", playbook.ContactActive))
			}
			people, _, err := w.People(ctx)
			if err != nil {
				return err
			}
			_, _, err = w.ApplyPeople(ctx, append([]playbook.Person{{ID: "lena", Name: fmt.Sprint("Lena ", i)}}, contactsIn(people)...), "olga")
			return err
		})
		people, _, err := a.People(ctx)
		ok(t, err)
		same(t, "the file's", 1, len(playbook.Own(people)))
		same(t, "contacts", 4, len(contactsIn(people)))
	})
}

func contactsIn(people []playbook.Person) []playbook.Person {
	return slices.DeleteFunc(slices.Clone(people), func(p playbook.Person) bool { return !playbook.IsContact(p.ID) })
}
