package exit

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Every asset is on one list, with others of its kind and receiver alone; no list is
// longer than it may be, and there are no more than that needs.
func TestListsAreFewAndWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kinds := append(AssetKinds(), "of-a-later-release")
		assets := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Asset {
			return Asset{ID: rapid.StringMatching(`[a-d][0-9]`).Draw(t, "id"), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				Receiver: rapid.SampledFrom([]string{"", "ann", "ben"}).Draw(t, "receiver")}
		}), 0, 60).Draw(t, "assets")
		most := rapid.IntRange(-1, 9).Draw(t, "most")
		all := Lists(assets, most)
		most = max(most, 1)
		type of struct {
			kind     AssetKind
			receiver string
		}
		seen, count, lists := map[string]bool{}, map[of]int{}, map[of]int{}
		last := 0
		for _, l := range all {
			at := slices.Index(kinds, l.Kind)
			if len(l.Assets) == 0 || len(l.Assets) > most || at < last {
				t.Fatalf("a list is %+v", l)
			}
			last = at
			lists[of{l.Kind, l.Receiver}]++
			for _, a := range l.Assets {
				if a.Kind != l.Kind || a.Receiver != l.Receiver || seen[a.ID] {
					t.Fatalf("%+v is on the list of %s for %q, or on two", a, l.Kind, l.Receiver)
				}
				seen[a.ID] = true
				count[of{l.Kind, l.Receiver}]++
			}
		}
		for _, a := range assets {
			if !seen[a.ID] {
				t.Fatalf("%+v is on no list", a)
			}
		}
		for g, n := range count {
			if want := (n + most - 1) / most; lists[g] != want {
				t.Fatalf("%d assets of %v stand on %d lists of at most %d", n, g, lists[g], most)
			}
		}
	})
}
