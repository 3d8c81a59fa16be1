package dossier

import (
	"time"

	"gangway/internal/engagement"
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
	// Left are the whole days until the wanted day and Wants those that the steps before it
	// want together, where they do not reach and nothing of a planned exit is made shorter.
	Left  int `json:"left,omitempty"`
	Wants int `json:"wants,omitempty"`
	// Lacks is what is missing, in the words above.
	Lacks []string `json:"lacks,omitempty"`
}

// ExitDates says whether the notice period makes the day possible. Days are of the
// case's time.
type ExitDates struct {
	// Ends is the contract's end that notice given today reaches, which is a later one where
	// it goes on by itself, and LastNotice the last day on which notice of that can arrive;
	// both zero where it is not known.
	Ends       time.Time `json:"ends,omitzero"`
	LastNotice time.Time `json:"lastNotice,omitzero"`
	NoticeDays int       `json:"noticeDays,omitempty"`
	// NoticeBy is the last day on which notice can arrive, for the wanted day or for the
	// contract's end where that comes before it, Earliest the first day that notice given
	// today makes possible.
	NoticeBy time.Time `json:"noticeBy,omitzero"`
	Earliest time.Time `json:"earliest,omitzero"`
	// InTime: notice given today ends it by the wanted day. Before: that day comes before
	// the contract's end, so that its terms must allow it.
	InTime bool `json:"inTime"`
	Before bool `json:"before,omitempty"`
	// Needless: it ends by itself by the wanted day, and notice would come too late to end
	// it sooner.
	Needless bool `json:"needless,omitempty"`
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

// DatesOf says on a day what the notice of a contract makes of another by which one wants
// to be free of it; known says whether somebody said how long before its end notice must
// arrive. The preview of an exit and its record both say what it says.
func DatesOf(contract engagement.Expiry, known bool, today, by time.Time) ExitDates {
	d := ExitDates{Ends: contract.On, NoticeDays: max(contract.NoticeDays, 0)}
	goesOn := known && contract.Renews
	for goesOn && contract.RenewMonths > 0 && !d.Ends.IsZero() && d.Ends.AddDate(0, 0, -d.NoticeDays).Before(today) {
		d.Ends = engagement.MonthsLater(d.Ends, contract.RenewMonths)
	}
	until := by
	if !d.Ends.IsZero() {
		d.LastNotice = d.Ends.AddDate(0, 0, -d.NoticeDays)
		d.Before = by.Before(d.Ends)
		if !d.Before {
			until = d.Ends
		}
	}
	if !known {
		return d
	}
	d.NoticeBy, d.Earliest = until.AddDate(0, 0, -d.NoticeDays), today.AddDate(0, 0, d.NoticeDays)
	d.InTime = !d.NoticeBy.Before(today)
	if !d.InTime && !d.Before && !d.Ends.IsZero() && !goesOn {
		d.InTime, d.Needless = true, true
	}
	return d
}

// Entry is what the record of an exit says of the dates: a NoticeDue.
func (d ExitDates) Entry() *Detail {
	e := &Detail{Result: exit.NoticeUnknown, Ends: d.Ends}
	switch {
	case d.NoticeBy.IsZero():
		return e
	case d.Needless:
		e.Result = noticeNeedless
	case !d.InTime:
		e.Result = noticePassed
	case d.Before:
		e.Result = exit.NoticeLate
	default:
		e.Result = exit.NoticeInTime
	}
	e.Due, e.Amount = d.NoticeBy, d.NoticeDays
	return e
}

// Notice is what a plan that is counted back from the wanted day goes by.
func (d ExitDates) Notice() exit.Notice {
	n := exit.Notice{Known: !d.NoticeBy.IsZero(), Days: d.NoticeDays, Last: d.NoticeBy}
	if d.Needless {
		n.Days, n.Last = 0, time.Time{}
	}
	return n
}

// What the record says of notice, besides exit's words.
const (
	noticePassed   = "passed"   // the last day has, and the contract binds longer
	noticeNeedless = "needless" // the contract ends by itself by the wanted day
)
