package proof

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"gangway/internal/dossier"
	"gangway/internal/payload"
)

// maxHistory bounds an exported history: the engine's own limit is 50 MiB, and
// JSON takes a few times the room.
const maxHistory = 512 << 20

// file exports one run's history into the documents and notes it in the case.
// A run that is still closing is left for the next pass.
func (k *Keeper) file(ctx context.Context, v dossier.CaseView, process, run string) error {
	h, err := Fetch(ctx, k.engine, process, run)
	if errors.Is(err, errRunning) {
		return nil
	}
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		if !slices.Contains(k.lost, run) {
			k.lost = append(k.lost, run)
			k.log.Error("the engine no longer has a run whose history was never filed", "process", process, "run", run)
		}
		return nil
	}
	if err != nil {
		return err
	}
	text, err := Pack(h)
	if err != nil {
		return err
	}
	paper, err := k.store.Put(ctx, bytes.NewReader(text), maxHistory)
	if err != nil {
		return fmt.Errorf("keeping a history: %w", err)
	}
	err = k.hold(ctx)
	if err != nil {
		return err
	}
	now := k.now().UTC()
	err = k.store.Append(ctx, []dossier.Entry{{ID: process + "#archive/history-" + run, Case: v.ID, Process: process, Run: run,
		Kind: dossier.HistoryFiled, At: now, CaseAt: v.Now(now).UTC(),
		Detail: &dossier.Detail{Document: paper.Digest, Size: paper.Size, Media: "application/json", Name: "history"}}})
	if err != nil {
		return fmt.Errorf("noting a history: %w", err)
	}
	return nil
}

var errRunning = errors.New("the run has not ended")

// Fetch reads the whole history of a closed run from the engine, and unpacks
// what it carries: what is filed is read by whoever has nothing of ours.
func Fetch(ctx context.Context, engine client.Client, process, run string) (*history.History, error) {
	var h history.History
	it := engine.GetWorkflowHistory(ctx, process, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for it.HasNext() {
		e, err := it.Next()
		if err != nil {
			return nil, fmt.Errorf("reading a history: %w", err)
		}
		h.Events = append(h.Events, e)
	}
	if len(h.Events) == 0 || !closes(h.Events[len(h.Events)-1].GetEventType()) {
		return nil, errRunning
	}
	err := payload.Unpack(&h)
	if err != nil {
		return nil, fmt.Errorf("reading what a history carries: %w", err)
	}
	return &h, nil
}

func closes(t enums.EventType) bool {
	return slices.Contains([]enums.EventType{
		enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, enums.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
		enums.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED, enums.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
		enums.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT, enums.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
	}, t)
}

// Pack is a history as JSON with readable payloads, as the engine's own tools
// write it; a replayer reads it back.
func Pack(h *history.History) ([]byte, error) {
	text, err := temporalproto.CustomJSONMarshalOptions{Indent: " "}.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("packing a history: %w", err)
	}
	return text, nil
}

// closedQuery asks the engine for all closed runs. A sweep in between asks for
// those since the last one that found no fault, with room for clocks that differ
// and for the engine's index, which is a little behind.
const closedQuery = "ExecutionStatus != 'Running'"

// sweep files runs that the engine has closed and that no entry said had ended:
// a process that an operator terminated. Its case stays open in the record. The
// engine lists all that it retains; only what the record has open is looked at.
func (k *Keeper) sweep(ctx context.Context) error {
	open, err := k.store.OpenProcesses(ctx)
	if err != nil {
		return fmt.Errorf("listing what has not ended: %w", err)
	}
	slices.Sort(open)
	at := k.now()
	full := at.Sub(k.sweptFull) >= sweepAll
	query := closedQuery
	if !full {
		query += " AND CloseTime > '" + k.swept.Add(-sweepBack).UTC().Format(time.RFC3339) + "'"
	}
	var next []byte
	var faults []error
	for {
		page, err := k.engine.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
			Query: query, NextPageToken: next, PageSize: 200})
		if err != nil {
			return errors.Join(append(faults, fmt.Errorf("listing closed runs: %w", err))...)
		}
		for _, e := range page.GetExecutions() {
			if _, ours := slices.BinarySearch(open, e.GetExecution().GetWorkflowId()); !ours {
				continue
			}
			err = k.fileClosed(ctx, e.GetExecution())
			if stops(err) {
				return errors.Join(append(faults, err)...)
			}
			faults = append(faults, err)
		}
		next = page.GetNextPageToken()
		if len(next) == 0 {
			break
		}
	}
	err = errors.Join(faults...)
	if err != nil {
		return err
	}
	if full {
		k.sweptFull = at
	}
	k.swept = at
	return nil
}

func (k *Keeper) fileClosed(ctx context.Context, x *common.WorkflowExecution) error {
	id, err := k.store.CaseOf(ctx, x.GetWorkflowId())
	if err != nil {
		return fmt.Errorf("looking for the case of a closed run: %w", err)
	}
	v, err := k.store.Case(ctx, id)
	if err != nil {
		return fmt.Errorf("looking up the case of a closed run: %w", err)
	}
	i := slices.IndexFunc(v.Processes, func(p dossier.ProcessView) bool { return p.ID == x.GetWorkflowId() })
	if i < 0 || v.Sealed || !v.Processes[i].Ended.IsZero() || filed(v.Processes[i], x.GetRunId()) {
		return nil
	}
	return k.file(ctx, v, x.GetWorkflowId(), x.GetRunId())
}
