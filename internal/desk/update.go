package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/dossier"
	"gangway/internal/review"
	"gangway/workflows"
)

// peoplePrefix marks queued rows that tell a process of changed people.
const peoplePrefix = "people/"

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
	var out review.Outcome
	if err == nil {
		if name == workflows.UpdatePeople {
			return review.Outcome{Status: review.Counted}, handle.Get(ctx, nil)
		}
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

// gone reports that the process has ended or never was, or that it ended with
// the Update in its hands.
func gone(err error) bool {
	var missing *serviceerror.NotFound
	var app *temporal.ApplicationError
	return errors.As(err, &missing) || errors.As(err, &app)
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
	if strings.HasPrefix(q.ID, peoplePrefix) {
		return review.Outcome{Status: review.Refused, Refusal: review.Closed}, nil
	}
	line, known, err := d.store.AnswerLine(ctx, q.ID)
	if err != nil {
		return review.Outcome{}, fmt.Errorf("looking for the answer in the record: %w", err)
	}
	if known {
		return outcomeOf(line), nil
	}
	out := review.Outcome{Status: review.Refused, Refusal: review.Closed, Request: q.Request, By: q.Person, At: q.At}
	caseID := q.Process
	switch {
	case q.Request != "":
		r, err := d.store.Request(ctx, q.Request)
		if isNotFound(err) {
			out.Refusal = review.Unknown
			return out, nil // nothing of ours: nothing to record it with
		}
		if err != nil {
			return review.Outcome{}, fmt.Errorf("looking up the request: %w", err)
		}
		caseID = r.Case
		decided(&out, &r, q)
	default:
		caseID, err = d.caseOf(ctx, q.Process)
		if isNotFound(err) {
			out.Refusal = review.Unknown
			return out, nil
		}
		if err != nil {
			return review.Outcome{}, err
		}
	}
	recorded := out
	view, err := d.store.Case(ctx, caseID)
	if err != nil {
		return review.Outcome{}, fmt.Errorf("looking up the case: %w", err)
	}
	err = d.store.Append(ctx, []dossier.Entry{{ID: q.Process + "#desk/" + q.ID, Case: caseID, Process: q.Process,
		Kind: dossier.Attempt, At: q.At.UTC(), CaseAt: view.Now(q.At).UTC(), Actor: q.Person, Answer: q.ID, Detail: &dossier.Detail{Outcome: &recorded}}})
	if err != nil {
		return review.Outcome{}, fmt.Errorf("recording a late answer: %w", err)
	}
	return out, nil
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

// outcomeOf reads the outcome of an answer or act from the line it left.
func outcomeOf(l dossier.Line) review.Outcome {
	e := l.Entry
	if e.Fact != nil && e.Fact.Outcome != nil {
		return *e.Fact.Outcome
	}
	if e.Detail != nil && e.Detail.Outcome != nil {
		return *e.Detail.Outcome
	}
	out := review.Outcome{Status: review.Counted, By: e.Actor, At: e.CaseAt}
	if e.Fact != nil {
		out.Request, out.Seat = e.Fact.Request, e.Fact.Seat
		if b := e.Fact.Ballot; b != nil {
			out.Verdict, out.Version, out.By, out.At = b.Verdict, b.Version, b.Person, b.At
		}
	}
	return out
}

// caseOf finds the case that a process belongs to.
func (d *Desk) caseOf(ctx context.Context, process string) (string, error) {
	cases, err := d.store.Cases(ctx)
	if err != nil {
		return "", fmt.Errorf("listing cases: %w", err)
	}
	for _, c := range cases {
		for _, p := range c.Processes {
			if p.ID == process {
				return c.ID, nil
			}
		}
	}
	return "", dossier.NotFoundError{What: "process", ID: process}
}
