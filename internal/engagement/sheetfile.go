package engagement

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxSheetFile is how many bytes a form has that was filled in away from here.
const MaxSheetFile = 512 << 10

// The first line of such a file, what stands before the name of what it answers,
// and the marks of its parts. Written files are kept for years: these are a format.
const (
	sheetMark   = "gangway-sheet 1"
	sheetOf     = "form of:"
	sheetAnswer = "answer:"
	sheetEnd    = "=== end ==="
)

// SheetFault is what is wrong with a file that was filled in, and where.
type SheetFault struct {
	Line int // from 1; 0: the file as a whole
	What string
}

// Error says what, and in which line.
func (f SheetFault) Error() string {
	if f.Line == 0 {
		return f.What
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.What)
}

// SheetFileHint says to whoever sent such a file what to do.
const SheetFileHint = "write below the lines that say Answer: and change nothing else, or start again from a fresh file"

// IsSheetFile reports whether a file begins as a form of ours that was filled in.
func IsSheetFile(text []byte) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(strings.TrimPrefix(string(text[:min(len(text), 200)]), "\ufeff"), " \t\r\n"), "\n")
	return strings.TrimSpace(first) == sheetMark
}

// WriteSheetFile writes a form as a text to be filled in anywhere. request is what
// it answers, filled what is known already, by the ids of points.
func WriteSheetFile(title, request string, points []Point, filled map[string][]string) []byte {
	var b strings.Builder
	b.WriteString(sheetMark + "\n" + sheetOf + " " + request + "\n\n")
	comment(&b, oneLine(title))
	b.WriteString("#\n")
	comment(&b, "Write your answers below the lines that say Answer: and change nothing else. Then save the file as plain text (UTF-8) and send it back.")
	for i, p := range points {
		fmt.Fprintf(&b, "\n=== %d %s ===\n", i+1, p.ID)
		comment(&b, strings.TrimSpace(oneLine(p.Title)+" "+optionalWord(p)))
		for line := range strings.Lines(p.Ask) {
			comment(&b, oneLine(line))
		}
		for _, line := range p.howTo() {
			comment(&b, oneLine(line))
		}
		b.WriteString("Answer:\n")
		for _, line := range typedLines(filled[p.ID]) {
			if strings.HasPrefix(line, "===") { // it would begin another part
				line = " " + line
			}
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("\n" + sheetEnd + "\n")
	return []byte(b.String())
}

func optionalWord(p Point) string {
	if p.Optional {
		return "(may stay empty)"
	}
	return ""
}

// howTo says how a point is answered in a file.
func (p Point) howTo() []string {
	if p.mayLack() && p.Kind != PointFile {
		return append(p.howToSay(), "If there is none, write none: and why.")
	}
	return p.howToSay()
}

func (p Point) howToSay() []string {
	switch p.kind() {
	case PointText:
		return []string{"Write as many lines as you need."}
	case PointYesNo:
		return []string{"Write yes or no."}
	case PointChoice:
		return append([]string{"Write one of:"}, bulleted(p.Options)...)
	case PointMany:
		return append([]string{"Write any of these, one a line:"}, bulleted(p.Options)...)
	case PointDate:
		return []string{"Write a day as year-month-day, such as 2027-03-31."}
	case PointNumber:
		return []string{"Write a whole number, such as 12."}
	case PointAmount:
		return []string{"Write whole units of the currency, such as 12000."}
	case PointPerson:
		return []string{"Write the id of one of your own people."}
	case PointFile:
		return []string{"A document: add it on the page. If there is none, write none: and why."}
	}
	return []string{"Write the numbers of the clauses, such as 4.2, 9."}
}

func bulleted(options []string) []string {
	var lines []string
	for _, o := range options {
		lines = append(lines, "- "+o)
	}
	return lines
}

// comment writes a line of ours, which nobody answers in.
func comment(b *strings.Builder, line string) {
	b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
}

// ReadSheetFile reads what was filled in, by the ids of points. It takes nothing
// but the form that was written for this request and these points, whole: what it
// could only guess at is a SheetFault.
func ReadSheetFile(text []byte, request string, points []Point) (map[string][]string, error) {
	switch {
	case len(text) > MaxSheetFile:
		return nil, SheetFault{What: "the file is longer than any form"}
	case !utf8.Valid(text):
		return nil, SheetFault{What: "the file is not plain text in UTF-8"}
	case !IsSheetFile(text):
		return nil, SheetFault{What: "this is no form of ours: its first line is not “" + sheetMark + "”"}
	}
	r := sheetReader{points: points, filled: map[string][]string{}}
	whole := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(text), "\ufeff"))
	for i, line := range strings.Split(whole, "\n") {
		if err := r.take(i+1, line, request); err != nil {
			return nil, err
		}
	}
	if !r.ended {
		return nil, SheetFault{What: "the file is cut off: its last line is not “" + sheetEnd + "”"}
	}
	for _, p := range points {
		if _, there := r.filled[p.ID]; !there {
			return nil, SheetFault{What: "the point “" + p.ID + "” is no longer in the file"}
		}
	}
	for id, lines := range r.filled {
		if r.filled[id] = typedLines(lines); len(r.filled[id]) == 0 {
			delete(r.filled, id)
		}
	}
	return r.filled, nil
}

