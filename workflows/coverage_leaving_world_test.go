package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// parting is something that goes wrong when a vendor is left, played with the exit that
// ships: people behave as the field says that they do. What got stuck the owner leaves as
// it is: who waives something does so by name, and the certificate says it.
type parting struct {
	// mode is how the vendor is left; empty: planned.
	mode exit.Mode
	tier engagement.Tier // nought: 2
	// without are what answers it. Each is taken out of the playbook in a play of its
	// own, in which it has to get through.
	without []removal
	// plays says what people do.
	plays func(*wholeExit)
	// stops are the questions that are open when the owner gives up, where it is stopped.
	stops []string
	// through reports whether it got through; nil: it did where a certificate was signed
	// in which nothing is waived.
	through func(*wholeExit, ExitResult) bool
	// repository: what comes back is one, and the plan is that of when the vendor came.
	repository bool
	// lasts is after how many days the owner gives up; nought: when a quick exit is over.
	lasts int
}

// coversLeaving plays what a row of the survey of the field fears of the end: with the
// exit that ships, which has to stop it, and without each of its answers, where it has to
// get through.
func coversLeaving(t *testing.T, row []int, f parting) {
	t.Helper()
	t.Parallel()
	if f.through == nil {
		f.through = certified
	}
	t.Run("as it ships", func(t *testing.T) {
		l, out, open := f.played(t)
		if f.through(l, out) {
			t.Errorf("what row %v fears got through, and it ended as %s:\n%s", row, out.Result, l.trace())
		}
		for _, step := range f.stops {
			if !slices.Contains(open, step) {
				t.Errorf("it was stopped by something else than %s: open were %v", step, open)
			}
		}
	})
	if sampled > 1 {
		return
	}
	for _, x := range f.without {
		t.Run("without "+x.name, func(t *testing.T) {
			l, out, open := f.played(t, x.take)
			if !f.through(l, out) {
				t.Errorf("row %v: what it fears is stopped without %s too, so the story does not show what stops it; it ended as %s, open were %v:\n%s",
					row, x.name, out.Result, open, l.trace())
			}
		})
	}
}

// certified reports whether the exit ended by a certificate in which nothing is waived.
func certified(l *wholeExit, out ExitResult) bool {
	return out.Result == ResultExited && out.Certificate != "" && !strings.Contains(l.textOf(out.Certificate), "WAIVED")
}

// quickly is after how many days everything is over where people are quick, the looks at
// access after a day and after a month among it.
const quickly = 55

// played is one play of it, and what was open when the owner gave up.
func (f parting) played(t *testing.T, change ...func(*playbook.Playbook)) (l *wholeExit, out ExitResult, open []string) {
	t.Helper()
	l = f.prepared(t, change...)
	if f.plays != nil {
		f.plays(l)
	}
	l.givesUp(f.lasts)
	l.on(time.Hour, l.tick)
	l.start(ExitType, exitID, l.exit)
	err := l.env.GetWorkflowError()
	if err == nil {
		err = l.env.GetWorkflowResult(&out)
	}
	if err != nil { // there is nobody who decides it, or who closes it
		out.Result = err.Error()
	}
	return l, out, l.stuck
}

// prepared is an exit in which people are quick, since only what they say matters. What is
// refused of it, and that nobody can go on, is for the story to say.
func (f parting) prepared(t *testing.T, change ...func(*playbook.Playbook)) *wholeExit {
	t.Helper()
	tier := f.tier
	if tier == 0 {
		tier = 2
	}
	order := exit.Order{Mode: exit.ModePlanned, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost}
	if f.mode != "" {
		order.Mode = f.mode
	}
	l := newWholeExitBy(t, tier, order, f.repository, []inventory.Finding{ofAcme(inventory.PlaceCollaborators, "member")}, change...)
	l.pace, l.anyOutcome, l.idle = 10, true, true
	if order.Mode == exit.ModeForCause {
		l.exit.Roster = l.text("roster", asText(inventory.Roster{Vendor: "acme", Identities: []inventory.Identity{{Login: "acme-people"}}}))
	}
	l.disturb = func(r review.Request, _ review.Seat, _ string) bool {
		return strings.HasPrefix(r.Step, playbook.ChoreSettle+"-") || strings.HasPrefix(r.Step, playbook.ChoreOpenMatters)
	}
	return l
}

// givesUp has the owner end the exit after some days, if it has not ended by itself.
func (l *wholeExit) givesUp(days int) {
	if days == 0 {
		days = quickly
	}
	l.on(time.Duration(days)*day+time.Minute, func() {
		if !l.view().Closed.IsZero() {
			return
		}
		l.stuck = l.asked()
		l.act(exitID, "owner-ola", review.Stop)
		l.act(exitID, "owner-ola", review.Withdraw)
	})
}

// line says of one line of a form that somebody fills in something else.
func line(id string, change func(*engagement.Finding)) func(string, *engagement.Finding) bool {
	return func(point string, f *engagement.Finding) bool {
		if point == id {
			change(f)
		}
		return true
	}
}
