package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// decided goes on from the decision inside. For cause access is cut now, before anybody
// outside hears of it; else nothing that the vendor sees changes until it is told.
func (x *departing) decided(ctx workflow.Context) {
	x.cut = x.order.Plays() == exit.ModeForCause
	x.askReplacement(ctx)
}

// unratified escalates a refusal of what was decided in an emergency: the sponsor hears of
// it, and the owner has to say what becomes of it. It restores nothing by itself.
func (x *departing) unratified(ctx workflow.Context, d *duty) {
	if d.step.Does != exit.DoesRatify || d.told || d.asked == nil || d.done {
		return
	}
	t := d.asked.req.Tally(x.now(ctx))
	if !t.State.Decided() || t.State == review.Met {
		return
	}
	d.told = true
	b := lastOf(d.asked.req, review.Reject)
	x.note(ctx, dossier.NotRatified, b.Person, b.Answer, nil, &dossier.Detail{Step: d.step.ID, Written: b.Written})
	sponsor := x.process.in.Sponsor
	if sponsor != "" && sponsor != x.owner() {
		x.tell(ctx, d.asked, "", sponsor, playbook.WhyOwner)
	}
}

// noticePresses: notice goes out before the emergency is ratified, or it would be too late.
const noticePresses = "presses"

// dates are until when notice has to arrive as things stand, and what that makes of the
// day by which the vendor is to be off: what whoever asked for the exit was shown.
func (x *departing) dates(now time.Time) dossier.ExitDates {
	e := x.in.Expiry
	return dossier.DatesOf(e, !e.On.IsZero() && !x.in.NoticeUnknown, now.UTC().Truncate(24*time.Hour), x.order.By)
}

// sayWhen puts down until when notice must have arrived, and when the contract then ends
// at the earliest, before anybody gives notice.
func (x *departing) sayWhen(ctx workflow.Context) {
	if x.said {
		return
	}
	x.said = true
	x.note(ctx, dossier.NoticeDue, "", "", nil, x.dates(x.now(ctx)).Entry())
}

// awaitsRatification reports whether notice waits for those who look at what was decided in
// an emergency: they are asked first, and the vendor is told what they have agreed to. On
// the last day on which notice arrives in time it is asked for all the same, and the
// record says so.
func (x *departing) awaitsRatification(ctx workflow.Context) bool {
	if x.besideDone() {
		return false
	}
	now := x.now(ctx)
	at := x.noticePresses(now)
	if at.IsZero() || now.Before(at) || x.drill() {
		return true
	}
	d := x.dates(now)
	if now.Truncate(24 * time.Hour).After(d.LastNotice) { // it is too late for that: nothing is gained by haste
		return true
	}
	x.note(ctx, dossier.NoticeDue, "", "", nil, &dossier.Detail{Result: noticePresses, Due: d.LastNotice, Ends: d.Ends, Amount: d.NoticeDays})
	return false
}

// noticePresses is when notice can wait for nobody any more: a day before the last on which
// it ends the contract when that ends by its terms. Zero: nobody said when that is.
func (x *departing) noticePresses(now time.Time) time.Time {
	d := x.dates(now)
	if d.LastNotice.IsZero() || d.NoticeBy.IsZero() {
		return time.Time{}
	}
	return d.LastNotice.AddDate(0, 0, -1)
}

// takeNotice takes the receipt of the notice.
func (x *departing) takeNotice(ctx workflow.Context, d *duty) {
	var sent, received time.Time
	for _, b := range standing(d.asked.req) {
		sent, received = dateIn(b, exit.PointSent), dateIn(b, exit.PointReceived)
		if receipt := findingIn(b, exit.PointReceipt).Document; receipt != "" {
			d.matter.Document = receipt
		}
	}
	x.notice, x.noticed, x.arrivedOn = d.matter.Document, true, received
	x.note(ctx, dossier.NoticeGiven, d.matter.By, d.matter.Answer, nil, &dossier.Detail{Step: d.step.ID, Document: x.notice, Starts: sent, Ends: received})
}

// rehearse lets a step take its deadline, in a drill: nobody is asked, but for what they
// have an hour for.
func (x *departing) rehearse(ctx workflow.Context, d *duty) bool {
	if !x.practise(ctx, x.inTime(d.step), 1, x.order.WithPeople, &d.played) {
		return false
	}
	d.done = true
	d.matter = d.played.matter(x.process.in.Process, exit.PartExit, d.step)
	if d.step.Does == exit.DoesPlan {
		x.plan = x.in.Plan
	}
	return true
}
