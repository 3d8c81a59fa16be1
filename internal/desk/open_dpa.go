package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/workflows"
)

// opening is a case that is to be opened: what its process is started with, and
// what of that stands in the register.
type opening struct {
	workflows.Common
	Intake           dossier.Paper
	PlaybookDocument dossier.Paper

	prefix  string   // of the case's id
	unless  []string // prefixes of cases beside which it does not run
	kind    string   // of its root process
	summary string
	input   any // of the process
}

func onboardingOf(in workflows.OnboardingInput) opening {
	return opening{Common: in.Common, Intake: in.Intake, PlaybookDocument: in.PlaybookDocument,
		prefix: workflows.OnboardingPrefix(in.Vendor), unless: []string{workflows.OnboardingPrefix(in.Vendor), workflows.OversightPrefix(in.Vendor)}, kind: workflows.OnboardingType, summary: "onboarding", input: in}
}

func collectionOf(in workflows.DPAInput) opening {
	return opening{Common: in.Common, Intake: in.Intake, PlaybookDocument: in.PlaybookDocument,
		prefix: workflows.DPAPrefix(in.Vendor), kind: workflows.DPAType, summary: "data processing agreement", input: in}
}

// openingOf reads a reserved case: which process it is its id says.
func openingOf(r playbook.Reserved) (opening, error) {
	if o, is, err := reservedPart(r); is || err != nil {
		if err != nil {
			return opening{}, fmt.Errorf("unpacking a reserved part: %w", err)
		}
		return o, nil
	}
	if o, is, err := reservedExit(r); is || err != nil {
		return o, err
	}
	if strings.HasPrefix(r.Case, workflows.DPAPrefix("")) {
		var in workflows.DPAInput
		err := json.Unmarshal(r.Input, &in)
		if err != nil {
			return opening{}, fmt.Errorf("unpacking a reserved collection: %w", err)
		}
		in.Case, in.Process = r.Case, r.Case
		return collectionOf(in), nil
	}
	if strings.HasPrefix(r.Case, workflows.OversightPrefix("")) {
		var in workflows.OversightInput
		err := json.Unmarshal(r.Input, &in)
		if err != nil {
			return opening{}, fmt.Errorf("unpacking a reserved oversight: %w", err)
		}
		in.Case, in.Process = r.Case, r.Case
		return oversightOf(in), nil
	}
	var in workflows.OnboardingInput
	err := json.Unmarshal(r.Input, &in)
	if err != nil {
		return opening{}, fmt.Errorf("unpacking a reserved case: %w", err)
	}
	in.Case, in.Process = r.Case, r.Case
	return onboardingOf(in), nil
}

// OpenDPA starts the collection of a data processing agreement as a case of its
// own, as Open starts an onboarding. Whoever asks for one wants one, whatever the
// playbook's condition says of the data.
func (c clerk) OpenDPA(ctx context.Context, i playbook.DPAIntake) (string, error) {
	d := c.desk
	intake := i.Intake()
	o, err := d.takeIntake(ctx, &intake)
	if err != nil {
		return "", err
	}
	i = intake.Collection()
	in, err := c.collection(ctx, i, o.playbook, o.text, o.requester, o.people)
	if err != nil {
		return "", err
	}
	return d.start(ctx, intake, collectionOf(in))
}

// collection makes the process's input: ids, digests and rules.
func (c clerk) collection(ctx context.Context, i playbook.DPAIntake, pb playbook.Playbook, text []byte, requester string, people []playbook.Person) (workflows.DPAInput, error) {
	var none workflows.DPAInput
	d := c.desk
	facts := i.Intake().Facts()
	tier := playbook.TierFor(pb.Tiers, facts)
	if _, ok := playbook.CollectionOf(pb.Steps, tier); !ok {
		return none, InputError{Faults: []error{errors.New("the playbook " + pb.Name + " collects no data processing agreement for such a vendor")},
			hint: "name a playbook that does with `playbook`, or have its steps written"}
	}
	now := d.now().UTC()
	snap, err := d.library.Snapshot(people, pb, now)
	if err != nil {
		return none, fmt.Errorf("making the calendar of a collection: %w", err)
	}
	filled, rules, err := d.fileIntake(ctx, i, text)
	if err != nil {
		return none, err
	}
	in := workflows.DPAInput{Common: common(i.Intake(), pb, digestOf(text), requester, snap), Facts: facts, When: pb.DPAWhen, Wanted: true, Intake: filled, PlaybookDocument: rules}
	in.Tier = tier
	in.Reports, err = d.overseer(ctx, i.Vendor.Slug)
	if err != nil {
		return none, err
	}
	if i.Rehearsal {
		in.Anchor = calendar.Anchor{Real: now, Case: now}
	}
	return in, nil
}
