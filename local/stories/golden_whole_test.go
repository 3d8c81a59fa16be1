package stories

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/proof"
	"gangway/internal/review"
	"gangway/workflows"
)

// TestGoldenWhole takes a vendor on board by the playbook `whole` and watches it until it
// is off, in an oversight that begins a new run at every wake. With GANGWAY_RECORD=1 the
// histories of all of it are written to the workflows' testdata.
func TestGoldenWhole(t *testing.T) {
	t.Parallel()
	s := &taking{premises: newPremises(t)}
	s.wanted()
	s.compared()
	s.sworn()
	s.others(s.o)
	v := s.o.sealed(dossier.Live)
	s.joins() // else it would come up every few weeks
	for _, p := range v.Processes {
		for _, run := range p.Runs {
			s.o.keep("whole", p.ID, run)
		}
	}
	s.o.replayed()
	s.meets()
	s.watchedToTheEnd(v)
}

// meets: both sides' people who speak for them are invited to the meetings.
func (s *taking) meets() {
	s.t.Helper()
	w := s.o.overseen()
	w.until("the record says who is invited", func(dossier.CaseView) bool {
		lines, err := s.Archive.Lines(context.Background(), w.id)
		if err != nil {
			s.t.Fatalf("reading the case: %v", err)
		}
		for _, l := range lines {
			if d := l.Entry.Detail; l.Entry.Kind == dossier.MeetingsSet {
				if len(d.Values) < 2 || d.Result != "invited" {
					s.t.Fatalf("invited are %v, but %v: %s", d.Values, d.Points, d.Result)
				}
				return true
			}
		}
		return false
	})
	invited := s.posted.nadia.Inbox.Expect(s.t, "Meeting with")
	for _, f := range invited.Files { // as the part that shows buttons, and as a file
		if text := string(f.Bytes); !strings.Contains(text, "METHOD:REQUEST\r\n") || !strings.Contains(text, "RRULE:FREQ=WEEKLY\r\n") || !strings.Contains(text, "DTSTART;TZID=Europe/London:") {
			s.t.Errorf("the vendor's contact is sent %s:\n%s", f.Kind, text)
		}
	}
	if len(invited.Files) != 2 {
		s.t.Errorf("the vendor's contact is sent %d calendars", len(invited.Files))
	}
}

// watchedToTheEnd plays the oversight of a case again, with a new run at every wake: the
// vendor's first certificate is brought up, answered and accepted, and then it is off.
func (s *taking) watchedToTheEnd(v dossier.CaseView) {
	t := s.t
	t.Helper()
	ctx := context.Background()
	in := s.overseenBy(v)
	n, err := s.Archive.NumberFor(ctx, workflows.OversightPrefix(in.Vendor), "golden")
	if err != nil {
		t.Fatalf("reserving a number: %v", err)
	}
	id := workflows.ProcessID(workflows.OversightPrefix(in.Vendor), n)
	in.Case, in.Process, in.EachWake, in.Contacts = id, id, true, ""
	_, err = s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: workflows.TaskQueue}, workflows.OversightType, in)
	if err != nil {
		t.Fatalf("starting an oversight: %v", err)
	}
	o := &onboarding{h: s.house, id: id}
	o.until("it runs", func(v dossier.CaseView) bool { return v.State == dossier.Running })
	for range 60 {
		next := o.quiet()
		if s.acceptsOne(o) {
			break
		}
		if err := s.Rehearse(id).Jump(ctx, next); err != nil {
			t.Fatalf("jumping to %s: %v", next, err)
		}
	}
	o.act("maya", review.Act{Kind: review.Withdraw, Process: id})
	v = o.until("the oversight is sealed", func(v dossier.CaseView) bool { return v.Sealed })
	runs := v.Processes[0].Runs
	if len(runs) < 4 {
		t.Errorf("the oversight took %d runs", len(runs))
	}
	for i, run := range runs {
		o.keep(fmt.Sprintf("watched-%02d", i+1), id, run)
	}
	o.replayed()
}

// acceptsOne answers what is asked, and reports whether something that the vendor sent
// was accepted.
func (s *taking) acceptsOne(o *onboarding) (done bool) {
	s.t.Helper()
	for _, r := range o.open() {
		if !s.serve(o, r) {
			continue
		}
		if strings.HasSuffix(r.Step, "-accept") && r.Verdicts()[0] == playbook.TakeIt {
			return true
		}
	}
	return false
}

// overseenBy is the input with which a case that went live began its oversight.
func (s *taking) overseenBy(v dossier.CaseView) (in workflows.OversightInput) {
	s.t.Helper()
	h, err := proof.Fetch(context.Background(), s.client, v.Processes[0].ID, v.Processes[0].Runs[0])
	if err != nil {
		s.t.Fatalf("fetching the onboarding: %v", err)
	}
	for _, e := range h.GetEvents() {
		a := e.GetStartChildWorkflowExecutionInitiatedEventAttributes()
		if e.GetEventType() != enums.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED || a.GetWorkflowType().GetName() != workflows.OversightType {
			continue
		}
		if err := converter.GetDefaultDataConverter().FromPayloads(a.GetInput(), &in); err != nil {
			s.t.Fatalf("reading how the oversight began: %v", err)
		}
		return in
	}
	s.t.Fatal("no oversight was begun")
	return in
}
