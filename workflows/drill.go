package workflows

import (
	"strconv"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Names under which a drill files what it comes to: its report, and who would have been
// asked what.
const (
	drillReport   = "drill-report"
	drillForeseen = "would-be-asked"
)

// forDrill sends what a drill does to a worker that can change nothing.
func forDrill(ctx workflow.Context, o exit.Order) workflow.Context {
	if o.Mode != exit.ModeDrill {
		return ctx
	}
	return workflow.WithTaskQueue(ctx, DrillQueue)
}

// practice is a step as it is played in a drill: it takes its deadline, and where people
// take part somebody has an hour for what the playbook says of it.
type practice struct {
	starts, ends time.Time
	// task is what somebody does, until the hour is over.
	task *asked
	hour time.Time
	// state is what became of the task, by whose answer.
	state      exit.State
	by, answer string
	over       bool
}

// instants are when the clock wants something of it.
func (x *practice) instants() []time.Time { return []time.Time{x.ends, x.hour} }

// drillTask is what one of our own people does of a step in a drill; false: nothing, or
// only the vendor could.
func drillTask(s playbook.Step) (playbook.Step, bool) {
	if s.Drill == "" {
		return s, false
	}
	for _, seat := range s.Policy.Seats() {
		if seat.Role == review.VendorRole || seat.Role == review.OutsideRole {
			continue
		}
		one := review.Seat{ID: seat.ID, Role: seat.Role, Mandatory: true, Minutes: 60}
		return playbook.Step{ID: "drill-" + s.ID, Process: s.Process, Kind: review.Decision, Title: "DRILL: " + s.Title,
			Ask:    "This is a drill. Nothing real is changed, and the vendor hears nothing of it. You have an hour: " + s.Drill + " Say yes once you have done it, or no with what stood in the way.",
			Policy: review.Policy{Groups: []review.Group{{Name: "drill", Rule: review.RuleAll, Seats: []review.Seat{one}}}}, Deadlines: playbook.Deadlines{Due: calendar.Span{Hours: 1}}}, true
	}
	return s, false
}

// practise plays a step, so many times one after the other, and reports whether it is
// over.
func (p *process) practise(ctx workflow.Context, s playbook.Step, times int, people bool, x *practice) (over bool) {
	now := p.now(ctx)
	if x.over {
		return true
	}
	if x.starts.IsZero() {
		x.starts, x.ends = now, now
		for range max(times, 1) {
			x.ends = p.in.Calendar.After(p.in.Hours, x.ends, s.Deadlines.Due)
		}
		if task, ok := drillTask(s); ok && people {
			x.task = p.open(ctx, question{step: task, options: decision(), reasoned: []review.Verdict{review.Reject}, drill: true})
			x.hour = p.in.Calendar.After(p.in.Hours, now, task.Deadlines.Due)
		}
	}
	if x.task != nil && x.task.req.Closed == nil && !p.practised(ctx, x) || now.Before(x.ends) {
		return false
	}
	x.over = true
	p.note(ctx, dossier.Rehearsed, x.by, x.answer, nil, &dossier.Detail{Step: s.ID, Starts: x.starts, Ends: x.ends, Result: string(x.state)})
	return true
}

// practised reports whether somebody said what became of their task, or the hour is over.
func (p *process) practised(ctx workflow.Context, x *practice) bool {
	t := x.task.req.Tally(p.now(ctx))
	switch {
	case t.State.Decided():
		x.state = exit.StateFailed
		if t.State == review.Met {
			x.state = exit.StateDone
		}
		for _, b := range standing(x.task.req) {
			x.by, x.answer = b.Person, b.Answer
		}
		p.shut(ctx, x.task, t.State, "decided")
	case !p.now(ctx).Before(x.hour):
		x.state = exit.StateOpen
		p.shut(ctx, x.task, t.State, "drill-over")
	default:
		return false
	}
	return true
}

// Why something of a drill stands as it does, besides what stands in the way.
const (
	whyRehearsed  = "rehearsed"
	whyNotInHour  = "not-in-its-hour"
	whyPractice   = "failed-in-the-drill"
	whyVacant     = "nobody-holds-a-seat"
	whyNoReceiver = "no-receiver"
	whyNoRoster   = "no-roster"
	whyNotTheirs  = "not-on-the-roster"
	whyNoRestore  = "no-restore"
	whyNoneNamed  = "none-named"
	whyUnplanned  = "not-in-the-plan"
)

// rehearsed is what the report says of it; part is empty for a step of the exit itself.
func (x *practice) rehearsed(part string, s playbook.Step) exit.Rehearsed {
	r := exit.Rehearsed{Part: part, Step: s.ID, Does: string(s.Does), Starts: x.starts, Ends: x.ends, State: x.state, By: x.by, Answer: x.answer, Waivable: s.Policy.Waivable}
	for _, seat := range s.Policy.Seats() {
		r.Seats++
		if seat.Role == review.VendorRole {
			r.Theirs++
		}
	}
	return r
}

// chase puts down what would be asked, rung by rung, of a vendor who never answered, and
// when it would be done without them. Nobody is chased in a drill.
func (x *departing) chase(c *exit.Certificate) {
	at, _ := c.Owed()
	if at.IsZero() || len(x.ladder.rungs) == 0 {
		return
	}
	in := x.process.in
	for _, d := range x.ladder.rungs {
		rung := practice{starts: at, ends: in.Calendar.After(in.Hours, at, d.step.Deadlines.Due)}
		c.Chase = append(c.Chase, rung.rehearsed("", d.step))
		at = in.Calendar.After(in.Hours, rung.ends, x.pause(d))
	}
	c.Alone = at
}

// evidences tells the oversight of the vendor that they were rehearsed to be left: its
// record is the vendor's, and the report belongs there. Nobody is told.
func (x *departing) evidences(ctx workflow.Context) {
	if !x.drill() || x.in.Oversight == "" || x.result.Result != ResultDone {
		return
	}
	id := x.process.in.Process
	err := workflow.SignalExternalWorkflow(ctx, x.in.Oversight, "", SignalNews, News{Process: id, Result: ResultDone, Document: x.cert}).Get(ctx, nil)
	if err != nil { // it is over: the report stands in the drill's own record
		workflow.GetLogger(ctx).Warn("the oversight could not be told", "process", id, "oversight", x.in.Oversight, "error", err)
	}
}

// drilled files a drill's report as what is known of the vendor; false: it is other news.
func (o *oversight) drilled(ctx workflow.Context, n News) bool {
	number, is := strings.CutPrefix(n.Process, DrillPrefix(o.in.Vendor)+"/")
	if !is || n.Document == "" {
		return false
	}
	version, err := strconv.Atoi(number)
	if err != nil { // no number that we gave
		version = 0
	}
	o.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: drillReport, Document: n.Document, Version: version, Parent: n.Process})
	return true
}

