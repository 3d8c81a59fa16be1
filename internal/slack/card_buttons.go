package slack

import (
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// byPage reports whether the answer is given on the web page: it takes a file, a
// form, points, findings, words for the vendor, or a browser that somebody is signed in with.
func (s scene) byPage() bool {
	r := &s.Request
	verdicts := r.Verdicts()
	return s.Browser || r.Browser || r.Sheet || r.Kind == review.Rating || r.Kind == review.Checklist || len(r.ToVendor) > 0 || slices.Contains(verdicts, review.Delivered) || slices.Contains(verdicts, playbook.Sent)
}

// buttons are what the viewer can do. Each carries the ticket and nothing else;
// without one, or where a page is needed, they are links.
func (s scene) buttons() slack.Block {
	var row []slack.BlockElement
	switch verdicts := s.Request.Verdicts(); {
	case s.byPage() || s.Ticket == "":
		if s.page() != "" {
			row = append(row, s.pageButton("Answer on the page…", slack.StylePrimary))
		}
	case len(verdicts) > mostMenu:
		row = append(row, s.button(verbAsk, "", "Answer…", slack.StylePrimary))
	default:
		for _, v := range verdicts {
			row = append(row, s.verdictButton(v))
		}
	}
	if s.Ticket != "" {
		row = append(row, s.menu())
	}
	if len(row) == 0 {
		return nil
	}
	return &slack.ActionBlock{Type: slack.MBTAction, Elements: &slack.BlockElements{ElementSet: row}}
}

// verdictButton answers at once where nothing has to be written or confirmed for
// it, after a question; else it opens the modal, which its … says.
func (s scene) verdictButton(v review.Verdict) *slack.ButtonBlockElement {
	style := slack.StyleDefault
	switch v {
	case review.Approve:
		style = slack.StylePrimary
	case review.Reject:
		style = slack.StyleDanger
	}
	words := label(playbook.Say(v), mostButton-1)
	if !s.atOnce(v) {
		return s.button(verbAsk, v, words+cut, style)
	}
	b := s.button(verbAnswer, v, words, style)
	b.Confirm = s.confirm(v)
	return b
}

// atOnce reports whether a verdict can be given without a modal.
func (s scene) atOnce(v review.Verdict) bool {
	open := s.openSeats()
	reads := s.Request.ReadAll && review.Positive(v)
	return len(open) == 1 && !needsReason(&s.Request, v) && !s.undeclared() && !reads && (len(open[0].Attest) == 0 || !review.Positive(v))
}

// undeclared reports whether the viewer's answer must carry the statement on
// interests: their first one in the case.
func (s scene) undeclared() bool {
	r := &s.Request
	return r.Declaration != "" && !slices.Contains(r.Declared, s.Viewer.ID)
}

// confirm asks before an answer counts; it says for what, for whom and in which
// seat.
func (s scene) confirm(v review.Verdict) *slack.ConfirmationBlockObject {
	what := label(s.titled(), 70)
	if s.papered() {
		what += fmt.Sprintf(", version %d", s.Request.Current())
	}
	ask := fmt.Sprintf("You answer “%s” to: %s, for %s, as %s.", label(playbook.Say(v), 40), what, vendorOr(s.Vendor, s.Request.Vendor, label), label(human(s.openSeats()[0].ID), 40))
	return &slack.ConfirmationBlockObject{Title: plainText(drill(s.Case.Rehearsal, "Is that your answer?"), 100), Text: plainText(ask, 300),
		Confirm: plainText(label(playbook.Say(v), 30), 30), Deny: plainText("Not yet", 30)}
}

func (s scene) button(v verb, verdict review.Verdict, words string, style slack.Style) *slack.ButtonBlockElement {
	b := slack.NewButtonBlockElement(actionID(v, verdict), s.Ticket, plainText(words, mostButton))
	b.Style, b.AccessibilityLabel = style, s.spoken(words)
	return b
}

// pageButton leads to the request's page.
func (s scene) pageButton(words string, style slack.Style) *slack.ButtonBlockElement {
	b := s.button(verbOpen, "", words, style)
	b.URL = s.page()
	return b
}

// spoken is what a screen reader says of a button: Approve: Legal review, Acme.
func (s scene) spoken(words string) string {
	return clampPlain(words+": "+label(s.titled(), 32)+", "+vendorOr(s.Vendor, s.Request.Vendor, func(w string, _ int) string { return label(w, 24) }), mostButton)
}

// menu is the ⋯ beside the buttons.
func (s scene) menu() slack.BlockElement {
	options := []*slack.OptionBlockObject{
		s.option(verbDelegate, "Delegate…"), s.option(verbRecuse, "Declare a conflict…"),
		s.option(verbSnooze, "Snooze reminders…"), s.option(verbNotMe, "I'm not the right person…"),
	}
	if s.page() != "" {
		o := s.option(verbOpen, "Open details")
		o.URL = s.page()
		options = append(options, o)
	}
	return slack.NewOverflowBlockElement(string(verbMenu), options...)
}

func (s scene) option(v verb, words string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(menuValue(s.Ticket, v), plainText(words, mostOption), nil)
}
