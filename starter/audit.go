package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gangway/internal/dossier"
)

// mostRow bounds one row of an audit: the longest reasons fit many times over.
const mostRow = 4 << 20

// auditor writes the rows of an audit as they come, and counts what it held.
type auditor struct {
	s        *session
	lines    map[string]int // of each chain
	findings int
	csv      *csv.Writer
	started  bool
	whole    bool // the last line came
}

// audit exports a period.
func (s *session) audit([]string) error {
	if err := s.needed("from", "to"); err != nil {
		return err
	}
	from, err := readDay(s.text("from"), time.UTC)
	if err != nil {
		return err
	}
	to, err := readDay(s.text("to"), time.UTC)
	if err != nil {
		return err
	}
	if !strings.Contains(s.text("to"), "T") { // the last day is in
		to = to.AddDate(0, 0, 1)
	}
	if !from.Before(to) {
		return usage("the period ends before it begins", "give the earlier day with --from")
	}
	a := &auditor{s: s, lines: map[string]int{}}
	if s.text("output") == "csv" {
		a.csv = csv.NewWriter(s.out.w)
	}
	err = s.do(get("/api/audit", "from", from.UTC().Format(time.RFC3339Nano), "to", to.UTC().Format(time.RFC3339Nano)), a.read)
	if err != nil {
		return err
	}
	return a.end()
}

// read takes the answer, one row a line.
func (a *auditor) read(body io.Reader) error {
	if a.started {
		return failed("the connection broke off; what was printed is not the whole", "run it again")
	}
	a.started = true
	if a.csv != nil {
		a.note(a.csv.Write([]string{"chain", "line", "at", "case time", "case", "sort", "what", "actor", "person", "request", "step", "seat", "result", "digest", "inside", "vendor", "erased", "entry"}))
	}
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, mostRow)
	for lines.Scan() {
		var row struct {
			dossier.AuditRow
			Rows *int `json:"rows"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return failed("the server's answer can't be read: "+err.Error(), "is the address that of a gangway, and of this version?")
		}
		if row.Rows != nil {
			a.whole = true
			continue
		}
		a.row(row.AuditRow, lines.Bytes())
	}
	if err := lines.Err(); err != nil {
		return failed("the audit broke off: "+err.Error(), "what was printed is not the whole; run it again")
	}
	return nil
}

func (a *auditor) row(row dossier.AuditRow, raw []byte) {
	if row.Sort == dossier.AuditFinding {
		a.findings++
	} else {
		a.lines[row.Chain]++
	}
	switch a.s.text("output") {
	case "csv":
		a.csvRow(row)
	case "json":
		// one value a line, so that a long period needs no memory
		a.s.out.write([]byte(escaped(string(raw), func(rune) bool { return false }) + "\n"))
	default:
		a.s.out.line("%s", a.sentence(row))
	}
}

// sentence is a row for people: where it stands, when, what and who.
func (a *auditor) sentence(row dossier.AuditRow) string {
	at := "-"
	if !row.At.IsZero() {
		at = iso(row.At)
	}
	parts := []string{fmt.Sprintf("%s line %d", row.Chain, row.N), at, row.Sort + ": " + row.What}
	for _, x := range []struct{ what, value string }{{"by", row.Actor}, {"about", row.Person}, {"step", row.Step}, {"seat", row.Seat}, {"result", row.Result}, {"reason", row.Inside},
		{"to the vendor", row.Vendor}, {"erased under", row.Erased}} {
		if x.value != "" {
			parts = append(parts, x.what+" "+x.value)
		}
	}
	return strings.Join(parts, "  ")
}

// csvRow writes a row for a spreadsheet. A cell that begins as a formula does gets
// an apostrophe before it: people wrote these texts.
func (a *auditor) csvRow(row dossier.AuditRow) {
	moment := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	cells := []string{row.Chain, strconv.Itoa(row.N), moment(row.At), moment(row.CaseAt), row.Case, row.Sort, row.What, row.Actor, row.Person, row.Request, row.Step, row.Seat,
		row.Result, row.Digest, row.Inside, row.Vendor, row.Erased, row.Entry}
	for i, cell := range cells {
		cell = escaped(cell, func(r rune) bool { return r == '\n' })
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cell = "'" + cell
		}
		cells[i] = cell
	}
	a.note(a.csv.Write(cells))
}

// note keeps the first error of writing, as the terminal does.
func (a *auditor) note(err error) {
	if a.s.out.err == nil {
		a.s.out.err = err
	}
}

// end says what the audit held, and whether it found anything.
func (a *auditor) end() error {
	if a.csv != nil {
		a.csv.Flush()
		a.note(a.csv.Error())
	}
	if !a.whole {
		return problem{code: exitError, err: errors.New("the audit broke off; what was printed is not the whole"), hints: []string{"run it again"}}
	}
	total := 0
	for _, chain := range slices.Sorted(maps.Keys(a.lines)) {
		a.s.tell("held %s of %s", counted(a.lines[chain], "line"), chain)
		total += a.lines[chain]
	}
	a.s.tell("held %s of %s in all", counted(total, "line"), counted(len(a.lines), "chain"))
	if a.findings > 0 {
		return failed(counted(a.findings, "finding")+": the record is not as it should be", "the findings are among what was printed")
	}
	return nil
}
