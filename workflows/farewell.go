package workflows

import (
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Outward is what a part of a case tells the case so that the vendor can be told of its
// end.
type Outward struct {
	// Contacts are the vendor's people who were asked something.
	Contacts []string `json:"contacts,omitempty"`
	// Declined: the owner withdrew because something was refused.
	Declined bool `json:"declined,omitempty"`
}

// outward is the process's own.
func (p *process) outward() Outward {
	var out Outward
	for _, a := range p.asks {
		for _, t := range a.req.Told {
			seat, _, found := a.req.Seat(t.Seat)
			if found && seat.Role == review.VendorRole && t.Person != "" {
				out.Contacts = union(out.Contacts, []string{t.Person})
			}
		}
		out.Declined = out.Declined || settlesRefusal(a.step.ID) && saysWithdraw(a.req)
	}
	return out
}

// settlesRefusal reports whether a step is a chore about something that was refused.
func settlesRefusal(step string) bool {
	return step == playbook.ChoreRefused || strings.HasPrefix(step, playbook.ChoreSettle+"-") || strings.HasPrefix(step, playbook.ChorePart+"-")
}

func saysWithdraw(r *review.Request) bool {
	b := r.Standing(playbook.OwnerSeat)
	return b != nil && b.Verdict == playbook.Withdraw
}

// takeOutward takes from a part whom it asked.
func (o *onboarding) takeOutward(c *child) {
	for _, x := range []Outward{c.review.Outward, c.dpa.Outward, c.other.Outward} {
		o.outside.Contacts = union(o.outside.Contacts, x.Contacts)
		o.outside.Declined = o.outside.Declined || x.Declined
	}
}

// farewell tells the vendor's people how it ended: each once, whoever was ever asked
// something, and nobody else. Why inside stays inside. It comes after everything else, so
// that what it says of copies is so.
func (o *onboarding) farewell(ctx workflow.Context) {
	for _, c := range o.children {
		if c.done && !c.taken {
			o.takeOutward(c)
		}
	}
	own := o.outward()
	declined := o.outside.Declined || own.Declined
	why := playbook.WhyWithdrawn
	switch {
	case o.result == ResultLive:
		why = playbook.WhyLive
	case declined:
		why = playbook.WhyDeclined
	}
	o.sayFarewell(ctx, union(o.outside.Contacts, own.Contacts), why)
}

// sayFarewell tells some of the vendor's people how it ended.
func (p *process) sayFarewell(ctx workflow.Context, contacts []string, why string) {
	slices.Sort(contacts)
	now := p.now(ctx)
	for _, id := range contacts {
		p.note(ctx, dossier.SentToVendor, "", "", nil, &dossier.Detail{Person: id, Result: why})
		p.notices = append(p.notices, review.Notice{ID: p.in.Process + "/ended/" + id, Case: p.in.Case, Person: id, Why: why, At: now})
	}
}

// farewell tells the vendor's people who were asked something that the vendor is off, or
// that it stays; cut off as it is, where that was done for cause. Of an exit that they were not given notice of nobody outside hears that
// there was one; nor is anybody told of a drill, or of one that was stopped with things
// open: what becomes of those is for the two sides to say.
func (x *departing) farewell(ctx workflow.Context) {
	if x.drill() || !x.noticed {
		return
	}
	why := playbook.WhyOff
	switch x.result.Result {
	case ResultWithdrawn:
		why = playbook.WhyStays
		if x.cut {
			why = playbook.WhyCutOff
		}
	case ResultExited:
	default:
		return
	}
	contacts := x.outward().Contacts
	for _, p := range x.parts {
		contacts = union(contacts, p.result.Outward.Contacts)
	}
	if len(contacts) == 0 { // they had notice, and nobody had asked them anything yet
		contacts = x.contactsOf(ctx)
	}
	x.sayFarewell(ctx, contacts, why)
}

// contactsOf are the vendor's people whom a step that asks the vendor would ask.
func (x *departing) contactsOf(ctx workflow.Context) []string {
	in := x.process.in
	vendor := review.Policy{Groups: []review.Group{{Name: "vendor", Rule: review.RuleAny, Seats: []review.Seat{{ID: "vendor", Role: review.VendorRole}}}}}
	out, err := call(ctx, patient("the vendor's contacts"), actSeat, acts.Seat, activities.SeatIn{Owner: in.Owner, Deputy: in.Deputy, Sponsor: in.Sponsor,
		Vendor: in.Vendor, Now: x.now(ctx), Requests: []activities.SeatRequest{{Request: in.Process + ":farewell", Policy: vendor}}})
	if err != nil { // the exit is cancelled: then nobody is told
		return nil
	}
	var ids []string
	for _, r := range out.Benches {
		for _, b := range r.Benches {
			for _, c := range b.Candidates {
				if c.Via != review.ViaBackup {
					ids = union(ids, []string{c.Person.ID})
				}
			}
		}
	}
	return ids
}

// unreached notes that a contact could not be told of the end.
func (p *process) unreached(ctx workflow.Context, n review.Notice) {
	if strings.HasPrefix(n.Why, playbook.WhyEndedFor) {
		p.note(ctx, dossier.SentToVendor, "", "", nil, &dossier.Detail{Person: n.Person, Result: "unreached"})
	}
}
