package archive_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/playbook"
)

func portalTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"a link is found by its digest until it ends":      portalLinks,
		"links of one case are revoked, and what they let": portalRevoked,
		"a contact's ticket is a link":                     portalTicket,
		"who is no contact any more is out":                portalEnded,
		"a session ends":                                   portalSessions,
		"no session by a link that is closed":              portalClosed,
		"what ended long ago is swept":                     portalSwept,
		"a draft is what was saved last":                   drafts,
		"what is not whole opens nothing":                  portalFaults,
	}
}

const bolt = "onboarding/bolt/1"

func portalLink(hash, person, caseID string) access.PortalLink {
	return access.PortalLink{Hash: hash, Person: person, Vendor: "acme", Case: caseID, Request: "r1", Made: noon(), Until: noon().Add(access.PortalLinkFor)}
}

func visit(hash, person, link string) access.PortalSession {
	return access.PortalSession{Hash: hash, Person: person, Vendor: "acme", Link: link, Device: "Firefox", Made: noon(), Until: noon().Add(access.PortalSessionFor)}
}

// visits opens a session by a link of its own.
func visits(t *testing.T, a *archive.Archive, name, person, caseID string) {
	t.Helper()
	ok(t, a.PutPortalLink(context.Background(), portalLink("l"+name, person, caseID)))
	ok(t, a.PutPortalSession(context.Background(), visit("s"+name, person, "l"+name)))
}

// opens says which links open and which sessions live.
func opens(t *testing.T, a *archive.Archive, names ...string) string {
	t.Helper()
	said := ""
	for _, name := range names {
		l := must[access.PortalLink](t)(a.PortalLink(context.Background(), "l"+name))
		_, err := a.PortalSession(context.Background(), "s"+name)
		said += fmt.Sprint(name, " ", l.Opens(noon()), " ", err == nil, "; ")
	}
	return said
}

func portalLinks(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	l := portalLink("l1", "acme.1", acme)
	ok(t, a.PutPortalLink(ctx, l))
	same(t, "link", l, must[access.PortalLink](t)(a.PortalLink(ctx, "l1")))
	longer := l
	longer.Until, longer.Vendor, longer.Case = l.Until.Add(time.Hour), "bolt", bolt
	ok(t, a.PutPortalLink(ctx, longer))
	l.Until = longer.Until
	same(t, "it lives longer", l, must[access.PortalLink](t)(a.PortalLink(ctx, "l1")))
	shorter, stolen := l, l
	shorter.Until, stolen.Person, stolen.Until = noon().Add(time.Hour), "bolt.1", l.Until.Add(time.Hour)
	for _, x := range []access.PortalLink{shorter, stolen} {
		ok(t, a.PutPortalLink(ctx, x))
		same(t, "it stays", l, must[access.PortalLink](t)(a.PortalLink(ctx, "l1")))
	}
	_, err := a.PortalLink(ctx, "l2")
	isNotFound(t, err)
}

func portalRevoked(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	visits(t, a, "1", "acme.1", acme)
	visits(t, a, "2", "acme.1", bolt)
	visits(t, a, "3", "acme.2", acme)
	visits(t, a, "4", "acme.1", "")
	same(t, "before", "1 true true; 2 true true; 3 true true; 4 true true; ", opens(t, a, "1", "2", "3", "4"))
	at := noon().Add(-time.Minute)
	same(t, "revoked", 2, must[int](t)(a.RevokePortalLinks(ctx, "acme.1", acme, at)))
	same(t, "of one case", "1 false false; 2 true true; 3 true true; 4 false false; ", opens(t, a, "1", "2", "3", "4"))
	same(t, "when", at, must[access.PortalLink](t)(a.PortalLink(ctx, "l1")).Revoked)
	same(t, "again", 0, must[int](t)(a.RevokePortalLinks(ctx, "acme.1", acme, noon())))
	same(t, "still", at, must[access.PortalLink](t)(a.PortalLink(ctx, "l1")).Revoked)
	again := portalLink("l1", "acme.1", acme)
	again.Until = again.Until.Add(time.Hour)
	ok(t, a.PutPortalLink(ctx, again))
	same(t, "sent again", "1 false false; ", opens(t, a, "1"))
	same(t, "all", 1, must[int](t)(a.RevokePortalLinks(ctx, "acme.1", "", at)))
	same(t, "of all cases", "1 false false; 2 false false; 3 true true; ", opens(t, a, "1", "2", "3"))
}

