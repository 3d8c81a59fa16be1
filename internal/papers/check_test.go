package papers

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCheck: a scanner that answers, one that answers something else, one that is
// not there; a pdftotext, something else of that name, none.
func TestCheck(t *testing.T) {
	t.Parallel()
	pong, other := answering(t, "PONG\x00"), answering(t, "220 smtp\r\n")
	gone := answering(t, "")
	dir := t.TempDir()
	program := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\necho '"+text+"'\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, test := range map[string]struct {
		o            Options
		scanner, pdf string // parts of what is said; empty: an error
	}{
		"all there":   {Options{Clamd: pong, PDFToText: program("good", "pdftotext version 22.12.0")}, pong, "pdftotext version"},
		"none named":  {Options{PDFToText: program("good2", "pdftotext version 1")}, "not scanned", "version 1"},
		"another one": {Options{Clamd: other, PDFToText: program("bad", "tar 1.34")}, "", ""},
		"not there":   {Options{Clamd: gone, PDFToText: filepath.Join(dir, "none")}, "", ""},
		"never there": {Options{Clamd: "/nowhere/clamd.sock", PDFToText: program("good3", "pdftotext version 2")}, "", "version 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.o.Patience = 5 * time.Second
			found := New(test.o).Check(context.Background())
			for i, want := range []string{test.scanner, test.pdf} {
				f := found[i]
				switch {
				case want == "" && f.Err == nil:
					t.Errorf("%s: %q, want an error", f.Part, f.Said)
				case want == "":
					if h, hinted := f.Err.(interface{ Hint() string }); !hinted || h.Hint() == "" {
						t.Errorf("%s: no hint with %v", f.Part, f.Err)
					}
				case f.Err != nil || !strings.Contains(f.Said, want):
					t.Errorf("%s: %q, %v; want %q", f.Part, f.Said, f.Err, want)
				}
			}
		})
	}
}

// answering listens and answers each connection alike; an empty answer: it has
// stopped listening.
func answering(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if answer == "" {
		_ = l.Close()
		return l.Addr().String()
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 64)) // or the other end would be cut off before it reads
			_, _ = c.Write([]byte(answer))
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}
