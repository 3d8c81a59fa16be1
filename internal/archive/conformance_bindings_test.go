package archive_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

func bindingOf(address, person string) access.Binding {
	return access.Binding{Channel: "slack", Address: address, Person: person, How: access.ByLink, Made: noon()}
}

func pairing(id string) access.Pairing {
	return access.Pairing{ID: id, Channel: "slack", Address: "T1:U-" + id, Name: "Lena from " + id, Made: noon(), Until: noon().Add(access.LinkFor)}
}

func isInvalid(t *testing.T, err error) {
	t.Helper()
	var e interface {
		Invalid() bool
		Hint() string
	}
	if !errors.As(err, &e) || !e.Invalid() || e.Hint() == "" || strings.Contains(err.Error(), "lena") {
		t.Errorf("want an invalid input with a hint and without a name, got %v", err)
	}
}

func bindingTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"an address is one person's":              bindingsStand,
		"an address that was released is free":    bindingsEnd,
		"what stood at such an address is wanted": bindingsEndAndTell,
		"a pairing is used by one of fifty":       pairingOnce,
		"a pairing that is no good is not there":  pairingsGone,
		"a pairing binds, once":                   pairUp,
		"a pairing binds nothing of another's":    pairUpTaken,
		"pairings that ended are swept":           pairingsSwept,
	}
}

func bindingsStand(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	b := bindingOf("T1:U1", "lena")
	ok(t, a.Bind(ctx, b, noted("b1")))
	ok(t, a.Bind(ctx, b, noted("b1")))
	again := b
	again.How, again.Made = access.ByMail, noon().Add(time.Hour)
	ok(t, a.Bind(ctx, again, noted("b2")))
	same(t, "register", 1, registered(t, a))
	same(t, "binding", b, must[access.Binding](t)(a.BindingBy(ctx, "slack", "T1:U1")))
	isInvalid(t, a.Bind(ctx, bindingOf("T1:U1", "sam"), noted("b3")))
	same(t, "still", "lena", must[access.Binding](t)(a.BindingBy(ctx, "slack", "T1:U1")).Person)
	same(t, "register", 1, registered(t, a))
	second := bindingOf("T2:U9", "lena")
	second.Made = noon().Add(time.Minute)
	ok(t, a.Bind(ctx, second, nil))
	elsewhere := bindingOf("T1:U1", "sam")
	elsewhere.Channel = "teams"
	ok(t, a.Bind(ctx, elsewhere, nil))
	same(t, "of lena", []access.Binding{second, b}, must[[]access.Binding](t)(a.BindingsOf(ctx, "slack", "lena")))
	same(t, "of sam", 0, len(must[[]access.Binding](t)(a.BindingsOf(ctx, "slack", "sam"))))
	for _, at := range [][2]string{{"slack", "T1:U2"}, {"slack", ""}, {"mail", "T1:U1"}} {
		_, err := a.BindingBy(ctx, at[0], at[1])
		isNotFound(t, err)
	}
	for _, b := range []access.Binding{{Channel: "slack", Address: "x"}, {Channel: "slack", Person: "lena"}, {Address: "x", Person: "lena"}} {
		if a.Bind(ctx, b, nil) == nil {
			t.Errorf("%+v was taken", b)
		}
	}
}

func bindingsEnd(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ok(t, a.Bind(ctx, bindingOf("T1:U1", "lena"), noted("b1")))
	ok(t, a.Unbind(ctx, "slack", "T1:U2", noted("u0"))) // nobody's
	ok(t, a.Unbind(ctx, "slack", "T1:U1", noted("u1")))
	ok(t, a.Unbind(ctx, "slack", "T1:U1", noted("u2")))
	same(t, "register", 2, registered(t, a))
	_, err := a.BindingBy(ctx, "slack", "T1:U1")
	isNotFound(t, err)
	ok(t, a.Bind(ctx, bindingOf("T1:U1", "sam"), noted("b2")))
	same(t, "sam's", "sam", must[access.Binding](t)(a.BindingBy(ctx, "slack", "T1:U1")).Person)
	same(t, "register", 3, registered(t, a))
}

// bindingsEndAndTell: what was shown under an address that is taken back is looked
// at again, and nothing of anybody else's.
func bindingsEndAndTell(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ok(t, a.Bind(ctx, bindingOf("T1:U1", "lena"), nil))
	for _, who := range []string{"lena", "sam"} {
		standing(t, a, card(who, "r1"))
	}
	lenas, sams := card("lena", "r1").ID, card("sam", "r1").ID
	same(t, "before", []int{1, 1}, []int{posting(t, a, lenas).Wanted, posting(t, a, sams).Wanted})
	ok(t, a.Unbind(ctx, "slack", "T1:U2", noted("u0"))) // nobody's
	ok(t, a.Unbind(ctx, "slack", "T1:U1", noted("u1")))
	ok(t, a.Unbind(ctx, "slack", "T1:U1", noted("u2")))
	same(t, "after", []int{2, 1}, []int{posting(t, a, lenas).Wanted, posting(t, a, sams).Wanted})
	same(t, "looked at", false, posting(t, a, lenas).Next.IsZero())
}

