package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"gangway/internal/archive"
)

// verify checks a dossier, offline.
func (s *session) verify(args []string) error {
	v, err := verifyFile(args[0], s.list("key"))
	if err != nil {
		return err
	}
	if err := s.printValue(v, func() { s.printVerdict(v) }); err != nil {
		return err
	}
	switch {
	case v.Wrong && len(v.Findings) == 1:
		return failed(args[0]+" was signed by another key than you trust",
			"ask whoever gave it to you which key that is, and compare it with what they told you before")
	case !v.Intact:
		return failed(args[0]+" is not intact", "don't rely on it; ask for the dossier again")
	}
	return nil
}

func verifyFile(path string, known []string) (archive.Verdict, error) {
	before, err := os.Stat(path)
	if err == nil && !before.Mode().IsRegular() { // to open a pipe is to wait for its writer
		return archive.Verdict{}, failed(path + " is no file")
	}
	f, err := os.Open(path)
	if err != nil {
		return archive.Verdict{}, readable(path, err)
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return archive.Verdict{}, readable(path, err)
	}
	if !info.Mode().IsRegular() { // something else took its place
		return archive.Verdict{}, failed(path + " is no file")
	}
	v, err := archive.Verify(f, info.Size(), known)
	if err != nil {
		var hinted interface{ Hint() string }
		if errors.As(err, &hinted) && len(known) > 0 {
			return v, usage(err.Error(), hinted.Hint())
		}
		return v, fmt.Errorf("checking %s: %w", path, err)
	}
	return v, nil
}

// signature says who signed, as far as the keys that were given tell.
func signature(v archive.Verdict) string {
	switch {
	case v.Fingerprint == "":
		return "no signature fits"
	case v.Wrong:
		return "signed by " + v.Fingerprint + ", which is not the key you gave"
	case v.Known:
		return "signed by " + v.Fingerprint + ", the key you gave"
	}
	return "signed by " + v.Fingerprint + ", not known here"
}

func (s *session) printVerdict(v archive.Verdict) {
	word := painted{"intact", styleGood}
	if !v.Intact {
		word = painted{"not intact", styleBad}
	}
	s.out.line("%s; %s", word, signature(v))
	for _, f := range v.Findings {
		s.out.line("  wrong: %s", f)
	}
	if v.Case != "" {
		s.out.line("case %s, %s", v.Case, standing(v))
	}
	if !v.SignedAt.IsZero() {
		s.out.line("signed %s", iso(v.SignedAt))
	}
	s.out.line("%s, %s, %s%s", counted(v.Lines, "line"), counted(v.Documents, "document"), histories(v.Histories), erased(v.Erased))
	if v.Earlier != "" {
		s.out.line("adds to the sealed dossier %s", v.Earlier)
	}
}

// standing says what kind of dossier it is.
func standing(v archive.Verdict) string {
	parts := []string{dash(string(v.State))}
	if v.Open {
		parts = append(parts, "OPEN when it was signed")
	}
	if v.Unsealed {
		parts = append(parts, "not everything was there yet")
	}
	if v.Rehearsal {
		parts = append(parts, "a REHEARSAL")
	}
	return strings.Join(parts, ", ")
}

func histories(n int) string {
	if n == 1 {
		return "1 history"
	}
	return fmt.Sprintf("%d histories", n)
}

func erased(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d erased by rule", n)
}
