package archive_test

import (
	"context"
	"io"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/engagement"
)

func readingTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"a document is read once":             readingOnce,
		"the text of a document is found":     textOf,
		"what was not taken has no text":      noTextOf,
		"what a scanner missed is read again": readingAgain,
	}
}

// textIn reads the text of a document to its end.
func textIn(t *testing.T, a *archive.Archive, digest string) string {
	t.Helper()
	_, r, err := a.TextOf(context.Background(), digest)
	ok(t, err)
	text, err := io.ReadAll(r)
	ok(t, err)
	ok(t, r.Close())
	return string(text)
}

func readingOnce(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	r := engagement.Reading{Document: "sha256:1", Media: "application/pdf", Size: 7, Text: "sha256:2", Words: 3, Pages: 2,
		Flags: []engagement.ReadingFlag{engagement.FlagPartly}, Kind: engagement.KindDPA, At: noon()}
	ok(t, a.PutReading(ctx, r))
	other := r
	other.Text, other.Fault = "sha256:3", engagement.FaultBroken
	ok(t, a.PutReading(ctx, other))
	same(t, "reading", r, must[engagement.Reading](t)(a.Reading(ctx, "sha256:1")))
	_, err := a.Reading(ctx, "sha256:2")
	isNotFound(t, err)
	if a.PutReading(ctx, engagement.Reading{}) == nil {
		t.Error("a reading of no document")
	}
}

func readingAgain(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	r := engagement.Reading{Document: "sha256:1", Fault: engagement.FaultUnscanned, At: noon()}
	ok(t, a.PutReading(ctx, r))
	ok(t, a.PutReading(ctx, r))
	r.Fault = engagement.FaultMalware
	ok(t, a.PutReading(ctx, r))
	again := r
	again.Fault = ""
	ok(t, a.PutReading(ctx, again))
	same(t, "reading", r, must[engagement.Reading](t)(a.Reading(ctx, "sha256:1")))
}

func textOf(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	pdf, text, md := put(t, a, "%PDF-1.7\nscrambled"), put(t, a, "§ 1 The text"), put(t, a, "# A contract\n\nin Markdown")
	ok(t, a.PutReading(ctx, engagement.Reading{Document: pdf.Digest, Media: pdf.Media, Text: text.Digest, At: noon()}))
	same(t, "of a PDF", "§ 1 The text", textIn(t, a, pdf.Digest))
	same(t, "of text that nobody read", "# A contract\n\nin Markdown", textIn(t, a, md.Digest))
	ok(t, a.PutReading(ctx, engagement.Reading{Document: md.Digest, Media: "text/markdown", At: noon()}))
	same(t, "of text that was read", "# A contract\n\nin Markdown", textIn(t, a, md.Digest))
}

func noTextOf(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	unread, scan, bad := put(t, a, "%PDF-1.7\nnobody read it"), put(t, a, "%PDF-1.7\na scan"), put(t, a, "text that a scanner knows")
	ok(t, a.PutReading(ctx, engagement.Reading{Document: scan.Digest, Media: scan.Media, Flags: []engagement.ReadingFlag{engagement.FlagUnreadable}, At: noon()}))
	ok(t, a.PutReading(ctx, engagement.Reading{Document: bad.Digest, Media: "text/plain", Fault: engagement.FaultMalware, At: noon()}))
	ok(t, a.PutReading(ctx, engagement.Reading{Document: "sha256:1", Media: "text/plain", At: noon()}))
	for _, digest := range []string{unread.Digest, scan.Digest, bad.Digest, "sha256:1", "sha256:2", ""} {
		_, _, err := a.TextOf(ctx, digest)
		isNotFound(t, err)
	}
}
