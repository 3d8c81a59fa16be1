package slack

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

var errAway = errors.New("away")

// kinds are the notes of a kind, by their person.
func (w *world) noted(kind review.NoteKind) []string {
	w.desk.mu.Lock()
	defer w.desk.mu.Unlock()
	var people []string
	for _, n := range w.desk.notes {
		if n.Kind == kind {
			people = append(people, n.Person)
		}
	}
	return people
}

// S8, at assignment: nobody of these kinds gets a card. Another channel has what
// was to be told, whole, and the case hears of it once.
func TestS8WhoIsNoFullMemberIsRefusedAtAssignment(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(u *slacktest.User){
		"guest":                   func(u *slacktest.User) { u.Restricted = true },
		"guest of one channel":    func(u *slacktest.User) { u.UltraRestricted = true },
		"bot":                     func(u *slacktest.User) { u.Bot = true },
		"deleted":                 func(u *slacktest.User) { u.Deleted = true },
		"stranger":                func(u *slacktest.User) { u.Stranger = true },
		"of another team":         func(u *slacktest.User) { u.Team = "T0OTHER" },
		"not in Slack whatsoever": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTestWorld(t)
			w.rows.persons["ana"] = person("ana")
			if change != nil {
				u := userOfPerson("ana")
				change(&u)
				w.slack.SetUser(u)
			}
			w.request("q1", "ana")
			w.request("q2", "ana")
			for range 2 {
				if !w.show("n1", playbook.WhyAsked, "ana", "q1", "q2") {
					t.Fatal("Slack was not asked about her")
				}
				w.settle(time.Minute)
				w.restart()
			}
			if len(w.slack.Messages("")) != 0 || len(w.rows.bindings) != 0 {
				t.Errorf("she has messages, or is bound: %v", w.rows.bindings)
			}
			if len(w.other.shown) != 1 || !slices.Equal(w.other.shown[0].Requests, []string{"q1", "q2"}) {
				t.Errorf("the other channel has %v", w.other.shown)
			}
			if got := w.noted(review.NoteUnreached); !slices.Equal(got, []string{"ana"}) || len(w.noted(review.NoteUndelivered)) != 0 {
				t.Errorf("noted %v, undelivered %v", got, w.noted(review.NoteUndelivered))
			}
			if p := w.posting(outbox.CardID("ana", "q1")); p.State != outbox.Unreached {
				t.Errorf("the card is %s", p.State)
			}
		})
	}
}

func TestWhoIsReachedByNobodyIsUndelivered(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	w.rows.persons["ana"] = person("ana")
	w.other.reaches = false
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	if got := w.noted(review.NoteUndelivered); !slices.Equal(got, []string{"ana"}) {
		t.Errorf("undelivered: %v", got)
	}
}

// The other channel is in trouble: nothing is settled until it took the notice.
func TestWhatTheOtherChannelRefusesStaysDue(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	w.noisy = true
	w.rows.persons["ana"] = person("ana")
	w.other.err = errAway
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(10 * time.Second)
	if p := w.posting(outbox.CardID("ana", "q1")); p.State != outbox.Due || len(w.desk.notes) != 0 {
		t.Errorf("it is %s", p.State)
	}
	w.other.err = nil
	w.settle(time.Minute)
	if len(w.other.shown) != 1 {
		t.Errorf("the other channel has %v", w.other.shown)
	}
}

// A vendor may name any address as its contact's: that hides nobody whose address
// it is from Slack.
func TestAVendorsContactHidesNobody(t *testing.T) {
	t.Parallel()
	for name, meet := range map[string]func(w *world){
		"whom something is sent": func(w *world) { w.show("n1", playbook.WhyAsked, "ana", "q1"); w.settle(time.Minute) },
		"who writes": func(w *world) {
			if found, err := w.app.recognise(t.Context(), profile{User: userID("ana"), Mail: "ANA@example.org"}); !found || err != nil {
				t.Errorf("not recognised: %v", err)
			}
		},
	} {
		w := newTestWorld(t, "ana")
		w.app.o.MailDomains = []string{"example.org"}
		ana := person("ana")
		ana.Slack = ""
		w.rows.persons["ana"] = ana
		w.rows.persons["acme.1"] = playbook.Contact{ID: "acme.1", Vendor: "acme", Mail: "Ana@example.org", State: playbook.ContactActive}.Person(ana.Hours)
		w.rows.bindings = nil
		w.request("q1", "ana")
		meet(w)
		if len(w.rows.bindings) != 1 || w.rows.bindings[0].Person != "ana" {
			t.Errorf("%s: bound %v", name, w.rows.bindings)
		}
	}
}

