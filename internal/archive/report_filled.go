package archive

import (
	"fmt"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// readSections says what somebody read, in the words in which they said it.
func readSections(said []string) string {
	if len(said) == 1 && said[0] == engagement.AllSections {
		return "all sections"
	}
	return "sections " + oneLine(cut(strings.Join(said, ", "), 300))
}

// given is what an answer read and scored, and whether its person was known to be able
// to judge it.
func (p reporter) given(r *review.Request, b *review.Ballot) []string {
	var notes []string
	if len(b.Read) > 0 {
		notes = append(notes, "read "+readSections(b.Read))
	}
	if len(b.Scores) > 0 && !opened(r) {
		notes = append(notes, "gave points, which nobody sees yet")
	} else if len(b.Scores) > 0 {
		points := make([]string, 0, len(b.Scores))
		for _, s := range b.Scores {
			points = append(points, fmt.Sprintf("%s %d", oneLine(cut(s.Criterion, 80)), s.Points))
		}
		notes = append(notes, "gave "+strings.Join(points, ", "))
	}
	s := r.Seating(b.Seat)
	if s == nil {
		return notes
	}
	for _, h := range s.Holders {
		if h.Person == b.Person && len(h.Lacks) > 0 {
			notes = append(notes, "not known to have: "+oneLine(cut(strings.Join(h.Lacks, ", "), 300)))
		}
	}
	return notes
}

// opened reports whether points may be told: of scorers who are blind to each other
// once all have scored, or once nobody will be asked any more, as in a pilot that was
// stopped. What was reopened or withdrawn may be asked anew of the same people.
func opened(r *review.Request) bool {
	return !r.Blind || r.Closed != nil && (r.Closed.State == review.Met || r.Closed.Why != review.WhyReopened && r.Closed.Why != review.WhyWithdrawn)
}

// besides says of a request what its answers come to: the weighted score, and what
// nobody has read.
func besides(r *review.Request) string {
	said := ""
	var scorers []map[string]int
	for _, s := range r.Policy.Seats() {
		b := r.Standing(s.ID)
		if b == nil || len(b.Scores) == 0 {
			continue
		}
		points := make(map[string]int, len(b.Scores))
		for _, x := range b.Scores {
			points[x.Criterion] = x.Points
		}
		scorers = append(scorers, points)
	}
	if score, ok := engagement.Weighted(r.Criteria, scorers); ok && (!r.Blind || r.Closed != nil && r.Closed.State == review.Met) {
		said += fmt.Sprintf("; weighted score %d of 100 by %d", score, len(scorers))
	}
	at := r.Opened
	if r.Closed != nil {
		at = r.Closed.At
	}
	if unread := r.Tally(at).Unread; len(unread) > 0 {
		said += "; read by nobody: " + oneLine(cut(strings.Join(unread, ", "), 300))
	}
	return said
}
