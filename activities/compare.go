package activities

import (
	"context"
	"fmt"
	"io"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// CompareIn names a new version of a document and the earlier ones.
type CompareIn struct {
	Document string            `json:"document"`
	Earlier  []EarlierDocument `json:"earlier,omitempty"`
	Seats    []SeatScope       `json:"seats"`
	// ReadAll: the sections are wanted as well. Packs are looked for in the text.
	ReadAll bool   `json:"readAll,omitempty"`
	Packs   []Pack `json:"packs,omitempty"`
}

// EarlierDocument is an earlier version by number and digest.
type EarlierDocument struct {
	Version  int    `json:"version"`
	Document string `json:"document"`
}

// SeatScope is what one seat reads, as the playbook writes it; empty: all.
type SeatScope struct {
	Seat  string   `json:"seat"`
	Scope []string `json:"scope,omitempty"`
}

// compareOut says what a new version changed. Only refs and digests of clauses
// leave this activity, never their text.
type compareOut struct {
	Size  int64  `json:"size"`
	Media string `json:"media"`
	// ReadAs is the digest of the text that was found in the document when it was
	// read; empty where it is text itself.
	ReadAs  string `json:"readAs,omitempty"`
	Clauses int    `json:"clauses"`
	// Touched has one entry for each earlier version.
	Touched []review.Touch `json:"touched,omitempty"`
	// Last is the comparison with the version before.
	Last *engagement.Comparison `json:"last,omitempty"`
	// Sections are the labels of the top-level sections in their order, Changed those
	// whose text is not that of the version before.
	Sections []string     `json:"sections,omitempty"`
	Changed  []string     `json:"changed,omitempty"`
	Packs    []PackPlaces `json:"packs,omitempty"`
}

// Compare splits the new version and all earlier ones in one call with the same
// code, so that a later release that splits differently never makes an old
// answer stale.
func (a *Activities) Compare(ctx context.Context, in CompareIn) (compareOut, error) {
	clauses, out, err := a.clauses(ctx, in.Document)
	if err != nil {
		return compareOut{}, err
	}
	out.Clauses = len(clauses)
	var earlier []earlierText
	for _, e := range in.Earlier {
		old, _, err := a.clauses(ctx, e.Document)
		if err != nil {
			return compareOut{}, err
		}
		cmp := engagement.Compare(old, clauses)
		touch := review.Touch{Version: e.Version}
		for _, s := range in.Seats {
			if touches(s.Scope, old, clauses, cmp) {
				touch.Seats = append(touch.Seats, s.Seat)
			}
		}
		out.Touched = append(out.Touched, touch)
		out.Last = &cmp
		earlier = append(earlier, earlierText{version: e.Version, clauses: old, cmp: cmp})
	}
	if in.ReadAll {
		var before []engagement.Clause
		if len(earlier) > 0 {
			before = earlier[len(earlier)-1].clauses
		}
		out.Sections, out.Changed = readable(before, clauses, out.Last)
	}
	for _, p := range in.Packs {
		out.Packs = append(out.Packs, packPlaces(p, clauses, earlier))
	}
	return out, nil
}

// touches reports whether a seat's text differs. A seat without a scope reads
// everything; a clause that is gone is judged by the old text.
func touches(scope []string, old, now []engagement.Clause, cmp engagement.Comparison) bool {
	if len(scope) == 0 {
		return !cmp.Empty()
	}
	s := engagement.Scope(scope)
	return engagement.Touched(s.Resolve(now), now, cmp) || engagement.Touched(s.Resolve(old), old, cmp)
}

// clauses splits the text of a version. What it is and how large, is said of the
// document itself: that is what people open and sign.
func (a *Activities) clauses(ctx context.Context, digest string) ([]engagement.Clause, compareOut, error) {
	paper, whole, err := a.Archive.Get(ctx, digest)
	if err != nil {
		return nil, compareOut{}, outside(fmt.Errorf("opening a version: %w", err))
	}
	if err := whole.Close(); err != nil {
		return nil, compareOut{}, outside(fmt.Errorf("closing a version: %w", err))
	}
	read, r, err := a.Archive.TextOf(ctx, digest)
	if missing(err) {
		return nil, compareOut{}, temporal.NewNonRetryableApplicationError("a version has no text that can be read", ErrUnreadable, err)
	}
	if err != nil {
		return nil, compareOut{}, outside(fmt.Errorf("opening a version's text: %w", err))
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, engagement.MaxDocument+1))
	if err != nil {
		return nil, compareOut{}, outside(fmt.Errorf("reading a version: %w", err))
	}
	clauses, err := engagement.Split(text)
	if err != nil {
		return nil, compareOut{}, temporal.NewNonRetryableApplicationError("splitting a version: "+err.Error(), ErrUnreadable, err)
	}
	return clauses, compareOut{Size: paper.Size, Media: paper.Media, ReadAs: otherThan(digest, read.Digest)}, nil
}

// otherThan is a text's digest, empty where the document is its own text.
func otherThan(document, text string) string {
	if text == document {
		return ""
	}
	return text
}
