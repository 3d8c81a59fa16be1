package proof

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.temporal.io/api/deployment/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"

	"gangway/workflows"
)

// thisRelease is how the code of these tests calls itself.
const thisRelease = "a1b2c3d4"

// goldens are the recorded histories of every release, by their files.
func goldens(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "workflows", "testdata", "histories", "*", "*.json"))
	if err != nil || len(files) < 20 {
		t.Fatalf("there are %d golden histories, %v", len(files), err)
	}
	return files
}

func golden(t testing.TB, file string) *history.History {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading a golden history: %v", err)
	}
	h, err := parse(text)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return h
}

// one is a golden history as today's code would have had it recorded: "contract/agreed-1".
func one(t testing.TB, name string) *history.History {
	t.Helper()
	kind, story, _ := strings.Cut(name, "/")
	return renewed(t, golden(t, filepath.Join("..", "..", "workflows", "testdata", "histories", kind, "v0.1.0-"+story+".json")))
}

// runOf is the process and the run that a history says it is of.
func runOf(h *history.History) (process, run string) {
	a := h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes()
	return a.GetWorkflowId(), a.GetOriginalExecutionRunId()
}

// again replays a history as the run that it says it is of.
func again(t testing.TB, h *history.History) Replay {
	t.Helper()
	process, run := runOf(h)
	return replayHistory(context.Background(), thisRelease, h, process, run)
}

// renewed is a history in which everything that the code asks for and answers is as the
// code of today has it. Code before it, of the same form, left out what came later. It
// is also what a forger does who rewrites the consequences of a change.
func renewed(t testing.TB, h *history.History) *history.History {
	t.Helper()
	h = proto.Clone(h).(*history.History)
	process, run := runOf(h)
	rec := &recorder{answers: make(map[string]said)}
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{Interceptors: []interceptor.WorkerInterceptor{rec}, DisableDeadlockDetection: true})
	if err != nil {
		t.Fatalf("making a replayer: %v", err)
	}
	workflows.RegisterWorkflows(replayer)
	err = playAgain(context.Background(), replayer, h, workflow.Execution{ID: process, RunID: run})
	if err != nil {
		t.Fatalf("renewing the history of %s: %v", process, err)
	}
	asked := make(map[kind][]wish)
	for _, w := range rec.wishes {
		asked[w.kind] = append(asked[w.kind], w)
	}
	next := func(k kind) wish {
		w := asked[k][0]
		asked[k] = asked[k][1:]
		return w
	}
	for _, e := range h.GetEvents() {
		switch a := e.GetAttributes().(type) {
		case *history.HistoryEvent_ActivityTaskScheduledEventAttributes:
			a.ActivityTaskScheduledEventAttributes.Input = next(activityKind).input
		case *history.HistoryEvent_StartChildWorkflowExecutionInitiatedEventAttributes:
			a.StartChildWorkflowExecutionInitiatedEventAttributes.Input = next(childKind).input
		case *history.HistoryEvent_SignalExternalWorkflowExecutionInitiatedEventAttributes:
			a.SignalExternalWorkflowExecutionInitiatedEventAttributes.Input = next(signalKind).input
		case *history.HistoryEvent_WorkflowExecutionUpdateCompletedEventAttributes:
			u := a.WorkflowExecutionUpdateCompletedEventAttributes
			u.GetOutcome().GetValue()
			if u.GetOutcome().GetSuccess() != nil {
				u.GetOutcome().GetSuccess().Payloads = payloads([]any{rec.answers[u.GetMeta().GetUpdateId()].result}).GetPayloads()
			}
		case *history.HistoryEvent_WorkflowExecutionCompletedEventAttributes:
			a.WorkflowExecutionCompletedEventAttributes.Result = payloads([]any{rec.result})
		case *history.HistoryEvent_WorkflowExecutionContinuedAsNewEventAttributes:
			a.WorkflowExecutionContinuedAsNewEventAttributes.Input = rec.err.(*workflow.ContinueAsNewError).Input
		case *history.HistoryEvent_WorkflowTaskCompletedEventAttributes:
			a.WorkflowTaskCompletedEventAttributes.DeploymentVersion = &deployment.WorkerDeploymentVersion{DeploymentName: "gangway", BuildId: thisRelease}
		}
	}
	return h
}

// TestReplayGoldens: a history of today's code is replayed to the last input. One that was
// recorded by code before it is never called replayed where that code left out what is
// there now, and is not called contradicted either.
func TestReplayGoldens(t *testing.T) {
	t.Parallel()
	for _, file := range goldens(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			h := golden(t, file)
			r := again(t, h)
			if (r.Verdict == Replayed) != (len(r.Differences) == 0) || r.Verdict == Differs || r.Release != Unnamed {
				t.Errorf("as recorded: %s, %s: %v", r.Verdict, r.Why, r.Differences)
			}
			for _, d := range r.Differences {
				if d.shape || strings.HasPrefix(d.What, "the timer") {
					t.Errorf("as recorded: %s", d) // additions to what is said change no clock
				}
			}
			r = again(t, renewed(t, h))
			if r.Verdict != Replayed || r.Events != len(h.GetEvents()) || r.Release != thisRelease {
				t.Errorf("%s, %s: %v", r.Verdict, r.Why, r.Differences)
			}
		})
	}
}

// ofType is the n-th event of a type, counted from 0.
func ofType(t testing.TB, h *history.History, kind enums.EventType, n int) *history.HistoryEvent {
	t.Helper()
	for _, e := range h.GetEvents() {
		if e.GetEventType() != kind {
			continue
		}
		if n == 0 {
			return e
		}
		n--
	}
	t.Fatalf("the history has no such event: %s", kind)
	return nil
}
