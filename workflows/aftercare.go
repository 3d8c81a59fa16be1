package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// CertificateDocument is the name under which the certificate of an exit is filed.
const CertificateDocument = "certificate"

// aftercare is an aftercare's own state besides what every process has.
type aftercare struct {
	*concerns
	in     AftercareInput
	years  almanacs // backups may run out after years
	ends   []*lapse
	look   []string // names of what the owner wants looked at
	result ExitPartResult
}

// lapse are the backups that run out on one day, or waivers that ended together: they are
// one request, never one each.
type lapse struct {
	on            time.Time
	names         []string // of the matters
	document      string   // the certificate that names them
	step          playbook.Step
	chore         string // what the owner is asked where nobody answers
	ask, decision *asked
	round         int
	words         string
}

// Aftercare follows backups to the day on which they run out, has the vendor say that
// they are gone, and people accept that. Perhaps nobody of the vendor is there any more:
// then the owner files what shows it. What was waived is open again when its waiver ends:
// it is looked at, or waived once more with a reason, and so on until it is seen to. It is
// a case of its own, and its dossier the supplement of the exit's.
func Aftercare(ctx workflow.Context, in AftercareInput) (ExitPartResult, error) {
	if len(in.Backups)+len(in.Waivers) == 0 {
		return ExitPartResult{}, temporal.NewNonRetryableApplicationError("there is neither a backup nor a waiver to follow", ErrNoBackups, nil)
	}
	p := begin(ctx, in.Common, exit.PartAftercare)
	p.held = in.Held
	c := &aftercare{concerns: &concerns{process: p, part: exit.PartAftercare}, in: in}
	asks, ok := stepFor(in.Steps, exit.DoesBackup)
	chore := playbook.ChoreNoBackup
	if !ok { // nobody of the vendor is to be asked: then the owner shows it
		asks, chore = c.shownStep(), playbook.ChoreLapsed
	}
	for _, b := range in.Backups {
		c.follow(b, asks, chore)
	}
	p.openedAs(ctx, in.Case, in.Common, in.Predecessor)
	p.registered(ctx, in.Common)
	p.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: CertificateDocument, Document: in.Certificate, Version: 1})
	if in.PlaybookDocument.Digest != "" {
		p.note(ctx, dossier.DocumentFiled, "", "", nil, filedAs("playbook", in.PlaybookDocument))
	}
	for _, m := range in.Waivers {
		c.watch(ctx, m)
	}
	c.opened = true
	return c.run(ctx, ExitPartInput{Common: in.Common}, &c.result, c.step)
}

// follow puts a backup among those of its day.
func (c *aftercare) follow(b exit.Backup, asks playbook.Step, chore string) {
	name := b.ID[strings.LastIndexByte(b.ID, ':')+1:]
	c.matter(name).Document = b.Document
	i := slices.IndexFunc(c.ends, func(e *lapse) bool { return e.on.Equal(b.On) && e.document == b.Document })
	if i < 0 {
		c.ends = append(c.ends, &lapse{on: b.On, document: b.Document, step: asks, chore: chore})
		i = len(c.ends) - 1
	}
	c.ends[i].names = append(c.ends[i].names, name)
}

func (c *aftercare) step(ctx workflow.Context) (again bool, err error) {
	c.runOut(ctx)
	c.renewCalendar(ctx, &c.years)
	if said := c.answers(ctx); said != nil {
		c.answered(ctx, *said)
		return true, nil
	}
	if len(c.look) > 0 {
		return true, c.lookAgain(ctx)
	}
	for _, e := range c.ends {
		switch {
		case c.over(e):
		case c.now(ctx).Before(e.on):
			if c.wake.IsZero() || e.on.Before(c.wake) {
				c.wake = e.on
			}
		case c.bring(ctx, e):
			return true, nil
		}
	}
	if !slices.ContainsFunc(c.all, func(m *concern) bool { return m.blocks() || m.State == exit.StateWaived }) {
		c.result.Result = ResultDone
		return false, nil
	}
	if at := c.calendarDue(&c.years); at.After(c.now(ctx)) && (c.wake.IsZero() || at.Before(c.wake)) {
		c.wake = at
	}
	c.concerns.ask(ctx)
	return false, nil
}

