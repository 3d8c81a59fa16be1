package workflows

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/review"
)

// errand is what is done outside about something whose last day has come.
type errand string

// What can be done by ourselves.
const (
	errandRemove errand = "remove" // take an access away
	errandLook   errand = "look"   // look whether it is gone
	errandErase  errand = "erase"  // erase a copy
	errandSeen   errand = "seen"   // look whether an invitation was accepted
	errandInvite errand = "invite" // invite somebody again
)

// What came of an errand, as the record has it of an access.
const (
	accessRemoved = "removed"     // it was taken away, and will be looked at again
	accessGone    = "gone"        // it was looked at, and is not there
	accessFound   = "found"       // it is there still, or again
	accessAway    = "unreachable" // nobody could say: the system was away
	accessByHand  = "by-hand"     // it was not given here, or the form can't be read: people see to it
)

// lookAgainDays is when an access that was removed is looked at once more, and an
// errand that came to nothing is tried again the first time. Every further time it
// takes a day longer, up to a week.
const (
	lookAgainDays = 1
	mostAgainDays = 7
)

// errandDone is what an errand came to.
type errandDone struct {
	w      *Watching
	what   errand
	on     time.Time // the end that w had when it was sent
	by     string    // who said that it was done, and made us look
	access activities.AccessOut
	gone   bool // of an erasure
	err    error
}

// remove takes an access away on its last day. What was not given here a person
// removes.
func (o *oversight) remove(ctx workflow.Context, w *Watching) {
	if w.Expiry.Document == "" || w.Expiry.Unreviewed {
		o.byHand(ctx, w)
		return
	}
	o.stopAsking(ctx, w)
	o.send(ctx, w, errandRemove, "")
}

// send sends an errand. It runs beside everything else and is tried a few times only:
// no deadline waits for a system that is away.
func (o *oversight) send(ctx workflow.Context, w *Watching, what errand, by string) {
	switch {
	case what == errandSeen: // whatever else is under way goes on
	case what == errandInvite:
		w.Stage = stageInviting
	default:
		w.Again, w.Looks = time.Time{}, time.Time{}
		if w.Stage != stageRemove {
			w.Stage = stageErrand
		}
	}
	done := errandDone{w: w, what: what, on: w.Expiry.On, by: by}
	in := activities.AccessIn{Sheet: w.Expiry.Document, Grants: []string{w.Expiry.Name}, Evidence: w.Evidence}
	chains := []string{o.in.Predecessor, w.Expiry.Process}
	e := w.Expiry
	o.working++
	workflow.GoNamed(ctx, string(what)+" "+e.ID, func(ctx workflow.Context) {
		switch what {
		case errandRemove:
			done.access, done.err = call(ctx, fewTimes(5*time.Minute, "take an access away"), actRemoveAccess, acts.RemoveAccess, in)
		case errandInvite:
			done.access, done.err = call(ctx, fewTimes(5*time.Minute, "invite somebody again"), actGrantAccess, acts.GrantAccess, in)
		case errandLook, errandSeen:
			done.access, done.err = call(ctx, fewTimes(5*time.Minute, "look whether an access is gone"), actListAccess, acts.ListAccess, in)
		default:
			done.gone, done.err = o.eraseIn(ctx, chains, e)
		}
		o.working--
		o.errands = append(o.errands, done)
		o.changes++
	})
}

// eraseIn erases a copy in the case that took the vendor on board, or in the one that
// renewed it; false: neither has it.
func (o *oversight) eraseIn(ctx workflow.Context, chains []string, e engagement.Expiry) (gone bool, err error) {
	for _, chain := range chains {
		if chain == "" || e.Document == "" {
			continue
		}
		out, err := call(ctx, fewTimes(time.Minute, "erase a copy"), actErase, acts.Erase,
			activities.EraseIn{Case: chain, Documents: []string{e.Document}, Rule: "the playbook: copies of " + e.Name + " are not kept for ever"})
		if err == nil && len(out.Missing) == 0 {
			return true, nil
		}
		if err != nil && !isFinal(err) {
			return false, err
		}
	}
	return false, nil
}

// isFinal reports whether trying again would change nothing.
func isFinal(err error) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.NonRetryable()
}

