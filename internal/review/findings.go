package review

import (
	"slices"
	"time"

	"gangway/internal/engagement"
)

// unfound lists the points for which an answer has not exactly one finding that is
// sound, in their order, and after them the ids of findings that belong to no point.
// Of a form the optional points may be left out; a checklist wants to hear of each. A
// file that a finding names is one of those that come with the answer.
func (r *Request) unfound(a Answer) []string {
	var missing []string
	for _, p := range r.Points {
		n, sound := 0, true
		for _, f := range a.Findings {
			if f.Point == p.ID {
				n++
				sound = sound && p.Sound(f) && (f.Document == "" || slices.Contains(a.Documents, f.Document))
			}
		}
		left := n == 0 && r.Sheet && p.Optional
		if !left && n != 1 || !sound {
			missing = append(missing, p.ID)
		}
	}
	for _, f := range a.Findings {
		known := slices.ContainsFunc(r.Points, func(p engagement.Point) bool { return p.ID == f.Point })
		if !known && !slices.Contains(missing, f.Point) {
			missing = append(missing, f.Point)
		}
	}
	return missing
}

// tooFar lists the points whose date is farther ahead than they let it be.
func (r *Request) tooFar(a Answer, now time.Time) []string {
	var far []string
	for _, p := range r.Points {
		if slices.ContainsFunc(a.Findings, func(f engagement.Finding) bool { return p.TooFar(f, now) }) {
			far = append(far, p.ID)
		}
	}
	return far
}

// unscored lists the criteria for which an answer has not exactly one number of points
// from nothing to the best, in their order, and after them what is no criterion.
func (r *Request) unscored(scores []Score) []string {
	var missing []string
	for _, c := range r.Criteria {
		n, sound := 0, true
		for _, s := range scores {
			if s.Criterion == c.ID {
				n++
				sound = sound && s.Points >= 0 && s.Points <= c.Most
			}
		}
		if n != 1 || !sound {
			missing = append(missing, c.ID)
		}
	}
	for _, s := range scores {
		known := slices.ContainsFunc(r.Criteria, func(c engagement.Criterion) bool { return c.ID == s.Criterion })
		if !known && !slices.Contains(missing, s.Criterion) {
			missing = append(missing, s.Criterion)
		}
	}
	return missing
}
