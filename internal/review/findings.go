package review

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gangway/internal/engagement"
)

// mostPlaces bounds the places that one finding names: payloads stay small, and
// nobody looks up more.
const mostPlaces = 10

// unfound lists the points of a checklist for which an answer has not exactly one
// finding that says something, in their order, and after them the ids of findings
// that belong to no point.
func (r *Request) unfound(findings []engagement.Finding) []string {
	var missing []string
	for _, p := range r.Points {
		n, sound := 0, true
		for _, f := range findings {
			if f.Point == p.ID {
				n++
				sound = sound && says(p, f)
			}
		}
		if n != 1 || !sound {
			missing = append(missing, p.ID)
		}
	}
	for _, f := range findings {
		known := slices.ContainsFunc(r.Points, func(p engagement.Point) bool { return p.ID == f.Point })
		if !known && !slices.Contains(missing, f.Point) {
			missing = append(missing, f.Point)
		}
	}
	return missing
}

// longestRef bounds a place in bytes; a definition's has the term in it.
const longestRef = 120

// isRef reports whether a place looks like a clause's reference, or a page's where
// a document has no text: what people write must not come this way into a payload.
func isRef(place string) bool {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-/~_", r)
	}
	return place != "" && len(place) <= longestRef && utf8.ValidString(place) && !strings.ContainsFunc(place, odd)
}

// says reports whether a finding says something about a point, and nothing that
// contradicts it: that it is missing, or where it stands, or its date. A dated
// point that ends never names the place that says so.
func says(p engagement.Point, f engagement.Finding) bool {
	unclear := func(place string) bool { return !isRef(place) }
	switch {
	case f.Missing:
		return len(f.Places) == 0 && f.On.IsZero()
	case len(f.Places) > mostPlaces || slices.ContainsFunc(f.Places, unclear):
		return false
	case p.Dated && !f.On.IsZero():
		return true
	}
	return len(f.Places) > 0 && f.On.IsZero()
}
