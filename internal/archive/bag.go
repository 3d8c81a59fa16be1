package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
)

// A dossier is a bag (BagIt 1.0, RFC 8493): what counts stands under data/, its
// digests in manifest-sha256.txt, and the digests of the files beside data/ in
// tagmanifest-sha256.txt, which the checkpoint signs. Both manifests are in the
// form that sha256sum -c reads.
const (
	bagitPath       = "bagit.txt"
	bagInfoPath     = "bag-info.txt"
	manifestPath    = "manifest-sha256.txt"
	tagManifestPath = "tagmanifest-sha256.txt"
	checkpointPath  = "checkpoint.json"

	casePath     = "data/case.json"
	journalPath  = "data/journal.jsonl"
	namesPath    = "data/names.json"
	registerPath = "data/register.jsonl"
	reportPath   = "data/report.html"
)

// bagitText is what makes a directory a bag.
const bagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// paper is a document in a bag. Its digest is known before it is packed.
type paper struct {
	path   string
	digest string // "sha256:" and hex
	size   int64
	crc    uint32
	open   func() (io.ReadCloser, error)
}

// documentPath is where a bag has a document; empty for what is no digest.
func documentPath(digest string) string {
	name, ok := hexOf(digest)
	if !ok {
		return ""
	}
	return "data/documents/" + name
}

// historyPath is where a bag has the history of a run. A run that was filed twice
// with other bytes, which never should be, has k above 0 for the later ones.
func historyPath(process, run string, k int) string {
	var b strings.Builder
	b.WriteString("data/histories/")
	for part := range strings.SplitSeq(process, "/") {
		b.WriteString(pathPart(part) + "/")
	}
	b.WriteString(pathPart(run))
	if k > 0 {
		fmt.Fprintf(&b, "=%d", k) // pathPart writes "=" with two digits only
	}
	return b.String() + ".json"
}

// pathsOf gives each mention its path in the bag; empty for what is no digest.
// The order is that of the mentions.
func pathsOf(mentions []dossier.Mention) []string {
	paths := make([]string, len(mentions))
	times := make(map[string]int)
	for i, m := range mentions {
		if _, ok := hexOf(m.Digest); !ok {
			continue
		}
		if !m.History {
			paths[i] = documentPath(m.Digest)
			continue
		}
		first := historyPath(m.Process, m.Run, 0)
		paths[i] = historyPath(m.Process, m.Run, times[first])
		times[first]++
	}
	return paths
}

// hexOf takes the digits of a digest as the documents are named by.
func hexOf(digest string) (string, bool) {
	name, ok := strings.CutPrefix(digest, "sha256:")
	if !ok || len(name) != 2*sha256.Size || strings.Trim(name, "0123456789abcdef") != "" {
		return "", false
	}
	return name, true
}

// bagMembers are the members of a dossier in their order: texts are the files of
// data/ that stand in memory, by path, papers the documents. c gets the digest of
// the tag manifest and is signed.
func bagMembers(texts map[string][]byte, papers []paper, c checkpoint, k *Key) ([]member, error) {
	var members []member
	manifest := make(map[string]string)
	var octets int64
	for path, text := range texts {
		members = append(members, textMember(path, text))
		manifest[path] = sumOf(text)
		octets += int64(len(text))
	}
	for _, p := range papers {
		name, ok := hexOf(p.digest)
		if !ok {
			return nil, fmt.Errorf("packing the dossier: %q is no digest", p.digest)
		}
		members = append(members, member{p.path, p.size, p.crc, p.open})
		manifest[p.path] = name
		octets += p.size
	}
	tags := map[string][]byte{
		bagitPath:    []byte(bagitText),
		bagInfoPath:  bagInfo(c, octets, len(manifest)),
		manifestPath: manifestText(manifest),
	}
	tagged := make(map[string]string)
	for path, text := range tags {
		members = append(members, textMember(path, text))
		tagged[path] = sumOf(text)
	}
	tagManifest := manifestText(tagged)
	c.TagManifest = "sha256:" + sumOf(tagManifest)
	signed, err := c.sign(k)
	if err != nil {
		return nil, err
	}
	members = append(members, textMember(tagManifestPath, tagManifest), textMember(checkpointPath, signed))
	slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.path, b.path) })
	return members, nil
}

// bagInfo says in the bag's own words whose it is.
func bagInfo(c checkpoint, octets int64, files int) []byte {
	what := "the sealed dossier of a closed case"
	switch {
	case c.Open:
		what = "the dossier of an OPEN case"
	case c.Unsealed:
		what = "the dossier of a closed case, before it was sealed"
	}
	if c.Rehearsal {
		what += ", a rehearsal"
	}
	return fmt.Appendf(nil, "Bag-Software-Agent: gangway\nBagging-Date: %s\nExternal-Description: %s\nExternal-Identifier: %s\nPayload-Oxum: %d.%d\n",
		c.SignedAt.UTC().Format(time.DateOnly), what, visible(c.Case), octets, files)
}

// manifestText lists digests by path, in the order of the paths.
func manifestText(digests map[string]string) []byte {
	var paths []string
	for path := range digests {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	var b bytes.Buffer
	for _, path := range paths {
		fmt.Fprintf(&b, "%s  %s\n", digests[path], path)
	}
	return b.Bytes()
}

// readManifest reads what manifestText wrote, byte for byte; ok is false for
// anything else.
func readManifest(text []byte) (digests map[string]string, ok bool) {
	digests = make(map[string]string)
	for line := range bytes.Lines(text) {
		digest, path, ok := strings.Cut(strings.TrimSuffix(string(line), "\n"), "  ")
		if _, good := hexOf("sha256:" + digest); !ok || !good || !goodPath(path) {
			return nil, false
		}
		digests[path] = digest
	}
	return digests, bytes.Equal(manifestText(digests), text)
}

func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// writeLines writes lines as they stand in a dossier: one a row, as JSON.
func writeLines(lines []dossier.Line) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return nil, fmt.Errorf("writing line %d of %s: %w", l.N, l.Entry.Case, err)
		}
	}
	return b.Bytes(), nil
}

// writeIndented writes a value for people and machines.
func writeIndented(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("writing as JSON: %w", err)
	}
	return b.Bytes(), nil
}
