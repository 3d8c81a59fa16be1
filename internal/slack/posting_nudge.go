package slack

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// nudgeChannel is the channel of the place that remembers on which day somebody
// was reminded last. No conversation has such a name.
const nudgeChannel = "nudge"

// nudgeAt says when somebody may be reminded: in their working hours, not while
// they are away, and once a day.
func (a *App) nudgeAt(ctx context.Context, who playbook.Person) (time.Time, error) {
	places, err := a.o.Store.Places(ctx, outbox.HomeID(who.ID))
	if err != nil {
		return time.Time{}, fmt.Errorf("looking up the last reminder: %w", err)
	}
	last := ""
	for _, p := range places {
		if p.Channel == nudgeChannel {
			last = max(last, p.Digest)
		}
	}
	now := a.now()
	snap, hours := a.hours(who, now)
	return outbox.Digest(snap, hours, who.AwayAt(now), now, last), nil
}

// nudged remembers that somebody was reminded today.
func (a *App) nudged(ctx context.Context, who playbook.Person) error {
	now := a.now()
	snap, hours := a.hours(who, now)
	err := a.o.Store.PutPlace(ctx, outbox.Place{Posting: outbox.HomeID(who.ID), Channel: nudgeChannel, Stamp: who.ID, Digest: outbox.Day(snap, hours, now), Made: now})
	if err != nil {
		return fmt.Errorf("remembering a reminder: %w", err)
	}
	return nil
}

// nextDay is when somebody works next after today, in their hours and without
// their holidays; zero where nobody knows their hours.
func (a *App) nextDay(who playbook.Person, now time.Time) time.Time {
	snap, hours := a.hours(who, now)
	if snap.Has(hours) != nil {
		return time.Time{}
	}
	here := now.In(zone(who))
	return snap.Next(hours, time.Date(here.Year(), here.Month(), here.Day()+1, 0, 0, 0, 0, zone(who)))
}

// hours are somebody's working hours, and a calendar that has them. Better a
// reminder on a holiday than none at all, so that a set that isn't known counts
// as none.
func (a *App) hours(who playbook.Person, now time.Time) (calendar.Snapshot, calendar.Schedule) {
	from, until := now.AddDate(0, 0, -1), now.AddDate(1, 0, 0)
	table := calendar.Table(zone(who), from, until)
	table.Name = who.Hours.Zone
	hours := who.Hours
	if !slices.ContainsFunc(a.o.Holidays, func(h calendar.HolidaySet) bool { return h.Name == hours.Holidays }) {
		hours.Holidays = ""
	}
	return calendar.Snapshot{From: from, Until: until, Zones: []calendar.Zone{table}, Holidays: a.o.Holidays}, hours
}
