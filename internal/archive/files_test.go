package archive_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
)

// hinted is what the errors to operators satisfy.
type hinted interface{ Hint() string }

func refused(t *testing.T, o archive.Options, want string) {
	t.Helper()
	a, err := archive.Open(context.Background(), o)
	if err == nil {
		ok(t, a.Close())
		t.Fatal("opened")
	}
	var h hinted
	if !strings.Contains(err.Error(), want) || !errors.As(err, &h) || h.Hint() == "" {
		t.Errorf("want %q with a hint, got %v", want, err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "data")
	a := openAt(t, archive.Options{Dir: dir})
	put(t, a, "a contract")
	newCase(acme).opened().file(t, a)
	ok(t, filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		ok(t, err)
		info := must[os.FileInfo](t)(d.Info())
		want := os.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		same(t, name, want, info.Mode().Perm())
		return nil
	}))
}

func TestASecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := openAt(t, archive.Options{Dir: dir})
	refused(t, archive.Options{Dir: dir}, "in use by process")
	refused(t, archive.Options{Dir: dir, Shared: true}, "in use by process")
	newCase(acme).opened().file(t, a)
	ok(t, a.Close())
	b := openAt(t, archive.Options{Dir: dir, Shared: true})
	openAt(t, archive.Options{Dir: dir, Shared: true})
	refused(t, archive.Options{Dir: dir}, "in use by another process")
	same(t, "lines", 2, len(chain(t, b, acme)))
}

func TestClosedIsSaid(t *testing.T) {
	t.Parallel()
	a := openAt(t, archive.Options{Dir: t.TempDir()})
	for range 2 {
		ok(t, a.Close())
	}
	if err := a.Append(context.Background(), newCase(acme).opened().rest); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
	if _, err := a.Lines(context.Background(), acme); err == nil {
		t.Error("read from a closed archive")
	}
}

func TestEverythingIsThereAfterReopening(t *testing.T) {
	t.Parallel()
	ctx, o := context.Background(), archive.Options{Dir: filepath.Join(t.TempDir(), "50% of a folder?#")}
	a := openAt(t, o)
	p := newCase(acme).opened()
	p.asks("legal", "lena")
	p.file(t, a)
	paper := put(t, a, "a contract")
	before, view := chain(t, a, acme), must[dossier.CaseView](t)(a.Case(ctx, acme))
	ok(t, a.Close())
	a = openAt(t, o)
	same(t, "chain", before, chain(t, a, acme))
	same(t, "view", view, must[dossier.CaseView](t)(a.Case(ctx, acme)))
	same(t, "inbox", []string{"legal"}, inbox(t, a, "lena"))
	same(t, "document", "a contract", get(t, a, paper.Digest))
	p.asks("security", "lena")
	p.file(t, a)
	same(t, "inbox", []string{"legal", "security"}, inbox(t, a, "lena"))
}

func TestForeignAndNewerFilesAreNotTouched(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ok(t, openAt(t, archive.Options{Dir: dir}).Close())
	ours := must[[]byte](t)(os.ReadFile(filepath.Join(dir, "archive.db")))
	newer, foreign := append([]byte(nil), ours...), append([]byte(nil), ours...)
	binary.BigEndian.PutUint32(newer[60:], 999)
	binary.BigEndian.PutUint32(foreign[68:], 42)
	for want, content := range map[string][]byte{
		"has schema version 999":       newer,
		"is not an archive of gangway": foreign,
		"is not an archive":            []byte(strings.Repeat("Dear diary, ", 100)),
		"not an archive of":            ours[:60],
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "archive.db")
		ok(t, os.WriteFile(file, content, 0o600))
		past := time.Unix(1e9, 0)
		ok(t, os.Chtimes(file, past, past))
		refused(t, archive.Options{Dir: dir}, want)
		same(t, "content", string(content), string(must[[]byte](t)(os.ReadFile(file))))
		same(t, "time", past, must[os.FileInfo](t)(os.Stat(file)).ModTime())
		for _, beside := range []string{"-wal", "-shm", "-journal"} {
			if _, err := os.Stat(file + beside); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s: %s was made", want, beside)
			}
		}
	}
}

func TestDamagedDocumentIsAnError(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	a := openAt(t, archive.Options{Dir: dir})
	const text = "The term is two years."
	for what, damage := range map[string]func(name string) error{
		"changed": func(name string) error {
			return os.WriteFile(name, []byte(strings.Replace(text, "two", "six", 1)), 0o600)
		},
		"cut":    func(name string) error { return os.Truncate(name, 9) },
		"longer": func(name string) error { return os.WriteFile(name, []byte(text+"."), 0o600) },
	} {
		paper := put(t, a, text)
		hexed := strings.TrimPrefix(paper.Digest, "sha256:")
		ok(t, damage(filepath.Join(dir, "documents", hexed[:2], hexed)))
		_, r, err := a.Get(ctx, paper.Digest)
		ok(t, err)
		b := make([]byte, 100)
		n := 0
		for err == nil {
			var m int
			m, err = r.Read(b[n:])
			n += m
		}
		if !strings.Contains(err.Error(), "was changed") {
			t.Errorf("%s: %v", what, err)
		}
		ok(t, r.Close())
		same(t, what+": putting it again heals it", paper, put(t, a, text))
		same(t, what, text, get(t, a, paper.Digest))
	}
}

func TestLeftoversAreSwept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := openAt(t, archive.Options{Dir: dir})
	paper := put(t, a, "kept")
	for _, limit := range []int64{3, 400 << 10} { // one is held in memory, one in a file
		if _, err := a.Put(context.Background(), strings.NewReader(strings.Repeat("too large ", 50<<10)), limit); err == nil {
			t.Error("taken")
		}
	}
	large := strings.Repeat("kept too ", 50<<10)
	same(t, "a large one", large, get(t, a, put(t, a, large).Digest))
	ok(t, a.Close())
	folder := filepath.Join(dir, "documents")
	for _, e := range must[[]os.DirEntry](t)(os.ReadDir(folder)) {
		if !e.IsDir() {
			t.Errorf("%s is left", e.Name())
		}
	}
	ok(t, os.WriteFile(filepath.Join(folder, "incoming-123"), []byte("half a pass"), 0o600))
	hexed := strings.TrimPrefix(paper.Digest, "sha256:")
	ok(t, os.WriteFile(filepath.Join(folder, hexed[:2], hexed+".17.tmp"), []byte("half a pass"), 0o600))
	shared := openAt(t, archive.Options{Dir: dir, Shared: true})
	same(t, "others may be at it", 2, len(holding(t, dir, "half a pass")))
	ok(t, shared.Close())
	a = openAt(t, archive.Options{Dir: dir})
	same(t, "swept", []string(nil), holding(t, dir, "half a pass"))
	same(t, "kept", "kept", get(t, a, paper.Digest))
}
