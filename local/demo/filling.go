package demo

import (
	"context"
	"strings"
	"time"
)

// Clerk is somebody who fills forms in, and leaves to Else what is answered without one.
type Clerk struct {
	// Else answers what has no form; nil: it is answered elsewhere, in Slack.
	Else Manner
	// Knows is what they write where a line asks for it, by words that stand in the line.
	Knows []Known
	// Places are the clauses in which they find a point of a checklist for which the page
	// proposes none.
	Places []Known
	// Today is the day on their calendar.
	Today func() time.Time
}

// Known is what is written where a line of a form has certain words: the first that fits,
// once on a page, and only On a page whose title has those words. With a File it is a
// document.
type Known struct {
	On, Asked, Says string
	File            []byte
}

// Do fills in the form of the page, or goes through its checklist.
func (c Clerk) Do(ctx context.Context, p *Person, page *Page, days int) (bool, error) {
	f := answerForm(page)
	switch {
	case page.Form("/request/check") != nil:
		return Checker{Today: c.Today, Places: c.Places}.Do(ctx, p, page, days)
	case f == nil:
		return false, nil
	case len(f.Lines) > 0:
		day := c.Today()
		if strings.HasPrefix(page.Title, "Until when") { // what is done without is done without for a while
			day = day.AddDate(0, 3, 0)
		}
		fill(f, page.Title, c.Knows, day)
		p.say("fills in “%s”", page.Title)
	case yes(f) == "" && !f.Offers("verdict", "delivered"): // a choice between other things
		p.say("decides “%s”: %s", page.Title, pick(f))
	case c.Else == nil:
		return false, nil
	default:
		return c.Else.Do(ctx, p, page, days)
	}
	if f.values.Get("verdict") == "" {
		pick(f)
	}
	return true, p.send(ctx, f.TickAll().Choose("do", "send").Write("inside", "As it was agreed."))
}

// pick chooses what brings the matter on, and returns what it is called.
func pick(f *Form) string {
	for _, want := range []string{"approve", "done", "delivered", "waive", ""} {
		for _, c := range f.Choices {
			if c.Name == "verdict" && (c.Value == want || want == "") {
				f.Choose("verdict", c.Value)
				word, _, _ := strings.Cut(c.Label, " this step")
				return word
			}
		}
	}
	return ""
}

// fill writes into each line that has to be filled in, and into each of which they know
// what belongs there, on a page with a title.
func fill(f *Form, title string, knows []Known, today time.Time) {
	used := make([]bool, len(knows))
	for _, l := range f.Lines {
		var told *Known
		for i := range knows {
			if told == nil && !used[i] && strings.Contains(title, knows[i].On) && strings.Contains(l.Words, knows[i].Asked) {
				told, used[i] = &knows[i], true
			}
		}
		if told == nil && (l.Optional || l.Filled) {
			continue
		}
		f.fillLine(l, told, today)
	}
}

// fillLine writes into one line what is known of it, or something that does.
func (f *Form) fillLine(l Line, told *Known, today time.Time) {
	says := ""
	if told != nil {
		says = told.Says
	}
	switch l.Kind {
	case LineFile:
		name, content := "record.txt", []byte("1. What was asked for: "+l.Words+"\n")
		if told != nil && told.File != nil {
			name, content = told.Says, told.File
		}
		f.Attach(l.Field+".file", name, content)
		return
	case LinePick:
		for _, o := range l.Options {
			if says == "" || strings.EqualFold(o.Value, says) || strings.HasPrefix(o.Label, says) {
				says = o.Value
				break
			}
		}
	case LineDate:
		if says == "" {
			says = today.Format(time.DateOnly)
		}
	case LineNumber:
		if says == "" {
			says = "3"
		}
	default:
		if says == "" {
			says = "As agreed between both sides, and written down."
		}
	}
	f.Write(l.Field+".a", says)
}
