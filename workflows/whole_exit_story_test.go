package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/config"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// wholeExit is an exit by the exit that ships, with all its parts as they are: knowledge,
// assets, access and data. Everybody answers soundly by themselves.
type wholeExit struct {
	*whole
	estate *estate
	exit   ExitInput
	after  *AftercareInput
	stuck  []string // what was open when the owner gave up
}

// newWholeExit prepares leaving acme, a vendor of tier 2, for an order.
func newWholeExit(t *testing.T, order exit.Order, has ...inventory.Finding) *wholeExit {
	t.Helper()
	return newWholeExitBy(t, 2, order, false, has)
}

// newWholeExitBy prepares leaving a vendor of a tier by the exit that ships, read from its
// file and then changed. What comes back is a domain, or a repository.
func newWholeExitBy(t *testing.T, tier engagement.Tier, order exit.Order, repository bool, has []inventory.Finding, change ...func(*playbook.Playbook)) *wholeExit {
	t.Helper()
	return wholeExitOf(t, newRecord(), nil, tier, order, repository, has, change...)
}

// wholeExitOf is newWholeExitBy over a record that another case may share; first, unless
// nil, is given the story before anything stands in for a process.
func wholeExitOf(t *testing.T, rec *record, first func(*story), tier engagement.Tier, order exit.Order, repository bool, has []inventory.Finding, change ...func(*playbook.Playbook)) *wholeExit {
	t.Helper()
	pb, _, err := config.Shipped("whole")
	if err != nil {
		t.Fatal(err)
	}
	pb.Steps = slices.Clone(pb.Steps) // the book is shared
	for _, c := range change {
		c(&pb)
	}
	back := string(exit.AssetDomain)
	if repository { // of the plan that was signed when the vendor came: what repositories are called stands there
		back = string(exit.AssetRepository)
		without("exit-carry-out")(&pb)
	}
	for i := range pb.Steps {
		pb.Steps[i].Points = slices.Clone(pb.Steps[i].Points)
		for j, p := range pb.Steps[i].Points {
			if p.ID == "asset-1-kind" {
				pb.Steps[i].Points[j].Options = []string{back}
			}
		}
	}
	e := newEstate(rec)
	e.has, rec.survey = has, e
	if repository && rec.more == nil {
		m := newMover(rec)
		m.logs["asset-1"] = ""
		rec.more = func(a *activities.Activities) { a.Mover = m }
	}
	w := &whole{story: storyOf(t, rec, "acme", nil, nil), book: pb, pace: 36, lasts: 300 * day, until: map[string]time.Time{}, hooks: map[string]func(){}}
	w.env.SetTestTimeout(5 * time.Minute)
	if first != nil {
		first(w.story)
	}
	w.people()
	w.begins(tier)
	w.seen.naps = true // its parts wait side by side; tick counts their timers
	l := &wholeExit{whole: w, estate: e}
	w.env.OnWorkflow(AftercareType, anything, anything).Return(func(_ workflow.Context, in AftercareInput) (ExitPartResult, error) {
		l.after = &in
		return ExitPartResult{}, nil // it goes on for months, which has stories of its own
	}).Maybe()
	l.exit = ExitInput{Common: w.in.Common, Order: order, Facts: w.in.Facts, Plan: w.text("live-plan", strings.Replace(planText("payroll exports"), string(exit.AssetRepository), back, 1)),
		Contract: w.agreed, Expiry: engagement.Expiry{ID: "c", Kind: engagement.ExpiryContract, On: monday.AddDate(0, 0, 200), NoticeDays: 30},
		Intake: dossier.Paper{Digest: "sha256:order"}, PlaybookDocument: dossier.Paper{Digest: "sha256:playbook"}}
	l.exit.Case, l.exit.Process, l.exit.Tier = exitID, exitID, tier
	l.exit.Steps = pb.ExitSteps(order, tier, w.in.Facts)
	return l
}

