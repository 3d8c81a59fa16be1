package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// auditing follows the numbers of each chain while an audit streams by.
type auditing struct {
	last  dossier.Line
	chain string
	gaps  []gap
	ends  []dossier.AuditRow // the last row of each chain: where the period ends
	named []dossier.AuditRow // rows of the register that name a case
	each  func(dossier.AuditRow) error
	// blind are the requests of each case in which points were given whose points
	// nobody may see yet.
	blind map[string][]string
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
	a.blind, err = d.blindBetween(ctx, from, to)
	if err != nil {
		return err
	}
	err = d.store.Between(ctx, from, to, a.line)
	if err != nil {
		return fmt.Errorf("reading the record of the period: %w", err)
	}
	err = d.tails(ctx, &a)
	if err != nil {
		return err
	}
	for _, g := range a.gaps {
		n, _, err := d.store.CountLines(ctx, g.chain, g.from, g.to)
		if err != nil {
			return fmt.Errorf("looking for lines that an audit missed: %w", err)
		}
		if want := g.to - g.from + 1; n != want {
			err = a.finds(dossier.AuditRow{Chain: g.chain, N: g.from}, fmt.Sprintf("%d of the lines %d to %d are missing", want-n, g.from, g.to))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// tails holds the end of each chain against its head, and the cases that the
// register names against their chains: what is cut off at the end leaves no gap.
func (d *Desk) tails(ctx context.Context, a *auditing) error {
	if a.chain != "" {
		a.ends = append(a.ends, dossier.AuditRow{Chain: a.chain, N: a.last.N})
	}
	for _, end := range a.ends {
		_, head, err := d.store.CountLines(ctx, end.Chain, 0, 0)
		if err != nil {
			return fmt.Errorf("looking where a chain ends: %w", err)
		}
		if head < end.N {
			err = a.finds(end, fmt.Sprintf("the chain's head says that it ends with line %d", head))
			if err != nil {
				return err
			}
		} else if head > end.N {
			a.gaps = append(a.gaps, gap{chain: end.Chain, from: end.N + 1, to: head})
		}
	}
	waiting, err := d.store.Unstarted(ctx)
	if err != nil {
		return fmt.Errorf("looking for cases that have not begun: %w", err)
	}
	for _, row := range a.named {
		_, head, err := d.store.CountLines(ctx, row.Case, 0, 0)
		if err != nil {
			return fmt.Errorf("looking for a case's chain: %w", err)
		}
		if head > 0 || slices.ContainsFunc(waiting, func(r playbook.Reserved) bool { return r.Case == row.Case }) {
			continue
		}
		err = a.finds(row, "the register names a case that has no record")
		if err != nil {
			return err
		}
	}
	return nil
}

// finds reports that the record is not as it should be, at a row's place.
func (a *auditing) finds(at dossier.AuditRow, what string) error {
	return a.each(dossier.AuditRow{Chain: at.Chain, N: at.N, Entry: at.Entry, Case: at.Case, Sort: dossier.AuditFinding, What: what})
}

// line takes the next line of the period.
func (a *auditing) line(chain string, l dossier.Line) error {
	first := chain != a.chain
	if first && a.chain != "" {
		a.ends = append(a.ends, dossier.AuditRow{Chain: a.chain, N: a.last.N})
	}
	switch {
	case first && l.N > 1: // what stands before was made earlier, or is missing
		a.gaps = append(a.gaps, gap{chain: chain, from: 1, to: l.N - 1})
	case !first && l.N > a.last.N+1:
		a.gaps = append(a.gaps, gap{chain: chain, from: a.last.N + 1, to: l.N - 1})
	case !first && l.Prev != a.last.Hash:
		err := a.finds(dossier.AuditRow{Chain: chain, N: l.N, Entry: l.Entry.ID}, "the line does not follow from the one before it")
		if err != nil {
			return err
		}
	}
	a.chain, a.last = chain, l
	row, asked := dossier.Audited(chain, l)
	if !asked {
		return nil
	}
	if gavePoints(l) {
		blind, known := a.blind[chain]
		if !known || slices.Contains(blind, l.Entry.Fact.Request) { // unknown: given since it was looked for
			row = row.Blinded()
		}
	}
	if chain == dossier.Register && row.Case != "" {
		a.named = append(a.named, row)
	}
	return a.each(row)
}
