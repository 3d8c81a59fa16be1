package archive

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
)

//go:embed schema/sqlite/*.sql schema/postgres/*.sql
var schemaFiles embed.FS

// applicationID marks a SQLite file as gangway's archive: "gang".
const applicationID = 0x67616e67

// foreignError says that the file is no archive. It was not touched.
type foreignError struct {
	what     string
	database bool // of a server
}

// Error names it.
func (e foreignError) Error() string { return fmt.Sprintf("%s is not an archive of gangway", e.what) }

// Hint says what to do about it.
func (e foreignError) Hint() string {
	if e.database {
		return "name an empty database, or in the URL a schema of its own (?search_path=gangway); nothing was touched"
	}
	return "name another data folder, or move that file away; it was not touched"
}

// newerError says that a newer release wrote the file. It was not touched.
type newerError struct {
	what      string
	has, want int
}

// Error names both versions.
func (e newerError) Error() string {
	return fmt.Sprintf("%s has schema version %d, this release knows %d", e.what, e.has, e.want)
}

// Hint says what to do about it.
func (e newerError) Hint() string {
	return "run the release that wrote it, or a later one; the archive was not touched"
}

// schemaSteps are the migrations of one database in order: step i leads to
// version i+1.
func schemaSteps(database string) ([]string, error) {
	names, err := fs.Glob(schemaFiles, "schema/"+database+"/*.sql")
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

// migrate brings the database to the newest version, all steps in one
// transaction: another process sees the old schema or the new one.
func (a *Archive) migrate(ctx context.Context, steps []string) error {
	return a.write(ctx, "bringing the archive's schema up to date", later, func(q querier) error {
		version, err := a.db.version(ctx, q)
		switch {
		case err != nil:
			return err
		case version > len(steps):
			return newerError{what: a.dir, has: version, want: len(steps)}
		case version == len(steps):
			return nil
		}
		for v := version; v < len(steps); v++ {
			if _, err := q.ExecContext(ctx, steps[v]); err != nil {
				return fmt.Errorf("migrating to schema version %d: %w", v+1, err)
			}
		}
		if err := a.db.mark(ctx, q, len(steps)); err != nil {
			return fmt.Errorf("writing the schema's version: %w", err)
		}
		return nil
	})
}
