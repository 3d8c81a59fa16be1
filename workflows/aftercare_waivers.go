package workflows

import (
	"slices"
	"strings"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// watch puts what an exit waived among what is followed, under the id that it has there.
// On the day on which the waiver ends nobody has looked; the owner is asked before it.
func (c *aftercare) watch(ctx workflow.Context, m exit.Matter) {
	x := c.matter(m.ID)
	x.State, x.By, x.Until, x.Why, x.Document = exit.StateWaived, m.By, m.Until, m.Why, c.in.Certificate
	x.before = exit.Matter{State: exit.StateNotCheckable, Why: m.Why, Found: m.Found, Document: c.in.Certificate}
	x.asks, x.comes = playbook.ChoreLapsed, c.ahead(ctx, m.Until, c.lead)
	d := &dossier.Detail{Name: x.ID, Result: string(x.State), Document: x.Document, By: x.By, Ends: x.Until}
	if x.Why != "" {
		d.Values = []string{x.Why}
	}
	c.note(ctx, dossier.MatterSettled, x.By, "", nil, d)
}

// placeOf is the place of an exit's matter that gangway itself can look at again; empty:
// people have to.
func (c *aftercare) placeOf(name string) inventory.Place {
	part, _, _ := strings.Cut(name, "/")
	place := inventory.Place(name[strings.LastIndexByte(name, ':')+1:])
	if part != exit.PartRevocation || c.in.Roster == "" || !slices.Contains(inventory.Places(), place) {
		return ""
	}
	return place
}

// lookAgain has what the owner named looked at: access by an inventory, and of the rest
// the owner files what shows that it is seen to, which somebody else looks at.
func (c *aftercare) lookAgain(ctx workflow.Context) error {
	names := c.look
	c.look = nil
	shown := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return c.placeOf(n) != "" })
	for _, e := range c.ends {
		if slices.ContainsFunc(e.names, func(n string) bool { return slices.Contains(shown, n) }) { // it was asked for before
			c.shut(ctx, e.ask, review.Open, "superseded")
			c.shut(ctx, e.decision, review.Open, "superseded")
		}
	}
	c.ends = slices.DeleteFunc(c.ends, func(e *lapse) bool {
		return slices.ContainsFunc(e.names, func(n string) bool { return slices.Contains(shown, n) })
	})
	if len(shown) > 0 {
		e := &lapse{on: c.now(ctx), names: shown, document: c.in.Certificate, chore: playbook.ChoreLapsed}
		c.ends = append(c.ends, e)
		c.become(ctx, e, "", exit.Matter{State: exit.StateOpen, Document: e.document})
	}
	if len(shown) == len(names) {
		return nil
	}
	return c.lookAtPlaces(ctx, slices.DeleteFunc(names, func(n string) bool { return slices.Contains(shown, n) }))
}

// shownStep asks the owner for what shows that something is seen to; the sponsor, or else
// the deputy, says whether that will do.
func (c *aftercare) shownStep() playbook.Step {
	s := playbook.NewChore(playbook.ChoreShown, exit.PartAftercare, c.process.in.Chores).Step
	for _, other := range []string{c.process.in.Sponsor, c.process.in.Deputy} {
		if other != "" && other != c.owner() && s.Accept == nil {
			s.Accept = &review.Policy{Groups: []review.Group{{Name: "second", Rule: review.RuleAll,
				Seats: []review.Seat{{ID: "second", Role: review.NamedPrefix + other, Mandatory: true, Minutes: 15}}}}}
		}
	}
	return s
}

// lookAtPlaces takes the inventory again, and says of each place what was seen. It cuts
// nothing: what is there is the owner's to take away.
func (c *aftercare) lookAtPlaces(ctx workflow.Context, names []string) error {
	c.working++
	out, err := call(ctx, resumed("inventory of what was waived"), actInventory, acts.Inventory, activities.InventoryIn{Roster: c.in.Roster})
	c.working--
	c.changes++
	if temporal.IsCanceledError(err) {
		return err
	}
	if err == nil && out.Evidence != "" {
		c.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: InventoryDocument, Document: out.Evidence, Version: c.count(InventoryDocument)})
	}
	for _, name := range names {
		to := exit.Matter{State: exit.StateNotCheckable, Why: string(doubtAway), Document: out.Evidence}
		i := slices.IndexFunc(out.Counts, func(n inventory.Count) bool { return n.Place == c.placeOf(name) })
		if err == nil && i >= 0 {
			n := out.Counts[i]
			to.Found, to.Why = n.Found, ""
			if len(n.Doubts) > 0 {
				to.Why = string(n.Doubts[0])
			}
			switch n.Verdict {
			case entitlement.VerdictClean:
				to.State = exit.StateDone
			case entitlement.VerdictFound:
				to.State = exit.StateFound
			}
		}
		c.becomes(ctx, name, playbook.ChoreLapsed, to)
	}
	return nil
}
