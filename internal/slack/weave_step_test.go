package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// ear hears what desk tells whoever is acknowledged then.
type ear struct {
	Desk
	loom *loom
	life *life
}

func (e ear) Answer(ctx context.Context, a review.Answer) (review.Outcome, error) {
	out, err := e.Desk.Answer(ctx, a)
	return out, e.heard(ctx, a.ID, a.From, out, err)
}

func (e ear) Act(ctx context.Context, a review.Act) (review.Outcome, error) {
	out, err := e.Desk.Act(ctx, a)
	return out, e.heard(ctx, a.ID, a.From, out, err)
}

// heard holds that what is told is durable, and never told otherwise before.
func (e ear) heard(ctx context.Context, id string, from review.Address, out review.Outcome, err error) error {
	if err != nil || e.life.isDead() { // nobody is told anything by this process
		return err
	}
	l := e.loom
	kept, known, err := l.store.Receipt(ctx, id)
	if err != nil {
		return fmt.Errorf("looking for a receipt: %w", err)
	}
	waiting, err := e.Pending(ctx, from)
	if err != nil {
		return fmt.Errorf("looking at the queue: %w", err)
	}
	queued := slices.ContainsFunc(waiting, func(q review.Queued) bool { return q.ID == id })
	l.mu.Lock()
	defer l.mu.Unlock()
	if !known && !queued {
		l.t.Errorf("%s is told %s, and nothing keeps it", id, out.Status)
	}
	if known && out.Status != review.Pending && !sameOutcome(kept, out) {
		l.t.Errorf("%s is told %+v, and kept is %+v", id, out, kept)
	}
	for _, before := range l.told[id] {
		if before.Status != review.Pending && !sameOutcome(before, out) {
			l.t.Errorf("%s was told %+v, and now %+v", id, before, out)
		}
	}
	l.told[id] = append(l.told[id], out)
	l.last = id
	return nil
}

// sameOutcome: counted now or before is the same to whoever said it.
func sameOutcome(a, b review.Outcome) bool {
	counts := func(o review.Outcome) bool { return o.Status == review.Counted || o.Status == review.Already }
	return counts(a) == counts(b) && (counts(a) || a.Status == b.Status) && a.Seat == b.Seat && a.Verdict == b.Verdict && a.Refusal == b.Refusal && a.Version == b.Version
}

// delivered is what Slack brought, and what it was answered with.
type delivered struct {
	slacktest.Outcome
	by *life
	at time.Time
	// said is the id under which desk heard of it; empty: it did not, or others
	// spoke at the same moment.
	said string
}

// offer is what somebody can press: as it stands, or as it stood once.
type offer struct {
	channel, ts, action, kind, value string
	stands                           bool
}

// offers are what was ever on a card in somebody's conversation, that which
// stands now first.
func (l *loom) offers(who string) []offer {
	dm := l.slack.DM(userID(who))
	var now, once []offer
	if dm == "" {
		return nil
	}
	for _, m := range l.slack.Messages(dm) {
		for i, v := range append(slices.Clone(m.Earlier), m.Version) {
			for _, p := range buttonsOf(v.Blocks) {
				p.channel, p.ts, p.stands = m.Channel, m.TS, i == len(m.Earlier) && !m.Deleted
				if p.stands {
					now = append(now, p)
				} else if !slices.Contains(once, p) {
					once = append(once, p)
				}
			}
		}
	}
	return append(now, once...)
}

// buttonsOf are the buttons and entries of menus of a message that do something.
func buttonsOf(raw json.RawMessage) []offer {
	var blocks []struct {
		Elements json.RawMessage `json:"elements"`
	}
	_ = json.Unmarshal(raw, &blocks) // a message without blocks has none
	var list []offer
	for _, b := range blocks {
		var elements []struct {
			Type    string `json:"type"`
			Action  string `json:"action_id"`
			Value   string `json:"value"`
			URL     string `json:"url"`
			Options []struct {
				Value string `json:"value"`
			} `json:"options"`
		}
		_ = json.Unmarshal(b.Elements, &elements) // of a context they are others
		for _, e := range elements {
			if e.Type == "button" && e.URL == "" {
				list = append(list, offer{action: e.Action, kind: e.Type, value: e.Value})
			}
			for _, o := range e.Options {
				list = append(list, offer{action: e.Action, kind: e.Type, value: o.Value})
			}
		}
	}
	return list
}

