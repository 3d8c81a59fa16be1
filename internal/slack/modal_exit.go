package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// leaver leaves vendors who work. A Desk that is one has the calls; Invalid, Forbidden.
type leaver interface {
	OpenExit(ctx context.Context, who review.Address, o dossier.ExitOrder) (caseID string, err error)
	PreviewExit(ctx context.Context, who review.Address, o dossier.ExitOrder) (dossier.ExitPreview, error)
}

const sayNoExits = "No vendors are left here."

// mostExitSteps bounds the steps of an exit that a form lists; the web page has them all.
const mostExitSteps = 25

// exitFields are the fields of the first form, by the names that the desk's faults have.
func exitFields() []string {
	return []string{"vendor", "mode", "rehearses", "after", "successor", "by", "trigger", "people"}
}

// exitModal asks whom to leave, how and by when. Sending it does nothing: what that comes
// to is on the next form.
func exitModal(o dossier.ExitOrder) slack.ModalViewRequest {
	m := modalView(verbExit, "Leave a vendor", "Look first")
	m.add(section("Nothing happens yet: you see next whom it asks, what it is about, and whether the notice period makes the day possible."))
	options := func(all []string) []*slack.OptionBlockObject {
		var list []*slack.OptionBlockObject
		for _, w := range all {
			list = append(list, choice(w, human(w), ""))
		}
		return list
	}
	m.add(input(blockField+"vendor", "Which vendor", "The name or short name of one who works.", false, line(o.Vendor, mostInput)))
	modes := spelled(exit.Modes())
	m.add(input(blockField+"mode", "How", "For cause: access is cut the same day. A drill changes nothing real.", false, oneOf(options(modes), string(o.Mode))))
	m.add(input(blockField+"after", "Who does the work afterwards", "", false, oneOf(options(spelled([]exit.After{exit.AfterReplaced, exit.AfterInHouse, exit.AfterEnds, exit.AfterUndecided})), string(o.After))))
	m.add(input(blockField+"successor", "The vendor who takes over", "Where one does: the name or short name.", true, line(o.Successor, mostInput)))
	by, _ := time.Parse(time.DateOnly, o.By) // none yet: no day is picked
	m.add(input(blockField+"by", "The last day on which they may still be there", "", false, day(by, time.UTC)))
	m.add(input(blockField+"trigger", "Why, in one word", "It is counted. Without one it is what the rest suggests.", true, oneOf(options(spelled(exit.Triggers())), string(o.Trigger))))
	m.add(input(blockField+"rehearses", "What a drill plays", "For a drill alone.", true, oneOf(options(modes[:len(modes)-1]), string(o.Rehearses))))
	var people []string
	if o.WithPeople {
		people = []string{"people"}
	}
	m.add(input(blockField+"people", "With people", "For a drill alone. Without it, it is on paper.", true, anyOf([]*slack.OptionBlockObject{choice("people", "Real people do real tasks of an hour", "")}, people)))
	return m.ModalViewRequest
}

func spelled[T ~string](all []T) []string {
	list := make([]string, len(all))
	for i, w := range all {
		list[i] = string(w)
	}
	return list
}

// readExit reads the first form.
func readExit(st *slack.ViewState) (dossier.ExitOrder, map[string]string) {
	a := answers{st: st}
	o := dossier.ExitOrder{Vendor: a.text(blockField + "vendor"), Mode: exit.Mode(a.one(blockField + "mode")), After: exit.After(a.one(blockField + "after")),
		Successor: a.text(blockField + "successor"), Trigger: exit.Trigger(a.one(blockField + "trigger")), Rehearses: exit.Mode(a.one(blockField + "rehearses")),
		WithPeople: len(a.many(blockField+"people")) > 0}
	if by := a.day(blockField+"by", time.UTC); !by.IsZero() {
		o.By = by.Format(time.DateOnly)
	}
	if o.Mode != exit.ModeDrill {
		o.Rehearses, o.WithPeople = "", false
	}
	if o.After != exit.AfterReplaced {
		o.Successor = ""
	}
	for name, typed := range map[string]string{"vendor": o.Vendor, "mode": string(o.Mode), "after": string(o.After), "by": o.By} {
		if block := blockField + name; typed == "" && a.faults[block] == "" {
			a.fault(block, "This is needed.")
		}
	}
	return o, a.faults
}

