package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

func (s *session) extend(args []string) error {
	if err := s.needed("to", "reason"); err != nil {
		return err
	}
	until, err := s.endOfDay(s.text("to"))
	if err != nil {
		return err
	}
	return s.actOn(args[0], args[1], review.Form{Act: review.Extend, Until: until})
}

func (s *session) hold(args []string) error { return s.onCase(args[0], review.Form{Act: review.Hold}) }

func (s *session) resume(args []string) error {
	return s.onCase(args[0], review.Form{Act: review.Resume})
}

func (s *session) sendChanges(args []string) error {
	return s.onCase(args[0], review.Form{Act: review.SendChanges, Vendor: s.text("for-vendor")})
}

// onCase sends an act about a whole case.
func (s *session) onCase(caseID string, f review.Form) error {
	if err := s.needed("reason"); err != nil {
		return err
	}
	f.Process = caseID
	return s.act(f, caseID, "")
}

// ask sends a question; its words are what stands in the record.
func (s *session) ask(args []string) error {
	if strings.TrimSpace(args[2]) == "" {
		return usage("TEXT is empty", "write what you ask")
	}
	f := review.Form{ID: s.id(), Act: review.Ask, Process: args[0], To: args[1], Inside: args[2]}
	raw, out, err := s.deliver("/api/act", f)
	if err != nil {
		return err
	}
	return s.outcome(raw, out, sent{id: f.ID, what: "ask " + args[1], of: args[0]})
}

func (s *session) addSeatTo(args []string) error {
	if err := s.needed("reason"); err != nil {
		return err
	}
	f := review.Form{Act: review.AddSeat, Role: s.text("role"), To: s.text("person"), Mandatory: s.yes("mandatory")}
	if (f.Role == "") == (f.To == "") {
		return usage("a seat is for a role or for one person", "give --role ROLE or --person PERSON")
	}
	if text := s.text("group"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return usage(fmt.Sprintf("%.40q is no group", text), "groups count from 1")
		}
		f.Group = n
	}
	return s.actOn(args[0], args[1], f)
}

// correctValue reads the value of a correction as its field wants it.
func correctValue(f *review.Form, field, text string) error {
	fields := []string{playbook.FieldData, playbook.FieldSystems, playbook.FieldCost}
	f.Field = field
	switch {
	case !slices.Contains(fields, field):
		return usage(fmt.Sprintf("%.40q can't be corrected", field), nearby(field, fields))
	case field == playbook.FieldCost:
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return usage(fmt.Sprintf("%.40q is no cost", text), "write a whole number, such as 180000")
		}
		f.Amount = n
		return nil
	}
	for _, word := range strings.Split(text, ",") {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(f.Values, word) {
			f.Values = append(f.Values, word)
		}
	}
	return nil
}

// correct shows what a correction changes, asks once, and sends it with the digest
// of what was shown.
func (s *session) correct(args []string) error {
	f := review.Form{Act: review.Correct, Process: args[0]}
	if err := correctValue(&f, args[1], args[2]); err != nil {
		return err
	}
	if !s.yes("dry-run") {
		if err := s.needed("reason"); err != nil {
			return err
		}
	}
	if id := s.text("id"); id != "" { // once it is done there is nothing to preview
		err := s.receipt([]string{id})
		var p problem
		if !errors.As(err, &p) || p.status != http.StatusNotFound {
			return err
		}
	}
	w := get("/api/correction", "case", f.Process, "field", f.Field)
	if f.Field == playbook.FieldCost {
		w.query = url.Values{"case": {f.Process}, "field": {f.Field}, "amount": {strconv.Itoa(f.Amount)}}
	} else if len(f.Values) > 0 {
		w.query["value"] = f.Values
	}
	var c playbook.Correction
	raw, err := s.fetchInto(w, &c)
	if err != nil {
		return err
	}
	if s.yes("dry-run") {
		return s.print(raw, func() { s.printCorrection(s.out, c) })
	}
	s.printCorrection(s.errs, c)
	if err := s.confirm("Correct it?"); err != nil {
		return err
	}
	f.Digest = c.Digest
	return s.act(f, args[0], "")
}

func (s *session) printCorrection(to *terminal, c playbook.Correction) {
	if c.From == c.To {
		to.line("the tier stays %d", int(c.To))
	} else {
		to.line("the tier was %d and will be %d", int(c.From), int(c.To))
	}
	steps := func(what string, list []playbook.Step) {
		for _, st := range list {
			to.line("%s  %s  %s", what, st.ID, st.Title)
		}
	}
	steps("added  ", c.Added)
	steps("dropped", c.Dropped)
	steps("kept   ", c.Kept)
	if len(c.Added)+len(c.Dropped)+len(c.Kept) == 0 {
		to.line("no step is added and none is dropped")
	}
}

// confirm asks once; --yes answers. Without anybody to ask nothing is done.
func (s *session) confirm(question string) error {
	if s.yes("yes") {
		return nil
	}
	if !s.atTerminal() {
		return usage("nobody is there to be asked", "look at it, and say --yes")
	}
	s.errs.write([]byte(question + " [y/N] "))
	line, err := bufio.NewReader(s.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading your answer: %w", err)
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	}
	return failed("nothing was done")
}
