package stories

import (
	"context"
	"slices"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestQueuedApproveThenTakeBack: the engine is down while somebody approves and
// then thinks better of it. Both are kept, delivered in their order, and the
// seat ends as one would read it: without an answer.
func TestQueuedApproveThenTakeBack(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	ctx := context.Background()
	var got struct{ Case string }
	if !c.insist(ctx, "POST", "/api/open", "tom", c.intake(ctx, 1), &got) {
		t.Fatal("the case could not be opened")
	}
	var r review.Request
	if !within(patience, func() bool {
		var waiting []review.Request
		c.insist(ctx, "GET", "/api/waiting", "helen", nil, &waiting)
		for _, w := range waiting {
			r = w
		}
		return len(waiting) > 0
	}) {
		t.Fatal("helen is never asked")
	}
	c.kill("engine")
	approve := review.Form{ID: "cli-approve", Request: r.ID, Verdict: review.Approve, Attest: []string{"no-conflict"}}
	back := review.Form{ID: "cli-back", Act: review.TakeBack, Request: r.ID, Inside: "I had not read the costs"}
	c.pending("/api/answer", approve)
	c.pending("/api/act", back)
	c.start("engine")
	var view dossier.CaseView
	if !within(2*patience, func() bool {
		c.insist(ctx, "GET", query("/api/case", "id", got.Case), "helen", nil, &view)
		q := view.Request(r.ID)
		return q != nil && slices.ContainsFunc(q.Ballots, func(b review.Ballot) bool { return b.Answer == "cli-approve" && b.TakenBack })
	}) {
		t.Fatalf("the approval is never taken back\n%s", describe(view))
	}
	if b := view.Request(r.ID).Standing("sponsor"); b != nil {
		t.Errorf("the seat still has an answer: %+v", b)
	}
	for _, id := range []string{"cli-approve", "cli-back"} {
		if !within(patience, func() bool {
			var receipt struct{ Outcome review.Outcome }
			c.insist(ctx, "GET", query("/api/receipt", "id", id), "helen", nil, &receipt)
			return receipt.Outcome.Status == review.Counted
		}) {
			t.Errorf("%s has no receipt that says it was counted", id)
		}
	}
}

// pending sends a form as helen, which must be received and not yet delivered.
func (c *cast) pending(path string, f review.Form) {
	c.t.Helper()
	var out review.Outcome
	if !c.insist(context.Background(), "POST", path, "helen", f, &out) || out.Status != review.Pending {
		c.t.Fatalf("%s while the engine is down: %+v, want it pending", path, out)
	}
}

// TestWorkerDownWhileSomebodyAnswers: nobody works on the processes; the answer
// is received, and counted when a worker is back.
func TestWorkerDownWhileSomebodyAnswers(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	ctx := context.Background()
	var got struct{ Case string }
	if !c.insist(ctx, "POST", "/api/open", "tom", c.intake(ctx, 1), &got) {
		t.Fatal("the case could not be opened")
	}
	var waiting []review.Request
	if !within(patience, func() bool {
		c.insist(ctx, "GET", "/api/waiting", "helen", nil, &waiting)
		return len(waiting) > 0
	}) {
		t.Fatal("helen is never asked")
	}
	c.kill("worker")
	c.pending("/api/answer", review.Form{ID: "cli-1", Request: waiting[0].ID, Verdict: review.Approve, Attest: []string{"no-conflict"}})
	c.start("worker")
	var lines []dossier.Line
	if !within(2*patience, func() bool {
		lines = c.lines(got.Case)
		return slices.Contains(counted(lines), "cli-1")
	}) {
		t.Fatal("the answer is never counted")
	}
	if n := len(counted(lines)); n != 1 {
		t.Errorf("%d answers are in the record, want one", n)
	}
}
