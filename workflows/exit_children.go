package workflows

import (
	"slices"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// exitPart is a process of its own that an exit runs.
type exitPart struct {
	name   playbook.Process
	id     string
	future workflow.ChildWorkflowFuture
	done   bool
	held   bool // what it was told last
	told   bool // that it should end
	going  bool // a revocation was told to cut
	alone  bool // it was told that the vendor answers no more
	taken  bool // its result is in the exit's state
	reads  bool // it copies repositories, to read who wrote them
	copied bool // it said what came of that
	// stale: another run of the same part took its place. more: it is about what was found
	// later, or is to be received anew, and takes nobody's place.
	stale, more bool
	found       partWants
	// copies are those that a return of data was handed.
	copies []engagement.Expiry
	// looked: a revocation made its last look; let: it was told that nothing more comes.
	looked, let bool
	// successor is the vendor who comes after, as the part was told.
	successor string
	// due is when the exit wants it done.
	due    time.Time
	result ExitPartResult
	err    error
	// matters are those of the result, with what was waived since. chore is what the owner
	// is asked about those that block; waiver until when they are waived, waives their answer.
	matters       []exit.Matter
	chore, waiver *asked
	waives        review.Ballot
}

// partWants is what a part is started with, besides what every part is: assets that were
// found later with the list that names them, or the areas and assets of matters that were
// done before, by people of a vendor who does not come.
type partWants struct {
	assets  []exit.Asset
	list    string
	areas   []exit.Area
	before  []exit.Matter
	sameDay bool
}

// exitPartOf is how a part is called: its type, the prefix of its ids, and what the
// engine's own pages call it.
func exitPartOf(name playbook.Process, vendor string) (kind, prefix, summary string) {
	switch name {
	case exit.PartTransfer:
		return TransferType, TransferPrefix(vendor), "knowledge transfer"
	case exit.PartHandover:
		return HandoverType, HandoverPrefix(vendor), "asset hand-over"
	case exit.PartRevocation:
		return RevocationType, RevocationPrefix(vendor), "revocation of access"
	}
	return DataReturnType, DataReturnPrefix(vendor), "return of data"
}

// startPart starts a part under the next number of the vendor's.
func (x *departing) startPart(ctx workflow.Context, name playbook.Process, n partWants) error {
	kind, prefix, summary := exitPartOf(name, x.in.Vendor)
	x.working++
	number, err := call(ctx, patient("number of the "+summary), actNumber, acts.Number, activities.NumberIn{Prefix: prefix, Key: x.requestID(string(name))})
	x.working--
	if err != nil {
		return err
	}
	id := ProcessID(prefix, number)
	in := ExitPartInput{Common: x.commonOf(name, id), Order: x.order, Plan: x.plan, Roster: x.in.Roster, Contract: x.in.Contract,
		Areas: x.read.Areas, Assets: x.read.Assets, Repositories: x.read.Repositories, Due: x.dueOf(ctx, name), SameDay: n.sameDay}
	in.Evidence, in.Copied = x.copied, name == exit.PartHandover && x.copying()
	in.Stays = name == exit.PartRevocation && x.asksForgotten()
	if !x.drill() {
		in.Order.Successor = x.successor()
	}
	if name == exit.PartDataReturn {
		in.Copies, in.CopiesOf = x.passCopies()
	}
	more := n.assets != nil || n.areas != nil
	if more {
		x.narrow(ctx, &in, n)
	}
	for _, old := range x.parts {
		old.stale = old.stale || old.name == name && !more
	}
	p := &exitPart{name: name, id: id, held: in.Held != nil, due: in.Due, reads: name == exit.PartTransfer && in.readable(), going: n.sameDay, more: more, found: n, copies: in.Copies, successor: in.Order.Successor}
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            id,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WaitForCancellation:   true,
		StaticSummary:         summary,
	})
	p.future = workflow.ExecuteChildWorkflow(cctx, kind, in)
	x.parts, x.awaited = append(x.parts, p), append(x.awaited, id)
	workflow.GoNamed(ctx, id, func(ctx workflow.Context) {
		p.err = p.future.Get(ctx, &p.result)
		p.done = true
		x.copiesBack(p)
		x.awaited = slices.DeleteFunc(x.awaited, func(a string) bool { return a == id })
		x.changes++
	})
	x.tellFound(ctx, p)
	return nil
}

// commonOf is what a part is given of the case: its own steps, and the case as it stands.
func (x *departing) commonOf(part playbook.Process, id string) Common {
	in := x.process.in
	in.Process, in.Parent, in.Anchor, in.Held = id, x.process.in.Process, x.anchor, x.held
	in.Recused, in.Declared, in.Stated, in.Steps = slices.Clone(x.recused), slices.Clone(x.declared), slices.Clone(x.stated), nil
	for _, s := range x.in.Steps {
		if s.Process == part && x.applies(s) {
			in.Steps = append(in.Steps, x.inTime(s))
		}
	}
	return in
}

// part is the newest run of a part; nil: none was started.
func (x *departing) part(name playbook.Process) *exitPart {
	i := slices.IndexFunc(x.parts, func(p *exitPart) bool { return p.name == name && !p.stale && !p.more })
	if i < 0 {
		return nil
	}
	return x.parts[i]
}

