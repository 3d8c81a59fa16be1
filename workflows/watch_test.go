package workflows

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"gangway/internal/review"
)

// startAs gives the story's own process its id; the test engine wants a task
// queue and a bound as well.
func startAs(id string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{ID: id, TaskQueue: TaskQueue, WorkflowExecutionTimeout: 20 * 365 * day}
}

// watched is what the engine did while a story ran.
type watched struct {
	timers  []string // live now
	armed   int
	naps    bool           // the record refuses for good, which waits on a timer of its own
	calls   map[string]int // by activity
	inputs  []string       // of activities, as JSON
	results []string       // of activities, as JSON
	queues  []string       // on which activities waited
	// calling is called when an activity starts, with its name and input.
	calling func(name, input string)
}

// watch listens to the engine's timers and activities.
func (s *story) watch() {
	s.seen.calls = map[string]int{}
	s.env.SetOnTimerScheduledListener(func(id string, _ time.Duration) {
		s.seen.timers = append(s.seen.timers, id)
		s.seen.armed++
	})
	gone := func(id string) {
		s.seen.timers = slices.DeleteFunc(s.seen.timers, func(x string) bool { return x == id })
	}
	s.env.SetOnTimerFiredListener(gone)
	s.env.SetOnTimerCanceledListener(gone)
	s.env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, args converter.EncodedValues) {
		s.seen.calls[info.ActivityType.Name]++
		s.seen.queues = append(s.seen.queues, info.TaskQueue)
		var raw json.RawMessage
		if err := args.Get(&raw); err != nil {
			s.t.Errorf("reading the input of %s: %v", info.ActivityType.Name, err)
		}
		s.seen.inputs = append(s.seen.inputs, string(raw))
		if s.seen.calling != nil {
			s.seen.calling(info.ActivityType.Name, string(raw))
		}
	})
}

// hearResults keeps what activities returned.
func (s *story) hearResults() {
	s.env.SetOnActivityCompletedListener(func(info *activity.Info, result converter.EncodedValue, err error) {
		if err != nil {
			s.seen.results = append(s.seen.results, err.Error())
			return
		}
		var raw json.RawMessage
		if result.HasValue() && result.Get(&raw) == nil {
			s.seen.results = append(s.seen.results, string(raw))
		}
	})
}

// check holds what is true of every story at its end.
func (s *story) check() {
	s.t.Helper()
	s.checkOutcomes()
	s.checkFold()
	for _, w := range s.rec.wrong {
		s.t.Error(w)
	}
	if len(s.seen.timers) > 0 {
		s.t.Errorf("timers %v are left after the end", s.seen.timers)
	}
	for _, r := range s.view().Requests {
		if r.Closed == nil {
			s.t.Errorf("%s is open after the end", r.ID)
		}
		last := review.Copy{}
		for _, c := range s.rec.copies {
			if c.Request == r.ID {
				last = c
			}
		}
		if !last.Closed || r.Closed != nil && last.State != r.Closed.State {
			s.t.Errorf("the copies of %s show %+v, the record %+v", r.ID, last, r.Closed)
		}
	}
}

// checkOutcomes compares what people were told about their answers with what
// the story expects.
func (s *story) checkOutcomes() {
	s.t.Helper()
	if s.anyOutcome {
		return
	}
	for id, o := range s.last {
		if want, bad := s.want[id]; bad && (o.Status != review.Refused || o.Refusal != want) {
			s.t.Errorf("%s came to %+v, want refused as %s", id, o, want)
		} else if !bad && o.Status == review.Refused {
			s.t.Errorf("%s was refused: %+v", id, o)
		}
	}
	for id := range s.want {
		if _, ok := s.last[id]; !ok {
			s.t.Errorf("%s was never answered", id)
		}
	}
}

// checkFold compares the fold of the record with every process's own state.
func (s *story) checkFold() {
	s.t.Helper()
	v := s.view()
	for _, p := range v.Processes {
		var own, folded []review.Request
		for _, r := range v.Requests {
			if r.Process == p.ID {
				folded = append(folded, r)
			}
		}
		own = s.state(p.ID)
		for i := range own { // refusals past the bound are only counted
			own[i].Refusals = min(own[i].Refusals, review.MaxAttempts)
		}
		if d := cmp.Diff(own, folded, cmpopts.EquateEmpty()); d != "" {
			s.t.Errorf("the record of %s differs from its state (- state, + record):\n%s", p.ID, d)
		}
	}
}

// state asks a process for its requests.
func (s *story) state(process string) []review.Request {
	s.t.Helper()
	var all []review.Request
	s.query(process, QueryState, &all)
	return all
}

// due asks a process what it will do next by itself.
func (s *story) due(process string) Due {
	s.t.Helper()
	var d Due
	s.query(process, QueryDue, &d)
	return d
}

func (s *story) query(process, name string, out any) {
	s.t.Helper()
	ask := func() (converter.EncodedValue, error) { return s.env.QueryWorkflowByID(process, name) }
	if process == s.root && !s.beside {
		ask = func() (converter.EncodedValue, error) { return s.env.QueryWorkflow(name) }
	}
	got, err := ask()
	if err != nil {
		s.t.Errorf("asking %s for %s: %v", process, name, err)
		return
	}
	if err := got.Get(out); err != nil {
		s.t.Errorf("reading %s of %s: %v", name, process, err)
	}
}

// wantEntries asserts the kinds of entries, in order, leaving out what requests
// did.
func (s *story) wantEntries(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, e := range s.rec.entries {
		if e.Fact == nil {
			got = append(got, string(e.Kind))
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the record says (- want, + got):\n%s\n%s", d, strings.Join(got, " "))
	}
}
