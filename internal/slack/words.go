package slack

import "gangway/internal/review"

// outcomeWords says to the person who answered or acted what became of it, in
// mrkdwn. It names the answer that stands where theirs came second.
func (s scene) outcomeWords(out review.Outcome) string { return out.Refusal.Sentence() }

// wrongPerson says to somebody who pressed a button of somebody else's card who
// can answer, in mrkdwn.
func (s scene) wrongPerson() string { return "" }

// Words for answers that no request is known for, in mrkdwn.
const (
	sayNotRecorded = "That was *not recorded*. Please try again; nothing of yours is lost as long as this stays open."
	sayForeign     = "This card belongs to another gangway, so nothing was done."
	sayNobody      = "gangway does not know who you are yet."
	sayOutsider    = "Only members of this workspace who work here can answer; guests, bots and people of other workspaces can't. Nothing was done."
	sayShared      = "This channel is shared with another organisation, so nothing is answered here. Use the direct message instead."
	sayGone        = "You are no longer listed as active, so nothing was counted."
)
