package outbox

import "time"

// The ids of postings are made here and nowhere taken apart: the same thing to
// show has the same id whichever process comes upon it, and so is one row. Ids of
// people and cases have no slash in them.

// CardID is that of the one card by which a person has a request, however often
// they are told of it.
func CardID(person, request string) string { return string(Card) + "/" + person + "/" + request }

// HomeID is that of a person's own page.
func HomeID(person string) string { return string(Home) + "/" + person }

// BoardID is that of a case in the channel of cases.
func BoardID(caseID string) string { return string(Board) + "/" + caseID }

// LineID is that of the line under a board that tells of an answer.
func LineID(answer string) string { return string(Line) + "/" + answer }

// NudgeID is that of a reminder's words.
func NudgeID(notice string) string { return string(Nudge) + "/" + notice }

// WordID is that of a word to whoever's eye is wanted.
func WordID(notice string) string { return string(Word) + "/" + notice }

// TidingsID is that of what became of a request. The time is the case's: a
// request that opens again and closes again has tidings again.
func TidingsID(request string, at time.Time) string {
	return string(Tidings) + "/" + request + "/" + at.UTC().Format(time.RFC3339Nano)
}

// VerdictID is that of what became of a pending answer.
func VerdictID(answer string) string { return string(Verdict) + "/" + answer }
