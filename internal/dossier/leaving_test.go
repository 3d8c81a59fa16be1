package dossier

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// contractOf draws a contract, whose period may be nonsense.
func contractOf(r *rapid.T, first time.Time) engagement.Expiry {
	e := engagement.Expiry{NoticeDays: rapid.IntRange(-5, 400).Draw(r, "days"), Renews: rapid.Bool().Draw(r, "goes on"), RenewMonths: rapid.IntRange(0, 24).Draw(r, "months")}
	if rapid.IntRange(0, 9).Draw(r, "ends") > 0 {
		e.On = first.AddDate(0, 0, rapid.IntRange(0, 4000).Draw(r, "on"))
	}
	return e
}

// TestNoticeMakesADayPossible: notice that arrives on the last day named is in time, a day
// later it is not, or reaches a later end; and the contract binds no longer than said.
func TestNoticeMakesADayPossible(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		today := first.AddDate(0, 0, rapid.IntRange(0, 1500).Draw(r, "today"))
		by := first.AddDate(0, 0, rapid.IntRange(0, 4000).Draw(r, "by"))
		e := contractOf(r, first)
		d := DatesOf(e, true, today, by)
		if d.NoticeDays < 0 || d.Before != (!d.Ends.IsZero() && by.Before(d.Ends)) || d.NoticeBy.AddDate(0, 0, d.NoticeDays).After(by) {
			t.Fatalf("notice for %v by %v: %+v", by, d.NoticeBy, d)
		}
		if d.InTime != (d.Needless || !today.After(d.NoticeBy)) || d.Needless && (d.Before || e.Renews) {
			t.Fatalf("%+v", d)
		}
		if e.On.IsZero() != d.Ends.IsZero() || d.Ends.Before(e.On) || !d.Ends.Equal(e.On) && (!e.Renews || d.LastNotice.Before(today)) {
			t.Fatalf("of a contract to %v is said %+v", e.On, d)
		}
		at, after := DatesOf(e, true, d.NoticeBy, by), DatesOf(e, true, d.NoticeBy.AddDate(0, 0, 1), by)
		if d.InTime && !d.Needless && (!at.InTime || !at.NoticeBy.Equal(d.NoticeBy)) || after.InTime && !after.Needless && after.Ends.Equal(d.Ends) {
			t.Fatalf("on %v is said %+v, and a day later %+v", d.NoticeBy, at, after)
		}
	})
}

// TestThePreviewAndTheRecordNameOneDay: whatever the contract, what is shown before an exit
// is asked for, what its record says and what a shorter plan counts with is one last day,
// and all say alike whether it has passed.
func TestThePreviewAndTheRecordNameOneDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		today := first.AddDate(0, 0, rapid.IntRange(0, 1500).Draw(r, "today"))
		by := today.AddDate(0, 0, rapid.IntRange(0, 1500).Draw(r, "by"))
		d := DatesOf(contractOf(r, first), rapid.IntRange(0, 9).Draw(r, "known") > 0, today, by)
		p := ExitPreview{ExitDates: d, Order: exit.Order{Mode: exit.ModePlanned, By: by}}
		shown, warned := "", false
		for _, l := range p.Lines() {
			if l.Label == "Notice" {
				shown, warned = l.Text, l.Warns
			}
		}
		e := d.Entry()
		said := ExitWords(NoticeDue, e)
		plan := exit.Wanted{From: today, By: by, Notice: d.Notice()}.Schedule()
		if d.NoticeBy.IsZero() {
			if shown != "" || !strings.Contains(said, "Nobody said") || !e.Due.IsZero() || plan.Notice != exit.NoticeUnknown {
				t.Fatalf("nobody knows, and it says %q, %q and %q", shown, said, plan.Notice)
			}
			return
		}
		if !strings.Contains(shown, "arrive by "+d.NoticeBy.Format("2006-01-02")) || !strings.Contains(said, "arrive by "+d.NoticeBy.Format("2 January 2006")) {
			t.Fatalf("the preview says %q, the record %q", shown, said)
		}
		passed := strings.Contains(said, "would have had to")
		if passed != strings.Contains(shown, "would have had to") || warned != !d.InTime || passed != today.After(e.Due) {
			t.Fatalf("the preview says %q, the record %q", shown, said)
		}
		if (plan.Notice == exit.NoticeInTime) != d.InTime || !d.Needless && !plan.NoticeBy.Equal(d.NoticeBy) {
			t.Fatalf("the preview says %q, a shorter plan %s by %v", shown, plan.Notice, plan.NoticeBy)
		}
	})
}

