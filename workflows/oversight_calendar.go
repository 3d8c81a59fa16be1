package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
)

// A calendar says what it knows for three years. It is made anew every year, so that
// what is asked today and due in a year is counted by one that knows that year; where
// that fails, a week later.
const (
	calendarMonths = 12
	calendarWaits  = 7 // days
)

// almanacs are the calendars of a process that outlives its first.
type almanacs struct {
	// again is when the calendar is made anew that could not be; renewing: it is being made.
	again    time.Time
	renewing bool
}

// calendarDue is when the calendar is to be made anew.
func (p *process) calendarDue(y *almanacs) time.Time {
	if !y.again.IsZero() {
		return y.again
	}
	return p.in.Calendar.From.AddDate(0, calendarMonths, 0)
}

// renewCalendar makes the calendar anew when its time has come, beside everything else.
func (p *process) renewCalendar(ctx workflow.Context, y *almanacs) {
	now := p.now(ctx)
	if y.renewing || p.calendarDue(y).After(now) {
		return
	}
	y.renewing = true
	p.working++
	workflow.GoNamed(ctx, "calendar", func(ctx workflow.Context) {
		out, err := call(ctx, fewTimes(10*time.Second, "a calendar for the years to come"), actCalendar, acts.Calendar,
			activities.CalendarIn{Hours: p.in.Hours, From: now})
		if err == nil && out.Calendar.From.Before(out.Calendar.Until) {
			p.in.Calendar, y.again = out.Calendar, time.Time{}
		} else {
			workflow.GetLogger(ctx).Warn("the calendar could not be made anew", "process", p.in.Process, "error", err)
			y.again = now.AddDate(0, 0, calendarWaits)
		}
		p.working--
		y.renewing = false
		p.changes++
	})
}
