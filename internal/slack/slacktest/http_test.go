package slacktest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// app is the other side: it keeps what came and answers to order.
type app struct {
	*httptest.Server
	mu      sync.Mutex
	came    []*http.Request
	bodies  [][]byte
	answers []func(http.ResponseWriter) // in turn; none left: an empty 200
}

func listen(t *testing.T) *app {
	t.Helper()
	a := &app{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.mu.Lock()
		a.came, a.bodies = append(a.came, r), append(a.bodies, body)
		var answer func(http.ResponseWriter)
		if len(a.answers) > 0 {
			answer, a.answers = a.answers[0], a.answers[1:]
		}
		a.mu.Unlock()
		if answer != nil {
			answer(w)
		}
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *app) order(answers ...func(http.ResponseWriter)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answers = append(a.answers, answers...)
}

func (a *app) last(t *testing.T) (*http.Request, []byte) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.came) == 0 {
		t.Fatal("nothing came")
	}
	return a.came[len(a.came)-1], a.bodies[len(a.bodies)-1]
}

// payload is that of the last interaction.
func (a *app) payload(t *testing.T) object {
	t.Helper()
	_, body := a.last(t)
	form, err := url.ParseQuery(string(body))
	if err != nil {
		t.Fatal(err)
	}
	var p object
	if err := json.Unmarshal([]byte(form.Get("payload")), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func says(text string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { _, _ = io.WriteString(w, text) }
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

func done(t *testing.T) func(Outcome, error) Outcome {
	t.Helper()
	return func(out Outcome, err error) Outcome {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// card posts one to ana and says where.
func card(t *testing.T, s *Server) (channel, ts string) {
	t.Helper()
	said := fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Please review", "blocks", button))
	return said["channel"].(string), said["ts"].(string)
}

func TestClicksOverHTTP(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL, Enterprise: "E0TEST"})
	channel, ts := card(t, s)
	if out := done(t)(s.Click("U0ANA", channel, ts, "approve")); !out.Acked || out.Saw != "" || out.Status != 200 {
		t.Errorf("the click came to %v", out)
	}
	r, body := a.last(t)
	stamp := r.Header.Get("X-Slack-Request-Timestamp")
	mac := hmac.New(sha256.New, []byte(s.Options().Secret))
	mac.Write([]byte("v0:" + stamp + ":" + string(body)))
	if got := r.Header.Get("X-Slack-Signature"); got != "v0="+hex.EncodeToString(mac.Sum(nil)) || stamp != strconv.FormatInt(morning.Unix(), 10) {
		t.Errorf("signed %s at %s", got, stamp)
	}
	if r.URL.RawQuery != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		t.Errorf("%s %v", r.URL, r.Header)
	}
	p := a.payload(t)
	for _, want := range []struct {
		value any
		path  []string
	}{
		{"block_actions", []string{"type"}}, {"A0TEST", []string{"api_app_id"}}, {"T0TEST", []string{"team", "id"}},
		{"E0TEST", []string{"enterprise", "id"}}, {"U0ANA", []string{"user", "id"}}, {"ana", []string{"user", "username"}},
		{"T0TEST", []string{"user", "team_id"}}, {"message", []string{"container", "type"}}, {ts, []string{"container", "message_ts"}},
		{channel, []string{"container", "channel_id"}}, {false, []string{"container", "is_ephemeral"}}, {channel, []string{"channel", "id"}},
		{"directmessage", []string{"channel", "name"}}, {ts, []string{"message", "ts"}}, {"Please review", []string{"message", "text"}},
	} {
		if got := under(p, want.path...); got != want.value {
			t.Errorf("%v is %v, not %v", want.path, got, want.value)
		}
	}
	act := p["actions"].([]any)[0].(object)
	if act["action_id"] != "approve" || act["block_id"] != "b1" || act["value"] != "v1" || act["type"] != "button" || act["action_ts"] == nil {
		t.Errorf("the action is %v", act)
	}
	if len(under(p, "message", "blocks").([]any)) != 2 || under(p, "state", "values") == nil {
		t.Errorf("the payload is %v", p)
	}
	fine(t, call(t, s, "views.open", "trigger_id", p["trigger_id"].(string), "view", with("a")))
	done(t)(s.Click("U0ANA", channel, ts, "more", "delegate"))
	act = a.payload(t)["actions"].([]any)[0].(object)
	if under(act, "selected_option", "value") != "delegate" || act["type"] != "overflow" {
		t.Errorf("the choice is %v", act)
	}
	for _, wrong := range [][]string{{"U0NOBODY", ts, "approve"}, {"U0ANA", "1.000000", "approve"}, {"U0ANA", ts, "guess"}, {"U0ANA", ts, "more", "x"}, {"U0ANA", ts, "more"}} {
		if _, err := s.Click(wrong[0], channel, wrong[1], wrong[2], wrong[3:]...); err == nil {
			t.Errorf("%v clicked", wrong)
		}
	}
}

func TestUnansweredClicks(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL, Patience: 100 * time.Millisecond})
	channel, ts := card(t, s)
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	a.order(status(500), func(http.ResponseWriter) { <-hang }, func(w http.ResponseWriter) { panic(http.ErrAbortHandler) }, status(302))
	for _, why := range []string{"http_error", "http_timeout", "connection_failed", "http_error"} {
		out := done(t)(s.Click("U0ANA", channel, ts, "approve"))
		if m, _ := s.Message(channel, ts); out.Acked || out.Saw != broken || m.Broken != why {
			t.Errorf("%s: %v, the message is broken by %q", why, out, m.Broken)
		}
	}
	if n := s.Notices(); len(n) != 4 || n[0].User != "U0ANA" {
		t.Errorf("people saw %v", n)
	}
	done(t)(s.Click("U0ANA", channel, ts, "approve"))
	if m, _ := s.Message(channel, ts); m.Broken != "" {
		t.Error("the triangle stays after a click that worked")
	}
}

