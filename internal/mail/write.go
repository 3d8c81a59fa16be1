package mail

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	netmail "net/mail"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
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
}

// write is the whole mail as it goes to the server.
func (p *Post) write(c *content, message string, at time.Time) ([]byte, error) {
	text, html, err := c.bodies()
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(
		gomail.WithNoDefaultUserAgent(), // it would tell strangers which library to attack
		gomail.WithEncoding(gomail.EncodingQP), gomail.WithBoundary("gw-"+strings.ReplaceAll(message, "@", "-")))
	m.FromMailAddress(p.from)
	m.ToMailAddress(&netmail.Address{Name: textLine(c.to.Name, maxName), Address: c.to.Mail})
	m.Subject(c.subject())
	m.SetDateWithValue(at)
	m.SetMessageIDWithValue(message)
	// Conforming responders stay silent (RFC 3834 section 5).
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if id := c.oneCase(); id != "" {
		root := "<" + p.threadOf(id) + ">"
		m.SetGenHeader(gomail.HeaderInReplyTo, root)
		m.SetGenHeader(gomail.HeaderReferences, root)
	}
	m.SetBodyString(gomail.TypeTextPlain, text)
	m.AddAlternativeString(gomail.TypeTextHTML, html)
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("writing a mail: %w", err)
	}
	return raw.Bytes(), nil
}

// bodies are the mail's text and its HTML.
func (c *content) bodies() (text, html string, err error) {
	pg := page{Title: c.title(), Lead: c.lead(), Rehearsal: c.rehearsal, Items: c.items, More: c.more, Inbox: c.inbox, Link: c.link, Code: c.code, Until: c.until}
	plain, err := texttemplate.New("").Funcs(texttemplate.FuncMap{"wrap": wrap}).ParseFS(templates, "templates/*.txt.tmpl")
	if err != nil {
		return "", "", fmt.Errorf("reading the templates of texts: %w", err)
	}
	rich, err := htmltemplate.New("").Funcs(htmltemplate.FuncMap{"lines": func(s string) []string { return strings.Split(s, "\n") }}).ParseFS(templates, "templates/*.html.tmpl")
	if err != nil {
		return "", "", fmt.Errorf("reading the templates of HTML: %w", err)
	}
	name := "letter"
	if c.lane == outbox.LaneAlone {
		name = "signin"
	}
	var t, h bytes.Buffer
	if err := plain.ExecuteTemplate(&t, name+".txt.tmpl", pg); err != nil {
		return "", "", fmt.Errorf("writing the text: %w", err)
	}
	if err := rich.ExecuteTemplate(&h, name+".html.tmpl", pg); err != nil {
		return "", "", fmt.Errorf("writing the HTML: %w", err)
	}
	return strings.TrimLeft(t.String(), "\n"), h.String(), nil
}

// title is the mail's heading.
func (c *content) title() string {
	n := len(c.items) + c.more
	switch {
	case c.lane == outbox.LaneAlone:
		return "Sign in to gangway"
	case c.lane == outbox.LaneOutcome && n == 1 && c.items[0].why == outbox.WhyEnded:
		return "A case of yours is over"
	case c.lane == outbox.LaneOutcome:
		return "What became of what you asked for"
	case c.lane == outbox.LaneDigest && n == 1:
		return "One request still waits for you"
	case c.lane == outbox.LaneDigest:
		return fmt.Sprintf("%d requests still wait for you", n)
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
		if it.why != playbook.WhyManager && it.why != playbook.WhyOwner && it.why != playbook.WhyVacant {
			return false
		}
	}
	return true
}

func (c *content) lead() string {
	name := textLine(c.to.Name, maxName)
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
