package archive

import (
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// examined says what became known in a due diligence; empty for other entries.
func (p reporter) examined(kind dossier.Kind, d *dossier.Detail) string {
	until := ""
	if !d.Ends.IsZero() {
		until = d.Ends.UTC().Format("2 January 2006")
	}
	switch kind {
	case dossier.Evidence:
		what := "“" + oneLine(cut(d.Step, 80)) + "”"
		switch d.Result {
		case playbook.EvidenceAccepted:
			said := fmt.Sprintf("What was delivered for %s was accepted (version %d, %s)", what, d.Version, oneLine(cut(d.Document, 80)))
			if until != "" {
				said += "; it is good until " + until
			}
			return said + "."
		case playbook.EvidenceWaived:
			return fmt.Sprintf("The case owner waived %s until %s.", what, until)
		case playbook.EvidenceRanOut:
			return fmt.Sprintf("What stood for %s ran out on %s; it was asked for again.", what, until)
		case playbook.EvidenceNotNeeded:
			return fmt.Sprintf("A vendor such as this one does not need %s any more.", what)
		}
		return fmt.Sprintf("%s is now %s.", what, spaced(d.Result))
	case dossier.RiskSigned:
		said := "The risk record was signed"
		if d.Document != "" {
			said += fmt.Sprintf(" (version %d, %s)", d.Version, oneLine(cut(d.Document, 80)))
		}
		if until != "" {
			said += "; the first of what it rests on runs out on " + until
		}
		return said + "."
	}
	return ""
}
