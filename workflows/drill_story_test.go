package workflows

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/review"
)

// TestADrillOnPaperOfTheWholeExit: the exit that ships is rehearsed with all its parts.
// Nobody is asked or told anything, no other process hears of it, all that it does waits
// for the worker of drills, and its report says how long each step of every part may take
// and what the plan leaves open.
func TestADrillOnPaperOfTheWholeExit(t *testing.T) {
	for _, plays := range []exit.Mode{exit.ModePlanned, exit.ModeStressed, exit.ModeForCause} {
		t.Run(string(plays), func(t *testing.T) {
			l := newWholeDrill(t, exit.Order{Mode: exit.ModeDrill, Rehearses: plays, After: exit.AfterUndecided, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost})
			var out ExitResult
			l.run(ExitType, exitID, l.exit, &out)
			if out.Result != ResultDone || out.Certificate == "" || out.Aftercare != "" {
				t.Fatalf("got %+v", out)
			}
			l.wantNobodyAsked()
			if l.report != out.Certificate {
				t.Errorf("the oversight has the report %q", l.report)
			}
			page := l.textOf(out.Certificate)
			for _, want := range []string{"REPORT OF THE DRILL", "(" + string(plays) + ")", "assets-hand-over", "access-systems", "data-deleted", "transfer-shown", "asset-2, northgate.example (handover): nobody is named who takes it over", "area-2, how tax files are read (transfer): nobody is named who takes it over",
				"chase-letter: ", "chase-formal: ", "chase-sponsor: ", "chase-outside: ", "it would be done without them"} {
				if !strings.Contains(page, want) {
					t.Errorf("the report lacks %q:\n%s", want, page)
				}
			}
			if strings.Contains(page, "held by nobody") {
				t.Errorf("each seat is held, and the report says otherwise:\n%s", page)
			}
			v := l.view()
			if days := v.Closed.Sub(v.Opened); days < 30*day {
				t.Errorf("nobody would have looked again: it took %s", days)
			}
			if len(l.rec.of(dossier.NoReturn)) > 0 {
				t.Error("a drill has no point of no return")
			}
		})
	}
}

// TestAStepOfAPartFailsInADrill: whoever should restore the repository says that it can't
// be done. It stands in the report as a gap and by its step, and so does what nobody did.
func TestAStepOfAPartFailsInADrill(t *testing.T) {
	l := newWholeDrill(t, exit.Order{Mode: exit.ModeDrill, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost, WithPeople: true})
	var look func()
	look = func() {
		v := l.view()
		if !v.Closed.IsZero() || l.env.Now().Sub(monday) > 300*day {
			return
		}
		for _, r := range v.Requests {
			if held := r.Seating(r.Policy.Groups[0].Seats[0].ID).Holders; r.Closed == nil && r.Step == "drill-assets-restore" && len(held) > 0 {
				l.answer(held[0].Person, r.Step, review.Reject)
			}
		}
		l.env.RegisterDelayedCallback(look, 40*time.Minute)
	}
	l.on(10*time.Minute, look)
	var out ExitResult
	l.run(ExitType, exitID, l.exit, &out)
	page := l.textOf(out.Certificate)
	for _, want := range []string{"assets-restore (handover): it was tried, and failed", "; tried by ", ", and failed\n", "access-systems (revocation): nobody did it within its hour", "; nobody had done it within the hour"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %q:\n%s", want, page)
		}
	}
}

// TestADrillSaysWhatThePlanDoesNotKnow of the vendor's access: what it does not name, what
// is on nobody's list, and what can't be looked at.
func TestADrillSaysWhatThePlanDoesNotKnow(t *testing.T) {
	l := newWholeDrill(t, exit.Order{Mode: exit.ModeDrill, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost})
	l.estate.has = append(l.estate.has, inventory.Finding{Place: inventory.PlaceDeployKeys, Repository: "portal", Title: "a key", Unsure: true})
	l.estate.dim[inventory.PlaceHooks] = entitlement.DoubtPermission
	var out ExitResult
	l.run(ExitType, exitID, l.exit, &out)
	page := l.textOf(out.Certificate)
	for _, want := range []string{"accounts (revocation): 2 accesses were found that the exit plan does not name", "held-back (revocation): 1 access was found of which nobody says whose it is", string(inventory.PlaceHooks) + " (revocation): not checkable: "} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %q:\n%s", want, page)
		}
	}
}

