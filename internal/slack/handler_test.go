package slack

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

func TestClickCounts(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at := l.card("maya")
	l.acked(l.click("maya", at, approving()))
	l.ballots(1)
	b := l.desk.request().Ballots[0]
	if b.Person != "maya" || b.Seat != "legal" || b.Verdict != review.Approve || b.Version != 1 || b.Channel != Channel {
		t.Errorf("counted: %+v", b)
	}
	if l.told("maya") != "" {
		t.Errorf("the card says it, and they were told too: %q", l.told("maya"))
	}
	if !l.shelf.wanted(outbox.CardID("maya", lobbyRequest)) {
		t.Error("the card of whoever answered is not wanted at once")
	}
	l.faultless()
}

// TestNoAcknowledgementBeforeAcceptance: Slack hears nothing while the desk has
// not taken what was said.
func TestNoAcknowledgementBeforeAcceptance(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at := l.card("maya")
	l.desk.entered, l.desk.hold = make(chan struct{}, 1), make(chan struct{})
	out := make(chan slacktest.Outcome, 1)
	go func() {
		o, _ := l.slack.Click("U0MAYA", at.channel, at.ts, approving())
		out <- o
	}()
	<-l.desk.entered
	select {
	case <-out:
		t.Error("acknowledged before it was accepted")
	default:
	}
	l.ballots(0)
	close(l.desk.hold)
	l.acked(<-out)
	l.ballots(1)
}

// TestDeskThatNeverAnswers: Slack is answered within its three seconds, and the
// person is told that nothing was recorded (a slow acknowledgement would say
// "failed" of something that may count).
func TestDeskThatNeverAnswers(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at := l.card("maya")
	l.desk.entered, l.desk.hold = make(chan struct{}, 1), make(chan struct{})
	l.acked(l.click("maya", at, approving()))
	l.tells("maya", "not recorded")
	l.ballots(0)
}

func TestEveryClickGetsAnAnswer(t *testing.T) {
	t.Parallel()
	t.Run("already decided elsewhere", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		l.desk.change(func(r *review.Request) {
			r.Seatings[0].Holders = append(r.Seatings[0].Holders, review.Holder{Person: "ben", Via: review.ViaBackup, Since: r.Opened})
		})
		at := l.card("maya")
		_, err := l.desk.Answer(t.Context(), review.Answer{ID: "web-1", Request: lobbyRequest, Version: 1, Verdict: review.Approve, Channel: "web", From: Address(lobbyTeam, "U0BEN")})
		if err != nil {
			t.Fatal(err)
		}
		l.acked(l.click("maya", at, approving()))
		l.tells("maya", "already answered", "Ben Ruiz")
		l.ballots(1)
	})
	t.Run("not linked", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		at := l.card("maya")
		l.acked(l.click("new", at, approving()))
		l.tells("new", "https://gangway.test/pair/secret-of-"+lobbyTeam+"-U0NEW")
		l.ballots(0)
	})
	t.Run("cannot record", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		l.desk.busy = errBusy
		at := l.card("maya")
		out := l.acked(l.click("maya", at, approving()))
		l.tells("maya", "not recorded", "press again")
		l.desk.busy = nil
		// Delivered again it is not the remembered failure but a new try.
		l.acked(l.again(out.Delivery, func(map[string]any) {}))
		l.ballots(1)
	})
	t.Run("received and not yet counted", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		l.desk.pending = true
		l.acked(l.click("maya", l.card("maya"), approving()))
		l.tells("maya", "Received")
		found := false
		for _, p := range l.shelf.postings {
			found = found || p.Kind == outbox.Verdict && p.Person == "maya" && p.ID == outbox.VerdictID(p.Answer) && p.State == outbox.Due
		}
		if !found {
			t.Errorf("nothing will tell what becomes of it: %+v", l.shelf.postings)
		}
	})
	t.Run("expired trigger", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		l.slack.Order(slacktest.Failure{Method: "views.open", Error: "expired_trigger_id"})
		l.acked(l.click("maya", l.card("maya"), actionID(verbAsk, review.Reject)))
		l.tells("maya", "Please press again")
	})
	t.Run("no ephemeral", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		l.desk.busy = errBusy
		at := l.card("maya")
		l.slack.Order(slacktest.Failure{Method: "chat.postEphemeral", Error: "channel_not_found"})
		l.acked(l.click("maya", at, approving()))
		messages := l.slack.Messages(at.channel)
		if last := messages[len(messages)-1]; !strings.Contains(last.Text, "not recorded") {
			t.Errorf("the last message is %q", last.Text)
		}
	})
	t.Run("a fault of ours", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		l.desk.panics = true
		l.acked(l.click("maya", l.card("maya"), approving()))
		l.tells("maya", "not recorded")
		l.desk.panics = false
		l.acked(l.click("tom", l.card("tom"), approving()))
		l.ballots(1)
	})
}

