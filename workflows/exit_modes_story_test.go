package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// ends says by which verdict some steps are answered.
func ends(verdicts map[string]review.Verdict) func(review.Request, string) review.Verdict {
	return func(r review.Request, _ string) review.Verdict { return verdicts[r.Step] }
}

// On a Friday evening two of the emergency list decide, none of whom asked for it: access
// is cut within the hour, and ratified on Monday. Before that nothing that the vendor can
// see has changed.
func TestForCauseOnAFridayEvening(t *testing.T) {
	x := newDeparture(t, exit.ModeForCause, exit.AfterEnds)
	x.in.Oversight = "oversight/acme/1"
	x.in.Requester = "security-sam" // who has a seat of the list, and must not use it
	friday := 4*day + 9*time.Hour
	began := time.Time{}
	x.does[exit.PartRevocation] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		began = workflow.Now(ctx)
		return x.revokes(ctx, in)
	}
	x.env.SetStartTime(monday.Add(friday))
	x.on(10*time.Minute, func() {
		if len(x.started)+len(x.signals)+len(x.told("acme.1")) > 0 {
			t.Errorf("before the decision %v were begun, %v told", x.begun(), x.signals)
		}
		x.answer("it-ida", "emergency", review.Approve)
	})
	x.on(20*time.Minute, func() {
		if len(x.started) > 0 {
			t.Errorf("one of two was enough for %v", x.begun())
		}
		x.refused(x.answer("security-sam", "emergency", review.Approve), review.OwnRequest)
	})
	x.on(40*time.Minute, func() { x.answer("legal-lee", "emergency", review.Approve) })
	x.on(50*time.Minute, func() {
		if len(x.started) != 1 || !x.started[0].SameDay || len(x.signals) > 0 {
			t.Errorf("after the decision %+v were begun, %v told", x.begun(), x.signals)
		}
		if r := x.open("ratify"); r.Closed != nil {
			t.Errorf("it is ratified before anybody could: %+v", r.Closed)
		}
	})
	x.daily(3*day, nil)
	out := x.leave()
	if out.Result != ResultExited || out.Certificate == "" {
		t.Errorf("got %+v", out)
	}
	if at := began.Sub(monday.Add(friday)); at < 40*time.Minute || at > 41*time.Minute {
		t.Errorf("access was cut %s after the start", at)
	}
	if told := x.told("it-ida"); len(told) == 0 || !strings.Contains(told[0], "asked emergency") {
		t.Errorf("it-ida was told %v", told)
	}
	if got := x.stages(); slices.Contains(got, "decide") || got[0] != "inside" {
		t.Errorf("legs are %v", got)
	}
}

// Notice waits for those who ratify: before they have said yes nobody is asked to give it.
// Where it would be too late a day later it is asked for all the same, and the record says
// so.
func TestNoticeWaitsForTheRatification(t *testing.T) {
	x := newDeparture(t, exit.ModeForCause, exit.AfterEnds)
	asked := func(step string) bool {
		return slices.ContainsFunc(x.view().Requests, func(r review.Request) bool { return r.Step == step })
	}
	x.on(time.Hour, func() {
		x.answer("it-ida", "emergency", review.Approve)
		x.answer("legal-lee", "emergency", review.Approve)
	})
	x.on(5*time.Hour, func() {
		if !asked("ratify") || asked("notice") {
			t.Errorf("ratification is asked for: %v, notice: %v", asked("ratify"), asked("notice"))
		}
		x.answer("finance-fay", "ratify", review.Approve)
	})
	x.on(6*time.Hour, func() {
		if !asked("notice") {
			t.Error("it is ratified, and nobody is asked to give notice")
		}
	})
	x.daily(2*day, nil)
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	if n := len(x.rec.of(dossier.NoticeDue)); n != 1 {
		t.Errorf("%d entries say when notice is due", n)
	}
}

func TestNoticeThatCanNotWait(t *testing.T) {
	x := newDeparture(t, exit.ModeForCause, exit.AfterEnds)
	x.in.Expiry.On, x.in.Expiry.NoticeDays = monday.AddDate(0, 0, 34), 30 // the last day is Friday
	open := func() bool {
		return slices.ContainsFunc(x.view().Requests, func(r review.Request) bool { return r.Step == "notice" })
	}
	x.on(time.Hour, func() {
		x.answer("it-ida", "emergency", review.Approve)
		x.answer("legal-lee", "emergency", review.Approve)
	})
	x.on(2*day, func() {
		if open() {
			t.Error("notice is asked for days before it has to be")
		}
	})
	x.on(4*day, func() {
		if !open() || x.open("ratify").Closed != nil {
			t.Error("notice waits for a ratification that nobody gives, and is too late")
		}
	})
	x.daily(5*day, nil)
	if out := x.leave(); out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	if said := x.rec.of(dossier.NoticeDue); len(said) != 2 || said[1].Detail.Result != noticePresses {
		t.Errorf("the record says %+v", said)
	}
}

