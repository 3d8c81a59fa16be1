package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/activities"
	"gangway/internal/custody"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// movers is a story of a hand-over of repositories.
type movers struct {
	*story
	mover *mover
	list  string
}

// newMovers prepares a hand-over of repositories, with further steps.
func newMovers(t *testing.T, ids []string, more ...playbook.Step) *movers {
	t.Helper()
	rec := newRecord()
	m := &movers{mover: newMover(rec)}
	rec.more = func(a *activities.Activities) { m.mover.over(a) }
	steps := slices.DeleteFunc(handoverSteps(t), func(s playbook.Step) bool { return s.ID == "more" })
	m.story = storyOf(t, rec, "acme", []string{"it-ida", "it-ivo", "hr-hal", "hr-han", "legal-lee"}, nil, append(steps, more...)...)
	m.know("acme.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	m.root, m.list = firstHandover, m.mover.listed(ids...)
	return m
}

// moves plays the story.
func (m *movers) moves(assets []exit.Asset, change ...func(*ExitPartInput)) ExitPartResult {
	return m.playHandover(assets, append([]func(*ExitPartInput){func(in *ExitPartInput) { in.Repositories = m.list }}, change...)...)
}

// Two repositories are copied, restored from the copy, transferred, and watched until they
// are there; then a person looks whether they work, and their receiver takes them. Nobody
// of the vendor is asked for anything.
func TestHandoverOfRepositories(t *testing.T) {
	m := newMovers(t, []string{"r-1", "r-2"})
	m.mover.slow["r-2"] = 3
	m.mover.away = 2
	m.on(time.Hour, func() {
		m.wantAsked("verify-repository")
		if r := m.open("verify-repository"); len(r.Points) != 1 || r.Points[0].ID != "r-1" {
			t.Errorf("looked at is %+v, while r-2 is under way", r.Points)
		}
	})
	m.on(1*day, func() { m.provides("it-ida", "verify-repository") })
	m.on(1*day+time.Hour, func() { m.wantAsked("verify-repository"); m.provides("it-ida", "verify-repository") })
	m.on(2*day, func() { m.answer("owner-ola", "take-repository", review.Approve) })
	out := m.moves(assetsOf(exit.AssetRepository, "", "r-1", "r-2"))
	m.wantStates(out, ResultDone, "r-1 done", "r-2 done", "inventory not-needed no-roster")
	for what, want := range map[string]int{"keep r-1": 1, "restore r-2": 1, "transfer r-1": 1, "transfer r-2": 1, "stand r-1": 0, "stand r-2": 3} {
		if got := m.mover.times(what); got != want {
			t.Errorf("%s was done %d times, want %d: %q", what, got, want, m.mover.sortedDid())
		}
	}
	var filed []string
	for _, d := range m.view().Documents {
		if d.Name == evidenceDocument {
			filed = append(filed, d.Document)
		}
	}
	if len(filed) < 3 || !strings.Contains(m.rec.papers[filed[len(filed)-1]], custody.EvidenceKind) {
		t.Errorf("of what is known of them %d documents are filed", len(filed))
	}
	m.wantTold("acme.1")
}

// GitHub refuses one: the others go on. What has no copy that was restored is asked about
// first, and may not be said to be here by its copy. The owner has that tried again, and of
// the other says that it was done by hand, which somebody verifies all the same.
func TestHandoverOfARepositoryThatGitHubRefuses(t *testing.T) {
	m := newMovers(t, []string{"r-1", "r-2", "r-3"})
	m.mover.refuses["r-2"], m.mover.damaged["r-3"] = custody.WhyNameTaken, true
	m.on(1*day, func() {
		m.wantAsked("settle-repository", "verify-repository")
		if r := m.open("settle-repository"); !slices.Equal(r.Options, []review.Verdict{playbook.AskAgain, byHand, playbook.Waive}) {
			t.Errorf("the owner may %v", r.Options)
		}
		m.provides("it-ida", "verify-repository")
		m.mover.damaged["r-3"] = false
		m.answer("owner-ola", "settle-repository", playbook.AskAgain)
	})
	m.on(2*day, func() {
		m.wantAsked("take-repository", "settle-repository", "verify-repository") // r-3 came, r-2 did not
		if r := m.open("settle-repository"); !slices.Equal(r.Options, []review.Verdict{playbook.AskAgain, byHand, byCopy, playbook.Waive}) {
			t.Errorf("of what was restored the owner may %v", r.Options)
		}
		m.provides("it-ida", "verify-repository")
		m.answer("owner-ola", "take-repository", review.Approve)
		m.answer("owner-ola", "settle-repository", byHand)
	})
	m.on(3*day, func() {
		m.wantAsked("take-repository", "verify-repository")
		m.answer("owner-ola", "take-repository", review.Approve)
		m.provides("it-ida", "verify-repository")
	})
	m.on(4*day, func() { m.answer("owner-ola", "take-repository", review.Approve) })
	out := m.moves(assetsOf(exit.AssetRepository, "", "r-1", "r-2", "r-3"))
	m.wantStates(out, ResultDone, "r-1 done", "r-2 done by-hand", "r-3 done", "inventory not-needed no-roster")
}

// A transfer that somebody would have to accept by mail, and nobody does, is the owner's
// after two days; waived, it is so until its day, and is open again then.
func TestHandoverOfARepositoryThatNobodyAccepts(t *testing.T) {
	m := newMovers(t, []string{"r-1"})
	m.mover.slow["r-1"] = 1000
	m.on(1*day, func() { m.wantAsked() })
	m.on(3*day, func() { m.wantAsked("settle-repository"); m.answer("owner-ola", "settle-repository", playbook.Waive) })
	m.on(4*day, func() { m.provides("owner-ola", "waiver-repository", validTo(monday.Add(20*day))) })
	out := m.moves(assetsOf(exit.AssetRepository, "", "r-1"))
	m.wantStates(out, ResultDone, "r-1 waived under-way", "inventory not-needed no-roster")
	if n := m.mover.times("transfer r-1"); n != 1 {
		t.Errorf("it was asked for %d times", n)
	}
}

// Where the playbook says so a person restores the copy before anything is transferred.
func TestHandoverRestoresBeforeItTransfers(t *testing.T) {
	restore := partStep(t, exit.PartHandover, exit.DoesRestore, "restored", review.Task, seat("it"))
	m := newMovers(t, []string{"r-1", "r-2"}, restore)
	m.on(1*day, func() {
		m.wantAsked("restored-repository")
		if m.mover.times("transfer r-1")+m.mover.times("transfer r-2") > 0 {
			t.Errorf("transferred before anybody restored it: %q", m.mover.sortedDid())
		}
		m.provides("it-ida", "restored-repository", saysNo("r-2"))
	})
	m.on(2*day, func() {
		m.wantAsked("settle-repository", "verify-repository")
		if m.mover.times("transfer r-1") != 1 || m.mover.times("transfer r-2") > 0 {
			t.Errorf("done was %q", m.mover.sortedDid())
		}
		m.act(m.root, "owner-ola", review.Stop)
	})
	out := m.moves(assetsOf(exit.AssetRepository, "", "r-1", "r-2"))
	m.wantStates(out, ResultIncomplete, "r-1 open looked", "r-2 failed not-restored", "inventory not-needed no-roster")
}

// What came along with the repositories is looked at again where they are now; where
// nobody can see it, somebody named has to waive that.
func TestHandoverTakesTheInventoryAgain(t *testing.T) {
	m := newMovers(t, []string{"r-1"})
	m.on(1*day, func() {
		m.wantAsked("verify-repository", "settle-inventory")
		m.provides("it-ida", "verify-repository")
		m.answer("owner-ola", "settle-inventory", playbook.AskAgain)
	})
	m.on(2*day, func() {
		m.wantAsked("take-repository", "settle-inventory")
		m.answer("owner-ola", "take-repository", review.Approve)
		m.answer("owner-ola", "settle-inventory", playbook.Waive)
	})
	m.on(3*day, func() {
		m.wantAsked("waiver-inventory")
		m.provides("owner-ola", "waiver-inventory", validTo(monday.AddDate(0, 1, 0)))
	})
	out := m.moves(assetsOf(exit.AssetRepository, "", "r-1"), func(in *ExitPartInput) {
		in.Roster = m.mover.packed(map[string]any{"vendor": "acme", "identities": []map[string]any{{"login": "ann-acme"}}})
	})
	m.wantStates(out, ResultDone, "r-1 done", "inventory waived not-set-up")
	if out.Expiries[0].Kind != engagement.ExpiryWaiver || len(m.rec.of(dossier.MatterSettled)) != 4 {
		t.Errorf("watched is %+v, settled %d", out.Expiries, len(m.rec.of(dossier.MatterSettled)))
	}
}
