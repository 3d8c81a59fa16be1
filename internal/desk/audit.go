package desk

import (
	"context"
	"fmt"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// auditing follows the numbers of each chain while an audit streams by.
type auditing struct {
	last  dossier.Line
	chain string
	gaps  []gap
	each  func(dossier.AuditRow) error
}

// gap is a jump in the numbers that were seen; it is none where the lines
// between were made outside the period.
type gap struct {
	chain    string
	from, to int // the numbers that were not seen, both included
}

// Audit gives each every case opened, closed and withdrawn, every decision,
// waiver and override, and every change of people, roles, playbooks, keys and
// access in [from, to), chain by chain in the order of their numbers. What the
// record lacks of them comes last, as findings. An error of each ends it.
func (d *Desk) Audit(ctx context.Context, who review.Address, from, to time.Time, each func(dossier.AuditRow) error) error {
	_, err := d.client(ctx, who, access.Audit)
	if err != nil {
		return err
	}
	if !from.Before(to) {
		return invalid("give the earlier instant first", "the period ends before it begins")
	}
	a := auditing{each: each}
	err = d.store.Between(ctx, from, to, a.line)
	if err != nil {
		return fmt.Errorf("reading the record of the period: %w", err)
	}
	for _, g := range a.gaps {
		n, err := d.store.CountLines(ctx, g.chain, g.from, g.to)
		if err != nil {
			return fmt.Errorf("looking for lines that an audit missed: %w", err)
		}
		if want := g.to - g.from + 1; n != want {
			err = each(dossier.AuditRow{Chain: g.chain, N: g.from, Sort: dossier.AuditFinding,
				What: fmt.Sprintf("%d of the lines %d to %d are missing", want-n, g.from, g.to)})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// line takes the next line of the period.
func (a *auditing) line(chain string, l dossier.Line) error {
	first := chain != a.chain
	switch {
	case first && l.N > 1: // what stands before was made earlier, or is missing
		a.gaps = append(a.gaps, gap{chain: chain, from: 1, to: l.N - 1})
	case !first && l.N > a.last.N+1:
		a.gaps = append(a.gaps, gap{chain: chain, from: a.last.N + 1, to: l.N - 1})
	case !first && l.Prev != a.last.Hash:
		err := a.each(dossier.AuditRow{Chain: chain, N: l.N, Entry: l.Entry.ID, Sort: dossier.AuditFinding, What: "the line does not follow from the one before it"})
		if err != nil {
			return err
		}
	}
	a.chain, a.last = chain, l
	row, asked := dossier.Audited(chain, l)
	if !asked {
		return nil
	}
	return a.each(row)
}
