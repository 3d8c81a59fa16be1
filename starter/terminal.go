package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Styles of a terminal that has colour.
const (
	styleNone = ""
	styleBold = "1"
	styleDim  = "2"
	styleGood = "32"
	styleWarn = "33"
	styleBad  = "31"
)

// terminal is a stream to people. Nothing that came from elsewhere reaches it
// but through visible: control characters and marks that turn the direction of
// text are shown as escapes. It remembers the first error of writing.
type terminal struct {
	w     io.Writer
	color bool
	err   error
}

// line writes a line; strings and errors among args are made visible.
func (t *terminal) line(format string, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = visible(a)
		case error:
			args[i] = visible(a.Error())
		case painted:
			args[i] = t.paint(a)
		case fmt.Stringer:
			args[i] = visible(a.String())
		}
	}
	t.write([]byte(fmt.Sprintf(format, args...) + "\n"))
}

func (t *terminal) write(b []byte) {
	if t.err == nil {
		_, t.err = t.w.Write(b)
	}
}

// painted is text with a style.
type painted struct{ text, style string }

func (t *terminal) paint(p painted) string {
	if !t.color || p.style == styleNone || p.text == "" {
		return visible(p.text)
	}
	return "\x1b[" + p.style + "m" + visible(p.text) + "\x1b[0m"
}

// json writes a value's JSON, indented. Characters that could steer a terminal
// stand as \u escapes, which mean the same to a reader of JSON.
func (t *terminal) json(raw []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, bytes.TrimSpace(raw), "", "  "); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	t.write([]byte(escaped(b.String(), func(r rune) bool { return r == '\n' }) + "\n"))
	return nil
}

// visible is text in which nothing steers a terminal or reorders its line.
func visible(text string) string { return escaped(text, func(rune) bool { return false }) }

func escaped(text string, keep func(rune) bool) string {
	if strings.IndexFunc(text, steers) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if steers(r) && !keep(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// steers reports characters that do something to a terminal besides being read.
func steers(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// hasColor decides once for a stream: a terminal, and nobody who said no.
func hasColor(w io.Writer, env environment, off bool) bool {
	f, ok := w.(*os.File)
	if !ok || off || env.get("NO_COLOR") != "" || env.get("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// environment is KEY=value lines, the last of a key ruling.
type environment []string

func (e environment) get(key string) string {
	for i := len(e) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(e[i], key+"="); ok {
			return value
		}
	}
	return ""
}

// counted writes a number and what was counted.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// size writes bytes for people.
func size(n int64) string {
	switch {
	case n < 1000:
		return counted(int(n), "byte")
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1_000_000)
}
