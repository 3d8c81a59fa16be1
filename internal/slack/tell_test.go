package slack

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// caseOf is the case with the requests of some cards, as somebody sees it.
func caseOf(viewer string, names ...string) caseScene {
	all := cards()
	s := all["pending"]
	c := caseScene{Case: s.Case, Vendor: s.Vendor, People: s.People, Viewer: personOf(viewer), Now: s.Now, Base: s.Base}
	c.Case.Tier = 2
	for i, name := range names {
		r := all[name].Request
		r.ID, r.Title = r.ID+"/"+itoa(i+1), human(name)+" of the contract"
		c.Case.Requests = append(c.Case.Requests, r)
	}
	return c
}

func TestGoldenBoards(t *testing.T) {
	t.Parallel()
	c := caseOf("", "pending-quorum", "approved", "rejected", "waived")
	holdMessage(t, "board/running", c.board())
	c.Case.Rehearsal = true
	holdMessage(t, "board/rehearsal", c.board())
	late := caseOf("", "pending")
	late.Now = hour(9).AddDate(0, 0, 9)
	holdMessage(t, "board/overdue", late.board())
	live := caseOf("", "approved")
	live.Case.State = dossier.Live
	holdMessage(t, "board/live", live.board())
	holdMessage(t, "board/cases", casesMessage([]caseScene{c, late, live}))
	holdMessage(t, "board/no-cases", casesMessage(nil))
	s := cards()["delegated-answered"]
	s.Request.Acts = []review.Attempt{{Answer: "d1", Outcome: review.Outcome{Seat: "legal", By: "helen", At: hour(10)}}, {Answer: "n1", Outcome: review.Outcome{By: "helen", At: hour(10)}}}
	holdMessage(t, "board/line-answer", s.line("a1"))
	holdMessage(t, "board/line-delegated", s.line("d1"))
	for _, id := range []string{"", "n1", "other"} { // a recusal, or a snooze, is nobody's business
		if m := s.line(id); m.text != "" || m.parts != nil {
			t.Errorf("%q is a line: %q", id, m.text)
		}
	}
}

func TestGoldenHome(t *testing.T) {
	t.Parallel()
	all := cards()
	own := caseOf("helen", "pending", "approved")
	own.Case.Requester = "helen"
	h := homeScene{Viewer: personOf("helen"), Now: hour(11), People: staff(), Base: "https://gangway.example.org",
		Waiting: []scene{all["pending-rehearsal"], all["delivery"], all["overdue"], all["answered"]},
		Asked:   []caseScene{own, caseOf("helen", "pending", "approved")},
		Away:    []playbook.Away{{From: hour(0), Until: hour(0).AddDate(0, 0, 3), Backup: "dora"}, {From: hour(0).AddDate(0, 1, 0), Until: hour(0).AddDate(0, 1, 3)}},
		Recent:  []scene{all["approved"], all["wanted"], all["taken-back"]}}
	holdView(t, "home/full", h.view())
	holdView(t, "home/empty", homeScene{Viewer: h.Viewer, Now: h.Now}.view())
	if first := h.digest(); first != h.digest() || first == (homeScene{}).digest() {
		t.Error("a digest says nothing")
	}
	for range 40 {
		h.Waiting, h.Asked, h.Recent, h.Away = append(h.Waiting, all["pending"]), append(h.Asked, h.Asked[0]), append(h.Recent, all["approved"]), append(h.Away, h.Away[0])
	}
	if faults := viewFaults(h.view()); faults != nil {
		t.Errorf("a full page is refused: %v", faults)
	}
	if n := strings.Count(string(wire(h.view())), `"Answer…"`); n > homeWaiting {
		t.Errorf("%d requests wait on one page", n)
	}
}

func TestGoldenTold(t *testing.T) {
	t.Parallel()
	all := cards()
	several := []scene{all["second-group"], all["pending"], all["answered"]}
	holdMessage(t, "told/nudge", nudge(several, playbook.WhyReminder))
	holdMessage(t, "told/backup", nudge([]scene{all["backup"]}, playbook.WhyBackup))
	boss := func(name string) scene { s := all[name]; s.Viewer = personOf("rita"); s.Ticket = ""; return s }
	holdMessage(t, "told/manager", wordTo([]scene{boss("overdue")}, playbook.WhyManager))
	holdMessage(t, "told/owner", wordTo([]scene{boss("overdue"), boss("pending-rehearsal")}, playbook.WhyOwner))
	holdMessage(t, "told/vacant", wordTo([]scene{boss("vacant")}, playbook.WhyVacant))
	unread := wordTo([]scene{boss("unread"), boss("pending")}, playbook.WhyUnread)
	if !strings.Contains(unread.text, "nobody has read 1, 2 and 3") || len(unread.parts) == 0 || strings.Count(unread.text, "Acme Hosting") != 1 {
		t.Errorf("of unread sections it says %q", unread.text)
	}
	holdMessage(t, "told/waiting", waitingMessage(several))
	holdMessage(t, "told/nothing-waits", waitingMessage(nil))
	s := all["elsewhere"]
	holdMessage(t, "told/verdict", s.verdict(review.Outcome{Status: review.Counted, Verdict: review.Approve, Seat: "legal"}))
	holdMessage(t, "told/verdict-refused", s.verdict(review.Outcome{Status: review.Refused, Refusal: review.Answered, Verdict: review.Reject, Seat: "legal", By: "helen", At: s.Request.Ballots[0].At}))
	holdMessage(t, "told/moved", all["approved"].moved())
	for what, m := range map[string]message{"answered": nudge([]scene{all["answered"], all["approved"]}, playbook.WhyReminder), "closed": wordTo([]scene{all["approved"]}, playbook.WhyOwner), "no seat is vacant": wordTo([]scene{all["pending"]}, playbook.WhyVacant)} {
		if m.text != "" || m.parts != nil {
			t.Errorf("%s, and it says %q", what, m.text)
		}
	}
}

