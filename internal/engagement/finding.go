package engagement

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// mostPlaces bounds the places that one finding names: payloads stay small, and
// nobody looks up more.
const mostPlaces = 10

// longestRef bounds a place in bytes; a definition's has the term in it.
const longestRef = 120

// mostNumber bounds a number both ways: what a browser's arithmetic keeps exact.
const mostNumber = 1_000_000_000_000_000

// The years that a date of a form may have: any other is a slip of the finger, and
// some could not be written down everywhere.
const firstYear, lastYear = 1900, 2199

// Sound reports whether a finding answers the point by what the point is, and says
// nothing that contradicts it. Words may go with any finding; what is in them is for
// people. In a form that something is missing is an answer only where the point wants
// a date, a number, a person or a file, and only with words that say why: words can
// always be written, and options chosen.
func (p Point) Sound(f Finding) bool {
	if f.Point != p.ID {
		return false
	}
	dated, chosen, counted, filed := !f.On.IsZero(), len(f.Choices) > 0, f.Number != nil, f.Document != ""
	if p.Kind == "" {
		return !chosen && !counted && !filed && p.places(f)
	}
	given := 0
	for _, is := range []bool{dated, chosen, counted, filed} {
		if is {
			given++
		}
	}
	switch {
	case len(f.Places) > 0 || given > 1:
		return false
	case f.Missing:
		return given == 0 && f.Said && p.mayLack()
	}
	switch p.Kind {
	case PointText:
		return given == 0 && f.Said
	case PointYesNo:
		return len(f.Choices) == 1 && (f.Choices[0] == Yes || f.Choices[0] == No)
	case PointChoice:
		return len(f.Choices) == 1 && p.offers(f.Choices)
	case PointMany:
		return chosen && p.offers(f.Choices)
	case PointDate:
		return dated && f.On.Year() >= firstYear && f.On.Year() <= lastYear
	case PointNumber, PointAmount:
		return counted && *f.Number <= mostNumber && *f.Number >= -mostNumber && (p.Kind == PointNumber || *f.Number >= 0)
	case PointPerson:
		return len(f.Choices) == 1 && isRef(f.Choices[0])
	case PointFile:
		return isDigest(f.Document)
	}
	return false // of a kind that this release doesn't know
}

// TooFar reports whether a finding's date is farther ahead than the point lets it be,
// where it is answered at a time: that day, and so many more.
func (p Point) TooFar(f Finding, at time.Time) bool {
	day := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	return p.Kind == PointDate && p.MostDays > 0 && f.Point == p.ID && day(f.On).After(day(at).AddDate(0, 0, p.MostDays))
}

// mayLack: there may be no answer of the point's kind, whoever is asked.
func (p Point) mayLack() bool {
	return slices.Contains([]PointKind{PointDate, PointNumber, PointAmount, PointPerson, PointFile}, p.Kind)
}

// offers: every choice is an option, and none is named twice.
func (p Point) offers(choices []string) bool {
	for i, c := range choices {
		if !slices.Contains(p.Options, c) || slices.Contains(choices[:i], c) {
			return false
		}
	}
	return true
}

// places is Sound for a place in a text: that it is missing, or where it stands, or
// its date. A dated point that ends never names the place that says so.
func (p Point) places(f Finding) bool {
	unclear := func(place string) bool { return !isRef(place) }
	switch {
	case f.Missing:
		return len(f.Places) == 0 && f.On.IsZero()
	case len(f.Places) > mostPlaces || slices.ContainsFunc(f.Places, unclear):
		return false
	case p.Dated && !f.On.IsZero():
		return f.On.Year() >= firstYear && f.On.Year() <= lastYear
	}
	return len(f.Places) > 0 && f.On.IsZero()
}

// isRef reports whether a place looks like a clause's reference, or a page's where
// a document has no text: what people write must not come this way into a payload.
func isRef(place string) bool {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-/~_", r)
	}
	return place != "" && len(place) <= longestRef && utf8.ValidString(place) && !strings.ContainsFunc(place, odd)
}

// isDigest reports whether a string is the name of a document: sha256 and 64 digits.
func isDigest(s string) bool {
	hex, ok := strings.CutPrefix(s, "sha256:")
	return ok && len(hex) == 64 && strings.Trim(hex, "0123456789abcdef") == ""
}
