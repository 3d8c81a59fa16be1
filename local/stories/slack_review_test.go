package stories

import (
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestSlackFromIntakeToLive: everybody decides on their cards, the requester
// hears of each outcome, and the channel of cases has a board with a line for
// each answer. Files are handed in on the page: the card says so.
func TestSlackFromIntakeToLive(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	crew := s.crew("tom", "maya", "helen", "ravi", "daniel", "ruth", "jonas")
	tom, maya, helen, ravi, daniel, ruth, jonas := crew[0], crew[1], crew[2], crew[3], crew[4], crew[5], crew[6]
	o := s.onboard()
	cases := s.slack.Channel("cases")
	board := cases.Expect(t, "Brightwell Payroll Ltd.", "Under way, at need")
	lines := board.Thread()

	need := helen.Expect(t, "Is this vendor needed?", "Brightwell Payroll Ltd.", "Requested by", "Tom Okafor", "Sponsor")
	need.Offers(t, "Approve", "Request changes", "Reject", "Delegate", "Declare a conflict", "Snooze reminders", "I'm not the right person")
	approves(t, helen, need, noConflict)
	lines.Expect(t, "Is this vendor needed?", "approved by Helen Marsh", "in Slack")
	finance := ravi.Expect(t, "Is this vendor needed?")
	finance.Says(t, "Helen Marsh")
	approves(t, ravi, finance, noConflict)
	lines.Expect(t, "Is this vendor needed?", "approved by Ravi Menon")
	tom.Expect(t, "Approved", "Is this vendor needed?")
	need.Says(t, "Approved", "Closed")
	need.OffersNot(t, "Approve", "Delegate")

	approves(t, daniel, daniel.Expect(t, "Security look"), answersSeen, noConflict)
	lines.Expect(t, "Security look", "approved by Daniel Brooks")
	tom.Expect(t, "Approved", "Security look")
	approves(t, ruth, ruth.Expect(t, "Data protection look"), answersSeen, noConflict)
	lines.Expect(t, "Data protection look", "approved by Ruth Evans")
	tom.Expect(t, "Approved", "Data protection look")

	legal := jonas.Expect(t, "Contract review", "version 1")
	legal.Button("Request changes").Click(t)
	form := jonas.Modal(t, "Your answer")
	form.Submit(t)
	form.Wrong(t, "Your reason")
	form.Fill("Your reason", "thirty days is too long").Fill("Words for the vendor", "pay in 14 days, please").Submit(t)
	form.Gone(t)
	legal.Says(t, "You answered: Request changes")
	lines.Expect(t, "Contract review", "changes", "Jonas Keller", "version 1")
	security, data, money := daniel.Expect(t, "Contract review"), ruth.Expect(t, "Contract review"), ravi.Expect(t, "Contract review")
	security.Button("Approve").Asking("Contract review, version 1", "as Security").Click(t)
	lines.Expect(t, "Contract review", "Daniel Brooks")
	data.Button("Approve").Click(t)
	lines.Expect(t, "Contract review", "Ruth Evans")
	money.Button("Approve").Click(t)
	lines.Expect(t, "Contract review", "Ravi Menon")

	// What the vendor is sent is put together on the page.
	send := maya.Expect(t, "Answer on the web page")
	send.Offers(t, "Answer on the page")
	send.OffersNot(t, "Approve")
	o.answer("maya", playbook.ChoreSend, playbook.Sent)
	lines.Expect(t, "Maya Lindqvist", "on the web page")
	tom.Expect(t, "Send the wanted changes to the vendor")
	send.Says(t, "You", "on the web page")
	next := maya.Expect(t, "Answer on the web page")
	o.answer("maya", playbook.ChoreNext, review.Delivered, withDocument(s.versionTwo()))
	lines.Expect(t, "Maya Lindqvist", "on the web page")
	tom.Expect(t, "The next version of the contract")
	next.Says(t, "Delivered")

	legal.Says(t, "A newer version waits for you", "What changed since version 1", "1 changed: 5")
	money.Says(t, "A newer version waits for you", "What changed since version 1")
	security.Says(t, "You answered: Approve", "It stands for version 2 too")
	data.Says(t, "You answered: Approve", "It stands for version 2 too")
	security.OffersNot(t, "Approve")
	jonas.Expect(t, "Your answer is still missing", "Contract review")
	ravi.Expect(t, "Your answer is still missing", "Contract review")
	approves(t, jonas, legal, readInFull, noConflict)
	lines.Expect(t, "Contract review", "Jonas Keller", "version 2")
	approves(t, ravi, money)
	lines.Expect(t, "Contract review", "Ravi Menon", "version 2")
	approves(t, maya, maya.Expect(t, "Contract review", "Service owner"), readInFull, noConflict)
	lines.Expect(t, "Contract review", "Maya Lindqvist")
	approves(t, helen, helen.Expect(t, "Contract review", "Sponsor"), noConflict)
	lines.Expect(t, "Contract review", "Helen Marsh")
	tom.Expect(t, "Approved", "Contract review")
	legal.Says(t, "Approved", "Closed")
	legal.SaysNot(t, "thirty days")

	for _, what := range []string{"Is this vendor needed?: approved,", "Security look: approved,", "Data protection look: approved,", "Send the wanted changes to the vendor: done",
		"The next version of the contract: delivered", "version 2 is here", "Contract review: approved,"} {
		lines.Expect(t, what)
	}

	for _, title := range []string{"Name a contact on both sides", "Name a backup on our side"} {
		card := maya.Expect(t, title)
		card.Button("It is done").Click(t)
		card.Says(t, "Done", "Closed")
		lines.Expect(t, title, "Maya Lindqvist")
		lines.Expect(t, title+": done")
		tom.Expect(t, "Done", title)
	}
	tom.Expect(t, "Brightwell Payroll Ltd.", "live")
	lines.Expect(t, "The case is over: live")
	lines.Expect(t, "No agreement on data processing is needed")
	board.Says(t, "Live", "Contract review: approved")
	v := o.sealed(dossier.Live)
	for _, r := range v.Requests {
		for _, b := range r.Ballots {
			want := "slack"
			if strings.HasPrefix(r.Step, "chore") || r.Step == playbook.ChoreSend || r.Step == playbook.ChoreNext {
				want = "web"
			}
			if b.Channel != want {
				t.Errorf("%s answered %s by %s, want %s", b.Person, r.Step, b.Channel, want)
			}
		}
	}
	if !strings.Contains(string(o.verified(v)), "data/") {
		t.Error("the dossier has no data")
	}
}
