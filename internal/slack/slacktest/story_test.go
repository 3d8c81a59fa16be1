package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const storyCard = `[{"type":"header","text":{"type":"plain_text","text":"Contract review — Acme"}},` +
	`{"type":"section","block_id":"why","fields":[{"type":"mrkdwn","text":"*Vendor*\nAcme &amp; Sons"},{"type":"mrkdwn","text":"*Due*\n<!date^1795770000^{date_long}|Fri 27 Nov 2026>"}]},` +
	`{"type":"actions","block_id":"b1","elements":[` +
	`{"type":"button","action_id":"approve","text":{"type":"plain_text","text":"Approve"},"value":"v1","confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"plain_text","text":"You approve as Legal."},"confirm":{"type":"plain_text","text":"Yes"},"deny":{"type":"plain_text","text":"No"}}},` +
	`{"type":"button","action_id":"changes","text":{"type":"plain_text","text":"Request changes…"},"value":"v1"},` +
	`{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Delegate…"},"value":"delegate"},{"text":{"type":"plain_text","text":"Snooze"},"value":"snooze"}]}]}]`

const storyModal = `{"type":"modal","callback_id":"changes","title":{"type":"plain_text","text":"Request changes"},"submit":{"type":"plain_text","text":"Send"},"blocks":[` +
	`{"type":"input","block_id":"what","label":{"type":"plain_text","text":"What must change"},"element":{"type":"plain_text_input","action_id":"typed","multiline":true}},` +
	`{"type":"input","block_id":"seat","optional":true,"label":{"type":"plain_text","text":"Seat"},"element":{"type":"radio_buttons","action_id":"typed","options":[{"text":{"type":"plain_text","text":"Legal"},"value":"l"},{"text":{"type":"plain_text","text":"Security"},"value":"s"}]}},` +
	`{"type":"input","block_id":"whom","optional":true,"label":{"type":"plain_text","text":"To whom"},"element":{"type":"static_select","action_id":"typed","options":[{"text":{"type":"plain_text","text":"Bo Berg"},"value":"bo"},{"text":{"type":"plain_text","text":"Dora"},"value":"dora"}]}},` +
	`{"type":"input","block_id":"read","optional":true,"label":{"type":"plain_text","text":"I have read this version in full"},"element":{"type":"checkboxes","action_id":"typed","options":[{"text":{"type":"plain_text","text":"I confirm this"},"value":"read"}]}},` +
	`{"type":"input","block_id":"data","optional":true,"label":{"type":"plain_text","text":"Data"},"element":{"type":"checkboxes","action_id":"typed","options":[{"text":{"type":"plain_text","text":"Personal"},"value":"p"},{"text":{"type":"plain_text","text":"Payroll"},"value":"y"}]}},` +
	`{"type":"input","block_id":"until","optional":true,"label":{"type":"plain_text","text":"Until"},"element":{"type":"datepicker","action_id":"typed"}},` +
	`{"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"Anybody"},"element":{"type":"users_select","action_id":"typed"}}]}`

// teller is an app that plays its part in a story: it opens a modal for "changes",
// sends that back once, and updates the card with what came.
type teller struct {
	s      *Server
	t      *testing.T
	forms  int
	values string
	quiet  bool // acknowledges nothing
}

func (a *teller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	call := func(method string, pairs ...string) {
		values := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		_, said := send(a.t, request(a.t, a.s, method, "application/x-www-form-urlencoded", values.Encode(), a.s.Options().BotToken))
		if said["ok"] != true {
			a.t.Errorf("%s: %v", method, said)
		}
	}
	var p object
	_ = json.Unmarshal([]byte(form.Get("payload")), &p)
	channel, ts := under(p, "container", "channel_id"), under(p, "container", "message_ts")
	switch {
	case a.quiet:
		w.WriteHeader(http.StatusInternalServerError)
	case form.Get("command") != "":
		_, _ = io.WriteString(w, `{"response_type":"ephemeral","text":"*2* requests wait for you"}`)
	case p["type"] == "block_actions":
		act := p["actions"].([]any)[0].(object)
		switch id := act["action_id"]; id {
		case "changes":
			call("views.open", "trigger_id", p["trigger_id"].(string), "view", storyModal)
		case "more":
			chosen := under(act, "selected_option", "value").(string)
			call("chat.postMessage", "channel", channel.(string), "thread_ts", ts.(string), "text", "noted: "+chosen)
		default:
			call("chat.update", "channel", channel.(string), "ts", ts.(string), "text", "Approved", "blocks",
				`[{"type":"section","text":{"type":"mrkdwn","text":"*You answered: Approve*, <@U0BO> comes next"}}]`)
		}
	case p["type"] == "view_submission":
		raw, _ := json.Marshal(under(p, "view", "state", "values"))
		a.values = string(raw)
		if a.forms++; a.forms == 1 {
			_, _ = io.WriteString(w, `{"response_action":"errors","errors":{"what":"Say more, your text is kept."}}`)
		}
	default:
		var event object
		if _ = json.Unmarshal(body, &event); under(event, "event", "type") == "app_home_opened" {
			call("views.publish", "user_id", under(event, "event", "user").(string), "view", `{"type":"home","blocks":[`+
				`{"type":"section","block_id":"r1","text":{"type":"mrkdwn","text":"One"},"accessory":{"type":"button","action_id":"open","text":{"type":"plain_text","text":"Answer…"},"accessibility_label":"Answer…: One"}},`+
				`{"type":"section","block_id":"r2","text":{"type":"mrkdwn","text":"Two"},"accessory":{"type":"button","action_id":"open","text":{"type":"plain_text","text":"Answer…"},"accessibility_label":"Answer…: Two"}}]}`)
		}
	}
}

