package dossier

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
)

// Domains of the digests of a chain. A digest that was made for one purpose can
// never be passed off as one for another; a new rule gets a new number.
const (
	domainGenesis = "gangway chain 1"
	domainLine    = "gangway line 1"
	domainBody    = "gangway body 1"
)

// BrokenError says which line of a chain is not what was written, and how.
type BrokenError struct {
	Chain string
	N     int // the line's place in the chain, counted from 1
	What  string
}

// Error names the chain, the line and what is wrong with it.
func (e BrokenError) Error() string { return fmt.Sprintf("%s, line %d: %s", e.Chain, e.N, e.What) }

// Genesis is the Prev of the first line of a chain: a fixed digest for each
// chain id, so that a line of one chain never starts another.
func Genesis(chain string) string { return digestOf(domainGenesis, []byte(chain)) }

// BodyDigest is the salted digest that a line keeps of its body. The salt must
// be random, at least 16 bytes as text, new for each body, and erased together
// with the body: what remains then says nothing about a text that can be guessed.
func BodyDigest(salt string, b Body) string {
	text, err := canonical(b)
	if err != nil {
		return ""
	}
	return digestOf(domainBody, []byte(salt), text)
}

// LineHash is the hash that a line must carry: over Prev, N, the entry, the
// conflict flag and the body's digest. The body itself, its salt and the mark of
// an erasure are not in it, or nothing could be erased; CheckChain holds them
// against BodyDigest and the erasure's own entry. It is empty for an entry that
// JSON can't say (a year beyond 9999), which is no line's hash.
func LineHash(l Line) string {
	entry, err := canonical(l.Entry)
	if err != nil {
		return ""
	}
	conflict := byte(0)
	if l.Conflict {
		conflict = 1
	}
	n := binary.BigEndian.AppendUint64(nil, uint64(l.N))
	return digestOf(domainLine, []byte(l.Prev), n, entry, []byte{conflict}, []byte(l.BodyDigest))
}

// checkLine reports whether a line is what was written, as far as it can be told
// without its neighbours. The error is a BrokenError.
func checkLine(l Line) error {
	broken := func(what string) error { return BrokenError{Chain: l.Entry.Case, N: l.N, What: what} }
	switch {
	case l.Hash == "" || LineHash(l) != l.Hash:
		return broken("the hash does not fit the entry")
	case l.BodyDigest == "" && (l.Body != nil || l.Salt != "" || l.Erased != nil):
		return broken("it has a text although it was written without one")
	case l.Body != nil && l.Erased != nil:
		return broken("the text is said to be erased and is there")
	case l.Body != nil && BodyDigest(l.Salt, *l.Body) != l.BodyDigest:
		return broken("the text is not the one that was written")
	case l.BodyDigest != "" && l.Body == nil && l.Erased == nil:
		return broken("the text is missing and no erasure accounts for it")
	case l.Erased != nil && l.Salt != "":
		return broken("the text is erased but its salt is not")
	}
	return nil
}

// CheckChain reports whether lines are a whole chain from its first line on, in
// order and unchanged. A line whose body was erased is fine when a later entry of
// kind Erased names it, with the same rule and at the same real instant. The end
// of a chain can't be told from its lines: a caller who knows the head compares
// it. The error is a BrokenError for the first line that is wrong.
func CheckChain(lines []Line) error {
	if len(lines) == 0 {
		return nil
	}
	chain := lines[0].Entry.Case
	prev := Genesis(chain)
	seen := make(map[string]bool, len(lines))
	for i, l := range lines {
		broken := func(what string) error { return BrokenError{Chain: chain, N: i + 1, What: what} }
		switch {
		case l.N != i+1:
			return broken(fmt.Sprintf("the line says that it is line %d", l.N))
		case l.Entry.Case != chain:
			return broken(fmt.Sprintf("the entry belongs to %q", l.Entry.Case))
		case l.Prev != prev:
			return broken("it does not follow the line before")
		case l.Conflict && !seen[l.Entry.ID]:
			return broken("it is flagged as a conflict with an entry that does not stand before it")
		case !l.Conflict && seen[l.Entry.ID]:
			return broken("an earlier line has the same entry id and this one is not flagged")
		}
		if err := checkLine(l); err != nil {
			return err
		}
		seen[l.Entry.ID] = true
		prev = l.Hash
	}
	return checkErasures(lines)
}

// CheckExcerpt reports whether lines are some of the lines of a chain that has n
// lines and whose last one has this hash, in order and unchanged. That the lines left out are the chain's own can't
// be told; only whoever signed the head can show them. The erasure of a line must
// be among the lines. The error is a BrokenError.
func CheckExcerpt(lines []Line, n int, head string) error {
	for i, l := range lines {
		broken := func(what string) error { return BrokenError{Chain: l.Entry.Case, N: l.N, What: what} }
		switch {
		case l.Entry.Case != lines[0].Entry.Case:
			return broken("the entry belongs to another chain than the first")
		case l.N < 1 || l.N > n:
			return broken(fmt.Sprintf("the chain ends at line %d", n))
		case l.N == 1 && l.Prev != Genesis(l.Entry.Case):
			return broken("it is said to be the first line and follows another")
		case l.N == n && l.Hash != head:
			return broken("it is not the last line that was signed")
		case i > 0 && l.N <= lines[i-1].N:
			return broken("the lines are not in order")
		case i > 0 && l.N == lines[i-1].N+1 && l.Prev != lines[i-1].Hash:
			return broken("it does not follow the line before")
		}
		if err := checkLine(l); err != nil {
			return err
		}
	}
	return checkErasures(lines)
}

// checkErasures holds every erased line against the entry of its erasure: the
// mark itself stands outside the hash.
func checkErasures(lines []Line) error {
	type mark struct{ id, rule, on string }
	told := make(map[mark]int)
	for _, l := range lines {
		if l.Entry.Kind != Erased || l.Entry.Detail == nil || l.Conflict {
			continue
		}
		for _, id := range l.Entry.Detail.Entries {
			told[mark{id, l.Entry.Detail.Rule, l.Entry.At.UTC().String()}] = l.N
		}
	}
	for _, l := range lines {
		if l.Erased == nil {
			continue
		}
		if told[mark{l.Entry.ID, l.Erased.Rule, l.Erased.On.UTC().String()}] <= l.N {
			return BrokenError{Chain: l.Entry.Case, N: l.N, What: "the text is erased and no later entry says when and under which rule"}
		}
	}
	return nil
}

// Fold is the view of a case that its lines give. Flagged conflicts are not in it.
func Fold(lines []Line) CaseView {
	var v CaseView
	for _, l := range lines {
		if !l.Conflict {
			v.Apply(l.Entry)
		}
	}
	return v
}

// canonical is the one way to write a value for a digest: JSON as encoding/json
// writes a struct, in the order of its fields, without escaping for HTML.
func canonical(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("writing for a digest: %w", err)
	}
	return slices.Clip(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// digestOf hashes a domain and parts, each with its length before it, so that no
// two lists of parts give the same bytes.
func digestOf(domain string, parts ...[]byte) string {
	h := sha256.New()
	write := func(p []byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write(p)
	}
	write([]byte(domain))
	for _, p := range parts {
		write(p)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
