package exit

import (
	"fmt"
	"strings"
	"time"
)

// Gaps are what a drill found to stand in the way of an exit.
func (c Certificate) Gaps() []Matter { return Blocking(c.Matters, c.At) }

// Owed is the first day on which the vendor would be late with something, should they
// never answer, and of how many of their things somebody would have to say by name that
// we do without. Zero: a drill asks nothing of the vendor.
func (c Certificate) Owed() (from time.Time, waivers int) {
	for _, s := range c.Steps {
		if s.Theirs == 0 {
			continue
		}
		if from.IsZero() || s.Ends.Before(from) {
			from = s.Ends
		}
		if s.Waivable {
			waivers++
		}
	}
	return from, waivers
}

// Gap says in words what stands in the way.
func (m Matter) Gap() string {
	switch m.Why {
	case "no-receiver":
		return "nobody is named who takes it over"
	case "no-roster":
		return "nobody has listed whose accounts are the vendor's"
	case "nobody-holds-a-seat":
		return counted(m.Found, "seat that it asks is held by nobody", "seats that it asks are held by nobody")
	case "not-in-its-hour":
		return "nobody did it within its hour"
	case "failed-in-the-drill":
		return "it was tried, and failed"
	case "no-restore":
		return "its copy could not be restored"
	case "none-named":
		return "the exit plan names none"
	case "not-in-the-plan":
		return counted(m.Found, "access was found that the exit plan does not name", "accesses were found that the exit plan does not name")
	case "not-on-the-roster":
		return counted(m.Found, "access was found of which nobody says whose it is", "accesses were found of which nobody says whose they are")
	case "":
		if m.State == StateDone { // and a gap all the same
			return "nothing shows that it was done"
		}
		return spaced(string(m.State))
	}
	return spaced(string(m.State)) + ": " + spaced(m.Why)
}

// Drilled is what a drill came to, in a line: whether the notice period is long enough,
// and how many gaps there are.
func (c Certificate) Drilled() string {
	from, until := c.Needed()
	needed := Days(from, until)
	words := ""
	switch {
	case c.NoticeDays <= 0:
		words = fmt.Sprintf("the vendor would be needed for %d days, and nobody said how long the notice period is", needed)
	case needed > c.NoticeDays:
		words = fmt.Sprintf("the vendor would be needed for %d days, longer than the notice period of %s", needed, counted(c.NoticeDays, "day", "days"))
	default:
		words = fmt.Sprintf("the vendor would be needed for %d days, within the notice period of %s", needed, counted(c.NoticeDays, "day", "days"))
	}
	n := len(c.Gaps())
	if n == 0 {
		return words + "; no gap was found"
	}
	return words + "; " + counted(n, "gap was found", "gaps were found")
}

// Days is how many days there are from an instant to another, a part of one counted whole.
func Days(from, to time.Time) int { return int((to.Sub(from) + 24*time.Hour - 1) / (24 * time.Hour)) }

func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

func spaced(word string) string { return strings.ReplaceAll(word, "-", " ") }
