package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// CertificateDocument is the name under which the certificate of an exit is filed.
const CertificateDocument = "certificate"

// whyProlonged: the vendor said that a backup is there longer than it had certified.
const whyProlonged = "prolonged"

// dayAhead is how far a day of the vendor's calendar may be ahead of ours: what they say
// is gone today may be gone tomorrow by our clock.
const dayAhead = 14 * time.Hour

// aftercare is an aftercare's own state besides what every process has.
type aftercare struct {
	*concerns
	in     AftercareInput
	years  almanacs // backups may run out after years
	ends   []*lapse
	look   []string // names of what the owner wants looked at
	runs   int      // before this one
	woken  bool     // something happened in this run
	result ExitPartResult
}

// lapse are the backups that run out on one day, or waivers that ended together: they are
// one request, never one each.
type lapse struct {
	on time.Time
	// comes is when the owner hears that backups run out soon; from then on they are asked.
	comes         time.Time
	names         []string // of the matters
	document      string   // the certificate that names them
	chore         string   // what the owner is asked where nobody answers
	soon          *asked   // that it runs out soon
	ask, decision *asked
	owed          bool // the owner was asked what becomes of this asking
	round         int
	words         string
}

// Aftercare follows backups to the day on which they run out, has the vendor say that
// they are gone, and people accept that. What the vendor prolongs is followed to its new
// day, once somebody here accepts it. Perhaps nobody of the vendor is there any more:
// then the owner files what shows it. What was waived is open again when its waiver ends:
// it is looked at, or waived once more with a reason, and so on until it is seen to. The
// owner hears of either day before it comes. It is a case of its own, its dossier the
// supplement of the exit's. It lives for years, and goes on in a new run where its history
// grows long.
func Aftercare(ctx workflow.Context, in AftercareInput) (ExitPartResult, error) {
	if in.Carried == nil && len(in.Backups)+len(in.Waivers) == 0 {
		return ExitPartResult{}, temporal.NewNonRetryableApplicationError("there is neither a backup nor a waiver to follow", ErrNoBackups, nil)
	}
	c := aftercareOf(ctx, in)
	err := c.hear(ctx)
	if err != nil {
		return ExitPartResult{}, err
	}
	return c.end(ctx, ExitPartInput{Common: in.Common}, &c.result, c.loop(ctx))
}

// aftercareOf is the state that an aftercare begins with, or goes on with.
func aftercareOf(ctx workflow.Context, in AftercareInput) *aftercare {
	if in.Carried != nil {
		return in.Carried.aftercare(in)
	}
	p := begin(ctx, in.Common, exit.PartAftercare)
	p.held = in.Held
	c := &aftercare{concerns: &concerns{process: p, part: exit.PartAftercare, lead: in.Chores.Due}, in: in}
	p.openedAs(ctx, in.Case, in.Common, in.Predecessor)
	p.registered(ctx, in.Common)
	p.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: CertificateDocument, Document: in.Certificate, Version: 1})
	if in.PlaybookDocument.Digest != "" {
		p.note(ctx, dossier.DocumentFiled, "", "", nil, filedAs("playbook", in.PlaybookDocument))
	}
	for _, b := range in.Backups {
		c.follow(ctx, b)
	}
	for _, m := range in.Waivers {
		c.watch(ctx, m)
	}
	c.in.Backups, c.in.Waivers = nil, nil // they are in the state from now on
	return c
}

// follow puts a backup among those of its day.
func (c *aftercare) follow(ctx workflow.Context, b exit.Backup) {
	name := b.ID[strings.LastIndexByte(b.ID, ':')+1:]
	if slices.ContainsFunc(c.all, func(x *concern) bool { return x.Name == name }) { // of another return of data
		name = b.ID
	}
	c.becomes(ctx, name, "", exit.Matter{State: exit.StateOpen, Until: b.On, Document: b.Document})
	i := slices.IndexFunc(c.ends, func(e *lapse) bool { return e.on.Equal(b.On) && e.document == b.Document })
	if i < 0 {
		e := &lapse{document: b.Document, chore: playbook.ChoreNoBackup}
		if _, asks := stepFor(c.in.Steps, exit.DoesBackup); !asks { // nobody of the vendor is to be asked: then the owner shows it
			e.chore = playbook.ChoreLapsed
		}
		c.until(ctx, e, b.On)
		c.ends = append(c.ends, e)
		i = len(c.ends) - 1
	}
	c.ends[i].names = append(c.ends[i].names, name)
}

// until has backups asked about on a day, and the owner told before it.
func (c *aftercare) until(ctx workflow.Context, e *lapse, on time.Time) {
	s := c.stepOf(e)
	e.on, e.comes = on, c.ahead(ctx, on, s.Deadlines.Due)
	e.ask, e.decision, e.soon, e.owed, e.words = nil, nil, nil, false, ""
}

// stepOf is the step by which what shows the end of something is asked for.
func (c *aftercare) stepOf(e *lapse) playbook.Step {
	if e.chore != playbook.ChoreNoBackup {
		return c.shownStep()
	}
	s, _ := stepFor(c.in.Steps, exit.DoesBackup)
	return s
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
			c.shut(ctx, e.soon, review.Open, "superseded")
		case c.now(ctx).Before(e.on):
			c.wakeAt(c.runsOut(ctx, e))
		case c.bring(ctx, e):
			return true, nil
		}
	}
	if !slices.ContainsFunc(c.all, func(m *concern) bool { return m.blocks() || m.State == exit.StateWaived }) {
		c.result.Result = ResultDone
		return false, nil
	}
	if at := c.calendarDue(&c.years); at.After(c.now(ctx)) {
		c.wakeAt(at)
	}
	c.concerns.ask(ctx)
	return false, nil
}

