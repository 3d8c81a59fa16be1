package archive

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
)

//go:embed schema/sqlite/*.sql
var schemaFiles embed.FS

// applicationID marks a SQLite file as gangway's archive: "gang".
const applicationID = 0x67616e67

// foreignError says that the file is no archive. It was not touched.
type foreignError struct{ file string }

// Error names the file.
func (e foreignError) Error() string { return fmt.Sprintf("%s is not an archive of gangway", e.file) }

// Hint says what to do about it.
func (e foreignError) Hint() string {
	return "name another data folder, or move that file away; it was not touched"
}

// newerError says that a newer release wrote the file. It was not touched.
type newerError struct {
	file      string
	has, want int
}

// Error names both versions.
func (e newerError) Error() string {
	return fmt.Sprintf("%s has schema version %d, this release knows %d", e.file, e.has, e.want)
}

// Hint says what to do about it.
func (e newerError) Hint() string {
	return "run the release that wrote it, or a later one; the archive was not touched"
}

// schemaSteps are the migrations in order: step i leads to version i+1.
func schemaSteps() ([]string, error) {
	names, err := fs.Glob(schemaFiles, "schema/sqlite/*.sql")
	if err != nil {
		return nil, fmt.Errorf("listing the schema's versions: %w", err)
	}
	steps := make([]string, len(names))
	for i, name := range names {
		if want := fmt.Sprintf("%04d.sql", i+1); path.Base(name) != want {
			return nil, fmt.Errorf("the schema has %s where %s belongs", name, want)
		}
		text, err := schemaFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the schema: %w", err)
		}
		steps[i] = string(text)
	}
	return steps, nil
}

// accept refuses a file that is not ours or that a newer release wrote. An empty
// database has neither version nor id.
func accept(file string, version, id int) error {
	steps, err := schemaSteps()
	switch {
	case err != nil:
		return err
	case version == 0 && id == 0:
		return nil
	case id != applicationID:
		return foreignError{file: file}
	case version > len(steps):
		return newerError{file: file, has: version, want: len(steps)}
	}
	return nil
}

// migrate brings the database to the newest version, all steps in one
// transaction: another process sees the old schema or the new one.
func (a *Archive) migrate(ctx context.Context, steps []string) error {
	return a.write(ctx, "bringing the archive's schema up to date", later, func(q querier) error {
		var version, id, tables int
		if _, err := queryOne(ctx, q, []any{&version}, `PRAGMA user_version`); err != nil {
			return fmt.Errorf("reading the schema's version: %w", err)
		}
		if _, err := queryOne(ctx, q, []any{&id}, `PRAGMA application_id`); err != nil {
			return fmt.Errorf("reading the archive's mark: %w", err)
		}
		if _, err := queryOne(ctx, q, []any{&tables}, `SELECT count(*) FROM sqlite_schema`); err != nil {
			return fmt.Errorf("counting the archive's tables: %w", err)
		}
		if version > len(steps) {
			return newerError{file: a.dir, has: version, want: len(steps)}
		}
		if id != applicationID && (version != 0 || tables != 0) {
			return foreignError{file: a.dir}
		}
		for v := version; v < len(steps); v++ {
			if _, err := q.ExecContext(ctx, steps[v]); err != nil {
				return fmt.Errorf("migrating to schema version %d: %w", v+1, err)
			}
		}
		if version == len(steps) {
			return nil
		}
		_, err := q.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, applicationID, len(steps)))
		if err != nil {
			return fmt.Errorf("writing the schema's version: %w", err)
		}
		return nil
	})
}