// TestRestartForgetsNoCard: a handler that has never seen the card takes its
// first click.
func TestRestartForgetsNoCard(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	at := l.card("maya")
	l.restart()
	v, err := NewVerifier(l.clock.Now, l.slack.Options().Secret)
	if err != nil {
		t.Fatal(err)
	}
	l.serve(l.handler.HTTP(v))
	l.acked(l.click("maya", at, approving()))
	l.ballots(1)
}

// TestSimultaneousClicks: many clicks at once, and each delivered twice, are one
// decision for the seat.
func TestSimultaneousClicks(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at := l.card("maya")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			out, err := l.slack.Click("U0MAYA", at.channel, at.ts, approving())
			if err != nil || !out.Acked {
				t.Errorf("a click: %v, %+v", err, out.Status)
			}
		})
	}
	all.Wait()
	l.ballots(1)
}

// TestReasonForm: a reject is asked for its reason, and the words reach the desk.
func TestReasonForm(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	l.acked(l.click("maya", l.card("maya"), actionID(verbAsk, review.Reject)))
	v := l.modal("maya")
	if v.CallbackID != string(verbAnswer) || v.PrivateMetadata != l.ticket("maya") {
		t.Fatalf("the form is %q with %q", v.CallbackID, v.PrivateMetadata)
	}
	words := strings.Repeat("ð", 2000)
	out, err := l.slack.Submit("U0MAYA", v.ID, url.Values{blockInside: {words}})
	if err != nil || !out.Acked {
		t.Fatalf("%v %+v\n%s", err, out, l.logs)
	}
	l.ballots(1)
	b := l.desk.request().Ballots[0]
	if b.Verdict != review.Reject || l.desk.texts[b.Answer].Inside != words {
		t.Errorf("counted %q with %d letters", b.Verdict, len(l.desk.texts[b.Answer].Inside))
	}
	if n := len(l.slack.Views("U0MAYA")); n != 0 {
		t.Errorf("%d forms stay open", n)
	}
	l.faultless()
}

// TestFormKeepsItsText: what can't be recorded stays typed, and sent again counts
// once.
func TestFormKeepsItsText(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	l.acked(l.click("maya", l.card("maya"), actionID(verbAsk, review.Reject)))
	v := l.modal("maya")
	l.desk.busy = errBusy
	typed := url.Values{blockInside: {"No exit clause."}}
	out, err := l.slack.Submit("U0MAYA", v.ID, typed)
	if err != nil || !out.Acked || !strings.Contains(out.Errors[blockInside], "not recorded") {
		t.Fatalf("%v %+v", err, out)
	}
	if strings.Contains(out.Errors[blockInside], "*") {
		t.Errorf("an error beside a field is plain text: %q", out.Errors[blockInside])
	}
	l.desk.busy = nil
	out, err = l.slack.Submit("U0MAYA", v.ID, nil) // as it stands
	if err != nil || !out.Acked || len(out.Errors) > 0 {
		t.Fatalf("%v %+v", err, out)
	}
	l.ballots(1)
	if b := l.desk.request().Ballots[0]; l.desk.texts[b.Answer].Inside != "No exit clause." {
		t.Errorf("the text is %q", l.desk.texts[b.Answer].Inside)
	}
	l.faultless()
}

// TestFormDecidedMeanwhile: a form whose request was decided becomes a page that
// says who did.
func TestFormDecidedMeanwhile(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	l.desk.change(func(r *review.Request) {
		r.Seatings[0].Holders = append(r.Seatings[0].Holders, review.Holder{Person: "ben", Via: review.ViaBackup, Since: r.Opened})
	})
	l.acked(l.click("maya", l.card("maya"), actionID(verbAsk, review.Reject)))
	v := l.modal("maya")
	l.acked(l.click("ben", l.card("ben"), approving()))
	out, err := l.slack.Submit("U0MAYA", v.ID, url.Values{blockInside: {"Too late."}})
	if err != nil || !out.Acked {
		t.Fatalf("%v %+v", err, out)
	}
	if now := l.modal("maya"); now.CallbackID != string(verbResult) || !strings.Contains(string(now.Blocks), "Ben Ruiz") {
		t.Errorf("they see %s: %s", now.CallbackID, now.Blocks)
	}
	l.ballots(1)
	// Another form is not even opened.
	l.acked(l.click("maya", l.card("tom"), actionID(verbAsk, review.Reject)))
	l.tells("maya", "not yours")
	l.faultless()
}

