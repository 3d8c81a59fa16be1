package dossier

import (
	"slices"
	"strconv"
	"time"

	"gangway/internal/engagement"
)

// What an entry says of a pilot: how a milestone stands, and how the score compares
// with the threshold.
const (
	MilestoneDelivered = "delivered"
	MilestoneOverdue   = "overdue" // its due date came, and nobody had delivered
	MilestoneMissing   = "missing" // the pilot went on, or ended, without it
	ScoreReached       = "reached"
	ScoreBelow         = "below"
)

// Pilot is what the case knows of its newest pilot.
type Pilot struct {
	Process string    `json:"process"`
	Started time.Time `json:"started"`
	// Digest is what the criteria and the threshold were frozen under at the start.
	Digest    string                 `json:"digest"`
	Criteria  []engagement.Criterion `json:"criteria"`
	Threshold int                    `json:"threshold"`
	// Milestones in the order in which the record first spoke of them.
	Milestones []PilotMilestone `json:"milestones,omitempty"`
	// Request is the one that was scored, Opened when all points were seen, Score the
	// weighted one; Opened is zero until then.
	Request string    `json:"request,omitempty"`
	Opened  time.Time `json:"opened,omitzero"`
	Score   int       `json:"score,omitempty"`
	// Changed: the scores were opened under another digest, which no pilot does.
	Changed bool `json:"changed,omitempty"`
	// StoppedBy is who ended it early, at the step that Halfway names or at any time.
	StoppedBy string    `json:"stoppedBy,omitempty"`
	Halfway   string    `json:"halfway,omitempty"`
	Ended     time.Time `json:"ended,omitzero"`
	Result    string    `json:"result,omitempty"`
}

// PilotMilestone is how one milestone stands by the newest entry about it.
type PilotMilestone struct {
	Step    string    `json:"step"`
	Request string    `json:"request"`
	Due     time.Time `json:"due,omitzero"`
	// Result is delivered, overdue or missing; Late the minutes of working time by
	// which it came after its due date, or did not come by then; below zero: before.
	Result string    `json:"result"`
	Late   int       `json:"late,omitempty"`
	At     time.Time `json:"at"`
}

// try folds what happened in a pilot. One that begins takes the place of the one
// before; an entry of an older one changes nothing.
func (v *CaseView) try(e Entry, d *Detail) {
	if e.Kind == PilotFrozen {
		v.Pilot = &Pilot{Process: e.Process, Started: e.CaseAt, Digest: d.Digest, Criteria: d.Criteria, Threshold: d.Threshold}
		return
	}
	p := v.Pilot
	if p == nil || p.Process != e.Process {
		return
	}
	switch e.Kind {
	case Milestone:
		m := PilotMilestone{Step: d.Step, Request: d.Request, Due: d.Due, Result: d.Result, Late: d.Late, At: e.CaseAt}
		i := slices.IndexFunc(p.Milestones, func(x PilotMilestone) bool { return x.Step == d.Step })
		if i < 0 {
			p.Milestones = append(p.Milestones, m)
		} else {
			p.Milestones[i] = m
		}
	case ScoresOpened:
		p.Request, p.Opened, p.Score = d.Request, e.CaseAt, d.Score
		p.Changed = p.Changed || d.Digest != p.Digest
	case PilotStopped:
		p.StoppedBy, p.Halfway = e.Actor, d.Step
	}
}

// Lateness says minutes of working time after a due date in words; below zero: before.
func Lateness(minutes int) string {
	n, how := minutes, "late"
	if n < 0 {
		n, how = -n, "early"
	}
	if n == 0 {
		return "on time"
	}
	count := func(n int, what string) string {
		if n == 1 {
			return "1 " + what
		}
		return strconv.Itoa(n) + " " + what + "s"
	}
	switch hours, rest := n/60, n%60; {
	case hours == 0:
		return count(rest, "working minute") + " " + how
	case rest == 0:
		return count(hours, "working hour") + " " + how
	default:
		return count(hours, "working hour") + " " + count(rest, "minute") + " " + how
	}
}
