package workflows

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// histories lists the golden histories; there must be some of each process.
func histories(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "histories", "*", "*.json"))
	if err != nil {
		t.Fatalf("listing the golden histories: %v", err)
	}
	for _, kind := range []string{"onboarding", "contract", "dpa", "diligence", "pilot", "oversight", "aftercare"} {
		if !strings.Contains(strings.Join(files, " "), string(filepath.Separator)+kind+string(filepath.Separator)) {
			t.Fatalf("there is no golden history of %s", kind)
		}
	}
	return files
}

func readHistory(t testing.TB, file string) *history.History {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatalf("opening a golden history: %v", err)
	}
	defer f.Close()
	h, err := client.HistoryFromJSON(f, client.HistoryJSONOptions{})
	if err != nil {
		t.Fatalf("reading %s: %v", file, err)
	}
	return h
}

// processOf is the id under which a history ran.
func processOf(h *history.History) string {
	return h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowId()
}

func replay(t testing.TB, h *history.History, mutant interceptor.WorkerInterceptor) error {
	t.Helper()
	// The watch for deadlocks goes by the wall clock: a busy machine would look like one.
	o := worker.WorkflowReplayerOptions{DisableDeadlockDetection: true}
	if mutant != nil {
		o.Interceptors = []interceptor.WorkerInterceptor{mutant}
	}
	r, err := worker.NewWorkflowReplayerWithOptions(o)
	if err != nil {
		t.Fatalf("making a replayer: %v", err)
	}
	RegisterWorkflows(r)
	return r.ReplayWorkflowHistoryWithOptions(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), h, worker.ReplayWorkflowHistoryOptions{OriginalExecution: workflow.Execution{ID: processOf(h)}})
}

// TestReplayGoldenHistories: code of today runs the histories of every release.
func TestReplayGoldenHistories(t *testing.T) {
	t.Parallel()
	for _, file := range histories(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			if err := replay(t, readHistory(t, file), nil); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		})
	}
}

// TestReplayOpenPrefixes: a case that was still running when the release came
// goes on. A prefix ends where the engine would next schedule a task; cut
// elsewhere, its last task has no commands and looks like another code's.
func TestReplayOpenPrefixes(t *testing.T) {
	t.Parallel()
	for _, file := range histories(t) {
		h := readHistory(t, file)
		for i, e := range h.GetEvents() {
			if i < 4 || e.GetEventType() != enums.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED {
				continue
			}
			prefix := &history.History{Events: h.GetEvents()[:i]}
			if err := replay(t, prefix, nil); err != nil {
				t.Errorf("%s up to event %d: %v", file, i, err)
			}
		}
	}
}

// TestReplayFindsChangedCode: each small change of the code that a running case
// would trip over makes the replay fail.
func TestReplayFindsChangedCode(t *testing.T) {
	t.Parallel()
	for _, m := range []mutation{
		{name: "an activity added", add: actNumber, at: 2},
		{name: "an activity removed", remove: actRecord},
		{name: "an activity renamed", rename: [2]string{actSeat, "Seating"}},
		{name: "two activities reordered", swap: [2]string{actRecord, actSeat}},
		{name: "a timer added", timer: true, at: 2},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			for _, file := range histories(t) {
				h := readHistory(t, file)
				last := h.GetEvents()[len(h.GetEvents())-1].GetEventType()
				if last == enums.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW || h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId() != "" {
					continue // a run among others may be too short to have any of it
				}
				if err := replay(t, h, &mutant{m: m}); err == nil {
					t.Errorf("%s replays although the code has %s", file, m.name)
				}
			}
		})
	}
}
