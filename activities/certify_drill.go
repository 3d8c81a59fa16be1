package activities

import (
	"fmt"

	"gangway/internal/exit"
)

// drill says what a rehearsal came to: the answer, what stands in the way, how long each
// step may take, and what would follow if the vendor never answered.
func (p *page) drill() {
	c := p.c
	from, until := c.Needed()
	needed := exit.Days(from, until)
	p.line("REPORT OF THE DRILL %s", c.Case)
	p.line("")
	p.line("Nothing here certifies anything: an exit of the vendor %s was rehearsed (%s). It was begun on %s and would be over on %s, after %d days.",
		c.Vendor, c.Order.Plays(), day(c.Began), day(c.At), exit.Days(c.Began, c.At))
	switch {
	case c.NoticeDays <= 0:
		p.line("Nobody said how long the notice period is. From the notice on the vendor is needed for %d days, to %s.", needed, day(until))
	case needed > c.NoticeDays:
		p.line("From the notice on the vendor is needed for %d days, to %s. That is longer than the notice period of %d days: the vendor would be gone before the exit is done.", needed, day(until), c.NoticeDays)
	default:
		p.line("From the notice on the vendor is needed for %d days, to %s. That is within the notice period of %d days.", needed, day(until), c.NoticeDays)
	}
	if c.Plan == "" {
		p.line("There is no signed exit plan to go by.")
	}
	gaps := c.Gaps()
	p.line("")
	p.line("GAPS: %s", numbered(len(gaps)))
	for _, m := range gaps {
		p.line("  %s (%s): %s", p.named(m.Name), m.Part, m.Gap())
	}
	p.line("")
	p.line("HOW LONG EACH STEP MAY TAKE")
	part := ""
	for _, s := range c.Steps {
		if s.Part != part {
			part = s.Part
			p.line(" %s", spacedOut(part))
		}
		p.line("  %s%s", p.played(s), p.tried(s))
	}
	p.chased()
	p.without()
	p.line("")
	p.line("The same as data: %s", p.data)
}

// numbered is a number of gaps in words.
func numbered(n int) string {
	if n == 0 {
		return "none was found"
	}
	return fmt.Sprint(n)
}

// played is a step, when it would be asked, and of how many.
func (p *page) played(s exit.Rehearsed) string {
	words := fmt.Sprintf("%s: %s to %s, %d days", s.Step, day(s.Starts), day(s.Ends), exit.Days(s.Starts, s.Ends))
	switch {
	case s.Theirs > 0 && s.Theirs == s.Seats:
		words += ", asked of the vendor"
	case s.Theirs > 0:
		words += fmt.Sprintf(", asked of the vendor and %d of ours", s.Seats-s.Theirs)
	case s.Seats > 0:
		words += fmt.Sprintf(", asked of %d of ours", s.Seats)
	}
	return words
}

// chased says what would be asked, and when, were the vendor silent throughout.
func (p *page) chased() {
	from, waivers := p.c.Owed()
	if from.IsZero() {
		return
	}
	p.line("")
	p.line("IF THE VENDOR NEVER ANSWERED")
	p.line("  They would be late first on %s.", day(from))
	for _, s := range p.c.Chase {
		p.line("  %s", p.played(s))
	}
	if !p.c.Alone.IsZero() {
		p.line("  From %s on it would be done without them.", day(p.c.Alone))
	}
	things := "things"
	if waivers == 1 {
		things = "thing"
	}
	p.line("  Of what they owe, %d %s could be done without: for each somebody would have to say so by name, until a day.", waivers, things)
}

// tried says what became of the task that somebody had of a step.
func (p *page) tried(s exit.Rehearsed) string {
	switch s.State {
	case exit.StateDone:
		return "; done within its hour by " + p.who(s.By)
	case exit.StateFailed:
		return "; tried by " + p.who(s.By) + ", and failed"
	case exit.StateOpen:
		return "; nobody had done it within the hour"
	}
	return ""
}
