package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/exit"
	"gangway/internal/review"
)

// ExitLine is one thing that a preview of an exit says, for people in every channel.
type ExitLine struct {
	Label string
	Text  string
	// Warns: somebody should look at it before they go on.
	Warns bool
}

// Lines say what the preview says besides its steps.
func (p ExitPreview) Lines() []ExitLine {
	lines := []ExitLine{{Label: "Vendor", Text: p.Name + " (" + p.Vendor + "), who works by " + p.Case}, {Label: "Exit", Text: p.what()}}
	lines = append(lines, p.dates()...)
	lines = append(lines, ExitLine{Label: "Access", Text: counted(p.Accounts, "account", "accounts") + " of theirs in " + counted(p.Repositories, "repository", "repositories") + ", as given here"})
	for _, named := range []struct {
		what string
		list []string
	}{{"their accounts: ", p.Logins}, {"let into: ", p.Places}} {
		if len(named.list) > 0 {
			lines = append(lines, ExitLine{Label: "Access", Text: named.what + first(named.list)})
		}
	}
	lines = append(lines, p.short()...)
	lines = append(lines, p.givenUp()...)
	for _, word := range p.Lacks {
		lines = append(lines, ExitLine{Label: "Missing", Text: lackWords(word), Warns: true})
	}
	if empty := p.unanswered(); len(empty) > 0 {
		lines = append(lines, ExitLine{Label: "Missing", Text: "somebody who can answer " + first(empty) + ": nobody holds a seat there now", Warns: true})
	}
	return lines
}

// unanswered are the steps of our own that nobody could answer: whoever asks for the exit
// is often the only one in a seat of which they are barred. That nobody of the vendor's can
// be asked is said elsewhere.
func (p ExitPreview) unanswered() []string {
	var empty []string
	for _, s := range p.Steps {
		if len(s.People) == 0 && !slices.Contains(s.Roles, review.VendorRole) {
			empty = append(empty, "“"+cmp.Or(s.Title, s.ID)+"”")
		}
	}
	return empty
}

// mostNamed is how many accounts or places a line names; a preview as data has them all.
const mostNamed = 40

func first(list []string) string {
	text := strings.Join(list[:min(len(list), mostNamed)], ", ")
	if more := len(list) - mostNamed; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// what is the order in words.
func (p ExitPreview) what() string {
	o := p.Order
	words := string(o.Mode)
	if o.Mode == exit.ModeDrill {
		words = "a drill of " + string(o.Plays())
		if o.WithPeople {
			words += ", with people"
		}
	}
	switch o.After {
	case exit.AfterReplaced:
		words += ", replaced by " + o.Successor
		if p.Onboarding != "" {
			words += " (" + p.Onboarding + ")"
		}
	case exit.AfterInHouse:
		words += ", taken in house"
	case exit.AfterEnds:
		words += ", and nobody does the work after"
	case exit.AfterUndecided:
		words += ", and who does the work after is open"
	}
	return words + ", by " + day(o.By) + " because of " + strings.ReplaceAll(string(o.Trigger), "-", " ")
}

// dates say when notice has to arrive, and whether it can.
func (p ExitPreview) dates() []ExitLine {
	var lines []ExitLine
	if !p.Ends.IsZero() {
		text := "ends on " + day(p.Ends)
		if !p.NoticeBy.IsZero() {
			text += "; notice of " + counted(p.NoticeDays, "day", "days") + " for that end by " + day(p.LastNotice)
		}
		lines = append(lines, ExitLine{Label: "Contract", Text: text})
		if p.Before && p.Order.Plays() == exit.ModePlanned {
			lines = append(lines, ExitLine{Label: "Contract", Text: "the wanted day comes before its end: the contract has to allow that", Warns: true})
		}
	}
	switch {
	case p.NoticeBy.IsZero():
	case p.Needless:
		lines = append(lines, ExitLine{Label: "Notice", Text: "would have had to arrive by " + day(p.NoticeBy) + "; the contract ends by itself before the wanted day"})
	case p.InTime:
		lines = append(lines, ExitLine{Label: "Notice", Text: "has to arrive by " + day(p.NoticeBy) + ", which is possible"})
	default:
		lines = append(lines, ExitLine{Label: "Notice", Text: "would have had to arrive by " + day(p.NoticeBy) + "; given today it makes " + day(p.Earliest) + " possible", Warns: true})
	}
	return lines
}

// short says that the days do not reach for a planned exit, which gives up nothing.
func (p ExitPreview) short() []ExitLine {
	if p.Wants <= p.Left {
		return nil
	}
	return []ExitLine{{Label: "Time", Warns: true, Text: fmt.Sprintf(
		"the steps before that day want %s together, and %s left: steps will be late; a stressed exit makes them shorter and says what is given up",
		counted(p.Wants, "day", "days"), counted(p.Left, "day is", "days are"))}}
}

// givenUp says what a shorter plan does without, before it is asked for.
func (p ExitPreview) givenUp() []ExitLine {
	if p.Schedule == nil {
		return nil
	}
	var out, short []string
	for _, g := range p.Schedule.GivenUp {
		switch g.How {
		case exit.LeftOut:
			out = append(out, g.ID)
		case exit.Shortened:
			short = append(short, fmt.Sprintf("%s (%d of %d days)", g.ID, g.Days, g.Wanted))
		}
	}
	var lines []ExitLine
	if len(out) > 0 {
		lines = append(lines, ExitLine{Label: "Given up", Text: "nobody is asked " + strings.Join(out, ", "), Warns: true})
	}
	if len(short) > 0 {
		lines = append(lines, ExitLine{Label: "Given up", Text: "less time than it wants: " + strings.Join(short, ", "), Warns: true})
	}
	if len(lines) == 0 {
		lines = append(lines, ExitLine{Label: "Given up", Text: "nothing, as far as the steps go; what the exit plan names is looked at when it is signed"})
	}
	return lines
}

// lackWords say what an exit would have to do without.
func lackWords(word string) string {
	switch word {
	case LacksExitPlan:
		return "a signed exit plan: it is written first"
	case LacksContract:
		return "the executed contract: somebody has to file it"
	case LacksEnd:
		return "the contract's end: whether the day is possible can't be said"
	case LacksNotice:
		return "the notice period: whether the day is possible can't be said"
	case LacksRoster:
		return "which accounts are theirs: somebody has to list them"
	case LacksContacts:
		return "contacts of theirs: nobody can be asked for anything"
	case LacksOnboarding:
		return "a running onboarding of who takes over: no gate of theirs is waited for"
	case LacksDPA:
		return "the data processing agreement: what becomes of the data is to be agreed"
	}
	return word
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
