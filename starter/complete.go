package main

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gangway/config"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// completer gives the values of a command's next argument. It asks the server
// once and says nothing when that fails: somebody is typing.
func (s *session) completer(c command) cobra.CompletionFunc {
	return func(cc *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
		what := "none"
		if len(args) < len(c.Completes) {
			what = c.Completes[len(args)]
		} else if c.Name == "config check" {
			what = "file"
		}
		if what == "file" {
			return nil, cobra.ShellCompDirectiveDefault
		}
		if err := s.settle(cc.Flags()); err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return matching(s.values(what, args), prefix), cobra.ShellCompDirectiveNoFileComp
	}
}

func (s *session) completeFlags(cc *cobra.Command, flags []flag) {
	for _, f := range flags {
		if f.Completes == "" {
			continue
		}
		fn := func(cc *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			if err := s.settle(cc.Flags()); err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return matching(s.values(f.Completes, args), prefix), cobra.ShellCompDirectiveNoFileComp
		}
		_ = cc.RegisterFlagCompletionFunc(f.Name, fn) // the flag is there, once: no error
	}
}

func matching(values []string, prefix string) []string {
	return slices.DeleteFunc(values, func(v string) bool { return !strings.HasPrefix(v, prefix) })
}

// values lists what an argument can be; after a tab comes what shells show
// beside it.
func (s *session) values(what string, args []string) []string {
	switch what {
	case "output":
		return []string{"text", "json"}
	case "time":
		return []string{"relative", "iso"}
	case "playbook":
		return config.Playbooks()
	case "mode":
		return spelled(exit.Modes())
	case "trigger":
		return spelled(exit.Triggers())
	case "field":
		return []string{playbook.FieldData, playbook.FieldSystems, playbook.FieldCost}
	case "person":
		return s.personValues()
	case "case":
		return s.caseValues()
	}
	if len(args) == 0 {
		return nil
	}
	var v dossier.CaseView
	if !s.peek("/api/case", &v, "id", args[0]) {
		return nil
	}
	return withinCase(what, v, args)
}

// withinCase lists the steps, verdicts or documents of a case.
func withinCase(what string, v dossier.CaseView, args []string) []string {
	var values []string
	add := func(id, about string) {
		if !slices.ContainsFunc(values, func(x string) bool { return strings.HasPrefix(x, id+"\t") }) {
			values = append(values, id+"\t"+visible(about))
		}
	}
	for i := range v.Requests {
		r := &v.Requests[i]
		switch {
		case what == "step":
			add(r.Step, r.Title)
		case what == "verdict" && len(args) > 1 && r.Step == args[1] && r.IsOpen():
			for _, word := range r.Verdicts() {
				add(string(word), r.Title)
			}
		case what == "document" && r.Document != "":
			add(r.Document, r.Title)
		}
	}
	return values
}

func (s *session) caseValues() []string {
	var views []dossier.CaseView
	s.peek("/api/cases", &views, "most", strconv.Itoa(caseStride))
	var values []string
	for _, v := range views {
		values = append(values, v.ID+"\t"+visible(string(v.State)+" "+v.Stage))
	}
	return values
}

// personValues works before --as is known: it then lists nobody.
func (s *session) personValues() []string {
	var people []playbook.Person
	s.peek("/api/people", &people)
	var values []string
	for _, p := range people {
		if !p.Left {
			values = append(values, p.ID+"\t"+visible(p.Name))
		}
	}
	return values
}

// peek asks the server once, quietly and briefly.
func (s *session) peek(path string, v any, pairs ...string) bool {
	w := get(path, pairs...)
	w.hasty = true
	err := s.do(w, func(body io.Reader) error { return json.NewDecoder(io.LimitReader(body, mostAnswer)).Decode(v) })
	return err == nil
}
