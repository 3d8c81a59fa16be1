package engagement

import (
	"slices"
	"strings"
)

// Ids of points of a form that say how a contract ends, besides PointEnds.
const (
	// PointNotice is a number of days before its end by which notice must have arrived.
	PointNotice = "notice-days"
	// PointRenews is Yes where the contract goes on by itself without notice.
	PointRenews = "renews"
	// PointRenewsFor is for how many months it then goes on.
	PointRenewsFor = "renews-months"
	// PointPriceRise is by how many per cent a year the price may rise.
	PointPriceRise = "price-rise"
)

// helpMark begins a cue that speaks for a clause and is not enough by itself.
const helpMark = "+"

// ProposeFor gives points with the places that a search of a text proposes for each,
// the best first, and without the cues: those are the search's own. Points that are
// answered with anything but a place, and those without cues, get none.
func ProposeFor(points []Point, clauses []Clause) []Point {
	proposed := slices.Clone(points)
	signs := make([][]cue, len(proposed))
	for i := range proposed {
		if proposed[i].Kind == "" {
			signs[i] = signsOf(proposed[i])
		}
		proposed[i].Cues, proposed[i].Proposed = nil, nil
	}
	stems := stemsOf(signs)
	titles := titlesOf(clauses)
	found := make([][]place, len(proposed))
	for at, c := range clauses {
		// A definition says what words mean and not what somebody must do, and a
		// heading says nothing.
		if isDefinition(c.Ref) || trimTitle(c.Text) == c.Title {
			continue
		}
		p := page{places: stems.places(withoutNames(c.Text)), titled: stems.places(c.Title), above: stems.places(titles.above(c.Ref))}
		for i, cues := range signs {
			if score := p.score(cues); score > 0 {
				found[i] = append(found[i], place{ref: c.Ref, score: score, at: at})
			}
		}
	}
	for i := range proposed {
		proposed[i].Proposed = ranked(found[i])
	}
	return proposed
}

// headings are the titles of clauses by their refs.
type headings map[string]string

func titlesOf(clauses []Clause) headings {
	titles := headings{} // looked up only
	for _, c := range clauses {
		if c.Title != "" {
			titles[c.Ref] = c.Title
		}
	}
	return titles
}

// above are the titles under which a clause stands, the nearest first.
func (h headings) above(ref string) string {
	var all []string
	for at := above(ref); at != ""; at = above(at) {
		if h[at] != "" {
			all = append(all, h[at])
		}
	}
	return strings.Join(all, " ")
}

// withoutNames leaves out what other clauses are called where a text refers to them, as
// in "Section 8 (Limitation of Liability)": that is what those are about.
func withoutNames(text string) string {
	var b strings.Builder
	for {
		open := strings.Index(text, " (")
		if open < 0 {
			break
		}
		shut := strings.IndexByte(head(text[open:], maxTitle), ')')
		if shut < 0 || !endsInNumber(text[:open]) {
			b.WriteString(text[:open+2])
			text = text[open+2:]
			continue
		}
		b.WriteString(text[:open])
		text = text[open+shut+1:]
	}
	b.WriteString(text)
	return b.String()
}

// endsInNumber reports whether a text ends in what could be a clause's number.
func endsInNumber(text string) bool {
	last := text[strings.LastIndexByte(text, ' ')+1:]
	last = strings.TrimPrefix(last, "§")
	return last != "" && last[0] >= '0' && last[0] <= '9'
}

// signsOf are the signs of a point: its own cues, or those that we know by its id. One
// of a point's cues must be there; each further one, and each that only helps, speaks
// for the clause a little more.
func signsOf(p Point) []cue {
	if len(p.Cues) == 0 {
		return cuesOf(p.ID)
	}
	var ways []string
	var more []cue
	for _, c := range p.Cues {
		c, onlyHelps := strings.CutPrefix(strings.TrimSpace(strings.ToLower(c)), helpMark)
		c = strings.ReplaceAll(c, "-", " ") // as in texts, where a hyphen parts words
		if strings.TrimSpace(c) == "" {
			continue
		}
		if !onlyHelps {
			ways = append(ways, c)
		}
		more = append(more, cue{weight: 1, above: true, ways: []string{c}})
	}
	if len(ways) == 0 { // nothing would have to be there
		return nil
	}
	return append([]cue{{weight: 3, must: true, above: true, ways: ways}}, more...)
}

// Carried says where places of an older version stand in the newer one, and whether
// somebody has to look at them again: their clauses, or what those use, have other
// words, or a place is none of the older version's. Where no place was named any
// change touches it.
func Carried(places []string, old []Clause, cmp Comparison) (now []string, touched bool) {
	forward, _ := cmp.renumbering()
	for _, place := range places {
		now = append(now, renumbered(place, forward))
	}
	if cmp.Empty() {
		return now, false
	}
	unknown := func(place string) bool {
		return !slices.ContainsFunc(old, func(c Clause) bool { return c.Ref == place })
	}
	if len(places) == 0 || slices.ContainsFunc(places, unknown) {
		return now, true
	}
	_, uses := reading(places, old)
	before, after := newRefSet(places), newRefSet(now)
	for ref := range uses {
		before[ref], after[renumbered(ref, forward)] = true, true
	}
	for _, refs := range [][]string{cmp.Changed, cmp.New, cmp.Rebound} {
		touched = touched || slices.ContainsFunc(refs, after.holds)
	}
	return now, touched || slices.ContainsFunc(cmp.Gone, before.holds)
}
