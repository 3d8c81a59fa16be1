package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/exit"
	"gangway/internal/review"
)

// carriedCare is what an aftercare hands to its next run: all of its state.
type carriedCare struct {
	Carried
	Matters  []carriedMatter   `json:"matters"`
	Blocking []carriedBlocking `json:"blocking,omitempty"`
	Ends     []carriedLapse    `json:"ends,omitempty"`
}

// carriedMatter is a concern.
type carriedMatter struct {
	Matter exit.Matter `json:"matter"`
	Before exit.Matter `json:"before,omitzero"`
	Asks   string      `json:"asks,omitempty"`
	Comes  time.Time   `json:"comes,omitzero"`
}

// carriedBlocking is what the owner is asked about matters that block; requests are
// carried by their ids.
type carriedBlocking struct {
	Chore   string        `json:"chore"`
	About   []string      `json:"about,omitempty"`
	Request string        `json:"request,omitempty"`
	Waiver  string        `json:"waiver,omitempty"`
	Ballot  review.Ballot `json:"ballot,omitzero"`
}

// carriedLapse is a day on which something ends.
type carriedLapse struct {
	On       time.Time `json:"on"`
	Comes    time.Time `json:"comes,omitzero"`
	Names    []string  `json:"names"`
	Document string    `json:"document,omitempty"`
	Chore    string    `json:"chore"`
	Soon     string    `json:"soon,omitempty"`
	Request  string    `json:"request,omitempty"`
	Decision string    `json:"decision,omitempty"`
	Owed     bool      `json:"owed,omitempty"`
	Round    int       `json:"round,omitempty"`
	Words    string    `json:"words,omitempty"`
}

func (c *aftercare) loop(ctx workflow.Context) error {
	for c.result.Result == "" {
		again, err := c.once(ctx, &c.result, c.step)
		if err != nil {
			return err
		}
		if again || c.result.Result != "" {
			continue
		}
		if c.restful(ctx) && !c.drain(ctx) {
			return c.goOn(ctx)
		}
		err = c.rest(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// rest sleeps until something changed or a clock asks for something, or until the run
// may end for the next to go on.
func (c *aftercare) rest(ctx workflow.Context) error {
	err := c.awaitUntil(ctx, c.nextAlarm(ctx), func() bool { return c.changes != c.seen || c.restful(ctx) })
	if err != nil {
		return err
	}
	c.woken, c.seen = true, c.changes
	return c.tend(ctx)
}

// restful reports whether this run may end for the next to go on: something happened
// in it, its history is long, and nothing is under way.
func (c *aftercare) restful(ctx workflow.Context) bool {
	if !c.woken || c.busy() || c.withdrawn != nil || !workflow.AllHandlersFinished(ctx) {
		return false
	}
	info := workflow.GetInfo(ctx)
	return c.in.EachWake || info.GetContinueAsNewSuggested() || info.GetCurrentHistoryLength() > mostEvents
}

// drain takes the signal that came and that nobody has heard yet, and reports whether
// there was any: a run that ended without it would lose it. Nobody sends another to a
// case of its own.
func (c *aftercare) drain(ctx workflow.Context) (came bool) {
	for {
		var act review.Act
		if !workflow.GetSignalChannel(ctx, SignalWithdraw).ReceiveAsync(&act) {
			return came
		}
		c.withdrawn, came = &act, true
		c.changes++
	}
}

// goOn ends the run and has the next go on with what it knew.
func (c *aftercare) goOn(ctx workflow.Context) error {
	c.disarm()
	in := c.in
	in.Common = c.process.in // whose case it is may have changed
	in.Anchor, in.Held = c.anchor, c.held
	in.Recused, in.Declared, in.Stated = c.recused, c.declared, c.stated
	in.Carried = c.carry(ctx)
	return workflow.NewContinueAsNewError(ctx, AftercareType, in)
}

// carry hands on all of the state. What is asked of a day is kept as long as the day is
// not over: what was delivered may wait for years until somebody accepts it.
func (c *aftercare) carry(ctx workflow.Context) *carriedCare {
	var needed []*asked
	id := func(a *asked) string {
		if a == nil {
			return ""
		}
		needed = append(needed, a)
		return a.req.ID
	}
	all := &carriedCare{}
	for _, x := range c.all {
		all.Matters = append(all.Matters, carriedMatter{Matter: x.Matter, Before: x.before, Asks: x.asks, Comes: x.comes})
	}
	for _, b := range c.blocks {
		all.Blocking = append(all.Blocking, carriedBlocking{Chore: b.chore, About: b.about, Request: id(b.ask), Waiver: id(b.waiver), Ballot: b.reason})
	}
	for _, e := range c.ends {
		if c.over(e) {
			continue
		}
		all.Ends = append(all.Ends, carriedLapse{On: e.on, Comes: e.comes, Names: e.names, Document: e.document, Chore: e.chore,
			Soon: id(e.soon), Request: id(e.ask), Decision: id(e.decision), Owed: e.owed, Round: e.round, Words: e.words})
	}
	all.Carried = *c.process.carry(ctx, needed)
	all.Runs, all.Calendar = c.runs+1, c.years.again
	return all
}

// aftercare is the state of a run that goes on with what the one before knew. It makes no
// entry: for the record it is one process.
func (all *carriedCare) aftercare(in AftercareInput) *aftercare {
	p := all.process(in.Common, exit.PartAftercare)
	p.held = in.Held
	c := &aftercare{concerns: &concerns{process: p, part: exit.PartAftercare, lead: in.Chores.Due}, in: in, runs: all.Runs, years: almanacs{again: all.Calendar}}
	c.in.Carried = nil
	for _, x := range all.Matters {
		c.all = append(c.all, &concern{Matter: x.Matter, before: x.Before, asks: x.Asks, comes: x.Comes})
	}
	for _, b := range all.Blocking {
		c.blocks = append(c.blocks, &blocking{chore: b.Chore, about: b.About, ask: p.find(b.Request), waiver: p.find(b.Waiver), reason: b.Ballot})
	}
	for _, e := range all.Ends {
		c.ends = append(c.ends, &lapse{on: e.On, comes: e.Comes, names: e.Names, document: e.Document, chore: e.Chore,
			soon: p.find(e.Soon), ask: p.find(e.Request), decision: p.find(e.Decision), owed: e.Owed, round: e.Round, words: e.Words})
	}
	return c
}
