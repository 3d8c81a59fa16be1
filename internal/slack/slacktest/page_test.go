package slacktest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestPageShowsEveryBlock(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	said := fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "for phones", "blocks", `[
		{"type":"header","text":{"type":"plain_text","text":"The *header*"}},
		{"type":"divider"},
		{"type":"section","text":{"type":"mrkdwn","text":"*bold* _slanted_ ~gone~ `+"`code`"+` snake_case_name 2*3*4\n> quoted <https://example.com/a?b=1&amp;c=2|a link>\n`+"```in *code*```"+`\n<@U0BO> in <#C0OPEN> by <!date^1^{date}|1 Jan 1970>, <!here>"},
		 "accessory":{"type":"button","action_id":"side","text":{"type":"plain_text","text":"Beside"}}},
		{"type":"section","fields":[{"type":"mrkdwn","text":"*Vendor*\nAcme"},{"type":"plain_text","text":"*not bold*"}]},
		{"type":"context","elements":[{"type":"mrkdwn","text":"small"},{"type":"image","image_url":"https://example.com/p.png","alt_text":"a picture"}]},
		{"type":"image","image_url":"https://example.com/p.png","alt_text":"another picture"},
		{"type":"markdown","text":"# as it is"},
		{"type":"actions","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Open"},"url":"https://example.com/open"},
		 {"type":"static_select","action_id":"s","placeholder":{"type":"plain_text","text":"Which seat"},"option_groups":[{"label":{"type":"plain_text","text":"Seats"},"options":[{"text":{"type":"plain_text","text":"Legal"},"value":"l"}]}]},
		 {"type":"datepicker","action_id":"d","initial_date":"2026-12-24"},{"type":"users_select","action_id":"u"},
		 {"type":"checkboxes","action_id":"c","options":[{"text":{"type":"mrkdwn","text":"*A box*"},"value":"b"}]},
		 {"type":"overflow","action_id":"o","options":[{"text":{"type":"plain_text","text":"Delegate"},"value":"d"},{"text":{"type":"plain_text","text":"Details"},"value":"u","url":"https://example.com/details"}]}]},
		{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"rich words"}]}]}]`))
	v := visit(t, s, "in?user=U0ANA&channel="+said["channel"].(string))
	v.reads("The *header*", "bold slanted gone code snake_case_name 2*3*4", "quoted a link", "in *code*", "@Bo Berg in #vendors by 1 Jan 1970, @here", "Beside", "Vendor Acme",
		"*not bold*", "small", "a picture", "another picture", "# as it is", "Open ↗", "Which seat", "Legal", "A box", "Delegate", "Details ↗", "rich words")
	v.readsNot("for phones", "does not draw")
	for _, want := range []string{"<strong>bold</strong>", "<em>slanted</em>", "<s>gone</s>", "<code>code</code>", "<blockquote", `href="https://example.com/a?b=1&amp;c=2"`, `<div class="code">`,
		`href="https://example.com/open"`, `href="https://example.com/details"`, `<optgroup label="Seats">`, `value="2026-12-24"`, "<hr>", `<h3 dir="auto">`} {
		if !strings.Contains(v.body, want) {
			t.Errorf("%s is not in %s", want, v.body)
		}
	}
}

func TestPageClickedThrough(t *testing.T) {
	t.Parallel()
	s, app := tell(t)
	s.Whatever("ana", "bo", "vendors")
	fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Review needed", "blocks", storyCard))
	v := visit(t, s, "")
	v.reads("Ana Lima @ana", "gus @gus guest", "gil @gil deactivated", "oda @oda of another workspace")
	v.readsNot("robot", "Gangway")
	v.get("home?user=U0ANA")
	v.reads("The app has not shown anything here yet.", "Messages", "#vendors")
	v.press("Home")
	v.reads("One", "Two", "Answer…")

	v.get("in?user=U0ANA&channel=" + s.DM("U0ANA"))
	v.reads("Contract review — Acme", "Acme & Sons", "Fri 27 Nov 2026")
	v.press("Request changes…")
	v.reads("What must change", "Until (optional)")
	v.fill("What must change", "the price,\r\nand soon")
	v.tick("Security")
	v.tick("I confirm this")
	v.tick("Payroll")
	v.fill("To whom (optional)", "Dora")
	v.fill("Until (optional)", "2026-12-24")
	v.press("Send")
	v.reads("Say more, your text is kept.", "the price, and soon") // and all of it is there again
	if !strings.Contains(app.values, `"the price,\nand soon"`) {
		t.Errorf("a line does not end as in Slack: %s", app.values)
	}
	v.press("Send")
	v.readsNot("What must change")
	for _, want := range []string{`"value":"the price,\nand soon"`, `"value":"s"`, `"value":"read"`, `"value":"y"`, `"value":"dora"`, `"selected_date":"2026-12-24"`} {
		if !strings.Contains(app.values, want) {
			t.Errorf("%s is not in %s", want, app.values)
		}
	}
	if strings.Contains(app.values, `"value":"p"`) {
		t.Errorf("a box that nobody checked: %s", app.values)
	}

	v.press("Delegate…")
	v.reads("noted: delegate")
	v.fill("Command", "/vendor waiting")
	v.press("Send")
	v.reads("Only you can see this.", "2 requests wait for you")
	v.fill("Command", "waiting")
	v.pressFor("Send", http.StatusConflict)
	v.reads("a command begins with a slash")

	v.get("in?user=U0ANA&channel=" + s.DM("U0ANA"))
	stale := *v
	calls := len(s.Deliveries())
	v.press("Approve")
	v.reads("Sure?", "You approve as Legal.", "No")
	if len(s.Deliveries()) != calls {
		t.Error("it was sent before the question was answered")
	}
	v.press("Yes")
	v.reads("You answered: Approve, @Bo Berg comes next", "edited")
	stale.pressFor("Delegate…", http.StatusConflict)
	stale.reads("it was updated meanwhile")
}

