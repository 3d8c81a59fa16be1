package archive_test

import (
	"context"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func mailErasureTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"a text goes with the mail that brought it":        eraseMailedText,
		"a document goes with its text and its mail":       eraseMailedDocument,
		"a text that two documents share stays":            eraseSharedText,
		"who is no contact any more can be erased":         eraseContact,
		"who is still a contact, or was proposed, stays":   eraseNoContact,
		"a person goes with their forms and their mails":   erasePersonsMails,
		"a mail goes, and what was said in it is answered": eraseMail,
	}
}

// mailed is a mail that became an answer in a case.
func mailed(t *testing.T, a *archive.Archive, id, person, caseID, answer string) arrivals.Arrival {
	t.Helper()
	kept := arrival(t, a, id)
	ok(t, a.SettleArrival(context.Background(), arrivals.Arrival{ID: id, Kind: arrivals.Comment, Person: person, Case: caseID, Answer: answer, Done: noon()}))
	return kept
}

// gone reports which of the documents are erased, and fails at one that is lost.
func gone(t *testing.T, a *archive.Archive, digests ...string) []bool {
	t.Helper()
	var all []bool
	for _, digest := range digests {
		_, r, err := a.Get(context.Background(), digest)
		if err == nil {
			ok(t, r.Close())
		} else {
			isNotFound(t, err)
		}
		all = append(all, err != nil)
	}
	return all
}

// erasedIn lists the documents that a chain says are erased.
func erasedIn(t *testing.T, a *archive.Archive, id string) []string {
	t.Helper()
	var all []string
	for _, l := range chain(t, a, id) {
		if l.Entry.Kind == dossier.Erased && l.Entry.Detail.Document != "" {
			same(t, "rule", rule, l.Entry.Detail.Rule)
			all = append(all, l.Entry.Detail.Document)
		}
	}
	return all
}

func eraseMailedText(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	_, err := a.KeepText(ctx, "mail-1", review.Text{Inside: "Eve is ill"})
	ok(t, err)
	p := newCase(acme).opened()
	note := p.say(dossier.Entry{Kind: dossier.Noted, Answer: "mail-1"})
	p.file(t, a)
	with, without := mailed(t, a, "m1", "lena", acme, "mail-1"), mailed(t, a, "m2", "lena", acme, "mail-2")
	ok(t, a.Erase(ctx, acme, []string{note.ID}, rule, "olga"))
	same(t, "gone", []bool{true, false}, gone(t, a, with.Raw, without.Raw))
	same(t, "said", []string{with.Raw}, erasedIn(t, a, acme))
	same(t, "the row stays", "lena", must[arrivals.Arrival](t)(a.Arrival(ctx, "m1")).Person)
}

func eraseMailedDocument(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	pdf, text := put(t, a, "%PDF-1.7\nthe contract"), put(t, a, "the contract's text")
	ok(t, a.PutReading(ctx, engagement.Reading{Document: pdf.Digest, Media: pdf.Media, Text: text.Digest, At: noon()}))
	p := newCase(acme).opened()
	p.say(dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "dpa", Document: pdf.Digest, ReadAs: text.Digest}})
	request := p.asks("dpa", "lena")
	b := review.Ballot{Answer: "mail-1", Seat: "dpa", Person: "acme.1", Verdict: review.Delivered, Documents: []string{pdf.Digest}}
	p.fact(review.Fact{Kind: review.FactCounted, Request: request, Seat: "dpa", Person: "acme.1", Answer: "mail-1", Ballot: &b})
	p.file(t, a)
	brought, other := mailed(t, a, "m1", "acme.1", acme, "mail-1"), mailed(t, a, "m2", "acme.1", acme, "mail-2")
	ok(t, a.EraseDocument(ctx, acme, pdf.Digest, rule, "olga"))
	same(t, "gone", []bool{true, true, true, false}, gone(t, a, pdf.Digest, text.Digest, brought.Raw, other.Raw))
	same(t, "said", []string{pdf.Digest, text.Digest, brought.Raw}, erasedIn(t, a, acme))
	_, _, err := a.TextOf(ctx, pdf.Digest)
	isNotFound(t, err)
	_, err = a.Reading(ctx, pdf.Digest)
	isNotFound(t, err)
	// Sent again, it is a new document that is read anew.
	put(t, a, "%PDF-1.7\nthe contract")
	ok(t, a.PutReading(ctx, engagement.Reading{Document: pdf.Digest, Media: pdf.Media, At: noon()}))
	same(t, "read anew", "", must[engagement.Reading](t)(a.Reading(ctx, pdf.Digest)).Text)
}

func eraseSharedText(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	one, two, text := put(t, a, "%PDF-1.7\none"), put(t, a, "%PDF-1.7\ntwo"), put(t, a, "what both say")
	p := newCase(acme).opened()
	for _, d := range []dossier.Paper{one, two} {
		ok(t, a.PutReading(ctx, engagement.Reading{Document: d.Digest, Media: d.Media, Text: text.Digest, At: noon()}))
		p.say(dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "contract", Document: d.Digest}})
	}
	p.file(t, a)
	ok(t, a.EraseDocument(ctx, acme, one.Digest, rule, "olga"))
	same(t, "of the other", "what both say", textIn(t, a, two.Digest))
	ok(t, a.EraseDocument(ctx, acme, two.Digest, rule, "olga"))
	same(t, "gone", []bool{true}, gone(t, a, text.Digest))
}

