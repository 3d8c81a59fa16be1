package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// enrolled goes on once it is known whose access it is: where access is cut the same day,
// what is known does, and people confirm it afterwards.
func (r *revocation) enrolled(ctx workflow.Context) (again bool, err error) {
	switch {
	case r.confirmed:
	case !r.in.SameDay || r.roster == "" || r.tried:
		return false, nil
	case !r.made:
		r.tried = true
		out, err := r.rosterOf(ctx, activities.RosterIn{Vendor: r.in.Vendor, Sources: []string{r.roster}})
		if temporal.IsCanceledError(err) {
			return false, err
		}
		if err != nil { // people say whose it is
			return true, nil
		}
		r.keepRoster(ctx, out.Roster, "", "")
	}
	r.phase = surveying
	return true, nil
}

// keepRoster files the list of accounts that counts from now on.
func (r *revocation) keepRoster(ctx workflow.Context, digest, by, answer string) {
	r.roster, r.made, r.result.Roster = digest, true, digest
	r.note(ctx, dossier.DocumentFiled, by, answer, nil, &dossier.Detail{Name: RosterDocument, Document: digest, Version: r.count(RosterDocument)})
}

// confirm asks for the roster and, where the playbook says so, who accepts it; it reports
// whether it has come. Where access is cut the same day, neither is waited for.
func (r *revocation) confirm(ctx workflow.Context) (came bool) {
	s, ok := stepFor(r.in.Steps, exit.DoesRoster)
	switch {
	case r.confirmed:
		return false
	case !ok:
		return true
	case r.enrol == nil:
		r.enrol, r.accept = r.open(ctx, question{step: s}), nil
		return false
	case r.accept != nil:
		return r.accepted(ctx, s)
	case r.enrol.req.Closed != nil || r.enrol.req.Tally(r.now(ctx)).State != review.Met:
		return false
	}
	r.shut(ctx, r.enrol, review.Met, "decided")
	b := lastStanding(r.enrol.req)
	r.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, &dossier.Detail{Name: s.ID, Document: filledIn(b), Version: r.count(s.ID + "-filed")})
	if s.Accept == nil {
		return true
	}
	r.accept = r.openAccept(ctx, r.enrol, makers(r.enrol.req)...)
	return false
}

// accepted reports whether those who accept the roster said yes. One that will not do is
// asked for again, and nothing is cut by it.
func (r *revocation) accepted(ctx workflow.Context, s playbook.Step) bool {
	t := r.accept.req.Tally(r.now(ctx)).State
	if !t.Decided() || r.accept.req.Closed != nil {
		return false
	}
	r.shut(ctx, r.accept, t, "decided")
	if t != review.Met {
		r.enrol, r.accept = r.open(ctx, question{step: s}), nil
		return false
	}
	return true
}

// lastStanding is the last of the answers that stand for a request that was met.
func lastStanding(r *review.Request) review.Ballot {
	all := standing(r)
	return all[len(all)-1]
}

// makeRoster makes the roster of what is known and of what people said. What names
// nobody soundly is asked for again. An account that comes late is cut late.
func (r *revocation) makeRoster(ctx workflow.Context) error {
	in := activities.RosterIn{Vendor: r.in.Vendor, Cut: r.cutAt}
	if r.roster != "" {
		in.Sources = append(in.Sources, r.roster)
	}
	by, answer := "", ""
	if r.enrol != nil {
		for _, b := range standing(r.enrol.req) {
			by, answer = b.Person, b.Answer
			in.Sources = append(in.Sources, filledIn(b))
		}
	}
	if r.accept != nil { // they answer for it
		b := lastStanding(r.accept.req)
		by, answer = b.Person, b.Answer
	}
	out, err := r.rosterOf(ctx, in)
	if temporal.IsCanceledError(err) {
		return err
	}
	if err != nil { // final: everything else is tried for ever
		r.enrol, r.accept = nil, nil
		if _, ok := stepFor(r.in.Steps, exit.DoesRoster); !ok {
			r.confirmed = true
			r.becomes(ctx, matterRoster, playbook.ChoreStillThere, exit.Matter{State: exit.StateFailed, Document: r.roster, Why: "unreadable"})
		}
		return nil
	}
	late := r.phase != enrolling && out.Roster != r.roster
	r.confirmed = true
	r.keepRoster(ctx, out.Roster, by, answer)
	r.becomes(ctx, matterRoster, "", exit.Matter{State: exit.StateDone, By: by, Answer: answer, Document: out.Roster})
	if late {
		r.phase = surveying
	}
	return nil
}

func (r *revocation) rosterOf(ctx workflow.Context, in activities.RosterIn) (activities.RosterOut, error) {
	r.working++
	out, err := call(ctx, patient("the vendor's accounts"), actRoster, acts.Roster, in)
	r.working--
	r.changes++
	return out, err
}

