package dossier

import (
	"slices"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// LessonsOf are the lessons that stand in a case of an exit, in the order of
// exit.Lessons: the newest that were written down and, where somebody had to say that
// they will do, accepted. An exit that was called off taught nothing.
func LessonsOf(v *CaseView) []string {
	if v.State == Ended {
		return nil
	}
	for i := len(v.Requests) - 1; i >= 0; i-- {
		r := &v.Requests[i]
		if r.Process != v.ID || !teaches(r) || !decided(r) {
			continue
		}
		if i := newestOf(v, r.Step+"-accept"); i < 0 || decided(&v.Requests[i]) && !v.Requests[i].Opened.Before(r.Opened) {
			return taughtIn(r)
		}
		return nil // not yet, or they are being written anew
	}
	return nil
}

// teaches reports whether a request is the form of the lessons.
func teaches(r *review.Request) bool {
	has := func(id string) bool {
		return slices.ContainsFunc(r.Points, func(p engagement.Point) bool { return p.ID == id })
	}
	return r.Sheet && has(exit.PointCloser) && has(exit.PointAgain)
}

// decided reports whether a request was met, and not waived or closed otherwise.
func decided(r *review.Request) bool {
	return r.Closed != nil && r.Closed.Why == "decided" && r.Closed.State == review.Met
}

// newestOf is where the newest request of a step stands; below zero: it was never asked.
func newestOf(v *CaseView, step string) int {
	newest := -1
	for i := range v.Requests {
		if v.Requests[i].Step == step && (newest < 0 || !v.Requests[i].Opened.Before(v.Requests[newest].Opened)) {
			newest = i
		}
	}
	return newest
}

func taughtIn(r *review.Request) []string {
	var taught exit.Taught
	for _, s := range r.Seatings {
		b := r.Standing(s.Seat)
		if b == nil || !review.Positive(b.Verdict) {
			continue
		}
		for _, f := range b.Findings {
			taught.Lessons = append(taught.Lessons, exit.LessonsIn(f.Point, f.Choices)...)
		}
	}
	return exit.Known([]exit.Taught{taught})
}

// SuccessorIn is who was named last as taking over from a vendor who is left, by the slug;
// empty: nobody.
func SuccessorIn(lines []Line) string {
	successor := ""
	for _, l := range lines {
		if l.Entry.Kind != ExitOrdered || l.Entry.Detail == nil {
			continue
		}
		successor = ""
		if len(l.Entry.Detail.Values) > 0 {
			successor = l.Entry.Detail.Values[0]
		}
	}
	return successor
}
