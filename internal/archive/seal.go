package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gangway/internal/dossier"
)

// Export writes the dossier of a case: the sealed one, byte for byte, when the
// case is sealed and nothing happened since; otherwise the case as it stands,
// signed with k at the instant at (to the second), open cases with OPEN on their
// face. The same state and instant give the same bytes. A dossier that adds to a
// sealed one names it. What was written to w before an error is of no use.
//
// Errors: dossier.NotFoundError without such a case; a document that the journal
// names and the archive has lost, and a case too large for a dossier, have a Hint.
func (a *Archive) Export(ctx context.Context, caseID string, k *Key, at time.Time, w io.Writer) error {
	c, err := a.gather(ctx, caseID)
	if err != nil {
		return err
	}
	if paper, sealed := c.sealed(); sealed {
		found, err := a.copySealed(ctx, paper, w)
		if found || err != nil {
			return err
		}
	}
	return c.write(w, k, at)
}

// copySealed copies a sealed dossier; found is false when it was erased since.
func (a *Archive) copySealed(ctx context.Context, p dossier.Paper, w io.Writer) (found bool, err error) {
	_, r, err := a.Get(ctx, p.Digest)
	if errors.As(err, new(dossier.NotFoundError)) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("opening the sealed dossier: %w", err)
	}
	_, err = io.Copy(w, r)
	if err := errors.Join(err, r.Close()); err != nil {
		return true, fmt.Errorf("copying the sealed dossier: %w", err)
	}
	return true, nil
}

// notReadyError says why a case can't be sealed yet.
type notReadyError struct {
	id    string
	lacks []string
}

// Error names the first thing that is lacking, and how many there are.
func (e notReadyError) Error() string {
	more := ""
	if n := len(e.lacks) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more)", n)
	}
	return fmt.Sprintf("case %s can't be sealed: %s%s", e.id, e.lacks[0], more)
}

// Hint says what can be done meanwhile.
func (e notReadyError) Hint() string {
	return "its dossier can be exported as it stands; it is sealed once it is closed and all its histories are filed"
}

// SealCase makes the dossier of a closed case whose record is whole, keeps it as a
// document and says so in the case's chain. A case that is sealed, with nothing
// since, stays as it is; one that went on (a late attempt, an erasure, a reopening
// that ended) is sealed again with all of its lines. The entry's Revision is how
// many lines the dossier holds. A case that lacks something is an error with a
// Hint. One caller at a time: two would seal it twice.
//
// Whoever has to do something once for every seal gives it as before: it is done ahead of
// the entry, with how many lines that will name, and again where a crash came between.
func (a *Archive) SealCase(ctx context.Context, caseID string, k *Key, at time.Time, before ...func(context.Context, dossier.CaseView, int) error) (dossier.Paper, error) {
	c, err := a.gather(ctx, caseID)
	if err != nil {
		return dossier.Paper{}, err
	}
	if paper, sealed := c.sealed(); sealed {
		return paper, nil
	}
	if lacks := dossier.Complete(c.view, c.lines); len(lacks) > 0 {
		return dossier.Paper{}, notReadyError{caseID, lacks}
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(c.write(w, k, at)) }() // ends with the reader: Put reads to the end or closes
	paper, err := a.Put(ctx, r, containerMost)
	r.CloseWithError(errors.New("the dossier is no longer wanted"))
	if err != nil {
		return dossier.Paper{}, fmt.Errorf("keeping the dossier of %s: %w", caseID, err)
	}
	at = at.UTC().Truncate(time.Second)
	caseAt, err := caseTime(ctx, a.reads, caseID, at)
	if err != nil {
		return dossier.Paper{}, fmt.Errorf("dating the seal of %s: %w", caseID, err)
	}
	for _, do := range before {
		if err := do(ctx, c.view, len(c.lines)); err != nil {
			return dossier.Paper{}, fmt.Errorf("preparing the seal of %s: %w", caseID, err)
		}
	}
	seal := dossier.Entry{ID: fmt.Sprintf("%s#archive/seal-%d", caseID, len(c.lines)), Case: caseID, Process: caseID, Kind: dossier.Sealed,
		At: at, CaseAt: caseAt, Detail: &dossier.Detail{Document: paper.Digest, Size: paper.Size, Media: paper.Media,
			Digest: k.Fingerprint(), Revision: len(c.lines)}}
	if err := a.Append(ctx, []dossier.Entry{seal}); err != nil {
		return dossier.Paper{}, fmt.Errorf("recording the seal of %s: %w", caseID, err)
	}
	return paper, nil
}

// SealReady returns the cases that are closed and whole and have no seal over
// their last line, in the order in which they were opened.
func (a *Archive) SealReady(ctx context.Context) ([]string, error) {
	ids, err := queryAll(ctx, a.reads, scanString, sealReadyQuery)
	if err != nil {
		return nil, fmt.Errorf("looking for cases to seal: %w", err)
	}
	var ready []string
	for _, id := range ids {
		v, err := a.Case(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("looking whether a case can be sealed: %w", err)
		}
		if len(dossier.Complete(v, nil)) > 0 {
			continue
		}
		lines, err := a.Lines(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("looking whether a record is whole: %w", err)
		}
		if _, sealed := sealOf(lines); !sealed && len(dossier.Complete(v, lines)) == 0 {
			ready = append(ready, id)
		}
	}
	return ready, nil
}

// sealReadyQuery finds cases that are whole as far as their views tell: after a
// reset a run may be named by a line alone, so the lines are read too.
const sealReadyQuery = `SELECT id FROM cases WHERE seal = 1 ORDER BY seq`

// sealOf finds the seal that covers all lines before it and is the last; a seal
// that was kept as a conflict with it is none.
func sealOf(lines []dossier.Line) (dossier.Paper, bool) {
	for i := len(lines) - 1; i >= 0; i-- {
		e := lines[i].Entry
		if e.Kind == dossier.Sealed && lines[i].Conflict {
			continue
		}
		if e.Kind != dossier.Sealed || e.Detail == nil || e.Detail.Revision != lines[i].N-1 {
			break
		}
		return dossier.Paper{Digest: e.Detail.Document, Size: e.Detail.Size, Media: e.Detail.Media}, true
	}
	return dossier.Paper{}, false
}

func (c contents) sealed() (dossier.Paper, bool) { return sealOf(c.lines) }

// earlier is the digest of the newest sealed dossier of the case, if there is one.
func (c contents) earlier() string {
	digest := ""
	for _, l := range c.lines {
		if l.Entry.Kind == dossier.Sealed && l.Entry.Detail != nil && !l.Conflict {
			digest = l.Entry.Detail.Document
		}
	}
	return digest
}
