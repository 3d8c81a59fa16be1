package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
)

// adopt takes in the vendors of a file: it asks the server first what the file comes
// to and which documents it names, files those, and then has it done.
func (s *session) adopt(args []string) error {
	if err := s.known(); err != nil {
		return err
	}
	text, err := readFile(args[0])
	if err != nil {
		return err
	}
	order := dossier.AdoptOrder{CSV: string(text), Playbook: s.text("playbook"), Rehearsal: s.yes("rehearsal"), Try: true}
	var would dossier.Adoption
	raw, err := s.sendAdoption(order, &would)
	if err != nil {
		return err
	}
	if err := checkNames(would.Files); err != nil {
		return err
	}
	if s.yes("dry-run") {
		err := s.print(raw, func() { s.printAdoption(would) })
		if err == nil {
			s.tell("nothing was done; leave out --dry-run to do it")
		}
		return err
	}
	order.Try, order.Files = false, map[string]string{}
	for _, name := range would.Files {
		paper, err := s.upload(beside(args[0], name))
		if err != nil {
			return err
		}
		order.Files[name] = paper.Digest
	}
	var did dossier.Adoption
	raw, err = s.sendAdoption(order, &did)
	if err != nil {
		return err
	}
	if err := s.print(raw, func() { s.printAdoption(did) }); err != nil {
		return err
	}
	if slices.ContainsFunc(did.Rows, func(r dossier.AdoptedRow) bool { return r.Does != dossier.AdoptNothing }) {
		s.tell("nothing of it was reviewed here; see what is watched with: gangway watch")
	} else {
		s.tell("all of it was known: nothing was changed")
	}
	return nil
}

func (s *session) sendAdoption(o dossier.AdoptOrder, into *dossier.Adoption) ([]byte, error) {
	w, err := post("/api/adopt", o)
	if err != nil {
		return nil, err
	}
	return s.fetchInto(w, into)
}

// checkNames lets a file name documents beside it alone: whoever wrote it must not
// choose what else of this machine is sent.
func checkNames(names []string) error {
	for _, name := range names {
		if !filepath.IsLocal(name) {
			return failed(fmt.Sprintf("the file names the document %q, which is not beside it", name), "put the documents into the file's folder and name them from there; nothing was sent")
		}
	}
	return nil
}

func (s *session) printAdoption(a dossier.Adoption) {
	g := newGrid("", "LINE", "VENDOR", "DOES", "CASE", "KNOWN", "LACKING")
	for _, r := range a.Rows {
		var known []string
		for _, f := range r.Facts {
			what := f.Name
			if !f.Until.IsZero() {
				what += " until " + f.Until.Format(time.DateOnly)
			}
			known = append(known, what)
		}
		g.add(fmt.Sprint(r.Line), r.Vendor.Slug, r.Does, dash(r.Case), dash(strings.Join(known, ", ")), dash(strings.Join(r.Gaps, ", ")))
	}
	g.print(s.out)
	for _, name := range a.Files {
		s.out.line("document to file: %s", name)
	}
}
