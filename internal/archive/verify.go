package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
)

// Bounds of what Verify takes into memory, and so of what a dossier can hold.
const (
	journalMost  = 32 << 20 // of data/journal.jsonl, and of data/register.jsonl
	lineMost     = 4 << 20
	manifestMost = 16 << 20
	tagMost      = 64 << 10
	findingsMost = 50
)

// Verdict is what Verify found out about a dossier. Everything but Intact,
// Findings, Known and Wrong is what the dossier says of itself; believe it when
// it is intact.
type Verdict struct {
	// Intact: every bit is as it was when it was signed, and it was not signed by
	// another key than one of those that were given.
	Intact bool `json:"intact"`
	// Findings name what is wrong: which file, which line, which document. At
	// most 50, the last of which then says how many there were.
	Findings []string `json:"findings,omitempty"`

	Case      string            `json:"case,omitempty"`
	State     dossier.CaseState `json:"state,omitempty"`
	Open      bool              `json:"open,omitempty"`     // the case was running when it was signed
	Unsealed  bool              `json:"unsealed,omitempty"` // closed, and not everything was there yet
	Rehearsal bool              `json:"rehearsal,omitempty"`
	// Earlier is the digest of the sealed dossier that this one adds to.
	Earlier string `json:"earlier,omitempty"`

	// Fingerprint of the key that signed; empty when no signature fits.
	Fingerprint string    `json:"fingerprint,omitempty"`
	Known       bool      `json:"known,omitempty"` // it is one of the keys that were given
	Wrong       bool      `json:"wrong,omitempty"` // keys were given, and it is none of them
	SignedAt    time.Time `json:"signedAt,omitzero"`

	Lines     int `json:"lines"`
	Documents int `json:"documents"`
	Histories int `json:"histories"`
	Erased    int `json:"erased,omitempty"` // texts and documents erased by rule
}

// Verify holds a dossier against everything that it says of itself: the container
// byte for byte, the manifests, the chain, the view, the documents and the
// signature. It needs nothing but the file, reads each byte of it a few times and
// keeps no document in memory. known are the keys that are trusted: fingerprints or
// public keys; none: whoever signed is only named.
//
// Errors are a known key that is none (with a Hint) and a file that can't be read;
// whatever the file holds is a finding.
func Verify(r io.ReaderAt, size int64, known []string) (Verdict, error) {
	c := check{files: make(map[string]member), sums: make(map[string]string)}
	for _, given := range known {
		fingerprint, err := readKnown(given)
		if err != nil {
			return Verdict{}, err
		}
		c.known = append(c.known, fingerprint)
	}
	members, findings, err := readContainer(r, size)
	if err != nil {
		return Verdict{}, err
	}
	for _, f := range findings {
		c.find("%s", f)
	}
	if members != nil {
		if err := c.all(members); err != nil {
			return Verdict{}, err
		}
	}
	// Nothing found is not enough: somebody must have signed.
	c.v.Intact = len(c.v.Findings) == 0 && c.v.Fingerprint != ""
	if over := c.found - findingsMost; over > 0 {
		c.v.Findings = append(c.v.Findings[:findingsMost-1], fmt.Sprintf("and %d more", over+1))
	}
	return c.v, nil
}

// check is one Verify on its way.
type check struct {
	v     Verdict
	found int
	known []string
	files map[string]member // looked up only, never ranged over
	paths []string          // of files, in their order
	sums  map[string]string // hex digests by path
}

// find notes what is wrong. Parts of the file in it can't hide or reorder text.
func (c *check) find(format string, args ...any) {
	if c.found++; len(c.v.Findings) < findingsMost {
		c.v.Findings = append(c.v.Findings, oneLine(cut(fmt.Sprintf(format, args...), 400)))
	}
}

func (c *check) all(members []member) error {
	for _, m := range members {
		c.files[m.path], c.paths = m, append(c.paths, m.path)
		if err := c.sum(m); err != nil {
			return err
		}
	}
	signed, err := c.signature()
	if err != nil {
		return err
	}
	if err := c.bag(signed); err != nil {
		return err
	}
	return c.record(signed)
}

func (c *check) sum(m member) error {
	r, err := m.open()
	if err != nil {
		return fmt.Errorf("opening %s in the dossier: %w", m.path, err)
	}
	digest, sum := sha256.New(), crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(digest, sum), r)
	if err := errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("reading %s in the dossier: %w", m.path, err)
	}
	if n != m.size || sum.Sum32() != m.crc {
		c.find("%s: its bytes are not those that the container was written with", m.path)
	}
	c.sums[m.path] = hex.EncodeToString(digest.Sum(nil))
	return nil
}

