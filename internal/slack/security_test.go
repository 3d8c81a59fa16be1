package slack

// The rules of the notes and the tests that hold each; of other packages with
// their names. Whatever people, Slack and restarts do in whatever order: TestWeave.
//
//	S1  forged POST             TestS1Forged, TestThePublishedVector, TestForgedSignatures, TestSigningTimes, FuzzVerify
//	S2  replay, Slack's retry   TestS2Replay, TestReplaysAtOnce, TestSocketSameEnvelopeTwice, TestPeersACommentIsRecordedOnce; desk.TestNotes
//	S3  payload in the query    TestS3QueryString, TestHTTPRefuses
//	S4  other app, deployment   TestS4Foreign
//	S5  changed value           TestS5ChangedValue; desk.TestTicketsOfTheChat
//	S6  a colleague clicks      TestS6Colleague, TestPeersNobodyPressesIntoNothing
//	S7  names and mail spoofed  TestS7Renamed, TestS7BindingByMail; desk.TestS7AnAddressIsLookedUpAndNeverAName
//	S8  guest, bot, stranger    TestS8Kinds, TestS8WhoIsNoFullMember, TestS8WhoIsNoFullMemberIsRefusedAtAssignment, TestSharedChannel; desk.TestS8WhomAnAddressCantBeBoundTo
//	S9  deciding for oneself    review.TestS9Matrix, review.TestS9NobodyPassesASeatToWhoMayNotHoldIt, desk.TestTwoSlackIdsAreOneHuman; here TestS9ButtonsOfWhoMayNot
//	S10 stale card              TestS10Stale
//	S11 words instead of cards  TestS11WordsDecideNothing
//	S12 a form outlives a right TestS12RightEndsWhileAFormIsOpen
//	S13 markup in names         TestS13HostileNamesOnEverythingShown, TestHostileNames, TestAnyWords, TestWhatOthersWriteStaysText, FuzzText
//	S14 somebody left           TestS14Left, TestS14AMemberIsAskedAgainAfterAMinute, TestPeersWhoLeftSlackStopsNobody; desk.TestS14WhoLeftDecidesNothingInTheChat
//	S15 linking somebody else   desk.TestS15ALinkPairsOnce, desk.TestS15ALinkLivesTenMinutes, web.TestS15PairingIsConfirmedByWhoReadIt
//	S16 forwarded card          TestS16UnknownCopy
//	S17 secrets in logs         TestS17Logs, TestS17TheLogHasIdsAlone, TestS17NoSecretInErrorsOrLogs
//	S18 answered in the browser TestS18Browser; review.TestS18StepUp, workflows.TestS18AStepAnsweredInTheBrowser

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	word "gangway/internal/desk/verb"
	"gangway/internal/outbox"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// TestS1Forged: what Slack did not sign, or signed otherwise, counts nothing.
func TestS1Forged(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	d := l.acked(l.click("ben", l.card("maya"), approving())).Delivery
	payload := []byte(strings.ReplaceAll(string(d.Payload), "U0BEN", "U0MAYA"))
	secret := l.slack.Options().Secret
	good := func() slacktest.Delivery { return l.slack.Forge(slacktest.Interactive, payload, secret, l.clock.Now()) }
	forgeries := map[string]slacktest.Delivery{
		"another secret": l.slack.Forge(slacktest.Interactive, payload, secret+"x", l.clock.Now()),
		"no secret":      l.slack.Forge(slacktest.Interactive, payload, "", l.clock.Now()),
		"too old":        l.slack.Forge(slacktest.Interactive, payload, secret, l.clock.Now().Add(-6*time.Minute)),
		"of the future":  l.slack.Forge(slacktest.Interactive, payload, secret, l.clock.Now().Add(6*time.Minute)),
	}
	for name, change := range map[string]func(d *slacktest.Delivery){
		"another body":   func(d *slacktest.Delivery) { d.Body = append(d.Body, '&') },
		"no signature":   func(d *slacktest.Delivery) { d.Header.Del("X-Slack-Signature") },
		"no scheme":      func(d *slacktest.Delivery) { d.Header.Set("X-Slack-Signature", d.Header.Get("X-Slack-Signature")[3:]) },
		"short":          func(d *slacktest.Delivery) { d.Header.Set("X-Slack-Signature", d.Header.Get("X-Slack-Signature")[:20]) },
		"another moment": func(d *slacktest.Delivery) { d.Header.Set("X-Slack-Request-Timestamp", "1795428001") },
	} {
		d := good()
		change(&d)
		forgeries[name] = d
	}
	for name, d := range forgeries {
		if out := l.slack.Deliver(d); out.Status != http.StatusUnauthorized || strings.Contains(string(out.Answer), "signature") {
			t.Errorf("%s: status %d, %q", name, out.Status, out.Answer)
		}
	}
	l.ballots(0)
	l.acked(l.slack.Deliver(good()))
	l.ballots(1)
}

