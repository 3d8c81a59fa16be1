package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// lobby is a workspace with a handler in front of a desk that judges by the rules.
type lobby struct {
	*testing.T
	slack   *slacktest.Server
	desk    *frontDesk
	shelf   *frontShelf
	client  *Client
	handler *Handler
	server  *httptest.Server
	logs    *syncBuffer
	clock   *movable
}

// movable is a clock that a test sets.
type movable struct {
	mu sync.Mutex
	at time.Time
}

func (m *movable) Now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.at }
func (m *movable) add(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *syncBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

const (
	lobbyCase    = "onboarding/acme/1"
	lobbyRequest = "onboarding/acme/1/contract"
	lobbyTeam    = "T0TESTTEAM"
)

// openLobby starts one over signed HTTP.
func openLobby(t *testing.T) *lobby {
	t.Helper()
	l := startLobby(t)
	v, err := NewVerifier(l.clock.Now, l.slack.Options().Secret)
	if err != nil {
		t.Fatal(err)
	}
	l.serve(l.handler.HTTP(v))
	return l
}

// serve takes signed HTTP.
func (l *lobby) serve(h http.Handler) {
	l.server = httptest.NewServer(h)
	l.Cleanup(l.server.Close)
	l.slack.Route(l.server.URL+InteractivePath, l.server.URL+EventsPath, l.server.URL+CommandPath)
}

func loggerTo(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }

func startLobby(t *testing.T) *lobby {
	t.Helper()
	l := &lobby{T: t, logs: &syncBuffer{}, clock: &movable{at: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}}
	users := []slacktest.User{
		{ID: "U0MAYA", Name: "maya", RealName: "Maya Lindqvist"}, {ID: "U0TOM", Name: "tom", RealName: "Tom Okafor"},
		{ID: "U0BEN", Name: "ben", RealName: "Ben Ruiz"}, {ID: "U0NEW", Name: "new", RealName: "Nell New"}, {ID: "U0VERA", Name: "vera", RealName: "Vera Acme"},
	}
	s, err := slacktest.New(slacktest.Options{Team: lobbyTeam, App: "A0TESTAPP", Users: users, Now: l.clock.Now, PingEvery: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	l.slack = s
	l.desk = newFrontDesk(l.clock.Now)
	l.shelf = &frontShelf{desk: l.desk, postings: map[string]outbox.Posting{}, places: map[string]outbox.Place{}}
	token := func(s string) func() (string, error) { return func() (string, error) { return s, nil } }
	l.client, err = NewClient(Connection{API: s.URL() + "/api/", BotToken: token(s.Options().BotToken), AppToken: token(s.Options().AppToken),
		Teams: []string{lobbyTeam}, Now: l.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	l.restart()
	return l
}

// restart forgets all that a process remembers.
func (l *lobby) restart() {
	l.Helper()
	a, err := New(Options{Store: l.shelf, Desk: l.desk, Client: l.client, Key: lobbyKey(), Address: "https://gangway.test", Now: l.clock.Now,
		Log: loggerTo(l.logs)})
	if err != nil {
		l.Fatal(err)
	}
	l.handler, err = NewHandler(a, Inbound{AppID: "A0TESTAPP", Teams: []string{lobbyTeam}})
	if err != nil {
		l.Fatal(err)
	}
}

func lobbyKey() access.Key { return access.Key(strings.Repeat("k", 32)) }

func (l *lobby) ticket(person string) string {
	secret := lobbyKey().Ticket(lobbyRequest, l.desk.request().Current(), person, Channel)
	l.desk.keepTicket(secret, access.Ticket{Hash: access.Hash(secret), Request: lobbyRequest, Version: l.desk.request().Current(), Person: person, Channel: Channel})
	return secret
}

// place is where a card stands.
type place struct{ channel, ts string }

// card posts somebody's card of the request as it is now, where they get it.
func (l *lobby) card(person string) place {
	l.Helper()
	channel, err := l.client.Conversation(l.Context(), "U0"+strings.ToUpper(person))
	if err != nil {
		l.Fatal(err)
	}
	return l.cardIn(channel, person)
}

func (l *lobby) cardIn(channel, person string) place {
	l.Helper()
	v := visitor{address: Address(lobbyTeam, "U0"+strings.ToUpper(person)), person: l.desk.people[person]}
	s, err := l.handler.scene(l.Context(), v, lobbyRequest)
	if err != nil {
		l.Fatal(err)
	}
	s.Ticket = l.ticket(person)
	m := s.card()
	ts, err := l.client.Post(l.Context(), channel, "", m.text, m.blocks(1))
	if err != nil {
		l.Fatal(err)
	}
	return place{channel, ts}
}

// click is somebody's at a button of a card.
func (l *lobby) click(person string, at place, action string, chosen ...string) slacktest.Outcome {
	l.Helper()
	out, err := l.slack.Click("U0"+strings.ToUpper(person), at.channel, at.ts, action, chosen...)
	if err != nil {
		l.Fatal(err)
	}
	return out
}

// acked is an outcome that nobody saw a warning at.
func (l *lobby) acked(out slacktest.Outcome) slacktest.Outcome {
	l.Helper()
	if !out.Acked || out.Saw != "" {
		l.Fatalf("not acknowledged (status %d), and the person saw %q\n%s", out.Status, out.Saw, l.logs)
	}
	return out
}

// told is the last thing that somebody was privately told.
func (l *lobby) told(person string) string {
	user := "U0" + strings.ToUpper(person)
	last, dm := "", l.slack.DM(user)
	for _, m := range l.slack.Messages("") { // a card has blocks
		if m.Ephemeral == user || m.Ephemeral == "" && m.Channel == dm && len(m.Blocks) <= len("[]") {
			last = m.Text
		}
	}
	return last
}

// tells fails unless somebody was last told something with these words.
func (l *lobby) tells(person string, words ...string) {
	l.Helper()
	got := l.told(person)
	for _, w := range words {
		if !strings.Contains(got, w) {
			l.Errorf("%s was told %q, which should say %q\n%s", person, got, w, l.logs)
		}
	}
}

// ballots fails unless so many answers count.
func (l *lobby) ballots(want int) {
	l.Helper()
	if got := len(l.desk.request().Ballots); got != want {
		l.Fatalf("%d answers count, want %d\n%s", got, want, l.logs)
	}
}

// modal is what somebody sees on top.
func (l *lobby) modal(person string) slacktest.View {
	l.Helper()
	views := l.slack.Views("U0" + strings.ToUpper(person))
	if len(views) == 0 {
		l.Fatalf("%s sees no form; they were told %q\n%s", person, l.told(person), l.logs)
	}
	return views[len(views)-1]
}

// clean fails where Slack took what no app should have sent.
func (l *lobby) faultless() {
	l.Helper()
	if f := l.slack.Faults(); len(f) > 0 {
		l.Errorf("Slack took what it should not have been sent: %q", f)
	}
}

// again is a delivery with its body changed, signed as Slack would.
func (l *lobby) again(d slacktest.Delivery, change func(p map[string]any)) slacktest.Outcome {
	l.Helper()
	var p map[string]any
	if err := json.Unmarshal(d.Payload, &p); err != nil {
		l.Fatal(err)
	}
	change(p)
	raw, err := json.Marshal(p)
	if err != nil {
		l.Fatal(err)
	}
	l.clock.add(time.Second) // or the signature of an unchanged body would be the same
	return l.slack.Deliver(l.slack.Forge(d.Kind, raw, l.slack.Options().Secret, l.clock.Now()))
}

// errBusy is what a desk fails with that can keep nothing.
var errBusy = errors.New("the engine and the database are away")

// what a button is called.
func approving() string { return actionID(verbAnswer, review.Approve) }
