package desk

import (
	"context"
	"fmt"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// acceptedAs is put behind the step of a delivery where somebody accepts it.
const acceptedAs = "-accept"

// unsigned is the step by which a case asks the vendor for a confidentiality agreement,
// until that counts: delivered, and accepted where the playbook says by whom. Empty:
// none is owed. What is known of the case is the record, so that nothing goes out while
// its process is behind.
func (d *Desk) unsigned(ctx context.Context, v *dossier.CaseView) (string, error) {
	if v.State == dossier.Ended || !hasPrefix(v.ID, workflows.OnboardingPrefix(v.Vendor)) ||
		!slices.ContainsFunc(v.Documents, func(doc dossier.DocumentView) bool { return doc.Name == "playbook" }) {
		return "", nil
	}
	pb, err := d.rulesOf(ctx, v.ID)
	if err != nil {
		return "", BusyError{err}
	}
	var facts playbook.Facts
	known := false
	for _, s := range pb.Steps {
		if s.Does != playbook.DoesNDA || !s.Applies(v.Tier) {
			continue
		}
		if !known {
			if facts, err = d.factsOf(ctx, v); err != nil {
				return "", BusyError{err}
			}
			known = true
		}
		at := standing(v, pb, facts)
		if s.When.Holds(facts) && (!slices.Contains(at.Decided, s.ID) || slices.Contains(at.Open, s.ID) || slices.Contains(at.Open, s.ID+acceptedAs)) {
			return s.ID, nil
		}
	}
	return "", nil
}

// withheld reports whether a request is nothing for the vendor's people yet: they have
// something to sign first, which is the one thing that they are shown.
func (r reception) withheld(ctx context.Context, v *dossier.CaseView, q *review.Request) (bool, error) {
	nda, err := r.desk.unsigned(ctx, v)
	return nda != "" && q.Step != nda, err
}

// checkSigned refuses to open anything for a vendor of whom a case that runs wants a
// signature first. Whoever works already, or needs to sign nothing, is not held up. Only
// an onboarding wants one, so no other case is read.
func (d *Desk) checkSigned(ctx context.Context, vendor string) error {
	views, err := d.store.CasesIn(ctx, workflows.OnboardingPrefix(vendor))
	if err != nil {
		return fmt.Errorf("looking what the vendor has to sign: %w", err)
	}
	for i := range views {
		if views[i].Vendor != vendor || views[i].State != dossier.Running {
			continue
		}
		nda, err := d.unsigned(ctx, &views[i])
		if err != nil {
			return err
		}
		if nda != "" {
			return InputError{Faults: []error{fmt.Errorf("the vendor has to sign the confidentiality agreement first: the step %s of %s", nda, views[i].ID)},
				hint: "nothing goes to them before; open it again once that step counts"}
		}
	}
	return nil
}
