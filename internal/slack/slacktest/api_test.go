package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// morning is when the tests' workspace begins; its clock stands still otherwise.
var morning = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func people() []User {
	return []User{
		{ID: "U0ANA", Name: "ana", RealName: "Ana Lima", Email: "Ana.Lima@example.com", TZ: "Europe/Lisbon"},
		{ID: "U0BO", Name: "bo", RealName: "Bo Berg", Email: "bo@example.com", QuietFrom: morning.Add(time.Hour), QuietTo: morning.Add(9 * time.Hour)},
		{ID: "U0GUEST", Name: "gus", Restricted: true, Email: "gus@example.com"},
		{ID: "U0SINGLE", Name: "sia", UltraRestricted: true},
		{ID: "U0GONE", Name: "gil", Deleted: true, Email: "gil@example.com"},
		{ID: "U0OTHER", Name: "oda", Team: "T0ELSEWHERE", Stranger: true, Email: "oda@vendor.example"},
		{ID: "U0ROBOT", Name: "robot", Bot: true},
	}
}

func start(t *testing.T, o Options) *Server {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return morning }
	}
	if o.Users == nil {
		o.Users = people()
	}
	o.Channels = append(o.Channels, Channel{ID: "C0OPEN", Name: "vendors", Members: []string{"U0TESTBOT", "U0ANA", "U0BO"}},
		Channel{ID: "C0AWAY", Name: "elsewhere", Members: []string{"U0ANA"}}, Channel{ID: "C0HIDDEN", Name: "hidden", Kind: Private, Members: []string{"U0ANA"}},
		Channel{ID: "C0SHARED", Name: "shared", ExtShared: true, Members: []string{"U0TESTBOT", "U0OTHER"}},
		Channel{ID: "C0OLD", Name: "old", Archived: true, Members: []string{"U0TESTBOT"}})
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// object is JSON as it came over the wire.
type object = map[string]any

func send(t *testing.T, r *http.Request) (*http.Response, object) {
	t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var said object
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(raw, &said); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
	}
	return resp, said
}

func request(t *testing.T, s *Server, method, kind, body, token string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.URL()+"/api/"+method, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

// call is one with a form, as pairs of names and values.
func call(t *testing.T, s *Server, method string, pairs ...string) object {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	_, said := send(t, request(t, s, method, "application/x-www-form-urlencoded", form.Encode(), s.Options().BotToken))
	return said
}

func refused(t *testing.T, said object, code string) {
	t.Helper()
	if said["ok"] != false || said["error"] != code {
		t.Errorf("the answer is %v, not the error %s", said, code)
	}
}

func fine(t *testing.T, said object) object {
	t.Helper()
	if said["ok"] != true {
		t.Fatalf("refused: %v", said)
	}
	return said
}

func under(v any, path ...string) any {
	for _, key := range path {
		o, _ := v.(object)
		v = o[key]
	}
	return v
}

func TestTokens(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	form, o := "application/x-www-form-urlencoded", s.Options()
	for _, test := range []struct{ name, method, body, token, code string }{
		{"none", "auth.test", "", "", "not_authed"},
		{"unknown", "auth.test", "", "xoxb-other", "invalid_auth"},
		{"of the app", "chat.postMessage", "channel=C0OPEN&text=a", o.AppToken, "not_allowed_token_type"},
		{"of the bot", "apps.connections.open", "", o.BotToken, "not_allowed_token_type"},
		{"no such method", "auth.guess", "", o.BotToken, "unknown_method"},
	} {
		_, said := send(t, request(t, s, test.method, form, test.body, test.token))
		refused(t, said, test.code)
	}
	_, said := send(t, request(t, s, "auth.test", form, "token="+o.BotToken, ""))
	if fine(t, said); said["team_id"] != o.Team || said["user_id"] != o.BotUser || said["bot_id"] != o.Bot || said["url"] != "https://test.slack.com/" {
		t.Errorf("auth.test says %v", said)
	}
	_, said = send(t, request(t, s, "auth.test?token="+o.BotToken, form, "", ""))
	refused(t, said, "not_authed") // in the address it would be in logs
	_, said = send(t, request(t, s, "auth.test", "application/json; charset=utf-8", `{"token":"`+o.BotToken+`"}`, ""))
	refused(t, said, "not_authed") // JSON has its token in a header
	s.Revoke(o.BotToken)
	refused(t, call(t, s, "auth.test"), "token_revoked")
}

func TestMissingScope(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Scopes: []string{"users:read", "im:write"}})
	said := call(t, s, "chat.postMessage", "channel", "C0OPEN", "text", "a")
	refused(t, said, "missing_scope")
	if said["needed"] != "chat:write" || said["provided"] != "users:read,im:write" {
		t.Errorf("missing_scope says %v", said)
	}
	if _, has := under(fine(t, call(t, s, "users.info", "user", "U0ANA")), "user", "profile").(object)["email"]; has {
		t.Error("an address is told without users:read.email")
	}
	s.Grant("chat:write")
	fine(t, call(t, s, "chat.postMessage", "channel", "C0OPEN", "text", "a"))
}

