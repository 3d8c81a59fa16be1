package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// stage is what is waited for about something that runs out.
type stage string

const (
	stageVendor   stage = "vendor"   // the vendor sends the next one
	stageAccept   stage = "accept"   // the owner says whether that will do
	stageAsked    stage = "asked"    // our own people say what becomes of it
	stageBegun    stage = "begun"    // a process reports
	stageFailed   stage = "failed"   // it came to nothing, and the owner says what now
	stageLapsed   stage = "lapsed"   // it ran out, and the owner says what now
	stageNotice   stage = "notice"   // owner and sponsor say what becomes of the contract
	stageSponsor  stage = "sponsor"  // … the sponsor alone does
	stageTerms    stage = "terms"    // the owner files what was agreed
	stageLeaving  stage = "leaving"  // the owner gives notice
	stageLeft     stage = "left"     // notice was given
	stageRemove   stage = "remove"   // somebody removes or erases it by hand
	stageErrand   stage = "errand"   // it is being removed, erased or looked at
	stageGone     stage = "gone"     // it was removed, and is looked at once more
	stageInvited  stage = "invited"  // nobody accepted an invitation, and somebody says what now
	stageInviting stage = "inviting" // they are being invited again
	stageSilent   stage = "silent"   // what was begun says nothing, and the owner looks at it
)

// bringUp asks about something in time, or begins what renews it.
func (o *oversight) bringUp(ctx workflow.Context, w *Watching) error {
	switch w.Expiry.Kind {
	case engagement.ExpiryCertificate, engagement.ExpiryInsurance, engagement.ExpiryEvidence, engagement.ExpiryStaffCheck:
		o.askVendor(ctx, w, "")
	case engagement.ExpiryContract:
		o.askNotice(ctx, w)
	case engagement.ExpiryDeclaration:
		if w.Expiry.Person == "" { // the vendor's own
			o.askVendor(ctx, w, "")
			return nil
		}
		o.askOwner(ctx, w, stageAsked)
	case engagement.ExpiryCopy:
		o.lapse(ctx, w)
	case engagement.ExpiryDPA:
		if w.Expiry.Name != lookAgainName && o.collects() {
			return o.beginDPA(ctx, w)
		}
		o.askOwner(ctx, w, stageAsked)
	default:
		o.askOwner(ctx, w, stageAsked)
	}
	return nil
}

// lookAgainName is what the day is called on which an agreement is looked at again.
const lookAgainName = "look-again"

// askVendor asks the vendor for the next one; words is the answer whose words for them
// go with it.
func (o *oversight) askVendor(ctx workflow.Context, w *Watching, words string) {
	w.Stage = stageVendor
	o.ask(ctx, w, vendorMatter(w.Expiry), words, nil)
}

// askOwner asks the client's own people what becomes of it.
func (o *oversight) askOwner(ctx workflow.Context, w *Watching, at stage) {
	w.Stage, w.Again = at, time.Time{}
	var v []review.Version
	if at == stageAccept && w.Document != "" {
		v = []review.Version{{Number: 1, Document: w.Document, At: o.now(ctx)}}
	}
	o.ask(ctx, w, ownerMatter(w.Expiry, at), "", v)
}

// ask asks a matter about something; the request is about w from now on.
func (o *oversight) ask(ctx workflow.Context, w *Watching, m matter, words string, versions []review.Version) *asked {
	o.stopAsking(ctx, w)
	role := m.role
	if role == "" {
		role = review.OwnerRole
	}
	s := o.asStep(ctx, w, m)
	s.Policy = review.Policy{Groups: []review.Group{{Name: "asked", Rule: review.RuleAll, Seats: []review.Seat{{ID: seatOf(role), Role: role, Mandatory: true, Minutes: 15}}}}}
	q := question{step: s, options: m.options, reasoned: m.reasoned, points: m.expects, vendorText: words, toVendor: playbook.Outward(m.options), versions: versions, watched: w.Expiry.ID}
	if len(versions) > 0 {
		q.document = string(w.Expiry.Kind)
	}
	a := o.open(ctx, q)
	w.Request = a.req.ID
	return a
}