// wakeAt has the clock want something at a moment, where it wants nothing before.
func (c *aftercare) wakeAt(at time.Time) {
	if c.wake.IsZero() || at.Before(c.wake) {
		c.wake = at
	}
}

// runsOut tells the owner in time that backups run out, and returns when the clock wants
// something of them.
func (c *aftercare) runsOut(ctx workflow.Context, e *lapse) time.Time {
	switch {
	case c.now(ctx).Before(e.comes):
		return e.comes
	case e.soon == nil && e.comes.Before(e.on):
		chore := playbook.NewChore(playbook.ChoreRunsOut, exit.PartAftercare, c.process.in.Chores)
		e.soon = c.open(ctx, question{step: chore.Step, document: CertificateDocument, versions: c.versions(ctx, e)})
	case e.soon != nil && e.soon.req.Closed == nil && e.soon.req.Tally(c.now(ctx)).State == review.Met:
		c.shut(ctx, e.soon, review.Met, "decided")
	}
	return e.on
}

func (c *aftercare) versions(ctx workflow.Context, e *lapse) []review.Version {
	return []review.Version{{Number: 1, Document: e.document, At: c.now(ctx)}}
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
	c.shut(ctx, e.soon, review.Open, "superseded")
	switch {
	case e.ask == nil:
		e.ask = c.open(ctx, question{step: c.stepOf(e), vendorText: e.words, document: CertificateDocument, versions: c.versions(ctx, e)})
		e.owed = false
		return false
	case e.ask.req.Closed == nil && e.ask.req.Tally(c.now(ctx)).State == review.Met:
		c.shut(ctx, e.ask, review.Met, "decided")
		e.round++
		for _, b := range standing(e.ask.req) {
			for i, digest := range b.Documents {
				d := &dossier.Detail{Name: e.ask.step.ID, Document: digest, Version: e.round, ForVendor: b.ForVendor, Written: b.Written}
				if e.ask.req.Sheet && i == len(b.Documents)-1 {
					d.Media = engagement.SheetMedia
				}
				c.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, d)
			}
		}
		c.become(ctx, e, "", exit.Matter{State: exit.StateOpen, Until: c.openUntil(e), Document: deliveredIn(e.ask.req)})
		return true
	case e.ask.req.Closed == nil:
		if !e.owed && slices.ContainsFunc(e.ask.req.Told, func(t review.Reminder) bool { return t.Why == playbook.WhyOwner }) {
			e.owed = true
			c.become(ctx, e, e.chore, exit.Matter{State: exit.StateFailed, Why: whySilent, Document: e.document})
		}
		return false
	}
	return c.accept(ctx, e)
}

// openUntil is the day of backups; what was waived has none.
func (c *aftercare) openUntil(e *lapse) time.Time {
	if e.chore == playbook.ChoreNoBackup {
		return e.on
	}
	return time.Time{}
}

// accept has people say whether what came will do. What will not is asked for again.
func (c *aftercare) accept(ctx workflow.Context, e *lapse) (again bool) {
	to := exit.Matter{State: exit.StateDone, Document: deliveredIn(e.ask.req)}
	if e.ask.step.Accept == nil { // nobody but whoever sent it says so
		if !e.owed {
			e.owed = true
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
		if day := stillThere(e.ask.req, c.now(ctx)); !day.IsZero() { // followed to that day, and asked about again
			to.State, to.Why, to.Until = exit.StateOpen, whyProlonged, day
			c.until(ctx, e, day)
			for _, name := range e.names { // a waiver was of the day that is past
				c.matter(name).State = exit.StateOpen
			}
		}
		c.become(ctx, e, "", to)
		return true
	case t.State.Decided():
		c.shut(ctx, e.decision, t.State, "decided")
		e.ask, e.decision = nil, nil
		return true
	}
	return false
}

// stillThere is the last day to come on which a backup will be gone, by the form that was
// filled in; zero: none is named.
func stillThere(r *review.Request, now time.Time) (last time.Time) {
	for _, b := range standing(r) {
		for _, f := range b.Findings {
			if f.Point == exit.PointGone && f.On.After(now.Add(dayAhead)) && f.On.After(last) {
				last = f.On
			}
		}
	}
	return last
}

// answered has the vendor asked again, with the owner's words, or looks again.
func (c *aftercare) answered(ctx workflow.Context, b review.Ballot) {
	if b.Verdict == playbook.LookAgain {
		c.look = slices.Clone(c.said)
		return
	}
	for _, e := range c.ends {
		said := slices.ContainsFunc(e.names, func(n string) bool { return slices.Contains(c.said, n) })
		if b.Verdict != playbook.AskVendor || e.ask == nil || c.over(e) || !said {
			continue
		}
		c.note(ctx, dossier.SentToVendor, b.Person, b.Answer, nil, &dossier.Detail{Name: e.ask.step.ID, Version: e.round, Written: b.Written})
		c.shut(ctx, e.ask, review.Open, "superseded")
		c.shut(ctx, e.decision, review.Open, "superseded")
		e.ask, e.decision, e.words = nil, nil, b.Answer
		c.become(ctx, e, "", exit.Matter{State: exit.StateOpen, Until: c.openUntil(e), Document: e.document})
	}
}