// TestS2Replay: the same signature is refused, the same thing signed anew is the
// same answer.
func TestS2Replay(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	out := l.acked(l.click("maya", l.card("maya"), approving()))
	if again := l.slack.Deliver(out.Delivery); again.Status != http.StatusUnauthorized {
		t.Errorf("the same signature again: status %d", again.Status)
	}
	again := l.acked(l.again(out.Delivery, func(map[string]any) {}))
	if string(again.Answer) != string(out.Answer) {
		t.Errorf("replied %q, before %q", again.Answer, out.Answer)
	}
	l.restart() // also a process that has never seen it
	if r := l.handler.Take(t.Context(), Delivery{Kind: Interactive, Body: out.Delivery.Payload}); r.Lost || len(r.Body) > 0 {
		t.Errorf("replied %+v", r)
	}
	l.ballots(1)
	if n := len(l.desk.receipts); n != 1 {
		t.Errorf("%d answers were taken", n)
	}
}

// TestS3QueryString: a payload beside the signed body is refused with it.
func TestS3QueryString(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	d := l.acked(l.click("ben", l.card("maya"), approving())).Delivery
	payload := strings.ReplaceAll(string(d.Payload), "U0BEN", "U0MAYA")
	for _, query := range []string{"payload=" + url.QueryEscape(payload), "x", "x=1"} {
		d := l.slack.Forge(slacktest.Interactive, []byte(payload), l.slack.Options().Secret, l.clock.Now())
		d.Query = query
		if out := l.slack.Deliver(d); out.Status != http.StatusBadRequest {
			t.Errorf("?%.10s: status %d", query, out.Status)
		}
	}
	l.ballots(0)
}

// TestS4Foreign: other apps, workspaces and deployments.
func TestS4Foreign(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(p map[string]any){
		"another app":       func(p map[string]any) { p["api_app_id"] = "A0OTHER" },
		"no app":            func(p map[string]any) { delete(p, "api_app_id") },
		"another workspace": func(p map[string]any) { p["team"].(map[string]any)["id"] = "T0OTHER" },
		"no user":           func(p map[string]any) { delete(p, "user") },
		"an empty user":     func(p map[string]any) { p["user"].(map[string]any)["id"] = "" },
		"no workspace": func(p map[string]any) {
			p["team"] = nil
			delete(p["user"].(map[string]any), "team_id")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openLobby(t)
			out := l.acked(l.click("ben", l.card("maya"), approving()))
			l.acked(l.again(out.Delivery, func(p map[string]any) {
				p["user"].(map[string]any)["id"] = "U0MAYA"
				change(p)
			}))
			l.ballots(0)
		})
	}
	t.Run("another deployment", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		at := l.card("maya")
		l.desk.tickets = map[string]access.Ticket{}
		l.acked(l.click("maya", at, approving()))
		l.tells("maya", "another gangway")
		l.ballots(0)
	})
}

