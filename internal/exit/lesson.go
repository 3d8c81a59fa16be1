package exit

import (
	"slices"
	"strings"
	"unicode"
)

// What leaving a vendor can teach, by ids that tier rules, intakes and histories keep for
// ever. The last two are not chosen: they follow from other points of the same form.
const (
	LessonLate      = "late"
	LessonQuality   = "quality"
	LessonSilent    = "silent"
	LessonIncident  = "incident"
	LessonAccess    = "access"
	LessonData      = "data"
	LessonDeletion  = "deletion"
	LessonKnowledge = "knowledge"
	LessonLockedIn  = "locked-in"
	LessonCost      = "cost"
	LessonCloser    = "closer"
	LessonNotAgain  = "not-again"
)

// chosen are the lessons that a form lets people choose, in its order: ten, which is what
// a card of Slack's has boxes for.
func chosen() []string {
	return []string{LessonLate, LessonQuality, LessonSilent, LessonIncident, LessonAccess, LessonData, LessonDeletion, LessonKnowledge, LessonLockedIn, LessonCost}
}

// Lessons are all of them, in the order in which people are shown them.
func Lessons() []string { return append(chosen(), LessonCloser, LessonNotAgain) }

// LessonOptions are the options of the form's point. Filed sheets hold these words: one
// that is changed is read no longer in them.
func LessonOptions() []string {
	var options []string
	for _, id := range chosen() {
		options = append(options, LessonWords(id))
	}
	return options
}

// LessonWords say a lesson; of an id of a later release they are the id.
func LessonWords(id string) string {
	switch id {
	case LessonLate:
		return "What was promised came late"
	case LessonQuality:
		return "What came was not what was agreed"
	case LessonSilent:
		return "They did not answer when it mattered"
	case LessonIncident:
		return "There was a breach or an incident"
	case LessonAccess:
		return "They had access that nobody here knew of"
	case LessonData:
		return "Our data came back late, broken or not at all"
	case LessonDeletion:
		return "They could not show that our data are deleted"
	case LessonKnowledge:
		return "Only they knew how it works"
	case LessonLockedIn:
		return "It was hard to get away from them"
	case LessonCost:
		return "It cost more than was agreed"
	case LessonCloser:
		return "The next one is to be looked at more closely"
	case LessonNotAgain:
		return "We would not take them again"
	}
	return id
}

// LessonsIn are the lessons in what was chosen for one point of the form.
func LessonsIn(point string, choices []string) []string {
	var all []string
	switch {
	case point == PointTaught:
		for _, id := range chosen() {
			if slices.Contains(choices, LessonWords(id)) {
				all = append(all, id)
			}
		}
	case point == PointCloser && slices.Contains(choices, Closer()[1]):
		all = append(all, LessonCloser)
	case point == PointAgain && slices.Contains(choices, "no"):
		all = append(all, LessonNotAgain)
	}
	return all
}

// Taught is what one exit taught, as an intake of somebody who does the same is filed
// with it.
type Taught struct {
	Exit    string   `json:"exit"`           // the case
	Vendor  string   `json:"vendor"`         // slug
	Name    string   `json:"name,omitempty"` // of the vendor, as it was called then
	Lessons []string `json:"lessons"`
}

// Sentence says it to those who decide on the next vendor, without its full stop.
func (t Taught) Sentence() string {
	name := t.Name
	if name == "" {
		name = t.Vendor
	}
	var said []string
	for _, id := range t.Lessons {
		first, rest, _ := strings.Cut(LessonWords(id), " ")
		said = append(said, strings.TrimSpace(strings.ToLower(first)+" "+rest))
	}
	return "Lessons of the exit of " + name + ": " + strings.Join(said, "; ")
}

// Known are the lessons of several exits, each once, in the order of Lessons. Words that
// are none are left out.
func Known(all []Taught) []string {
	var known []string
	for _, id := range Lessons() {
		if slices.ContainsFunc(all, func(t Taught) bool { return slices.Contains(t.Lessons, id) }) {
			known = append(known, id)
		}
	}
	return known
}

// SameService reports whether two lines name one service: by the same words, whatever
// their order, letters and marks. Words that say nothing of what it is don't count. It is
// narrow on purpose: what two services have in common is for people to see.
func SameService(a, b string) bool {
	one, other := telling(a), telling(b)
	return len(one) > 0 && slices.Equal(one, other)
}

// telling are the words of a line that say what a service is, sorted, each once.
func telling(line string) []string {
	words := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	words = slices.DeleteFunc(words, func(w string) bool {
		return slices.Contains([]string{"a", "an", "and", "by", "for", "in", "of", "on", "our", "s", "service", "services", "the", "to", "us", "with"}, w)
	})
	slices.Sort(words)
	return slices.Compact(words)
}
