package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// teaching is a knowledge transfer's own state.
type teaching struct {
	*passing
	areas   []*area
	authors authorship
	// set are the sessions that are in people's calendars, or on their way there.
	set []*session
}

// learning is how far an area has come.
type learning string

const (
	areaTaught  learning = ""       // sessions and material
	areaShown   learning = "shown"  // the receiver does it themselves
	areaJudged  learning = "judged" // somebody who did not teach says whether that will do
	areaSigned  learning = "signed" // the receiver signs
	areaStuck   learning = "stuck"
	areaWaiving learning = "waiving"
	areaOver    learning = "over"
)

// area is something that somebody learns.
type area struct {
	charge
	exit.Area
	at learning
	// left counts the sessions that are still to be held, held those that were, failed the
	// times that what was shown would not do.
	left, held, failed int
	session            *session
	material, shown    *asked
	judged, signed     *asked
	// words is the answer whose words for the vendor go with the next asking.
	words string
	// came: the material is there, or nobody asks for it. ours: some of it is from our
	// side, since the vendor was silent.
	came, ours bool
	taught     []string // who taught, by the sheets
	why        string
	matter     exit.Matter
}

// KnowledgeTransfer has others learn what the vendor's people know: area by area sessions
// are held and material is filed, then the receiver shows that they can do it, somebody
// who did not teach them says whether that will do, and the receiver signs. An area that
// nobody teaches is shown all the same, from what we have ourselves, or waived by name.
func KnowledgeTransfer(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
	if in.Order.Mode == exit.ModeDrill {
		return drillPart(ctx, in, exit.PartTransfer)
	}
	c := &teaching{passing: pass(ctx, in, exit.PartTransfer)}
	c.add(in.Areas)
	c.showAnew(in.Before)
	c.authors = authorship{charge: charge{id: "authors"}, matter: c.matter("authors"), evidence: in.Evidence}
	err := c.hear(ctx)
	if err != nil {
		return ExitPartResult{}, err
	}
	c.read(ctx)
	err = c.loop(ctx)
	c.callOffAll(ctx)
	c.byTheirs()
	return c.finish(ctx, err, c.matters)
}

// add takes areas up. One that is known from the plan only learns how many directories
// it is about.
func (c *teaching) add(areas []exit.Area) {
	for _, a := range areas {
		i := slices.IndexFunc(c.areas, func(x *area) bool { return x.Area.ID == a.ID })
		switch {
		case a.ID == "":
		case i >= 0:
			c.areas[i].Directories = max(c.areas[i].Directories, a.Directories)
		default:
			c.areas = append(c.areas, &area{charge: charge{id: a.ID}, Area: a, left: max(a.Sessions, 1), matter: c.matter(a.ID)})
		}
	}
}

