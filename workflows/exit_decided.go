package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
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

// Whether notice can be given in time for the day by which the vendor is to be off.
const (
	noticeInTime  = "in-time"
	noticeLate    = "late"    // the contract runs on after that day
	noticeUnknown = "unknown" // nobody said how long before its end notice must arrive
	noticePresses = "presses" // it goes out before the emergency is ratified, or it would be too late
)

// sayWhen puts down until when notice must have arrived, and when the contract then ends
// at the earliest, before anybody gives notice.
func (x *departing) sayWhen(ctx workflow.Context) {
	if x.said {
		return
	}
	x.said = true
	d := &dossier.Detail{Result: noticeUnknown, Ends: x.in.Expiry.On}
	now, by := x.now(ctx), x.order.By
	e := x.in.Expiry
	if !e.On.IsZero() {
		_, _, d.Due = engagement.NoticeOf(e, engagement.Watch{})
		d.Amount = e.NoticeDays
		d.Result = noticeInTime
		if runsOn(e, now).After(by) {
			d.Result = noticeLate
		}
	}
	x.note(ctx, dossier.NoticeDue, "", "", nil, d)
}

// runsOn is until when a contract binds whose notice arrives now: its end, or where that
// notice comes too late for it and it goes on by itself, the end of the next period.
func runsOn(e engagement.Expiry, now time.Time) time.Time {
	end := e.On
	for e.Renews && e.RenewMonths > 0 && end.AddDate(0, 0, -max(e.NoticeDays, 0)).Before(now) {
		end = engagement.MonthsLater(end, e.RenewMonths)
	}
	return end
}

// awaitsRatification reports whether notice waits for those who look at what was decided in
// an emergency: they are asked first, and the vendor is told what they have agreed to. On
// the last day on which notice arrives in time it is asked for all the same, and the
// record says so.
func (x *departing) awaitsRatification(ctx workflow.Context) bool {
	if x.besideDone() {
		return false
	}
	at, now := x.noticePresses(), x.now(ctx)
	if at.IsZero() || now.Before(at) || x.drill() {
		return true
	}
	if !now.Before(at.AddDate(0, 0, 2)) { // it is too late for that: nothing is gained by haste
		return true
	}
	x.note(ctx, dossier.NoticeDue, "", "", nil, &dossier.Detail{Result: noticePresses, Due: at.AddDate(0, 0, 1), Ends: x.in.Expiry.On, Amount: x.in.Expiry.NoticeDays})
	return false
}

// noticePresses is when notice can wait for nobody any more: a day before the last on which
// it arrives in time. Zero: nobody said when that is.
func (x *departing) noticePresses() time.Time {
	_, _, last := engagement.NoticeOf(x.in.Expiry, engagement.Watch{})
	if last.IsZero() {
		return last
	}
	return last.AddDate(0, 0, -1)
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
