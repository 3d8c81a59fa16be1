package slack

// What other approval products shipped as faults (the notes of this project list
// them with their public threads), and where each is held here:
//
//	stale buttons after a decision elsewhere     TestPeersStaleButtonsAfterADecisionElsewhere, TestEveryCopyFollows, TestWeave
//	simultaneous approvals have two effects      TestPeersSimultaneousApprovalsHaveOneEffect, TestSimultaneousClicks, TestWeave
//	a restart forgets the card                   TestRestartForgetsNoCard, TestTheFileBindsOnceAndById, TestWeave
//	the first click is swallowed                 TestRestartForgetsNoCard, TestSocketWarning
//	silent nothing for whoever may not           TestPeersNobodyPressesIntoNothing, TestS6Colleague, TestEveryClickGetsAnAnswer
//	buttons live during slow work                TestPeersButtonsAreGoneWhileItIsDelivered
//	racing updates erase who decided             TestPeersRacingUpdatesEraseNobody, TestOneWriterAtATime
//	a note overflows what an update may carry    TestPeersALongNoteBreaksNoUpdate, TestWhatIsLongIsCutWhole
//	a slow acknowledgement says "failed"         TestPeersWhatCountsIsNeverToldAsFailed, TestDeskThatNeverAnswers
//	a modal opens too late                       TestEveryClickGetsAnAnswer (expired trigger)
//	an approver who left Slack ends the request  TestPeersWhoLeftSlackStopsNobody, TestS8WhoIsNoFullMemberIsRefusedAtAssignment
//	"submitted" though nobody can approve        TestWhoIsReachedByNobodyIsUndelivered
//	mail addresses by case and domain            TestS7BindingByMail
//	a browser tab with JSON on a click           TestPeersLinksLeadToPages, TestHTTPRefuses
//	a loop of prompts that are sent again        TestPeersNoPromptIsSentTwice, TestOneCardPerPersonAndRequestWhateverIsShownAgain, TestTheSameIsNotSentTwice
//
// Every click gets an answer:
//
//	wrong person                TestS6Colleague: it names who can
//	already decided             TestEveryClickGetsAnAnswer, TestPeersStaleButtonsAfterADecisionElsewhere
//	stale version               TestS10Stale
//	expired, withdrawn          TestPeersAClosedRequestSaysSo
//	not linked                  TestEveryClickGetsAnAnswer
//	cannot record               TestEveryClickGetsAnAnswer, TestFormKeepsItsText

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// loomFor is a deployment in which ana, bo and cy have their cards.
func loomFor(t *testing.T) *loom {
	t.Helper()
	l := newLoom(t, blankArchive(t, t.TempDir()), t.TempDir(), t.Cleanup)
	l.quiet(time.Minute)
	return l
}

// card is somebody's card of a request.
func (l *loom) card(who, request string) slacktest.Message {
	l.t.Helper()
	places, err := l.store.Places(context.Background(), "card/"+who+"/"+request)
	if err != nil || len(places) == 0 {
		l.t.Fatalf("%s has no card: %v", who, err)
	}
	m, _ := l.slack.Message(places[0].Channel, places[0].Stamp)
	return m
}

// offers is what a card has to press with this action; empty: nothing.
func (l *loom) offer(who, request, action string) (offer, bool) {
	l.t.Helper()
	m := l.card(who, request)
	for _, p := range buttonsOf(m.Blocks) {
		if p.action == action {
			p.channel, p.ts, p.stands = m.Channel, m.TS, true
			return p, true
		}
	}
	return offer{}, false
}

// clicks presses what must be there.
func (l *loom) clicks(who, request, action string) offer {
	l.t.Helper()
	p, there := l.offer(who, request, action)
	if !there {
		l.t.Fatalf("%s can't press %s: %s", who, action, l.card(who, request).Blocks)
	}
	l.presses(who, p)
	return p
}

// hears fails unless somebody was privately told something with these words.
func (l *loom) hears(who string, words ...string) {
	l.t.Helper()
	last := ""
	for _, m := range l.slack.Messages("") {
		if m.Ephemeral == userID(who) || m.Channel == l.slack.DM(userID(who)) && m.Ephemeral == "" && len(buttonsOf(m.Blocks)) == 0 {
			last = m.Text
		}
	}
	for _, w := range words {
		if !strings.Contains(last, w) {
			l.t.Errorf("%s was told %q, which should say %q", who, last, w)
		}
	}
}

