package authorship

import (
	"math"
	"slices"
	"strings"
)

// The weights of the degree of authorship, and how near to the highest of a file one has
// to be to count as its author (Avelino et al., section 3).
const (
	doaBase     = 3.293
	doaFirst    = 1.098 // for whoever made the file
	doaOwn      = 0.164 // for each change of one's own
	doaOthers   = 0.321 // less, for the logarithm of the changes of others
	authorAbove = 0.75
	// orphaned is the part of the files without an author at which a project stops.
	orphaned = 0.5
)

// Degree is the degree of authorship of somebody in a file: whether they made it, how
// often they changed it, how often others did.
func Degree(first bool, own, others int) float64 {
	doa := doaBase + doaOwn*float64(own) - doaOthers*math.Log1p(float64(others))
	if first {
		doa += doaFirst
	}
	return doa
}

// File is a file and its authors, as whoever asked calls them, in order.
type File struct {
	Path    string
	Authors []string
}

// Files are the files with their authors, by path. who says which person an author is:
// somebody who writes with two addresses is one.
func (l *Ledger) Files(who func(Author) string) []File {
	people := make([]string, len(l.authors))
	for i, a := range l.authors {
		people[i] = who(a)
	}
	files := make([]File, 0, len(l.files))
	for name, t := range l.files {
		files = append(files, File{Path: name, Authors: t.authors(people)})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// authors are those whose degree is near enough to the highest.
func (t *tally) authors(people []string) []string {
	own := map[string]int{}
	all := 0
	for by, n := range t.changes {
		own[people[by]] += n
		all += n
	}
	degrees := map[string]float64{}
	highest := math.Inf(-1)
	for person, n := range own {
		first := t.creator != nobody && people[t.creator] == person
		degrees[person] = Degree(first, n, all-n)
		highest = max(highest, degrees[person])
	}
	var authors []string
	for person, degree := range degrees {
		// Below zero, after tens of thousands of changes of others, a part of the highest
		// is more than it: then the highest alone counts.
		if degree == highest || highest > 0 && degree/highest > authorAbove {
			authors = append(authors, person)
		}
	}
	slices.Sort(authors)
	return authors
}

// TruckFactor is how many people would have to leave until half of the files, or more,
// have no author, when whoever has most files leaves first.
func TruckFactor(files []File) int {
	left := map[string]bool{}
	total := 0
	for _, f := range files {
		if len(f.Authors) > 0 {
			total++
		}
	}
	for total > 0 {
		has := map[string]int{}
		without := 0
		for _, f := range files {
			if len(f.Authors) == 0 {
				continue
			}
			stays := 0
			for _, a := range f.Authors {
				if !left[a] {
					has[a]++
					stays++
				}
			}
			if stays == 0 {
				without++
			}
		}
		if float64(without) >= orphaned*float64(total) {
			break
		}
		most := ""
		for person, n := range has {
			if n > has[most] || n == has[most] && person < most {
				most = person
			}
		}
		left[most] = true
	}
	return len(left)
}
