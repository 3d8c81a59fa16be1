package mail

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	// maxName is how many characters of a name a mail shows.
	maxName = 80
	// maxSubject is how many characters a subject has: with RFC 2047 at its worst
	// (every character three bytes) it stays far below a header's 998 octets a line.
	maxSubject = 150
)

// textLine is a stranger's text in one line: no control characters (CR and LF
// among them, which would begin a header), no marks that turn the direction of
// the text around it, nothing that a reader would decode as an encoded word
// (RFC 2047), no more than most characters.
func textLine(text string, most int) string {
	text = strings.Join(strings.Fields(strings.Map(lineRune, strings.ToValidUTF8(text, "�"))), " ")
	return shorten(strings.ReplaceAll(text, "=?", "= ?"), most)
}

func lineRune(r rune) rune {
	switch {
	case unicode.Is(unicode.Bidi_Control, r), r == '\u200b', r == '\ufeff':
		return -1
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return ' '
	}
	return r
}

// textBlock is a stranger's text of several lines.
func textBlock(text string, most int) string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(text, "\r", "\n")) {
		if line = textLine(line, most); line != "" {
			lines = append(lines, line)
		}
	}
	return shorten(strings.Join(lines, "\n"), most)
}

func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}

func escape(id string) string { return url.QueryEscape(id) }

// human turns an id of a playbook into words: data-protection, Data protection.
func human(id string) string {
	id = strings.ReplaceAll(textLine(id, 60), "-", " ")
	r, size := utf8.DecodeRuneInString(id)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + id[size:]
}

// whyOf says why somebody is told: by their seat and how they came to it, never
// with the name of anybody else.
func whyOf(r *review.Request, why string, seats []string, person string) string {
	name := seatNames(r, seats)
	switch why {
	case playbook.WhyBackup:
		return "No answer has come so far. You stand in for the seat " + name + "; the first answer counts."
	case playbook.WhyManager:
		return "Nobody has answered for the seat " + name + " so far. You are told as line manager and need not answer yourself."
	case playbook.WhyOwner:
		return "Nobody has answered for the seat " + name + " in time. You are told as the owner of the case."
	case playbook.WhyVacant:
		return "Nobody is left who could answer for the seat " + name + ". As the owner of the case you can find somebody."
	case playbook.WhyUnread:
		seated := func(s review.Seating) bool {
			return slices.ContainsFunc(s.Holders, func(h review.Holder) bool { return h.Person == person && !h.Off })
		}
		if !slices.ContainsFunc(r.Seatings, seated) {
			return "Everybody who is needed agrees, and sections are left that nobody has read. As the owner of the case you can have somebody read them."
		}
		return "Everybody who is needed agrees, and sections are left that nobody has read. You may read them and say so."
	case playbook.WhyReminder:
		return "Your answer for the seat " + name + " is still missing."
	}
	for _, id := range seats {
		for _, h := range r.Seating(id).Holders {
			if h.Person != person || h.Off {
				continue
			}
			switch h.Via {
			case review.ViaDelegate:
				return "The seat " + name + " was delegated to you."
			case review.ViaBackup:
				return "You stand in for the seat " + name + "."
			case review.ViaOwner:
				return "As the owner of the case you hold the seat " + name + "."
			}
		}
	}
	return "You hold the seat " + name + "."
}

func seatNames(r *review.Request, seats []string) string {
	var names []string
	for _, id := range seats {
		if s, _, found := r.Seat(id); found && s.Role != "" {
			id = s.Role
		}
		names = append(names, human(id))
	}
	return textLine(strings.Join(names, ", "), 120)
}

// outcomeOf says how a request ended, without anybody's name or reason.
func outcomeOf(r *review.Request) string {
	if r.Waived {
		return "It was waived."
	}
	if r.Closed.Why == "withdrawn" {
		return "It was withdrawn."
	}
	switch r.Closed.State {
	case review.Met:
		if r.Kind == review.Decision && len(r.Options) == 0 {
			return "It was approved."
		}
		return "It is done."
	case review.Wanted:
		return "Changes are wanted."
	case review.Denied:
		return "It was refused."
	default:
		return "It was closed without a decision."
	}
}

