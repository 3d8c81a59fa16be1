package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/playbook"
)

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	phone, laptop, his := e.enters("lena"), e.enters("lena"), e.enters("sam")
	devices := must[[]access.Session](t)(e.desk.Sessions(t.Context(), "lena"))
	same(t, "devices", 2, len(devices))
	for _, s := range devices {
		ok(t, e.desk.EndSession(t.Context(), "sam", s.ID)) // hers are none of his
	}
	same(t, "both", []string{"lena", "lena", "sam"}, []string{e.who(phone), e.who(laptop), e.who(his)})
	ok(t, e.desk.SignOut(t.Context(), phone))
	ok(t, e.desk.SignOut(t.Context(), phone))
	same(t, "signed out", []string{"", "lena"}, []string{e.who(phone), e.who(laptop)})
	left := must[[]access.Session](t)(e.desk.Sessions(t.Context(), "lena"))
	same(t, "left", 1, len(left))
	ok(t, e.desk.EndSession(t.Context(), "lena", left[0].ID))
	same(t, "ended from elsewhere", []string{"", "sam"}, []string{e.who(laptop), e.who(his)})
	for _, forged := range []string{"", "x", left[0].ID, access.Hash(his), his + "x"} {
		same(t, "forged "+forged, "", e.who(forged))
	}
	e.clock.pass(access.SessionFor - time.Second)
	same(t, "a month, nearly", "sam", e.who(his))
	e.clock.pass(time.Second)
	same(t, "a month", "", e.who(his))
}

// TestSeenOnceAMinute: who reads many pages doesn't write a row for each.
func TestSeenOnceAMinute(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	session := e.enters("lena")
	for _, step := range []struct{ pass, seen time.Duration }{{0, 0}, {59 * time.Second, 0}, {time.Second, time.Minute}, {30 * time.Second, time.Minute}, {time.Hour, time.Hour + 90*time.Second}} {
		e.clock.pass(step.pass)
		same(t, "who", "lena", e.who(session))
		same(t, fmt.Sprint("seen after ", step.pass), monday().Add(step.seen), must[[]access.Session](t)(e.desk.Sessions(t.Context(), "lena"))[0].Seen)
	}
}

// TestWhoLeftIsSignedInNowhere: sessions, links and tokens end with the person,
// and stay ended when they come back.
func TestWhoLeftIsSignedInNowhere(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	session := e.enters("lena")
	token, _, err := e.desk.NewToken(t.Context(), "lena", "laptop", time.Time{})
	ok(t, err)
	link := e.mails(e.desk, byMail("lena"))
	people := must[[]playbook.Person](t)(e.desk.People(t.Context(), from("oscar")))
	i := slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == "lena" })
	apply := func(left bool) {
		t.Helper()
		people[i].Left = left
		_, _, err := e.desk.ApplyPeople(t.Context(), from("oscar"), people)
		ok(t, err)
	}
	apply(true)
	missing(t, e.byLink(e.desk, e.key.Link(link)))
	wrongCode(t, e.byCode(byMail("lena"), e.key.Code(link)))
	same(t, "signed in", "", e.who(session))
	_, _, err = e.desk.TokenOf(t.Context(), token)
	missing(t, err)
	_, _, err = e.desk.NewToken(t.Context(), "lena", "laptop", time.Time{})
	forbidden(t, err)
	apply(false)
	same(t, "is back", "", e.who(session))
	_, _, err = e.desk.TokenOf(t.Context(), token)
	missing(t, err)
	missing(t, e.byLink(e.desk, e.key.Link(link)))
}

