package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/workflows"
)

// Open starts an onboarding. The case's number is reserved by the intake's id,
// so that a double click opens one case; the reserved case is started by the
// delivery loop if the engine is away just now. InputError names every fault of
// the intake at once.
func (d *Desk) Open(ctx context.Context, i playbook.Intake) (string, error) {
	o, err := d.takeIntake(ctx, &i)
	if err != nil {
		return "", err
	}
	in, err := d.onboarding(ctx, i, o.playbook, o.text, o.requester, o.people)
	if err != nil {
		return "", err
	}
	return d.start(ctx, i, onboardingOf(in))
}

// ordered is what an intake is opened with, whichever process it starts.
type ordered struct {
	requester string
	people    []playbook.Person // the client's own
	playbook  playbook.Playbook
	text      []byte // of the playbook
}

// takeIntake checks who opens a case and every part of what they filed; the intake
// gets an owner and a slug where it names none.
func (d *Desk) takeIntake(ctx context.Context, i *playbook.Intake) (ordered, error) {
	who, err := d.client(ctx, i.From, access.OpenCase)
	if err != nil {
		return ordered{}, err
	}
	err = checkID(i.ID)
	if err != nil {
		return ordered{}, err
	}
	people, _, err := d.store.People(ctx)
	if err != nil {
		return ordered{}, fmt.Errorf("reading the people: %w", err)
	}
	o := ordered{requester: who.ID, people: playbook.Own(people)}
	o.playbook, o.text, err = d.library.Playbook(i.Playbook)
	if err != nil {
		return ordered{}, invalid("name one of the playbooks that are there", "playbook %.60q: %v", i.Playbook, err)
	}
	if i.Owner == "" {
		i.Owner = who.ID
	}
	i.Taught, err = d.taught(ctx, *i) // whatever was sent in its place
	if err != nil {
		return ordered{}, err
	}
	err = d.checkIntake(ctx, i, o.playbook, o.people)
	if err == nil && i.Alone != "" {
		err = d.checkSigned(ctx, i.Vendor.Slug)
	}
	return o, err
}

// checkIntake returns every fault of an intake at once, and gives the vendor a
// slug where the intake names none.
func (d *Desk) checkIntake(ctx context.Context, i *playbook.Intake, pb playbook.Playbook, people []playbook.Person) error {
	i.Vendor.Slug = i.VendorSlug()
	var faults []error
	for _, f := range append(i.Check(), pb.CheckIntake(*i, people)...) {
		faults = append(faults, errors.New(f.String()))
	}
	switch {
	case i.Begins.IsZero():
	case !i.Rehearsal:
		faults = append(faults, errors.New("begins: only a rehearsal begins on another day than today"))
	case i.Begins.After(d.now().AddDate(mostAhead, 0, 0)):
		faults = append(faults, fmt.Errorf("begins: a rehearsal begins within %d years", mostAhead))
	}
	if i.Contract != "" {
		why, err := d.readable(ctx, i.Contract)
		if err != nil {
			return err
		}
		if why != "" {
			faults = append(faults, fmt.Errorf("contract: %s", why.Sentence()))
		}
	}
	if len(faults) > 0 {
		return InputError{Faults: faults}
	}
	return nil
}

