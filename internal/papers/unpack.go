package papers

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"gangway/internal/engagement"
)

// Bounds of what a zip file may unpack to.
const (
	maxEntries  = 2000
	maxUnpacked = 100 << 20 // bytes, all members together
	maxRatio    = 100       // unpacked to packed
	ratioFrom   = 1 << 20   // bytes; less is no danger however it was packed
)

// unpack reads all members of a zip file into memory, within the bounds. Sizes
// that the file declares are believed nowhere: every byte is counted as it comes.
// A member that is an archive, a container or a program itself is refused.
func unpack(ctx context.Context, raw []byte) (map[string][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, refuse(engagement.FaultBroken, "no zip file")
	}
	if len(z.File) > maxEntries {
		return nil, refuse(engagement.FaultBomb, "too many members")
	}
	members := make(map[string][]byte, len(z.File))
	seen := make(map[string]bool, len(z.File))
	left := int64(maxUnpacked)
	for _, f := range z.File {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		name := f.Name
		if strings.HasSuffix(name, "/") {
			continue
		}
		folded := strings.ToLower(strings.TrimPrefix(name, "/"))
		switch {
		case f.Flags&1 != 0: // APPNOTE 4.4.4
			return nil, refuse(engagement.FaultEncrypted, "an encrypted member")
		case seen[folded], path.Clean("/"+name) != "/"+strings.TrimPrefix(name, "/"), strings.ContainsAny(name, "\\\x00"):
			// Two programs would read two different documents.
			return nil, refuse(engagement.FaultBroken, "a member twice, or under a crooked name")
		}
		seen[folded] = true
		data, err := unpackOne(f, left, int64(len(raw)))
		if err != nil {
			return nil, err
		}
		left -= int64(len(data))
		if err := inner(folded, data); err != nil {
			return nil, err
		}
		members[strings.TrimPrefix(name, "/")] = data
	}
	return members, nil
}

// unpackOne unpacks a member to at most left bytes and maxRatio times what it
// takes in the file, which is never more than the file itself.
func unpackOne(f *zip.File, left, whole int64) ([]byte, error) {
	packed := min(int64(f.CompressedSize64&(1<<62-1)), whole)
	bound := min(left, max(packed*maxRatio, ratioFrom))
	r, err := f.Open()
	if err != nil {
		return nil, refuse(engagement.FaultBroken, "a member that can't be opened")
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, bound+1))
	if int64(len(data)) > bound {
		return nil, refuse(engagement.FaultBomb, "a member unpacks to too much")
	}
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) {
			return nil, refuse(engagement.FaultBroken, "a member is not of the size or sum declared")
		}
		return nil, refuse(engagement.FaultBroken, "a member that can't be unpacked")
	}
	return data, nil
}

// inner refuses members that hold other files or run.
func inner(name string, data []byte) error {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(base, "vbaproject"), strings.HasPrefix(base, "vbadata"), strings.Contains("/"+name, "/activex/"), strings.Contains("/"+name, "/macros/"):
		return refuse(engagement.FaultMacros, "a member with a program")
	}
	for _, known := range []struct {
		start string
		fault engagement.ReadingFault
	}{
		{"PK\x03\x04", engagement.FaultNested}, {"PK\x05\x06", engagement.FaultNested}, {"Rar!\x1a\x07", engagement.FaultNested},
		{"7z\xbc\xaf\x27\x1c", engagement.FaultNested}, {"\x1f\x8b\x08", engagement.FaultNested}, {"%PDF-", engagement.FaultNested},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", engagement.FaultNested}, {"MZ", engagement.FaultMacros}, {"\x7fELF", engagement.FaultMacros},
	} {
		if bytes.HasPrefix(data, []byte(known.start)) {
			return refuse(known.fault, "a member that is a file of its own")
		}
	}
	return nil
}
