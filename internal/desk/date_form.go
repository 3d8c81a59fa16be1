package desk

import (
	"fmt"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// farError says that a date of a form is farther ahead than its point lets it be.
type farError struct{ point engagement.Point }

// Error says so.
func (e farError) Error() string {
	return fmt.Sprintf("%s: the date may be %d days ahead at most", e.point.Title, e.point.MostDays)
}

// hint says what to do about it on a day.
func (e farError) hint(day time.Time) string {
	return "name " + day.UTC().AddDate(0, 0, e.point.MostDays).Format("2 January 2006") + " or an earlier day; it can be renewed again before that"
}

// checkDates refuses a form with a date that is too far ahead while whoever fills it in
// is there to correct it: the process would refuse it too, but name no day.
func (d *Desk) checkDates(q *review.Request, a *review.Answer) error {
	if q == nil || !q.Sheet || !review.Positive(a.Verdict) {
		return nil
	}
	day := caseDay(q, d.now())
	wrong := formError{points: map[string]string{}}
	for _, p := range q.Points {
		for _, f := range a.Findings {
			if e := (farError{p}); p.TooFar(f, day) && wrong.points[p.ID] == "" {
				wrong.Faults = append(wrong.Faults, e)
				wrong.points[p.ID] = fmt.Sprintf("it may be %d days ahead at most; %s", p.MostDays, e.hint(day))
				wrong.InputError.hint = e.hint(day) + "; nothing was sent"
			}
		}
	}
	if len(wrong.Faults) == 0 {
		return nil
	}
	return wrong
}
