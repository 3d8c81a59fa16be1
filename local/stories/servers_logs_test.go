package stories

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gangway/config"
)

// notInLogs are words that people write in these stories.
var notInLogs = []string{"Brightwell", "payroll bureau", "Nadia", "thirty days is too long", "pay in 14 days", "kept through the end of a session"}

// logsOfIdsAlone looks in everything that the programs logged for names,
// addresses and texts of the example, and for the secrets that its people were
// sent.
func (d *deployment) logsOfIdsAlone() {
	t := d.owner
	people, err := config.ReadPeople("people.yaml", example(t, "people.yaml"))
	if err != nil {
		t.Fatalf("reading the example's people: %v", err)
	}
	private := append([]string{d.services["gangway"].Environment["GANGWAY_DATABASE_URL"]}, notInLogs...)
	private = append(private, d.private...)
	for _, p := range people.List {
		private = append(private, p.Name, p.Mail)
		if _, family, found := strings.Cut(p.Name, " "); found {
			private = append(private, family)
		}
	}
	private = append(private, d.services["postgres"].Environment["POSTGRES_PASSWORD"], d.services["postgres"].Environment["TEMPORAL_DB_PASSWORD"])
	files, err := filepath.Glob(filepath.Join(d.root, "*.log"))
	if err != nil || len(files) != len(d.logs) {
		t.Fatalf("%d logs of %d programs, %v", len(files), len(d.logs), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("reading a log: %v", err)
		}
		for _, word := range private {
			if at := findWord(text, word); at >= 0 {
				t.Errorf("%s holds %q: …%s…", filepath.Base(file), word, text[max(0, at-200):min(len(text), at+200)])
			}
		}
	}
}

// findWord finds a word that stands alone: six digits are part of many numbers.
func findWord(text []byte, word string) int {
	if !bytes.Contains(text, []byte(word)) {
		return -1
	}
	found := regexp.MustCompile(`(?:^|[^0-9A-Za-z])(` + regexp.QuoteMeta(word) + `)(?:[^0-9A-Za-z]|$)`).FindSubmatchIndex(text)
	if found == nil {
		return -1
	}
	return found[2]
}

// TestServersLogsAreSearched: the search finds what it is for.
func TestServersLogsAreSearched(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"code 123456.": 5, "at 1234567": -1, "123456": 0, "maya": -1} {
		if at := findWord([]byte(text), "123456"); at != want {
			t.Errorf("in %q: %d, want %d", text, at, want)
		}
	}
}

// TestServersDynamicConfiguration lets the engine's own check read the file: a key
// that it does not know is only a warning at the start.
func TestServersDynamicConfiguration(t *testing.T) {
	t.Parallel()
	temporal, _ := serversOf(t)
	d := &deployment{t: t, owner: t, root: t.TempDir()}
	d.link(temporal, "/usr/bin")
	file := filepath.Join(checkout, "deploy", "temporal", "dynamic.yaml")
	out := execHere(t, filepath.Join(d.root, "bin", "temporal-server"), "validate-dynamic-config", file)
	if strings.Contains(out, "warning") || strings.Contains(out, "error") || !strings.Contains(out, "dynamic.yaml") {
		t.Errorf("the engine says of it:\n%s", out)
	}
}
