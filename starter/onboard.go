package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// onboard uploads the contract that a vendor file names and opens a case.
func (s *session) onboard(args []string) error {
	if err := s.known(); err != nil {
		return err
	}
	file, err := readVendor(args[0])
	if err != nil {
		return err
	}
	in := file.Intake
	in.ID = s.id()
	if name := s.text("playbook"); name != "" {
		in.Playbook = name
	}
	in.Rehearsal = in.Rehearsal || s.yes("rehearsal")
	if file.ContractFile != "" {
		paper, err := s.upload(beside(args[0], file.ContractFile))
		if err != nil {
			return err
		}
		in.Contract = paper.Digest
	}
	w, err := post("/api/open", in)
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
	s.tell("the case %s is opened for %s", opened.Case, in.Vendor.Name)
	s.firstAsked(opened.Case)
	s.tell("look at it with: gangway show %s", opened.Case)
	s.tell("see what waits for you with: gangway waiting")
	return nil
}

// firstAsked waits until the case has asked somebody and says whom, so that the
// next command of a script finds the request. It gives up where that takes long:
// the case is opened whether or not a worker is there to run it.
func (s *session) firstAsked(id string) {
	for end := time.Now().Add(s.asking); ; {
		w := get("/api/case", "id", id)
		w.hasty = true
		var v dossier.CaseView
		if _, err := s.fetchInto(w, &v); err == nil {
			if people := openTo(&v); len(people) > 0 {
				s.tell("asked now: %s", strings.Join(people, ", "))
				return
			}
		}
		if s.ctx.Err() != nil || time.Now().After(end) {
			s.tell("nobody is asked yet; that happens as soon as the engine gets to it")
			return
		}
		select {
		case <-s.ctx.Done():
		case <-time.After(s.pause):
		}
	}
}

// openTo lists the people who were asked in an open request, each once.
func openTo(v *dossier.CaseView) []string {
	var people []string
	for i := range v.Requests {
		r := &v.Requests[i]
		for _, seat := range r.Seatings {
			if !r.IsOpen() || seat.Group >= len(r.Clocks) || r.Clocks[seat.Group].Opened.IsZero() {
				continue
			}
			for _, h := range seat.Holders {
				if !h.Off && !slices.Contains(people, h.Person) {
					people = append(people, h.Person)
				}
			}
		}
	}
	return people
}

// readVendor reads a vendor file with the faults of its contract.
func readVendor(path string) (config.VendorFile, error) {
	data, err := readFile(path)
	if err != nil {
		return config.VendorFile{}, err
	}
	return config.ReadIntake(path, data)
}

// mostFile is the largest YAML file that is read at all; config takes 1 MiB and
// says so.
const mostFile = 4 << 20

// readFile reads a file that somebody wrote.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, readable(path, err)
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, mostFile))
	if err != nil {
		return nil, readable(path, err)
	}
	return data, nil
}

// readable says why a file can't be read, without the name of the system call.
func readable(path string, err error) error {
	cause := err
	var p *os.PathError
	if errors.As(err, &p) {
		cause = p.Err
	}
	return failed(fmt.Sprintf("reading %s: %v", path, cause))
}

// beside is a path as a file writes it: relative to that file.
func beside(file, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}

// upload files a document with the server.
func (s *session) upload(path string) (dossier.Paper, error) {
	var paper dossier.Paper
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return paper, readable(path, err)
	case info.IsDir():
		return paper, failed(path + " is a folder")
	case info.Size() == 0:
		return paper, failed(path+" is empty", "nothing was sent")
	case info.Size() > engagement.MaxDocument:
		return paper, failed(fmt.Sprintf("%s has %s, more than the %s that are taken", path, size(info.Size()), size(engagement.MaxDocument)),
			"nothing was sent; split it, or leave large pictures out")
	}
	raw, err := s.fetch(wish{method: "POST", path: "/api/documents", media: "application/octet-stream",
		body: func() (io.ReadCloser, error) { return os.Open(path) }})
	if err != nil {
		return paper, err
	}
	if err := json.Unmarshal(raw, &paper); err != nil || paper.Digest == "" {
		return paper, failed("the server's answer can't be read")
	}
	s.tell("filed %s: %s, %s", path, size(paper.Size), paper.Digest)
	return paper, nil
}
