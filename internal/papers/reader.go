package papers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/engagement"
)

// MaxSize is how many bytes a document may have as it comes; what mail servers
// usually let through is less.
const MaxSize = 25 << 20

// Options say what a Reader may use. The zero value works: it looks for
// pdftotext in PATH and scans nothing.
type Options struct {
	// Clamd is the TCP address (host:port) of a virus scanner, or the path of its
	// socket. Empty: nothing is scanned. Set: what it did not pass is not taken.
	Clamd string
	// PDFToText is the path of poppler's pdftotext; empty: looked for in PATH.
	PDFToText string
	// Aside is a program that calls ReadAside first thing in its main, with its
	// arguments: it reads PDFs where there is no pdftotext, in a process of its
	// own, which strange bytes may exhaust or end. Empty: they are unreadable then.
	Aside []string
	// Patience is how long one document may take in each of the scanner and the
	// reading of a PDF; zero: 30 s.
	Patience time.Duration
	// MaxSize is how many bytes a document may have; zero: MaxSize.
	MaxSize int64
}

// Reader reads documents. It may be used by many at once.
type Reader struct {
	clamd    string
	pdf      pdfTools
	patience time.Duration
	maxSize  int64
	rooms    chan struct{} // a place for each document that is read at once
}

// atOnce is how many documents are read at a time: one may unpack to 100 MiB.
const atOnce = 4

// New makes a Reader.
func New(o Options) *Reader {
	patience := cmp.Or(o.Patience, 30*time.Second)
	return &Reader{
		clamd: o.Clamd, pdf: newPDFTools(o.PDFToText, o.Aside, patience), patience: patience, maxSize: cmp.Or(o.MaxSize, MaxSize),
		rooms: make(chan struct{}, atOnce),
	}
}

// found is what reading a document came to.
type found struct {
	text  string
	pages int
	flags []engagement.ReadingFlag
}

func (f *found) flag(flag engagement.ReadingFlag) {
	if !slices.Contains(f.flags, flag) {
		f.flags = append(f.flags, flag)
	}
}

// refused is a document that is not taken: an outcome of reading, no failure.
type refused struct {
	fault engagement.ReadingFault
	why   string // for logs and tests; without anything of the document
}

func (r refused) Error() string { return string(r.fault) + ": " + r.why }

func refuse(fault engagement.ReadingFault, why string) error { return refused{fault, why} }

// Read reads a document that came under a name and a declared type; both may be
// empty and neither is believed. A Reading with a Fault is an answer and no
// error; an error is ours alone (the time was up, a program can't be started), and
// worth another try.
//
// The text is UTF-8 in NFC with line feeds, at most engagement.MaxDocument bytes,
// and is to be kept under Reading.Text. Where that is empty there is none: the
// document is its own text, or no text was found. At is left to the caller.
func (r *Reader) Read(ctx context.Context, name, declared string, raw []byte) (engagement.Reading, []byte, error) {
	sum := sha256.Sum256(raw)
	reading := engagement.Reading{Document: "sha256:" + hex.EncodeToString(sum[:]), Size: int64(len(raw))}
	f, err := r.read(ctx, name, declared, raw, &reading)
	if err != nil {
		var no refused
		if !errors.As(err, &no) {
			return engagement.Reading{}, nil, err
		}
		reading.Fault = no.fault
		return reading, nil, nil
	}
	text := tidy(f.text)
	if len(text) > engagement.MaxDocument {
		text = cut(text, engagement.MaxDocument)
		f.flag(engagement.FlagPartly)
	}
	reading.Pages, reading.Words = f.pages, words(text)
	if reading.Words == 0 {
		f.flag(engagement.FlagUnreadable)
	}
	slices.Sort(f.flags)
	reading.Flags = f.flags
	if Legible(reading) {
		reading.Kind = engagement.ProposeKind(text)
	}
	if reading.Words == 0 || text == string(raw) {
		return reading, nil, nil
	}
	sum = sha256.Sum256([]byte(text))
	reading.Text = "sha256:" + hex.EncodeToString(sum[:])
	return reading, []byte(text), nil
}

func (r *Reader) read(ctx context.Context, name, declared string, raw []byte, reading *engagement.Reading) (*found, error) {
	if len(raw) == 0 {
		return nil, refuse(engagement.FaultEmpty, "no bytes")
	}
	if int64(len(raw)) > r.maxSize {
		return nil, refuse(engagement.FaultTooLarge, "too many bytes")
	}
	media, err := sniff(name, declared, raw)
	reading.Media = media
	if err != nil {
		return nil, err
	}
	if r.clamd != "" {
		if err := scan(ctx, r.clamd, r.patience, raw); err != nil {
			return nil, err
		}
	}
	select {
	case r.rooms <- struct{}{}:
		defer func() { <-r.rooms }()
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for other documents to be read: %w", ctx.Err())
	}
	switch media {
	case mediaPDF:
		return r.pdf.read(ctx, raw)
	case mediaDOCX:
		return readDOCX(ctx, raw)
	case mediaPNG, mediaJPEG:
		return &found{flags: []engagement.ReadingFlag{engagement.FlagUnreadable}}, nil
	}
	return readPlain(raw, charsetOf(declared))
}

// Legible reports whether a reading's text can be worked with.
func Legible(r engagement.Reading) bool {
	return r.Fault == "" && r.Words > 0 && !slices.Contains(r.Flags, engagement.FlagUnreadable)
}

// cut shortens text to at most n bytes at the end of a line, or of a character
// where there is no line.
func cut(text string, n int) string {
	if i := strings.LastIndexByte(text[:n], '\n'); i > 0 {
		return text[:i+1]
	}
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return text[:n]
}
