package slack

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func office(zone string) calendar.Schedule {
	week := calendar.Week{}
	for d := time.Monday; d <= time.Friday; d++ {
		week[d] = []calendar.Hours{{Start: 540, End: 1020}}
	}
	return calendar.Schedule{Zone: zone, Week: week}
}

// theBook asks four steps, one of them of the first tier alone.
func theBook() playbook.Playbook {
	days := func(n int) calendar.Span { return calendar.Span{Days: n} }
	dates := playbook.Deadlines{Due: days(5), Remind: []calendar.Span{days(2), days(4)}, Backup: days(3), Manager: days(6), Owner: days(7)}
	step := func(id, stage string, p playbook.Process, tiers ...int) playbook.Step {
		s := playbook.Step{ID: id, Stage: stage, Process: p, Deadlines: dates}
		for _, t := range tiers {
			s.Tiers = append(s.Tiers, tierOf(t))
		}
		return s
	}
	return playbook.Playbook{Name: "standard", Hours: office("Europe/London"), Stages: []string{"need", playbook.ContractStage, "live"},
		Steps:  []playbook.Step{step("need", "need", playbook.Onboarding), step("audit", "need", playbook.Onboarding, 1), step("dpa", "live", playbook.Onboarding), step("review", "", playbook.Contract)},
		Chores: playbook.Deadlines{Due: days(2), Owner: days(3)}, Attestations: []playbook.Attestation{{ID: "read", Text: "I have read it."}}}
}

// reads gives the case of a world a playbook and an intake.
func (w *world) reads() {
	w.desk.books = map[string]playbook.Playbook{"sha256:book": theBook()}
	w.rows.papers["sha256:intake"] = `{"reason":"SECRET","data":["personal-data"],"systems":["hr-core"]}`
	v := w.rows.cases[theCase]
	v.Tier = 2
	v.Documents = []dossier.DocumentView{{Name: "playbook", Document: "sha256:book"}, {Name: "intake", Document: "sha256:intake"}}
	w.rows.cases[theCase] = v
}

// What a card tells of the clock is what the process's own rule says, in the
// hours of whom it is for; step, tier and what is touched are those of the case.
func TestACardSaysWhatThePlaybookAndTheIntakeKnow(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.reads()
	tokyo := w.rows.persons["ana"]
	tokyo.Hours = office("Asia/Tokyo")
	w.rows.persons["ana"] = tokyo
	r := w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	sent := string(w.cards("ana")[0].Blocks)
	snap, ok := w.app.calendar(r.Opened, office("Europe/London"), office("Asia/Tokyo"))
	if !ok {
		t.Fatal("there is no calendar")
	}
	later := func(sch calendar.Schedule, days int) string {
		return "^" + stampOf(snap.After(sch, r.Opened, calendar.Span{Days: days}))
	}
	london := theBook().Hours
	for _, want := range []string{"(step 3 of 3)", "data: personal data", "systems: hr core", "tier 2", "you are reminded: <!date" + later(tokyo.Hours, 2), "your backup is asked too: <!date" + later(london, 3),
		"your manager is told: <!date" + later(london, 6), "Olga, who owns the case, is told: <!date" + later(london, 7)} {
		if !strings.Contains(unescape(sent), want) {
			t.Errorf("it does not say %q:\n%s", want, unescape(sent))
		}
	}
	if strings.Contains(sent, "SECRET") {
		t.Error("it says why the vendor is wanted")
	}
}

// One reading of a playbook serves all cards, of all turns.
func TestAPlaybookIsReadOnce(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana", "bo", "cy")
	w.reads()
	w.request("q1", "ana", "bo", "cy")
	for _, id := range []string{"ana", "bo", "cy"} {
		w.show("n-"+id, playbook.WhyAsked, id, "q1")
	}
	w.settle(time.Minute)
	w.answers("q1", "bo")
	w.follow("q1")
	w.settle(time.Minute)
	if w.desk.read != 1 {
		t.Errorf("the playbook was read %d times", w.desk.read)
	}
	delete(w.rows.papers, "sha256:intake") // what was read of it is known
	w.isTrue("q1", "ana", "bo", "cy")
}

func TestWhatCannotBeReadIsNotTold(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	r := *w.request("q1", "ana")
	card := func() string {
		s, err := w.app.sceneOf(t.Context(), r, w.rows.persons["ana"], "")
		if err != nil {
			t.Fatal(err)
		}
		return string(s.card().wire(1))
	}
	stands := "You are reminded, then your backup is asked too"
	if got := card(); !strings.Contains(got, stands) || strings.Contains(got, "step ") || strings.Contains(got, "*Risk*") {
		t.Errorf("without documents: %s", got)
	}
	w.reads()
	w.desk.books = nil // for a moment it is away
	delete(w.rows.papers, "sha256:intake")
	if got := card(); !strings.Contains(got, stands) || strings.Contains(got, "data: ") || !strings.Contains(got, "tier 2") {
		t.Errorf("with documents that are away: %s", got)
	}
	w.reads()
	if got := card(); strings.Contains(got, stands) || !strings.Contains(got, "step 3 of 3") {
		t.Errorf("they are back: %s", got)
	}
	v := w.rows.cases[theCase]
	v.Corrections = []dossier.Correction{{Field: playbook.FieldData, Values: []string{"health"}}, {Field: playbook.FieldSystems}}
	w.rows.cases[theCase] = v
	if got := card(); !strings.Contains(got, "data: health") || strings.Contains(got, "systems") {
		t.Errorf("corrected: %s", got)
	}
}