// TestS5ChangedValue: a value that was changed, or is of somebody else's card, is
// no way to an answer.
func TestS5ChangedValue(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	out := l.acked(l.click("ben", l.card("maya"), approving()))
	other := lobbyKey().Ticket("onboarding/other/1/contract", 1, "maya", Channel)
	l.desk.keepTicket(other, access.Ticket{Hash: access.Hash(other), Request: "onboarding/other/1/contract", Version: 1, Person: "maya", Channel: Channel})
	mailed := lobbyKey().Ticket(lobbyRequest, 1, "maya", "mail")
	l.desk.keepTicket(mailed, access.Ticket{Hash: access.Hash(mailed), Request: lobbyRequest, Version: 1, Person: "maya", Channel: "mail"})
	for value, words := range map[string]string{
		l.ticket("maya")[1:]:      "another gangway",
		l.ticket("maya") + "a":    "another gangway",
		"":                        "another gangway",
		lobbyRequest:              "another gangway",
		l.ticket("tom"):           "not yours",
		other:                     "not for you to see",
		mailed:                    "another gangway",
		strings.Repeat("a", 2000): "another gangway",
		"<!channel> *" + "\u202e": "another gangway",
	} {
		l.acked(l.again(out.Delivery, func(p map[string]any) {
			p["user"].(map[string]any)["id"] = "U0MAYA"
			p["actions"].([]any)[0].(map[string]any)["value"] = value
		}))
		l.tells("maya", words)
		l.ballots(0)
	}
}

// TestS6Colleague: whoever sees a card can press it, and is told who can answer.
func TestS6Colleague(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	l.acked(l.click("ben", l.card("maya"), approving()))
	l.tells("ben", "not yours", "Maya Lindqvist")
	l.ballots(0)
	// Nobody holds a seat: then nobody can answer, rather than anybody.
	at := l.card("maya")
	l.desk.change(func(r *review.Request) { r.Seatings[0].Holders, r.Seatings[1].Holders = nil, nil })
	l.acked(l.click("maya", at, approving()))
	l.tells("maya", "no seat")
	l.ballots(0)
}

// TestS7Renamed: names and mail addresses decide nothing.
func TestS7Renamed(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at := l.card("maya")
	l.slack.SetUser(slacktest.User{ID: "U0BEN", Name: "maya", RealName: "Maya Lindqvist", Email: "maya@gangway.test"})
	l.acked(l.click("ben", at, approving()))
	l.ballots(0)
	l.slack.SetUser(slacktest.User{ID: "U0MAYA", Name: "m", RealName: "Somebody Else"})
	l.acked(l.click("maya", at, approving()))
	l.ballots(1)
}

// TestS8Kinds: guests, bots, people who left and those of other workspaces, each
// of them bound to the one who could answer.
func TestS8Kinds(t *testing.T) {
	t.Parallel()
	for name, u := range map[string]slacktest.User{
		"guest": {Restricted: true}, "guest of one channel": {Restricted: true, UltraRestricted: true}, "bot": {Bot: true}, "deleted": {Deleted: true},
		"stranger": {Stranger: true}, "another workspace": {Team: "T0OTHER"}, "the vendor's": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openLobby(t)
			at := l.card("maya")
			if name == "the vendor's" {
				p := l.desk.people["maya"]
				p.Employer = "acme"
				l.desk.people["maya"] = p
			}
			out := l.acked(l.click("ben", at, approving()))
			u.ID, u.Name = "U0MAYA", "maya"
			l.slack.SetUser(u)
			l.acked(l.again(out.Delivery, func(p map[string]any) { p["user"].(map[string]any)["id"] = "U0MAYA" }))
			l.ballots(0)
			if n := len(l.desk.said()); n > 0 {
				t.Errorf("the desk heard of it: %v", l.desk.said())
			}
			if !u.Bot && !u.Deleted {
				l.tells("maya", "Only members of this workspace")
			}
		})
	}
	t.Run("user_not_found", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		out := l.acked(l.click("ben", l.card("maya"), approving()))
		l.acked(l.again(out.Delivery, func(p map[string]any) { p["user"].(map[string]any)["id"] = "U0NOBODY" }))
		l.ballots(0)
	})
	t.Run("Slack can't be asked", func(t *testing.T) { // it fails closed
		t.Parallel()
		l := openLobby(t)
		at := l.card("maya")
		l.slack.Order(slacktest.Failure{Method: "users.info", How: slacktest.Unavailable, Times: -1})
		l.acked(l.click("maya", at, approving()))
		l.ballots(0)
		l.tells("maya", "not recorded")
	})
}

