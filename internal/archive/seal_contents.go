package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"time"

	"gocloud.dev/gcerrors"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// contents is everything that the dossier of a case holds, before it is packed.
type contents struct {
	view     dossier.CaseView
	lines    []dossier.Line
	register []dossier.Line // those of the case and of the keys
	end      chainEnd       // of the whole register
	names    nameList
	papers   []paper
}

// nameList is what ids of the case stand for, as it stands in data/names.json.
type nameList struct {
	Vendor dossier.Name   `json:"vendor"`
	People []dossier.Name `json:"people"`
}

// lostError says that a document is gone without anybody having erased it.
type lostError struct {
	mention dossier.Mention
}

// Error names the document and where the journal names it.
func (e lostError) Error() string {
	return fmt.Sprintf("%s is not in the archive; line %d of the journal names it", mentioned(e.mention), e.mention.N)
}

// Hint says what to do about it.
func (e lostError) Hint() string {
	return "bring the file back from a backup into the documents, or erase it by rule so that the record says why it is gone"
}

// gather reads what the dossier of a case holds.
func (a *Archive) gather(ctx context.Context, caseID string) (contents, error) {
	var c contents
	if caseID == dossier.Register {
		return c, dossier.NotFoundError{What: "case", ID: caseID}
	}
	var err error
	if c.lines, err = a.Lines(ctx, caseID); err != nil {
		return c, fmt.Errorf("gathering a dossier: %w", err)
	}
	if len(c.lines) == 0 {
		return c, dossier.NotFoundError{What: "case", ID: caseID}
	}
	c.view = dossier.Fold(c.lines)
	if err := a.gatherRegister(ctx, &c); err != nil {
		return c, err
	}
	if err := a.gatherNames(ctx, &c); err != nil {
		return c, err
	}
	mentions := dossier.Mentions(c.lines)
	for i, path := range pathsOf(mentions) {
		if mentions[i].Erased != nil {
			continue
		}
		p, err := a.gatherPaper(ctx, mentions[i], path)
		if err != nil {
			return c, err
		}
		c.papers = append(c.papers, p)
	}
	return c, nil
}

// gatherPaper reads a document once, for its checksum; Get holds it against its
// digest.
func (a *Archive) gatherPaper(ctx context.Context, m dossier.Mention, path string) (paper, error) {
	if path == "" {
		return paper{}, lostError{m}
	}
	_, r, err := a.Get(ctx, m.Digest)
	if errors.As(err, new(dossier.NotFoundError)) || gcerrors.Code(err) == gcerrors.NotFound {
		return paper{}, lostError{m}
	}
	if err != nil {
		return paper{}, fmt.Errorf("opening %s for a dossier: %w", mentioned(m), err)
	}
	sum := crc32.NewIEEE()
	n, err := io.Copy(sum, r)
	if err := errors.Join(err, r.Close()); err != nil {
		return paper{}, fmt.Errorf("reading %s for a dossier: %w", mentioned(m), err)
	}
	return paper{path: path, digest: m.Digest, size: n, crc: sum.Sum32(), open: func() (io.ReadCloser, error) {
		_, r, err := a.Get(ctx, m.Digest)
		return r, err
	}}, nil
}

// gatherRegister takes the register's lines of the case's processes and of keys,
// and the end of the register. Ids of a process are next to each other in the
// index: "process#" is followed by "process$".
func (a *Archive) gatherRegister(ctx context.Context, c *contents) error {
	prefixes := []string{c.lines[0].Entry.Case + "#", dossier.Register + "#archive/key-"}
	for _, p := range c.view.Processes {
		if !slices.Contains(prefixes, p.ID+"#") {
			prefixes = append(prefixes, p.ID+"#")
		}
	}
	c.end = chainEnd{Hash: dossier.Genesis(dossier.Register)}
	err := a.read(ctx, func(q querier) error {
		if _, err := queryOne(ctx, q, []any{&c.end.N, &c.end.Hash}, `SELECT n, head FROM chains WHERE chain = ?`, dossier.Register); err != nil {
			return err
		}
		for _, prefix := range prefixes {
			for _, conflict := range []string{"0", "1"} { // each has an index of its own
				lines, err := queryAll(ctx, q, scanLine, `SELECT `+lineColumns+` FROM lines WHERE chain = ? AND id >= ? AND id < ? AND conflict = `+conflict,
					dossier.Register, prefix, prefix[:len(prefix)-1]+string(prefix[len(prefix)-1]+1))
				if err != nil {
					return err
				}
				c.register = append(c.register, lines...)
			}
		}
		if !slices.ContainsFunc(c.register, func(l dossier.Line) bool { return l.Erased != nil }) {
			return nil
		}
		erasures, err := queryAll(ctx, q, scanLine, `SELECT `+lineColumns+` FROM lines WHERE chain = ? AND kind = ?`, dossier.Register, string(dossier.Erased))
		c.register = append(c.register, erasures...)
		return err
	})
	if err != nil {
		return fmt.Errorf("gathering the register's lines of a case: %w", err)
	}
	slices.SortFunc(c.register, func(a, b dossier.Line) int { return a.N - b.N })
	c.register = slices.CompactFunc(c.register, func(a, b dossier.Line) bool { return a.N == b.N })
	return nil
}

