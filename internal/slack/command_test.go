package slack

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/slack/slacktest"
)

// typed is what somebody is answered to a command.
func (l *lobby) typed(person, text string) string {
	l.Helper()
	channel, err := l.client.Conversation(l.Context(), "U0"+strings.ToUpper(person))
	if err != nil {
		l.Fatal(err)
	}
	out, err := l.slack.Slash("U0"+strings.ToUpper(person), channel, "/vendor", text)
	if err != nil || !out.Acked || out.Saw != "" {
		l.Fatalf("/vendor %s: %v %+v\n%s", text, err, out, l.logs)
	}
	if len(out.Answer) == 0 {
		return ""
	}
	var said whisperedText
	if err := json.Unmarshal(out.Answer, &said); err != nil || said.Type != "ephemeral" {
		l.Fatalf("/vendor %s: %v %s", text, err, out.Answer)
	}
	return said.Text
}

type whisperedText struct {
	Type string `json:"response_type"`
	Text string `json:"text"`
}

func TestCommandsShow(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	for text, words := range map[string]string{
		"":                           "/vendor waiting",
		"help away":                  "/vendor away 2026-12-21",
		"nonsense":                   "/vendor waiting",
		"wating":                     "Did you mean waiting?",
		"approve":                    "Answers are given on the card",
		"waiting":                    "Contract review",
		"cases":                      "Acme Hosting",
		"show 'acme hosting'":        "Acme Hosting",
		"show acme":                  "Acme Hosting",
		"show " + lobbyCase:          "Acme Hosting",
		"show 'Acme Ho'":             "Acme Hosting",
		"show osting":                "no case of that name",
		"show nobody":                "no case of that name",
		"show a/b/1":                 "There is no such case",
		"dossier acme":               "https://gangway.test/dossier?case=onboarding%2Facme%2F1",
		"delegate a/b/1":             "There is no such case",
		"delegate acme other":        "Nothing there waits for you",
		"onboard other":              "There is no such playbook.",
		"open":                       "PART is missing",
		"open onboarding":            "There is no such part. It is one of: diligence, pilot, contract, dpa.",
		"open pilot other":           "There is no such playbook.",
		"away tomorrow":              "Days are written like",
		"away 2026-12-21 2026-12-01": "Days are written like",
	} {
		l.clock.add(time.Second)
		if got := l.typed("maya", text); !strings.Contains(got, words) {
			t.Errorf("/vendor %s: %q, want %q in it", text, got, words)
		}
	}
	if n := len(l.desk.said()); n > 0 {
		t.Errorf("the desk heard %v", l.desk.said())
	}
	l.faultless()
}

func TestCommandsOfStrangers(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	if got := l.typed("new", "cases"); !strings.Contains(got, "/pair/") || strings.Contains(got, "Acme") {
		t.Errorf("somebody who is not linked reads %q", got)
	}
	if got := l.typed("vera", "cases"); strings.Contains(got, "Acme") {
		t.Errorf("the vendor reads %q", got)
	}
	l.slack.Order(slacktest.Failure{Method: "users.info", How: slacktest.Unavailable})
	if got := l.typed("maya", "cases"); !strings.Contains(got, "try again") {
		t.Errorf("while Slack is away: %q", got)
	}
}

