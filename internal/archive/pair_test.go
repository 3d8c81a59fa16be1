package archive_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/archive/postgrestest"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// onPairs runs a story with two archives open on the same data, on each database:
// two workers, as far as the database can tell.
func onPairs(t *testing.T, story func(t *testing.T, a, b *archive.Archive)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		o := archive.Options{Dir: t.TempDir(), Shared: true}
		story(t, openAt(t, o), openAt(t, o))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		o := archive.Options{Dir: t.TempDir(), Database: postgrestest.Shared(t).Database(t)}
		story(t, openAt(t, o), openAt(t, o))
	})
}

// TestTwoWorkersAppend: chains of their own, one chain together and the register,
// all at once; and lists that name the same chains in opposite orders.
func TestTwoWorkersAppend(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		const rounds = 15
		crowd(t, 8, func(i int) error {
			name := fmt.Sprintf("v%d", i)
			own, shared := newCase("onboarding/"+name+"/1"), &process{id: "contract/" + name + "/1", of: acme, at: monday()}
			register := &process{id: "exit/" + name + "/1", of: dossier.Register, at: monday()}
			for range rounds {
				list := []dossier.Entry{own.say(dossier.Entry{Kind: dossier.Noted}), shared.say(dossier.Entry{Kind: dossier.Noted}),
					register.say(dossier.Entry{Kind: dossier.Noted})}
				if i%2 == 1 {
					list[0], list[2] = list[2], list[0]
				}
				if err := both[i%2].Append(ctx, list); err != nil {
					return err
				}
			}
			return nil
		})
		same(t, "register", 8*rounds, len(chain(t, a, dossier.Register)))
		lines := chain(t, b, acme)
		same(t, "together", 8*rounds, len(lines))
		same(t, "view", dossier.Fold(lines), must[dossier.CaseView](t)(a.Case(ctx, acme)))
		for i := range 8 {
			same(t, "own", rounds, len(chain(t, b, fmt.Sprintf("onboarding/v%d/1", i))))
		}
	})
}

// TestTwoWorkersRepeatOneEntry: what both append is there once, and what says
// something else under its id is one conflict.
func TestTwoWorkersRepeatOneEntry(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		both := []*archive.Archive{a, b}
		p := newCase(acme).opened()
		other := p.rest[1]
		other.Kind = dossier.Noted
		crowd(t, 12, func(i int) error {
			list := p.rest
			if i%3 == 0 {
				list = []dossier.Entry{p.rest[0], other}
			}
			return both[i%2].Append(context.Background(), list)
		})
		lines := chain(t, a, acme)
		same(t, "lines", 3, len(lines))
		same(t, "conflict", true, lines[2].Conflict)
	})
}

// TestTwoWorkersCount: numbers have no gaps, an intake has one case, a key one
// number, and the people one revision a change.
func TestTwoWorkersCount(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		cases, fresh := make(chan string, 40), make(chan bool, 40)
		crowd(t, 40, func(i int) error {
			w := both[i%2]
			id, isNew, err := w.OpenCase(ctx, fmt.Sprint("intake", i/2), "onboarding/acme", nil, dossier.Name{}, nil, nil) // each twice
			if err != nil {
				return err
			}
			cases <- id
			fresh <- isNew
			if _, err := w.NumberFor(ctx, "contract/acme", fmt.Sprint("key", i/4)); err != nil {
				return err
			}
			_, _, err = w.ApplyPeople(ctx, []playbook.Person{{ID: "lena", Name: fmt.Sprint("Lena ", i)}}, "olga")
			return err
		})
		seen := map[string]int{}
		for range len(cases) {
			seen[<-cases]++
		}
		same(t, "cases", 20, len(seen))
		for n := range 20 {
			same(t, "times", 2, seen[fmt.Sprintf("onboarding/acme/%d", n+1)])
		}
		same(t, "fresh", 20, count(fresh))
		same(t, "next number", 11, must[int](t)(a.NumberFor(ctx, "contract/acme", "last")))
		_, revision, err := b.People(ctx)
		ok(t, err)
		lines := chain(t, a, dossier.Register)
		same(t, "revision", len(lines), revision)
		for i, l := range lines {
			same(t, "revision of a line", i+1, l.Entry.Detail.Revision)
			same(t, "id", fmt.Sprintf("register#archive/%d", i+1), l.Entry.ID)
		}
	})
}