func TestPageModals(t *testing.T) {
	t.Parallel()
	s, app := tell(t)
	s.Whatever("ana")
	said := fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Review needed", "blocks", storyCard))
	v := visit(t, s, "in?user=U0ANA&channel="+said["channel"].(string))
	v.press("Request changes…")
	stale := *v
	v.get(strings.Replace(v.path, "in?", "watch?", 1))
	if strings.Contains(v.body, "refresh") {
		t.Error("the page looks again while somebody types")
	}
	v.press("Send")
	v.reads("Please complete this required field.")
	if !strings.Contains(v.body, `aria-invalid="true" aria-describedby="f0-error"`) {
		t.Errorf("the error is not told to screen readers: %s", v.body)
	}
	app.quiet = true
	v.fill("What must change", "a")
	v.press("Send")
	v.reads(trouble, "Slack says: "+trouble)
	v.press("Approve")
	v.press("Yes")
	v.reads("The app did not take the last click here.", "Slack says: "+broken)
	v.press("Close")
	v.readsNot("What must change")
	stale.pressFor("Close", http.StatusConflict)
	app.quiet = false
	s.Advance(time.Second)

	v.get("home?user=U0ANA")
	v.press("Home")
	v.get("watch?user=U0ANA&channel=" + s.DM("U0ANA"))
	if !strings.Contains(v.body, `<meta http-equiv="refresh" content="3">`) {
		t.Error("the page does not look again")
	}
}

func TestPageEscapes(t *testing.T) {
	t.Parallel()
	const evil = `</textarea><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>`
	s := start(t, Options{Users: []User{{ID: "U0ANA", Name: `"><script>a</script>`, RealName: `<b>Ana</b>`}}, TeamName: "<i>Team</i>",
		Channels: []Channel{{ID: `C0"><b>`, Name: "<u>room</u>", Members: []string{"U0TESTBOT", "U0ANA"}}}})
	said := fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "a", "blocks", `[{"type":"header","text":{"type":"plain_text","text":"`+evil+`"}},
		{"type":"section","block_id":"\"><script>","text":{"type":"mrkdwn","text":"*`+evil+`* <javascript:alert(1)|a link> <https://example.com/\"onclick=\"x|b>"}},
		{"type":"actions","elements":[{"type":"button","action_id":"\"><i>","url":"javascript:alert(1)","text":{"type":"plain_text","text":"<script>"}}]}]`))
	s.mu.Lock()
	trigger := s.newTrigger("U0ANA", "")
	s.mu.Unlock()
	fine(t, call(t, s, "views.open", "trigger_id", trigger, "view", `{"type":"modal","title":{"type":"plain_text","text":"<s>Title</s>"},"submit":{"type":"plain_text","text":"Send"},"blocks":[
		{"type":"input","label":{"type":"plain_text","text":"<b>Label</b>"},"element":{"type":"plain_text_input","action_id":"t","multiline":true,"initial_value":"`+evil+`"}}]}`))
	for _, path := range []string{"", "home?user=U0ANA", "in?user=U0ANA&channel=" + said["channel"].(string), "in?user=U0ANA&channel=" + url.QueryEscape(`C0"><b>`)} {
		v := visit(t, s, path)
		for _, bad := range []string{"<script", "<img", "<b>", "<i>", "<u>room", "<s>T", "javascript:", ` onclick="`, "onerror=alert(1)>"} {
			if strings.Contains(v.body, bad) {
				t.Errorf("%s stands in %s: %s", bad, path, v.body)
			}
		}
	}
}

