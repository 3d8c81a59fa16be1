package archive

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// mostColumns is how many columns of a table can be read side by side on paper; what
// has more is written line by line.
const mostColumns = 6

// reportSheet is a form that somebody filled in: questions, answers, and who says so.
type reportSheet struct {
	N           int    // of the forms, for links to it
	Answer      string // that brought it
	Title, Step string
	By          string // who filled it in, or filed it for the vendor
	Source      string // where it comes from, of what was filed for the vendor
	At          moment
	Digest      string
	Parts       []reportPart
	Lost        string // why it can't be read here
}

// reportPart is a part of a form: single lines, or a table of what there is a row of.
type reportPart struct {
	Lines []reportFact
	Name  string // of the rows
	Heads []string
	Rows  [][]string
}

// sheets are the forms among the answers that stand, in the order in which they were
// asked for, the sent back ones as well: which of them counted is said where the
// request is.
func (p reporter) sheets() []reportSheet {
	var all []reportSheet
	for i := range p.view.Requests {
		r := &p.view.Requests[i]
		if !r.Sheet || !opened(r) {
			continue
		}
		for j := range r.Ballots {
			if b := &r.Ballots[j]; !b.Void && !b.TakenBack && len(b.Documents) > 0 {
				s := p.sheet(r, b)
				s.N, s.Answer = len(all)+1, b.Answer
				all = append(all, s)
			}
		}
	}
	return all
}

// sheet is what one answer filled in: the last of its documents.
func (p reporter) sheet(r *review.Request, b *review.Ballot) reportSheet {
	digest := b.Documents[len(b.Documents)-1]
	s := reportSheet{Title: oneLine(cut(r.Title, 200)), Step: oneLine(cut(r.Step, 80)), By: p.who(b.Person), At: moment{b.At}, Digest: oneLine(cut(digest, 80))}
	if b.ForVendor {
		s.By += ", in the vendor’s place"
		s.Source = p.inside(b.Answer)
	}
	sheet, lost := p.readSheet(digest)
	if lost != "" {
		s.Lost = lost
		return s
	}
	s.Parts = p.parts(sheet)
	return s
}

// inside is what was written for inside with an answer.
func (p reporter) inside(answer string) string {
	for _, l := range p.c.lines {
		if l.Entry.Answer == answer && l.Body != nil && l.Body.Inside != "" {
			return visible(cut(l.Body.Inside, 4000))
		}
	}
	return ""
}

func (p reporter) readSheet(digest string) (engagement.Sheet, string) {
	at := slices.IndexFunc(p.c.papers, func(x paper) bool { return x.digest == digest })
	if at < 0 {
		return engagement.Sheet{}, "it was erased, or is not in this dossier"
	}
	file, err := p.c.papers[at].open()
	if err != nil {
		return engagement.Sheet{}, "it can’t be opened"
	}
	text, err := io.ReadAll(io.LimitReader(file, engagement.MaxSheet+1))
	_ = file.Close() // only read
	if err != nil {
		return engagement.Sheet{}, "it can’t be opened"
	}
	sheet, err := engagement.ReadSheet(text)
	if err != nil {
		return engagement.Sheet{}, "it is no form as gangway keeps them"
	}
	return sheet, ""
}

// parts puts a form's lines together: a table where points come in rows of a few
// columns.
func (p reporter) parts(sheet engagement.Sheet) []reportPart {
	var parts []reportPart
	for i := 0; i < len(sheet.Lines); {
		of, _, _, is := rowOf(sheet.Lines[i].Point.ID)
		end := i + 1
		for is && end < len(sheet.Lines) {
			next, _, _, also := rowOf(sheet.Lines[end].Point.ID)
			if !also || next != of {
				break
			}
			end++
		}
		if table, fits := p.table(of, sheet.Lines[i:end]); is && fits {
			parts = append(parts, table)
			i = end
			continue
		}
		if n := len(parts); n == 0 || parts[n-1].Rows != nil {
			parts = append(parts, reportPart{})
		}
		last := &parts[len(parts)-1]
		for _, l := range sheet.Lines[i:end] {
			last.Lines = append(last.Lines, reportFact{oneLine(cut(l.Point.Title, 300)), p.said(l)})
		}
		i = end
	}
	return parts
}

// table is rows of points under the heads that they share; false: they are too many to
// stand side by side.
func (p reporter) table(of string, lines []engagement.SheetLine) (reportPart, bool) {
	t := reportPart{Heads: []string{""}}
	if of != "" && of[0] < utf8.RuneSelf {
		t.Name = upperFirst(strings.ReplaceAll(oneLine(cut(of, 80)), "-", " "))
	}
	var columns []string
	var rows []int
	for _, l := range lines {
		_, n, column, is := rowOf(l.Point.ID)
		if !is {
			return t, false
		}
		if !slices.Contains(columns, column) {
			_, title, titled := strings.Cut(l.Point.Title, ": ")
			if !titled {
				title = l.Point.Title
			}
			columns, t.Heads = append(columns, column), append(t.Heads, oneLine(cut(title, 200)))
		}
		if !slices.Contains(rows, n) {
			rows = append(rows, n)
		}
	}
	if len(columns) > mostColumns {
		return t, false
	}
	for _, n := range rows {
		cells := make([]string, len(columns)+1)
		cells[0] = strconv.Itoa(n)
		for _, l := range lines {
			if _, row, column, _ := rowOf(l.Point.ID); row == n {
				cells[1+slices.Index(columns, column)] = p.said(l)
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t, true
}

// rowOf takes the id of a point apart that is there several times: risk-2-owner is the
// owner of the second risk.
func rowOf(id string) (of string, n int, column string, is bool) {
	words := strings.Split(id, "-")
	for i := 1; i < len(words)-1; i++ {
		if n, err := strconv.Atoi(words[i]); err == nil && n > 0 {
			return strings.Join(words[:i], "-"), n, strings.Join(words[i+1:], "-"), true
		}
	}
	return "", 0, "", false
}

// said is an answer in words.
func (p reporter) said(l engagement.SheetLine) string {
	f, written := l.Finding, visible(cut(l.Words, 4000))
	var parts []string
	if f.Missing {
		parts = append(parts, "there is none")
	}
	for _, c := range f.Choices {
		if l.Point.Kind == engagement.PointPerson {
			c = p.who(c)
		}
		parts = append(parts, oneLine(cut(c, 200)))
	}
	if f.Number != nil {
		parts = append(parts, strconv.FormatInt(*f.Number, 10))
	}
	if !f.On.IsZero() {
		parts = append(parts, f.On.UTC().Format("2 January 2006"))
	}
	if f.Document != "" {
		parts = append(parts, "document "+oneLine(cut(f.Document, 80)))
	}
	if len(f.Places) > 0 {
		parts = append(parts, "in "+oneLine(cut(strings.Join(f.Places, ", "), 300)))
	}
	text := strings.Join(parts, ", ")
	switch {
	case text == "" && written == "":
		return "nothing"
	case text == "":
		return written
	case written == "":
		return text
	}
	return fmt.Sprintf("%s: %s", text, written)
}

// sheetNames are the forms among the documents, by their digests, with what they are
// called.
func (p reporter) sheetNames() map[string]string {
	names := map[string]string{} // looked up only
	for i := range p.view.Requests {
		r := &p.view.Requests[i]
		for _, b := range r.Ballots {
			if r.Sheet && len(b.Documents) > 0 {
				names[b.Documents[len(b.Documents)-1]] = "“" + oneLine(cut(r.Title, 200)) + "” as it was filled in"
			}
		}
	}
	return names
}
