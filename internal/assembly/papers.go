package assembly

import (
	"gangway/internal/desk"
	"gangway/internal/papers"
)

// papersOf is what reads the documents that people send.
func papersOf(o Options) desk.Papers {
	return papers.New(papers.Options{Clamd: o.Documents.Clamd, PDFToText: o.Documents.PDFToText, Aside: o.Aside})
}
