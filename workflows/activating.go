package workflows

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// accessNotNow says in the record that the system that gives access was away.
const accessNotNow = "away"

// granting is a form of accesses that are to be given, or wait for the owner's word
// where some were not.
type granting struct {
	of       *asked
	sheet    string
	evidence string
	chore    *asked
	given    bool
}

// activate gives what the signed forms of accesses ask for, once each. What can't be
// given is the owner's to settle: it is tried again, or was given by hand. It reports
// whether the owner still has the word, and whether it waited for the world, after
// which everything is looked at again.
func (o *onboarding) activate(ctx workflow.Context) (open, again bool, err error) {
	for _, g := range o.grants {
		if g.chore != nil && g.chore.req.Closed == nil {
			b := g.chore.req.Standing(playbook.OwnerSeat)
			if b == nil {
				open = true
				continue
			}
			o.shut(ctx, g.chore, review.Met, "decided")
			g.given = b.Verdict == playbook.TakeAnyway
		}
		if g.given {
			continue
		}
		return false, true, o.grant(ctx, g)
	}
	return open, false, nil
}

// grant gives the accesses of one form and notes how each stands. It is tried a few times
// only: what is away for longer is the owner's to settle, as what can't be given is.
func (o *onboarding) grant(ctx workflow.Context, g *granting) error {
	o.working++
	out, err := call(ctx, fewTimes(5*time.Minute, "access for the vendor's people"), actGrantAccess, acts.GrantAccess, activities.AccessIn{Sheet: g.sheet, Evidence: g.evidence})
	o.working--
	o.changes++
	if temporal.IsCanceledError(err) {
		return err
	}
	if out.Evidence != "" {
		g.evidence = out.Evidence
	}
	d := &dossier.Detail{Name: g.of.step.ID, Document: out.Evidence, Result: "given"}
	switch {
	case err != nil && isFinal(err):
		d.Result = string(entitlement.DoubtForm)
	case err != nil:
		d.Result = accessNotNow
	}
	for _, s := range out.Standings {
		d.Values = append(d.Values, stands(s))
		reach := entitlement.ReachOf(s.Footholds)
		o.expire(ctx, g, s, reach)
		if s.Verdict != entitlement.VerdictFound || reach == entitlement.ReachNone {
			d.Result = "not-given" // also where there is no GitHub: then people give it, and say so
		}
	}
	o.note(ctx, dossier.AccessStands, "", "", nil, d)
	if d.Result == "given" {
		g.given = true
		return nil
	}
	chore := playbook.NewChore(playbook.ChoreAccess, playbook.Onboarding, o.process.in.Chores)
	if !slices.ContainsFunc(out.Standings, func(s activities.AccessStanding) bool { return !slices.Contains(s.Doubts, entitlement.DoubtNotSetUp) }) {
		slices.Reverse(chore.Options) // there is no GitHub: trying again helps least
	}
	chore.Step.ID += "-" + g.of.step.ID
	g.chore = o.open(ctx, question{step: chore.Step, options: chore.Options, reasoned: chore.Reasoned})
	return nil
}

// approver is the role that signs what a step delivers, empty where nobody does or each
// case names who.
func approver(s playbook.Step) string {
	if s.Accept == nil {
		return ""
	}
	for _, seat := range s.Accept.Seats() {
		if !strings.HasPrefix(seat.Role, "@") {
			return seat.Role
		}
	}
	return ""
}

// stands is how an access stands, in machine's words and without whose it is.
func stands(s activities.AccessStanding) string {
	words := []string{s.Grant, string(s.Verdict)}
	for _, f := range s.Footholds {
		words = append(words, string(f))
	}
	for _, d := range s.Doubts {
		words = append(words, string(d))
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// expire notes when an access ends: somebody renews it before, or it is taken away. The
// evidence knows the form, whose account it was and what came with it. Who was only
// invited is looked at again.
func (o *onboarding) expire(ctx workflow.Context, g *granting, s activities.AccessStanding, reach entitlement.Reach) {
	e := engagement.Expiry{ID: o.process.in.Process + ":" + g.of.step.ID + "/" + s.Grant, Kind: engagement.ExpiryAccess, Name: s.Grant,
		On: s.Until, Document: cmp.Or(g.evidence, g.sheet), Process: o.process.in.Process, Role: approver(g.of.step)}
	if reach == entitlement.ReachInvited {
		e.Invited = o.now(ctx)
	}
	if i := slices.IndexFunc(o.expiries, func(x engagement.Expiry) bool { return x.ID == e.ID }); i >= 0 {
		o.expiries[i] = e
		return
	}
	o.expiries = append(o.expiries, e)
}
