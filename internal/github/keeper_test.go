package github

import (
	"context"
	"slices"
	"testing"
	"time"

	"gangway/internal/entitlement"
)

func TestAnOutsideCollaboratorComesAndGoes(t *testing.T) {
	t.Parallel()
	for name, how := range ways(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, how)
			g := ledger()
			s, err := w.k.Look(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictClean, nil, nil)
			s, err = w.k.Grant(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdInvitation), nil)
			if s.Account == 0 || s.Place != "repository/ledger" || s.Grant != "dev" || s.Role != entitlement.RoleWrite || !s.Until.Equal(g.Until) || s.Joined {
				t.Errorf("%+v", s)
			}
			g.Account = s.Account
			s, err = w.k.Grant(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdInvitation), nil)
			if n := w.count("PUT /repos/{owner}/{repo}/collaborators/{username}"); n != 1 || len(w.s.Invitations()) != 1 {
				t.Errorf("%d invitations went out", n)
			}
			ok(t, w.s.Accept("dev-one", "ledger"))
			s, err = w.k.Grant(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdCollaborator), nil)
			if roles := w.s.Roles("ledger", "dev-one"); len(roles) != 1 || roles["direct"] != "write" {
				t.Errorf("%v", roles)
			}
			for range 2 {
				s, err = w.k.Remove(t.Context(), g)
				ok(t, err)
				stands(t, s, entitlement.VerdictClean, nil, nil)
			}
			if n := w.count("DELETE /repos/{owner}/{repo}/collaborators/{username}"); n != 1 {
				t.Errorf("removed %d times", n)
			}
		})
	}
}

func TestAnInvitationIsTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, err := w.k.Grant(t.Context(), ledger())
	ok(t, err)
	s, err := w.k.Remove(t.Context(), ledger())
	ok(t, err)
	stands(t, s, entitlement.VerdictClean, nil, nil)
	if w.s.Accept("dev-one", "ledger") == nil {
		t.Error("the invitation still stands")
	}
}

// TestAnExpiredInvitationIsSentAgain: a week is GitHub's, and the old one stands in
// the list for ever.
func TestAnExpiredInvitationIsSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, err := w.k.Grant(t.Context(), ledger())
	ok(t, err)
	w.clock.skip(8 * 24 * time.Hour)
	s, err := w.k.Look(t.Context(), ledger())
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdExpired), nil)
	s, err = w.k.Grant(t.Context(), ledger())
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdInvitation), nil)
	if len(w.s.Invitations()) != 1 || w.s.Accept("dev-one", "ledger") != nil {
		t.Errorf("%+v", w.s.Invitations())
	}
}

// TestAnotherRoleReplacesTheInvitation, and the role of who is in.
func TestAnotherRoleReplacesTheInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	g := ledger()
	_, err := w.k.Grant(t.Context(), g)
	ok(t, err)
	g.Role = entitlement.RoleRead
	_, err = w.k.Grant(t.Context(), g)
	ok(t, err)
	if all := w.s.Invitations(); len(all) != 1 || all[0].Role != "read" {
		t.Errorf("%+v", all)
	}
	ok(t, w.s.Accept("dev-one", "ledger"))
	g.Role = entitlement.RoleMaintain
	s, err := w.k.Grant(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdCollaborator), nil)
	if roles := w.s.Roles("ledger", "dev-one"); roles["direct"] != "maintain" {
		t.Errorf("%v", roles)
	}
}

func TestATeamsMemberComesAndGoes(t *testing.T) {
	t.Parallel()
	for name, how := range ways(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, how)
			g := payroll()
			s, err := w.k.Grant(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdTeamInvited), nil)
			if !s.Joined {
				t.Error("they were no member before")
			}
			g.Account, g.Joined = s.Account, s.Joined
			ok(t, w.s.Accept("dev-one", ""))
			s, err = w.k.Grant(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdTeam), nil)
			s, err = w.k.Look(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictFound, []entitlement.Foothold{entitlement.FootholdTeam, entitlement.FootholdMember}, nil)
			if n := w.count("PUT /orgs/{org}/teams/{team_slug}/memberships/{username}"); n != 1 {
				t.Errorf("added %d times", n)
			}
			s, err = w.k.Remove(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictClean, nil, nil)
			if m := w.s.Membership("dev-one", ""); m.State != "" {
				t.Errorf("still a member: %+v", m)
			}
		})
	}
}

