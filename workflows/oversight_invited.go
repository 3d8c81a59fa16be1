package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// What became of an invitation, as the record has it.
const (
	inviteAccepted = "accepted"        // whoever was invited is in
	inviteOpen     = "not-accepted"    // it stands, and nobody has accepted it
	inviteGone     = "invitation-gone" // it ran out or was declined: nothing lets anybody in
	inviteUnseen   = "not-seen"        // nobody can say
	inviteSent     = "invited"         // they were invited again
	inviteNotSent  = "not-invited"     // … and could not be
)

// mostWeeks is how many weeks go by at most until an invitation that nobody accepted is
// looked at again: GitHub knows of none that is older than one.
const mostWeeks = 4

// mostUnseen is how often an invitation can't be looked at, because the system is away,
// before its owner hears of that.
const mostUnseen = 3

// looksAt is when an invitation is looked at again: when it has run out, if nobody
// accepted it. Zero: nobody's acceptance is waited for.
func looksAt(e engagement.Expiry) time.Time {
	if e.Kind != engagement.ExpiryAccess || e.Invited.IsZero() {
		return time.Time{}
	}
	return e.Invited.AddDate(0, 0, entitlement.InvitationDays)
}

// looksNow reports whether an invitation is to be looked at. One whose access is being
// taken away is not: that looks as well.
func (w *Watching) looksNow(now time.Time) bool {
	being := slices.Contains([]stage{stageErrand, stageRemove, stageGone, stageInviting}, w.Stage)
	return !w.Looks.IsZero() && !w.Looks.After(now) && !being
}

// lookAtInvitation sends somebody to see whether an invitation was accepted. Nothing is
// asked meanwhile that was not asked before.
func (o *oversight) lookAtInvitation(ctx workflow.Context, w *Watching) {
	w.Looks = time.Time{}
	o.send(ctx, w, errandSeen, "")
}

// inviteAgain invites whom an access is for once more. Where that can't be seen to from
// here, people are asked to.
func (o *oversight) inviteAgain(ctx workflow.Context, w *Watching) {
	o.stopAsking(ctx, w)
	o.send(ctx, w, errandInvite, "")
}

// invitationOf is what an errand about an invitation came to, in one word. Whatever is
// not seen to let somebody in is no access.
func invitationOf(d errandDone) string {
	all := d.access.Standings
	unseen := d.err != nil || len(all) != 1 || all[0].Verdict == entitlement.VerdictNotCheckable
	if !unseen && all[0].Verdict == entitlement.VerdictFound {
		switch entitlement.ReachOf(all[0].Footholds) {
		case entitlement.ReachIn:
			if d.what == errandSeen && !slices.ContainsFunc(all[0].Footholds, ownFoothold) { // what everybody has is none of the invitation's
				return inviteGone
			}
			return inviteAccepted
		case entitlement.ReachInvited:
			if d.what == errandInvite {
				return inviteSent
			}
			return inviteOpen
		}
	}
	switch {
	case d.what == errandInvite:
		return inviteNotSent
	case d.err != nil && !isFinal(d.err):
		return accessAway
	case unseen || len(all[0].Doubts) > 0:
		return inviteUnseen
	}
	return inviteGone
}

// ownFoothold reports whether an invitation led to it.
func ownFoothold(f entitlement.Foothold) bool {
	return f == entitlement.FootholdCollaborator || f == entitlement.FootholdTeam
}

// invitationSeen acts on what an errand about an invitation came to. What the record has
// heard already it does not hear again.
func (o *oversight) invitationSeen(ctx workflow.Context, w *Watching, d errandDone) {
	result, now := invitationOf(d), o.now(ctx)
	inviting := w.Stage == stageInviting && d.what == errandInvite
	if inviting {
		w.Stage = ""
	}
	switch result {
	case inviteAccepted:
		w.Expiry.Invited, w.Looks, w.Unseen = time.Time{}, time.Time{}, 0
	case inviteSent:
		w.Expiry.Invited, w.Waits, w.Unseen = now, 0, 0
		w.Looks = looksAt(w.Expiry)
	case accessAway:
		w.Unseen++
		w.Looks = now.AddDate(0, 0, min(w.Unseen, mostAgainDays))
	default: // somebody is asked: it is looked at less and less often
		w.Waits, w.Unseen = w.Waits+1, 0
		w.Looks = now.AddDate(0, 0, entitlement.InvitationDays*min(1<<min(w.Waits-1, 8), mostWeeks))
	}
	if result != w.Invitation || d.what == errandInvite {
		o.noteAccess(ctx, w, d, result)
	}
	w.Invitation = result
	being := w.Done || slices.Contains([]stage{stageErrand, stageRemove, stageGone}, w.Stage)
	if being {
		return
	}
	if d.access.Evidence != "" {
		w.Evidence = d.access.Evidence
	}
	switch {
	case w.Lapsed && inviting: // its last day came while they were invited
		o.remove(ctx, w)
	case result == inviteAccepted && w.Stage == stageInvited: // the question has its answer
		o.stopAsking(ctx, w)
		w.Stage = ""
	case w.Stage != "": // somebody is asked already
	case result == inviteOpen, result == inviteGone, result == inviteUnseen, result == inviteNotSent, result == accessAway && w.Unseen >= mostUnseen:
		w.Stage = stageInvited
		o.ask(ctx, w, invitedMatter(w.Expiry, result), "", nil)
	}
}

// invitationAnswered acts on what somebody said of an invitation that nobody accepted.
func (o *oversight) invitationAnswered(ctx workflow.Context, w *Watching, b review.Ballot) {
	if b.Verdict == playbook.InviteAgain && w.Expiry.On.After(o.now(ctx)) {
		o.inviteAgain(ctx, w)
		return
	}
	o.remove(ctx, w)
}

// invitedMatter asks whoever answers for an access what becomes of one that nobody took
// up.
func invitedMatter(e engagement.Expiry, how string) matter {
	ask := ""
	switch how {
	case inviteOpen:
		ask = "They were invited a week ago, and have not accepted. Ask them whether the invitation reached them: GitHub lets one stand for seven days. "
	case inviteGone:
		ask = "The invitation ran out or was declined, so nothing lets them in. Ask them whether they still need it. "
	case inviteNotSent:
		ask = "They could not be invited again: GitHub was away or refused it. The evidence says why. "
	default:
		ask = "They were invited, and GitHub does not say whether they accepted. Look there by hand. "
	}
	return matter{step: "access-invited", role: e.Role, title: called("Invited, and not in: invite again or remove?", e),
		ask:     ask + "Nobody has this access until they accept. Invite them again, or remove it; where they accept after all this question closes by itself.",
		options: []review.Verdict{playbook.InviteAgain, playbook.Remove}}
}