// TestWhatDoesNotCountIsGivenBack: whoever wrote a reason that can't count any more
// can copy it from the page that says so, however long it is.
func TestWhatDoesNotCountIsGivenBack(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(l *lobby){
		"a newer version": func(l *lobby) {
			l.desk.change(func(r *review.Request) {
				r.Versions = append(r.Versions, review.Version{Number: 2, Document: "sha256:" + strings.Repeat("b", 64), At: l.clock.Now(),
					Touched: []review.Touch{{Version: 1, Seats: []string{"legal"}}}})
			})
		},
		"withdrawn": func(l *lobby) {
			l.desk.change(func(r *review.Request) {
				r.Closed = &review.Closing{State: review.Open, At: l.clock.Now(), Why: "withdrawn"}
			})
		},
		"another deployment's": func(l *lobby) { l.desk.tickets = map[string]access.Ticket{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openLobby(t)
			l.acked(l.click("maya", l.card("maya"), actionID(verbAsk, review.Reject)))
			v := l.modal("maya")
			end(l)
			typed := url.Values{blockInside: {"No <exit> clause.\nAsk *them*."}, blockVendor: {strings.Repeat("<", 3000)}}
			out, err := l.slack.Submit("U0MAYA", v.ID, typed)
			if err != nil || !out.Acked || len(out.Answer) >= mostAcknowledged {
				t.Fatalf("%v, %d bytes", err, len(out.Answer))
			}
			now := l.modal("maya")
			var blocks []struct {
				Text struct{ Type, Text string }
			}
			if err := json.Unmarshal(now.Blocks, &blocks); err != nil || now.CallbackID != string(verbResult) || len(blocks) != 4 {
				t.Fatalf("%v: they see %s: %s", err, now.CallbackID, now.Blocks)
			}
			if got := blocks[2].Text; got.Text != typed.Get(blockInside) || got.Type != "plain_text" {
				t.Errorf("given back: %+v", got)
			}
			if got := blocks[3].Text.Text; !strings.HasPrefix(got, strings.Repeat("<", 1000)) {
				t.Errorf("of a long text %d bytes are left", len(got))
			}
			l.ballots(0)
			l.faultless()
		})
	}
}

// TestMenu: each entry of the menu opens its form, and what is sent is done.
func TestMenu(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at := l.card("maya")
	open := func(v verb) slacktest.View {
		t.Helper()
		l.clock.add(time.Second)
		l.acked(l.click("maya", at, string(verbMenu), menuValue(l.ticket("maya"), v)))
		return l.modal("maya")
	}
	send := func(v slacktest.View, values url.Values) {
		t.Helper()
		out, err := l.slack.Submit("U0MAYA", v.ID, values)
		if err != nil || !out.Acked || len(out.Errors) > 0 {
			t.Fatalf("%s: %v %+v\n%s", v.CallbackID, err, out, l.logs)
		}
	}
	send(open(verbNotMe), url.Values{blockInside: {"I left that team."}})
	if n := l.desk.notes; len(n) != 1 || !strings.Contains(n[0].Text.Inside, "I left that team.") || n[0].Case != lobbyCase || n[0].Kind != review.NoteComment {
		t.Errorf("noted: %+v", n)
	}
	if v := l.modal("maya"); v.CallbackID != string(verbResult) {
		t.Errorf("they see %q", v.CallbackID)
	}
	_, _ = l.slack.CloseView("U0MAYA")
	snooze := open(verbSnooze)
	send(snooze, url.Values{blockUntil: {firstOption(t, snooze, blockUntil)}})
	recuse := open(verbRecuse)
	send(recuse, url.Values{blockKind: {firstOption(t, recuse, blockKind)}, blockInside: {"My sister works there."}})
	if r := l.desk.request(); len(r.Recused) != 1 || r.Recused[0] != "maya" {
		t.Errorf("recused: %v", r.Recused)
	}
	l.faultless()
}

