package archive

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"gangway/internal/dossier"
)

// Witness is what a checkpoint that somebody kept says of a dossier that they are given
// later. Whoever has the key, and everything else, can make a history anew and sign it;
// what was mailed to a witness before cannot be made anew.
type Witness struct {
	// Case, Lines, SignedAt and Fingerprint are what the checkpoint says: the case, how
	// many lines its journal had, when and with which key it was signed.
	Case        string    `json:"case"`
	Lines       int       `json:"lines"`
	SignedAt    time.Time `json:"signedAt"`
	Fingerprint string    `json:"fingerprint"`
	// Journal and Register report whether each could be compared: the journal if the
	// checkpoint is of the same case, the register if the dossier has the line at which
	// the checkpoint ends. A dossier has an excerpt of the register alone.
	Journal  bool `json:"journal"`
	Register bool `json:"register"`
	// Findings name how the dossier contradicts the checkpoint; none: it goes on from it.
	Findings []string `json:"findings,omitempty"`
}

// witnessError says why a file is no witness.
type witnessError string

// Error says it.
func (e witnessError) Error() string { return string(e) }

// Hint says what to do.
func (e witnessError) Hint() string {
	return "a witness is the file checkpoint.json of a dossier, as it was when you got it, or the mail that brought it"
}

// CheckWitness holds a dossier against the text of an earlier dossier's checkpoint, of
// the same case or of another: the file itself, or the mail that brought it. It trusts the
// dossier to be in itself what it says: Verify it first. A text that has no checkpoint, or
// not as it was signed, is an error with a Hint.
func CheckWitness(r io.ReaderAt, size int64, text []byte) (Witness, error) {
	earlier, finding := readWitness(text)
	if finding != "" {
		return Witness{}, witnessError("the witness is no checkpoint that can be used: " + oneLine(finding))
	}
	c, err := unsealed(r, size)
	if err != nil {
		return Witness{}, err
	}
	journal, err := c.journal()
	if err != nil {
		return Witness{}, err
	}
	now, err := c.signature()
	if err != nil {
		return Witness{}, err
	}
	register, whole, err := c.lines(registerPath)
	if err != nil {
		return Witness{}, err
	}
	if now == nil || !whole {
		return Witness{}, fmt.Errorf("%s and %s can't be read", checkpointPath, registerPath)
	}
	w := Witness{Case: earlier.Case, Lines: earlier.Journal.N, SignedAt: earlier.SignedAt, Fingerprint: earlier.Fingerprint}
	w.journal(earlier, journal)
	w.register(earlier, *now, register)
	return w, nil
}

func (w *Witness) find(format string, args ...any) {
	w.Findings = append(w.Findings, fmt.Sprintf(format, args...))
}

// journal wants the line at which the checkpoint ends to be in the dossier, with the
// same hash. It covers every line before it.
func (w *Witness) journal(earlier checkpoint, lines []dossier.Line) {
	if earlier.Case != lines[0].Entry.Case {
		return
	}
	w.Journal = true
	n := earlier.Journal.N
	switch {
	case n < 1 || n > len(lines):
		w.find("%s ends at line %d, and the witness saw %d: the dossier is older, or lines were cut off", journalPath, len(lines), n)
	case lines[n-1].Hash != earlier.Journal.Hash:
		w.find("%s: line %d is not the one that the witness saw on %s; it or a line before it was made anew", journalPath, n, earlier.SignedAt.Format(time.DateOnly))
	}
}

// register does the same for the register, as far as the excerpt goes: a line, or the
// one after it, which names the hash before its own.
func (w *Witness) register(earlier, now checkpoint, excerpt []dossier.Line) {
	n, hash := earlier.Register.N, ""
	if n < 1 { // nothing was in it
		return
	}
	if n == now.Register.N {
		hash = now.Register.Hash
	}
	at, found := slices.BinarySearchFunc(excerpt, n, func(l dossier.Line, n int) int { return cmp.Compare(l.N, n) })
	switch {
	case found:
		hash = excerpt[at].Hash
	case at < len(excerpt) && excerpt[at].N == n+1:
		hash = excerpt[at].Prev
	}
	switch {
	case n > now.Register.N && !now.SignedAt.Before(earlier.SignedAt):
		w.Register = true
		w.find("the register has %d lines, and had %d when the witness was signed, before the dossier", now.Register.N, n)
	case hash == "":
	case hash != earlier.Register.Hash:
		w.Register = true
		w.find("%s: line %d is not the one that the witness saw on %s; it or a line before it was made anew", registerPath, n, earlier.SignedAt.Format(time.DateOnly))
	default:
		w.Register = true
	}
}