// decideMore asks people about what the plan does not name. Nothing is cut before they
// said so; their no goes to the owner.
func (r *revocation) decideMore(ctx workflow.Context) (again bool) {
	s, ok := stepFor(r.in.Steps, exit.DoesMore)
	if !ok || r.refusal {
		r.refuse(ctx)
		return false
	}
	if r.more == nil {
		r.more = r.open(ctx, question{step: s, requester: s.Barred(r.in.Requester), document: InventoryDocument,
			versions: []review.Version{{Number: 1, Document: r.seen.Evidence, At: r.now(ctx)}}})
		return false
	}
	switch r.more.req.Tally(r.now(ctx)).State {
	case review.Met:
		r.shut(ctx, r.more, review.Met, "decided")
		r.allowed, r.phase, r.more = r.seen.More, waitingGo, nil
		return true
	case review.Denied, review.Wanted:
		r.shut(ctx, r.more, r.more.req.Tally(r.now(ctx)).State, "decided")
		r.refusal = true
		return true
	}
	return false
}

// refuse has the owner say what becomes of what was not let through.
func (r *revocation) refuse(ctx workflow.Context) {
	r.becomes(ctx, matterCut, playbook.ChoreUnplanned, exit.Matter{State: exit.StateOpen, Found: r.seen.More, Document: r.seen.Evidence})
}

// awaitGo waits for the word that the new work is operational. Where it runs alone, it
// waits for its day.
func (r *revocation) awaitGo(ctx workflow.Context) (again bool) {
	alone := r.in.Parent == "" && !r.now(ctx).Before(r.in.Due)
	if !r.went && !alone && !r.in.SameDay {
		if r.in.Parent == "" {
			r.wake = r.in.Due
		}
		return false
	}
	r.went, r.phase = true, surveying
	if r.in.SameDay {
		r.phase = cutting
	}
	return true
}

// cut takes away what the newest inventory found of the roster's, from now on.
func (r *revocation) cut(ctx workflow.Context) error {
	if r.cutAt.IsZero() {
		r.cutAt = r.now(ctx)
		out, err := r.rosterOf(ctx, activities.RosterIn{Vendor: r.in.Vendor, Sources: []string{r.roster}, Cut: r.cutAt})
		if temporal.IsCanceledError(err) {
			return err
		}
		if err == nil {
			r.keepRoster(ctx, out.Roster, "", "")
		}
	}
	err := r.takeAway(ctx)
	if err != nil {
		return err
	}
	r.phase, r.lookNow, r.found = lookingOut, true, false
	return nil
}

// takeAway cuts. What fails is found by the look that follows.
func (r *revocation) takeAway(ctx workflow.Context) error {
	to := exit.Matter{State: exit.StateDone, Document: r.seen.Evidence}
	if r.seen.Evidence == "" { // nothing could be called: the places say so
		r.becomes(ctx, matterCut, "", exit.Matter{State: exit.StateNotNeeded, Why: string(entitlement.DoubtNotSetUp)})
		return nil
	}
	r.working++
	out, err := call(ctx, resumed("take the vendor's access away"), actCut, acts.Cut, activities.InventoryIn{Roster: r.roster, Evidence: r.seen.Evidence})
	r.working--
	r.changes++
	switch {
	case temporal.IsCanceledError(err):
		return err
	case err != nil:
		to.State, to.Why = exit.StateFailed, string(doubtAway)
		r.becomes(ctx, matterCut, playbook.ChoreStillThere, to)
		return nil
	}
	if out.Evidence != "" {
		to.Document = out.Evidence
		r.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: CutDocument, Document: out.Evidence, Version: r.count(CutDocument)})
	}
	r.becomes(ctx, matterCut, "", to)
	return nil
}

// lookAgain looks whether it is gone: at once, after a day, after a month, and whenever
// somebody says that they saw to it. What is back, or is found now, is cut once more.
func (r *revocation) lookAgain(ctx workflow.Context) (again bool, err error) {
	at := r.nextLook()
	wake := at
	if !r.retry.IsZero() && (at.IsZero() || r.retry.Before(at)) {
		wake = r.retry
	}
	if !r.lookNow && !r.found && (wake.IsZero() || r.now(ctx).Before(wake)) {
		r.wake = wake
		r.finish(ctx)
		return false, nil
	}
	due := !at.IsZero() && !r.now(ctx).Before(at)
	r.lookNow, r.found, r.rested = false, false, false
	r.seen, err = r.inventory(ctx)
	if err != nil {
		return false, err
	}
	if !r.recut && (r.takeable() > 0 || r.matter(matterCut).State == exit.StateFailed) && r.seen.Evidence != "" {
		r.recut, r.lookNow = true, true
		return true, r.takeAway(ctx)
	}
	r.recut = false
	r.settlePlaces(ctx, true)
	r.tellForgotten(ctx)
	if due {
		r.looked++
	}
	return true, nil
}

// takeable counts what is there still and could be taken away.
func (r *revocation) takeable() int {
	n := 0
	for _, c := range r.seen.Counts {
		n += c.Found - c.HeldBack
	}
	return n
}

// nextLook is when the clock wants a look; zero: all were made.
func (r *revocation) nextLook() time.Time {
	after := lookAfter()
	if r.looked >= len(after) {
		return time.Time{}
	}
	return r.cutAt.Add(after[r.looked])
}