// sheetReader is where the reading of a file stands.
type sheetReader struct {
	points           []Point
	filled           map[string][]string
	marked, named    bool
	at               Point // zero before the first point
	answering, ended bool
}

func (r *sheetReader) take(n int, line, request string) error {
	fault := func(what string) error { return SheetFault{Line: n, What: what} }
	bare := strings.TrimSpace(line)
	switch {
	case r.ended:
		if bare != "" {
			return fault("something stands behind the end of the form")
		}
	case strings.HasPrefix(line, "==="):
		return r.part(n, bare)
	case r.answering:
		r.filled[r.at.ID] = append(r.filled[r.at.ID], line)
		if _, none := r.at.noneOf([]string{bare}); bare != "" && r.at.kind() == PointFile && !none && len(typedLines(r.filled[r.at.ID])) == 1 {
			return fault("a document can’t be written here: add it on the page, or write none: and why")
		}
	case bare == "" || strings.HasPrefix(line, "#"):
	case !r.marked: // IsSheetFile looked at it
		r.marked = true
	case !r.named:
		name, found := cutFold(bare, sheetOf)
		if !found || strings.TrimSpace(name) != request {
			return fault("this is the form of something else")
		}
		r.named = true
	case r.at.ID == "":
		return fault("write below the lines that say Answer:")
	default:
		answer, found := cutFold(bare, sheetAnswer)
		if !found {
			return fault("write below the line that says Answer:")
		}
		r.answering = true
		return r.take(n, strings.TrimSpace(answer), "")
	}
	return nil
}

// part begins a point, or ends the form.
func (r *sheetReader) part(n int, bare string) error {
	switch {
	case !r.named:
		return SheetFault{n, "the line that says which form this is was taken out"}
	case r.at.ID != "" && !r.answering:
		return SheetFault{n, "the line that says Answer: is missing before it"}
	case bare == sheetEnd:
		r.ended = true
		return nil
	}
	words := strings.Fields(strings.Trim(bare, "="))
	if !strings.HasSuffix(bare, "===") || len(words) != 2 {
		return SheetFault{n, "a line that begins with === is none of the form’s; put a space before it"}
	}
	i := slices.IndexFunc(r.points, func(p Point) bool { return p.ID == words[1] })
	if i < 0 {
		return SheetFault{n, "the form has no point “" + words[1] + "”"}
	}
	if _, twice := r.filled[words[1]]; twice {
		return SheetFault{n, "the point “" + words[1] + "” stands twice"}
	}
	r.at, r.answering = r.points[i], false
	r.filled[r.at.ID] = nil
	return nil
}

// cutFold is strings.CutPrefix whatever the case of the letters.
func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
