package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestContainerIsAZipFile(t *testing.T) {
	t.Parallel()
	file := repacked(t, []member{textMember("b/two.txt", []byte("two")), textMember("a.txt", nil)})
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
		if f.Method != zip.Store || f.Mode().Perm() != 0o644 || f.Modified.Year() > 1980 || len(f.Extra) > 0 || f.Comment != "" {
			t.Errorf("the header of %s: %+v", f.Name, f.FileHeader)
		}
		text, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(text); err != nil || f.Name == "b/two.txt" && string(got) != "two" {
			t.Errorf("%s holds %q, %v", f.Name, got, err)
		}
	}
	if strings.Join(names, " ") != "a.txt b/two.txt" {
		t.Errorf("the members are %q", names)
	}
}

// TestContainerFollowsFromItsMembers: what is written is read back, and packing
// what was read gives the same bytes.
func TestContainerFollowsFromItsMembers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.MapOfN(rapid.StringMatching(`[a-z0-9=_-]{1,8}(/[a-z][A-Za-z0-9.]{0,8})?`), rapid.SliceOfN(rapid.Byte(), 0, 50), 1, 8).Draw(rt, "texts")
		var all []member
		for path, text := range texts {
			all = append(all, textMember(path, text))
		}
		file := repacked(t, all)
		back := members(t, file)
		if len(back) != len(texts) {
			rt.Fatalf("%d members were written, %d read", len(texts), len(back))
		}
		for _, m := range back {
			if !bytes.Equal(bytesOf(t, m), texts[m.path]) {
				rt.Fatalf("%s came back otherwise", m.path)
			}
		}
		if !bytes.Equal(repacked(t, back), file) {
			rt.Fatal("packing it again gives other bytes")
		}
	})
}

func TestContainerRefusesBadPaths(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", ".", "a/./b", ".hidden", "a\\b", "C:a", "a b", "ä", "a\x00", "a\nb", strings.Repeat("a", pathMost+1)} {
		if goodPath(path) {
			t.Errorf("%q was taken for a path", path)
		}
		if err := writeContainer(io.Discard, []member{textMember(path, nil)}); err == nil {
			t.Errorf("%q was packed", path)
		}
		if v := judged(t, forged(member{path: path})); v.Intact {
			t.Errorf("%q was read", path)
		}
	}
	for _, twice := range [][]member{{textMember("a", nil), textMember("a", nil)}, {textMember("b", nil), textMember("a", nil)}} {
		if err := writeContainer(io.Discard, twice); err == nil {
			t.Error("members out of order were packed")
		}
	}
}

// forged writes a container as writeContainer does, without looking.
func forged(all ...member) []byte {
	var b, directory []byte
	for _, m := range all {
		directory = append(directory, m.central(int64(len(b)))...)
		b = append(b, m.local()...)
		b = append(b, make([]byte, min(m.size, 100))...)
	}
	offset := int64(len(b))
	b = append(b, directory...)
	return append(b, endOf(len(all), int64(len(directory)), offset)...)
}

func TestContainerBelievesNoSize(t *testing.T) {
	t.Parallel()
	same := textMember("a", []byte("x"))
	hostile := map[string][]byte{
		"a member of 2 GiB":       forged(member{path: "a", size: 2 << 30}),
		"a member twice":          forged(same, same),
		"members out of order":    forged(textMember("b", nil), same),
		"a gap":                   append([]byte("gap"), forged(same)...),
		"nothing at all":          forged(),
		"no members, many said":   endOf(60_000, 0, 0),
		"a directory of 4 GiB":    endOf(1, 0xffffffff, 0),
		"an end beyond the start": endOf(0, 0, 100),
	}
	gap := func(before, after string) []byte {
		file := forged(same)
		cutAt := len(file) - endSize - centralSize - 1
		directory := append([]byte(before), file[cutAt:len(file)-endSize]...)
		directory = append(directory, after...)
		return slices.Concat(file[:cutAt], directory, endOf(1, int64(len(directory)-len(before)), int64(cutAt+len(before))))
	}
	hostile["a gap before the directory"], hostile["a gap after the directory"] = gap("gap", ""), gap("", "gap")
	if v := judged(t, gap("", "")); len(v.Findings) == 0 || strings.Contains(v.Findings[0], "the file") {
		t.Errorf("without a gap: %q", v.Findings)
	}
	wide := forged(same)
	binary.LittleEndian.PutUint16(wide[len(wide)-endSize-1-centralSize+28:], 0xffff) // the path's length in the directory
	hostile["a path longer than the file"] = wide
	for name, file := range hostile {
		all, findings, err := readContainer(bytes.NewReader(file), int64(len(file)))
		if all != nil || len(findings) == 0 || err != nil {
			t.Errorf("%s: %d members, %q, %v", name, len(all), findings, err)
		}
	}
}

func TestContainerWritesNoChangedMember(t *testing.T) {
	t.Parallel()
	shrunk := textMember("a", []byte("xx"))
	shrunk.size = 3
	other := textMember("a", []byte("xx"))
	other.crc++
	broken := member{path: "a", open: func() (io.ReadCloser, error) { return nil, errors.New("gone") }}
	for name, m := range map[string]member{"shorter": shrunk, "other bytes": other, "can't be opened": broken} {
		if err := writeContainer(io.Discard, []member{m}); err == nil {
			t.Errorf("a member that is %s was packed", name)
		}
	}
	huge := member{path: "a", size: containerMost}
	var e unpackableError
	if err := writeContainer(io.Discard, []member{huge}); !errors.As(err, &e) || e.Hint() == "" {
		t.Errorf("4 GiB: %v", err)
	}
}