func TestBodies(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, test := range []struct{ kind, body, code string }{
		{"application/json; charset=utf-8", `{"channel":"C0OPEN","text":"a","blocks":[{"type":"divider"}],"unfurl_links":false}`, ""},
		{"application/json", `{"channel":"C0OPEN","text":"a","blocks":"[{\"type\":\"divider\"}]"}`, ""},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"channel\"\r\n\r\nC0OPEN\r\n--x\r\n" +
			"Content-Disposition: form-data; name=\"text\"\r\n\r\na\r\n--x--\r\n", ""},
		{"application/json", `[1]`, "json_not_object"},
		{"application/json", `{`, "invalid_json"},
		{"application/json; charset=koi8-r", `{}`, "invalid_charset"},
		{"application/xml", `<a/>`, "invalid_post_type"},
		{"", `a=b`, "missing_post_type"},
		{"application/x-www-form-urlencoded", `%zz`, "invalid_form_data"},
	} {
		_, said := send(t, request(t, s, "chat.postMessage", test.kind, test.body, s.Options().BotToken))
		if test.code == "" {
			fine(t, said)
		} else {
			refused(t, said, test.code)
		}
	}
	// A method that takes forms only does not look at JSON.
	_, said := send(t, request(t, s, "users.info", "application/json", `{"user":"U0ANA"}`, s.Options().BotToken))
	refused(t, said, "user_not_found")
}