// presses lets somebody press something while nobody else does anything, and
// holds that they are answered: by a card that will change, a form, or words.
func (l *loom) presses(who string, p offer) {
	calls := len(l.slack.Calls(""))
	l.forget()
	out := l.press(who, p)
	said := l.said()
	l.keep(out, said)
	if !out.Acked || l.now().isDead() {
		return
	}
	spoke := slices.ContainsFunc(l.slack.Calls("")[calls:], func(c slacktest.Call) bool {
		return c.Method == OpenView || c.Method == PostEphemeral || c.Method == PostMessage
	})
	all := l.toldOf(said)
	counts := len(all) > 0 && (all[len(all)-1].Status == review.Counted || all[len(all)-1].Status == review.Already)
	if k, ours := readClick(p.action, p.value, p.value); ours && k.Verb != verbOpen && !spoke && !counts {
		l.t.Errorf("%s pressed %s and was answered nothing: %+v", who, p.action, all)
	}
	if said != "" {
		l.pressed = append(l.pressed, [2]string{p.channel, p.ts})
	}
}

// press lets somebody press something.
func (l *loom) press(who string, p offer) slacktest.Outcome {
	if !p.stands {
		return l.slack.Deliver(l.forge(who, p))
	}
	chosen := []string{}
	if p.kind != "button" {
		chosen = append(chosen, p.value)
	}
	out, err := l.slack.Click(userID(who), p.channel, p.ts, p.action, chosen...)
	if err != nil { // it was changed this moment
		return slacktest.Outcome{}
	}
	return out
}

// forge is a click on what somebody's screen shows still.
func (l *loom) forge(who string, p offer) slacktest.Delivery {
	o := l.slack.Options()
	l.mu.Lock()
	l.n++
	act := map[string]any{"type": p.kind, "action_id": p.action, "block_id": "b", "action_ts": fmt.Sprintf("%d.%06d", l.clock.now().Unix(), l.n)}
	l.mu.Unlock()
	act["value"] = p.value
	if p.kind != "button" {
		delete(act, "value")
		act["selected_option"] = map[string]any{"value": p.value}
	}
	raw := wire(map[string]any{"type": "block_actions", "api_app_id": o.App, "team": map[string]any{"id": o.Team}, "user": map[string]any{"id": userID(who), "team_id": o.Team},
		"container": map[string]any{"type": "message", "message_ts": p.ts, "channel_id": p.channel}, "channel": map[string]any{"id": p.channel},
		"trigger_id": "1.2.3", "actions": []any{act}})
	return l.slack.Forge(slacktest.Interactive, raw, o.Secret, l.clock.now())
}

// keep remembers what was delivered and its reply.
func (l *loom) keep(out slacktest.Outcome, said string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if out.Delivery.Kind == slacktest.Interactive {
		l.taken = append(l.taken, delivered{out, l.life, l.clock.now(), said})
	}
}

// again is Slack delivering what it delivered before, signed anew.
func (l *loom) again(d delivered) {
	l.clock.forward(time.Second)
	l.forget()
	out := l.slack.Deliver(l.slack.Forge(d.Delivery.Kind, d.Delivery.Payload, l.slack.Options().Secret, l.clock.now()))
	now := l.now()
	if d.Acked && out.Acked && d.by == now && l.clock.now().Sub(d.at) < rememberedFor && !bytes.Contains(d.Answer, []byte("not recorded")) && !bytes.Equal(d.Answer, out.Answer) {
		l.t.Errorf("the same delivery was answered %s, and now %s", d.Answer, out.Answer)
	}
	if said := l.said(); d.said != "" && said != "" && d.said != said {
		l.t.Errorf("the same delivery was taken for %s, and now for %s", d.said, said)
	}
}

// forget, said and toldOf are about what was taken last. A delivery that was given up
// waiting for may still be taken beside them.
func (l *loom) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = ""
}

func (l *loom) said() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

func (l *loom) toldOf(id string) []review.Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.told[id])
}

// submits fills in what somebody has open, and sends it.
func (l *loom) submits(t *rapid.T) {
	var views []slacktest.View
	for _, who := range weavers() {
		if all := l.slack.Views(userID(who)); len(all) > 0 {
			views = append(views, all[len(all)-1])
		}
	}
	if len(views) == 0 {
		return
	}
	v := views[rapid.IntRange(0, len(views)-1).Draw(t, "form")]
	if v.CallbackID == string(verbResult) { // which is only read
		_, _ = l.slack.CloseView(v.User)
		return
	}
	values := url.Values{}
	for block, actions := range v.Values {
		for range actions {
			switch {
			case block == blockInside || block == blockVendor:
				values[block] = []string{rapid.SampledFrom([]string{"No exit clause.", "See 4 & 9 <b>"}).Draw(t, "words")}
			case block == blockVerdict || block == blockKind || block == blockTo || block == blockSeat || block == blockUntil && v.CallbackID == string(verbSnooze):
				if all := optionsOf(v.Blocks, block); len(all) > 0 {
					values[block] = []string{rapid.SampledFrom(all).Draw(t, "option")}
				}
			case block == blockUntil:
				values[block] = []string{l.clock.now().AddDate(0, 0, rapid.IntRange(0, 3).Draw(t, "days")).Format(time.DateOnly)}
			}
		}
	}
	l.forget()
	out, err := l.slack.Submit(v.User, v.ID, values)
	if err == nil && out.Delivery.Kind != "" {
		l.sent(out)
		l.keep(out, l.said())
	}
}

