package demo

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Checker goes through a checklist point by point, and says yes to everything else.
type Checker struct {
	// Today is the day on their calendar.
	Today func() time.Time
	// Places are the clauses that they name where the page proposes none, by words of the
	// point.
	Places []Known
}

// Do says of each point where they found it: the first place that the page proposes, or
// the clause that they know of; it is missing where there is neither. It is looked at again
// in a year.
func (c Checker) Do(ctx context.Context, p *Person, page *Page, days int) (bool, error) {
	f := page.Form("/request/check")
	if f == nil {
		return Prompt{}.Do(ctx, p, page, days)
	}
	found, missing := 0, 0
	for _, point := range f.points() {
		field := strings.TrimSuffix(point.Name, ".say")
		at := slices.IndexFunc(f.Ticks, func(t Choice) bool { return t.Name == field+".place" })
		switch {
		case strings.Contains(point.Group, "look at it again"):
			f.Choose(field+".say", "on").Write(field+".day", c.Today().AddDate(1, 0, 0).Format(time.DateOnly))
			found++
		case at < 0 && c.place(point) != "":
			f.Choose(field+".say", "here").Write(field+".other", c.place(point))
			found++
		case at < 0:
			f.Choose(field+".say", "missing")
			missing++
		default:
			f.Choose(field+".say", "here").Tick(field+".place", f.Ticks[at].Value)
			found++
		}
	}
	p.say("reads “%s”: %d points found, %d missing", page.Title, found, missing)
	return true, p.send(ctx, f.Choose("do", "send").Write("inside", "Read at the places that I name."))
}

// place is the clause in which they find a point; empty: none.
func (c Checker) place(point Choice) string {
	for _, k := range c.Places {
		if strings.Contains(point.Group, k.Asked) {
			return k.Says
		}
	}
	return ""
}

// points are the first choice of each point, in the page's order.
func (f *Form) points() []Choice {
	var list []Choice
	for _, c := range f.Choices {
		if strings.HasSuffix(c.Name, ".say") && !slices.ContainsFunc(list, func(l Choice) bool { return l.Name == c.Name }) {
			list = append(list, c)
		}
	}
	return list
}
