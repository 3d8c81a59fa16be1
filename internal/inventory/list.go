package inventory

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gangway/internal/entitlement"
)

// Bounds of a list of accounts: what one vendor has, and what fits into one point of a
// form.
const (
	mostAccounts = 500
	mostFaults   = 20 // that are told at once
	mostWhose    = 200
)

// Kinds of accounts in a list. The client's own stand in it so that nobody takes them
// away by mistake.
const (
	kindPerson  = "person"
	kindMachine = "machine"
	kindStaff   = "staff"
)

// Listed is a list of accounts as somebody wrote it: the vendor's, and those of the
// client's own people.
type Listed struct{ Vendor, Staff []Identity }

// ReadList reads a list of accounts, a line each, as a spreadsheet saves it:
//
//	login,person,kind
//
// The kind is person, machine or staff; without one it is a person of the vendor's. A
// first line that names the columns may stand there. Every fault is told with its line,
// and a list that has one is not taken in part.
func ReadList(text string) (Listed, []error) {
	if !utf8.ValidString(text) {
		return Listed{}, []error{errors.New("the list is not UTF-8; save it as “CSV UTF-8”")}
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	var list Listed
	var faults []error
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // what comes after it can't be told apart
			var at *csv.ParseError
			if errors.As(err, &at) {
				err = fmt.Errorf("line %d: %w", at.Line, at.Err)
			}
			faults = append(faults, err)
			break
		}
		line, _ := r.FieldPos(0)
		if line == 1 && isHeader(cells) {
			continue
		}
		err = list.take(cells)
		if err != nil {
			faults = append(faults, fmt.Errorf("line %d: %w", line, err))
		}
		if len(list.Vendor)+len(list.Staff) > mostAccounts {
			faults = append(faults, fmt.Errorf("line %d: a list has at most %d accounts", line, mostAccounts))
		}
		if len(faults) >= mostFaults || len(list.Vendor)+len(list.Staff) > mostAccounts {
			break
		}
	}
	if len(faults) > 0 {
		return Listed{}, faults
	}
	return list, nil
}

// isHeader reports whether a line names the columns. A login of that name is written with
// its @.
func isHeader(cells []string) bool {
	names := []string{"login", "person", "kind"}
	for i, cell := range cells {
		if i >= len(names) || !strings.EqualFold(strings.TrimSpace(cell), names[i]) {
			return false
		}
	}
	return true
}

// take reads one line.
func (l *Listed) take(cells []string) error {
	if len(cells) > 3 {
		return fmt.Errorf("it has %d columns; write login, person, kind, and what has a comma in quotation marks", len(cells))
	}
	cells = append(slices.Clone(cells), "", "")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	login, whose, kind := strings.TrimPrefix(cells[0], "@"), cells[1], strings.ToLower(cells[2])
	if login == "" {
		return errors.New("it names no login")
	}
	if err := entitlement.CheckLogin(login); err != nil {
		return err
	}
	if utf8.RuneCountInString(whose) > mostWhose || strings.ContainsFunc(whose, unicode.IsControl) {
		return errors.New("whose account it is has to be one short line")
	}
	who := Identity{Login: login}
	if has(l.Vendor, who) || has(l.Staff, who) {
		return fmt.Errorf("%s stands in it twice", login)
	}
	switch kind {
	case "", kindPerson, kindMachine:
		l.Vendor = append(l.Vendor, who)
	case kindStaff:
		l.Staff = append(l.Staff, who)
	default:
		return fmt.Errorf("there is no kind %.40q; it is %s, %s or %s", kind, kindPerson, kindMachine, kindStaff)
	}
	return nil
}
