package engagement

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Scope is what a seat is asked to read: refs that stand for themselves and all below them ("11" covers 11, 11.1 and 11.1.a but
// not 110), "def/*" for all definitions, "title:confidentiality" for clauses with that title, whatever the case, and all below
// them. An empty Scope is the whole document.
type Scope []string

const (
	allDefinitions = "def/*"
	titlePrefix    = "title:"
)

// Covers reports whether s asks for c itself, judging by c's own ref and title. A clause below one that is covered by
// its title is found by Resolve only, which sees the whole document.
func (s Scope) Covers(c Clause) bool {
	return len(s) == 0 || slices.ContainsFunc(s, func(entry string) bool { return covers(entry, c) })
}

func covers(entry string, c Clause) bool {
	if entry == allDefinitions {
		return isDefinition(c.Ref)
	}
	if title, ok := cutTitle(entry); ok {
		return c.Title != "" && strings.EqualFold(title, plain(c.Title))
	}
	return inside(c.Ref, strings.TrimSpace(entry))
}

func cutTitle(entry string) (title string, ok bool) {
	if len(entry) < len(titlePrefix) || !strings.EqualFold(entry[:len(titlePrefix)], titlePrefix) {
		return "", false
	}
	return trimTitle(plain(entry[len(titlePrefix):])), true
}

// Resolve gives the refs of the clauses that s covers, sorted. For an empty Scope, and for one that fits nothing in this
// document, it is empty, which everywhere else means the whole document: a seat whose clauses cannot be found reads all.
func (s Scope) Resolve(cs []Clause) []string {
	if len(s) == 0 {
		return nil
	}
	covered := refSet{}
	for _, c := range cs {
		if s.Covers(c) {
			covered[c.Ref] = true
		}
	}
	var refs []string
	for _, c := range cs {
		if covered.holds(c.Ref) {
			refs = append(refs, c.Ref)
		}
	}
	slices.Sort(refs)
	return refs
}

// refSet is a set of refs that stand for all below them too.
type refSet map[string]bool

func newRefSet(refs []string) refSet {
	set := make(refSet, len(refs))
	for _, ref := range refs {
		set[strings.TrimSpace(ref)] = true
	}
	return set
}

// holds reports whether ref is in the set or lies below one that is.
func (s refSet) holds(ref string) bool {
	if s[allDefinitions] && isDefinition(ref) {
		return true
	}
	for at := ref; at != ""; {
		if s[at] {
			return true
		}
		cut := strings.LastIndexAny(at, ".~")
		if cut < 0 {
			return false
		}
		at = at[:cut]
	}
	return false
}

// reading gives which clauses scopeRefs cover, and the refs those use: what they name, and what the definitions among that
// name in turn.
func reading(scopeRefs []string, cs []Clause) (covered []bool, uses refSet) {
	set, whole := newRefSet(scopeRefs), len(scopeRefs) == 0
	covered, uses = make([]bool, len(cs)), refSet{}
	definitions := map[string][]int{}
	var queue []int
	for i, c := range cs {
		if isDefinition(c.Ref) {
			root, _, _ := strings.Cut(c.Ref, ".")
			definitions[root] = append(definitions[root], i)
		}
		if whole || set.holds(c.Ref) {
			covered[i] = true
			queue = append(queue, i)
		}
	}
	for len(queue) > 0 {
		at := cs[queue[0]]
		queue = queue[1:]
		for _, ref := range at.Uses {
			if uses[ref] {
				continue
			}
			uses[ref] = true
			if isDefinition(ref) {
				queue = append(queue, definitions[ref]...)
			}
		}
	}
	return covered, uses
}

// Touched reports whether a seat has to be asked again after a comparison: a clause that its scope covers has changed, is
// new or is gone; or a definition or clause that a covered clause uses has (through definitions that use
// definitions as well); or the words of one of these are the same but name another clause now.
//
// scopeRefs come from Resolve, on either version; cs are the clauses of either version, as they were compared. Where numbers have moved, a
// ref counts by its old and by its new number, so that a seat is rather asked once too often. Empty scopeRefs mean the whole document.
func Touched(scopeRefs []string, cs []Clause, cmp Comparison) bool {
	if cmp.Empty() {
		return false
	}
	if len(scopeRefs) == 0 {
		return true
	}
	_, uses := reading(scopeRefs, cs)
	scope := newRefSet(scopeRefs)
	forward, back := cmp.renumbering()
	read := func(ref, other string) bool {
		return scope.holds(ref) || uses.holds(ref) || other != ref && (scope.holds(other) || uses.holds(other))
	}
	for _, refs := range [][]string{cmp.Changed, cmp.New, cmp.Rebound} {
		for _, ref := range refs {
			if read(ref, renumbered(ref, back)) {
				return true
			}
		}
	}
	return slices.ContainsFunc(cmp.Gone, func(ref string) bool { return read(ref, renumbered(ref, forward)) })
}

// ScopeDigest gives a digest, in hex, of what a seat reads: ref and digest of each covered clause, and of each definition
// and clause that those use. The order of clauses and of scopeRefs does not matter. Empty scopeRefs mean the whole document.
func ScopeDigest(scopeRefs []string, cs []Clause) string {
	covered, uses := reading(scopeRefs, cs)
	var lines []string
	for i, c := range cs {
		switch {
		case covered[i]:
			lines = append(lines, "reads "+c.Ref+" "+c.Digest+"\n")
		case uses.holds(c.Ref):
			lines = append(lines, "uses "+c.Ref+" "+c.Digest+"\n")
		}
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return hex.EncodeToString(sum[:])
}

// Uncovered gives the refs that none of the scopes covers, in the order of the document: what is left to seats that read it all.
// A scope that is empty covers everything.
func Uncovered(cs []Clause, scopes [][]string) []string {
	set := refSet{}
	for _, refs := range scopes {
		if len(refs) == 0 {
			return nil
		}
		for _, ref := range refs {
			set[strings.TrimSpace(ref)] = true
		}
	}
	var left []string
	for _, c := range cs {
		if !set.holds(c.Ref) {
			left = append(left, c.Ref)
		}
	}
	return left
}
