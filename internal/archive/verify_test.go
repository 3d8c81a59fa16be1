package archive

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
)

func TestVerifyTakesWhatWasSealed(t *testing.T) {
	t.Parallel()
	key := storyKey(1)
	file := packed(t, closedStory(), 1)
	want := Verdict{Intact: true, Case: storyCase, State: dossier.Live, Fingerprint: key.Fingerprint(), SignedAt: storySeal,
		Lines: 22, Documents: 2, Histories: 2, Erased: 1}
	if diff := cmp.Diff(want, judged(t, file)); diff != "" {
		t.Errorf("no key known (-want +got):\n%s", diff)
	}
	want.Known = true
	for _, known := range []string{
		key.Fingerprint(),
		strings.ToUpper(key.Fingerprint()),
		strings.ReplaceAll(key.Fingerprint(), "-", ""),
		" " + strings.ReplaceAll(key.Fingerprint(), "-", " ") + "\n",
		base64.StdEncoding.EncodeToString(key.public()),
	} {
		if diff := cmp.Diff(want, judged(t, file, storyKey(2).Fingerprint(), known)); diff != "" {
			t.Errorf("known as %q (-want +got):\n%s", known, diff)
		}
	}
	open := judged(t, packed(t, openStory(), 1))
	if !open.Intact || !open.Open || open.State != dossier.Running {
		t.Errorf("an open case: %+v", open)
	}
	unsealed := closedStory()
	unsealed.entries = unsealed.entries[:len(unsealed.entries)-2] // a history and the erasure
	unsealed.erased = nil
	if got := judged(t, packed(t, unsealed, 1)); !got.Intact || got.Open || !got.Unsealed {
		t.Errorf("a closed case that lacks a history: %+v", got)
	}
}

func TestVerifyOfAnotherSigner(t *testing.T) {
	t.Parallel()
	v := judged(t, packed(t, closedStory(), 2), storyKey(1).Fingerprint())
	want := "signed by " + storyKey(2).Fingerprint() + ", which is not the key you gave"
	if v.Intact || !v.Wrong || v.Known || !slices.Equal(v.Findings, []string{want}) {
		t.Errorf("re-signed with another key: %+v", v)
	}
}

func TestVerifyRefusesWhatIsNoKey(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	for _, known := range []string{"", "gw1:", "gw1:abcd-efgh", storyKey(1).Fingerprint() + "a", "hello", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		base64.StdEncoding.EncodeToString([]byte("too short"))} {
		if _, err := Verify(bytes.NewReader(file), int64(len(file)), []string{known}); err == nil {
			t.Errorf("%q was taken for a key", known)
		}
	}
}

// TestVerifyFindsBitFlips flips 500 bits anywhere in the file, one at a time, and
// then one in each byte that belongs to no member.
func TestVerifyFindsBitFlips(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 500 {
		at, bit := random.IntN(len(file)), random.IntN(8)
		flipped := bytes.Clone(file)
		flipped[at] ^= 1 << bit
		if v := judged(t, flipped); v.Intact || len(v.Findings) == 0 {
			t.Fatalf("bit %d of byte %d of %d was flipped (seed %d) and not found", bit, at, len(file), seed)
		}
	}
	at := 0
	for _, m := range members(t, file) {
		for range localSize + len(m.path) {
			flipped := bytes.Clone(file)
			flipped[at] ^= 1 << random.IntN(8)
			if judged(t, flipped).Intact {
				t.Fatalf("byte %d, of the header of %s, was changed (seed %d) and not found", at, m.path, seed)
			}
			at++
		}
		at += int(m.size)
	}
	for ; at < len(file); at++ {
		flipped := bytes.Clone(file)
		flipped[at] ^= 1 << random.IntN(8)
		if judged(t, flipped).Intact {
			t.Fatalf("byte %d, of the directory, was changed (seed %d) and not found", at, seed)
		}
	}
}