func TestTokens(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	secret, made, err := e.desk.NewToken(t.Context(), "lena", " laptop ", time.Time{})
	ok(t, err)
	same(t, "token", []any{true, "laptop", monday().Add(access.TokenFor)}, []any{strings.HasPrefix(secret, "gwt_"), made.Name, made.Until})
	p, tok, err := e.desk.TokenOf(t.Context(), secret)
	ok(t, err)
	same(t, "whose", []string{"lena", made.ID}, []string{p.ID, tok.ID})
	same(t, "seen", monday(), must[[]access.Token](t)(e.desk.Tokens(t.Context(), "lena"))[0].Seen)
	session := e.enters("lena")
	for _, forged := range []string{"", "gwt_", session, "gwt_" + session, made.ID, strings.TrimPrefix(secret, "gwt_"), secret + "x"} {
		_, _, err = e.desk.TokenOf(t.Context(), forged)
		missing(t, err)
	}
	same(t, "no session", "", e.who(secret))
	missing(t, e.desk.RevokeToken(t.Context(), "sam", made.ID))
	for range 2 {
		ok(t, e.desk.RevokeToken(t.Context(), "lena", made.ID))
	}
	_, _, err = e.desk.TokenOf(t.Context(), secret)
	missing(t, err)
	same(t, "register", []int{1, 1}, []int{e.noted("token-made"), e.noted("token-revoked")})
	short, _, err := e.desk.NewToken(t.Context(), "lena", "report", monday().Add(time.Hour))
	ok(t, err)
	e.clock.pass(time.Hour)
	_, _, err = e.desk.TokenOf(t.Context(), short)
	missing(t, err)
	for _, bad := range []struct {
		name  string
		until time.Time
	}{{"", time.Time{}}, {strings.Repeat("x", 61), time.Time{}}, {"a\nb", time.Time{}}, {"laptop", monday()}, {"laptop", monday().AddDate(2, 0, 0)}} {
		_, _, err = e.desk.NewToken(t.Context(), "lena", bad.name, bad.until)
		isInput(t, err)
	}
	for i := range maxTokens {
		_, _, err = e.desk.NewToken(t.Context(), "lena", fmt.Sprint("t", i), time.Time{})
		ok(t, err)
	}
	_, _, err = e.desk.NewToken(t.Context(), "lena", "one more", time.Time{})
	isInput(t, err)
	for _, who := range []string{"vera", "gone"} {
		_, _, err = e.desk.NewToken(t.Context(), who, "laptop", time.Time{})
		forbidden(t, err)
	}
	_, _, err = e.desk.NewToken(t.Context(), "nobody", "laptop", time.Time{})
	missing(t, err)
}

// TestShutOut: a lost laptop.
func TestShutOut(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	hers, his := e.enters("lena"), e.enters("sam")
	for _, who := range []string{"sam", "amina", "vera", "gone"} {
		forbidden(t, e.desk.ShutOut(t.Context(), from(who), "lena"))
	}
	same(t, "nothing happened", "lena", e.who(hers))
	ok(t, e.desk.ShutOut(t.Context(), from("oscar"), "lena"))
	ok(t, e.desk.ShutOut(t.Context(), from("sam"), "sam"))
	same(t, "out", []string{"", ""}, []string{e.who(hers), e.who(his)})
	same(t, "register", 2, e.noted("shut-out"))
	missing(t, e.desk.ShutOut(t.Context(), from("oscar"), "nobody"))
}

// TestSweptNowAndThen: signing in takes away what ended, once an hour.
func TestSweptNowAndThen(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	old := access.Session{ID: "old", Person: "lena", Made: monday(), Seen: monday(), Until: monday().Add(time.Minute)}
	e.enters("sam") // the first sweep
	ok(t, e.store.AddSession(t.Context(), "h", old, nil))
	e.clock.pass(59 * time.Minute)
	e.enters("sam")
	ok(t, e.store.AddSession(t.Context(), "h", old, nil)) // is there still: nothing happens
	e.clock.pass(time.Minute)
	e.enters("sam")
	old.Until = e.clock.now().Add(time.Hour)
	ok(t, e.store.AddSession(t.Context(), "h", old, nil))
	same(t, "swept, so another could be kept", 1, len(must[[]access.Session](t)(e.desk.Sessions(t.Context(), "lena"))))
}
