package desk

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Addresses of members of workspaces.
const (
	lenasSlack = "T01:U0LENA"
	samsSlack  = "T01:U0SAM"
	nobodys    = "T01:U0NOBODY"
)

func inSlack(address string) review.Address { return review.Address{Channel: "slack", ID: address} }

func binding(address, person, how string) access.Binding {
	return access.Binding{Channel: "slack", Address: address, Person: person, How: how}
}

// whose is the person at an address, "" for nobody.
func (w *world) whose(a review.Address) string {
	w.t.Helper()
	p, err := w.desk.Who(w.t.Context(), a)
	if err != nil {
		missing(w.t, err)
	}
	return p.ID
}

// registered lists what the register says of bindings: kind, actor, whose, how.
func (w *world) registered() []string {
	w.t.Helper()
	var list []string
	for _, l := range w.lines(dossier.Register) {
		if e := l.Entry; e.Kind == dossier.Bound || e.Kind == dossier.Unbound {
			list = append(list, strings.Join([]string{string(e.Kind), e.Actor, e.Detail.Person, e.Detail.Channel, e.Detail.Result}, " "))
		}
	}
	return list
}

// sets changes somebody in the people file.
func (w *world) sets(id string, change func(*playbook.Person)) {
	w.t.Helper()
	people, _, err := w.store.People(w.t.Context())
	ok(w.t, err)
	i := slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == id })
	change(&people[i])
	_, _, err = w.desk.SeedPeople(w.t.Context(), people)
	ok(w.t, err)
}

// TestS7AnAddressIsLookedUpAndNeverAName: who somebody is follows from what was
// bound, whatever they call themselves and whatever id they write down.
func TestS7AnAddressIsLookedUpAndNeverAName(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	ok(t, w.desk.Bind(t.Context(), binding(lenasSlack, "lena", access.ByMail)))
	for _, c := range []struct {
		from review.Address
		want string
	}{
		{inSlack(lenasSlack), "lena"}, {from("lena"), "lena"}, {review.Address{Channel: "cli", ID: "lena"}, "lena"},
		{inSlack("lena"), ""}, {inSlack("T01:lena"), ""}, {inSlack("U0LENA"), ""}, {inSlack(nobodys), ""}, {inSlack("t01:u0lena"), ""},
		{inSlack("T02:U0LENA"), ""}, // the same member id in another workspace is somebody else
		{inSlack(lenasSlack + " "), ""}, {inSlack(""), ""}, {inSlack("lena@" + planted + ".example"), ""},
		{from(lenasSlack), ""}, {review.Address{ID: "lena"}, ""}, {review.Address{Channel: "mail", ID: "lena"}, ""}, {review.Address{Channel: "Slack", ID: lenasSlack}, ""},
		{review.Address{Channel: "local", ID: "lena"}, ""}, {review.Address{Channel: "teams", ID: "lena"}, ""},
	} {
		same(t, c.from.Channel+" "+c.from.ID, c.want, w.whose(c.from))
	}
	_, err := w.desk.Who(t.Context(), inSlack(nobodys))
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), "link") {
		t.Errorf("whoever is not linked is told %v", err)
	}
	w.sets("sam", func(p *playbook.Person) { p.Name = planted + " lena" }) // renamed, and with her mail address
	w.sets("lena", func(p *playbook.Person) { p.Mail = "else@" + planted + ".example" })
	w.sets("sam", func(p *playbook.Person) { p.Mail = "lena@" + planted + ".example" })
	same(t, "still hers", "lena", w.whose(inSlack(lenasSlack)))
	isInput(t, w.desk.Bind(t.Context(), binding(lenasSlack, "sam", access.ByMail)))
	same(t, "and still", "lena", w.whose(inSlack(lenasSlack)))
}

