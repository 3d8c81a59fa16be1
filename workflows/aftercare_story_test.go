package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// newAftercare prepares following three backups of acme, two of which run out together.
func newAftercare(t *testing.T, more ...func(*activities.Activities)) (*story, AftercareInput) {
	t.Helper()
	step := leavingStep(t, exit.PartAftercare, exit.DoesBackup, review.Delivery, vendorSeat())
	step.Accept = &review.Policy{Groups: []review.Group{{Name: "accept", Rule: review.RuleAll, Seats: []review.Seat{seat("privacy")}}}}
	rec := newRecord()
	for _, f := range more {
		rec.more = f
	}
	s := storyOf(t, rec, "acme", []string{"privacy-pia"}, nil, step)
	s.know("acme.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	s.root = "aftercare/acme/1"
	in := AftercareInput{Common: s.in.Common, Predecessor: "exit/acme/1", Certificate: s.text("certificate", "{}")}
	in.Case, in.Process = s.root, s.root
	for i, months := range []int{2, 2, 7} {
		in.Backups = append(in.Backups, exit.Backup{ID: "data-return/acme/1:backup-" + string(rune('1'+i)), On: monday.AddDate(0, months, 0), Document: "sha256:deleted"})
	}
	return s, in
}

func (s *story) playAftercare(in AftercareInput) ExitPartResult {
	s.t.Helper()
	var out ExitPartResult
	s.run(AftercareType, in.Process, in, &out)
	for _, m := range out.Matters {
		if out.Result == ResultDone && m.State != exit.StateDone && m.State != exit.StateWaived {
			s.t.Errorf("it is called done, and %s is %s", m.Name, m.State)
		}
	}
	return out
}

// By a playbook that has nobody of the vendor asked about a backup, the owner shows that it
// is gone, and somebody else accepts that; what was waived is followed beside it.
func TestABackupThatNoStepAsksAbout(t *testing.T) {
	s, in := newAftercare(t)
	in.Steps, in.Backups, in.Sponsor = nil, in.Backups[:1], "privacy-pia"
	in.Waivers = []exit.Matter{{ID: "exit/acme/1:exit-money", Part: exit.PartExit, Name: "exit-money", State: exit.StateWaived, By: "owner-ola", Until: monday.AddDate(0, 9, 0), Answer: "w"}}
	s.on(61*day, func() {
		if s.asked(playbook.ChoreShown) {
			t.Error("somebody is asked about a backup before its day")
		}
	})
	s.on(62*day, func() {
		digest := s.text("gone", "gone")
		s.answer("owner-ola", playbook.ChoreShown, review.Delivered, func(a *review.Answer) { a.Documents = []string{digest} })
	})
	s.on(63*day, func() { s.answer("privacy-pia", playbook.ChoreShown+acceptSuffix, review.Approve) })
	s.on(300*day, func() { s.waives(playbook.ChoreLapsed, monday.AddDate(2, 0, 0)) })
	s.on(400*day, func() { s.act(s.root, "owner-ola", review.Withdraw) })
	out := s.playAftercare(in)
	if m := wantMatter(t, out, "backup-1", exit.StateDone); m.By != "privacy-pia" {
		t.Errorf("%+v", m)
	}
	wantMatter(t, out, "exit/acme/1:exit-money", exit.StateWaived)
}

// Each backup is asked about on its day, those of one day together, and not before; what
// the vendor says is accepted by somebody of ours, who has it asked again once.
func TestBackupsAreFollowedToTheirEnd(t *testing.T) {
	s, in := newAftercare(t)
	gone := func(name string) func() { return func() { s.sends(exit.DoesBackup, name, "gone") } }
	s.on(54*day, func() { s.wantTold("owner-ola") })
	s.on(60*day, func() {
		s.wantTold("owner-ola", "55 asked runs-out")
		s.wantTold("acme.1")
	})
	s.on(62*day, gone("one"))
	s.on(63*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Changes) })
	s.on(64*day, gone("two"))
	s.on(65*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Approve) })
	s.on(66*day, func() {
		s.wantClosed(playbook.ChoreRunsOut, review.Open, "superseded") // nobody had said anything, and the vendor was asked all the same
		if n := len(s.view().Requests); n != 5 {
			t.Errorf("%d requests for backups of one day", n)
		}
	})
	s.on(220*day, gone("three"))
	s.on(221*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Approve) })
	out := s.playAftercare(in)
	if out.Result != ResultDone || len(out.Matters) != 3 {
		t.Errorf("%+v", out)
	}
	for _, m := range out.Matters {
		if m.By != "privacy-pia" || m.State != exit.StateDone || m.ID != "aftercare/acme/1:"+m.Name {
			t.Errorf("%+v", m)
		}
	}
	opened := s.rec.of(dossier.CaseOpened)
	if len(opened) != 2 || opened[0].Detail.Predecessor != "exit/acme/1" || opened[1].Case != dossier.Register {
		t.Errorf("the case was opened as %+v", opened)
	}
}

