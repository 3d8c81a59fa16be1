package desk

import (
	"strings"
	"testing"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// wantsNext asks the owner and Ann for the next version of a contract, as a contract
// review does.
func (l *lobby) wantsNext(p *process) string {
	l.t.Helper()
	request := l.wants(p, playbook.ChoreNext, l.ann)
	l.engine.mu.Lock()
	defer l.engine.mu.Unlock()
	chore := playbook.NewChore(playbook.ChoreCounter, playbook.Contract, playbook.Deadlines{})
	at := p.anchor.CaseAt(l.clock.now())
	next := *p.find(request)
	next.ID = p.id + ":" + playbook.ChoreNext + ".2"
	next.Title, next.Ask, next.Policy, next.VendorText = chore.Step.Title, chore.Step.Ask, chore.Step.Policy, "a-words"
	next.Seatings = append(next.Clone().Seatings, review.Seating{Seat: playbook.OwnerSeat, Holders: []review.Holder{{Person: "olga", Via: review.ViaOwner, Since: at}}})
	held := next.Clone()
	p.requests = append(p.requests, &held)
	p.say(l.clock.now(), dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: next.ID, At: at, Opened: &next}})
	l.flush(p)
	return next.ID
}

// taskOf is a task by its request.
func (l *lobby) taskOf(request string) access.VendorTask {
	l.t.Helper()
	for _, task := range l.tasks(l.ann) {
		if task.Request == request {
			return task
		}
	}
	l.t.Errorf("%s is no task of theirs", request)
	return access.VendorTask{Deliveries: make([]access.Delivery, 1)}
}

// TestTheVendorsCounterProposal: the vendor's people file their next version in the
// portal; what can't be read as text is refused as it is from anybody.
func TestTheVendorsCounterProposal(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	p := l.opens("contract/acme/1", calendar.Anchor{})
	next := l.wantsNext(p)
	task := l.taskOf(next)
	same(t, "task", []any{next, access.TaskOpen, "The next version of the contract"}, []any{task.Request, task.State, task.Title})
	scan := l.sends(l.ann, next, "%SCAN pages")
	same(t, "a scan", review.Unreadable, l.answers(delivers("a-1", next, portal(l.ann), scan.Document)).Refusal)
	found := l.sends(l.ann, next, "%PDF 1. **Services.** Payroll, but dearer.")
	out := l.answers(delivers("a-2", next, portal(l.ann), found.Document))
	same(t, "outcome", []any{review.Counted, playbook.VendorSeat, l.ann.ID, review.State("")}, []any{out.Status, out.Seat, out.By, out.State})
	task = l.taskOf(next)
	same(t, "delivered", []any{access.TaskReceived, "a-2", found.Document}, []any{task.State, task.Deliveries[0].Answer, task.Deliveries[0].Papers[0].Document})
	same(t, "the owner comes second", review.Settled, l.answers(review.Answer{ID: "o-1", Request: next, Verdict: review.Delivered, Documents: []string{found.Document}, At: monday(), From: from("olga")}).Refusal)
}

// TestWhatTheOwnerFilesIsNotTheVendorsToSee: where the owner files the next version, its
// document is no delivery of the vendor's.
func TestWhatTheOwnerFilesIsNotTheVendorsToSee(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	p := l.opens("contract/acme/1", calendar.Anchor{})
	next := l.wantsNext(p)
	ours := must[dossier.Paper](t)(l.desk.File(t.Context(), from("olga"), strings.NewReader("1. **Services.** As we changed it.\n")))
	out := l.answers(review.Answer{ID: "o-1", Request: next, Verdict: review.Delivered, Documents: []string{ours.Digest}, At: monday(), From: from("olga")})
	same(t, "outcome", []any{review.Counted, playbook.OwnerSeat}, []any{out.Status, out.Seat})
	d := l.taskOf(next).Deliveries
	if len(d) != 1 || d[0].By != planted+" Client" || len(d[0].Papers) != 0 {
		t.Errorf("the vendor is shown %+v", d)
	}
}
