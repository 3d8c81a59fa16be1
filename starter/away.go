package main

import (
	"time"

	"gangway/internal/playbook"
)

// away says when whoever acts is away, ends that, or lists it.
func (s *session) away(args []string) error {
	if err := s.known(); err != nil {
		return err
	}
	in := struct {
		ID     string    `json:"id"`
		From   time.Time `json:"from,omitzero"`
		Until  time.Time `json:"until,omitzero"`
		Backup string    `json:"backup,omitempty"`
	}{Backup: s.text("backup")}
	end := s.yes("end")
	switch {
	case len(args) == 1:
		return usage("UNTIL is missing", "the command is: gangway away FROM UNTIL, the first and the last day")
	case end && (len(args) > 0 || in.Backup != ""):
		return usage("--end takes nothing else", "it ends what you said before")
	case !end && len(args) == 0 && in.Backup != "":
		return usage("FROM and UNTIL are missing", "say when your backup stands in: gangway away FROM UNTIL --backup "+in.Backup)
	case !end && len(args) == 0:
		return s.awayList()
	case len(args) == 2:
		var err error
		if in.From, err = s.startOfDay(args[0]); err != nil {
			return err
		}
		if in.Until, err = s.endOfDay(args[1]); err != nil {
			return err
		}
	}
	in.ID = s.id()
	w, err := post("/api/away", in)
	if err != nil {
		return err
	}
	var standing []playbook.Away
	raw, err := s.fetchInto(w, &standing)
	if err != nil {
		return s.repeatable(err, in.ID)
	}
	if err := s.print(raw, func() { s.absences(standing) }); err != nil {
		return err
	}
	if end {
		s.tell("what you said of being away is ended, and running cases are told")
		return nil
	}
	s.tell("you are away, and running cases are told")
	s.tell("end it with: gangway away --end")
	return nil
}

func (s *session) awayList() error {
	var standing []playbook.Away
	raw, err := s.fetchInto(get("/api/away"), &standing)
	if err != nil {
		return err
	}
	if err := s.print(raw, func() { s.absences(standing) }); err != nil {
		return err
	}
	if len(standing) == 0 {
		s.tell("you are not away, as far as anybody knows; say so with: gangway away FROM UNTIL")
	}
	return nil
}

func (s *session) absences(standing []playbook.Away) {
	if len(standing) == 0 {
		return
	}
	g := newGrid("", "FROM", "UNTIL", "BACKUP", "SAID BY")
	for _, a := range standing {
		by := "the people file"
		if a.Own {
			by = "you"
		}
		g.add(s.when(a.From, s.now()), s.when(a.Until, s.now()), dash(a.Backup), by)
	}
	g.print(s.out)
}

// startOfDay is when the day of a date begins in the zone of the person who
// acts; an instant is itself.
func (s *session) startOfDay(text string) (time.Time, error) {
	zone := time.UTC
	at, err := readDay(text, zone)
	if err != nil || len(text) > len(time.DateOnly) {
		return at, err
	}
	if zone, err = s.zone(); err != nil {
		return time.Time{}, err
	}
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone).UTC(), nil
}
