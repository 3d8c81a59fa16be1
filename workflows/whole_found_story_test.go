package workflows

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/activities"
	"gangway/internal/custody"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/github"
	"gangway/internal/github/githubtest"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
)

// newFoundExit prepares leaving acme by the exit that ships, at a GitHub and with git: the
// plan names the vendor's repository acme/engine, and their account writes to the ledger.
func newFoundExit(t *testing.T, change func(*githubtest.Options)) (*wholeExit, *hub) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil && os.Getenv("GANGWAY_REQUIRE") != "" {
		t.Fatalf("this story needs git: %v", err)
	} else if err != nil {
		t.Skip("there is no git (GANGWAY_REQUIRE=1 makes this a failure)")
	}
	rec := newRecord()
	h := newHub(t, rec, func(o *githubtest.Options) {
		o.Enterprise, o.Git = true, t.TempDir()
		if change != nil {
			change(o)
		}
	})
	folder := t.TempDir()
	rec.more = func(a *activities.Activities) {
		a.Survey, a.Filing = github.NewSurveyor(h.c), h
		a.Mover = github.NewMover(h.c, github.Copying{Folder: folder, Host: h.s.URL(), Look: time.Millisecond})
	}
	order := exit.Order{Mode: exit.ModePlanned, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost}
	l := wholeExitOf(t, rec, func(s *story) { h.follow(s.env.Now) }, 2, order, true, nil)
	l.lasts = 150 * day
	l.exit.Plan = l.text("plan-of-theirs", strings.Replace(planText("payroll exports"), "northgate/payroll", "acme/engine", 1))
	l.exit.Roster = l.text("roster-before", `{"vendor":"acme","identities":[{"login":"acme-people"}]}`)
	for range inventory.Places() { // of what GitHub shows to nobody; each answer is about one place
		l.expect(playbook.ChoreSettle + "-" + playbook.ChoreStillThere).says(playbook.Waive)
	}
	h.s.AddUser("acme-people")
	h.s.AddCollaborator("ledger", "acme-people", "write")
	h.s.Anywhere("acme", "engine", "private")
	written(t, h.s.GitFolder("acme", "engine", false))
	return l, h
}

// filed are the texts that were filed under a name.
func (l *wholeExit) filed(name string) []string {
	var all []string
	for _, digest := range l.papersOf(name) {
		all = append(all, l.textOf(digest))
	}
	return all
}

// Twelve hours after the cut somebody of the vendor's puts a deploy key back. The look of
// the next day finds it, it is cut and looked at again, and all of that is in the dossier.
// The vendor's repository came over meanwhile.
func TestWholeExitFindsAKeyADayAfterTheCut(t *testing.T) {
	l, h := newFoundExit(t, nil)
	var cut time.Time
	l.when("access-systems", func() {
		cut = l.env.Now()
		l.env.RegisterDelayedCallback(func() { h.s.AddKey("ledger", "night key", "acme-people") }, 12*time.Hour)
	})
	out := l.leaves()
	if out.Result != ResultExited || len(h.s.Roles("ledger", "acme-people")) != 0 || strings.Contains(strings.Join(h.s.Things(), " "), "night key") {
		t.Errorf("%+v, left are %q", out, h.s.Things())
	}
	if cut.IsZero() || l.env.Now().Sub(cut) < 29*day {
		t.Errorf("it was certified on %s, and cut on %s", l.env.Now(), cut)
	}
	saw := slices.DeleteFunc(l.filed(InventoryDocument), func(text string) bool { return !strings.Contains(text, "night key") })
	if did := l.filed(CutDocument); len(saw) != 1 || len(did) != 2 {
		t.Errorf("%d inventories that are filed know of it, and %d cuts are filed", len(saw), len(did))
	}
	if page := l.textOf(out.Certificate); !strings.Contains(page, "deploy-keys: done") {
		t.Errorf("the certificate says\n%s", page)
	}
	if h.s.RepositoryID("northgate", "engine") == 0 {
		t.Error("the repository did not come over")
	}
}

