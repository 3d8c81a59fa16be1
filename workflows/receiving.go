package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// received is what somebody of the vendor who comes after is given with a request that is
// theirs by name; the zero one: nobody of theirs is asked.
type received struct {
	vendor       string
	about, given []string
}

// comes reports whether a receiver is of the vendor who comes after. The plan may name
// somebody of a vendor who does so no longer, or who has left that vendor since.
func (p *passing) comes(receiver string) bool {
	vendor := vendorOf(receiver)
	return vendor != "" && vendor == p.in.Order.Successor && vendor != p.in.Vendor && !slices.Contains(p.gone, receiver)
}

// vendorOf is the vendor whose contact an id is; empty: it is one of our own.
func vendorOf(id string) string {
	if !playbook.IsContact(id) {
		return ""
	}
	vendor, _, _ := strings.Cut(id, ".")
	return vendor
}

// gives is what goes with a request to a receiver: what it is about, by the ids of the
// plan, and what the vendor filed about it.
func (p *passing) gives(receiver string, from *asked, about ...string) received {
	if !p.comes(receiver) {
		return received{}
	}
	g := received{vendor: vendorOf(receiver), about: about}
	if from != nil {
		for _, b := range standing(from.req) {
			g.given = union(g.given, b.Documents)
		}
	}
	return g
}

// idsOf are those of some assets.
func idsOf(some []*piece) []string {
	var ids []string
	for _, x := range some {
		ids = append(ids, x.asset.ID)
	}
	return ids
}

// receivedBy is a step whose owner's seat, else its first, is the receiver's by name. A
// step without a receiver is as the playbook has it; what a vendor who does not come after
// all was to receive is the case owner's.
func (p *passing) receivedBy(s playbook.Step, receiver string) playbook.Step {
	switch {
	case receiver == "":
		return s
	case vendorOf(receiver) != "" && !p.comes(receiver):
		return ownedBy(s, review.OwnerRole)
	}
	return ownedBy(s, review.NamedPrefix+receiver)
}

// receiverOf is whoever receives as the case stands: whom the plan names, where they are
// one of our own or of the vendor who comes after; else the owner.
func (p *passing) receiverOf(receiver string) string {
	if receiver == "" || vendorOf(receiver) != "" && !p.comes(receiver) {
		return p.owner()
	}
	return receiver
}

// succeeds takes which vendor comes after, and says whose people receive no longer.
func (p *passing) succeeds(ctx workflow.Context, successor string) (fallen string) {
	was := p.in.Order.Successor
	p.in.Order.Successor = successor
	if was == successor {
		return ""
	}
	p.release(ctx, was)
	return was
}

// release tells whoever of a vendor was asked to receive something, since it was told so
// last, that nothing is asked of them any more: each once on that day, in however many
// parts of the case they were asked. Whoever left that vendor hears nothing.
func (p *passing) release(ctx workflow.Context, vendor string) {
	var people []string
	for _, a := range p.asks[p.released:] {
		for _, t := range a.req.Told {
			if vendor != "" && a.req.Receiver == vendor && vendorOf(t.Person) == vendor && !slices.Contains(p.gone, t.Person) {
				people = union(people, []string{t.Person})
			}
		}
	}
	p.released = len(p.asks)
	slices.Sort(people)
	now := p.now(ctx)
	for _, id := range people {
		p.note(ctx, dossier.SentToVendor, "", "", nil, &dossier.Detail{Person: id, Result: playbook.WhyReleased})
		p.notices = append(p.notices, review.Notice{ID: p.in.Case + "/released/" + now.Format(time.DateOnly) + "/" + id, Case: p.in.Case, Person: id, Why: playbook.WhyReleased, At: now})
	}
}

// succeeds has what people of a vendor were to learn who comes no longer learnt by the
// owner, also where they had learnt it already: it would be known to nobody of those who
// do the work.
func (c *teaching) succeeds(ctx workflow.Context, successor string) {
	fallen := c.passing.succeeds(ctx, successor)
	for _, a := range c.areas {
		if fallen == "" || vendorOf(a.Receiver) != fallen {
			continue
		}
		if s := a.session; s != nil && s.ask == nil { // it is in their calendars
			c.callOff(ctx, s)
			a.session = nil
		}
		shown := a.at == areaShown || a.at == areaJudged || a.at == areaSigned
		ours := a.shown != nil && a.shown.req.Receiver != fallen // they left before, and the owner learnt it
		if ours || !shown && (a.at != areaOver || a.matter.State != exit.StateDone) {
			continue
		}
		for _, x := range []*asked{a.shown, a.judged, a.signed} {
			c.closeAs(ctx, x, "superseded")
		}
		c.settle(ctx, a, "")
		a.shown, a.judged, a.signed = nil, nil, nil
		a.at, a.why, a.matter = areaShown, "", c.matter(a.id)
	}
}

// succeeds has what people of a vendor were to take who comes no longer taken by the
// owner, also where they had taken it already.
func (h *handingOver) succeeds(ctx workflow.Context, successor string) {
	fallen := h.passing.succeeds(ctx, successor)
	for _, l := range h.lists {
		if fallen == "" || vendorOf(l.receiver) != fallen {
			continue
		}
		if l.hand != nil && l.hand.req.Receiver != "" { // secrets that they were to make anew
			h.closeAs(ctx, l.hand, "superseded")
			for _, x := range l.of(pieceAsked) {
				x.at = pieceThere
			}
		}
		h.closeAs(ctx, l.take, "superseded")
		for _, x := range append(l.of(pieceOffered), l.of(pieceTaken)...) {
			document := x.matter.Document
			x.at, x.matter = pieceGood, h.matter(x.asset.ID)
			x.matter.Document = document
		}
	}
}
