package archive_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestErasedTextIsInNoFile writes texts in every way there is, among enough else
// that pages split, move and are freed, and reads all files for them afterwards.
func TestErasedTextIsInNoFile(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	a := openAt(t, archive.Options{Dir: dir})
	const (
		inside, vendor, back = "Eve-has-been-ill-since-May", "Eve-will-answer-later", "Eve-told-me-otherwise"
		name, mail, doc      = "Eve-Adler-Musterfrau", "eve.adler@example.com", "passport-of-Eve-C01X00T47"
		staged, dossierText  = "Eve-says-on-the-way", "dossier-that-names-Eve"
	)
	everything := []string{inside, vendor, back, name, mail, doc, staged, dossierText}
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(i int) {
		must[review.Written](t)(a.KeepText(ctx, fmt.Sprint("noise-", i), review.Text{Inside: strings.Repeat("n", 10+r.IntN(6000))}))
	}
	for i := range 40 {
		noise(i)
	}
	w := must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: strings.Repeat(inside+" ", 300), Vendor: vendor}))
	wBack := must[review.Written](t)(a.KeepText(ctx, "web-2", review.Text{Inside: back}))
	p := newCase(acme).opened()
	id := p.asks("legal", "lena")
	for i := range 40 {
		p.say(dossier.Entry{Kind: dossier.Noted, Answer: fmt.Sprint("noise-", i)})
	}
	answer := p.answers("web-1", id, "lena", review.Changes, 1, w)
	p.file(t, a)
	takeBack := p.fact(review.Fact{Kind: review.FactTakenBack, Request: id, Seat: "lena", Person: "lena", Answer: "web-2", Written: wBack})
	p.file(t, a)
	late := p.say(dossier.Entry{Kind: dossier.Noted, Answer: "web-3"})
	ok(t, a.AppendBody(ctx, late, dossier.Body{Inside: staged}))
	must[review.Written](t)(a.KeepText(ctx, "web-3", review.Text{Inside: staged})) // a repeated form, after the entry
	p.rest = nil
	for _, file := range [][]playbook.Person{{{ID: "eve", Name: name, Mail: mail}, {ID: "lena", Name: "Lena"}}, {{ID: "lena", Name: "Lena"}}} {
		_, _, err := a.ApplyPeople(ctx, file, "olga")
		ok(t, err)
	}
	paper, sealed := put(t, a, doc), put(t, a, dossierText)
	p.say(dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "proof", Document: paper.Digest}})
	p.say(dossier.Entry{Kind: dossier.Sealed, Detail: &dossier.Detail{Document: sealed.Digest}})
	p.file(t, a)
	for i := 40; i < 60; i++ {
		noise(i)
	}
	for _, text := range everything {
		if len(holding(t, dir, text)) == 0 {
			t.Errorf("%q is nowhere before: the test shows nothing", text)
		}
	}
	before := chain(t, a, acme)
	ok(t, a.Erase(ctx, acme, []string{answer.ID, takeBack.ID, late.ID}, rule, "olga"))
	ok(t, a.Erase(ctx, dossier.Register, []string{"register#archive/1"}, rule, "olga"))
	ok(t, a.EraseDocument(ctx, acme, paper.Digest, rule, "olga"))
	for _, text := range everything {
		same(t, text, []string(nil), holding(t, dir, text))
	}
	after := chain(t, a, acme)
	chain(t, a, dossier.Register)
	same(t, "the others keep theirs", before[10].Body, after[10].Body)
	same(t, "hash", before[len(before)-1].Hash, after[len(before)-1].Hash)
	ok(t, a.Close())
	for _, text := range everything {
		same(t, "closed: "+text, []string(nil), holding(t, dir, text))
	}
}

// TestReaderDoesNotKeepAnErasedText: a page that is being read while an erasure
// runs holds the write-ahead log; the erasure waits for it.
func TestReaderDoesNotKeepAnErasedText(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	a := openAt(t, archive.Options{Dir: dir})
	p := newCase(acme).opened()
	ok(t, a.AppendBody(ctx, p.rest[0], dossier.Body{Inside: "Eve-is-ill"}))
	stop, stopped := make(chan struct{}), make(chan error)
	for range 3 {
		go func() {
			for {
				select {
				case <-stop:
					stopped <- nil
					return
				default:
				}
				if _, err := a.Lines(ctx, acme); err != nil {
					stopped <- err
					return
				}
			}
		}()
	}
	ok(t, a.Erase(ctx, acme, []string{acme + "#1"}, rule, "olga"))
	close(stop)
	for range 3 {
		ok(t, <-stopped)
	}
	same(t, "files", []string(nil), holding(t, dir, "Eve-is-ill"))
}