// TestSharedChannel: where people of another organisation are, nothing is
// answered; nor where that can't be told.
func TestSharedChannel(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]slacktest.Channel{"shared": {ExtShared: true}, "about to be": {PendingExtShared: true}} {
		l := openLobby(t)
		c.ID, c.Name, c.Members = "C0CASES", "cases", []string{l.slack.Options().BotUser, "U0MAYA"}
		l.slack.SetChannel(c)
		at := l.cardIn("C0CASES", "maya")
		l.acked(l.click("maya", at, approving()))
		l.ballots(0)
		l.tells("maya", "shared with another organisation")
		out, err := l.slack.Slash("U0MAYA", "C0CASES", "/vendor", "waiting")
		if err != nil || !out.Acked || !strings.Contains(string(out.Answer), "shared with another organisation") {
			t.Errorf("%s: %v %s", name, err, out.Answer)
		}
	}
	l := openLobby(t)
	l.slack.SetChannel(slacktest.Channel{ID: "C0OURS", Name: "ours", Members: []string{l.slack.Options().BotUser, "U0MAYA"}})
	l.acked(l.click("maya", l.cardIn("C0OURS", "maya"), approving()))
	l.ballots(1)
}

// TestChannelsAreAskedAboutOnce: somebody who types on and on does not use up what
// Slack answers about channels in a minute, and what changes is known soon.
func TestChannelsAreAskedAboutOnce(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	c := slacktest.Channel{ID: "C0OURS", Name: "ours", Members: []string{l.slack.Options().BotUser, "U0MAYA"}}
	l.slack.SetChannel(c)
	types := func() string {
		l.clock.add(time.Second / 2)
		out, err := l.slack.Slash("U0MAYA", "C0OURS", "/vendor", "waiting")
		if err != nil || !out.Acked {
			t.Fatalf("%v %+v", err, out)
		}
		return string(out.Answer)
	}
	const refusal = "shared with another organisation"
	for range 60 {
		if got := types(); strings.Contains(got, refusal) || strings.Contains(got, "did not work") {
			t.Fatalf("answered %s", got)
		}
	}
	if n := len(l.slack.Calls(ConversationInfo)); n != 1 {
		t.Errorf("Slack was asked %d times", n)
	}
	c.ExtShared = true
	l.slack.SetChannel(c)
	l.clock.add(fresh)
	if got := types(); !strings.Contains(got, refusal) {
		t.Errorf("a minute after it was shared: %s", got)
	}
	c.ExtShared = false
	l.slack.SetChannel(c)
	l.client.ForgetChannel(c.ID)
	if got := types(); strings.Contains(got, refusal) {
		t.Errorf("after Slack said that it changed: %s", got)
	}
}

// TestS10Stale: a card of an earlier version, whose text was changed for the
// seat, counts nothing.
func TestS10Stale(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at := l.card("maya")
	l.desk.change(func(r *review.Request) {
		r.Versions = append(r.Versions, review.Version{Number: 2, Document: "sha256:" + strings.Repeat("b", 64), At: l.clock.Now(),
			Touched: []review.Touch{{Version: 1, Seats: []string{"legal"}}}})
	})
	l.acked(l.click("maya", at, approving()))
	l.tells("maya", "newer version")
	l.acked(l.click("maya", at, actionID(verbAsk, review.Reject)))
	l.tells("maya", "newer version")
	if n := len(l.slack.Views("U0MAYA")); n > 0 {
		t.Error("they are asked for a reason that can't count")
	}
	l.ballots(0)
	l.acked(l.click("maya", l.card("maya"), approving()))
	l.ballots(1)
}

// TestS11WordsDecideNothing: whatever is typed after /vendor, the desk hears of no
// decision.
func TestS11WordsDecideNothing(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	typed := []string{"", "approve", "reject " + lobbyCase, "approve " + l.ticket("maya"), "answer/approve", "yes", "accept 'Acme Hosting'", "APPROVE", "take-back", "'"}
	for _, v := range word.Table() {
		typed = append(typed, v.Word, v.Word+" "+lobbyCase, v.Word+" 'Acme Hosting'", v.Word+" approve", v.Word+" nothing/like/that")
		typed = append(typed, v.Slack.Examples...)
	}
	for _, text := range typed {
		l.clock.add(time.Second)
		l.card("maya")
		out, err := l.slack.Slash("U0MAYA", l.slack.DM("U0MAYA"), "/vendor", text)
		if err != nil || !out.Acked || out.Saw != "" {
			t.Fatalf("/vendor %s: %v %+v\n%s", text, err, out, l.logs)
		}
		opened := len(l.slack.Views("U0MAYA")) > 0
		if !opened && (len(out.Answer) == 0 || !strings.Contains(string(out.Answer), `"ephemeral"`)) {
			t.Errorf("/vendor %s: neither a form nor a private answer: %q", text, out.Answer)
		}
		for opened {
			_, _ = l.slack.CloseView("U0MAYA")
			opened = len(l.slack.Views("U0MAYA")) > 0
		}
	}
	l.ballots(0)
	if said := l.desk.said(); len(said) > 0 {
		t.Errorf("the desk heard %v", said)
	}
	l.faultless()
}