// firstOption is the value of the first thing that a block offers.
func firstOption(t *testing.T, v slacktest.View, block string) string {
	t.Helper()
	var blocks []struct {
		ID      string `json:"block_id"`
		Element struct {
			Options []struct {
				Value string `json:"value"`
			} `json:"options"`
		} `json:"element"`
	}
	if err := json.Unmarshal(v.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		if b.ID == block && len(b.Element.Options) > 0 {
			return b.Element.Options[0].Value
		}
	}
	t.Fatalf("nothing to choose at %s: %s", block, v.Blocks)
	return ""
}

// TestKilledBetweenVerifyAndAcknowledgement: what another process had begun is
// not acknowledged there, and counts once here.
func TestKilledBetweenVerifyAndAcknowledgement(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	out := l.acked(l.click("ben", l.card("maya"), approving())) // not his: nothing counts
	d := l.pressAs(out.Delivery, "U0MAYA")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if r := l.handler.Take(ended, d); !r.Lost {
		t.Errorf("a process that ends replied %+v", r)
	}
	l.ballots(0)
	l.restart()
	if r := l.handler.Take(t.Context(), d); r.Lost || len(r.Body) > 0 {
		t.Errorf("delivered again: %+v", r)
	}
	l.ballots(1)
}

// TestKilledBetweenReceiptAndReply: what counted before the process died is the
// same answer when Slack delivers it again.
func TestKilledBetweenReceiptAndReply(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	out := l.acked(l.click("ben", l.card("maya"), approving()))
	d := l.pressAs(out.Delivery, "U0MAYA")
	l.desk.lost = errBusy
	_ = l.handler.Take(t.Context(), d)
	l.tells("maya", "not recorded")
	l.ballots(1)
	l.desk.lost = nil
	l.restart()
	if r := l.handler.Take(t.Context(), d); r.Lost {
		t.Errorf("delivered again: %+v", r)
	}
	l.ballots(1)
	if n := len(l.desk.receipts); n != 1 {
		t.Errorf("%d answers were taken", n)
	}
}

// pressAs is a press as if somebody else had pressed.
func (l *lobby) pressAs(d slacktest.Delivery, user string) Delivery {
	l.Helper()
	return Delivery{Kind: Interactive, Body: []byte(strings.ReplaceAll(string(d.Payload), "U0BEN", user)), ID: "envelope-1"}
}

func TestHomeIsWantedWhenOpened(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	for user, linked := range map[string]bool{"U0MAYA": true, "U0NEW": false} {
		out, err := l.slack.OpenHome(user)
		if err != nil || !out.Acked {
			t.Fatalf("%v %+v\n%s", err, out, l.logs)
		}
		home, shown := l.slack.Home(user)
		if linked && !l.shelf.wanted(outbox.HomeID("maya")) {
			t.Error("a home page is not wanted")
		}
		if !linked && (!shown || !strings.Contains(string(home.Blocks), "/pair/")) {
			t.Errorf("somebody who is not linked sees %s", home.Blocks)
		}
	}
	l.faultless()
}

// TestNoMoreLinks: whoever had all the links that one address gets is told what to
// do, and not to press again.
func TestNoMoreLinks(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	l.desk.mostPairings = 1
	at := l.card("maya")
	l.acked(l.click("new", at, approving()))
	l.tells("new", "/pair/")
	l.acked(l.click("new", at, approving()))
	l.tells("new", "open the newest", "Nothing was done")
	out, err := l.slack.Slash("U0NEW", l.slack.DM("U0NEW"), "/vendor", "waiting")
	if err != nil || !strings.Contains(string(out.Answer), "open the newest") {
		t.Errorf("%v %s", err, out.Answer)
	}
	out, err = l.slack.OpenHome("U0NEW")
	home, shown := l.slack.Home("U0NEW")
	if err != nil || !out.Acked || !shown || !strings.Contains(string(home.Blocks), "open the newest") {
		t.Errorf("%v %+v, the page says %s", err, out, home.Blocks)
	}
	l.ballots(0)
	l.faultless()
}

func TestShutOutIsUnhealthy(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"app_uninstalled", "tokens_revoked"} {
		l := openLobby(t)
		if err := l.handler.Health(); err != nil {
			t.Fatal(err)
		}
		out, err := l.slack.Event(kind, "")
		if err != nil || !out.Acked {
			t.Fatalf("%v %+v", err, out)
		}
		if l.handler.Health() == nil || !strings.Contains(l.logs.String(), `"level":"ERROR"`) {
			t.Errorf("%s: healthy, and nothing loud is logged", kind)
		}
	}
}

