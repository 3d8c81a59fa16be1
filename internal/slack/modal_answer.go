package slack

import (
	"slices"

	"github.com/slack-go/slack"

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
		m.add(input(blockAttest+id, label(s.statement(id), mostLabel), "An agreement needs it.", true,
			anyOf([]*slack.OptionBlockObject{choice(id, words, "")}, f.Attest)))
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
	return ids
}

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
		case needed[id] && review.Positive(f.Verdict):
			a.fault(blockAttest+id, review.NeedsAttest.Sentence())
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
	case review.NeedsAttest:
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
