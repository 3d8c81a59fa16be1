package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/entitlement"
	"gangway/internal/github/githubtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// asksFor has somebody fill in the form, and security sign it.
func (s *story) asksFor(grants ...entitlement.Grant) {
	s.on(1*day, func() { s.answer("it-ida", "access", review.Done, asForm(s.hubForm("form", grants...))) })
	s.on(2*day, func() { s.answer("security-sam", "access-accept", review.Approve) })
}

// Access is given at GitHub by the very form that was signed; whoever is invited
// accepts, and each end is watched by what shows whose account it is.
func TestHubGivesWhatWasSigned(t *testing.T) {
	s, h := activationAt(t, nil)
	s.asksFor(developer(200), lead(300))
	s.on(2*day+time.Hour, func() {
		if n := len(h.s.Invitations()); n != 2 {
			t.Errorf("%d invitations went out", n)
		}
		h.accepts(devLogin, "ledger")
		h.accepts(leadLogin, "")
	})
	s.on(3*day, func() { s.answer("legal-lee", "after", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantStood([]string{"given"}, []string{"dev found repository-invitation", "lead found team-invitation"})
	if h.s.Roles("ledger", devLogin)["direct"] != "write" || h.s.Membership(leadLogin, "payroll").State != "active" {
		t.Error("they are not in")
	}
	accept := s.open("access-accept")
	evidence := s.rec.papers[s.rec.of(dossier.AccessStands)[0].Detail.Document]
	if !strings.Contains(evidence, accept.Versions[0].Document) || !strings.Contains(evidence, `"account": `) || !strings.Contains(evidence, putCollaborator) {
		t.Errorf("what shows it is not about what was signed: %s", evidence)
	}
}

// What passes is tried again until it is done, and nobody is invited twice, also where
// only the reply was lost. While a limit holds GitHub is left alone.
func TestHubIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		fail  githubtest.Failure
		quiet time.Duration // how long no call comes after the failure
	}{
		"a secondary limit with a pause": {githubtest.Failure{How: githubtest.Second, After: 5 * time.Minute}, 5 * time.Minute},
		"a secondary limit without":      {githubtest.Failure{How: githubtest.Second}, time.Minute},
		"429 with a pause":               {githubtest.Failure{How: githubtest.Second429, After: 10 * time.Minute}, 10 * time.Minute},
		"429 without":                    {githubtest.Failure{How: githubtest.Second429}, time.Minute},
		"the hour's limit":               {githubtest.Failure{How: githubtest.Primary, After: 40 * time.Minute}, 40 * time.Minute},
		"the hour's limit as 429":        {githubtest.Failure{How: githubtest.Primary429, After: 40 * time.Minute}, 40 * time.Minute},
		"a limit in the middle":          {githubtest.Failure{How: githubtest.Second429, After: 5 * time.Minute, Call: putMember}, 5 * time.Minute},
		"GitHub is down":                 {githubtest.Failure{How: githubtest.Down, Times: 7}, 0},
		"a page instead of an answer":    {githubtest.Failure{How: githubtest.Page, Times: 2}, 0},
		"no list":                        {githubtest.Failure{How: githubtest.Empty, Call: "GET /repos/{owner}/{repo}/invitations"}, 0},
		"a lost reply to an invitation":  {githubtest.Failure{How: githubtest.Lost, Call: putCollaborator}, 0},
		"half a reply to an invitation":  {githubtest.Failure{How: githubtest.Cut, Call: putCollaborator}, 0},
		"a lost reply to a team's":       {githubtest.Failure{How: githubtest.Lost, Call: putMember}, 0},
		"half a reply to a team's":       {githubtest.Failure{How: githubtest.Cut, Call: putMember}, 0},
		"down at the invitation":         {githubtest.Failure{How: githubtest.Down, Call: putCollaborator, Times: 3}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, h := activationAt(t, nil)
			h.s.Order(c.fail)
			s.asksFor(developer(200), lead(300))
			s.on(4*day, func() { s.answer("legal-lee", "after", review.Approve) })
			if out := s.play(); out.Result != ResultLive {
				t.Errorf("got %+v", out)
			}
			s.wantStood([]string{"given"}, []string{"dev found repository-invitation", "lead found team-invitation"})
			done := 0
			for _, call := range slices.Concat(h.s.Calls(putCollaborator), h.s.Calls(putMember)) {
				if call.Status < 300 {
					done++
				}
			}
			if n := len(h.s.Invitations()); n != 2 || done != 2 {
				t.Errorf("%d invitations stand, %d were made", n, done)
			}
			wantQuiet(t, h.s.Calls(""), c.quiet)
		})
	}
}

