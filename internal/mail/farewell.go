package mail

import (
	"strings"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
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
func (w *composer) farewell(l outbox.Letter) item {
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
		it.Kept = "What your contract says outlives it still binds both sides, secrecy and data protection among it, for as long as it says. " +
			"Where you named a backup that still runs, you are asked about it once more on the day on which it runs out. " + asks
		return it
	case playbook.WhyStays:
		it.Title = o.Client + " has called the end off"
		it.Outcome = "Of the notice that you were given nothing more follows here: " + o.Vendor + " goes on working for " + o.Client +
			" as before. Please send nothing more for the end. Whether the notice itself is void, and by which words, is for the two sides to write to each other."
		it.Kept = "What you sent stays in the record of what was asked and decided. " + asks
		return it
	case playbook.WhyLive:
		it.Title = o.Client + " takes " + o.Vendor + " on"
		it.Outcome = "Everything that had to be settled is settled: " + o.Vendor + " works for " + o.Client + " from now on. Thank you for your answers."
		it.Kept = "What you sent stays in the record of this decision. Of copies that may be kept for a limited time only, each is erased on its day. " + asks
		return it
	}
	it.Title = o.Client + " does not go on with this"
	it.Outcome = o.Client + " goes no further with " + o.Vendor + " in this matter. Please send nothing more for it. Thank you for your time."
	if l.Why == playbook.WhyDeclined {
		it.Title = o.Client + " has decided"
		it.Outcome = o.Client + " has decided not to take " + o.Vendor + " on. Please send nothing more for it. Thank you for your time."
	}
	it.Kept = "Whatever you sent stays in the record of what was asked and decided. Copies that may be kept for a limited time only are not kept. " + asks
	return it
}
