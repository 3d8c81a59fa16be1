package archive

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gangway/internal/dossier"
)

// batch is how many entries one transaction takes: about 200 rows with what
// hangs on them, so that an answer never waits long behind a batch.
const batch = 100

// pending is an entry on its way into the journal.
type pending struct {
	entry dossier.Entry
	json  string
	body  *dossier.Body // nil: the text kept under the entry's answer, if any
}

// Append writes entries into their chains, in order, and folds them into the
// views; what the entry's answer left as text becomes the entry's body. Up to 100
// entries are one transaction: all of them stand or none. A longer list is
// appended in such pieces.
//
// An entry whose id stands already is skipped when it says the same, and kept
// once as a flagged conflict, outside the views, when it says something else. A
// "process#n" that is not the next of its process is a dossier.GapError.
func (a *Archive) Append(ctx context.Context, entries []dossier.Entry) error {
	list := make([]pending, 0, len(entries))
	for _, e := range entries {
		p, err := prepare(e, nil)
		if err != nil {
			return fmt.Errorf("preparing an entry for the journal: %w", err)
		}
		list = append(list, p)
	}
	return a.append(ctx, list)
}

// AppendBody is Append for one entry whose body the caller brings. When the body
// has no text of its own, the one kept under the entry's answer joins it. For an
// entry that stands already the first body stays.
func (a *Archive) AppendBody(ctx context.Context, e dossier.Entry, b dossier.Body) error {
	p, err := prepare(e, &b)
	if err != nil {
		return fmt.Errorf("preparing an entry and its body: %w", err)
	}
	return a.append(ctx, []pending{p})
}

func (a *Archive) append(ctx context.Context, list []pending) error {
	for len(list) > 0 {
		piece := list[:min(batch, len(list))]
		list = list[len(piece):]
		j := journal{}
		err := a.write(ctx, "appending to the journal", later, func(q querier) error {
			j = journal{ctx: ctx, q: q}
			return j.addAll(piece)
		})
		if err != nil {
			return err
		}
		if err := a.removePapers(ctx, j.gone); err != nil {
			return fault("removing a dossier that was overtaken by an erasure", err)
		}
	}
	return nil
}

// appendAll is Append within a transaction that also does something else; none
// of the entries may be a seal.
func appendAll(ctx context.Context, q querier, list []pending) error {
	j := journal{ctx: ctx, q: q}
	return j.addAll(list)
}

// prepare brings an entry into the form in which it will be read back: what JSON
// can't say exactly (a byte that is no UTF-8, an empty list where it is left out)
// must not change the hash later.
func prepare(e dossier.Entry, b *dossier.Body) (pending, error) {
	switch {
	case e.ID == "":
		return pending{}, errors.New("an entry without an id")
	case e.Case == "":
		return pending{}, fmt.Errorf("entry %s names no case", e.ID)
	case e.Kind == "":
		return pending{}, fmt.Errorf("entry %s has no kind", e.ID)
	}
	p := pending{}
	if err := settle(e, &p.entry); err != nil {
		return pending{}, fmt.Errorf("writing entry %s: %w", e.ID, err)
	}
	text, err := encode(p.entry)
	if err != nil {
		return pending{}, fmt.Errorf("writing entry %s again: %w", e.ID, err)
	}
	p.json = text
	if b != nil {
		p.body = new(dossier.Body)
		if err := settle(*b, p.body); err != nil {
			return pending{}, fmt.Errorf("writing the body of entry %s: %w", e.ID, err)
		}
	}
	return p, nil
}

// settle writes a value as JSON and reads it back. A zero character, which
// PostgreSQL takes in no text, becomes the mark of one that can't be shown, as
// bytes that are no UTF-8 do.
func settle[T any](v T, into *T) error {
	text, err := encode(v)
	if err != nil {
		return err
	}
	return decode(withoutZero(text), into)
}

// withoutZero replaces the zero characters in JSON as encode writes them.
func withoutZero(text string) string {
	const zero = `\u0000`
	if !strings.Contains(text, zero) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], zero):
			b.WriteString(`\ufffd`)
			i += len(zero) - 1
		case text[i] == '\\': // what it escapes is not the beginning of another
			b.WriteString(text[i : i+2])
			i++
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func encode(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("writing JSON: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func decode(text string, into any) error {
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("reading JSON: %w", err)
	}
	return nil
}

// answerOf is the id of the answer or act behind an entry.
func answerOf(e dossier.Entry) string {
	switch {
	case e.Answer != "":
		return e.Answer
	case e.Fact != nil && e.Fact.Answer != "":
		return e.Fact.Answer
	case e.Fact != nil && e.Fact.Ballot != nil:
		return e.Fact.Ballot.Answer
	}
	return ""
}

// numbered splits "process#n"; ok is false for the ids that others make.
func numbered(id string) (process string, n int, ok bool) {
	process, digits, found := strings.Cut(id, "#")
	if !found || digits == "" || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return "", 0, false
	}
	n, err := strconv.Atoi(digits)
	return process, n, err == nil
}

// newSalt is 130 random bits as text.
func newSalt() string { return rand.Text() }
