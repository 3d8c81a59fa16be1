package stories

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gangway/local/embedded"

	"github.com/google/go-cmp/cmp"
)

// Where SQLite keeps the two fields that are our mark.
const (
	markVersion   = 60
	markApplicant = 68
)

// newEngineFile makes a file as this version makes it and gives its bytes.
func newEngineFile(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "engine.db")
	startEngine(t, embedded.Options{File: file, UIPort: -1, Log: slog.New(slog.DiscardHandler)}).Stop()
	return readFile(t, file)
}

// patched gives a copy with one header field changed.
func patched(b []byte, offset int, value uint32) []byte {
	b = append([]byte(nil), b...)
	binary.BigEndian.PutUint32(b[offset:], value)
	return b
}

// otherProgram is a SQLite file with a table and nothing of Temporal's.
func otherProgram(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE recipes (name TEXT)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return readFile(t, file)
}

// folder gives every file's content, but for the lock's.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".lock") {
			all[e.Name()] = string(readFile(t, filepath.Join(dir, e.Name())))
		}
	}
	return all
}

func TestForeignEngineFileIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	ours := newEngineFile(t)
	for name, test := range map[string]struct {
		files map[string][]byte
		found string
	}{
		"an older server":          {map[string][]byte{"engine.db": patched(ours, markVersion, 1_029_001)}, "Temporal server 1.29.1"},
		"a newer server":           {map[string][]byte{"engine.db": patched(ours, markVersion, 2_000_010)}, "Temporal server 2.0.10"},
		"older, with a log":        {map[string][]byte{"engine.db": patched(ours, markVersion, 1_029_001), "engine.db-wal": []byte("log")}, "Temporal server 1.29.1"},
		"Temporal's own":           {map[string][]byte{"engine.db": patched(ours, markApplicant, 0)}, "a Temporal server of unknown version"},
		"another program's":        {map[string][]byte{"engine.db": otherProgram(t)}, "something else (a SQLite file"},
		"not SQLite":               {map[string][]byte{"engine.db": []byte("dear diary, " + strings.Repeat("x", 200))}, "something else (it is not"},
		"shorter than a header":    {map[string][]byte{"engine.db": ours[:50]}, "something else (it is not"},
		"empty":                    {map[string][]byte{"engine.db": nil}, "something else (it is not"},
		"a log without its file":   {map[string][]byte{"engine.db-wal": []byte("log")}, "whose data file is gone"},
		"a broken schema, no mark": {map[string][]byte{"engine.db": patched(ours[:4096], markApplicant, 7)}, "something else (a SQLite file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, b := range test.files {
				writeFile(t, filepath.Join(dir, file), b)
			}
			before := folder(t, dir)
			s, err := embedded.Start(t.Context(), embedded.Options{File: filepath.Join(dir, "engine.db"), UIPort: -1})
			var foreign *embedded.ForeignFileError
			if err == nil {
				s.Stop()
			}
			if !errors.As(err, &foreign) {
				t.Fatalf("got error %v, want a ForeignFileError", err)
			}
			if !strings.Contains(foreign.Found, test.found) {
				t.Errorf("found: got %q, want %q in it", foreign.Found, test.found)
			}
			if got, want := foreign.Want, "Temporal server "+embedded.Version; got != want {
				t.Errorf("want: got %q, want %q", got, want)
			}
			if hint := foreign.Hint(); !strings.Contains(hint, "gangway dossier CASE --out FILE") {
				t.Errorf("hint %q does not name the command that carries the data over", hint)
			}
			if diff := cmp.Diff(before, folder(t, dir)); diff != "" {
				t.Errorf("the folder changed (-before +after):\n%s", diff)
			}
		})
	}
}

func TestEngineFileIsForOneAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "engine.db")
	first := startEngine(t, embedded.Options{File: file, UIPort: -1})
	other := filepath.Join(dir, "the same by another name.db")
	if err := os.Symlink(file, other); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, other} {
		s, err := embedded.Start(t.Context(), embedded.Options{File: name, UIPort: -1})
		if err == nil {
			s.Stop()
		}
		var used *embedded.InUseError
		if !errors.As(err, &used) || used.Process != os.Getpid() || used.Hint() == "" {
			t.Errorf("a second start: got %v, want an InUseError that names process %d and a hint", err, os.Getpid())
		}
	}
	first.Stop()
	startEngine(t, embedded.Options{File: other, UIPort: -1})
}

// A start that was killed while it made the file leaves a draft; the next one
// begins anew.
func TestEngineFileAfterAnInterruptedFirstStart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "engine.db")
	writeFile(t, file+".new", []byte("half a"))
	writeFile(t, file+".new-journal", []byte("journal"))
	s := startEngine(t, embedded.Options{File: file, UIPort: -1})
	if got, want := runGreeting(t, dialEngine(t, s), "greet/anew", nil), "welcome, Acme"; got != want {
		t.Errorf("result: got %q, want %q", got, want)
	}
}

func TestEngineFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "engine.db")
	startEngine(t, embedded.Options{File: file, UIPort: -1})
	for _, name := range []string{file, file + "-wal", file + "-shm", file + ".lock"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Errorf("looking at %s: %v", filepath.Base(name), err)
			continue
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s: got mode %o, want 600: it holds what the cases hold", filepath.Base(name), got)
		}
	}
}
