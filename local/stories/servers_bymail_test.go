package stories

import (
	"strings"
	"testing"

	"gangway/internal/dossier"
)

const brightwellSlug = "brightwell-payroll"

// TestServersByMail is gangway as a customer has it: PostgreSQL, two workers, mail
// and signing in by link. Each part is a story of its own on the same servers.
func TestServersByMail(t *testing.T) {
	t.Parallel()
	m := newMailed(t)
	m.run("from the first link to a verified dossier", (*mailed).fromLinkToDossier)
	m.run("reminders come in one digest a day", (*mailed).oneDigest)
	m.run("a session that ended loses nothing", (*mailed).sessionEnds)
	m.run("two answers in the same millisecond", (*mailed).sameMillisecond)
	m.run("a mail server that fails", (*mailed).mailServerFails)
	m.run("a worker killed in mid-mail", (*mailed).killedInMidMail)
	m.run("a worker killed in mid-append", (*mailed).killedInMidAppend)
	m.run("Temporal restarted", (*mailed).engineRestarts)
}

// fromLinkToDossier takes the example's vendor on board: opened from the command
// line with a token, answered in browsers that nobody had signed in before, each
// reached by a link from a mail and opened with a code from another.
func (m *mailed) fromLinkToDossier() {
	t := m.t
	tom := m.people["tom"]
	tom.signsIn()
	tom.makesToken()
	if out := m.gangway(tom, "onboard", "example/vendor.yaml").ends(0).out; out != brightwell+"\n" {
		t.Fatalf("onboard prints %q", out)
	}
	of := func(who, step, verdict string, with ...func(*form)) {
		t.Helper()
		m.people[who].answers(brightwellSlug, step, verdict, with...)
	}
	of("helen", "need", "approve")
	of("ravi", "need", "approve")
	of("daniel", "security-look", "approve")
	of("ruth", "data-look", "approve")
	of("jonas", "review", "changes", reason("thirty days is too long", "pay in 14 days"))
	for _, who := range []string{"daniel", "ruth", "ravi"} {
		of(who, "review", "approve")
	}
	of("maya", "send", "sent", reason("", "please take 14 days"))
	of("maya", "next", "delivered", attach(example(t, "contract-v2.md")))
	for _, who := range []string{"jonas", "ravi", "maya", "helen"} {
		of(who, "review", "approve")
	}
	of("maya", "contacts", "done")
	of("maya", "backup-people", "done")
	tom.mailWith("is over")

	maya := m.people["maya"]
	maya.makesToken()
	var v dossier.CaseView
	if !within(2*patience, func() bool {
		m.gangway(maya, "show", brightwell, "-o", "json").ends(0).json(&v)
		return v.Sealed
	}) {
		t.Fatalf("the case is never sealed\n%s", describe(v))
	}
	if v.State != dossier.Live {
		t.Errorf("the case ended %s, want %s", v.State, dossier.Live)
	}
	m.gangway(maya, "dossier", brightwell, "--out", "d.zip").ends(0, "intact")
	m.gangway(nil, "verify", "d.zip", "--key", m.key).ends(0, "intact; signed by "+m.key, "3 histories")
	if n := len(tom.outcomes()); n < 5 {
		t.Errorf("the requester heard of %d outcomes: %q", n, tom.outcomes())
	}
}

// outcomes are the subjects of what somebody was told of what they asked for.
func (p *somebody) outcomes() []string {
	var subjects []string
	for _, mail := range p.m.mail.Mails(p.address) {
		if !strings.Contains(mail.Text, "/enter/") {
			subjects = append(subjects, mail.Subject)
		}
	}
	return subjects
}