// TestWhomTheFileKnows: whoever was asked nothing yet is known all the same where
// the people file names them, or by a mail address that is believed, and is theirs
// alone; nobody else is.
func TestWhomTheFileKnows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mail    string
		domains []string
		people  []playbook.Person
		bound   string // an address of nell's that is known
		known   bool
	}{
		"named":           {people: []playbook.Person{{ID: "nell", Name: "Nell", Slack: "U0NEW"}}, known: true},
		"named, and left": {people: []playbook.Person{{ID: "nell", Name: "Nell", Slack: "U0NEW", Left: true}}},
		"named twice":     {people: []playbook.Person{{ID: "nell", Slack: "U0NEW"}, {ID: "nora", Slack: "U0NEW"}}},
		"a vendor's":      {people: []playbook.Person{{ID: "nell", Slack: "U0NEW", Employer: "acme"}}},
		"by mail":         {mail: "Nell@example.com", domains: []string{"example.com"}, people: []playbook.Person{{ID: "nell", Mail: "nell@example.com"}}, known: true},
		"no mail":         {domains: []string{"example.com"}, people: []playbook.Person{{ID: "nell"}}},
		"mail elsewhere":  {mail: "nell@example.com", domains: []string{"example.org"}, people: []playbook.Person{{ID: "nell", Mail: "nell@example.com"}}},
		"mail of two":     {mail: "nell@example.com", domains: []string{"example.com"}, people: []playbook.Person{{ID: "nell", Mail: "nell@example.com"}, {ID: "nora", Mail: "nell@example.com"}}},
		"named another":   {mail: "nell@example.com", domains: []string{"example.com"}, people: []playbook.Person{{ID: "nell", Mail: "nell@example.com", Slack: "U0OTHER"}}},
		"bound another":   {mail: "nell@example.com", domains: []string{"example.com"}, people: []playbook.Person{{ID: "nell", Mail: "nell@example.com"}}, bound: lobbyTeam + ":U0OTHER"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openLobby(t)
			l.slack.SetUser(slacktest.User{ID: "U0NEW", Name: "new", RealName: "Nell New", Email: c.mail})
			l.handler.app.o.MailDomains = c.domains
			for _, p := range c.people {
				l.desk.people[p.ID] = p
			}
			if c.bound != "" {
				l.desk.bound[c.bound] = "nell"
			}
			got := l.typed("new", "waiting")
			if known := !strings.Contains(got, "/pair/"); known != c.known {
				t.Errorf("known: %t, reads %q", known, got)
			}
			if now := l.desk.bound[lobbyTeam+":U0NEW"]; (now == "nell") != c.known {
				t.Errorf("bound to %q", now)
			}
		})
	}
}

// TestDelegateByWord: the form that a word opens carries a ticket of its own, and
// what is sent passes the seat on.
func TestDelegateByWord(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	if got := l.typed("maya", "delegate acme"); got != "" {
		t.Fatalf("answered %q", got)
	}
	v := l.modal("maya")
	if _, known := l.desk.tickets[access.Hash(v.PrivateMetadata)]; !known || v.CallbackID != string(verbDelegate) {
		t.Fatalf("the form is %q with %q", v.CallbackID, v.PrivateMetadata)
	}
	until := l.clock.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	ben := l.desk.people["ben"]
	left := ben
	left.Left = true
	l.desk.people["ben"] = left // since the form was opened
	out, err := l.slack.Submit("U0MAYA", v.ID, url.Values{blockTo: {"ben"}, blockUntil: {until}, blockInside: {"I am on a train."}})
	if err != nil || !out.Acked || len(out.Errors[blockTo]) == 0 {
		t.Fatalf("%v %v %s %s\n%s", err, out.Errors, out.Saw, out.Answer, l.logs)
	}
	l.desk.people["ben"] = ben
	l.clock.add(time.Second)
	out, err = l.slack.Submit("U0MAYA", v.ID, url.Values{blockInside: {"I am on a long train."}}) // other words: another act
	if err != nil || !out.Acked || len(out.Errors) > 0 {
		t.Fatalf("%v %v %s %s\n%s", err, out.Errors, out.Saw, out.Answer, l.logs)
	}
	if !l.desk.request().Holds("legal", "ben", l.clock.Now()) {
		t.Error("the seat was not passed on")
	}
	l.acked(l.click("ben", l.card("ben"), approving()))
	l.ballots(1)
	l.faultless()
}

