package house

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// unwanted are words that are true on one machine only, or that put off what
// should be done or filed. They are put together here, so that this file passes
// its own rule.
func unwanted() []struct {
	pattern *regexp.Regexp
	goOnly  bool
	why     string
} {
	type word = struct {
		pattern *regexp.Regexp
		goOnly  bool
		why     string
	}
	return []word{
		{regexp.MustCompile(`/work` + `/(main|shared|\.library)\b`), false, "a path of one machine: documents are found from the repository's root"},
		{regexp.MustCompile(`/root` + `/(go|\.cache)\b`), false, "a path of one machine"},
		{regexp.MustCompile(`\b(proxy\.go` + `lang\.org|registry\.npm` + `js\.org|deb\.deb` + `ian\.org)\b`), false, "a registry's host name: the clients are set up outside this tree"},
		{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`), true, "left for later: do it, or file it"},
	}
}

// words reports unwanted words in every text file of the tree, recorded
// histories and hidden folders included.
func words(tr *tree) []finding {
	var found []finding
	err := fs.WalkDir(tr.fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == ".git" || ignored(p) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || p == ".git" { // of a linked work tree: no part of the project
			return nil
		}
		text, err := fs.ReadFile(tr.fsys, p)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a file: %w", err)
		}
		found = append(found, wordsIn(p, text)...)
		return nil
	})
	if err != nil {
		found = append(found, finding{path: ".", text: err.Error()})
	}
	return found
}

func wordsIn(p string, text []byte) []finding {
	if bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) {
		return nil // no text: an image, a built binary
	}
	var found []finding
	for _, w := range unwanted() {
		if w.goOnly && !strings.HasSuffix(p, ".go") {
			continue
		}
		for _, at := range w.pattern.FindAllIndex(text, -1) {
			line := 1 + bytes.Count(text[:at[0]], []byte("\n"))
			found = append(found, finding{p, line, fmt.Sprintf("%q: %s", text[at[0]:at[1]], w.why)})
		}
	}
	return found
}

func TestWords(t *testing.T) { holds(t, words) }

func TestWordsFires(t *testing.T) {
	t.Parallel()
	fires(t, words, map[string]string{
		"docs/a.md":                    "fine\nsee /wo" + "rk/shared/documents\nin the work/main hall\n",
		"workflows/testdata/h.json":    "{\"path\": \"/ro" + "ot/go/pkg\"}",
		".ci/run":                      "curl https://proxy.go" + "lang.org/x\n",
		"internal/web/a.go":            "package web\n\n// TO" + "DO: later\n",
		"docs/todo.md":                 "A TO" + "DO list is a list.\n",
		".git/config":                  "/wo" + "rk/main",
		"bin/gangway":                  "/wo" + "rk/main",
		"internal/web/static/logo.png": "\x00/wo" + "rk/main",
	},
		".ci/run:1: \"proxy.go"+"lang.org\": a registry's host name: the clients are set up outside this tree",
		"docs/a.md:2: \"/wo"+"rk/shared\": a path of one machine: documents are found from the repository's root",
		"internal/web/a.go:3: \"TO"+"DO\": left for later: do it, or file it",
		"workflows/testdata/h.json:1: \"/ro"+"ot/go\": a path of one machine",
	)
}
