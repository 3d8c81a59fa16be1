package archive

import (
	"fmt"
	"slices"
	"strings"

	"gangway/internal/dossier"
)

// exiting says what happened in an exit; empty for other entries.
func (p reporter) exiting(kind dossier.Kind, d *dossier.Detail) string {
	said := dossier.ExitWords(kind, d)
	if said == "" {
		return ""
	}
	return oneLine(cut(said, 600)) + "."
}

// ordered is how, by when and why a vendor is left, and who does the work then, as it stood
// at the last: what was undecided may have been settled since. Empty: it is no exit.
func (p reporter) ordered() string {
	for _, l := range slices.Backward(p.c.lines) {
		if l.Entry.Kind == dossier.ExitOrdered && l.Entry.Detail != nil {
			return p.exiting(l.Entry.Kind, l.Entry.Detail)
		}
	}
	return ""
}

// left is the one-sentence answer of a case that is an exit or its drill; empty: it is
// another case. The certificate comes first, and what it does not call done is said.
func (p reporter) left() string {
	v := p.view
	drill := strings.HasPrefix(v.ID, "drill/")
	if !drill && !strings.HasPrefix(v.ID, "exit/") || v.Opened.IsZero() {
		return ""
	}
	opened, closed := v.Opened.UTC().Format("2 January 2006"), v.Closed.UTC().Format("2 January 2006")
	certificate, called := "", "certificate"
	if drill {
		called = "drill-report"
	}
	for _, d := range v.Documents { // in the order in which they were filed
		if d.Name == called {
			certificate = oneLine(cut(d.Document, 80))
		}
	}
	switch {
	case drill && v.State == dossier.Running:
		return fmt.Sprintf("Leaving %s has been rehearsed since %s. Nothing real is changed by it.", p.vendor(), opened)
	case drill:
		return fmt.Sprintf("Leaving %s was rehearsed from %s to %s; nothing real was changed. The report is %s.", p.vendor(), opened, closed, certificate)
	case v.State == dossier.Running:
		return fmt.Sprintf("Leaving %s has been under way since %s. Nothing in it is final.", p.vendor(), opened)
	case v.State == "exited":
		return fmt.Sprintf("%s is off: the certificate of %s, %s, calls nothing open, failed or unchecked.", p.vendor(), closed, certificate)
	case v.State == "incomplete":
		return fmt.Sprintf("Leaving %s was stopped on %s without a certificate: something of it is open, failed or unchecked.", p.vendor(), closed)
	case v.State == dossier.Ended:
		return fmt.Sprintf("Leaving %s was called off on %s.", p.vendor(), closed)
	}
	return ""
}
