package mail

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	netmail "net/mail"
	"slices"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode/utf8"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

//go:embed templates
var templates embed.FS

// page is what the templates fill in.
type page struct {
	Title, Lead string
	Rehearsal   bool
	Items       []item
	More        int
	Inbox       string
	Link, Code  string
	Until       string
	Marker      string // empty: answers are not read
	Replies     bool
	Several     bool
	Phrases     []string // the words that count in other languages
	Foot        string
	Outside     *outside
	Answer      *answer
	Meeting     *meeting
	Seal        *sealed
}

// meeting is what an invitation says to people who see no buttons.
type meeting struct {
	Title, Text, Where, From, Until string
	Again                           string // how often; empty: once
	Cancelled                       bool
}

// write is the whole mail as it leaves.
func (p *Post) write(c *content, message, token string, at time.Time) (*outgoing, error) {
	text, html, err := c.bodies()
	if err != nil {
		return nil, err
	}
	w := outgoing{message: message, envelope: p.envelopeOf(token), from: *p.from, to: netmail.Address{Name: textLine(c.to.Name, maxName), Address: c.to.Mail},
		replyTo: c.replyTo, subject: c.subject(), at: at, text: text, html: html}
	if c.outside != nil { // whom they know, not what it is called
		w.from.Name = textLine(c.outside.Client, maxName)
	}
	// Conforming responders stay silent (RFC 3834 section 5). Exchange knows its own
	// header; an out-of-office is left out of it, since it says who is away.
	kind := "auto-generated"
	if c.answer != nil {
		kind = "auto-replied"
	}
	w.headers = []header{{"Auto-Submitted", kind}, {"X-Auto-Response-Suppress", "DR, RN, NRN, AutoReply"}}
	if id := c.oneCase(); id != "" {
		root := "<" + p.threadOf(id) + ">"
		w.headers = append(w.headers, header{"In-Reply-To", root}, header{"References", root})
	}
	if c.meeting != nil {
		w.invite = newInvitation(c.meeting, attendee{w.from.Name, w.from.Address}, attendee{w.to.Name, w.to.Address}, at)
	}
	return &w, w.compile()
}

// bodies are the mail's text and its HTML.
func (c *content) bodies() (text, html string, err error) {
	pg := c.page()
	plain, err := texttemplate.New("").Funcs(texttemplate.FuncMap{"wrap": wrap}).ParseFS(templates, "templates/*.txt.tmpl")
	if err != nil {
		return "", "", fmt.Errorf("reading the templates of texts: %w", err)
	}
	rich, err := htmltemplate.New("").Funcs(htmltemplate.FuncMap{"lines": func(s string) []string { return strings.Split(s, "\n") }}).ParseFS(templates, "templates/*.html.tmpl")
	if err != nil {
		return "", "", fmt.Errorf("reading the templates of HTML: %w", err)
	}
	var t, h bytes.Buffer
	if err := plain.ExecuteTemplate(&t, c.template()+".txt.tmpl", pg); err != nil {
		return "", "", fmt.Errorf("writing the text: %w", err)
	}
	if err := rich.ExecuteTemplate(&h, c.template()+".html.tmpl", pg); err != nil {
		return "", "", fmt.Errorf("writing the HTML: %w", err)
	}
	return strings.TrimLeft(t.String(), "\n"), h.String(), nil
}

// template is the name of what the mail is written by.
func (c *content) template() string {
	switch {
	case c.kind == outbox.SignIn:
		return "signin"
	case c.meeting != nil:
		return "invitation"
	case c.kind == outbox.Portal:
		return "newlink"
	case c.seal != nil:
		return "witness"
	case c.answer != nil:
		return "answer"
	case c.outside != nil:
		return "vendor"
	default:
		return "letter"
	}
}

func (c *content) page() page {
	pg := page{Title: c.title(), Lead: c.lead(), Rehearsal: c.rehearsal, Items: c.items, More: c.more, Inbox: c.inbox, Link: c.link, Code: c.code, Until: c.until,
		Replies: c.replyTo != "", Several: len(c.items)+c.more > 1, Outside: c.outside, Answer: c.answer, Seal: c.seal}
	if pg.Replies {
		pg.Marker = "##- " + Marker + " -##"
	}
	var by []review.Verdict
	for _, it := range c.items {
		for _, v := range it.ways.By {
			if len(it.Buttons) > 0 && !slices.Contains(by, v) {
				by = append(by, v)
			}
		}
	}
	pg.Phrases, pg.Foot = phrasebook(by), c.foot(len(by) > 0)
	if m := c.meeting; m != nil {
		zone := zoneOf(c.to)
		pg.Meeting = &meeting{Title: textLine(m.Title, 200), Text: textBlock(m.Text, 4000), Where: textLine(m.Where, 300), Cancelled: m.Cancelled,
			From: m.From.In(zone).Format("Mon 2 January 2006, 15:04 MST"), Until: m.Until.In(zone).Format("Mon 2 January 2006, 15:04 MST"), Again: againWords(m, zone)}
	}
	return pg
}