func tell(t *testing.T) (*Server, *teller) {
	t.Helper()
	a := &teller{t: t}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.s = Start(t, Options{RequestURL: server.URL, Now: func() time.Time { return morning }, Users: people(),
		Channels: []Channel{{ID: "C0OPEN", Name: "vendors", Members: []string{"U0TESTBOT", "U0ANA"}}}})
	return a.s, a
}

func TestStory(t *testing.T) {
	t.Parallel()
	s, app := tell(t)
	ana := s.Person("ana.lima@example.com")
	go call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Review needed", "blocks", storyCard)
	card := ana.Expect(t, "Contract review", "Acme & Sons", "Due Fri 27 Nov 2026")
	card.Offers(t, "Approve", "Request changes", "Delegate")
	card.OffersNot(t, "Reject")

	card.Button("Request changes").Click(t)
	form := ana.Modal(t, "Request changes")
	form.Fill("What must change", "the price").Choose("Seat", "Security").Choose("To whom", "Bo Berg").Check("I have read this version in full").
		Check("Payroll").Check("Personal").Date("Until", "2026-12-24").Choose("Anybody", "bo").Submit(t)
	form.Wrong(t, "What must change", "your text is kept")
	form.Holds(t, "What must change", "the price")
	form.Holds(t, "Seat", "Security")
	form.Holds(t, "Data", "Payroll", "Personal")
	form.Fill("What must change", "the price, to 900").Submit(t)
	form.Gone(t)
	for _, want := range []string{`"value":"the price, to 900"`, `"selected_date":"2026-12-24"`, `"selected_user":"U0BO"`, `"value":"read"`, `"value":"bo"`, `"value":"s"`, `"value":"y"`} {
		if !strings.Contains(app.values, want) {
			t.Errorf("%s is not in %s", want, app.values)
		}
	}

	card.Menu("Delegate").Click(t)
	card.Thread().Expect(t, "noted: delegate")
	card.As(s.Person("bo")).Menu("Snooze").Click(t)
	ana.Expect(t, "noted: snooze")

	card.Button("Approve").Asking("Sure?", "as Legal").Click(t)
	card.Says(t, "You answered: Approve, @Bo Berg comes next")
	card.SaysNot(t, "Contract review")
	card.OffersNot(t, "Approve", "Delegate")
	if got := card.Message().Earlier; len(got) != 1 {
		t.Errorf("%d versions are before", len(got))
	}
	ana.Slash(t, "/vendor", "waiting")
	ana.Private(t, "2 requests wait for you")

	home := ana.Home(t)
	home.Says(t, "One", "Two")
	if err := Try(t.Context(), func(t T) { home.Button("Answer").Click(t) }); err == nil || !strings.Contains(err.Error(), "there are 2 of them") {
		t.Errorf("one of two was clicked: %v", err)
	}
	s.Channel("#vendors")
	go call(t, s, "chat.postMessage", "channel", "C0OPEN", "text", "Acme has begun")
	s.Channel("vendors").Expect(t, "Acme has begun")
}

func TestSlashWithoutAConversation(t *testing.T) {
	t.Parallel()
	s, _ := tell(t)
	s.Person("bo").Slash(t, "/vendor", "waiting")
	s.Person("U0BO").Private(t, "2 requests")
}

