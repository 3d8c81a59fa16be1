package workflows

import (
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"pgregory.net/rapid"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// The vendor fails, and there are twenty days where the plan wants seventy: who decides
// what is given up reads it by name before they do, steps and parts have as much less time
// as there is, and the certificate says it, and what came all the same.
func TestAStressedExitSaysWhatIsGivenUp(t *testing.T) {
	x := newDeparture(t, exit.ModeStressed, exit.AfterInHouse)
	x.in.Order.By = monday.AddDate(0, 0, 20)
	for i := range x.in.Steps {
		x.in.Steps[i].Deadlines = playbook.Deadlines{Due: span(t, "10 working days"), Remind: []calendar.Span{span(t, "5 working days"), span(t, "9 working days")}, Owner: span(t, "11 working days")}
	}
	for _, does := range []playbook.Purpose{exit.DoesShown, exit.DoesReceived, exit.DoesSession} {
		s := stepOf(t, string(does), "", seat("service"))
		s.Process, s.Does, s.Deadlines.Due = exit.PartTransfer, does, span(t, "10 working days")
		if does == exit.DoesSession {
			s.Modes = []exit.Mode{exit.ModePlanned}
		}
		x.in.Steps = append(x.in.Steps, s)
	}
	var due time.Time
	var given playbook.Step
	x.does[exit.PartTransfer] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		due, given = in.Due, in.Steps[0]
		line := lineOf(in.Process, exit.PartTransfer, exit.StateDone)
		line.ID, line.Name = in.Process+":area-1", "area-1"
		return ExitPartResult{Result: ResultDone, Matters: []exit.Matter{line}}, nil
	}
	asked := ""
	x.daily(day, func(r review.Request, _ string) review.Verdict {
		if r.Step == "given-up" && len(r.Versions) == 1 {
			asked = r.Versions[0].Document
		}
		return ""
	})
	out := x.leave()
	page := x.certificate(asked)
	for _, want := range []string{"to be off by 22 March 2026", "step session (transfer): left out, because exits of this kind do not ask it", "step cut-over (exit): shortened", "it wants 14 days",
		"asset asset-1, northgate/payroll (handover): not there by then, because no step of this exit has it pass over", "BY WHEN EACH STEP HAS TO BE DONE", "the contract binds until"} {
		if !strings.Contains(page, want) {
			t.Errorf("what is decided on lacks %q:\n%s", want, page)
		}
	}
	if len(x.rec.of(dossier.Compressed)) != 1 || out.Result != ResultExited {
		t.Errorf("the plan was made shorter %d times, and the exit %s", len(x.rec.of(dossier.Compressed)), out.Result)
	}
	if !due.Before(x.in.Order.By) || length(given.Deadlines.Due) >= 80 || given.Deadlines.Due.IsZero() {
		t.Errorf("the transfer is due on %s and its first step in %s", due, given.Deadlines.Due)
	}
	closed := x.certificate(out.Certificate)
	for _, want := range []string{"GIVEN UP TO BE OFF BY THAT DAY", "session (transfer): left out", "in the words of the plan: " + asked} {
		if !strings.Contains(closed, want) {
			t.Errorf("the certificate lacks %q:\n%s", want, closed)
		}
	}
	for _, r := range x.view().Requests {
		if r.Step == "cut-over" && !r.Opened.IsZero() && !strings.Contains(closed, "cut-over: done by") {
			t.Errorf("the cut-over is not certified:\n%s", closed)
		}
	}
}

// Deadlines that are shortened keep their kind and their order, are never longer than they
// were and never nothing; no reminder comes with the end or after it.
func TestShortenedDeadlines(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		calendarDays := rapid.Bool().Draw(t, "calendar")
		draw := func(name string, from int) calendar.Span {
			return calendar.Span{Days: rapid.IntRange(from, 30).Draw(t, name), Hours: rapid.IntRange(0, 7).Draw(t, name+"h"), Calendar: calendarDays}
		}
		d := playbook.Deadlines{Due: draw("due", 1), Owner: draw("owner", 0)}
		for range rapid.IntRange(0, 4).Draw(t, "reminders") {
			d.Remind = append(d.Remind, draw("remind", 0))
		}
		wanted := rapid.IntRange(1, 60).Draw(t, "wanted")
		days := rapid.IntRange(0, wanted-1).Draw(t, "days")
		got := sooner(d, days, wanted)
		if length(got.Due) > length(d.Due) || length(got.Due) <= 0 || got.Due.Calendar != calendarDays || got.Owner.IsZero() != d.Owner.IsZero() {
			t.Fatalf("%+v became %+v", d, got)
		}
		if length(d.Owner) >= length(d.Due) && length(got.Owner) < length(got.Due) {
			t.Fatalf("the owner of %+v is called before the time is over: %+v", d, got)
		}
		last := 0
		for _, r := range got.Remind {
			if length(r) <= last || length(r) >= length(got.Due) {
				t.Fatalf("%+v is reminded as %+v", d, got)
			}
			last = length(r)
		}
	})
}