// leaves plays the exit to its end.
func (l *wholeExit) leaves() ExitResult {
	l.t.Helper()
	l.on(time.Hour, l.tick)
	var out ExitResult
	l.run(ExitType, exitID, l.exit, &out)
	v := l.view()
	l.checkDecidedOnce(v)
	if out.Result == ResultExited {
		l.checkAccepted(v)
	}
	for _, p := range v.Processes {
		if p.Ended.IsZero() {
			l.t.Errorf("%s has not ended", p.ID)
		}
	}
	return out
}

// checkAccepted holds that whatever a step brought of which the playbook says who accepts
// it was put before them, before the exit was over.
func (l *wholeExit) checkAccepted(v dossier.CaseView) {
	l.t.Helper()
	for _, s := range l.exit.Steps {
		for _, r := range v.Requests {
			of := r.Step == s.ID || s.Process == exit.PartTransfer && strings.HasPrefix(r.Step, s.ID+"-area")
			if s.Accept == nil || !of || strings.HasSuffix(r.Step, acceptSuffix) || r.Closed == nil || r.Closed.State != review.Met {
				continue
			}
			if !slices.ContainsFunc(v.Requests, func(a review.Request) bool { return a.Step == r.Step+acceptSuffix && !a.Opened.Before(r.Closed.At) }) {
				l.t.Errorf("what %s brought was put before nobody who accepts it", r.Step)
			}
		}
	}
}

// wantAccepted asserts that each step of the playbook which says who accepts what it
// brought was asked in this exit, and accepted; but for those named.
func (l *wholeExit) wantAccepted(but ...string) {
	l.t.Helper()
	for _, s := range l.exit.Steps {
		if s.Accept == nil || slices.Contains(but, s.ID) {
			continue
		}
		yes := func(r review.Request) bool {
			return strings.HasPrefix(r.Step, s.ID) && strings.HasSuffix(r.Step, acceptSuffix) && r.Closed != nil && r.Closed.State == review.Met
		}
		if !slices.ContainsFunc(l.view().Requests, yes) {
			l.t.Errorf("nobody accepted what %s brings", s.ID)
		}
	}
}

// ofAcme is something of the account that everybody writes into the form as acme's.
func ofAcme(p inventory.Place, title string) inventory.Finding {
	return inventory.Finding{Place: p, Repository: "ledger", Title: title, Identity: inventory.Identity{Login: "acme-people"}}
}

// wantParts asserts that the parts ended done.
func (l *wholeExit) wantParts(parts ...playbook.Process) {
	l.t.Helper()
	for _, p := range parts {
		l.wantResult(string(p)+"/acme/1", ResultDone)
	}
}

// TestWholeExit: a vendor is left by the exit that ships, each part as it is. Their
// account and the key that it left behind are cut after the cut-over and not before;
// the certificate is signed after the look of a month later.
func TestWholeExit(t *testing.T) {
	l := newWholeExit(t, exit.Order{Mode: exit.ModePlanned, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost},
		ofAcme(inventory.PlaceCollaborators, "member"), ofAcme(inventory.PlaceDeployKeys, "their key"))
	l.when("exit-cut-over", func() {
		if len(l.estate.cuts) != 0 {
			t.Errorf("%v were cut before the cut-over", l.estate.cuts)
		}
	})
	l.when("exit-survival", func() {
		r := l.open("exit-survival")
		if len(r.Versions) != 1 || r.Versions[0].Document != l.exit.Contract {
			t.Errorf("what outlives the contract is looked for in %+v", r.Versions)
		}
		for _, p := range r.Points {
			wanted := map[string]string{"confidentiality": "7", "liability": "11"}[p.ID]
			if wanted != "" && (len(p.Proposed) == 0 || strings.Split(p.Proposed[0], ".")[0] != wanted) || len(p.Cues) > 0 {
				t.Errorf("of %s are proposed %q by %q", p.ID, p.Proposed, p.Cues)
			}
		}
	})
	out := l.leaves()
	if out.Result != ResultExited || out.Certificate == "" {
		t.Errorf("got %+v", out)
	}
	l.wantParts(exit.PartTransfer, exit.PartHandover, exit.PartRevocation, exit.PartDataReturn)
	if len(l.estate.cuts) != 2 {
		t.Errorf("cut were %v", l.estate.cuts)
	}
	l.wantAccepted("data-backup") // which the aftercare asks
	page := l.textOf(out.Certificate)
	if strings.Contains(page, "WAIVED") || !strings.Contains(page, "area-1, acme-people: done, verified by") {
		t.Errorf("something is waived, or nobody learned what only the vendor knew:\n%s", page)
	}
	if l.after != nil {
		t.Errorf("no backup is open and nothing waived, and somebody follows %+v", l.after)
	}
}

