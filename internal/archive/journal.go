package archive

import (
	"context"
	"fmt"
	"slices"

	"gangway/internal/dossier"
)

// journal is one transaction's work on the chains. It keeps what it read, so
// that a batch reads each head and each case once.
type journal struct {
	ctx       context.Context
	q         querier
	heads     []*head
	processes map[string]int // looked up only, never ranged over
	cases     []*openCase
	gone      []string // documents to remove once the transaction stands
}

// head is the end of a chain.
type head struct {
	chain string
	n     int
	hash  string
	moved bool
}

func (j *journal) addAll(list []pending) error {
	if err := j.lock(list); err != nil {
		return err
	}
	for _, p := range list {
		if err := j.add(p); err != nil {
			return err
		}
	}
	return j.flush()
}

// lock keeps others from the chains until the transaction ends.
func (j *journal) lock(list []pending) error {
	chains := make([]string, len(list))
	for i, p := range list {
		chains[i] = p.entry.Case
	}
	slices.Sort(chains)
	for _, chain := range slices.Compact(chains) {
		if err := lockChain(j.ctx, j.q, chain); err != nil {
			return err
		}
	}
	return nil
}

func lockChain(ctx context.Context, q querier, chain string) error {
	return lockName(ctx, q, "chain "+chain)
}

func (j *journal) add(p pending) error {
	e := p.entry
	known, conflict, err := j.known(p)
	if err != nil || known {
		return err
	}
	if !conflict {
		if err := j.inOrder(e.ID); err != nil {
			return err
		}
	}
	line := dossier.Line{Entry: e, Conflict: conflict}
	if err := j.body(&line, p.body); err != nil {
		return err
	}
	if line.N, err = j.write(line, p.json); err != nil {
		return err
	}
	if !conflict {
		if err := j.papers(e); err != nil {
			return err
		}
	}
	if e.Case == dossier.Register {
		return nil
	}
	if e.Kind == dossier.Sealed && !conflict {
		if err := j.overtaken(e); err != nil {
			return err
		}
	}
	c, err := j.open(e.Case)
	if err != nil {
		return err
	}
	c.apply(line)
	return nil
}

// known reports whether the entry stands already, or stands with other content
// and is a conflict that was not kept yet.
func (j *journal) known(p pending) (known, conflict bool, err error) {
	var stands string
	found, err := queryOne(j.ctx, j.q, []any{&stands}, `SELECT entry FROM lines WHERE chain = ? AND id = ? AND conflict = 0`, p.entry.Case, p.entry.ID)
	if err != nil {
		return false, false, fmt.Errorf("looking for entry %s: %w", p.entry.ID, err)
	}
	if !found || stands == p.json {
		return found, false, nil
	}
	kept, err := queryAll(j.ctx, j.q, scanString, `SELECT entry FROM lines WHERE chain = ? AND id = ? AND conflict = 1`, p.entry.Case, p.entry.ID)
	if err != nil {
		return false, false, fmt.Errorf("looking for conflicts of entry %s: %w", p.entry.ID, err)
	}
	for _, k := range kept {
		if k == p.json {
			return true, false, nil
		}
	}
	return false, true, nil
}

// inOrder holds the entries of a workflow against its last one. A number that is
// not beyond the last may stand: the same entry in another chain.
func (j *journal) inOrder(id string) error {
	process, n, ok := numbered(id)
	if !ok {
		return nil
	}
	last, read := j.processes[process]
	if !read {
		if _, err := queryOne(j.ctx, j.q, []any{&last}, `SELECT last FROM processes WHERE process = ?`, process); err != nil {
			return fmt.Errorf("reading the last entry of %s: %w", process, err)
		}
		if j.processes == nil {
			j.processes = make(map[string]int)
		}
		j.processes[process] = last
	}
	switch {
	case n > last+1:
		return dossier.GapError{Process: process, Want: last + 1, Got: n}
	case n <= last:
		return nil
	}
	j.processes[process] = n
	_, err := j.q.ExecContext(j.ctx, `INSERT INTO processes (process, last) VALUES (?, ?) ON CONFLICT (process) DO UPDATE SET last = excluded.last
		WHERE processes.last < excluded.last`, process, n) // in another chain it may have gone on meanwhile
	if err != nil {
		return fmt.Errorf("counting the entries of %s: %w", process, err)
	}
	return nil
}

// body gives the line its body: the caller's, the text that its answer left, or
// both. A staged text keeps its salt, so that the digests in the facts can be
// held against the body; a conflict leaves it to the entry that stands.
func (j *journal) body(l *dossier.Line, b *dossier.Body) error {
	if b != nil {
		l.Salt, l.Body = newSalt(), b
	}
	answer := answerOf(l.Entry)
	if answer == "" || l.Conflict || b != nil && (b.Inside != "" || b.Vendor != "") {
		return j.digest(l)
	}
	t, salt, found, err := takeText(j.ctx, j.q, answer)
	if err != nil {
		return err
	}
	if found {
		if l.Body == nil {
			l.Body = new(dossier.Body)
		}
		l.Body.Inside, l.Body.Vendor, l.Salt = t.Inside, t.Vendor, salt
	}
	return j.digest(l)
}

