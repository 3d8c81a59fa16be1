package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/gcerrors"

	"gangway/internal/dossier"
)

// EraseDocument removes a document's content, and the sealed dossiers that hold
// it. The content goes wherever it stands, also the text that was found in it and
// the mails that brought it: every case that has one of these gets an entry that
// says when and under which rule. From then on Get answers with that. A
// document that the case doesn't have is a dossier.NotFoundError; one that was
// erased before stays as it is.
func (a *Archive) EraseDocument(ctx context.Context, caseID, digest, rule, actor string) error {
	if rule == "" {
		return errors.New("erasing a document: there is no rule")
	}
	e := erasure{ctx: ctx, now: a.now(), rule: rule, actor: actor}
	err := a.write(ctx, "erasing a document", later, func(q querier) error {
		e.q, e.gone = q, nil
		return e.document(caseID, digest)
	})
	if err != nil {
		return err
	}
	if err := a.removePapers(ctx, append(e.gone, digest)); err != nil {
		return fault("removing an erased document", err)
	}
	return nil
}

func (e *erasure) document(caseID, digest string) error {
	has, err := hasPaper(e.ctx, e.q, caseID, digest)
	if err != nil {
		return fmt.Errorf("looking for a document to erase: %w", err)
	}
	if !has {
		return dossier.NotFoundError{What: "document of " + caseID, ID: digest}
	}
	marked, err := e.content(digest)
	if err != nil || !marked {
		return err
	}
	return e.copies(digest)
}

// removePapers removes the content of documents that bear a tombstone.
func (a *Archive) removePapers(ctx context.Context, digests []string) error {
	for _, digest := range digests {
		key, ok := blobKey(digest)
		if !ok {
			continue // never was a document of ours
		}
		if err := a.removePaper(ctx, digest, key); err != nil {
			return fmt.Errorf("removing document %s: %w", digest, err)
		}
	}
	return nil
}

// removePaper leaves a document that was stored again since its erasure.
func (a *Archive) removePaper(ctx context.Context, digest, key string) error {
	release, err := a.db.alone(ctx, digest)
	if err != nil {
		return err
	}
	defer release()
	var back bool
	if _, err := queryOne(ctx, a.reads, []any{&back}, `SELECT EXISTS (SELECT 1 FROM documents WHERE digest = ? AND erased_on IS NULL)`, digest); err != nil || back {
		return err
	}
	if err := a.papers.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return err
	}
	folder := filepath.Join(a.dir, documentsDir, key[:2])
	if err := syncFolder(folder); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// sweep removes what a process that was killed left: documents half received, and
// erased ones whose content is still there. Others may be receiving when the
// archive is shared: then only what is an hour old goes.
func (a *Archive) sweep(ctx context.Context, shared bool) error {
	before := time.Now() // files carry the machine's time
	if shared {
		before = before.Add(-time.Hour)
	}
	root := filepath.Join(a.dir, documentsDir)
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), incoming) && !strings.HasSuffix(d.Name(), ".tmp") {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && shared && info.ModTime().After(before) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sweeping the documents: %w", err)
	}
	erased, err := queryAll(ctx, a.reads, scanString, `SELECT digest FROM documents WHERE erased_on IS NOT NULL`)
	if err != nil {
		return fmt.Errorf("listing the erased documents: %w", err)
	}
	return a.removePapers(ctx, erased)
}