// A backup that runs out after five years is asked about by a calendar that knows that
// year: it is made anew every year, and a week later where it could not be.
func TestABackupOfFiveYearsKeepsACalendar(t *testing.T) {
	made := &almanac{}
	s, in := newAftercare(t, func(a *activities.Activities) { a.Calendars = made })
	in.Backups = []exit.Backup{{ID: "data-return/acme/1:backup-1", On: monday.AddDate(5, 0, 0), Document: "sha256:deleted"}}
	s.on(300*day, func() { made.away = true })
	s.on(400*day, func() { made.away = false })
	s.on(1827*day, func() { s.sends(exit.DoesBackup, "one", "gone") })
	s.on(1828*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Approve) })
	if out := s.playAftercare(in); out.Result != ResultDone {
		t.Errorf("%+v", out)
	}
	if n := len(made.from); n < 4 || n > 5 || made.from[0].Before(monday.AddDate(0, 0, 400)) || made.from[n-1].Before(monday.AddDate(4, 0, 0)) {
		t.Errorf("calendars were made on %v", made.from)
	}
}

// Nobody of the vendor is there any more: the owner files in their place what shows that
// one is gone, and waives the other, by name and until a day, on which they are asked again.
func TestABackupThatNobodyConfirms(t *testing.T) {
	s, in := newAftercare(t)
	s.on(90*day, func() {
		s.open(playbook.ChoreSettle + "-" + playbook.ChoreNoBackup)
		s.answer("owner-ola", exit.DoesBackup, review.Delivered, deliver(s.text("letter", "gone")), forVendor)
	})
	s.on(91*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Approve) })
	s.on(250*day, func() { s.waives(playbook.ChoreNoBackup, monday.AddDate(2, 0, 0)) })
	s.on(800*day, func() {
		s.open(playbook.ChoreSettle + "-" + playbook.ChoreNoBackup)
		s.answer("owner-ola", exit.DoesBackup, review.Delivered, deliver(s.text("letter-2", "gone")), forVendor)
	})
	s.on(801*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Approve) })
	out := s.playAftercare(in)
	if m := wantMatter(t, out, "backup-1", exit.StateDone); m.Document != "sha256:letter" {
		t.Errorf("%+v", m)
	}
	wantMatter(t, out, "backup-3", exit.StateDone)
	if len(out.Expiries) != 0 || s.env.Now().Before(monday.Add(801*day)) {
		t.Errorf("%+v at %s", out.Expiries, s.env.Now().Format(time.DateOnly))
	}
}

// newWaivers prepares following what an exit waived: two places at GitHub until one day,
// the data that never came back until another; Nobody has a copy of anything.
func newWaivers(t *testing.T, has ...inventory.Finding) (*story, *estate, AftercareInput) {
	t.Helper()
	rec := newRecord()
	e := newEstate(rec)
	e.has, rec.survey = has, e
	s := storyOf(t, rec, "acme", nil, nil)
	s.know("sponsor-sue", func(*playbook.Person) {})
	s.root = "aftercare/acme/1"
	in := AftercareInput{Common: s.in.Common, Predecessor: "exit/acme/1", Certificate: s.text("certificate", "{}"),
		Roster: s.text("roster", asText(inventory.Roster{Vendor: "acme", Identities: []inventory.Identity{{Login: devLogin}}}))}
	in.Case, in.Process, in.Sponsor = s.root, s.root, "sponsor-sue"
	for id, months := range map[string]int{"revocation/acme/1:tokens": 3, "revocation/acme/1:deploy-keys": 3, "data-return/acme/1:returned": 5} {
		in.Waivers = append(in.Waivers, exit.Matter{ID: id, Name: "n", State: exit.StateWaived, By: "owner-ola", Until: monday.AddDate(0, months, 0), Answer: "a1", Why: "hidden"})
	}
	slices.SortFunc(in.Waivers, func(a, b exit.Matter) int { return strings.Compare(a.ID, b.ID) })
	t.Cleanup(func() { s.searchFor(devLogin) })
	return s, e, in
}

