package playbook

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// The fields of an intake that can be corrected: those that its tier is made of.
const (
	FieldData    = "data"
	FieldSystems = "systems"
	FieldCost    = "yearlyCost"
)

// Correction is what correcting a fact of an intake changes.
type Correction struct {
	Field string          `json:"field"`
	Facts Facts           `json:"facts"` // as corrected
	From  engagement.Tier `json:"from"`
	To    engagement.Tier `json:"to"`
	// Added are asked now, or when their stage comes; Dropped are no longer asked,
	// and closed where they are open. Kept are steps that the new tier doesn't
	// have and that go on all the same: an answer of a mandatory or veto seat
	// stands in them, or they review a document already.
	Added   []Step `json:"added,omitempty"`
	Dropped []Step `json:"dropped,omitempty"`
	Kept    []Step `json:"kept,omitempty"`
	// Digest is what the act has to carry: it stands for all of the above.
	Digest string `json:"digest"`
}

// Standing is how far the steps of a case have come, each by its id; a step
// that is in none of the lists has not been asked yet.
type Standing struct {
	Open    []string // asked, and open
	Bound   []string // open, and it stays so whatever the tier
	Decided []string
}

// Stand makes a case's standing of what the steps' requests say. Reviewing are
// the steps that review a document in a process that has not ended.
func Stand(requests []review.Request, reviewing []string) Standing {
	s := Standing{Open: slices.Clone(reviewing), Bound: slices.Clone(reviewing)}
	for i := range requests {
		r := &requests[i]
		switch {
		case r.Closed == nil && r.Guarded():
			s.Bound = append(s.Bound, r.Step)
			s.Open = append(s.Open, r.Step)
		case r.Closed == nil:
			s.Open = append(s.Open, r.Step)
		case r.Closed.Why == "decided" || r.Closed.Why == "waived":
			s.Decided = append(s.Decided, r.Step)
		case r.Closed.Why == "reopened": // what was decided before is asked again
			s.Decided = slices.DeleteFunc(s.Decided, func(id string) bool { return id == r.Step })
		}
	}
	return s
}

// Corrected returns the facts with one field changed, and whether that changes
// anything.
func (f Facts) Corrected(field string, values []string, amount int) (Facts, bool) {
	switch field {
	case FieldData:
		same := slices.Equal(f.Data, values)
		f.Data = slices.Clone(values)
		return f, !same
	case FieldSystems:
		same := slices.Equal(f.Systems, values)
		f.Systems = slices.Clone(values)
		return f, !same
	case FieldCost:
		same := f.YearlyCost == amount || amount < 0
		f.YearlyCost = amount
		return f, !same
	}
	return f, false
}

// Correct computes what an act of correcting changes in a case that runs with
// these steps and rules; false: nothing, or there is no such field. From is the
// tier that the case has now.
func Correct(steps []Step, rules []TierRule, from engagement.Tier, before Facts, a review.Act, at Standing) (Correction, bool) {
	after, changes := before.Corrected(a.Field, a.Values, a.Amount)
	if !changes {
		return Correction{}, false
	}
	c := Correction{Field: a.Field, Facts: after, From: from, To: TierFor(rules, after)}
	for _, s := range steps {
		if s.leaves() {
			continue
		}
		was, is := s.Applies(c.From) && s.When.holds(before), s.Applies(c.To) && s.When.holds(after)
		open, decided := slices.Contains(at.Open, s.ID), slices.Contains(at.Decided, s.ID)
		switch {
		case is && !was && !open && !decided:
			c.Added = append(c.Added, s)
		case was && !is && slices.Contains(at.Bound, s.ID):
			c.Kept = append(c.Kept, s)
		case was && !is && !decided:
			c.Dropped = append(c.Dropped, s)
		}
	}
	c.Digest = c.digest()
	return c, true
}

// digest names all that was shown. Ids hold no line ends, so nothing can be read
// in two ways.
func (c Correction) digest() string {
	words := []string{c.Field, strconv.Itoa(int(c.From)), strconv.Itoa(int(c.To)), strconv.Itoa(c.Facts.YearlyCost)}
	words = append(append(words, "data"), c.Facts.Data...)
	words = append(append(words, "systems"), c.Facts.Systems...)
	if len(c.Facts.Lessons) > 0 { // digests of cases without one stay as they were
		words = append(append(words, "lessons"), c.Facts.Lessons...)
	}
	for _, list := range []struct {
		name  string
		steps []Step
	}{{"added", c.Added}, {"dropped", c.Dropped}, {"kept", c.Kept}} {
		words = append(words, "", list.name)
		for _, s := range list.steps {
			words = append(words, s.ID)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(words, "\n")))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// CheckCorrection returns the faults of a corrected value: those that the same
// value would have in an intake.
func (p Playbook) CheckCorrection(a review.Act) []Fault {
	var f faults
	switch a.Field {
	case FieldData:
		f.checkWords("$.data", "data category", a.Values)
		f.checkKnown("$.data", "data category", a.Values, p.Data)
	case FieldSystems:
		f.checkWords("$.systems", "system", a.Values)
	case FieldCost:
		if a.Amount < 0 {
			f.add("$.yearlyCost", "", "a cost cannot be below zero")
		}
	default:
		fields := []string{FieldData, FieldSystems, FieldCost}
		f.add("$."+a.Field, meant(a.Field, fields), "%s can't be corrected", shown(a.Field))
	}
	return sorted(f)
}