func TestVerifyFindsOtherLengths(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	for _, n := range []int{0, 1, endSize - 1, endSize, endSize + 1, 100, len(file) / 2, len(file) - endSize, len(file) - 2, len(file) - 1} {
		if v := judged(t, file[:n]); v.Intact || len(v.Findings) == 0 {
			t.Errorf("cut off after %d bytes: %+v", n, v)
		}
	}
	for name, longer := range map[string][]byte{
		"a byte more":     append(bytes.Clone(file), 0),
		"a byte before":   append([]byte{0}, file...),
		"twice":           append(bytes.Clone(file), file...),
		"a zip's comment": append(append(bytes.Clone(file[:len(file)-2]), 2, 0), "hi"...),
	} {
		if v := judged(t, longer); v.Intact || len(v.Findings) == 0 {
			t.Errorf("%s: %+v", name, v)
		}
	}
	// The size that the caller says is not believed either.
	if _, err := Verify(bytes.NewReader(file), int64(len(file))+4096, nil); err == nil {
		t.Error("a file shorter than was said is no error")
	}
	if v, err := Verify(bytes.NewReader(file), 1<<40, nil); err != nil || v.Intact {
		t.Errorf("a terabyte: %+v, %v", v, err)
	}
}

// members reads a container's members, with their bytes in memory.
func members(t testing.TB, file []byte) []member {
	t.Helper()
	all, findings, err := readContainer(bytes.NewReader(file), int64(len(file)))
	if err != nil || len(findings) > 0 {
		t.Fatal(findings, err)
	}
	for i := range all {
		all[i] = textMember(all[i].path, bytesOf(t, all[i]))
	}
	return all
}

