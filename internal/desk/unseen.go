package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// What others gave to a blind request is for nobody's eyes before the request is met.
// The record has it; here it is left out of all that people are shown.

// unseen leaves it out of requests.
func (d *Desk) unseen(p playbook.Person, list []review.Request) []review.Request {
	for i := range list {
		if list[i].Blind {
			list[i] = list[i].SeenBy(p.ID, d.now())
		}
	}
	return list
}

// unseenIn leaves it out of cases.
func (d *Desk) unseenIn(p playbook.Person, views []dossier.CaseView) []dossier.CaseView {
	for i := range views {
		blind := make([]bool, len(views[i].Requests)) // of all before any changes
		for j := range blind {
			blind[j] = d.isBlindIn(&views[i], j)
		}
		for j, r := range views[i].Requests {
			if blind[j] {
				views[i].Requests[j] = r.SeenBy(p.ID, d.now())
			}
		}
	}
	return views
}

// hides reports whether a line of the record has what somebody else gave to a request
// that is blind still.
func (d *Desk) hides(p playbook.Person, v *dossier.CaseView, l dossier.Line) bool {
	f := l.Entry.Fact
	if f == nil || f.Ballot == nil || f.Ballot.Person == p.ID {
		return false
	}
	i := slices.IndexFunc(v.Requests, func(r review.Request) bool { return r.ID == f.Request })
	return i >= 0 && d.isBlindIn(v, i)
}

// isBlind reports whether what people gave to a request is theirs alone yet, as
// review.Request.SeenBy does. Whether enough have answered hangs on no hour.
func (d *Desk) isBlind(r *review.Request) bool {
	if r.Closed != nil {
		return r.Blind && r.Closed.State != review.Met && (r.Closed.Why == review.WhyReopened || r.Closed.Why == review.WhyWithdrawn)
	}
	return r.Blind && r.Tally(d.now()).State != review.Met
}

// isBlindIn is isBlind of the request at a place of a case, which knows more: what was
// asked anew is over when the newer one is, whether or not the older was ever met.
func (d *Desk) isBlindIn(v *dossier.CaseView, at int) bool {
	r := &v.Requests[at]
	if !d.isBlind(r) {
		return false
	}
	return !slices.ContainsFunc(v.Requests[at+1:], func(newer review.Request) bool {
		return newer.Step == r.Step && newer.Blind && !d.isBlind(&newer)
	})
}

// unseenLines leaves it out of the record of a case, the texts that went with it too.
func (d *Desk) unseenLines(p playbook.Person, v *dossier.CaseView, lines []dossier.Line) []dossier.Line {
	for i := range lines {
		if !d.hides(p, v, lines[i]) {
			continue
		}
		fact := *lines[i].Entry.Fact
		b := *fact.Ballot
		b.Scores, b.Findings, b.Documents, b.Written = nil, nil, nil, review.Written{}
		fact.Ballot, fact.Written = &b, review.Written{}
		lines[i].Entry.Fact, lines[i].Body = &fact, nil
	}
	return lines
}

// unseenLine leaves it out of one line.
func (d *Desk) unseenLine(ctx context.Context, p playbook.Person, l dossier.Line) (dossier.Line, error) {
	if l.Entry.Fact == nil || l.Entry.Fact.Ballot == nil || l.Entry.Fact.Ballot.Person == p.ID {
		return l, nil
	}
	view, err := d.store.Case(ctx, l.Entry.Case)
	if err != nil {
		return dossier.Line{}, err
	}
	return d.unseenLines(p, &view, []dossier.Line{l})[0], nil
}

// isHistory reports whether a document is what the engine kept of a process: every
// answer, points included.
func isHistory(v *dossier.CaseView, digest string) bool {
	return slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool {
		return slices.ContainsFunc(p.Filed, func(f dossier.FiledHistory) bool { return f.Document == digest })
	})
}

// blindYet refuses what would show points that are somebody's alone.
func blindYet(what string) error {
	return invalid("wait until the last of them has answered", "people are scoring in this case who must not see each other's points yet, and %s shows them", what)
}

// scoring reports whether a case that runs, or runs again, has a request that is blind
// still, and answered. Once it is over nobody is asked again, and its dossier shows
// everything.
func (d *Desk) scoring(v *dossier.CaseView) bool {
	if v.State != dossier.Running {
		return false
	}
	for i := range v.Requests {
		if len(v.Requests[i].Ballots) > 0 && d.isBlindIn(v, i) {
			return true
		}
	}
	return false
}

// blindBetween looks which points of a period nobody may see yet, an auditor neither:
// by the cases in which some were given. A case that can't be found is left out, so that
// its points stay unseen. It is a pass of its own, since nothing is read within another
// reading of the record: that could wait for itself.
func (d *Desk) blindBetween(ctx context.Context, from, to time.Time) (map[string][]string, error) {
	blind := map[string][]string{} // looked up, and gone through in no order that shows
	err := d.store.Between(ctx, from, to, func(chain string, l dossier.Line) error {
		if gavePoints(l) {
			blind[chain] = nil
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for points that were given in the period: %w", err)
	}
	for id := range blind {
		view, err := d.store.Case(ctx, id)
		if isNotFound(err) {
			delete(blind, id)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking whether points are blind still: %w", err)
		}
		for i := range view.Requests {
			if view.State == dossier.Running && d.isBlindIn(&view, i) {
				blind[id] = append(blind[id], view.Requests[i].ID)
			}
		}
	}
	return blind, nil
}

// gavePoints reports whether a line is an answer that gave points.
func gavePoints(l dossier.Line) bool {
	f := l.Entry.Fact
	return f != nil && f.Ballot != nil && len(f.Ballot.Scores) > 0
}
