package workflows

import (
	"slices"
	"strconv"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// mostEvents bounds the history of one run: well below where the engine suggests a new
// one (4,096), so that whatever a wake brings still fits.
const mostEvents = 2000

// What is carried from run to run is bounded: requests that closed stay for a quarter
// of a year, as long as an answer may be under way, and acts that were judged by
// their number.
const (
	keepClosed = 92 * 24 * time.Hour
	mostJudged = 200
)

// Carried is what an oversight hands to its next run: all of its state. Entries and
// notices go on counting, and whoever was asked, or has answered, is known.
type Carried struct {
	Runs     int                      `json:"runs"`
	Seq      int                      `json:"seq"`
	Told     int                      `json:"told,omitempty"`
	Attempts int                      `json:"attempts,omitempty"`
	Watching []Watching               `json:"watching,omitempty"`
	Asks     []CarriedAsk             `json:"asks,omitempty"`
	Rounds   []CarriedRound           `json:"rounds,omitempty"`
	Judged   []CarriedAct             `json:"judged,omitempty"`
	Hours    []activities.PersonHours `json:"hours,omitempty"`
	Owners   []string                 `json:"owners,omitempty"`
	Gone     []string                 `json:"gone,omitempty"`
	Steered  *review.Act              `json:"steered,omitempty"`
	Reseat   bool                     `json:"reseat,omitempty"`
	// Calendar is when the calendar is made anew, where that failed.
	Calendar time.Time `json:"calendar,omitzero"`
	Meeting  Meeting   `json:"meeting,omitzero"`
}

// CarriedAsk is a request with the step that it asks.
type CarriedAsk struct {
	Request review.Request  `json:"request"`
	Step    playbook.Step   `json:"step"`
	Sought  []CarriedSought `json:"sought,omitempty"`
}

// CarriedSought is a seat for which nobody was found to stand in.
type CarriedSought struct {
	Seat  string    `json:"seat"`
	Until time.Time `json:"until"`
}

// CarriedRound is how often a step was asked.
type CarriedRound struct {
	Step string `json:"step"`
	N    int    `json:"n"`
}

// CarriedAct is what somebody was told about an act, for when it comes again.
type CarriedAct struct {
	ID      string         `json:"id"`
	Outcome review.Outcome `json:"outcome"`
}

// restful reports whether this run may end for the next to go on: something happened
// in it, its history is long, and nothing is under way.
func (o *oversight) restful(ctx workflow.Context) bool {
	if !o.woken || !o.quiet(ctx) {
		return false
	}
	info := workflow.GetInfo(ctx)
	return o.in.EachWake || info.GetContinueAsNewSuggested() || info.GetCurrentHistoryLength() > mostEvents
}

// quiet reports whether everything that happened is in the record, everybody is told,
// and nobody waits for a reply.
func (o *oversight) quiet(ctx workflow.Context) bool {
	return !o.busy() && len(o.news)+len(o.errands)+len(o.invitations) == 0 && o.withdrawn == nil && o.reopened == nil && o.leaving == nil && workflow.AllHandlersFinished(ctx)
}

// drain takes the signals that came and that nobody has heard yet, and reports whether
// there were any: a run that ended without them would lose them.
func (o *oversight) drain(ctx workflow.Context) (came bool) {
	for {
		var n News
		if !workflow.GetSignalChannel(ctx, SignalNews).ReceiveAsync(&n) {
			break
		}
		o.news, came = append(o.news, n), true
	}
	for {
		var act review.Act
		if !workflow.GetSignalChannel(ctx, SignalWithdraw).ReceiveAsync(&act) {
			break
		}
		o.withdrawn, came = &act, true
	}
	var e exitNews
	if workflow.GetSignalChannel(ctx, SignalExit).ReceiveAsync(&e) {
		o.leaving, came = &e, true
	}
	if came {
		o.changes++
	}
	return came
}

// goOn ends the run and has the next go on with what it knew.
func (o *oversight) goOn(ctx workflow.Context) error {
	o.disarm()
	in := o.in
	in.Common = o.process.in // whose case it is may have changed
	in.Anchor, in.Held = o.anchor, o.held
	in.Recused, in.Declared, in.Stated = o.recused, o.declared, o.stated
	in.Expiries, in.Carried = nil, o.carry(ctx)
	return workflow.NewContinueAsNewError(ctx, OversightType, in)
}

func (o *oversight) carry(ctx workflow.Context) *Carried {
	c := o.process.carry(ctx, nil)
	c.Runs, c.Calendar, c.Meeting = o.runs+1, o.years.again, o.meeting
	for _, w := range o.watching {
		c.Watching = append(c.Watching, *w)
	}
	return c
}

// carry is what every process that goes on in a new run hands to it. Requests that some
// of its own state still needs are kept, however long ago they closed.
func (p *process) carry(ctx workflow.Context, needed []*asked) *Carried {
	c := &Carried{Seq: p.seq, Told: p.told, Attempts: p.attempts, Hours: p.hours, Owners: p.owners, Gone: p.gone, Reseat: p.reseat}
	now := p.now(ctx)
	for _, a := range p.asks {
		if a.req.Closed != nil && now.Sub(a.req.Closed.At) > keepClosed && !slices.Contains(needed, a) {
			continue
		}
		x := CarriedAsk{Request: a.req.Clone(), Step: a.step}
		for _, s := range a.sought {
			x.Sought = append(x.Sought, CarriedSought{Seat: s.seat, Until: s.until})
		}
		c.Asks = append(c.Asks, x)
	}
	for _, r := range p.rounds {
		c.Rounds = append(c.Rounds, CarriedRound{Step: r.step, N: r.n})
	}
	for _, j := range p.judged[max(0, len(p.judged)-mostJudged):] {
		c.Judged = append(c.Judged, CarriedAct{ID: j.id, Outcome: j.outcome})
	}
	if p.steered.ID != "" {
		act := p.steered
		c.Steered = &act
	}
	return c
}

// carriedOn is the state of a run that goes on with what the one before knew. It makes
// no entry: for the record it is one process.
func carriedOn(in OversightInput) *oversight {
	c := in.Carried
	p := c.process(in.Common, playbook.Oversight)
	p.held = in.Held
	o := &oversight{process: p, in: in, runs: c.Runs, years: almanacs{again: c.Calendar}, meeting: c.Meeting}
	for _, w := range c.Watching {
		o.watching = append(o.watching, &w)
	}
	o.in.Carried = nil
	return o
}

// process is what every process that goes on in a new run begins with.
func (c *Carried) process(in Common, part playbook.Process) *process {
	p := &process{in: in, part: part, anchor: in.Anchor, recused: slices.Clone(in.Recused), declared: slices.Clone(in.Declared), stated: slices.Clone(in.Stated),
		owners: c.Owners, gone: c.Gone, hours: c.Hours, seq: c.Seq, told: c.Told, attempts: c.Attempts, reseat: c.Reseat}
	for _, x := range c.Asks {
		a := &asked{req: &x.Request, step: x.Step}
		for _, s := range x.Sought {
			a.sought = append(a.sought, sought{seat: s.Seat, until: s.Until})
		}
		p.asks = append(p.asks, a)
	}
	for _, r := range c.Rounds {
		p.rounds = append(p.rounds, round{step: r.Step, n: r.N})
	}
	for _, j := range c.Judged {
		p.judged = append(p.judged, judged{id: j.ID, outcome: j.Outcome})
	}
	if c.Steered != nil {
		p.steered = *c.Steered
	}
	return p
}

// missing says why a request is not here: it was asked, and closed so long ago that it
// was left behind, or nobody ever asked it.
func (p *process) missing(request string) review.Refusal {
	for _, r := range p.rounds {
		for n := 1; n <= r.n; n++ {
			if request == p.in.Process+":"+r.step+"."+strconv.Itoa(n) {
				return review.Closed
			}
		}
	}
	return review.Unknown
}