func TestPeople(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Enterprise: "E0TEST", Groups: []Group{{ID: "S0LEGAL", Handle: "legal", Users: []string{"U0ANA"}}, {ID: "S0PAST", Disabled: true}}})
	user := func(id string) object { return fine(t, call(t, s, "users.info", "user", id))["user"].(object) }
	ana := user("U0ANA")
	if ana["tz"] != "Europe/Lisbon" || ana["tz_offset"] != 0.0 || under(ana, "profile", "email") != "Ana.Lima@example.com" ||
		under(ana, "enterprise_user", "enterprise_id") != "E0TEST" || ana["is_restricted"] != false {
		t.Errorf("ana is %v", ana)
	}
	for id, want := range map[string]string{"U0GUEST": "is_restricted", "U0SINGLE": "is_ultra_restricted", "U0GONE": "deleted", "U0OTHER": "is_stranger",
		"U0ROBOT": "is_bot"} {
		if user(id)[want] != true {
			t.Errorf("%s is not %s: %v", id, want, user(id))
		}
	}
	if user("U0OTHER")["team_id"] != "T0ELSEWHERE" {
		t.Error("somebody of another workspace is of this one")
	}
	refused(t, call(t, s, "users.info", "user", "U0NOBODY"), "user_not_found")
	if got := under(fine(t, call(t, s, "users.lookupByEmail", "email", "ana.lima@EXAMPLE.com")), "user", "id"); got != "U0ANA" {
		t.Errorf("the address is %v's", got)
	}
	for _, email := range []string{"", "gil@example.com", "oda@vendor.example", "nobody@example.com"} {
		refused(t, call(t, s, "users.lookupByEmail", "email", email), "users_not_found")
	}
	said := fine(t, call(t, s, "dnd.info", "user", "U0BO"))
	if said["dnd_enabled"] != true || said["next_dnd_end_ts"] != float64(morning.Add(9*time.Hour).Unix()) {
		t.Errorf("dnd.info says %v", said)
	}
	if said := fine(t, call(t, s, "usergroups.list", "include_users", "true")); len(said["usergroups"].([]any)) != 1 {
		t.Errorf("the groups are %v", said)
	}
	if said := fine(t, call(t, s, "usergroups.users.list", "usergroup", "S0LEGAL")); !cmp.Equal(said["users"], []any{"U0ANA"}) {
		t.Errorf("the group is %v", said)
	}
	refused(t, call(t, s, "usergroups.users.list", "usergroup", "S0PAST"), "no_such_subteam")
	if said := fine(t, call(t, s, "team.info")); under(said, "team", "enterprise_id") != "E0TEST" {
		t.Errorf("the team is %v", said)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	var all []string
	cursor := ""
	for range 10 {
		said := fine(t, call(t, s, "users.list", "limit", "3", "cursor", cursor))
		for _, m := range said["members"].([]any) {
			all = append(all, m.(object)["id"].(string))
		}
		if cursor = under(said, "response_metadata", "next_cursor").(string); cursor == "" {
			break
		}
	}
	if want := []string{"U0ANA", "U0BO", "U0GONE", "U0GUEST", "U0OTHER", "U0ROBOT", "U0SINGLE", "U0TESTBOT"}; !slices.Equal(all, want) {
		t.Errorf("page by page: %v", all)
	}
	refused(t, call(t, s, "users.list", "cursor", "?"), "invalid_cursor")
}

func TestConversations(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	said := fine(t, call(t, s, "conversations.open", "users", "U0ANA"))
	dm, _ := under(said, "channel", "id").(string)
	if !strings.HasPrefix(dm, "D") || said["already_open"] != nil || s.DM("U0ANA") != dm {
		t.Errorf("opening says %v", said)
	}
	said = fine(t, call(t, s, "conversations.open", "users", "U0ANA", "return_im", "true"))
	if said["already_open"] != true || under(said, "channel", "id") != dm || under(said, "channel", "user") != "U0ANA" {
		t.Errorf("opening again says %v", said)
	}
	said = fine(t, call(t, s, "conversations.open", "users", "U0ANA,U0BO"))
	if id, _ := under(said, "channel", "id").(string); !strings.HasPrefix(id, "G") {
		t.Errorf("opening with two says %v", said)
	}
	for users, code := range map[string]string{"": "users_list_not_supplied", "U0NOBODY": "user_not_found", "U0GONE": "user_disabled",
		"1,2,3,4,5,6,7,8,9": "too_many_users"} {
		refused(t, call(t, s, "conversations.open", "users", users), code)
	}
	info := func(id string) object {
		return fine(t, call(t, s, "conversations.info", "channel", id))["channel"].(object)
	}
	if c := info("C0SHARED"); c["is_ext_shared"] != true || c["is_member"] != true || c["is_private"] != false {
		t.Errorf("the shared channel is %v", c)
	}
	if c := info("C0AWAY"); c["is_member"] != false {
		t.Errorf("the other channel is %v", c)
	}
	if c := info(dm); c["is_im"] != true {
		t.Errorf("the direct conversation is %v", c)
	}
	refused(t, call(t, s, "conversations.info", "channel", "C0HIDDEN"), "channel_not_found")
	made := fine(t, call(t, s, "conversations.create", "name", "vendor-acme", "is_private", "true"))
	id, _ := under(made, "channel", "id").(string)
	fine(t, call(t, s, "conversations.invite", "channel", id, "users", "U0ANA,U0BO"))
	refused(t, call(t, s, "conversations.invite", "channel", id, "users", "U0ANA"), "already_in_channel")
	refused(t, call(t, s, "conversations.create", "name", "vendor-acme"), "name_taken")
	refused(t, call(t, s, "conversations.create", "name", "Vendor Acme"), "invalid_name_specials")
	fine(t, call(t, s, "conversations.join", "channel", "C0AWAY"))
	fine(t, call(t, s, "chat.postMessage", "channel", "C0AWAY", "text", "a"))
}

