package engagement

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxWords is how many characters may be written for one point; more belongs in a
// document.
const MaxWords = 10_000

// longestNumber bounds a number in digits: what every database and every program
// between here and a spreadsheet holds exactly.
const longestNumber = 15

// Fill reads what somebody typed for a line of a form: lines of a text, options, a
// day, a number, each a string. Where nothing was typed there is no finding and
// nothing wrong. wrong says what to do, to whoever typed it.
func (p Point) Fill(typed []string) (f Finding, words, wrong string) {
	lines := typedLines(typed)
	if len(lines) == 0 {
		return Finding{}, "", ""
	}
	f.Point = p.ID
	if reason, none := p.noneOf(lines); none {
		if f.Missing, f.Said = true, reason != ""; reason == "" {
			wrong = "Say why there is none."
		}
		return f, reason, wrong
	}
	switch p.kind() {
	case PointText:
		words = strings.Join(lines, "\n")
		if f.Said = true; utf8.RuneCountInString(words) > MaxWords {
			return f, words, "Your text is longer than 10,000 characters. Shorten it, or send it as a document."
		}
	case PointYesNo:
		f.Choices, wrong = yesNo(lines)
	case PointChoice, PointMany:
		f.Choices, wrong = p.options(lines)
	case PointDate:
		f.On, wrong = dayOf(lines)
	case PointNumber, PointAmount:
		if f.Number, wrong = numberOf(lines); wrong == "" && p.Kind == PointAmount && *f.Number < 0 {
			wrong = "An amount is not less than nothing."
		}
	case PointPerson:
		if f.Choices = lines; len(lines) > 1 {
			wrong = "Name one person."
		}
	case PointFile:
		if f.Document = lines[0]; len(lines) > 1 || !isDigest(lines[0]) {
			wrong = "Add the document itself."
		}
	default:
		f.Places = placesOf(lines)
	}
	return f, words, wrong
}

// kind is what an answer to the point is, with a date for a place that has one.
func (p Point) kind() PointKind {
	if p.Kind == "" && p.Dated {
		return PointDate
	}
	return p.Kind
}

// None is what begins an answer that says why there is none: for a date, a number, a
// person or a document that there is not.
const None = "none: "

// noneOf reads why there is none of what is asked for.
func (p Point) noneOf(lines []string) (reason string, is bool) {
	rest, is := cutFold(strings.TrimSpace(lines[0]), strings.TrimSpace(None))
	if !is || !p.mayLack() {
		return "", false
	}
	return strings.TrimSpace(strings.Join(append([]string{rest}, lines[1:]...), "\n")), true
}

// typedLines are the lines that were typed, without blank ones before and behind.
func typedLines(typed []string) []string {
	text := strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(strings.Join(typed, "\n"), "�"), "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\ufeff' {
			return -1
		}
		return r
	}, text)
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRightFunc(lines[i], unicode.IsSpace)
	}
	blank := func(line string) bool { return line == "" }
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// said are the lines of what is no text, one answer a line.
func said(lines []string) []string {
	var list []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	return list
}

func yesNo(lines []string) ([]string, string) {
	list := said(lines)
	if len(list) == 1 {
		switch strings.ToLower(strings.TrimRight(list[0], ".")) {
		case Yes, "y", "true":
			return []string{Yes}, ""
		case No, "n", "false":
			return []string{No}, ""
		}
	}
	return list, "Say yes or no."
}

// options are the options that were meant, in the form's own order and letters.
func (p Point) options(lines []string) ([]string, string) {
	list := said(lines)
	var chosen []string
	for _, option := range p.Options {
		if slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, strings.TrimSpace(option)) }) {
			chosen = append(chosen, option)
		}
	}
	switch {
	case len(chosen) != len(list):
		return list, "Choose from: " + strings.Join(p.Options, "; ") + "."
	case p.Kind == PointChoice && len(chosen) != 1:
		return list, "Choose one."
	}
	return chosen, ""
}

func dayOf(lines []string) (time.Time, string) {
	list := said(lines)
	day, err := time.Parse(time.DateOnly, list[0])
	if err != nil || len(list) > 1 || day.Year() < firstYear || day.Year() > lastYear {
		return time.Time{}, "Give one day, as year-month-day: 2027-03-31."
	}
	return day, ""
}

// numberOf reads a whole number. What separates thousands in one country is a
// decimal point in another, so only spaces and apostrophes may.
func numberOf(lines []string) (*int64, string) {
	list := said(lines)
	digits := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(list[0])
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || len(list) > 1 || len(strings.TrimLeft(digits, "+-")) > longestNumber {
		return nil, "Write one whole number, without points and commas: 12000."
	}
	return &n, ""
}

func placesOf(lines []string) []string {
	var list []string
	for _, word := range strings.FieldsFunc(strings.Join(lines, ","), func(r rune) bool { return r == ',' || r == ';' }) {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// Typed is a line of a sheet as it would be typed to be said again.
func (l SheetLine) Typed() []string {
	f := l.Finding
	if f.Missing && l.Point.mayLack() {
		return []string{None + l.Words}
	}
	switch l.Point.kind() {
	case PointText:
		if l.Words == "" {
			return nil
		}
		return []string{l.Words}
	case PointDate:
		if f.On.IsZero() {
			return nil
		}
		return []string{f.On.UTC().Format(time.DateOnly)}
	case PointNumber, PointAmount:
		if f.Number == nil {
			return nil
		}
		return []string{strconv.FormatInt(*f.Number, 10)}
	case PointFile:
		if f.Document == "" {
			return nil
		}
		return []string{f.Document}
	case PointYesNo, PointChoice, PointMany, PointPerson:
		return slices.Clone(f.Choices)
	}
	return slices.Clone(f.Places)
}
