package web

import (
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// steered tells what steering did to a request; false: it is another fact.
func (t *telling) steered(f review.Fact, e *timelineEntry) bool {
	switch f.Kind {
	case review.FactDue:
		t.due(f)
	case review.FactHeld:
		t.title(f.Request).text(" stands still while the case is on hold")
	case review.FactResumed:
		t.title(f.Request).text(" goes on")
	case review.FactAdded:
		e.Tone = "open"
		t.name(f.Person).text(" added the seat %s", human(f.Seat))
		if f.New != nil && f.New.Mandatory {
			t.text(", which must agree,")
		}
		t.text(" to ").title(f.Request)
	default:
		return false
	}
	return true
}

// due tells why a due date moved.
func (t *telling) due(f review.Fact) {
	switch f.Why {
	case "sent-early":
		t.name(f.Person).text(" ended the round of ").title(f.Request).text(" early: the changes wanted so far go to the vendor")
	case "resumed":
		t.title(f.Request).text(" is due %s: the time on hold doesn't count", t.day(f.Due))
	default:
		t.name(f.Person).text(" moved the due date of ").title(f.Request).text(" to %s", t.day(f.Due))
	}
}

// steeredCase tells what steering did to the case; false: it is another entry.
func (t *telling) steeredCase(en dossier.Entry, d *dossier.Detail, e *timelineEntry) bool {
	e.Tone = "warn"
	switch en.Kind {
	case dossier.Held:
		t.name(en.Actor).text(" put the case on hold")
	case dossier.Resumed:
		e.Tone = "open"
		t.name(en.Actor).text(" resumed the case")
	case dossier.Corrected:
		t.corrected(en, d)
	case dossier.OwnerChanged:
		t.name(d.Owner).text(" owns the case now")
		if d.Deputy != "" {
			t.text(", ").name(d.Deputy).text(" is deputy")
		}
		if d.Sponsor != "" {
			t.text(", ").name(d.Sponsor).text(" is sponsor")
		}
	case dossier.Replaced:
		t.name(d.By).text(" takes the place of ").name(d.Person)
	case dossier.AwaySet:
		t.away(d)
	case dossier.AccessChanged:
		t.text("Access of ").name(d.Owner).text(": %s", human(d.Result))
	case dossier.Bound:
		t.text("An account of %s is now ", human(d.Channel)).name(d.Person).text("'s (by %s)", cut(d.Result))
	case dossier.Unbound:
		t.text("An account of %s is no longer ", human(d.Channel)).name(d.Person).text("'s")
	default:
		e.Tone = "quiet"
		return false
	}
	return true
}

// away tells when somebody is away.
func (t *telling) away(d *dossier.Detail) {
	if d.Ends.IsZero() {
		t.name(d.Person).text(" is back")
		return
	}
	t.name(d.Person).text(" is away from %s until %s", t.day(d.Starts), t.day(d.Ends))
	if d.By != "" {
		t.text("; ").name(d.By).text(" stands in")
	}
}

// corrected tells what a correction of the intake changed.
func (t *telling) corrected(en dossier.Entry, d *dossier.Detail) {
	t.name(en.Actor).text(" corrected the %s to %s", fieldWords(d.Field), valueWords(d.Field, d.Values, d.Amount))
	if d.From == d.Tier {
		t.text("; the vendor stays %s", d.Tier)
	} else {
		t.text("; the vendor was %s and is %s", d.From, d.Tier)
	}
	for _, list := range []struct {
		what  string
		steps []string
	}{{"added", d.Added}, {"dropped", d.Dropped}, {"kept all the same", d.Kept}} {
		for i, id := range list.steps {
			if i == 0 {
				t.text("; %s: ", list.what)
			} else {
				t.text(", ")
			}
			t.text("%s", human(id))
		}
	}
}
