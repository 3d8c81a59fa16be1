package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// The container of a dossier is a zip file in one fixed form: members stored, in
// the order of their paths, without gaps, extra fields, comments or times of
// their own. So its bytes follow from the members, and reading it is comparing
// every byte that is no member's with what would have been written. The writer is
// our own because archive/zip promises no bytes.

// Bounds of a container. Below 4 GiB no 64-bit records are needed.
const (
	containerMost = 1<<32 - 1
	membersMost   = 20_000
	pathMost      = 512
)

const (
	localSize   = 30
	centralSize = 46
	endSize     = 22
)

// member is a file in a container. open may be called more than once and must
// give the same size bytes each time.
type member struct {
	path string
	size int64
	crc  uint32
	open func() (io.ReadCloser, error)
}

// textMember is a member that stands in memory.
func textMember(path string, text []byte) member {
	return member{path: path, size: int64(len(text)), crc: crc32.ChecksumIEEE(text),
		open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
}

// local is the header before a member's bytes.
func (m member) local() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0x04034b50)
	b = m.common(b)
	return append(b, m.path...)
}

// central is the member's entry in the directory.
func (m member) central(offset int64) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0x02014b50)
	b = le.AppendUint16(b, 3<<8|20) // written as on Unix, so that the mode below counts
	b = m.common(b)
	b = le.AppendUint16(b, 0)            // comment
	b = le.AppendUint16(b, 0)            // disk
	b = le.AppendUint16(b, 0)            // internal attributes
	b = le.AppendUint32(b, 0o100644<<16) // a plain file that all may read
	b = le.AppendUint32(b, uint32(offset))
	return append(b, m.path...)
}

// common is what both headers say in the same way.
func (m member) common(b []byte) []byte {
	le := binary.LittleEndian
	b = le.AppendUint16(b, 10)     // version needed: stored
	b = le.AppendUint16(b, 0)      // flags
	b = le.AppendUint16(b, 0)      // method: stored
	b = le.AppendUint16(b, 0)      // midnight
	b = le.AppendUint16(b, 1<<5|1) // of 1 January 1980, the first day of zip
	b = le.AppendUint32(b, m.crc)
	b = le.AppendUint32(b, uint32(m.size))
	b = le.AppendUint32(b, uint32(m.size))
	b = le.AppendUint16(b, uint16(len(m.path)))
	return le.AppendUint16(b, 0) // extra
}

func endOf(members int, directory, offset int64) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0x06054b50)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, uint16(members))
	b = le.AppendUint16(b, uint16(members))
	b = le.AppendUint32(b, uint32(directory))
	b = le.AppendUint32(b, uint32(offset))
	return le.AppendUint16(b, 0)
}

// writeContainer writes members, which must be in the order of their paths. A
// member whose bytes are not those that its size and checksum say is an error.
func writeContainer(w io.Writer, members []member) error {
	if err := fits(members); err != nil {
		return err
	}
	var offset int64
	var directory []byte
	for _, m := range members {
		directory = append(directory, m.central(offset)...)
		n, err := w.Write(m.local())
		if err != nil {
			return fmt.Errorf("writing the header of %s: %w", m.path, err)
		}
		if err := m.copyTo(w); err != nil {
			return err
		}
		offset += int64(n) + m.size
	}
	if _, err := w.Write(append(directory, endOf(len(members), int64(len(directory)), offset)...)); err != nil {
		return fmt.Errorf("writing the directory of the dossier: %w", err)
	}
	return nil
}

// fits refuses what could not be read again.
func fits(members []member) error {
	total := int64(endSize)
	last := ""
	for _, m := range members {
		if !goodPath(m.path) || m.path <= last {
			return fmt.Errorf("packing the dossier: %q is no path that can follow %q", m.path, last)
		}
		last = m.path
		total += localSize + centralSize + 2*int64(len(m.path)) + m.size
	}
	if total > containerMost || len(members) > membersMost {
		return unpackableError{fmt.Sprintf("a dossier of %d files and %d bytes", len(members), total)}
	}
	return nil
}

// unpackableError says that something is beyond what a dossier may hold.
type unpackableError struct{ what string }

// Error names what is too large.
func (e unpackableError) Error() string { return e.what + " is too large to be packed" }

// Hint says what the bounds are.
func (e unpackableError) Hint() string {
	return fmt.Sprintf("a dossier holds up to %d files and 4 GiB, and a journal of up to %d MiB", membersMost, journalMost>>20)
}

