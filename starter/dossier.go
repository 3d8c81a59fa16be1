package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gangway/internal/archive"
)

// dossier writes a case's dossier to a file: all of it or nothing, checked
// before it gets its name, and over no other file unless that is wanted.
func (s *session) dossier(args []string) error {
	if err := s.needed("out"); err != nil {
		return err
	}
	out := s.text("out")
	if _, err := os.Lstat(out); err == nil && !s.yes("force") {
		return there(out)
	}
	v, err := s.takeOut(args[0], out)
	if err != nil {
		return err
	}
	err = s.printValue(v, func() {
		s.out.line("%s", out)
	})
	if err != nil {
		return err
	}
	s.tell("%s holds the dossier of %s: intact, signed by %s", out, v.Case, v.Fingerprint)
	if v.Open {
		s.tell("the case still runs, and the dossier says so; take it again when the case is closed")
	}
	s.tell("check it anywhere with: gangway verify %s --key %s", out, v.Fingerprint)
	return nil
}

func there(out string) error {
	return failed(out+" is there already", "nothing was written; choose another name, or replace it with --force")
}

// takeOut fetches the dossier into a file beside out and renames it.
func (s *session) takeOut(caseID, out string) (archive.Verdict, error) {
	f, err := os.CreateTemp(filepath.Dir(out), ".gangway-*.part")
	if err != nil {
		return archive.Verdict{}, readable(out, err)
	}
	v, err := s.fill(f, caseID)
	if err == nil {
		err = s.name(f.Name(), out)
	}
	if gone := os.Remove(f.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, fmt.Errorf("removing a part of a dossier: %w", gone))
	}
	return v, err
}

// fill writes the dossier to f, closes it and checks what stands in it. A lost
// connection starts it anew.
func (s *session) fill(f *os.File, caseID string) (archive.Verdict, error) {
	err := s.do(get("/api/dossier", "case", caseID), func(body io.Reader) error {
		if err := f.Truncate(0); err != nil {
			return fmt.Errorf("emptying a part of a dossier: %w", err)
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("writing a dossier from its start: %w", err)
		}
		_, err := io.Copy(f, body)
		return err
	})
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return archive.Verdict{}, err
	}
	v, err := verifyFile(f.Name(), nil)
	if err == nil && !v.Intact {
		s.printFindings(v)
		err = failed("what the server sent is no intact dossier", "nothing was written; try again, and tell whoever runs gangway if it stays")
	}
	return v, err
}

func (s *session) printFindings(v archive.Verdict) {
	for _, f := range v.Findings {
		s.tell("wrong: %s", f)
	}
}

// name gives a whole file its name. Without --force a file that came to be there
// meanwhile stays: a link is never made over a file.
func (s *session) name(part, out string) error {
	if s.yes("force") {
		if err := os.Rename(part, out); err != nil {
			return fmt.Errorf("naming the dossier: %w", err)
		}
		return nil
	}
	err := os.Link(part, out)
	switch {
	case errors.Is(err, fs.ErrExist):
		return there(out)
	case err != nil: // a file system without links
		if _, gone := os.Lstat(out); gone == nil {
			return there(out)
		}
		if err := os.Rename(part, out); err != nil {
			return fmt.Errorf("naming the dossier: %w", err)
		}
	}
	return nil
}

// fingerprint prints the fingerprint of the key that seals dossiers.
func (s *session) fingerprint([]string) error {
	var key struct {
		Fingerprint string `json:"fingerprint"`
	}
	raw, err := s.fetchInto(get("/api/fingerprint"), &key)
	if err != nil {
		return err
	}
	return s.print(raw, func() { s.out.line("%s", key.Fingerprint) })
}
