package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// slugOf finds a vendor by what somebody calls it, among the cases that they may see:
// that a vendor is looked at is not for everybody. Buttons, pages and scripts say the
// slug, for which that vendor's own cases are read; by a name every case is looked at.
func (d *Desk) slugOf(ctx context.Context, p playbook.Person, called string, in func(*dossier.CaseView) bool) (string, bool, error) {
	theirs := func(v *dossier.CaseView) bool { return v.Vendor != "" && in(v) && access.May(p, access.Leave, v) }
	if engagement.CheckSlug(called) == nil {
		for _, prefix := range []string{workflows.OversightPrefix(called), workflows.OnboardingPrefix(called)} {
			views, err := d.store.CasesIn(ctx, prefix)
			if err != nil {
				return "", false, fmt.Errorf("looking whether a vendor is known: %w", err)
			}
			if slices.ContainsFunc(views, func(v dossier.CaseView) bool { return v.Vendor == called && theirs(&v) }) {
				return called, true, nil
			}
		}
	}
	views, err := d.store.Cases(ctx)
	if err != nil {
		return "", false, fmt.Errorf("looking which vendors are known: %w", err)
	}
	byName, named := "", map[string]bool{} // whose names were looked up
	for i := range views {
		v := &views[i]
		if !theirs(v) {
			continue
		}
		if v.Vendor == called {
			return v.Vendor, true, nil
		}
		if byName == "" && !named[v.Vendor] && d.VendorName(ctx, v.Vendor) == called {
			byName = v.Vendor
		}
		named[v.Vendor] = true
	}
	return byName, byName != "", nil
}

// newest is the last of the cases with a prefix in a state; none: the zero one.
func newest(views []dossier.CaseView, prefix string, state dossier.CaseState) dossier.CaseView {
	last := dossier.CaseView{}
	for _, v := range views {
		if v.State == state && hasPrefix(v.ID, prefix) && cmp.Or(cmp.Compare(len(v.ID), len(last.ID)), cmp.Compare(v.ID, last.ID)) > 0 { // /10 comes after /9
			last = v
		}
	}
	return last
}

// newestIn is newest in the record: no case with another prefix is read.
func (d *Desk) newestIn(ctx context.Context, prefix string, state dossier.CaseState) (dossier.CaseView, error) {
	views, err := d.store.CasesIn(ctx, prefix)
	return newest(views, prefix, state), err
}

// vendorKnown gathers what is known of a vendor who works.
func (d *Desk) vendorKnown(ctx context.Context, p playbook.Person, called string) (known, error) {
	slug, found, err := d.slugOf(ctx, p, called, works)
	if err != nil {
		return known{}, err
	}
	watches, err := d.store.CasesIn(ctx, workflows.OversightPrefix(slug))
	if err != nil {
		return known{}, fmt.Errorf("reading who watches a vendor: %w", err)
	}
	k := known{name: d.VendorName(ctx, slug), view: newest(watches, workflows.OversightPrefix(slug), dossier.Running)}
	k.oversight = k.view.ID
	nobody := invalid("name a vendor who works and whose case is yours to see; `gangway cases` lists them, and `gangway adopt` takes in who has worked before",
		"vendor: no vendor of yours who works is called %.60q", called)
	if !found || len(watches) > 0 && k.oversight == "" { // its oversight ended: the vendor was left
		return known{}, nobody
	}
	switch {
	case k.oversight == "":
		k.view, err = d.newestIn(ctx, workflows.OnboardingPrefix(slug), dossier.Live)
	case k.view.Predecessor != "":
		k.past, err = d.store.Case(ctx, k.view.Predecessor)
	}
	if err != nil && !isNotFound(err) {
		return known{}, fmt.Errorf("reading by which case a vendor came on board: %w", err)
	}
	exits, err := d.store.CasesIn(ctx, workflows.ExitPrefix(slug))
	if err != nil {
		return known{}, fmt.Errorf("reading whether a vendor was left: %w", err)
	}
	k.leaving = newest(exits, workflows.ExitPrefix(slug), dossier.Running).ID
	if _, left := leftSince(exits, &k.view); k.oversight == "" && left { // an onboarding goes on saying that it ended live
		return known{}, nobody
	}
	err = d.knownFacts(ctx, &k)
	if err != nil {
		return known{}, err
	}
	err = d.knownPapers(ctx, &k)
	return k, err
}

// leftSince is the first of a vendor's exits that was carried out after they had come on
// board by a case: whoever comes back may be left again. Without one they were not left.
func leftSince(exits []dossier.CaseView, onBoard *dossier.CaseView) (by dossier.CaseView, left bool) {
	for _, v := range exits {
		carriedOut := v.Vendor == onBoard.Vendor && v.State == workflows.ResultExited && !v.Closed.Before(onBoard.Closed)
		if carriedOut && (!left || v.Closed.Before(by.Closed)) {
			by, left = v, true
		}
	}
	return by, left
}

// LeftBy reports whether the vendor of an onboarding that ended live was left since, and
// by which exit; that is empty for somebody who may not see it.
func (c clerk) LeftBy(ctx context.Context, who review.Address, onBoard string) (by string, left bool, err error) {
	p, v, err := c.desk.inCase(ctx, who, access.SeeCase, onBoard)
	if err != nil {
		return "", false, err
	}
	exits, err := c.desk.store.CasesIn(ctx, workflows.ExitPrefix(v.Vendor))
	if err != nil {
		return "", false, fmt.Errorf("reading by what a vendor was left: %w", err)
	}
	exit, left := leftSince(exits, &v)
	if left && access.May(p, access.SeeCase, &exit) {
		by = exit.ID
	}
	return by, left, nil
}
