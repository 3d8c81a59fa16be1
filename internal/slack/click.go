package slack

import (
	"strings"

	"gangway/internal/review"
)

// verb is what a button does. It is the action id, or its beginning, and the
// callback id of the modal that it opens.
type verb string

// Verbs.
const (
	verbAnswer   verb = "answer" // counts at once; with a verdict: answer/approve
	verbAsk      verb = "ask"    // opens the answer's modal; with a verdict: ask/reject
	verbDelegate verb = "delegate"
	verbRecuse   verb = "recuse"
	verbSnooze   verb = "snooze"
	verbNotMe    verb = "not-me"
	verbMenu     verb = "menu" // the ⋯ of a card: which option says what it does
	verbOpen     verb = "open" // a link to a web page; nothing to do but acknowledge
	verbOnboard  verb = "onboard"
	verbAway     verb = "away"
	verbBack     verb = "back" // ends what stands of an absence
	verbResult   verb = "result"
	verbExit     verb = "exit"      // whom to leave, and how
	verbExitName verb = "exit-name" // what that comes to; the vendor's name is typed
	verbSettle   verb = "settle"    // who does the work when a vendor is gone
)

// click is a button, or an option of the menu, that somebody pressed.
type click struct {
	Verb    verb
	Verdict review.Verdict // of verbAnswer and verbAsk; empty: none is chosen yet
	Ticket  string
}

// actionID is the id of a button that does something with a verdict.
func actionID(v verb, verdict review.Verdict) string {
	if verdict == "" {
		return string(v)
	}
	return string(v) + "/" + string(verdict)
}

// menuMark stands between the ticket and the verb in an option of the menu: its
// options share one action id, so their values must differ.
const menuMark = "/"

func menuValue(ticket string, v verb) string { return ticket + menuMark + string(v) }

// readClick reads what this package wrote on a button: its action id and value;
// of the menu also the value of the option that was selected. It is false for
// what is none of our buttons.
func readClick(action, value, selected string) (click, bool) {
	word, verdict, _ := strings.Cut(action, "/")
	c := click{Verb: verb(word), Verdict: review.Verdict(verdict), Ticket: value}
	if c.Verb == verbMenu {
		ticket, option, found := strings.Cut(selected, menuMark)
		c.Ticket, c.Verb = ticket, verb(option)
		return c, found && verdict == "" && c.Verb.inMenu()
	}
	switch c.Verb {
	case verbAnswer:
		return c, verdict != ""
	case verbAsk:
		return c, true
	case verbOpen, verbOnboard, verbAway, verbBack, verbDelegate, verbRecuse, verbSnooze, verbNotMe:
		return c, verdict == ""
	}
	return c, false
}

// inMenu reports whether the ⋯ of a card has the verb.
func (v verb) inMenu() bool {
	switch v {
	case verbDelegate, verbRecuse, verbSnooze, verbNotMe, verbOpen:
		return true
	}
	return false
}
