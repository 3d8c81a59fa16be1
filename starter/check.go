package main

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"

	"gangway/config"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// checked is one file that config check looked at.
type checked struct {
	File string `json:"file"`
	// Kind is playbook, people, vendor or deployment; empty when it can't be told.
	Kind string `json:"kind,omitempty"`

	data   []byte
	book   playbook.Playbook
	people config.People
	vendor config.VendorFile
	sound  bool
}

// kinds are told by a key that stands at the start of a line.
var (
	isPeople = regexp.MustCompile(`(?m)^"?people"?\s*:`)
	isVendor = regexp.MustCompile(`(?m)^"?vendor"?\s*:`)
	isSetup  = regexp.MustCompile(`(?m)^"?(address|listen|sign-in|engine|database|mail)"?\s*:`)
	isBook   = regexp.MustCompile(`(?m)^"?(steps|stages|tiers|chores)"?\s*:`)
)

// check reads playbooks, people and vendor files and tells every fault at once.
func (s *session) check(args []string) error {
	if len(args) == 0 {
		found, err := filepath.Glob("*.y*ml")
		if err != nil || len(found) == 0 {
			return usage("there is no .yaml file in this folder", "name the files to check: gangway config check FILES…")
		}
		args = found
	}
	files := make([]*checked, len(args))
	var faults []error
	for i, path := range args {
		files[i] = &checked{File: path}
		faults = append(faults, files[i].read())
	}
	faults = append(faults, together(files)...)
	err := config.Join("", faults...)
	var all config.Faults
	errors.As(err, &all)
	if all == nil {
		all = config.Faults{}
	}
	result := struct {
		Files  []*checked    `json:"files"`
		Faults config.Faults `json:"faults"`
	}{files, all}
	if err := s.printValue(result, func() { s.printChecked(files, all) }); err != nil {
		return err
	}
	switch {
	case len(all) == 0:
		return nil
	case s.json:
		return failed(counted(len(all), "fault"))
	}
	return all
}

func (s *session) printChecked(files []*checked, all config.Faults) {
	for _, f := range files {
		n := 0
		for _, fault := range all {
			if fault.File == f.File {
				n++
			}
		}
		word := painted{"fine", styleGood}
		if n > 0 {
			word = painted{counted(n, "fault"), styleBad}
		}
		s.out.line("%s: %s: %s", f.File, dash(f.Kind), word)
	}
}

// read reads the file as what it is; the error is config.Faults, or that the
// file can't be read.
func (c *checked) read() error {
	var err error
	if c.data, err = readFile(c.File); err != nil {
		return config.Faults{{File: c.File, Message: err.Error()}}
	}
	switch {
	case isSetup.Match(c.data) && !isBook.Match(c.data) && !isVendor.Match(c.data) || filepath.Base(c.File) == "gangway.yaml": // it names a people file too
		c.Kind = "deployment"
		_, err = config.ReadDeployment(c.File, c.data)
	case isPeople.Match(c.data):
		c.Kind = "people"
		c.people, err = config.ReadPeople(c.File, c.data)
	case isVendor.Match(c.data):
		c.Kind = "vendor"
		if c.vendor, err = config.ReadIntake(c.File, c.data); err == nil {
			err = c.contract()
		}
	case isBook.Match(c.data):
		c.Kind = "playbook"
		c.book, err = config.ReadPlaybook(c.File, c.data)
	default:
		return config.Faults{{File: c.File, Message: "this is neither a playbook nor people nor a vendor file nor gangway.yaml",
			Hint: "a playbook has steps, a people file people, a vendor file vendor, gangway.yaml an address"}}
	}
	c.sound = err == nil
	return err
}

// contract reads the contract that a vendor file names as the review will.
func (c *checked) contract() error {
	if c.vendor.ContractFile == "" {
		return nil
	}
	fault := func(message, hint string) error {
		return config.Faults{{File: c.File, Message: "contract: " + message, Hint: hint}}
	}
	text, err := readFile(beside(c.File, c.vendor.ContractFile))
	if err != nil {
		return fault(err.Error(), "paths are relative to the vendor file")
	}
	if len(text) == 0 {
		return fault(c.vendor.ContractFile+" is empty", "")
	}
	if _, err := engagement.Split(text); err != nil {
		return fault(c.vendor.ContractFile+": "+err.Error(), "")
	}
	return nil
}

// together holds files that were given together to one another: people to the
// one playbook, vendor files to the people and the playbook that they name.
func together(files []*checked) []error {
	var books, people []*checked
	for _, f := range files {
		switch {
		case f.sound && f.Kind == "playbook":
			books = append(books, f)
		case f.sound && f.Kind == "people":
			people = append(people, f)
		}
	}
	var faults []error
	if len(books) == 1 {
		for _, p := range people {
			faults = append(faults, config.Cross(p.people, books[0].book))
		}
	}
	if len(people) != 1 {
		return faults
	}
	for _, f := range files {
		if !f.sound || f.Kind != "vendor" {
			continue
		}
		if book, ok := bookFor(f.vendor.Intake.Playbook, books); ok {
			faults = append(faults, config.CrossIntake(f.vendor, people[0].people, book))
		}
	}
	return faults
}

// bookFor is the playbook that a vendor file runs with: one of those given, else
// one that ships.
func bookFor(name string, books []*checked) (playbook.Playbook, bool) {
	if name == "" && len(books) == 1 {
		return books[0].book, true
	}
	i := slices.IndexFunc(books, func(b *checked) bool { return b.book.Name == name })
	if i >= 0 {
		return books[i].book, true
	}
	if name == "" {
		name = config.DefaultPlaybook
	}
	book, _, err := config.Shipped(name)
	return book, err == nil
}
