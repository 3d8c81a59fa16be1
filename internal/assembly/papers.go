package assembly

import (
	"os"

	"gangway/internal/desk"
	"gangway/internal/papers"
)

// papersOf is what reads the documents that people send.
func papersOf(o Options) desk.Papers {
	return papers.New(papers.Options{Clamd: o.Documents.Clamd, PDFToText: o.Documents.PDFToText, Aside: o.Aside})
}

// Aside is this program as what reads one PDF, for a main that calls ReadAside;
// nil where the program's file can't be found.
func Aside() []string {
	self, err := os.Executable()
	if err != nil {
		return nil
	}
	return []string{self}
}

// ReadAside ends the program where it was started to read one PDF (Aside). It is a
// main's first call.
func ReadAside() {
	code, aside := papers.ReadAside(os.Args)
	if aside {
		os.Exit(code)
	}
}
