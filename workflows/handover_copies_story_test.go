package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/custody"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// The vendor never hands the repository over, and a copy of it was restored by somebody:
// the owner says by name that the copy stands in. Somebody else than who restored it looks
// whether it works, and its matter says what it is.
func TestHandoverWhereACopyStandsIn(t *testing.T) {
	restore := partStep(t, exit.PartHandover, exit.DoesRestore, "restored", review.Task, seat("it"))
	m := newMovers(t, []string{"r-1"}, restore)
	m.mover.refuses["r-1"] = custody.WhyPermission
	m.on(1*day, func() { m.wantAsked("restored-repository"); m.provides("it-ida", "restored-repository") })
	m.on(2*day, func() {
		m.wantAsked("settle-repository")
		m.answer("owner-ola", "settle-repository", byCopy)
	})
	m.on(3*day, func() { m.wantAsked("verify-repository"); m.provides("it-ivo", "verify-repository") })
	m.on(4*day, func() { m.answer("owner-ola", "take-repository", review.Approve) })
	out := m.moves(assetsOf(exit.AssetRepository, "", "r-1"))
	m.wantStates(out, ResultDone, "r-1 done by-copy", "inventory not-needed no-roster")
}

// Nobody restored the copy: that it stands in is not for anybody to say.
func TestHandoverWhereACopyWasNotRestored(t *testing.T) {
	restore := partStep(t, exit.PartHandover, exit.DoesRestore, "restored", review.Task, seat("it"))
	m := newMovers(t, []string{"r-1"}, restore)
	m.on(1*day, func() { m.provides("it-ida", "restored-repository", saysNo("r-1")) })
	m.on(2*day, func() {
		if r := m.open("settle-repository"); slices.Contains(r.Options, byCopy) {
			t.Errorf("the owner may %v", r.Options)
		}
		m.act(m.root, "owner-ola", review.Stop)
	})
	out := m.moves(assetsOf(exit.AssetRepository, "", "r-1"))
	m.wantStates(out, ResultIncomplete, "r-1 failed not-restored", "inventory not-needed no-roster")
}

// Somebody counts two repositories more, which no list names: nothing can be called for
// them, and whoever has them is asked, as for everything else. One that the plan calls by
// words that are no name is asked for beside those that go over by calls.
func TestHandoverOfRepositoriesThatNobodyNames(t *testing.T) {
	m := newMovers(t, []string{"r-1"}, func() playbook.Step {
		s := partStep(t, exit.PartHandover, exit.DoesAssets, "more", review.Task, seat("it"))
		s.Points = []engagement.Point{{ID: "repository", Title: "How many more?", Kind: engagement.PointNumber, Optional: true}, {ID: "which", Title: "Which?", Kind: engagement.PointText}}
		return s
	}())
	m.on(time.Hour, func() {
		m.wantAsked("more", "hand-repository-2", "verify-repository") // r-1 came, r-2 has no name
		m.answer("it-ida", "more", review.Done, func(a *review.Answer) {
			two := int64(2)
			a.Findings = []engagement.Finding{{Point: "repository", Number: &two}, {Point: "which", Said: true}}
			text, err := engagement.FillSheet("More", m.open("more").Points, a.Findings, map[string]string{"which": "the two of the old site"})
			if err != nil {
				t.Fatal(err)
			}
			encoded, err := text.Encode()
			if err != nil {
				t.Fatal(err)
			}
			a.Documents = []string{m.text("sha256:more", string(encoded))}
		})
	})
	m.on(1*day, func() {
		m.wantAsked("hand-repository-2", "verify-repository", "hand-repository-3")
		if r := m.open("hand-repository-3"); len(r.Points) != 2 || r.Points[1].ID != "more-repository-2" {
			t.Errorf("asked is %+v", r.Points)
		}
		m.provides("acme.1", "hand-repository-2")
		m.provides("acme.1", "hand-repository-3")
	})
	m.on(2*day, func() {
		for _, step := range []string{"verify-repository", "verify-repository-2", "verify-repository-3"} {
			m.provides("it-ida", step)
		}
	})
	m.on(3*day, func() { m.approvesAll() })
	out := m.moves(assetsOf(exit.AssetRepository, "", "r-1", "r-2"))
	m.wantStates(out, ResultDone, "r-1 done", "r-2 done", "more-repository-1 done", "more-repository-2 done", "inventory not-needed no-roster")
	for _, what := range m.mover.sortedDid() {
		if !strings.HasSuffix(what, " r-1") {
			t.Errorf("%s was called for what nobody names", what)
		}
	}
}
