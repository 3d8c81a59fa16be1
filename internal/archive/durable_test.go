package archive

import (
	"context"
	"testing"
)

// TestWritesAreDurable: what a call acknowledged survives a power cut, and what
// was erased leaves no copy in a free page.
func TestWritesAreDurable(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "foreign_keys": "1"} {
		var got string
		if err := inFile(a).conn.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", pragma, got, err, want)
		}
	}
	if n := inFile(a).writer.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d connections may write, want one", n)
	}
	var only string
	if err := inFile(a).reads.QueryRowContext(ctx, "PRAGMA query_only").Scan(&only); err != nil || only != "1" {
		t.Errorf("readers may write: query_only is %q, %v", only, err)
	}
}
