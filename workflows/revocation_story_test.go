package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// A planned exit: the accounts are confirmed, what there is is found, nothing is cut
// before the word comes that the new work is operational; then all of it is, and it is
// looked at at once, after a day and after a month. A second person looks at the systems
// that have no interface.
func TestAccessIsCutWhenTheNewWorkIsThere(t *testing.T) {
	s, e := newRevocation(t, theirs(inventory.PlaceMembers, "", "membership"), theirs(inventory.PlaceDeployKeys, "ledger", "key"))
	s.on(time.Hour, func() { s.enrols("it-ida", devLogin) })
	s.on(20*day, func() {
		if len(e.cuts) > 0 {
			t.Errorf("%q were cut before the word came", e.cuts)
		}
		s.goes()
	})
	s.on(20*day+time.Hour, func() {
		if !slices.Equal(e.cuts, []string{"membership", "key"}) {
			t.Errorf("%q were cut", e.cuts)
		}
		s.says("it-ida", exit.DoesSystems)
	})
	s.on(21*day, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	out := s.playPart(RevocationType)
	if out.Result != ResultDone || s.env.Now().Sub(monday) < 50*day {
		t.Errorf("%s on day %d", out.Result, s.env.Now().Sub(monday)/day)
	}
	for _, p := range inventory.Places() {
		wantMatter(t, out, string(p), exit.StateDone)
	}
	if m := wantMatter(t, out, matterSystems, exit.StateDone); m.By != "security-sam" {
		t.Errorf("%+v", m)
	}
	if n := len(s.papersOf(InventoryDocument)); n != 5 { // at first, before the cut, and three looks
		t.Errorf("%d inventories were filed", n)
	}
}

// The list of the vendor's accounts counts when those accept it whom the playbook names:
// they refuse it at first, it is asked for again, and nothing is cut by the first.
func TestTheAccountsAreAccepted(t *testing.T) {
	s, e := newRevocation(t, theirs(inventory.PlaceCollaborators, "ledger", "person"))
	accept := reviewStepOf(t, seat("security")).Policy
	s.in.Steps[0].Accept = &accept
	s.on(time.Hour, func() { s.enrols("it-ida", "somebody-of-ours"); s.goes() })
	s.on(1*day, func() { s.answer("security-sam", exit.DoesRoster+acceptSuffix, review.Reject, reasoned) })
	s.on(2*day, func() { s.enrols("it-ida", devLogin) })
	s.on(3*day, func() {
		if n := len(s.papersOf(InventoryDocument)); n > 0 || len(e.cuts) > 0 {
			t.Errorf("%d inventories were taken and %q cut before anybody accepted the accounts", n, e.cuts)
		}
		s.answer("security-sam", exit.DoesRoster+acceptSuffix, review.Approve)
	})
	s.on(4*day, func() { s.says("it-ida", exit.DoesSystems) })
	s.on(4*day+time.Hour, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	out := s.playPart(RevocationType)
	if out.Result != ResultDone || !slices.Equal(e.cuts, []string{"person"}) {
		t.Errorf("%s, %q were cut", out.Result, e.cuts)
	}
	if m := wantMatter(t, out, matterRoster, exit.StateDone); m.By != "security-sam" || m.Document == "" {
		t.Errorf("%+v", m)
	}
}

// Where access is cut the same day, nobody's acceptance is waited for: what is known is
// cut, and what is accepted afterwards when it is.
func TestTheSameDayWaitsForNobodyToAccept(t *testing.T) {
	s, e := newRevocation(t, theirs(inventory.PlaceCollaborators, "ledger", "person"))
	accept := reviewStepOf(t, seat("security")).Policy
	s.in.Steps[0].Accept = &accept
	known := s.text("known", asText(inventory.Roster{Vendor: "acme", Identities: []inventory.Identity{{Login: devLogin}}}))
	s.on(time.Hour, func() {
		if !slices.Equal(e.cuts, []string{"person"}) {
			t.Errorf("%q were cut within the hour", e.cuts)
		}
		s.enrols("it-ida", devLogin)
	})
	s.on(2*time.Hour, func() { s.answer("security-sam", exit.DoesRoster+acceptSuffix, review.Approve) })
	s.on(1*day, func() { s.says("it-ida", exit.DoesSystems) })
	s.on(1*day+time.Hour, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	out := s.playPart(RevocationType, func(in *ExitPartInput) { in.SameDay, in.Roster = true, known })
	if out.Result != ResultDone {
		t.Error(out.Result)
	}
}

// A person of the vendor left a deploy key that GitHub does not let go: it is found after
// the cut, the owner sees to it by hand, and it is looked at again.
func TestAKeyThatStays(t *testing.T) {
	s, e := newRevocation(t, theirs(inventory.PlaceCollaborators, "ledger", "person"), theirs(inventory.PlaceDeployKeys, "ledger", "key"))
	e.keep["key"] = true
	s.on(time.Hour, func() { s.enrols("it-ida", devLogin); s.goes() })
	s.on(1*day, func() { s.says("it-ida", exit.DoesSystems) })
	s.on(1*day+time.Hour, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	s.on(40*day, func() {
		if s.env.IsWorkflowCompleted() {
			t.Error("it ended with a key that is still there")
		}
		e.leaves("key")
		s.answer("owner-ola", playbook.ChoreSettle+"-"+playbook.ChoreStillThere, playbook.LookAgain)
	})
	out := s.playPart(RevocationType)
	if out.Result != ResultDone || s.env.Now().Sub(monday) > 41*day {
		t.Errorf("%s at %s", out.Result, s.env.Now())
	}
	wantMatter(t, out, string(inventory.PlaceDeployKeys), exit.StateDone)
}

// What nobody can see blocks until somebody named waives it, and does so again when the
// waiver ends.
func TestWhatNobodyCanSeeIsWaivedForATime(t *testing.T) {
	s, e := newRevocation(t)
	e.dim[inventory.PlaceCredentials], e.dim[inventory.PlaceTokens] = entitlement.DoubtPermission, entitlement.DoubtHidden
	credentials, tokens := string(inventory.PlaceCredentials), string(inventory.PlaceTokens)
	s.on(time.Hour, func() { s.enrols("it-ida", devLogin); s.goes() })
	s.on(1*day, func() { s.says("it-ida", exit.DoesSystems) })
	s.on(1*day+time.Hour, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	s.on(2*day, func() { s.waives(playbook.ChoreStillThere, monday.AddDate(1, 0, 0), credentials) })
	s.on(3*day, func() { s.waives(playbook.ChoreStillThere, monday.AddDate(0, 0, 20)) })
	s.on(25*day, func() { // that one ran out
		s.waives(playbook.ChoreStillThere, monday.AddDate(1, 0, 0))
	})
	out := s.playPart(RevocationType)
	if out.Result != ResultDone {
		t.Error(out.Result)
	}
	m := wantMatter(t, out, credentials, exit.StateWaived)
	if m.By != "owner-ola" || !m.Until.Equal(monday.AddDate(1, 0, 0)) || m.Why != string(entitlement.DoubtPermission) {
		t.Errorf("%+v", m)
	}
	wantMatter(t, out, tokens, exit.StateWaived)
	if len(out.Expiries) != 2 || out.Expiries[0].Kind != engagement.ExpiryWaiver {
		t.Errorf("%+v", out.Expiries)
	}
}

// A last owner, and something of which nobody knows whose it is, are never taken away.
func TestWhatIsNeverTaken(t *testing.T) {
	last, guess := theirs(inventory.PlaceOwners, "", "last owner"), theirs(inventory.PlaceRunners, "ledger", "guess")
	last.LastOwner, guess.Unsure = true, true
	s, e := newRevocation(t, last, guess, inventory.Finding{Place: inventory.PlaceMembers, Title: "ours", Identity: inventory.Identity{Login: "staff"}})
	s.on(time.Hour, func() { s.enrols("it-ida", devLogin); s.goes() })
	s.on(1*day, func() { s.says("it-ida", exit.DoesSystems) })
	s.on(1*day+time.Hour, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	s.on(2*day, func() {
		s.waives(playbook.ChoreStillThere, monday.AddDate(1, 0, 0), string(inventory.PlaceOwners), string(inventory.PlaceRunners))
	})
	out := s.playPart(RevocationType)
	if len(e.cuts) > 0 || len(e.has) != 3 {
		t.Errorf("%q were cut", e.cuts)
	}
	if m := wantMatter(t, out, string(inventory.PlaceOwners), exit.StateWaived); m.Found != 1 {
		t.Errorf("%+v", m)
	}
}

// More is found than the signed plan names: nothing is cut before people said so. They
// say no; the owner has the inventory made anew when the stranger's access was cleared up.
func TestMoreThanThePlanNames(t *testing.T) {
	s, e := newRevocation(t, theirs(inventory.PlaceCollaborators, "ledger", "named"), theirs(inventory.PlaceCollaborators, "portal", "unnamed"))
	s.on(time.Hour, func() { s.enrols("it-ida", devLogin); s.goes() })
	s.on(2*day, func() { s.answer("security-sam", exit.DoesMore, review.Reject) })
	s.on(9*day, func() {
		if len(e.cuts) > 0 {
			t.Errorf("%q were cut against the word of those who were asked", e.cuts)
		}
		e.leaves("unnamed")
		s.answer("owner-ola", playbook.ChoreSettle+"-"+playbook.ChoreUnplanned, playbook.LookAgain)
	})
	s.on(10*day, func() { s.says("it-ida", exit.DoesSystems) })
	s.on(11*day, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	plan := s.text("plan", `{"lines":[{"point":{"id":"asset-1-what"},"words":"ledger"}]}`)
	out := s.playPart(RevocationType, func(in *ExitPartInput) { in.Plan = plan })
	if out.Result != ResultDone || !slices.Equal(e.cuts, []string{"named"}) {
		t.Errorf("%s, %q were cut", out.Result, e.cuts)
	}
}

// For cause: what is known is cut the same day, before anybody confirms it; the account
// that somebody then names is cut when they do.
func TestAccessIsCutTheSameDay(t *testing.T) {
	late := theirs(inventory.PlaceHooks, "portal", "late")
	late.Identity.Login = leadLogin
	s, e := newRevocation(t, theirs(inventory.PlaceCollaborators, "ledger", "known"), late)
	known := s.text("known", `{"vendor":"acme","identities":[{"login":"`+devLogin+`"}]}`)
	s.on(time.Hour, func() {
		if !slices.Equal(e.cuts, []string{"known"}) {
			t.Errorf("after an hour %q were cut", e.cuts)
		}
		s.enrols("it-ida", devLogin, leadLogin)
	})
	s.on(2*time.Hour, func() {
		if !slices.Equal(e.cuts, []string{"known", "late"}) {
			t.Errorf("%q were cut", e.cuts)
		}
		s.says("it-ida", exit.DoesSystems)
	})
	s.on(1*day, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	out := s.playPart(RevocationType, func(in *ExitPartInput) { in.Roster, in.SameDay = known, true })
	if out.Result != ResultDone {
		t.Error(out.Result)
	}
}

// Somebody of the vendor pushes after the cut: it is found a day later, and blocks until
// the owner waives it.
func TestAPushAfterTheCut(t *testing.T) {
	s, e := newRevocation(t, theirs(inventory.PlaceCollaborators, "ledger", "person"))
	s.on(time.Hour, func() { s.enrols("it-ida", devLogin); s.goes() })
	s.on(12*time.Hour, func() {
		e.byHand(func() { e.has = append(e.has, theirs(inventory.PlacePushes, "ledger", "push")) })
	})
	s.on(3*day, func() {
		s.says("it-ida", exit.DoesSystems)
		s.waives(playbook.ChoreStillThere, monday.AddDate(1, 0, 0))
	})
	s.on(4*day, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	out := s.playPart(RevocationType)
	if m := wantMatter(t, out, string(inventory.PlacePushes), exit.StateWaived); m.Found != 1 {
		t.Errorf("%+v", m)
	}
}

// GitHub is away on the day of the cut: nothing is called cut or clean; it is tried again
// by itself, and the rest goes on.
func TestGitHubIsAway(t *testing.T) {
	s, e := newRevocation(t, theirs(inventory.PlaceCollaborators, "ledger", "person"))
	e.away = true
	s.on(time.Hour, func() { s.enrols("it-ida", devLogin); s.goes() })
	s.on(2*day, func() {
		if len(e.cuts) > 0 {
			t.Error("it was cut while GitHub was away")
		}
		s.open(playbook.ChoreSettle + "-" + playbook.ChoreStillThere)
		e.byHand(func() { e.away = false })
	})
	s.on(5*day, func() { s.says("it-ida", exit.DoesSystems) })
	s.on(6*day, func() { s.answer("security-sam", exit.DoesSecond, review.Approve) })
	out := s.playPart(RevocationType)
	if out.Result != ResultDone || !slices.Equal(e.cuts, []string{"person"}) {
		t.Errorf("%s, %q", out.Result, e.cuts)
	}
}

// The second person is not convinced, and is never the one who did it.
func TestASecondPersonLooks(t *testing.T) {
	s, _ := newRevocation(t)
	i := slices.IndexFunc(s.in.Steps, func(x playbook.Step) bool { return x.Does == exit.DoesSecond })
	s.in.Steps[i].Policy.Groups[0].Seats[0].Role = "it"
	s.on(time.Hour, func() { s.enrols("it-ida", devLogin); s.goes() })
	s.on(1*day, func() { s.says("it-ida", exit.DoesSystems) })
	s.on(2*day, func() {
		s.refused(s.answer("it-ida", exit.DoesSecond, review.Approve), review.OwnWork)
		s.answer("it-ivo", exit.DoesSecond, review.Reject)
	})
	s.on(3*day, func() { s.says("it-ida", exit.DoesSystems) })
	s.on(4*day, func() { s.answer("it-ivo", exit.DoesSecond, review.Approve) })
	out := s.playPart(RevocationType)
	if m := wantMatter(t, out, matterSystems, exit.StateDone); m.By != "it-ivo" {
		t.Errorf("%+v", m)
	}
}

// The exit is withdrawn: what was not seen to is not called done.
func TestARevocationIsWithdrawn(t *testing.T) {
	s, e := newRevocation(t, theirs(inventory.PlaceCollaborators, "ledger", "person"))
	s.on(time.Hour, func() { s.enrols("it-ida", devLogin) })
	s.on(1*day, func() {
		s.env.SignalWorkflow(SignalWithdraw, review.Act{ID: "w", Kind: review.Withdraw, Person: s.person("owner-ola")})
	})
	out := s.playPart(RevocationType)
	if out.Result != ResultWithdrawn || len(e.cuts) > 0 {
		t.Errorf("%s, %q", out.Result, e.cuts)
	}
	wantMatter(t, out, string(inventory.PlaceCollaborators), exit.StateOpen)
}

// papersOf are the digests of what was filed under a name.
func (s *story) papersOf(name string) []string {
	var all []string
	for _, e := range s.rec.of("document") {
		if e.Detail.Name == name {
			all = append(all, e.Detail.Document)
		}
	}
	return all
}