// onboarding makes the workflow's input: ids, digests and rules, no names and no
// text. Intake and playbook are kept as documents of the case.
func (d *Desk) onboarding(ctx context.Context, i playbook.Intake, pb playbook.Playbook, text []byte, requester string, people []playbook.Person) (workflows.OnboardingInput, error) {
	var none workflows.OnboardingInput
	now := d.now().UTC()
	begins := now
	if i.Rehearsal && i.Begins.After(now) {
		begins = i.Begins.UTC()
	}
	snap, err := d.library.Snapshot(people, pb, begins)
	if err != nil {
		return none, fmt.Errorf("making the calendar: %w", err)
	}
	intake, rules, err := d.fileIntake(ctx, i, text)
	if err != nil {
		return none, err
	}
	in := workflows.OnboardingInput{
		Common: common(i, pb, digestOf(text), requester, snap),
		Facts:  i.Facts(), Tiers: pb.Tiers, Stages: pb.Stages, DPAWhen: pb.DPAWhen, Intake: intake, PlaybookDocument: rules, Contract: i.Contract,
	}
	// What the requester said of their own interests at the intake counts as their
	// declaration; who has one takes no part.
	in.Declaration, in.Watch, in.Oversee = pb.Declaration, pb.Watch, !pb.Watch.Empty()
	in.Together, in.Renew = true, true
	in.Declared, in.Recused = interestOf(i, requester)
	if i.Rehearsal {
		in.Anchor = calendar.Anchor{Real: now, Case: begins}
	}
	return in, nil
}

// fileIntake files what was filled in, and the playbook as it is now.
func (d *Desk) fileIntake(ctx context.Context, intake any, text []byte) (filled, rules dossier.Paper, err error) {
	packed, err := json.MarshalIndent(intake, "", "  ")
	if err != nil {
		return filled, rules, fmt.Errorf("packing the intake: %w", err)
	}
	filled, err = d.store.Put(ctx, bytes.NewReader(packed), engagement.MaxDocument)
	if err != nil {
		return filled, rules, fmt.Errorf("filing the intake: %w", err)
	}
	rules, err = d.filed(ctx, digestOf(text), text)
	if err != nil {
		return filled, rules, fmt.Errorf("filing the playbook: %w", err)
	}
	return filled, rules, nil
}