func TestEphemeralClick(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	said := fine(t, call(t, s, "chat.postEphemeral", "channel", "C0OPEN", "user", "U0ANA", "text", "a", "blocks", button))
	ts := said["message_ts"].(string)
	done(t)(s.Click("U0ANA", "C0OPEN", ts, "approve"))
	if p := a.payload(t); p["message"] != nil || under(p, "container", "is_ephemeral") != true {
		t.Errorf("the payload is %v", p)
	}
	if _, err := s.Click("U0BO", "C0OPEN", ts, "approve"); err == nil {
		t.Error("somebody else clicked at what only ana sees")
	}
}

func TestAgainAndForged(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	channel, ts := card(t, s)
	out := done(t)(s.Click("U0ANA", channel, ts, "approve"))
	first, body := a.last(t)
	if again := s.Deliver(out.Delivery); !again.Acked {
		t.Fatalf("again: %v", again)
	}
	second, same := a.last(t)
	if string(body) != string(same) || first.Header.Get("X-Slack-Signature") != second.Header.Get("X-Slack-Signature") || first == second {
		t.Error("it is not the same once more")
	}
	forged := s.Forge(Interactive, []byte(`{"type":"block_actions"}`), "another secret", morning.Add(-time.Hour))
	forged.Query = "payload=x"
	s.Deliver(forged)
	r, _ := a.last(t)
	if r.URL.RawQuery != "payload=x" || r.Header.Get("X-Slack-Request-Timestamp") != strconv.FormatInt(morning.Add(-time.Hour).Unix(), 10) {
		t.Errorf("forged: %s %v", r.URL, r.Header)
	}
	if n := len(s.Deliveries()); n != 3 {
		t.Errorf("%d deliveries", n)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: "http://127.0.0.1:1", CommandURL: a.URL, Patience: time.Second})
	a.order(nil, says("plain"), says(`{"text":"rich","blocks":`+button+`}`), says(`{"text":"all","response_type":"in_channel"}`), says(`{"blocks":[{"type":"x"}],"text":"a"}`), status(500))
	slash := func() Outcome { t.Helper(); return done(t)(s.Slash("U0ANA", "C0OPEN", "/vendor", "show acme")) }
	if out := slash(); !out.Acked || out.Saw != "" || len(s.Messages("C0OPEN")) != 0 {
		t.Errorf("an empty answer came to %v", out)
	}
	r, body := a.last(t)
	form, _ := url.ParseQuery(string(body))
	for name, want := range map[string]string{"team_id": "T0TEST", "channel_id": "C0OPEN", "channel_name": "vendors", "user_id": "U0ANA", "user_name": "ana",
		"command": "/vendor", "text": "show acme", "api_app_id": "A0TEST", "is_enterprise_install": "false"} {
		if form.Get(name) != want {
			t.Errorf("%s is %q, not %q", name, form.Get(name), want)
		}
	}
	if r.Header.Get("X-Slack-Signature") == "" || form.Get("response_url") == "" || form.Get("trigger_id") == "" {
		t.Errorf("%v %v", r.Header, form)
	}
	slash()
	slash()
	slash()
	var got []string
	for _, m := range s.Messages("C0OPEN") {
		got = append(got, m.Text+" to "+m.Ephemeral)
	}
	if diff := cmp.Diff([]string{"plain to U0ANA", "rich to U0ANA", "all to "}, got); diff != "" {
		t.Error(diff)
	}
	for _, code := range []string{"invalid_blocks", "http_service_error"} {
		if out := slash(); out.Saw != `/vendor failed with the error "`+code+`"` {
			t.Errorf("%s: %v", code, out)
		}
	}
	a.Close()
	if out := slash(); out.Acked || !strings.Contains(out.Saw, "dispatch_failed") {
		t.Errorf("nobody there: %v", out)
	}
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	channel, ts := card(t, s)
	respond := func(to, body string) (int, object) {
		r, err := http.NewRequest(http.MethodPost, to, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		resp, said := send(t, r)
		return resp.StatusCode, said
	}
	done(t)(s.Click("U0ANA", channel, ts, "approve"))
	to := a.payload(t)["response_url"].(string)
	for i, body := range []string{`{"text":"only you"}`, `{"text":"all","response_type":"in_channel"}`, `{"text":"changed","replace_original":true}`, `{"blocks":[{"type":"x"}]}`, `{"delete_original":true}`} {
		code, said := respond(to, body)
		if i == 3 {
			refused(t, said, "invalid_blocks")
		} else if code != 200 {
			t.Errorf("%s: %d %v", body, code, said)
		}
	}
	code, said := respond(to, `{"text":"once more"}`)
	if refused(t, said, "used_url"); code != http.StatusNotFound {
		t.Errorf("a sixth use: %d", code)
	}
	all := s.Messages(channel)
	if len(all) != 3 || all[0].Text != "changed" || !all[0].Deleted || all[1].Ephemeral != "U0ANA" || all[2].Ephemeral != "" {
		t.Errorf("the messages are %v", all)
	}
	done(t)(s.Slash("U0ANA", channel, "/vendor", ""))
	_, body := a.last(t)
	form, _ := url.ParseQuery(string(body))
	s.Advance(responding + time.Second)
	_, said = respond(form.Get("response_url"), `{"text":"late"}`)
	refused(t, said, "expired_url")
}

