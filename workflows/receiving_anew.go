package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/exit"
	"gangway/internal/review"
)

// successor is the vendor who comes after, as long as nothing says that they do not;
// empty: nobody does.
func (x *departing) successor() string {
	if x.order.After != exit.AfterReplaced || x.fell {
		return ""
	}
	return x.order.Successor
}

// tellSuccessor tells the parts in which somebody receives whose people can: whoever does
// not come after all sees and says nothing more.
func (x *departing) tellSuccessor(ctx workflow.Context) {
	for _, p := range x.parts {
		receives := p.name == exit.PartTransfer || p.name == exit.PartHandover
		if !receives || p.done || x.drill() || p.successor == x.successor() {
			continue
		}
		p.successor = x.successor()
		x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalPart, PartNews{Word: NewsSuccessor, Successor: p.successor}))
	}
}

// unreceived reports whether people of a vendor who comes no longer learnt or took what a
// part calls done, and it ended before it could be told so.
func (x *departing) unreceived(p *exitPart) bool {
	return p.taken && len(p.result.Theirs) > 0 && p.result.Successor != x.successor()
}

// receiveAnew has what such people learnt learnt by us, and what they took taken by us: it
// is open again, by a run of its own beside what stays done.
func (x *departing) receiveAnew(ctx workflow.Context, p *exitPart) error {
	theirs, n := p.result.Theirs, partWants{}
	p.result.Theirs = nil
	for _, a := range x.read.Areas {
		if p.name == exit.PartTransfer && slices.Contains(theirs, a.ID) {
			n.areas = append(n.areas, a)
		}
	}
	for _, a := range x.assetsOf(p) {
		if p.name == exit.PartHandover && slices.Contains(theirs, a.ID) {
			n.assets = append(n.assets, a)
		}
	}
	named := func(m exit.Matter) bool {
		return m.State == exit.StateDone && slices.Contains(theirs, m.Name) &&
			(slices.ContainsFunc(n.areas, func(a exit.Area) bool { return a.ID == m.Name }) || slices.ContainsFunc(n.assets, func(a exit.Asset) bool { return a.ID == m.Name }))
	}
	for _, m := range p.matters {
		if named(m) {
			n.before = append(n.before, m)
			x.noteMatter(ctx, exit.Matter{ID: m.ID, Name: m.Name, State: exit.StateOpen, Why: exit.WhyNotComing, Document: m.Document}, review.Written{})
		}
	}
	if len(n.before) == 0 {
		return nil
	}
	p.matters = slices.DeleteFunc(p.matters, named)
	return x.startPart(ctx, p.name, n)
}

// assetsOf are those that a hand-over knew: the plan's with what joined them, or what it
// was about alone.
func (x *departing) assetsOf(p *exitPart) []exit.Asset {
	if p.more {
		return p.found.assets
	}
	all := slices.Clone(x.read.Assets)
	for _, n := range x.joined {
		all = append(all, n.Assets...)
	}
	return all
}

// showAnew has areas shown that were taught and shown before: there is material, and who
// learnt from it is gone.
func (c *teaching) showAnew(before []exit.Matter) {
	for _, m := range before {
		for _, a := range c.areas {
			if a.id == m.Name && c.complete() {
				a.came, a.left, a.at = true, 0, areaShown
			}
		}
	}
}

// takeAnew has assets taken that were handed over and verified before.
func (h *handingOver) takeAnew(before []exit.Matter) {
	for _, m := range before {
		for _, x := range h.pieces() {
			if x.asset.ID != m.Name || h.stepFor(exit.DoesTake, x.asset.Kind) == nil {
				continue
			}
			x.at, x.matter.Document = pieceGood, m.Document
			if vendorOf(m.By) == "" { // else it was verified by who took it
				x.verified = m.By
			}
		}
	}
}

// byTheirs says in the result what people of the vendor who comes after have learnt.
func (c *teaching) byTheirs() {
	for _, a := range c.areas {
		if a.at == areaOver && a.matter.State == exit.StateDone && a.signed != nil && a.signed.req.Receiver != "" {
			c.theirs(a.id)
		}
	}
}

// byTheirs says in the result what people of the vendor who comes after have taken.
func (h *handingOver) byTheirs() {
	for _, l := range h.lists {
		if vendor := vendorOf(l.receiver); vendor == "" || vendor != h.in.Order.Successor {
			continue
		}
		for _, x := range l.of(pieceTaken) {
			h.theirs(x.asset.ID)
		}
	}
}

func (p *passing) theirs(id string) {
	p.result.Theirs, p.result.Successor = append(p.result.Theirs, id), p.in.Order.Successor
}