// TestTwoReceiptsAtOnce: of two outcomes under one id the first stays, for both
// workers; and what is settled by one is not queued again by the other.
func TestTwoReceiptsAtOnce(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		for round := range 20 {
			id := fmt.Sprint("web-", round)
			r := review.Queued{ID: id, Process: acme, Person: "lena", Request: "r", At: monday()}
			ok(t, a.Enqueue(ctx, r))
			told := make(chan string, 4)
			crowd(t, 4, func(i int) error {
				w := both[i%2]
				if i < 2 {
					if err := w.Settle(ctx, r, counted("r", fmt.Sprint("worker", i), 1)); err != nil {
						return err
					}
				} else if err := w.Enqueue(ctx, r); err != nil {
					return err
				}
				o, found, err := w.Receipt(ctx, id)
				if found {
					told <- o.By
				}
				return err
			})
			first := <-told
			for range len(told) {
				same(t, "who was told", first, <-told)
			}
			if must[bool](t)(b.HasQueued(ctx, acme)) {
				t.Fatal("a settled answer is queued again")
			}
		}
	})
}

// TestTwoTextsAtOnce: one text under an id, whoever asks; and an entry that two
// workers append takes it once.
func TestTwoTextsAtOnce(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		digests := make(chan string, 8)
		crowd(t, 8, func(i int) error {
			w, err := both[i%2].KeepText(ctx, "web-1", review.Text{Inside: fmt.Sprint("text ", i)})
			digests <- w.Inside
			return err
		})
		first := <-digests
		for range len(digests) {
			same(t, "digest", first, <-digests)
		}
		bodies := 0
		crowd(t, 6, func(i int) error {
			p := newCase(fmt.Sprintf("onboarding/v%d/1", i))
			p.say(dossier.Entry{Kind: dossier.Noted, Answer: "web-1"})
			return both[i%2].Append(ctx, p.rest)
		})
		for i := range 6 {
			if chain(t, a, fmt.Sprintf("onboarding/v%d/1", i))[0].Body != nil {
				bodies++
			}
		}
		same(t, "entries with the text", 1, bodies)
	})
}

// TestTwoWorkersEraseAndStore: a document that one stores while the other erases
// it is whole or gone, never listed without its content.
func TestTwoWorkersEraseAndStore(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).Database(t)
	o := archive.Options{Dir: t.TempDir(), Database: database}
	a, b := openAt(t, o), openAt(t, o)
	ctx := context.Background()
	for round := range 10 {
		text := fmt.Sprint("a contract ", round)
		paper := put(t, a, text)
		p := newCase(fmt.Sprintf("onboarding/v%d/1", round)).opened()
		p.say(dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "contract", Document: paper.Digest}})
		p.file(t, a)
		crowd(t, 4, func(i int) error {
			if i == 0 {
				return a.EraseDocument(ctx, p.id, paper.Digest, rule, "olga")
			}
			_, err := b.Put(ctx, strings.NewReader(text), 0)
			return err
		})
		if _, r, err := b.Get(ctx, paper.Digest); err == nil {
			ok(t, r.Close())
			same(t, "content", text, get(t, b, paper.Digest))
		} else {
			isNotFound(t, err)
		}
		chain(t, a, p.id)
	}
}

// TestTwoWorkersErase: the same texts erased by both are erased once, under one
// entry, while others append to the chain.
func TestTwoWorkersErase(t *testing.T) {
	t.Parallel()
	onPairs(t, func(t *testing.T, a, b *archive.Archive) {
		ctx, both := context.Background(), []*archive.Archive{a, b}
		p := newCase(acme).opened()
		ok(t, a.AppendBody(ctx, p.rest[0], dossier.Body{Inside: "Eve is ill"}))
		crowd(t, 6, func(i int) error {
			if i < 3 {
				return both[i%2].Erase(ctx, acme, []string{acme + "#1"}, rule, "olga")
			}
			q := &process{id: fmt.Sprintf("contract/v%d/1", i), of: acme, at: monday()}
			q.say(dossier.Entry{Kind: dossier.Noted})
			return both[i%2].Append(ctx, q.rest)
		})
		lines := chain(t, b, acme)
		same(t, "lines", 1+3+1, len(lines))
		same(t, "text", (*dossier.Body)(nil), lines[0].Body)
	})
}