// asStep is the step of a matter, without who is asked.
func (o *oversight) asStep(ctx workflow.Context, w *Watching, m matter) playbook.Step {
	kind := m.kind
	if kind == "" {
		kind = review.Task
	}
	return playbook.Step{ID: m.step, Process: playbook.Oversight, Kind: kind, Title: m.title, Ask: m.ask, Points: o.bounded(w, m.points), Deadlines: o.spread(ctx, w)}
}

// bounded holds the day until which an access is renewed to what the playbook lets one
// last, as the form does by which it is asked for.
func (o *oversight) bounded(w *Watching, points []engagement.Point) []engagement.Point {
	for i := range points {
		if w.Expiry.Kind == engagement.ExpiryAccess && points[i].ID == pointUntil {
			points[i].MostDays = o.in.Watch.AccessDays
		}
	}
	return points
}

func seatOf(role string) string {
	switch role {
	case review.VendorRole:
		return "vendor"
	case review.OwnerRole:
		return playbook.OwnerSeat
	default:
		return "asked"
	}
}

// overdueDays is how many days people have for what is owed already.
const overdueDays = 14

// spread are the deadlines of a request about something: reminders and those who are
// called in are spread over the days that are left, and go on after its end.
func (o *oversight) spread(ctx workflow.Context, w *Watching) playbook.Deadlines {
	days := overdueDays
	now := o.now(ctx)
	if end := w.Expiry.On; end.After(now) && w.Stage != stageInvited { // which is not good until then
		days = max(1, min(int(end.Sub(now)/(24*time.Hour)), mostDays))
	}
	at := func(part, of int) calendar.Span { return calendar.Span{Days: max(1, days*part/of), Calendar: true} }
	d := playbook.Deadlines{Due: at(1, 1), Backup: at(1, 2), Manager: at(2, 3), Owner: at(3, 4)}
	for _, s := range []calendar.Span{at(1, 3), at(2, 3), at(1, 1), at(3, 2), at(3, 1)} {
		if !slices.Contains(d.Remind, s) {
			d.Remind = append(d.Remind, s)
		}
	}
	return d
}

// mostDays bounds the days that a request's deadlines are spread over.
const mostDays = 365

// answered acts on what was answered about something.
func (o *oversight) answered(ctx workflow.Context, w *Watching, a *asked) error {
	ballots := standing(a.req)
	b := ballots[len(ballots)-1]
	switch w.Stage {
	case stageVendor:
		w.Document = deliveredIn(a.req)
		o.askOwner(ctx, w, stageAccept)
		return nil
	case stageNotice, stageSponsor:
		return o.noticeDecided(ctx, w, ballots)
	case stageTerms:
		o.termsFiled(ctx, w, a, b)
		return nil
	case stageLeaving:
		w.Stage, w.Document = stageLeft, deliveredIn(a.req)
		return nil
	case stageRemove:
		o.saidDone(ctx, w, b)
		return nil
	case stageInvited:
		o.invitationAnswered(ctx, w, b)
		return nil
	}
	switch b.Verdict {
	case playbook.AskVendor:
		o.askVendor(ctx, w, b.Answer)
	case playbook.Collect:
		return o.beginDPA(ctx, w)
	case playbook.Remove:
		o.remove(ctx, w)
	case playbook.Drop:
		o.end(ctx, w, b.Person, string(playbook.Drop))
	default:
		o.extended(ctx, w, a, b)
	}
	return nil
}

// extended takes a new end of something from an answer. Where the answer needs a date
// and has none to come, the same is asked again.
func (o *oversight) extended(ctx workflow.Context, w *Watching, a *asked, b review.Ballot) {
	if w.Expiry.Kind == engagement.ExpiryGap {
		o.gapFilled(ctx, w, a, b)
		return
	}
	now := o.now(ctx)
	e := w.Expiry
	e.On, e.Unreviewed = dateIn(b, pointUntil), false
	if e.On.IsZero() && b.Verdict != playbook.Extend {
		e.On = o.nextLook(ctx, e.Kind)
	}
	if !e.On.After(now) {
		o.askOwner(ctx, w, w.Stage)
		return
	}
	switch {
	case e.Kind == engagement.ExpiryAccess: // it names the form by which it was given
	case w.Document != "":
		e.Document = w.Document
	case deliveredIn(a.req) != "":
		e.Document = deliveredIn(a.req)
	}
	o.renewed(ctx, w, e, b.Person, string(b.Verdict))
}