func portalTicket(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	request := p.asks("legal", "lena")
	p.file(t, a)
	ticket := access.Ticket{Hash: "h1", Request: request, Version: 1, Person: "acme-payroll.1", Channel: "mail", Made: noon()}
	ok(t, a.PutTicket(ctx, ticket))
	want := access.PortalLink{Hash: "h1", Person: "acme-payroll.1", Vendor: "acme-payroll", Case: acme, Request: request, Made: noon(), Until: noon().Add(access.PortalLinkFor)}
	same(t, "link", want, must[access.PortalLink](t)(a.PortalLink(ctx, "h1")))
	ticket.Made = noon().Add(time.Hour) // a reminder carries the same
	ok(t, a.PutTicket(ctx, ticket))
	want.Until = want.Until.Add(time.Hour)
	same(t, "reminded", want, must[access.PortalLink](t)(a.PortalLink(ctx, "h1")))
	same(t, "ticket", noon(), must[access.Ticket](t)(a.TicketBy(ctx, "h1")).Made)
	ok(t, a.PutTicket(ctx, access.Ticket{Hash: "h2", Request: request, Person: "lena", Channel: "mail", Made: noon()}))
	_, err := a.PortalLink(ctx, "h2")
	isNotFound(t, err)
	ok(t, a.PutTicket(ctx, access.Ticket{Hash: "h3", Request: "of nowhere", Person: "acme.1", Channel: "mail", Made: noon()}))
	same(t, "of no case", "", must[access.PortalLink](t)(a.PortalLink(ctx, "h3")).Case)
}

func portalEnded(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	named(t, a, "acme", 1, 2)
	visits(t, a, "1", "acme.1", acme)
	visits(t, a, "2", "acme.1", bolt)
	visits(t, a, "3", "acme.2", acme)
	named(t, a, "acme", 1) // changed, and active still
	same(t, "active", "1 true true; 2 true true; 3 true true; ", opens(t, a, "1", "2", "3"))
	ok(t, a.PutContact(ctx, contact("acme.1", "acme", playbook.ContactEnded)))
	same(t, "ended", "1 false false; 2 false false; 3 true true; ", opens(t, a, "1", "2", "3"))
}

func portalSessions(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	visits(t, a, "1", "acme.1", acme)
	s := visit("s1", "acme.1", "l1")
	same(t, "session", s, must[access.PortalSession](t)(a.PortalSession(ctx, "s1")))
	over := visit("s2", "acme.1", "l1")
	over.Made, over.Until = noon().Add(-time.Hour), noon()
	ok(t, a.PutPortalSession(ctx, over))
	_, err := a.PortalSession(ctx, "s2")
	isNotFound(t, err)
	visits(t, a, "3", "acme.1", acme)
	visits(t, a, "4", "acme.2", acme)
	ok(t, a.EndPortalSession(ctx, "s1"))
	same(t, "one", "1 true false; 3 true true; 4 true true; ", opens(t, a, "1", "3", "4"))
	ok(t, a.EndPortalSessions(ctx, "acme.1"))
	same(t, "all", "1 true false; 3 true false; 4 true true; ", opens(t, a, "1", "3", "4"))
}

func portalClosed(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	old := portalLink("l1", "acme.1", acme)
	old.Made, old.Until = noon().Add(-time.Hour), noon()
	ok(t, a.PutPortalLink(ctx, old))
	ok(t, a.PutPortalLink(ctx, portalLink("l2", "acme.1", acme)))
	must[int](t)(a.RevokePortalLinks(ctx, "acme.1", acme, noon()))
	ok(t, a.PutPortalLink(ctx, portalLink("l3", "acme.1", acme)))
	for i, s := range []access.PortalSession{visit("s1", "acme.1", "l1"), visit("s2", "acme.1", "l2"), visit("s3", "acme.2", "l3"), visit("s4", "acme.1", "l4")} {
		isNotFound(t, a.PutPortalSession(ctx, s))
		_, err := a.PortalSession(ctx, fmt.Sprint("s", i+1))
		isNotFound(t, err)
	}
	ok(t, a.PutPortalSession(ctx, visit("s3", "acme.1", "l3")))
}