func TestUnknownEventsAreTaken(t *testing.T) {
	t.Parallel()
	l := startLobby(t)
	for _, inner := range []string{`{"type":"workflow_step_execute"}`, `{"type":"goodbye"}`, `{}`, `null`, `{"type":"user_change","user":7}`, `[]`} {
		r := l.handler.Take(t.Context(), Delivery{Kind: Event, Body: []byte(`{"type":"event_callback","api_app_id":"A0TESTAPP","team_id":"` + lobbyTeam + `","event_id":"Ev1","event":` + inner + `}`)})
		if r.Lost || len(r.Body) > 0 {
			t.Errorf("%s: %+v", inner, r)
		}
	}
}

func FuzzTake(f *testing.F) {
	f.Add("interactive", `{"type":"block_actions","api_app_id":"A0TESTAPP","team":{"id":"T0TESTTEAM"},"user":{"id":"U0MAYA","team_id":"T0TESTTEAM"},"actions":[{"action_id":"answer/approve","block_id":"b","value":"x","action_ts":"1.2"}],"container":{"channel_id":"D1","message_ts":"1.1"}}`)
	f.Add("interactive", `{"type":"view_submission","api_app_id":"A0TESTAPP","team":{"id":"T0TESTTEAM"},"user":{"id":"U0MAYA"},"view":{"id":"V1","callback_id":"away","state":{"values":{}}}}`)
	f.Add("interactive", `{"type":"view_submission","api_app_id":"A0TESTAPP","team":null,"user":{"id":"U0MAYA","team_id":"T0TESTTEAM"},"view":{"callback_id":"onboard","state":null}}`)
	f.Add("command", `{"api_app_id":"A0TESTAPP","team_id":"T0TESTTEAM","user_id":"U0MAYA","command":"/vendor","text":"show 'Acme'"}`)
	f.Add("event", `{"type":"event_callback","api_app_id":"A0TESTAPP","team_id":"T0TESTTEAM","event":{"type":"user_change","user":{"id":"U0MAYA","deleted":true}}}`)
	f.Add("event", `{"type":"url_verification","challenge":"x"}`)
	f.Fuzz(fuzzed)
}

// fuzzed takes a body in a lobby whose Slack is away: whatever it says, nothing
// breaks, nothing counts and the reply is JSON or nothing.
func fuzzed(t *testing.T, kind, body string) {
	desk := newFrontDesk(time.Now)
	token := func() (string, error) { return "", nil }
	client, err := NewClient(Connection{BotToken: token, Teams: []string{lobbyTeam}})
	if err != nil {
		t.Fatal(err)
	}
	client.seen["U0MAYA"] = sighting{profile{User: "U0MAYA", Team: lobbyTeam, Name: "Maya"}, time.Now()}
	logs := &syncBuffer{}
	a, err := New(Options{Store: &frontShelf{desk: desk, postings: map[string]outbox.Posting{}, places: map[string]outbox.Place{}}, Desk: desk, Client: client,
		Key: lobbyKey(), Address: "https://gangway.test", Log: loggerTo(logs)})
	if err != nil {
		t.Fatal(err)
	}
	h, err := NewHandler(a, Inbound{AppID: "A0TESTAPP", Teams: []string{lobbyTeam}})
	if err != nil {
		t.Fatal(err)
	}
	r := h.Take(t.Context(), Delivery{Kind: DeliveryKind(kind), Body: []byte(body)})
	if len(r.Body) > 0 && !json.Valid(r.Body) {
		t.Errorf("the reply is %q", r.Body)
	}
	if strings.Contains(logs.String(), "broke") {
		t.Errorf("a body broke the handler: %s", logs)
	}
	if len(desk.r.Ballots) > 0 {
		t.Error("something counts without a ticket")
	}
}

// TestAnotherClickIsJudgedAnew: a refusal is that of one click, not of the button.
func TestAnotherClickIsJudgedAnew(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at := l.card("maya")
	l.desk.change(func(r *review.Request) { r.Seatings[0].Holders[0].Off = true })
	l.acked(l.click("maya", at, approving()))
	l.ballots(0)
	l.desk.change(func(r *review.Request) { r.Seatings[0].Holders[0].Off = false })
	l.clock.add(time.Second)
	l.acked(l.click("maya", at, approving()))
	l.ballots(1)
}
