package workflows

import (
	"slices"
	"strconv"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Common is what every process of a case is given. It holds no name, address
// or free text: those live in documents and in the working tables.
type Common struct {
	Case    string `json:"case"`
	Process string `json:"process"`
	// Parent is the process that waits for this one; empty for a root.
	Parent    string `json:"parent,omitempty"`
	Vendor    string `json:"vendor"` // slug
	Requester string `json:"requester"`
	Owner     string `json:"owner"`
	Deputy    string `json:"deputy,omitempty"`
	Sponsor   string `json:"sponsor,omitempty"`
	// Playbook and Digest say which playbook, in which wording, the steps below
	// were taken from when the case started.
	Playbook string             `json:"playbook"`
	Digest   string             `json:"digest"`
	Tier     engagement.Tier    `json:"tier,omitempty"`
	Steps    []playbook.Step    `json:"steps"`
	Chores   playbook.Deadlines `json:"chores"`
	Hours    calendar.Schedule  `json:"hours"`
	Calendar calendar.Snapshot  `json:"calendar"`
	Anchor   calendar.Anchor    `json:"anchor,omitzero"`
	// Rehearsal cases may have their clock moved, and say so everywhere.
	Rehearsal bool `json:"rehearsal,omitempty"`
	// Recused lists people who declared a conflict earlier in the case.
	Recused []string `json:"recused,omitempty"`
	// Declaration is the statement on interests that a person's first answer in the
	// case must carry, Declared those whose statement stands.
	Declaration string   `json:"declaration,omitempty"`
	Declared    []string `json:"declared,omitempty"`
	// Stated says when each of them made it; who is not here did as the process starts.
	Stated []Statement `json:"stated,omitempty"`
	// Together: the parts of the case tell each other at once who declared a conflict and
	// whose statement stands. Cases that began before they did go on without.
	Together bool `json:"together,omitempty"`
	// Reports is the oversight that is told what the process came to; empty: none.
	Reports string `json:"reports,omitempty"`
	// Held: the case is on hold as this process starts.
	Held *Holding `json:"held,omitempty"`
}

// asked is a request with the step it came from.
type asked struct {
	req  *review.Request
	step playbook.Step
	// sought are the seats for which nobody was found to stand in.
	sought []sought
}

// judged is what somebody was told about an act, for when it comes again.
type judged struct {
	id      string
	outcome review.Outcome
}

// process is the state that all processes have. Handlers change it and return;
// the main loop looks at it after every change.
type process struct {
	in     Common
	anchor calendar.Anchor
	asks   []*asked
	hours  []activities.PersonHours
	// recused is everybody who declared a conflict in this case so far.
	recused []string
	// declared is everybody whose statement on interests stands in this case.
	declared []string
	// stated says when; corrected is when a fact of the intake was last corrected, before
	// which no statement counts.
	stated    []Statement
	corrected time.Time
	// sharing is what the other parts of the case have yet to hear of it.
	sharing []Interest
	owners  []string // who may act as the case's owner, best first, by the last look at the people
	gone    []string // who left since the process began
	rounds  []round  // how often each step was asked, for request ids

	seq     int // entries made
	outbox  []dossier.Entry
	filing  bool
	notices []review.Notice
	copies  []review.Copy
	late    activities.ShowIn // recorded, and held up by a channel in trouble
	told    int               // notices made, for their ids
	showing bool
	working int // activities that the main loop waits for
	sending int // signals that have not arrived, for whoever moves a rehearsal's clock
	// awaited are the processes that run and are waited for.
	awaited []string
	seating bool // one of them asks who holds the seats
	heard   bool // every handler is registered
	timer   timer
	// wake is the instant at which the process itself has something to do next, besides
	// what its requests want; zero: none. Whoever sets it sees to it that what was due
	// is done before it sleeps again.
	wake     time.Time
	reseat   bool // seats may have lost or found people
	changes  int
	seen     int
	attempts int
	judged   []judged
	steering

	// part of the playbook that the process carries out.
	part playbook.Process
	// filesAs is the name of the document that may be submitted, empty: none.
	filesAs   string
	submitted []review.Act
	// reopens lists the steps that may be reopened now.
	reopens   []string
	reopened  *review.Act
	withdrawn *review.Act
	// stops: the owner may end it early, as stopped did.
	stops   bool
	stopped *review.Act
	// noReturn: what an exit did can't be undone, and it is not called off any more. settles:
	// the owner may say who does the work then, as settled did.
	noReturn bool
	settles  bool
	settled  *review.Act
	// ended: the process decides nothing any more and only files its record.
	ended bool
}

type round struct {
	step string
	n    int
}

// begin makes a process's state and its first entry.
func begin(ctx workflow.Context, in Common, part playbook.Process) *process {
	p := &process{in: in, part: part, anchor: in.Anchor, recused: slices.Clone(in.Recused), declared: slices.Clone(in.Declared), owners: []string{in.Owner, in.Deputy, in.Sponsor}}
	p.stated = statedAt(in.Stated, in.Declared, p.now(ctx))
	p.note(ctx, dossier.ProcessStarted, "", "", nil, &dossier.Detail{Parent: in.Parent})
	return p
}

// hear registers every handler and starts the coroutines that file and show. It
// comes before anything blocks, so that an Update in the first workflow task is
// heard, and after the state is complete: an Update that waits for its handler
// runs the moment that it is registered.
func (p *process) hear(ctx workflow.Context) error {
	workflow.GoNamed(ctx, "file", p.file)
	workflow.GoNamed(ctx, "show", p.show)
	workflow.GoNamed(ctx, "listen", p.listen)
	err := p.handle(ctx)
	p.heard = true
	return err
}

// listen is the coroutine that hears a parent end this process.
func (p *process) listen(ctx workflow.Context) {
	for {
		var act review.Act
		workflow.GetSignalChannel(ctx, SignalWithdraw).Receive(ctx, &act)
		if p.withdrawn == nil {
			p.withdrawn = &act
			p.changes++
		}
	}
}

// now is the case's time.
func (p *process) now(ctx workflow.Context) time.Time {
	return p.anchor.CaseAt(workflow.Now(ctx)).UTC()
}

// owner is who stands for the case's owner now: the owner, the deputy once the
// owner has left or declared a conflict, then the sponsor.
func (p *process) owner() string {
	i := slices.IndexFunc(p.owners, func(id string) bool { return id != "" && !slices.Contains(p.recused, id) })
	if i < 0 {
		return p.in.Owner
	}
	return p.owners[i]
}

// caseOpened notes what a case starts with; its root process does.
func (p *process) caseOpened(ctx workflow.Context) {
	in := p.in
	d := &dossier.Detail{Vendor: in.Vendor, Owner: in.Owner, Requester: in.Requester, Deputy: in.Deputy, Sponsor: in.Sponsor,
		Rehearsal: in.Rehearsal, Playbook: in.Playbook, Digest: in.Digest}
	if in.Rehearsal {
		anchor := in.Anchor
		d.Anchor = &anchor
	}
	p.note(ctx, dossier.CaseOpened, in.Requester, "", nil, d)
}

// openedAlone notes what a part of an onboarding was opened with by itself, where
// somebody opened it.
func (p *process) openedAlone(ctx workflow.Context, intake, rules dossier.Paper) {
	if intake.Digest == "" {
		return
	}
	p.note(ctx, dossier.DocumentFiled, p.in.Requester, "", nil, filedAs("intake", intake))
	p.note(ctx, dossier.DocumentFiled, "", "", nil, filedAs("playbook", rules))
}

// caseClosed notes the end of a case in its chain and in the register.
func (p *process) caseClosed(ctx workflow.Context, by string, d *dossier.Detail) {
	p.note(ctx, dossier.CaseClosed, by, "", nil, d)
	reg := *d
	reg.Parent = p.in.Case
	p.noteIn(ctx, dossier.Register, dossier.CaseClosed, by, "", nil, &reg)
}

// note makes the process's next entry.
func (p *process) note(ctx workflow.Context, kind dossier.Kind, actor, answer string, fact *review.Fact, d *dossier.Detail) {
	p.noteIn(ctx, p.in.Case, kind, actor, answer, fact, d)
}

func (p *process) noteIn(ctx workflow.Context, chain string, kind dossier.Kind, actor, answer string, fact *review.Fact, d *dossier.Detail) {
	p.seq++
	p.outbox = append(p.outbox, dossier.Entry{
		ID: p.in.Process + "#" + strconv.Itoa(p.seq), Case: chain, Process: p.in.Process,
		Run: workflow.GetInfo(ctx).WorkflowExecution.RunID, Kind: kind,
		At: workflow.Now(ctx).UTC(), CaseAt: p.now(ctx), Actor: actor, Answer: answer, Fact: fact, Detail: d,
	})
}

// filed waits until everything that happened is in the record, everybody is
// told and no handler is running. Nothing may block between its return and the
// end of the workflow function.
func (p *process) filed(ctx workflow.Context) error {
	p.ended = true
	p.disarm()
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	return workflow.Await(ctx, func() bool {
		return len(p.outbox) == 0 && !p.filing && len(p.notices) == 0 && len(p.copies) == 0 && !p.behind() && workflow.AllHandlersFinished(ctx)
	})
}

// turn sleeps until something changed or the clock asks for something, then
// does what the clock and the seats ask for.
func (p *process) turn(ctx workflow.Context) error {
	err := p.awaitUntil(ctx, p.nextAlarm(ctx), func() bool { return p.changes != p.seen })
	if err != nil {
		return err
	}
	p.seen = p.changes
	return p.tend(ctx)
}

// find returns the request of an id, nil when this process never asked it.
func (p *process) find(id string) *asked {
	i := slices.IndexFunc(p.asks, func(a *asked) bool { return a.req.ID == id })
	if i < 0 {
		return nil
	}
	return p.asks[i]
}

// requestID makes the id of a step's next request: process:step.n.
func (p *process) requestID(step string) string {
	i := slices.IndexFunc(p.rounds, func(r round) bool { return r.step == step })
	if i < 0 {
		p.rounds = append(p.rounds, round{step: step})
		i = len(p.rounds) - 1
	}
	p.rounds[i].n++
	return p.in.Process + ":" + step + "." + strconv.Itoa(p.rounds[i].n)
}
