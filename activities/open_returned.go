package activities

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"gangway/internal/dossier"
)

// Bounds of what is opened. What is larger, or unpacks to more, is not opened here:
// people do it, on a system of theirs.
const (
	mostReturned = 256 << 20 // bytes of one document, held in memory
	mostUnpacked = 4 << 30   // bytes of all files in it, read and not kept
	mostRatio    = 1000      // how many times its size a file may unpack to
	mostFiles    = 100_000
	mostNamed    = 500 // bytes of one name
)

// returnedOut says what it is.
type returnedOut struct {
	Papers []returnedPaper `json:"papers"`
	// Evidence is the digest of the list of all files, with sizes and digests.
	Evidence string `json:"evidence"`
}

// returnedPaper is one document that came, without what is in it.
type returnedPaper struct {
	Document string `json:"document"`
	Size     int64  `json:"size"`
	// Files counts what is in it, itself where it is no archive; Bytes is how much that
	// is, unpacked.
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// Empty, Locked (by a password) and Broken count files.
	Empty  int `json:"empty,omitempty"`
	Locked int `json:"locked,omitempty"`
	Broken int `json:"broken,omitempty"`
	// Bounded: it is larger than what is opened, or unpacks to more.
	Bounded bool `json:"bounded,omitempty"`
	// Whole: there is something in it, and nothing kept it from being read to its end.
	Whole bool `json:"whole,omitempty"`
}

// returned is the document that lists what came.
type returned struct {
	Kind   string         `json:"kind"`
	Papers []returnedList `json:"papers"`
}

type returnedList struct {
	returnedPaper
	Listed []returnedFile `json:"listed"`
}

type returnedFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	Digest string `json:"digest,omitempty"`
	Fault  string `json:"fault,omitempty"` // empty, locked, broken, too large
}

// OpenReturned opens what a vendor returned: every file is read to its end, and listed.
// Whether it is what was owed, people say.
func (a *Activities) OpenReturned(ctx context.Context, in ExamineIn) (returnedOut, error) {
	all := returned{Kind: "gangway returned data 1"}
	var out returnedOut
	for _, digest := range in.Documents {
		p, err := a.openOne(ctx, digest)
		if err != nil {
			return returnedOut{}, err
		}
		p.Whole = p.Files > p.Empty && p.Locked+p.Broken == 0 && !p.Bounded
		all.Papers, out.Papers = append(all.Papers, p), append(out.Papers, p.returnedPaper)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return returnedOut{}, fmt.Errorf("listing what was returned: %w", err)
	}
	paper, err := a.Filing.Put(ctx, bytes.NewReader(append(text, '\n')), mostSurvey)
	if err != nil {
		return returnedOut{}, outside(fmt.Errorf("filing what was returned: %w", err))
	}
	out.Evidence = paper.Digest
	return out, nil
}

func (a *Activities) openOne(ctx context.Context, digest string) (returnedList, error) {
	l := returnedList{returnedPaper: returnedPaper{Document: digest}}
	paper, r, err := a.Archive.Get(ctx, digest)
	if missing(err) {
		l.Broken = 1
		return l, nil
	}
	if err != nil {
		return l, outside(fmt.Errorf("opening what was returned: %w", err))
	}
	defer r.Close()
	l.Size = paper.Size
	if paper.Size > mostReturned {
		l.Bounded, l.Files = true, 1
		return l, nil
	}
	data, err := io.ReadAll(io.LimitReader(r, mostReturned+1))
	if err != nil {
		return l, outside(fmt.Errorf("reading what was returned: %w", err))
	}
	l.Size = int64(len(data))
	return l, l.open(ctx, paper, data)
}

// open reads what is in a document: an archive's files, or itself.
func (l *returnedList) open(ctx context.Context, paper dossier.Paper, data []byte) error {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return l.unzip(ctx, data)
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		return l.gunzip(ctx, data)
	case isTar(data):
		return l.untar(ctx, bytes.NewReader(data), int64(len(data)))
	}
	return l.add(ctx, paper.Media, bytes.NewReader(data), int64(len(data)))
}

