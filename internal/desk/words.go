package desk

import (
	"strings"
	"time"

	"gangway/internal/review"
)

const (
	// maxID bounds what a channel may use as an answer id (bytes); the engine
	// takes ids of up to 1,000, and desk appends a process's id to some.
	maxID = 200
	// maxWord bounds every other id in an answer or act (bytes).
	maxWord = 500
	// maxWords bounds each list in an answer: a payload past the engine's limit
	// would be refused for ever, and hold up what is queued behind it.
	maxWords = 200
	// maxYears is how far ahead an act may reach.
	maxYears = 10
)

// checkID refuses ids that could not be told apart, or that would be confused
// with gangway's own.
func checkID(id string) error {
	if id == "" || len(id) > maxID {
		return invalid("give every answer an id of its own", "an answer's id has 1 to %d characters, this one has %d", maxID, len(id))
	}
	if !plain(id) || strings.HasPrefix(id, peoplePrefix) || strings.HasPrefix(id, undeliveredPrefix) {
		return invalid("use letters, digits and dashes", "an answer's id holds a character that it must not")
	}
	return nil
}

// plain: printable ASCII without a space.
func plain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// checkAnswer refuses an answer that says in words what only its text may say:
// everything else in it goes to the engine as it stands.
func checkAnswer(a review.Answer) error {
	err := checkID(a.ID)
	if err != nil {
		return err
	}
	if len(a.Scores) > maxWords {
		return invalid("score the criteria that are asked", "an answer has at most %d scores", maxWords)
	}
	words := []string{a.Request, a.Seat, string(a.Verdict), a.Channel}
	for _, s := range a.Scores {
		words = append(words, s.Criterion)
	}
	if len(a.Findings) > maxWords {
		return invalid("look at the points that are asked", "an answer has at most %d findings", maxWords)
	}
	for _, f := range a.Findings {
		words = append(append(words, f.Point, f.Document), f.Places...)
	}
	err = checkFilled(a)
	if err != nil {
		return err
	}
	return checkWords(append(words, a.Attest...), a.Documents)
}

// checkAct is checkAnswer for an act. A time that lies too far ahead is a
// mistyped year, and one past 9999 could not be written down everywhere.
func checkAct(a review.Act) error {
	err := checkID(a.ID)
	if err != nil {
		return err
	}
	if a.Kind == review.Undelivered { // which channels say of somebody, and nobody of themselves
		return invalid("see `gangway help` for what one can do", "%q is nothing that a person does", a.Kind)
	}
	if !a.Until.IsZero() && a.Until.After(a.At.AddDate(maxYears, 0, 0)) {
		return invalid("name a nearer day", "%s is more than %d years away", a.Until.Format(time.DateOnly), maxYears)
	}
	if len(a.Values) > maxWords {
		return invalid("name what the intake may hold", "a correction has at most %d values", maxWords)
	}
	err = checkSections(a.Sections)
	if err != nil {
		return err
	}
	return checkWords([]string{a.Process, a.Request, a.Seat, string(a.Kind), a.Step, a.Name, a.Document, a.Channel, a.ToID, a.Role, a.Field, a.Digest}, a.Values)
}

func checkWords(lists ...[]string) error {
	for _, words := range lists {
		if len(words) > 4*maxWords {
			return invalid("send what is asked for", "%d words are more than an answer has", len(words))
		}
		for _, w := range words {
			if len(w) > maxWord || !plain(w) {
				return invalid("write free text as the reason", "%.40q is no id of anything here", w)
			}
		}
	}
	return nil
}