func (c *teaching) loop(ctx workflow.Context) error {
	for c.result.Result == "" {
		if c.step(ctx) || c.result.Result != "" {
			continue
		}
		err := c.turn(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// step looks at the state and does the next thing; again says that the state has to be
// looked at anew before sleeping.
func (c *teaching) step(ctx workflow.Context) (again bool) {
	c.wake = time.Time{}
	switch {
	case c.over(ctx):
		return false
	case c.held != nil:
		return false
	case len(c.news) > 0:
		c.hearNews(ctx, c.news[0])
		c.news = c.news[1:]
		return true
	case c.reopened != nil:
		c.reopen(ctx)
		return true
	}
	if c.readOn(ctx) {
		return true
	}
	c.reopens = nil
	open := c.authors.open()
	if c.lapse(ctx, &c.authors.matter) {
		c.authors.matter.State = exit.StateNotCheckable
		c.want(ctx, &c.authors.charge, whyUnread, playbook.AskAgain, playbook.Waive)
		return true
	}
	for _, a := range c.areas {
		if c.lapse(ctx, &a.matter) {
			a.at, a.why = areaStuck, a.matter.Why
			return true
		}
		if c.bring(ctx, a) {
			return true
		}
		if a.at == areaOver && a.matter.State == exit.StateDone {
			c.reopens = append(c.reopens, c.first(exit.DoesReceived).ID+"-"+a.id)
		}
		open = open || a.at != areaOver
	}
	c.tellExit(ctx, slices.ContainsFunc(c.areas, func(a *area) bool { return a.at == areaTaught && silent(a.material) }))
	if !open {
		c.result.Result = ResultDone
	}
	return false
}

// complete reports whether the playbook has the receiver show an area, somebody judge
// that, and the receiver sign for it.
func (c *teaching) complete() bool {
	shown := c.first(exit.DoesShown)
	return shown != nil && shown.Accept != nil && c.first(exit.DoesReceived) != nil
}

// bring brings one area on.
func (c *teaching) bring(ctx workflow.Context, a *area) (again bool) {
	if b := c.chosen(ctx, &a.charge); b != nil {
		c.choose(ctx, a, *b)
		return true
	}
	if a.at == areaTaught && !c.complete() {
		a.at, a.why = areaStuck, whyNoStep
	}
	switch a.at {
	case areaTaught:
		return c.teach(ctx, a)
	case areaShown:
		return c.show(ctx, a)
	case areaJudged:
		return c.judge(ctx, a)
	case areaSigned:
		return c.sign(ctx, a)
	case areaStuck:
		c.settle(ctx, a, a.why)
	case areaWaiving:
		c.waiveArea(ctx, a)
	}
	return false
}

// teach has sessions held one after the other, and material filed beside them.
func (c *teaching) teach(ctx workflow.Context, a *area) (again bool) {
	if s := c.first(exit.DoesMaterial); s != nil && a.material == nil && !a.came {
		if c.alone && s.AsksVendor() {
			a.came, a.ours = true, true
		} else {
			a.material = c.open(ctx, question{step: about(*s, a.id), vendorText: a.words})
			a.words = ""
		}
	}
	if c.aloneNow(ctx, a) {
		return true
	}
	if c.met(ctx, a.material) {
		c.shut(ctx, a.material, review.Met, "decided")
		c.fileSheets(ctx, a.material)
		a.came = true
		a.ours = a.ours || slices.ContainsFunc(standing(a.material.req), func(b review.Ballot) bool { return b.ForVendor })
		return true
	}
	if c.sessionOn(ctx, a) {
		return true
	}
	waits := a.left > 0 && c.first(exit.DoesSession) != nil || a.material != nil && !a.came
	if !waits {
		c.settle(ctx, a, "")
		a.at = areaShown
		return true
	}
	if a.session != nil && silent(a.session.ask) || silent(a.material) {
		c.settle(ctx, a, whySilent)
	} else {
		c.settle(ctx, a, "")
	}
	return false
}

// show has the receiver show that they can do it.
func (c *teaching) show(ctx workflow.Context, a *area) (again bool) {
	if a.shown == nil {
		a.shown = c.open(ctx, question{step: c.receivedBy(about(*c.first(exit.DoesShown), a.id), a.Receiver), received: c.gives(a.Receiver, a.material, a.id)})
		return false
	}
	if c.met(ctx, a.shown) {
		c.settle(ctx, a, "")
		c.shut(ctx, a.shown, review.Met, "decided")
		c.fileSheets(ctx, a.shown)
		kept := union([]string{c.receiverOf(a.Receiver)}, makers(a.shown.req), a.taught)
		a.judged, a.at = c.judges(ctx, a.shown, kept), areaJudged
		return true
	}
	c.settleSilent(ctx, a, a.shown)
	return false
}

// judge has somebody who did not teach say whether what was shown will do. Where it will
// not, another session is set.
func (c *teaching) judge(ctx workflow.Context, a *area) (again bool) {
	switch t := a.judged.req.Tally(c.now(ctx)); {
	case t.State == review.Met:
		c.settle(ctx, a, "")
		c.shut(ctx, a.judged, review.Met, "decided")
		a.matter.By, a.matter.Document = lastOf(a.judged.req, review.Approve).Person, deliveredIn(a.shown.req)
		a.signed, a.at = c.signs(ctx, a), areaSigned
		return true
	case t.State.Decided() || t.State == review.Wanted:
		c.settle(ctx, a, "")
		c.closeAs(ctx, a.judged, "decided")
		a.failed++
		if a.failed > 1 {
			a.at, a.why = areaStuck, whyNotShown
			return true
		}
		c.onceMore(a)
		return true
	}
	c.settleSilent(ctx, a, a.judged)
	return false
}

// signs asks the receiver for their word, whoever judged what was shown has none.
func (c *teaching) signs(ctx workflow.Context, a *area) *asked {
	return c.open(ctx, question{step: c.receivedBy(about(*c.first(exit.DoesReceived), a.id), a.Receiver), makers: makers(a.judged.req), received: c.gives(a.Receiver, a.material, a.id)})
}

// onceMore has an area taught and shown once more. Where nobody holds sessions it is only
// shown.
func (c *teaching) onceMore(a *area) {
	a.at, a.why, a.left = areaTaught, "", 1
	a.shown, a.judged, a.signed = nil, nil, nil
	a.matter = c.matter(a.id)
}

// sign ends an area by the receiver's word.
func (c *teaching) sign(ctx workflow.Context, a *area) (again bool) {
	switch t := a.signed.req.Tally(c.now(ctx)); {
	case t.State == review.Met:
		c.settle(ctx, a, "")
		c.shut(ctx, a.signed, review.Met, "decided")
		a.at, a.matter.State, a.matter.Answer = areaOver, exit.StateDone, standing(a.signed.req)[0].Answer
		if a.ours {
			a.matter.Why = string(ourSide)
		}
		c.settled(ctx, a.matter)
		return true
	case t.State.Decided() || t.State == review.Wanted:
		c.closeAs(ctx, a.signed, "decided")
		a.at, a.why = areaStuck, whyNotReceived
		return true
	}
	c.settleSilent(ctx, a, a.signed)
	return false
}

// reopen has an area taught and shown once more that was done.
func (c *teaching) reopen(ctx workflow.Context) {
	act := *c.reopened
	c.reopened = nil
	for _, a := range c.areas {
		if a.at == areaOver && c.first(exit.DoesReceived).ID+"-"+a.id == act.Step {
			c.reopenedNote(ctx, act)
			c.onceMore(a)
		}
	}
}

// matters are what became of every area, and of reading who wrote the repositories.
func (c *teaching) matters() []exit.Matter {
	var all []exit.Matter
	for _, a := range c.areas {
		m := a.matter
		if a.at != areaOver {
			m.Why = a.why // also where a waiver has run out
			if m.Why == "" {
				m.Why = string(a.at)
			}
			if m.Why == "" {
				m.Why = "not-taught"
			}
			m.State, m.By, m.Document, m.Until = exit.StateOpen, "", "", time.Time{}
			if a.at == areaStuck || a.failed > 0 {
				m.State = exit.StateFailed
			}
		}
		all = append(all, m)
	}
	if c.authors.asked {
		all = append(all, c.authors.matter)
	}
	if len(all) == 0 {
		m := c.matter("areas")
		m.State, m.Why = exit.StateNotNeeded, "none-named"
		all = append(all, m)
	}
	return all
}

// steps are those of an area, of which one may let it be waived.
func (c *teaching) steps() []*playbook.Step {
	var all []*playbook.Step
	for _, does := range []playbook.Purpose{exit.DoesSession, exit.DoesMaterial, exit.DoesShown, exit.DoesReceived} {
		if s := c.first(does); s != nil {
			all = append(all, s)
		}
	}
	return all
}
