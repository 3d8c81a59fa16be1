package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// authorship is how far reading has come of who wrote the repositories: directories whose
// only authors are the vendor's people are areas too.
type authorship struct {
	charge
	// asked: there is something to read. reading: it is read now. came is what it came to.
	asked, reading, waiving bool
	came                    bool
	states                  []activities.AuthorsStanding
	areas                   []exit.Area
	evidence                string
	failed                  bool
	matter                  exit.Matter
}

// open reports whether it is still to be read, or to be said what becomes of what could
// not be.
func (x *authorship) open() bool {
	return x.asked && x.matter.State != exit.StateDone && x.matter.State != exit.StateWaived
}

// repositories are the ids of those among the assets.
func (p *passing) repositories() []string {
	var all []string
	for _, a := range p.in.Assets {
		if a.Kind == exit.AssetRepository && !slices.Contains(all, a.ID) {
			all = append(all, a.ID)
		}
	}
	return all
}

// read has the histories of the repositories read, beside everything else.
func (c *teaching) read(ctx workflow.Context) {
	x := &c.authors
	assets := c.repositories()
	if !c.in.readable() || x.reading {
		return
	}
	x.asked, x.reading, x.failed = true, true, false
	c.beside(ctx, "authors", func(ctx workflow.Context) {
		defer func() { x.reading, x.came = false, true }()
		in := activities.RepositoriesIn{List: c.in.Repositories, Assets: assets, Evidence: x.evidence}
		// Histories are read from copies, which are kept either way.
		kept, err := call(ctx, onRepositories("copies of the repositories"), actKeepRepositories, acts.KeepRepositories, in)
		c.tellCopied(ctx, kept.Evidence)
		if err != nil {
			x.failed = true
			return
		}
		in.Evidence = kept.Evidence
		out, err := call(ctx, onRepositories("who wrote the repositories"), actAuthors, acts.Authors, activities.AuthorsIn{RepositoriesIn: in, Roster: c.in.Roster})
		if err != nil {
			x.failed = true
			return
		}
		x.states, x.areas, x.evidence = out.Repositories, out.Areas, out.Evidence
	})
}

// readable reports whether there are repositories whose histories can be read: somebody
// listed them, and knows who the vendor's people are.
func (in ExitPartInput) readable() bool {
	return in.Repositories != "" && in.Roster != "" && slices.ContainsFunc(in.Assets, func(a exit.Asset) bool { return a.Kind == exit.AssetRepository })
}

// tellCopied tells the exit what is known of the copies, so that nobody copies once more.
func (c *teaching) tellCopied(ctx workflow.Context, evidence string) {
	if c.in.Parent != "" {
		c.sends(ctx, workflow.SignalExternalWorkflow(ctx, c.in.Parent, "", SignalPart, PartNews{Word: NewsCopied, Document: evidence}))
	}
}

// onRepositories is for what works on many repositories, one after the other: an attempt
// says every ten seconds that it lives, and one that is killed goes on where it was. A few
// days of refusals are enough: then the owner has the word.
func onRepositories(summary string) workflow.ActivityOptions {
	o := within(12*time.Hour, summary)
	o.HeartbeatTimeout = time.Minute
	o.RetryPolicy.InitialInterval, o.RetryPolicy.MaximumInterval, o.RetryPolicy.MaximumAttempts = 10*time.Second, time.Hour, 20
	return o
}

// readOn takes what was read. What could not be is the owner's to settle.
func (c *teaching) readOn(ctx workflow.Context) (again bool) {
	x := &c.authors
	switch {
	case x.came:
		x.came = false
		c.add(x.areas)
		unread := x.failed || slices.ContainsFunc(x.states, func(s activities.AuthorsStanding) bool { return s.State != exit.StateDone })
		x.matter.Document, x.matter.State, x.matter.Why = x.evidence, exit.StateDone, ""
		if unread {
			x.matter.State, x.matter.Why = exit.StateNotCheckable, whyUnread
			for _, s := range x.states {
				if s.State != exit.StateDone && s.Why != "" {
					x.matter.Why = string(s.Why)
				}
			}
			c.want(ctx, &x.charge, whyUnread, playbook.AskAgain, playbook.Waive)
		}
		c.settled(ctx, x.matter)
		return true
	case x.waiving:
		until, document := c.waive(ctx, &x.charge)
		if until.IsZero() {
			return false
		}
		x.waiving = false
		x.matter.State, x.matter.By, x.matter.Until, x.matter.Answer, x.matter.Document = exit.StateWaived, x.reason.Person, until, x.reason.Answer, document
		c.settled(ctx, x.matter)
		return true
	}
	b := c.chosen(ctx, &x.charge)
	if b == nil {
		return false
	}
	if b.Verdict == playbook.Waive {
		x.reason, x.waiving = *b, true
	} else {
		c.read(ctx)
	}
	return true
}

// hearNews takes what the exit says: that nobody waits for the vendor any longer, and who
// comes after.
func (c *teaching) hearNews(ctx workflow.Context, n PartNews) {
	switch n.Word {
	case NewsAlone:
		c.alone = true
	case NewsSuccessor:
		c.succeeds(ctx, n.Successor)
	}
}

// aloneNow has what the vendor owes an area done from our side.
func (c *teaching) aloneNow(ctx workflow.Context, a *area) bool {
	if !c.alone || a.at != areaTaught || a.material == nil || a.material.req.Closed != nil || !a.material.step.AsksVendor() {
		return false
	}
	c.shut(ctx, a.material, review.Open, "superseded")
	a.came, a.ours = true, true
	return true
}
