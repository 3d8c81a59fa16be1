package activities

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// ErrUncertain refuses a certificate while something is open, failed or unchecked.
const ErrUncertain = "uncertain"

// certifyOut names its two documents: a page for people, and the same as JSON.
type certifyOut struct {
	Page string `json:"page"`
	Data string `json:"data"`
}

// Certify makes the certificate of an exit, or the report of a drill. It looks itself
// whether anything is open, failed or unchecked, and then makes none.
func (a *Activities) Certify(ctx context.Context, in exit.Issue) (certifyOut, error) {
	c := in.Certificate
	err := c.Check()
	if err != nil {
		return certifyOut{}, temporal.NewNonRetryableApplicationError("there is no certificate: "+err.Error(), ErrUncertain, nil)
	}
	people, _, err := a.Archive.People(ctx)
	if err != nil {
		return certifyOut{}, outside(fmt.Errorf("looking up who signed: %w", err))
	}
	var out certifyOut
	out.Data, err = a.fileJSON(ctx, c, "a certificate as data")
	if err != nil {
		return certifyOut{}, err
	}
	sums, err := a.settled(ctx, c.Matters)
	if err != nil {
		return certifyOut{}, err
	}
	called, err := a.called(ctx, c.Plan)
	if err != nil {
		return certifyOut{}, err
	}
	out.Page, err = a.fileText(ctx, []byte(page{c: c, people: people, data: out.Data, sums: sums, called: called}.text()), "a certificate")
	return out, err
}

// page is a certificate as people read it: plain text, the answer first.
type page struct {
	c      exit.Certificate
	people []playbook.Person
	data   string
	sums   map[string][]string // what was settled, by the sheet's digest
	called map[string]string   // what the plan calls its areas and assets
	b      strings.Builder
}

func (p page) text() string {
	c := p.c
	if c.Drill {
		p.drill()
		return p.b.String()
	}
	p.line("CLOSING CERTIFICATE %d OF THE EXIT %s", c.Number, c.Case)
	p.line("")
	p.line("The vendor %s is off. %d things were seen to: %d are done and verified, %d were not needed, %d are waived by name until a day. Nothing is open, failed or unchecked.",
		c.Vendor, len(c.Matters), c.Count(exit.StateDone), c.Count(exit.StateNotNeeded), c.Count(exit.StateWaived))
	p.copies()
	p.line("")
	p.line("Left how: %s, because of %s. Who does the work now: %s%s.", c.Order.Mode, spacedOut(string(c.Order.Trigger)), spacedOut(string(c.Order.After)), successor(c.Order))
	p.line("Asked for %s, to be off by %s. Point of no return: %s. This page: %s.", day(c.Began), day(c.Order.By), dayOr(c.Returned, "not passed"), day(c.At))
	p.line("Exit plan: %s. Receipt of the notice: %s.", or(c.Plan, "none"), or(c.Notice, "none"))
	p.survives()
	p.without()
	p.matters()
	p.line("")
	p.line("The same as data: %s", p.data)
	return p.b.String()
}

// copies says which copies of our data outlive the exit. Of a backup whose day has passed
// nobody has said yet that it is gone.
func (p *page) copies() {
	c := p.c
	uncertified := slices.ContainsFunc(c.Matters, func(m exit.Matter) bool {
		return m.Part == exit.PartDataReturn && m.Name == "certificate" && m.State == exit.StateWaived
	})
	switch {
	case len(c.Backups) > 0:
		p.line("%d backups with our data are not known to be gone; each is followed to its day by a case of its own:", len(c.Backups))
	case uncertified:
		p.line("Nobody certified which copies of our data outlive the exit: that is waived, as said below.")
	default:
		p.line("No copy of our data outlives the exit that anybody named.")
	}
	for _, b := range c.Backups {
		passed := ""
		if !b.On.After(c.At) {
			passed = "; that day has passed, and nobody has confirmed yet that it is gone"
		}
		p.line("  %s: %s%s", day(b.On), b.ID, passed)
	}
	if len(c.Backups) > 0 && uncertified {
		p.line("Whether there are others nobody certified: that is waived, as said below.")
	}
}

