package config

import (
	"fmt"
	"strings"
	"sync"

	"gangway/internal/exit"
	"gangway/internal/playbook"

	"github.com/goccy/go-yaml/ast"
)

// Exits say how a vendor is left: steps and forms that ship, each in a file of its own,
// one of which a playbook takes by its name. As with packs, a playbook that ships is
// given out with the exit written into it, under `included-exit`: a vendor is left years
// after the playbook was filed, and by what was agreed then.

// exitTexts are the exits that ship, by name.
var exitTexts = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, name := range exitNames() {
		all[name] = string(mustFile("playbooks/exits", name))
	}
	return all
})

func exitNames() []string { return names("playbooks/exits") }

// exitTerms are the keys of an exit.
func exitTerms() []string { return []string{"name", "title", "steps", "forms"} }

// exit adds the exit that a playbook names to its steps and forms: as it includes it,
// else as it ships.
func (s *source) exit(t *table, pb *playbook.Playbook) {
	included := t.has("included-exit", "$.includedExit")
	pb.Exit = t.text("exit", "$.exit")
	switch {
	case pb.Exit == "" || s.bad["$.exit"]:
	case included != nil:
		s.leaving(included, pb)
	case !oneOf(pb.Exit, exitNames()):
		hint := "there are: " + strings.Join(exitNames(), ", ")
		if near := playbook.Nearest(pb.Exit, exitNames()); near != "" {
			hint = "did you mean " + near + "?"
		}
		s.bad["$.exit"] = true
		s.fault(s.find("$.exit"), hint, "unknown exit %s", quote(pb.Exit))
	default:
		s.ships(pb)
	}
}

// ships adds an exit that ships, read anew. What a check finds in it is the fault of
// naming it here: a role, say, that the playbook has not.
func (s *source) ships(pb *playbook.Playbook) {
	steps, forms := len(pb.Steps), len(pb.Forms)
	own, body := read("playbooks/exits/"+pb.Exit+".yaml", []byte(exitTexts()[pb.Exit]))
	if body == nil {
		return
	}
	own.leaving(body, pb)
	at := s.find("$.exit")
	for i := steps; i < len(pb.Steps); i++ {
		s.places[fmt.Sprintf("$.steps[%d]", i)] = at
	}
	for i := forms; i < len(pb.Forms); i++ {
		s.places[fmt.Sprintf("$.forms[%d]", i)] = at
	}
}

// leaving reads an exit's steps and forms behind those that the playbook has.
func (s *source) leaving(n ast.Node, pb *playbook.Playbook) {
	t := s.table(n, "$.includedExit", "an exit", exitTerms()...)
	t.text("name", "$.includedExit.name")
	t.text("title", "$.includedExit.title")
	for _, it := range t.list("steps", "$.includedExit.steps") {
		it.path = fmt.Sprintf("$.steps[%d]", len(pb.Steps))
		s.places[it.path] = s.at(it.node)
		pb.Steps = append(pb.Steps, s.step(it))
	}
	for _, it := range t.list("forms", "$.includedExit.forms") {
		it.path = fmt.Sprintf("$.forms[%d]", len(pb.Forms))
		s.places[it.path] = s.at(it.node)
		pb.Forms = append(pb.Forms, s.form(it))
	}
}

// withExit is the text of a playbook with the exit that it names behind it.
func withExit(data []byte) []byte {
	s, body := read("playbook", data)
	if body == nil {
		return data
	}
	t := s.table(body, "$", "a playbook", "exit")
	text, there := exitTexts()[t.text("exit", "$.exit")]
	if !there {
		return data
	}
	var b strings.Builder
	b.Write(data)
	b.WriteString("\n# The exit that it names, as it was.\nincluded-exit:\n")
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if line != "" {
			line = "  " + line
		}
		b.WriteString(line + "\n")
	}
	return []byte(b.String())
}

// exitPurposes are what steps of an exit can be for, by their part.
func exitPurposes() string {
	parts := []struct {
		name string
		does []string
	}{
		{"", []string{exit.DoesDecide, exit.DoesEmergency, exit.DoesRatify, exit.DoesNotice, exit.DoesPlan, exit.DoesGivenUp, exit.DoesChase,
			exit.DoesParallel, exit.DoesCutOver, exit.DoesMoney, exit.DoesSurvival, exit.DoesLessons, exit.DoesForgotten, exit.DoesClose}},
		{"in its transfer ", []string{exit.DoesSession, exit.DoesMaterial, exit.DoesShown, exit.DoesReceived}},
		{"in its handover ", []string{exit.DoesAssets, exit.DoesHand, exit.DoesVerify, exit.DoesTake, exit.DoesRestore}},
		{"in its revocation ", []string{exit.DoesRoster, exit.DoesMore, exit.DoesSystems, exit.DoesSecond}},
		{"in its data-return ", []string{exit.DoesChoice, exit.DoesReturned, exit.DoesOpened, exit.DoesDeleted, exit.DoesChecked}},
		{"in its aftercare ", []string{exit.DoesBackup}},
	}
	var all []string
	for _, p := range parts {
		all = append(all, p.name+"`"+strings.Join(p.does, "`, `")+"`")
	}
	return strings.Join(all, "; ")
}