// foot says who wrote the mail, and what becomes of a reply; words: some count.
func (c *content) foot(words bool) string {
	const who = "This mail was written by gangway, not by a person. "
	switch {
	case c.meeting != nil:
		return who + "Your calendar's answer to it is not read."
	case c.seal != nil:
		return who + "Replies to it are not read."
	case c.replyTo == "":
		return who + "Replies to it are not read: please answer on the page."
	case !words:
		return who + "A reply to it is kept as a comment; nothing is decided by one."
	default:
		return who + "A reply counts only if its first line is one of the words that count; everything else that you write is kept as a comment. Nothing is decided by silence."
	}
}

// title is the mail's heading.
func (c *content) title() string {
	n := len(c.items) + c.more
	switch {
	case c.kind == outbox.SignIn:
		return "Sign in to gangway"
	case c.kind == outbox.Portal:
		return "Your new link"
	case c.seal != nil:
		return "A case was sealed"
	case c.kind == outbox.Comment:
		return c.items[0].Title
	case c.answer != nil:
		return c.answer.Title
	case c.meeting != nil:
		return meetingTitle(c.meeting)
	case c.isFarewell():
		return c.items[0].Title
	case c.outside != nil && c.kind == outbox.Outcome:
		return "Nothing more to do for now"
	case c.outside != nil:
		title, _ := c.urgency()
		return title
	case c.lane == outbox.LaneOutcome && n == 1 && c.items[0].why == outbox.WhyEnded:
		return "A case of yours is over"
	case c.lane == outbox.LaneOutcome:
		return "What became of what you asked for"
	case c.lane == outbox.LaneDigest && n == 1:
		return "One request still waits for you"
	case c.lane == outbox.LaneDigest:
		return fmt.Sprintf("%d requests still wait for you", n)
	case c.lane != outbox.LaneDigest && c.items[0].why == playbook.WhyUnread:
		return "Sections are left that nobody has read"
	case c.informs():
		return "An answer is missing"
	case n == 1:
		return "Your answer is wanted"
	default:
		return fmt.Sprintf("%d answers of yours are wanted", n)
	}
}

// informs: the mail tells of what others should do.
func (c *content) informs() bool {
	for _, it := range c.items {
		if it.why != playbook.WhyManager && it.why != playbook.WhyOwner && it.why != playbook.WhyVacant && it.why != playbook.WhyUnread {
			return false
		}
	}
	return true
}

func (c *content) lead() string {
	name := textLine(c.to.Name, maxName)
	switch {
	case c.kind == outbox.Portal:
		return "Hello " + name + ". You asked for a new link."
	case c.seal != nil:
		return witnessLead
	case c.outside != nil && c.answer == nil && c.kind != outbox.Outcome && c.meeting == nil:
		_, lead := c.urgency()
		return "Hello " + name + ". " + lead
	}
	switch c.lane {
	case outbox.LaneDigest:
		return "Hello " + name + ", this is your one reminder for today. Nothing is decided by silence."
	case outbox.LaneOutcome:
		return "Hello " + name + ", there is news."
	default:
		return "Hello " + name + "."
	}
}

// textWidth is where lines of the text part end, so that quoting them still fits
// into 80 columns.
const textWidth = 72

// wrap breaks the lines of a paragraph, and indents all but the first.
func wrap(indent, text string) string {
	var out strings.Builder
	column := 0
	for i, paragraph := range strings.Split(text, "\n") {
		if i > 0 {
			out.WriteString("\n" + indent)
			column = len(indent)
		}
		for j, word := range strings.Fields(paragraph) {
			n := utf8.RuneCountInString(word)
			switch {
			case j > 0 && column+1+n > textWidth:
				out.WriteString("\n" + indent)
				column = len(indent)
			case j > 0:
				out.WriteByte(' ')
				column++
			}
			out.WriteString(word)
			column += n
		}
	}
	return out.String()
}
