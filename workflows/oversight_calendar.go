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

// calendarDue is when the calendar is to be made anew.
func (o *oversight) calendarDue() time.Time {
	if !o.calendarAgain.IsZero() {
		return o.calendarAgain
	}
	return o.process.in.Calendar.From.AddDate(0, calendarMonths, 0)
}

// renewCalendar makes the calendar anew when its time has come, beside everything else.
func (o *oversight) renewCalendar(ctx workflow.Context) {
	now := o.now(ctx)
	if o.renewing || o.calendarDue().After(now) {
		return
	}
	o.renewing = true
	o.working++
	workflow.GoNamed(ctx, "calendar", func(ctx workflow.Context) {
		out, err := call(ctx, fewTimes(10*time.Second, "a calendar for the years to come"), actCalendar, acts.Calendar,
			activities.CalendarIn{Hours: o.process.in.Hours, From: now})
		if err == nil && out.Calendar.From.Before(out.Calendar.Until) {
			o.process.in.Calendar, o.calendarAgain = out.Calendar, time.Time{}
		} else {
			workflow.GetLogger(ctx).Warn("the calendar could not be made anew", "process", o.process.in.Process, "error", err)
			o.calendarAgain = now.AddDate(0, 0, calendarWaits)
		}
		o.working--
		o.renewing = false
		o.changes++
	})
}