// sent holds that a form closes only for what counts or is received.
func (l *loom) sent(out slacktest.Outcome) {
	c, m, err := readInteraction(out.Delivery.Payload)
	if err != nil || !out.Acked || len(out.Answer) > 0 || verb(c.View.CallbackID) == verbResult {
		return
	}
	id := submission{c: c, m: m}.id()
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.told[id]
	if len(all) == 0 || all[len(all)-1].Status != review.Counted && all[len(all)-1].Status != review.Already {
		l.t.Errorf("a form closed, and what was sent is %+v", all)
	}
}

func optionsOf(raw json.RawMessage, block string) (values []string) {
	var blocks []struct {
		ID      string `json:"block_id"`
		Element struct {
			Options []struct {
				Value string `json:"value"`
			} `json:"options"`
		} `json:"element"`
	}
	_ = json.Unmarshal(raw, &blocks) // a view that has none offers nothing
	for _, b := range blocks {
		for _, o := range b.Element.Options {
			if b.ID == block {
				values = append(values, o.Value)
			}
		}
	}
	return values
}

// elsewhere is what somebody says in the browser.
func (l *loom) elsewhere(t *rapid.T, who, request string) {
	l.n++
	id, from := fmt.Sprintf("web-%d", l.n), review.Address{Channel: "web", ID: who}
	now := l.now()
	desk := ear{now.desk, l, now}
	if rapid.IntRange(0, 2).Draw(t, "takes back") == 0 {
		_, _ = desk.Act(t.Context(), review.Act{ID: id, Kind: review.TakeBack, Request: request, Channel: "web", At: l.clock.now(), From: from, Text: review.Text{Inside: "a mistake"}})
		return
	}
	_, _ = desk.Answer(t.Context(), review.Answer{ID: id, Request: request, Version: max(1, l.engine.current(request)-rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "behind")), Channel: "web", At: l.clock.now(), From: from,
		Verdict: rapid.SampledFrom([]review.Verdict{review.Approve, review.Changes, review.Reject}).Draw(t, "verdict"), Text: review.Text{Inside: "because"}})
}

// deletes lets one of somebody's cards go from Slack.
func (l *loom) deletes(t *rapid.T, who string) {
	dm := l.slack.DM(userID(who))
	all := slices.DeleteFunc(l.slack.Messages(dm), func(m slacktest.Message) bool { return dm == "" || m.Deleted || m.Ephemeral != "" })
	if len(all) == 0 {
		return
	}
	m := rapid.SampledFrom(all).Draw(t, "message")
	resp, err := http.PostForm(l.slack.URL()+"/api/chat.delete", url.Values{"token": {theBot}, "channel": {m.Channel}, "ts": {m.TS}})
	if err != nil {
		t.Fatalf("deleting: %v", err)
	}
	_ = resp.Body.Close()
}

// holds lets something happen while a call of the loop has reached Slack and its
// answer has not come back.
func (l *loom) holds(t interface{ Context() context.Context }, method string, meanwhile func()) {
	l.slack.Order(slacktest.Failure{Method: method, How: slacktest.Held})
	turned := make(chan struct{})
	app := l.now().app
	var all sync.WaitGroup
	all.Go(func() { defer close(turned); _, _ = app.turn(context.Background()) })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-turned; cancel() }()
	if l.slack.Wait(ctx, func() bool { return l.slack.Waiting() > 0 }) == nil {
		meanwhile()
	}
	l.slack.Mend()
	l.slack.Release()
	all.Wait()
	cancel()
}

