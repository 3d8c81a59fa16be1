package exit

import "slices"

// List is assets of one kind and receiver: people are asked about them together.
type List struct {
	Kind     AssetKind
	Receiver string
	Assets   []Asset
}

// Lists sorts assets into lists of at most so many, as few as can be: by kind, in the
// order in which people are shown kinds, and by who receives them. An id that comes twice
// counts once.
func Lists(assets []Asset, most int) []List {
	kinds := AssetKinds()
	for _, a := range assets {
		if !slices.Contains(kinds, a.Kind) {
			kinds = append(kinds, a.Kind)
		}
	}
	seen := map[string]bool{}
	var all []List
	for _, kind := range kinds {
		from := len(all)
		for _, a := range assets {
			if a.Kind != kind || seen[a.ID] {
				continue
			}
			seen[a.ID] = true
			i := from
			for i < len(all) && (all[i].Receiver != a.Receiver || len(all[i].Assets) >= max(most, 1)) {
				i++
			}
			if i == len(all) {
				all = append(all, List{Kind: kind, Receiver: a.Receiver})
			}
			all[i].Assets = append(all[i].Assets, a)
		}
	}
	return all
}
