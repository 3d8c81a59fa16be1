package archive_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// noon is what the clock of these archives says.
func noon() time.Time { return monday().Add(3 * time.Hour) }

func accessTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"a session lasts until its end":                    sessionsLast,
		"sessions of one person are ended apart":           sessionsEnd,
		"a link is used by one of fifty":                   linkOnce,
		"a link that is no good is not there":              linksGone,
		"fifty guesses at once are five tries":             guesses,
		"links are as many as the limits allow":            linkLimits,
		"a token lasts until it is revoked":                tokensLast,
		"a ticket stands as it was kept first":             tickets,
		"what ended is swept and the rest stays":           sweeps,
		"who is shut out has nothing left":                 shutOut,
		"who has a tie to a case sees it listed":           seenCases,
		"pages of seen cases go on where the last one did": seenPages,
		"one of the people":                                onePerson,
		"whose receipt it is": func(t *testing.T, a *archive.Archive) {
			ctx := context.Background()
			ok(t, a.KeepReceipt(ctx, "web-1", "lena", "r", review.Outcome{Status: review.Counted}))
			whose, found, err := a.ReceiptOwner(ctx, "web-1")
			ok(t, err)
			same(t, "owner", []any{"lena", true}, []any{whose, found})
			_, found, err = a.ReceiptOwner(ctx, "web-2")
			ok(t, err)
			same(t, "none", false, found)
		},
	}
}

func session(id, person string) access.Session {
	return access.Session{ID: id, Person: person, Device: "Firefox on Linux", Made: noon(), Seen: noon(), Until: noon().Add(time.Hour)}
}

// noted is an entry of the register.
func noted(id string) *dossier.Entry {
	return &dossier.Entry{ID: "register#desk/access-" + id, Case: dossier.Register, Process: dossier.Register, Kind: dossier.AccessChanged,
		At: noon(), CaseAt: noon(), Actor: "lena", Detail: &dossier.Detail{Result: "made", Name: id}}
}

func registered(t *testing.T, a *archive.Archive) int { return len(chain(t, a, dossier.Register)) }

func sessionsLast(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	s := session("s1", "lena")
	for range 2 { // again is the same
		ok(t, a.AddSession(ctx, "h1", s, noted("s1")))
	}
	same(t, "register", 1, registered(t, a))
	same(t, "session", s, must[access.Session](t)(a.SessionBy(ctx, "h1")))
	ok(t, a.SawSession(ctx, "h1", noon().Add(time.Minute)))
	ok(t, a.SawSession(ctx, "h1", noon()))
	same(t, "seen", noon().Add(time.Minute), must[access.Session](t)(a.SessionBy(ctx, "h1")).Seen)
	s.ID, s.Until = "s2", noon()
	ok(t, a.AddSession(ctx, "h2", s, nil))
	for _, gone := range []string{"h2", "h3", "", "s1"} {
		_, err := a.SessionBy(ctx, gone)
		isNotFound(t, err)
	}
	same(t, "listed", 1, len(must[[]access.Session](t)(a.Sessions(ctx, "lena"))))
}

func sessionsEnd(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for i, person := range []string{"lena", "lena", "lena", "sam"} {
		s := session(fmt.Sprint("s", i), person)
		s.Made = s.Made.Add(time.Duration(i) * time.Second)
		ok(t, a.AddSession(ctx, fmt.Sprint("h", i), s, nil))
	}
	ok(t, a.EndSession(ctx, "sam", "s0")) // not his
	ok(t, a.EndSession(ctx, "lena", "s1"))
	ok(t, a.EndSession(ctx, "lena", "s1"))
	ok(t, a.DropSession(ctx, "h2"))
	left := must[[]access.Session](t)(a.Sessions(ctx, "lena"))
	same(t, "lena's", []string{"s0"}, []string{left[0].ID})
	same(t, "how many", 1, len(left))
	same(t, "sam's", 1, len(must[[]access.Session](t)(a.Sessions(ctx, "sam"))))
}

