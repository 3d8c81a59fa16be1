package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// submission is that somebody sent a form.
type submission struct {
	c   slack.InteractionCallback
	m   member
	now time.Time
}

// id is that of what was said: the same view with the same words.
func (s submission) id() string {
	words, err := json.Marshal(s.c.View.State)
	if err != nil { // what was read can be written
		words = nil
	}
	return answerID("form", s.m.team, s.m.user, s.c.View.ID, s.c.View.CallbackID, s.c.View.PrivateMetadata, string(words))
}

// submitted takes a form. Whatever was not recorded keeps the form open, with
// everything that was typed; whatever can't be recorded any more turns it into a
// page that says so.
func (h *Handler) submitted(ctx context.Context, s submission) (Reply, bool) {
	var reply Reply
	err := h.guarded(ctx, func(ctx context.Context) (err error) {
		reply, err = h.submit(ctx, s)
		return err
	})
	words, told := asideOf(err)
	callback := s.c.View.CallbackID
	switch {
	case err == nil:
		return reply, true
	case told:
		return h.result("Nothing was done", words, s.typed()...), true
	case barred(err):
		return h.result("Nothing was done", sayNotYours, s.typed()...), true
	case wrong(err):
		return h.faults(modalFault(callback, wordsOf(err))), true
	}
	h.notRecorded(s.m, err)
	return h.faults(modalFault(callback, strings.ReplaceAll(sayNotRecorded, "*", ""))), false
}

// typed is all that somebody wrote into the form, in the order of its blocks'
// names.
func (s submission) typed() []string {
	if s.c.View.State == nil {
		return nil
	}
	a := answers{st: s.c.View.State}
	var list []string
	for _, block := range slices.Sorted(maps.Keys(a.st.Values)) {
		if words := a.text(block); words != "" {
			list = append(list, words)
		}
	}
	return list
}

func (h *Handler) faults(byBlock map[string]string) Reply {
	return h.packed(slack.NewErrorsViewSubmissionResponse(byBlock))
}

// result turns a form into a page that is only read. Where what was typed did not
// count, it is on that page: the form is gone, and nobody writes it all again.
func (h *Handler) result(title, words string, typed ...string) Reply {
	view := resultModal(title, clampWords(words), typed...)
	return h.packed(slack.NewUpdateViewSubmissionResponse(&view))
}

// submit asks again who it is and what they may: a form may have stood open for
// long (S12).
func (h *Handler) submit(ctx context.Context, s submission) (Reply, error) {
	v, err := h.identify(ctx, s.m)
	if err != nil {
		return Reply{}, err
	}
	switch verb(s.c.View.CallbackID) {
	case verbOnboard:
		return h.onboard(ctx, v, s)
	case verbExit:
		return h.lookAtExit(ctx, v, s)
	case verbExitName:
		return h.leaveVendor(ctx, v, s)
	case verbSettle:
		return h.settle(ctx, v, s)
	case verbAway:
		return h.leave(ctx, v, s)
	case verbResult:
		return Reply{}, nil
	}
	sc, t, err := h.sceneFor(ctx, v, s.c.View.PrivateMetadata)
	if err != nil {
		return Reply{}, err
	}
	f, faults, known := sc.readModal(s.c.View.CallbackID, s.c.View.State)
	if !known {
		return Reply{}, aside(sayForeign)
	}
	if len(faults) > 0 {
		return h.faults(faults), nil
	}
	f.ID, f.Request, f.Process, f.Version = s.id(), sc.Request.ID, sc.Request.Process, t.Version
	card := outbox.CardID(v.person.ID, sc.Request.ID)
	defer h.hurry(ctx, card, f.ID)
	return h.say(ctx, v, sc, s, f)
}