// TestS8WhomAnAddressCantBeBoundTo is the desk's side: of whomever the chat says
// that they are a guest or a program, the desk is not even asked.
func TestS8WhomAnAddressCantBeBoundTo(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	w.sets("lena", func(p *playbook.Person) { p.Slack = "U0LENA" })
	for name, b := range map[string]access.Binding{
		"the vendor's":             binding(nobodys, "vera", access.ByLink),
		"who left":                 binding(nobodys, "gone", access.ByLink),
		"nobody":                   binding(nobodys, "who", access.ByLink),
		"no person":                binding(nobodys, "", access.ByLink),
		"no way":                   binding(nobodys, "lena", "name"),
		"no way at all":            binding(nobodys, "lena", ""),
		"not in the file":          binding(samsSlack, "sam", access.ByFile),
		"another's in the file":    binding(lenasSlack, "sam", access.ByFile),
		"another than in the file": binding(nobodys, "lena", access.ByFile),
		"another channel":          {Channel: "web", Address: lenasSlack, Person: "lena", How: access.ByLink},
		"no workspace":             binding(":U0LENA", "lena", access.ByLink),
		"no member":                binding("T01:", "lena", access.ByLink),
		"a name":                   binding("T01:@lena", "lena", access.ByLink),
		"three parts":              binding("T01:U0LENA:X", "lena", access.ByLink),
		"long":                     binding("T01:"+strings.Repeat("U", 100), "lena", access.ByLink),
	} {
		err := w.desk.Bind(t.Context(), b)
		if isInput(t, err); t.Failed() {
			t.Fatalf("%s: %v", name, err)
		}
	}
	same(t, "register", []string(nil), w.registered())
	ok(t, w.desk.Bind(t.Context(), binding(lenasSlack, "lena", access.ByFile)))
	same(t, "register", []string{"bound  lena slack file"}, w.registered())
}

// TestS14WhoLeftDecidesNothingInTheChat: at once, whatever the tables say, and
// for good; their address is free again.
func TestS14WhoLeftDecidesNothingInTheChat(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*playbook.Person){
		"left":     func(p *playbook.Person) { p.Left = true },
		"vendor's": func(p *playbook.Person) { p.Employer = "acme" },
	} {
		w := withRoles(t)
		request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena")
		ok(t, w.desk.Bind(t.Context(), binding(lenasSlack, "lena", access.ByLink)))
		a := approve("slack-1", "", request)
		a.From, a.Channel = inSlack(lenasSlack), "slack"
		people := must[[]playbook.Person](t)(w.desk.People(t.Context(), from("oscar")))
		i := slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == "lena" })
		change(&people[i])
		_, _, err := w.store.ApplyPeople(t.Context(), people, "") // past the desk: the row of the binding stands
		ok(t, err)
		same(t, name+": the row", "lena", must[access.Binding](t)(w.store.BindingBy(t.Context(), "slack", lenasSlack)).Person)
		same(t, name+": who", "", w.whose(inSlack(lenasSlack)))
		out := w.answers(a)
		same(t, name, []any{review.Refused, review.UnknownPerson}, []any{out.Status, out.Refusal})
		for what, asks := range map[string]func() error{
			"waiting": func() error { _, err := w.desk.Waiting(t.Context(), a.From); return err },
			"pending": func() error { _, err := w.desk.Pending(t.Context(), a.From); return err },
			"receipt": func() error { _, _, _, err := w.desk.Receipt(t.Context(), a.From, "slack-1"); return err },
			"note": func() error {
				return w.desk.Note(t.Context(), review.Note{ID: "slack-2", Kind: review.NoteComment, Case: onboarding, From: a.From, At: monday()})
			},
		} {
			if err := asks(); !isNotFound(err) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		ok(t, w.desk.Bind(t.Context(), binding(lenasSlack, "sam", access.ByLink)))
		same(t, name+": the next", "sam", w.whose(inSlack(lenasSlack)))
		same(t, name+": register", []string{"bound lena lena slack link", "unbound  lena slack left", "bound sam sam slack link"}, w.registered())
	}
}

