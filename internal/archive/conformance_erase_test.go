package archive_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const rule = "gdpr-17"

func erasureTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"an erased text is gone and the chain says so": eraseText,
		"what can't be erased is said, and nothing is": func(t *testing.T, a *archive.Archive) {
			p := newCase(acme).opened()
			e := p.say(dossier.Entry{Kind: dossier.Noted})
			ok(t, a.Append(ctx, p.rest[:2]))
			ok(t, a.AppendBody(ctx, e, dossier.Body{Inside: "keep"}))
			isNotFound(t, a.Erase(ctx, acme, []string{e.ID, acme + "#9"}, rule, "olga"))
			isNotFound(t, a.Erase(ctx, acme, []string{e.ID, acme + "#1"}, rule, "olga"))
			isNotFound(t, a.Erase(ctx, "onboarding/bolt/1", []string{e.ID}, rule, "olga"))
			isNotFound(t, a.EraseDocument(ctx, acme, "sha256:1", rule, "olga"))
			for _, err := range []error{a.Erase(ctx, acme, []string{e.ID}, "", "olga"), a.Erase(ctx, acme, nil, rule, "olga"), a.EraseDocument(ctx, acme, "x", "", "")} {
				if err == nil {
					t.Error("erased without a rule or an entry")
				}
			}
			lines := chain(t, a, acme)
			same(t, "lines", 3, len(lines))
			same(t, "body", &dossier.Body{Inside: "keep"}, lines[2].Body)
		},
		"erasing again changes nothing": func(t *testing.T, a *archive.Archive) {
			p := newCase(acme).opened()
			ok(t, a.AppendBody(ctx, p.rest[0], dossier.Body{Inside: "x"}))
			ok(t, a.Erase(ctx, acme, []string{acme + "#1"}, rule, "olga"))
			before := chain(t, a, acme)
			ok(t, a.Erase(ctx, acme, []string{acme + "#1"}, "another rule", "rita"))
			same(t, "chain", before, chain(t, a, acme))
			ok(t, a.AppendBody(ctx, p.rest[0], dossier.Body{Inside: "x"}))
			same(t, "chain", before, chain(t, a, acme))
		},
		"the text of a conflict goes with it": func(t *testing.T, a *archive.Archive) {
			e := newCase(acme).opened().rest[0]
			ok(t, a.AppendBody(ctx, e, dossier.Body{Inside: "x"}))
			e.Run = "reset"
			ok(t, a.AppendBody(ctx, e, dossier.Body{Inside: "y"}))
			ok(t, a.Erase(ctx, acme, []string{e.ID}, rule, "olga"))
			for _, l := range chain(t, a, acme)[:2] {
				same(t, "body", (*dossier.Body)(nil), l.Body)
			}
		},
		"names of who left go with the register's entry":          eraseNames,
		"a document's content goes from every case":               eraseDocument,
		"a sealed dossier goes with what it holds":                eraseSealed,
		"a name goes with the sealed dossiers in which it stands": eraseSealedName,
		"a dossier that an erasure overtook goes":                 overtaken,
		"content that is put again after its erasure is a new document": func(t *testing.T, a *archive.Archive) {
			paper := put(t, a, "again")
			p := newCase(acme).opened()
			p.say(dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Document: paper.Digest}})
			p.file(t, a)
			ok(t, a.EraseDocument(ctx, acme, paper.Digest, rule, "olga"))
			put(t, a, "again")
			same(t, "content", "again", get(t, a, paper.Digest))
		},
	}
}

func eraseText(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	w := must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "Eve is ill", Vendor: "later"}))
	p := newCase(acme).opened()
	e := p.answers("web-1", p.asks("legal", "lena"), "lena", review.Changes, 1, w)
	p.file(t, a)
	view := must[dossier.CaseView](t)(a.Case(ctx, acme))
	ok(t, a.Erase(ctx, acme, []string{e.ID, e.ID}, rule, "olga"))
	lines := chain(t, a, acme)
	l, last := lines[4], lines[5].Entry
	same(t, "line", []any{(*dossier.Body)(nil), "", rule, false}, []any{l.Body, l.Salt, l.Erased.Rule, l.BodyDigest == ""})
	same(t, "entry", []any{dossier.Erased, []string{e.ID}, rule, "olga", acme + "#archive/1"},
		[]any{last.Kind, last.Detail.Entries, last.Detail.Rule, last.Actor, last.ID})
	_, found, err := a.Text(ctx, "web-1")
	ok(t, err)
	same(t, "text", false, found)
	same(t, "digests", w, must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "Eve is ill", Vendor: "later"})))
	_, found, err = a.Text(ctx, "web-1")
	ok(t, err)
	same(t, "a repeated form brings nothing back", false, found)
	view.Lines, view.Last = view.Lines+1, last.CaseAt
	same(t, "view", view, must[dossier.CaseView](t)(a.Case(ctx, acme)))
	p.say(dossier.Entry{Kind: dossier.Noted})
	p.file(t, a)
	same(t, "goes on", 7, len(chain(t, a, acme)))
}

