package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/workflows"
)

func diligenceOf(in workflows.DiligenceInput) opening {
	return opening{Common: in.Common, Intake: in.Intake, PlaybookDocument: in.PlaybookDocument,
		prefix: workflows.DiligencePrefix(in.Vendor), kind: workflows.DiligenceType, summary: "due diligence", input: in}
}

func pilotOf(in workflows.PilotInput) opening {
	return opening{Common: in.Common, Intake: in.Intake, PlaybookDocument: in.PlaybookDocument,
		prefix: workflows.PilotPrefix(in.Vendor), kind: workflows.PilotType, summary: "pilot", input: in}
}

func contractOf(in workflows.ContractInput) opening {
	return opening{Common: in.Common, Intake: in.Intake, PlaybookDocument: in.PlaybookDocument,
		prefix: workflows.ContractPrefix(in.Vendor), kind: workflows.ContractType, summary: "contract review", input: in}
}

// reservedPart reads a reserved case that is a part of an onboarding run alone; false:
// it is something else.
func reservedPart(r playbook.Reserved) (opening, bool, error) {
	var err error
	switch {
	case strings.HasPrefix(r.Case, workflows.DiligencePrefix("")):
		var in workflows.DiligenceInput
		err = json.Unmarshal(r.Input, &in)
		in.Case, in.Process = r.Case, r.Case
		return diligenceOf(in), true, err
	case strings.HasPrefix(r.Case, workflows.PilotPrefix("")):
		var in workflows.PilotInput
		err = json.Unmarshal(r.Input, &in)
		in.Case, in.Process = r.Case, r.Case
		return pilotOf(in), true, err
	case strings.HasPrefix(r.Case, workflows.ContractPrefix("")):
		var in workflows.ContractInput
		err = json.Unmarshal(r.Input, &in)
		in.Case, in.Process = r.Case, r.Case
		return contractOf(in), true, err
	}
	return opening{}, false, nil
}

// OpenPart starts a due diligence, a pilot or a contract review as a case of its own,
// as Open starts an onboarding. Where the vendor is watched already, the oversight is
// told what it came to.
func (c clerk) OpenPart(ctx context.Context, part playbook.Process, i playbook.Intake) (string, error) {
	d := c.desk
	if part != playbook.Diligence && part != playbook.Pilot && part != playbook.Contract {
		return "", invalid("name diligence, pilot or contract", "nothing that is opened alone is called %.40q", string(part))
	}
	i.Alone = part
	o, err := d.takeIntake(ctx, &i)
	if err != nil {
		return "", err
	}
	in, err := c.part(ctx, part, i, o)
	if err != nil {
		return "", err
	}
	return d.start(ctx, i, in)
}

// part makes the process's input: ids, digests and rules.
func (c clerk) part(ctx context.Context, part playbook.Process, i playbook.Intake, o ordered) (opening, error) {
	d, pb := c.desk, o.playbook
	facts := i.Facts()
	tier := playbook.TierFor(pb.Tiers, facts)
	steps := slices.DeleteFunc(slices.Clone(pb.Steps), func(s playbook.Step) bool {
		return s.Process != part || !s.Applies(tier) || !s.When.Holds(facts)
	})
	if lack := lacks(part, steps); lack != "" {
		return opening{}, InputError{Faults: []error{errors.New("the playbook " + pb.Name + " " + lack + " for such a vendor")},
			hint: "name a playbook that does with `playbook`, or have its steps written"}
	}
	now := d.now().UTC()
	snap, err := d.library.Snapshot(o.people, pb, now)
	if err != nil {
		return opening{}, fmt.Errorf("making the calendar of a part: %w", err)
	}
	filled, rules, err := d.fileIntake(ctx, i, o.text)
	if err != nil {
		return opening{}, err
	}
	in := common(i, pb, digestOf(o.text), o.requester, snap)
	in.Steps, in.Tier, in.Declaration = steps, tier, pb.Declaration
	in.Declared, in.Recused = interestOf(i, o.requester)
	in.Reports, err = d.overseer(ctx, i.Vendor.Slug)
	if err != nil {
		return opening{}, err
	}
	if i.Rehearsal {
		in.Anchor = calendar.Anchor{Real: now, Case: now}
	}
	switch part {
	case playbook.Diligence:
		return diligenceOf(workflows.DiligenceInput{Common: in, Facts: facts, Intake: filled, PlaybookDocument: rules}), nil
	case playbook.Pilot:
		return pilotOf(workflows.PilotInput{Common: in, Intake: filled, PlaybookDocument: rules}), nil
	default:
		return contractOf(workflows.ContractInput{Common: in, First: i.Contract, FiledBy: o.requester, Counter: true, Intake: filled, PlaybookDocument: rules}), nil
	}
}

// lacks says what a playbook doesn't have of a part; empty: it can be run.
func lacks(part playbook.Process, steps []playbook.Step) string {
	has := func(does playbook.Purpose) bool {
		return slices.ContainsFunc(steps, func(s playbook.Step) bool { return s.Does == does })
	}
	switch {
	case part == playbook.Diligence && len(steps) == 0:
		return "has no due diligence"
	case part == playbook.Pilot && !(has(playbook.DoesScore) && has(playbook.DoesGo)):
		return "has no pilot that is scored and decided"
	case part == playbook.Contract && !has(""):
		return "has nobody read a contract"
	}
	return ""
}

// interestOf is what the requester said of interests of their own, as a process is
// given it.
func interestOf(i playbook.Intake, requester string) (declared, recused []string) {
	switch i.Interest {
	case engagement.No:
		return []string{requester}, nil
	case engagement.Yes:
		return nil, []string{requester}
	}
	return nil, nil
}

// overseer is the case that watches a vendor now; empty: none does.
func (d *Desk) overseer(ctx context.Context, vendor string) (string, error) {
	view, err := d.newestIn(ctx, workflows.OversightPrefix(vendor), dossier.Running)
	if err != nil {
		return "", fmt.Errorf("looking who watches the vendor: %w", err)
	}
	return view.ID, nil
}

// hasPrefix reports whether a process id is one of those that begin so.
func hasPrefix(id, prefix string) bool { return strings.HasPrefix(id, prefix+"/") }