func portalSwept(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	year := 365 * 24 * time.Hour
	for name, ago := range map[string]time.Duration{"old": year, "ended": 40 * 24 * time.Hour, "new": time.Hour} {
		l := portalLink(name, "acme.1", acme)
		l.Made, l.Until = l.Made.Add(-ago), l.Until.Add(-ago)
		ok(t, a.PutPortalLink(ctx, l))
		ok(t, a.PutDraft(ctx, "acme.1", name, nil, l.Made))
	}
	ok(t, a.Sweep(ctx))
	for _, name := range []string{"ended", "new"} {
		must[access.PortalLink](t)(a.PortalLink(ctx, name))
		_, _, err := a.Draft(ctx, "acme.1", name)
		ok(t, err)
	}
	_, err := a.PortalLink(ctx, "old")
	isNotFound(t, err)
	_, _, err = a.Draft(ctx, "acme.1", "old")
	isNotFound(t, err)
}

func drafts(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	read := func(person, request string) string {
		t.Helper()
		fields, at, err := a.Draft(ctx, person, request)
		ok(t, err)
		return fmt.Sprint(string(fields), " ", at.Sub(noon()))
	}
	ok(t, a.PutDraft(ctx, "acme.1", "r1", []byte("one\x00\xff"), noon()))
	ok(t, a.PutDraft(ctx, "acme.2", "r1", []byte("theirs"), noon()))
	ok(t, a.PutDraft(ctx, "acme.1", "r2", nil, noon()))
	same(t, "as it was", "one\x00\xff 0s", read("acme.1", "r1"))
	ok(t, a.PutDraft(ctx, "acme.1", "r1", []byte("two"), noon().Add(time.Minute)))
	ok(t, a.PutDraft(ctx, "acme.1", "r1", []byte("from a slow page"), noon().Add(time.Second)))
	same(t, "the latest", "two 1m0s", read("acme.1", "r1"))
	ok(t, a.DropDraft(ctx, "acme.1", "r1"))
	_, _, err := a.Draft(ctx, "acme.1", "r1")
	isNotFound(t, err)
	same(t, "another's", "theirs 0s", read("acme.2", "r1"))
	same(t, "another form's", " 0s", read("acme.1", "r2"))
	err = a.PutDraft(ctx, "acme.1", "r1", make([]byte, 1<<20+1), noon())
	if !errors.As(err, new(archive.TooLargeError)) {
		t.Errorf("a large draft: %v", err)
	}
}

func portalFaults(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ok(t, a.PutPortalLink(ctx, portalLink("l1", "acme.1", acme)))
	l, s := portalLink("l2", "acme.1", acme), visit("s2", "acme.1", "l1")
	l.Until, s.Until = l.Made, s.Made
	errs := []error{a.PutPortalLink(ctx, portalLink("", "acme.1", acme)), a.PutPortalLink(ctx, portalLink("l2", "", acme)), a.PutPortalLink(ctx, l),
		a.PutPortalSession(ctx, visit("", "acme.1", "l1")), a.PutPortalSession(ctx, visit("s2", "", "l1")), a.PutPortalSession(ctx, visit("s2", "acme.1", "")), a.PutPortalSession(ctx, s),
		a.PutDraft(ctx, "", "r", nil, noon()), a.PutDraft(ctx, "p", "", nil, noon()), a.PutDraft(ctx, "p", "r", nil, time.Time{})}
	for _, revoke := range []func() (int, error){
		func() (int, error) { return a.RevokePortalLinks(ctx, "", acme, noon()) }, func() (int, error) { return a.RevokePortalLinks(ctx, "acme.1", acme, time.Time{}) },
	} {
		_, err := revoke()
		errs = append(errs, err)
	}
	for i, err := range errs {
		if err == nil {
			t.Errorf("%d was taken", i)
		}
	}
}
