package activities

import (
	"slices"
	"strings"

	"gangway/internal/engagement"
)

// Pack is a pack of clauses for which a version is searched.
type Pack struct {
	Step   string             `json:"step"`
	Points []engagement.Point `json:"points"`
	// Found is where people found points in earlier versions.
	Found []FoundPlaces `json:"found,omitempty"`
}

// FoundPlaces is where somebody found a point.
type FoundPlaces struct {
	Point   string   `json:"point"`
	Version int      `json:"version"`
	Places  []string `json:"places,omitempty"`
}

// PackPlaces says where the points of a pack may stand in the new version.
type PackPlaces struct {
	Step     string        `json:"step"`
	Proposed []PointPlaces `json:"proposed,omitempty"`
	// Touched are the points whose places have other words now; Carried are all
	// others that were found, with where they stand now.
	Touched []string      `json:"touched,omitempty"`
	Carried []PointPlaces `json:"carried,omitempty"`
}

// PointPlaces is a point with clause refs.
type PointPlaces struct {
	Point  string   `json:"point"`
	Places []string `json:"places,omitempty"`
}

// earlierText is an earlier version, split, with what the new one changed in it.
type earlierText struct {
	version int
	clauses []engagement.Clause
	cmp     engagement.Comparison
}

// packPlaces searches the new version for a pack, and follows what was found before.
func packPlaces(p Pack, clauses []engagement.Clause, earlier []earlierText) PackPlaces {
	out := PackPlaces{Step: p.Step}
	for _, point := range engagement.ProposeFor(p.Points, clauses) {
		if len(point.Proposed) > 0 {
			out.Proposed = append(out.Proposed, PointPlaces{Point: point.ID, Places: point.Proposed})
		}
	}
	for _, f := range p.Found {
		i := slices.IndexFunc(earlier, func(e earlierText) bool { return e.version == f.Version })
		if i < 0 { // never compared: fail closed
			out.Touched = append(out.Touched, f.Point)
			continue
		}
		now, touched := engagement.Carried(f.Places, earlier[i].clauses, earlier[i].cmp)
		if touched {
			out.Touched = append(out.Touched, f.Point)
		} else {
			out.Carried = append(out.Carried, PointPlaces{Point: f.Point, Places: now})
		}
	}
	return out
}

const (
	// maxSections bounds the sections of a document that people read one by one; one
	// with more of them is read as a whole.
	maxSections = 400
	wholeText   = "document"
)

// section is a top-level section: its label and the digests of its clauses in order.
type section struct {
	label   string
	digests []string
	refs    []string
}

// sections gives a document's top-level sections in order. Text before the first of
// them is read with it, and a definition with the section in which it stands.
func sections(clauses []engagement.Clause) []section {
	var all []section
	var front section
	add := func(s *section, c engagement.Clause) {
		s.digests, s.refs = append(s.digests, c.Digest), append(s.refs, c.Ref)
	}
	at := -1
	for _, c := range clauses {
		label, _, _ := strings.Cut(c.Ref, ".")
		switch {
		case c.Ref == "0" || at < 0 && strings.Contains(label, "/"):
			add(&front, c)
			continue
		case !strings.Contains(label, "/"):
			at = slices.IndexFunc(all, func(s section) bool { return s.label == label })
			if at < 0 {
				all, at = append(all, section{label: label}), len(all)
			}
		}
		add(&all[at], c)
	}
	switch {
	case len(all) == 0:
		front.label = "0"
		return []section{front}
	case len(all) > maxSections:
		for _, s := range all {
			front.digests, front.refs = append(front.digests, s.digests...), append(front.refs, s.refs...)
		}
		front.label = wholeText
		return []section{front}
	}
	all[0].digests, all[0].refs = append(front.digests, all[0].digests...), append(front.refs, all[0].refs...)
	return all
}

// readable says which sections a document has, and which of them somebody has to read
// anew who read what stood under their labels in the version before. Empty old: it is
// the first.
func readable(old, now []engagement.Clause, cmp *engagement.Comparison) (labels, changed []string) {
	before := sections(old)
	for _, s := range sections(now) {
		labels = append(labels, s.label)
		if cmp == nil {
			continue
		}
		i := slices.IndexFunc(before, func(b section) bool { return b.label == s.label })
		rebound := slices.ContainsFunc(s.refs, func(ref string) bool { return slices.Contains(cmp.Rebound, ref) })
		if i < 0 || rebound || !slices.Equal(before[i].digests, s.digests) {
			changed = append(changed, s.label)
		}
	}
	return labels, changed
}
