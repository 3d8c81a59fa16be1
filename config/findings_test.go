package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
)

func TestReadFindings(t *testing.T) {
	t.Parallel()
	found, err := ReadFindings("check.yaml", []byte(`findings:
  - point: gdpr-28-3-a
    places: ["4.1", "4.2.b"]
  - {point: ends, on: 2027-03-31}
  - point: gdpr-28-3-h
    missing: true
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []engagement.Finding{{Point: "gdpr-28-3-a", Places: []string{"4.1", "4.2.b"}}, {Point: "ends", On: time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)}, {Point: "gdpr-28-3-h", Missing: true}}
	if d := cmp.Diff(want, found); d != "" {
		t.Error(d)
	}
}

// TestFaultyFindings: all at once, each with its line.
func TestFaultyFindings(t *testing.T) {
	t.Parallel()
	_, err := ReadFindings("check.yaml", []byte("findings:\n  - places: [a]\n  - point: b\n  - {point: c, missing: true, places: [x]}\n  - {point: d, on: soon}\n  - {point: e, page: 3}\n"))
	if err == nil {
		t.Fatal("nothing is wrong with it")
	}
	for _, want := range []string{"for no point", "not said to be missing", "and a place or a day is named", "is no day", "page"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	if _, err := ReadFindings("x", nil); err == nil {
		t.Error("an empty file has findings")
	}
}
