package engagement

import (
	"strconv"
	"strings"
	"time"
)

// Text renders the sheet for people, as plain text. People are named as names says, by
// their ids; whoever is not in it stays an id. What was written stands behind a bar, so
// that no words look like an answer of the form.
func (s Sheet) Text(names map[string]string) string {
	var b strings.Builder
	b.WriteString(s.Title + "\n")
	for i, l := range s.Lines {
		title := l.Point.Title
		if title == "" {
			title = l.Point.ID
		}
		b.WriteString("\n" + strconv.Itoa(i+1) + ". " + oneLine(title) + "\n")
		if l.Point.Ask != "" {
			b.WriteString("   " + oneLine(l.Point.Ask) + "\n")
		}
		if answer := l.Answer(names); answer != "" {
			b.WriteString("   = " + answer + "\n")
		}
		if l.Words == "" {
			continue
		}
		for line := range strings.SplitSeq(l.Words, "\n") {
			b.WriteString(strings.TrimRight("   | "+line, " ") + "\n")
		}
	}
	return b.String()
}

// Answer is what was answered besides words, in a few of them; empty where words are
// all.
func (l SheetLine) Answer(names map[string]string) string {
	f := l.Finding
	switch {
	case f.Missing && l.Point.Kind == "":
		return "missing"
	case f.Missing:
		return "there is none"
	case f.Number != nil:
		return grouped(*f.Number)
	case f.Document != "":
		return f.Document
	case l.Point.Kind == PointPerson && len(f.Choices) > 0:
		who := f.Choices[0]
		if names[who] != "" {
			return oneLine(names[who])
		}
		return who
	case len(f.Choices) > 0:
		return oneLine(strings.Join(f.Choices, "; "))
	}
	var parts []string
	if !f.On.IsZero() {
		parts = append(parts, f.On.UTC().Format(time.DateOnly))
	}
	if len(f.Places) > 0 {
		parts = append(parts, "at "+strings.Join(f.Places, ", "))
	}
	return strings.Join(parts, ", ")
}

// grouped writes a number with its thousands apart: 12,500.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
