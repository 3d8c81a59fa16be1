package engagement

import "slices"

// Lacks are the competences that are wanted and that somebody is not known to have,
// in the order in which they are wanted; nil: they have them all.
func Lacks(wanted, has []string) []string {
	var lacks []string
	for _, w := range wanted {
		if !slices.Contains(has, w) && !slices.Contains(lacks, w) {
			lacks = append(lacks, w)
		}
	}
	return lacks
}