// TestAContractThatGoesOn: notice that is too late for one end is early for the next, which
// is a year later; one that does not go on ends by itself.
func TestAContractThatGoesOn(t *testing.T) {
	t.Parallel()
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	e := engagement.Expiry{On: day(2026, 12, 31), NoticeDays: 90, Renews: true, RenewMonths: 12}
	if d := DatesOf(e, true, day(2026, 10, 2), day(2027, 1, 31)); !d.NoticeBy.Equal(day(2026, 10, 2)) || !d.InTime || d.Entry().Result != exit.NoticeInTime {
		t.Errorf("on the last day: %+v", d)
	}
	if d := DatesOf(e, true, day(2026, 10, 3), day(2027, 1, 31)); !d.Ends.Equal(day(2027, 12, 31)) || !d.Before || !d.InTime || d.Entry().Result != exit.NoticeLate {
		t.Errorf("a day later: %+v", d)
	}
	if d := DatesOf(e, true, day(2026, 12, 3), day(2027, 1, 31)); !d.Before || d.InTime || d.Entry().Result != noticePassed {
		t.Errorf("too late for the wanted day as well: %+v", d)
	}
	e.Renews = false
	if d := DatesOf(e, true, day(2026, 10, 3), day(2027, 1, 31)); !d.Needless || !d.InTime || d.Entry().Result != noticeNeedless || d.Notice().Days != 0 {
		t.Errorf("by itself: %+v", d)
	}
}

// TestWhatIsNotKnownIsNotPossible: without a notice period no day is called possible.
func TestWhatIsNotKnownIsNotPossible(t *testing.T) {
	t.Parallel()
	by := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	if d := DatesOf(engagement.Expiry{On: by}, false, by.AddDate(-5, 0, 0), by); d.InTime || !d.NoticeBy.IsZero() || !d.Earliest.IsZero() {
		t.Errorf("%+v", d)
	}
	if d := DatesOf(engagement.Expiry{}, false, by, by); d != (ExitDates{}) {
		t.Errorf("%+v", d)
	}
}

