package workflows

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// handsCopies is an exit of a vendor whose oversight hands over copies: on day 12, or late,
// when data are asked for already.
func handsCopies(t *testing.T, late bool, copies ...int) *departure {
	t.Helper()
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	hands := x.overseenWith(copies...)
	if !late {
		x.on(12*day, hands)
	}
	x.daily(day, func(review.Request, string) review.Verdict {
		if late && slices.Contains(x.begun(), "data-return/acme/1") {
			late = false
			hands()
		}
		return ""
	})
	return x
}

// overseenWith has the vendor overseen until now; hands is when the oversight hands over
// the copies that it watches.
func (x *departure) overseenWith(copies ...int) (hands func()) {
	x.t.Helper()
	x.in.Oversight = "oversight/acme/1"
	if _, err := x.rec.NumberFor(x.t.Context(), OversightPrefix("acme"), "the first"); err != nil {
		x.t.Fatal(err)
	}
	was := OversightInput{Common: x.in.Common, Predecessor: "onboarding/acme/1"}
	was.Process, was.Case = "oversight/acme/1", "oversight/acme/1"
	for i, days := range copies {
		e := x.shownPassport(days)
		e.ID += string(rune('a' + i))
		was.Expiries = append(was.Expiries, e)
	}
	return func() { x.env.SignalWorkflow(SignalHanded, handedOver{Oversight: was}) }
}

// From the day on which the oversight ends nobody else erases what it watched: a copy whose
// days are over while the exit goes on is erased on its day, also while it is on hold, and
// after a refusal a day later.
func TestCopiesWhoseDaysEndDuringAnExit(t *testing.T) {
	x := handsCopies(t, false, 15)
	x.on(14*day, func() { x.act(exitID, "owner-ola", review.Hold) })
	x.on(15*day-time.Hour, func() {
		x.wantErased()
		x.rec.mu.Lock()
		x.rec.keeps = 1
		x.rec.mu.Unlock()
	})
	x.on(16*day-2*time.Hour, func() { x.wantErased() })
	x.on(17*day, func() {
		x.wantErased("sha256:passport")
		x.act(exitID, "owner-ola", review.Resume)
	})
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	if in := x.given(exit.PartDataReturn); len(in.Copies) > 0 {
		t.Errorf("what is erased was handed on: %+v", in.Copies)
	}
}

// What has days left goes with the vendor: the return of data gets it, once, and says what
// became of it.
func TestCopiesAreHandedToTheReturnOfData(t *testing.T) {
	x := handsCopies(t, false, 400)
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	in := x.given(exit.PartDataReturn)
	if len(in.Copies) != 1 || in.Copies[0].Kind != engagement.ExpiryCopy || in.CopiesOf != "onboarding/acme/1" {
		t.Errorf("handed on were %+v of %q", in.Copies, in.CopiesOf)
	}
	x.wantErased() // the part is a stand-in
}

// An oversight that answers when everything is under way: what it hands over is erased at
// the end, by whoever is left.
func TestCopiesThatComeLate(t *testing.T) {
	x := handsCopies(t, true, 400)
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	x.wantErased("sha256:passport")
}

// A vendor who stays is overseen again, with the copies that are here.
func TestCopiesOfAVendorWhoStays(t *testing.T) {
	x := handsCopies(t, false, 13, 400)
	x.on(14*day, func() { x.act(exitID, "owner-ola", review.Withdraw) })
	if out := x.leave(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v", out)
	}
	x.wantErased("sha256:passport")
	if r := x.restored; r == nil || len(r.Expiries) != 1 || r.Expiries[0].On.Before(monday.AddDate(0, 0, 300)) {
		t.Errorf("overseen again with %+v", r)
	}
}

// A return of data that breaks off, or comes to no end, gives them back: the one that takes
// its place gets them.
func TestCopiesComeBackFromAReturnOfData(t *testing.T) {
	for name, gives := range map[string]func(in ExitPartInput) (ExitPartResult, error){
		"it broke off": func(ExitPartInput) (ExitPartResult, error) { return ExitPartResult{}, fmt.Errorf("it broke off") },
		"it came to no end": func(in ExitPartInput) (ExitPartResult, error) {
			return ExitPartResult{Result: ResultWithdrawn, Copies: in.Copies}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := handsCopies(t, false, 400)
			x.does[exit.PartDataReturn] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
				out, err := x.lasts(ctx, exit.PartDataReturn, in, day, exit.StateDone)
				if in.Process == "data-return/acme/1" {
					return gives(in)
				}
				return out, err
			}
			if out := x.leave(); out.Result != ResultExited {
				t.Errorf("got %+v", out)
			}
			in := x.given(exit.PartDataReturn)
			if in.Process != "data-return/acme/2" || len(in.Copies) != 1 || in.Copies[0].Document != "sha256:passport" || in.CopiesOf != "onboarding/acme/1" {
				t.Errorf("%s was handed %+v of %q", in.Process, in.Copies, in.CopiesOf)
			}
			x.wantErased()
		})
	}
}
