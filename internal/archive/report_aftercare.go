package archive

import (
	"fmt"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// cared is the one-sentence answer of a case that followed what outlived an exit, the
// supplement of the exit's dossier; empty: it is another case. It names the exit and its
// certificate, and counts what is not done as what it is.
func (p reporter) cared() string {
	v := p.view
	if !strings.HasPrefix(v.ID, exit.PartAftercare+"/") || v.Opened.IsZero() {
		return ""
	}
	left, certificate := "an exit", ""
	now := map[string]exit.State{} // looked up and counted only
	for _, l := range p.c.lines {
		d := l.Entry.Detail
		if d == nil {
			continue
		}
		switch {
		case l.Entry.Kind == dossier.CaseOpened && d.Predecessor != "":
			left = "the exit " + oneLine(cut(d.Predecessor, 200))
		case l.Entry.Kind == dossier.DocumentFiled && d.Name == "certificate" && certificate == "":
			certificate = oneLine(cut(d.Document, 80))
		case l.Entry.Kind == dossier.MatterSettled:
			now[d.Name] = exit.State(d.Result)
		}
	}
	count := func(is func(exit.State) bool) (n int) {
		for _, s := range now {
			if is(s) {
				n++
			}
		}
		return n
	}
	done := count(func(s exit.State) bool { return s == exit.StateDone || s == exit.StateNotNeeded })
	waived := count(func(s exit.State) bool { return s == exit.StateWaived })
	what := fmt.Sprintf("What outlived %s of %s, as its certificate %s says, ", left, p.vendor(), certificate)
	opened, closed := v.Opened.UTC().Format("2 January 2006"), v.Closed.UTC().Format("2 January 2006")
	rest := fmt.Sprintf("of %d things %d are done, %d are waived by name, and %d are open, failed or unchecked", len(now), done, waived, len(now)-done-waived)
	switch {
	case v.State == dossier.Running:
		return what + fmt.Sprintf("has been followed since %s: %s. Nothing in it is final.", opened, rest)
	case done == len(now) && v.State == "done":
		return what + fmt.Sprintf("came to its end on %s: %d things were followed, and each is done.", closed, done)
	}
	return what + fmt.Sprintf("was followed no longer from %s on: %s.", closed, rest)
}