// needs reports whether there is anything for a part to do. Access is always looked at;
// where nothing is taught, there has to be something that somebody could show, or
// repositories that say what only the vendor knows.
func (x *departing) needs(name playbook.Process) bool {
	switch {
	case name == exit.PartRevocation:
		return true
	case name == exit.PartTransfer && len(x.read.Areas) > 0, name == exit.PartHandover && len(x.read.Assets) > 0:
		return true
	}
	return slices.ContainsFunc(x.in.Steps, func(s playbook.Step) bool {
		shows := s.Does == exit.DoesShown || s.Does == exit.DoesReceived
		return s.Process == name && x.applies(s) && (!shows || x.read.Repositories != "")
	})
}

// startOwed starts the first of some parts that has something to do and does not run.
func (x *departing) startOwed(ctx workflow.Context, names ...playbook.Process) (again bool, err error) {
	for _, name := range names {
		if x.needs(name) && x.part(name) == nil {
			return true, x.startPart(ctx, name, partWants{})
		}
	}
	return false, nil
}

// startTransition starts what passes over before the cut-over. What the vendor's people
// still can do is looked at from here on, and taken away once the new work stands. Where
// somebody new takes over, nothing is taught before their contract is signed.
func (x *departing) startTransition(ctx workflow.Context) (again bool, err error) {
	names := []playbook.Process{exit.PartRevocation, exit.PartHandover}
	if x.reached(gateSigned) {
		names = append(names, exit.PartTransfer)
	}
	if x.order.Plays() == exit.ModeForCause { // nothing of theirs is waited for
		names = append(names, exit.PartDataReturn)
	}
	return x.startOwed(ctx, names...)
}

// startClosing lets access be taken away, and asks for the data.
func (x *departing) startClosing(ctx workflow.Context) (again bool, err error) {
	again, err = x.startOwed(ctx, exit.PartTransfer, exit.PartHandover, exit.PartRevocation, exit.PartDataReturn)
	if again || err != nil {
		return again, err
	}
	if x.unread != "" {
		return true, x.readForgotten(ctx)
	}
	x.letGo(ctx)
	for _, p := range x.parts {
		if p.name == exit.PartRevocation && !p.stale && !p.done && !p.going {
			p.going = true
			x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalPart, PartNews{Word: NewsGo}))
		}
	}
	return false, nil
}

// arrived reports whether a part is over and nothing of it is open, or there is none.
func (x *departing) arrived(name playbook.Process) bool {
	if x.needs(name) && x.part(name) == nil {
		return false
	}
	return !slices.ContainsFunc(x.parts, func(p *exitPart) bool { return p.name == name && !p.stale && !x.over(p) })
}

// over reports whether a part is over and nobody has to say what becomes of it.
func (x *departing) over(p *exitPart) bool { return p.taken && p.chore == nil && p.waives.Answer == "" }

// allArrived reports whether every part is over.
func (x *departing) allArrived() bool {
	return !slices.ContainsFunc([]playbook.Process{exit.PartTransfer, exit.PartHandover, exit.PartRevocation, exit.PartDataReturn},
		func(name playbook.Process) bool { return !x.arrived(name) })
}

// endParts tells running parts to end and reports whether one still runs.
func (x *departing) endParts(ctx workflow.Context, act review.Act) (running bool) {
	for _, p := range x.parts {
		if p.done {
			continue
		}
		running = true
		if !p.told {
			p.told = true
			x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalWithdraw, act))
		}
	}
	return running
}

// partsEnded waits for parts that were cancelled with their exit, so that nothing of the
// case is recorded after its end.
func (x *departing) partsEnded(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return !slices.ContainsFunc(x.parts, func(p *exitPart) bool { return !p.done }) })
}

// tellParts lets running parts follow a hold or a resume, and hear of interests.
func (x *departing) tellParts(ctx workflow.Context) {
	for _, n := range x.sharing {
		for _, p := range x.parts {
			if !p.done && p.id != n.Process {
				x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalInterest, n))
			}
		}
	}
	x.sharing = nil
	for _, p := range x.parts {
		if p.done || p.held == (x.held != nil) {
			continue
		}
		p.held = x.held != nil
		act := x.steered
		act.ID, act.Process = act.ID+"@"+p.id, p.id
		x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalSteer, act))
	}
}

// copying reports whether a transfer of knowledge runs that copies the repositories, and
// has not said what came of it.
func (x *departing) copying() bool {
	p := x.part(exit.PartTransfer)
	return p != nil && p.reads && !p.done && !p.copied
}

// tellCopied tells the hand-over which copies there are, so that it makes no others.
func (x *departing) tellCopied(ctx workflow.Context, n PartNews) {
	if n.Document != "" {
		x.copied = n.Document
	}
	if p := x.part(exit.PartTransfer); p != nil {
		p.copied = true
	}
	if p := x.part(exit.PartHandover); p != nil && !p.done {
		x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalPart, PartNews{Word: NewsCopied, Document: x.copied}))
	}
}

// heardFrom acts on what a part told.
func (x *departing) heardFrom(ctx workflow.Context, n PartNews) error {
	switch n.Word {
	case NewsSilent, NewsAnswered:
		x.ladder.silent = n.Word == NewsSilent
		if x.ladder.since.IsZero() {
			x.ladder.since = x.now(ctx)
		}
	case NewsCopied:
		x.tellCopied(ctx, n)
	case NewsFound:
		return x.handOver(ctx, n)
	case NewsLooked:
		if p := x.part(exit.PartRevocation); p != nil {
			p.looked = true
		}
	}
	return nil
}
