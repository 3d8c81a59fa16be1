package review

import (
	"slices"
	"time"
)

// Why a request was closed that may be asked anew of the same people, at once or when
// its case is opened again: because something before it was, or with its process.
const (
	WhyReopened  = "reopened"
	WhyWithdrawn = "withdrawn"
)

// SeenBy is the request as a person may see it at case time now. Of a blind request
// nobody sees what others gave before it is met, only that they did: a score that one
// has seen is not one's own any more. Closed without having been met it stays blind
// while it may be asked anew of the same people (WhyReopened, WhyWithdrawn); of a pilot
// that was stopped nobody is asked again, so that the record may show what there is. It
// shares nothing with r.
func (r *Request) SeenBy(person string, now time.Time) Request {
	c := r.Clone()
	if !r.hidden(now) {
		return c
	}
	for i := range c.Ballots {
		b := &c.Ballots[i]
		if b.Person == person {
			continue
		}
		b.Scores, b.Findings, b.Documents, b.Written = nil, nil, nil, Written{}
	}
	return c
}

// hidden reports whether what people gave is theirs alone yet.
func (r *Request) hidden(now time.Time) bool {
	if r.Closed != nil {
		return r.Blind && r.Closed.State != Met && (r.Closed.Why == WhyReopened || r.Closed.Why == WhyWithdrawn)
	}
	return r.Blind && r.state(now) != Met
}

// undeclared reports whether an answer would be the first of somebody whose statement on
// interests the case still wants. The vendor's people make theirs elsewhere.
func (r *Request) undeclared(p Person) bool {
	return r.Declaration != "" && !r.ofVendor(p) && !slices.Contains(r.Declared, p.ID)
}
