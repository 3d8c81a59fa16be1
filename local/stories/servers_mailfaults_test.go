package stories

import (
	"context"
	"slices"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/mail/mailtest"
	"gangway/internal/review"
)

// toldOf waits until the letter that asks somebody in a case is in a state.
func (m *mailed) toldOf(caseID, person, state string) letter {
	m.t.Helper()
	var last letter
	if !within(3*patience, func() bool {
		for _, l := range m.letters() {
			if l.of == caseID && l.person == person && l.kind == "asked" {
				last = l
			}
		}
		return last.state == state && (state != "waiting" || last.tries > 0)
	}) {
		m.t.Fatalf("the letter to %s about %s is %+v, want %s", person, caseID, last, state)
	}
	return last
}

// quietMail waits until no mail is on its way, so that faults meet those that come
// next. The digest of tomorrow may wait.
func (m *mailed) quietMail() {
	m.t.Helper()
	if !within(patience, func() bool {
		return !slices.ContainsFunc(m.letters(), func(l letter) bool {
			return l.kind != "reminder" && (l.state == "waiting" || l.state == "sending")
		})
	}) {
		m.t.Fatalf("mails are on their way without end: %+v", m.letters())
	}
}

// hurry lets the time pass until letters that wait are tried again.
func (m *mailed) hurry(l letter) {
	m.t.Helper()
	if _, err := m.db.ExecContext(context.Background(), "UPDATE letters SET next_try = 1 WHERE id = $1 AND state = 'waiting'", l.id); err != nil {
		m.t.Fatalf("letting time pass: %v", err)
	}
}

// mailServerFails lets the mail server refuse for good, refuse for now, fall silent
// and vanish after the last dot, while a case runs. Who was not reached is named on
// the case's page and by the command line; nothing comes twice; the case goes on.
func (m *mailed) mailServerFails() {
	t := m.t
	c := m.citizens("helen", "ravi", "maya", "daniel", "ruth")
	address := func(id string) string { return m.people[id].address }
	m.quietMail()
	m.mail.Order(
		mailtest.Fault{At: mailtest.AtRcpt, Code: 550, To: address("helen")},
		mailtest.Fault{At: mailtest.AtRcpt, Code: 451, To: address("ravi")},
		mailtest.Fault{At: mailtest.AtRcpt, How: mailtest.Silence, To: address("daniel")},
		mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Cut, Keep: true, To: address("ruth")},
	)
	defer m.mail.Mend()
	caseID := m.opened(121)
	refused := m.toldOf(caseID, "helen", "refused")
	m.hurry(m.toldOf(caseID, "ravi", "waiting"))
	m.toldOf(caseID, "ravi", "sent")

	maya := m.people["maya"]
	if !within(patience, func() bool {
		return strings.Contains(maya.opens("/case?id="+caseID).text, "could not be shown the request")
	}) {
		t.Errorf("the owner does not see that helen was not reached: %s", maya.opens("/case?id="+caseID).text)
	}
	if home := maya.opens("/"); !strings.Contains(home.text, "Vendor 121") {
		t.Errorf("the owner's first page does not name the case: %s", home.text)
	}
	var v dossier.CaseView
	m.gangway(maya, "show", caseID, "-o", "json").ends(0).json(&v)
	if lost := undelivered(v); !slices.Equal(lost, []string{"helen"}) {
		t.Errorf("`gangway show` names %q as not reached, want helen", lost)
	}

	c.approves(caseID, "helen")
	c.approves(caseID, "ravi")
	unknown := m.toldOf(caseID, "ruth", "unknown")
	m.hurry(m.toldOf(caseID, "daniel", "waiting"))
	sent := m.toldOf(caseID, "daniel", "sent")
	for _, l := range []letter{unknown, sent} {
		if n := m.times()[l.message]; n != 1 {
			t.Errorf("the mail of letter %s came %d times, want 1", l.id, n)
		}
	}
	if n := m.times()[refused.message]; n != 0 {
		t.Errorf("a refused mail came %d times", n)
	}
}

// undelivered are the people whom an open request did not reach.
func undelivered(v dossier.CaseView) []string {
	var people []string
	for i := range v.Requests {
		for _, s := range v.Requests[i].Seatings {
			for _, h := range s.Holders {
				if h.Undelivered && v.Requests[i].IsOpen() {
					people = append(people, h.Person)
				}
			}
		}
	}
	return people
}

// approves approves "need" as somebody.
func (c *cast) approves(caseID, person string) {
	c.t.Helper()
	f := c.need(caseID, person, "need-"+person+"-"+idOf(caseID))
	var out review.Outcome
	c.insist(context.Background(), "POST", "/api/answer", person, f, &out)
	if out.Status != review.Counted && out.Status != review.Pending {
		c.t.Errorf("%s approves: %+v", person, out)
	}
}

// killedInMidMail kills a worker between the last dot of a mail and the server's
// word. Nobody sends it again; after a while its row says that nobody knows.
func (m *mailed) killedInMidMail() {
	t := m.t
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	helen := m.people["helen"]
	m.quietMail()
	m.mail.Order(mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Silence, Keep: true, To: helen.address})
	defer m.mail.Mend()
	caseID := m.opened(131)
	mail, err := m.mail.Wait(ctx, func(got mailtest.Mail) bool {
		return strings.EqualFold(got.To[0], helen.address) && strings.Contains(got.Text, "Vendor 131")
	})
	if err != nil {
		t.Fatalf("helen is never asked: %v", err)
	}
	killed := slices.IndexFunc(m.workers, func(w *workerProcess) bool {
		return strings.HasSuffix(mail.From, "@"+bounceDomain(slices.Index(m.workers, w)))
	})
	if killed < 0 {
		t.Fatalf("nobody has sent %s", mail.From)
	}
	m.workers[killed].kill()
	if l := m.toldOf(caseID, "helen", "sending"); l.message != mail.Message() {
		t.Errorf("the row names the mail %s, want %s", l.message, mail.Message())
	}
	m.start(m.workers[killed])
	m.ready(m.workers[killed])
	m.aged()
	unknown := m.toldOf(caseID, "helen", "unknown")
	m.toldOf(caseID, "ravi", "sent") // the others' mails went on
	if n := m.times()[mail.Message()]; n != 1 {
		t.Errorf("the mail came %d times, want 1", n)
	}
	m.gangway(m.operator, "letters", "list").ends(0, unknown.id, "unknown")
	if shown := m.operator.opens("/letters"); !strings.Contains(shown.text, "Helen Marsh") || !strings.Contains(shown.text, "nobody knows whether it arrived") {
		t.Errorf("the operator's page does not name the letter: %d %s", shown.status, shown.text)
	}
	for range 2 { // said twice, sent once
		m.gangway(m.operator, "letters", "again", unknown.id).ends(0)
	}
	again := m.toldOf(caseID, "helen", "sent")
	if again.id == unknown.id || m.times()[again.message] != 1 || m.times()[mail.Message()] != 1 {
		t.Errorf("sent again as %+v, which came %d times; the first came %d times", again, m.times()[again.message], m.times()[mail.Message()])
	}
	helen.answers("vendor-131", "need", "approve") // the mail that nobody knows of arrived
}