// TestADrillSaysWhichSeatsNobodyHolds: nobody is of the service any more, and nobody knows of
// security. Each step that asks them stands in the report, of the exit and of its parts, with
// how many of its seats would wait.
func TestADrillSaysWhichSeatsNobodyHolds(t *testing.T) {
	l := newWholeDrill(t, exit.Order{Mode: exit.ModeDrill, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost})
	l.rec.mu.Lock()
	for i := range l.rec.people {
		l.rec.people[i].Roles = slices.DeleteFunc(slices.Clone(l.rec.people[i].Roles), func(role string) bool { return role == "service-owner" || role == "security" })
	}
	l.rec.mu.Unlock()
	var out ExitResult
	l.run(ExitType, exitID, l.exit, &out)
	page := l.textOf(out.Certificate)
	for _, part := range []string{"exit", "transfer", "handover", "revocation"} {
		if !regexp.MustCompile(`\(` + part + `\): \d+ seats? that it asks (is|are) held by nobody`).MatchString(page) {
			t.Errorf("of the %s the report says nothing of seats that nobody holds:\n%s", part, page)
		}
	}
}

// wantNobodyAsked asserts that nobody was asked or told, and no queue but the drill's was
// used.
func (l *wholeDrill) wantNobodyAsked() {
	l.t.Helper()
	if v := l.view(); len(v.Requests) > 0 || len(l.rec.notices) > 0 {
		l.t.Errorf("%d were asked, %d notices", len(v.Requests), len(l.rec.notices))
	}
	if q := l.seen.queues; len(q) < 20 || slices.ContainsFunc(q, func(q string) bool { return q != DrillQueue }) {
		l.t.Errorf("%d pieces of work waited on %v", len(q), slices.Compact(slices.Sorted(slices.Values(q))))
	}
	if n := len(l.rec.of(dossier.DocumentFiled)); n < 5 {
		l.t.Errorf("%d documents were filed", n)
	}
}

// wholeDrill is a drill of the exit that ships.
type wholeDrill struct {
	*wholeExit
	report string // of which the oversight was told
}

func newWholeDrill(t *testing.T, order exit.Order) *wholeDrill {
	t.Helper()
	l := &wholeDrill{wholeExit: newWholeExit(t, order, ofAcme(inventory.PlaceCollaborators, "member"))}
	l.exit.Rehearsal = true
	l.exit.Plan = l.text("live-plan", strings.NewReplacer(string(exit.AssetRepository), string(exit.AssetDomain)).Replace(planWithout()))
	l.exit.Roster = l.text("roster", asText(inventory.Roster{Vendor: "acme", Identities: []inventory.Identity{{Login: "acme-people"}}}))
	l.exit.Oversight, l.exit.Reports = "oversight/acme/1", "oversight/acme/1"
	l.env.OnSignalExternalWorkflow(anything, anything, anything, anything, anything).Return(
		func(_, id, _, name string, arg any) error {
			n, is := arg.(News)
			if !is || id != "oversight/acme/1" || name != SignalNews || l.report != "" {
				t.Errorf("%s was signalled %s: %+v", id, name, arg)
			}
			l.report = n.Document
			return nil
		}).Maybe()
	return l
}

// planWithout is a plan with a second asset and a second area that nobody takes over.
func planWithout() string {
	return strings.Replace(planText("payroll exports"), `"lines":[`, `"lines":[{"point":{"id":"asset-2-what"},"finding":{"point":"asset-2-what","said":true},"words":"northgate.example"},{"point":{"id":"asset-2-kind"},"finding":{"point":"asset-2-kind","choices":["domain"]}},{"point":{"id":"area-2-what"},"finding":{"point":"area-2-what","said":true},"words":"how tax files are read"},`, 1)
}

