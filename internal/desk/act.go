package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/review"
	"gangway/workflows"
)

// Act takes in what somebody does besides answering. Acts on a case (withdraw,
// reopen, submit) name the case in Process; desk finds the process.
func (d *Desk) Act(ctx context.Context, a review.Act) (review.Outcome, error) {
	err := checkAct(a)
	if err != nil {
		return review.Outcome{}, err
	}
	if a.From.Channel == front || a.From.Channel == post { // answers and words come that way, and nothing else
		return review.Outcome{Status: review.Refused, Refusal: review.UnknownPerson, Request: a.Request}, nil
	}
	person, reply, err := d.receive(ctx, a.ID, a.From, a.Request)
	if err != nil || reply != nil {
		return final(reply), err
	}
	a.Person, a.Channel = person, a.From.Channel
	why, err := d.complete(ctx, &a)
	if err != nil {
		return review.Outcome{}, err
	}
	if why != "" {
		return review.Outcome{Status: review.Refused, Refusal: why, Request: a.Request}, nil
	}
	processes, why, err := d.processes(ctx, a)
	if err != nil {
		return review.Outcome{}, err
	}
	if why != "" {
		return review.Outcome{Status: review.Refused, Refusal: why, Request: a.Request}, nil
	}
	a.Written, err = d.keep(ctx, a.ID, a.Text)
	if err != nil {
		return review.Outcome{}, err
	}
	return d.actIn(ctx, a, processes)
}

// actIn sends the act to every process it concerns: one, but for a conflict,
// which concerns all in which the person holds a seat. The first process's
// outcome is what the person is told. It comes last, under the act's own id, so
// that the receipt by which a repeated act is known is there only when all the
// others have it.
func (d *Desk) actIn(ctx context.Context, a review.Act, processes []string) (review.Outcome, error) {
	for _, process := range processes[1:] {
		other := a
		other.ID, other.Process, other.Request, other.Seat = a.ID+"@"+process, process, "", ""
		_, err := d.actAt(ctx, other)
		if err != nil {
			return review.Outcome{}, err
		}
	}
	a.Process = processes[0]
	return d.actAt(ctx, a)
}

// actAt sends the act to its process.
func (d *Desk) actAt(ctx context.Context, a review.Act) (review.Outcome, error) {
	payload, err := json.Marshal(a)
	if err != nil {
		return review.Outcome{}, fmt.Errorf("packing the act: %w", err)
	}
	return d.deliver(ctx, review.Queued{ID: a.ID, Process: a.Process, Act: true, Person: a.Person.ID, Request: a.Request, Payload: payload, At: d.now()})
}

// complete looks up what an act names: the delegate, the document.
func (d *Desk) complete(ctx context.Context, a *review.Act) (review.Refusal, error) {
	switch a.Kind {
	case review.Delegate:
		people, revision, err := d.store.People(ctx)
		if err != nil {
			return "", BusyError{fmt.Errorf("looking up the delegate: %w", err)}
		}
		to, ok := byID(people, a.ToID)
		if !ok || to.Employer != "" { // no vendor's people see what they would answer
			return review.BadDelegate, nil
		}
		a.To = to.Record(revision)
	case review.Submit:
		if a.Document == "" {
			return review.NeedsDocument, nil
		}
		return d.readable(ctx, a.Document)
	case review.Settle:
		return "", d.completeSettle(ctx, a)
	default:
		if a.Kind.Steers() {
			return d.completeSteering(ctx, a)
		}
	}
	return "", nil
}

// processes finds where an act goes.
func (d *Desk) processes(ctx context.Context, a review.Act) ([]string, review.Refusal, error) {
	if a.Request != "" && processOf(a.Request) == "" {
		return nil, review.Unknown, nil
	}
	if a.Request != "" && a.Kind != review.Recuse {
		return []string{processOf(a.Request)}, "", nil
	}
	id := a.Process
	if a.Request != "" {
		r, err := d.store.Request(ctx, a.Request)
		if isNotFound(err) {
			return nil, review.Unknown, nil
		}
		if err != nil {
			return nil, "", BusyError{fmt.Errorf("looking up the request: %w", err)}
		}
		id = r.Case
	}
	view, err := d.store.Case(ctx, id)
	if isNotFound(err) {
		return nil, review.Unknown, nil
	}
	if err != nil {
		return nil, "", BusyError{fmt.Errorf("looking up the case: %w", err)}
	}
	switch a.Kind {
	case review.Recuse:
		return recuseIn(view, a), "", nil
	case review.Submit, review.SendChanges:
		return []string{running(view, "contract/")}, "", nil
	case review.Stop:
		if hasPrefix(view.ID, workflows.ExitPrefix(view.Vendor)) || hasPrefix(view.ID, workflows.DrillPrefix(view.Vendor)) { // itself, without a certificate
			return []string{view.ID}, "", nil
		}
		return []string{running(view, "pilot/")}, "", nil
	case review.Extend, review.AddSeat:
		request := stepRequest(view, a.Step)
		if request == "" {
			return nil, review.Unknown, nil
		}
		return []string{processOf(request)}, "", nil
	default:
		return []string{view.ID}, "", nil
	}
}

// recuseIn lists the processes in which the person holds a seat of an open
// request, that of the named request first among them.
func recuseIn(v dossier.CaseView, a review.Act) []string {
	var list []string
	for i := range v.Requests {
		r := &v.Requests[i]
		if r.Closed != nil || len(r.SeatsOf(a.Person.ID, v.Now(a.At))) == 0 || slices.Contains(list, r.Process) {
			continue
		}
		if r.Process == processOf(a.Request) {
			list = slices.Insert(list, 0, r.Process)
		} else {
			list = append(list, r.Process)
		}
	}
	switch {
	case len(list) > 0:
	case a.Request != "": // which records that there is no seat
		list = append(list, processOf(a.Request))
	default:
		list = append(list, v.ID)
	}
	return list
}

// running is the newest process of the case, of those whose ids begin so, that has not
// ended, or the case itself.
func running(v dossier.CaseView, prefix string) string {
	for i := len(v.Processes) - 1; i >= 0; i-- {
		if p := v.Processes[i]; p.Ended.IsZero() && strings.HasPrefix(p.ID, prefix) {
			return p.ID
		}
	}
	return v.ID
}