func bytesOf(t testing.TB, m member) []byte {
	t.Helper()
	r, err := m.open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// repacked writes members in the order of their paths, as a dossier's are.
func repacked(t testing.TB, all []member) []byte {
	t.Helper()
	slices.SortFunc(all, func(a, b member) int { return strings.Compare(a.path, b.path) })
	var b bytes.Buffer
	if err := writeContainer(&b, all); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestVerifyFindsEveryMember takes each member away, changes it, renames it,
// swaps it with the next, and adds one, each time in a container that is written
// as it should be.
func TestVerifyFindsEveryMember(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	all := members(t, file)
	if !bytes.Equal(repacked(t, slices.Clone(all)), file) {
		t.Fatal("packing the members again gives other bytes")
	}
	found := func(what string, changed []member, names ...string) {
		t.Helper()
		v := judged(t, repacked(t, changed))
		named := slices.ContainsFunc(names, func(name string) bool { return strings.Contains(strings.Join(v.Findings, "\n"), name) })
		if v.Intact || !named {
			t.Errorf("%s: %q", what, v.Findings)
		}
	}
	for i, m := range all {
		without := slices.Delete(slices.Clone(all), i, i+1)
		found(m.path+" removed", slices.Clone(without), m.path)
		found(m.path+" renamed", append(slices.Clone(without), textMember(m.path+"x", bytesOf(t, m))), m.path)
		found(m.path+" emptied", append(slices.Clone(without), textMember(m.path, nil)), m.path)
		found(m.path+" longer", append(slices.Clone(without), textMember(m.path, append(bytesOf(t, m), '\n'))), m.path)
		other := all[(i+1)%len(all)]
		swapped := slices.DeleteFunc(slices.Clone(without), func(o member) bool { return o.path == other.path })
		found(m.path+" swapped", append(swapped, textMember(m.path, bytesOf(t, other)), textMember(other.path, bytesOf(t, m))), m.path, other.path)
		folder := m.path[:strings.LastIndex(m.path, "/")+1]
		found("one more beside "+m.path, append(slices.Clone(all), textMember(folder+"zz.txt", []byte("hello"))), folder+"zz.txt")
	}
}

// resigned packs members anew with all digests made to fit and signs with key n,
// as somebody could who has a key of their own.
func resigned(t testing.TB, file []byte, n byte, change func(texts map[string][]byte, c *checkpoint)) []byte {
	t.Helper()
	texts := make(map[string][]byte)
	var c checkpoint
	for _, m := range members(t, file) {
		switch {
		case m.path == checkpointPath:
			var finding string
			if c, finding = readCheckpoint(bytesOf(t, m)); finding != "" {
				t.Fatal(finding)
			}
		case strings.HasPrefix(m.path, "data/"):
			texts[m.path] = bytesOf(t, m)
		}
	}
	change(texts, &c)
	all, err := bagMembers(texts, nil, c, storyKey(n))
	if err != nil {
		t.Fatal(err)
	}
	return repacked(t, all)
}

// TestVerifyFindsForgeriesFromInside: whoever has the key can still not make a
// dossier that contradicts itself.
func TestVerifyFindsForgeriesFromInside(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	lines := closedStory().lines()
	rewrite := func(texts map[string][]byte, lines []dossier.Line) {
		texts[journalPath], _ = writeLines(lines)
		texts[casePath], _ = writeIndented(dossier.Fold(lines))
	}
	document := documentPath(digestText(closedStory().texts[0]))
	cases := map[string]struct {
		change func(texts map[string][]byte, c *checkpoint)
		want   string
	}{
		"nothing": {func(map[string][]byte, *checkpoint) {}, ""},
		"two lines swapped": {func(texts map[string][]byte, _ *checkpoint) {
			l := slices.Clone(lines)
			l[3], l[4] = l[4], l[3]
			rewrite(texts, l)
		}, "line 4: the line says that it is line 5"},
		"a verdict": {func(texts map[string][]byte, _ *checkpoint) {
			rewrite(texts, closedStoryWith(func(l []dossier.Line) { l[12].Entry.Fact.Ballot.Verdict = "reject" }))
		}, "line 13: the hash does not fit"},
		"a text": {func(texts map[string][]byte, _ *checkpoint) {
			rewrite(texts, closedStoryWith(func(l []dossier.Line) { l[6].Body.Inside = "fine" }))
		}, "line 7: the text is not the one that was written"},
		"a chain made anew": {func(texts map[string][]byte, _ *checkpoint) {
			s := closedStory()
			s.entries[6].Fact.Ballot.Verdict = "approve"
			rewrite(texts, s.lines())
		}, "its last line is another"},
		"a line left off the end": {func(texts map[string][]byte, _ *checkpoint) { rewrite(texts, openStory().lines()) }, "was signed with 22 lines"},
		"another case":            {func(_ map[string][]byte, c *checkpoint) { c.Case = "onboarding/acme/2" }, `signed was case "onboarding/acme/2"`},
		"a view that says otherwise": {func(texts map[string][]byte, _ *checkpoint) {
			texts[casePath] = bytes.Replace(texts[casePath], []byte(`"live"`), []byte(`"dead"`), 1)
		}, "data/case.json does not say what the journal says"},
		"a document gone":  {func(texts map[string][]byte, _ *checkpoint) { delete(texts, document) }, "is missing: line 5 of the journal names it"},
		"another document": {func(texts map[string][]byte, _ *checkpoint) { texts[document] = []byte("# Another\n") }, "is not the one that line 5"},
		"a document more": {func(texts map[string][]byte, _ *checkpoint) {
			texts[documentPath(digestText("x"))] = []byte("x")
		}, "is named by no line"},
		"a history gone": {func(texts map[string][]byte, _ *checkpoint) { delete(texts, historyPath(storyCase, "run-a", 0)) },
			"the history of onboarding/acme/1, run run-a"},
		"a page more":      {func(texts map[string][]byte, _ *checkpoint) { texts["data/zz.html"] = []byte("x") }, "data/zz.html does not belong"},
		"no report":        {func(texts map[string][]byte, _ *checkpoint) { delete(texts, reportPath) }, "data/report.html is missing"},
		"a register entry": {func(texts map[string][]byte, _ *checkpoint) { replaceIn(texts, registerPath, "rita", "vera") }, "register, line 2"},
		"another register": {func(_ map[string][]byte, c *checkpoint) { c.Register.N = 1 }, "register, line 1: it is not the last line"},
		"a register of a case": {func(texts map[string][]byte, c *checkpoint) {
			texts[registerPath] = texts[journalPath]
			c.Register = c.Journal
		}, "it is not of the register"},
		"said to be open":  {func(_ map[string][]byte, c *checkpoint) { c.Open = true }, "whether the case was open"},
		"said to be whole": {func(_ map[string][]byte, c *checkpoint) { c.Unsealed = true }, "whether everything was there"},
		"words in between": {func(texts map[string][]byte, _ *checkpoint) { replaceIn(texts, journalPath, `{"n":2,`, `{ "n":2,`) }, "line 2: it is not written"},
		"an unknown field": {func(texts map[string][]byte, _ *checkpoint) {
			replaceIn(texts, journalPath, `{"n":2,`, `{"m":1,"n":2,`)
		}, "line 2: it is not written"},
		"no line end": {func(texts map[string][]byte, _ *checkpoint) { texts[journalPath] = bytes.TrimSpace(texts[journalPath]) }, "its end is not"},
		"no lines":    {func(texts map[string][]byte, _ *checkpoint) { texts[journalPath] = nil }, "has no line"},
		"an endless line": {func(texts map[string][]byte, _ *checkpoint) {
			texts[journalPath] = bytes.Repeat([]byte("["), lineMost+1)
		}, "longer than any line"},
		"a journal too big": {func(texts map[string][]byte, _ *checkpoint) { texts[journalPath] = make([]byte, journalMost+1) }, "more than it ever has"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := judged(t, resigned(t, file, 1, c.change), storyKey(1).Fingerprint())
			if got := strings.Join(v.Findings, "\n"); v.Intact != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("findings:\n%s\nwant …%s", got, c.want)
			}
		})
	}
}

