package playbook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gangway/internal/engagement"
)

// Fault is one thing that is wrong with a playbook, the people or an intake.
type Fault struct {
	// Place is where, as a path through the JSON form: "$.steps[2].policy.groups[0]".
	Place   string `json:"place"`
	Message string `json:"message"`
	// Hint says what to do; empty where the message says it.
	Hint string `json:"hint,omitempty"`
}

// String is the fault in one line.
func (f Fault) String() string {
	if f.Hint == "" {
		return f.Place + ": " + f.Message
	}
	return f.Place + ": " + f.Message + " (" + f.Hint + ")"
}

// faults collects what a check finds, so that everything is said at once.
type faults []Fault

func (f *faults) add(place, hint, format string, args ...any) {
	*f = append(*f, Fault{Place: place, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// Limits that keep one file from being a denial of service, far above what an
// organisation writes.
const (
	mostSteps = 100
	// MostSeats bounds the seats of one step, those that were added included.
	MostSeats = 50
	mostWords = 200
	mostText  = 4000 // characters of an ask or a reason
)

// checkID holds an id to lower-case letters, digits and single dashes: ids go
// into links, workflow ids and file names.
func (f *faults) checkID(place, what, id string) {
	switch {
	case id == "":
		f.add(place, "", "%s is missing", what)
	case !isID(id):
		f.add(place, "lower-case letters, digits and single dashes, 40 at most", "%s cannot be %s", what, shown(id))
	}
}

func isID(id string) bool {
	if id == "" || len(id) > 40 || strings.HasPrefix(id, "-") || strings.HasSuffix(id, "-") || strings.Contains(id, "--") {
		return false
	}
	return strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// checkLine holds a title or a name to what a heading can show.
func (f *faults) checkLine(place, what, text string) {
	if text == "" {
		f.add(place, "", "%s is missing", what)
		return
	}
	if err := engagement.CheckName(text); err != nil {
		f.add(place, "", "%s: %v", what, err)
	}
}

// checkText is checkLine for text of several lines, which may be empty.
func (f *faults) checkText(place, what, text string) {
	if n := utf8.RuneCountInString(text); n > mostText {
		f.add(place, "shorten it and attach a document for the rest", "%s has %d characters, more than %d", what, n, mostText)
		return
	}
	n := 0
	for _, r := range text {
		n++
		if r != '\n' && r != '\t' && engagement.CheckName("x"+string(r)) != nil {
			f.add(place, "remove it", "%s has the character U+%04X at place %d, which cannot be shown", what, r, n)
			return
		}
	}
}

// shown is a value inside a message: escaped and short.
func shown(value string) string {
	r := []rune(value)
	if len(r) > 40 {
		return fmt.Sprintf("%+q…", string(r[:40]))
	}
	return fmt.Sprintf("%+q", value)
}

// Nearest is the word of a list that somebody probably meant: at most a third of
// its letters differ. Empty: none is near.
func Nearest(word string, words []string) string {
	best, bound := "", 0
	if len(word) > 60 {
		return ""
	}
	word = strings.ToLower(word)
	for _, w := range words {
		d := distance([]rune(word), []rune(strings.ToLower(w)))
		if d <= max(1, len(w)/3) && (best == "" || d < bound) {
			best, bound = w, d
		}
	}
	return best
}

// meant is the hint of an unknown word.
func meant(word string, words []string) string {
	if near := Nearest(word, words); near != "" {
		return "did you mean " + near + "?"
	}
	if len(words) == 0 {
		return "there are none yet"
	}
	return "there are: " + strings.Join(words[:min(len(words), 12)], ", ")
}

// distance counts inserted, left-out, replaced and swapped letters.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// sorted orders faults by place so that a report does not depend on the order of
// the checks; numbers in places count as numbers.
func sorted(f faults) []Fault {
	slices.SortStableFunc(f, func(a, b Fault) int { return comparePlaces(a.Place, b.Place) })
	return f
}

func comparePlaces(a, b string) int {
	for a != "" && b != "" {
		da, db := digits(a), digits(b)
		if da > 0 && db > 0 {
			if c := cmp.Or(cmp.Compare(da, db), cmp.Compare(a[:da], b[:db])); c != 0 {
				return c
			}
			a, b = a[da:], b[db:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
