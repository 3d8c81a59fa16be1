package slack

import (
	"bytes"
	"testing"
	"time"

	"gangway/internal/outbox"
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

func standingAt(person string, at place) outbox.Place {
	return outbox.Place{Posting: outbox.CardID(person, lobbyRequest), Channel: at.channel, Stamp: at.ts}
}
