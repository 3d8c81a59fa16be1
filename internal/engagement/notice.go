package engagement

import "time"

// noticeDeadline is the end of a contract, less its notice period, less the time that
// the client wants for giving notice. Days are calendar days; those below zero count
// as none. A contract without an end has no deadline.
func noticeDeadline(end time.Time, noticeDays, leadDays int) time.Time {
	if end.IsZero() {
		return time.Time{}
	}
	return end.UTC().AddDate(0, 0, -max(noticeDays, 0)-max(leadDays, 0))
}

// NoticeOf are the days on which something is to happen before a contract ends: when
// people are asked what is to become of it, when the client has to know, so that
// whoever is silent then is not waited for any longer, and the last at which notice
// arrives in time. All are zero where its end is not known. The contract's own lead
// goes before the playbook's.
func NoticeOf(e Expiry, w Watch) (asked, deadline, last time.Time) {
	if e.On.IsZero() {
		return asked, deadline, last
	}
	lead := e.LeadDays
	if lead <= 0 {
		lead = w.NoticeLead
	}
	deadline = noticeDeadline(e.On, e.NoticeDays, lead)
	return deadline.AddDate(0, 0, -w.leadOf(e.Kind)), deadline, noticeDeadline(e.On, e.NoticeDays, 0)
}

// leadOf is how many days before its end something of a kind is brought up.
func (w Watch) leadOf(k ExpiryKind) int {
	days, named := w.Lead[k]
	if !named {
		return DefaultLead
	}
	return max(days, 0)
}

// BroughtUp is when people hear of an expiry; zero: at once, because it is owed.
func (e Expiry) BroughtUp(w Watch) time.Time {
	switch {
	case e.On.IsZero():
		return time.Time{}
	case e.Kind == ExpiryContract:
		asked, _, _ := NoticeOf(e, w)
		return asked
	case e.Kind == ExpiryCopy:
		return e.On // it is erased then, and nobody is asked
	}
	return e.On.UTC().AddDate(0, 0, -w.leadOf(e.Kind))
}

// Supersedes reports whether what is said here of an expiry goes before what was known
// of it: the later date wins, then what somebody here has looked at. What was owed and
// has a date now is later than everything. The order is total but for the rest of the
// fields, so that the same news may come twice and in any order.
func (e Expiry) Supersedes(known Expiry) bool {
	switch {
	case e.ID != known.ID:
		return false
	case !e.On.Equal(known.On):
		return e.On.After(known.On)
	case e.Unreviewed != known.Unreviewed:
		return known.Unreviewed
	}
	return e.Document > known.Document
}

// MonthsLater is the same day of a later month, or that month's last where it has no
// such day: a month after 31 January is the end of February.
func MonthsLater(t time.Time, months int) time.Time {
	first := time.Date(t.Year(), t.Month(), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()).AddDate(0, months, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}
