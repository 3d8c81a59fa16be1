package desk

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// Bounds of a file of vendors: what one organisation has, and what a spreadsheet makes
// of it. A cell is a line of text.
const (
	mostAdopted   = 2000
	mostAdoptFile = 2 << 20
	mostCell      = 2000
	mostListed    = 50 // entries of a cell that is a list
	mostNotice    = 3660
)

// adoptColumns are all columns that a file may have; the first three and the last it
// must have. Lists stand in one cell, with semicolons between them:
//
//	vendor, service        as the contract has them; slug where a vendor has two services
//	owner, deputy, sponsor ids of the people file
//	data, systems          lists: personal; payroll
//	yearly_cost            a whole number
//	contract_file          a document beside the file
//	contract_end           2027-12-31
//	notice_days            how many days before its end notice must have arrived
//	renews                 yes or no: without notice it goes on by itself
//	dpa_file, dpa_end      the data processing agreement
//	exit_plan_file         the exit plan; exit_plan_review is when it is looked at again
//	contacts               a list: Ann Archer <ann@acme.example>
//	access, certificates   lists, each with its end: ISO 27001 until 2027-05-31
//	source                 where all of it was taken from
func adoptColumns() []string {
	return []string{"vendor", "service", "owner", "slug", "deputy", "sponsor", "data", "systems", "yearly_cost", "contract_file", "contract_end", "notice_days",
		"renews", "dpa_file", "dpa_end", "exit_plan_file", "exit_plan_review", "contacts", "access", "certificates", "source"}
}

func neededColumns() []string { return []string{"vendor", "service", "owner", "source"} }

// adoptRow is a row as it was read.
type adoptRow struct {
	line int
	dossier.AdoptedVendor
	// ends, noticed and people say what the row knows, for its gaps.
	noticed bool
}

// readAdopt reads a file of vendors; every fault at once, each with its line.
func readAdopt(text string) ([]adoptRow, []error) {
	if len(text) > mostAdoptFile {
		return nil, []error{fmt.Errorf("the file has %d bytes, more than the %d that are read", len(text), mostAdoptFile)}
	}
	if !utf8.ValidString(text) {
		return nil, []error{errors.New("the file is not UTF-8; save it as “CSV UTF-8”")}
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.TrimLeadingSpace = true
	header, err := r.Read()
	if err != nil {
		return nil, []error{errors.New("the file is empty; its first line names the columns")}
	}
	if faults := checkHeader(header); len(faults) > 0 {
		return nil, faults
	}
	var rows []adoptRow
	var faults []error
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // it names the line; what comes after can't be told apart
			return nil, append(faults, fmt.Errorf("the file: %w", plainCSV(err)))
		}
		line, _ := r.FieldPos(0)
		if len(rows) == mostAdopted {
			return nil, append(faults, fmt.Errorf("line %d: more than %d vendors; make two files of it", line, mostAdopted))
		}
		row, bad := readAdoptRow(line, header, cells)
		rows = append(rows, row)
		faults = append(faults, bad...)
	}
	if len(rows) == 0 && len(faults) == 0 {
		faults = append(faults, errors.New("the file names no vendor"))
	}
	return rows, faults
}

// plainCSV is an error of the reader without the name of its package.
func plainCSV(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return err
	}
	if errors.Is(p.Err, csv.ErrFieldCount) {
		return fmt.Errorf("line %d has more or fewer cells than the first line", p.Line)
	}
	return fmt.Errorf("line %d, column %d: a quotation mark stands alone", p.Line, p.Column)
}

func checkHeader(header []string) []error {
	var faults []error
	for i, name := range header {
		header[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(adoptColumns(), header[i]) {
			faults = append(faults, fmt.Errorf("line 1: unknown column %.40q; known are %s", header[i], strings.Join(adoptColumns(), ", ")))
		} else if slices.Contains(header[:i], header[i]) {
			faults = append(faults, fmt.Errorf("line 1: the column %s stands there twice", header[i]))
		}
	}
	for _, name := range neededColumns() {
		if !slices.Contains(header, name) {
			faults = append(faults, fmt.Errorf("line 1: the column %s is missing", name))
		}
	}
	return faults
}

// adoptCells reads the cells of one row.
type adoptCells struct {
	line   int
	header []string
	cells  []string
	faults []error
}

func (c *adoptCells) fault(column, format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("line %d, %s: %w", c.line, column, fmt.Errorf(format, args...)))
}