func closedStoryWith(change func([]dossier.Line)) []dossier.Line {
	lines := closedStory().lines()
	change(lines)
	return lines
}

func replaceIn(texts map[string][]byte, path, old, with string) {
	texts[path] = bytes.Replace(texts[path], []byte(old), []byte(with), 1)
}

// TestVerifyFindsARewriteWithoutTheKey: one entry changed, the chain, the
// manifests and the checkpoint made to fit, but the signature is the old one.
func TestVerifyFindsARewriteWithoutTheKey(t *testing.T) {
	t.Parallel()
	old := members(t, packed(t, closedStory(), 1))
	s := closedStory()
	s.entries[6].Fact.Ballot.Verdict = "approve"
	forged := members(t, packed(t, s, 2))
	at := func(all []member, path string) int {
		return slices.IndexFunc(all, func(m member) bool { return m.path == path })
	}
	stale := slices.Clone(forged)
	stale[at(stale, checkpointPath)] = old[at(old, checkpointPath)]
	v := judged(t, repacked(t, stale), storyKey(1).Fingerprint())
	if v.Intact || !strings.Contains(strings.Join(v.Findings, "\n"), tagManifestPath+" is not the one that was signed") {
		t.Errorf("the old checkpoint: %q", v.Findings)
	}
	was, _ := readCheckpoint(bytesOf(t, old[at(old, checkpointPath)]))
	is, _ := readCheckpoint(bytesOf(t, forged[at(forged, checkpointPath)]))
	is.Key, is.Fingerprint, is.Signature = was.Key, was.Fingerprint, was.Signature
	text, err := writeIndented(is)
	if err != nil {
		t.Fatal(err)
	}
	mixed := slices.Clone(forged)
	mixed[at(mixed, checkpointPath)] = textMember(checkpointPath, text)
	v = judged(t, repacked(t, mixed), storyKey(1).Fingerprint())
	if v.Intact || v.Known || v.Fingerprint != "" || !strings.Contains(strings.Join(v.Findings, "\n"), "the signature does not fit") {
		t.Errorf("the old signature: %+v", v)
	}
}

