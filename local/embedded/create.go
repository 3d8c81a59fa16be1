package embedded

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/metrics"
	temporalsql "go.temporal.io/server/common/persistence/sql"
	"go.temporal.io/server/common/persistence/sql/sqlplugin"
	"go.temporal.io/server/common/resolver"
	"go.temporal.io/server/schema/sqlite"
)

// statements lets the server's own schema run over a connection of ours, which
// we can close. The server's SetupSchema would keep its connection open.
type statements struct {
	sqlplugin.AdminDB // nothing but Exec is called
	tx                *sql.Tx
}

// Exec runs one statement of the schema.
func (s statements) Exec(stmt string, args ...any) error {
	_, err := s.tx.Exec(stmt, args...)
	return err
}

// create makes the engine's file with schema and mark. The file appears under
// its name complete and flushed, or not at all: a crash half way leaves only a
// ".new" file, which the next start throws away.
func create(file string) error {
	draft := file + ".new"
	for _, leftover := range []string{draft, draft + "-journal"} {
		if err := os.Remove(leftover); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("removing what an interrupted start left: %w", err)
		}
	}
	if err := writeSchema(draft); err != nil {
		return fmt.Errorf("making the engine's file: %w", err)
	}
	if err := os.Chmod(draft, 0o600); err != nil {
		return fmt.Errorf("keeping the engine's file to its owner: %w", err)
	}
	if err := os.Rename(draft, file); err != nil {
		return fmt.Errorf("putting the engine's file in place: %w", err)
	}
	return flushFolder(filepath.Dir(file))
}

// writeSchema fills a new file in one transaction, in rollback mode, so that
// the mark is in the file's own first page from the beginning and not in a log.
func writeSchema(file string) (err error) {
	mark, err := versionNumber(Version)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+escapePath(file)+"?_pragma=journal_mode(delete)&_pragma=synchronous(full)")
	if err != nil {
		return fmt.Errorf("opening the draft: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.Begin()
	if err != nil {
		return fmt.Errorf("beginning: %w", err)
	}
	if err := fill(tx, mark); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

func fill(tx *sql.Tx, mark uint32) error {
	if err := sqlite.SetupSchemaOnDB(statements{tx: tx}); err != nil {
		return fmt.Errorf("running the server's schema: %w", err)
	}
	// Pragmas take no parameters.
	for _, stmt := range []string{
		fmt.Sprintf("PRAGMA application_id = %d", applicant),
		fmt.Sprintf("PRAGMA user_version = %d", mark),
	} {
		if _, err := tx.Exec(stmt); err != nil {
			return fmt.Errorf("writing the mark: %w", err)
		}
	}
	return nil
}

// flushFolder makes the rename survive a power cut.
func flushFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening the engine's folder: %w", err)
	}
	if err := d.Sync(); err != nil {
		return errors.Join(fmt.Errorf("flushing the engine's folder: %w", err), d.Close())
	}
	if err := d.Close(); err != nil {
		return fmt.Errorf("closing the engine's folder: %w", err)
	}
	return nil
}

// flushLog moves what the write-ahead log holds into the file, over the
// connection that the server keeps, so that the file alone is everything.
func flushLog(data *config.SQL) (err error) {
	db, err := temporalsql.NewSQLAdminDB(sqlplugin.DbKindUnknown, data, resolver.NewNoopResolver(),
		log.NewNoopLogger(), metrics.NoopMetricsHandler)
	if err != nil {
		return fmt.Errorf("opening the engine's file to flush its log: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("flushing the engine's log: %w", err)
	}
	return nil
}
