package slack

import (
	"encoding/json"

	"github.com/slack-go/slack"

	"gangway/internal/review"
)

// Modals. Each has the verb as its callback id and the ticket, where it is about
// a request, as its private metadata. None has an external id: somebody who opens
// one twice has two, and what they send from both is judged by the request. What
// is written into one is read by the function beside it. Readers give a
// review.Form with what was typed (the ids of the answer and the request and its
// version are the caller's to set), and the faults of its fields by block id, as
// response_action "errors" wants them. A modal that is opened again with that
// form shows all that was typed.

// Blocks of modals.
const (
	blockVerdict = "verdict"
	blockSeat    = "seat"
	blockAttest  = "attest/" // and the statement's id
	blockInside  = "inside"
	blockVendor  = "vendor"
	blockRead    = "read"
	blockTick    = "read-tick"
	blockTo      = "to"
	blockFrom    = "from"
	blockUntil   = "until"
	blockKind    = "kind"
	blockField   = "field/" // and the field's name

	// typedID is the action id of whatever a block of a modal asks.
	typedID = "typed"
)

// modalFor opens the modal of a click; false: the verb has none for a request.
func (s scene) modalFor(c click, f review.Form) (slack.ModalViewRequest, bool) {
	switch c.Verb {
	case verbAsk, verbAnswer:
		if c.Verdict != "" {
			f.Verdict = c.Verdict
		}
		return s.answerModal(f), true
	case verbDelegate:
		return s.delegateModal(f), true
	case verbRecuse:
		return s.recuseModal(f), true
	case verbSnooze:
		return s.snoozeModal(f), true
	case verbNotMe:
		return s.notMeModal(f), true
	}
	return slack.ModalViewRequest{}, false
}

// readModal reads the submission of whatever modal of a request it is, by its
// callback id.
func (s scene) readModal(callback string, st *slack.ViewState) (f review.Form, faults map[string]string, is bool) {
	switch verb(callback) {
	case verbAnswer:
		f, faults = s.readAnswer(st)
	case verbDelegate:
		f, faults = s.readDelegate(st)
	case verbRecuse:
		f, faults = s.readRecuse(st)
	case verbSnooze:
		f, faults = s.readSnooze(st)
	case verbNotMe:
		f, faults = s.readNotMe(st)
	default:
		return f, nil, false
	}
	return f, faults, true
}

// modalFault says something of a whole submission where its modal can show it:
// under a field that it always has. What was typed stays there.
func modalFault(callback, words string) map[string]string {
	at := blockInside
	switch verb(callback) {
	case verbSnooze, verbAway:
		at = blockUntil
	case verbOnboard:
		at = blockField + firstField
	case verbExit:
		at = blockField + "vendor"
	case verbExitName:
		at = blockField + "confirm"
	}
	return map[string]string{at: clampPlain(words, faultMost)}
}

// faultMost bounds what is said under a field: one has to see the field too.
const faultMost = 300

// modal begins one about the request.
func (s scene) modal(v verb, title, submit string, about string) slack.ModalViewRequest {
	m := modalView(v, title, submit)
	m.PrivateMetadata = s.Ticket
	if s.Case.Rehearsal {
		m.add(section("🎭 *Rehearsal*: nothing here is real."))
	}
	m.add(section("*" + s.title() + "*\n" + s.vendor() + about))
	return m.ModalViewRequest
}

// modalForm is a modal that is being written.
type modalForm struct{ slack.ModalViewRequest }

func modalView(v verb, title, submit string) *modalForm {
	f := &modalForm{slack.ModalViewRequest{Type: slack.VTModal, CallbackID: string(v), Title: plainText(title, mostTitle), Close: plainText("Cancel", mostTitle)}}
	if submit != "" {
		f.Submit = plainText(submit, mostTitle)
	}
	return f
}

func (f *modalForm) add(b slack.Block) {
	if b != nil {
		f.Blocks.BlockSet = append(f.Blocks.BlockSet, b)
	}
}

// mostGivenBack bounds what is given back of what somebody typed, in bytes of JSON:
// over Socket Mode a reply has less than 20 kB, and a larger one is none.
const mostGivenBack = 14_000

// resultModal says in words, mrkdwn of ours, what became of something, and asks
// for nothing. What was typed is shown as it is, to be copied.
func resultModal(title, words string, typed ...string) slack.ModalViewRequest {
	f := modalView(verbResult, title, "")
	f.Close = plainText("Close", mostTitle)
	f.add(section(words))
	room := mostGivenBack
	for i, text := range typed {
		if i == 0 {
			f.add(section("*What you wrote*, if you need it again:"))
		}
		text = clampPlain(text, mostText)
		if inJSON(text) > room {
			const longest = 6 // bytes of an escaped character
			text = clampPlain(text, room/longest)
		}
		if text == "" {
			break
		}
		f.add(slack.NewSectionBlock(plainText(text, mostText), nil, nil))
		room -= inJSON(text)
	}
	return f.ModalViewRequest
}

func inJSON(words string) int {
	text, _ := json.Marshal(words) // a text can always be written
	return len(text)
}
