package workflows

import (
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/exit"
	"gangway/internal/playbook"
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

// Where a playbook has no step that verifies, whoever takes it looks whether it works: it
// is not who handed it over, and nothing is done by somebody's word alone.
func TestHandoverVerifiedByWhoeverTakes(t *testing.T) {
	s := newHandover(t, "more", "verify", "moved")
	s.on(1*day, func() { s.provides("acme.1", "hand-licence", saysNo("l-2")) })
	s.on(2*day, func() {
		s.wantAsked("hand-over-ci-secret", "take-licence", "settle-licence")
		if r := s.open("settle-licence"); slices.Contains(r.Options, byHand) {
			t.Errorf("the owner may %v", r.Options)
		}
		s.answer("owner-ola", "take-licence", review.Approve)
		s.answer("owner-ola", "settle-licence", playbook.AskVendor, telling)
		s.provides("legal-lee", "hand-over-ci-secret")
	})
	s.on(3*day, func() {
		s.refused(s.answer("legal-lee", "take-ci-secret", review.Approve), review.OwnWork) // who made it anew
		s.provides("acme.1", "hand-licence")
	})
	s.on(4*day, func() { s.answer("owner-ola", "take-licence", review.Approve); s.act(s.root, "owner-ola", review.Stop) })
	in := ExitPartInput{Common: s.in.Common, Assets: append(assetsOf(exit.AssetLicence, "", "l-1", "l-2"), assetsOf(exit.AssetSecret, "legal-lee", "s-1")...)}
	in.Process, in.Case = s.root, s.root
	var out ExitPartResult
	s.run(HandoverType, in.Process, in, &out)
	s.wantStates(out, ResultIncomplete, "s-1 open offered", "l-1 done", "l-2 done")
	if m := matterOf(out, "l-1"); m.By != "owner-ola" || m.Document == "" || m.Document == matterOf(out, "l-2").Document {
		t.Errorf("the matter is %+v", m)
	}
}

// What the plan names and nobody would take, or sign for, can only be waived.
func TestHandoverAndTransferThatNobodyWouldSignFor(t *testing.T) {
	waives := func(s *story, id string) {
		s.on(1*day, func() {
			s.wantAsked("settle-" + id)
			if r := s.open("settle-" + id); !slices.Equal(r.Options, []review.Verdict{playbook.Waive}) {
				t.Errorf("the owner may %v", r.Options)
			}
			s.answer("owner-ola", "settle-"+id, playbook.Waive)
		})
		s.on(2*day, func() { s.provides("owner-ola", "waiver-"+id, validTo(monday.AddDate(0, 1, 0))) })
	}
	t.Run("handover", func(t *testing.T) {
		s := newHandover(t, "more", "take")
		waives(s, "licence")
		s.wantStates(s.playHandover(assetsOf(exit.AssetLicence, "", "l-1")), ResultDone, "l-1 waived not-in-playbook")
	})
	t.Run("transfer", func(t *testing.T) {
		l := newTransfer(t, []exit.Area{{ID: "payroll"}}, "shown")
		waives(l.story, "payroll")
		l.wantStates(l.teaches(), ResultDone, "payroll waived not-in-playbook")
	})
	t.Run("nothing named", func(t *testing.T) {
		l := newTransfer(t, nil, "session", "material", "shown", "received")
		l.wantStates(l.teaches(), ResultDone, "areas not-needed none-named")
	})
}
