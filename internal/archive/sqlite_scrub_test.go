package archive

import (
	"context"
	"testing"
)

// TestOpeningEndsAnErasure: a process that was killed between the erasure and
// writing the files anew leaves the second part to the next one.
func TestOpeningEndsAnErasure(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	a := openTest(t, dir)
	if _, err := inFile(a).conn.ExecContext(ctx, `UPDATE state SET value = 1 WHERE name = 'scrub'`); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	var due bool
	found, err := queryOne(ctx, openTest(t, dir).reads, []any{&due}, `SELECT value FROM state WHERE name = 'scrub'`)
	if err != nil || !found || due {
		t.Errorf("found %v, still due %v, %v", found, due, err)
	}
}
