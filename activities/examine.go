package activities

import (
	"context"
	"fmt"
	"io"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// ExamineIn names the documents that came as one delivery.
type ExamineIn struct {
	Documents []string `json:"documents"`
}

// ExamineOut says what they are. Only refs of clauses leave this activity, never
// their text.
type ExamineOut struct {
	Papers []ExaminedPaper `json:"papers"`
	// Main is the index of the paper that a checklist is about: the first that
	// looks like a data processing agreement, else the first that can be read.
	Main int `json:"main"`
	// Points are what is looked for, with the places proposed in the main paper.
	Points []engagement.Point `json:"points,omitempty"`
}

// ExaminedPaper is one document of a delivery.
type ExaminedPaper struct {
	Document string                   `json:"document"`
	Size     int64                    `json:"size"`
	Media    string                   `json:"media"`
	ReadAs   string                   `json:"readAs,omitempty"` // as of compareOut
	Clauses  int                      `json:"clauses,omitempty"`
	Readable bool                     `json:"readable"`
	Kind     engagement.DocumentKind  `json:"kind"` // proposed
	Flags    []engagement.ReadingFlag `json:"flags,omitempty"`
}

// Examine looks at what was delivered: can it be read, does it look like a data
// processing agreement, and where may it say what such an agreement must? All of
// it is a proposal: nothing is decided here.
func (a *Activities) Examine(ctx context.Context, in ExamineIn) (ExamineOut, error) {
	var out ExamineOut
	var read [][]engagement.Clause
	for _, digest := range in.Documents {
		paper, clauses, err := a.examine(ctx, digest)
		if err != nil {
			return ExamineOut{}, err
		}
		out.Papers, read = append(out.Papers, paper), append(read, clauses)
	}
	looks := func(p ExaminedPaper) bool { return p.Readable && p.Kind == engagement.KindDPA }
	out.Main = slices.IndexFunc(out.Papers, looks)
	if out.Main < 0 {
		out.Main = max(0, slices.IndexFunc(out.Papers, func(p ExaminedPaper) bool { return p.Readable }))
	}
	if len(read) > 0 {
		out.Points = engagement.Propose(read[out.Main])
	}
	return out, nil
}

func (a *Activities) examine(ctx context.Context, digest string) (ExaminedPaper, []engagement.Clause, error) {
	p := ExaminedPaper{Document: digest, Kind: engagement.KindUnknown}
	found, err := a.Archive.Reading(ctx, digest)
	if err != nil && !missing(err) { // a document that nobody read is what it is
		return p, nil, outside(fmt.Errorf("looking at what was read: %w", err))
	}
	p.Size, p.Media, p.Flags = found.Size, found.Media, found.Flags
	if err != nil {
		p.Size, p.Media, err = a.paper(ctx, digest)
		if err != nil {
			return p, nil, err
		}
	}
	unreadable := slices.Contains(found.Flags, engagement.FlagUnreadable)
	if found.Fault != "" || unreadable {
		return p, nil, nil
	}
	text, read, err := a.textOf(ctx, digest)
	if err != nil || text == nil {
		return p, nil, err
	}
	p.ReadAs = otherThan(digest, read)
	clauses, err := engagement.Split(text)
	if err != nil { // nothing in it that could be named: somebody has to look
		return p, nil, nil
	}
	p.Readable, p.Clauses = true, len(clauses)
	switch {
	case found.Kind != "" && found.Kind != engagement.KindUnknown:
		p.Kind = found.Kind
	case engagement.LooksLikeDPA(engagement.Propose(clauses)):
		p.Kind = engagement.KindDPA
	}
	return p, clauses, nil
}

// paper says what a document is that nobody read.
func (a *Activities) paper(ctx context.Context, digest string) (size int64, media string, err error) {
	var r io.ReadCloser
	var p dossier.Paper
	p, r, err = a.Archive.Get(ctx, digest)
	if missing(err) { // whoever named it is told that it can't be read
		return 0, "", nil
	}
	if err != nil {
		return 0, "", outside(fmt.Errorf("looking at what was delivered: %w", err))
	}
	return p.Size, p.Media, outside(r.Close())
}

// textOf reads a document's text, which has a digest of its own; nil: it has none.
func (a *Activities) textOf(ctx context.Context, digest string) (text []byte, its string, err error) {
	paper, r, err := a.Archive.TextOf(ctx, digest)
	if missing(err) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", outside(fmt.Errorf("opening the text of what was delivered: %w", err))
	}
	defer r.Close()
	text, err = io.ReadAll(io.LimitReader(r, engagement.MaxDocument+1))
	if err != nil {
		return nil, "", outside(fmt.Errorf("reading the text of what was delivered: %w", err))
	}
	return text, paper.Digest, nil
}
