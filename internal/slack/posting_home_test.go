package slack

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// page is what somebody's page shows now.
func (w *world) page(who string) string {
	view, found := w.slack.Home(userID(who))
	if !found {
		w.t.Errorf("%s has no page", who)
	}
	return unescape(string(view.Blocks))
}

func bindingOf(who string) access.Binding {
	return access.Binding{Channel: Channel, Address: theTeam + ":" + userID(who), Person: who, How: access.ByLink}
}

// What somebody decided last is on their page whosever the case is, the newest
// first, and nothing of where they declared a conflict since.
func TestRecentlyDecidedIsOfAnyCase(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana", "bo")
	other := "onboarding/other/1"
	w.rows.cases[other] = dossier.CaseView{ID: other, Vendor: "other", Owner: "olga", Requester: "rita", State: dossier.Running}
	for i, id := range []string{"q1", "q2", "q3", "q4"} {
		w.request(id, "ana", "bo")
		w.change(id, func(r *review.Request) { r.Title, r.Case = "Question "+itoa(i+1), other })
		w.clock.forward(time.Minute)
		if id != "q4" {
			w.answers(id, "ana")
		}
	}
	w.change("q2", func(r *review.Request) { r.Recused = []string{"ana"} })
	if err := w.app.OpenHome(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	w.rows.bindings = append(w.rows.bindings, bindingOf("ana"))
	w.settle(time.Minute)
	_, recent, found := strings.Cut(w.page("ana"), "Recently decided by you")
	if !found || !strings.Contains(recent, "Question 3") || strings.Index(recent, "Question 3") > strings.Index(recent, "Question 1") {
		t.Errorf("her page ends with %s", recent)
	}
	if strings.Contains(recent, "Question 2") || strings.Contains(recent, "Question 4") {
		t.Errorf("it has what is not hers: %s", recent)
	}
}

// A page changes when its time comes: an absence begins and ends, a due date
// passes.
func TestAPageChangesWhenItsTimeComes(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.rows.bindings = append(w.rows.bindings, bindingOf("ana"))
	r := w.request("q1", "ana")
	ana, begin := w.rows.persons["ana"], w.clock.now()
	ana.Away = []playbook.Away{{From: begin.Add(6 * time.Hour), Until: begin.Add(30 * time.Hour)}}
	w.rows.persons["ana"] = ana
	if err := w.app.OpenHome(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		until     time.Time
		has, lost string
	}{{begin.Add(time.Minute), "🌴 Away from", "Away now"}, {begin.Add(7 * time.Hour), "Away now", "You are here"}, {begin.Add(31 * time.Hour), "You are here", "Away now"},
		{r.Clocks[0].Due.Add(time.Minute), "Overdue", ""}} {
		w.settle(step.until.Sub(w.clock.now()))
		w.clock.to(step.until)
		if got := w.page("ana"); !strings.Contains(got, step.has) || step.lost != "" && strings.Contains(got, step.lost) {
			t.Errorf("at %s it shows %s", step.until, got)
		}
	}
	if p := w.posting(outbox.HomeID("ana")); !p.Next.IsZero() {
		t.Errorf("it is looked at again at %s for nothing", p.Next)
	}
	if n := len(w.slack.Calls(PublishView)); n > 5 {
		t.Errorf("it was published %d times", n)
	}
}

// The next working day is theirs: hours that begin later, a week of other days,
// holidays; nothing where nobody knows.
func TestTheNextWorkingDayIsTheirs(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	w.o.Holidays = []calendar.HolidaySet{{Name: "england", Days: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: 11, Day: 30}, Name: "a day off"}}}}
	w.restart()
	friday := time.Date(2026, 11, 27, 15, 0, 0, 0, time.UTC)
	sundays := calendar.Schedule{Zone: "Asia/Riyadh", Week: calendar.Week{time.Sunday: {{Start: 480, End: 960}}}}
	off := office("Europe/London")
	off.Holidays = "england"
	unknown := office("Europe/London")
	unknown.Holidays = "elsewhere"
	for name, tc := range map[string]struct {
		hours calendar.Schedule
		want  time.Time
	}{
		"Monday":                 {office("Europe/London"), time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)},
		"a holiday":              {off, time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)},
		"a set that isn't known": {unknown, time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)},
		"another week":           {sundays, time.Date(2026, 11, 29, 5, 0, 0, 0, time.UTC)},
		"unknown":                {calendar.Schedule{Zone: "Europe/London"}, time.Time{}},
	} {
		if got := w.app.nextDay(playbook.Person{ID: "x", Hours: tc.hours}, friday); !got.Equal(tc.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
