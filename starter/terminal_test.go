package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain é 漢字 <script>":    "plain é 漢字 <script>",
		"a\x1b[31mred\x07":       `a\u001b[31mred\u0007`,
		"two\nlines\ttab\r":      `two\u000alines\u0009tab\u000d`,
		"\u202egnp.exe\u2066x":   `\u202egnp.exe\u2066x`,
		"\u200e\u200f\u061c":     `\u200e\u200f\u061c`,
		"\u2028\u2029":           `\u2028\u2029`,
		"\u009b31m c1":           `\u009b31m c1`,
		"\x7f":                   `\u007f`,
		"bad \xff byte":          "bad \ufffd byte",
		"":                       "",
		"soft\u00adhyphen stays": "soft\u00adhyphen stays",
	} {
		if got := visible(text); got != want {
			t.Errorf("visible(%+q) = %+q, want %+q", text, got, want)
		}
	}
}

// TestNothingSteers: whatever strangers wrote, neither a line, a table, an error
// nor JSON lets it through, and JSON still means the same.
func TestNothingSteers(t *testing.T) {
	t.Parallel()
	strange := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "漢", "é", "\x1b[2J", "\n", "\r", "\u202e", "\u2067", "\u200f", "\u2028", "\x00", "\x9b", "\u009c", "\"", "\\", " "})).Draw(t, "parts"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strange.Draw(t, "text")
		var b bytes.Buffer
		term := &terminal{w: &b}
		term.line("%s and %v", text, errors.New(text))
		g := newGrid(text, "HEAD", "TAIL")
		g.indent = "  "
		g.add(text, text)
		g.print(term)
		s := &session{out: term, errs: term}
		s.report(failed(text, text))
		if s := strings.ReplaceAll(b.String(), "\n", ""); strings.IndexFunc(s, steers) >= 0 || !utf8.ValidString(s) {
			t.Fatalf("this got through: %+q", s)
		}
		b.Reset()
		raw, err := json.Marshal(map[string]string{text: text})
		if err != nil {
			t.Fatal(err)
		}
		if err := term.json(raw); err != nil {
			t.Fatal(err)
		}
		if s := strings.ReplaceAll(b.String(), "\n", ""); strings.IndexFunc(s, steers) >= 0 {
			t.Fatalf("this got through in JSON: %+q", s)
		}
		var want, got map[string]string
		if json.Unmarshal(raw, &want) != nil || json.Unmarshal(b.Bytes(), &got) != nil || !cmp.Equal(want, got) {
			t.Fatalf("the JSON means something else: %s", b.String())
		}
	})
}

func TestJSONThatIsNone(t *testing.T) {
	t.Parallel()
	if err := (&terminal{w: new(bytes.Buffer)}).json([]byte("<html>")); err == nil {
		t.Error("HTML was printed as JSON")
	}
}

// full is a disk that takes no more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWriteErrorsAreErrors(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	code := run(t.Context(), []string{"docs"}, nil, strings.NewReader(""), full{}, &errs)
	if code != exitError || !strings.Contains(errs.String(), "gangway: error: writing what was asked for: no space left") {
		t.Errorf("exit code %d, %s", code, errs.String())
	}
}

func TestPaint(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	term := &terminal{w: &b, color: true}
	term.line("%s %s", painted{"bad\x1b", styleBad}, painted{"plain", styleNone})
	if got, want := b.String(), "\x1b[31mbad\\u001b\x1b[0m plain\n"; got != want {
		t.Errorf("painted %q, want %q", got, want)
	}
}

func TestNoColorOffATerminal(t *testing.T) {
	t.Parallel()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0) // a character device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = null.Close() })
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if !hasColor(null, nil, false) {
		t.Error("a character device has no colour")
	}
	for name, got := range map[string]bool{
		"a buffer": hasColor(new(bytes.Buffer), nil, false), "a file": hasColor(file, nil, false), "the flag": hasColor(null, nil, true),
		"NO_COLOR": hasColor(null, environment{"NO_COLOR=1"}, false), "dumb": hasColor(null, environment{"TERM=dumb"}, false),
	} {
		if got {
			t.Errorf("%s has colour", name)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	e := environment{"A=1", "AB=2", "A=3=4", "EMPTY="}
	for key, want := range map[string]string{"A": "3=4", "AB": "2", "EMPTY": "", "NONE": ""} {
		if got := e.get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 8123: "8.1 kB", 30_000_000: "30.0 MB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %q, want %q", n, got, want)
		}
	}
}