func link(id, person string) access.Link {
	return access.Link{ID: id, Person: person, Next: "/request?id=x", Made: noon(), Until: noon().Add(access.LinkFor)}
}

func addLink(t *testing.T, a *archive.Archive, l access.Link) time.Duration {
	t.Helper()
	return must[time.Duration](t)(a.AddLink(context.Background(), "hash of "+l.ID, l, access.LinkLimits()))
}

func linkOnce(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	l := link("l1", "lena")
	same(t, "wait", time.Duration(0), addLink(t, a, l))
	same(t, "again", time.Duration(0), addLink(t, a, l))
	for range 100 { // looked at as often as scanners like
		same(t, "link", l, must[access.Link](t)(a.LinkBy(ctx, "hash of l1")))
	}
	same(t, "used", false, must[bool](t)(a.LinkUsed(ctx, "l1")))
	var won atomic.Int32
	crowd(t, 50, func(int) error {
		first, err := a.UseLink(ctx, "l1")
		if first {
			won.Add(1)
		}
		return err
	})
	same(t, "winners", 1, int(won.Load()))
	same(t, "used", true, must[bool](t)(a.LinkUsed(ctx, "l1")))
	_, err := a.LinkBy(ctx, "hash of l1")
	isNotFound(t, err)
	same(t, "tries at a used one", 0, len(must[[]access.Link](t)(a.TryLinks(ctx, "lena"))))
}

func linksGone(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	old := link("old", "lena")
	old.Made, old.Until = noon().Add(-access.LinkFor), noon()
	addLink(t, a, old)
	for _, hash := range []string{"hash of old", "hash of none", "old", ""} {
		_, err := a.LinkBy(ctx, hash)
		isNotFound(t, err)
	}
	for _, id := range []string{"old", "none", ""} {
		same(t, "used "+id, false, must[bool](t)(a.UseLink(ctx, id)))
		same(t, "was used "+id, false, must[bool](t)(a.LinkUsed(ctx, id)))
	}
	same(t, "tried", 0, len(must[[]access.Link](t)(a.TryLinks(ctx, "lena"))))
}

func guesses(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	addLink(t, a, link("l1", "lena"))
	addLink(t, a, link("l2", "lena"))
	addLink(t, a, link("s1", "sam"))
	var tried atomic.Int32
	crowd(t, 50, func(int) error {
		links, err := a.TryLinks(ctx, "lena")
		for _, l := range links {
			if l.Person != "lena" || l.Tries < 1 || l.Tries > access.MaxTries {
				return fmt.Errorf("tried %+v", l)
			}
		}
		tried.Add(int32(len(links)))
		return err
	})
	same(t, "tries", 2*access.MaxTries, int(tried.Load()))
	for _, hash := range []string{"hash of l1", "hash of l2"} { // nobody guesses these
		same(t, "its link", "lena", must[access.Link](t)(a.LinkBy(ctx, hash)).Person)
	}
	same(t, "sam's is as it was", 0, must[access.Link](t)(a.LinkBy(ctx, "hash of s1")).Tries)
}

func linkLimits(t *testing.T, a *archive.Archive) {
	for i := range 3 {
		l := link(fmt.Sprint("l", i), "lena")
		l.Made = l.Made.Add(time.Duration(i) * time.Minute)
		same(t, "wait", time.Duration(0), addLink(t, a, l))
	}
	l := link("l3", "lena")
	l.Made = noon().Add(3 * time.Minute)
	same(t, "the fourth", 12*time.Minute, addLink(t, a, l))
	_, err := a.LinkBy(context.Background(), "hash of l3")
	isNotFound(t, err)
	same(t, "somebody else", time.Duration(0), addLink(t, a, link("s", "sam")))
	l.Made = noon().Add(15 * time.Minute)
	same(t, "later", time.Duration(0), addLink(t, a, l))
}