// TestBindingsFollowThePeopleFile: what it names no longer is nobody's before
// anything more is written there; applying it once more mends what was missed.
func TestBindingsFollowThePeopleFile(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	w.sets("lena", func(p *playbook.Person) { p.Slack = "U0WRONG" })
	ok(t, w.desk.Bind(t.Context(), binding("T01:U0WRONG", "lena", access.ByFile)))
	ok(t, w.desk.Bind(t.Context(), binding("T02:U0LENA", "lena", access.ByLink)))
	isInput(t, w.desk.Unbind(t.Context(), from("lena"), "T01:U0WRONG")) // it would be bound again
	w.sets("lena", func(p *playbook.Person) { p.Slack = "U0LENA" })
	same(t, "the wrong one", "", w.whose(inSlack("T01:U0WRONG")))
	same(t, "the other", "lena", w.whose(inSlack("T02:U0LENA")))
	rows := must[[]access.Binding](t)(w.store.BindingsOf(t.Context(), "slack", "lena"))
	same(t, "rows", 1, len(rows))
	same(t, "register", []string{"bound  lena slack file", "bound lena lena slack link", "unbound  lena slack file"}, w.registered())

	people, _, err := w.store.People(t.Context())
	ok(t, err)
	people[slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == "lena" })].Left = true
	_, _, err = w.store.ApplyPeople(t.Context(), people, "") // interrupted here
	ok(t, err)
	_, changed, err := w.desk.SeedPeople(t.Context(), people)
	ok(t, err)
	same(t, "changed", []string(nil), changed)
	same(t, "rows", []access.Binding(nil), must[[]access.Binding](t)(w.store.BindingsOf(t.Context(), "slack", "lena")))
}

// TestBindingTwice changes nothing, and what the chat says of mail addresses
// counts once.
func TestBindingTwice(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	for _, how := range []string{access.ByMail, access.ByMail, access.ByLink} {
		ok(t, w.desk.Bind(t.Context(), binding(lenasSlack, "lena", how)))
	}
	same(t, "bindings", []access.Binding{{Channel: "slack", Address: lenasSlack, Person: "lena", How: access.ByMail, Made: monday()}},
		must[[]access.Binding](t)(w.desk.Bindings(t.Context(), from("lena"))))
	same(t, "nobody else's", []access.Binding(nil), must[[]access.Binding](t)(w.desk.Bindings(t.Context(), from("sam"))))
	missing(t, w.desk.Unbind(t.Context(), from("sam"), lenasSlack))
	missing(t, w.desk.Unbind(t.Context(), from("oscar"), lenasSlack))
	ok(t, w.desk.Unbind(t.Context(), from("lena"), lenasSlack))
	missing(t, w.desk.Unbind(t.Context(), from("lena"), lenasSlack))
	same(t, "given up", "", w.whose(inSlack(lenasSlack)))
	isInput(t, w.desk.Bind(t.Context(), binding(lenasSlack, "lena", access.ByMail)))
	isInput(t, w.desk.Bind(t.Context(), binding(lenasSlack, "sam", access.ByMail)))
	same(t, "not by mail again", "", w.whose(inSlack(lenasSlack)))
	ok(t, w.desk.Bind(t.Context(), binding(lenasSlack, "lena", access.ByLink)))
	same(t, "register", []string{"bound  lena slack mail", "unbound lena lena slack asked", "bound lena lena slack link"}, w.registered())
	for _, l := range w.lines(dossier.Register) {
		if l.Entry.Detail != nil && strings.Contains(strings.Join([]string{l.Entry.ID, l.Entry.Answer, l.Entry.Detail.Digest}, " "), "U0LENA") {
			t.Errorf("an address stands in the register: %+v", l.Entry)
		}
	}
}

// TestShutOutEndsLinks: who stole a session may have linked an account of theirs.
func TestShutOutEndsLinks(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	w.sets("lena", func(p *playbook.Person) { p.Slack = "U0LENA" })
	ok(t, w.desk.Bind(t.Context(), binding(lenasSlack, "lena", access.ByFile)))
	ok(t, w.desk.Bind(t.Context(), binding("T01:U0THIEF", "lena", access.ByLink)))
	ok(t, w.desk.ShutOut(t.Context(), from("oscar"), "lena"))
	same(t, "who", []string{"lena", ""}, []string{w.whose(inSlack(lenasSlack)), w.whose(inSlack("T01:U0THIEF"))})
	same(t, "register", "unbound oscar lena slack access", w.registered()[2])
}

