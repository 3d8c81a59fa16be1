package slack

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// ends closes the case.
func (w *world) ends(state dossier.CaseState) {
	w.rows.mu.Lock()
	defer w.rows.mu.Unlock()
	v := w.rows.cases[theCase]
	v.State, v.Closed = state, w.clock.now()
	w.rows.cases[theCase] = v
}

// said reports how many messages to somebody hold the words.
func (w *world) said(who, words string) int {
	n := 0
	for _, m := range w.cards(who) {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

func TestTheRequesterIsToldOfTheOutcomeAndTheEnd(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "lena")
	w.request("r1", "lena")
	w.show("n1", playbook.WhyAsked, "lena", "r1")
	w.settle(time.Minute)
	w.answers("r1", "lena")
	w.closes("r1", "decided")
	w.follow("r1")
	w.follow("r1") // told again, it changes nothing
	w.settle(time.Minute)
	if n := w.said("rita", "Data protection"); n != 1 {
		t.Errorf("the outcome is told %d times", n)
	}
	w.settle(time.Minute)
	if n := w.said("rita", "is over"); n != 0 {
		t.Error("the end is told before it is there")
	}
	w.ends(dossier.Live)
	w.settle(time.Minute)
	w.turn()
	w.settle(time.Minute)
	w.restart()
	w.clock.to(w.clock.now().Add(2 * leaseFor))
	w.turn()
	w.settle(time.Minute)
	if n := w.said("rita", "is over: everything is settled, and the vendor is live"); n != 1 {
		t.Errorf("the end is told %d times", n)
	}
	if len(w.other.tidings) > 0 {
		t.Errorf("another channel was to tell %v", w.other.tidings)
	}
}

// Whom Slack turns out not to know is told by the other channel, what became of
// requests and of the case.
func TestOutcomesOfWhomSlackDoesNotKnowAreToldElsewhere(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "lena")
	rita := userOfPerson("rita")
	rita.Deleted = true
	w.slack.SetUser(rita)
	w.request("r1", "lena")
	w.show("n1", playbook.WhyAsked, "lena", "r1")
	w.answers("r1", "lena")
	w.closes("r1", "decided")
	w.follow("r1")
	w.settle(time.Minute)
	w.ends(dossier.Ended)
	w.turn()
	w.settle(time.Minute)
	if want := []string{theCase + " r1", theCase + " "}; !slices.Equal(want, w.other.tidings) {
		t.Errorf("told elsewhere: %q, want %q", w.other.tidings, want)
	}
}

// Somebody who prefers mail is told there, and is left to it: the case waits for
// the other channel, which looks by itself.
func TestWhoPrefersMailHearsNothingHere(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "lena")
	rita := w.rows.persons["rita"]
	rita.Channels = []string{"mail"}
	w.rows.persons["rita"] = rita
	w.request("r1", "lena")
	w.show("n1", playbook.WhyAsked, "lena", "r1")
	w.answers("r1", "lena")
	w.closes("r1", "decided")
	w.follow("r1")
	w.ends(dossier.Live)
	w.settle(time.Minute)
	w.turn()
	if len(w.cards("rita")) > 0 || len(w.other.tidings) > 0 {
		t.Errorf("told here %d, handed over %v", len(w.cards("rita")), w.other.tidings)
	}
	if left, err := w.rows.EndedCases(t.Context()); err != nil || len(left) != 1 {
		t.Errorf("the end was taken from mail: %v, %v", left, err)
	}
	// Without another channel the preference is for nothing.
	w.o.Instead = nil
	w.restart()
	w.clock.to(w.clock.now().Add(2 * leaseFor))
	w.turn()
	w.settle(time.Minute)
	if n := w.said("rita", "is over"); n != 1 {
		t.Errorf("the end is told %d times", n)
	}
}

func TestTheEndOfACaseWithoutARequesterIsLookedAtOnce(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "lena")
	v := w.rows.cases[theCase]
	v.Requester = ""
	w.rows.cases[theCase] = v
	w.o.Instead = nil
	w.restart()
	w.request("r1", "lena")
	w.show("n1", playbook.WhyAsked, "lena", "r1")
	w.ends(dossier.Ended)
	w.turn()
	if left, err := w.rows.EndedCases(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("it is looked at for ever: %v, %v", left, err)
	}
}

// TestTheEndOfADrillIsNoExits: whoever reads it knows that the vendor works on.
func TestTheEndOfADrillIsNoExits(t *testing.T) {
	t.Parallel()
	m := endOf(&dossier.CaseView{ID: "drill/acme/1", Rehearsal: true, State: "done"}, "Acme")
	if !strings.Contains(m.text, "The drill of leaving Acme is over") || strings.Contains(m.text, "The case of") {
		t.Errorf("it says %q", m.text)
	}
	if m := endOf(&dossier.CaseView{ID: "exit/acme/1", State: "exited"}, "Acme"); !strings.Contains(m.text, "The case of Acme is over") {
		t.Errorf("an exit's end says %q", m.text)
	}
}