// TestOutcomesAreSaid holds what people are told at once.
func TestOutcomesAreSaid(t *testing.T) {
	t.Parallel()
	s := cards()["elsewhere"]
	at := s.Request.Ballots[0].At
	for want, out := range map[string]review.Outcome{
		"✅ *Counted*: Approve – Contract review, Acme Hosting.":                                                                          {Status: review.Counted, Verdict: review.Approve},
		"✅ *Already counted*: Approve – Contract review, Acme Hosting. It was sent twice":                                                {Status: review.Already, Verdict: review.Approve},
		"📨 *Received, being delivered* – Contract review, Acme Hosting.":                                                                 {Status: review.Pending},
		"Helen Hart approved by mail, <!date^1795428000^{date_long_pretty} at {time}|Mon 23 Nov":                                         {Status: review.Refused, Refusal: review.Answered, Seat: "legal", By: "helen", At: at},
		"This request is closed. It was closed <!date^":                                                                                  {Status: review.Refused, Refusal: review.Closed, At: at},
		"An approval needs every statement confirmed.\n1. I have read sections 4 to 9":                                                   {Status: review.Refused, Refusal: review.NeedsAttest, Missing: []string{"read-4-9"}},
		"A newer version changed what you were asked to read; please read it and answer again. <https://gangway.example.org/request?id=": {Status: review.Refused, Refusal: review.Stale, By: "helen", At: at},
		"You have already answered for another seat of this request; one person fills one seat.":                                         {Status: review.Refused, Refusal: review.OneSeat},
	} {
		if got := s.outcomeWords(out); !strings.Contains(got, want) {
			t.Errorf("%+v is told as %q, want %q in it", out, got, want)
		}
	}
	if got := cards()["pending"].wrongPerson(); !strings.Contains(got, "Helen Hart and Sam Sato can answer it") {
		t.Errorf("somebody else is told %q", got)
	}
}

// TestWhatAButtonSaysIsRead: what is written on buttons is read back, and nothing
// else is.
func TestWhatAButtonSaysIsRead(t *testing.T) {
	t.Parallel()
	for _, c := range []click{{verbAnswer, review.Approve, "T"}, {verbAsk, review.Reject, "T"}, {verbAsk, "", "T"}, {verbOnboard, "", ""}, {verbAway, "", ""}, {verbBack, "", ""}, {verbOpen, "", "T"}} {
		if got, ok := readClick(actionID(c.Verb, c.Verdict), c.Ticket, ""); !ok || got != c {
			t.Errorf("%+v is read as %+v, %v", c, got, ok)
		}
	}
	for _, v := range []verb{verbDelegate, verbRecuse, verbSnooze, verbNotMe, verbOpen} {
		if got, ok := readClick(string(verbMenu), "", menuValue("T", v)); !ok || got != (click{Verb: v, Ticket: "T"}) {
			t.Errorf("%s of the menu is read as %+v, %v", v, got, ok)
		}
	}
	for _, x := range [][3]string{{"", "T", ""}, {"answer", "T", ""}, {"approve", "T", ""}, {"menu", "T", ""}, {"menu", "", "T"}, {"menu", "", "T/answer"}, {"menu/x", "", "T/snooze"}, {"away/x", "", ""}, {"result", "", ""}} {
		if got, ok := readClick(x[0], x[1], x[2]); ok {
			t.Errorf("%q is read as %+v", x, got)
		}
	}
}

// TestARevisionIsNoChange: what shows the same has one digest, and blocks that no
// earlier revision had.
func TestARevisionIsNoChange(t *testing.T) {
	t.Parallel()
	s := sceneOf("helen")
	a, b := s.card(), s.card()
	if a.digest() != b.digest() {
		t.Error("the same card has two digests")
	}
	ids := map[string]bool{}
	for revision := range 5 {
		for _, block := range a.blocks(revision) {
			if block.ID() == "" || ids[block.ID()] {
				t.Errorf("revision %d has the block %q again", revision, block.ID())
			}
			ids[block.ID()] = true
		}
	}
	digests := map[string]string{}
	for name, s := range cards() {
		d := s.card().digest()
		if other := digests[d]; other != "" {
			t.Errorf("%s looks as %s", name, other)
		}
		digests[d] = name
	}
	s.Now = s.Now.Add(time.Hour) // nothing on a card counts the hours: it would be sent anew for ever
	if a.digest() != s.card().digest() {
		t.Error("an hour later the card is another")
	}
}