// came back acts on what an errand came to. Where the thing was renewed meanwhile only
// the record hears of it.
func (o *oversight) cameBack(ctx workflow.Context, d errandDone) {
	w := d.w
	if d.what == errandSeen || d.what == errandInvite {
		o.invitationSeen(ctx, w, d)
		return
	}
	moved := w.Done || !w.Expiry.On.Equal(d.on)
	if d.what == errandErase {
		switch {
		case moved:
		case d.gone:
			o.end(ctx, w, "", "erased")
		default:
			o.failed(ctx, w, errandErase, d.err == nil)
		}
		return
	}
	result := standingOf(d)
	o.noteAccess(ctx, w, d, result)
	if moved {
		return
	}
	if d.access.Evidence != "" {
		w.Evidence = d.access.Evidence
	}
	if result == accessAway && d.err == nil && d.by != "" { // it can't be looked at: the team is gone, say
		o.endWith(ctx, w, d.by, "removed", d.access.Evidence)
		return
	}
	switch result {
	case accessRemoved:
		if w.Stage == stageErrand { // nobody is asked: only the second look is waited for
			w.Stage = stageGone
		}
		w.Next, w.Again = errandLook, o.now(ctx).AddDate(0, 0, lookAgainDays)
	case accessGone:
		o.endWith(ctx, w, d.by, "removed", d.access.Evidence)
	case accessFound:
		o.failed(ctx, w, errandRemove, false)
	default:
		o.failed(ctx, w, d.what, result == accessByHand)
	}
}

// standingOf is what an errand about an access came to, in one word.
func standingOf(d errandDone) string {
	there := func(s activities.AccessStanding) bool { return s.Verdict != entitlement.VerdictClean }
	unknown := func(s activities.AccessStanding) bool { return slices.Contains(s.Doubts, entitlement.DoubtNotSetUp) }
	found := func(s activities.AccessStanding) bool { return s.Verdict == entitlement.VerdictFound }
	all := d.access.Standings
	switch {
	case d.err != nil && !isFinal(d.err):
		return accessAway
	case d.err != nil || len(all) == 0 || slices.ContainsFunc(all, unknown):
		return accessByHand
	case slices.ContainsFunc(all, found):
		return accessFound
	case slices.ContainsFunc(all, there):
		return accessAway
	case d.what == errandLook:
		return accessGone
	}
	return accessRemoved
}

// noteAccess puts down how an access stands, and by which document that can be shown.
func (o *oversight) noteAccess(ctx workflow.Context, w *Watching, d errandDone, result string) {
	e := w.Expiry
	detail := &dossier.Detail{Expiry: &e, Name: e.Name, Document: d.access.Evidence, Result: result}
	for _, s := range d.access.Standings {
		detail.Values = append(detail.Values, stands(s))
	}
	o.note(ctx, dossier.AccessStands, "", "", nil, detail)
}

// failed asks a person to see to it, if nobody is asked yet, and tries again later by
// itself where that may help.
func (o *oversight) failed(ctx workflow.Context, w *Watching, next errand, final bool) {
	w.ByHand = final
	if !final {
		w.Fails++
		w.Next, w.Again = next, o.now(ctx).AddDate(0, 0, min(w.Fails, mostAgainDays))
	}
	if w.Stage != stageRemove || w.Request == "" {
		o.byHand(ctx, w)
	}
}

// byHand asks a person to end an access, or to erase a copy.
func (o *oversight) byHand(ctx workflow.Context, w *Watching) {
	w.Stage, w.Looks = stageRemove, time.Time{}
	m := removeMatter(w.Expiry)
	if w.Expiry.Kind == engagement.ExpiryCopy {
		m = eraseMatter(w.Expiry)
	}
	o.ask(ctx, w, m, "", nil)
}

// saidDone takes the word of whoever removed an access or erased a copy by hand.
// Where it can be looked at that is done before anything is ended.
func (o *oversight) saidDone(ctx workflow.Context, w *Watching, b review.Ballot) {
	switch {
	case w.Expiry.Kind == engagement.ExpiryCopy:
		o.end(ctx, w, b.Person, "erased")
	case w.ByHand || w.Expiry.Document == "" || w.Expiry.Unreviewed:
		o.end(ctx, w, b.Person, "removed")
	default:
		w.Stage = stageErrand
		o.send(ctx, w, errandLook, b.Person)
	}
}