// contactEntry is how the register names a contact.
func contactEntry(t *testing.T, a *archive.Archive, c playbook.Contact) string {
	t.Helper()
	id := "register#desk/contact/" + c.ID
	ok(t, a.AppendBody(context.Background(), dossier.Entry{ID: id, Case: dossier.Register, Process: dossier.Register, Kind: dossier.ContactChanged, At: noon(), CaseAt: noon(),
		Detail: &dossier.Detail{Vendor: c.Vendor, Person: c.ID, Result: string(c.State)}}, dossier.Body{Names: []dossier.Name{{ID: c.ID, Name: c.Name}}}))
	return id
}

func eraseContact(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	c := contact("acme.1", "acme", playbook.ContactEnded)
	c.Phone, c.Role = "+49 30 1", "privacy officer"
	ok(t, a.PutContact(ctx, c))
	named(t, a, "acme", 2)
	newCase(acme).opened().file(t, a)
	theirs, other := mailed(t, a, "m1", "acme.1", acme, "mail-1"), mailed(t, a, "m2", "acme.2", acme, "mail-2")
	ok(t, a.PutDraft(ctx, "acme.1", "r1", []byte("I, Vera"), noon()))
	sealed := put(t, a, "PK a dossier that names acme.1")
	s := newCase(bolt).opened()
	s.asks("dpa", "acme.1")
	s.say(dossier.Entry{Kind: dossier.Sealed, Detail: &dossier.Detail{Document: sealed.Digest}})
	s.file(t, a)
	ok(t, a.Erase(ctx, dossier.Register, []string{contactEntry(t, a, c)}, rule, "olga"))
	c.Name, c.Mail, c.Phone, c.Role = "", "", "", ""
	same(t, "contact", c, must[playbook.Contact](t)(a.Contact(ctx, "acme.1")))
	p, _, err := a.Person(ctx, "acme.1")
	ok(t, err)
	same(t, "person", []any{"", "", true}, []any{p.Name, p.Mail, p.Left})
	var found []string
	for _, x := range must[[]playbook.Contact](t)(a.ContactsBy(ctx, "vera@acme.example")) {
		found = append(found, x.ID)
	}
	same(t, "by mail", []string{"acme.2"}, found)
	_, _, err = a.Draft(ctx, "acme.1", "r1")
	isNotFound(t, err)
	same(t, "gone", []bool{true, false, true}, gone(t, a, theirs.Raw, other.Raw, sealed.Digest))
	same(t, "said", [][]string{{theirs.Raw}, {sealed.Digest}}, [][]string{erasedIn(t, a, acme), erasedIn(t, a, bolt)})
}

func eraseNoContact(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for i, state := range []playbook.ContactState{playbook.ContactActive, playbook.ContactProposed} {
		c := contact([]string{"acme.1", "acme.2"}[i], "acme", state)
		ok(t, a.PutContact(ctx, c))
		ok(t, a.Erase(ctx, dossier.Register, []string{contactEntry(t, a, c)}, rule, "olga"))
		same(t, string(state), c, must[playbook.Contact](t)(a.Contact(ctx, c.ID)))
	}
	ghost := contact("acme.3", "acme", playbook.ContactEnded)
	ok(t, a.Erase(ctx, dossier.Register, []string{contactEntry(t, a, ghost)}, rule, "olga"))
}

func erasePersonsMails(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	newCase(acme).opened().file(t, a)
	lenas, sams := mailed(t, a, "m1", "lena", acme, "mail-1"), mailed(t, a, "m2", "sam", acme, "mail-2")
	for _, file := range [][]playbook.Person{{{ID: "lena", Name: "Lena Löwe"}, {ID: "sam", Name: "Sam"}}, {{ID: "sam", Name: "Sam"}}} {
		_, _, err := a.ApplyPeople(ctx, file, "olga")
		ok(t, err)
	}
	for _, id := range []string{"lena", "sam"} {
		ok(t, a.PutDraft(ctx, id, "r1", []byte("words"), noon()))
	}
	ok(t, a.Erase(ctx, dossier.Register, []string{"register#archive/1"}, rule, "olga"))
	same(t, "gone", []bool{true, false}, gone(t, a, lenas.Raw, sams.Raw))
	_, _, err := a.Draft(ctx, "lena", "r1")
	isNotFound(t, err)
	_, _, err = a.Draft(ctx, "sam", "r1")
	ok(t, err)
}

func eraseMail(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	_, err := a.KeepText(ctx, "mail-1", review.Text{Inside: "we are on it"})
	ok(t, err)
	p := newCase(acme).opened()
	p.say(dossier.Entry{Kind: dossier.Noted, Answer: "mail-1"})
	p.file(t, a)
	m := mailed(t, a, "m1", "lena", acme, "mail-1")
	isNotFound(t, a.EraseDocument(ctx, bolt, m.Raw, rule, "olga"))
	for range 2 {
		ok(t, a.EraseDocument(ctx, acme, m.Raw, rule, "olga"))
	}
	same(t, "gone", []bool{true}, gone(t, a, m.Raw))
	same(t, "text", "we are on it", chain(t, a, acme)[2].Body.Inside)
	same(t, "said", []string{m.Raw}, erasedIn(t, a, acme))
	kept, first, err := a.PutArrival(ctx, arrivals.Arrival{ID: "m1", Raw: m.Raw, Size: m.Size, Came: noon()})
	ok(t, err)
	same(t, "seen again", []any{false, arrivals.Settled}, []any{first, kept.State})
}
