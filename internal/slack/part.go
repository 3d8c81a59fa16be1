package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
)

// partMark stands in a form's metadata between the playbook's name and the part that it
// opens alone; no name of a playbook has it.
const partMark = "#"

// opener opens parts of an onboarding as cases of their own. A Desk that is one has the
// calls; Invalid, Forbidden.
type opener interface {
	OpenPart(ctx context.Context, part playbook.Process, i playbook.Intake) (caseID string, err error)
	OpenDPA(ctx context.Context, i playbook.DPAIntake) (caseID string, err error)
}

// openPart opens the form for a part of an onboarding alone.
func (h *Handler) openPart(ctx context.Context, v visitor, trigger, part, name string) error {
	parts := []playbook.Process{playbook.Diligence, playbook.Pilot, playbook.Contract, playbook.DPA}
	part = strings.ToLower(part)
	if !slices.Contains(parts, playbook.Process(part)) {
		return aside("There is no such part. It is one of: diligence, pilot, contract, dpa.")
	}
	if _, can := h.desk.(opener); !can {
		return aside("Nothing of an onboarding is opened alone here.")
	}
	f, err := h.desk.IntakeForm(ctx, v.address, name)
	if err != nil {
		return fmt.Errorf("reading the intake form of a part: %w", err)
	}
	people, err := h.people(ctx, v)
	if err != nil {
		return err
	}
	return h.openModal(ctx, trigger, partModal(playbook.Process(part), f, people))
}

// partModal is the intake form, with the part in its title and in its metadata.
func partModal(part playbook.Process, f playbook.IntakeForm, people []playbook.Person) slack.ModalViewRequest {
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		f.Fields[i].Needed = "" // what a tier needs is for the whole of an onboarding
	}
	m := onboardModal(f, people, playbook.Intake{Playbook: f.Playbook})
	title := map[playbook.Process]string{playbook.Diligence: "Due diligence", playbook.Pilot: "Pilot", playbook.Contract: "Contract review", playbook.DPA: "Data processing"}[part]
	m.Title = plainText(title, mostTitle)
	if len(f.Playbook)+len(part)+len(partMark) <= mostMetadata {
		m.PrivateMetadata = f.Playbook + partMark + string(part)
	}
	return m
}

// begin opens what an intake is for: an onboarding, or a part of one.
func (h *Handler) begin(ctx context.Context, in playbook.Intake) (string, error) {
	o, can := h.desk.(opener)
	switch {
	case in.Alone == "":
		return h.desk.Open(ctx, in)
	case !can:
		return "", aside("Nothing of an onboarding is opened alone here.")
	case in.Alone == playbook.DPA:
		return o.OpenDPA(ctx, in.Collection())
	}
	return o.OpenPart(ctx, in.Alone, in)
}
