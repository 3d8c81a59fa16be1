package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// neverAsked holds that nothing of some stages was asked, and that no process of some
// parts ever ran.
func (w *whole) neverAsked(stages []string, parts ...playbook.Process) {
	w.t.Helper()
	v := w.view()
	for _, s := range w.book.Steps {
		if !slices.Contains(stages, s.Stage) && !slices.Contains(parts, s.Process) {
			continue
		}
		if slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Step == s.ID }) {
			w.t.Errorf("%s was asked", s.ID)
		}
	}
	for _, p := range v.Processes {
		for _, part := range parts {
			if strings.HasPrefix(p.ID, string(part)+"/") {
				w.t.Errorf("%s ran", p.ID)
			}
		}
	}
}

// closedAs lists the steps whose requests were closed for a reason.
func (w *whole) closedAs(why string) []string {
	var all []string
	for _, r := range w.view().Requests {
		if r.Closed != nil && r.Closed.Why == why {
			all = append(all, r.Step)
		}
	}
	return all
}

// Two of the three who decide say no-go. The owner may begin the pilot again or
// withdraw, and nothing else; nothing of the contract was ever asked, nothing went to
// the vendor, and no oversight begins.
func TestWholeNoGoPilot(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("pilot-score").by("it-ida").with(gives(1, 1, 1))
	w.expect("pilot-go").by("sponsor-sue").rejects()
	w.expect("pilot-go").by("finance-fay").rejects()
	w.expect("pilot-go").by("service-sol").approves().with(because)
	w.expect("part-pilot").by("owner-ola").acts(func(r review.Request) {
		if !slices.Equal(r.Options, []review.Verdict{playbook.AskAgain, playbook.Withdraw}) {
			t.Errorf("after a no-go the owner may %v", r.Options)
		}
		for _, v := range []review.Verdict{playbook.Waive, playbook.TakeAnyway, review.Approve} {
			w.refused(w.answer("owner-ola", "part-pilot", v, because), review.WrongVerdict)
		}
		w.refused(w.answer("owner-ola", "part-pilot", playbook.Withdraw, silently), review.NeedsReason)
		w.answer("owner-ola", "part-pilot", playbook.Withdraw)
	})
	out := w.plays()
	if out.Result != ResultWithdrawn || out.Contract != "" || out.DPA != "" || out.Oversight != "" {
		t.Errorf("got %+v", out)
	}
	w.wantResult(firstPilot, ResultRefused)
	w.neverAsked([]string{"contract", "exit-plan", "live"}, playbook.Contract, playbook.DPA)
	if left := w.leftCopies(PartResult{}); len(left) > 0 || len(w.rec.erased) != 1 {
		t.Errorf("left are %q, erased %q", left, w.rec.erased)
	}
	if e := w.rec.of(dossier.Withdrawn); len(e) != 1 || e[0].Actor != "owner-ola" || e[0].Detail.Written.Empty() {
		t.Errorf("withdrawn: %+v", e)
	}
}

// Halfway the service owner has seen enough. The owner has the word; a second pilot goes
// well and the vendor goes live with it, and what the first one came to stands.
func TestWholePilotStoppedHalfwayAndBegunAgain(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("halfway").by("service-sol").rejects()
	w.expect("part-pilot").by("owner-ola").says(playbook.AskAgain)
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	w.wantResult(firstPilot, ResultStopped)
	w.wantResult("pilot/acme/2", ResultGo)
	for _, r := range w.view().Requests {
		if r.Process == firstPilot && (r.Step == "pilot-score" || r.Step == "pilot-go" || r.Step == "last-week") {
			t.Errorf("%s was asked of a pilot that was stopped", r.ID)
		}
	}
	for _, again := range w.rounds() {
		if step, _, _ := strings.Cut(again, " "); w.partOf(step) != playbook.Pilot {
			t.Errorf("%s: what stands is asked again", again)
		}
	}
}

// A pilot that is stopped halfway and not begun again ends the case with the word of
// the owner, and not by itself.
func TestWholePilotStoppedHalfway(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("halfway").by("service-sol").rejects()
	w.expect("part-pilot").by("owner-ola").after(60).says(playbook.Withdraw)
	w.expect("part-pilot").by("deputy-dan").isSilent()
	if out := w.plays(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v\n%s", out, w.trace())
	}
	w.neverAsked([]string{"contract", "exit-plan", "live"}, playbook.Contract, playbook.DPA)
	if !slices.ContainsFunc(w.told("owner-ola"), func(l string) bool { return strings.HasSuffix(l, "reminder part-pilot") }) {
		t.Errorf("nobody reminded the owner: %v", w.told("owner-ola"))
	}
}