// A refusal to ratify escalates to the sponsor, and the owner has the word: nothing is
// restored by it, and the exit is not certified before they said what becomes of it.
func TestARefusedRatificationRestoresNothing(t *testing.T) {
	x := newDeparture(t, exit.ModeForCause, exit.AfterEnds)
	x.on(time.Hour, func() {
		x.answer("it-ida", "emergency", review.Approve)
		x.answer("legal-lee", "emergency", review.Approve)
	})
	x.on(5*time.Hour, func() { x.answer("finance-fay", "ratify", review.Reject) })
	x.on(6*time.Hour, func() {
		if r := x.open("settle-ratify"); r.Closed != nil {
			t.Errorf("it is settled: %+v", r.Closed)
		}
		if !slices.ContainsFunc(x.told("sponsor-sue"), func(l string) bool { return strings.HasSuffix(l, "owner ratify") }) {
			t.Errorf("the sponsor was told %v", x.told("sponsor-sue"))
		}
	})
	x.on(50*day, func() {
		if slices.Contains(x.stages(), "certificate") {
			t.Errorf("it is certified without having been ratified: %v", x.stages())
		}
	})
	x.daily(2*day, func(r review.Request, _ string) review.Verdict {
		switch {
		case r.Step == "settle-ratify" && x.env.Now().Sub(monday) < 60*day:
			return "silent"
		case r.Step == "settle-ratify":
			return playbook.Waive
		}
		return ""
	})
	out := x.leave()
	if out.Result != ResultExited || len(x.rec.of(dossier.NotRatified)) != 1 {
		t.Errorf("got %+v", out)
	}
	if page := x.certificate(out.Certificate); !strings.Contains(page, "ratify (exit): by owner-ola until") {
		t.Errorf("the certificate does not say who waived it:\n%s", page)
	}
	if slices.Contains(x.heard, "revocation "+NewsSilent) || x.restored != nil {
		t.Errorf("something was restored: %v", x.heard)
	}
}

// A vendor that never answers is chased to the last rung, by silence alone; then the
// parts go on without it, what can't be seen is waived by name, and the certificate says so.
func TestStressedWithAVendorThatNeverAnswers(t *testing.T) {
	x := newDeparture(t, exit.ModeStressed, exit.AfterInHouse)
	x.in.Order.By = monday.AddDate(0, 0, 21)
	x.does[exit.PartHandover] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		alone := false
		for !alone {
			var n PartNews
			workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
			alone = n.Word == NewsAlone
		}
		x.heard = append(x.heard, "handover alone")
		return ExitPartResult{Result: ResultIncomplete, Matters: []exit.Matter{lineOf(in.Process, exit.PartHandover, exit.StateNotCheckable)}}, nil
	}
	x.daily(day, ends(map[string]review.Verdict{playbook.ChoreOpenMatters + "-handover": playbook.Waive}))
	out := x.leave()
	if out.Result != ResultExited {
		t.Errorf("got %+v", out)
	}
	rungs := 0
	for _, r := range x.view().Requests {
		if r.Step == "letter" || r.Step == "lawyer" {
			rungs++
		}
	}
	if given := x.rec.of(dossier.GivenUp); rungs != 2 || len(given) != 1 || given[0].Detail.Amount != 2 || !slices.Contains(x.heard, "handover alone") {
		t.Errorf("%d rungs were asked, given up %d times; parts heard %v", rungs, len(given), x.heard)
	}
	x.wantClosed("given-up", review.Met, "decided")
	page := x.certificate(out.Certificate)
	if !strings.Contains(page, "all (handover): by owner-ola until") || !strings.Contains(page, "it was not checkable") {
		t.Errorf("the certificate does not say what was waived:\n%s", page)
	}
}

// In a drill on paper nobody is asked and nobody outside is told: each step takes its
// deadline, and a report says how long that is against the notice period.
func TestDrillOnPaper(t *testing.T) {
	x := newDeparture(t, exit.ModeDrill, exit.AfterUndecided)
	x.in.Order.Rehearses = exit.ModeStressed
	x.in.Oversight = "oversight/acme/1"
	x.does[exit.PartTransfer] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		return x.lasts(ctx, exit.PartTransfer, in, 5*day, exit.StateFailed)
	}
	told := ""
	x.outside = func(_, _ string, arg any) error {
		if n, is := arg.(News); is {
			told = n.Process + " " + n.Result + " " + n.Document
		}
		return nil
	}
	out := x.leave()
	if out.Result != ResultDone || out.Certificate == "" || out.Aftercare != "" {
		t.Errorf("got %+v", out)
	}
	if v := x.view(); len(v.Requests) > 0 || !slices.Equal(x.signals, []string{"oversight/acme/1 " + SignalNews}) || len(x.rec.notices) > 0 {
		t.Errorf("%d were asked, %v told, %d notices", len(v.Requests), x.signals, len(x.rec.notices))
	}
	if want := x.in.Process + " " + ResultDone + " " + out.Certificate; told != want {
		t.Errorf("the oversight was told %q, want %q", told, want)
	}
	page := x.certificate(out.Certificate)
	for _, want := range []string{"REPORT OF THE DRILL", "(stressed)", "longer than the notice period of 30 days", "all (transfer): failed", "cut-over:", "close:"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %q:\n%s", want, page)
		}
	}
	if len(x.rec.of(dossier.NoReturn)) > 0 || len(x.rec.of(dossier.Rehearsed)) < 8 {
		t.Errorf("%d steps were rehearsed", len(x.rec.of(dossier.Rehearsed)))
	}
}