// TestWholeExitForCause: the day on which two of the emergency list say so, access is
// cut, before the vendor hears of anything; notice and all the rest come after.
func TestWholeExitForCause(t *testing.T) {
	l := newWholeExit(t, exit.Order{Mode: exit.ModeForCause, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 60), Trigger: exit.TriggerIncident},
		ofAcme(inventory.PlaceCollaborators, "member"), ofAcme(inventory.PlaceDeployKeys, "their key"))
	l.exit.Roster = l.text("roster", asText(inventory.Roster{Vendor: "acme", Identities: []inventory.Identity{{Login: "acme-people"}}}))
	l.when("exit-notice", func() {
		if len(l.estate.cuts) != 2 || l.env.Now().Sub(monday) > day {
			t.Errorf("on %s %v were cut before notice", l.env.Now(), l.estate.cuts)
		}
		if told := l.told("acme.1"); told != nil {
			t.Errorf("before notice the vendor was told %v", told)
		}
	})
	out := l.leaves()
	if out.Result != ResultExited || out.Certificate == "" {
		t.Errorf("got %+v", out)
	}
	l.wantParts(exit.PartTransfer, exit.PartHandover, exit.PartRevocation, exit.PartDataReturn)
}

// TestWholeExitOfASilentVendor: nobody at the vendor answers anything. What can be done
// without them is done and seen, and what can't is waived by somebody named.
func TestWholeExitOfASilentVendor(t *testing.T) {
	l := newWholeExit(t, exit.Order{Mode: exit.ModeStressed, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 90), Trigger: exit.TriggerInsolvency},
		ofAcme(inventory.PlaceCollaborators, "member"))
	for _, step := range []string{"assets-hand-over", "transfer-material", "data-returned", "data-deleted"} {
		l.expect(step).isSilent()
	}
	for range 2 { // the data, then the certificate of their deletion
		l.expect(playbook.ChoreSettle + "-no-data").says(playbook.Waive)
	}
	out := l.leaves()
	if out.Result != ResultExited || out.Certificate == "" {
		t.Errorf("got %+v, asked are %v", out, l.asked())
	}
	if l.after == nil || len(l.after.Waivers) != 2 || len(l.after.Backups) != 0 || l.after.Roster == "" || l.after.Certificate != out.Certificate {
		t.Errorf("what was waived is followed as %+v, %+v", l.after, out)
	}
	page := l.textOf(out.Certificate)
	for _, line := range []string{"2 are waived by name until a day", "returned (data-return): by owner-ola", "certificate (data-return): by owner-ola", "chase-outside: done by", "asset-1, acme-people: done, verified by", "area-1, acme-people: done, verified by"} {
		if !strings.Contains(page, line) {
			t.Errorf("the certificate does not say %q:\n%s", line, page)
		}
	}
}

// TestWholeExitOfASmallVendor: what ships for small organisations leads out as well.
func TestWholeExitOfASmallVendor(t *testing.T) {
	l := newWholeExit(t, exit.Order{Mode: exit.ModePlanned, After: exit.AfterEnds, By: monday.AddDate(0, 0, 90), Trigger: exit.TriggerContractEnd},
		ofAcme(inventory.PlaceCollaborators, "member"))
	l.exit.Tier = 3
	l.exit.Steps = l.book.ExitSteps(l.exit.Order, 3, l.in.Facts)
	out := l.leaves()
	if out.Result != ResultExited || out.Certificate == "" {
		t.Errorf("got %+v", out)
	}
	l.wantParts(exit.PartHandover, exit.PartRevocation, exit.PartDataReturn)
}