// exitNameModal shows what an exit comes to, and asks why and for the vendor's name. Its
// metadata is the order as it was shown, in ids and words of ours.
func exitNameModal(p dossier.ExitPreview, o dossier.ExitOrder) slack.ModalViewRequest {
	m := modalView(verbExitName, "Leave a vendor", "Leave them")
	o.ID, o.Vendor, o.Successor, o.Reason, o.Confirm = "", p.Vendor, p.Order.Successor, "", ""
	kept, err := json.Marshal(o)
	if err == nil && len(kept) <= mostMetadata { // its fields are plain and short
		m.PrivateMetadata = string(kept)
	}
	var says []string
	for _, l := range p.Lines() {
		mark := ""
		if l.Warns {
			mark = "⚠️ "
		}
		says = append(says, mark+"*"+l.Label+"*: "+escaped(l.Text, 200))
	}
	m.add(section(strings.Join(says, "\n")))
	var steps []string
	for _, s := range p.Steps[:min(len(p.Steps), mostExitSteps)] {
		steps = append(steps, "• "+escaped(s.Title, 80))
	}
	if more := len(p.Steps) - len(steps); more > 0 {
		steps = append(steps, fmt.Sprintf("and %d more: the web page has them all", more))
	}
	if len(steps) > 0 {
		m.add(section("*It asks*\n" + strings.Join(steps, "\n")))
	}
	m.add(input(blockField+"reason", "Why", "For your own people. It is in the record.", false, lines("", mostInput)))
	m.add(input(blockField+"confirm", "Type the vendor’s name", label(p.Name, 80)+", letter by letter.", false, line("", mostInput)))
	return m.ModalViewRequest
}

// readExitName reads the second form, and the order that was shown in it.
func readExitName(metadata string, st *slack.ViewState) (dossier.ExitOrder, map[string]string, bool) {
	var o dossier.ExitOrder
	d := json.NewDecoder(strings.NewReader(metadata))
	d.DisallowUnknownFields()
	if d.Decode(&o) != nil || o.Vendor == "" {
		return o, nil, false
	}
	a := answers{st: st}
	o.Reason, o.Confirm = a.text(blockField+"reason"), a.text(blockField+"confirm")
	for name, typed := range map[string]string{"reason": o.Reason, "confirm": o.Confirm} {
		if typed == "" {
			a.fault(blockField+name, "This is needed.")
		}
	}
	return o, a.faults, true
}

// exitFaults puts what the desk said at the fields that it is about: each of its lines
// begins with one. What is about none of them stands at the last.
func exitFaults(err error, fields []string) map[string]string {
	a := answers{}
	for said := range strings.Lines(err.Error()) {
		said = strings.TrimSpace(said)
		name, words, placed := strings.Cut(said, ": ")
		if !placed || !slices.Contains(fields, strings.ToLower(name)) {
			name, words = fields[len(fields)-1], said
		}
		if words != "" {
			a.fault(blockField+strings.ToLower(name), label(capitalised(words), faultMost))
		}
	}
	return a.faults
}

// openExit opens the form by which a vendor is left.
func (h *Handler) openExit(ctx context.Context, trigger, vendor string) error {
	if _, can := h.desk.(leaver); !can {
		return aside(sayNoExits)
	}
	return h.openModal(ctx, trigger, exitModal(dossier.ExitOrder{Vendor: vendor, Mode: exit.ModePlanned}))
}

// lookAtExit answers the first form with the second.
func (h *Handler) lookAtExit(ctx context.Context, v visitor, s submission) (Reply, error) {
	l, can := h.desk.(leaver)
	if !can {
		return Reply{}, aside(sayNoExits)
	}
	o, faults := readExit(s.c.View.State)
	if len(faults) > 0 {
		return h.faults(faults), nil
	}
	p, err := l.PreviewExit(ctx, v.address, o)
	if err != nil && wrong(err) && !barred(err) {
		return h.faults(exitFaults(err, exitFields())), nil
	}
	if err != nil {
		return Reply{}, fmt.Errorf("looking what an exit comes to: %w", err)
	}
	view := exitNameModal(p, o)
	return h.packed(slack.NewUpdateViewSubmissionResponse(&view)), nil
}

// leaveVendor opens the case of an exit.
func (h *Handler) leaveVendor(ctx context.Context, v visitor, s submission) (Reply, error) {
	l, can := h.desk.(leaver)
	if !can {
		return Reply{}, aside(sayNoExits)
	}
	o, faults, ours := readExitName(s.c.View.PrivateMetadata, s.c.View.State)
	if !ours {
		return Reply{}, aside(sayForeign)
	}
	if len(faults) > 0 {
		return h.faults(faults), nil
	}
	o.ID = s.id()
	id, err := l.OpenExit(ctx, v.address, o)
	if err != nil && wrong(err) && !barred(err) {
		return h.faults(exitFaults(err, []string{"reason", "confirm"})), nil
	}
	if err != nil {
		return Reply{}, fmt.Errorf("opening an exit: %w", err)
	}
	return h.result("It has begun", "The case is open. Nobody outside hears of it before it is decided inside. "+link(page(h.base, "/case", id), "See it")), nil
}
