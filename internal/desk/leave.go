package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// maxExitReason bounds why a vendor is left, in letters; more is a document.
const maxExitReason = 20_000

// leaving is a vendor that somebody wants left: what was asked for, and what the record
// knows of the vendor.
type leaving struct {
	desk   *Desk
	who    playbook.Person
	asked  dossier.ExitOrder
	order  exit.Order
	people []playbook.Person // the client's own
	rules  playbook.Playbook
	text   []byte // of the playbook
	now    time.Time
	known  known
	steps  []playbook.Step
	// roster is whose accounts they are; its document is filed when the case opens.
	roster roll
	// onboarding is the running case of the vendor who takes over; empty: there is none.
	onboarding string
	faults     []error
}

// leftIntake is what is kept of an order, in the place of an intake: it has that one's
// fields, so that a case of an exit is read as any other.
type leftIntake struct {
	playbook.Intake
	Order exit.Order `json:"order"`
}

// OpenExit starts leaving a vendor who works, as Open starts taking one on board: the
// case's number is reserved by the order's id. InputError names every fault of the
// order, each with the field that it is about; nothing is started then.
func (c clerk) OpenExit(ctx context.Context, who review.Address, o dossier.ExitOrder) (string, error) {
	id, err := c.openedExit(ctx, who, o)
	if err != nil || id != "" {
		return id, err
	}
	l, err := c.leaving(ctx, who, o)
	if err != nil {
		return "", err
	}
	l.checkConfirmed()
	if len(l.faults) > 0 {
		return "", InputError{Faults: l.faults, hint: "mend what is named and send it again; nothing was started"}
	}
	i := l.intake()
	in, err := l.opening(ctx, i)
	if err != nil {
		return "", err
	}
	return c.desk.start(ctx, i.Intake, in)
}

// openedExit is the case that an order opened before: the vendor may be gone by now.
// Empty: it opened none.
func (c clerk) openedExit(ctx context.Context, who review.Address, o dossier.ExitOrder) (string, error) {
	p, err := c.desk.client(ctx, who, access.OpenCase)
	if err != nil {
		return "", err
	}
	err = checkID(o.ID)
	if err != nil {
		return "", err
	}
	line, known, err := c.desk.store.AnswerLine(ctx, o.ID)
	if err != nil {
		return "", fmt.Errorf("looking for the exit in the register: %w", err)
	}
	e := line.Entry
	if !known || e.Kind != dossier.CaseOpened || e.Actor != p.ID || !strings.HasPrefix(e.Process, workflows.ExitPrefix("")) && !strings.HasPrefix(e.Process, workflows.DrillPrefix("")) {
		return "", nil
	}
	return e.Process, c.desk.startAgain(ctx, e.Process)
}

// PreviewExit says what leaving a vendor would come to, and does nothing. It needs
// neither a reason nor the typed name.
func (c clerk) PreviewExit(ctx context.Context, who review.Address, o dossier.ExitOrder) (dossier.ExitPreview, error) {
	l, err := c.leaving(ctx, who, o)
	if err != nil {
		return dossier.ExitPreview{}, err
	}
	if l.known.leaving != "" { // said before anybody writes a reason and types a name
		return dossier.ExitPreview{}, onBoard(l.known.name, l.known.leaving)
	}
	if len(l.faults) > 0 {
		return dossier.ExitPreview{}, InputError{Faults: l.faults, hint: "mend what is named; nothing was started"}
	}
	return l.preview(ctx)
}

// leaving reads an order against what is known of its vendor. What is wrong with it is
// among its faults; an error means that nobody can go on.
func (c clerk) leaving(ctx context.Context, who review.Address, o dossier.ExitOrder) (*leaving, error) {
	d := c.desk
	p, err := d.client(ctx, who, access.OpenCase)
	if err != nil {
		return nil, err
	}
	people, _, err := d.store.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the people of an exit: %w", err)
	}
	l := &leaving{desk: d, who: p, asked: o, people: playbook.Own(people)}
	l.known, err = d.vendorKnown(ctx, p, o.Vendor)
	if err != nil {
		return nil, err
	}
	l.now = l.known.view.Now(d.now()).UTC()
	l.readOrder()
	l.readRules()
	err = l.readSuccessor(ctx)
	if err == nil {
		l.roster, err = d.rollOf(ctx, l.known)
	}
	return l, err
}

func (l *leaving) fault(field, format string, args ...any) {
	l.faults = append(l.faults, fmt.Errorf("%s: %w", field, fmt.Errorf(format, args...)))
}