func pairingOnce(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := pairing("p1")
	ok(t, a.AddPairing(ctx, "h1", p))
	ok(t, a.AddPairing(ctx, "h1", p))
	for range 20 { // looked at as often as scanners like
		same(t, "pairing", p, must[access.Pairing](t)(a.PairingBy(ctx, "h1")))
	}
	var won atomic.Int32
	crowd(t, 50, func(int) error {
		first, err := a.UsePairing(ctx, "p1")
		if first {
			won.Add(1)
		}
		return err
	})
	same(t, "winners", 1, int(won.Load()))
	_, err := a.PairingBy(ctx, "h1")
	isNotFound(t, err)
}

func pairingsGone(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	old := pairing("old")
	old.Until = noon()
	ok(t, a.AddPairing(ctx, "h old", old))
	for _, hash := range []string{"h old", "h none", "old", ""} {
		_, err := a.PairingBy(ctx, hash)
		isNotFound(t, err)
	}
	for _, id := range []string{"old", "none", ""} {
		same(t, "used "+id, false, must[bool](t)(a.UsePairing(ctx, id)))
		isNotFound(t, a.PairUp(ctx, id, bindingOf("", "lena"), noted("p")))
	}
	same(t, "register", 0, registered(t, a))
	for _, p := range []access.Pairing{{Channel: "slack", Address: "x"}, {ID: "x", Address: "x"}, {ID: "x", Channel: "slack"}} {
		if a.AddPairing(ctx, "h", p) == nil {
			t.Errorf("%+v was taken", p)
		}
	}
}

func pairUp(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ok(t, a.AddPairing(ctx, "h1", pairing("p1")))
	b := bindingOf("T9:U9", "lena") // the pairing says which address
	ok(t, a.PairUp(ctx, "p1", b, noted("p1")))
	b.Address = "T1:U-p1"
	same(t, "bound", b, must[access.Binding](t)(a.BindingBy(ctx, "slack", "T1:U-p1")))
	_, err := a.BindingBy(ctx, "slack", "T9:U9")
	isNotFound(t, err)
	ok(t, a.PairUp(ctx, "p1", b, noted("p2"))) // a form that is sent twice
	isNotFound(t, a.PairUp(ctx, "p1", bindingOf("", "sam"), noted("p3")))
	same(t, "register", 1, registered(t, a))
	ok(t, a.Unbind(ctx, "slack", "T1:U-p1", nil))
	isNotFound(t, a.PairUp(ctx, "p1", b, noted("p4"))) // nothing comes back by itself
	_, err = a.BindingBy(ctx, "slack", "T1:U-p1")
	isNotFound(t, err)
}

func pairUpTaken(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ok(t, a.Bind(ctx, bindingOf("T1:U-p1", "lena"), nil))
	ok(t, a.AddPairing(ctx, "h1", pairing("p1")))
	isInvalid(t, a.PairUp(ctx, "p1", bindingOf("", "sam"), noted("p1")))
	same(t, "register", 0, registered(t, a))
	same(t, "not used", "p1", must[access.Pairing](t)(a.PairingBy(ctx, "h1")).ID)
	ok(t, a.PairUp(ctx, "p1", bindingOf("", "lena"), noted("p2"))) // theirs already
	same(t, "register", 0, registered(t, a))
}

func pairingsSwept(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	old := pairing("old")
	old.Until = noon()
	ok(t, a.AddPairing(ctx, "h old", old))
	ok(t, a.AddPairing(ctx, "h new", pairing("new")))
	ok(t, a.Sweep(ctx))
	ok(t, a.AddPairing(ctx, "h old", pairing("old"))) // its row is gone: the name with it
	same(t, "new", "old", must[access.Pairing](t)(a.PairingBy(ctx, "h old")).ID)
	same(t, "kept", "new", must[access.Pairing](t)(a.PairingBy(ctx, "h new")).ID)
}

// erasedFromChat: erasing who left takes their addresses in the chat, as it takes
// those of the people file; others keep theirs.
func erasedFromChat(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	both := []playbook.Person{{ID: "eve", Name: "Eve"}, {ID: "lena", Name: "Lena"}}
	_, _, err := a.ApplyPeople(ctx, both, "olga")
	ok(t, err)
	for _, p := range both {
		ok(t, a.Bind(ctx, bindingOf("T1:U-"+p.ID, p.ID), nil))
		ok(t, a.PutPosting(ctx, card(p.ID, "r1")))
		ok(t, a.PutPlace(ctx, outbox.Place{Posting: outbox.CardID(p.ID, "r1"), Channel: "D-" + p.ID, Stamp: "1.0"}))
		ok(t, a.SetAway(ctx, p.ID, "w", playbook.Away{From: noon(), Until: noon().Add(time.Hour)}, nil))
	}
	_, _, err = a.ApplyPeople(ctx, both[1:], "olga")
	ok(t, err)
	ok(t, a.Erase(ctx, dossier.Register, []string{"register#archive/1"}, "gdpr", "olga"))
	for id, want := range map[string][]int{"eve": {0, 0, 0}, "lena": {1, 1, 1}} {
		same(t, id, want, []int{len(must[[]access.Binding](t)(a.BindingsOf(ctx, "slack", id))),
			len(must[[]outbox.Place](t)(a.Places(ctx, outbox.CardID(id, "r1")))), len(must[[]playbook.Away](t)(a.Aways(ctx, id)))})
	}
	people, _, err := a.People(ctx)
	ok(t, err)
	i := slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == "eve" })
	same(t, "eve", []any{"", 0}, []any{people[i].Name, len(people[i].Away)})
}