// impatient is a context that is over as soon as nothing more comes by itself.
func impatient(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestStoriesFail(t *testing.T) {
	t.Parallel()
	s, app := tell(t)
	s.Whatever("ana", "vendors")
	fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Review needed", "blocks", storyCard))
	ana := s.Person("ana")
	card := ana.Expect(t, "Contract review")
	card.Button("Request changes").Click(t)
	form := ana.Modal(t, "Request changes")
	for want, story := range map[string]func(T){
		"acting as nobody: there is no such user":                func(t T) { s.Person("nobody").Expect(t) },
		"waiting for a message with “Contract review” to ana":    func(t T) { ana.Expect(t, "Contract review") },
		"reading #none: there is no such channel":                func(t T) { s.Channel("none").Expect(t) },
		"waiting for “Reject” to click":                          func(t T) { card.Button("Reject").Click(t) },
		"waiting for “Approve” to click":                         func(t T) { card.Menu("Approve").Click(t) },
		"asked before is “Sure?\nYou approve as Legal.”":         func(t T) { card.Button("Approve").Asking("as Security").Click(t) },
		"clicking “Request changes”: asked before is “”":         func(t T) { card.Button("Request changes").Asking("Sure?").Click(t) },
		"to say “Contract review”, “nonsense”":                   func(t T) { card.Says(t, "Contract review", "nonsense") },
		"to say no more “Contract review”":                       func(t T) { card.SaysNot(t, "Contract review") },
		"to be gone":                                             func(t T) { card.Gone(t) },
		"to offer “Approve”, “Reject”":                           func(t T) { card.Offers(t, "Approve", "Reject") },
		"to offer no more “Approve”":                             func(t T) { card.OffersNot(t, "Approve") },
		"waiting for the modal “Reject” of ana":                  func(t T) { ana.Modal(t, "Reject") },
		"there is no input “Why”, but “What must change”":        func(t T) { form.Fill("Why", "a").Submit(t) },
		"“Seat” is a radio_buttons":                              func(t T) { form.Fill("Seat", "a").Submit(t) },
		"it offers “Legal”, “Security”":                          func(t T) { form.Choose("Seat", "Owner").Submit(t) },
		"there is no user carl":                                  func(t T) { form.Choose("Anybody", "carl").Submit(t) },
		"there is no box “Data”":                                 func(t T) { form.Check("Data").Submit(t) },
		"beside “Seat” stands “”":                                func(t T) { form.Wrong(t, "Seat") },
		"“Seat” holds “”, not “Legal”":                           func(t T) { form.Holds(t, "Seat", "Legal") },
		"waiting for a warning with “Slow” to ana":               func(t T) { ana.Warned(t, "Slow") },
		"waiting for a message with “a” for nobody but ana":      func(t T) { ana.Private(t, "a") },
		"waiting for a message with “Contract” in the thread":    func(t T) { card.Thread().Expect(t, "Contract") },
		"clicking “Approve”: acting as carl: there is no such u": func(t T) { card.As(s.Person("carl")).Button("Approve").Click(t) },
	} {
		err := Try(impatient(t), story)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the story should have failed with %q: %v", want, err)
		}
	}
	app.quiet = true
	card.Button("Approve").Click(t)
	ana.Warned(t, "")
	form.Fill("What must change", "a").Submit(t)
	ana.Warned(t, "connecting")
}

func TestNothingElse(t *testing.T) {
	t.Parallel()
	s, app := tell(t)
	left := func() string {
		err := Try(t.Context(), func(t T) { s.NothingElse(t) })
		if err == nil {
			return ""
		}
		return err.Error()
	}
	holds := func(wants ...string) {
		t.Helper()
		got := left()
		if strings.Count(got, "not expected") != len(wants) {
			t.Errorf("not %d things: %s", len(wants), got)
		}
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in %s", want, got)
			}
		}
	}
	s.Say("U0ANA", "C0OPEN", "people may write") // nobody's business
	holds()
	fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Review", "blocks", storyCard))
	holds("a message to Ana Lima: “Contract review")
	ana := s.Person("ana")
	card := ana.Expect(t, "Contract review")
	said := fine(t, call(t, s, "chat.postMessage", "channel", "C0OPEN", "text", "board"))
	fine(t, call(t, s, "chat.delete", "channel", "C0OPEN", "ts", said["ts"].(string)))
	holds("a message in #vendors: “board (deleted)”")
	s.Whatever("vendors")
	fine(t, call(t, s, "chat.postEphemeral", "channel", "C0OPEN", "user", "U0ANA", "text", "you can't"))
	holds("a message for nobody but Ana Lima: “you can't”")
	ana.Private(t, "you can't")
	card.Button("Request changes").Click(t)
	holds("the modal “Request changes” of Ana Lima")
	form := ana.Modal(t, "Request changes")
	form.Submit(t)
	holds("an error in the modal “Request changes” of Ana Lima, at what: “Please complete")
	form.Wrong(t, "What must change")
	holds()
	form.Submit(t)
	holds("an error in the modal")
	form.Close(t)
	app.quiet = true
	card.Button("Approve").Click(t)
	holds("a warning to U0ANA")
	ana.Warned(t)
	s.Advance(time.Second)
	fine(t, call(t, s, "chat.postMessage", "channel", "U0BO", "blocks", storyCard))
	holds("a message to Bo Berg", "a fault: chat.postMessage: blocks without a text")
	s.Whatever("bo")
	holds("a fault: ")
	s.mu.Lock()
	s.faults = nil
	s.mu.Unlock()
}

