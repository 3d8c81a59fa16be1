package dossier

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/exit"
)

// TestNoticeMakesADayPossible: notice given today for the earliest day is in time, for
// any day before it is late, and the two ways of counting say the same.
func TestNoticeMakesADayPossible(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		today := first.AddDate(0, 0, rapid.IntRange(0, 1500).Draw(r, "today"))
		by := first.AddDate(0, 0, rapid.IntRange(0, 4000).Draw(r, "by"))
		ends := first.AddDate(0, 0, rapid.IntRange(0, 4000).Draw(r, "ends"))
		days := rapid.IntRange(-5, 400).Draw(r, "days")
		d := DatesOf(ends, days, true, today, by)
		if d.InTime != !by.Before(d.Earliest) {
			t.Fatalf("notice by %v of %v says %v, and the earliest day is %v", d.NoticeBy, by, d.InTime, d.Earliest)
		}
		if at := DatesOf(ends, days, true, today, d.Earliest); !at.InTime || DatesOf(ends, days, true, today, d.Earliest.AddDate(0, 0, -1)).InTime {
			t.Fatalf("%v is not the first possible day: %+v", d.Earliest, at)
		}
		if d.Before != by.Before(ends) || d.LastNotice.After(ends) || d.NoticeDays < 0 {
			t.Fatalf("%+v", d)
		}
	})
}

// TestWhatIsNotKnownIsNotPossible: without a notice period no day is called possible.
func TestWhatIsNotKnownIsNotPossible(t *testing.T) {
	t.Parallel()
	by := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	if d := DatesOf(by, 0, false, by.AddDate(-5, 0, 0), by); d.InTime || !d.NoticeBy.IsZero() || !d.Earliest.IsZero() {
		t.Errorf("%+v", d)
	}
	if d := DatesOf(time.Time{}, 0, false, by, by); d != (ExitDates{}) {
		t.Errorf("%+v", d)
	}
}

// TestWordsOfAPreview: late notice and all that is missing warns; every mode, end and
// lack has words of its own.
func TestWordsOfAPreview(t *testing.T) {
	t.Parallel()
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }
	p := ExitPreview{Vendor: "acme", Name: "Acme", Case: "oversight/acme/1", Accounts: 1, Repositories: 2, ExitDates: DatesOf(day(12, 31), 30, true, day(6, 1), day(6, 15)),
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
