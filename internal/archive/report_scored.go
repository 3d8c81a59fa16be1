package archive

import (
	"cmp"
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// mostNote is how many characters of a note stand beside the points; the whole of it
// stands in the line that the note is of.
const mostNote = 4000

// reportScored is what people gave points for, each with what they noted beside them.
type reportScored struct {
	Title, Step, Process string
	Scorers              []reportScorer
}

// reportScorer is one answer that gave points.
type reportScorer struct {
	Who, Seat string
	At        moment
	Marks     []reportMark
	// Note is what was written with the points, at Line of the journal, under Digest;
	// Erased says under which rule it is gone, and the digest stays.
	Note, Erased, Digest string
	Line                 int
}

// reportMark is what one criterion was given.
type reportMark struct{ Criterion, Weight, Points string }

// scored lists the points that may be told, with who gave them for which criterion and
// what they wrote beside them. Of scorers who are blind to each other nothing is there
// before all have scored: a note tells as much as a mark.
func (p reporter) scored() []reportScored {
	var all []reportScored
	for i := range p.view.Requests {
		r := &p.view.Requests[i]
		if !opened(r) {
			continue
		}
		s := reportScored{Title: oneLine(cut(cmp.Or(r.Title, r.ID), 200)), Step: oneLine(cut(r.Step, 80)), Process: oneLine(cut(r.Process, 200))}
		for j := range r.Ballots {
			if b := &r.Ballots[j]; len(b.Scores) > 0 && !b.Void && !b.TakenBack {
				s.Scorers = append(s.Scorers, p.scorer(r, b))
			}
		}
		if len(s.Scorers) > 0 {
			all = append(all, s)
		}
	}
	return all
}

func (p reporter) scorer(r *review.Request, b *review.Ballot) reportScorer {
	s := reportScorer{Who: p.who(b.Person), Seat: oneLine(cut(b.Seat, 80)), At: moment{b.At}}
	for _, x := range b.Scores {
		mark := reportMark{Criterion: oneLine(cut(x.Criterion, 80)), Points: fmt.Sprint(x.Points)}
		for _, c := range r.Criteria {
			if c.ID == x.Criterion {
				mark = reportMark{oneLine(cut(cmp.Or(c.Title, c.ID), 200)), fmt.Sprintf("%d of 100", c.Weight), fmt.Sprintf("%d of %d", x.Points, c.Most)}
			}
		}
		s.Marks = append(s.Marks, mark)
	}
	for _, l := range p.c.lines {
		f := l.Entry.Fact
		if l.Conflict || f == nil || f.Kind != review.FactCounted || f.Ballot == nil || f.Request != r.ID || f.Ballot.Answer != b.Answer {
			continue
		}
		s.Line, s.Digest = l.N, oneLine(cut(l.BodyDigest, 80))
		if l.Body != nil {
			s.Note = visible(cut(l.Body.Inside, mostNote))
		}
		if l.Erased != nil {
			s.Erased = erasedText(*l.Erased)
		}
		break
	}
	return s
}

// unopened reports whether an entry is an answer whose points nobody may be told yet:
// what was written with them is not told either.
func (p reporter) unopened(e dossier.Entry) bool {
	if e.Fact == nil || e.Fact.Ballot == nil {
		return false
	}
	r := p.view.Request(e.Fact.Request)
	return r != nil && !opened(r)
}