func TestPathPart(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"acme": "acme", "run-1": "run-1", "a.b": "a.b", "..": "=2e.", ".": "=2e", "": "=", "=": "=3d",
		"a/b": "a=2fb", "ä": "=c3=a4", "a_b": "a=5fb", "\x00": "=00"} {
		if got := pathPart(id); got != want || !goodPath(got) {
			t.Errorf("%q became %q, want %q", id, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		if pa, pb := pathPart(a), pathPart(b); (pa == pb) != (a == b) || len(a) < 100 && !goodPath(pa) {
			t.Fatalf("%q and %q became %q and %q", a, b, pa, pb)
		}
	})
}

// TestVerifyWantsTheRightChecksum: one that is wrong in both headers is no
// container that would have been written, though every digest fits.
func TestVerifyWantsTheRightChecksum(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	all := members(t, file)
	for i := range all {
		m := slices.Clone(all)
		m[i].crc ^= 1
		var wrong, directory []byte
		for _, o := range m {
			directory = append(directory, o.central(int64(len(wrong)))...)
			wrong = append(append(wrong, o.local()...), bytesOf(t, o)...)
		}
		offset := int64(len(wrong))
		wrong = slices.Concat(wrong, directory, endOf(len(m), int64(len(directory)), offset))
		if v := judged(t, wrong); v.Intact || !strings.HasPrefix(v.Findings[0], m[i].path) {
			t.Errorf("the checksum of %s: %q", m[i].path, v.Findings)
		}
	}
}

// unpacked is a dossier as an auditor unpacks it, by unzip where there is one.
func unpacked(t *testing.T, file []byte) string {
	t.Helper()
	dir := t.TempDir()
	if unzip, err := exec.LookPath("unzip"); err == nil {
		packed := filepath.Join(t.TempDir(), "dossier.zip")
		if err := os.WriteFile(packed, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(unzip, "-q", packed, "-d", dir).CombinedOutput(); err != nil {
			t.Fatalf("unzip: %v\n%s", err, out)
		}
		return dir
	}
	for _, m := range members(t, file) {
		name := filepath.Join(dir, filepath.FromSlash(m.path))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, bytesOf(t, m), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSha256sumChecksABag: an auditor needs no tool of ours for the digests.
func TestSha256sumChecksABag(t *testing.T) {
	t.Parallel()
	sha256sum, err := exec.LookPath("sha256sum")
	if err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatal("no sha256sum")
		}
		t.Skip("no sha256sum on this machine")
	}
	dir := unpacked(t, packed(t, closedStory(), 1))
	check := func(manifest string) error {
		cmd := exec.Command(sha256sum, "--strict", "--quiet", "-c", manifest)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		t.Logf("%s: %s", manifest, out)
		return err
	}
	for _, manifest := range []string{manifestPath, tagManifestPath} {
		if err := check(manifest); err != nil {
			t.Errorf("sha256sum -c %s: %v", manifest, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, casePath), []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if check(manifestPath) == nil {
		t.Error("sha256sum took a changed file")
	}
}

func TestReadManifest(t *testing.T) {
	t.Parallel()
	a, b := sumOf(nil)+"  a\n", sumOf([]byte("b"))+"  b\n"
	if got, ok := readManifest([]byte(a + b)); !ok || len(got) != 2 || got["a"] != sumOf(nil) {
		t.Errorf("a good one is read as %v, %v", got, ok)
	}
	for _, bad := range []string{b + a, a + a, a + "\n", a + b[:len(b)-1], strings.ReplaceAll(a, "  ", " *"), strings.ReplaceAll(a, "\n", "\r\n"),
		strings.ToUpper(a), strings.ReplaceAll(a, "  a", "  ../a"), a[1:], "x", "#" + a} {
		if _, ok := readManifest([]byte(bad)); ok {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestBagOfACase(t *testing.T) {
	t.Parallel()
	texts := make(map[string]string)
	for _, m := range members(t, packed(t, openStory(), 1)) {
		texts[m.path] = string(bytesOf(t, m))
	}
	for path, want := range map[string]string{
		bagitPath:       "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
		bagInfoPath:     "External-Description: the dossier of an OPEN case\nExternal-Identifier: onboarding/acme/1\n",
		manifestPath:    "  data/journal.jsonl\n",
		tagManifestPath: "  bagit.txt\n",
		namesPath:       `"name": "Lena Lang"`,
		registerPath:    `"kind":"key"`,
		casePath:        `"state": "running"`,
	} {
		if !strings.Contains(texts[path], want) {
			t.Errorf("%s does not say %q:\n%s", path, want, texts[path])
		}
	}
	if strings.Contains(texts[tagManifestPath], checkpointPath) || strings.Contains(texts[tagManifestPath], tagManifestPath) {
		t.Error("the tag manifest lists what can't be in it")
	}
}

func TestHistoryFiledTwice(t *testing.T) {
	t.Parallel()
	s := closedStory()
	s.add(storyCase, "run-a", "history", "", *s.entries[20].Detail)
	s.entries[len(s.entries)-1].Detail.Document = s.paper(`{"events":["other"]}`)
	s.entries[len(s.entries)-1], s.entries[len(s.entries)-2] = s.entries[len(s.entries)-2], s.entries[len(s.entries)-1]
	file := packed(t, s, 1)
	if v := judged(t, file); !v.Intact || v.Histories != 3 {
		t.Errorf("a history that was filed twice with other bytes: %+v", v)
	}
}