// TestATeamsInvitationIsTakenBack: with it the invitation to the organisation, which
// was for nothing else.
func TestATeamsInvitationIsTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	s, err := w.k.Grant(t.Context(), payroll())
	ok(t, err)
	g := payroll()
	g.Account, g.Joined = s.Account, s.Joined
	s, err = w.k.Remove(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictClean, nil, nil)
	if len(w.s.Invitations()) != 0 {
		t.Errorf("%+v", w.s.Invitations())
	}
}

// TestWhoWasAMemberBeforeStaysOne, and so does who is in another team by now.
func TestWhoWasAMemberBeforeStaysOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.s.AddMember("dev-one", "member")
	s, err := w.k.Grant(t.Context(), payroll())
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdTeam), nil)
	if s.Joined {
		t.Error("they were a member before")
	}
	s, err = w.k.Remove(t.Context(), payroll())
	ok(t, err)
	stands(t, s, entitlement.VerdictClean, nil, nil)
	if w.s.Membership("dev-one", "").State != "active" {
		t.Error("no member any more")
	}

	w.s.AddTeam("third", "pull", "dev-two")
	g := payroll()
	g.Login = "dev-two"
	_, err = w.k.Grant(t.Context(), g)
	ok(t, err)
	g.Joined = true // as if
	s, err = w.k.Remove(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdMember), nil)
	if w.s.Membership("dev-two", "third").State != "active" {
		t.Error("taken out of a team that the grant was not about")
	}
	w.s.AddMember("chief", "admin")
	g.Login = "chief"
	_, err = w.k.Remove(t.Context(), g)
	ok(t, err)
	if w.s.Membership("chief", "").State != "active" {
		t.Error("an owner was removed")
	}
}

// TestLoginsChangeHands: the account is known by its number, and who took its login
// over is neither given nor taken anything.
func TestLoginsChangeHands(t *testing.T) {
	t.Parallel()
	for _, place := range []entitlement.Grant{ledger(), payroll()} {
		t.Run(place.Repository+place.Team, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			g := place
			s, err := w.k.Grant(t.Context(), g)
			ok(t, err)
			g.Account, g.Joined = s.Account, s.Joined
			ok(t, w.s.Accept("dev-one", g.Repository))
			w.s.Rename("dev-one", "dev-new")
			w.s.AddUser("dev-one")
			if g.Team != "" {
				w.s.AddTeam("payroll-2", "push", "dev-one")
			}
			s, err = w.k.Grant(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictNotCheckable, nil, is1(entitlement.DoubtOther))
			s, err = w.k.Look(t.Context(), g)
			ok(t, err)
			if s.Verdict != entitlement.VerdictFound || s.Login != "dev-new" {
				t.Errorf("%+v", s)
			}
			s, err = w.k.Remove(t.Context(), g)
			ok(t, err)
			stands(t, s, entitlement.VerdictClean, nil, nil)
			if roles := w.s.Roles("ledger", "dev-new"); len(roles) > 0 {
				t.Errorf("still in: %v", roles)
			}
			if g.Team != "" && w.s.Membership("dev-one", "").State != "active" {
				t.Error("who took the login over was removed")
			}
		})
	}
}

// TestWhoTookALoginOverIsNotRemoved from the organisation either, and nothing is clean
// where the account was lost from sight.
func TestWhoTookALoginOverIsNotRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	s, err := w.k.Grant(t.Context(), payroll())
	ok(t, err)
	g := payroll()
	g.Account, g.Joined = s.Account, s.Joined
	w.s.Rename("dev-one", "dev-new")
	w.s.AddMember("dev-one", "member") // an employee, in no team
	for _, do := range []func(context.Context, entitlement.Grant) (entitlement.Standing, error){w.k.Remove, w.k.Look} {
		s, err = do(t.Context(), g)
		ok(t, err)
		if s.Verdict == entitlement.VerdictClean || !slices.Contains(s.Doubts, entitlement.DoubtOther) {
			t.Errorf("%+v", s)
		}
		if w.s.Membership("dev-one", "").State != "active" {
			t.Fatal("who took the login over was removed")
		}
	}
	g.Login = "dev-new" // as the evidence of a later call has it
	s, err = w.k.Remove(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictClean, nil, nil)
	if w.s.Membership("dev-new", "").State != "" || w.s.Membership("dev-one", "").State != "active" {
		t.Error("the wrong one was removed")
	}
}

