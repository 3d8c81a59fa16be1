package engagement

import (
	"slices"
	"strings"
)

// Comparison says what happened to the clauses from one version of a document to the next. Changed, New, Moved.To and Rebound are
// refs of the new version, Gone and Moved.From of the old one, each in the order of its document.
type Comparison struct {
	Changed []string `json:"changed,omitempty"` // other words under the same title or number
	New     []string `json:"new,omitempty"`
	Gone    []string `json:"gone,omitempty"`
	Same    int      `json:"same"` // clauses with the same words, whatever their number

	Moved   []Move   `json:"moved,omitempty"`   // same clause, other number; its words may have changed too
	Rebound []string `json:"rebound,omitempty"` // the same words, but a term or number in them means something else now
}

// Move is a clause that has another number in the new version.
type Move struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Empty reports whether nobody has to read anything again. Clauses that only got another number leave it empty.
func (c Comparison) Empty() bool {
	return len(c.Changed) == 0 && len(c.New) == 0 && len(c.Gone) == 0 && len(c.Rebound) == 0
}

// Compare finds out what changed from old to new.
//
// Definitions are matched by their term, wherever they stand. Other clauses are matched among the children of clauses that
// match: first those with the same words, as long as their order is kept; between those, ones with the same title; then the same number.
// So a clause put in pushes the later numbers on and shows as one new clause and some moved ones. Of clauses that swap places some show as
// changed, or as gone and new, since in a list ("the part listed earlier controls") the order speaks. A clause moved below another one is gone here and new there,
// since its words mean something else there. Without titles (they are not in payloads) the number takes their place.
func Compare(old, new []Clause) Comparison {
	m := matching{old: old, new: new, partner: make([]int, len(old)), reverse: make([]int, len(new))}
	for i := range m.partner {
		m.partner[i] = -1
	}
	for i := range m.reverse {
		m.reverse[i] = -1
	}
	m.oldBelow, m.newBelow = children(old), children(new)
	m.definitions()
	m.siblings(m.oldBelow[""], m.newBelow[""])
	return m.report()
}

// renumbering gives the moves both ways.
func (c Comparison) renumbering() (forward, back map[string]string) {
	forward, back = make(map[string]string, len(c.Moved)), make(map[string]string, len(c.Moved))
	for _, move := range c.Moved {
		forward[move.From], back[move.To] = move.To, move.From
	}
	return forward, back
}

// renumbered gives the number that a ref has in the other version, by the nearest clause above it that moved.
func renumbered(ref string, moves map[string]string) string {
	for at := ref; at != ""; at = above(at) {
		if other, ok := moves[at]; ok {
			return other + ref[len(at):]
		}
	}
	return ref
}

// matching pairs the clauses of two versions; -1 where a clause has no partner.
type matching struct {
	old, new           []Clause
	partner            []int // old to new
	reverse            []int // new to old
	oldBelow, newBelow map[string][]int
}

// children groups clauses by the nearest clause above them; definitions stand under "def/".
func children(cs []Clause) map[string][]int {
	refs := make(map[string]bool, len(cs))
	for _, c := range cs {
		refs[c.Ref] = true
	}
	below := map[string][]int{}
	for i, c := range cs {
		parent := above(c.Ref)
		for parent != "" && !refs[parent] {
			parent = above(parent)
		}
		if parent == "" && isDefinition(c.Ref) {
			parent = "def/"
		}
		below[parent] = append(below[parent], i)
	}
	return below
}

func (m *matching) pair(o, n int) {
	m.partner[o], m.reverse[n] = n, o
	m.siblings(m.oldBelow[m.old[o].Ref], m.newBelow[m.new[n].Ref])
}

func (m *matching) definitions() {
	at := map[string]int{}
	for _, n := range m.newBelow["def/"] {
		at[m.new[n].Ref] = n
	}
	for _, o := range m.oldBelow["def/"] {
		if n, ok := at[m.old[o].Ref]; ok {
			m.pair(o, n)
		}
	}
}

