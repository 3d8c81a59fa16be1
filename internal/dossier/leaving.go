package dossier

import (
	"time"

	"gangway/internal/exit"
)

// ExitOrder is what somebody asks for who wants a vendor left, as a channel sends it.
type ExitOrder struct {
	// ID makes it idempotent: the same id opens one case only.
	ID string `json:"id"`
	// Vendor is the vendor's name or slug, Confirm one of the two as the person typed it
	// once more.
	Vendor  string `json:"vendor"`
	Confirm string `json:"confirm,omitempty"`
	// Mode, Rehearses, WithPeople, After and Trigger are as in exit.Order; Successor is
	// the name or slug of the vendor who takes over.
	Mode       exit.Mode    `json:"mode"`
	Rehearses  exit.Mode    `json:"rehearses,omitempty"`
	WithPeople bool         `json:"withPeople,omitempty"`
	After      exit.After   `json:"after"`
	Successor  string       `json:"successor,omitempty"`
	Trigger    exit.Trigger `json:"trigger,omitempty"`
	// By is the last day on which the vendor may still be there: 2026-12-31.
	By     string `json:"by"`
	Reason string `json:"reason,omitempty"`
	// Playbook names the playbook; empty: the one that the vendor's case runs with where
	// that knows exits, else the deployment's.
	Playbook string `json:"playbook,omitempty"`
}

// What an exit would lack.
const (
	LacksExitPlan   = "exit-plan"    // no signed one is filed
	LacksContract   = "contract"     // no executed copy is filed
	LacksEnd        = "contract-end" // when the contract ends is not known
	LacksNotice     = "notice"       // nor how long before its end notice has to arrive
	LacksRoster     = "accounts"     // nobody knows which accounts are the vendor's
	LacksContacts   = "contacts"     // nobody of the vendor can be asked
	LacksOnboarding = "onboarding"   // of the vendor who takes over
	LacksDPA        = "dpa"          // no data processing agreement says what becomes of the data
)

// ExitPreview is what leaving a vendor would come to. Nothing was done for it.
type ExitPreview struct {
	Vendor string `json:"vendor"` // slug
	Name   string `json:"name"`
	// Case is the one by which the vendor works now, Onboarding that of the vendor who
	// takes over.
	Case       string     `json:"case"`
	Onboarding string     `json:"onboarding,omitempty"`
	Playbook   string     `json:"playbook"`
	Order      exit.Order `json:"order"`
	// Steps are what would be asked, in the playbook's order.
	Steps []ExitStep `json:"steps"`
	// Accounts of the vendor's people and Repositories that they were let into, as far as
	// the accesses given here tell.
	Accounts     int `json:"accounts"`
	Repositories int `json:"repositories"`
	// Logins are those accounts, Places what they were let into: repository/…, team/….
	Logins []string `json:"logins,omitempty"`
	Places []string `json:"places,omitempty"`
	ExitDates
	// Schedule is by when each step has to be done and what is given up, in an exit that is
	// not planned; nil in one that is.
	Schedule *exit.Schedule `json:"schedule,omitempty"`
	// Lacks is what is missing, in the words above.
	Lacks []string `json:"lacks,omitempty"`
}

// ExitDates says whether the notice period makes the day possible. Days are of the
// case's time.
type ExitDates struct {
	// Ends is the contract's end and LastNotice the last day on which notice of that can
	// arrive; both zero where it is not known.
	Ends       time.Time `json:"ends,omitzero"`
	LastNotice time.Time `json:"lastNotice,omitzero"`
	NoticeDays int       `json:"noticeDays,omitempty"`
	// NoticeBy is the last day on which notice for the wanted day can arrive, Earliest the
	// first day that notice given today makes possible.
	NoticeBy time.Time `json:"noticeBy,omitzero"`
	Earliest time.Time `json:"earliest,omitzero"`
	// InTime: notice given today ends it by the wanted day. Before: that day comes before
	// the contract's end, so that its terms must allow it.
	InTime bool `json:"inTime"`
	Before bool `json:"before,omitempty"`
}

// ExitStep is one thing that would be asked, and of whom: ids of people, nobody where
// nobody holds the role now.
type ExitStep struct {
	ID      string   `json:"id"`
	Process string   `json:"process"`
	Title   string   `json:"title"`
	Roles   []string `json:"roles,omitempty"`
	People  []string `json:"people,omitempty"`
}

// DatesOf says on a day whether notice given on it ends the contract by another.
func DatesOf(ends time.Time, noticeDays int, known bool, today, by time.Time) ExitDates {
	d := ExitDates{Ends: ends, NoticeDays: max(noticeDays, 0)}
	if !ends.IsZero() {
		d.LastNotice = ends.AddDate(0, 0, -d.NoticeDays)
		d.Before = by.Before(ends)
	}
	if !known {
		return d
	}
	d.NoticeBy, d.Earliest = by.AddDate(0, 0, -d.NoticeDays), today.AddDate(0, 0, d.NoticeDays)
	d.InTime = !d.NoticeBy.Before(today)
	return d
}