// text reads a file of the dossier that is bounded by most; ok is false, and why
// is a finding, when it is not there or larger.
func (c *check) text(path string, most int64) (text []byte, ok bool, err error) {
	m, found := c.files[path]
	if !found {
		c.find("%s is missing", path)
		return nil, false, nil
	}
	if m.size > most {
		c.find("%s: %d bytes are more than it ever has", path, m.size)
		return nil, false, nil
	}
	r, err := m.open()
	if err != nil {
		return nil, false, fmt.Errorf("opening %s: %w", path, err)
	}
	text, err = io.ReadAll(io.LimitReader(r, most+1))
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, false, fmt.Errorf("reading %s: %w", path, err)
	}
	return text, true, nil
}

// signature reads the checkpoint; nil when there is none that can be believed.
func (c *check) signature() (*checkpoint, error) {
	text, ok, err := c.text(checkpointPath, tagMost)
	if err != nil || !ok {
		return nil, err
	}
	signed, finding := readCheckpoint(text)
	if finding != "" {
		c.find("%s", finding)
		return nil, nil
	}
	c.v.Fingerprint, c.v.SignedAt, c.v.Earlier, c.v.Unsealed = signed.Fingerprint, signed.SignedAt, signed.Earlier, signed.Unsealed
	c.v.Known = slices.Contains(c.known, signed.Fingerprint)
	if c.v.Wrong = len(c.known) > 0 && !c.v.Known; c.v.Wrong {
		c.find("signed by %s, which is not the key you gave", signed.Fingerprint)
	}
	return &signed, nil
}

// bag holds every file against the manifests, and those against the checkpoint.
func (c *check) bag(signed *checkpoint) error {
	tags, ok, err := c.manifest(tagManifestPath, tagMost)
	if err != nil {
		return err
	}
	if signed != nil && c.sums[tagManifestPath] != "" && signed.TagManifest != "sha256:"+c.sums[tagManifestPath] {
		c.find("%s is not the one that was signed", tagManifestPath)
	}
	if ok {
		c.listed(tagManifestPath, tags, func(path string) bool {
			return path == bagitPath || path == bagInfoPath || path == manifestPath
		})
	}
	payload, ok, err := c.manifest(manifestPath, manifestMost)
	if err != nil {
		return err
	}
	if ok {
		c.listed(manifestPath, payload, func(path string) bool { return strings.HasPrefix(path, "data/") })
	}
	for _, path := range c.paths {
		switch path {
		case bagitPath, bagInfoPath, manifestPath, tagManifestPath, checkpointPath:
		default:
			if !strings.HasPrefix(path, "data/") {
				c.find("%s does not belong in a dossier", path)
			}
		}
	}
	return c.tags(signed, len(payload))
}

func (c *check) manifest(path string, most int64) (digests map[string]string, ok bool, err error) {
	text, ok, err := c.text(path, most)
	if err != nil || !ok {
		return nil, false, err
	}
	if digests, ok = readManifest(text); !ok {
		c.find("%s is not written as gangway writes it", path)
	}
	return digests, ok, nil
}

// listed wants the files that belong in a manifest to be in it, and no others, all
// with their digests.
func (c *check) listed(manifest string, digests map[string]string, belongs func(path string) bool) {
	for _, path := range c.paths {
		digest, listed := digests[path]
		switch {
		case belongs(path) && !listed:
			c.find("%s is in the file and not in %s: it was added or renamed", path, manifest)
		case !belongs(path) && listed:
			c.find("%s is in %s and does not belong there", path, manifest)
		case listed && digest != c.sums[path]:
			c.find("%s is not the one in %s: it was changed", path, manifest)
		}
	}
	var gone []string
	for path := range digests {
		if _, there := c.files[path]; !there {
			gone = append(gone, path)
		}
	}
	slices.Sort(gone)
	for _, path := range gone {
		c.find("%s is in %s and not in the file: it was removed or renamed", path, manifest)
	}
}

// tags holds the two files that say what the bag is against what it is.
func (c *check) tags(signed *checkpoint, files int) error {
	if text, ok, err := c.text(bagitPath, tagMost); err != nil {
		return err
	} else if ok && string(text) != bagitText {
		c.find("%s is not written as gangway writes it", bagitPath)
	}
	text, ok, err := c.text(bagInfoPath, tagMost)
	if err != nil || !ok || signed == nil {
		return err
	}
	var octets int64
	for _, path := range c.paths {
		if strings.HasPrefix(path, "data/") {
			octets += c.files[path].size
		}
	}
	if string(text) != string(bagInfo(*signed, octets, files)) {
		c.find("%s does not say what the dossier holds", bagInfoPath)
	}
	return nil
}