// In the middle of the checks the vendor writes that they withdraw. Their people can't
// end our case; the owner does, with their words. Whatever was open is closed with that
// reason, in every part at once, nobody is told of anything afterwards, and the copies
// that the law lets nobody keep are gone.
func TestWholeWithdrawnInTheMiddleOfTheChecks(t *testing.T) {
	w := newWhole(t, 1)
	var ended time.Time
	var open []string
	w.at(17, func() {
		open = w.asked()
		if len(open) < 5 || len(w.rec.erased) > 0 {
			t.Errorf("open are %v, erased %v", open, w.rec.erased)
		}
		w.refused(w.act(w.in.Process, "acme.1", review.Withdraw), review.VendorPerson)
		w.refused(w.act("diligence/acme/1", "acme.1", review.Withdraw), review.VendorPerson)
		ended = w.env.Now().UTC()
		w.act(w.in.Process, "owner-ola", review.Withdraw)
	})
	if out := w.plays(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v", out)
	}
	if closed := w.closedAs(ResultWithdrawn); !slices.Equal(closed, open) {
		t.Errorf("closed by it are %v, open were %v", closed, open)
	}
	for _, n := range w.rec.notices {
		if n.At.After(ended) {
			t.Errorf("%s was told (%s) after the end", n.Person, n.Why)
		}
	}
	copies := map[string]int{}
	for _, c := range w.rec.copies {
		if c.Closed {
			copies[c.Request]++
		}
	}
	for _, r := range w.view().Requests {
		if copies[r.ID] != 1 {
			t.Errorf("the copies of %s were closed %d times", r.ID, copies[r.ID])
		}
	}
	if left := w.leftCopies(PartResult{}); len(left) > 0 || len(w.rec.erased) != 1 {
		t.Errorf("left are %q, erased %q", left, w.rec.erased)
	}
	w.wantResult("diligence/acme/1", ResultWithdrawn)
	w.wantResult(firstPilot, ResultWithdrawn)
	w.neverAsked([]string{"contract", "exit-plan", "live"}, playbook.Contract, playbook.DPA)
}

// The owner withdraws one part alone, which is the case's end too: the other part ends
// with it, and is not left behind asking.
func TestWholeWithdrawnThroughOneOfItsParts(t *testing.T) {
	for _, part := range []string{firstPilot, "diligence/acme/1", "contract/acme/1", "dpa/acme/1"} {
		t.Run(part, func(t *testing.T) {
			w := newWhole(t, 1)
			days := 17
			if strings.HasPrefix(part, "contract") || strings.HasPrefix(part, "dpa") {
				days = 35
			}
			w.at(days, func() { w.act(part, "owner-ola", review.Withdraw) })
			if out := w.plays(); out.Result != ResultWithdrawn || w.days(w.view().Closed) > days+1 {
				t.Errorf("got %+v", out)
			}
			w.wantResult(part, ResultWithdrawn)
		})
	}
}

// The contract is refused. The owner may go on with another version or withdraw, never
// wave it through: the playbook does not let anybody waive a review.
func TestWholeContractRefused(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("review").by("security-sam").rejects()
	w.expect("settle-review").by("owner-ola").acts(func(r review.Request) {
		if !slices.Equal(r.Options, []review.Verdict{playbook.NextVersion, playbook.Withdraw}) {
			t.Errorf("after a veto the owner may %v", r.Options)
		}
		w.refused(w.answer("owner-ola", "settle-review", playbook.Waive, because), review.WrongVerdict)
		w.refused(w.act(w.in.Process, "owner-ola", review.Reopen, step("review")), review.WrongAct)
		w.answer("owner-ola", "settle-review", playbook.Withdraw, because)
	})
	if out := w.plays(); out.Result != ResultWithdrawn || out.Contract != "" {
		t.Errorf("got %+v", out)
	}
	w.wantClosed("review", review.Denied, ResultWithdrawn)
	w.neverAsked([]string{"exit-plan", "live"})
}

// The contract is refused, comes again, and is signed: who had no part in what changed
// is not asked again.
func TestWholeContractRefusedAndAgreedInItsNextVersion(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("review").by("legal-lee").wantsChanges()
	out := w.plays()
	if out.Result != ResultLive || out.Contract != w.agreed {
		t.Errorf("got %+v, agreed was %s", out, w.agreed)
	}
	for _, r := range w.view().Requests {
		if r.Step != "review" {
			continue
		}
		n := map[string]int{}
		for _, b := range r.Ballots {
			n[b.Seat]++
		}
		if n["legal"] != 2 || n["security"] != 1 || n["data-protection"] != 1 || n["finance"] != 1 || len(r.Versions) != 2 {
			t.Errorf("answered: %v in %d versions", n, len(r.Versions))
		}
	}
}
