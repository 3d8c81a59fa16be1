package slack

import (
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
)

// awayModal asks from when until when somebody is away, and who stands in.
func awayModal(who playbook.Person, people []playbook.Person, away playbook.Away) slack.ModalViewRequest {
	m := modalView(verbAway, "Away", "Save")
	m.add(section("While you are away your backup is asked as well, and you are not reminded. What you already hold stays yours."))
	last := away.Until
	if !last.IsZero() {
		last = last.Add(-time.Second)
	}
	m.add(input(blockFrom, "The first day", "", false, day(away.From, zone(who))))
	m.add(input(blockUntil, "The last day", "", false, day(last, zone(who))))
	if e, left := someone(byName(people, func(p playbook.Person) bool { return p.ID != who.ID }), away.Backup); e != nil {
		m.add(input(blockTo, "Who stands in", crowded(left, "your own page on the web knows them all.", "Nobody chosen: your usual backups do."), true, e))
	}
	return m.ModalViewRequest
}

// readAway reads days of the person's zone: from the first instant of the first
// until the end of the last.
func readAway(who playbook.Person, st *slack.ViewState) (playbook.Away, map[string]string) {
	a := answers{st: st}
	from, last := a.day(blockFrom, zone(who)), a.day(blockUntil, zone(who))
	away := playbook.Away{Backup: a.one(blockTo)}
	if from.IsZero() {
		a.fault(blockFrom, "Choose a day.")
	}
	if last.IsZero() {
		a.fault(blockUntil, "Choose a day.")
	}
	if last.Before(from) {
		a.fault(blockUntil, "The last day is before the first.")
	}
	if a.faults == nil {
		away.From, away.Until = from.UTC(), last.AddDate(0, 0, 1).UTC()
	}
	return away, a.faults
}
