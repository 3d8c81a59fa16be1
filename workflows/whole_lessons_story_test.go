package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// leftWith is an exit by the exit that ships, whose lessons somebody writes down so; it is
// what the record knows of it then.
func leftWith(t *testing.T, closer string, lessons ...string) dossier.CaseView {
	t.Helper()
	l := newWholeExit(t, exit.Order{Mode: exit.ModePlanned, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost})
	var words []string
	for _, id := range lessons {
		words = append(words, exit.LessonWords(id))
	}
	if len(words) > 0 { // else it is left empty
		l.named = map[string]string{exit.PointTaught: "lessons"}
	}
	l.fills("exit-lessons", func(id string, f *engagement.Finding) bool {
		switch id {
		case exit.PointTaught:
			f.Choices = words
		case exit.PointCloser:
			f.Choices = []string{closer}
		}
		return true
	})
	l.expect("exit-survival").with(func(a *review.Answer) {
		a.Findings[0].Places = append(slices.Clone(a.Findings[0].Places), "99.1")
		last := &a.Findings[len(a.Findings)-1]
		last.Places, last.Missing = nil, true
	})
	stood := false
	l.when("exit-lessons-accept", func() { v := l.view(); stood = len(dossier.LessonsOf(&v)) > 0 })
	out := l.leaves()
	if out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	l.wantSettled(out)
	if stood {
		t.Error("lessons stand that nobody has accepted")
	}
	return l.view()
}

// wantSettled asserts that the certificate says what both sides still owed each other, and
// of each clause that outlives the contract where it stands, or that it is not there.
func (l *wholeExit) wantSettled(out ExitResult) {
	l.t.Helper()
	page := l.textOf(out.Certificate)
	for _, want := range []string{"The last invoice: 12", "What was paid ahead and comes back: 12", "Deposits and guarantees that come back: 12",
		"Credits for what was not delivered: 12", "Penalties: 12", "Do both sides agree: yes", "exit-survival: done"} {
		if !strings.Contains(page, want) {
			l.t.Errorf("the certificate does not say %q:\n%s", want, page)
		}
	}
	survival := l.open("exit-survival")
	b := survival.Standing(survival.Seatings[0].Seat)
	if b == nil || len(b.Findings) != len(survival.Points) || len(b.Findings) < 7 {
		l.t.Fatalf("what outlives the contract is %+v", b)
	}
	want := "WHAT OUTLIVES THE CONTRACT " + l.exit.Contract + "\n"
	for i, p := range survival.Points {
		if f := b.Findings[i]; f.Missing {
			want += "  Looked for, and not in it: " + p.Title + ".\n"
		} else {
			want += "  " + p.Title + ": " + strings.Join(f.Places, ", ") + "\n"
		}
	}
	if !strings.Contains(page, want) || !strings.Contains(want, ", 99.1") || !strings.Contains(want, "not in it") {
		l.t.Errorf("the certificate does not say\n%s\n%s", want, page)
	}
}

// wanted is the first week of an onboarding of a vendor of tier 3 by the playbook that
// ships, filed with what exits taught, and withdrawn then.
func wanted(t *testing.T, taught ...exit.Taught) dossier.CaseView {
	t.Helper()
	w := newWhole(t, 3)
	w.in.Facts.Lessons = playbook.Intake{Taught: taught}.Facts().Lessons
	w.on(time.Hour, w.tick)
	w.on(7*day, func() { w.act(w.root, "owner-ola", review.Withdraw) })
	if out := w.play(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v", out)
	}
	return w.view()
}

// TestWhatOneExitTaughtTheNextVendorMeets: acme is left, and there was an incident. Whoever
// is asked for the same service next is of tier 1 and has to stand beside others; who does
// something else is of tier 3 as before.
func TestWhatOneExitTaughtTheNextVendorMeets(t *testing.T) {
	v := leftWith(t, exit.Closer()[1], exit.LessonIncident, exit.LessonLate)
	lessons := dossier.LessonsOf(&v)
	if want := []string{exit.LessonLate, exit.LessonIncident, exit.LessonCloser}; !slices.Equal(lessons, want) {
		t.Fatalf("%v stand, want %v", lessons, want)
	}
	asked := func(v dossier.CaseView, step string) bool {
		return slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Step == step })
	}
	for name, c := range map[string]struct {
		taught    []exit.Taught
		tier      engagement.Tier
		asks, not string
	}{
		"the same service": {[]exit.Taught{{Exit: v.ID, Vendor: v.Vendor, Lessons: lessons}}, 1, "need", "need-brief"},
		"another service":  {nil, 3, "need-brief", "need"},
	} {
		t.Run(name, func(t *testing.T) {
			next := wanted(t, c.taught...)
			if next.Tier != c.tier || !asked(next, c.asks) || asked(next, c.not) {
				t.Errorf("it is of %s", next.Tier)
			}
		})
	}
}

// TestAnExitWithoutLessonsTeachesNothing: where all went well, nothing is chosen and the
// next one may be looked at as closely as this one.
func TestAnExitWithoutLessonsTeachesNothing(t *testing.T) {
	v := leftWith(t, exit.Closer()[0])
	if lessons := dossier.LessonsOf(&v); len(lessons) > 0 {
		t.Errorf("%v stand", lessons)
	}
}
