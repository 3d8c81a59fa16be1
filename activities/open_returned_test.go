package activities

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"gangway/internal/dossier"
)

// zipped is an archive of files by their names; the name locked has a password.
func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"data.csv", "more.csv", "empty.csv", "locked.csv"} {
		text, ok := files[name]
		if !ok {
			continue
		}
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if name == "locked.csv" {
			h.Flags |= 1
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	g := gzip.NewWriter(&b)
	if err := write(g); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(name, text string) func(io.Writer) error {
	return func(w io.Writer) error {
		tw := tar.NewWriter(w)
		if err := tw.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o600, Format: tar.FormatUSTAR}); err != nil {
			return err
		}
		if _, err := io.WriteString(tw, text); err != nil {
			return err
		}
		return tw.Close()
	}
}

// TestWhatCameBackIsOpened: archives, single files, what is broken, locked or empty, and
// what unpacks to a thousand times its size.
func TestWhatCameBackIsOpened(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	good := zipped(t, map[string]string{"data.csv": "planted,1\n", "more.csv": "2\n"})
	bomb := gzipped(t, func(w io.Writer) error {
		_, err := io.Copy(w, io.LimitReader(zeros{}, 40<<20))
		return err
	})
	for name, c := range map[string]struct {
		data []byte
		want returnedPaper
		ok   bool
	}{
		"a table":       {[]byte("planted,1\n"), returnedPaper{Files: 1, Bytes: 10}, true},
		"nothing":       {nil, returnedPaper{Files: 1, Empty: 1}, false},
		"an archive":    {good, returnedPaper{Files: 2, Bytes: 12}, true},
		"cut off":       {good[:len(good)/2], returnedPaper{Files: 1, Broken: 1}, false},
		"a changed one": {bytes.Replace(good, []byte("PK\x03\x04"), []byte("PK\x03\x05"), 2)[4:], returnedPaper{Files: 1, Bytes: int64(len(good) - 4)}, true},
		"a password":    {zipped(t, map[string]string{"data.csv": "1", "locked.csv": "2"}), returnedPaper{Files: 2, Bytes: 1, Locked: 1}, false},
		"an empty file": {zipped(t, map[string]string{"data.csv": "1", "empty.csv": ""}), returnedPaper{Files: 2, Bytes: 1, Empty: 1}, true},
		"only empty":    {zipped(t, map[string]string{"empty.csv": ""}), returnedPaper{Files: 1, Empty: 1}, false},
		"an empty zip":  {zipped(t, nil), returnedPaper{}, false},
		"a tar":         {gzipped(t, tarred("a/b.csv", "planted,1\n")), returnedPaper{Files: 1, Bytes: 10}, true},
		"a gzip":        {gzipped(t, func(w io.Writer) error { _, err := io.WriteString(w, "planted"); return err }), returnedPaper{Files: 1, Bytes: 7}, true},
		"half a gzip":   {gzipped(t, tarred("b.csv", strings.Repeat("planted", 99)))[:40], returnedPaper{Files: 1, Broken: 1}, false},
		"a bomb":        {bomb, returnedPaper{Files: 1, Bounded: true}, false},
	} {
		digest := s.put(t, c.data)
		out, err := a.OpenReturned(t.Context(), ExamineIn{Documents: []string{digest}})
		if err != nil || len(out.Papers) != 1 || out.Evidence == "" {
			t.Errorf("%s: %+v, %v", name, out, err)
			continue
		}
		got := out.Papers[0]
		if got.Document != digest || got.Size != int64(len(c.data)) || got.Whole != c.ok {
			t.Errorf("%s: %+v", name, got)
		}
		got.Document, got.Size, got.Whole = "", 0, false
		if got.Broken > 0 || got.Bounded { // how much was read until then does not matter
			got.Bytes = 0
		}
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if strings.Contains(show(t, out), "planted") || strings.Contains(show(t, out), "csv") {
			t.Errorf("%s: a name left the document: %s", name, show(t, out))
		}
	}
	if s.opened != 0 {
		t.Errorf("%d documents were left open", s.opened)
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// TestWhatIsGoneIsBroken: a document that nobody has any more is not whole.
func TestWhatIsGoneIsBroken(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	out, err := (&Activities{Archive: s, Filing: s}).OpenReturned(t.Context(), ExamineIn{Documents: []string{"sha256:none"}})
	if err != nil || out.Papers[0].Whole {
		t.Errorf("%+v, %v", out, err)
	}
}

// FuzzOpenReturned: whatever a stranger sends, it is counted within its bounds.
func FuzzOpenReturned(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Add([]byte("a,b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := returnedList{}
		if err := l.open(t.Context(), dossier.Paper{Media: "text/plain"}, data); err != nil {
			t.Fatal(err)
		}
		if l.Files < l.Empty+l.Locked+l.Broken || l.Files > mostFiles+1 || l.Bytes > mostUnpacked+1 {
			t.Fatalf("%+v", l.returnedPaper)
		}
	})
}