// gatherNames takes the names of those who appear in the case, and of no others.
func (a *Archive) gatherNames(ctx context.Context, c *contents) error {
	c.names = nameList{Vendor: dossier.Name{ID: c.view.Vendor}, People: []dossier.Name{}}
	if c.view.Vendor != "" {
		name, found, err := a.Vendor(ctx, c.view.Vendor)
		if err != nil {
			return fmt.Errorf("reading the vendor's name for a dossier: %w", err)
		}
		if found {
			c.names.Vendor.Name = name
		}
	}
	people, _, err := a.People(ctx)
	if err != nil {
		return fmt.Errorf("reading people's names for a dossier: %w", err)
	}
	seen := peopleOf(c.lines)
	for _, p := range people {
		if seen[p.ID] {
			c.names.People = append(c.names.People, dossier.Name{ID: p.ID, Name: p.Name})
		}
	}
	slices.SortFunc(c.names.People, func(a, b dossier.Name) int { return strings.Compare(a.ID, b.ID) })
	return nil
}

// peopleOf collects the ids of persons in the lines.
func peopleOf(lines []dossier.Line) map[string]bool {
	seen := make(map[string]bool)
	holders := func(hs ...review.Holder) {
		for _, h := range hs {
			seen[h.Person], seen[h.From] = true, true
		}
	}
	for _, l := range lines {
		seen[l.Entry.Actor] = true
		if d := l.Entry.Detail; d != nil {
			for _, id := range []string{d.Owner, d.Requester, d.Deputy, d.Sponsor, d.Person, d.By} {
				seen[id] = true
			}
			for _, id := range d.Values { // of a session they are whom it is about
				seen[id] = seen[id] || l.Entry.Kind == dossier.SessionSet
			}
			if d.Outcome != nil {
				seen[d.Outcome.By] = true
			}
		}
		f := l.Entry.Fact
		if f == nil {
			continue
		}
		seen[f.Person] = true
		if f.Ballot != nil {
			seen[f.Ballot.Person] = true
		}
		if f.Holder != nil {
			holders(*f.Holder)
		}
		if f.Outcome != nil {
			seen[f.Outcome.By] = true
		}
		if f.Opened != nil {
			seen[f.Opened.Owner], seen[f.Opened.Requester] = true, true
			for _, s := range f.Opened.Seatings {
				holders(s.Holders...)
			}
		}
	}
	return seen
}

// write packs and signs the dossier.
func (c contents) write(w io.Writer, k *Key, at time.Time) error {
	last := c.lines[len(c.lines)-1]
	signed := checkpoint{Case: last.Entry.Case, Journal: chainEnd{last.N, last.Hash}, Register: c.end,
		Open: c.view.State == dossier.Running, Rehearsal: c.view.Rehearsal, Earlier: c.earlier(), SignedAt: at.UTC().Truncate(time.Second)}
	signed.Unsealed = !signed.Open && len(dossier.Complete(c.view, c.lines)) > 0
	texts, err := c.texts(c.report(k, signed))
	if err != nil {
		return err
	}
	members, err := bagMembers(texts, c.papers, signed, k)
	if err != nil {
		return err
	}
	return writeContainer(w, members)
}

// texts are the files of data/ that are made, by path.
func (c contents) texts(r report) (map[string][]byte, error) {
	texts := make(map[string][]byte)
	for _, file := range []struct {
		path  string
		lines []dossier.Line
	}{{journalPath, c.lines}, {registerPath, c.register}} {
		text, err := writeLines(file.lines)
		if err != nil {
			return nil, err
		}
		for row := range bytes.Lines(text) {
			if len(row) >= lineMost {
				return nil, unpackableError{fmt.Sprintf("a line of %d bytes in %s", len(row), file.path)}
			}
		}
		if len(text) > journalMost {
			return nil, unpackableError{fmt.Sprintf("%s of %d bytes", file.path, len(text))}
		}
		texts[file.path] = text
	}
	var err error
	if texts[casePath], err = writeIndented(c.view); err != nil {
		return nil, err
	}
	if texts[namesPath], err = writeIndented(c.names); err != nil {
		return nil, err
	}
	if texts[reportPath], err = r.render(); err != nil {
		return nil, err
	}
	return texts, nil
}
