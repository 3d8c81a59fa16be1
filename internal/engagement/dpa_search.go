package engagement

import (
	"slices"
	"strings"
	"unicode"
)

// mostProposed is how many places are proposed for a point: more would be a list
// that nobody reads.
const mostProposed = 3

// nearWords is how far apart the stems of one cue may stand.
const nearWords = 15

// Propose gives the points of a data processing agreement with the places that a search of its text
// proposes for each, the best first. A search finds words, not meaning: what it
// proposes may be wrong, and where it finds nothing there may be something.
// Whether a place says what it must is for people.
func Propose(clauses []Clause) []Point { return ProposeFor(DPAPoints(), clauses) }

// LooksLikeDPA reports whether a place is proposed for more than half of what the
// law wants: contracts of other kinds have a third at most.
func LooksLikeDPA(points []Point) bool {
	wanted, found := 0, 0
	for _, p := range points {
		if p.Dated {
			continue
		}
		wanted++
		if len(p.Proposed) > 0 {
			found++
		}
	}
	return 2*found > wanted
}

// place is a clause that could be proposed.
type place struct {
	ref   string
	score int
	at    int
}

// ranked takes the best, leaving out what is far behind them; of equals the first
// in the document comes first.
func ranked(found []place) []string {
	slices.SortStableFunc(found, func(a, b place) int { return b.score - a.score })
	var refs []string
	for _, p := range found {
		if len(refs) < mostProposed && 2*p.score > found[0].score {
			refs = append(refs, p.ref)
		}
	}
	return refs
}

// stemIndex finds stems by their first letter.
type stemIndex map[rune][]string

func stemsOf(signs [][]cue) stemIndex {
	all := stemIndex{} // looked up only
	for _, cues := range signs {
		for _, c := range cues {
			for _, way := range c.ways {
				for _, stem := range strings.Fields(way) {
					first := []rune(stem)[0]
					if !slices.Contains(all[first], stem) {
						all[first] = append(all[first], stem)
					}
				}
			}
		}
	}
	return all
}

// places says for each stem at which words of a text it stands.
func (s stemIndex) places(text string) map[string][]int {
	at := map[string][]int{}
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for n, w := range strings.FieldsFunc(strings.ToLower(text), apart) {
		for _, stem := range s[firstRune(w)] {
			if whole, is := strings.CutSuffix(stem, "."); is && w == whole || !is && strings.HasPrefix(w, stem) {
				at[stem] = append(at[stem], n)
			}
		}
	}
	return at
}

func firstRune(w string) rune {
	for _, r := range w {
		return r
	}
	return 0
}

// page is where stems stand in one clause and in its title.
type page struct {
	places map[string][]int // looked up only
	titled map[string][]int
	above  map[string][]int // in the titles of the sections in which it stands
}

// score is how much speaks for a clause; 0: it is not proposed. What stands in the title
// speaks twice.
func (p page) score(cues []cue) int {
	sum := 0
	for _, c := range cues {
		switch {
		case slices.ContainsFunc(c.ways, func(way string) bool { return near(p.titled, way) }):
			sum += 2 * c.weight
		case slices.ContainsFunc(c.ways, func(way string) bool { return near(p.places, way) || c.above && p.below(way) }):
			sum += c.weight
		case c.must:
			return 0
		}
	}
	return sum
}

// below reports whether a text has what is left of a way once the titles above it have
// said the rest.
func (p page) below(way string) bool {
	stems := strings.Fields(way)
	left := slices.DeleteFunc(slices.Clone(stems), func(stem string) bool { return len(p.above[stem]) > 0 })
	return len(left) == 0 || len(left) < len(stems) && near(p.places, strings.Join(left, " "))
}

// near reports whether all stems of a way to say something stand within nearWords
// of where one of them does, each at a word of its own.
func near(at map[string][]int, way string) bool {
	stems := strings.Fields(way)
	first := at[stems[0]]
	return slices.ContainsFunc(first, func(from int) bool {
		taken := []int{from}
		for _, stem := range stems[1:] {
			words := at[stem]
			i, _ := slices.BinarySearch(words, from-nearWords)
			for i < len(words) && words[i] <= from+nearWords && slices.Contains(taken, words[i]) {
				i++
			}
			if i == len(words) || words[i] > from+nearWords {
				return false
			}
			taken = append(taken, words[i])
		}
		return true
	})
}