// TestADrillWithPeople: of two marked steps one is done within its hour and one is not;
// nobody else is asked, and the vendor never is.
func TestADrillWithPeople(t *testing.T) {
	for name, c := range map[string]struct {
		says review.Verdict
		want []string
	}{
		"done":   {review.Approve, []string{"cut-over: ", "cut-over: 9 April 2026 to 16 April 2026, 7 days, asked of 2 of ours; done within its hour", "money (exit): nobody did it within its hour"}},
		"failed": {review.Reject, []string{"cut-over (exit): it was tried, and failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			x := newDeparture(t, exit.ModeDrill, exit.AfterUndecided)
			x.in.Order.WithPeople = true
			for i := range x.in.Steps {
				s := &x.in.Steps[i]
				switch s.ID {
				case "cut-over":
					s.Drill = "Log in as the owner of the pay run."
				case "money":
					s.Drill = "Find the last invoice."
				case "notice": // which only the vendor could do
					s.Drill = "Tell us."
					s.Policy = review.Policy{Groups: []review.Group{{Name: "v", Rule: review.RuleAll, Seats: []review.Seat{{ID: "vendor", Role: review.VendorRole}}}}}
				}
			}
			asked := map[string]bool{}
			x.minutely(func(r review.Request) {
				asked[r.Step] = true
				if !r.Drill || !strings.HasPrefix(r.Title, "DRILL: ") || !strings.Contains(r.Ask, "This is a drill") {
					t.Errorf("%s is asked as if it were none: %q", r.ID, r.Title)
				}
				if r.Step == "drill-cut-over" {
					x.answers(r, func(review.Request, string) review.Verdict { return c.says })
				}
			})
			out := x.leave()
			if out.Result != ResultDone {
				t.Fatalf("got %+v", out)
			}
			if len(asked) != 2 || !asked["drill-cut-over"] || !asked["drill-money"] {
				t.Errorf("asked were %v", asked)
			}
			for _, n := range x.rec.notices {
				if n.Person == "acme.1" {
					t.Error("the vendor was told")
				}
			}
			page := x.certificate(out.Certificate)
			for _, want := range c.want {
				if !strings.Contains(page, want) {
					t.Errorf("the report lacks %q:\n%s", want, page)
				}
			}
		})
	}
}

// minutely looks every ten minutes at what is open.
func (x *departure) minutely(each func(r review.Request)) {
	x.on(10*time.Minute, func() {
		v := x.view()
		if !v.Closed.IsZero() || x.env.Now().Sub(monday) > 300*day {
			return
		}
		for _, r := range v.Requests {
			if r.Closed == nil {
				each(r)
			}
		}
		x.env.RegisterDelayedCallback(func() { x.minutely0(each) }, 30*time.Minute)
	})
}

func (x *departure) minutely0(each func(r review.Request)) { x.minutely(each) }

// TestADrillIsWithdrawn: its parts end with it, and nothing follows.
func TestADrillIsWithdrawn(t *testing.T) {
	l := newWholeDrill(t, exit.Order{Mode: exit.ModeDrill, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost})
	l.on(40*day, func() { l.act(exitID, l.exit.Owner, review.Withdraw, func(*review.Act) {}) })
	var out ExitResult
	l.run(ExitType, exitID, l.exit, &out)
	if out.Result != ResultWithdrawn || out.Certificate != "" || l.report != "" {
		t.Errorf("got %+v, and the oversight %q", out, l.report)
	}
	for _, p := range l.view().Processes {
		if p.Ended.IsZero() {
			t.Errorf("%s has not ended", p.ID)
		}
	}
}

// TestADrillsReportIsTheVendors: it is filed with what is known of the vendor, with the
// number of the drill, and nothing else comes of it; news of others are no drill's.
func TestADrillsReportIsTheVendors(t *testing.T) {
	v := newVigil(t, false, expiry("iso", engagement.ExpiryCertificate, 300))
	v.after(20, func() {
		v.env.SignalWorkflow(SignalNews, News{Process: "drill/acme/2", Result: ResultDone, Document: "sha256:report"})
		v.env.SignalWorkflow(SignalNews, News{Process: "drill/another/1", Result: ResultDone, Document: "sha256:theirs"})
		v.env.SignalWorkflow(SignalNews, News{Process: "drill/acme/3", Result: ResultDone})
	})
	v.after(30, func() { v.env.SignalWorkflow(SignalExit, exitNews{Exit: exitID}) })
	v.outside = func(string, string, any) error { return nil }
	if out := v.live(); out.Result != ResultLeaving {
		t.Errorf("got %+v", out)
	}
	filed := slices.DeleteFunc(v.rec.of(dossier.DocumentFiled), func(e dossier.Entry) bool { return e.Detail.Name != drillReport })
	if len(filed) != 1 || filed[0].Detail.Document != "sha256:report" || filed[0].Detail.Version != 2 || filed[0].Detail.Parent != "drill/acme/2" {
		t.Errorf("filed was %+v", filed)
	}
	if asked := v.view().Requests; len(asked) > 0 || len(v.rec.of(dossier.Reported)) > 0 {
		t.Errorf("%d were asked something", len(asked))
	}
}

// TestForDrill: what is no drill is done where everything is.
func TestForDrill(t *testing.T) {
	if ctx := workflow.Context(nil); forDrill(ctx, exit.Order{Mode: exit.ModePlanned}) != ctx {
		t.Error("an exit waits elsewhere")
	}
}