func TestAway(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	if got := l.typed("maya", "away 2026-12-21 2027-01-03"); got != "" {
		t.Fatalf("answered %q", got)
	}
	v := l.modal("maya")
	out, err := l.slack.Submit("U0MAYA", v.ID, nil) // the days stand there already
	if err != nil || !out.Acked || len(out.Errors) > 0 {
		t.Fatalf("%v %v %s %s\n%s", err, out.Errors, out.Saw, out.Answer, l.logs)
	}
	want := playbook.Away{From: time.Date(2026, 12, 21, 0, 0, 0, 0, time.UTC), Until: time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC)}
	if a := l.desk.aways; len(a) != 1 || !a[0].From.Equal(want.From) || !a[0].Until.Equal(want.Until) {
		t.Errorf("away: %+v", a)
	}
	if l.modal("maya").CallbackID != string(verbResult) {
		t.Error("nothing says that it was taken")
	}
	if !l.shelf.wanted(outbox.HomeID("maya")) {
		t.Error("their page goes on without it")
	}
	l.faultless()
}

func TestOnboard(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	if got := l.typed("maya", "onboard"); got != "" {
		t.Fatalf("answered %q", got)
	}
	v := l.modal("maya")
	typed := url.Values{blockField + "vendor.name": {"Brightwell Payroll"}, blockField + "reason": {"Payroll is late each month."},
		blockField + "vendor.contacts": {"Sam Field, sam@brightwell.example\nring the switchboard"}}
	out, err := l.slack.Submit("U0MAYA", v.ID, typed) // a service is missing, which the rules say, not the form
	if err != nil || !out.Acked || len(out.Errors) == 0 || len(l.desk.opened) > 0 {
		t.Fatalf("%v %+v\n%s", err, out.Errors, l.logs)
	}
	if out.Errors[blockField+"vendor.contacts"] == "" {
		t.Errorf("a line without an address is taken: %v", out.Errors)
	}
	l.desk.busy = errBusy
	out, err = l.slack.Submit("U0MAYA", v.ID, url.Values{blockField + "vendor.service": {"Payroll"}, blockField + "vendor.contacts": {"Sam Field, sam@brightwell.example"}})
	if err != nil || !out.Acked || len(out.Errors) == 0 {
		t.Fatalf("%v %v %s %s\n%s", err, out.Errors, out.Saw, out.Answer, l.logs)
	}
	l.desk.busy = nil
	out, err = l.slack.Submit("U0MAYA", v.ID, nil)
	if err != nil || !out.Acked || len(out.Errors) > 0 {
		t.Fatalf("%v %v %s %s\n%s", err, out.Errors, out.Saw, out.Answer, l.logs)
	}
	in := l.desk.opened
	if len(in) != 2 || in[0].ID != in[1].ID || in[1].Vendor.Name != "Brightwell Payroll" || in[1].Reason == "" || len(in[1].Vendor.Contacts) != 1 || in[1].Vendor.Contacts[0].Mail != "sam@brightwell.example" || in[1].From.ID != lobbyTeam+":U0MAYA" {
		t.Errorf("opened: %+v", in)
	}
	if now := l.modal("maya"); now.CallbackID != string(verbResult) || !strings.Contains(string(now.Blocks), "https://gangway.test/case?id=") {
		t.Errorf("they see %s", now.Blocks)
	}
	l.faultless()
}

// TestOpenAPart: the form of an onboarding, for a part of it; the word for the part is
// in the form, and what comes back is opened as that.
func TestOpenAPart(t *testing.T) {
	t.Parallel()
	for _, part := range []playbook.Process{playbook.Diligence, playbook.Pilot, playbook.Contract, playbook.DPA} {
		l := openLobby(t)
		if got := l.typed("maya", "open "+strings.ToUpper(string(part))); got != "" {
			t.Fatalf("answered %q", got)
		}
		v := l.modal("maya")
		out, err := l.slack.Submit("U0MAYA", v.ID, url.Values{blockField + "vendor.name": {"Brightwell Payroll"}, blockField + "vendor.service": {"Payroll"},
			blockField + "reason": {"It ran out."}, blockField + "vendor.contacts": {"Sam Field, sam@brightwell.example"}})
		if err != nil || !out.Acked || len(out.Errors) > 0 {
			t.Fatalf("%s: %v %v %s\n%s", part, err, out.Errors, out.Answer, l.logs)
		}
		if in := l.desk.opened; len(in) != 1 || in[0].Alone != part || in[0].Vendor.Name != "Brightwell Payroll" {
			t.Errorf("%s opened: %+v", part, in)
		}
		if now := l.modal("maya"); !strings.Contains(string(now.Blocks), "https://gangway.test/case?id="+string(part)) {
			t.Errorf("%s: they see %s", part, now.Blocks)
		}
		l.faultless()
	}
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	if err := l.slack.Challenge(); err != nil {
		t.Error(err)
	}
}

