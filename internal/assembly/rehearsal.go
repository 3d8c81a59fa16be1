package assembly

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/workflows"
)

// Rehearsal moves the clock of a case that is one.
type Rehearsal struct {
	house *House
	id    string
}

// Rehearse returns the clock of a rehearsal case.
func (h *House) Rehearse(caseID string) *Rehearsal { return &Rehearsal{house: h, id: caseID} }

// Due asks every open process of the case what its clock wants next. Quiet is
// true when nothing is being filed, told or delivered: whoever has nothing to
// answer then may jump. Next is zero when the case waits for people alone.
func (r *Rehearsal) Due(ctx context.Context) (next time.Time, quiet bool, err error) {
	v, err := r.house.Archive.Case(ctx, r.id)
	var missing dossier.NotFoundError
	if errors.As(err, &missing) { // opened, and not in the record yet
		return next, false, nil
	}
	if err != nil {
		return next, false, fmt.Errorf("reading the rehearsal: %w", err)
	}
	next, quiet, err = r.asked(ctx, open(v))
	if err != nil || !quiet {
		return next, false, err
	}
	// They are asked one after the other: who was asked first may have heard since from who
	// was asked last, and what it said of its clock holds no longer.
	return r.asked(ctx, open(v))
}

// asked asks each running process of the case once.
func (r *Rehearsal) asked(ctx context.Context, running []string) (next time.Time, quiet bool, err error) {
	quiet = true
	var awaited, over []string
	for _, p := range running {
		answer, err := r.house.engine.QueryWorkflow(ctx, p, "", workflows.QueryDue)
		if ended(err) {
			over = append(over, p)
			continue
		}
		if err != nil {
			return next, false, fmt.Errorf("asking a process when it is due: %w", err)
		}
		var due workflows.Due
		err = answer.Get(&due)
		if err != nil {
			return next, false, fmt.Errorf("reading when a process is due: %w", err)
		}
		if !due.Next.IsZero() && (next.IsZero() || due.Next.Before(next)) {
			next = due.Next
		}
		waiting, err := r.house.Archive.HasQueued(ctx, p)
		if err != nil {
			return next, false, fmt.Errorf("looking at the queue: %w", err)
		}
		awaited = append(awaited, due.Parts...)
		quiet = quiet && !due.Busy && !waiting
	}
	// Who waits for a process that has ended in between is about to hear of it, and what
	// it said of its clock holds no longer.
	news := slices.ContainsFunc(awaited, func(part string) bool { return !slices.Contains(running, part) || slices.Contains(over, part) })
	return next, quiet && !news, nil
}

// Jump sets all open processes of the case to one later instant.
func (r *Rehearsal) Jump(ctx context.Context, to time.Time) error {
	v, err := r.house.Archive.Case(ctx, r.id)
	if err != nil {
		return fmt.Errorf("reading the rehearsal: %w", err)
	}
	anchor := calendar.Anchor{Real: time.Now().UTC(), Case: to.UTC()}
	for _, p := range open(v) {
		h, err := r.house.engine.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
			UpdateID: fmt.Sprintf("jump/%d", to.UnixNano()), WorkflowID: p, UpdateName: workflows.UpdateJump,
			Args: []any{workflows.Jump{Anchor: anchor}}, WaitForStage: client.WorkflowUpdateStageCompleted})
		if err == nil {
			err = h.Get(ctx, nil)
		}
		if err != nil && !ended(err) {
			return fmt.Errorf("moving the clock of a process: %w", err)
		}
	}
	return nil
}

// open lists the processes of a case that have not ended.
func open(v dossier.CaseView) []string {
	var list []string
	for _, p := range v.Processes {
		if p.Ended.IsZero() {
			list = append(list, p.ID)
		}
	}
	return list
}

// ended reports that a process is over, or ended with the question in its hands.
func ended(err error) bool {
	var gone *serviceerror.NotFound
	var app *temporal.ApplicationError
	return errors.As(err, &gone) || errors.As(err, &app) && app.Type() == "AcceptedUpdateCompletedWorkflow"
}
