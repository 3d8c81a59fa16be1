package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Meeting is the regular meeting of the two sides, as the newest form of contacts has
// it, and how far people's calendars follow it.
type Meeting struct {
	// Sheet is the digest of the form; empty: there are no meetings. Sent is that of the
	// one which people were invited by last.
	Sheet string `json:"sheet,omitempty"`
	Sent  string `json:"sent,omitempty"`
	// Sequence counts the changes, Since is when the first invitation at these times was
	// made, People are who has one.
	Sequence int       `json:"sequence,omitempty"`
	Since    time.Time `json:"since,omitzero"`
	People   []string  `json:"people,omitempty"`
	// Again is when invitations are tried again that could not be made.
	Again time.Time `json:"again,omitzero"`
	// Request is what asks for the contacts anew; Asked are the people who left and because of
	// whom it did.
	Request string   `json:"request,omitempty"`
	Asked   []string `json:"asked,omitempty"`
}

// What becomes of meetings, as the record has it.
const (
	meetingsInvited   = "invited"
	meetingsChanged   = "changed"
	meetingsCancelled = "cancelled"
	meetingsNone      = "none" // the form can't be read, or nothing here writes into calendars
)

// invited is what an attempt to invite people came to.
type invited struct {
	sheet string
	out   activities.InviteOut
	err   error
}

// contactsStep is the step that asks for the contacts of both sides; nil: the playbook
// has none.
func (o *oversight) contactsStep() *playbook.Step {
	i := slices.IndexFunc(o.in.Steps, func(s playbook.Step) bool { return s.Does == playbook.DoesContacts })
	if i < 0 {
		return nil
	}
	return &o.in.Steps[i]
}

// meet brings people's calendars to what the newest form of contacts says, and asks for
// a new one when somebody in it has left or the owner wants to change it. It reports
// whether something changed.
func (o *oversight) meet(ctx workflow.Context) (again bool) {
	m := &o.meeting
	if len(o.invitations) > 0 {
		done := o.invitations[0]
		o.invitations = o.invitations[1:]
		o.cameInvited(ctx, done)
		return true
	}
	if a := o.find(m.Request); a != nil && m.Request != "" && a.req.Closed == nil && a.req.Tally(o.now(ctx)).State == review.Met {
		o.shut(ctx, a, review.Met, "decided")
		m.Request = ""
		if sheet := deliveredIn(a.req); sheet != "" {
			m.Sheet, m.Again = sheet, time.Time{}
		}
		return true
	}
	o.reopens = nil
	if step := o.contactsStep(); step != nil && m.Request == "" {
		o.reopens = []string{step.ID}
		if o.contactsAsked(ctx, *step) {
			return true
		}
	}
	if !o.inviting && m.Sheet != "" && m.Sheet != m.Sent && !m.Again.After(o.now(ctx)) {
		o.invite(ctx)
	}
	return false
}

// contactsAsked asks for the contacts anew where the owner said so, or where somebody who
// was invited has left: once for each.
func (o *oversight) contactsAsked(ctx workflow.Context, step playbook.Step) bool {
	m := &o.meeting
	var gone []string
	for _, id := range m.People {
		if slices.Contains(o.gone, id) && !slices.Contains(m.Asked, id) {
			gone = append(gone, id)
		}
	}
	switch act := o.reopened; {
	case act != nil:
		o.reopened = nil
		o.note(ctx, dossier.Reopened, act.Person.ID, act.ID, nil, &dossier.Detail{Step: act.Step, Stage: step.Stage, Written: act.Written})
	case len(gone) == 0:
		return false
	}
	m.Asked = append(m.Asked, gone...)
	m.Request = o.open(ctx, question{step: step, requester: step.Barred(o.process.in.Requester)}).req.ID
	return true
}

// invite invites people beside everything else, a few times; what fails is tried again
// the next day.
func (o *oversight) invite(ctx workflow.Context) {
	in := o.inviteIn(ctx)
	o.inviting = true
	o.working++
	workflow.GoNamed(ctx, "meetings", func(ctx workflow.Context) {
		// The case must be in the record by then: an invitation is written from it.
		err := workflow.Await(ctx, func() bool { return len(o.outbox) == 0 && !o.filing })
		if err != nil {
			return
		}
		out, err := call(ctx, fewTimes(10*time.Second, "invite to the regular meetings"), actInvite, acts.Invite, in)
		o.working--
		o.inviting = false
		o.invitations = append(o.invitations, invited{sheet: in.Sheet, out: out, err: err})
		o.changes++
	})
}

func (o *oversight) inviteIn(ctx workflow.Context) activities.InviteIn {
	m := o.meeting
	in := activities.InviteIn{Process: o.process.in.Process, Case: o.process.in.Case, Vendor: o.process.in.Vendor, Sheet: m.Sheet, Before: m.Sent,
		Sequence: m.Sequence, People: m.People, Zone: o.process.in.Hours.Zone, Now: o.now(ctx), Since: m.Since}
	return in
}

// cameInvited notes who is invited, and which of the form's people could not be.
func (o *oversight) cameInvited(ctx workflow.Context, done invited) {
	m := &o.meeting
	if done.err != nil && !isFinal(done.err) {
		m.Again = o.now(ctx).AddDate(0, 0, 1)
		return
	}
	d := &dossier.Detail{Document: done.sheet, Result: meetingsInvited, Values: done.out.People, Points: done.out.Points}
	switch {
	case done.err != nil:
		d.Result, d.Values = meetingsNone, nil
	case m.Sequence > 0:
		d.Result = meetingsChanged
	}
	o.note(ctx, dossier.MeetingsSet, "", "", nil, d)
	m.Sent = done.sheet
	if done.err == nil {
		m.Sequence++
		m.People, m.Since, m.Again = done.out.People, done.out.Since, time.Time{}
	}
}

// callOff takes the meetings out of people's calendars when the vendor is off. Nothing
// else waits any more, so it is tried until it is done.
func (o *oversight) callOff(ctx workflow.Context) {
	if len(o.meeting.People) == 0 {
		return
	}
	in := o.inviteIn(ctx)
	in.Sheet, in.Cancelled = o.meeting.Sent, true
	_, err := call(ctx, patient("call off the regular meetings"), actInvite, acts.Invite, in)
	if err != nil {
		workflow.GetLogger(ctx).Error("the regular meetings could not be called off", "process", o.process.in.Process, "error", err)
		return
	}
	o.note(ctx, dossier.MeetingsSet, "", "", nil, &dossier.Detail{Document: in.Sheet, Result: meetingsCancelled, Values: in.People})
	o.meeting.People = nil
}
