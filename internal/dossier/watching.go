package dossier

import (
	"slices"
	"time"

	"gangway/internal/engagement"
)

// Kinds of entries of an oversight.
const (
	Watched       Kind = "watched"        // Expiry is watched from now on, as it stands now; Result says why it changed
	Lapsed        Kind = "lapsed"         // Expiry ran out, and nothing has taken its place
	NoticePassed  Kind = "notice-passed"  // in the case and in the register: the last day for notice of a contract (Expiry) passed without a decision
	Escalated     Kind = "escalated"      // people were silent about Expiry; Person is called, Request is what they are asked
	NoticeDecided Kind = "notice-decided" // Result is what becomes of the contract (Expiry): renew, renegotiate or exit
	Begun         Kind = "begun"          // another case was begun about Expiry: Parent is its id, Result its process
	Reported      Kind = "reported"       // Parent is the process that came to Result
	MeetingsSet   Kind = "meetings-set"   // people's calendars follow the form of contacts Document; Result says how: invited, changed, cancelled or none; Values are who is invited, by their ids, Points who in the form could not be
	WatchEnded    Kind = "watch-ended"    // Expiry is watched no longer; Result says why
)

// WatchView is something that is watched while a vendor works, and what became of it.
type WatchView struct {
	engagement.Expiry
	Since time.Time `json:"since"` // case time of the newest news of it
	// Lapsed: it ran out. NoticePassed: the last day for notice went by without a
	// decision. Both are undone by news of a later end.
	Lapsed       bool `json:"lapsed,omitempty"`
	NoticePassed bool `json:"noticePassed,omitempty"`
	// Decided is what was decided of a contract that comes to its end.
	Decided string `json:"decided,omitempty"`
	// Process was begun because of it.
	Begun string `json:"begun,omitempty"`
	// Ended says why it is watched no longer; empty: it is.
	Ended string `json:"ended,omitempty"`
}

// watch folds what runs out. Only what a case says of itself counts: what stands in
// the register as well has that for its case.
func (v *CaseView) watch(e Entry, d *Detail) {
	if d.Expiry == nil {
		return
	}
	i := slices.IndexFunc(v.Watched, func(w WatchView) bool { return w.ID == d.Expiry.ID })
	if i < 0 {
		v.Watched = append(v.Watched, WatchView{Expiry: *d.Expiry})
		i = len(v.Watched) - 1
	}
	w := &v.Watched[i]
	switch e.Kind {
	case Watched:
		*w = WatchView{Expiry: *d.Expiry, Since: e.CaseAt}
	case Lapsed:
		w.Lapsed = true
	case NoticePassed:
		w.NoticePassed = true
	case NoticeDecided:
		w.Decided = d.Result
	case Begun:
		w.Begun = d.Parent
	case AccessStands: // whether somebody took it up
		w.Invited = d.Expiry.Invited
	case WatchEnded:
		w.Ended = d.Result
	}
}

// Watching is what is still watched, the first to run out first; what is owed comes
// before all.
func (v *CaseView) Watching() []WatchView {
	list := slices.DeleteFunc(slices.Clone(v.Watched), func(w WatchView) bool { return w.Ended != "" })
	slices.SortStableFunc(list, func(a, b WatchView) int { return a.On.Compare(b.On) })
	return list
}
