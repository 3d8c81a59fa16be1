package proof

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/payload"
	"gangway/workflows"
)

// Verdict is what became of the replay of one history.
type Verdict string

// Verdicts. What this binary cannot replay is never called replayed.
const (
	Replayed      Verdict = "replayed"
	Differs       Verdict = "differs"
	NotReplayable Verdict = "not replayable"
)

// Replay is the history of one run, and what its replay came to.
type Replay struct {
	Process string  `json:"process"`
	Run     string  `json:"run"`
	Verdict Verdict `json:"verdict"`
	// Events is how many events the history has; 0: it could not be read.
	Events int `json:"events"`
	// Release names the code that recorded it, as that code called itself.
	Release string `json:"release,omitempty"`
	// Why it is not replayable.
	Why string `json:"why,omitempty"`
	// Differences between the history and the code, in the order of the history.
	Differences []Difference `json:"differences,omitempty"`
}

// replayWithin bounds the replay of one history. The largest that the engine takes, of
// 50,000 events, replays in seconds.
const replayWithin = 5 * time.Minute

// differencesMost bounds how many differences of one history are told: those behind the
// first mostly follow from it.
const differencesMost = 5

// Unnamed is the release of code that was run or tested, not built.
const Unnamed = "unknown"

// unreadableError says why a history is none.
type unreadableError string

// Error says it.
func (e unreadableError) Error() string { return string(e) }

// parse reads a filed history. What it returns begins with its start, ends with its
// end, and its events are numbered from 1 on.
func parse(text []byte) (*history.History, error) {
	h, err := client.HistoryFromJSON(bytes.NewReader(text), client.HistoryJSONOptions{})
	if err != nil {
		return nil, unreadableError("it can't be read as a history")
	}
	if len(h.GetEvents()) < 3 || h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes() == nil {
		return nil, unreadableError("it does not begin with the start of a run")
	}
	for i, e := range h.GetEvents() {
		if e.GetEventId() != int64(i+1) || e.GetAttributes() == nil {
			return nil, unreadableError(fmt.Sprintf("its event %d is not in its place, or is empty", i+1))
		}
	}
	if !closes(h.GetEvents()[len(h.GetEvents())-1].GetEventType()) {
		return nil, unreadableError("it has no end")
	}
	err = payload.Unpack(h)
	if err != nil {
		return nil, unreadableError("what it carries can't be unpacked")
	}
	return h, nil
}

// replayHistory replays one history of a run through the code of this binary, which
// calls itself release, and compares what it can.
func replayHistory(ctx context.Context, release string, h *history.History, process, run string) Replay {
	r := Replay{Process: process, Run: run, Verdict: Replayed, Events: len(h.GetEvents()), Release: releaseOf(h)}
	started := h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes()
	kind := started.GetWorkflowType().GetName()
	if reset(h) {
		return r.not("an operator has reset it: it carries what an earlier run asked for")
	}
	if d := belongs(h, process, run); len(d) > 0 {
		r.Verdict, r.Differences = Differs, d
		return r
	}
	rec := &recorder{answers: make(map[string]said)}
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{
		Interceptors: []interceptor.WorkerInterceptor{rec}, DisableDeadlockDetection: true}) // a busy machine is no deadlock
	if err != nil {
		return r.not("no replayer can be made: " + err.Error())
	}
	known := registry{WorkflowRegistry: replayer}
	workflows.RegisterWorkflows(&known)
	if !slices.Contains(known.names, kind) {
		return r.not(fmt.Sprintf("this release knows no process %q", kind))
	}
	err = playAgain(ctx, replayer, h, workflow.Execution{ID: process, RunID: run})
	if errors.Is(err, errTooLong) || errors.Is(err, errPanic) || ctx.Err() != nil {
		return r.not(err.Error())
	}
	return r.judge(compare(h, rec), err, release)
}

// judge gives the verdict. What the very code that recorded a history does otherwise
// contradicts it. Code of another release may do things otherwise in good faith, and
// code without a name may be any: then the history is not replayable here, and what
// differs is told all the same.
func (r Replay) judge(found []Difference, err error, release string) Replay {
	if len(found) == 0 && err == nil {
		return r
	}
	switch {
	case len(found) == 0:
		found = []Difference{{What: "what the code asks for", History: "other things", Other: "stops at " + firstLine(err), By: byCode, shape: true}}
	case err != nil && found[len(found)-1].shape:
		found[len(found)-1].Other += ", and stops at " + firstLine(err)
	}
	if len(found) > differencesMost {
		found = found[:differencesMost]
	}
	r.Differences = found
	if release == r.Release && release != Unnamed && release != "" {
		r.Verdict = Differs
		return r
	}
	return r.not(fmt.Sprintf("it was recorded by release %s, and the code of this one, %s, does things otherwise", cmp.Or(r.Release, Unnamed), cmp.Or(release, Unnamed)))
}

func (r Replay) not(why string) Replay {
	r.Verdict, r.Why = NotReplayable, why
	return r
}

// firstLine is what the engine's library says of a history that it can't follow.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	if _, says, found := strings.Cut(line, "[TMPRL1100] "); found { // the number of its page on such histories
		line = says
	}
	return strconv.Quote(strings.ToValidUTF8(line[:min(len(line), 300)], ""))
}

var (
	errTooLong = errors.New("its replay takes too long")
	errPanic   = errors.New("the replayer stumbles over it")
)

// playAgain replays in a goroutine of its own, which goes on in vain when it takes too
// long: nothing can stop it.
func playAgain(ctx context.Context, replayer worker.WorkflowReplayer, h *history.History, x workflow.Execution) error {
	ctx, cancel := context.WithTimeoutCause(ctx, replayWithin, errTooLong)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if recover() != nil { // the SDK trusts an engine's histories; this one is a stranger's
				done <- errPanic
			}
		}()
		done <- replayer.ReplayWorkflowHistoryWithOptions(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), h,
			worker.ReplayWorkflowHistoryOptions{OriginalExecution: x})
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// registry notes which processes this binary knows.
type registry struct {
	worker.WorkflowRegistry
	names []string
}

// RegisterWorkflowWithOptions notes the name.
func (r *registry) RegisterWorkflowWithOptions(f any, o workflow.RegisterOptions) {
	r.names = append(r.names, o.Name)
	r.WorkflowRegistry.RegisterWorkflowWithOptions(f, o)
}

// belongs compares the ids in a history with the run that the record says it is of.
func belongs(h *history.History, process, run string) []Difference {
	a := h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes()
	var found []Difference
	if a.GetWorkflowId() != process {
		found = append(found, Difference{Event: 1, What: "whose history it is", Field: "process", History: show(a.GetWorkflowId()), Other: "says " + show(process), By: byJournal})
	}
	if a.GetOriginalExecutionRunId() != run {
		found = append(found, Difference{Event: 1, What: "whose history it is", Field: "run", History: show(a.GetOriginalExecutionRunId()), Other: "says " + show(run), By: byJournal})
	}
	return found
}

// reset reports a run that an operator began in the middle of another.
func reset(h *history.History) bool {
	return slices.ContainsFunc(h.GetEvents(), func(e *history.HistoryEvent) bool {
		return e.GetWorkflowTaskFailedEventAttributes().GetCause() == enums.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW
	})
}

// releaseOf is the code that worked on a run last, as it called itself.
func releaseOf(h *history.History) string {
	for _, e := range slices.Backward(h.GetEvents()) {
		if a := e.GetWorkflowTaskCompletedEventAttributes(); a.GetDeploymentVersion().GetBuildId() != "" {
			return a.GetDeploymentVersion().GetBuildId()
		}
	}
	return ""
}