// survives lists the clauses that bind both sides on, and where they stand.
func (p *page) survives() {
	found, lacking := p.c.Survives()
	if len(p.c.Clauses) == 0 {
		return
	}
	p.line("")
	p.line("%s", strings.TrimSpace("WHAT OUTLIVES THE CONTRACT "+p.c.Contract))
	for _, c := range found[:min(len(found), mostSettled)] {
		where := slices.Clone(c.Places)
		if !c.Until.IsZero() {
			where = append(where, "until "+day(c.Until))
		}
		p.line("  %s: %s", titled(c), cutLine(strings.Join(where, ", ")))
	}
	if len(found) > mostSettled {
		p.line("  and %d more, in the record", len(found)-mostSettled)
	}
	if len(found) == 0 {
		p.line("  nothing that was looked for")
	}
	if len(lacking) > 0 {
		var titles []string
		for _, c := range lacking[:min(len(lacking), mostSettled)] {
			titles = append(titles, titled(c))
		}
		p.line("  Looked for, and not in it: %s.", strings.Join(titles, "; "))
	}
}

// titled is what a clause is called, on one line.
func titled(c exit.Clause) string { return cutLine(strings.Join(strings.Fields(c.Title), " ")) }

// without lists what a compressed plan did without, and what of that came later.
func (p *page) without() {
	p.givenUp(p.c.GivenUp, func(id string) bool {
		return slices.ContainsFunc(p.c.Matters, func(m exit.Matter) bool { return m.Name == id && m.State == exit.StateDone })
	})
	if p.c.Without != "" {
		p.line("  in the words of the plan: %s", p.c.Without)
	}
}

// matters lists what was waived before all else, then every part.
func (p *page) matters() {
	c := p.c
	if c.Count(exit.StateWaived) > 0 {
		p.line("")
		p.line("WAIVED, and followed to the day by a case of its own")
		for _, m := range c.Matters {
			if m.State == exit.StateWaived {
				p.line("  %s (%s): by %s until %s; it was %s", p.thing(m), m.Part, p.who(m.By), day(m.Until), or(exit.WhyWords(m.Why), "refused"))
			}
		}
	}
	for _, part := range []string{exit.PartExit, exit.PartTransfer, exit.PartHandover, exit.PartRevocation, exit.PartDataReturn} {
		said := false
		for _, m := range c.Matters {
			if m.Part != part || m.State == exit.StateWaived {
				continue
			}
			if !said {
				p.line("")
				p.line("%s", strings.ToUpper(spacedOut(part)))
				said = true
			}
			by := ""
			if m.By != "" {
				by = " by " + p.who(m.By)
			}
			if by != "" && m.State == exit.StateDone && (part == exit.PartTransfer || part == exit.PartHandover) {
				by = ", verified" + by // who has it now signed for it besides
			}
			how := ""
			if m.Why != "" { // done otherwise than it was asked for, or why it was not needed
				how = ", " + exit.WhyWords(m.Why)
			}
			p.line("  %s: %s%s%s (%s)", p.thing(m), spacedOut(string(m.State)), by, how, or(m.Document, "no document"))
			for _, sum := range p.sums[m.Document] {
				p.line("    %s", sum)
			}
		}
	}
}

// thing is what a matter is about: an area or an asset is called as the plan calls it.
func (p *page) thing(m exit.Matter) string {
	if m.Part == exit.PartTransfer || m.Part == exit.PartHandover {
		return p.named(m.Name)
	}
	return m.Name
}

func (p *page) line(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

// who is somebody's name, or their id where nobody of that id is known any more.
func (p *page) who(id string) string {
	for _, x := range p.people {
		if x.ID == id && x.Name != "" {
			return strings.Join(strings.Fields(x.Name), " ")
		}
	}
	return id
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

func dayOr(t time.Time, word string) string {
	if t.IsZero() {
		return word
	}
	return day(t)
}

func or(word, other string) string {
	if word == "" {
		return other
	}
	return word
}

func spacedOut(word string) string { return strings.ReplaceAll(word, "-", " ") }

func successor(o exit.Order) string {
	if o.Successor == "" {
		return ""
	}
	return " by " + o.Successor
}