// over reports whether nothing is left to see to on a day.
func (c *aftercare) over(e *lapse) bool {
	return !slices.ContainsFunc(e.names, func(n string) bool { return c.matter(n).State != exit.StateDone })
}

// become says the same of all backups of a day.
func (c *aftercare) become(ctx workflow.Context, e *lapse, chore string, to exit.Matter) {
	for _, name := range e.names {
		c.becomes(ctx, name, chore, to)
	}
}

// bring asks whether the backups of a day are gone, or for what shows that something is
// seen to, and those who accept what came.
func (c *aftercare) bring(ctx workflow.Context, e *lapse) (again bool) {
	s := e.step
	switch {
	case e.ask == nil:
		e.ask = c.open(ctx, question{step: s, vendorText: e.words, document: CertificateDocument,
			versions: []review.Version{{Number: 1, Document: e.document, At: c.now(ctx)}}})
		return false
	case e.ask.req.Closed == nil && e.ask.req.Tally(c.now(ctx)).State == review.Met:
		c.shut(ctx, e.ask, review.Met, "decided")
		e.round++
		for _, b := range standing(e.ask.req) {
			for _, digest := range b.Documents {
				c.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, &dossier.Detail{Name: s.ID, Document: digest, Version: e.round, ForVendor: b.ForVendor, Written: b.Written})
			}
		}
		c.become(ctx, e, "", exit.Matter{State: exit.StateOpen, Document: deliveredIn(e.ask.req)})
		return true
	case e.ask.req.Closed == nil:
		if slices.ContainsFunc(e.ask.req.Told, func(t review.Reminder) bool { return t.Why == playbook.WhyOwner }) && c.matter(e.names[0]).asks == "" {
			c.become(ctx, e, e.chore, exit.Matter{State: exit.StateFailed, Why: whySilent, Document: e.document})
		}
		return false
	}
	return c.accept(ctx, e)
}

// accept has people say whether what came will do. What will not is asked for again.
func (c *aftercare) accept(ctx workflow.Context, e *lapse) (again bool) {
	to := exit.Matter{State: exit.StateDone, Document: deliveredIn(e.ask.req)}
	if e.ask.step.Accept == nil { // nobody but whoever sent it says so
		if c.matter(e.names[0]).asks == "" {
			to.State, to.Why = exit.StateNotCheckable, "nobody-looks"
			c.become(ctx, e, e.chore, to)
		}
		return false
	}
	if e.decision == nil {
		e.decision = c.openAccept(ctx, e.ask, makers(e.ask.req)...)
		return false
	}
	switch t := e.decision.req.Tally(c.now(ctx)); {
	case t.State == review.Met:
		c.shut(ctx, e.decision, review.Met, "decided")
		b := standing(e.decision.req)[0]
		to.By, to.Answer = b.Person, b.Answer
		c.become(ctx, e, "", to)
		return true
	case t.State.Decided():
		c.shut(ctx, e.decision, t.State, "decided")
		e.ask, e.decision = nil, nil
		return true
	}
	return false
}

// answered has the vendor asked again, with the owner's words, or looks again.
func (c *aftercare) answered(ctx workflow.Context, b review.Ballot) {
	if b.Verdict == playbook.LookAgain {
		c.look = slices.Clone(c.said)
		return
	}
	for _, e := range c.ends {
		if b.Verdict != playbook.AskVendor || e.ask == nil || c.over(e) || !slices.Contains(c.said, e.names[0]) {
			continue
		}
		c.note(ctx, dossier.SentToVendor, b.Person, b.Answer, nil, &dossier.Detail{Name: e.ask.step.ID, Version: e.round, Written: b.Written})
		c.shut(ctx, e.ask, review.Open, "superseded")
		c.shut(ctx, e.decision, review.Open, "superseded")
		e.ask, e.decision, e.words = nil, nil, b.Answer
		c.become(ctx, e, "", exit.Matter{State: exit.StateOpen, Document: e.document})
	}
}
