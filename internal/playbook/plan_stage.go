package playbook

import (
	"slices"
	"time"

	"gangway/internal/review"
)

// stage plans what one stage asks and returns when it would end. Whatever it has
// begins with it, side by side: steps of the onboarding, a due diligence, a pilot; in
// the stage of the contract its review and the collection of a data processing
// agreement.
func (pl *planner) stage(stage string, now time.Time) time.Time {
	if stage == ContractStage {
		return later(pl.contract(now), pl.collection(stage, now))
	}
	end := now
	for _, s := range pl.steps(Onboarding) {
		if s.Stage == stage {
			end = later(end, pl.asked(s, stage, now))
		}
	}
	return later(end, later(pl.diligence(stage, now), pl.pilot(stage, now)))
}

// steps are those of a process that are asked for this intake.
func (pl *planner) steps(process Process) []Step {
	return slices.DeleteFunc(pl.book.steps(process, pl.plan.Tier), func(s Step) bool { return !s.When.holds(pl.intake.Facts()) })
}

// asked plans a step, and after it the decision on what it brings.
func (pl *planner) asked(s Step, stage string, now time.Time) time.Time {
	if s.Does == DoesWaive && slices.ContainsFunc(pl.steps(Onboarding), func(o Step) bool { return o.Does == DoesOffers && o.Stage == s.Stage }) {
		pl.instead(s, stage, now)
		return now
	}
	end := pl.step(s, stage, now)
	if s.Accept != nil {
		pl.makers = pl.seated()
		end = pl.step(s.accepting(), stage, end)
		pl.makers = nil
	}
	return end
}

// seated are who holds the seats of the step that was planned last.
func (pl *planner) seated() []string {
	var people []string
	if len(pl.plan.Steps) == 0 {
		return nil
	}
	for _, g := range pl.plan.Steps[len(pl.plan.Steps)-1].Groups {
		for _, seat := range g.Seats {
			if seat.Person != "" {
				people = append(people, seat.Person)
			}
		}
	}
	return people
}

// instead plans what is asked in the place of another step: it takes nobody's time in
// the plan, since one of the two is asked.
func (pl *planner) instead(s Step, stage string, now time.Time) {
	pl.step(s, stage, now)
	if !pl.quick {
		pl.plan.Steps[len(pl.plan.Steps)-1].Instead = true
	}
}

// contract plans the review, clause checklists beside it, then the signed copy. Of
// several steps that read the contract the first is asked that meets the intake.
func (pl *planner) contract(now time.Time) time.Time {
	end := now
	if i := slices.IndexFunc(pl.steps(Contract), Step.reads); i >= 0 {
		end = pl.step(pl.steps(Contract)[i], ContractStage, end)
	}
	for _, s := range pl.steps(Contract) {
		if s.Does == DoesClauses {
			end = later(end, pl.step(s, ContractStage, now))
		}
	}
	for _, s := range pl.steps(Contract) {
		if s.Does == DoesExecuted {
			end = pl.step(s, ContractStage, end)
		}
	}
	return end
}

// diligence plans the items side by side, and after the last of them what it ends
// with.
func (pl *planner) diligence(stage string, now time.Time) time.Time {
	end := now
	for _, s := range pl.steps(Diligence) {
		if s.Stage == stage && s.Kind == review.Delivery {
			end = later(end, pl.asked(s, stage, now))
		}
	}
	for _, kind := range []review.Kind{review.Task, review.Decision} {
		for _, s := range pl.steps(Diligence) {
			if s.Stage == stage && s.Kind == kind {
				end = pl.asked(s, stage, end)
			}
		}
	}
	return end
}

// pilot plans a pilot: milestones and the halfway decision at their times, the scores
// when those are over, then the decision.
func (pl *planner) pilot(stage string, now time.Time) time.Time {
	at := func(s Step) time.Time {
		if s.After.IsZero() {
			return now
		}
		return pl.snap.After(pl.book.Hours, now, s.After)
	}
	end := now
	ending := func(s Step) bool { return s.Does == DoesScore || s.Does == DoesGo }
	for _, s := range pl.steps(Pilot) {
		if s.Stage == stage && !ending(s) {
			end = later(end, pl.asked(s, stage, at(s)))
		}
	}
	for _, does := range []Purpose{DoesScore, DoesGo} {
		for _, s := range pl.steps(Pilot) {
			if s.Stage != stage || s.Does != does {
				continue
			}
			if !s.After.IsZero() { // whatever came by then
				end = at(s)
			}
			end = pl.step(s, stage, end)
		}
	}
	return end
}

// collection plans the collection of a data processing agreement where one is
// needed, and says when it would end.
func (pl *planner) collection(stage string, now time.Time) time.Time {
	c, has := CollectionOf(pl.book.Steps, pl.plan.Tier)
	if !has {
		return now
	}
	pl.plan.DPA = NotNeeded
	if !pl.book.DPAWhen.holds(pl.intake.Facts()) {
		return now
	}
	pl.plan.DPA = Needed
	for _, s := range []Step{c.Ask, c.Check, c.Sign} {
		now = pl.step(s, stage, now)
	}
	return now
}