// readOrder holds every field of the order to what it can say.
func (l *leaving) readOrder() {
	o := l.asked
	l.order = exit.Order{Mode: o.Mode, After: o.After, Trigger: o.Trigger}
	if !slices.Contains(exit.Modes(), o.Mode) {
		l.fault("mode", "%s; name one of %s", unnamed(string(o.Mode)), words(exit.Modes()))
	}
	drill := o.Mode == exit.ModeDrill
	switch {
	case drill && (o.Rehearses == exit.ModeDrill || o.Rehearses != "" && !slices.Contains(exit.Modes(), o.Rehearses)):
		l.fault("rehearses", "%.40q is nothing that can be rehearsed; name planned, stressed or for-cause", string(o.Rehearses))
	case !drill && (o.Rehearses != "" || o.WithPeople):
		l.fault("rehearses", "only a drill rehearses; leave it out, or choose the mode drill")
	case drill:
		l.order.Rehearses, l.order.WithPeople = l.order.Plays(), o.WithPeople
		if o.Rehearses != "" {
			l.order.Rehearses = o.Rehearses
		}
	}
	if after := []exit.After{exit.AfterReplaced, exit.AfterInHouse, exit.AfterEnds, exit.AfterUndecided}; !slices.Contains(after, o.After) {
		l.fault("after", "%s; name one of %s", unnamed(string(o.After)), words(after))
	}
	if o.Trigger != "" && !slices.Contains(exit.Triggers(), o.Trigger) {
		l.fault("trigger", "%.40q is no reason that is counted; name one of %s", string(o.Trigger), words(exit.Triggers()))
	}
	if o.Trigger == "" {
		l.order.Trigger = likely(l.order)
	}
	l.readDay()
	if utf8.RuneCountInString(o.Reason) > maxExitReason {
		l.fault("reason", "it is longer than %d letters; shorten it, and file the rest as a document of the case", maxExitReason)
	}
}

// likely is why a vendor is left whose order does not say: what its own words mean.
func likely(o exit.Order) exit.Trigger {
	switch {
	case o.After == exit.AfterReplaced:
		return exit.TriggerReplacement
	case o.Plays() == exit.ModeForCause:
		return exit.TriggerIncident
	case o.Plays() == exit.ModeStressed:
		return exit.TriggerInsolvency
	}
	return exit.TriggerContractEnd
}

// unnamed says that a word is missing, or is none.
func unnamed(word string) string {
	if word == "" {
		return "nothing is named"
	}
	return fmt.Sprintf("there is no %.40q", word)
}

func words[T ~string](all []T) string {
	list := make([]string, len(all))
	for i, w := range all {
		list[i] = string(w)
	}
	return strings.Join(list, ", ")
}

// mostAhead is how many years ahead a vendor may be left: longer is no date but a hope.
const mostAhead = 10

func (l *leaving) readDay() {
	if l.asked.By == "" {
		l.fault("by", "no day is named; write the last one on which the vendor may still be there, such as 2026-12-31")
		return
	}
	day, err := calendar.ParseDate(l.asked.By)
	if err != nil {
		l.fault("by", "%.40q is no day; write it as 2026-12-31", l.asked.By)
		return
	}
	l.order.By = time.Date(day.Year, time.Month(day.Month), day.Day, 0, 0, 0, 0, time.UTC)
	today := l.today()
	switch {
	case l.order.By.Before(today):
		l.fault("by", "%s is over; name today or a later day", day)
	case l.order.By.After(today.AddDate(mostAhead, 0, 0)):
		l.fault("by", "%s is more than %d years away", day, mostAhead)
	}
}

func (l *leaving) today() time.Time { return l.now.Truncate(24 * time.Hour) }

// readSuccessor finds the case by which the vendor who takes over is taken on board.
func (l *leaving) readSuccessor(ctx context.Context) error {
	name := l.asked.Successor
	switch {
	case l.asked.After != exit.AfterReplaced && name != "":
		l.fault("successor", "a vendor who takes over is named, and that one does is not said")
		return nil
	case l.asked.After != exit.AfterReplaced:
		return nil
	case name == "":
		l.fault("successor", "nobody is named; name the vendor who takes over")
		return nil
	}
	slug, found, err := l.desk.slugOf(ctx, l.who, name, isOnBoard)
	if err != nil {
		return err
	}
	switch {
	case !found:
		l.fault("successor", "no vendor of yours is called %.60q; open their onboarding first, or say that it is undecided", name)
		return nil
	case slug == l.known.view.Vendor:
		l.fault("successor", "a vendor does not take over from itself")
		return nil
	}
	boarding, left, err := l.desk.comesBy(ctx, slug)
	if err != nil {
		return err
	}
	if left {
		l.fault("successor", "%.60q was left themselves, and nobody takes them on board again; open their onboarding first, or say that it is undecided", name)
		return nil
	}
	l.order.Successor, l.onboarding = slug, boarding
	return nil
}