func (m member) copyTo(w io.Writer) error {
	r, err := m.open()
	if err != nil {
		return fmt.Errorf("opening %s: %w", m.path, err)
	}
	sum := crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(w, sum), r)
	if err := errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("packing %s: %w", m.path, err)
	}
	if n != m.size || sum.Sum32() != m.crc {
		return fmt.Errorf("packing %s: it changed while it was read", m.path)
	}
	return nil
}

// goodPath takes paths that every tool unpacks to the same place: of letters,
// digits and a few marks, relative, without empty or dotted parts.
func goodPath(p string) bool {
	if p == "" || len(p) > pathMost {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		if part == "" || part[0] == '.' || strings.Trim(part, pathLetters) != "" {
			return false
		}
	}
	return true
}

const pathLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._=-"

// pathPart writes an id so that it can be one part of a path, each id in a
// different way: everything but letters, digits, "-" and inner dots as "=" and
// two hex digits.
func pathPart(id string) string {
	var b strings.Builder
	for i := range len(id) {
		c := id[i]
		if c != '=' && c != '_' && strings.IndexByte(pathLetters, c) >= 0 && (c != '.' || i > 0) {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "=%02x", c)
	}
	if b.Len() == 0 {
		return "="
	}
	return b.String()
}

// readContainer finds the members of a container. It answers in findings what is
// not as it would have been written; members is nil when nothing can be found in
// it. Only failing reads are errors. It keeps the directory in memory, 20,000
// members at most, and believes no size that the file doesn't have.
func readContainer(r io.ReaderAt, size int64) (members []member, findings []string, err error) {
	if size < endSize || size > containerMost {
		return nil, []string{fmt.Sprintf("the file: %d bytes are no dossier", size)}, nil
	}
	end := make([]byte, endSize)
	if err := readAt(r, end, size-endSize); err != nil {
		return nil, nil, err
	}
	le := binary.LittleEndian
	count, length, offset := int(le.Uint16(end[10:])), int64(le.Uint32(end[12:])), int64(le.Uint32(end[16:]))
	if !bytes.Equal(end, endOf(count, length, offset)) || offset+length+endSize != size ||
		count == 0 || count > membersMost || length > int64(count)*(centralSize+pathMost) {
		return nil, []string{"the file: its end is not that of a dossier; it was cut off, changed, or is something else"}, nil
	}
	directory := make([]byte, length)
	if err := readAt(r, directory, offset); err != nil {
		return nil, nil, err
	}
	members, finding := readDirectory(directory, count, offset)
	if finding != "" {
		return nil, []string{finding}, nil
	}
	at := int64(0)
	for i := range members {
		m := &members[i]
		want := m.local()
		got := make([]byte, len(want))
		if err := readAt(r, got, at); err != nil {
			return nil, nil, err
		}
		if !bytes.Equal(got, want) {
			findings = append(findings, m.path+": its header in the file was changed")
		}
		start := at + int64(len(want))
		m.open = func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(r, start, m.size)), nil }
		at = start + m.size
	}
	return members, findings, nil
}

// readDirectory reads the members of a directory that begins at end, or says what
// is wrong with it.
func readDirectory(b []byte, count int, end int64) (members []member, finding string) {
	le := binary.LittleEndian
	offset := int64(0)
	last := ""
	for i := range count {
		wrong := fmt.Sprintf("the directory of the file: entry %d, after %q, is not as gangway writes it", i+1, last)
		if len(b) < centralSize {
			return nil, wrong
		}
		n := centralSize + int(le.Uint16(b[28:]))
		if len(b) < n {
			return nil, wrong
		}
		m := member{path: string(b[centralSize:n]), size: int64(le.Uint32(b[24:])), crc: le.Uint32(b[16:])}
		if !goodPath(m.path) || m.path <= last || !bytes.Equal(m.central(offset), b[:n]) {
			return nil, wrong
		}
		offset += int64(localSize+len(m.path)) + m.size
		if offset > end {
			return nil, wrong
		}
		members, b, last = append(members, m), b[n:], m.path
	}
	if len(b) > 0 || offset != end {
		return nil, "the directory of the file does not fit its members"
	}
	return members, ""
}

// readAt fills b; the file must be as long as it was said to be.
func readAt(r io.ReaderAt, b []byte, at int64) error {
	if n, err := r.ReadAt(b, at); n < len(b) {
		return fmt.Errorf("reading the dossier: %w", err)
	}
	return nil
}
