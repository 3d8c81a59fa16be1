package main

import (
	"fmt"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// needed refuses a command that lacks a flag it can't do without.
func (s *session) needed(flags ...string) error {
	for _, f := range flags {
		if strings.TrimSpace(s.text(f)) == "" {
			return usage("--"+f+" is missing", "it says "+map[string]string{
				"reason": "why, for the record", "to": s.meaningOfTo(), "until": "how long", "out": "which file to write", "by": "who takes the place", "from": "where the period begins"}[f])
		}
	}
	return nil
}

// meaningOfTo says what --to is of the running command.
func (s *session) meaningOfTo() string {
	switch {
	case s.flags.Lookup("from") != nil:
		return "where the period ends"
	case s.flags.Lookup("until") != nil:
		return "who takes the seat"
	}
	return "until when"
}

// act sends an act on a request: of a case, found by its step.
func (s *session) actOn(caseID, step string, f review.Form) error {
	v, _, err := s.caseView(caseID)
	if err != nil {
		return err
	}
	r, err := find(&v, step)
	if err != nil {
		return err
	}
	f.Process, f.Request = r.Process, r.ID
	return s.act(f, v.ID, r.Step)
}

// act sends an act and tells what became of it.
func (s *session) act(f review.Form, caseID, step string) error {
	f.ID, f.Seat, f.Inside = s.id(), s.text("seat"), s.text("reason")
	raw, out, err := s.deliver("/api/act", f)
	if err != nil {
		return err
	}
	what := string(f.Act)
	if step != "" {
		what += " for " + step
	}
	return s.outcome(raw, out, sent{id: f.ID, what: what, of: caseID, step: step, all: step == ""})
}

func (s *session) takeBack(args []string) error {
	if err := s.needed("reason"); err != nil {
		return err
	}
	return s.actOn(args[0], args[1], review.Form{Act: review.TakeBack})
}

// recuse declares a conflict in the whole case; a step only says where it showed.
func (s *session) recuse(args []string) error {
	if err := s.needed("reason"); err != nil {
		return err
	}
	f := review.Form{Act: review.Recuse}
	if len(args) > 1 {
		return s.actOn(args[0], args[1], f)
	}
	f.Process = args[0]
	return s.act(f, args[0], "")
}

func (s *session) delegate(args []string) error {
	if err := s.needed("to", "until"); err != nil {
		return err
	}
	until, err := s.endOfDay(s.text("until"))
	if err != nil {
		return err
	}
	return s.actOn(args[0], args[1], review.Form{Act: review.Delegate, To: s.text("to"), Until: until})
}

func (s *session) withdraw(args []string) error {
	if err := s.needed("reason"); err != nil {
		return err
	}
	return s.act(review.Form{Act: review.Withdraw, Process: args[0]}, args[0], "")
}

// stop ends the pilot of a case, not the case.
func (s *session) stop(args []string) error {
	return s.onCase(args[0], review.Form{Act: review.Stop})
}

func (s *session) reopen(args []string) error {
	if err := s.needed("reason"); err != nil {
		return err
	}
	return s.act(review.Form{Act: review.Reopen, Process: args[0], Step: args[1]}, args[0], args[1])
}

// submit uploads a file and files it as a version of a document.
func (s *session) submit(args []string) error {
	v, _, err := s.caseView(args[0])
	if err != nil {
		return err
	}
	paper, err := s.upload(args[2])
	if err != nil {
		return err
	}
	if n := versionOf(v, args[1], paper.Digest); n > 0 {
		s.tell("this is exactly version %d of %s", n, args[1])
	}
	return s.act(review.Form{Act: review.Submit, Process: v.ID, Name: args[1], Document: paper.Digest, ForVendor: s.yes("from-vendor")}, v.ID, "")
}

// versionOf is the number of the version that is this document, 0 for none.
func versionOf(v dossier.CaseView, name, digest string) int {
	for _, d := range v.Documents {
		if d.Name == name && d.Document == digest {
			return d.Version
		}
	}
	return 0
}

// zone is the time zone of the person who acts, as the people file has it.
func (s *session) zone() (*time.Location, error) {
	var people []playbook.Person
	if _, err := s.fetchInto(get("/api/people"), &people); err != nil {
		return nil, err
	}
	me, err := s.person()
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if p.ID == me {
			zone, err := time.LoadLocation(p.Hours.Zone)
			if err != nil {
				return nil, fmt.Errorf("finding your time zone: %w", err)
			}
			return zone, nil
		}
	}
	return time.UTC, nil
}
