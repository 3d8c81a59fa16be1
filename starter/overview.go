package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// mostInFull is how many requests of a case are shown with all their seats; a longer
// case is told in short, unless somebody wants all of it.
const mostInFull = 12

// Widths of the columns of an overview, which fits into 80: a step's name, and people.
const (
	overStep   = 32
	overPeople = 28
)

// overview tells a case of many steps: what waits and for whom, how its parts stand, and
// what was decided, a line each.
func (s *session) overview(v *dossier.CaseView, now time.Time) {
	s.overOpen(v, now)
	s.overParts(v, now)
	s.overDone(v, now)
}

// overOpen lists what is asked now, what is overdue first.
func (s *session) overOpen(v *dossier.CaseView, now time.Time) {
	var open []*review.Request
	for i := range v.Requests {
		if r := &v.Requests[i]; r.IsOpen() {
			open = append(open, r)
		}
	}
	slices.SortStableFunc(open, func(a, b *review.Request) int { return due(a).Compare(due(b)) })
	if len(open) == 0 {
		return
	}
	s.out.line("")
	g := newGrid("", "ASKED NOW", "WAITS FOR", "DUE")
	for _, r := range open {
		when := s.when(due(r), now)
		late := !due(r).IsZero() && due(r).Before(now)
		if late {
			when = "overdue, " + when
		}
		g.add(cut(r.Step, overStep), cut(dash(strings.Join(overWaits(r, now), ", ")), overPeople), when)
		if late {
			g.style(2, styleBad)
		}
	}
	g.print(s.out)
	for _, r := range open {
		if unread := r.Tally(now).Unread; len(unread) > 0 {
			s.out.line("%s", painted{fmt.Sprintf("%s: nobody has read %s", r.Step, strings.Join(unread, ", ")), styleWarn})
		}
	}
}

// overWaits is who holds the seats that have not answered; for what nobody decides any
// more, what it waits for.
func overWaits(r *review.Request, now time.Time) []string {
	t := r.Tally(now)
	var people []string
	if t.Group < len(t.Groups) {
		for _, seat := range t.Groups[t.Group].Seats {
			if seat.Verdict == "" {
				people = append(people, holders(r, seat.Seat, now)...)
			}
		}
	}
	slices.Sort(people)
	people = slices.Compact(people)
	switch {
	case len(people) == 0 && len(t.Unread) > 0:
		return []string{"readers"}
	case len(people) == 0 && t.State == review.Vacant:
		return []string{"nobody: a seat is empty"}
	}
	return people
}

// overParts says how the processes of the case stand: how much of each is done, and of
// a pilot its milestones and its score.
func (s *session) overParts(v *dossier.CaseView, now time.Time) {
	if len(v.Processes) < 2 {
		return
	}
	s.out.line("")
	g := newGrid("", "PART", "STANDS", "DONE", "SINCE")
	for _, p := range v.Processes {
		if p.ID == v.ID {
			continue
		}
		stands, since := "running", p.Started
		if !p.Ended.IsZero() {
			stands, since = dash(p.Result), p.Ended
		}
		done, all := 0, 0
		for i := range v.Requests {
			if v.Requests[i].Process != p.ID {
				continue
			}
			if all++; v.Requests[i].Closed != nil {
				done++
			}
		}
		g.add(p.ID, stands, fmt.Sprintf("%d of %d", done, all), s.when(since, now))
	}
	g.print(s.out)
	if v.Pilot == nil {
		return
	}
	for _, m := range v.Pilot.Milestones {
		words := m.Result
		if m.Result == dossier.MilestoneDelivered || m.Late > 0 {
			words += " " + dossier.Lateness(m.Late)
		}
		s.out.line("  milestone %s: %s", m.Step, words)
	}
	if !v.Pilot.Opened.IsZero() {
		s.out.line("  score %d of 100, %d are needed", v.Pilot.Score, v.Pilot.Threshold)
	}
}

// overDone lists what was decided: how, by whom, when.
func (s *session) overDone(v *dossier.CaseView, now time.Time) {
	g := newGrid("", "DECIDED", "HOW", "BY", "WHEN")
	for i := range v.Requests {
		r := &v.Requests[i]
		if r.Closed == nil {
			continue
		}
		var people []string
		for _, seat := range r.Policy.Seats() {
			if b := r.Standing(seat.ID); b != nil && !slices.Contains(people, b.Person) {
				people = append(people, b.Person)
			}
		}
		how := requestState(r, r.Closed.State)
		if r.Kind == review.Task || r.Kind == review.Delivery {
			if r.Closed.State == review.Met {
				how = "done"
			}
		}
		g.add(cut(r.Step, overStep), cut(how, 12), cut(dash(strings.Join(people, ", ")), overPeople-4), s.when(r.Closed.At, now))
		g.style(1, verdictStyle(r.Closed.State))
	}
	if len(g.rows) > 1 {
		s.out.line("")
		g.print(s.out)
	}
}

// overPapers lists documents without what makes them unmistakable.
func (s *session) overPapers(v *dossier.CaseView, now time.Time) {
	g := newGrid("", "DOCUMENT", "VERSION", "FILED", "BY", "SIZE")
	for _, d := range v.Documents {
		name := d.Name
		if d.ForVendor {
			name += " (for the vendor)"
		}
		g.add(cut(name, overPeople), version(d.Version), s.when(d.At, now), dash(d.By), documentSize(d.Size))
	}
	g.print(s.out)
}