func TestEvents(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{EventURL: a.URL})
	a.order(func(w http.ResponseWriter) {
		_, body := a.last(t)
		var e object
		_ = json.Unmarshal(body, &e)
		_, _ = io.WriteString(w, e["challenge"].(string))
	}, says("no"))
	if err := s.Challenge(); err != nil {
		t.Error(err)
	}
	if s.Challenge() == nil {
		t.Error("a wrong challenge passes")
	}
	event := func() object {
		_, body := a.last(t)
		var e object
		if err := json.Unmarshal(body, &e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	if out := done(t)(s.OpenHome("U0ANA")); !out.Acked {
		t.Errorf("opening the home tab came to %v", out)
	}
	if e := event(); e["type"] != "event_callback" || e["api_app_id"] != "A0TEST" || e["event_id"] == nil || under(e, "event", "type") != "app_home_opened" ||
		under(e, "event", "user") != "U0ANA" || under(e, "event", "tab") != "home" {
		t.Errorf("the event is %v", e)
	}
	s.SetUser(User{ID: "U0ANA", Deleted: true})
	done(t)(s.Event("user_change", "U0ANA"))
	if e := event(); under(e, "event", "user", "deleted") != true {
		t.Errorf("the event is %v", e)
	}
	a.order(status(204)) // any 2xx will do for events
	if out := done(t)(s.Event("channel_shared", "C0OPEN")); !out.Acked {
		t.Errorf("204 is no acknowledgement: %v", out)
	}
	done(t)(s.Event("tokens_revoked", ""))
	if e := event(); under(e, "event", "type") != "tokens_revoked" {
		t.Errorf("the event is %v", e)
	}
	refused(t, call(t, s, "auth.test"), "token_revoked")
	if _, err := s.Event("goodbye", ""); err == nil {
		t.Error("an unknown event passes")
	}
}

func TestEventsComeAgain(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{EventURL: a.URL})
	a.order(status(500), status(500), status(500), status(204))
	came := func(n int) {
		t.Helper()
		if err := s.Wait(t.Context(), func() bool { return len(s.Deliveries()) == n }); err != nil {
			t.Fatal(err)
		}
	}
	done(t)(s.Event("user_change", "U0ANA"))
	came(2) // once more at once
	s.Advance(59 * time.Second)
	for range 20 { // time enough for one that comes too early
		call(t, s, "auth.test")
	}
	if n := len(s.Deliveries()); n != 2 {
		t.Errorf("%d attempts within a minute", n)
	}
	s.Advance(2 * time.Second)
	came(3)
	s.Advance(4 * time.Minute)
	came(4)
	first, last := s.Deliveries()[0], s.Deliveries()[3]
	if at := s.Deliveries()[2].Header.Get("X-Slack-Request-Timestamp"); at != strconv.FormatInt(morning.Add(61*time.Second).Unix(), 10) {
		t.Errorf("the second retry is at %s, not after a minute", at)
	}
	if last.Header.Get("X-Slack-Retry-Num") != "3" || last.Header.Get("X-Slack-Retry-Reason") != "http_error" || string(first.Body) != string(last.Body) {
		t.Errorf("the last attempt is %v", last)
	}
}
