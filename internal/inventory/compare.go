package inventory

// Change is what became of an inventory's findings by the next.
type Change struct {
	// Gone are those that were there and are not, where the place was seen again.
	Gone []Finding `json:"gone,omitempty"`
	// Still are those that are still there, as the second inventory has them.
	Still []Finding `json:"still,omitempty"`
	// New are those that the first did not have.
	New []Finding `json:"new,omitempty"`
	// Unknown are those that were there, at places that the second could not see: that
	// they are not in it says nothing.
	Unknown []Finding `json:"unknown,omitempty"`
}

// Compare holds a later inventory to an earlier one of the same roster.
func Compare(before, after []Sight) Change {
	var c Change
	then := map[Key]bool{}
	now := map[Key]bool{}
	seen := map[Place]bool{}
	was, is := Merge(before), Merge(after)
	for _, s := range was {
		for _, f := range s.Findings {
			then[f.Key()] = true
		}
	}
	for _, s := range is {
		seen[s.Place] = len(s.Doubts) == 0
		for _, f := range s.Findings {
			now[f.Key()] = true
			if then[f.Key()] {
				c.Still = append(c.Still, f)
			} else {
				c.New = append(c.New, f)
			}
		}
	}
	for _, s := range was {
		for _, f := range s.Findings {
			switch {
			case now[f.Key()]:
			case seen[f.Place]:
				c.Gone = append(c.Gone, f)
			default:
				c.Unknown = append(c.Unknown, f)
			}
		}
	}
	return c
}
