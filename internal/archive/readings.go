package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// readingroom is the archive's table of what was found when documents were read.
type readingroom struct{ archive *Archive }

const readingQuery = `SELECT reading FROM readings WHERE document = ?`

// PutReading keeps what was found when a document was read, once: what stands does
// not change with a later release that reads differently. Only where the scanner
// didn't answer the document may be read again.
func (r readingroom) PutReading(ctx context.Context, found engagement.Reading) error {
	if found.Document == "" {
		return errors.New("keeping what was read: no document is named")
	}
	found.At = found.At.UTC()
	text, err := encode(found)
	if err != nil {
		return fmt.Errorf("writing what was read: %w", err)
	}
	return r.archive.write(ctx, "keeping what was read", first, func(q querier) error {
		if err := lockName(ctx, q, "reading "+found.Document); err != nil {
			return err
		}
		stands, err := queryAll(ctx, q, scanReading, readingQuery, found.Document)
		if err != nil || len(stands) > 0 && stands[0].Fault != engagement.FaultUnscanned {
			return err
		}
		_, err = q.ExecContext(ctx, `INSERT INTO readings (document, text, reading) VALUES (?, ?, ?)
			ON CONFLICT (document) DO UPDATE SET text = excluded.text, reading = excluded.reading`, found.Document, found.Text, text)
		return err
	})
}

func scanReading(rows *sql.Rows) (r engagement.Reading, err error) {
	text, err := scanString(rows)
	if err != nil {
		return r, err
	}
	return r, decode(text, &r)
}

// Reading returns what was found when a document was read, or
// dossier.NotFoundError.
func (r readingroom) Reading(ctx context.Context, digest string) (engagement.Reading, error) {
	all, err := queryAll(ctx, r.archive.reads, scanReading, readingQuery, digest)
	if err != nil {
		return engagement.Reading{}, fmt.Errorf("looking for what was read in a document: %w", err)
	}
	if len(all) == 0 {
		return engagement.Reading{}, dossier.NotFoundError{What: "reading of document", ID: digest}
	}
	return all[0], nil
}

// TextOf opens the text of a document by the document's digest: what was found when
// it was read, or the document itself where it is text or nobody read it and it
// looks like text. A document that was not taken, and one without text, are a
// dossier.NotFoundError. As with Get, the reader ends in an error where the stored
// bytes were changed.
func (r readingroom) TextOf(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error) {
	found, err := r.Reading(ctx, digest)
	none := dossier.NotFoundError{What: "text of document", ID: digest}
	switch {
	case errors.As(err, new(dossier.NotFoundError)):
	case err != nil:
		return dossier.Paper{}, nil, err
	case found.Fault != "":
		return dossier.Paper{}, nil, none
	case found.Text != "":
		return r.archive.Get(ctx, found.Text)
	case !isText(found.Media):
		return dossier.Paper{}, nil, none
	}
	paper, text, err := r.archive.Get(ctx, digest)
	if err == nil && !isText(paper.Media) {
		return dossier.Paper{}, nil, errors.Join(none, text.Close())
	}
	return paper, text, err
}

// isText: as sniffed. Markdown has no mark by which it is known, and may begin like
// much else that is written for eyes.
func isText(media string) bool { return strings.HasPrefix(media, "text/") }
