package desk

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
)

// TestSignInByLink: what reads mails opens the link a hundred times, and it still
// is the person's, once.
func TestSignInByLink(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	secret := e.key.Link(e.mails(e.desk, byMail("lena")))
	for range 100 {
		got := must[access.Greeting](t)(e.desk.LinkFor(t.Context(), secret))
		same(t, "greeting", access.Greeting{Name: access.Mask(planted + " lena"), Person: "lena", Next: "/cases"}, got)
	}
	session, _, next, err := e.desk.EnterByLink(t.Context(), secret, "Firefox\r\non Linux")
	ok(t, err)
	same(t, "leads to", "/cases", next)
	same(t, "signed in", "lena", e.who(session))
	same(t, "devices", "Firefoxon Linux", must[[]access.Session](t)(e.desk.Sessions(t.Context(), "lena"))[0].Device)
	missing(t, e.byLink(e.desk, secret))
	_, err = e.desk.LinkFor(t.Context(), secret)
	missing(t, err)
	same(t, "still signed in", "lena", e.who(session))
}

// TestTwoDevicesRaceForALink through two processes: one is in.
func TestTwoDevicesRaceForALink(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	link := e.mails(e.desk, byMail("lena"))
	desks := []*Desk{e.desk, e.process()}
	var in atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			var err error
			if i%4 < 2 {
				_, _, _, err = desks[i%2].EnterByLink(t.Context(), e.key.Link(link), "x")
			} else {
				_, _, _, err = desks[i%2].EnterByCode(t.Context(), byMail("lena"), e.key.Code(link), "x", office)
			}
			if err == nil {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	same(t, "who got in", 1, int(in.Load()))
	same(t, "devices", 1, len(must[[]access.Session](t)(e.desk.Sessions(t.Context(), "lena"))))
}

func TestSignInByCode(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	first := e.mails(e.desk, byMail("lena"))
	second := e.mails(e.desk, access.CodeWanted{Mail: "  LENA@" + planted + ".Example ", Next: "//evil.example"})
	wrongCode(t, e.byCode(byMail("lena"), e.wrong(first)))
	wrongCode(t, e.byCode(byMail("sam"), e.key.Code(first))) // not his
	wrongCode(t, e.byCode(byMail("lena"), ""))
	code := e.key.Code(second)
	session, _, next, err := e.desk.EnterByCode(t.Context(), byMail("lena"), " "+code[:3]+" "+code[3:]+"\n", "x", office)
	ok(t, err)
	same(t, "signed in", []string{"lena", "/"}, []string{e.who(session), next})
	wrongCode(t, e.byCode(byMail("lena"), code)) // used
	ok(t, e.byCode(byMail("lena"), e.key.Code(first)))
}

// TestFiveWrongCodesEndACode, however many are typed at the same moment. They may
// be anybody's who knows the address: the link beside it stays its person's.
func TestFiveWrongCodesEndACode(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	link := e.mails(e.desk, byMail("lena"))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { wrongCode(t, e.byCode(byMail("lena"), e.wrong(link))) })
	}
	wg.Wait()
	wrongCode(t, e.byCode(byMail("lena"), e.key.Code(link)))
	ok(t, e.byLink(e.desk, e.key.Link(link)))
	next := e.mails(e.desk, byMail("lena"))
	for range access.MaxTries - 1 {
		wrongCode(t, e.byCode(byMail("lena"), e.wrong(next)))
	}
	ok(t, e.byCode(byMail("lena"), e.key.Code(next))) // the fifth is right
}

func TestLinksThatAreNoGood(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	ok(t, e.store.PutTicket(t.Context(), access.Ticket{Hash: access.Hash("ticket"), Request: "r", Person: "lena", Channel: "mail", Made: monday()}))
	session := e.enters("sam")
	link := e.mails(e.desk, byMail("lena"))
	other := access.Key("another deployment's key, 32 bytes")
	for _, secret := range []string{"", "ticket", session, link, other.Link(link), e.key.Link("guessed"), e.key.Code(link), e.key.Link(link) + "x",
		access.Hash(e.key.Link(link)), other.First("oscar", monday().Add(time.Hour)), e.key.First("lena", monday().Add(time.Hour)), e.key.First("nobody", monday().Add(time.Hour))} {
		missing(t, e.byLink(e.desk, secret))
		_, err := e.desk.LinkFor(t.Context(), secret)
		missing(t, err)
	}
	e.clock.pass(access.LinkFor)
	missing(t, e.byLink(e.desk, e.key.Link(link)))
	wrongCode(t, e.byCode(byMail("lena"), e.key.Code(link)))
	_, err := e.desk.LinkFor(t.Context(), e.key.Link(link))
	missing(t, err)
}

// TestNobodyLearnsWhoIsKnown: one answer and one kind of row for everybody, and
// no mail to those who may not come in.
func TestNobodyLearnsWhoIsKnown(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	for i, ask := range []access.CodeWanted{byMail("stranger"), byMail("vera"), byMail("gone"), {Mail: "no address"}, {Ticket: "forged"}, {Mail: "lena@" + planted + ".example\r\nBcc: x"}} {
		same(t, fmt.Sprint("a mail for ", ask), "", e.mails(e.desk, ask))
		links := must[[]access.Link](t)(e.store.TryLinks(t.Context(), nobodyPrefix+soughtKey(ask)))
		same(t, fmt.Sprint("rows for ", i), 1, len(links))
		known, unknown := e.byCode(byMail("lena"), "123456"), e.byCode(ask, "123456")
		same(t, "words", known.Error(), unknown.Error())
		wrongCode(t, e.byCode(ask, e.key.Code(links[0].ID))) // even the right one
		missing(t, e.byLink(e.desk, e.key.Link(links[0].ID)))
	}
	for _, ask := range []access.CodeWanted{{}, {Next: "/"}, {Mail: string(make([]byte, 400))}} {
		isInput(t, e.desk.MailCode(t.Context(), ask, office))
	}
}