// TestS12RightEndsWhileAFormIsOpen: a form gives no right; who sends it is asked
// again.
func TestS12RightEndsWhileAFormIsOpen(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(l *lobby){
		"the seat":    func(l *lobby) { l.desk.change(func(r *review.Request) { r.Seatings[0].Holders[0].Off = true }) },
		"the binding": func(l *lobby) { delete(l.desk.bound, lobbyTeam+":U0MAYA") },
		"membership": func(l *lobby) {
			l.slack.SetUser(slacktest.User{ID: "U0MAYA", Restricted: true})
			l.clock.add(time.Minute)
		},
		"the ticket": func(l *lobby) { l.desk.tickets = map[string]access.Ticket{} },
		"a conflict": func(l *lobby) { l.desk.change(func(r *review.Request) { r.Recused = []string{"maya"} }) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openLobby(t)
			l.acked(l.click("maya", l.card("maya"), actionID(verbAsk, review.Reject)))
			v := l.modal("maya")
			end(l)
			out, err := l.slack.Submit("U0MAYA", v.ID, url.Values{blockInside: {"No."}})
			if err != nil || !out.Acked {
				t.Fatalf("%v %+v", err, out)
			}
			l.ballots(0)
			if now := l.modal("maya"); now.CallbackID != string(verbResult) {
				t.Errorf("they see %q, %v", now.CallbackID, out.Errors)
			}
			l.faultless()
		})
	}
	t.Run("a form with somebody else's ticket", func(t *testing.T) {
		t.Parallel()
		l := openLobby(t)
		l.acked(l.click("maya", l.card("maya"), actionID(verbAsk, review.Reject)))
		out, err := l.slack.Submit("U0MAYA", l.modal("maya").ID, url.Values{blockInside: {"No."}})
		if err != nil {
			t.Fatal(err)
		}
		l.ballots(1)
		l.again(out.Delivery, func(p map[string]any) { p["view"].(map[string]any)["private_metadata"] = l.ticket("tom") })
		l.ballots(1)
	})
}

// TestS14Left: somebody who left Slack is shut out at once where Slack says so,
// and within a minute where it does not.
func TestS14Left(t *testing.T) {
	t.Parallel()
	for _, told := range []bool{true, false} {
		l := openLobby(t)
		at := l.card("maya")
		l.acked(l.click("maya", at, actionID(verbAsk, review.Reject))) // Slack was asked who she is
		l.slack.SetUser(slacktest.User{ID: "U0MAYA", Deleted: true})
		if told {
			if out, err := l.slack.Event("user_change", "U0MAYA"); err != nil || !out.Acked {
				t.Fatalf("%v %+v", err, out)
			}
			found := false
			for _, w := range l.shelf.wants {
				found = found || w.Person == "maya"
			}
			if !found {
				t.Error("what she was shown is not looked at")
			}
		} else {
			l.clock.add(time.Minute)
		}
		out, err := l.slack.Click("U0MAYA", at.channel, at.ts, approving())
		if err != nil || !out.Acked {
			t.Fatalf("%v %+v", err, out)
		}
		l.ballots(0)
	}
}

