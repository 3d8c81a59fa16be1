package demo

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"gangway/internal/mail/mailtest"
)

// Correspondent is one of the rehearsal's people who answers out of a mail program:
// they know what stands in the mails that came.
type Correspondent struct {
	Mailbox *mailtest.Person
	Way     Way
	// Tell prints what they do.
	Tell func(format string, args ...any)

	came int // mails that they have seen
	open []envelope
	day  int
}

// Way is what somebody does with a mail that has lain there for so many days. Done:
// they need not come back to it.
type Way interface {
	Read(ctx context.Context, c *Correspondent, m *mailtest.Received, days int) (did, done bool, err error)
}

// envelope is a mail that is not done with, and the day on which it was seen.
type envelope struct {
	mail *mailtest.Received
	day  int
}

// NewDay tells them that time has passed.
func (c *Correspondent) NewDay() { c.day++ }

// Look opens the mailbox and does what they are ready to do. It reports whether they
// did anything.
func (c *Correspondent) Look(ctx context.Context) (bool, error) {
	err := mailtest.Try(ctx, func(t mailtest.T) {
		for ; c.came < len(c.Mailbox.Inbox.Mails()); c.came++ {
			c.open = append(c.open, envelope{c.Mailbox.Inbox.Expect(t), c.day})
		}
	})
	if err != nil {
		return false, fmt.Errorf("%s: %w", c.Mailbox.Name, err)
	}
	for i, e := range c.open {
		did, done, err := c.Way.Read(ctx, c, e.mail, c.day-e.day)
		if err != nil {
			return false, fmt.Errorf("%s: %w", c.Mailbox.Name, err)
		}
		if done {
			c.open = slices.Delete(slices.Clone(c.open), i, i+1)
		}
		if did || done { // the next mail at the next look
			return true, nil
		}
	}
	return false, nil
}

func (c *Correspondent) say(format string, args ...any) {
	c.Tell("%s %s", c.Mailbox.Name, fmt.Sprintf(format, args...))
}

// ByReply approves by mail what the mail says can be.
type ByReply struct{}

// firstLine is what stands before the words that count, where a reply finds its way
// back without more ado.
const firstLine = "To answer by mail, reply with one of these as the first line:"

// Read replies with the mail's own word.
func (ByReply) Read(ctx context.Context, c *Correspondent, m *mailtest.Received, _ int) (did, done bool, err error) {
	_, words, offered := strings.Cut(flat(m.Text), firstLine)
	if !offered || !strings.HasPrefix(strings.TrimSpace(words), "approved ") {
		return false, true, nil
	}
	if _, needs, _ := strings.Cut(words, "approved "); strings.HasPrefix(needs, "(") { // more than a line can give
		return false, true, nil
	}
	c.say("replies “Approved.” to the mail “%s”", topic(m))
	return true, true, mailtest.Try(ctx, func(t mailtest.T) { m.Reply(t, "Approved.\n\nI have read what is mine to read.") })
}

// Supplier is the vendor's account manager: looks at the page that the mail leads
// to, and sends the agreement by reply some days later.
type Supplier struct {
	// Agreement is what they send, as the file of this name.
	Agreement *mailtest.File
	Takes     int
	// Knows is what they write and attach on the page behind the link, once the agreement
	// is sent; Today is the day on their calendar.
	Knows []Known
	Today func() time.Time

	browser *browser
	sent    bool
	done    map[string]bool // by link: tasks that they answered
}

// Read does what the mail asks for, as far as it asks for a document.
func (s *Supplier) Read(ctx context.Context, c *Correspondent, m *mailtest.Received, days int) (did, done bool, err error) {
	if !strings.Contains(flat(m.Text), "reply to this mail with the document attached") {
		if s.sent && !strings.Contains(m.Subject, "have arrived") && taskLink(m) != "" {
			did, done, err = s.asked(ctx, m, c)
			if err != nil || did {
				return did, done, err
			}
		}
		c.say("reads “%s”", topic(m))
		if s.browser == nil || !strings.Contains(m.Subject, "have arrived") {
			return false, true, nil
		}
		page, err := s.page(ctx)
		if err != nil {
			return false, false, err
		}
		c.say("looks where things stand: “%s”", page.Title)
		return false, true, nil
	}
	switch {
	case s.sent: // a reminder that came before the document did, or something else
		return s.asked(ctx, m, c)
	case s.browser == nil:
		page, err := s.enter(ctx, m.Link("/portal/"))
		if err != nil {
			return false, false, err
		}
		c.say("opens the link in the mail “%s”: “%s”", topic(m), page.Title)
		return true, false, nil
	case days < s.Takes:
		return false, false, nil
	}
	c.say("replies with “%s” attached", s.Agreement.Name)
	s.sent = true
	return true, true, mailtest.Try(ctx, func(t mailtest.T) {
		m.ReplyWith(t, mailtest.Draft{Text: "Our data processing agreement is attached, signed by our director.", Files: []mailtest.File{*s.Agreement}})
	})
}

// asked answers what else waits on the page that a mail leads to, one task at a look.
func (s *Supplier) asked(ctx context.Context, m *mailtest.Received, c *Correspondent) (did, done bool, err error) {
	page, err := s.page(ctx)
	if err != nil || !strings.Contains(page.Title, "for you") { // the session is over
		page, err = s.enter(ctx, taskLink(m))
	}
	if err != nil {
		return false, false, err
	}
	did, err = s.serve(ctx, c, page)
	return did, !did, err
}

// taskLink is the mail's link to what is asked; empty: it asks nothing. The other leads to
// a page that says how to know that the mail is genuine.
func taskLink(m *mailtest.Received) string {
	for _, l := range m.Links("/portal/") {
		if !strings.HasSuffix(l, "/portal/genuine") {
			return l
		}
	}
	return ""
}

// enter follows the mail's link and presses the button of the page that it leads to.
func (s *Supplier) enter(ctx context.Context, link string) (*Page, error) {
	to, err := url.Parse(link)
	if err != nil || link == "" {
		return nil, fmt.Errorf("following the mail's link %q: %w", link, err)
	}
	b, err := newBrowser(to.Scheme + "://" + to.Host)
	if err != nil {
		return nil, err
	}
	landing, err := b.open(ctx, to)
	if err != nil {
		return nil, err
	}
	f := landing.Form(to.Path)
	if f == nil {
		return nil, fmt.Errorf("the page “%s” has no button that opens the tasks", landing.Title)
	}
	page, err := b.send(ctx, f)
	if err != nil {
		return nil, err
	}
	s.browser = b
	return page, nil
}

// page is the list of what is asked of the vendor.
func (s *Supplier) page(ctx context.Context) (*Page, error) {
	return s.browser.open(ctx, s.browser.base.JoinPath("/portal"))
}

// flat is a mail's text as a reader takes it in, whatever lines it is broken into.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// topic is what a mail is about, without what every subject of a case begins with.
func topic(m *mailtest.Received) string {
	subject := m.Subject
	if _, rest, ok := strings.Cut(subject, "] "); ok {
		subject = rest
	}
	return strings.TrimPrefix(subject, "Rehearsal: ")
}