// TestNothingIsToldOfAFault: a full disk shows to somebody known as little as to a
// stranger.
func TestNothingIsToldOfAFault(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	e.post.refuses = dossier.FullError{Doing: "keeping a letter"}
	same(t, "mailed", "", e.mails(e.desk, byMail("lena")))
	e.post.refuses = nil
	if e.mails(e.desk, byMail("lena")) == "" {
		t.Error("and later there is no mail either")
	}
}

func TestHowOftenOneMayAsk(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	other := e.process()
	for _, who := range []string{"lena", "stranger"} {
		for range 3 {
			e.mails(e.desk, byMail(who))
		}
		same(t, who, 15*time.Minute, tooOften(t, e.desk.MailCode(t.Context(), byMail(who), "198.51.100.1")))
	}
	same(t, "letters", 3, e.sent())
	same(t, "another process mails none either", "", e.mails(other, byMail("lena")))
	ok(t, e.store.PutTicket(t.Context(), access.Ticket{Hash: access.Hash("ticket"), Request: "r", Person: "lena", Channel: "mail", Made: monday()}))
	same(t, "nor does a ticket", "", e.mails(e.desk, access.CodeWanted{Ticket: "ticket"}))
	same(t, "somebody else", true, e.mails(e.desk, byMail("sam")) != "")
	for range 3 {
		e.clock.pass(15 * time.Minute)
		for range 3 {
			e.mails(other, byMail("lena"))
		}
	}
	same(t, "a day's letters", 1+10, e.sent())
	e.clock.pass(24 * time.Hour)
	same(t, "tomorrow", true, e.mails(e.desk, byMail("lena")) != "")
}

func TestHowOftenANetworkMayAsk(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	for i := range asksPerNetwork {
		ok(t, e.desk.MailCode(t.Context(), byMail(fmt.Sprint("x", i)), fmt.Sprintf("[2001:db8::%x]:443", i+1)))
		e.desk.mailings.Wait()
	}
	tooOften(t, e.desk.MailCode(t.Context(), byMail("lena"), "2001:db8::ffff"))
	ok(t, e.desk.MailCode(t.Context(), byMail("lena"), "2001:db8:0:1::1"))
	for range triesPerNetwork {
		wrongCode(t, e.byCode(byMail("stranger"), "1"))
	}
	tooOften(t, e.byCode(byMail("lena"), "1"))
}

// TestFirstOperator signs in where no mail is set up yet, once.
func TestFirstOperator(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	secret := e.key.First("oscar", monday().Add(access.FirstFor))
	other := e.process()
	for range 20 {
		same(t, "for", "oscar", must[access.Greeting](t)(e.desk.LinkFor(t.Context(), secret)).Person)
	}
	var in atomic.Int32
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			if e.byLink([]*Desk{e.desk, other}[i%2], secret) == nil {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	same(t, "who got in", 1, int(in.Load()))
	same(t, "noted", 1, e.noted("operator-signed-in"))
	_, err := e.desk.LinkFor(t.Context(), secret)
	missing(t, err)
	again := e.key.First("oscar", monday().Add(2*time.Hour))
	e.clock.pass(2 * time.Hour)
	missing(t, e.byLink(e.desk, again))
	ok(t, e.store.Sweep(t.Context()))
	missing(t, e.byLink(e.desk, secret))
}

func TestGreeting(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	ok(t, e.store.PutTicket(t.Context(), access.Ticket{Hash: access.Hash("ticket"), Request: onboarding + ":need.1", Person: "lena", Channel: "mail", Made: monday()}))
	got := must[access.Greeting](t)(e.desk.Greeting(t.Context(), "TICKET"))
	same(t, "greeting", access.Greeting{Name: access.Mask(planted + " lena"), Person: "lena", Next: "/request?id=onboarding%2Facme%2F1%3Aneed.1"}, got)
	for _, forged := range []string{"", "tickets", access.Hash("ticket")} {
		_, err := e.desk.Greeting(t.Context(), forged)
		missing(t, err)
	}
	link := e.mails(e.desk, access.CodeWanted{Ticket: "ticket", Next: "/elsewhere"})
	_, _, next, err := e.desk.EnterByCode(t.Context(), access.CodeWanted{Ticket: "ticket"}, e.key.Code(link), "x", office)
	ok(t, err)
	same(t, "back at the request", got.Next, next)
}

// TestNoKey: without a key nobody comes in by what is derived from it.
func TestNoKey(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	bare := e.another()
	same(t, "no mail", noMailError{}, bare.MailCode(t.Context(), byMail("lena"), office).(noMailError))
	var none access.Key
	for _, secret := range []string{none.First("oscar", monday().Add(time.Hour)), none.Link("x"), ""} {
		missing(t, e.byLink(bare, secret))
	}
	_, _, _, err := bare.EnterByCode(t.Context(), byMail("lena"), none.Code("x"), "x", office)
	same(t, "no code", noMailError{}.Error(), err.Error())
}
