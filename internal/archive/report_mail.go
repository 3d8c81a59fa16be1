package archive

import (
	"fmt"
	"strings"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// mail says what became of a mail that came. Its person is who was asked, which is
// not always who wrote it.
func (p reporter) mail(d *dossier.Detail) string {
	said := "A mail came"
	if !d.Arrived.IsZero() {
		said += " on " + moment{d.Arrived}.Text()
	}
	if d.Person != "" {
		said += " on what was asked of " + p.who(d.Person)
	}
	if d.Request != "" {
		title := d.Request
		if r := p.view.Request(d.Request); r != nil && r.Title != "" {
			title = r.Title
		}
		said += " in “" + oneLine(cut(title, 200)) + "”"
	}
	said += " (" + oneLine(cut(d.Document, 80)) + "): " + mailKind(d.Result) + becameOf(d.Outcome) + "."
	if len(d.Values) > 0 {
		why := make([]string, 0, len(d.Values))
		for _, w := range d.Values {
			why = append(why, mailWhy(w))
		}
		said += " It could not decide: " + cut(strings.Join(why, "; "), 600) + "."
	}
	return said
}

func becameOf(o *review.Outcome) string {
	if o == nil {
		return ""
	}
	switch o.Status {
	case review.Counted:
		return ", which was counted"
	case review.Already:
		return ", which had been counted before"
	case review.Pending:
		return ", which was being delivered"
	case review.Refused:
		return ", which did not count"
	}
	return ", " + oneLine(cut(string(o.Status), 80))
}

func mailKind(kind string) string {
	switch arrivals.Kind(kind) {
	case arrivals.Decision:
		return "an answer"
	case arrivals.Delivered:
		return "a delivery"
	case arrivals.Comment:
		return "a comment"
	case arrivals.Away:
		return "an out-of-office reply"
	case arrivals.Automatic:
		return "an automatic message"
	case arrivals.Bounce:
		return "a report that a mail of ours did not arrive"
	case arrivals.Stray:
		return "a message that leads to nothing of ours"
	case arrivals.Unsafe:
		return "a message too large or too deep to be read"
	}
	return oneLine(cut(kind, 80))
}

func mailWhy(word string) string {
	switch arrivals.Why(word) {
	case arrivals.NoToken:
		return "it carries no address of ours for a request"
	case arrivals.OldToken:
		return "it answers a request that was closed, or an older version"
	case arrivals.NotAddressee:
		return "its sender is not who was asked"
	case arrivals.ManySenders:
		return "it does not have exactly one sender"
	case arrivals.NotAligned:
		return "nothing proves that the sender's domain sent it"
	case arrivals.SaysFail:
		return "the mail server says that its sender is forged"
	case arrivals.IsAutomatic:
		return "no person wrote it"
	case arrivals.Unclear:
		return "its first line is none of the words that count"
	case arrivals.NeedsMore:
		return "the answer needs more than a line can give"
	case arrivals.CommentOnly:
		return "the step takes no decisions by mail"
	case arrivals.NotKnown:
		return "nobody on record has this address"
	case arrivals.TooBig:
		return "it is too large"
	case arrivals.TooDeep:
		return "it is nested too deeply"
	case arrivals.BadDocument:
		return "what was attached could not be taken"
	}
	return oneLine(cut(word, 80))
}

// brought names the documents of an answer, with a space before.
func brought(b *review.Ballot) string {
	if len(b.Documents) == 0 {
		return ""
	}
	return " Documents: " + oneLine(cut(strings.Join(b.Documents, ", "), 600)) + "."
}

// delivery says of an answer who gave it in whose place, and what came with it.
func (p reporter) delivery(b *review.Ballot) []string {
	var notes []string
	if playbook.IsContact(b.Person) {
		notes = append(notes, "one of the vendor's people")
	}
	if b.ForVendor {
		notes = append(notes, "filed for the vendor by "+p.who(b.Person)+"; the source stands in the timeline")
	}
	if n := len(b.Documents); n == 1 {
		notes = append(notes, "with document "+oneLine(cut(b.Documents[0], 80)))
	} else if n > 1 {
		notes = append(notes, fmt.Sprintf("with %d documents: %s", n, oneLine(cut(strings.Join(b.Documents, ", "), 600))))
	}
	return notes
}

// mailPaper describes a raw mail among the documents.
func (p reporter) mailPaper(digest string, paper *reportPaper) {
	for _, l := range p.c.lines {
		d := l.Entry.Detail
		if l.Entry.Kind != dossier.MailFiled || d == nil || d.Document != digest || l.Conflict {
			continue
		}
		paper.Name, paper.By, paper.At = "mail as it came: "+mailKind(d.Result)+becameOf(d.Outcome), "by mail", moment{d.Arrived}
		if d.Person != "" {
			paper.By += ", on what was asked of " + p.who(d.Person)
		}
		paper.Size, paper.Media = byteCount(d.Size), oneLine(cut(d.Media, 80))
		return
	}
}