// Whoever joins Slack later gets the card with the next notice.
func TestWhoJoinsSlackLaterGetsTheCard(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	w.rows.persons["ana"] = person("ana")
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	w.slack.SetUser(userOfPerson("ana"))
	w.clock.forward(time.Hour)
	w.show("n2", playbook.WhyReminder, "ana", "q1")
	w.settle(time.Hour)
	w.isTrue("q1", "ana")
	if len(w.cards("ana")) == 0 {
		t.Error("she has no card")
	}
}

// Whoever links their address later, and looks at their page, has what waits.
func TestWhoComesLaterHasWhatWaits(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	w.rows.persons["ana"] = playbook.Person{ID: "ana", Name: "Ana"}
	w.rows.persons["bo"] = person("bo")
	w.request("q1", "ana", "bo")
	if w.show("n1", playbook.WhyAsked, "ana", "q1") {
		t.Error("shown to somebody who is in no workspace")
	}
	w.show("n2", playbook.WhyAsked, "bo", "q1")
	w.settle(time.Minute)
	for _, id := range []string{"ana", "bo"} {
		w.slack.SetUser(userOfPerson(id))
		w.rows.bindings = append(w.rows.bindings, access.Binding{Channel: Channel, Address: theTeam + ":" + userID(id), Person: id, How: access.ByLink})
		for range 2 {
			if err := w.app.OpenHome(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		w.clock.forward(fresh)
	}
	w.settle(time.Minute)
	w.isTrue("q1", "ana", "bo")
	if len(w.cards("ana")) != 1 || len(w.cards("bo")) != 1 {
		t.Error("they have no cards, or several")
	}
}

func TestWhomSlackCantBeAskedAboutIsNotShown(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	for id, p := range map[string]playbook.Person{
		"left":     {ID: "left", Slack: "U0LEFT", Left: true},
		"vendor":   {ID: "vendor", Slack: "U0VENDOR", Employer: "acme"},
		"unknown":  {ID: "unknown", Mail: "unknown@example.org"},
		"stranger": {ID: "stranger", Mail: "stranger@elsewhere.example"},
	} {
		w.rows.persons[id] = p
	}
	w.app.o.MailDomains = []string{"example.com"}
	w.request("q1", "left")
	for _, id := range []string{"left", "vendor", "unknown", "stranger", "nobody"} {
		if w.show("n-"+id, playbook.WhyAsked, id, "q1") {
			t.Errorf("%s is shown something", id)
		}
	}
	if len(w.rows.postings) != 0 {
		t.Errorf("kept: %v", w.rows.postings)
	}
}

// S7: a mail address binds once, in an allowed domain, and only where it is one
// person's.
func TestS7BindingByMail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		domains []string
		change  func(w *world)
		bound   bool
	}{
		"allowed":         {domains: []string{"Example.org"}, bound: true},
		"another domain":  {domains: []string{"example.com"}},
		"a domain above":  {domains: []string{"org"}},
		"nobody is found": {domains: []string{"example.org"}, change: func(w *world) { w.slack.SetUser(slacktest.User{ID: "U0ANA", Email: "x@example.org"}) }},
		"a guest": {domains: []string{"example.org"}, change: func(w *world) {
			w.slack.SetUser(slacktest.User{ID: "U0ANA", Email: "ana@example.org", Restricted: true})
		}},
		"two with one address": {domains: []string{"example.org"}, change: func(w *world) {
			w.rows.persons["bo"] = playbook.Person{ID: "bo", Mail: "ANA@example.org"}
		}},
		"bound to somebody": {domains: []string{"example.org"}, change: func(w *world) {
			w.rows.bindings = append(w.rows.bindings, access.Binding{Channel: Channel, Address: theTeam + ":U0ANA", Person: "bo"})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTestWorld(t)
			w.slack.SetUser(userOfPerson("ana"))
			w.rows.persons["ana"] = playbook.Person{ID: "ana", Name: "Ana", Mail: "Ana@Example.org"}
			w.o.MailDomains = slices.Clone(c.domains)
			w.restart()
			if c.change != nil {
				c.change(w)
			}
			w.request("q1", "ana")
			w.show("n1", playbook.WhyAsked, "ana", "q1")
			w.settle(time.Minute)
			got, found, err := w.app.bound(t.Context(), "ana")
			if err != nil || found != c.bound || found && got != "U0ANA" {
				t.Errorf("bound to %q, %v, %v", got, found, err)
			}
			if found && w.rows.bindings[0].How != access.ByMail {
				t.Errorf("bound by %s", w.rows.bindings[0].How)
			}
			if n := len(w.slack.Calls(LookupByEmail)); n > 1 {
				t.Errorf("asked for %d times", n)
			}
			if found { // later changes of names and addresses change nothing
				w.slack.SetUser(slacktest.User{ID: "U0ANA", Name: "else", Email: "else@example.org"})
				w.request("q2", "ana")
				w.show("n2", playbook.WhyAsked, "ana", "q2")
				w.settle(time.Minute)
				w.isTrue("q2", "ana")
			}
		})
	}
}

