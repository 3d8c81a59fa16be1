package slack

import (
	"github.com/slack-go/slack"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Modals. Each has the verb as its callback id and the ticket, where it is about
// a request, as its private metadata. What is written into them is read by the
// function beside. Readers give a review.Form with what was typed (the ids of the
// request, its version and the answer are the caller's to set), and the faults of
// its fields by block id, as response_action "errors" wants them.

// answerModal asks for a verdict with its reason, attestations and words for the
// vendor. f is what was typed before; its Verdict is chosen at first.
func (s scene) answerModal(f review.Form) slack.ModalViewRequest { return slack.ModalViewRequest{} }

func (s scene) readAnswer(st *slack.ViewState) (review.Form, map[string]string) {
	return review.Form{}, nil
}

func (s scene) delegateModal(f review.Form) slack.ModalViewRequest { return slack.ModalViewRequest{} }

func (s scene) readDelegate(st *slack.ViewState) (review.Form, map[string]string) {
	return review.Form{}, nil
}

func (s scene) recuseModal(f review.Form) slack.ModalViewRequest { return slack.ModalViewRequest{} }

func (s scene) readRecuse(st *slack.ViewState) (review.Form, map[string]string) {
	return review.Form{}, nil
}

func (s scene) snoozeModal(f review.Form) slack.ModalViewRequest { return slack.ModalViewRequest{} }

func (s scene) readSnooze(st *slack.ViewState) (review.Form, map[string]string) {
	return review.Form{}, nil
}

// notMeModal asks why somebody is not the right person, and who is. It becomes a
// comment for the owner: Inside is what to say, To the person who is meant.
func (s scene) notMeModal(f review.Form) slack.ModalViewRequest { return slack.ModalViewRequest{} }

func (s scene) readNotMe(st *slack.ViewState) (review.Form, map[string]string) {
	return review.Form{}, nil
}

// modalFor opens the modal of a click; false: the verb has none for a request.
func (s scene) modalFor(c click, f review.Form) (slack.ModalViewRequest, bool) {
	return slack.ModalViewRequest{}, false
}

// readModal reads the submission of whatever modal of a request it is, by its
// callback id.
func (s scene) readModal(callback string, st *slack.ViewState) (review.Form, map[string]string, bool) {
	return review.Form{}, nil, false
}

// modalFault says something of a whole submission where its modal can show it: at
// its first field.
func modalFault(callback, words string) map[string]string { return map[string]string{callback: words} }

// onboardModal is a playbook's intake form; in is what was typed before.
func onboardModal(f playbook.IntakeForm, people []playbook.Person, in playbook.Intake) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}

// readOnboard reads an intake; its id and address are the caller's to set.
func readOnboard(f playbook.IntakeForm, st *slack.ViewState) (playbook.Intake, map[string]string) {
	return playbook.Intake{}, nil
}

// onboardFaults puts the faults of an intake ("$.vendor.name") at its fields.
func onboardFaults(f playbook.IntakeForm, faults []playbook.Fault) map[string]string { return nil }

// awayModal asks from when until when somebody is away, and who stands in.
func awayModal(who playbook.Person, people []playbook.Person, a playbook.Away) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}

// readAway reads days of the person's zone: from the first instant of the first
// until the end of the last.
func readAway(who playbook.Person, st *slack.ViewState) (playbook.Away, map[string]string) {
	return playbook.Away{}, nil
}

// resultModal says in words what became of something, and asks for nothing.
func resultModal(title, words string) slack.ModalViewRequest { return slack.ModalViewRequest{} }
