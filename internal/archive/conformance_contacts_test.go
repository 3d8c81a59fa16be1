package archive_test

import (
	"context"
	"fmt"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/calendar"
	"gangway/internal/playbook"
)

func contactTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"a contact is kept and changed":                     contactKept,
		"ids are a vendor's own, each once":                 contactIDs,
		"contacts come in the order of being named":         contactOrder,
		"an address may be of several vendors":              contactByMail,
		"contacts are people, after those of the file":      contactPeople,
		"the people file neither drops nor keeps a contact": contactsApart,
		"what is no contact is not taken":                   contactFaults,
	}
}

func contact(id, vendor string, state playbook.ContactState) playbook.Contact {
	return playbook.Contact{ID: id, Vendor: vendor, Name: "Vera of " + id, Mail: "Vera@" + vendor + ".example", State: state, By: "lena", Made: noon(), Changed: noon()}
}

// named puts active contacts.
func named(t *testing.T, a *archive.Archive, vendor string, numbers ...int) {
	t.Helper()
	for _, n := range numbers {
		ok(t, a.PutContact(context.Background(), contact(fmt.Sprintf("%s.%d", vendor, n), vendor, playbook.ContactActive)))
	}
}

func contactKept(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	c := contact("acme.1", "acme", playbook.ContactProposed)
	c.Phone, c.Role, c.Case = "+49 30 1", "privacy officer", acme
	ok(t, a.PutContact(ctx, c))
	same(t, "contact", c, must[playbook.Contact](t)(a.Contact(ctx, "acme.1")))
	c.State, c.Name = playbook.ContactActive, "Vera Volt"
	ok(t, a.PutContact(ctx, c))
	same(t, "changed", []playbook.Contact{c}, must[[]playbook.Contact](t)(a.Contacts(ctx, "acme")))
	_, err := a.Contact(ctx, "acme.2")
	isNotFound(t, err)
}

func contactIDs(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for _, want := range []string{"acme.1", "acme.2", "bolt.1", "acme.3"} {
		same(t, "id", want, must[string](t)(a.NextContact(ctx, want[:4])))
	}
	if _, err := a.NextContact(ctx, ""); err == nil {
		t.Error("of no vendor")
	}
}

func contactOrder(t *testing.T, a *archive.Archive) {
	named(t, a, "acme", 10, 2, 1)
	named(t, a, "acme-payroll", 1)
	var ids []string
	for _, c := range must[[]playbook.Contact](t)(a.Contacts(context.Background(), "acme")) {
		ids = append(ids, c.ID)
	}
	same(t, "ids", []string{"acme.1", "acme.2", "acme.10"}, ids)
	same(t, "of none", 0, len(must[[]playbook.Contact](t)(a.Contacts(context.Background(), "bolt"))))
}

func contactByMail(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	named(t, a, "acme", 2)
	named(t, a, "bolt", 1)
	c := contact("bolt.2", "bolt", playbook.ContactEnded)
	c.Mail = "vera@ACME.example"
	ok(t, a.PutContact(ctx, c))
	without := contact("bolt.3", "bolt", playbook.ContactActive)
	without.Mail = ""
	ok(t, a.PutContact(ctx, without))
	for mail, want := range map[string][]string{"VERA@acme.example": {"acme.2", "bolt.2"}, "vera@bolt.example": {"bolt.1"}, "vera@acme": nil, "": nil} {
		var ids []string
		for _, c := range must[[]playbook.Contact](t)(a.ContactsBy(ctx, mail)) {
			ids = append(ids, c.ID)
		}
		same(t, mail, want, ids)
	}
}

// worldwide is a people file with hours, and contacts in each state.
func worldwide(t *testing.T, a *archive.Archive) []playbook.Person {
	t.Helper()
	file := []playbook.Person{{ID: "olga", Name: "Olga"}, {ID: "rita", Name: "Rita", Hours: calendar.Schedule{Zone: "Europe/Berlin"}}, {ID: "lena", Name: "Lena", Hours: calendar.Schedule{Zone: "Europe/Lisbon"}}}
	_, _, err := a.ApplyPeople(context.Background(), file, "olga")
	ok(t, err)
	named(t, a, "acme", 2)
	for _, c := range []playbook.Contact{contact("acme.10", "acme", playbook.ContactEnded), contact("acme.3", "acme", playbook.ContactProposed), contact("bolt.1", "bolt", playbook.ContactActive)} {
		if c.Vendor == "bolt" {
			c.By = "acme.2"
		}
		ok(t, a.PutContact(context.Background(), c))
	}
	return file
}

func contactPeople(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	file := worldwide(t, a)
	people, revision, err := a.People(ctx)
	ok(t, err)
	same(t, "revision", 1, revision)
	same(t, "people", append(file,
		playbook.Person{ID: "acme.2", Name: "Vera of acme.2", Mail: "Vera@acme.example", Employer: "acme", Hours: file[2].Hours},
		playbook.Person{ID: "acme.10", Name: "Vera of acme.10", Mail: "Vera@acme.example", Employer: "acme", Hours: file[2].Hours, Left: true},
		playbook.Person{ID: "bolt.1", Name: "Vera of bolt.1", Mail: "Vera@bolt.example", Employer: "bolt", Hours: file[1].Hours}), people)
	for _, p := range people {
		one, of, err := a.Person(ctx, p.ID)
		ok(t, err)
		same(t, p.ID, []any{p, 1}, []any{one, of})
	}
	for _, id := range []string{"acme.3", "acme.4", "acme.", "."} {
		_, _, err := a.Person(ctx, id)
		isNotFound(t, err)
	}
}

func contactsApart(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	file := worldwide(t, a)
	people, before, err := a.People(ctx)
	ok(t, err)
	for _, list := range [][]playbook.Person{people, file, playbook.Own(people)} {
		revision, changed, err := a.ApplyPeople(ctx, list, "olga")
		ok(t, err)
		same(t, "changed", []any{before, 0}, []any{revision, len(changed)})
	}
	people[0].Name, people[3].Name = "Olga Orlow", "Somebody else"
	_, changed, err := a.ApplyPeople(ctx, people, "olga")
	ok(t, err)
	same(t, "changed", []string{"olga"}, changed)
	now, _, err := a.People(ctx)
	ok(t, err)
	same(t, "names", []string{"Olga Orlow", "Vera of acme.2"}, []string{now[0].Name, now[3].Name})
	same(t, "as many", len(people), len(now))
	same(t, "register", 2, registered(t, a))
}

func contactFaults(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for _, c := range []playbook.Contact{
		contact("acme", "acme", playbook.ContactActive), contact("acme.0", "acme", playbook.ContactActive), contact("acme.01", "acme", playbook.ContactActive),
		contact("acme.-1", "acme", playbook.ContactActive), contact("acme.x", "acme", playbook.ContactActive), contact("acme.1", "bolt", playbook.ContactActive),
		contact(".1", "", playbook.ContactActive), contact("acme.99999999999999999999", "acme", playbook.ContactActive), contact("acme.1", "acme", ""),
	} {
		if a.PutContact(ctx, c) == nil {
			t.Errorf("%q of %q was kept", c.ID, c.Vendor)
		}
	}
}