// TestWordsOfAPreview: late notice and all that is missing warns; every mode, end and
// lack has words of its own.
func TestWordsOfAPreview(t *testing.T) {
	t.Parallel()
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }
	p := ExitPreview{Vendor: "acme", Name: "Acme", Case: "oversight/acme/1", Accounts: 1, Repositories: 2, ExitDates: DatesOf(engagement.Expiry{On: day(12, 31), NoticeDays: 30}, true, day(6, 1), day(6, 15)),
		Order: exit.Order{Mode: exit.ModePlanned, After: exit.AfterReplaced, Successor: "beta", By: day(6, 15), Trigger: exit.TriggerAuditFailure}, Onboarding: "onboarding/beta/1"}
	var said, warned []string
	for _, l := range p.Lines() {
		said = append(said, l.Label+": "+l.Text)
		if l.Warns {
			warned = append(warned, l.Text)
		}
	}
	want := []string{"Vendor: Acme (acme), who works by oversight/acme/1",
		"Exit: planned, replaced by beta (onboarding/beta/1), by 2026-06-15 because of audit failure",
		"Contract: ends on 2026-12-31; notice of 30 days for that end by 2026-12-01",
		"Contract: the wanted day comes before its end: the contract has to allow that",
		"Notice: would have had to arrive by 2026-05-16; given today it makes 2026-07-01 possible",
		"Access: 1 account of theirs in 2 repositories, as given here"}
	if strings.Join(said, "\n") != strings.Join(want, "\n") || len(warned) != 2 {
		t.Errorf("said\n%s\nof which warn %q", strings.Join(said, "\n"), warned)
	}
	p.Left, p.Wants = 1, 63
	if got := p.Lines()[len(want)]; got.Label != "Time" || !got.Warns || !strings.Contains(got.Text, "want 63 days together, and 1 day is left") {
		t.Errorf("%+v", got)
	}
	p.Left, p.Wants = 0, 0
	p.Order = exit.Order{Mode: exit.ModeDrill, Rehearses: exit.ModeForCause, WithPeople: true, After: exit.AfterUndecided, By: day(6, 15), Trigger: exit.TriggerIncident}
	p.ExitDates = ExitDates{}
	if got := p.Lines()[1].Text; !strings.HasPrefix(got, "a drill of for-cause, with people, and who does the work after is open") || len(p.Lines()) != 3 {
		t.Errorf("%+v", p.Lines())
	}
	p.Schedule = &exit.Schedule{}
	if got := p.Lines()[3]; got.Warns || !strings.Contains(got.Text, "nothing, as far as the steps go") {
		t.Errorf("with nothing given up: %+v", got)
	}
	p.Schedule.GivenUp = []exit.GivenUp{{ID: "session", How: exit.LeftOut}, {ID: "parallel", How: exit.Shortened, Days: 2, Wanted: 14}, {ID: "cut-over", How: exit.Shortened, Days: 1, Wanted: 3}}
	if got := p.Lines()[3:]; len(got) != 2 || got[0].Text != "nobody is asked session" || got[1].Text != "less time than it wants: parallel (2 of 14 days), cut-over (1 of 3 days)" || !got[1].Warns {
		t.Errorf("given up are %+v", got)
	}
	seen := map[string]bool{}
	for _, word := range []string{LacksExitPlan, LacksContract, LacksEnd, LacksNotice, LacksRoster, LacksContacts, LacksOnboarding, LacksDPA} {
		if text := lackWords(word); text == word || seen[text] {
			t.Errorf("%s is said as %q", word, text)
		} else {
			seen[text] = true
		}
	}
}

// TestAPreviewNamesAccountsAndPlaces, as many as a line takes, and says how many more
// there are.
func TestAPreviewNamesAccountsAndPlaces(t *testing.T) {
	t.Parallel()
	p := ExitPreview{Accounts: 2, Repositories: 1, Logins: []string{"ann", "bob"}, Places: []string{"repository/acme/pay", "team/payroll"}}
	says := func() string {
		var b strings.Builder
		for _, l := range p.Lines() {
			b.WriteString(l.Label + ": " + l.Text + "\n")
		}
		return b.String()
	}
	if got := says(); !strings.Contains(got, "Access: their accounts: ann, bob\nAccess: let into: repository/acme/pay, team/payroll\n") {
		t.Errorf("it says\n%s", got)
	}
	p.Logins, p.Places = append(make([]string, mostNamed-1), "last", "over"), nil
	if got := says(); !strings.Contains(got, "last and 1 more\n") || strings.Contains(got, "over") || strings.Contains(got, "let into") {
		t.Errorf("it says\n%s", got)
	}
}

// TestAPreviewSaysWhoIsMissing: a step that nobody of ours can answer is named, by its id
// where it has no title; one of the vendor's is not.
func TestAPreviewSaysWhoIsMissing(t *testing.T) {
	t.Parallel()
	p := ExitPreview{Steps: []ExitStep{{ID: "leave", Title: "Leave", People: []string{"olga"}}, {ID: "taken", Title: "Taken over", Roles: []string{"owner"}}, {ID: "hand"}, {ID: "return", Roles: []string{review.VendorRole}}}}
	lines := p.Lines()
	if got, want := lines[len(lines)-1], (ExitLine{"Missing", "somebody who can answer “Taken over”, “hand”: nobody holds a seat there now", true}); got != want {
		t.Errorf("it says %+v, want %+v", got, want)
	}
	p.Steps = p.Steps[:1]
	for _, l := range p.Lines() {
		if l.Label == "Missing" {
			t.Errorf("with everybody there it says %+v", l)
		}
	}
}