// TestRemovalTakesItsTime: what is found right after is gone later.
func TestRemovalTakesItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, lagging(time.Hour))
	w.s.AddCollaborator("ledger", "dev-one", "write")
	s, err := w.k.Remove(t.Context(), ledger())
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdCollaborator), nil)
	w.clock.skip(time.Hour)
	s, err = w.k.Remove(t.Context(), ledger())
	ok(t, err)
	stands(t, s, entitlement.VerdictClean, nil, nil)
}

// TestWhatLetsThemInAllTheSame: a team of the repository, and what every member may.
func TestWhatLetsThemInAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	g := ledger()
	g.Login = "ann" // of the team payroll
	s, err := w.k.Remove(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdInherited), nil)

	w = newWorld(t, based("read"))
	w.s.AddMember("dev-one", "member")
	s, err = w.k.Look(t.Context(), ledger())
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdInherited), nil)
	g = ledger()
	g.Repository = "site" // public: everybody reads it, and nobody else has more
	w = newWorld(t, nil)
	s, err = w.k.Look(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictClean, nil, nil)
}

func TestWhomAndWhereNobodyIsLetIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.s.AddAccount("corp", "Organization")
	w.s.Sync("payroll", true)
	w.s.RenameRepository("ledger", "books")
	for name, c := range map[string]struct {
		g     entitlement.Grant
		doubt entitlement.Doubt
	}{
		"nobody":       {entitlement.Grant{Login: "nobody", Repository: "site", Role: entitlement.RoleRead}, entitlement.DoubtLogin},
		"no person":    {entitlement.Grant{Login: "corp", Repository: "site", Role: entitlement.RoleRead}, entitlement.DoubtRefused},
		"synced":       {payroll(), entitlement.DoubtRefused},
		"no team":      {entitlement.Grant{Login: "dev-one", Team: "nobody", Role: entitlement.RoleMember}, entitlement.DoubtHidden},
		"no such":      {entitlement.Grant{Login: "dev-one", Repository: "nothing", Role: entitlement.RoleRead}, entitlement.DoubtHidden},
		"renamed":      {ledger(), entitlement.DoubtMoved},
		"a bad name":   {entitlement.Grant{Login: "a/../../b", Repository: "site", Role: entitlement.RoleRead}, entitlement.DoubtRefused},
		"a bad place":  {entitlement.Grant{Login: "dev-one", Repository: "..", Role: entitlement.RoleRead}, entitlement.DoubtRefused},
		"a bad letter": {entitlement.Grant{Login: "dev-one", Team: "a?b", Role: entitlement.RoleMember}, entitlement.DoubtRefused},
	} {
		s, err := w.k.Grant(t.Context(), c.g)
		if err != nil || s.Verdict != entitlement.VerdictNotCheckable || len(s.Doubts) != 1 || s.Doubts[0] != c.doubt {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	for _, c := range w.s.Calls(addCollaborator().name) { // what GitHub would refuse is not even asked for
		t.Errorf("%s was called", c.Path)
	}
	w = newWorld(t, closed())
	s, err := w.k.Grant(t.Context(), ledger())
	ok(t, err)
	stands(t, s, entitlement.VerdictNotCheckable, nil, is1(entitlement.DoubtRefused))
}

// TestNamesOfCallsAreKept: evidence says which calls were made, without names.
func TestEvidenceNamesCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	s, err := w.k.Look(t.Context(), ledger())
	ok(t, err)
	var calls []string
	for _, p := range s.Probes {
		calls = append(calls, p.Call)
		if p.Status != 200 || p.Request == "" || p.At.IsZero() || p.Said != "" {
			t.Errorf("%+v", p)
		}
	}
	want := []string{getRepository().name, listRepositoryInvitations().name, listCollaborators().name, listCollaborators().name, getAccount().name, getPermission().name}
	if len(calls) != len(want) {
		t.Fatalf("%q", calls)
	}
	for i := range want {
		if calls[i] != want[i] {
			t.Errorf("%s, want %s", calls[i], want[i])
		}
	}
}