// readRules finds the playbook and its steps for such an exit.
func (l *leaving) readRules() {
	var err error
	name, theirs := l.asked.Playbook, l.known.view.Playbook
	if name == "" && slices.Contains(l.desk.library.Playbooks(), theirs) {
		pb, _, err := l.desk.library.Playbook(theirs)
		if err == nil && len(pb.Boarding()) < len(pb.Steps) { // it says how a vendor is left
			name = theirs
		}
	}
	l.rules, l.text, err = l.desk.library.Playbook(name)
	if err != nil {
		l.fault("playbook", "%.60q: %v", name, err)
		return
	}
	l.known.tier = l.known.view.Tier
	if l.known.tier == 0 {
		l.known.tier = playbook.TierFor(l.rules.Tiers, l.known.facts)
	}
	l.steps = l.rules.ExitSteps(l.order, l.known.tier, l.known.facts)
	if len(l.steps) == 0 {
		l.fault("playbook", "the playbook %s does not say how a vendor is left; name one that does", l.rules.Name)
	}
}

// checkConfirmed holds what was typed to the vendor's name, and that somebody said why.
func (l *leaving) checkConfirmed() {
	switch typed := l.asked.Confirm; {
	case typed == "":
		l.fault("confirm", "type the vendor's name, %s, to confirm that they are left", l.known.name)
	case typed != l.known.name && typed != l.known.view.Vendor:
		l.fault("confirm", "%.80q is not the vendor's name; type %s", typed, l.known.name)
	}
	if strings.TrimSpace(l.asked.Reason) == "" {
		l.fault("reason", "nobody says why; a sentence is enough")
	}
}

// intake is what is kept of the order.
func (l *leaving) intake() leftIntake {
	v, f := l.known.view, l.known.facts
	return leftIntake{Order: l.order, Intake: playbook.Intake{ID: l.asked.ID, Vendor: engagement.Vendor{Slug: v.Vendor, Name: l.known.name, Service: l.known.service},
		Playbook: l.rules.Name, Reason: l.asked.Reason, Data: f.Data, Systems: f.Systems, YearlyCost: f.YearlyCost,
		Owner: v.Owner, Deputy: v.Deputy, Sponsor: v.Sponsor, Rehearsal: v.Rehearsal || l.order.Mode == exit.ModeDrill}}
}

// opening makes the process's input: ids, digests, dates and rules.
func (l *leaving) opening(ctx context.Context, i leftIntake) (opening, error) {
	d := l.desk
	snap, err := d.library.Snapshot(l.people, l.rules, l.now)
	if err != nil {
		return opening{}, fmt.Errorf("making the calendar of an exit: %w", err)
	}
	filled, rules, err := d.fileIntake(ctx, i, l.text)
	if err != nil {
		return opening{}, err
	}
	in := workflows.ExitInput{Common: common(i.Intake, l.rules, digestOf(l.text), l.who.ID, snap), Order: l.order, Facts: l.known.facts,
		Plan: l.known.plan, Contract: l.known.contract, Expiry: l.known.ends, NoticeUnknown: !l.known.noticed, Oversight: l.known.oversight, Replacement: l.onboarding,
		Intake: filled, PlaybookDocument: rules}
	in.Omitted = l.omitted()
	in.Steps, in.Tier, in.Declaration, in.Together = l.steps, l.known.tier, l.rules.Declaration, true
	in.Roster, err = l.roster.file(ctx, d.store)
	if err != nil {
		return opening{}, err
	}
	if i.Rehearsal {
		in.Anchor = calendar.Anchor{Real: d.now().UTC(), Case: l.now}
	}
	return exitOf(in), nil
}

// exitOf is the case of an exit. A drill has numbers of its own: whatever is rehearsed,
// a vendor who has to be left is left.
func exitOf(in workflows.ExitInput) opening {
	o := opening{Common: in.Common, Intake: in.Intake, PlaybookDocument: in.PlaybookDocument,
		prefix: workflows.ExitPrefix(in.Vendor), unless: []string{workflows.ExitPrefix(in.Vendor)},
		kind: workflows.ExitType, summary: "exit", input: in}
	if in.Order.Mode == exit.ModeDrill {
		o.prefix, o.summary = workflows.DrillPrefix(in.Vendor), "drill of an exit"
		o.unless = append(o.unless, o.prefix)
	}
	return o
}

// reservedExit reads a reserved case that is an exit or its drill; false: it is
// something else.
func reservedExit(r playbook.Reserved) (opening, bool, error) {
	if !strings.HasPrefix(r.Case, workflows.ExitPrefix("")) && !strings.HasPrefix(r.Case, workflows.DrillPrefix("")) {
		return opening{}, false, nil
	}
	var in workflows.ExitInput
	err := json.Unmarshal(r.Input, &in)
	if err != nil {
		return opening{}, true, fmt.Errorf("unpacking a reserved exit: %w", err)
	}
	in.Case, in.Process = r.Case, r.Case
	return exitOf(in), true, nil
}