// TestHTTPRefuses: only what Slack sends, as Slack sends it.
func TestHTTPRefuses(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	res, err := http.Get(l.server.URL + InteractivePath)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("GET: status %d", res.StatusCode)
	}
	secret := l.slack.Options().Secret
	for name, change := range map[string]func() slacktest.Delivery{
		"too large": func() slacktest.Delivery {
			return l.slack.Forge(slacktest.Interactive, []byte(strings.Repeat("x", MaxBody)), secret, l.clock.Now())
		},
		"no payload": func() slacktest.Delivery {
			return l.slack.Forge(slacktest.Interactive, nil, secret, l.clock.Now())
		},
		"another media type": func() slacktest.Delivery {
			d := l.slack.Forge(slacktest.Interactive, []byte("{}"), secret, l.clock.Now())
			d.Header.Set("Content-Type", "text/html")
			return d
		},
	} {
		if out := l.slack.Deliver(change()); out.Status/100 != 4 {
			t.Errorf("%s: status %d", name, out.Status)
		}
	}
}

func TestFormsSayThingsOnce(t *testing.T) {
	t.Parallel()
	for body, good := range map[string]bool{"payload=%7B%7D": true, "payload=%7B%7D&payload=%7B%7D": false, "payload=%7B%7D&x=1": false, "payload=": false, "": false, "payload=%zz": false} {
		if got, err := formPayload([]byte(body)); (err == nil) != good || good && string(got) != "{}" {
			t.Errorf("%q: %q, %v", body, got, err)
		}
	}
	for body, good := range map[string]bool{"a=1&b=2": true, "a=1&a=2": false, "a=%zz": false} {
		if _, err := formCommand([]byte(body)); (err == nil) != good {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// TestOnceForgets: what was taken is remembered for an hour, what was not
// recorded not at all.
func TestOnceForgets(t *testing.T) {
	t.Parallel()
	var o once
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	first, is := o.begin(at, "a", "id:1")
	if !is {
		t.Fatal("not the first")
	}
	o.finish(first, Reply{Body: []byte("x")}, true, "a", "id:1")
	for _, k := range []string{"a", "id:1"} {
		again, is := o.begin(at.Add(rememberedFor-time.Second), k, "b"+k)
		if is {
			t.Fatalf("%s is forgotten", k)
		}
		if r, kept := again.wait(t.Context()); !kept || string(r.Body) != "x" {
			t.Errorf("%s: %q", k, r.Body)
		}
	}
	late, is := o.begin(at.Add(rememberedFor), "a")
	if !is {
		t.Error("remembered for more than an hour")
	}
	o.finish(late, Reply{}, false, "a")
	if _, is := o.begin(at.Add(rememberedFor), "a"); !is {
		t.Error("what was not recorded is remembered")
	}
}

func FuzzDelivery(f *testing.F) {
	f.Add([]byte(`payload=%7B%22type%22%3A%22block_actions%22%7D`))
	f.Add([]byte(`a=1&text=%22`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if got, err := formPayload(body); err == nil {
			_, m, err := readInteraction(got)
			if err == nil && (m.app == "" || m.team == "" || m.user == "") {
				t.Errorf("nobody's delivery is taken: %+v", m)
			}
		}
		if got, err := formCommand(body); err == nil {
			if !json.Valid(got) {
				t.Errorf("a command became %q", got)
			}
			_, m, err := readCommand(got)
			if err == nil && (m.app == "" || m.team == "" || m.user == "") {
				t.Errorf("nobody's command is taken: %+v", m)
			}
		}
		_, _ = readEvent(body)
	})
}
