package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// departing is an exit's own state besides what every process has.
type departing struct {
	*process
	in    ExitInput
	order exit.Order // as it stands: who does the work then may be settled later
	leg   leg
	// duties are the exit's own steps; beside are those that no leg waits for, but the end.
	duties []*duty
	beside []*duty
	parts  []*exitPart
	// plan is the digest of the plan that is carried out, read what stands in it.
	plan string
	// copied is what is known of the repositories that were copied.
	copied string
	read   activities.PlanExitOut
	// ladder is what is done where the vendor does not answer.
	ladder ladder
	// gate is how far the onboarding of who comes after has come, asked which of them was
	// told; ready: the owner said that whoever comes after can work, choice what the owner
	// is asked where nobody knows.
	gate   string
	ready  bool
	choice *asked
	// fell: the onboarding of who comes after said last that it came to nothing.
	fell bool
	// told is what an onboarding told last, askedOn when it was asked last how far it is,
	// rounds of asking how often that was.
	told    gateNews
	askedOn time.Time
	asking  int
	// overseen: the oversight was told, and has handed over what it watched.
	overseen time.Time
	handed   *handedOver
	news     []PartNews // that parts told and that was not looked at yet
	// unread is the digest of what people say was forgotten, until it was read. known are
	// the ids of assets that were found, joined what the hand-over that runs was told of.
	unread   string
	known    []string
	joined   []PartNews
	cut      bool      // access was cut the same day
	said     bool      // until when notice must arrive
	noticed  bool      // the vendor was given notice
	notice   string    // digest of the receipt
	returned time.Time // when the point of no return was passed
	began    time.Time
	// foreseen: of a drill it is in the record who would be asked what; gaps are seats that
	// nobody holds.
	foreseen  bool
	gaps      []exit.Matter
	certified int    // certificates that were made
	cert      string // digest of the last
	// schedule is that of a compressed plan, givenUp the digest of what says what it does
	// without; compressions counts them. arrivedOn is when notice did.
	schedule     exit.Schedule
	givenUp      string
	compressions int
	arrivedOn    time.Time
	result       ExitResult
}

// Exit leaves a vendor: it is decided inside, then said outside; the plan is carried out
// by processes of their own for knowledge, assets, access and data; until the point of no
// return there is a way back. It ends with a certificate that calls nothing done that is
// open, failed or unchecked.
func Exit(ctx workflow.Context, in ExitInput) (ExitResult, error) {
	ctx = forDrill(ctx, in.Order)
	if in.Order.Mode == exit.ModeDrill { // which no oversight takes for an exit
		in.Reports = ""
	}
	x := &departing{process: begin(ctx, in.Common, exit.PartExit), in: in, order: in.Order, leg: legInside}
	if !x.planned() {
		return ExitResult{}, temporal.NewNonRetryableApplicationError("the playbook has nobody who decides an exit of this mode, or who closes it", ErrNoExit, nil)
	}
	x.held, x.settles, x.began = in.Held, true, x.now(ctx)
	x.opened(ctx)
	x.listenToOthers(ctx)
	err := x.hear(ctx)
	if err != nil {
		return ExitResult{}, err
	}
	err = x.loop(ctx)
	if temporal.IsCanceledError(err) {
		x.result.Result = ResultWithdrawn
		ctx, _ = workflow.NewDisconnectedContext(ctx)
		err = x.partsEnded(ctx)
	}
	if err != nil {
		return ExitResult{}, err
	}
	x.shutAll(ctx, x.result.Result)
	err = x.eraseLeft(ctx)
	if err == nil {
		err = x.handOn(ctx)
	}
	if err != nil {
		return ExitResult{}, err
	}
	x.farewell(ctx)
	x.evidences(ctx)
	d := &dossier.Detail{Result: x.result.Result, Vendor: in.Vendor, Document: x.result.Certificate}
	x.note(ctx, dossier.ProcessEnded, x.result.By, "", nil, d)
	x.caseClosed(ctx, x.result.By, d)
	return x.result, x.filed(ctx)
}