// ballots are what counts for a request.
func (l *loom) ballots(request string) []review.Ballot {
	l.engine.mu.Lock()
	defer l.engine.mu.Unlock()
	return slices.Clone(l.engine.find(request).Ballots)
}

// rests lets everything that follows be done, and holds what always must.
func (l *loom) rests() {
	l.t.Helper()
	l.quiet(10 * time.Minute)
	l.always()
	l.converged()
}

// inBrowser is an approval that somebody gives on the web page.
func (l *loom) inBrowser(who, request string) {
	l.t.Helper()
	out, err := l.now().desk.Answer(context.Background(), review.Answer{ID: "web-" + who + request, Request: request, Version: 1, Verdict: review.Approve,
		Channel: "web", At: l.clock.now(), From: review.Address{Channel: "web", ID: who}})
	if err != nil || out.Status != review.Counted {
		l.t.Fatalf("answering in the browser: %+v, %v", out, err)
	}
}

// A decision on the web page takes the buttons off every card, and whoever presses
// one that their screen still shows is told who decided.
func TestPeersStaleButtonsAfterADecisionElsewhere(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	before, there := l.offer("ana", weaveTwo, approving())
	if !there {
		t.Fatal("ana can't approve")
	}
	l.inBrowser("ana", weaveTwo)
	l.inBrowser("bo", weaveTwo)
	l.engine.moves("decided")
	l.rests()
	for _, who := range []string{"ana", "bo"} {
		for _, action := range []string{approving(), actionID(verbAsk, review.Reject), actionID(verbAsk, review.Changes)} {
			if _, there := l.offer(who, weaveTwo, action); there {
				t.Errorf("%s can still press %s", who, action)
			}
		}
		if m := l.card(who, weaveTwo); len(m.Earlier) == 0 || m.Deleted {
			t.Errorf("the card of %s was not changed in place", who)
		}
	}
	before.stands = false
	l.presses("ana", before)
	l.hears("ana", "closed", "You approved on the web page")
	if n := len(l.ballots(weaveTwo)); n != 2 {
		t.Errorf("%d answers count", n)
	}
}

// Two who hold one seat approve at the same moment, several times each.
func TestPeersSimultaneousApprovalsHaveOneEffect(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	l.engine.mu.Lock()
	h := review.Holder{Person: "dee", Via: review.ViaBackup, Since: l.clock.now()}
	l.engine.fold(l.engine.find(weaveOne), []review.Fact{{Kind: review.FactSeated, Request: weaveOne, At: l.clock.now(), Seat: "ana-seat", Person: "dee", Holder: &h}})
	l.engine.mu.Unlock()
	l.rests()
	var all sync.WaitGroup
	for _, who := range []string{"ana", "dee", "ana", "dee"} {
		p, there := l.offer(who, weaveOne, approving())
		if !there {
			t.Fatalf("%s can't approve", who)
		}
		all.Go(func() { l.press(who, p) })
	}
	all.Wait()
	if n := len(l.ballots(weaveOne)); n != 1 {
		t.Errorf("%d answers count for one seat", n)
	}
	told := 0
	for _, out := range l.told {
		if out[0].Status == review.Refused && out[0].Refusal == review.Answered {
			told++
		}
	}
	if told != 3 {
		t.Errorf("%d of three are told that another was first", told)
	}
	l.rests()
	l.recorded()
}

// Whoever may not, and whoever is nobody here, is told so, by a process too that
// has just begun.
func TestPeersNobodyPressesIntoNothing(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	l.restart()
	p, _ := l.offer("ana", weaveOne, approving())
	l.presses("cy", p)
	l.hears("cy", "Ana")
	l.slack.SetUser(slacktest.User{ID: "U0ZOE", Name: "zoe"})
	l.presses("zoe", p)
	l.hears("zoe", "Say who you are")
	l.slack.SetUser(slacktest.User{ID: "U0GUEST", Name: "guest", Restricted: true})
	l.presses("guest", p)
	l.hears("guest", "Only members of this workspace")
	if n := len(l.ballots(weaveOne)); n != 0 {
		t.Errorf("%d answers count", n)
	}
}

