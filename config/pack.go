package config

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"gangway/internal/engagement"
	"gangway/internal/playbook"

	"github.com/goccy/go-yaml/ast"
)

// Packs are clauses that contracts of a kind should have: forms that ship, each in a
// file of its own, which a playbook takes by their names. A playbook that ships is
// given out, and filed with a case, with the packs that it names written into it
// under `included`: what was asked can be read years later, whatever ships then.

// packTexts are the packs that ship, by name: each is one entry of a list of forms.
var packTexts = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, name := range names("playbooks/packs") {
		all[name] = string(mustFile("playbooks/packs", name))
	}
	return all
})

// packNames are the packs that ship, sorted.
func packNames() []string { return names("playbooks/packs") }

// packs are the forms of the packs that a playbook names: as it includes them, else as
// they ship.
func (s *source) packs(t *table, wanted []string) []engagement.Form {
	included := s.forms(t, "included", "$.included")
	var forms []engagement.Form
	for i, name := range wanted {
		at := slices.IndexFunc(included, func(f engagement.Form) bool { return f.ID == name })
		path := fmt.Sprintf("$.packs[%d]", i)
		switch {
		case s.bad[path]:
		case at >= 0:
			forms = append(forms, included[at])
		case !oneOf(name, packNames()):
			hint := "there are: " + strings.Join(packNames(), ", ")
			if near := playbook.Nearest(name, packNames()); near != "" {
				hint = "did you mean " + near + "?"
			}
			s.bad[path] = true
			s.fault(s.find(path), hint, "unknown pack %s", quote(name))
		default:
			forms = append(forms, shippedPack(name))
		}
	}
	return forms
}

// shippedPack is a pack that ships, read anew: nobody shares its points.
func shippedPack(name string) engagement.Form {
	s, body := read("playbooks/packs/"+name+".yaml", []byte(packTexts()[name]))
	if seq, ok := body.(*ast.SequenceNode); ok && len(seq.Values) == 1 {
		return s.form(item{open(seq.Values[0]), "$.forms[0]"})
	}
	return engagement.Form{ID: name}
}

// withPacks is the text of a playbook with the packs that it names behind it.
func withPacks(data []byte) []byte {
	s, body := read("playbook", data)
	if body == nil {
		return data
	}
	t := s.table(body, "$", "a playbook", "packs")
	var b strings.Builder
	b.Write(data)
	for i, name := range t.words("packs", "$.packs") {
		if i == 0 {
			b.WriteString("\n# The packs that it names, as they were.\nincluded:\n")
		}
		b.WriteString(packTexts()[name])
	}
	return []byte(b.String())
}
