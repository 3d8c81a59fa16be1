package archive

import (
	"fmt"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// agreed says what became known of the data processing agreement; empty for other
// entries.
func (p reporter) agreed(kind dossier.Kind, d *dossier.Detail) string {
	switch kind {
	case dossier.DPANeed:
		data := "no data of a kind that is listed"
		if len(d.Values) > 0 {
			data = oneLine(cut(strings.Join(d.Values, ", "), 300))
		}
		if d.Result == playbook.NotNeeded {
			return fmt.Sprintf("No data processing agreement is needed: the intake names %s.", data)
		}
		return fmt.Sprintf("A data processing agreement is needed: the intake names %s.", data)
	case dossier.Examined:
		said := fmt.Sprintf("What was delivered was looked at (version %d, %s): ", d.Version, oneLine(cut(d.Document, 80)))
		switch d.Result {
		case playbook.ChoreUnreadable:
			said += "no text can be had from it."
		case playbook.ChoreOtherKind:
			said += "it does not look like a data processing agreement"
			if d.Looks != "" && d.Looks != engagement.KindUnknown {
				said += ", but like a " + spaced(string(d.Looks))
			}
			said += "."
		case playbook.ChoreSame:
			said += "it is what was delivered before."
		default:
			said += "it can be read, and looks like a data processing agreement."
		}
		var noticed []string
		for _, f := range d.Flags {
			noticed = append(noticed, spaced(string(f)))
		}
		if len(noticed) > 0 {
			said += " Noticed when it was read: " + strings.Join(noticed, ", ") + "."
		}
		return said
	case dossier.DPAInForce:
		return fmt.Sprintf("The data processing agreement is in force (version %d, %s)%s.", d.Version, oneLine(cut(d.Document, 80)), bounds(d.Ends, d.LookAgain))
	}
	return ""
}

// spaced is a machine's word as people would write it.
func spaced(word string) string { return strings.ReplaceAll(oneLine(cut(word, 80)), "-", " ") }

// bounds are the dates of an agreement, with what comes before them.
func bounds(ends, again time.Time) string {
	said := ", without an end that was found"
	if !ends.IsZero() {
		said = " until " + ends.UTC().Format("2 January 2006")
	}
	if !again.IsZero() {
		said += ", to be looked at again on " + again.UTC().Format("2 January 2006")
	}
	return said
}

// foundIn lists what a person found for each point of a checklist, in the
// checklist's words, with a space before it.
func foundIn(b *review.Ballot, r *review.Request) string {
	var there, missing []string
	for _, f := range b.Findings {
		point := oneLine(cut(f.Point, 80))
		if r != nil {
			for _, p := range r.Points {
				if p.ID == f.Point {
					point = oneLine(cut(p.Title, 200))
				}
			}
		}
		where := ""
		if !f.On.IsZero() {
			where = " on " + f.On.UTC().Format("2 January 2006")
		}
		if len(f.Places) > 0 {
			where += " at " + oneLine(cut(strings.Join(f.Places, ", "), 300))
		}
		if f.Missing {
			missing = append(missing, point)
		} else {
			there = append(there, point+where)
		}
	}
	said := ""
	if len(there) > 0 {
		said += " Found: " + strings.Join(there, "; ") + "."
	}
	if len(missing) > 0 {
		said += " Missing: " + strings.Join(missing, "; ") + "."
	}
	return said
}

// collection is the one-sentence answer of a case that collects an agreement and
// nothing else; empty: it is another case.
func (p reporter) collection() string {
	v := p.view
	if !strings.HasPrefix(v.ID, string(playbook.DPA)+"/") || v.Opened.IsZero() {
		return ""
	}
	day := func(t time.Time) string { return t.UTC().Format("2 January 2006") }
	what := "a data processing agreement with " + p.vendor()
	switch result := oneLine(string(v.State)); {
	case v.State == dossier.Running:
		return fmt.Sprintf("Collecting %s has been under way since %s. Nothing in it is final.", what, day(v.Opened))
	case v.DPA != nil && v.DPA.Document != "" && result == "in-force":
		return fmt.Sprintf("Since %s %s is in force%s.", day(v.DPA.Since), what, bounds(v.DPA.Ends, v.DPA.LookAgain))
	case result == playbook.NotNeeded:
		return fmt.Sprintf("On %s it was found that %s is not needed.", day(v.Closed), what)
	default:
		return fmt.Sprintf("There is no agreement in force from this case: collecting %s ended as %q on %s.", what, result, day(v.Closed))
	}
}
