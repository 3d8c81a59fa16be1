package archive

import (
	"fmt"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// alone is the one-sentence answer of a case that is a due diligence or a contract
// review and nothing else; empty: it is another case.
func (p reporter) alone() string {
	v, what := p.view, ""
	switch {
	case v.Opened.IsZero():
		return ""
	case strings.HasPrefix(v.ID, string(playbook.Diligence)+"/"):
		what = "due diligence of " + p.vendor()
	case strings.HasPrefix(v.ID, string(playbook.Contract)+"/"):
		what = "review of a contract with " + p.vendor()
	default:
		return ""
	}
	day := func(t time.Time) string { return t.UTC().Format("2 January 2006") }
	if v.State == dossier.Running {
		return fmt.Sprintf("The %s has been under way since %s. Nothing in it is final.", what, day(v.Opened))
	}
	return fmt.Sprintf("The %s ended on %s: %s.", what, day(v.Closed), spaced(string(v.State)))
}
