package main

import (
	"fmt"
	"slices"
	"strings"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// outsideList lists people of neither side.
func (s *session) outsideList(args []string) error {
	var list []playbook.Contact
	raw, err := s.fetchInto(get("/api/outside", "case", args[0]), &list)
	if err != nil {
		return err
	}
	err = s.print(raw, func() {
		g := newGrid("", "ID", "STATE", "NAME", "MAIL", "SEAT", "NAMED BY", "SINCE")
		for _, c := range list {
			g.add(c.ID, string(c.State), c.Name, c.Mail, c.Seat, c.By, s.when(c.Changed, s.now()))
		}
		g.print(s.out)
	})
	if err == nil && len(list) == 0 {
		s.tell("nobody of neither side was named; a playbook gives them a seat with the role %s, and they are named with: gangway outside name %s STEP NAME MAIL", review.OutsideRole, args[0])
	}
	return err
}

func (s *session) outsideName(args []string) error {
	v, _, err := s.caseView(args[0])
	if err != nil {
		return err
	}
	r, err := find(&v, args[1])
	if err != nil {
		return err
	}
	seat, err := outsideSeat(r, s.text("seat"))
	if err != nil {
		return err
	}
	w, err := post("/api/outside", map[string]string{"request": r.ID, "seat": seat, "name": args[2], "mail": args[3]})
	if err != nil {
		return err
	}
	var c playbook.Contact
	raw, err := s.fetchInto(w, &c)
	if err != nil {
		return err
	}
	err = s.print(raw, func() { s.out.line("%s  %s  %s", c.ID, string(c.State), seat) })
	if err == nil {
		s.tell("they are asked by a mail with a link to this one document; take them off with: gangway outside end %s %s", args[0], c.ID)
	}
	return err
}

// outsideSeat is the seat that somebody from outside is named for: the one that the
// step has, or of several the one that is meant.
func outsideSeat(r *review.Request, wanted string) (string, error) {
	var seats []string
	for _, s := range r.Policy.Seats() {
		if s.Role == review.OutsideRole {
			seats = append(seats, s.ID)
		}
	}
	switch {
	case len(seats) == 0:
		return "", failed(fmt.Sprintf("the step %s has no seat for somebody from outside", r.Step), "a playbook gives one the role "+review.OutsideRole)
	case wanted == "" && len(seats) == 1:
		return seats[0], nil
	case wanted == "":
		return "", usage(fmt.Sprintf("the step %s has %d seats for people from outside", r.Step, len(seats)), "name one with --seat: "+strings.Join(seats, ", "))
	case !slices.Contains(seats, wanted):
		return "", failed(fmt.Sprintf("%.40q is no seat for somebody from outside", wanted), nearby(wanted, seats))
	}
	return wanted, nil
}

func (s *session) outsideEnd(args []string) error {
	w, err := post("/api/outside/end", map[string]string{"case": args[0], "contact": args[1]})
	if err != nil {
		return err
	}
	raw, err := s.fetch(w)
	if err != nil {
		return err
	}
	return s.print(raw, func() { s.out.line("%s is off their seat; their link opens nothing any more", args[1]) })
}
