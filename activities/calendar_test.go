package activities

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/calendar"
	"gangway/internal/playbook"
)

// maker makes a calendar of whom it is told of.
type maker struct {
	err    error
	people int
	hours  calendar.Schedule
}

func (m *maker) Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error) {
	m.people, m.hours = len(people), pb.Hours
	return calendar.Snapshot{From: from, Until: from.AddDate(3, 0, 0)}, m.err
}

func TestCalendarIsMadeOfThePeopleAsTheyAre(t *testing.T) {
	t.Parallel()
	from := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	in := CalendarIn{Hours: calendar.Schedule{Zone: "Europe/London"}, From: from}
	m := &maker{}
	a := &Activities{Archive: &store{people: []playbook.Person{{ID: "ann"}, {ID: "bob"}}}, Calendars: m}
	out, err := a.Calendar(context.Background(), in)
	if err != nil || !out.Calendar.From.Equal(from) || m.people != 2 || m.hours.Zone != "Europe/London" {
		t.Errorf("made %+v of %+v: %v", out, m, err)
	}
	m.err = errors.New("no such zone")
	if _, err := a.Calendar(context.Background(), in); err == nil {
		t.Error("a calendar that can't be made is taken")
	}
	var final *temporal.ApplicationError
	if _, err := (&Activities{Archive: &store{}}).Calendar(context.Background(), in); !errors.As(err, &final) || !final.NonRetryable() {
		t.Errorf("where nobody makes calendars it is tried for ever: %v", err)
	}
}