func (j *journal) digest(l *dossier.Line) error {
	if l.Body == nil {
		return nil
	}
	if l.BodyDigest = dossier.BodyDigest(l.Salt, *l.Body); l.BodyDigest == "" {
		return fmt.Errorf("the body of entry %s has no digest", l.Entry.ID)
	}
	return nil
}

// write writes the line at the end of its chain and returns its number there.
func (j *journal) write(l dossier.Line, entry string) (int, error) {
	h, err := j.head(l.Entry.Case)
	if err != nil {
		return 0, err
	}
	l.N, l.Prev = h.n+1, h.hash
	if l.Hash = dossier.LineHash(l); l.Hash == "" {
		return 0, fmt.Errorf("entry %s has no hash", l.Entry.ID)
	}
	var body, salt, answer any
	if l.Body != nil {
		text, err := encode(l.Body)
		if err != nil {
			return 0, fmt.Errorf("writing the body of entry %s: %w", l.Entry.ID, err)
		}
		body, salt = text, l.Salt
	}
	if a := answerOf(l.Entry); a != "" {
		answer = a
	}
	_, err = j.q.ExecContext(j.ctx, `INSERT INTO lines (chain, n, id, kind, answer, conflict, entry, prev, hash, body_digest, salt, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		h.chain, l.N, l.Entry.ID, string(l.Entry.Kind), answer, l.Conflict, entry, l.Prev, l.Hash, l.BodyDigest, salt, body)
	if err != nil {
		return 0, fmt.Errorf("writing line %d of %s: %w", l.N, h.chain, err)
	}
	h.n, h.hash, h.moved = l.N, l.Hash, true
	return l.N, nil
}

func (j *journal) head(chain string) (*head, error) {
	for _, h := range j.heads {
		if h.chain == chain {
			return h, nil
		}
	}
	h := &head{chain: chain, hash: dossier.Genesis(chain)}
	if _, err := queryOne(j.ctx, j.q, []any{&h.n, &h.hash}, `SELECT n, head FROM chains WHERE chain = ?`, chain); err != nil {
		return nil, fmt.Errorf("reading the head of %s: %w", chain, err)
	}
	j.heads = append(j.heads, h)
	return h, nil
}

// papers notes which documents the entry brings into its case.
func (j *journal) papers(e dossier.Entry) error {
	for _, digest := range papersOf(e) {
		_, err := j.q.ExecContext(j.ctx, `INSERT INTO case_documents (case_id, digest) VALUES (?, ?) ON CONFLICT DO NOTHING`, e.Case, digest)
		if err != nil {
			return fmt.Errorf("noting a document of %s: %w", e.Case, err)
		}
	}
	return nil
}

// overtaken drops a sealed dossier that was packed before an erasure and is
// recorded after it: it holds what was erased. The case can be sealed again.
func (j *journal) overtaken(e dossier.Entry) error {
	if e.Detail == nil || e.Detail.Revision == 0 || e.Detail.Document == "" {
		return nil
	}
	var text string
	found, err := queryOne(j.ctx, j.q, []any{&text}, `SELECT entry FROM lines WHERE chain = ? AND n > ? AND kind = 'erased' ORDER BY n LIMIT 1`, e.Case, e.Detail.Revision)
	if err != nil {
		return fmt.Errorf("looking for erasures since a dossier was packed: %w", err)
	}
	if !found {
		return nil
	}
	var by dossier.Entry
	if err := decode(text, &by); err != nil {
		return fmt.Errorf("reading an erasure: %w", err)
	}
	gone := erasure{ctx: j.ctx, q: j.q, now: by.At, rule: by.Detail.Rule}
	if _, err := gone.mark(e.Detail.Document); err != nil {
		return err
	}
	j.gone = append(j.gone, gone.gone...)
	return nil
}

// papersOf names the documents that an entry brings into its case. The entry of
// an erasure names what is gone.
func papersOf(e dossier.Entry) []string {
	var all []string
	if d := e.Detail; d != nil && e.Kind != dossier.Erased {
		all = slices.DeleteFunc([]string{d.Document, d.ReadAs}, func(digest string) bool { return digest == "" })
	}
	if f := e.Fact; f != nil && f.Ballot != nil {
		all = append(all, f.Ballot.Documents...)
	}
	if f := e.Fact; f != nil && f.Version != nil && f.Version.Document != "" {
		all = append(all, f.Version.Document)
	}
	if f := e.Fact; f != nil && f.Opened != nil {
		for _, v := range f.Opened.Versions {
			all = append(all, v.Document)
		}
	}
	return all
}

// flush writes heads and views.
func (j *journal) flush() error {
	for _, h := range j.heads {
		if !h.moved {
			continue
		}
		_, err := j.q.ExecContext(j.ctx, `INSERT INTO chains (chain, n, head) VALUES (?, ?, ?)
			ON CONFLICT (chain) DO UPDATE SET n = excluded.n, head = excluded.head`, h.chain, h.n, h.hash)
		if err != nil {
			return fmt.Errorf("moving the head of %s: %w", h.chain, err)
		}
	}
	for _, c := range j.cases {
		if !c.moved {
			continue
		}
		if err := c.save(j.ctx, j.q); err != nil {
			return err
		}
	}
	return nil
}
