package main

import (
	"errors"
	"fmt"

	"gangway/internal/playbook"
)

// dpaOpen opens a case that collects a data processing agreement.
func (s *session) dpaOpen(args []string) error {
	in, err := s.vendorIntake(args[0])
	if err != nil {
		return err
	}
	return s.opened("/api/dpa", in.Collection(), in, "collects the data processing agreement of")
}

// partOpen opens a part of an onboarding as a case of its own.
func (s *session) partOpen(args []string) error {
	does := ""
	switch playbook.Process(args[0]) {
	case playbook.DPA:
		return s.dpaOpen(args[1:])
	case playbook.Diligence:
		does = "looks into"
	case playbook.Pilot:
		does = "is a pilot with"
	case playbook.Contract:
		does = "reviews the contract with"
	default:
		parts := []string{string(playbook.Diligence), string(playbook.Pilot), string(playbook.Contract), string(playbook.DPA)}
		return usage(fmt.Sprintf("there is no part %.40q", args[0]), nearby(args[0], parts))
	}
	in, err := s.vendorIntake(args[1])
	if err != nil {
		return err
	}
	return s.opened("/api/"+args[0], in, in, does)
}

// vendorIntake is what a vendor file and the flags say. A contract that the file names
// is uploaded.
func (s *session) vendorIntake(path string) (playbook.Intake, error) {
	if err := s.known(); err != nil {
		return playbook.Intake{}, err
	}
	file, err := readVendor(path)
	if err != nil {
		return playbook.Intake{}, err
	}
	in := file.Intake
	in.ID = s.id()
	if name := s.text("playbook"); name != "" {
		in.Playbook = name
	}
	in.Rehearsal = in.Rehearsal || s.yes("rehearsal")
	if file.ContractFile != "" {
		paper, err := s.upload(beside(path, file.ContractFile))
		if err != nil {
			return playbook.Intake{}, err
		}
		in.Contract = paper.Digest
	}
	return in, nil
}

// opened sends an intake and says which case it opened.
func (s *session) opened(path string, body any, in playbook.Intake, does string) error {
	w, err := post(path, body)
	if err != nil {
		return err
	}
	var opened struct {
		Case string `json:"case"`
	}
	raw, err := s.fetchInto(w, &opened)
	if err == nil && opened.Case == "" {
		err = problem{code: exitError, err: errors.New("the server named no case"), unsure: true}
	}
	if err != nil {
		return s.repeatable(err, in.ID)
	}
	if err := s.print(raw, func() { s.out.line("%s", opened.Case) }); err != nil {
		return err
	}
	s.tell("the case %s %s %s", opened.Case, does, in.Vendor.Name)
	s.tell("see who of the vendor is asked with: gangway contacts %s", opened.Case)
	return nil
}
