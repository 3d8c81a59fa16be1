package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Names under which a revocation files what it finds.
const (
	RosterDocument    = "roster"
	InventoryDocument = "inventory"
	CutDocument       = "access-cut"
)

// Names of the matters that are no places.
const (
	matterRoster  = "roster"
	matterCut     = "cut"
	matterSystems = "systems"
)

// lookAfter is when access that was cut is looked at again: taking it away is done in
// time, not at once, and what somebody left behind shows when it is used.
func lookAfter() []time.Duration { return []time.Duration{0, day24, 30 * day24} }

// day24 is a day by the clock.
const day24 = 24 * time.Hour

// revoking is how far a revocation has come.
type revoking string

const (
	enrolling  revoking = "roster"    // the vendor's accounts are confirmed
	surveying  revoking = "inventory" // what there is
	unplanned  revoking = "more"      // people say whether more than the plan names is cut
	waitingGo  revoking = "go"        // the new work is not operational yet
	cutting    revoking = "cut"
	lookingOut revoking = "look" // cut, and looked at again
)

// revocation is a revocation's own state besides what every process has.
type revocation struct {
	*concerns
	in    ExitPartInput
	phase revoking
	// roster is the digest of the accounts as they are known, confirmed that people
	// said so.
	roster    string
	confirmed bool
	enrol     *asked // the roster's form
	accept    *asked // the decision on what it says
	// more is the decision on what the plan does not name, allowed how much of it was
	// let through.
	more    *asked
	allowed int
	refusal bool
	seen    activities.InventoryOut
	// went: it was told to cut. found: somebody found something more. enough: nothing more
	// comes; rested: the exit was told that the last look was made. forgotten are the assets
	// that it was told of.
	went, found    bool
	enough, rested bool
	forgotten      []string
	cutAt          time.Time
	// made: roster is a list of accounts, and not only what one is made of.
	made, tried bool
	// retry is when an inventory that could not be made is tried again, patience how
	// long that took the last time.
	retry    time.Time
	patience time.Duration
	looked   int  // of lookAfter
	recut    bool // what was still there was cut once more for this look
	lookNow  bool
	// systems and second are the newest requests about systems without an interface.
	systems, second *asked
	result          ExitPartResult
}

// Revocation takes the access of a vendor's people away and looks whether it is gone:
// the accounts are confirmed, what there is is found, and what is on the roster is cut,
// once the new work is operational; then it is looked at, again after a day, and again
// after a month. What is still there, and what nobody can see, blocks until it was cut by
// hand and looked at, or waived. It never takes anything from anybody else.
func Revocation(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
	if in.Order.Mode == exit.ModeDrill {
		return drillPart(ctx, in, exit.PartRevocation)
	}
	_, asksRoster := stepFor(in.Steps, exit.DoesRoster)
	if in.Roster == "" && !asksRoster {
		return ExitPartResult{}, temporal.NewNonRetryableApplicationError("nobody says whose access it is", ErrNoRoster, nil)
	}
	p := begin(ctx, in.Common, exit.PartRevocation)
	p.held = in.Held
	r := &revocation{concerns: &concerns{process: p, part: exit.PartRevocation}, in: in, phase: enrolling, roster: in.Roster}
	for _, name := range []string{matterRoster, matterCut} {
		r.matter(name)
	}
	if _, ok := stepFor(in.Steps, exit.DoesSystems); ok {
		r.matter(matterSystems)
	}
	workflow.GoNamed(ctx, "part", r.hearPart)
	return r.run(ctx, in, &r.result, r.step)
}

// hearPart is the coroutine that hears how the rest of the exit goes.
func (r *revocation) hearPart(ctx workflow.Context) {
	for {
		var n PartNews
		workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
		switch n.Word {
		case NewsGo:
			r.went = true
		case NewsFound:
			r.found = true
		case NewsEnough:
			r.enough = true
		}
		r.changes++
	}
}

// step looks at the state and does the next thing; again says that the state has to be
// looked at anew before sleeping.
func (r *revocation) step(ctx workflow.Context) (again bool, err error) {
	r.runOut(ctx)
	again, err = r.next(ctx)
	if !again && err == nil && r.result.Result == "" {
		r.ask(ctx)
	}
	return again, err
}

