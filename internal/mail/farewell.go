package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// endsForVendor reports whether a letter tells somebody of a vendor how all of it ended.
func endsForVendor(why string) bool { return strings.HasPrefix(why, playbook.WhyEndedFor) }

// isFarewell: the mail tells somebody of a vendor that the whole is over.
func (c *content) isFarewell() bool {
	return c.outside != nil && c.kind == outbox.Outcome && len(c.items) > 0 && endsForVendor(c.items[0].why)
}

// wholeFirst puts the end of the whole before what became of its parts.
func wholeFirst(a, b item) int {
	switch first, second := endsForVendor(a.why), endsForVendor(b.why); {
	case first == second:
		return 0
	case first:
		return -1
	}
	return 1
}

// farewell says how it ended, in words that the case's owner could have written, and what
// becomes of what the vendor sent. Why it was decided so stays inside.
func (w *composer) farewell(ctx context.Context, l outbox.Letter) (item, error) {
	o := w.c.outside
	it := item{Case: l.Case, Vendor: o.Vendor, why: l.Why}
	asks := "To learn what is kept of it, or to have what it says of your people erased, write to " + o.Client + "."
	if o.Asker != "" {
		asks = "To learn what is kept of it, or to have what it says of your people erased, write to " + o.Asker + " at " + o.Client + "."
	}
	switch l.Why {
	case playbook.WhyOff:
		it.Title = o.Vendor + " no longer works for " + o.Client
		it.Outcome = "Those who answer for it at " + o.Client + " have signed the end: the work of " + o.Vendor + " for " + o.Client +
			" is over, and with it every access that you were given. Thank you for it, and for your answers."
		v, err := w.o.Store.Case(ctx, l.Case)
		if err != nil {
			return it, fmt.Errorf("reading which clauses outlive a contract: %w", err)
		}
		lives := "secrecy and data protection among it, for as long as it says. "
		if clauses := survives(v); len(clauses) > 0 {
			lives = "for as long as it says: " + strings.Join(clauses, "; ") + ". "
		}
		it.Kept = "What your contract says outlives it still binds both sides, " + lives +
			"Where you named a backup that still runs, you are asked about it once more on the day on which it runs out. " + asks
		return it, nil
	case playbook.WhyCutOff:
		it.Title = o.Client + " has called the end off"
		it.Outcome = "Of the notice that you were given nothing more follows here: " + o.Vendor + " stays with " + o.Client +
			". Access that was taken from your people stays taken: nothing comes back by itself, and what they need for their work is given to each of them anew. " +
			"Please send nothing more for the end. Whether the notice itself is void, and by which words, is for the two sides to write to each other."
		it.Kept = "What you sent stays in the record of what was asked and decided. " + asks
		return it, nil
	case playbook.WhyStays:
		it.Title = o.Client + " has called the end off"
		it.Outcome = "Of the notice that you were given nothing more follows here: " + o.Vendor + " goes on working for " + o.Client +
			" as before. Please send nothing more for the end. Whether the notice itself is void, and by which words, is for the two sides to write to each other."
		it.Kept = "What you sent stays in the record of what was asked and decided. " + asks
		return it, nil
	case playbook.WhyReleased:
		it.Title = o.Client + " asks nothing more of you here"
		it.Outcome = "Of what you were to take over from " + o.Vendor + " nothing is asked of you any more. Please send nothing more for it; the links that you were sent for it open nothing now. " +
			"Thank you for your time."
		it.Kept = "What you sent stays in the record of what was asked and decided. " + asks
		return it, nil
	case playbook.WhyLive:
		it.Title = o.Client + " takes " + o.Vendor + " on"
		it.Outcome = "Everything that had to be settled is settled: " + o.Vendor + " works for " + o.Client + " from now on. Thank you for your answers."
		it.Kept = "What you sent stays in the record of this decision. Of copies that may be kept for a limited time only, each is erased on its day. " + asks
		return it, nil
	}
	it.Title = o.Client + " does not go on with this"
	it.Outcome = o.Client + " goes no further with " + o.Vendor + " in this matter. Please send nothing more for it. Thank you for your time."
	if l.Why == playbook.WhyDeclined {
		it.Title = o.Client + " has decided"
		it.Outcome = o.Client + " has decided not to take " + o.Vendor + " on. Please send nothing more for it. Thank you for your time."
	}
	it.Kept = "Whatever you sent stays in the record of what was asked and decided. Copies that may be kept for a limited time only are not kept. " + asks
	return it, nil
}

// survives are the clauses that were found to outlive a contract, as the playbook calls
// them, in its order: an exit has one checklist of its own, and that is what it is for.
func survives(v dossier.CaseView) []string {
	var titles []string
	for _, r := range v.Requests {
		if r.Process != v.ID || r.Kind != review.Checklist || r.Closed == nil || r.Closed.State != review.Met {
			continue
		}
		titles = nil // of the newest that was met
		for _, p := range r.Points {
			if slices.ContainsFunc(r.Policy.Seats(), func(s review.Seat) bool { return foundBy(r.Standing(s.ID), p.ID) }) {
				titles = append(titles, textLine(p.Title, maxName))
			}
		}
	}
	return titles
}

// foundBy reports whether an answer says where a point stands.
func foundBy(b *review.Ballot, point string) bool {
	return b != nil && slices.ContainsFunc(b.Findings, func(f engagement.Finding) bool { return f.Point == point && !f.Missing && len(f.Places) > 0 })
}
