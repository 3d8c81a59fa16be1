package main

import (
	"fmt"
	"strings"

	"gangway/config"
	"gangway/internal/playbook"
)

// peopleList prints everybody.
func (s *session) peopleList([]string) error {
	var people []playbook.Person
	raw, err := s.fetchInto(get("/api/people"), &people)
	if err != nil {
		return err
	}
	return s.print(raw, func() {
		g := newGrid("", "PERSON", "NAME", "ROLES", "BACKUPS", "MANAGER", "ZONE", "AWAY")
		for _, p := range people {
			g.add(p.ID, p.Name, dash(strings.Join(p.Roles, ", ")), dash(strings.Join(p.Backups, ", ")), dash(p.Manager), dash(p.Hours.Zone), s.presence(p))
		}
		g.print(s.out)
	})
}

// presence says whether somebody is there.
func (s *session) presence(p playbook.Person) string {
	switch until := p.AwayAt(s.now()); {
	case p.Left:
		return "left"
	case p.Employer != "":
		return "works for " + p.Employer
	case !until.IsZero():
		return "until " + s.when(until, s.now())
	}
	return "-"
}

// peopleApply replaces the people by those of a file.
func (s *session) peopleApply(args []string) error {
	if err := s.known(); err != nil {
		return err
	}
	data, err := readFile(args[0])
	if err != nil {
		return err
	}
	people, err := config.ReadPeople(args[0], data)
	if err != nil {
		return err
	}
	w, err := post("/api/people", people.List)
	if err != nil {
		return err
	}
	var done struct {
		Revision int      `json:"revision"`
		Changed  []string `json:"changed"`
	}
	raw, err := s.fetchInto(w, &done)
	if err != nil {
		return err
	}
	err = s.print(raw, func() {
		for _, id := range done.Changed {
			s.out.line("%s", id)
		}
	})
	switch {
	case err != nil:
	case len(done.Changed) == 0:
		s.tell("nobody changed; the people are at revision %d", done.Revision)
	default:
		s.tell("%s changed; the people are at revision %d, and running cases are told", persons(len(done.Changed)), done.Revision)
		s.tell("look at them with: gangway people list")
	}
	return err
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}