// TestS16UnknownCopy: a card that nobody knows of is taken as its ticket says, and
// follows from then on; a copy that somebody passed on does not.
func TestS16UnknownCopy(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at, other := l.card("maya"), l.card("maya")
	if _, known := l.shelf.place(at); known {
		t.Fatal("the copy is known before")
	}
	l.acked(l.click("maya", at, approving()))
	p, known := l.shelf.place(at)
	if !known || p.Posting != outbox.CardID("maya", lobbyRequest) {
		t.Errorf("the copy is %+v, %v", p, known)
	}
	if _, is := l.shelf.postings[p.Posting]; !is {
		t.Error("nothing follows it")
	}
	l.ballots(1)
	l.slack.SetChannel(slacktest.Channel{ID: "C0OURS", Name: "ours", Members: []string{l.slack.Options().BotUser, "U0TOM"}})
	forwarded := l.cardIn("C0OURS", "tom")
	l.acked(l.click("tom", forwarded, approving()))
	l.ballots(2)
	if _, known := l.shelf.place(forwarded); known {
		t.Error("a copy in a channel is taken for a card")
	}
	l.acked(l.click("tom", other, approving()))
	if _, known := l.shelf.place(other); known {
		t.Error("a card was adopted by somebody else's click")
	}
}

// TestS17Logs: what is logged names ids alone.
func TestS17Logs(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	at := l.card("maya")
	l.desk.busy = errBusy
	out := l.acked(l.click("maya", at, approving()))
	l.acked(l.click("ben", at, approving()))
	l.acked(l.click("new", at, approving()))
	l.desk.busy = nil
	l.acked(l.click("maya", at, actionID(verbAsk, review.Reject)))
	sent, err := l.slack.Submit("U0MAYA", l.modal("maya").ID, url.Values{blockInside: {"Very private words"}})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = l.slack.Slash("U0MAYA", at.channel, "/vendor", "show Nosuchvendor")
	_ = l.slack.Deliver(l.slack.Forge(slacktest.Interactive, out.Delivery.Payload, "wrong", l.clock.Now()))
	_ = l.slack.Deliver(l.slack.Forge(slacktest.Interactive, []byte(`{"type":"block_actions","user":"Very private words"}`), l.slack.Options().Secret, l.clock.Now()))
	l.desk.panics = true
	l.acked(l.click("tom", l.card("tom"), approving()))
	logs := l.logs.String()
	if !strings.Contains(logs, "not recorded") || !strings.Contains(logs, "broke") {
		t.Fatalf("the log says too little to look at: %s", logs)
	}
	var p struct {
		Token, TriggerID, ResponseURL string
		Trigger                       string `json:"trigger_id"`
		URL                           string `json:"response_url"`
	}
	if err := json.Unmarshal(out.Delivery.Payload, &p); err != nil {
		t.Fatal(err)
	}
	o := l.slack.Options()
	for what, secret := range map[string]string{"the bot's token": o.BotToken, "the app's token": o.AppToken, "the signing secret": o.Secret,
		"a token": p.Token, "a trigger": p.Trigger, "a response url": p.URL, "a ticket": l.ticket("maya"), "a name": "Maya", "another name": "Lindqvist",
		"what somebody wrote": "private words", "a pairing link": "/pair/", "what was typed": "Nosuchvendor", "a view": string(sent.Delivery.Payload[:40])} {
		if secret == "" || strings.Contains(logs, secret) {
			t.Errorf("the log has %s (%q)", what, secret)
		}
	}
}

// TestS18Browser: a step that is answered in the browser has no button, and an
// approve that is made up is refused with the way there.
func TestS18Browser(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	out := l.acked(l.click("ben", l.card("maya"), approving()))
	l.desk.change(func(r *review.Request) { r.Browser = true })
	at := l.card("maya")
	if m, _ := l.slack.Message(at.channel, at.ts); strings.Contains(string(m.Blocks), approving()) || !strings.Contains(string(m.Blocks), "https://gangway.test/request") {
		t.Errorf("the card is %s", m.Blocks)
	}
	for _, action := range []string{approving(), actionID(verbAsk, review.Approve)} {
		l.acked(l.again(out.Delivery, func(p map[string]any) {
			p["user"].(map[string]any)["id"] = "U0MAYA"
			p["actions"].([]any)[0].(map[string]any)["action_id"] = action
		}))
		l.tells("maya", "https://gangway.test/request")
	}
	l.ballots(0)
	if n := len(l.slack.Views("U0MAYA")); n > 0 {
		t.Error("a form is open")
	}
}
