package playbook

import (
	"slices"

	"gangway/internal/engagement"
	"gangway/internal/exit"
)

// parts are the processes of an exit, in the order in which people are shown them.
func parts() []Process {
	return []Process{exit.PartExit, exit.PartTransfer, exit.PartHandover, exit.PartRevocation, exit.PartDataReturn, exit.PartAftercare}
}

// leaves reports whether the step belongs to an exit: nothing of it is asked while a
// vendor is taken on board, or works.
func (s Step) leaves() bool { return slices.Contains(parts(), s.Process) }

// Boarding are the steps of everything but the exit.
func (p Playbook) Boarding() []Step { return slices.DeleteFunc(slices.Clone(p.Steps), Step.leaves) }

// ExitSteps are the steps of an exit that was ordered of a vendor of the tier, of whom
// the facts are known: those of the mode that it plays, in their order. Where nobody
// does the work any more, there is nothing that old and new would run beside.
func (p Playbook) ExitSteps(order exit.Order, tier engagement.Tier, facts Facts) []Step {
	var steps []Step
	for _, s := range p.Steps {
		beside := s.Does == exit.DoesParallel && order.After == exit.AfterEnds
		if s.leaves() && s.Applies(tier) && s.plays(order.Plays()) && s.When.holds(facts) && !beside {
			steps = append(steps, s)
		}
	}
	return steps
}

// plays reports whether the step is asked in an exit of the mode.
func (s Step) plays(m exit.Mode) bool { return len(s.Modes) == 0 || slices.Contains(s.Modes, m) }
