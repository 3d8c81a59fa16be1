package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"gangway/internal/archive"
	"gangway/internal/proof"
)

// verified is all that was found out about a dossier.
type verified struct {
	archive.Verdict
	Witness *archive.Witness `json:"witness,omitempty"`
	Replay  *proof.Result    `json:"replay,omitempty"`
}

// verify checks a dossier, offline.
func (s *session) verify(args []string) error {
	f, size, err := openDossier(args[0])
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	v, err := s.judge(args[0], f, size)
	if err != nil {
		return err
	}
	err = s.printValue(v, func() { s.printVerified(v) })
	if err != nil {
		return err
	}
	return v.problem(args[0], s.text("witness"))
}

// judge finds out what was asked for. A file that is not what was signed is not asked
// any further: whatever it says may have been put there.
func (s *session) judge(path string, f *os.File, size int64) (v verified, err error) {
	if v.Verdict, err = verifyOpen(path, f, size, s.list("key")); err != nil || !v.readable() {
		return v, err
	}
	if file := s.text("witness"); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return v, readable(file, err)
		}
		w, err := archive.CheckWitness(f, size, text)
		if err != nil {
			return v, err
		}
		v.Witness = &w
	}
	if s.yes("replay") {
		lines, open, err := archive.Contents(f, size)
		if err != nil {
			return v, fmt.Errorf("taking the histories out of %s: %w", path, err)
		}
		r, err := proof.Verify(s.ctx, proof.Release(), lines, open)
		if err != nil {
			return v, fmt.Errorf("replaying %s: %w", path, err)
		}
		v.Replay = &r
	}
	return v, nil
}

// readable: nothing is wrong but, if anything, who signed.
func (v verified) readable() bool { return v.Intact || strange(v.Verdict) }

// strange: nothing was changed since it was signed, with another key than those given.
func strange(v archive.Verdict) bool { return v.Wrong && len(v.Findings) == 1 }

// problem says what is wrong with a dossier, the worst first; nil: nothing is.
func (v verified) problem(path, witness string) error {
	switch {
	case !v.readable():
		return failed(path+" is not intact", "don't rely on it; ask for the dossier again")
	case v.Replay != nil && v.Replay.Contradicted():
		return failed(path+" contradicts itself: somebody made a part of it anew", "don't rely on it; what differs is named, ask whoever gave it to you")
	case v.Witness != nil && len(v.Witness.Findings) > 0:
		return failed(path+" contradicts the witness "+witness, "somebody made its past anew, or it is older than the witness: ask for the dossier as it is now")
	case v.Wrong:
		return failed(path+" was signed by another key than you trust",
			"ask whoever gave it to you which key that is, and compare it with what they told you before")
	case v.Witness != nil && !v.Witness.Journal && !v.Witness.Register:
		return problem{code: exitPart, err: fmt.Errorf("the witness %s is of another case, and says nothing of %s", witness, path),
			hints: []string{"give the checkpoint of an earlier dossier of the same case"}}
	case v.Replay != nil && !v.Replay.Whole():
		return problem{code: exitPart, err: fmt.Errorf("not every history of %s could be replayed", path),
			hints: []string{"replay it with the gangway of the release that recorded it; a case that still runs has no histories yet"}}
	}
	return nil
}

func openDossier(path string) (*os.File, int64, error) {
	before, err := os.Stat(path)
	if err == nil && !before.Mode().IsRegular() { // to open a pipe is to wait for its writer
		return nil, 0, failed(path + " is no file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, readable(path, err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		err = readable(path, err)
	case !info.Mode().IsRegular(): // something else took its place
		err = failed(path + " is no file")
	default:
		return f, info.Size(), nil
	}
	_ = f.Close() // only read
	return nil, 0, err
}

func verifyFile(path string, known []string) (archive.Verdict, error) {
	f, size, err := openDossier(path)
	if err != nil {
		return archive.Verdict{}, err
	}
	defer func() { _ = f.Close() }() // only read
	return verifyOpen(path, f, size, known)
}

func verifyOpen(path string, f *os.File, size int64, known []string) (archive.Verdict, error) {
	v, err := archive.Verify(f, size, known)
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
	word, wrong := painted{"intact", styleGood}, v.Findings
	switch {
	case strange(v):
		word, wrong = painted{"not to be trusted", styleBad}, nil // the line says why
	case !v.Intact:
		word = painted{"not intact", styleBad}
	}
	s.out.line("%s; %s", word, signature(v))
	for _, f := range wrong {
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