// matter is what it leaves open: a task that failed, or that nobody did in its hour.
func (x *practice) matter(process, part string, s playbook.Step) exit.Matter {
	m := exit.Matter{ID: process + ":" + s.ID, Part: part, Name: s.ID, State: exit.StateNotNeeded, Why: whyRehearsed, By: x.by, Answer: x.answer}
	switch x.state {
	case exit.StateDone:
		m.State, m.Why = exit.StateDone, ""
	case exit.StateFailed:
		m.State, m.Why = exit.StateFailed, whyPractice
	case exit.StateOpen:
		m.State, m.Why = exit.StateOpen, whyNotInHour
	}
	return m
}

// foresee files who would be asked what, and hands on which steps have a seat that nobody
// holds.
func (p *process) foresee(ctx workflow.Context, steps []playbook.Step, vacant func(step string, seats int)) error {
	in := activities.ForeseeIn{Case: p.in.Case, Process: p.in.Process, Vendor: p.in.Vendor, Owner: p.in.Owner, Deputy: p.in.Deputy, Sponsor: p.in.Sponsor, Now: p.now(ctx)}
	for _, s := range steps {
		s.Points = nil
		in.Steps = append(in.Steps, s)
	}
	if len(in.Steps) == 0 {
		return nil
	}
	p.working++
	out, err := call(ctx, patient("who would be asked"), actForesee, acts.Foresee, in)
	p.working--
	p.changes++
	if err != nil {
		return err
	}
	p.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: drillForeseen, Document: out.Evidence, Version: 1})
	for _, s := range out.Steps {
		if s.Vacant > 0 {
			vacant(s.Step, s.Vacant)
		}
	}
	return nil
}

// foreseeOwn puts down who would be asked the exit's own steps.
func (x *departing) foreseeOwn(ctx workflow.Context) error {
	var steps []playbook.Step
	for _, s := range x.in.Steps {
		if s.Process == exit.PartExit && x.applies(s) {
			steps = append(steps, s)
		}
	}
	return x.foresee(ctx, steps, func(step string, seats int) {
		x.gaps = append(x.gaps, exit.Matter{ID: x.process.in.Process + ":" + step + "-seats", Part: exit.PartExit, Name: step, State: exit.StateOpen, Why: whyVacant, Found: seats})
	})
}
