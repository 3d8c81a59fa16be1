package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"

	"gangway/internal/dossier"
)

// Options says where an archive lives and how it is shared. The zero value of
// everything but Dir is what one process in production wants.
type Options struct {
	// Dir holds archive.db, documents/ and archive.lock; it is made when missing.
	Dir string
	// Database is the URL of a PostgreSQL database that takes the place of
	// archive.db; empty: there is none. Any number of processes may use it. They
	// share Dir for the documents, so Dir must be one folder for all of them.
	Database string
	// Shared lets several processes on one machine use the same files; all of
	// them must say so. Without it a second process is refused. A Database
	// implies it.
	Shared bool
	// MaxPages bounds the database (pages of 4 KiB); 0: no bound. Tests of a
	// full disk set it.
	MaxPages int
	// Log takes what no caller can be told; nil: nothing is logged.
	Log *slog.Logger
	// Now is the clock for erasures, leases and the people's register entries;
	// nil: time.Now.
	Now func() time.Time
}

// Archive is an open archive. Its methods can be used by many goroutines; all of
// them may return dossier.FullError when the disk takes no more, in which case
// nothing was written, and any of them may be repeated.
type Archive struct {
	gatehouse
	pinboard
	absences
	letterbox
	frontoffice
	readingroom
	sortingroom

	dir   string
	log   *slog.Logger
	clock func() time.Time

	lock    *os.File
	db      database
	reads   querier // single reads, each of one moment
	papers  *blob.Bucket
	folders folders
	// understood are the requests that were read last.
	understood understood
	shut       sync.Once
}

// Open opens the archive in o.Dir, making it when there is none. A directory that
// another process uses, a file that is not an archive, and one that a newer
// release wrote are refused untouched with an error that has a Hint; one of an
// older release is migrated first.
func Open(ctx context.Context, o Options) (*Archive, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("finding the archive's directory: %w", err)
	}
	o.Shared = o.Shared || o.Database != ""
	a := &Archive{dir: dir, log: o.Log, clock: o.Now}
	a.gatehouse, a.pinboard, a.absences = gatehouse{archive: a}, pinboard{archive: a}, absences{archive: a}
	a.letterbox, a.frontoffice, a.readingroom = letterbox{archive: a}, frontoffice{archive: a}, readingroom{archive: a}
	a.sortingroom = sortingroom{archive: a}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.clock == nil {
		a.clock = time.Now
	}
	if err := a.open(ctx, o); err != nil {
		return nil, errors.Join(full("opening the archive", err), a.Close())
	}
	return a, nil
}

func (a *Archive) open(ctx context.Context, o Options) error {
	documents := filepath.Join(a.dir, documentsDir)
	_, err := os.Stat(documents)
	begins := errors.Is(err, os.ErrNotExist)
	if err := os.MkdirAll(documents, 0o700); err != nil {
		return fmt.Errorf("making the archive's directory: %w", err)
	}
	if a.lock, err = lockDir(a.dir, o.Shared); err != nil {
		return err
	}
	if begins {
		if err := a.folders.make(documents); err != nil {
			return err
		}
	}
	if err := a.connect(ctx, o); err != nil {
		return err
	}
	if err := a.openDatabase(ctx); err != nil {
		return err
	}
	a.papers, err = fileblob.OpenBucket(documents, &fileblob.Options{
		DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
	})
	if err != nil {
		return fmt.Errorf("opening the documents: %w", err)
	}
	if err := a.sweep(ctx, o.Shared); err != nil {
		return err
	}
	err = a.db.scrub(ctx)
	if errors.As(err, new(dossier.FullError)) { // people can go on; the next opening tries again
		a.log.Error("an erased text may still stand in the database's free space", "error", err)
		return nil
	}
	return err
}

// connect opens the database that the options name.
func (a *Archive) connect(ctx context.Context, o Options) error {
	if o.Database != "" {
		file := filepath.Join(a.dir, databaseFile)
		if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
			return beforeError{file: file}
		}
		db, err := openPostgres(ctx, o.Database, a.log)
		if err != nil {
			return err
		}
		a.db = db
		return nil
	}
	db, err := openSQLite(ctx, a.dir, o.MaxPages, a.log)
	if err != nil {
		return err
	}
	a.db = db
	return nil
}

// Close gives the files free, once the writes that are going on have ended. Calls
// that come later fail; closing again does nothing.
func (a *Archive) Close() error {
	var errs []error
	closing := func(what string, open bool, c io.Closer) {
		if !open { // opening stopped before it
			return
		}
		if err := c.Close(); err != nil {
			errs = append(errs, fmt.Errorf("closing %s: %w", what, err))
		}
	}
	a.shut.Do(func() {
		closing("the archive's database", a.db != nil, a.db)
		closing("the documents", a.papers != nil, a.papers)
		closing("the archive's lock", a.lock != nil, a.lock)
	})
	return errors.Join(errs...)
}

// now is the clock's instant as it is stored: UTC, without a monotonic part.
func (a *Archive) now() time.Time { return a.clock().UTC().Round(0) }