// signedBy packs a container anew with a checkpoint that somebody wrote and signed
// by hand, as sign would never do.
func signedBy(t *testing.T, file []byte, n byte, change func(texts map[string][]byte, c *checkpoint)) Verdict {
	t.Helper()
	texts := make(map[string][]byte)
	for _, m := range members(t, file) {
		texts[m.path] = bytesOf(t, m)
	}
	c, finding := readCheckpoint(texts[checkpointPath])
	if finding != "" {
		t.Fatal(finding)
	}
	c.Key, c.Fingerprint = base64.StdEncoding.EncodeToString(storyKey(n).public()), storyKey(n).Fingerprint()
	change(texts, &c)
	c.TagManifest = "sha256:" + sumOf(texts[tagManifestPath])
	message, err := c.message()
	if err != nil {
		t.Fatal(err)
	}
	c.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(storyKey(n).private, message))
	if texts[checkpointPath], err = writeIndented(c); err != nil {
		t.Fatal(err)
	}
	var all []member
	for path, text := range texts {
		all = append(all, textMember(path, text))
	}
	return judged(t, repacked(t, all), storyKey(1).Fingerprint())
}

// TestVerifyFindsForgeriesByHand: a dossier that somebody wrote and signed with a
// program of their own.
func TestVerifyFindsForgeriesByHand(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	relist := func(texts map[string][]byte) {
		texts[tagManifestPath] = manifestText(map[string]string{bagitPath: sumOf(texts[bagitPath]), bagInfoPath: sumOf(texts[bagInfoPath]), manifestPath: sumOf(texts[manifestPath])})
	}
	cases := map[string]struct {
		key    byte
		change func(texts map[string][]byte, c *checkpoint)
		want   string
	}{
		"nothing":              {1, func(map[string][]byte, *checkpoint) {}, ""},
		"somebody else's name": {2, func(_ map[string][]byte, c *checkpoint) { c.Fingerprint = storyKey(1).Fingerprint() }, "don't belong together"},
		"a key too short":      {1, func(_ map[string][]byte, c *checkpoint) { c.Key = "AAAA" }, "don't belong together"},
		"another form":         {1, func(_ map[string][]byte, c *checkpoint) { c.Format = "gangway dossier 2" }, `doesn't know: "gangway dossier 2"`},
		"a file left out of the manifest": {1, func(texts map[string][]byte, _ *checkpoint) {
			rows, _ := readManifest(texts[manifestPath])
			delete(rows, casePath)
			texts[manifestPath] = manifestText(rows)
			relist(texts)
		}, "data/case.json is in the file and not in manifest-sha256.txt"},
		"a tag file in the manifest": {1, func(texts map[string][]byte, _ *checkpoint) {
			rows, _ := readManifest(texts[manifestPath])
			rows[bagitPath] = sumOf(texts[bagitPath])
			texts[manifestPath] = manifestText(rows)
			relist(texts)
		}, "bagit.txt is in manifest-sha256.txt and does not belong there"},
		"another sort of bag": {1, func(texts map[string][]byte, _ *checkpoint) {
			texts[bagitPath] = []byte("BagIt-Version: 0.97\n")
			relist(texts)
		}, "bagit.txt is not written as gangway writes it"},
		"another date": {1, func(texts map[string][]byte, _ *checkpoint) {
			replaceIn(texts, bagInfoPath, "2026-03-05", "2026-03-04")
			relist(texts)
		}, "bag-info.txt does not say what the dossier holds"},
		"a wrong digest in the manifest": {1, func(texts map[string][]byte, _ *checkpoint) {
			rows, _ := readManifest(texts[manifestPath])
			rows[reportPath] = sumOf(nil)
			texts[manifestPath] = manifestText(rows)
			relist(texts)
		}, "data/report.html is not the one in manifest-sha256.txt"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := signedBy(t, file, c.key, c.change)
			if got := strings.Join(v.Findings, "\n"); v.Intact != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("findings:\n%s\nwant …%s", got, c.want)
			}
		})
	}
}

func TestVerifyCapsFindings(t *testing.T) {
	t.Parallel()
	all := members(t, packed(t, closedStory(), 1))
	for i := range 200 {
		all = append(all, textMember(fmt.Sprintf("x%03d", i), []byte("x")))
	}
	v := judged(t, repacked(t, all))
	if n := len(v.Findings); n != findingsMost || !strings.HasPrefix(v.Findings[n-1], "and ") || !strings.HasSuffix(v.Findings[n-1], " more") {
		t.Errorf("%d findings, the last %q", len(v.Findings), v.Findings[len(v.Findings)-1])
	}
}
