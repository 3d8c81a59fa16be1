package demo

import (
	"context"
	"fmt"
	"strings"
)

// Person is one of the rehearsal's people.
type Person struct {
	// ID picks them on the sign-in page.
	ID string
	// Manner is who they are.
	Manner Manner
	// Tell prints what they do.
	Tell func(format string, args ...any)

	browser *browser
	name    string
	seen    map[string]int // by link: on how many days they looked at it
	left    map[string]int // by link: on which day they looked and left it for another
	day     int
}

// Arrive signs in by picking oneself on the page.
func (p *Person) Arrive(ctx context.Context, base string) error {
	b, err := newBrowser(base)
	if err != nil {
		return err
	}
	p.browser, p.seen, p.left = b, map[string]int{}, map[string]int{}
	page, err := b.open(ctx, b.base.JoinPath("/signin"))
	if err != nil {
		return err
	}
	for _, f := range page.Forms {
		for _, c := range f.Choices {
			if c.Name == "person" && c.Value == p.ID {
				p.name = name(c.Label)
				_, err = b.send(ctx, f.Choose("person", p.ID))
				return err
			}
		}
	}
	return fmt.Errorf("the sign-in page doesn't offer %s", p.ID)
}

// name is a person's name without the roles that the button adds: the people of
// the example have two words to their name.
func name(label string) string {
	w := strings.Fields(label)
	return strings.Join(w[:min(len(w), 2)], " ")
}

// NewDay tells the person that time has passed.
func (p *Person) NewDay() { p.day++ }

// Look opens the inbox and answers what they are ready to answer. It reports
// whether they did anything.
func (p *Person) Look(ctx context.Context) (bool, error) {
	inbox, err := p.browser.open(ctx, p.browser.base.JoinPath("/"))
	if err != nil {
		return false, fmt.Errorf("%s: %w", p.ID, err)
	}
	links, err := p.waiting(ctx, inbox)
	if err != nil {
		return false, err
	}
	for _, l := range links {
		if day, looked := p.left[l.To.String()]; looked && day == p.day { // once a day is enough
			continue
		}
		page, err := p.browser.open(ctx, l.To)
		if err != nil {
			return false, fmt.Errorf("%s: %w", p.ID, err)
		}
		key := l.To.String()
		if _, known := p.seen[key]; !known {
			p.seen[key] = p.day
		}
		did, err := p.Manner.Do(ctx, p, page, p.day-p.seen[key])
		if err != nil || did {
			return did, err
		}
		p.left[key] = p.day
	}
	return false, nil
}

// waiting lists the requests that the inbox leads to; several that came at one
// moment stand on a page of their own.
func (p *Person) waiting(ctx context.Context, inbox *Page) ([]Link, error) {
	var links []Link
	for _, l := range inbox.Links {
		switch l.To.Path {
		case "/request":
			links = append(links, l)
		case "/waiting":
			moment, err := p.browser.open(ctx, l.To)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.ID, err)
			}
			for _, m := range moment.Links {
				if m.To.Path == "/request" && m.To.Fragment == "" {
					links = append(links, m)
				}
			}
		}
	}
	return links, nil
}

// say prints what the person does.
func (p *Person) say(format string, args ...any) {
	p.Tell("%s %s", p.name, fmt.Sprintf(format, args...))
}

// send posts a form; the page that comes back is the receipt.
func (p *Person) send(ctx context.Context, f *Form) error {
	_, err := p.browser.send(ctx, f)
	if err != nil {
		return fmt.Errorf("%s: %w", p.ID, err)
	}
	return nil
}
