package workflows

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// watches is what the oversight was given of a step, by its name.
func (w *whole) watches(name string) []engagement.Expiry {
	if w.handed == nil {
		w.t.Fatalf("no oversight was begun:\n%s", w.trace())
	}
	return slices.DeleteFunc(slices.Clone(w.handed.Expiries), func(e engagement.Expiry) bool { return e.Name != name })
}

// The certificate that the vendor showed runs out while the checks still run: it is
// asked for again, and whoever signs the risk record signs it with the new one.
func TestWholeACertificateExpiresDuringTheChecks(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("certificates").by("acme.1").with(validTo(w.atDay(19)))
	w.at(19, func() { w.until["certificates"] = monday.AddDate(2, 0, 0) })
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	// The record that was being filled in then was not to be signed with what ran out.
	if d := cmp.Diff([]string{"certificates 2", "certificates-accept 2", "risk-record 2"}, w.rounds()); d != "" {
		t.Errorf("asked more than once (- want, + got):\n%s", d)
	}
	if got := w.watches("certificates"); len(got) != 1 || !got[0].On.Equal(monday.AddDate(2, 0, 0)) {
		t.Errorf("watched are %+v", got)
	}
}

// The certificate was good when the checks ended, and runs out while the contract is
// read. It is asked for again before anybody goes live with it, of the vendor and of
// who accepts it, and of nobody else; the oversight watches the new one alone.
func TestWholeACertificateExpiresDuringTheContract(t *testing.T) {
	w := newWhole(t, 1)
	ends := w.atDay(36)
	w.expect("certificates").by("acme.1").with(validTo(ends))
	w.at(36, func() { w.until["certificates"] = monday.AddDate(2, 0, 0) })
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	if d := cmp.Diff([]string{"certificates 2", "certificates-accept 2"}, w.rounds()); d != "" {
		t.Errorf("asked more than once (- want, + got):\n%s", d)
	}
	if got := w.watches("certificates"); len(got) != 1 || !got[0].On.Equal(monday.AddDate(2, 0, 0)) || got[0].Process != "diligence/acme/2" {
		t.Errorf("watched are %+v", got)
	}
	again := w.open("certificates")
	if again.Opened.Before(ends) || again.Closed == nil || again.Closed.State != review.Met {
		t.Errorf("asked again at %s", again.Opened)
	}
	w.wantResult("diligence/acme/2", ResultCleared)
}

// Half of the case is over when somebody sees that the data are pupils'. What the higher
// tier asks besides is asked; what stands is not asked again, and nobody states their
// interests twice but whom the new facts concern.
func TestWholeCorrectedToAHigherTier(t *testing.T) {
	for _, when := range []string{"review", "executed", "exit-plan", "contacts"} {
		t.Run(when, func(t *testing.T) { correctedAt(t, when) })
	}
}

func correctedAt(t *testing.T, when string) {
	w := newWhole(t, 2)
	var decided []string
	w.when(when, func() {
		for _, r := range w.view().Requests {
			if r.Closed != nil {
				decided = append(decided, r.Step)
			}
		}
		w.corrects("personal", "pupil")
	})
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}

	// The owner chooses for three offers as they did for two, and who lives with the risks
	// hears of what nobody had asked before.
	if d := cmp.Diff([]string{"competition 2", "risk-record 2", "risk-record-accept 2"}, w.rounds()); d != "" {
		t.Errorf("asked again (- want, + got):\n%s", d)
	}
	for _, s := range w.book.Steps {
		if !s.Applies(1) || s.Applies(2) || s.Does == playbook.DoesWaive || !s.When.Holds(playbook.Facts{Data: []string{"personal", "pupil"}, Systems: w.in.Facts.Systems, YearlyCost: w.in.Facts.YearlyCost}) {
			continue
		}
		if !slices.ContainsFunc(w.view().Requests, func(r review.Request) bool { return r.Step == s.ID && r.Closed != nil && r.Closed.State == review.Met }) {
			t.Errorf("%s is asked of tier 1 and was not", s.ID)
		}
	}
	if got := w.view().Tier; got != 1 || w.handed.Tier != 1 {
		t.Errorf("the vendor is of tier %d, the oversight's %d", got, w.handed.Tier)
	}
	if len(decided) < 20 {
		t.Errorf("decided before were %v", decided)
	}
}

// corrects has the owner correct the data, as the preview shows them.
func (w *whole) corrects(data ...string) string {
	w.t.Helper()
	return w.act(w.in.Process, "owner-ola", review.Correct, func(a *review.Act) {
		a.Field, a.Values = playbook.FieldData, data
		c, _ := playbook.Correct(w.in.Steps, w.in.Tiers, w.view().Tier, w.in.Facts, *a, w.standing())
		a.Digest = c.Digest
	})
}

