package desk

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// pairs asks for a link in Slack and returns its secret.
func (e *entrance) pairs(address, name string) string {
	e.t.Helper()
	url := must[string](e.t)(e.desk.Pair(e.t.Context(), inSlack(address), name))
	secret, found := strings.CutPrefix(url, "https://gangway.example/pair/")
	if !found || len(secret) != 26 {
		e.t.Fatalf("the link is %q", url)
	}
	return secret
}

// TestS15ALinkPairsOnce: nothing is decided by looking, somebody signed in
// confirms, and afterwards the link is nobody's.
func TestS15ALinkPairsOnce(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	secret := e.pairs(lenasSlack, "Lena\u202e\x00 <!channel>")
	p := must[access.Pairing](t)(e.desk.Pairing(t.Context(), secret))
	same(t, "pairing", []any{"slack", lenasSlack, "Lena <!channel>", monday().Add(10 * time.Minute)}, []any{p.Channel, p.Address, p.Name, p.Until})
	must[access.Pairing](t)(e.desk.Pairing(t.Context(), secret))
	same(t, "looking decides nothing", "", e.whose(inSlack(lenasSlack)))
	for name, who := range map[string]review.Address{"a token": {Channel: "cli", ID: "lena"}, "itself": inSlack(lenasSlack)} {
		forbidden(t, e.desk.ConfirmPairing(t.Context(), who, secret))
		same(t, name, "", e.whose(inSlack(lenasSlack)))
	}
	for _, who := range []string{"vera", "gone"} {
		forbidden(t, e.desk.ConfirmPairing(t.Context(), from(who), secret))
	}
	missing(t, e.desk.ConfirmPairing(t.Context(), from("who"), secret))
	missing(t, e.byLink(e.desk, secret)) // and it signs nobody in
	ok(t, e.desk.ConfirmPairing(t.Context(), from("lena"), secret))
	same(t, "paired", "lena", e.whose(inSlack(lenasSlack)))
	for _, who := range []string{"sam", "lena"} {
		missing(t, e.desk.ConfirmPairing(t.Context(), from(who), secret))
	}
	_, err := e.desk.Pairing(t.Context(), secret)
	missing(t, err)
	same(t, "still", "lena", e.whose(inSlack(lenasSlack)))
	same(t, "register", []string{"bound lena lena slack link"}, e.registered())
	for _, forged := range []string{"", "x", lenasSlack, access.Hash(secret), e.key.Link(lenasSlack), secret + "a"} {
		missing(t, e.desk.ConfirmPairing(t.Context(), from("sam"), forged))
	}
	ok(t, e.desk.Unbind(t.Context(), from("lena"), lenasSlack))
	missing(t, e.desk.ConfirmPairing(t.Context(), from("sam"), secret))
	same(t, "nobody's", "", e.whose(inSlack(lenasSlack)))
}

// TestS15ALinkLivesTenMinutes, to the second.
func TestS15ALinkLivesTenMinutes(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	early, late := e.pairs(lenasSlack, ""), e.pairs(samsSlack, "")
	e.clock.pass(access.PairingFor - time.Second)
	ok(t, e.desk.ConfirmPairing(t.Context(), from("lena"), early))
	e.clock.pass(time.Second)
	_, err := e.desk.Pairing(t.Context(), late)
	missing(t, err)
	missing(t, e.desk.ConfirmPairing(t.Context(), from("sam"), late))
	same(t, "who", []string{"lena", ""}, []string{e.whose(inSlack(lenasSlack)), e.whose(inSlack(samsSlack))})
	same(t, "ten minutes", 10*time.Minute, access.PairingFor)
}

// TestOneOfManyPairs: two links of one address, and many people at once.
func TestOneOfManyPairs(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	links := []string{e.pairs(lenasSlack, ""), e.pairs(lenasSlack, "")}
	var mu sync.Mutex
	var won []string
	var all sync.WaitGroup
	for i, who := range []string{"lena", "sam", "dora", "olga"} {
		all.Go(func() {
			if e.desk.ConfirmPairing(t.Context(), from(who), links[i%2]) == nil {
				mu.Lock()
				defer mu.Unlock()
				won = append(won, who)
			}
		})
	}
	all.Wait()
	same(t, "won", []string{e.whose(inSlack(lenasSlack))}, won)
	same(t, "register", 1, len(e.registered()))
}

