package demo

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/engagement"
	"gangway/internal/papers"
)

// wordType is the media type of Word documents.
const wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// TestWordIsReadAsItWasWritten: a Word document of the demo is one to whoever
// reads documents, and all of its text arrives.
func TestWordIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	text, err := fs.ReadFile(config.Example(), "dpa.md")
	if err != nil {
		t.Fatalf("opening the example's agreement: %v", err)
	}
	reading, read := readWord(t, string(text))
	if reading.Fault != "" || len(reading.Flags) > 0 || reading.Kind != engagement.KindDPA {
		t.Errorf("it is read as %+v", reading)
	}
	words := func(s string) []string { return strings.Fields(strings.NewReplacer("#", "", "\\", "").Replace(s)) }
	if !slices.Equal(words(read), words(string(text))) {
		t.Errorf("its text is\n%s", read)
	}
}

// TestTheExamplesAgreementHasAPlaceForEveryPoint: or the demo's people would send it
// back.
func TestTheExamplesAgreementHasAPlaceForEveryPoint(t *testing.T) {
	t.Parallel()
	text, err := fs.ReadFile(config.Example(), "dpa.md")
	if err != nil {
		t.Fatalf("opening the example's agreement: %v", err)
	}
	_, read := readWord(t, string(text))
	clauses, err := engagement.Split([]byte(read))
	if err != nil {
		t.Fatalf("splitting it: %v", err)
	}
	for _, p := range engagement.Propose(clauses) {
		if len(p.Proposed) == 0 {
			t.Errorf("no place is proposed for %s", p.Title)
		}
	}
}

// TestWordWritesARealAgreement: one that lawyers wrote.
func TestWordWritesARealAgreement(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../shared/documents/data-processing-agreement.md")
	if err != nil && os.Getenv("GANGWAY_REQUIRE") == "" {
		t.Skip("the shared documents are not here")
	}
	if err != nil {
		t.Fatalf("opening the agreement: %v", err)
	}
	reading, _ := readWord(t, string(text))
	if reading.Fault != "" || reading.Kind != engagement.KindDPA || reading.Words < 1000 {
		t.Errorf("it is read as %+v", reading)
	}
}

// readWord writes a text as a Word document and reads it as what comes by mail is
// read.
func readWord(t *testing.T, text string) (engagement.Reading, string) {
	t.Helper()
	raw, err := Word(text)
	if err != nil {
		t.Fatalf("writing it: %v", err)
	}
	reading, read, err := papers.New(papers.Options{}).Read(t.Context(), "dpa.docx", wordType, raw)
	if err != nil {
		t.Fatalf("reading it: %v", err)
	}
	return reading, string(read)
}
