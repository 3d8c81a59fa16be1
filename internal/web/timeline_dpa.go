package web

import (
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// agreed tells what became known of the data processing agreement; false: it is
// another entry.
func (t *telling) agreed(en dossier.Entry, d *dossier.Detail, e *timelineEntry) bool {
	switch en.Kind {
	case dossier.DPANeed:
		switch {
		case d.Result == playbook.NotNeeded:
			t.text("No data processing agreement is needed")
		case en.Actor != "":
			t.name(en.Actor).text(" wants a data processing agreement")
		default:
			t.text("A data processing agreement is needed")
		}
		if len(d.Values) > 0 {
			t.text(": the intake names %s", cut(strings.Join(d.Values, ", ")))
		}
	case dossier.Examined:
		e.Tone = "open"
		t.text("What was delivered was looked at: %s", looked(d))
		for i, f := range d.Flags {
			if i == 0 {
				t.text("; noticed when it was read: ")
			} else {
				t.text(", ")
			}
			t.text("%s", strings.ReplaceAll(cut(string(f)), "-", " "))
		}
	case dossier.DPAInForce:
		e.Tone = "good"
		t.text("The data processing agreement is in force")
		if !d.Ends.IsZero() {
			t.text(" until %s", d.Ends.In(t.me.zone).Format("2 Jan 2006"))
		}
		if !d.LookAgain.IsZero() {
			t.text(", to be looked at again on %s", d.LookAgain.In(t.me.zone).Format("2 Jan 2006"))
		}
	case dossier.SentToVendor:
		e.Tone = "open"
		if d.Person != "" {
			t.farewell(d)
			break
		}
		t.name(en.Actor)
		switch {
		case d.Name != "" && len(d.Points) > 0:
			t.text(" told the vendor what is missing: %s", count(len(d.Points), "point"))
		case d.Name != "":
			t.text(" asked the vendor again")
		default:
			t.text(" sent the wanted changes to the vendor")
		}
	default:
		return false
	}
	return true
}

// looked says what gangway made of a delivery.
func looked(d *dossier.Detail) string {
	switch d.Result {
	case playbook.ChoreUnreadable:
		return "no text can be had from it"
	case playbook.ChoreSame:
		return "it is what was delivered before"
	case playbook.ChoreOtherKind:
		if d.Looks != "" && d.Looks != engagement.KindUnknown {
			return "it looks like a " + strings.ReplaceAll(cut(string(d.Looks)), "-", " ")
		}
		return "it does not look like a data processing agreement"
	}
	return "it can be read, and looks like a data processing agreement"
}

// checked tells how many points somebody found missing.
func (t *telling) checked(b *review.Ballot) {
	missing := 0
	for _, f := range b.Findings {
		if f.Missing {
			missing++
		}
	}
	switch {
	case len(b.Findings) == 0:
	case missing == 0:
		t.text(", nothing is missing")
	default:
		t.text(", %s missing", count(missing, "point"))
	}
}

// farewell says that somebody of the vendor was told how the case ended, or could not be.
func (t *telling) farewell(d *dossier.Detail) {
	t.name(d.Person)
	switch d.Result {
	case "unreached":
		t.text(" could not be told how it ended")
		return
	case playbook.WhyReleased:
		t.text(" is told that nothing is asked of them any more")
		return
	}
	t.text(" is told how it ended")
}
