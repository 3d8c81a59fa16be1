package slack

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"gangway/internal/outbox"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// TestWhatIsDurableWaitsForNoCard: what was said stands, so that Slack is answered
// in time also where nothing more can be written.
func TestWhatIsDurableWaitsForNoCard(t *testing.T) {
	t.Parallel()
	for name, pending := range map[string]bool{"counted": false, "received": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openLobby(t)
			at := l.card("maya")
			if err := l.shelf.PutPlace(t.Context(), standingAt("maya", at)); err != nil {
				t.Fatal(err)
			}
			l.desk.pending, l.shelf.stuck = pending, true
			l.acked(l.click("maya", at, approving())) // or it never ends
			if n := len(l.desk.said()); n != 1 {
				t.Errorf("the desk heard %d things", n)
			}
			if pending {
				l.tells("maya", "Received")
			} else {
				l.ballots(1)
			}
		})
	}
}

// TestAClickThatWaitedIsToldOf: a delivery that stood in a queue has less time left,
// and some of that is for saying that it was not recorded.
func TestAClickThatWaitedIsToldOf(t *testing.T) {
	t.Parallel()
	for _, waited := range []time.Duration{900 * time.Millisecond, 2 * time.Second, time.Minute} {
		t.Run(waited.String(), func(t *testing.T) {
			t.Parallel()
			l := openLobby(t)
			out := l.acked(l.click("ben", l.card("maya"), approving()))
			l.desk.entered, l.desk.hold = make(chan struct{}, 1), make(chan struct{})
			body := bytes.ReplaceAll(out.Delivery.Payload, []byte("U0BEN"), []byte("U0MAYA"))
			if r := l.handler.Take(t.Context(), Delivery{Kind: Interactive, Body: body, At: l.clock.Now().Add(-waited)}); r.Lost {
				t.Error("it was not taken")
			}
			l.tells("maya", "not recorded")
			l.ballots(0)
		})
	}
}

// TestASlackThatHangsIsAnsweredInTime: whichever call to it does not end, a click
// is acknowledged within its three seconds, and is not taken for what it isn't.
func TestASlackThatHangsIsAnsweredInTime(t *testing.T) {
	t.Parallel()
	for method, c := range map[string]struct {
		action, told string
	}{
		UserInfo:      {approving(), "not recorded"},
		OpenView:      {actionID(verbAsk, review.Reject), "could not open the form"},
		PostEphemeral: {approving(), ""},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			l := openLobby(t)
			t.Cleanup(l.slack.Release)
			at := l.card("maya")
			if method == PostEphemeral { // which is called only where there is something to say
				l.desk.busy = errBusy
			}
			l.slack.Order(slacktest.Failure{Method: method, How: slacktest.Held, Times: -1})
			l.acked(l.click("maya", at, c.action))
			if c.told != "" {
				l.tells("maya", c.told)
			}
			l.ballots(0)
		})
	}
}

// TestAFormThatIsReceivedIsFollowed: whoever sent a form hears what became of it,
// once that is known.
func TestAFormThatIsReceivedIsFollowed(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	l.acked(l.click("maya", l.card("maya"), actionID(verbAsk, review.Reject)))
	l.desk.pending = true
	out, err := l.slack.Submit("U0MAYA", l.modal("maya").ID, url.Values{blockInside: {"No exit clause."}})
	if err != nil || !out.Acked || !strings.Contains(string(l.modal("maya").Blocks), "Received") {
		t.Fatalf("%v %+v", err, out)
	}
	if strings.Contains(string(l.modal("maya").Blocks), "No exit clause.") {
		t.Error("they are given back what was taken")
	}
	for _, p := range l.shelf.postings {
		if p.Kind == outbox.Verdict && p.Person == "maya" && p.ID == outbox.VerdictID(p.Answer) && l.desk.receipts[p.Answer].Status == review.Pending {
			return
		}
	}
	t.Errorf("nothing will tell what becomes of it: %+v", l.shelf.postings)
}

func standingAt(person string, at place) outbox.Place {
	return outbox.Place{Posting: outbox.CardID(person, lobbyRequest), Channel: at.channel, Stamp: at.ts}
}