// isTar: the word stands where tar files have it.
func isTar(data []byte) bool { return len(data) > 262 && string(data[257:262]) == "ustar" }

func (l *returnedList) unzip(ctx context.Context, data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		l.Files, l.Broken = 1, 1
		return nil
	}
	for _, f := range z.File {
		switch {
		case f.FileInfo().IsDir():
			continue
		case l.full():
			return nil
		case f.Flags&1 != 0:
			l.fault(f.Name, "locked", &l.Locked)
			continue
		}
		r, err := f.Open()
		if err != nil {
			l.fault(f.Name, "broken", &l.Broken)
			continue
		}
		err = errors.Join(l.add(ctx, f.Name, r, int64(f.CompressedSize64)), ctx.Err())
		_ = r.Close() // it was read to its end, or is broken and said to be
		if err != nil {
			return err
		}
	}
	return nil
}

// gunzip reads one file, or a tar in it.
func (l *returnedList) gunzip(ctx context.Context, data []byte) error {
	begin := func() (io.Reader, error) { return gzip.NewReader(bytes.NewReader(data)) }
	r, err := begin()
	if err != nil {
		l.Files, l.Broken = 1, 1
		return nil
	}
	head := make([]byte, 512)
	n, _ := io.ReadFull(r, head) // too short is no tar
	r, err = begin()
	if err == nil && isTar(head[:n]) {
		return l.untar(ctx, r, int64(len(data)))
	}
	if err != nil {
		return fmt.Errorf("beginning anew: %w", err)
	}
	return l.add(ctx, "gzip", r, int64(len(data)))
}

func (l *returnedList) untar(ctx context.Context, r io.Reader, packed int64) error {
	t := tar.NewReader(io.LimitReader(r, min(mostUnpacked, packed*mostRatio)))
	for {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			l.fault("", "broken", &l.Broken)
			return nil
		case l.full():
			return nil
		case h.Typeflag != tar.TypeReg:
			continue
		}
		if err := errors.Join(l.add(ctx, h.Name, t, packed), ctx.Err()); err != nil {
			return err
		}
	}
}

// full reports whether no more is read.
func (l *returnedList) full() bool {
	if l.Files >= mostFiles || l.Bytes >= mostUnpacked {
		l.Bounded = true
	}
	return l.Bounded
}

// add reads one file to its end.
func (l *returnedList) add(ctx context.Context, name string, r io.Reader, packed int64) error {
	most := min(mostUnpacked-l.Bytes, max(packed, 1<<10)*mostRatio)
	sum := sha256.New()
	n, err := copyUpTo(ctx, sum, r, most)
	l.Bytes += n
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case n > most:
		l.Bounded = true
		l.fault(name, "too large", new(int))
	case err != nil:
		l.fault(name, "broken", &l.Broken)
	case n == 0:
		l.fault(name, "empty", &l.Empty)
	default:
		l.Files++
		l.Listed = append(l.Listed, returnedFile{Name: short(name), Size: n, Digest: "sha256:" + hex.EncodeToString(sum.Sum(nil))})
	}
	return nil
}

// copyUpTo copies at most so many bytes and one more, as long as somebody waits.
func copyUpTo(ctx context.Context, to hash.Hash, r io.Reader, most int64) (n int64, err error) {
	const piece = 8 << 20
	for n <= most && ctx.Err() == nil {
		k, err := io.CopyN(to, r, min(piece, most+1-n))
		n += k
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, ctx.Err()
}

func (l *returnedList) fault(name, what string, count *int) {
	l.Files++
	*count++
	l.Listed = append(l.Listed, returnedFile{Name: short(name), Fault: what})
}

// short keeps a stranger's name within bounds, and text.
func short(name string) string {
	return strings.ToValidUTF8(name[:min(len(name), mostNamed)], "�")
}
