package outbox

import "time"

// By is what letters are looked for by.
type By string

// Ways to look for letters. Lists hold at most MostLetters.
const (
	ByDue     By = "due"     // worth a try at Now: one-time links first, then what waited longest
	ByNext    By = "next"    // the one letter that is worth a try next
	ByWaiting By = "waiting" // what waits for the person Of, due or not
	ByTrouble By = "trouble" // failed or unknown, and nobody sent it again; the newest first
	ByCase    By = "case"    // of the case Of, the newest first
	ByPerson  By = "person"  // to the person Of, the newest first
	ByMessage By = "message" // what left in the mail with the Message-ID Of
	ByToken   By = "token"   // what left in the mail whose envelope sender carried what has the digest Of
	ByUntold  By = "untold"  // failed, and the case doesn't know yet
)

// MostLetters bounds every list of letters.
const MostLetters = 200

// Which says which letters are wanted.
type Which struct {
	By  By
	Of  string
	Now time.Time
}