// step is one thing that happens.
func (l *loom) step(t *rapid.T) {
	who := rapid.SampledFrom(append(weavers(), "ana", "bo", "ana", "bo", "cy")).Draw(t, "who")
	request := rapid.SampledFrom([]string{weaveOne, weaveTwo}).Draw(t, "request")
	list := l.offers(who)
	some := func(list []offer) offer { // as often a verdict as all else together
		verdicts := slices.DeleteFunc(slices.Clone(list), func(p offer) bool { return p.kind != "button" })
		if len(verdicts) > 0 && rapid.Bool().Draw(t, "verdict") {
			list = verdicts
		}
		return rapid.SampledFrom(list).Draw(t, "press")
	}
	what := rapid.SampledFrom([]string{"press", "press", "press", "press", "press", "press", "submit", "submit", "submit", "submit", "turn", "turn", "turn", "tell", "tell", "file", "pass",
		"twice", "together", "forwarded", "again", "web", "version", "decide", "withdraw", "killed", "restart", "lost", "limited", "away", "engine", "full", "held",
		"delete", "window", "gone", "home", "remind", "time"}).Draw(t, "step")
	if strings.Contains("press twice forwarded together", what) && len(list) == 0 {
		what = "turn"
	}
	switch what {
	case "press":
		l.presses(who, some(list))
	case "twice":
		p := some(list)
		l.presses(who, p)
		l.presses(who, p)
	case "together":
		var all sync.WaitGroup
		for _, p := range []offer{some(list), some(list)} {
			all.Go(func() { l.keep(l.press(who, p), "") })
		}
		_, _ = l.now().app.turn(t.Context())
		all.Wait()
	case "forwarded":
		l.presses(rapid.SampledFrom(weavers()).Draw(t, "other"), some(list))
	case "submit":
		l.submits(t)
	case "again":
		if len(l.taken) > 0 {
			l.again(rapid.SampledFrom(l.taken).Draw(t, "delivery"))
		}
	case "web":
		l.elsewhere(t, who, request)
	case "turn":
		_, _ = l.now().app.turn(t.Context())
	case "tell":
		_ = l.engine.files(t.Context())
		l.engine.tells(t.Context(), l.now().app)
	case "file":
		_ = l.engine.files(t.Context())
	case "pass":
		l.pass()
	case "version":
		l.engine.version(request, rapid.SliceOfDistinct(rapid.SampledFrom([]string{"ana-seat", "bo-seat", "cy-seat"}), rapid.ID[string]).Draw(t, "touched"))
	case "decide":
		l.engine.moves("decided")
	case "withdraw":
		if rapid.IntRange(0, 3).Draw(t, "really") == 0 {
			l.engine.moves("withdrawn")
		}
	case "killed":
		l.spare += 3 // each of a turn's messages may be one that nobody knows of
		l.now().dies(rapid.IntRange(0, 12).Draw(t, "after"))
	case "restart":
		l.restart()
	case "held":
		l.spare++
		dies := rapid.Bool().Draw(t, "dies")
		l.holds(t, rapid.SampledFrom([]string{PostMessage, UpdateMessage}).Draw(t, "method"), func() {
			if dies {
				l.now().dies(0)
			} else if len(list) > 0 {
				l.keep(l.press(who, some(list)), "")
				_ = l.engine.files(t.Context())
				l.engine.tells(t.Context(), l.now().app)
			}
		})
	default:
		l.trouble(t, what, who, request)
	}
}

// trouble is what goes wrong in Slack, at the engine, or with time.
func (l *loom) trouble(t *rapid.T, what, who, request string) {
	switch what {
	case "lost":
		l.spare++
		l.slack.Order(slacktest.Failure{Method: rapid.SampledFrom([]string{PostMessage, UpdateMessage, OpenConversation, UserInfo, OpenView, PostEphemeral}).Draw(t, "method"), How: slacktest.Lost})
	case "limited":
		l.slack.Order(slacktest.Failure{Method: rapid.SampledFrom([]string{"", PostMessage, UpdateMessage, OpenView, PostEphemeral, UserInfo}).Draw(t, "method"),
			How: slacktest.Limited, After: time.Duration(rapid.IntRange(0, 40).Draw(t, "after")) * time.Second})
	case "away":
		l.slack.Order(slacktest.Failure{How: slacktest.Unavailable, Times: rapid.IntRange(1, 4).Draw(t, "times")})
	case "engine":
		l.engine.mu.Lock()
		l.engine.away, l.engine.lost = rapid.IntRange(0, 3).Draw(t, "away"), rapid.IntRange(0, 2).Draw(t, "lost")
		l.engine.mu.Unlock()
	case "full": // neither the engine nor the database takes anything
		l.engine.mu.Lock()
		l.engine.away = 3
		l.engine.mu.Unlock()
		l.now().fills(3)
	case "delete":
		l.deletes(t, who)
	case "window":
		l.spare += len(weavers()) * 2
		l.slack.EditWindow(rapid.SampledFrom([]time.Duration{0, 0, time.Hour}).Draw(t, "window"))
	case "gone":
		u := userOfPerson(who)
		u.Deleted = rapid.Bool().Draw(t, "gone")
		l.slack.SetUser(u)
		_, _ = l.slack.Event("user_change", u.ID)
	case "home":
		_, _ = l.slack.OpenHome(userID(who))
	case "remind":
		l.n++
		_, _ = l.now().app.Show(t.Context(), review.Notice{ID: fmt.Sprintf("remind/%d", l.n), Case: weaveCase, Person: who, Requests: []string{request}, Why: playbook.WhyReminder, At: l.clock.now()})
	case "time":
		l.clock.forward(rapid.SampledFrom([]time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, time.Hour, 26 * time.Hour}).Draw(t, "time"))
	}
}