func TestPlaceOfAStep(t *testing.T) {
	t.Parallel()
	pb := theBook()
	for _, tc := range []struct {
		process, step string
		tier          int
		place, of     int
	}{
		{"onboarding/acme/1", "need", 1, 1, 4}, {"onboarding/acme/1", "audit", 1, 2, 4}, {"contract/acme/1", "review", 1, 3, 4}, {"onboarding/acme/1", "dpa", 1, 4, 4},
		{"onboarding/acme/1", "dpa", 3, 3, 3}, {"onboarding/acme/1", "audit", 3, 0, 0}, {"onboarding/acme/1", "need", 0, 0, 0}, {"onboarding/acme/1", "review", 1, 0, 0}, {"contract/acme/1", "settle-review", 1, 0, 0},
	} {
		place, of := placeOf(&pb, &review.Request{Process: tc.process, Step: tc.step}, tierOf(tc.tier))
		if place != tc.place || of != tc.of {
			t.Errorf("%s of %s in tier %d is %d of %d", tc.step, tc.process, tc.tier, place, of)
		}
	}
	for step, want := range map[string]calendar.Span{"dpa": {Days: 5}, "settle-dpa": {Days: 2}, "ask": {Days: 2}, "text": {Days: 2}, "review": {}, "elsewhere": {}} {
		if d, _ := deadlinesOf(&pb, &review.Request{Process: "onboarding/acme/1", Step: step}); d.Due != want {
			t.Errorf("%s is due after %v", step, d.Due)
		}
	}
}

// A date that passes changes a card by itself, once, and nothing is looked at in
// between.
func TestACardChangesWhenItsTimeComes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(w *world, r *review.Request)
		after  time.Duration
		before string
		then   string
	}{
		"overdue":           {func(*world, *review.Request) {}, 5 * 24 * time.Hour, "Waiting for you", "Overdue, and still waiting for you"},
		"a delegation ends": {delegates(26 * time.Hour), 26 * time.Hour, "Delegated to Bo", "Waiting for you"},
		"a snooze ends":     {func(w *world, r *review.Request) { r.Seatings[0].Holders[0].Snoozed = w.clock.now().Add(3 * time.Hour) }, 3 * time.Hour, "No reminders before", "Waiting for you"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTestWorld(t, "ana", "bo")
			r := w.request("q1", "ana")
			w.change("q1", func(r *review.Request) { tc.change(w, r) })
			w.show("n1", playbook.WhyAsked, "ana", "q1")
			w.settle(time.Minute)
			if got := string(w.cards("ana")[0].Blocks); !strings.Contains(got, tc.before) {
				t.Fatalf("it begins as %s", got)
			}
			if p := w.posting(outbox.CardID("ana", "q1")); !p.Next.Equal(r.Opened.Add(tc.after + settled)) {
				t.Errorf("it is looked at again at %s", p.Next)
			}
			w.settle(tc.after + time.Hour)
			if got := string(w.cards("ana")[0].Blocks); !strings.Contains(got, tc.then) || tc.before != "Waiting for you" && strings.Contains(got, tc.before) {
				t.Errorf("it ends as %s", got)
			}
			if n := len(w.slack.Calls(UpdateMessage)); n != 1 {
				t.Errorf("%d updates", n)
			}
			w.isTrue("q1", "ana")
		})
	}
}

func delegates(until time.Duration) func(*world, *review.Request) {
	return func(w *world, r *review.Request) {
		now := w.clock.now()
		r.Seatings[0].Holders = append(r.Seatings[0].Holders, review.Holder{Person: "bo", Via: review.ViaDelegate, From: "ana", Since: now, Until: now.Add(until)})
	}
}

// What somebody waits for is done when it is shown, though it changes again one
// day.
func TestWhoWaitsIsServedOnce(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana", "bo")
	w.request("q1", "ana", "bo")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	if err := w.app.Hurry(t.Context(), outbox.Want{ID: outbox.CardID("ana", "q1")}, w.answers("q1", "bo")); err != nil {
		t.Fatal(err)
	}
	w.settle(time.Minute)
	if w.app.attended() {
		t.Error("somebody waits still")
	}
}

// A rehearsal's clock runs ahead: what it brings is looked at when it comes there.
func TestARehearsalsCardFollowsItsOwnClock(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.o.CasesChannel = "C0CASES"
	w.restart()
	v := w.rows.cases[theCase]
	v.Rehearsal, v.Anchor = true, calendar.Anchor{Real: w.clock.now(), Case: w.clock.now().AddDate(0, 0, 5).Add(-time.Hour)}
	w.rows.cases[theCase] = v
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.follow("q1")
	w.settle(time.Minute)
	for _, id := range []string{outbox.CardID("ana", "q1"), outbox.BoardID(theCase)} {
		if p := w.posting(id); !p.Next.Equal(v.Anchor.Real.Add(time.Hour + settled)) {
			t.Errorf("%s is looked at again at %s", id, p.Next)
		}
	}
	w.settle(2 * time.Hour)
	if got := w.cards("ana")[0].Text; !strings.HasPrefix(got, "Rehearsal: Overdue") {
		t.Errorf("it says %s", got)
	}
	board := w.slack.Messages("C0CASES")[0]
	if !strings.HasPrefix(board.Text, "Rehearsal: Overdue") {
		t.Errorf("the board says %s", board.Text)
	}
	w.isTrue("q1", "ana")
}

func tierOf(n int) engagement.Tier { return engagement.Tier(n) }

// stampOf is an instant as Slack's dates have it.
func stampOf(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

// unescape is JSON as people read it.
func unescape(sent string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(sent)
}
