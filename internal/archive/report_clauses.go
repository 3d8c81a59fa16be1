package archive

import (
	"fmt"
	"strings"

	"gangway/internal/dossier"
)

// clauses says what became of packs of clauses, and of the signed copy; empty for other
// entries.
func (p reporter) clauses(kind dossier.Kind, d *dossier.Detail) string {
	text := func(s string) string { return oneLine(cut(s, 200)) }
	points := oneLine(cut(strings.Join(d.Points, ", "), 600))
	switch kind {
	case dossier.ClausesFound:
		in := fmt.Sprintf("Of the clauses “%s”, version %d", text(d.Step), d.Version)
		switch d.Result {
		case "found":
			return in + " has, as somebody found: " + points + "."
		case "missing":
			return in + " lacks: " + points + ". The case owner says what follows."
		case "wanted":
			return in + " lacks, and the vendor is asked for: " + points + "."
		case "carried":
			return in + " has, with the same words as in the version before: " + points + "."
		case "touched":
			return in + " has other words where these were found, so that they are looked for again: " + points + "."
		}
		return fmt.Sprintf("%s: %s (%s).", in, points, text(d.Result))
	case dossier.ClauseWaived:
		return fmt.Sprintf("The contract may do without a clause of “%s” until %s: %s (version %d).", text(d.Step), d.Ends.UTC().Format("2 January 2006"), points, d.Version)
	case dossier.CopyExecuted:
		what := fmt.Sprintf("The signed copy (%s)", text(d.Document))
		switch d.Result {
		case "same":
			return fmt.Sprintf("%s says what was approved, version %d, clause by clause.", what, d.Version)
		case "accepted":
			return fmt.Sprintf("%s is not version %d as it was approved, or could not be compared with it. It was taken with a reason.", what, d.Version)
		}
		return fmt.Sprintf("%s is not version %d as it was approved, or could not be compared with it. It was sent back.", what, d.Version)
	}
	return ""
}