func tokensLast(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	tok := access.Token{ID: "t1", Person: "lena", Name: "laptop", Made: noon(), Until: noon().Add(time.Hour)}
	for range 2 {
		ok(t, a.AddToken(ctx, "h1", tok, noted("t1")))
	}
	same(t, "token", tok, must[access.Token](t)(a.TokenBy(ctx, "h1")))
	ok(t, a.SawToken(ctx, "h1", noon().Add(time.Minute)))
	ok(t, a.SawToken(ctx, "h1", noon()))
	tok.Seen = noon().Add(time.Minute)
	same(t, "seen", tok, must[access.Token](t)(a.TokenBy(ctx, "h1")))
	old := tok
	old.ID, old.Until = "t2", noon()
	ok(t, a.AddToken(ctx, "h2", old, nil))
	_, err := a.TokenBy(ctx, "h2")
	isNotFound(t, err)
	isNotFound(t, a.RevokeToken(ctx, "sam", "t1", noted("r0")))
	for range 2 {
		ok(t, a.RevokeToken(ctx, "lena", "t1", noted("r1")))
	}
	_, err = a.TokenBy(ctx, "h1")
	isNotFound(t, err)
	tok.Revoked, old.Seen = noon(), time.Time{}
	same(t, "listed", []access.Token{tok, old}, must[[]access.Token](t)(a.Tokens(ctx, "lena")))
	same(t, "register", 2, registered(t, a))
}

func tickets(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	kept := access.Ticket{Hash: "h1", Request: "r", Version: 2, Person: "lena", Channel: "mail", Made: noon()}
	ok(t, a.PutTicket(ctx, kept))
	again := kept
	again.Made = noon().Add(time.Hour)
	ok(t, a.PutTicket(ctx, again))
	same(t, "ticket", kept, must[access.Ticket](t)(a.TicketBy(ctx, "h1")))
	_, err := a.TicketBy(ctx, "h2")
	isNotFound(t, err)
}

func sweeps(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ended, goes := session("s1", "lena"), session("s2", "lena")
	ended.Until = noon()
	ok(t, a.AddSession(ctx, "h1", ended, nil))
	ok(t, a.AddSession(ctx, "h2", goes, nil))
	used := link("first/used", "lena")
	addLink(t, a, used)
	same(t, "used", true, must[bool](t)(a.UseLink(ctx, used.ID)))
	long := link("long ago", "lena")
	long.Made, long.Until = noon().Add(-48*time.Hour), noon().Add(-47*time.Hour)
	addLink(t, a, long)
	tok := access.Token{ID: "t1", Person: "lena", Name: "laptop", Made: noon(), Until: noon().Add(-time.Hour)}
	ok(t, a.AddToken(ctx, "h1", tok, nil))
	tok.ID, tok.Until = "t2", noon().Add(-91*24*time.Hour)
	ok(t, a.AddToken(ctx, "h2", tok, nil))
	ok(t, a.Sweep(ctx))
	ok(t, a.Sweep(ctx))
	same(t, "sessions", []access.Session{goes}, must[[]access.Session](t)(a.Sessions(ctx, "lena")))
	same(t, "a link that was used stays used", true, must[bool](t)(a.LinkUsed(ctx, used.ID)))
	left := must[[]access.Token](t)(a.Tokens(ctx, "lena"))
	same(t, "tokens", []any{1, "t1"}, []any{len(left), left[0].ID})
}

func shutOut(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for _, person := range []string{"lena", "sam"} {
		ok(t, a.AddSession(ctx, "h "+person, session("s "+person, person), nil))
		addLink(t, a, link("l "+person, person))
		ok(t, a.AddToken(ctx, "t "+person, access.Token{ID: "t " + person, Person: person, Name: "laptop", Made: noon(), Until: noon().Add(time.Hour)}, nil))
	}
	ok(t, a.ShutOut(ctx, "lena", noted("out")))
	for person, in := range map[string]bool{"lena": false, "sam": true} {
		_, byDevice := a.SessionBy(ctx, "h "+person)
		_, byLink := a.LinkBy(ctx, "hash of l "+person)
		_, byToken := a.TokenBy(ctx, "t "+person)
		same(t, person, []bool{in, in, in}, []bool{byDevice == nil, byLink == nil, byToken == nil})
	}
	same(t, "register", 1, registered(t, a))
}

