package engagement

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// Clause is a piece of a contract that can be named, read and signed off on its own. Only Ref, Digest and Uses enter payloads;
// the words stay where the document is.
//
// Ref is "11.3", "5.2.a" or "3.2.c.iv" by number (from a label that is written, else from the place in a nested list), "def/ofac" for
// a definition (by its term, so that a new one renumbers nothing), "annex-a.2" below a heading without a number, "0" for
// the text before the first clause. A ref that comes twice is marked: "4~2". A clause's digest covers its own words and
// not those of the clauses below it: when 11.3 changes, 11 does not.
type Clause struct {
	Ref    string   `json:"ref"`
	Digest string   `json:"digest"`         // SHA-256 of Text, in hex
	Uses   []string `json:"uses,omitempty"` // sorted refs of the clauses and definitions that the words name

	Title  string `json:"-"` // without the full stop; empty where there is none
	Text   string `json:"-"` // the words as they count: without label, markup and line breaks
	Source string `json:"-"` // the lines as they came, for showing
}

// Split divides Markdown or plain text into its clauses, in the order they come; every word is in exactly one of them.
//
// Labels are read as written where they name their place ("12.13", "Section 4", "Article VII", "§ 3", "## 4. Payment") and
// counted by nesting and indentation where they do not ("1." in "1.", "(a)", "iv."). Bullets, tables and inline lists ("(a) … (b) …"
// in one paragraph) are text of their clause. A paragraph without a label belongs to the clause before it
// that is indented no further, so the words after the last clause of a contract are read by those who read that clause.
//
// It refuses, saying what to do: empty text, more than MaxDocument bytes, what is not UTF-8 text, more than MaxClauses clauses.
func Split(text []byte) ([]Clause, error) {
	raw, err := admit(text)
	if err != nil {
		return nil, err
	}
	drafts, err := read(measure(raw))
	if err != nil {
		return nil, err
	}
	clauses := make([]Clause, 0, len(drafts))
	kept := drafts[:0]
	for i, d := range drafts {
		words := plain(strings.Join(d.words, "\n"))
		if i == 0 && words == "" {
			continue // nothing stands before the first clause
		}
		sum := sha256.Sum256([]byte(words))
		clauses = append(clauses, Clause{
			Ref: d.ref, Digest: hex.EncodeToString(sum[:]), Title: d.title, Text: words,
			Source: strings.Trim(strings.Join(d.source, "\n"), "\n"),
		})
		kept = append(kept, d)
	}
	if !slices.ContainsFunc(clauses, func(c Clause) bool { return c.Text != "" }) {
		return nil, errors.New("the document is empty; send one with text in it")
	}
	if err := resolveUses(clauses, kept); err != nil {
		return nil, err
	}
	return clauses, nil
}

// inside reports whether ref is root or lies below it: "11" holds 11, 11.1 and 11~2 but not 110.
func inside(ref, root string) bool {
	rest, ok := strings.CutPrefix(ref, root)
	return ok && root != "" && (rest == "" || rest[0] == '.' || rest[0] == '~')
}

// above gives the ref one level up, or nothing: 11.3~2 is below 11 as 11.3 is.
func above(ref string) string {
	if i := strings.LastIndexByte(ref, '.'); i > 0 {
		return ref[:i]
	}
	return ""
}

func isDefinition(ref string) bool { return strings.HasPrefix(ref, "def/") }
