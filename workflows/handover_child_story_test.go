package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/exit"
	"gangway/internal/review"
)

// An exit waits for its hand-over, hears that the vendor is silent and that it answered in
// the end, and holds it while it is on hold itself.
func TestHandoverOfAnExit(t *testing.T) {
	s := newHandover(t, "more")
	var words []string
	parent := func(ctx workflow.Context, in ExitPartInput) (out ExitPartResult, err error) {
		workflow.Go(ctx, func(ctx workflow.Context) {
			for {
				var n PartNews
				workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
				words = append(words, n.Word)
			}
		})
		child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: in.Process})
		err = workflow.ExecuteChildWorkflow(child, HandoverType, in).Get(ctx, &out)
		return out, err
	}
	s.env.RegisterWorkflowWithOptions(parent, workflow.RegisterOptions{Name: "parent"})
	s.on(13*day, func() {
		s.wantAsked("hand-document", "settle-document")
		if !slices.Equal(words, []string{NewsSilent}) {
			t.Errorf("the exit heard %q", words)
		}
		s.provides("acme.1", "hand-document")
	})
	s.on(14*day, func() {
		if !slices.Equal(words, []string{NewsSilent, NewsAnswered}) {
			t.Errorf("the exit heard %q", words)
		}
		if err := s.env.SignalWorkflowByID(firstHandover, SignalSteer, review.Act{ID: "hold", Kind: review.Hold, Process: firstHandover, Person: s.person("owner-ola")}); err != nil {
			t.Error(err)
		}
	})
	s.on(14*day+time.Hour, func() {
		s.provides("it-ida", "verify-document") // what is answered counts
	})
	s.on(15*day, func() {
		s.wantNobodyAsked("take-document")
		if err := s.env.SignalWorkflowByID(firstHandover, SignalSteer, review.Act{ID: "resume", Kind: review.Resume, Process: firstHandover, Person: s.person("owner-ola")}); err != nil {
			t.Error(err)
		}
	})
	s.on(15*day+time.Hour, func() { s.answer("owner-ola", "take-document", review.Approve) })
	in := ExitPartInput{Common: s.in.Common, Order: exit.Order{Mode: exit.ModePlanned}, Assets: assetsOf(exit.AssetDocument, "", "doc-1")}
	in.Process, in.Case, in.Parent = firstHandover, "exit/acme/1", "exit/acme/1"
	var out ExitPartResult
	s.run("parent", in.Case, in, &out)
	s.checkHandover(out)
	s.wantStates(out, ResultDone, "doc-1 done")
}

// A playbook in which nobody verifies, or nobody takes, hands nothing over.
func TestHandoverThatNobodyWouldVerify(t *testing.T) {
	for _, without := range []string{"verify", "take"} {
		t.Run(without, func(t *testing.T) {
			s := newHandover(t, without)
			in := ExitPartInput{Common: s.in.Common, Assets: assetsOf(exit.AssetLicence, "", "l-1")}
			in.Process, in.Case = s.root, s.root
			s.start(HandoverType, in.Process, in)
			if err := s.env.GetWorkflowError(); err == nil || !strings.Contains(err.Error(), "no step that verifies") {
				t.Errorf("it came to %v", err)
			}
		})
	}
}