// What was waived is open again on the day on which its waiver ends, waivers of one day
// together. Access is looked at by gangway itself: what is clean is done, what can't be
// seen is waived once more, and asked about when that ends too. What no program can look
// at is shown by the owner, and accepted by somebody else.
func TestWaiversAreFollowedToTheirEnd(t *testing.T) {
	s, e, in := newWaivers(t, theirs(inventory.PlaceDeployKeys, "ledger", "forgotten key"))
	e.dim[inventory.PlaceTokens] = entitlement.DoubtHidden
	lapsed, shown := playbook.ChoreSettle+"-"+playbook.ChoreLapsed, playbook.ChoreShown
	s.on(80*day, func() {
		if n := len(s.view().Requests); n != 0 {
			t.Errorf("%d requests before any waiver ended", n)
		}
	})
	s.on(95*day, func() { s.answer("owner-ola", lapsed, playbook.LookAgain) })
	s.on(96*day, func() { // the key is there, and tokens are hidden still
		if len(e.cuts) > 0 {
			t.Errorf("%q were cut by whoever only looks", e.cuts)
		}
		e.leaves("forgotten key")
		s.answer("owner-ola", lapsed, playbook.LookAgain)
	})
	s.on(97*day, func() { s.waives(playbook.ChoreLapsed, monday.AddDate(0, 8, 0)) })
	s.on(160*day, func() { s.answer("owner-ola", lapsed, playbook.LookAgain) })
	s.on(161*day, func() { s.answer("owner-ola", shown, review.Delivered, deliver(s.text("letter", "it came"))) })
	s.on(162*day, func() {
		s.refused(s.answer("owner-ola", shown+acceptSuffix, review.Approve), review.OwnWork)
		s.answer("sponsor-sue", shown+acceptSuffix, review.Changes)
	})
	s.on(163*day, func() { s.answer("owner-ola", shown, review.Delivered, deliver(s.text("letter-2", "all of it"))) })
	s.on(164*day, func() { s.answer("sponsor-sue", shown+acceptSuffix, review.Approve) })
	s.on(250*day, func() {
		e.byHand(func() { clear(e.dim) })
		s.answer("owner-ola", lapsed, playbook.LookAgain)
	})
	out := s.playAftercare(in)
	if out.Result != ResultDone || len(out.Matters) != 3 || s.env.Now().Before(monday.Add(250*day)) {
		t.Errorf("%+v at %s", out, s.env.Now().Format(time.DateOnly))
	}
	for _, w := range in.Waivers {
		wantMatter(t, out, w.ID, exit.StateDone)
	}
	if m := wantMatter(t, out, "data-return/acme/1:returned", exit.StateDone); m.By != "sponsor-sue" || m.Document != "sha256:letter-2" {
		t.Errorf("%+v", m)
	}
	if n := len(s.papersOf(InventoryDocument)); n != 3 {
		t.Errorf("%d inventories are filed", n)
	}
}

// Nobody but the owner is there to look at what they file: then it is nobody's word, and
// the waiver is all there is.
func TestAWaiverThatNobodyElseLooksAt(t *testing.T) {
	s, _, in := newWaivers(t)
	in.Waivers, in.Sponsor, in.Deputy = in.Waivers[:1], "owner-ola", ""
	lapsed := playbook.ChoreSettle + "-" + playbook.ChoreLapsed
	s.on(160*day, func() { s.answer("owner-ola", lapsed, playbook.LookAgain) })
	s.on(161*day, func() {
		s.answer("owner-ola", playbook.ChoreShown, review.Delivered, deliver(s.text("letter", "it came")))
	})
	s.on(162*day, func() {
		s.open(lapsed)
		s.act(s.root, "owner-ola", review.Withdraw)
	})
	out := s.playAftercare(in)
	if m := wantMatter(t, out, in.Waivers[0].ID, exit.StateNotCheckable); out.Result != ResultWithdrawn || m.Why != "nobody-looks" {
		t.Errorf("%+v", out)
	}
}
