package custody

import (
	"slices"

	"gangway/internal/exit"
)

// EvidenceKind says that a document is Evidence.
const EvidenceKind = "gangway repository evidence 1"

// Evidence is all that is known of the repositories of an exit: what each activity found
// out is added to what was known before it, one entry an asset.
type Evidence struct {
	Kind         string        `json:"kind"`
	Copies       []Copy        `json:"copies,omitempty"`
	Restorations []Restoration `json:"restorations,omitempty"`
	Passages     []Passage     `json:"passages,omitempty"`
	Authors      []Authors     `json:"authors,omitempty"`
}

// Authors is who wrote a repository, as far as it is about whom the vendor takes along.
type Authors struct {
	Asset string     `json:"asset"`
	State exit.State `json:"state"`
	Why   Why        `json:"why,omitempty"`
	// Files counts those that have an author, Theirs the authors that are the vendor's,
	// Others everybody else.
	Files  int `json:"files,omitempty"`
	Theirs int `json:"theirs,omitempty"`
	Others int `json:"others,omitempty"`
	// TruckFactor is how many would have to leave until half of the files have no author.
	TruckFactor int `json:"truckFactor,omitempty"`
	// Directories are those whose only authors are the vendor's.
	Directories []string `json:"directories,omitempty"`
}

// CopyOf is the copy of an asset, with State empty where there is none.
func (e *Evidence) CopyOf(asset string) Copy {
	return of(e.Copies, asset, func(c Copy) string { return c.Asset })
}

// RestorationOf is that of an asset.
func (e *Evidence) RestorationOf(asset string) Restoration {
	return of(e.Restorations, asset, func(r Restoration) string { return r.Asset })
}

// PassageOf is that of an asset.
func (e *Evidence) PassageOf(asset string) Passage {
	return of(e.Passages, asset, func(p Passage) string { return p.Asset })
}

// AuthorsOf are those of an asset.
func (e *Evidence) AuthorsOf(asset string) Authors {
	return of(e.Authors, asset, func(a Authors) string { return a.Asset })
}

// AddCopy adds what is known of an asset, in place of what was.
func (e *Evidence) AddCopy(c Copy) {
	e.Copies = replaced(e.Copies, c, func(c Copy) string { return c.Asset })
}

// AddRestoration adds what is known of an asset, in place of what was.
func (e *Evidence) AddRestoration(r Restoration) {
	e.Restorations = replaced(e.Restorations, r, func(r Restoration) string { return r.Asset })
}

// AddPassage adds what is known of an asset, in place of what was.
func (e *Evidence) AddPassage(p Passage) {
	e.Passages = replaced(e.Passages, p, func(p Passage) string { return p.Asset })
}

// AddAuthors adds what is known of an asset, in place of what was.
func (e *Evidence) AddAuthors(a Authors) {
	e.Authors = replaced(e.Authors, a, func(a Authors) string { return a.Asset })
}

func of[T any](all []T, asset string, id func(T) string) T {
	i := slices.IndexFunc(all, func(one T) bool { return id(one) == asset })
	if i < 0 {
		var none T
		return none
	}
	return all[i]
}

func replaced[T any](all []T, one T, id func(T) string) []T {
	i := slices.IndexFunc(all, func(other T) bool { return id(other) == id(one) })
	if i < 0 {
		return append(all, one)
	}
	all = slices.Clone(all)
	all[i] = one
	return all
}