// say gives what was typed to the desk.
func (h *Handler) say(ctx context.Context, v visitor, sc scene, s submission, f review.Form) (Reply, error) {
	var out review.Outcome
	var err error
	switch verb(s.c.View.CallbackID) {
	case verbNotMe:
		return h.notMe(ctx, v, sc, s, f)
	case verbDelegate:
		f.Act = review.Delegate
	case verbRecuse:
		f.Act = review.Recuse
	case verbSnooze:
		f.Act = review.Snooze
	}
	if f.Act != "" {
		out, err = h.desk.Act(ctx, f.ActFrom(v.address, s.now))
	} else {
		out, err = h.desk.Answer(ctx, f.Answer(v.address, s.now))
	}
	if err != nil {
		return Reply{}, fmt.Errorf("taking what was sent: %w", err)
	}
	switch out.Status {
	case review.Pending:
		h.follow(ctx, v, sc, f.ID)
		return h.result("Received", sc.outcomeWords(out)), nil
	case review.Refused:
		if mendable := refusalFaults(s.c.View.CallbackID, out); mendable != nil {
			return h.faults(mendable), nil
		}
		return h.result("Not counted", sc.refusedWords(out), s.typed()...), nil
	}
	return Reply{}, nil // the form closes, and the card says it
}

// notMe tells the case owner that somebody else should be asked.
func (h *Handler) notMe(ctx context.Context, v visitor, sc scene, s submission, f review.Form) (Reply, error) {
	err := h.desk.Note(ctx, review.Note{ID: f.ID, Kind: review.NoteComment, Case: sc.Request.Case, Request: sc.Request.ID,
		Channel: Channel, At: s.now, From: v.address, Text: review.Text{Inside: sc.notMeNote(f)}})
	if err != nil {
		return Reply{}, fmt.Errorf("passing a comment on: %w", err)
	}
	return h.result("Passed on", "The case owner can read it in the case. Until somebody else is asked, your seat stays yours; you can also delegate it."), nil
}

// openOnboard opens the intake form of a playbook, "" being the default.
func (h *Handler) openOnboard(ctx context.Context, v visitor, trigger, name string) error {
	f, err := h.desk.IntakeForm(ctx, v.address, name)
	if err != nil {
		return fmt.Errorf("reading an intake form: %w", err)
	}
	people, err := h.people(ctx, v)
	if err != nil {
		return err
	}
	return h.openModal(ctx, trigger, onboardModal(f, people, playbook.Intake{Playbook: f.Playbook}))
}

// onboard opens a case from an intake form.
func (h *Handler) onboard(ctx context.Context, v visitor, s submission) (Reply, error) {
	name, part, _ := strings.Cut(s.c.View.PrivateMetadata, partMark)
	f, err := h.desk.IntakeForm(ctx, v.address, name)
	if err != nil {
		return Reply{}, fmt.Errorf("reading an intake form: %w", err)
	}
	in, faults := readOnboard(f, s.c.View.State)
	if len(faults) > 0 {
		return h.faults(faults), nil
	}
	in.ID, in.From, in.Playbook, in.Alone = s.id(), v.address, f.Playbook, playbook.Process(part)
	if in.Owner == "" { // as the desk would
		in.Owner = v.person.ID
	}
	in.Vendor.Slug = in.VendorSlug()
	if faults := onboardFaults(f, in.Check()); len(faults) > 0 {
		return h.faults(faults), nil
	}
	id, err := h.begin(ctx, in)
	if err != nil {
		return Reply{}, fmt.Errorf("opening a case: %w", err)
	}
	return h.result("It has begun", "The case is open. "+link(page(h.base, "/case", id), "See it")), nil
}

// openAway opens the form for an absence.
func (h *Handler) openAway(ctx context.Context, v visitor, trigger string, a playbook.Away) error {
	people, err := h.people(ctx, v)
	if err != nil {
		return err
	}
	return h.openModal(ctx, trigger, awayModal(v.person, people, a))
}

// leave takes an absence.
func (h *Handler) leave(ctx context.Context, v visitor, s submission) (Reply, error) {
	a, faults := readAway(v.person, s.c.View.State)
	if len(faults) > 0 {
		return h.faults(faults), nil
	}
	err := h.desk.SetAway(ctx, v.address, s.id(), a)
	if err != nil {
		return Reply{}, fmt.Errorf("saying that somebody is away: %w", err)
	}
	h.hurry(ctx, outbox.HomeID(v.person.ID), "")
	return h.result("Noted", "What waits for you meanwhile is asked of your backup too; the first of the two answers counts."), nil
}

// back ends what stands of an absence.
func (h *Handler) back(ctx context.Context, v visitor, id string) error {
	err := h.desk.SetAway(ctx, v.address, id, playbook.Away{})
	if err != nil {
		return fmt.Errorf("ending an absence: %w", err)
	}
	h.hurry(ctx, outbox.HomeID(v.person.ID), "")
	return nil
}