// siblings pairs the children of two clauses that match.
func (m *matching) siblings(olds, news []int) {
	if len(olds) == 0 || len(news) == 0 {
		return
	}
	anchors := m.anchors(olds, news)
	fromOld, fromNew := 0, 0
	for _, a := range append(anchors, span{len(olds), len(news)}) {
		m.gap(olds[fromOld:a.from], news[fromNew:a.to])
		fromOld, fromNew = a.from+1, a.to+1
	}
	for _, a := range anchors {
		m.pair(olds[a.from], news[a.to])
	}
	m.sameKey(olds, news, func(c Clause) string { return c.Ref }) // those that swapped places
}

// anchors gives the longest run of children with the same words in the same order, as places in olds and news.
func (m *matching) anchors(olds, news []int) []span {
	places := map[string][]int{}
	for i, n := range news {
		places[m.new[n].Digest] = append(places[m.new[n].Digest], i)
	}
	var candidates []span
	for i, o := range olds {
		if same := places[m.old[o].Digest]; len(same) > 0 {
			candidates = append(candidates, span{i, same[0]})
			places[m.old[o].Digest] = same[1:]
		}
	}
	return rising(candidates)
}

// rising gives a longest part of spans whose ends rise; their starts do already.
func rising(spans []span) []span {
	var tails []int // index of the span that ends a rising run of each length with the smallest end
	before := make([]int, len(spans))
	for i, s := range spans {
		length, _ := slices.BinarySearchFunc(tails, s.to, func(tail, to int) int { return spans[tail].to - to })
		before[i] = -1
		if length > 0 {
			before[i] = tails[length-1]
		}
		if length == len(tails) {
			tails = append(tails, i)
		} else {
			tails[length] = i
		}
	}
	var run []span
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			run = append(run, spans[i])
		}
	}
	slices.Reverse(run)
	return run
}

// gap pairs what stands between two anchors: by title, then by number.
func (m *matching) gap(olds, news []int) {
	m.sameKey(olds, news, func(c Clause) string { return strings.ToLower(c.Title) })
	m.sameKey(olds, news, func(c Clause) string { return c.Ref })
}

// sameKey pairs clauses without a partner that have the same key, when no other sibling has it.
func (m *matching) sameKey(olds, news []int, key func(Clause) string) {
	unique := map[string]int{}
	for _, n := range news {
		if k := key(m.new[n]); m.reverse[n] < 0 && k != "" {
			if _, twice := unique[k]; twice {
				unique[k] = -1
			} else {
				unique[k] = n
			}
		}
	}
	for _, o := range olds {
		k := key(m.old[o])
		if n, ok := unique[k]; ok && n >= 0 && m.partner[o] < 0 {
			m.pair(o, n)
			delete(unique, k)
		}
	}
}

func (m *matching) report() Comparison {
	var c Comparison
	numbers := make(map[string]string, len(m.old)) // old ref to new ref
	for o, n := range m.partner {
		if n < 0 {
			c.Gone = append(c.Gone, m.old[o].Ref)
			continue
		}
		numbers[m.old[o].Ref] = m.new[n].Ref
		if m.old[o].Ref != m.new[n].Ref {
			c.Moved = append(c.Moved, Move{From: m.old[o].Ref, To: m.new[n].Ref})
		}
	}
	for n, o := range m.reverse {
		switch {
		case o < 0:
			c.New = append(c.New, m.new[n].Ref)
		case m.old[o].Digest != m.new[n].Digest:
			c.Changed = append(c.Changed, m.new[n].Ref)
		default:
			c.Same++
			if !sameUses(m.old[o].Uses, m.new[n].Uses, numbers) {
				c.Rebound = append(c.Rebound, m.new[n].Ref)
			}
		}
	}
	return c
}

// sameUses reports whether two clauses name the same things once the old numbers are turned into new ones.
func sameUses(old, new []string, numbers map[string]string) bool {
	if len(old) != len(new) {
		return false
	}
	translated := make([]string, 0, len(old))
	for _, ref := range old {
		translated = append(translated, numbers[ref])
	}
	slices.Sort(translated)
	sorted := slices.Clone(new)
	slices.Sort(sorted)
	return slices.Equal(translated, sorted)
}