// TestWhoMayPair: an address of the chat that is nobody's, so many times.
func TestWhoMayPair(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	for _, who := range []review.Address{from("lena"), {Channel: "cli", ID: "lena"}, inSlack("lena"), inSlack(""), {}} {
		_, err := e.desk.Pair(t.Context(), who, "")
		isInput(t, err)
	}
	for range pairsAtOnce {
		e.pairs(lenasSlack, "")
	}
	_, err := e.desk.Pair(t.Context(), inSlack(lenasSlack), "")
	e.pairs(samsSlack, "") // it is nobody else's limit
	e.clock.pass(tooOften(t, err))
	ok(t, e.desk.ConfirmPairing(t.Context(), from("lena"), e.pairs(lenasSlack, "")))
	_, err = e.desk.Pair(t.Context(), inSlack(lenasSlack), "")
	isInput(t, err)
	people, _, err := e.store.People(t.Context())
	ok(t, err)
	people[slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == "lena" })].Left = true
	_, _, err = e.desk.SeedPeople(t.Context(), people)
	ok(t, err)
	e.clock.pass(24 * time.Hour)
	ok(t, e.desk.ConfirmPairing(t.Context(), from("sam"), e.pairs(lenasSlack, ""))) // whose it was left
	same(t, "who", "sam", e.whose(inSlack(lenasSlack)))
	_, err = e.world.another().Pair(t.Context(), inSlack(nobodys), "") // without a key
	if err == nil || isNotFound(err) {
		t.Errorf("a desk without a key makes links: %v", err)
	}
}

// TestTicketsOfTheChat: what this deployment wrote down, and nothing else.
func TestTicketsOfTheChat(t *testing.T) {
	t.Parallel()
	e := newEntrance(t)
	secret := e.key.Ticket("onboarding/acme/1:need.1", 2, "lena", "slack")
	want := access.Ticket{Hash: access.Hash(secret), Request: "onboarding/acme/1:need.1", Version: 2, Person: "lena", Channel: "slack", Made: monday()}
	_, err := e.desk.Ticket(t.Context(), secret)
	missing(t, err)
	ok(t, e.store.PutTicket(t.Context(), want))
	same(t, "ticket", want, must[access.Ticket](t)(e.desk.Ticket(t.Context(), secret)))
	for _, forged := range []string{"", secret[:25] + "x", want.Hash, access.Key(strings.Repeat("K", 32)).Ticket(want.Request, 2, "lena", "slack")} {
		_, err := e.desk.Ticket(t.Context(), forged)
		missing(t, err)
	}
}

// TestS15OneAccountOfAWorkspace: whoever is linked is not lured into linking
// another's account beside theirs.
func TestS15OneAccountOfAWorkspace(t *testing.T) {
	t.Parallel()
	const thief, elsewhere = "T01:U0THIEF", "T02:U0LENA"
	for _, how := range []string{access.ByMail, access.ByLink} {
		e := newEntrance(t)
		ok(t, e.desk.Bind(t.Context(), binding(lenasSlack, "lena", how)))
		secret := e.pairs(thief, "Lena")
		isInput(t, e.desk.ConfirmPairing(t.Context(), from("lena"), secret))
		same(t, how, []string{"", "lena"}, []string{e.whose(inSlack(thief)), e.whose(inSlack(lenasSlack))})
		ok(t, e.desk.ConfirmPairing(t.Context(), from("lena"), e.pairs(elsewhere, "Lena")))
		ok(t, e.desk.Unbind(t.Context(), from("lena"), lenasSlack))
		ok(t, e.desk.ConfirmPairing(t.Context(), from("lena"), secret)) // it was theirs after all
		same(t, how, []string{"lena", "lena", ""}, []string{e.whose(inSlack(thief)), e.whose(inSlack(elsewhere)), e.whose(inSlack(lenasSlack))})
	}
}
