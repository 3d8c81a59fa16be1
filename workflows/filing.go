package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/review"
)

// maxBatch bounds one append: archive takes at most 200 rows a transaction.
const maxBatch = 100

// file is the coroutine that files entries in order, one append in flight, and
// tells people in the same call: it costs as much as one activity, and the
// record comes first inside it. It waits until the process heard of what came
// with its start, and while seats are being filled: a request and those who are
// asked go in one call.
func (p *process) file(ctx workflow.Context) {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // what happened is filed even when the process is cancelled
	for {
		if workflow.Await(ctx, func() bool { return p.heard && !p.seating && p.hasNews() }) != nil {
			return
		}
		in, filed := p.pack()
		p.filing = true
		out, err := call(ctx, patient(""), actRecord, acts.Record, in) // the commonest: its name says it all
		p.filing = false
		if err != nil {
			p.putBack(in.ShowIn)
			workflow.GetLogger(ctx).Error("the record refuses an entry; trying again", "process", p.in.Process, "error", err)
			if workflow.Sleep(ctx, time.Minute) != nil {
				return
			}
			continue
		}
		p.outbox = p.outbox[filed:]
		p.keepLate(in.ShowIn, out.Late)
		p.lost(ctx, in.Notices, out.Undelivered)
	}
}

// hasNews reports whether there is something to file or to tell. Copies wait
// while older ones are late, so that none goes back to an older state.
func (p *process) hasNews() bool {
	return len(p.outbox)+len(p.notices) > 0 || len(p.copies) > 0 && !p.behind()
}

// behind reports whether a channel in trouble holds something up.
func (p *process) behind() bool { return p.showing || len(p.late.Notices)+len(p.late.Copies) > 0 }

// pack takes the next batch, and with the last of the entries what people are
// told: nobody hears of what is not in the record.
func (p *process) pack() (in activities.RecordIn, filed int) {
	filed = min(len(p.outbox), maxBatch)
	in.Entries = p.outbox[:filed]
	if filed < len(p.outbox) {
		return in, filed
	}
	in.Notices, p.notices = p.notices, nil
	if !p.behind() {
		in.Copies, p.copies = p.copies, nil
	}
	return in, filed
}

// putBack takes back what nobody was told because the record refused; a newer
// copy of a request stands.
func (p *process) putBack(in activities.ShowIn) {
	p.notices = append(in.Notices, p.notices...)
	for _, c := range in.Copies {
		if !slices.ContainsFunc(p.copies, func(x review.Copy) bool { return x.Request == c.Request }) {
			p.copies = append(p.copies, c)
		}
	}
}

// keepLate keeps what a channel in trouble held up, for show.
func (p *process) keepLate(in activities.ShowIn, late activities.Late) {
	for _, n := range in.Notices {
		if slices.Contains(late.Notices, n.ID) {
			p.late.Notices = append(p.late.Notices, n)
		}
	}
	for _, c := range in.Copies {
		if slices.Contains(late.Copies, c.Request) {
			p.late.Copies = append(p.late.Copies, c)
		}
	}
}

// show is the coroutine that tells people again what a channel in trouble held
// up, until that channel is well or refuses for good. All of it is in the record
// already.
func (p *process) show(ctx workflow.Context) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	for {
		if workflow.Await(ctx, func() bool { return len(p.late.Notices)+len(p.late.Copies) > 0 }) != nil {
			return
		}
		in := p.late
		p.late = activities.ShowIn{}
		p.showing = true
		out, err := call(ctx, patient("tell people again"), actShow, acts.Show, in)
		p.showing = false
		if err != nil {
			workflow.GetLogger(ctx).Error("a channel refuses for good", "process", p.in.Process, "error", err)
			out.Undelivered = nil
			for _, n := range in.Notices {
				out.Undelivered = append(out.Undelivered, n.ID)
			}
		}
		p.lost(ctx, in.Notices, out.Undelivered)
	}
}

// lost notes requests that could not be shown to somebody.
func (p *process) lost(ctx workflow.Context, notices []review.Notice, ids []string) {
	now := p.now(ctx)
	for _, n := range notices {
		if !slices.Contains(ids, n.ID) {
			continue
		}
		p.unreached(ctx, n)
		for _, id := range n.Requests {
			if a := p.find(id); a != nil && a.req.Closed == nil {
				p.apply(ctx, a, []review.Fact{{Kind: review.FactLost, Request: id, At: now, Person: n.Person}})
			}
		}
	}
}
