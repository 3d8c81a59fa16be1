package archive

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
)

// FuzzVerify: no file makes Verify fall over, and none that is not a seed is
// intact, since nothing here can sign.
func FuzzVerify(f *testing.F) {
	closed, open := packed(f, closedStory(), 1), packed(f, openStory(), 1)
	end := closed[len(closed)-endSize:]
	for _, seed := range [][]byte{closed, open, closed[:len(closed)-1], closed[1:], end, nil, []byte("PK\x05\x06"), forged(), forged(textMember(checkpointPath, []byte("{}\n"))),
		forged(textMember(tagManifestPath, nil)), forged(member{path: "a", size: 2 << 30})} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		v, err := Verify(bytes.NewReader(file), int64(len(file)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if v.Intact != (bytes.Equal(file, closed) || bytes.Equal(file, open)) {
			t.Fatalf("%d bytes: %+v", len(file), v)
		}
		if !v.Intact && len(v.Findings) == 0 {
			t.Fatal("not intact, and nothing says why")
		}
	})
}

// FuzzVerifyJournal puts any text in the place of the journal and signs it: what
// is behind the signature must hold as well.
func FuzzVerifyJournal(f *testing.F) {
	good, err := writeLines(closedStory().lines())
	if err != nil {
		f.Fatal(err)
	}
	file := packed(f, closedStory(), 1)
	for _, seed := range []string{"", "\n", "{}\n", "null\n", "[]\n", `{"n":1,"entry":{"id":"a","case":"c"},"prev":"","hash":""}` + "\n", strings.Repeat("[", 1000)} {
		f.Add([]byte(seed))
	}
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")))
	f.Fuzz(func(t *testing.T, journal []byte) {
		if len(journal) > 1<<20 {
			t.Skip("large ones only take time")
		}
		v := judged(t, resigned(t, file, 1, func(texts map[string][]byte, _ *checkpoint) { texts[journalPath] = journal }))
		if v.Intact != bytes.Equal(journal, good) {
			t.Fatalf("%d bytes: %+v", len(journal), v)
		}
	})
}

// TestVerifyKeepsNoDocumentInMemory is not parallel: it counts what is allocated.
func TestVerifyKeepsNoDocumentInMemory(t *testing.T) {
	s := closedStory()
	s.texts[0] += strings.Repeat("x", 32<<20)
	digest := digestText(s.texts[0])
	s.entries[4].Detail.Document, s.entries[5].Fact.Opened.Versions[0].Document = digest, digest
	file := packed(t, s, 1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	v := judged(t, file)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; !v.Intact || took > 8<<20 {
		t.Errorf("verifying %d bytes took %d bytes of memory: %+v", len(file), took, v)
	}
}

// TestOldDossiersVerify: a dossier of every form that was ever released verifies
// for ever. GANGWAY_UPDATE writes the newest one anew, which is right only before
// its form was released; afterwards a change gets a new number.
func TestOldDossiersVerify(t *testing.T) {
	t.Parallel()
	newest := filepath.Join("testdata", "dossier-1.zip")
	if os.Getenv("GANGWAY_UPDATE") != "" {
		if err := os.WriteFile(newest, packed(t, closedStory(), 1), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old, err := filepath.Glob(filepath.Join("testdata", "dossier-*.zip"))
	if err != nil || len(old) == 0 {
		t.Fatalf("there is no old dossier: %v", err)
	}
	for _, name := range old {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		v := judged(t, file, storyKey(1).Fingerprint())
		if !v.Intact || v.Lines != 22 || v.State != dossier.Live || !v.SignedAt.Equal(time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