func TestRates(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	post := func(channel string) (*http.Response, object) {
		return send(t, request(t, s, "chat.postMessage", "application/x-www-form-urlencoded", "text=a&channel="+channel, s.Options().BotToken))
	}
	for range burst {
		_, said := post("C0OPEN")
		fine(t, said)
	}
	resp, said := post("C0OPEN")
	if refused(t, said, "ratelimited"); resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "1" {
		t.Errorf("too fast is answered %d, Retry-After %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
	_, said = post("C0SHARED")
	fine(t, said) // another channel
	s.Advance(time.Second)
	_, said = post("C0OPEN")
	fine(t, said)
	_, said = post("C0OPEN")
	refused(t, said, "ratelimited")
	for range tier2 {
		fine(t, call(t, s, "users.list"))
	}
	refused(t, call(t, s, "users.list"), "ratelimited")
	s.Advance(3 * time.Second) // 20 a minute is one in three seconds
	fine(t, call(t, s, "users.list"))
	refused(t, call(t, s, "users.list"), "ratelimited")
}

func TestFailures(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	post := func() (*http.Response, object) {
		return send(t, request(t, s, "chat.postMessage", "application/x-www-form-urlencoded", "text=a&channel=C0OPEN", s.Options().BotToken))
	}
	s.Order(Failure{Method: "chat.update", Error: "not this"}, Failure{How: Limited, After: 7 * time.Second}, Failure{How: Limited},
		Failure{How: Unavailable}, Failure{}, Failure{Error: "fatal_error", Times: 2, Skip: 1})
	if resp, _ := post(); resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "7" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if resp, _ := post(); resp.StatusCode != 429 || resp.Header.Values("Retry-After") != nil {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if resp, _ := post(); resp.StatusCode != 503 || resp.Header.Get("Content-Type") != "text/html" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if _, said := post(); !cmp.Equal(said, object{"ok": false}) {
		t.Errorf("%v", said)
	}
	if n := len(s.Messages("")); n != 0 {
		t.Fatalf("%d messages are there although each call failed", n)
	}
	_, said := post() // skipped
	fine(t, said)
	for range 2 {
		_, said := post()
		refused(t, said, "fatal_error")
	}
	s.Order(Failure{How: Lost})
	if resp, err := http.DefaultTransport.RoundTrip(request(t, s, "chat.postMessage", "application/x-www-form-urlencoded", "text=b&channel=C0OPEN", s.Options().BotToken)); err == nil {
		t.Errorf("a lost reply came: %d", resp.StatusCode)
	}
	if all := s.Messages("C0OPEN"); len(all) != 2 || all[1].Text != "b" {
		t.Errorf("what the lost reply was about is not there: %v", all)
	}
	if got := s.Calls("chat.postMessage"); got[len(got)-1].Answer != "ok" || got[0].Answer != "ratelimited" {
		t.Errorf("the calls are %v", got)
	}
	s.Order(Failure{Times: -1})
	s.Mend()
	_, said = post()
	fine(t, said)
}

func TestHeldAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	s.Order(Failure{How: Held, Method: "chat.postMessage"})
	var wg sync.WaitGroup
	wg.Go(func() { fine(t, call(t, s, "chat.postMessage", "channel", "C0OPEN", "text", "a")) })
	if err := s.Wait(t.Context(), func() bool { return s.Waiting() == 1 && len(s.Messages("")) == 1 }); err != nil {
		t.Fatal(err)
	}
	s.Release()
	wg.Wait()
	if s.Waiting() != 0 {
		t.Error("it is still held")
	}
}

func TestOnlyLoopback(t *testing.T) {
	t.Parallel()
	if s, err := New(Options{Address: "0.0.0.0:0"}); err == nil {
		t.Error("it listens to everybody", s.Close())
	}
}
