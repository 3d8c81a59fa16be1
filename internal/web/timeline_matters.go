package web

import (
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// mattered tells what became of one thing that an exit had to see to; false: it is
// another entry.
func (t *telling) mattered(en dossier.Entry, d *dossier.Detail, e *timelineEntry) bool {
	switch en.Kind {
	case dossier.SessionSet:
		t.session(d, e)
		return true
	case dossier.MatterSettled:
	default:
		return false
	}
	switch exit.State(d.Result) {
	case exit.StateDone, exit.StateNotNeeded:
		e.Tone = "good"
	default:
		e.Tone = "warn"
	}
	process, name, inPart := strings.Cut(d.Name, ":")
	if !inPart {
		name = d.Name
	}
	if from, of, follows := strings.Cut(name, ":"); follows { // what an exit left to be followed has its part's id within that of the case
		process, name = from, of
	}
	if part := partOf(process); inPart && part != exit.PartExit { // a part names its matters by its own id
		t.text("%s: ", partName(part))
	}
	t.text("%s is now %s", human(name), strings.ReplaceAll(d.Result, "-", " "))
	if !d.Ends.IsZero() {
		t.text(" until %s", dayOnly(d.Ends))
	}
	if d.By != "" {
		t.text(" by ").name(d.By)
	}
	if len(d.Values) > 0 {
		t.text(": %s", exit.WhysWords(d.Values))
	}
	return true
}

// session tells what became of a session of a knowledge transfer.
func (t *telling) session(d *dossier.Detail, e *timelineEntry) {
	t.text("Session %d about %s ", d.Version, human(d.Name))
	switch d.Result {
	case "invited":
		t.text("was set for %s; invited: ", d.Starts.In(t.me.zone).Format("2 Jan 2006 15:04"))
	case "cancelled":
		t.text("was taken out of the calendars of: ")
	case "held":
		e.Tone = "good"
		t.text("was held")
		if len(d.Values) == 0 { // the sheet says who was there; only who taught is a person of ours
			return
		}
		t.text(" with ")
	default:
		e.Tone = "warn"
		t.text("could not be put into anybody's calendar")
		return
	}
	if len(d.Values) == 0 {
		t.text("nobody")
	}
	for i, id := range d.Values {
		if i > 0 {
			t.text(", ")
		}
		t.name(id)
	}
}
