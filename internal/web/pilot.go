package web

import (
	"strconv"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// pilotView is where the newest pilot of a case stands: its milestones with their
// lateness, and the points once they were opened.
type pilotView struct {
	State, Tone string
	Score       string // empty: the points were not opened yet
	Threshold   int
	Below       bool
	Digest      string
	Changed     bool // the criteria are not those frozen at the start
	Criteria    []criterionWeight
	Milestones  []milestoneView
	Points      *scoreTable
	Running     bool
}

type criterionWeight struct {
	Title  string
	Weight int
}

type milestoneView struct {
	Title, Link, State, Tone string
	Due, At                  *instant // At: when it was delivered
}

// pilot says where the pilot stands; nil: the case has none.
func (n names) pilot(c *dossier.CaseView, me visitor, now time.Time) *pilotView {
	p := c.Pilot
	if p == nil {
		return nil
	}
	v := &pilotView{Threshold: p.Threshold, Digest: p.Digest, Changed: p.Changed, Running: p.Ended.IsZero() && c.State == dossier.Running}
	v.State, v.Tone = pilotStands(p)
	if !p.Opened.IsZero() {
		v.Score, v.Below = strconv.Itoa(p.Score), p.Score < p.Threshold
		if r := c.Request(p.Request); r != nil {
			v.Points = n.scores(r, now)
		}
	}
	for _, x := range p.Criteria {
		v.Criteria = append(v.Criteria, criterionWeight{Title: cut(x.Title), Weight: x.Weight})
	}
	// The milestones that the record speaks of only when they are due or there.
	for i := range c.Requests {
		r := &c.Requests[i]
		if r.Process == p.Process && r.Kind == review.Delivery && !superseded(c, r) {
			v.Milestones = append(v.Milestones, milestone(p, r, me, now))
		}
	}
	return v
}

// superseded reports whether a later request of the same step took a request's place.
func superseded(c *dossier.CaseView, r *review.Request) bool {
	for i := len(c.Requests) - 1; i >= 0; i-- {
		if q := &c.Requests[i]; q.Process == r.Process && q.Step == r.Step {
			return q.ID != r.ID
		}
	}
	return false
}

// milestone is one of them as it stands now.
func milestone(p *dossier.Pilot, r *review.Request, me visitor, now time.Time) milestoneView {
	v := milestoneView{Title: cut(r.Title), Link: requestLink(r.ID), State: "not due yet", Tone: "open"}
	if n := len(r.Clocks); n > 0 {
		v.Due = me.at(r.Clocks[n-1].Due, now)
	}
	for _, m := range p.Milestones {
		if m.Request != r.ID {
			continue
		}
		late := dossier.Lateness(m.Late)
		switch {
		case m.Result == dossier.MilestoneDelivered && m.Late > 0:
			v.State, v.Tone, v.At = "delivered "+late, "warn", me.at(m.At, now)
		case m.Result == dossier.MilestoneDelivered:
			v.State, v.Tone, v.At = "delivered "+late, "good", me.at(m.At, now)
		case m.Result == dossier.MilestoneMissing && m.Late > 0:
			v.State, v.Tone = "never delivered, then "+late, "bad"
		case m.Result == dossier.MilestoneMissing:
			v.State, v.Tone = "never delivered", "bad"
		case m.Result == dossier.MilestoneOverdue && (r.Clocks == nil || !now.Before(r.Clocks[len(r.Clocks)-1].Due)): // it may have got more time since
			v.State, v.Tone = "overdue", "bad"
		}
	}
	return v
}

// pilotStands is how far a pilot has come, in words.
func pilotStands(p *dossier.Pilot) (state, tone string) {
	switch {
	case p.Ended.IsZero() && p.Opened.IsZero():
		return "under way", "open"
	case p.Ended.IsZero():
		return "to be decided", "open"
	}
	switch p.Result {
	case "go":
		return "go", "good"
	case "refused":
		return "no-go", "bad"
	case "stopped":
		return "stopped early", "bad"
	}
	return human(p.Result), "quiet"
}

// piloted tells what happened in a pilot; false: it is another entry.
func (t *telling) piloted(en dossier.Entry, d *dossier.Detail, e *timelineEntry) bool {
	switch en.Kind {
	case dossier.PilotFrozen:
		e.Tone = "open"
		t.text("The pilot began; by what it is judged was frozen")
		for i, c := range d.Criteria {
			if i == 0 {
				t.text(": ")
			} else {
				t.text(", ")
			}
			t.text("%s %d", cut(c.Title), c.Weight)
		}
		t.text("; %d of 100 are needed", d.Threshold)
	case dossier.Milestone:
		t.text("The milestone ").title(d.Request)
		switch {
		case d.Result == dossier.MilestoneDelivered:
			e.Tone = "good"
			t.text(" was delivered %s", dossier.Lateness(d.Late))
		case d.Result == dossier.MilestoneOverdue:
			e.Tone = "warn"
			t.text(" was due, and was not delivered")
		default:
			e.Tone = "bad"
			t.text(" was never delivered")
		}
		if d.Late > 0 {
			e.Tone = "warn"
			if d.Result == dossier.MilestoneMissing {
				t.text("; it was then %s", dossier.Lateness(d.Late))
			}
		}
	case dossier.ScoresOpened:
		e.Tone = "good"
		if d.Score < d.Threshold {
			e.Tone = "warn"
		}
		t.text("All scores of the pilot were opened at once: %d of 100, where %d are needed", d.Score, d.Threshold)
	case dossier.PilotStopped:
		e.Tone = "bad"
		if d.Step != "" {
			t.text("The halfway decision stopped the pilot")
		} else {
			t.name(en.Actor).text(" stopped the pilot early")
		}
	default:
		return false
	}
	return true
}
