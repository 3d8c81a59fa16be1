package slack

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// answerModal asks for a verdict with its reason, attestations and words for the
// vendor. f is what was typed before; its Verdict is chosen at first.
func (s scene) answerModal(f review.Form) slack.ModalViewRequest {
	about := ""
	if n := s.Request.Current(); n > 0 {
		about = " · " + lower(s.Request.Document) + ", version " + itoa(n)
	}
	if s.page() != "" {
		about += " · " + link(s.page(), "read it")
	}
	m := &modalForm{s.modal(verbAnswer, "Your answer", "Answer", about)}
	var verdicts []*slack.OptionBlockObject
	for _, v := range s.Request.Verdicts() {
		note := ""
		if needsReason(&s.Request, v) {
			note = "needs a reason"
		}
		verdicts = append(verdicts, choice(string(v), playbook.Say(v), note))
	}
	m.add(input(blockVerdict, "Your answer", "", false, oneOf(verdicts, string(f.Verdict))))
	m.add(s.seatInput(f.Seat))
	for _, id := range s.attested() {
		words := "I confirm this"
		hint := "An agreement needs it."
		if id == s.Request.Declaration {
			hint = "Asked once in a case, with your first answer. If you can't say it, declare a conflict instead."
		}
		m.add(input(blockAttest+id, label(s.statement(id), mostLabel), hint, true,
			anyOf([]*slack.OptionBlockObject{choice(id, words, "")}, f.Attest)))
	}
	if s.Request.ReadAll {
		m.add(input(blockRead, "Sections that you read from the first word to the last", "All, or ranges such as 4-9, 12. What nobody has read keeps this from being agreed.", true, line(strings.Join(f.Read, ", "), mostRead)))
		m.add(input(blockTick, "I have read these sections", "A range counts with this tick.", true, anyOf([]*slack.OptionBlockObject{choice(tickRead, "I have read them", "")}, nil)))
	}
	m.add(input(blockInside, "Your reason", "For your own people only. To request changes or to reject needs one.", true, lines(f.Inside, mostInput)))
	m.add(input(blockVendor, "Words for the vendor", "Whoever owns the case may send them on.", true, lines(f.Vendor, mostInput)))
	return m.ModalViewRequest
}

// attested are the statements that the viewer's seats confirm.
func (s scene) attested() []string {
	var ids []string
	for _, open := range s.openSeats() {
		for _, id := range open.Attest {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	if s.undeclared() && !slices.Contains(ids, s.Request.Declaration) {
		ids = append(ids, s.Request.Declaration)
	}
	return ids
}

// tickRead is the value of the tick that goes with a range of sections.
const tickRead = "read"

// mostRead is how many characters somebody names sections with.
const mostRead = 200

// seatInput asks for which seat, where there are several.
func (s scene) seatInput(chosen string) slack.Block {
	var seats []*slack.OptionBlockObject
	for _, open := range s.openSeats() {
		seats = append(seats, choice(open.ID, human(open.ID), ""))
	}
	if len(seats) < 2 {
		return nil
	}
	return input(blockSeat, "For which seat", "You hold more than one here; each answers for itself.", false, oneOf(seats, chosen))
}

func (s scene) readAnswer(st *slack.ViewState) (review.Form, map[string]string) {
	a := answers{st: st}
	f := review.Form{Verdict: review.Verdict(a.one(blockVerdict)), Seat: s.readSeat(&a), Inside: a.text(blockInside), Vendor: a.text(blockVendor)}
	if f.Verdict == "" {
		a.fault(blockVerdict, "Choose one of them.")
	}
	needed := map[string]bool{}
	for _, open := range s.openSeats() {
		if f.Seat == "" || f.Seat == open.ID {
			for _, id := range open.Attest {
				needed[id] = true
			}
		}
	}
	for _, id := range s.attested() {
		switch {
		case len(a.many(blockAttest+id)) > 0:
			f.Attest = append(f.Attest, id)
		case id == s.Request.Declaration && s.undeclared():
			a.fault(blockAttest+id, review.NeedsInterest.Sentence())
		case needed[id] && review.Positive(f.Verdict):
			a.fault(blockAttest+id, review.NeedsAttest.Sentence())
		}
	}
	if s.Request.ReadAll {
		typed := a.text(blockRead)
		ticked := len(a.many(blockTick)) > 0
		f.Read = engagement.SaidSections(typed)
		switch {
		case len(f.Read) == 0 && (typed != "" || ticked):
			a.fault(blockRead, "Say which sections you have read: all, or a range such as 4-9.")
		case len(f.Read) > 0 && !ticked:
			a.fault(blockTick, "Tick that you have read these sections, or leave the field above empty.")
		}
	}
	if needsReason(&s.Request, f.Verdict) && f.Inside == "" && f.Vendor == "" {
		a.fault(blockInside, review.NeedsReason.Sentence())
	}
	return f, a.faults
}

// readSeat reads for which seat: the one chosen, or the only one.
func (s scene) readSeat(a *answers) string {
	seat := a.one(blockSeat)
	switch open := s.openSeats(); {
	case seat != "":
		return seat
	case len(open) == 1:
		return open[0].ID
	case len(open) > 1:
		a.fault(blockSeat, review.WhichSeat.Sentence())
	}
	return ""
}

// refusalFaults puts a refusal at the field that it is about, so that the modal
// stays open with what was typed; nil: it is about none, and the modal should
// give way to the result.
func refusalFaults(callback string, out review.Outcome) map[string]string {
	words := out.Refusal.Sentence()
	v := verb(callback)
	switch out.Refusal {
	case review.NeedsReason:
		if v != verbSnooze {
			return map[string]string{blockInside: words}
		}
	case review.NoSection:
		if v == verbAnswer {
			return map[string]string{blockRead: words}
		}
	case review.NeedsAttest, review.NeedsInterest:
		if v != verbAnswer {
			return nil
		}
		faults := map[string]string{}
		for _, id := range out.Missing {
			faults[blockAttest+id] = words
		}
		if len(faults) > 0 {
			return faults
		}
		return modalFault(callback, words)
	case review.WrongVerdict:
		if v == verbAnswer {
			return map[string]string{blockVerdict: words}
		}
	case review.WhichSeat:
		return modalFault(callback, words)
	case review.BadDelegate, review.Circle, review.TooDeep:
		if v == verbDelegate {
			return map[string]string{blockTo: words}
		}
	case review.BadTime:
		if v == verbDelegate || v == verbSnooze {
			return map[string]string{blockUntil: words}
		}
	}
	return nil
}