// opened notes what the case starts with.
func (x *departing) opened(ctx workflow.Context) {
	in := x.in
	x.caseOpened(ctx)
	x.openedAlone(ctx, in.Intake, in.PlaybookDocument)
	if in.Tier != 0 {
		x.note(ctx, dossier.TierSet, "", "", nil, &dossier.Detail{Tier: in.Tier})
	}
	x.ordered(ctx, in.Requester, "", review.Written{})
	for _, d := range []struct{ name, digest string }{{contractDocument, in.Contract}, {ExitPlanDocument, in.Plan}, {rosterDocument, in.Roster}} {
		if d.digest != "" {
			x.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: d.name, Document: d.digest})
		}
	}
	x.note(ctx, dossier.StageReached, "", "", nil, &dossier.Detail{Stage: string(x.leg)})
}

// rosterDocument is the name under which the list of the vendor's accounts is filed.
const rosterDocument = "roster"

// ordered notes what was asked for, at the start and when it was settled anew.
func (x *departing) ordered(ctx workflow.Context, by, answer string, w review.Written) {
	d := &dossier.Detail{Result: string(x.order.Mode), Name: string(x.order.After), Field: string(x.order.Trigger), Ends: x.order.By, Written: w,
		Predecessor: x.in.Oversight}
	if x.order.Successor != "" {
		d.Values = []string{x.order.Successor}
	}
	if x.order.Mode == exit.ModeDrill {
		d.Step = string(x.order.Plays())
	}
	x.note(ctx, dossier.ExitOrdered, by, answer, nil, d)
}

// drill reports whether the exit is rehearsed: nothing real is changed, nobody outside is
// told, and each step takes its deadline.
func (x *departing) drill() bool { return x.order.Mode == exit.ModeDrill }

func (x *departing) loop(ctx workflow.Context) error {
	for x.result.Result == "" {
		again, err := x.step(ctx)
		if err != nil {
			return err
		}
		if again || x.result.Result != "" {
			continue
		}
		x.wake = x.nextWake(ctx)
		err = x.turn(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// step looks at the state and does the next thing; again says that the state has to be
// looked at anew before sleeping.
func (x *departing) step(ctx workflow.Context) (again bool, err error) {
	x.tellParts(ctx)
	x.reopens = x.waysBack()
	if x.drill() && !x.foreseen {
		x.foreseen = true
		return true, x.foreseeOwn(ctx)
	}
	erased, err := x.eraseOverdue(ctx)
	if erased || err != nil {
		return erased, err
	}
	switch {
	case x.withdrawn != nil:
		x.withdraw(ctx)
		return false, nil
	case x.stopped != nil:
		x.stopNow(ctx)
		return false, nil
	case x.held != nil:
		return false, nil
	case x.settled != nil:
		x.settle(ctx)
		return true, nil
	case x.reopened != nil:
		return x.goBack(ctx), nil
	case len(x.news) > 0:
		n := x.news[0]
		x.news = x.news[1:]
		return true, x.heardFrom(ctx, n)
	}
	if by := x.askAgainOn(); !by.IsZero() && !x.now(ctx).Before(by) {
		x.askReplacement(ctx)
	}
	again, err = x.stepParts(ctx)
	if again || err != nil {
		return again, err
	}
	if x.cut && x.part(exit.PartRevocation) == nil {
		return true, x.startPart(ctx, exit.PartRevocation, partWants{sameDay: true})
	}
	for _, d := range x.beside {
		x.bring(ctx, d)
		x.unratified(ctx, d)
	}
	x.climb(ctx)
	if x.result.Result != "" {
		return false, nil
	}
	return x.travel(ctx)
}

// nextWake is when the clock wants something of the exit itself; zero: nothing.
func (x *departing) nextWake(ctx workflow.Context) time.Time {
	now := x.now(ctx)
	next := x.nextCopy()
	if x.held != nil {
		return next
	}
	instants := append(x.ladder.instants(), x.overseenBy(), x.askAgainOn())
	for _, d := range x.duties {
		instants = append(instants, d.played.instants()...)
	}
	for _, d := range x.beside {
		instants = append(instants, d.played.instants()...)
	}
	if x.leg == legNotice && !x.besideDone() {
		instants = append(instants, x.noticePresses(now))
	}
	for _, p := range x.parts {
		if !p.done {
			instants = append(instants, p.due)
		}
	}
	for _, at := range instants {
		if at.After(now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// applies reports whether a step is asked in this exit.
func (x *departing) applies(s playbook.Step) bool {
	modes := len(s.Modes) == 0 || slices.Contains(s.Modes, x.in.Order.Plays())
	return modes && s.Applies(x.in.Tier) && s.When.Holds(x.in.Facts)
}
