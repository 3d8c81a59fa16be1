package embedded

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	// The driver under the name "sqlite", which the server registers too.
	_ "modernc.org/sqlite"
)

// Version is the Temporal server this package runs. A file belongs to exactly
// one: between versions the SQLite schema changes without a migration, and a
// newer server on an older file starts, then times out on what is missing.
const Version = "1.32.1"

// Two fields of the SQLite header are the application's own, and Temporal uses
// neither. They are our mark: inside the file, so that it survives copying and
// renaming, and in its first hundred bytes, so that it is read without SQLite
// and thus without a byte written beside or into the file.
// https://www.sqlite.org/fileformat2.html#the_database_header
const (
	headerSize      = 100
	headerMagic     = "SQLite format 3\x00"
	offsetVersion   = 60         // PRAGMA user_version
	offsetApplicant = 68         // PRAGMA application_id
	applicant       = 0x676e6777 // "gngw"
)

// versionNumber turns "1.32.1" into 1032001, which is how the mark holds it.
func versionNumber(version string) (uint32, error) {
	parts := strings.Split(version, ".")
	if len(parts) != 3 {
		return 0, fmt.Errorf("version %q is not of the form 1.2.3", version)
	}
	var n uint32
	for _, p := range parts {
		v, err := strconv.ParseUint(p, 10, 10)
		if err != nil || v > 999 {
			return 0, fmt.Errorf("version %q has a part that is no number under 1000", version)
		}
		n = n*1000 + uint32(v)
	}
	return n, nil
}

func versionName(n uint32) string {
	return fmt.Sprintf("%d.%d.%d", n/1_000_000, n/1000%1000, n%1000)
}

// examine reads whose file this is. It gives fs.ErrNotExist when there is
// none yet, nil when it is ours and of this version, and a ForeignFileError
// otherwise. The caller holds the lock: see lock.go for why the file must not
// be opened and closed under a running engine.
func examine(file string) error {
	header, err := readHeader(file)
	if errors.Is(err, fs.ErrNotExist) {
		return examineAbsent(file, err)
	}
	if err != nil {
		return err
	}
	foreign := &ForeignFileError{File: file, Want: "Temporal server " + Version}
	if len(header) < headerSize || string(header[:len(headerMagic)]) != headerMagic {
		foreign.Found = "something else (it is not a SQLite file)"
		return foreign
	}
	if binary.BigEndian.Uint32(header[offsetApplicant:]) != applicant {
		foreign.Found = describeUnmarked(file)
		return foreign
	}
	want, err := versionNumber(Version)
	if err != nil {
		return err
	}
	found := binary.BigEndian.Uint32(header[offsetVersion:])
	if found != want {
		foreign.Found = "Temporal server " + versionName(found)
		return foreign
	}
	return nil
}

// examineAbsent refuses to begin a new file over the log of a lost one: SQLite
// would replay that log into it.
func examineAbsent(file string, absent error) error {
	for _, suffix := range []string{"-wal", "-journal"} {
		_, err := os.Lstat(file + suffix)
		if err == nil {
			return &ForeignFileError{
				File:  file + suffix,
				Found: "an engine whose data file is gone",
				Want:  "Temporal server " + Version,
			}
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("looking for a log that was left behind: %w", err)
		}
	}
	return absent
}

// readHeader gives the first hundred bytes, or fewer if the file is shorter.
func readHeader(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("opening the engine's file to see who made it: %w", err)
	}
	header := make([]byte, headerSize)
	n, err := io.ReadFull(f, header)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.Join(fmt.Errorf("reading who made the engine's file: %w", err), f.Close())
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("closing the engine's file after reading who made it: %w", err)
	}
	return header[:n], nil
}

// describeUnmarked looks at the schema of a file without our mark, so that the
// message can say what somebody handed us. Immutable means that SQLite takes
// no locks and writes no side files; tables that are still only in the file's
// log are not seen, which makes the message vaguer and never wrong.
func describeUnmarked(file string) string {
	const unknown = "something else (a SQLite file without gangway's mark)"
	db, err := sql.Open("sqlite", "file:"+escapePath(file)+"?mode=ro&immutable=1")
	if err != nil {
		return unknown
	}
	var tables int
	err = db.QueryRow(`SELECT count(*) FROM sqlite_master WHERE type = 'table'
		AND name IN ('namespaces', 'executions', 'history_node', 'cluster_metadata_info')`).Scan(&tables)
	if err := errors.Join(err, db.Close()); err != nil || tables < 4 {
		return unknown
	}
	return "a Temporal server of unknown version (without gangway's mark)"
}

// escapePath keeps the characters that mean something in a SQLite URI from
// ending the path. The server builds its own URI without escaping, so what
// goes into its configuration passes here too.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}
