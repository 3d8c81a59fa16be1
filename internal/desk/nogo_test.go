package desk

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const firstPilot = "pilot/acme/1"

// noGo is a case whose pilot two of two refused, with what its owner is asked then.
func noGo(t *testing.T) (l *lobby, root *process, chore string) {
	t.Helper()
	l = newLobby(t)
	root = l.opens(onboarding, calendar.Anchor{})
	pilot := l.child(firstPilot, root)
	l.engine.mu.Lock()
	pilot.say(l.clock.now(), dossier.Entry{Kind: dossier.PilotFrozen, Detail: &dossier.Detail{Threshold: 60, Criteria: []engagement.Criterion{{ID: "quality", Title: "Quality", Weight: 100, Most: 5}}}})
	l.flush(pilot)
	l.engine.mu.Unlock()
	ask := l.asks(pilot, "go", "lena", "sam")
	for _, who := range []string{"lena", "sam"} {
		a := approve("go-"+who, who, ask)
		a.Verdict = review.Reject
		same(t, who+" says no", review.Counted, l.answers(a).Status)
	}
	l.refuses(pilot, ask)
	c := playbook.NewChore(playbook.ChorePart, playbook.Onboarding, playbook.Deadlines{})
	chore = l.asksAs(root, playbook.ChorePart+"-pilot", func(r *review.Request) {
		r.Kind, r.Versions, r.Options, r.Reasoned, r.Title, r.Requester = c.Step.Kind, nil, c.Options, c.Reasoned, c.Step.Title, ""
		r.Policy.Groups[0].Seats = []review.Seat{{ID: playbook.OwnerSeat, Role: review.OwnerRole}}
		r.Seatings = []review.Seating{{Seat: playbook.OwnerSeat, Holders: []review.Holder{{Person: "olga", Via: review.ViaOwner, Since: r.Opened}}}}
	})
	return l, root, chore
}

// refuses ends a pilot as a no-go does.
func (l *lobby) refuses(p *process, request string) {
	l.t.Helper()
	l.engine.mu.Lock()
	defer l.engine.mu.Unlock()
	at := p.anchor.CaseAt(l.clock.now())
	f := review.Fact{Kind: review.FactClosed, Request: request, At: at, State: review.Denied, Why: "decided"}
	p.find(request).Apply(f)
	p.say(l.clock.now(), dossier.Entry{Kind: dossier.Request, Fact: &f})
	p.say(l.clock.now(), dossier.Entry{Kind: dossier.ProcessEnded, Detail: &dossier.Detail{Result: "refused"}})
	p.closed = true
	l.flush(p)
}

// TestAfterANoGo: the case runs on and says no; its owner, and nobody else, begins the
// pilot again or withdraws, with a reason, and can neither wave it through nor take the
// vendor all the same; the vendor is asked nothing and told nothing of who said what.
func TestAfterANoGo(t *testing.T) {
	t.Parallel()
	l, root, chore := noGo(t)
	ctx := t.Context()
	v := must[dossier.CaseView](t)(l.desk.Case(ctx, from("olga"), onboarding))
	same(t, "the case", []any{dossier.Running, "refused", review.Denied}, []any{v.State, v.Pilot.Result, v.Request(firstPilot + ":go.1").Closed.State})
	waits := must[[]review.Request](t)(l.desk.Waiting(ctx, from("olga")))
	same(t, "it waits on the owner", []string{chore}, ids(waits))
	same(t, "for one of two words", []review.Verdict{playbook.AskAgain, playbook.Withdraw}, waits[0].Verdicts())
	says := func(id, who string, verdict review.Verdict) review.Answer {
		a := approve(id, who, chore)
		a.Version, a.Verdict = 0, verdict
		return a
	}
	for _, verdict := range []review.Verdict{review.Approve, review.Done, review.Reject, playbook.Waive, playbook.TakeAnyway, playbook.Refuse} {
		same(t, string(verdict)+" by the owner", review.WrongVerdict, l.answers(says("w-"+string(verdict), "olga", verdict)).Refusal)
	}
	silent := says("s-1", "olga", playbook.AskAgain)
	silent.Text = review.Text{}
	same(t, "without a reason", review.NeedsReason, l.answers(silent).Refusal)
	for _, who := range []string{"rita", "lena", "sam", "dora"} {
		same(t, "by "+who, review.NoSeat, l.answers(says("o-"+who, who, playbook.Withdraw)).Refusal)
	}
	theirs := says("v-1", "", playbook.AskAgain)
	theirs.From = portal(l.ann)
	if out := l.answers(theirs); out.Status != review.Refused {
		t.Errorf("the vendor begins it again: %+v", out)
	}
	for _, task := range l.tasks(l.ann) {
		if task.Request != l.ask {
			t.Errorf("the vendor is shown %+v", task)
		}
	}
	late := approve("go-late", "lena", firstPilot+":go.1")
	if out := l.answers(late); out.Status == review.Counted {
		t.Errorf("a no is turned into a go afterwards: %+v", out)
	}
	stop := act("stop-1", "olga", review.Stop)
	stop.Process = onboarding
	l.does(stop)
	same(t, "a pilot that ended is not stopped once more", onboarding+" act stop-1", l.engine.calls[len(l.engine.calls)-1])

	same(t, "begun again", review.Counted, l.answers(says("again-1", "olga", playbook.AskAgain)).Status)
	l.clock.pass(time.Hour)
	l.child("pilot/acme/2", root)
	stop.ID = "stop-2"
	l.does(stop)
	same(t, "the second one is", "pilot/acme/2 act stop-2", l.engine.calls[len(l.engine.calls)-1])
	v = must[dossier.CaseView](t)(l.desk.Case(ctx, from("olga"), onboarding))
	i := slices.IndexFunc(v.Processes, func(p dossier.ProcessView) bool { return p.ID == firstPilot })
	same(t, "what the first came to stands", []any{"refused", false}, []any{v.Processes[i].Result, v.Processes[i].Ended.IsZero()})
	line := l.filed("again-1")
	same(t, "in the journal", []any{"olga", playbook.AskAgain, planted + " said by olga"}, []any{line.Entry.Actor, line.Entry.Fact.Ballot.Verdict, line.Body.Inside})
}

func ids(requests []review.Request) []string {
	var list []string
	for i := range requests {
		list = append(list, requests[i].ID)
	}
	return list
}