// wantQuiet wants that no call came for so long after one that was limited.
func wantQuiet(t *testing.T, calls []githubtest.Call, quiet time.Duration) {
	t.Helper()
	for i, call := range calls {
		if call.Status != 403 && call.Status != 429 {
			continue
		}
		if i+1 == len(calls) || calls[i+1].At.Sub(call.At) < quiet {
			t.Errorf("%s after the limit the next call came", calls[min(i+1, len(calls)-1)].At.Sub(call.At))
		}
		return
	}
	if quiet > 0 {
		t.Error("nothing was limited")
	}
}

// What GitHub refuses waits for the owner, with the reason in the record; the other
// access is given at once, and once. Mended and tried again it is given.
func TestHubRefusesAndTheOwnerSettlesIt(t *testing.T) {
	both := []string{"dev found repository-invitation", "lead found team-invitation"}
	for name, c := range map[string]struct {
		world       func(*githubtest.Options)
		spoil, mend func(*hub)
		dev, lead   string // what the record says of each before it is mended
	}{
		"the invitation is refused, 422": {nil, func(h *hub) { h.s.Order(githubtest.Failure{How: githubtest.Invalid, Call: putMember, Times: -1}) }, func(h *hub) { h.s.Mend() },
			both[0], "lead not-checkable refused"},
		"no seat is left":      {nil, func(h *hub) { h.s.Order(githubtest.Failure{How: githubtest.Silent, Call: putMember, Times: -1}) }, func(h *hub) { h.s.Mend() }, both[0], "lead not-checkable refused"},
		"one invitation a day": {func(o *githubtest.Options) { o.InvitationsDay = 1 }, nil, nil, both[0], "lead not-checkable refused"},
		"nobody has the login": {nil, func(h *hub) { h.s.Rename(leadLogin, "planted-other") }, func(h *hub) { h.s.Rename("planted-other", leadLogin) }, both[0], "lead not-checkable no-account"},
		"the team is gone":     {nil, func(h *hub) { h.s.RemoveTeam("payroll") }, func(h *hub) { h.s.AddTeam("payroll", "push") }, both[0], "lead not-checkable hidden"},
		"the team is ruled":    {nil, func(h *hub) { h.s.Sync("payroll", true) }, func(h *hub) { h.s.Sync("payroll", false) }, both[0], "lead not-checkable refused"},
		"a permission is lacking": {nil, func(h *hub) {
			h.s.Order(githubtest.Failure{How: githubtest.Forbidden, Needs: "administration=write", Call: putCollaborator, Times: -1})
		}, func(h *hub) { h.s.Mend() }, "dev not-checkable permission", both[1]},
		"single sign-on":       {nil, func(h *hub) { h.s.Order(githubtest.Failure{How: githubtest.SSO, Times: -1}) }, func(h *hub) { h.s.Mend() }, "dev not-checkable sign-in", "lead not-checkable sign-in"},
		"the repository moved": {nil, func(h *hub) { h.s.RenameRepository("ledger", "books") }, func(h *hub) { h.s.RenameRepository("books", "ledger") }, "dev not-checkable moved", both[1]},
	} {
		t.Run(name, func(t *testing.T) {
			s, h := activationAt(t, c.world)
			if c.spoil != nil {
				c.spoil(h)
			}
			s.asksFor(developer(200), lead(300))
			s.on(3*day, func() {
				s.wantStood([]string{"not-given"}, []string{c.dev, c.lead})
				s.wantNobodyAsked("after")
				if r := s.open("not-given-access"); r.Closed != nil || !r.Holds("owner", "owner-ola", s.env.Now()) {
					t.Errorf("the owner is not asked: %+v", r)
				}
				if c.mend != nil {
					c.mend(h)
				}
				s.answer("owner-ola", "not-given-access", playbook.AskAgain)
			})
			s.on(4*day, func() { s.answer("legal-lee", "after", review.Approve) })
			if out := s.play(); out.Result != ResultLive {
				t.Errorf("got %+v", out)
			}
			s.wantStood([]string{"not-given", "given"}, both)
			if n := len(h.s.Invitations()); n != 2 {
				t.Errorf("%d invitations stand", n)
			}
		})
	}
}