// endOf says how a case ended.
func endOf(s dossier.CaseState) string {
	switch s {
	case dossier.Live:
		return "Everything is settled: the vendor is live."
	case dossier.Ended:
		return "It was withdrawn."
	default:
		return "It ended as: " + textLine(string(s), 40) + "."
	}
}

// subject is what a mail is called in a list of mails.
func (c *content) subject() string {
	switch {
	case c.kind == outbox.SignIn:
		return "Your link to sign in to gangway"
	case c.kind == outbox.Portal:
		return textLine(c.outside.Client+": your new link", maxSubject)
	case c.seal != nil:
		return textLine("[GW "+textLine(c.seal.Case, 60)+"] sealed, for the witness", maxSubject)
	case c.meeting != nil:
		return textLine(c.invitationSubject(), maxSubject)
	case c.outside != nil && c.answer == nil:
		return textLine(c.outsideSubject(), maxSubject)
	case c.outside != nil:
		return textLine(c.outside.Client+": "+c.answer.Title, maxSubject)
	}
	head := "[GW]"
	if id := c.oneCase(); id != "" {
		head = "[GW " + textLine(id, 60) + "]"
	}
	if c.rehearsal {
		head += " Rehearsal:"
	}
	return textLine(head+" "+c.gist(), maxSubject)
}

// oneCase is the case that the whole mail is about; empty: there are several.
func (c *content) oneCase() string {
	if len(c.items) == 0 || c.more > 0 {
		return ""
	}
	for _, it := range c.items {
		if it.Case != c.items[0].Case {
			return ""
		}
	}
	return c.items[0].Case
}

func (c *content) gist() string {
	if c.answer != nil {
		return c.answer.Title
	}
	first := c.items[0]
	if c.kind == outbox.Comment {
		return first.Title
	}
	what := shorten(first.Title, 60) + " for " + shorten(first.Vendor, 40)
	n := len(c.items) + c.more
	switch {
	case first.why == outbox.WhyEnded && n == 1:
		return first.Title
	case c.lane == outbox.LaneOutcome && n == 1:
		return what + ": " + brief(first.Outcome)
	case c.lane == outbox.LaneOutcome:
		return fmt.Sprintf("%d outcomes, %s among them", n, what)
	}
	due := ""
	if first.Due != "" && first.Overdue {
		due = ": overdue since " + shortDay(first)
	} else if first.Due != "" {
		due = ": due " + shortDay(first)
	}
	if n > 1 {
		what = fmt.Sprintf("%d requests, %s first", n, what)
	}
	switch {
	case c.lane == outbox.LaneDigest:
		return "Still waiting: " + what + due
	case first.why == playbook.WhyManager || first.why == playbook.WhyOwner:
		return "No answer yet: " + what + due
	case first.why == playbook.WhyVacant:
		return "Nobody to answer: " + what
	}
	return what + due
}

func (c *content) invitationSubject() string {
	head := ""
	switch {
	case c.meeting.Cancelled:
		head = "Cancelled: "
	case c.meeting.Sequence > 0:
		head = "Changed: "
	}
	if c.rehearsal {
		head = "Rehearsal: " + head
	}
	if c.meeting.Every != "" {
		return head + c.meeting.Title + ", " + c.meeting.Every.Words() + " from " + c.meeting.From.In(zoneOf(c.to)).Format("Mon 2 January, 15:04 MST")
	}
	return head + c.meeting.Title + ", " + c.meeting.From.In(zoneOf(c.to)).Format("Mon 2 January, 15:04 MST")
}

// brief is an outcome within a subject: approved, changes are wanted.
func brief(outcome string) string {
	for _, head := range []string{"It was ", "It is "} {
		outcome = strings.TrimPrefix(outcome, head)
	}
	return strings.ToLower(strings.TrimSuffix(outcome, "."))
}

// shortDay is a due date within a subject: Tue 3 March.
func shortDay(it item) string {
	day, _, _ := strings.Cut(it.Due, ",")
	if i := strings.LastIndexByte(day, ' '); i > 0 {
		day = day[:i]
	}
	return day
}
