package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// stale are the items that have to be shown before anybody goes live with the vendor,
// though its due diligence is over: what ran out since, and what a corrected intake
// asks besides; fresh are the latter.
func (o *onboarding) stale(now time.Time) (items, fresh []string) {
	if len(o.shown) == 0 {
		return nil, nil
	}
	for _, s := range o.in.Steps {
		switch {
		case s.Process != playbook.Diligence || s.Kind != review.Delivery || s.Does != "" || !o.applies(s):
		case !slices.Contains(o.shown, s.ID):
			items, fresh = append(items, s.ID), append(fresh, s.ID)
		case slices.ContainsFunc(o.expiries, func(e engagement.Expiry) bool { return e.Name == s.ID && o.lapses(e) && !e.On.After(now) }):
			items = append(items, s.ID)
		}
	}
	return items, fresh
}

// lapses reports whether something is evidence of a due diligence, or a waiver of it,
// that is asked for again when it runs out.
func (o *onboarding) lapses(e engagement.Expiry) bool {
	return e.Kind != engagement.ExpiryCopy && e.Kind != engagement.ExpiryReview && strings.HasPrefix(e.Process, DiligencePrefix(o.in.Vendor)+"/")
}

// renew starts a due diligence of nothing but stale items, unless one runs already or
// the owner has to say what becomes of one. Who signed the risk record signs it anew
// where something is known that was never asked before.
func (o *onboarding) renew(ctx workflow.Context) (started bool, err error) {
	items, fresh := o.stale(o.now(ctx))
	busy := slices.ContainsFunc(o.children, func(c *child) bool {
		return c.part == playbook.Diligence && (!c.taken || c.chore != nil && c.chore.req.Closed == nil)
	})
	if !o.in.Renew || len(items) == 0 || busy || o.unsigned() {
		return false, nil
	}
	id, err := o.number(ctx, DiligencePrefix(o.in.Vendor), string(playbook.Diligence), partSummary(playbook.Diligence))
	if err != nil {
		return false, err
	}
	if len(fresh) > 0 {
		for _, s := range o.in.Steps {
			if s.Process == playbook.Diligence && (s.Does == playbook.DoesRisk || s.Kind == review.Task) {
				items = append(items, s.ID)
			}
		}
	}
	o.startDiligence(ctx, id, items)
	return true, nil
}

// nextEnd is when the case itself has something to do next: evidence runs out, or a copy
// was kept for as long as it may be. Zero: nothing.
func (o *onboarding) nextEnd(ctx workflow.Context) time.Time {
	var next time.Time
	if !o.in.Renew || o.result != "" {
		return next
	}
	now := o.now(ctx)
	for _, e := range o.expiries {
		watched := e.Kind == engagement.ExpiryCopy || o.held == nil && o.lapses(e)
		if watched && e.On.After(now) && (next.IsZero() || e.On.Before(next)) {
			next = e.On
		}
	}
	return next
}

// eraseOverdue erases the copies whose days are over while the case still runs; the law
// knows no hold. One that the record refuses is tried again a day later.
func (o *onboarding) eraseOverdue(ctx workflow.Context) (erased bool, err error) {
	i := slices.IndexFunc(o.expiries, func(e engagement.Expiry) bool {
		return o.in.Renew && e.Kind == engagement.ExpiryCopy && !e.On.After(o.now(ctx))
	})
	if i < 0 {
		return false, nil
	}
	id := o.expiries[i].ID
	refused, err := o.eraseCopy(ctx, o.in.Case, o.expiries[i].Name, o.expiries[i].Document)
	if err != nil {
		return false, err
	}
	i = slices.IndexFunc(o.expiries, func(e engagement.Expiry) bool { return e.ID == id })
	if refused {
		o.expiries[i].On = o.now(ctx).AddDate(0, 0, 1)
	} else {
		o.expiries = slices.Delete(o.expiries, i, i+1)
	}
	return true, nil
}

// watchFrom takes over what has to be watched because of what a part brought. It stands
// in the place of what an earlier round of the part brought, so that nobody is asked for
// a certificate that was replaced; copies stay until they are erased.
func (o *onboarding) watchFrom(c *child) {
	prefixes := map[playbook.Process]string{playbook.Contract: ContractPrefix(o.in.Vendor), playbook.DPA: DPAPrefix(o.in.Vendor), playbook.Diligence: DiligencePrefix(o.in.Vendor)}
	prefix, has := prefixes[c.part]
	if has && c.stands() {
		o.expiries = slices.DeleteFunc(o.expiries, func(e engagement.Expiry) bool {
			earlier := e.Kind != engagement.ExpiryCopy && strings.HasPrefix(e.Process, prefix+"/")
			return earlier && (c.only == nil || slices.Contains(c.only, e.Name))
		})
		o.shown, o.looked = union(o.shown, c.other.Items), union(o.looked, c.review.Packs)
	}
	o.expiries = append(o.expiries, c.expiries()...)
}
