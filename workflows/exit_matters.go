package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// matters are all that the exit has to see to, as they stand. A step that nobody has done
// yet is open, but for the signature under the certificate itself.
func (x *departing) matters() []exit.Matter {
	var all []exit.Matter
	for _, d := range slices.Concat(x.duties, x.beside, x.ladder.done()) {
		switch {
		case d.done:
			all = append(all, d.matter)
		case d.step.Does != exit.DoesClose && x.wanted(d):
			all = append(all, exit.Matter{ID: x.process.in.Process + ":" + d.step.ID, Part: exit.PartExit, Name: d.step.ID, State: exit.StateOpen})
		}
	}
	for _, p := range x.parts {
		if !p.stale {
			all = append(all, p.matters...)
		}
	}
	return append(all, x.gaps...)
}

// blocking are those of some matters that keep the certificate from being issued now.
func (x *departing) blocking(ctx workflow.Context, all []exit.Matter) []exit.Matter {
	return exit.Blocking(all, x.now(ctx))
}

// backups are those that outlive the exit.
func (x *departing) backups() []exit.Backup {
	var all []exit.Backup
	for _, p := range x.parts {
		if !p.stale {
			all = append(all, p.result.Backups...)
		}
	}
	return all
}

// waivers are what somebody waived until a day that comes after the exit.
func (x *departing) waivers() []exit.Matter {
	return slices.DeleteFunc(x.matters(), func(m exit.Matter) bool { return m.State != exit.StateWaived })
}

// roster is the newest list of the vendor's accounts.
func (x *departing) roster() string {
	roster := x.in.Roster
	for _, p := range x.parts {
		if p.result.Roster != "" {
			roster = p.result.Roster
		}
	}
	return roster
}

// stepParts takes what has ended, and does what the owner said of what is open in it.
func (x *departing) stepParts(ctx workflow.Context) (again bool, err error) {
	for _, p := range x.parts {
		switch {
		case p.stale:
			x.shut(ctx, p.chore, review.Open, "superseded")
			x.shut(ctx, p.waiver, review.Open, "superseded")
			p.chore, p.waiver = nil, nil
		case p.done && !p.taken:
			x.take(ctx, p)
			return true, x.cameAlong(ctx, p)
		case x.unreceived(p):
			return true, x.receiveAnew(ctx, p)
		case p.waives.Answer != "":
			until, ok := x.waivedUntil(ctx, &p.waiver, string(p.name), partTitle(p.name))
			if ok {
				x.waivePart(ctx, p, until)
				return true, nil
			}
		case p.chore != nil && p.chore.req.Closed == nil && p.chore.req.Tally(x.now(ctx)).State == review.Met:
			return true, x.partSettled(ctx, p)
		}
	}
	return false, nil
}

// take takes a part's result into the exit's state. What is open, failed or unchecked in
// it goes to the owner; a drill on paper only says so.
func (x *departing) take(ctx workflow.Context, p *exitPart) {
	p.taken = true
	if p.reads && !p.copied { // it broke off, or was ended: whoever waits for its copies makes them
		x.tellCopied(ctx, PartNews{Word: NewsCopied})
	}
	x.recused = union(x.recused, p.result.Recused)
	x.takeStatements(p.result.Stated)
	p.matters = slices.Clone(p.result.Matters)
	if p.err != nil {
		workflow.GetLogger(ctx).Error("a part of the exit broke off", "process", p.id, "error", p.err)
	}
	if p.err != nil || len(p.matters) == 0 && p.result.Result != ResultDone {
		p.matters = append(p.matters, exit.Matter{ID: p.id + ":end", Part: string(p.name), Name: string(p.name), State: exit.StateFailed, Why: ResultBroken})
	}
	open := x.blocking(ctx, p.matters)
	d := &dossier.Detail{Parent: p.id, Name: string(p.name), Result: p.result.Result, Amount: len(p.matters), Version: len(open)}
	if p.err != nil {
		d.Result = ResultBroken
	}
	x.note(ctx, dossier.PartEnded, p.result.By, "", nil, d)
	if x.withdrawn != nil || x.drill() || len(open) == 0 {
		return
	}
	p.chore = x.openPartChore(ctx, p)
}

// partTitle begins what the owner is asked about a part.
func partTitle(name playbook.Process) string {
	_, _, summary := exitPartOf(name, "")
	return strings.ToUpper(summary[:1]) + summary[1:]
}

// openPartChore asks the owner what becomes of what is open in a part: it is done again,
// or waived.
func (x *departing) openPartChore(ctx workflow.Context, p *exitPart) *asked {
	chore := playbook.NewChore(playbook.ChoreOpenMatters, exit.PartExit, x.process.in.Chores)
	chore.Step.ID = playbook.ChoreOpenMatters + "-" + string(p.name)
	chore.Step.Title = partTitle(p.name) + ": " + chore.Step.Title
	return x.open(ctx, question{step: chore.Step, options: chore.Options, reasoned: chore.Reasoned})
}

// partSettled acts on what the owner said.
func (x *departing) partSettled(ctx workflow.Context, p *exitPart) error {
	b := *p.chore.req.Standing(playbook.OwnerSeat)
	x.shut(ctx, p.chore, review.Met, "decided")
	p.chore = nil
	if b.Verdict == playbook.Waive {
		p.waives = b
		return nil
	}
	if p.more {
		p.stale = true
		return x.startPart(ctx, p.name, p.found)
	}
	return x.startPart(ctx, p.name, partWants{sameDay: p.name == exit.PartRevocation && (x.noReturn || x.cut)})
}

// waivePart waives whatever blocks in a part, by name and until a day.
func (x *departing) waivePart(ctx workflow.Context, p *exitPart, until time.Time) {
	now := x.now(ctx)
	for i, m := range p.matters {
		if !m.Blocks(now) {
			continue
		}
		if m.State == exit.StateDone { // and nothing shows it
			m.State = exit.StateNotCheckable
		}
		if m.Why == "" {
			m.Why = string(m.State) // what it was before, which the certificate says too
		}
		m.State, m.By, m.Until, m.Answer = exit.StateWaived, p.waives.Person, until, p.waives.Answer
		p.matters[i] = m
		x.noteMatter(ctx, m, p.waives.Written)
	}
	p.waives = review.Ballot{}
}