// text is a cell, tidied; empty where the file has no such column.
func (c *adoptCells) text(column string) string {
	i := slices.Index(c.header, column)
	if i < 0 {
		return ""
	}
	cell := strings.TrimSpace(c.cells[i])
	odd := func(r rune) bool { return !unicode.IsPrint(r) && r != ' ' }
	switch {
	case len(cell) > mostCell:
		c.fault(column, "%d bytes are more than %d", len(cell), mostCell)
		return ""
	case strings.ContainsFunc(cell, odd):
		c.fault(column, "it holds a character that is not printed, such as a line break")
		return ""
	}
	return cell
}

// date is a day, as of its end where it is the end of something: UTC.
func (c *adoptCells) date(column string) time.Time { return c.day(column, c.text(column)) }

func (c *adoptCells) day(column, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1990 || t.Year() > 2200 {
		c.fault(column, "%.40q is no day; write it as 2027-12-31", text)
		return time.Time{}
	}
	return t
}

// number is a whole number from 0 to most; false: the cell is empty.
func (c *adoptCells) number(column string, most int) (int, bool) {
	text := c.text(column)
	if text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		c.fault(column, "%.40q is no whole number from 0 to %d", text, most)
	}
	return n, true
}

func (c *adoptCells) yes(column string) bool {
	switch text := strings.ToLower(c.text(column)); text {
	case "yes":
		return true
	case "", "no":
	default:
		c.fault(column, "%.40q is neither yes nor no", text)
	}
	return false
}

// list splits a cell at its semicolons.
func (c *adoptCells) list(column string) []string {
	var all []string
	for part := range strings.SplitSeq(c.text(column), ";") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	if len(all) > mostListed {
		c.fault(column, "%d entries are more than %d", len(all), mostListed)
		return nil
	}
	return all
}

// contacts reads a list of people with their addresses.
func (c *adoptCells) contacts() []engagement.Contact {
	var all []engagement.Contact
	for _, part := range c.list("contacts") {
		name, mail, ok := strings.Cut(strings.TrimSuffix(part, ">"), "<")
		if !ok || !strings.HasSuffix(part, ">") {
			c.fault("contacts", "%.60q is no contact; write it as Ann Archer <ann@acme.example>", part)
			continue
		}
		all = append(all, engagement.Contact{Name: strings.TrimSpace(name), Mail: strings.TrimSpace(mail)})
	}
	return all
}

// ending reads a list of things that end: each becomes a fact with a machine's word
// of its own, since what people call it may be a name.
func (c *adoptCells) ending(column, word string, kind engagement.ExpiryKind) []dossier.AdoptedFact {
	var all []dossier.AdoptedFact
	for i, part := range c.list(column) {
		at := strings.LastIndex(strings.ToLower(part), " until ")
		if at < 0 {
			c.fault(column, "%.60q has no end; write it as … until 2027-12-31", part)
			continue
		}
		until := c.day(column, strings.TrimSpace(part[at+len(" until "):]))
		all = append(all, dossier.AdoptedFact{Name: fmt.Sprintf("%s-%d", word, i+1), Kind: kind, Words: strings.TrimSpace(part[:at]), Until: until})
	}
	return all
}

func readAdoptRow(line int, header, cells []string) (adoptRow, []error) {
	c := &adoptCells{line: line, header: header, cells: cells}
	row := adoptRow{line: line}
	v := &row.AdoptedVendor
	v.Vendor = engagement.Vendor{Slug: c.text("slug"), Name: c.text("vendor"), Service: c.text("service"), Contacts: c.contacts()}
	v.Reason = "It was at work already when it was adopted."
	v.Owner, v.Deputy, v.Sponsor, v.Source = c.text("owner"), c.text("deputy"), c.text("sponsor"), c.text("source")
	v.Data, v.Systems = c.list("data"), c.list("systems")
	v.YearlyCost, _ = c.number("yearly_cost", 1<<40)
	if v.Source == "" {
		c.fault("source", "say where this was taken from")
	}
	contract := dossier.AdoptedFact{Name: "contract", Kind: engagement.ExpiryContract, Until: c.date("contract_end"), File: c.text("contract_file"), Renews: c.yes("renews")}
	contract.NoticeDays, row.noticed = c.number("notice_days", mostNotice)
	for _, f := range append([]dossier.AdoptedFact{contract,
		{Name: "dpa", Kind: engagement.ExpiryDPA, Until: c.date("dpa_end"), File: c.text("dpa_file")},
		{Name: "exit-plan", Kind: engagement.ExpiryExitPlan, Until: c.date("exit_plan_review"), File: c.text("exit_plan_file")}},
		append(c.ending("access", "access", engagement.ExpiryAccess), c.ending("certificates", "certificate", engagement.ExpiryCertificate)...)...) {
		if !f.Until.IsZero() || f.File != "" {
			v.Facts = append(v.Facts, f)
		}
	}
	return row, c.faults
}
