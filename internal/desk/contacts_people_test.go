package desk

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// hasContact names a contact of the vendor who says that Lena's address is theirs.
func (w *world) hasContact() {
	w.t.Helper()
	ok(w.t, w.store.PutContact(w.t.Context(), playbook.Contact{ID: "acme.1", Vendor: "acme", Name: "Vic", Mail: "LENA@example.com", State: playbook.ContactActive, By: "olga", Made: monday(), Changed: monday()}))
}

func knows(people []playbook.Person, id string) bool {
	return slices.ContainsFunc(people, func(p playbook.Person) bool { return p.ID == id })
}

// TestContactsAreNotOfThePeopleFile: a vendor's contact has a name on pages, and
// takes no part in what the people file decides.
func TestContactsAreNotOfThePeopleFile(t *testing.T) {
	t.Parallel()
	w, root, _ := ruled(t)
	w.asks(root, "need", "lena", "sam")
	w.hasContact()
	w.desk.pick = true
	same(t, "names", true, knows(must[[]playbook.Person](t)(w.desk.People(t.Context(), from("olga"))), "acme.1"))
	same(t, "to sign in as", false, knows(must[[]playbook.Person](t)(w.desk.People(t.Context(), review.Address{Channel: "web"})), "acme.1"))
	_, err := w.desk.People(t.Context(), from("acme.1"))
	if err == nil {
		t.Error("a contact lists the people")
	}

	for _, pair := range [][2]string{{"acme.1", "p01"}, {"lena", "acme.1"}} {
		_, err = w.desk.PreviewReplace(t.Context(), from("olga"), pair[0], pair[1])
		isInput(t, err)
	}
	p := must[dossier.Replacement](t)(w.desk.PreviewReplace(t.Context(), from("olga"), "lena", "p01"))
	_, err = w.desk.ReplacePeople(t.Context(), from("olga"), dossier.ReplaceOrder{ID: "w-1", Leaver: "lena", By: "p01", Reason: "she left", Digest: p.Digest})
	ok(t, err)
	now, _, err := w.store.People(t.Context())
	ok(t, err)
	same(t, "still there", true, knows(now, "acme.1"))

	isInput(t, func() error { _, _, err := w.desk.ApplyPeople(t.Context(), from("olga"), now); return err }())
	_, _, err = w.desk.ApplyPeople(t.Context(), from("olga"), playbook.Own(now))
	ok(t, err)
	now, _, err = w.store.People(t.Context())
	ok(t, err)
	same(t, "there after it", true, knows(now, "acme.1"))
}

// TestAContactTakesNoSeatOfTheClients: nobody hands them a client's task.
func TestAContactTakesNoSeatOfTheClients(t *testing.T) {
	t.Parallel()
	w, request := conflicted(t)
	w.hasContact()
	a := act("to-contact", "lena", review.Delegate)
	a.Request, a.ToID, a.Until = request, "acme.1", monday().Add(48*time.Hour)
	same(t, "delegate", review.BadDelegate, w.does(a).Refusal)
	same(t, "seat", review.BadPerson, w.does(steering("x-1", review.Ask, forPerson("acme.1"))).Refusal)
}

// TestAnAddressOnBothSides: what comes by mail from an address that is one of the
// client's people's too is theirs, and they don't speak for the vendor.
func TestAnAddressOnBothSides(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	both := l.ann
	people, _, err := l.store.People(t.Context())
	ok(t, err)
	i := slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == "lena" })
	both.Mail = people[i].Mail
	ok(t, l.store.PutContact(t.Context(), both))
	found := l.sends(both, l.ask, "the agreement")
	missing(t, func() error {
		_, err := l.desk.TakeDocument(t.Context(), mailFrom(both), l.ask, "a.txt", "text/plain", []byte("another"))
		return err
	}())
	out, err := l.desk.Answer(t.Context(), delivers("m-1", l.ask, mailFrom(both), found.Document))
	if err == nil && out.OK() {
		t.Errorf("lena delivered for the vendor: %+v", out)
	}
	out, err = l.desk.Answer(t.Context(), delivers("p-1", l.ask, portal(both), found.Document))
	ok(t, err)
	same(t, "through the portal they are the contact", true, out.OK())
}
