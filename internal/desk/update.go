package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/review"
	"gangway/workflows"
)

// peoplePrefix marks queued rows that tell a process of changed people.
const peoplePrefix = "people/"

// lateWithin is the time in which so many of somebody's late answers to a case
// are written down as a request takes while it is open. Each line more of a case
// that is over has it sealed once more, into a file of its own.
const lateWithin = 24 * time.Hour

// update sends one Update and waits for its result. An error means that the
// result is unknown: the Update may still be applied, and sending it again with
// the same id is safe. Everything final is an outcome.
func (d *Desk) update(ctx context.Context, q review.Queued, within time.Duration) (review.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	leave, err := d.enter(ctx, q.Process)
	if err != nil {
		return review.Outcome{}, err
	}
	defer leave()
	name, arg, err := unpack(q)
	if err != nil {
		return review.Outcome{}, err
	}
	handle, err := d.engine.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		UpdateID: q.ID, WorkflowID: q.Process, UpdateName: name, Args: []any{arg},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	out := review.Outcome{Status: review.Counted} // of a people change, which says nothing more
	if err == nil && name == workflows.UpdatePeople {
		err = handle.Get(ctx, nil)
	} else if err == nil {
		err = handle.Get(ctx, &out)
	}
	if err == nil {
		return out, nil
	}
	if gone(err) {
		return d.afterEnd(ctx, q)
	}
	return review.Outcome{}, fmt.Errorf("updating the process: %w", err)
}

// endedHolding is the engine's word for an Update whose process ended with it in
// its hands.
const endedHolding = "AcceptedUpdateCompletedWorkflow"

// gone reports that the process has ended or never was, or that it ended with
// the Update in its hands. Every other error may pass: a worker of an earlier
// release, for one, refuses Updates that it doesn't know.
func gone(err error) bool {
	var missing *serviceerror.NotFound
	var app *temporal.ApplicationError
	return errors.As(err, &missing) || errors.As(err, &app) && app.Type() == endedHolding
}

// unpack is what goes to the workflow: the stored payload in its type.
func unpack(q review.Queued) (name string, arg any, err error) {
	switch {
	case strings.HasPrefix(q.ID, peoplePrefix):
		var c workflows.PeopleChange
		name, arg, err = workflows.UpdatePeople, &c, json.Unmarshal(q.Payload, &c)
	case q.Act:
		var a review.Act
		name, arg, err = workflows.UpdateAct, &a, json.Unmarshal(q.Payload, &a)
	default:
		var a review.Answer
		name, arg, err = workflows.UpdateAnswer, &a, json.Unmarshal(q.Payload, &a)
	}
	if err != nil {
		return "", nil, fmt.Errorf("unpacking a queued row: %w", err)
	}
	return name, arg, nil
}

// afterEnd says what became of something whose process has ended: its own
// outcome when it was counted before the end, else that it came too late, which
// is recorded.
func (d *Desk) afterEnd(ctx context.Context, q review.Queued) (review.Outcome, error) {
	if strings.HasPrefix(q.ID, peoplePrefix) || strings.HasPrefix(q.ID, undeliveredPrefix) { // nobody's answer
		return review.Outcome{Status: review.Refused, Refusal: review.Closed}, nil
	}
	line, known, err := d.store.AnswerLine(ctx, q.ID)
	if err != nil {
		return review.Outcome{}, fmt.Errorf("looking for the answer in the record: %w", err)
	}
	if known {
		return d.recorded(ctx, line)
	}
	out := review.Outcome{Status: review.Refused, Refusal: review.Closed, Request: q.Request, By: q.Person}
	view, err := d.about(ctx, q)
	if isNotFound(err) {
		out.Refusal, out.At = review.Unknown, q.At.UTC()
		return out, nil // nothing of ours: nothing to record it with
	}
	if err != nil {
		return review.Outcome{}, err
	}
	at := view.Now(q.At).UTC()
	out.At = at
	p, _, err := d.store.Person(ctx, q.Person)
	if err != nil && !isNotFound(err) {
		return review.Outcome{}, fmt.Errorf("looking up who came late: %w", err)
	}
	i := slices.IndexFunc(view.Requests, func(r review.Request) bool { return r.ID == q.Request })
	if i >= 0 && access.May(p, access.SeeRecord, &view) { // nobody else learns by coming late who decided
		decided(&out, &view.Requests[i], q)
	}
	if d.late.take(view.ID+" "+q.Person, d.now()) > 0 {
		return out, nil
	}
	kept := out
	err = d.store.Append(ctx, []dossier.Entry{{ID: q.Process + "#desk/" + q.ID, Case: view.ID, Process: q.Process,
		Kind: dossier.Attempt, At: q.At.UTC(), CaseAt: at, Actor: q.Person, Answer: q.ID, Detail: &dossier.Detail{Outcome: &kept}}})
	if err != nil {
		return review.Outcome{}, fmt.Errorf("recording a late answer: %w", err)
	}
	return out, nil
}

// about is the case that something was meant for, by its request or else by its
// process. A NotFound error says that there is none.
func (d *Desk) about(ctx context.Context, q review.Queued) (dossier.CaseView, error) {
	var id string
	if q.Request != "" {
		r, err := d.store.Request(ctx, q.Request)
		if err != nil {
			return dossier.CaseView{}, fmt.Errorf("looking up the request: %w", err)
		}
		id = r.Case
	} else {
		var err error
		id, err = d.store.CaseOf(ctx, q.Process)
		if err != nil {
			return dossier.CaseView{}, fmt.Errorf("looking for the case of a process: %w", err)
		}
	}
	view, err := d.store.Case(ctx, id)
	if err != nil {
		return dossier.CaseView{}, fmt.Errorf("looking up the case: %w", err)
	}
	return view, nil
}

// decided tells the one who came late who decided, and when.
func decided(out *review.Outcome, r *review.Request, q review.Queued) {
	if r.Closed == nil {
		return
	}
	out.State, out.At, out.By = r.Closed.State, r.Closed.At, ""
	for _, seat := range r.Policy.Seats() {
		b := r.Standing(seat.ID)
		if b == nil {
			continue
		}
		mine := false
		for _, h := range r.Seating(seat.ID).Holders {
			mine = mine || h.Person == q.Person
		}
		if mine || out.By == "" {
			out.Seat, out.By, out.At, out.Verdict = seat.ID, b.Person, b.At, b.Verdict
		}
		if mine {
			return
		}
	}
}