// standing is how far the case's own steps have come; what a part asks counts by its
// decision.
func (w *whole) standing() playbook.Standing {
	v := w.view()
	own := slices.DeleteFunc(slices.Clone(v.Requests), func(r review.Request) bool { return r.Process != w.in.Process })
	decides := map[string][]string{"diligence": {"risk-record"}, "pilot": {"pilot-go"}, "contract": {"review"}, "dpa": {"dpa-ask", "dpa-check", "dpa-sign"}}
	if v.Tier == 3 {
		decides["contract"] = []string{"review-brief"}
	}
	var runs, decided []string
	for _, p := range v.Processes {
		part, _, _ := strings.Cut(p.ID, "/")
		switch {
		case p.Ended.IsZero():
			runs = append(runs, decides[part]...)
		case p.Result != ResultNotNeeded:
			decided = append(decided, decides[part]...)
		}
	}
	s := playbook.Stand(own, runs)
	s.Decided = append(s.Decided, decided...)
	return s
}

// A copy that may be kept for a while is erased when its days are over, though the case
// still runs, and also while it is on hold; the fact that it was shown stays.
func TestWholeACopyIsErasedWhileTheCaseRuns(t *testing.T) {
	for _, held := range []bool{false, true} {
		t.Run(fmt.Sprint("held ", held), func(t *testing.T) {
			w := newWhole(t, 1, func(pb *playbook.Playbook) {
				for i, s := range pb.Steps {
					if s.ID != "background-checks" {
						continue
					}
					pb.Steps[i].Points = slices.Clone(s.Points)
					for j := range s.Points {
						pb.Steps[i].Points[j].KeepDays = min(s.Points[j].KeepDays, 21)
					}
				}
			})
			if held {
				w.at(28, func() { w.act(w.in.Process, "owner-ola", review.Hold) })
				w.at(36, func() { w.act(w.in.Process, "owner-ola", review.Resume) })
			}
			w.at(29, func() {
				if len(w.rec.erased) > 0 {
					t.Errorf("erased too early: %v", w.rec.erased)
				}
			})
			w.at(32, func() {
				if len(w.rec.erased) != 1 {
					t.Errorf("erased are %v", w.rec.erased)
				}
			})
			if out := w.plays(); out.Result != ResultLive {
				t.Errorf("got %+v", out)
			}
			if kinds := w.watchedKinds(); slices.Contains(kinds, "copy background-checks") || !slices.Contains(kinds, "staff-check background-checks") {
				t.Errorf("watched are %v", kinds)
			}
			if len(w.rec.erased) != 1 {
				t.Errorf("erased are %v", w.rec.erased)
			}
		})
	}
}

// What is made anew stands in the place of what was before: of a step that is opened
// again the oversight watches one date, and of a due diligence that is one certificate.
func TestWholeWhatIsMadeAnewIsWatchedOnce(t *testing.T) {
	w := newWhole(t, 2)
	w.when("contacts", func() { w.act(w.in.Process, "owner-ola", review.Reopen, step("risk-record")) })
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	seen := map[string]int{}
	for _, e := range w.handed.Expiries {
		seen[string(e.Kind)+" "+e.Name]++
	}
	for what, n := range seen {
		if n > 1 {
			t.Errorf("%s is watched %d times", what, n)
		}
	}
	if got := w.watches("certificates"); len(got) != 1 || got[0].Process != "diligence/acme/2" {
		t.Errorf("watched are %+v", got)
	}
}

// The contract is signed when it turns out that no pupils' data are touched. The lower
// tier asks less from here on; what was decided stays decided, and nothing is asked again.
func TestWholeCorrectedToALowerTier(t *testing.T) {
	w := newWhole(t, 1)
	w.when("exit-plan", func() { w.corrects("personal") })
	if out := w.plays(); out.Result != ResultLive || out.DPA == "" || w.handed.Tier != 2 {
		t.Errorf("got %+v", out)
	}
	if again := w.rounds(); again != nil {
		t.Errorf("asked again: %v", again)
	}
	if kinds := w.watchedKinds(); !slices.Contains(kinds, "staff-check background-checks") || !slices.Contains(kinds, "exit-plan exit-plan") {
		t.Errorf("watched are %v", kinds)
	}
}

// A vendor that was thought small turns out to touch pupils' data when its contract is
// read. Everything that the highest tier asks is asked, the confidentiality agreement
// before anything else of the vendor.
func TestWholeCorrectedFromTheLowestTier(t *testing.T) {
	w := newWhole(t, 3)
	w.when("review-brief", func() { w.corrects("personal", "pupil") })
	if out := w.plays(); out.Result != ResultLive || out.DPA == "" || w.handed.Tier != 1 || out.Contract != w.agreed {
		t.Errorf("got %+v\n%s", out, w.trace())
	}
	v := w.view()
	for _, s := range w.book.Boarding() {
		if !s.Applies(1) || s.Does == playbook.DoesWaive || !s.When.Holds(playbook.Facts{Data: []string{"personal", "pupil"}}) {
			continue
		}
		if !slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Step == s.ID && r.Closed != nil && r.Closed.State == review.Met }) {
			t.Errorf("%s is asked of tier 1 and was not", s.ID)
		}
	}
}
