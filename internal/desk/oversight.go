package desk

import (
	"context"
	"fmt"
	"slices"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/workflows"
)

func oversightOf(in workflows.OversightInput) opening {
	return opening{Common: in.Common, Intake: in.Intake, PlaybookDocument: in.PlaybookDocument,
		prefix: workflows.OversightPrefix(in.Vendor), kind: workflows.OversightType, summary: "oversight", input: in}
}

// oversight makes the input of an adopted vendor's oversight: ids, dates and digests.
func (a *adopting) oversight(ctx context.Context, v dossier.AdoptedVendor) (workflows.OversightInput, error) {
	var none workflows.OversightInput
	d := a.desk
	now := d.now().UTC()
	snap, err := d.library.Snapshot(a.people, a.rules, now)
	if err != nil {
		return none, fmt.Errorf("making the calendar of an oversight: %w", err)
	}
	filled, rules, err := d.fileIntake(ctx, v, a.text)
	if err != nil {
		return none, err
	}
	i := intakeOf(v)
	in := workflows.OversightInput{Common: common(i, a.rules, digestOf(a.text), a.who.ID, snap), Watch: a.rules.Watch, Facts: i.Facts(), DPAWhen: a.rules.DPAWhen,
		Intake: filled, PlaybookDocument: rules, Expiries: expiriesOf(v, ""), Contract: document(v, "contract"), ExitPlan: document(v, "exit-plan")}
	in.Tier = v.Tier
	in.Steps = slices.DeleteFunc(slices.Clone(a.rules.Steps), func(s playbook.Step) bool {
		kept := s.Process == playbook.DPA || s.Process == playbook.Contract || s.Does == playbook.DoesContacts
		return !s.Applies(v.Tier) || !s.When.Holds(in.Facts) || !kept
	})
	for _, gap := range v.Gaps {
		in.Expiries = append(in.Expiries, engagement.Expiry{ID: ":gap-" + gap, Kind: engagement.ExpiryGap, Name: gap, Unreviewed: true})
	}
	if v.Rehearsal {
		in.Anchor = calendar.Anchor{Real: now, Case: now}
	}
	return in, nil
}