// common is what every process of the case is given.
func common(i playbook.Intake, pb playbook.Playbook, digest, requester string, snap calendar.Snapshot) workflows.Common {
	return workflows.Common{
		Vendor: i.Vendor.Slug, Requester: requester, Owner: i.Owner, Deputy: i.Deputy, Sponsor: i.Sponsor,
		Playbook: pb.Name, Digest: digest, Steps: pb.Boarding(), Chores: pb.Chores,
		Hours: pb.Hours, Calendar: snap, Rehearsal: i.Rehearsal,
	}
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// filed files a document that is likely to be there: it is read, which is no
// work beside writing it anew, and filed where that fails.
func (d *Desk) filed(ctx context.Context, digest string, content []byte) (dossier.Paper, error) {
	paper, there, err := d.store.Get(ctx, digest)
	if err == nil {
		_, err = io.Copy(io.Discard, there) // to its end: there it is held against the digest
		_ = there.Close()                   // nothing is left to go wrong
	}
	if err == nil {
		return paper, nil
	}
	return d.store.Put(ctx, bytes.NewReader(content), engagement.MaxDocument)
}

// start reserves the case's number, notes the case in the register, and starts
// its process now or, when the engine is away, from the delivery loop.
func (d *Desk) start(ctx context.Context, i playbook.Intake, in opening) (string, error) {
	packed, err := json.Marshal(in.input)
	if err != nil {
		return "", fmt.Errorf("packing the case: %w", err)
	}
	first, err := d.firstUse(ctx, in)
	if err != nil {
		return "", err
	}
	id, fresh, err := d.store.OpenCase(ctx, i.ID, in.prefix, packed, dossier.Name{ID: i.Vendor.Slug, Name: i.Vendor.Name}, in.unless,
		func(id string) ([]dossier.Entry, dossier.Body) {
			opened, names := caseOpened(id, i, in)
			if first {
				return []dossier.Entry{playbookUsed(id, in), opened}, names
			}
			return []dossier.Entry{opened}, names
		})
	var engaged interface{ Engaged() string }
	if errors.As(err, &engaged) {
		return "", onBoard(i.Vendor.Name, engaged.Engaged())
	}
	if err != nil {
		return "", fmt.Errorf("reserving the case: %w", err)
	}
	if !fresh { // what was filed first is what is started
		if !strings.HasPrefix(id, in.prefix+"/") {
			return "", invalid("give every intake an id of its own", "this intake's id was used for the case %s of another vendor or process", id)
		}
		return id, d.startAgain(ctx, id)
	}
	d.namedInIntake(ctx, id, in.Requester, i.Vendor)
	d.startNow(ctx, playbook.Reserved{Case: id, Input: packed})
	return id, nil
}

// onBoard refuses to take a vendor on board twice, or to leave one twice, in the same
// words in every channel.
func onBoard(vendor, caseID string) InputError {
	does := "is being taken on board already, in"
	switch {
	case strings.HasPrefix(caseID, workflows.OversightPrefix("")):
		does = "is on board already, and watched in"
	case strings.HasPrefix(caseID, workflows.ExitPrefix("")):
		return invalid("go on there: that case can be sped up, changed or withdrawn by its owner", "the vendor %s is being left already, in %s", vendor, caseID)
	case strings.HasPrefix(caseID, workflows.DrillPrefix("")):
		return invalid("one drill at a time: see it through, or withdraw it", "leaving %s is being rehearsed already, in %s", vendor, caseID)
	}
	return invalid("go on there; another service of theirs is an engagement of its own: write it behind the name, such as “"+vendor+" (pensions)”",
		"%s %s %s", vendor, does, caseID)
}

// startAgain is for a case that was reserved before: it starts what was reserved
// then, if nobody has yet.
func (d *Desk) startAgain(ctx context.Context, id string) error {
	reserved, err := d.store.Unstarted(ctx)
	if err != nil {
		return fmt.Errorf("looking for the reserved case: %w", err)
	}
	for _, r := range reserved {
		if r.Case != id {
			continue
		}
		err = d.registerReserved(ctx, r)
		if err != nil {
			return err
		}
		d.startNow(ctx, r)
	}
	return nil
}

// startNow starts a reserved case, or leaves it to the delivery loop.
func (d *Desk) startNow(ctx context.Context, r playbook.Reserved) {
	err := d.startReserved(ctx, r)
	if err != nil {
		d.log.Info("a case is reserved and will be started", "case", r.Case, "error", err)
		d.nudge()
	}
}

// registerReserved is register for a case that was reserved by somebody who may
// not have come further: what to note stands in its input and its intake.
func (d *Desk) registerReserved(ctx context.Context, r playbook.Reserved) error {
	in, err := openingOf(r)
	if err != nil {
		return err
	}
	_, paper, err := d.store.Get(ctx, in.Intake.Digest)
	if err != nil {
		return fmt.Errorf("opening a reserved case's intake: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(paper, engagement.MaxDocument))
	_ = paper.Close() // read to its end: nothing is left to go wrong
	if err != nil {
		return fmt.Errorf("reading a reserved case's intake: %w", err)
	}
	var i playbook.Intake
	err = json.Unmarshal(text, &i)
	if err != nil {
		return fmt.Errorf("unpacking a reserved case's intake: %w", err)
	}
	d.namedInIntake(ctx, r.Case, in.Requester, i.Vendor)
	return d.register(ctx, r.Case, i, in)
}

// register notes once that the case was opened, and what the vendor was called;
// an answer that happens to have the intake's id is not that note.
func (d *Desk) register(ctx context.Context, id string, i playbook.Intake, in opening) error {
	line, known, err := d.store.AnswerLine(ctx, i.ID)
	if err != nil {
		return fmt.Errorf("looking for the case in the register: %w", err)
	}
	if known && line.Entry.Kind == dossier.CaseOpened {
		return nil
	}
	err = d.store.NameVendor(ctx, i.Vendor.Slug, i.Vendor.Name)
	if err != nil {
		return fmt.Errorf("keeping the vendor's name: %w", err)
	}
	err = d.registerPlaybook(ctx, id, in)
	if err != nil {
		return err
	}
	opened, names := caseOpened(id, i, in)
	err = d.store.AppendBody(ctx, opened, names)
	if err != nil {
		return fmt.Errorf("noting the case in the register: %w", err)
	}
	return nil
}

func (d *Desk) registerPlaybook(ctx context.Context, id string, in opening) error {
	first, err := d.firstUse(ctx, in)
	if err != nil || !first {
		return err
	}
	err = d.store.Append(ctx, []dossier.Entry{playbookUsed(id, in)})
	if err != nil {
		return fmt.Errorf("noting the playbook in the register: %w", err)
	}
	return nil
}

// caseOpened is the register's entry of a case. Its time is the instant from
// which the case's calendar runs, so that two who note the same case at once make
// the same entry.
func caseOpened(id string, i playbook.Intake, in opening) (dossier.Entry, dossier.Body) {
	now := in.Calendar.From.UTC()
	return dossier.Entry{ID: id + "#desk/" + i.ID, Case: dossier.Register, Process: id, Kind: dossier.CaseOpened,
			At: now, CaseAt: now, Actor: in.Requester, Answer: i.ID, Detail: &dossier.Detail{Vendor: in.Vendor, Owner: in.Owner, Requester: in.Requester,
				Deputy: in.Deputy, Sponsor: in.Sponsor, Rehearsal: in.Rehearsal, Playbook: in.Playbook, Digest: in.Digest, Document: in.Intake.Digest, Parent: id}},
		dossier.Body{Names: []dossier.Name{{ID: in.Vendor, Name: i.Vendor.Name}}}
}

// playbookUsed is the register's entry of a playbook's text when the first case
// runs with it: the register tells of every change of what is asked. Its id is of
// the case, so that two cases that bring the same new text at once leave two true
// lines rather than a conflict.
func playbookUsed(id string, in opening) dossier.Entry {
	now := in.Calendar.From.UTC()
	return dossier.Entry{ID: id + "#desk/" + playbookMark(in), Case: dossier.Register, Process: id, Kind: dossier.PlaybookUsed,
		At: now, CaseAt: now, Answer: playbookMark(in), Detail: &dossier.Detail{Playbook: in.Playbook, Digest: in.Digest, Document: in.PlaybookDocument.Digest}}
}

func playbookMark(in opening) string {
	return "playbook/" + in.Playbook + "/" + in.Digest
}

// firstUse reports whether the register does not know the playbook's text yet.
func (d *Desk) firstUse(ctx context.Context, in opening) (bool, error) {
	_, known, err := d.store.AnswerLine(ctx, playbookMark(in))
	if err != nil {
		return false, fmt.Errorf("looking for the playbook in the register: %w", err)
	}
	return !known, nil
}

// startReserved starts a reserved case's process; starting it twice is harmless.
func (d *Desk) startReserved(ctx context.Context, r playbook.Reserved) error {
	ctx, cancel := context.WithTimeout(ctx, 2*updateWithin)
	defer cancel()
	in, err := openingOf(r)
	if err != nil {
		return err
	}
	_, err = d.engine.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: r.Case, TaskQueue: workflows.TaskQueue, StaticSummary: in.summary,
		WorkflowIDReusePolicy:                    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowIDConflictPolicy:                 enums.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword(workflows.AttributeVendor).ValueSet(in.Vendor),
			temporal.NewSearchAttributeKeyKeyword(workflows.AttributeCase).ValueSet(r.Case)),
	}, in.kind, in.input)
	var already *serviceerror.WorkflowExecutionAlreadyStarted
	if err != nil && !errors.As(err, &already) {
		return fmt.Errorf("starting the case: %w", err)
	}
	d.starts.add(r.Case)
	return nil
}

// VendorName is a vendor's name for people, or its slug.
func (d *Desk) VendorName(ctx context.Context, slug string) string {
	name, ok, err := d.store.Vendor(ctx, slug)
	if err != nil || !ok {
		return slug
	}
	return name
}
