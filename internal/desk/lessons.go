package desk

import (
	"context"
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// mostTaught bounds the exits whose lessons an intake is filed with: the newest count.
const mostTaught = 10

// taught is what the record knows that exits taught for a vendor who is asked for, the
// newest exit first: exits of a vendor who did the same, who this one takes over from, or
// who it is. A rehearsal teaches nothing that is real.
func (d *Desk) taught(ctx context.Context, i playbook.Intake) ([]exit.Taught, error) {
	views, err := d.store.CasesIn(ctx, exit.PartExit)
	if err != nil {
		return nil, fmt.Errorf("looking which vendors were left: %w", err)
	}
	var all []exit.Taught
	for j := range views {
		v := &views[j]
		lessons := dossier.LessonsOf(v)
		if len(lessons) == 0 || v.Rehearsal && !i.Rehearsal || len(all) == mostTaught {
			continue
		}
		stands, err := d.standsFor(ctx, v, i)
		if err != nil {
			return nil, err
		}
		if stands {
			all = append(all, exit.Taught{Exit: v.ID, Vendor: v.Vendor, Name: d.VendorName(ctx, v.Vendor), Lessons: lessons})
		}
	}
	return all, nil
}

// standsFor reports whether what an exit taught is about the like of a vendor who is
// asked for.
func (d *Desk) standsFor(ctx context.Context, v *dossier.CaseView, i playbook.Intake) (bool, error) {
	slug := i.VendorSlug()
	if slug == "" || v.Vendor == slug {
		return slug != "", nil
	}
	lines, err := d.store.Lines(ctx, v.ID)
	if err != nil {
		return false, fmt.Errorf("reading who took over from a vendor: %w", err)
	}
	if dossier.SuccessorIn(lines) == slug {
		return true, nil
	}
	left, err := d.intakeIn(ctx, v)
	if isNotFound(err) { // erased since
		return false, nil
	}
	return err == nil && exit.SameService(left.Vendor.Service, i.Vendor.Service), err
}
