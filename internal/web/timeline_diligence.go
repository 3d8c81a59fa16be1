package web

import (
	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// examined tells what became known in a due diligence; false: it is another entry.
func (t *telling) examined(en dossier.Entry, d *dossier.Detail, e *timelineEntry) bool {
	until := ""
	if !d.Ends.IsZero() {
		until = d.Ends.In(t.me.zone).Format("2 Jan 2006")
	}
	switch en.Kind {
	case dossier.Evidence:
		what := human(d.Step)
		switch d.Result {
		case playbook.EvidenceAccepted:
			e.Tone = "good"
			t.text("What was delivered for %s was accepted", what)
			if until != "" {
				t.text("; it is good until %s", until)
			}
		case playbook.EvidenceWaived:
			e.Tone = "warn"
			t.name(en.Actor).text(" waived %s until %s", what, until)
		case playbook.EvidenceRanOut:
			e.Tone = "warn"
			t.text("What stood for %s ran out on %s; it was asked for again", what, until)
		default:
			t.text("%s is not needed of this vendor any more", what)
		}
	case dossier.RiskSigned:
		e.Tone = "good"
		t.text("The risk record was signed")
		if d.Version > 1 {
			t.text(" (version %d)", d.Version)
		}
		if until != "" {
			t.text("; the first of what it rests on runs out on %s", until)
		}
	default:
		return false
	}
	return true
}
