package inventory

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestWhatIsWorkedOnWasForgotten: a push of the vendor's after the cut makes a repository
// an asset that nobody thought of; a key, staff's push, a push of nobody known and what
// the plan names do not.
func TestWhatIsWorkedOnWasForgotten(t *testing.T) {
	t.Parallel()
	r := Roster{Identities: []Identity{{Login: "dev-one", Account: 7}, {Login: "both", Account: 8}}, Staff: []Identity{{Login: "both", Account: 8}}}
	all := []Repository{{ID: 1, Owner: "northgate", Name: "ledger"}, {ID: 2, Owner: "northgate", Name: "engine"}, {Name: "nameless"}}
	pushed := func(id int64, who Identity) Finding {
		return Finding{Place: PlacePushes, RepositoryID: id, Identity: who, ByHand: true}
	}
	for name, c := range map[string]struct {
		f    Finding
		plan string
		want []Repository
	}{
		"theirs":                 {pushed(1, Identity{Login: "dev-now", Account: 7}), "acme/engine", all[:1]},
		"the plan names it":      {pushed(2, Identity{Login: "dev-one", Account: 7}), "what comes back: acme/Engine.", nil},
		"staff's":                {pushed(1, Identity{Login: "both", Account: 8}), "", nil},
		"somebody else's":        {pushed(1, Identity{Login: "ann", Account: 9}), "", nil},
		"nobody knows whose":     {Finding{Place: PlacePushes, RepositoryID: 1, Unsure: true}, "", nil},
		"a key is an access":     {Finding{Place: PlaceDeployKeys, RepositoryID: 1, Identity: Identity{Login: "dev-one", Account: 7}}, "", nil},
		"a repository of no one": {pushed(0, Identity{Login: "dev-one", Account: 7}), "", nil},
	} {
		if got := r.Forgotten([]Sight{{Place: c.f.Place, Findings: []Finding{c.f, c.f}}}, all, c.plan); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestForgottenAreAmongThoseThatAre: each is one of the organisation's, once, is not named
// by the plan, and a plan that names it takes it out and leaves all others.
func TestForgottenAreAmongThoseThatAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sights := rapid.SliceOfN(drawn(), 0, 12).Draw(t, "sights")
		var all []Repository
		var r Roster
		for i := range 5 {
			all = append(all, Repository{ID: int64(i), Owner: "northgate", Name: fmt.Sprint("repo-", i)})
		}
		for _, s := range sights {
			for _, f := range s.Findings {
				if rapid.Bool().Draw(t, "theirs") {
					r.Enrol(f.Identity)
				}
			}
		}
		got := r.Forgotten(sights, append(all, all...), "nothing")
		for i, x := range got {
			if !slices.Contains(all, x) || slices.Contains(got[:i], x) || x.ID == 0 {
				t.Fatalf("%v of %v", got, all)
			}
			rest := r.Forgotten(sights, all, "we know of "+x.Owner+"/"+x.Name+", and of it alone")
			if slices.Contains(rest, x) || len(rest) != len(got)-1 {
				t.Fatalf("with %v named there are %v of %v", x, rest, got)
			}
		}
	})
}
