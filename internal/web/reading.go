package web

import (
	"strconv"
	"strings"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// maxRanges is how many ranges of sections one answer names.
const maxRanges = 50

// readingView is what a reader says they read: one field for a range that they
// name, and a tick.
type readingView struct {
	Sections string // those that there are, in words
	Unread   string // those that nobody has read
	Version  int
	Text     string
	Ticked   bool
}

// readingOf is the field for what was read; nil: the document has no sections that
// are asked for.
func readingOf(r *review.Request, now time.Time) *readingView {
	if !r.ReadAll || len(r.Versions) == 0 {
		return nil
	}
	labels := r.Versions[len(r.Versions)-1].Sections
	return &readingView{Version: r.Current(), Sections: sectionWords(labels), Unread: sectionWords(r.Tally(now).Unread)}
}

// sectionWords lists sections, runs of neighbouring numbers as one: 1–3, 5, 7–9.
func sectionWords(labels []string) string {
	var parts []string
	for i := 0; i < len(labels); {
		j := i
		for j+1 < len(labels) && follows(labels[j], labels[j+1]) {
			j++
		}
		switch {
		case j == i:
			parts = append(parts, cut(labels[i]))
		case j == i+1:
			parts = append(parts, cut(labels[i]), cut(labels[j]))
		default:
			parts = append(parts, cut(labels[i])+"–"+cut(labels[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// follows reports whether one number comes right after another.
func follows(a, b string) bool {
	x, err := strconv.Atoi(a)
	y, wrong := strconv.Atoi(b)
	return err == nil && wrong == nil && y == x+1
}

// readRanges is what somebody says they read. A range counts with its tick, and a
// tick with its range: neither is ever put there by us.
func readRanges(text string, ticked bool) (ranges []string, wrong string) {
	ranges = engagement.SaidSections(text)
	for _, r := range ranges {
		if !isPlain(r) || len(r) > 100 {
			return nil, review.NoSection.Sentence()
		}
	}
	switch {
	case len(ranges) > maxRanges:
		return nil, "Name the sections that you read in fewer ranges, such as 4–9."
	case text == "" && !ticked:
		return nil, ""
	case len(ranges) == 0:
		return nil, "Say which sections you have read: all, or a range such as 4–9."
	case !ticked:
		return nil, "Tick that you have read these sections, or leave the field empty."
	}
	return ranges, ""
}

// readWords are sections that somebody said they read, as they named them.
func readWords(said []string) string {
	if len(said) == 1 && said[0] == engagement.AllSections {
		return "all sections"
	}
	list := make([]string, len(said))
	for i, x := range said {
		list[i] = strings.ReplaceAll(cut(x), "-", "–")
	}
	return cut("sections " + strings.Join(list, ", "))
}
