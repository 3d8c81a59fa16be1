package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// News is what an oversight is told: what a process came to that it began, or what
// else is known of something that runs out. The same news again changes nothing.
type News struct {
	// Process that reports; empty where nobody's process does.
	Process string `json:"process,omitempty"`
	Result  string `json:"result,omitempty"`
	By      string `json:"by,omitempty"`
	// Expiries that are to be watched from now on.
	Expiries []engagement.Expiry `json:"expiries,omitempty"`
	// Recused are people who declared a conflict there.
	Recused []string `json:"recused,omitempty"`
	// Document is what was signed or is in force.
	Document string `json:"document,omitempty"`
}

// listenForNews starts the coroutine that hears of what others came to.
func (o *oversight) listenForNews(ctx workflow.Context) {
	workflow.GoNamed(ctx, "news", func(ctx workflow.Context) {
		for {
			var n News
			workflow.GetSignalChannel(ctx, SignalNews).Receive(ctx, &n)
			o.news = append(o.news, n)
			o.changes++
		}
	})
	o.listenForExit(ctx)
}

// heardOf acts on news. Dates that are known are dropped by the expiry's id, and a
// result by the process: it is waited for once.
func (o *oversight) heardOf(ctx workflow.Context, n News) {
	if o.drilled(ctx, n) {
		return
	}
	o.recused = union(o.recused, n.Recused)
	var waits []*Watching
	for _, w := range o.watching {
		if n.Process != "" && w.Begun == n.Process && !w.Done {
			waits = append(waits, w)
		}
	}
	if len(waits) > 0 {
		o.note(ctx, dossier.Reported, n.By, "", nil, &dossier.Detail{Parent: n.Process, Result: n.Result, Document: n.Document})
	}
	for _, e := range n.Expiries {
		o.take(ctx, e, "reported")
	}
	for _, w := range waits {
		w.Begun, w.Again = "", time.Time{}
		o.came(ctx, w, n)
	}
}

// came acts on what a process came to that was to renew something. What is in force
// has dates of its own; everything else goes to the owner.
func (o *oversight) came(ctx workflow.Context, w *Watching, n News) {
	dated := slices.ContainsFunc(n.Expiries, func(e engagement.Expiry) bool { return e.Kind == w.Expiry.Kind })
	switch {
	case w.Expiry.Process == n.Process: // its own date came with it
		w.Stage = ""
	case w.Expiry.Kind == engagement.ExpiryContract && n.Result == ResultSigned && !dated:
		w.Document = n.Document
		o.askTerms(ctx, w)
	case n.Result == ResultInForce || n.Result == ResultSigned:
		o.replacedBy(ctx, w, n)
	case w.Expiry.Kind == engagement.ExpiryContract: // the question is open again
		o.undecided(ctx, w)
	default:
		o.stopAsking(ctx, w)
		o.askOwner(ctx, w, stageFailed)
	}
}

// replacedBy ends the watch over what a newer one has replaced: the dates of the same
// document go with it.
func (o *oversight) replacedBy(ctx workflow.Context, w *Watching, n News) {
	same := func(x *Watching) bool {
		return x == w || !x.Done && x.Expiry.Kind == w.Expiry.Kind && x.Expiry.Process != "" && x.Expiry.Process == w.Expiry.Process && x.Expiry.Process != n.Process
	}
	for _, x := range slices.Clone(o.watching) {
		if same(x) {
			o.end(ctx, x, n.By, "replaced")
		}
	}
}

// report tells the oversight that began this process what it came to. An oversight
// that is over hears nothing, and nobody waits for it.
func (p *process) report(ctx workflow.Context, n News) {
	if p.in.Reports == "" {
		return
	}
	n.Process = p.in.Process
	p.ended = true // whatever people say now comes too late
	err := workflow.SignalExternalWorkflow(ctx, p.in.Reports, "", SignalNews, n).Get(ctx, nil)
	if err != nil {
		workflow.GetLogger(ctx).Warn("the oversight could not be told", "process", p.in.Process, "oversight", p.in.Reports, "error", err)
	}
}