func TestTryLetsPanicsThrough(t *testing.T) {
	t.Parallel()
	defer func() {
		if r := recover(); fmt.Sprint(r) != "a fault of the story's own" {
			t.Errorf("recovered %v", r)
		}
	}()
	_ = Try(t.Context(), func(T) { panic("a fault of the story's own") })
}

// TestStoriesTellApart: what stands elsewhere, is for others, or was deleted is
// not what a story waits for.
func TestStoriesTellApart(t *testing.T) {
	t.Parallel()
	s, _ := tell(t)
	s.Whatever("ana", "bo", "vendors")
	ana, bo, vendors := s.Person("ana"), s.Person("bo"), s.Channel("vendors")
	post := func(channel, text string, more ...string) string {
		s.Advance(time.Second)
		return fine(t, call(t, s, "chat.postMessage", append([]string{"channel", channel, "text", text}, more...)...))["ts"].(string)
	}
	missing := func(what string, story func(T)) {
		t.Helper()
		if err := Try(impatient(t), story); err == nil {
			t.Errorf("the story found %s", what)
		}
	}
	post("U0ANA", "hello")
	post("U0BO", "hello")
	ana.Expect(t, "hello")
	missing("what is for bo", func(t T) { ana.Expect(t, "hello") })
	fine(t, call(t, s, "chat.postEphemeral", "channel", s.DM("U0ANA"), "user", "U0ANA", "text", "in private"))
	missing("what is private", func(t T) { ana.Expect(t, "in private") })
	fine(t, call(t, s, "chat.postEphemeral", "channel", "C0OPEN", "user", "U0ANA", "text", "in private"))
	missing("what only ana sees", func(t T) { vendors.Expect(t, "in private") })
	missing("what bo does not see", func(t T) { bo.Private(t, "in private") })

	post("C0OPEN", "one")
	other := post("C0OPEN", "other")
	post("C0OPEN", "below", "thread_ts", other)
	missing("a reply to another", func(t T) { vendors.Expect(t, "one").Thread().Expect(t, "below") })
	vendors.Expect(t, "other").Thread().Expect(t, "below")
}

func TestStoriesOfUpdates(t *testing.T) {
	t.Parallel()
	s, app := tell(t)
	ts := fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Review", "blocks", storyCard))["ts"].(string)
	ana := s.Person("ana")
	fine(t, call(t, s, "chat.update", "channel", s.DM("U0ANA"), "ts", ts, "text", "Decided elsewhere", "blocks", "[]"))
	card := ana.Expect(t, "Contract review") // as it was
	card.Says(t, "Decided elsewhere")
	fine(t, call(t, s, "chat.update", "channel", s.DM("U0ANA"), "ts", ts, "text", "Review", "blocks", storyCard))
	card.Button("Request changes").Click(t)
	form := ana.Modal(t, "Request changes")
	form.OffersNot(t, "Legal") // one chooses that, and sends it
	form.Fill("What must change", "a").Check("Personal").Submit(t)
	form.Wrong(t, "What must change")
	form.Check("Payroll").Submit(t)
	for _, want := range []string{`"value":"p"`, `"value":"y"`} {
		if !strings.Contains(app.values, want) {
			t.Errorf("%s is not in %s", want, app.values)
		}
	}
	fine(t, call(t, s, "chat.delete", "channel", s.DM("U0ANA"), "ts", ts))
	card.Gone(t)
	s.Advance(time.Second)
	ts = fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Oops"))["ts"].(string)
	fine(t, call(t, s, "chat.delete", "channel", s.DM("U0ANA"), "ts", ts))
	if err := Try(impatient(t), func(t T) { ana.Expect(t, "Oops") }); err == nil || !strings.Contains(err.Error(), "(deleted)") {
		t.Errorf("the story found a deleted message, or was not told of it: %v", err)
	}
	s.Whatever("ana")
}
