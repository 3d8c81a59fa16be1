package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/calendar"
	"gangway/internal/playbook"
)

// Calendars makes the calendar of a case: the zones and holidays that the hours of its
// playbook and of people name.
type Calendars interface {
	Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error)
}

// CalendarIn asks for a calendar from a moment on, in case time.
type CalendarIn struct {
	Hours calendar.Schedule `json:"hours"`
	From  time.Time         `json:"from"`
}

// calendarOut is the calendar.
type calendarOut struct {
	Calendar calendar.Snapshot `json:"calendar"`
}

// Calendar makes the calendar of a process anew that outlives the one it was started
// with: zones change their rules, and holidays are known for some years only.
func (a *Activities) Calendar(ctx context.Context, in CalendarIn) (calendarOut, error) {
	if a.Calendars == nil {
		return calendarOut{}, temporal.NewNonRetryableApplicationError("nobody here makes calendars", ErrNotFound, nil)
	}
	people, _, err := a.Archive.People(ctx)
	if err != nil {
		return calendarOut{}, outside(fmt.Errorf("reading the people for a calendar: %w", err))
	}
	snap, err := a.Calendars.Snapshot(people, playbook.Playbook{Hours: in.Hours}, in.From)
	if err != nil { // a zone that this machine does not know: another worker may
		return calendarOut{}, outside(fmt.Errorf("making a calendar anew: %w", err))
	}
	return calendarOut{Calendar: snap}, nil
}
