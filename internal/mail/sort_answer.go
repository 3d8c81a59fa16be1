package mail

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/jhillyerd/enmime/v2"

	"gangway/internal/arrivals"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// maxReason is how many bytes of a reply go into the record, below what desk takes.
const maxReason = 60_000

// attachment is a file that came with a mail.
type attachment struct {
	name, declared string
	content        []byte
}

// counted reports whether the request knows this mail's answer already: whoever
// was stopped after that begins again and must come to the same.
func (s *sorted) counted() bool {
	id := answerID(s.row.ID)
	return slices.ContainsFunc(s.request.Ballots, func(b review.Ballot) bool { return b.Answer == id }) ||
		slices.ContainsFunc(s.request.Attempts, func(a review.Attempt) bool { return a.Answer == id })
}

// old reports whether the ticket is of a request that is closed, or of a version
// that changed for every seat that the person holds.
func (s *sorted) old() bool {
	switch {
	case s.counted():
		return false
	case s.request.Closed != nil:
		return true
	case !s.known || s.ticket.Version == s.request.Current():
		return false
	}
	seats := s.request.SeatsOf(s.person.ID, s.view.Now(s.row.Came))
	return !slices.ContainsFunc(seats, func(seat string) bool { return !s.request.Touches(seat, s.ticket.Version) })
}

// read makes the answer out of the reply, or says why there is none.
func (s *sorted) read() {
	a := review.Answer{ID: answerID(s.row.ID), Request: s.request.ID, Version: s.ticket.Version, Channel: "mail", At: s.row.Came,
		From: review.Address{Channel: "mail", ID: s.from}}
	var why arrivals.Why
	if s.request.Kind == review.Delivery && len(s.request.Options) == 0 {
		why = s.delivery(&a)
	} else {
		why = s.decision(&a)
	}
	s.why(why)
	if len(s.row.Why) > 0 {
		return
	}
	s.answer = &a
	s.row.Kind = arrivals.Decision
	if a.Verdict == review.Delivered {
		s.row.Kind = arrivals.Delivered
	}
}

// decision reads a verdict that one line can give.
func (s *sorted) decision(a *review.Answer) arrivals.Why {
	switch s.request.Kind {
	case review.Decision, review.Task:
	default:
		return arrivals.NeedsMore
	}
	in := readIntent(s.reply, s.request.Options)
	if in.verdict == "" || !slices.Contains(s.request.Verdicts(), in.verdict) {
		return arrivals.Unclear
	}
	a.Verdict, a.Text.Inside = in.verdict, clip(in.reason)
	reasoned := in.verdict == review.Changes || in.verdict == review.Reject || slices.Contains(s.request.Reasoned, in.verdict)
	if reasoned && strings.IndexFunc(a.Text.Inside, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 {
		return arrivals.NeedsMore
	}
	if review.Positive(in.verdict) && s.attests() || s.request.Sheet || undeclared(s.request, s.person.ID) {
		return arrivals.NeedsMore
	}
	return ""
}

// attests reports whether a seat of the person wants statements that a line can't
// give.
func (s *sorted) attests() bool {
	for _, id := range s.request.SeatsOf(s.person.ID, s.view.Now(s.row.Came)) {
		if seat, _, found := s.request.Seat(id); found && len(seat.Attest) > 0 {
			return true
		}
	}
	return false
}

// delivery reads what a vendor's person delivers. The client's own people deliver
// on the page.
func (s *sorted) delivery(a *review.Answer) arrivals.Why {
	if s.person.Employer == "" || s.person.Employer != s.request.Vendor {
		return arrivals.NeedsMore
	}
	a.Verdict, a.Text.Inside = review.Delivered, clip(s.reply.text)
	switch s.files = filesOf(s.env); {
	case len(s.files) == 0:
		return arrivals.NeedsMore
	case len(s.files) > maxFiles:
		return arrivals.BadDocument
	}
	if s.request.Sheet {
		return s.form(a)
	}
	return ""
}

// form reads the form that a vendor's person filled in and attached. The documents
// that it asks for can't be told apart in a mail: where it wants one and one is
// there, it is that; else the page takes them.
func (s *sorted) form(a *review.Answer) arrivals.Why {
	i := slices.IndexFunc(s.files, func(f attachment) bool { return engagement.IsSheetFile(f.content) })
	if i < 0 {
		return arrivals.NeedsMore
	}
	typed, err := engagement.ReadSheetFile(s.files[i].content, s.request.ID, s.request.Points)
	if err != nil {
		return arrivals.BadDocument
	}
	s.files = slices.Delete(s.files, i, i+1)
	for _, p := range s.request.Points {
		finding, words, wrong := p.Fill(typed[p.ID])
		switch {
		case wrong != "":
			return arrivals.NeedsMore
		case finding.Point == "" && p.Kind == engagement.PointFile && s.wants == "" && len(s.files) == 1:
			s.wants = p.ID
		case finding.Point == "" && !p.Optional:
			return arrivals.NeedsMore
		case finding.Point == "":
			continue
		default:
			a.Findings = append(a.Findings, finding)
		}
		if words != "" {
			if a.Words == nil {
				a.Words = map[string]string{}
			}
			a.Words[p.ID] = words
		}
	}
	if len(s.files) > 0 && s.wants == "" {
		return arrivals.NeedsMore
	}
	return ""
}

// maxFiles is how many files one delivery has, by mail as on the page.
const maxFiles = 20

// filesOf are the files that somebody attached, without what mail programs attach
// by themselves: signatures, cards, pictures within the text.
func filesOf(env *enmime.Envelope) []attachment {
	var files []attachment
	add := func(p *enmime.Part) {
		media := strings.ToLower(p.ContentType)
		switch {
		case media == "application/pgp-signature", media == "application/pkcs7-signature", media == "application/x-pkcs7-signature", media == "text/calendar",
			media == "text/vcard", media == "text/x-vcard", len(p.Content) == 0 && p.FileName == "":
			return
		case strings.HasPrefix(media, "image/") && (p.ContentID != "" || p.Disposition == "inline" || p.Disposition == ""):
			return
		case strings.HasPrefix(media, "multipart/"):
			return
		}
		name := path.Base(strings.ReplaceAll(decoded(p.FileName), `\`, "/"))
		if name == "." || name == "/" {
			name = "attachment"
		}
		files = append(files, attachment{name: textLine(name, 120), declared: textLine(media, 100), content: p.Content})
	}
	for _, list := range [][]*enmime.Part{env.Attachments, env.Inlines, env.OtherParts} {
		for _, p := range list {
			add(p)
		}
	}
	return files
}

// clip is a text as it is kept: no control characters but line ends, no longer than
// what is taken.
func clip(text string) string {
	text = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.TrimSpace(strings.ToValidUTF8(text[:min(len(text), maxReason)], ""))
}