// nextLook is when something is looked at again whose answer names no date.
func (o *oversight) nextLook(ctx workflow.Context, k engagement.ExpiryKind) time.Time {
	months := 12
	if n := o.in.Watch.Reviews[o.in.Tier]; k == engagement.ExpiryReview && n > 0 {
		months = n
	}
	return engagement.MonthsLater(o.now(ctx), months)
}

// lapse notes that something ran out with nothing in its place, and does what then is
// due. It calls the sponsor; it decides nothing.
func (o *oversight) lapse(ctx workflow.Context, w *Watching) {
	w.Lapsed = true
	e := w.Expiry
	d := &dossier.Detail{Expiry: &e}
	if e.Kind == engagement.ExpiryContract && e.Renews && w.Decided == "" {
		d.Result = "renewed-by-itself"
	}
	o.note(ctx, dossier.Lapsed, "", "", nil, d)
	switch e.Kind {
	case engagement.ExpiryCopy:
		o.stopAsking(ctx, w)
		o.send(ctx, w, errandErase, "")
		return
	case engagement.ExpiryAccess:
		if !slices.Contains([]stage{stageErrand, stageGone, stageRemove, stageInviting}, w.Stage) { // it is being seen to
			o.remove(ctx, w)
		}
		return
	case engagement.ExpiryContract:
		if w.Decided == string(playbook.Leave) {
			o.end(ctx, w, "", "ended")
			return
		}
	default:
		if a := o.find(w.Request); w.Request == "" || w.Stage == stageVendor && a.req.Opened.Before(e.On) { // who is asked late has their time still
			o.askOwner(ctx, w, stageLapsed)
		}
	}
	o.callSponsor(ctx, w)
}

// callSponsor tells the sponsor of what people were silent about.
func (o *oversight) callSponsor(ctx workflow.Context, w *Watching) {
	w.Called = true
	e := w.Expiry
	who := o.sponsor()
	o.note(ctx, dossier.Escalated, "", "", nil, &dossier.Detail{Expiry: &e, Person: who, Request: w.Request})
	if a := o.find(w.Request); a != nil && w.Request != "" && a.req.Closed == nil {
		o.tell(ctx, a, "", who, playbook.WhyOwner)
	}
}

// sponsor is who is called when the owner is silent: the sponsor, or whoever stands
// for the owner where there is none, or none any more.
func (o *oversight) sponsor() string {
	s := o.process.in.Sponsor
	if s != "" && slices.Contains(o.owners, s) && !slices.Contains(o.recused, s) {
		return s
	}
	return o.owner()
}

// declarerLeft reports whether somebody is asked for their declaration who left: nobody
// declares for another, and whoever is not there owns nothing.
func (o *oversight) declarerLeft(w *Watching, now time.Time) bool {
	a := o.find(w.Request)
	switch {
	case w.Expiry.Kind != engagement.ExpiryDeclaration || w.Expiry.Person == "" || w.Stage == stageLapsed:
		return false
	case slices.Contains(o.gone, w.Expiry.Person):
		return true
	case w.Request == "" || a == nil || a.req.Closed != nil || a.req.Clocks[0].Opened.IsZero(): // nobody looked yet who is there
		return false
	}
	return !slices.ContainsFunc(a.req.Seatings[0].Holders, func(h review.Holder) bool { return h.Person == w.Expiry.Person && h.Active(now) })
}

// dateIn is the date that an answer gives for a point; zero: none.
func dateIn(b review.Ballot, point string) time.Time {
	for _, f := range b.Findings {
		if f.Point == point && !f.Missing {
			return f.On.UTC()
		}
	}
	return time.Time{}
}

func findingIn(b review.Ballot, point string) engagement.Finding {
	for _, f := range b.Findings {
		if f.Point == point && !f.Missing {
			return f
		}
	}
	return engagement.Finding{}
}
