package mailtest

import (
	"fmt"
	"html"
	"net/mail"
	"regexp"
	"strings"
	"time"
)

// widest is the line in characters at which Gmail breaks what it writes as text.
const widest = 78

// quoted is what a mail program says of the mail that it quotes.
type quoted struct {
	name, address, to, subject string
	at                         time.Time
	text, markup               string
}

func (d Draft) quoted() (quoted, bool) {
	if d.of == nil || d.Bare {
		return quoted{}, false
	}
	q := quoted{to: d.of.header("To"), subject: d.of.Subject, text: d.of.Text, at: d.of.At}
	if from, err := mail.ParseAddress(d.of.Header.Get("From")); err == nil {
		q.name, q.address = or(from.Name, from.Address), from.Address
	}
	if q.text == "" {
		q.text = d.of.Subject
	}
	q.markup = inner(d.of.HTML)
	if q.markup == "" {
		q.markup = asMarkup(q.text)
	}
	return q, true
}

// inner is what a page holds: mail programs quote it without its head.
func inner(page string) string {
	if m := regexp.MustCompile(`(?is)<body[^>]*>(.*)</body>`).FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return page
}

func asMarkup(text string) string {
	return strings.ReplaceAll(html.EscapeString(strings.TrimRight(text, "\n")), "\n", "<br>\r\n")
}

func asQuote(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		if lines[i] = "> " + l; strings.HasPrefix(l, ">") || l == "" {
			lines[i] = ">" + l
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// wrapped breaks a line as Gmail does.
func wrapped(line string) string {
	if runes := []rune(line); len(runes) > widest {
		if i := strings.LastIndexByte(string(runes[:widest]), ' '); i > 0 {
			return line[:i] + "\n" + line[i+1:]
		}
	}
	return line
}

// heads are Outlook's lines above what it quotes.
func (q quoted) heads(w tongue) [4][2]string {
	return [4][2]string{{w.outlook[0], q.name + " <" + q.address + ">"}, {w.outlook[1], q.at.Format("Monday, 2 January 2006 15:04")}, {w.outlook[2], q.to}, {w.outlook[3], q.subject}}
}

func (d Draft) asText() string {
	text := strings.TrimRight(d.Text, "\n") + "\n"
	if d.Footer != "" {
		text += "\n" + d.Footer + "\n"
	}
	q, quotes := d.quoted()
	if !quotes {
		return text
	}
	w := tongueOf(d.Language)
	switch {
	case d.As == Outlook:
		text += "\n________________________________\n"
		for _, h := range q.heads(w) {
			text += h[0] + ": " + h[1] + "\n"
		}
		return text + "\n" + q.text
	case d.forwarded:
		return fmt.Sprintf("%s\n%s\nFrom: %s <%s>\nDate: %s\nSubject: %s\nTo: <%s>\n\n\n%s", text, w.forward, q.name, q.address, q.at.Format("Mon, Jan 2, 2006 at 3:04 PM"), q.subject, q.to, q.text)
	case d.As == Apple:
		return text + "\n" + asQuote(w.wrote(w.apple, q.at, q.name, q.address)+"\n\n"+q.text)
	case d.As == Plain && or(d.Language, "en") == "en":
		return text + "\nOn " + q.at.Format("02/01/2006 15:04") + ", " + q.name + " wrote:\n" + asQuote(q.text)
	case d.As == Plain:
		return text + "\n" + w.wrote(w.apple, q.at, q.name, q.address) + "\n" + asQuote(q.text)
	default:
		return text + "\n" + wrapped(w.wrote(w.gmail, q.at, q.name, q.address)) + "\n\n" + asQuote(q.text)
	}
}

func (d Draft) asHTML() string {
	markup := or(d.Markup, asMarkup(d.Text))
	q, quotes := d.quoted()
	w := tongueOf(d.Language)
	wrote := func(line string) string {
		return html.EscapeString(w.wrote(line, q.at, q.name, q.address))
	}
	footer := ""
	if d.Footer != "" {
		footer = `<br><div class="gmail_signature">` + asMarkup(d.Footer) + "</div>"
	}
	var rest string
	switch {
	case d.As == Outlook:
		if quotes {
			rest = "\r\n<div id=\"appendonsend\"></div>\r\n<hr style=\"display:inline-block;width:98%\" tabindex=\"-1\">\r\n<div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri, sans-serif\" style=\"font-size:11pt\" color=\"#000000\">"
			for _, h := range q.heads(w) {
				rest += "<b>" + h[0] + ":</b> " + html.EscapeString(h[1]) + "<br>\r\n"
			}
			rest += "</font><div>&nbsp;</div></div>\r\n<div>" + q.markup + "</div>"
		}
		return "<html><head></head><body dir=\"ltr\">\r\n<div class=\"elementToProof\">" + markup + footer + "</div>" + rest + "\r\n</body></html>\r\n"
	case d.As == Apple:
		if quotes {
			rest = "<div><br><blockquote type=\"cite\"><div>" + wrote(w.apple) + "</div><br class=\"Apple-interchange-newline\"><div>" + q.markup + "</div></blockquote></div>"
		}
		return "<html><head></head><body style=\"overflow-wrap: break-word;\">" + markup + footer + "<br>" + rest + "</body></html>\r\n"
	default:
		if quotes {
			above := wrote(w.gmail)
			if d.forwarded {
				above = html.EscapeString(w.forward) + "<br>From: " + html.EscapeString(q.name) + "<br>Subject: " + html.EscapeString(q.subject)
			}
			rest = "<br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">" + above + "<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex\">" + q.markup + "</blockquote></div>"
		}
		return "<div dir=\"ltr\">" + markup + footer + "</div>" + rest + "\r\n"
	}
}