func (r *revocation) next(ctx workflow.Context) (again bool, err error) {
	if said := r.answers(ctx); said != nil {
		r.answered(ctx, *said)
		return true, nil
	}
	if r.askSystems(ctx) {
		return true, nil
	}
	if r.confirm(ctx) {
		return true, r.makeRoster(ctx)
	}
	switch r.phase {
	case enrolling:
		return r.enrolled(ctx)
	case surveying:
		return r.survey(ctx)
	case unplanned:
		return r.decideMore(ctx), nil
	case waitingGo:
		return r.awaitGo(ctx), nil
	case cutting:
		return true, r.cut(ctx)
	default:
		return r.lookAgain(ctx)
	}
}

// answered acts on what the owner said about what blocks.
func (r *revocation) answered(ctx workflow.Context, b review.Ballot) {
	switch {
	case b.Verdict == playbook.GoOn:
		r.allowed, r.phase = r.seen.More, waitingGo
	case r.phase == unplanned:
		r.more, r.phase = nil, surveying
	default:
		r.lookNow = true
		return
	}
	r.refusal = false
	r.becomes(ctx, matterCut, "", exit.Matter{State: exit.StateOpen})
}

// survey makes the inventory before the cut, and says whether people are asked about it.
// Nothing is cut by an inventory that could not be made.
func (r *revocation) survey(ctx workflow.Context) (again bool, err error) {
	if !r.retry.IsZero() && r.now(ctx).Before(r.retry) && !r.lookNow {
		r.wake = r.retry
		return false, nil
	}
	r.lookNow = false
	r.seen, err = r.inventory(ctx)
	if err != nil {
		return false, err
	}
	if !r.retry.IsZero() {
		r.becomes(ctx, matterCut, playbook.ChoreStillThere, exit.Matter{State: exit.StateFailed, Why: string(doubtAway)})
		return true, nil
	}
	r.becomes(ctx, matterCut, "", exit.Matter{State: exit.StateOpen})
	if r.cutAt.IsZero() {
		r.settlePlaces(ctx, false)
	}
	switch {
	case r.in.SameDay:
		r.phase = cutting
	case r.seen.More > r.allowed:
		r.phase = unplanned
	case r.went:
		r.phase = cutting
	default:
		r.phase = waitingGo
	}
	return true, nil
}

// inventory looks at every place and files what was found. Where it can't be made, no
// place was seen.
func (r *revocation) inventory(ctx workflow.Context) (activities.InventoryOut, error) {
	in := activities.InventoryIn{Roster: r.roster, Plan: r.in.Plan, Evidence: r.seen.Evidence}
	r.working++
	out, err := call(ctx, resumed("inventory of the vendor's access"), actInventory, acts.Inventory, in)
	r.working--
	r.changes++
	if temporal.IsCanceledError(err) {
		return out, err
	}
	if err != nil {
		r.patience = min(max(2*r.patience, time.Hour), day24)
		r.retry = r.now(ctx).Add(r.patience)
		out = activities.InventoryOut{More: r.seen.More, Evidence: r.seen.Evidence}
		for _, p := range inventory.Places() {
			if p != inventory.PlacePushes || !r.cutAt.IsZero() {
				out.Counts = append(out.Counts, inventory.Count{Place: p, Verdict: entitlement.VerdictNotCheckable, Doubts: []entitlement.Doubt{doubtAway}})
			}
		}
		return out, nil
	}
	r.retry, r.patience = time.Time{}, 0
	if out.Evidence != "" {
		r.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: InventoryDocument, Document: out.Evidence, Version: r.count(InventoryDocument)})
	}
	return out, nil
}

// doubtAway: the system that has the access could not be reached.
const doubtAway entitlement.Doubt = "away"

// settlePlaces says of each place what was seen. Before the cut what is found is only
// what is to be cut; afterwards it blocks.
func (r *revocation) settlePlaces(ctx workflow.Context, after bool) {
	for _, c := range r.seen.Counts {
		to := exit.Matter{State: exit.StateOpen, Found: c.Found, Document: r.seen.Evidence}
		chore := ""
		switch {
		case !after:
		case c.Verdict == entitlement.VerdictClean:
			to.State = exit.StateDone
		case c.Verdict == entitlement.VerdictFound:
			to.State, chore = exit.StateFound, playbook.ChoreStillThere
		default:
			to.State, chore = exit.StateNotCheckable, playbook.ChoreStillThere
		}
		if len(c.Doubts) > 0 {
			to.Why = string(c.Doubts[0])
		}
		r.becomes(ctx, string(c.Place), chore, to)
	}
}