func eraseNames(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	people := []playbook.Person{{ID: "lena", Name: "Lena Löwe", Mail: "lena@example.com"}, {ID: "sam", Name: "Sam Stay", Mail: "sam@example.com"}}
	apply := func(file []playbook.Person) []string {
		_, changed, err := a.ApplyPeople(ctx, file, "olga")
		ok(t, err)
		return changed
	}
	apply(people)
	apply(people[1:])
	ok(t, a.Erase(ctx, dossier.Register, []string{"register#archive/1"}, rule, "olga"))
	got, revision, err := a.People(ctx)
	ok(t, err)
	same(t, "people", []any{[]playbook.Person{people[1], {ID: "lena", Left: true}}, 2}, []any{got, revision})
	same(t, "the same file again", []string(nil), apply(people[1:]))
	same(t, "register", 3, len(chain(t, a, dossier.Register)))
}

func eraseDocument(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	paper, other := put(t, a, "a passport"), put(t, a, "a contract")
	for _, id := range []string{acme, "onboarding/bolt/1"} {
		p := newCase(id).opened()
		for _, d := range []dossier.Paper{paper, other} {
			p.say(dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "proof", Document: d.Digest}})
		}
		p.file(t, a)
	}
	for range 2 {
		ok(t, a.EraseDocument(ctx, acme, paper.Digest, rule, "olga"))
	}
	_, _, err := a.Get(ctx, paper.Digest)
	var gone dossier.NotFoundError
	if !errors.As(err, &gone) || gone.What != "document (erased on 2026-03-02 under gdpr-17)" {
		t.Error(err)
	}
	same(t, "other", "a contract", get(t, a, other.Digest))
	for _, id := range []string{acme, "onboarding/bolt/1"} {
		lines := chain(t, a, id)
		same(t, "lines", 5, len(lines))
		same(t, "entry", &dossier.Detail{Document: paper.Digest, Rule: rule}, lines[4].Entry.Detail)
		same(t, "still named", true, must[bool](t)(a.HasCaseDocument(ctx, id, paper.Digest)))
	}
}

func eraseSealed(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	sealed := put(t, a, "PK a dossier that says: Eve is ill")
	p := newCase(acme).opened()
	ok(t, a.AppendBody(ctx, p.rest[0], dossier.Body{Inside: "Eve is ill"}))
	p.say(dossier.Entry{Kind: dossier.Sealed, Detail: &dossier.Detail{Document: sealed.Digest}})
	ok(t, a.Append(ctx, p.rest[1:]))
	ok(t, a.Erase(ctx, acme, []string{acme + "#1"}, rule, "olga"))
	_, _, err := a.Get(ctx, sealed.Digest)
	if err == nil || !strings.Contains(err.Error(), "erased on") {
		t.Error(err)
	}
	lines := chain(t, a, acme)
	same(t, "its entry", &dossier.Detail{Document: sealed.Digest, Rule: rule}, lines[len(lines)-1].Entry.Detail)

	paper, again := put(t, a, "a passport"), put(t, a, "PK a dossier that holds a passport")
	p.say(dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Document: paper.Digest}})
	p.say(dossier.Entry{Kind: dossier.Sealed, Detail: &dossier.Detail{Document: again.Digest}})
	ok(t, a.Append(ctx, p.rest[len(p.rest)-2:]))
	ok(t, a.EraseDocument(ctx, acme, paper.Digest, rule, "olga"))
	_, _, err = a.Get(ctx, again.Digest)
	isNotFound(t, err)
	chain(t, a, acme)
}

func eraseSealedName(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	seal := func(id, person string) dossier.Paper {
		paper := put(t, a, "PK a dossier of "+id)
		p := newCase(id).opened()
		p.asks("legal", person)
		p.say(dossier.Entry{Kind: dossier.Sealed, Detail: &dossier.Detail{Document: paper.Digest}})
		p.file(t, a)
		return paper
	}
	with, without := seal(acme, "lena"), seal("onboarding/bolt/1", "lenard")
	for _, file := range [][]playbook.Person{{{ID: "lena", Name: "Lena Löwe"}}, {}} {
		_, _, err := a.ApplyPeople(ctx, file, "olga")
		ok(t, err)
	}
	ok(t, a.Erase(ctx, dossier.Register, []string{"register#archive/1"}, rule, "olga"))
	_, _, err := a.Get(ctx, with.Digest)
	isNotFound(t, err)
	same(t, "not about her", "PK a dossier of onboarding/bolt/1", get(t, a, without.Digest))
	same(t, "its entry", 1, len(chain(t, a, acme))-len(chain(t, a, "onboarding/bolt/1")))
}

func overtaken(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	ok(t, a.AppendBody(ctx, p.rest[0], dossier.Body{Inside: "Eve is ill"}))
	ok(t, a.Append(ctx, p.rest[1:]))
	p.rest = nil
	packed := put(t, a, "PK packed with Eve is ill") // two lines are in it
	ok(t, a.Erase(ctx, acme, []string{acme + "#1"}, rule, "olga"))
	seal := dossier.Entry{Kind: dossier.Sealed, Detail: &dossier.Detail{Document: packed.Digest, Revision: 2}}
	p.say(seal)
	p.file(t, a)
	_, _, err := a.Get(ctx, packed.Digest)
	isNotFound(t, err)
	fresh := put(t, a, "PK packed after it")
	seal.Detail = &dossier.Detail{Document: fresh.Digest, Revision: 4}
	p.say(seal)
	p.file(t, a)
	same(t, "packed after it", "PK packed after it", get(t, a, fresh.Digest))
}