func TestLookingDoesNothing(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	channel, ts := card(t, s)
	_, before := s.Changed()
	h := s.Handler()
	query := "?user=U0ANA&channel=" + channel + "&ts=" + ts + "&block=b1&action=approve&sure=yes&command=%2Fvendor"
	for path, want := range map[string]int{"": 200, "home": 200, "in": 200, "watch": 200, "style.css": 200, "click": 405, "submit": 405, "close": 405, "slash": 405, "open": 405, "other": 404} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/"+path+query, nil))
		if w.Code != want {
			t.Errorf("GET /%s is answered with %d", path, w.Code)
		}
		if got := w.Header().Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || strings.Contains(got, "unsafe") {
			t.Errorf("GET /%s has the policy %q", path, got)
		}
	}
	if _, after := s.Changed(); after != before || len(s.Deliveries()) != 0 {
		t.Errorf("%d changes, %d deliveries", after-before, len(s.Deliveries()))
	}
	for path, want := range map[string]int{"in?user=U0ANA&channel=C0SHARED": 404, "in?user=U0NONE&channel=" + channel: 404, "home": 404, "in?user=U0BO&channel=" + channel: 404} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/"+path, nil))
		if w.Code != want {
			t.Errorf("GET /%s is answered with %d", path, w.Code)
		}
	}
}

func TestPageRefusesOthers(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	channel, ts := card(t, s)
	form := url.Values{"user": {"U0ANA"}, "channel": {channel}, "ts": {ts}, "block": {"b1"}, "action": {"approve"}}.Encode()
	for name, test := range map[string]struct {
		address, body string
		header        [2]string
		want          int
	}{
		"itself":                   {"http://127.0.0.1:1/click", form, [2]string{"Sec-Fetch-Site", "same-origin"}, 303},
		"another site":             {"http://127.0.0.1:1/click", form, [2]string{"Sec-Fetch-Site", "cross-site"}, 403},
		"another port":             {"http://127.0.0.1:1/click", form, [2]string{"Origin", "http://127.0.0.1:2"}, 403},
		"a name bent to here":      {"http://evil.example/click", form, [2]string{"Sec-Fetch-Site", "same-origin"}, 421},
		"state in the address":     {"http://127.0.0.1:1/click?ts=1", form, [2]string{"Sec-Fetch-Site", "same-origin"}, 400},
		"too much":                 {"http://127.0.0.1:1/click", form + "&a=" + strings.Repeat("a", largestForm), [2]string{"Sec-Fetch-Site", "same-origin"}, 400},
		"nobody":                   {"http://127.0.0.1:1/click", "user=U0NONE", [2]string{"Sec-Fetch-Site", "same-origin"}, 404},
		"nothing that can be done": {"http://127.0.0.1:1/click", "user=U0ANA&channel=" + channel, [2]string{"Sec-Fetch-Site", "same-origin"}, 409},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(s.Deliveries())
			r := httptest.NewRequest(http.MethodPost, test.address, strings.NewReader(test.body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(test.header[0], test.header[1])
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if acted := len(s.Deliveries()) > before; w.Code != test.want || acted != (test.want == 303) {
				t.Errorf("answered with %d, acted: %v", w.Code, acted)
			}
		})
	}
}

func TestOnLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{"127.0.0.1:80": true, "localhost": true, "[::1]:80": true, "[::1]": true, "example.com": false, "127.0.0.1.example.com": false, "10.0.0.1:80": false, "": false} {
		if got := onLoopback(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}

// TestServerHasThePage: it stands beside the Web API, not in its way.
func TestServerHasThePage(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	resp, err := http.Get(s.URL() + "/home?user=U0ANA")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the page is answered with %d", resp.StatusCode)
	}
	fine(t, call(t, s, "auth.test"))
}

func TestPageThreads(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	post := func(pairs ...string) string {
		s.Advance(time.Minute)
		return fine(t, call(t, s, "chat.postMessage", append([]string{"channel", "C0OPEN"}, pairs...)...))["ts"].(string)
	}
	first, _, third := post("text", "first"), post("text", "second"), post("text", "third")
	gone := post("text", "gone", "thread_ts", first)
	for _, ts := range []string{gone, third} {
		fine(t, call(t, s, "chat.delete", "channel", "C0OPEN", "ts", ts))
	}
	post("text", "reply", "thread_ts", first)
	fine(t, call(t, s, "chat.postEphemeral", "channel", "C0OPEN", "user", "U0BO", "text", "for bo"))
	path := "in?user=U0ANA&channel=C0OPEN"
	v := visit(t, s, path)
	v.reads("first Gangway app Mon 23 Nov 2026, 09:05 WET reply Gangway app Mon 23 Nov 2026, 09:02 WET second")
	v.readsNot("gone", "third", "for bo", "deleted")
	fine(t, call(t, s, "chat.delete", "channel", "C0OPEN", "ts", first))
	v.get(path)
	v.reads("This message was deleted. Gangway app Mon 23 Nov 2026, 09:05 WET reply")
	s.SetUser(User{ID: "U0BO", Name: "bo", TZ: "Asia/Tokyo"})
	v.get("in?user=U0BO&channel=C0OPEN")
	v.reads("for bo", "18:02 JST second")
}
