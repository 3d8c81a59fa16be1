package inventory

import (
	"slices"
	"strings"
	"unicode"
)

// Forgotten are the repositories that are assets nobody thought of: the vendor's people
// still worked there after their access was cut, and the exit plan's words do not name
// them. What only lets somebody in, a key or a hook, is an access and is cut; where work
// is done there is something that one of ours has to own. Whose push it was nobody knows,
// or one of ours did, says nothing.
func (r Roster) Forgotten(sights []Sight, all []Repository, plan string) []Repository {
	names := naming(plan)
	worked := func(repo Repository) bool {
		return slices.ContainsFunc(sights, func(s Sight) bool {
			return s.Place == PlacePushes && slices.ContainsFunc(s.Findings, func(f Finding) bool {
				return f.RepositoryID == repo.ID && f.Identity != (Identity{}) && r.Owns(f)
			})
		})
	}
	var more []Repository
	for _, repo := range all {
		if repo.ID != 0 && repo.Name != "" && !names(repo.Name) && worked(repo) && !slices.Contains(more, repo) {
			more = append(more, repo)
		}
	}
	return more
}

// naming tells what a text names. People read it, so a name counts wherever it stands
// whole.
func naming(text string) func(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.@", r)
	})
	known := map[string]bool{}
	for _, w := range words {
		known[strings.Trim(w, ".@")] = true
		known[w] = true
	}
	return func(name string) bool {
		return name != "" && (known[strings.ToLower(name)] || strings.ContainsAny(name, " /:") && strings.Contains(strings.ToLower(text), strings.ToLower(name)))
	}
}