func listed(views []dossier.CaseView) []string {
	var ids []string
	for _, v := range views {
		ids = append(ids, v.ID)
	}
	return ids
}

// seenCases: the lists are what access.Involved says of each view, whatever
// happened in between.
func seenCases(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	p.file(t, a)
	sees := func(what string, want map[string]int) {
		t.Helper()
		for person, n := range want {
			views := must[[]dossier.CaseView](t)(a.SeenCases(ctx, person))
			same(t, what+": "+person, n, len(views))
			for _, v := range views {
				same(t, "whole", must[dossier.CaseView](t)(a.Case(ctx, v.ID)), v)
			}
		}
	}
	sees("opened", map[string]int{"olga": 1, "rita": 1, "lena": 0, "boss": 0, "": 0})
	request := p.asks("legal", "lena", "sam")
	p.file(t, a)
	sees("asked", map[string]int{"olga": 1, "rita": 1, "lena": 1, "sam": 1, "boss": 0})
	p.fact(review.Fact{Kind: review.FactTold, Request: request, Person: "boss", Why: "manager"})
	p.fact(review.Fact{Kind: review.FactUnseated, Request: request, Seat: "sam", Person: "sam"})
	p.file(t, a)
	newCase("onboarding/bolt/1").opened().file(t, a)
	sees("told, and off the seat", map[string]int{"olga": 2, "lena": 1, "sam": 1, "boss": 1})
	p.say(dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}})
	p.file(t, a)
	sees("closed", map[string]int{"olga": 2, "lena": 1, "sam": 1, "boss": 1})
	same(t, "the newest first", []string{"onboarding/bolt/1", acme}, listed(must[[]dossier.CaseView](t)(a.SeenCases(ctx, "olga"))))
}

func seenPages(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	var want []string
	for i := range 7 {
		p := newCase(fmt.Sprintf("onboarding/v%d/1", i)).opened()
		if i%2 == 0 {
			p.asks("legal", "lena")
		}
		if i == 4 { // later than it was listed as running
			p.file(t, a)
			p.say(dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}})
		}
		p.file(t, a)
	}
	want = []string{"onboarding/v6/1", "onboarding/v2/1", "onboarding/v0/1", "onboarding/v4/1"} // those that run first
	for size := 1; size <= 5; size++ {
		var got []string
		for after := ""; ; after = got[len(got)-1] {
			page := listed(must[[]dossier.CaseView](t)(a.SeenPage(ctx, "lena", after, size)))
			if got = append(got, page...); len(page) < size {
				break
			}
		}
		same(t, fmt.Sprint("pages of ", size), want, got)
	}
	for _, id := range []string{"onboarding/v1/1", "onboarding/zeta/1"} { // one is there, and not for her
		_, err := a.SeenPage(ctx, "lena", id, 5)
		isNotFound(t, err)
	}
}

func onePerson(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	lena := playbook.Person{ID: "lena", Name: "Lena", Roles: []string{"legal"}}
	_, _, err := a.ApplyPeople(ctx, []playbook.Person{lena, {ID: "sam", Name: "Sam"}}, "")
	ok(t, err)
	p, revision, err := a.Person(ctx, "lena")
	ok(t, err)
	same(t, "lena", []any{lena, 1}, []any{p, revision})
	_, _, err = a.ApplyPeople(ctx, []playbook.Person{{ID: "sam", Name: "Sam"}}, "")
	ok(t, err)
	p, revision, err = a.Person(ctx, "lena")
	ok(t, err)
	same(t, "lena left", []any{true, 2}, []any{p.Left, revision})
	_, _, err = a.Person(ctx, "nobody")
	isNotFound(t, err)
}