// TestTwoSlackIdsAreOneHuman: four eyes are two principals, whatever the number
// of accounts.
func TestTwoSlackIdsAreOneHuman(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	for _, address := range []string{lenasSlack, "T02:U9"} {
		ok(t, w.desk.Bind(t.Context(), binding(address, "lena", access.ByLink)))
	}
	say := func(id, address, seat string) review.Outcome {
		a := approve(id, "", request)
		a.From, a.Channel, a.Seat = inSlack(address), "slack", seat
		return w.answers(a)
	}
	first, second, third := say("slack-1", lenasSlack, ""), say("slack-2", "T02:U9", ""), say("slack-3", "T02:U9", "sam-seat")
	same(t, "first", []any{review.Counted, "lena"}, []any{first.Status, first.By})
	if second.Status == review.Counted || third.Status == review.Counted {
		t.Errorf("one human is counted twice: %+v, %+v", second, third)
	}
	r := must[review.Request](t)(w.store.Request(t.Context(), request))
	same(t, "ballots", 1, len(r.Ballots))
	same(t, "open", review.Open, r.Tally(monday()).State)
	same(t, "a receipt is hers from either", first.Status, func() review.Status {
		out, _, _, err := w.desk.Receipt(t.Context(), inSlack("T02:U9"), "slack-1")
		ok(t, err)
		return out.Status
	}())
	ok(t, w.desk.Bind(t.Context(), binding(samsSlack, "sam", access.ByLink)))
	same(t, "the second human", review.Met, say("slack-4", samsSlack, "").State)
}

// TestUnreached: once, in words of ours, and by channels alone.
func TestUnreached(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	request := w.asks(w.opens(onboarding, rehearsal()), "need", "lena")
	ok(t, w.desk.Bind(t.Context(), binding(lenasSlack, "lena", access.ByLink)))
	n := review.Note{ID: "slack-unreached-1", Kind: review.NoteUnreached, Case: onboarding, Request: request, Person: "lena", Channel: "slack",
		Reason: review.UnreachedGuest, Instead: "mail", At: monday().Add(time.Hour)}
	before := len(w.lines(onboarding))
	ok(t, w.desk.Note(t.Context(), n))
	n.At, n.Reason = n.At.Add(time.Hour), review.UnreachedDeleted // found out again
	ok(t, w.desk.Note(t.Context(), n))
	lines := w.lines(onboarding)
	same(t, "lines", before+1, len(lines))
	last := lines[len(lines)-1].Entry
	same(t, "entry", []any{dossier.Noted, "", &dossier.Detail{Name: "unreached", Person: "lena", Channel: "slack", Result: "guest", Instead: "mail"}},
		[]any{last.Kind, last.Actor, last.Detail})
	same(t, "no act of a failed delivery", false, w.waits(onboarding))
	for name, change := range map[string]func(*review.Note){
		"by a person":            func(n *review.Note) { n.From = from("sam") },
		"by one in Slack":        func(n *review.Note) { n.From = inSlack(lenasSlack) },
		"with a text":            func(n *review.Note) { n.Text = review.Text{Inside: planted} },
		"about nobody":           func(n *review.Note) { n.Person = "" },
		"with words of its own":  func(n *review.Note) { n.Reason = "account_inactive" },
		"of an unknown channel":  func(n *review.Note) { n.Channel = planted },
		"told by a channel":      func(n *review.Note) { n.Instead = planted },
		"undelivered, by people": func(n *review.Note) { n.Kind, n.From = review.NoteUndelivered, from("sam") },
	} {
		bad := n
		bad.ID = "slack-unreached-2"
		change(&bad)
		if err := w.desk.Note(t.Context(), bad); !errors.As(err, new(InputError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	same(t, "lines", before+1, len(w.lines(onboarding)))
}

// TestTheChannelIsWhereTheySpeak: a step that wants the browser judges by the
// channel, so nobody but the desk says which it was.
func TestTheChannelIsWhereTheySpeak(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	root := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(root, "need", "lena")
	ok(t, w.desk.Bind(t.Context(), binding(lenasSlack, "lena", access.ByLink)))
	a := approve("slack-1", "", request)
	a.From, a.Channel = inSlack(lenasSlack), "web"
	w.answers(a)
	same(t, "answer", "slack", must[review.Request](t)(w.store.Request(t.Context(), request)).Ballots[0].Channel)
	b := act("slack-2", "", review.Snooze)
	b.From, b.Channel, b.Request = inSlack(lenasSlack), "web", request
	w.does(b)
	same(t, "act", "slack", root.acts[0].Channel)
}
