package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"

	"gangway/internal/dossier"
)

// record holds what the dossier says happened against itself and the checkpoint.
func (c *check) record(signed *checkpoint) error {
	lines, whole, err := c.lines(journalPath)
	if err != nil {
		return err
	}
	c.v.Lines = len(lines)
	if err := c.register(signed); err != nil {
		return err
	}
	if !whole {
		return nil // every later finding would only say the same
	}
	if len(lines) == 0 {
		c.find("%s has no line", journalPath)
		return nil
	}
	c.chain(lines, signed)
	view := dossier.Fold(lines)
	c.v.Case, c.v.State, c.v.Open, c.v.Rehearsal = lines[0].Entry.Case, view.State, view.State == dossier.Running, view.Rehearsal
	if signed != nil && (signed.Open != c.v.Open || signed.Rehearsal != c.v.Rehearsal) {
		c.find("%s says otherwise than the journal whether the case was open or a rehearsal", checkpointPath)
	}
	if signed != nil && !signed.Open && signed.Unsealed != (len(dossier.Complete(view, lines)) > 0) {
		c.find("%s says otherwise than the journal whether everything was there", checkpointPath)
	}
	c.documents(lines)
	return c.view(view)
}

// lines reads a file of lines; whole is false, and why is a finding, when it is
// not as it was written. Each line must be written as gangway writes it, so that
// nothing stands in the file that is in no digest.
func (c *check) lines(path string) (lines []dossier.Line, whole bool, err error) {
	m, found := c.files[path]
	if !found {
		c.find("%s is missing", path)
		return nil, false, nil
	}
	if m.size > journalMost {
		c.find("%s: %d bytes are more than it ever has", path, m.size)
		return nil, false, nil
	}
	r, err := m.open()
	if err != nil {
		return nil, false, fmt.Errorf("opening %s: %w", path, err)
	}
	defer r.Close() // only read
	rows := bufio.NewScanner(r)
	rows.Buffer(nil, lineMost)
	read := int64(0)
	for rows.Scan() {
		var l dossier.Line
		err := decode(rows.Text(), &l)
		if err == nil {
			var again []byte
			again, err = writeLines([]dossier.Line{l})
			if err == nil && !bytes.Equal(bytes.TrimSuffix(again, []byte("\n")), rows.Bytes()) {
				err = errors.New("not as written")
			}
		}
		if err != nil {
			c.find("%s, line %d: it is not written as gangway writes it", path, len(lines)+1)
			return lines, false, nil
		}
		read += int64(len(rows.Bytes())) + 1
		lines = append(lines, l)
	}
	if errors.Is(rows.Err(), bufio.ErrTooLong) {
		c.find("%s, line %d: it is longer than any line", path, len(lines)+1)
		return lines, false, nil
	}
	if rows.Err() != nil {
		return nil, false, fmt.Errorf("reading %s: %w", path, rows.Err())
	}
	if read != m.size {
		c.find("%s: its end is not as gangway writes it", path)
		return lines, false, nil
	}
	return lines, true, nil
}

func (c *check) chain(lines []dossier.Line, signed *checkpoint) {
	if err := dossier.CheckChain(lines); err != nil {
		c.find("%s: %s", journalPath, err)
	}
	for _, l := range lines {
		if l.Erased != nil {
			c.v.Erased++
		}
	}
	if signed == nil {
		return
	}
	last := lines[len(lines)-1]
	if (chainEnd{last.N, last.Hash}) != signed.Journal {
		c.find("%s ends at line %d and was signed with %d lines, or its last line is another", journalPath, last.N, signed.Journal.N)
	}
	if lines[0].Entry.Case != signed.Case {
		c.find("%s is of case %q, signed was case %q", journalPath, lines[0].Entry.Case, signed.Case)
	}
}

func (c *check) register(signed *checkpoint) error {
	lines, whole, err := c.lines(registerPath)
	if err != nil || !whole || signed == nil {
		return err
	}
	for _, l := range lines {
		if l.Entry.Case != dossier.Register {
			c.find("%s, line %d of %q: it is not of the register", registerPath, l.N, l.Entry.Case)
			return nil
		}
	}
	if err := dossier.CheckExcerpt(lines, signed.Register.N, signed.Register.Hash); err != nil {
		c.find("%s: %s", registerPath, err)
	}
	return nil
}

// view wants the case as people and programs read it to be what the lines say.
func (c *check) view(view dossier.CaseView) error {
	want, err := writeIndented(view)
	if err != nil {
		c.find("%s: what the journal says can't be written", casePath)
		return nil
	}
	got, ok, err := c.text(casePath, int64(len(want)))
	if err != nil {
		return err
	}
	if ok && !bytes.Equal(got, want) {
		c.find("%s does not say what the journal says", casePath)
	}
	return nil
}

// documents wants every document and history that the journal names to be there
// with its digest, unless an entry says that it was erased, and no other.
func (c *check) documents(lines []dossier.Line) {
	mentions := dossier.Mentions(lines)
	paths := pathsOf(mentions)
	wanted := make(map[string]bool)
	for i, m := range mentions {
		what, path := mentioned(m), paths[i]
		if m.Erased != nil {
			c.v.Erased++
			continue
		}
		wanted[path] = true
		_, there := c.files[path]
		switch {
		case !there:
			c.find("%s is missing: line %d of the journal names it", what, m.N)
		case "sha256:"+c.sums[path] != m.Digest:
			c.find("%s is not the one that line %d of the journal names", what, m.N)
		case m.History:
			c.v.Histories++
		default:
			c.v.Documents++
		}
	}
	for _, path := range c.paths {
		if !wanted[path] && (strings.HasPrefix(path, "data/documents/") || strings.HasPrefix(path, "data/histories/")) {
			c.find("%s is named by no line of the journal", path)
		}
	}
	for _, path := range c.paths {
		switch path {
		case casePath, journalPath, namesPath, registerPath, reportPath:
		default:
			if strings.HasPrefix(path, "data/") && !strings.HasPrefix(path, "data/documents/") && !strings.HasPrefix(path, "data/histories/") {
				c.find("%s does not belong in a dossier", path)
			}
		}
	}
	for _, path := range []string{namesPath, reportPath} {
		if _, there := c.files[path]; !there {
			c.find("%s is missing", path)
		}
	}
}

// mentioned names a document as an auditor looks for it.
func mentioned(m dossier.Mention) string {
	if m.History {
		return fmt.Sprintf("the history of %s, run %s (%s)", m.Process, m.Run, m.Digest)
	}
	return "the document " + m.Digest
}