func TestTheFileBindsOnceAndById(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	if len(w.rows.bindings) != 1 || w.rows.bindings[0].Address != theTeam+":U0ANA" || w.rows.bindings[0].How != access.ByFile {
		t.Errorf("bindings: %v", w.rows.bindings)
	}
	if n := len(w.slack.Calls(OpenConversation)); n != 1 {
		t.Errorf("the conversation was opened %d times", n)
	}
	w.restart()
	w.request("q2", "ana")
	w.show("n2", playbook.WhyAsked, "ana", "q2")
	w.settle(time.Minute)
	if n := len(w.slack.Calls(OpenConversation)); n != 1 {
		t.Errorf("after a restart it was opened %d times", n)
	}
}

// Slack is away for hours: whoever was to be told is told another way.
func TestWhenSlackIsAwayForLongOthersTell(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.noisy = true
	w.request("q1", "ana")
	w.slack.Order(slacktest.Failure{How: slacktest.Unavailable, Times: -1})
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(30 * time.Minute)
	if len(w.other.shown) != 0 {
		t.Error("told another way within half an hour")
	}
	w.settle(2 * time.Hour)
	if len(w.other.shown) != 1 {
		t.Errorf("told %d times", len(w.other.shown))
	}
	if n := len(w.slack.Calls("")); n > 60 {
		t.Errorf("Slack was called %d times while it was away", n)
	}
}

func TestWhatSlackDoesNotTakeGoesAnotherWayAtOnce(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.slack.Order(slacktest.Failure{Method: PostMessage, Error: "invalid_blocks", Times: -1})
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	if len(w.other.shown) != 1 || len(w.slack.Calls(PostMessage)) != 1 {
		t.Errorf("told %v after %d calls", w.other.shown, len(w.slack.Calls(PostMessage)))
	}
}

func TestLongNoticesMakeIdsThatDeskTakes(t *testing.T) {
	t.Parallel()
	a, b := noteID("unreached", strings.Repeat("x", 500), "ana"), noteID("unreached", strings.Repeat("x", 500), "bo")
	if a == b || len(a) > 64 || a != noteID("unreached", strings.Repeat("x", 500), "ana") {
		t.Errorf("%s and %s", a, b)
	}
}

// S17: the log of the writing side has ids and faults, and nothing else.
func TestS17TheLogHasIdsAlone(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.noisy = true
	var log bytes.Buffer
	w.o.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.o.CasesChannel = "C0CASES"
	w.restart()
	w.rows.persons["bo"] = person("bo") // in no workspace
	w.request("q1", "ana", "bo")
	w.slack.Order(slacktest.Failure{Method: PostMessage, How: slacktest.Lost}, slacktest.Failure{Method: UpdateMessage, Error: "invalid_blocks"},
		slacktest.Failure{Method: ConversationInfo, Error: "missing_scope"})
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.show("n2", playbook.WhyAsked, "bo", "q1")
	w.settle(time.Minute)
	w.answers("q1", "bo")
	w.follow("q1")
	w.settle(time.Minute)
	text := log.String()
	for _, err := range w.errs {
		text += err.Error()
	}
	if !strings.Contains(text, "bo") || !strings.Contains(text, "invalid_blocks") {
		t.Errorf("the log is %s", text)
	}
	secretless(t, "the log", text, "Ana", "ANA", "@example.org", "Data protection", "Acme", w.o.Key.Ticket("q1", 0, "ana", Channel))
}
