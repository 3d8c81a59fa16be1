package outbox

import (
	"cmp"
	"slices"
	"time"
)

// Gather is how long a letter waits for others that opened to the same person at
// the same moment in other processes. People don't notice it; two mails they do.
const Gather = 3 * time.Second

// Lane is which letters may leave in one mail.
type Lane string

// Lanes.
const (
	LaneAsked   Lane = "asked"   // what is wanted of the person, and what wants their eye
	LaneDigest  Lane = "digest"  // what they were reminded of
	LaneOutcome Lane = "outcome" // what became of what they asked for
	// LaneVendor is everything to somebody of a vendor but what leaves alone: a mail
	// is about one case, so that nothing of one client's unit reaches another's
	// case by being forwarded.
	LaneVendor Lane = "vendor"
	LaneAlone  Lane = "alone"
)

// Lane is the letter's.
func (l Letter) Lane() Lane {
	switch l.Kind {
	case Asked, Reminder, Outcome:
	default:
		return LaneAlone
	}
	switch {
	case l.Outside:
		return LaneVendor
	case l.Kind == Asked:
		return LaneAsked
	case l.Kind == Reminder:
		return LaneDigest
	default:
		return LaneOutcome
	}
}

// Bundle gives the letters that leave in one mail with a due one, itself
// included, in the order in which they were made; waiting is what waits for the
// same person. A mail that was tried before stays what it was: its letters, no
// others, under the same Message. A rehearsal never mixes with what is real.
func Bundle(due Letter, waiting []Letter) []Letter {
	bundle := []Letter{due}
	for _, l := range waiting {
		if l.ID != due.ID && l.Person == due.Person && l.State == Waiting && together(due, l) {
			bundle = append(bundle, l)
		}
	}
	slices.SortFunc(bundle, func(a, b Letter) int { return cmp.Or(a.Made.Compare(b.Made), cmp.Compare(a.ID, b.ID)) })
	return bundle
}

func together(a, b Letter) bool {
	switch {
	case a.Message != "" || b.Message != "":
		return a.Message == b.Message
	case a.Lane() == LaneAlone:
		return false
	case a.Again != "" || b.Again != "": // sent again, it leaves at once and as it was
		return false
	case a.Outside && (a.Case != b.Case || a.Kind != b.Kind):
		return false
	default:
		return a.Lane() == b.Lane() && a.Rehearsal == b.Rehearsal
	}
}
