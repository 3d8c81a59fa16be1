package proof

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"

	"gangway/internal/dossier"
)

// TestNotReplayable: what this code can't replay is never called replayed, nor is it
// called contradicted; why is told.
func TestNotReplayable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(h *history.History)
		want   string
	}{
		{"a process of a later release", func(h *history.History) {
			h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().WorkflowType.Name = "Divestiture"
		}, `this release knows no process "Divestiture"`},
		{"reset by an operator", func(h *history.History) {
			h.Events[1].EventType = enums.EVENT_TYPE_WORKFLOW_TASK_FAILED
			h.Events[1].Attributes = &history.HistoryEvent_WorkflowTaskFailedEventAttributes{WorkflowTaskFailedEventAttributes: &history.WorkflowTaskFailedEventAttributes{
				Cause: enums.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW}}
		}, "an operator has reset it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := one(t, "dpa/collected-1")
			c.change(h)
			r := again(t, h)
			if r.Verdict != NotReplayable || !strings.Contains(r.Why, c.want) {
				t.Errorf("%s: %s", r.Verdict, r.Why)
			}
		})
	}
}

// TestNoHistory: what stands where a history should is told for what it is.
func TestNoHistory(t *testing.T) {
	t.Parallel()
	whole := one(t, "dpa/collected-1")
	packed := func(change func(h *history.History)) string {
		h := &history.History{Events: append([]*history.HistoryEvent(nil), whole.GetEvents()...)}
		change(h)
		text, err := Pack(h)
		if err != nil {
			t.Fatalf("packing a history: %v", err)
		}
		return string(text)
	}
	run := dossier.Entry{ID: "dpa/acme/1#1", Case: "dpa/acme/1", Process: "dpa/acme/1", Run: "run-a", Kind: dossier.ProcessStarted}
	filed := dossier.Entry{ID: "dpa/acme/1#archive/history-run-a", Case: "dpa/acme/1", Process: "dpa/acme/1", Run: "run-a", Kind: dossier.HistoryFiled, Detail: &dossier.Detail{Document: "sha256:1"}}
	erased := dossier.Entry{ID: "dpa/acme/1#archive/erased", Case: "dpa/acme/1", Process: "dpa/acme/1", Kind: dossier.Erased, Detail: &dossier.Detail{Document: "sha256:1", Rule: "art. 17"}}
	for _, c := range []struct {
		name, text, want string
		entries          []dossier.Entry
	}{
		{"a letter", "Dear all", "it can't be read as a history", []dossier.Entry{run, filed}},
		{"nothing", "{}", "it does not begin with the start of a run", []dossier.Entry{run, filed}},
		{"its end cut off", packed(func(h *history.History) { h.Events = h.Events[:len(h.Events)-1] }), "it has no end", []dossier.Entry{run, filed}},
		{"an event taken out", packed(func(h *history.History) { h.Events = append(h.Events[:9], h.Events[10:]...) }), "its event 10 is not in its place", []dossier.Entry{run, filed}},
		{"not filed", "", "its history is not in the record", []dossier.Entry{run}},
		{"erased", "", "its history was erased by rule", []dossier.Entry{run, filed, erased}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var lines []dossier.Line
			for i, e := range c.entries {
				lines = append(lines, dossier.Line{N: i + 1, Entry: e})
			}
			r, err := Verify(t.Context(), thisRelease, lines, func(dossier.Mention) (io.ReadCloser, error) {
				return io.NopCloser(strings.NewReader(c.text)), nil
			})
			if err != nil || r.Whole() || r.Contradicted() || len(r.Histories) != 1 || r.Histories[0].Verdict != NotReplayable || !strings.Contains(r.Histories[0].Why, c.want) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// TestNothingToReplay: a record without a run is not called whole.
func TestNothingToReplay(t *testing.T) {
	t.Parallel()
	r, err := Verify(t.Context(), thisRelease, nil, nil)
	if err != nil || r.Whole() || r.Contradicted() {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestVerifyStops: who stops it, and what can't be read, is an error and no verdict.
func TestVerifyStops(t *testing.T) {
	t.Parallel()
	lines := []dossier.Line{{N: 1, Entry: dossier.Entry{Process: "dpa/acme/1", Run: "run-a", Kind: dossier.HistoryFiled, Detail: &dossier.Detail{Document: "sha256:1"}}}}
	broken := errors.New("the disk is gone")
	_, err := Verify(t.Context(), thisRelease, lines, func(dossier.Mention) (io.ReadCloser, error) { return nil, broken })
	if !errors.Is(err, broken) {
		t.Errorf("a history that can't be opened: %v", err)
	}
	text, err := Pack(one(t, "dpa/collected-1"))
	if err != nil {
		t.Fatalf("packing a history: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err = Verify(ctx, thisRelease, lines, func(dossier.Mention) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after it was stopped: %v", err)
	}
}

// FuzzHistory: a stranger's history is read, replayed and held against what it says of
// itself without harm, and is called replayed only where nothing differs.
func FuzzHistory(f *testing.F) {
	for _, name := range []string{"dpa/v0.1.0-collected-1", "contract/v0.1.0-withdrawn-1", "oversight/v0.1.0-watched-02-2"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "workflows", "testdata", "histories", name+".json"))
		if err != nil {
			f.Fatalf("reading a golden history: %v", err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"events":[{"eventId":"1"},{"eventId":"2"},{"eventId":"3"}]}`))
	f.Add([]byte("Dear all"))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := parse(text)
		var none unreadableError
		if err != nil {
			if !errors.As(err, &none) {
				t.Fatalf("%v", err)
			}
			return
		}
		process, run := runOf(h)
		a, _ := accountOf(h, process, run)
		crossCheck(nil, []account{a})
		var ties ties
		ties.read(h, process, run)
		ties.differences()
		r := replayHistory(t.Context(), thisRelease, h, process, run)
		if (r.Verdict == Replayed) != (len(r.Differences) == 0 && r.Why == "") {
			t.Errorf("%+v", r)
		}
	})
}