// The plan calls a repository by its name alone, as people write their own: it is the
// client's, is copied and restored like any other, and stays where it is.
func TestWholeExitOfARepositoryNamedAlone(t *testing.T) {
	l, h := newFoundExit(t, nil)
	l.exit.Plan = l.text("plan-of-ours", strings.Replace(planText("payroll exports"), "northgate/payroll", "ledger", 1))
	written(t, h.s.GitFolder("northgate", "ledger", false))
	out := l.leaves()
	var known custody.Evidence
	if all := l.filed(evidenceDocument); len(all) == 0 || json.Unmarshal([]byte(all[len(all)-1]), &known) != nil {
		t.Fatalf("%+v, and %d documents say what is known of it", out, len(all))
	}
	want := inventory.Repository{ID: h.s.RepositoryID("northgate", "ledger"), Owner: "northgate", Name: "ledger"}
	c, r := known.CopyOf("asset-1"), known.RestorationOf("asset-1")
	if c.State != exit.StateDone || c.Repository != want || r.State != exit.StateDone {
		t.Errorf("its copy is %s (%s) of %+v, and its restoration %s (%s)", c.State, c.Why, c.Repository, r.State, r.Why)
	}
	if _, handed, _ := strings.Cut(l.textOf(out.Certificate), "\nHANDOVER\n"); out.Result != ResultExited || !strings.HasPrefix(handed, "  asset-1, ledger: done, verified by ") {
		t.Errorf("%+v, and the certificate says\n%s", out, handed)
	}
	if got := h.s.RepositoryID("acme", "engine"); got == 0 {
		t.Error("another one changed hands")
	}
}

// GitHub refuses to transfer the repository, since the client has one of its name: that is
// said, nothing is called transferred, and the owner decides by name that it came by hand.
// Somebody else looks whether it works, and the certificate says how it came.
func TestWholeExitWhereATransferIsRefused(t *testing.T) {
	l, h := newFoundExit(t, nil)
	h.s.AddRepository("engine", "private")
	l.expect("settle-repository").by("owner-ola").says(byHand)
	out := l.leaves()
	l.wantByHand(out, h, "name-taken")
}

// GitHub takes the transfer on, and whoever has to accept it never does: it is watched for
// two days, and called failed then.
func TestWholeExitWhereATransferNeverArrives(t *testing.T) {
	l, h := newFoundExit(t, func(o *githubtest.Options) { o.Unaccepted = true })
	l.expect("settle-repository").by("owner-ola").says(byHand)
	out := l.leaves()
	l.wantByHand(out, h, "acceptance")
}

// wantByHand holds what is so where a repository was not transferred.
func (l *wholeExit) wantByHand(out ExitResult, h *hub, why string) {
	t := l.t
	t.Helper()
	if out.Result != ResultExited || h.s.RepositoryID("acme", "engine") == 0 {
		t.Errorf("%+v", out)
	}
	known := l.filed(evidenceDocument)
	if len(known) == 0 || !strings.Contains(known[len(known)-1], `"why": "`+why+`"`) || !strings.Contains(known[len(known)-1], `"restorations"`) {
		t.Errorf("what is known of it is not that it is %s, or not that its copy was restored: %d documents", why, len(known))
	}
	page := l.textOf(out.Certificate)
	_, handed, _ := strings.Cut(page, "\nHANDOVER\n") // the knowledge of it stands before
	line, _, _ := strings.Cut(handed, "\n")
	if !strings.HasPrefix(line, "  asset-1, acme/engine: done, verified by ") || !strings.Contains(line, ", by hand") {
		t.Errorf("the certificate says\n%s", page)
	}
}

// More is found than the plan names: nothing is cut before people said so. They say no;
// the owner has it looked at again, and asked about again, and then it is cut. What is the
// staff's stays throughout.
func TestWholeExitStopsAtMoreThanThePlanNames(t *testing.T) {
	l, h := newFoundExit(t, nil)
	h.s.AddKey("ledger", "ours", "ann")
	h.s.AddKey("ledger", "their key", "acme-people")
	l.expect("access-more").rejects()
	stood := false
	l.expect(playbook.ChoreSettle + "-" + playbook.ChoreUnplanned).says(playbook.LookAgain)
	l.when(playbook.ChoreSettle+"-"+playbook.ChoreUnplanned, func() {
		stood = len(h.s.Roles("ledger", "acme-people")) > 0 && strings.Contains(strings.Join(h.s.Things(), " "), "their key")
	})
	out := l.leaves()
	if out.Result != ResultExited || !stood {
		t.Errorf("%+v; it stood while nobody had said yes: %v", out, stood)
	}
	left := strings.Join(h.s.Things(), " ")
	if strings.Contains(left, "their key") || !strings.Contains(left, "ours") {
		t.Errorf("left are %q", left)
	}
	if n := len(l.rec.of(dossier.PartEnded)); n != 4 {
		t.Errorf("%d parts ended", n)
	}
}
