package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gangway/internal/engagement"
)

// Fault is one thing that is wrong in a file.
type Fault struct {
	File string `json:"file"`
	// Line and Column are where, counted from 1; columns count characters. Zero:
	// the fault has no place in the file.
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	// Hint says what to do; empty where the message says it.
	Hint string `json:"hint,omitempty"`
	// Excerpt is the line with a caret under the place; empty without a place.
	Excerpt string `json:"excerpt,omitempty"`
}

// String is the fault as compilers print them, the excerpt below.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
	}
	b.WriteString(": " + f.Message)
	if f.Hint != "" {
		b.WriteString(" (" + f.Hint + ")")
	}
	if f.Excerpt != "" {
		b.WriteString("\n" + f.Excerpt)
	}
	return b.String()
}

// Faults is everything that is wrong with one or more files, sorted by file and
// place. It is the error of every reading function here.
type Faults []Fault

// Error prints all of them, one below the other.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].String()
	}
	return strings.Join(lines, "\n")
}

// Join merges the faults of several files; errors of other kinds become faults
// of the named file. Nil when there are none.
func Join(file string, errs ...error) error {
	var all Faults
	for _, err := range errs {
		var f Faults
		switch {
		case err == nil:
		case errors.As(err, &f):
			all = append(all, f...)
		default:
			all = append(all, Fault{File: file, Message: err.Error()})
		}
	}
	return all.sorted()
}

// sorted orders the faults and leaves out repetitions; nil when there are none,
// so that it can be returned as an error.
func (f Faults) sorted() error {
	if len(f) == 0 {
		return nil
	}
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(f, func(a, b Fault) bool {
		return a.File == b.File && a.Line == b.Line && a.Column == b.Column && a.Message == b.Message
	})
}

// wide is how many characters of a line an excerpt shows.
const wide = 100

// excerpt shows a line around a column (from 1) with a caret below. What could
// disturb a terminal is shown as its code point.
func excerpt(line string, number, column int) string {
	runes := []rune(line)
	column = min(max(column, 1), len(runes)+1)
	start, before, after := 0, "", ""
	if column > wide*3/4 {
		start, before = column-wide/2, "…"
	}
	end := min(len(runes), start+wide)
	if end < len(runes) {
		after = "…"
	}
	margin := fmt.Sprintf("%5d | ", number)
	shown := before
	caret := ""
	for i := start; i <= end; i++ {
		if i == column-1 {
			caret = strings.Repeat(" ", utf8.RuneCountInString(margin+shown)) + "^"
		}
		if i < end {
			shown += visible(runes[i])
		}
	}
	return margin + shown + after + "\n" + caret
}

// visible is a character as an excerpt may show it.
func visible(r rune) string {
	switch {
	case r == '\t':
		return " "
	case r == utf8.RuneError:
		return "\uFFFD"
	case engagement.CheckName("x"+string(r)) != nil:
		return fmt.Sprintf("<U+%04X>", r)
	}
	return string(r)
}
