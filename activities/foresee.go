package activities

import (
	"context"
	"fmt"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// ForeseeIn is what a drill would ask, were it none.
type ForeseeIn struct {
	Case    string          `json:"case"`
	Process string          `json:"process"`
	Vendor  string          `json:"vendor"` // slug
	Owner   string          `json:"owner"`
	Deputy  string          `json:"deputy,omitempty"`
	Sponsor string          `json:"sponsor,omitempty"`
	Steps   []playbook.Step `json:"steps"`
	Now     time.Time       `json:"now"` // case time
}

// foreseeOut counts who would be asked; who they are stands in the document.
type foreseeOut struct {
	Steps    []foreseenStep `json:"steps"`
	Evidence string         `json:"evidence"`
}

// foreseenStep is one step: how many seats it has, how many of those are the vendor's, and
// how many nobody holds.
type foreseenStep struct {
	Step   string `json:"step"`
	Seats  int    `json:"seats"`
	Theirs int    `json:"theirs,omitempty"`
	Vacant int    `json:"vacant,omitempty"`
}

// foreseen is the document.
type foreseen struct {
	Kind    string      `json:"kind"`
	Case    string      `json:"case"`
	Process string      `json:"process"`
	Asked   []wouldAsks `json:"asked"`
}

const foreseenKind = "gangway drill: who would have been asked 1"

// wouldAsks is a step in the document.
type wouldAsks struct {
	Step  string     `json:"step"`
	Title string     `json:"title"`
	Ask   string     `json:"ask,omitempty"`
	Seats []wouldAsk `json:"seats"`
}

// wouldAsk is a seat in the document. Nobody is named where nobody holds it.
type wouldAsk struct {
	Seat   string `json:"seat"`
	Role   string `json:"role"`
	Person string `json:"person,omitempty"`
	Name   string `json:"name,omitempty"`
	Mail   string `json:"mail,omitempty"`
}

// Foresee puts down who would be asked what, and asks nobody.
func (a *Activities) Foresee(ctx context.Context, in ForeseeIn) (foreseeOut, error) {
	people, revision, err := a.Archive.People(ctx)
	if err != nil {
		return foreseeOut{}, outside(fmt.Errorf("reading who would be asked: %w", err))
	}
	var out foreseeOut
	doc := foreseen{Kind: foreseenKind, Case: in.Case, Process: in.Process, Asked: []wouldAsks{}}
	for _, s := range in.Steps {
		said := foreseenStep{Step: s.ID}
		w := wouldAsks{Step: s.ID, Title: s.Title, Ask: s.Ask}
		benches := playbook.Bench(s.Policy, people, revision, in.Vendor, in.Owner, in.Deputy, in.Sponsor, in.Now)
		for i, seat := range s.Policy.Seats() {
			one := wouldAsk{Seat: seat.ID, Role: seat.Role}
			if c := benches[i].Candidates; len(c) > 0 {
				one.Person = c[0].Person.ID
				for _, p := range people {
					if p.ID == one.Person {
						one.Name, one.Mail = p.Name, p.Mail
					}
				}
			} else {
				said.Vacant++
			}
			said.Seats++
			if seat.Role == review.VendorRole {
				said.Theirs++
			}
			w.Seats = append(w.Seats, one)
		}
		out.Steps = append(out.Steps, said)
		doc.Asked = append(doc.Asked, w)
	}
	out.Evidence, err = a.fileJSON(ctx, doc, "who would have been asked")
	return out, err
}