// What the organisation forbids is given in another way, or not at all: the owner says
// so, with a reason.
func TestHubForbidsOutsiders(t *testing.T) {
	s, h := activationAt(t, func(o *githubtest.Options) { o.NoOutsiders = true })
	s.asksFor(developer(200))
	s.on(3*day, func() { s.answer("owner-ola", "not-given-access", playbook.TakeAnyway) })
	s.on(4*day, func() { s.answer("legal-lee", "after", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantStood([]string{"not-given"}, []string{"dev not-checkable refused"})
	if len(h.s.Invitations()) > 0 || h.count(putCollaborator) != 1 {
		t.Error("it was asked for again")
	}
}

// Without a GitHub the owner is told to give it by hand, before anybody goes on.
func TestWithoutAHubAccessIsGivenByHand(t *testing.T) {
	s := newStory(t, []string{"it-ida", "security-sam", "legal-lee"}, []string{"live", "after"}, accessStep(t), stepOf(t, "after", "after", seat("legal")))
	s.asksFor(developer(200))
	s.on(3*day, func() {
		s.wantStood([]string{"not-given"}, []string{"dev not-checkable not-set-up"})
		s.wantNobodyAsked("after")
		if r := s.open("not-given-access"); !strings.Contains(r.Ask, "give it by hand and say so") {
			t.Errorf("the owner is asked %q", r.Ask)
		}
		s.answer("owner-ola", "not-given-access", playbook.TakeAnyway)
	})
	s.on(4*day, func() { s.answer("legal-lee", "after", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}

// Lists are read to their end: who was invited on the last page is not invited again,
// and who is in on the last page is found.
func TestHubReadsListsToTheirEnd(t *testing.T) {
	s, h := activationAt(t, func(o *githubtest.Options) { o.PerPage = 2 })
	for i := range 7 {
		login := "other-" + string(rune('a'+i))
		h.s.AddCollaborator("ledger", login, "read")
		early := developer(200)
		early.Login = h.s.AddUser(login + "-invited").Login
		if _, err := h.Grant(t.Context(), early); err != nil {
			t.Fatal(err)
		}
	}
	before := h.count(putCollaborator)
	h.s.AddCollaborator("ledger", devLogin, "write")
	other := developer(200)
	other.ID, other.Login = "second", leadLogin
	s.asksFor(developer(200), other)
	h.s.Order(githubtest.Failure{How: githubtest.Lost, Call: putCollaborator})
	s.on(4*day, func() { s.answer("legal-lee", "after", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantStood([]string{"given"}, []string{"dev found collaborator", "second found repository-invitation"})
	if n := len(h.s.Invitations()); n != before+1 || h.count(putCollaborator) != before+1 {
		t.Errorf("%d invitations, %d calls", n, h.count(putCollaborator)-before)
	}
}
