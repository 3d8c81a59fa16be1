package archive

import (
	"cmp"
	"fmt"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// mattered says what became of one thing that an exit had to see to; empty: it is another
// entry.
func (p reporter) mattered(kind dossier.Kind, d *dossier.Detail) string {
	if kind == dossier.SessionSet {
		return p.session(d)
	}
	if kind != dossier.MatterSettled {
		return ""
	}
	text := func(s string) string { return oneLine(cut(s, 200)) }
	said := fmt.Sprintf("“%s” is now %s", text(d.Name), cmp.Or(spaced(d.Result), "open"))
	if !d.Ends.IsZero() {
		said += " until " + d.Ends.UTC().Format("2 January 2006")
	}
	if d.By != "" {
		said += " by " + p.who(d.By)
	}
	if len(d.Values) > 0 {
		said += ": " + text(exit.WhysWords(d.Values))
	}
	return said + fmt.Sprintf(" (%s).", cmp.Or(text(d.Document), "without evidence"))
}

// session says what became of a session of a knowledge transfer.
func (p reporter) session(d *dossier.Detail) string {
	var who []string
	for _, id := range d.Values {
		who = append(who, p.who(id))
	}
	people := oneLine(cut(cmp.Or(strings.Join(who, ", "), "nobody"), 400))
	what := fmt.Sprintf("Session %d about “%s”", d.Version, oneLine(cut(d.Name, 200)))
	switch d.Result {
	case "invited":
		return fmt.Sprintf("%s was set for %s; invited: %s.", what, d.Starts.UTC().Format("2 January 2006 15:04 UTC"), people)
	case "cancelled":
		return fmt.Sprintf("%s was taken out of the calendars of: %s.", what, people)
	case "held":
		said := what + " was held"
		if len(who) > 0 { // of ours: the sheet has the others by name alone
			said += " with " + people
		}
		return fmt.Sprintf("%s; who was there is written down in %s.", said, cmp.Or(oneLine(cut(d.Document, 80)), "no document"))
	}
	return what + " could not be put into anybody's calendar."
}
