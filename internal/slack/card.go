package slack

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// card is the message that one person has of one request, in whatever state. It
// has at most 12 blocks, and no reason of anybody else's, no text of a document
// and no mail address.
func (s scene) card() message {
	st := s.standing()
	m := message{text: s.gist(st)}
	m.add(heading(s.headed()))
	m.add(section(st.head()))
	if st.hidden {
		return m
	}
	m.add(fieldsOf(s.facts()))
	if s.Request.Closed == nil {
		m.add(s.inPlainWords())
		m.add(s.asked())
		m.add(s.changes())
		m.add(s.unread())
	}
	m.add(s.seats())
	if st.asks {
		m.add(s.buttons())
		m.add(small(s.silence()))
	} else {
		m.add(s.linkRow())
	}
	m.add(small(s.foot()))
	return m
}

// gist is the whole of it in a line: phones and screen readers have nothing else.
func (s scene) gist(st standing) string {
	about := s.title() + ", " + s.vendor()
	if s.step() != "" && !st.hidden {
		about += ", " + s.step()
	}
	words := st.word + ": " + about + "."
	if st.asks {
		var verbs []string
		for _, v := range s.Request.Verdicts() {
			verbs = append(verbs, literal(playbook.Say(v), mostOption))
		}
		ask := strings.Join(verbs, " / ")
		if s.byPage() {
			ask = "Answer on the web page"
		}
		if due := s.due(); !due.IsZero() {
			ask += ", by " + s.plainTime(due)
		}
		words += " " + ask + "."
	}
	if !st.hidden {
		words += " For " + s.why() + ". " + capitalised(s.quorum()) + "."
	}
	return drill(s.Case.Rehearsal, words)
}

// facts are what a card says of a request in fields, in mrkdwn.
func (s scene) facts() [][2]string {
	r := &s.Request
	asker := r.Requester
	if asker == "" {
		asker = r.Owner
	}
	facts := [][2]string{{"Vendor", s.vendor()}, {"Requested by", s.name(asker)}, {"Why you", s.why()}}
	if due := s.due(); !due.IsZero() {
		words := s.when(due)
		if s.Now.After(due) && !s.held() {
			words += " (overdue)"
		}
		facts = append(facts, [2]string{"Due", words})
	}
	facts = append(facts, [2]string{"Answers", s.quorum()})
	if r.Blind && r.Closed == nil {
		facts = append(facts, [2]string{"Points", "nobody sees another's before all have given theirs"})
	}
	if risk := s.risk(); risk != "" {
		facts = append(facts, [2]string{"Risk", risk})
	}
	if s.papered() {
		v := r.Versions[len(r.Versions)-1]
		words := fmt.Sprintf("%s, version %d", lower(r.Document), v.Number)
		if digest := clean(v.Document); len(digest) >= 8 {
			words += " · " + literal(digest, 9)
		}
		facts = append(facts, [2]string{"Document", words})
	}
	return facts
}

// why says by which seats the viewer is asked, and how they came to them.
func (s scene) why() string {
	var parts []string
	for _, sg := range s.Request.Seatings {
		for _, h := range sg.Holders {
			if h.Person != s.Viewer.ID {
				continue
			}
			words := seat(sg.Seat)
			switch h.Via {
			case review.ViaDelegate:
				words += ", delegated by " + s.name(h.From)
			case review.ViaBackup:
				words += ", standing in for " + s.name(h.From)
			case review.ViaOwner:
				words += ", as owner of the case"
			}
			if !h.Active(s.Now) && s.Request.Closed == nil {
				words += " (no longer)"
			}
			parts = append(parts, words)
		}
	}
	if len(parts) == 0 {
		return "information"
	}
	return strings.Join(parts[:min(len(parts), 4)], "; ")
}

// inPlainWords is what the vendor is for, as whoever asked for it says, and what leaving
// others of the kind taught.
func (s scene) inPlainWords() slack.Block {
	var lines []string
	if text := literal(s.Summary, mostSummary); !blank(text) {
		lines = append(lines, "*In plain words*", "> "+text)
	}
	for _, said := range s.Taught[:min(len(s.Taught), mostTaught)] {
		lines = append(lines, "🎓 "+literal(said, mostSummary))
	}
	if len(lines) == 0 {
		return nil
	}
	return section(strings.Join(lines, "\n"))
}

// unread says which sections nobody has read, where each must be.
func (s scene) unread() slack.Block {
	labels := s.Request.Tally(s.Now).Unread
	if len(labels) == 0 {
		return nil
	}
	var names []string
	for _, l := range labels {
		names = append(names, literal(l, 30))
	}
	return section("📖 *Nobody has read* " + listed(names) + ". Until somebody says that they have, this is not agreed, whoever approves it.")
}

// asked is what is asked: the playbook's words, or the owner's own.
func (s scene) asked() slack.Block {
	r := &s.Request
	words, by := r.Ask, ""
	if r.AskText != "" {
		words, by = s.Question, s.name(r.Owner)+" asks:"
	}
	text := quoted(words, mostAsk)
	if text == "" {
		return nil
	}
	if by == "" {
		by = "What is asked:"
	}
	return section("*" + strings.TrimSuffix(by, ":") + "*\n" + text)
}

// quoted is a stranger's text of several lines as a quotation.
func quoted(words string, most int) string {
	var lines []string
	room := most
	for line := range strings.Lines(strings.ReplaceAll(words, "\r", "\n")) {
		line = literal(line, room)
		if line == "" {
			continue
		}
		room -= len([]rune(line))
		lines = append(lines, "> "+line)
		if room < 20 || len(lines) == 20 {
			break
		}
	}
	return strings.Join(lines, "\n")
}

// changes say what is not as it was in the version that the viewer saw last.
func (s scene) changes() slack.Block {
	if s.Changed == nil || s.Changed.From == s.Request.Current() {
		return nil
	}
	c := s.Changed.Comparison
	head := fmt.Sprintf("*What changed since version %d*\n", s.Changed.From)
	var lines []string
	for _, part := range []struct {
		refs []string
		what string
	}{{c.Changed, "changed"}, {c.New, "new"}, {c.Gone, "gone"}, {c.Rebound, "same words, other meaning"}} {
		if len(part.refs) == 0 {
			continue
		}
		var refs []string
		for _, ref := range part.refs {
			refs = append(refs, clause(ref))
		}
		lines = append(lines, fmt.Sprintf("• %d %s: %s", len(refs), part.what, listed(refs)))
	}
	if len(lines) == 0 {
		return section(head + "No clause changed.")
	}
	return section(head + strings.Join(lines, "\n"))
}

// clause names a clause by its number, a definition by its term.
func clause(ref string) string {
	if term, is := strings.CutPrefix(ref, "def/"); is {
		return "definition " + lower(term)
	}
	return literal(ref, 30)
}

// foot says which case it is.
func (s scene) foot() string {
	words := link(page(s.Base, "/case", s.Case.ID), "Case "+literal(s.Case.ID, 100))
	if s.page() != "" {
		words = link(s.page(), "Details and record") + " · " + words
	}
	if s.Case.Rehearsal {
		words = "🎭 *Rehearsal*: nothing here is real. · " + words
	}
	return words
}