// While an answer is on its way to the process, nothing can be pressed again: the
// card says that it was received, whatever becomes of it.
func TestPeersButtonsAreGoneWhileItIsDelivered(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	l.engine.away = 1000
	l.clicks("ana", weaveOne, approving())
	if _, err := l.now().app.turn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, there := l.offer("ana", weaveOne, approving()); there {
		t.Errorf("she can press it again: %s", l.card("ana", weaveOne).Text)
	}
	if _, there := l.offer("bo", weaveOne, approving()); !there {
		t.Error("and bo can't any more")
	}
	l.engine.away = 0
	l.rests()
	l.recorded()
	if n := len(l.ballots(weaveOne)); n != 1 {
		t.Errorf("%d answers count", n)
	}
}

// The engine took it and its word was lost, so it is delivered once more: the card
// says that it counts as soon as the record has it, and not "received" for ever.
func TestACardOutgrowsWhatWasQueued(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	l.engine.lost = 1
	l.clicks("ana", weaveOne, approving())
	if err := l.engine.files(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.engine.tells(t.Context(), l.now().app) // the queue still has it
	l.clock.forward(gather)
	if _, err := l.now().app.turn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := l.card("ana", weaveOne); !strings.Contains(string(m.Blocks), "You answered") {
		t.Errorf("the record has it, and the card says %q", m.Text)
	}
	// What is refused in the end changes nothing that anybody would tell of.
	l.engine.away = 1
	l.clicks("bo", weaveOne, approving())
	l.engine.mu.Lock()
	l.engine.closed = true // a process that ended without a word
	l.engine.mu.Unlock()
	if _, err := l.now().app.turn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := l.card("bo", weaveOne); !strings.Contains(m.Text, "Received") {
		t.Errorf("it is being delivered, and the card says %q", m.Text)
	}
	l.rests()
}

// While one update of a card is under way somebody else answers: the card ends
// with both.
func TestPeersRacingUpdatesEraseNobody(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	l.clicks("ana", weaveOne, approving())
	if err := l.engine.files(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.engine.tells(t.Context(), l.now().app)
	l.clock.forward(gather)
	held := false
	l.holds(t, UpdateMessage, func() {
		held = true
		l.press("bo", func() offer { p, _ := l.offer("bo", weaveOne, approving()); return p }())
		if err := l.engine.files(t.Context()); err != nil {
			t.Error(err)
		}
		l.engine.tells(t.Context(), l.now().app)
	})
	if !held {
		t.Fatal("no update was under way")
	}
	l.rests()
	for _, who := range []string{"ana", "bo", "cy"} {
		if m := l.card(who, weaveOne); !strings.Contains(string(m.Blocks), "2 of 3") {
			t.Errorf("%s reads %s", who, m.Blocks)
		}
	}
	l.recorded()
}

// A reason as long as Slack lets anybody write one breaks no card, board or word.
func TestPeersALongNoteBreaksNoUpdate(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	l.clicks("ana", weaveTwo, actionID(verbAsk, review.Reject))
	views := l.slack.Views(userID("ana"))
	if len(views) != 1 {
		t.Fatalf("%d forms are open", len(views))
	}
	long := strings.Repeat("&<𝕏>*", 600)
	out, err := l.slack.Submit(userID("ana"), views[0].ID, url.Values{blockInside: {long}, blockVendor: {long}})
	if err != nil || !out.Acked || len(out.Errors) > 0 {
		t.Fatalf("%v, %+v", err, out)
	}
	l.engine.moves("decided")
	l.rests()
	l.recorded()
	if _, there := l.offer("bo", weaveTwo, approving()); there {
		t.Error("bo is still asked")
	}
}

// The engine counts it and its answer is lost: nobody is told that it failed, and
// it counts once.
func TestPeersWhatCountsIsNeverToldAsFailed(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	l.engine.lost = 1
	l.clicks("ana", weaveOne, approving())
	l.hears("ana", "Received")
	for _, m := range l.slack.Messages("") {
		if strings.Contains(m.Text, "not recorded") {
			t.Errorf("somebody was told %q", m.Text)
		}
	}
	l.rests()
	l.recorded()
	if n := len(l.ballots(weaveOne)); n != 1 {
		t.Errorf("%d answers count", n)
	}
}

// Somebody leaves Slack when they have their card, and before another one comes:
// the others decide, and the case hears of it.
func TestPeersWhoLeftSlackStopsNobody(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	u := userOfPerson("bo")
	u.Deleted = true
	l.slack.SetUser(u)
	if _, err := l.slack.Event("user_change", u.ID); err != nil {
		t.Fatal(err)
	}
	l.engine.version(weaveOne, []string{"ana-seat", "bo-seat", "cy-seat"})
	l.engine.mu.Lock()
	l.engine.asks(weaveCase+":late.1", "Another question", "bo", "ana")
	l.engine.mu.Unlock()
	l.rests()
	l.clicks("ana", weaveOne, approving())
	l.clicks("cy", weaveOne, approving())
	l.clicks("ana", weaveCase+":late.1", approving())
	l.inBrowser("bo", weaveTwo)
	l.rests()
	l.recorded()
	if n := len(l.ballots(weaveOne)); n != 2 {
		t.Errorf("%d answers count", n)
	}
	if n := len(l.other.shown); n != 2 || l.other.shown[0].Person != "bo" || l.other.shown[1].Person != "bo" {
		t.Errorf("the other channel has %v", l.other.shown)
	}
}

// What a button opens in a browser is a page for people, never what a program
// answers.
func TestPeersLinksLeadToPages(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	l.inBrowser("ana", weaveOne)
	l.rests()
	_, _ = l.slack.OpenHome(userID("ana"))
	l.rests()
	home, _ := l.slack.Home(userID("ana"))
	texts := []json.RawMessage{home.Blocks}
	for _, m := range l.slack.Messages("") {
		texts = append(texts, m.Blocks)
	}
	links := 0
	for _, raw := range texts {
		for _, part := range strings.Split(string(raw), "https://gangway.example.org")[1:] {
			links++
			path, _, _ := strings.Cut(strings.TrimRight(part[:strings.IndexAny(part, `"|?>\`)], "?"), "?")
			if !slices.Contains([]string{"/", "/request", "/case", "/profile"}, path) {
				t.Errorf("a link leads to %s", path)
			}
		}
	}
	if links == 0 {
		t.Error("there is no link to look at")
	}
}

// However often the process tells of the same, in whatever life: one prompt.
func TestPeersNoPromptIsSentTwice(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	posts := len(l.slack.Calls(PostMessage))
	for range 5 {
		l.engine.mu.Lock()
		clear(l.engine.told) // it does not know that it told
		l.engine.stirred[weaveOne], l.engine.stirred[weaveTwo] = true, true
		l.engine.mu.Unlock()
		l.restart()
		l.clock.forward(leaseFor + time.Second)
		l.rests()
	}
	if now := len(l.slack.Calls(PostMessage)); now != posts {
		t.Errorf("%d messages were sent for nothing", now-posts)
	}
}

// A comment that Slack brings again to another process, later, is the same comment:
// the record has it once.
func TestPeersACommentIsRecordedOnce(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	p, _ := l.offer("ana", weaveOne, string(verbMenu))
	p.value, _, _ = strings.Cut(p.value, menuMark)
	p.value = menuValue(p.value, verbNotMe)
	l.presses("ana", p)
	views := l.slack.Views(userID("ana"))
	if len(views) != 1 {
		t.Fatalf("%d forms are open", len(views))
	}
	out, err := l.slack.Submit(userID("ana"), views[0].ID, url.Values{blockInside: {"I left that team."}})
	if err != nil || !out.Acked {
		t.Fatalf("%v, %+v", err, out)
	}
	l.keep(out, "")
	l.restart()
	l.again(l.taken[len(l.taken)-1])
	l.clock.forward(leaseFor + time.Second)
	l.rests()
	l.recorded()
}

// A request that ended without this person: whoever presses is told, and a form
// that stood open becomes a page that says so.
func TestPeersAClosedRequestSaysSo(t *testing.T) {
	t.Parallel()
	for _, why := range []string{"withdrawn", "superseded", "expired"} {
		l := loomFor(t)
		p := l.clicks("bo", weaveOne, actionID(verbAsk, review.Reject))
		approve, _ := l.offer("ana", weaveOne, approving())
		l.engine.moves(why)
		if err := l.engine.files(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.presses("ana", approve)
		l.hears("ana", "closed")
		l.presses("bo", p)
		l.hears("bo", "closed")
		views := l.slack.Views(userID("bo"))
		out, err := l.slack.Submit(userID("bo"), views[0].ID, url.Values{blockInside: {"Too late."}})
		if err != nil || !out.Acked {
			t.Fatalf("%v, %+v", err, out)
		}
		if now := l.slack.Views(userID("bo")); len(now) != 1 || now[0].CallbackID != string(verbResult) {
			t.Errorf("%s: bo sees %+v", why, now)
		}
		l.rests()
		l.recorded()
	}
}

// TestS9ButtonsOfWhoMayNot: the requester in a seat, and whoever declared a
// conflict, press what stands on a card; the process refuses, and they are told.
func TestS9ButtonsOfWhoMayNot(t *testing.T) {
	t.Parallel()
	l := loomFor(t)
	l.engine.mu.Lock()
	r := l.engine.find(weaveOne)
	h := review.Holder{Person: "rita", Via: review.ViaBackup, Since: l.clock.now()} // who asked for it
	l.engine.fold(r, []review.Fact{{Kind: review.FactSeated, Request: weaveOne, At: l.clock.now(), Seat: "ana-seat", Person: "rita", Holder: &h}})
	l.engine.mu.Unlock()
	l.quiet(time.Minute)
	p, there := l.offer("ana", weaveOne, approving())
	if !there {
		t.Fatal("ana can't approve")
	}
	theirs := p
	theirs.value = l.now().app.o.Key.Ticket(weaveOne, 1, "rita", Channel)
	theirs.stands = false
	l.presses("rita", theirs)
	l.hears("rita", "Not counted")
	l.engine.mu.Lock()
	l.engine.fold(r, []review.Fact{{Kind: review.FactRecused, Request: weaveOne, At: l.clock.now(), Person: "ana"}})
	l.engine.mu.Unlock()
	if err := l.engine.files(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.presses("ana", p)
	l.hears("ana", "Not counted")
	if n := len(l.ballots(weaveOne)); n != 0 {
		t.Errorf("%d answers count", n)
	}
	l.rests()
	l.recorded()
}

// TestS13HostileNamesOnEverythingShown: a vendor's name that would be a mention, a
// link or a mark is text in every message and on every page that Slack was sent.
func TestS13HostileNamesOnEverythingShown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"<!channel>", "<@U0BO>", "<https://evil.example|Approve>", "a\u202eb", "*Acme* _x_", strings.Repeat("𝔘", 3000)} {
		l := newLoom(t, blankArchive(t, t.TempDir()), t.TempDir(), t.Cleanup)
		if err := l.store.NameVendor(t.Context(), "acme", name); err != nil {
			t.Fatal(err)
		}
		l.quiet(time.Minute)
		l.clicks("ana", weaveTwo, approving())
		l.inBrowser("bo", weaveTwo)
		l.engine.moves("decided")
		_, _ = l.slack.OpenHome(userID("cy"))
		l.rests()
		for _, c := range l.slack.Calls("") {
			for _, bad := range []string{"<!channel>", "<@U0BO>", "<https://evil", "\u202e", "*Acme*"} {
				for _, arg := range []string{c.Args["text"], blocksText(c.Args["blocks"]), blocksText(c.Args["view"])} {
					if strings.Contains(arg, bad) {
						t.Errorf("%s was sent %q within %.300q", c.Method, bad, arg)
					}
				}
			}
		}
	}
}

// blocksText are all texts in mrkdwn of blocks or of a view: what is plain text
// there is shown as it is, but for what turns its direction.
func blocksText(raw string) string {
	var v any
	_ = json.Unmarshal([]byte(raw), &v) // nothing was sent
	var b strings.Builder
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			if text, is := v["text"].(string); is && v["type"] == "mrkdwn" {
				b.WriteString(text + "\n")
			} else if is {
				b.WriteString(strings.NewReplacer("<", "", "*", "").Replace(text) + "\n")
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(v)
	return b.String()
}
