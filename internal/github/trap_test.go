package github

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/entitlement"
	"gangway/internal/github/githubtest"
)

// TestTrap429IsALimit: the library knows limits on 403 alone. Each row is one way in
// which GitHub says that there were too many calls.
func TestTrap429IsALimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		how   githubtest.How
		after time.Duration
		want  time.Duration
	}{
		{githubtest.Primary, 10 * time.Minute, 10*time.Minute + time.Second},
		{githubtest.Primary429, 10 * time.Minute, 10*time.Minute + time.Second},
		{githubtest.Second, 90 * time.Second, 90 * time.Second},
		{githubtest.Second429, 90 * time.Second, 90 * time.Second},
		{githubtest.Second, 0, time.Minute},
		{githubtest.Second429, 0, time.Minute},
	} {
		w := newWorld(t, nil)
		w.s.Order(githubtest.Failure{How: c.how, After: c.after})
		_, err := w.c.Team(t.Context(), "payroll")
		e := faulty(t, err, Limited)
		if e.RetryAfter() != c.want || e.Permanent() || e.NotFound() || e.Forbidden() {
			t.Errorf("%s: again after %s, want %s (%v)", c.how, e.RetryAfter(), c.want, e)
		}
	}
}

// TestTrapLimitsAreRememberedByOurClock: the library remembers some limits by the
// machine's clock, invents a 403, and forgets others. Here nothing is called before
// the time, the error says how long, and then it goes on.
func TestTrapLimitsAreRememberedByOurClock(t *testing.T) {
	t.Parallel()
	for _, how := range []githubtest.How{githubtest.Primary, githubtest.Primary429, githubtest.Second429} {
		w := newWorld(t, nil)
		w.s.Order(githubtest.Failure{How: how, After: 10 * time.Minute})
		_, err := w.c.Team(t.Context(), "payroll")
		long := faulty(t, err, Limited).RetryAfter()
		calls := w.count("")
		w.clock.skip(time.Minute)
		_, err = w.c.Organisation(t.Context()) // another call: the limit is everybody's
		e := faulty(t, err, Limited)
		if e.RetryAfter() != long-time.Minute || e.Status != 0 || w.count("") != calls {
			t.Errorf("%s: again after %s of %s, %d calls more", how, e.RetryAfter(), long, w.count("")-calls)
		}
		w.clock.skip(e.RetryAfter())
		_, err = w.c.Organisation(t.Context())
		ok(t, err)
	}
}

// TestTrapSilentLimitsWaitLonger: a limit that says nothing of when is waited for
// longer each time, up to a bound, until a call goes through.
func TestTrapSilentLimitsWaitLonger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.s.Order(githubtest.Failure{How: githubtest.Second429, Times: -1})
	var waits []time.Duration
	for range 8 {
		_, err := w.c.Organisation(t.Context())
		waits = append(waits, faulty(t, err, Limited).RetryAfter())
		w.clock.skip(waits[len(waits)-1])
	}
	m := time.Minute
	if want := []time.Duration{m, 2 * m, 4 * m, 8 * m, 16 * m, 30 * m, 30 * m, 30 * m}; !slices.Equal(waits, want) {
		t.Errorf("%v, want %v", waits, want)
	}
	w.s.Mend()
	_, err := w.c.Organisation(t.Context())
	ok(t, err)
	w.s.Order(githubtest.Failure{How: githubtest.Second429})
	_, err = w.c.Organisation(t.Context())
	if d := faulty(t, err, Limited).RetryAfter(); d != m {
		t.Errorf("%s after all was well", d)
	}
}

// TestTrapBodiesAreObjects: a nil of the library's options is sent as null, which
// GitHub answers with 400.
func TestTrapBodiesAreObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asApp(t, full()))
	_, err := w.c.AddCollaborator(t.Context(), "ledger", "dev-one", "")
	ok(t, err)
	_, err = w.c.AddTeamMember(t.Context(), "payroll", "dev-one", "")
	ok(t, err)
	seen := 0
	for _, c := range w.s.Calls("") {
		if strings.HasPrefix(c.Call, "PUT ") || strings.HasPrefix(c.Call, "POST ") {
			seen++
			if body := strings.TrimSpace(c.Body); body != "{}" {
				t.Errorf("%s was sent %s", c.Call, body)
			}
		}
	}
	if seen != 3 {
		t.Errorf("%d calls with a body", seen)
	}
}

// TestTrapWithoutAnInvitation: for who is in already the library gives back an
// invitation with nothing in it.
func TestTrapWithoutAnInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	invited, err := w.c.AddCollaborator(t.Context(), "ledger", "dev-one", entitlement.RoleRead)
	if err != nil || !invited {
		t.Errorf("%v %v", invited, err)
	}
	invited, err = w.c.AddCollaborator(t.Context(), "ledger", "ann", entitlement.RoleRead)
	if err != nil || invited {
		t.Errorf("a member was invited: %v %v", invited, err)
	}
	// In by a team alone: GitHub answers as if it had done something.
	w.s.Order(githubtest.Failure{Call: addCollaborator().name, How: githubtest.Undone})
	g := ledger()
	g.Login = "ben"
	w.s.AddUser("ben")
	s, err := w.k.Grant(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdInherited), nil)
}

// TestTrapRolesAreNotRights: the library's answer calls triage read and maintain write.
func TestTrapRolesAreNotRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, role := range []string{"read", "triage", "write", "maintain", "admin"} {
		w.s.AddCollaborator("ledger", "dev-one", role)
		if got, err := w.c.Permission(t.Context(), "ledger", "dev-one"); err != nil || got != role {
			t.Errorf("%s, want %s (%v)", got, role, err)
		}
	}
	w.s.AddUser("nobody")
	if got, err := w.c.Permission(t.Context(), "ledger", "nobody"); err != nil || got != "none" {
		t.Errorf("%s (%v)", got, err)
	}
	if got, err := w.c.Permission(t.Context(), "site", "nobody"); err != nil || got != "read" {
		t.Errorf("%s (%v)", got, err)
	}
}

// TestTrap202IsNotDone: what GitHub goes on with is neither done nor failed.
func TestTrap202IsNotDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.s.AddCollaborator("ledger", "dev-one", "write")
	w.s.Order(githubtest.Failure{Call: removeCollaborator().name, How: githubtest.Working})
	_, err := w.k.Remove(t.Context(), ledger())
	if e := faulty(t, err, Accepted); e.Permanent() || e.RetryAfter() <= 0 {
		t.Errorf("%v, again after %s", e, e.RetryAfter())
	}
	s, err := w.k.Remove(t.Context(), ledger())
	ok(t, err)
	stands(t, s, entitlement.VerdictClean, nil, nil)
}

// TestTrapA404IsNoAnswer: GitHub hides what a token may not see. Wherever it does
// so, nothing is clean.
func TestTrapA404IsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		g    entitlement.Grant
		call call
	}{
		{ledger(), getRepository()}, {ledger(), listRepositoryInvitations()}, {ledger(), listCollaborators()}, {ledger(), getPermission()}, {ledger(), getAccount()},
		{payroll(), getTeam()}, {payroll(), listTeamMembers()}, {payroll(), listTeamInvitations()}, {payroll(), getAccount()},
	} {
		for _, how := range []githubtest.How{githubtest.Hidden, githubtest.Forbidden, githubtest.SSO, githubtest.Silent, githubtest.Unauth} {
			w := newWorld(t, nil)
			w.s.Order(githubtest.Failure{Call: c.call.name, How: how, Needs: "members=read", Times: -1})
			s, err := w.k.Look(t.Context(), c.g)
			if err != nil || s.Verdict != entitlement.VerdictNotCheckable || len(s.Doubts) == 0 {
				t.Errorf("%s, %s: %s %v, %v", c.call.name, how, s.Verdict, s.Doubts, err)
			}
			if how == githubtest.Forbidden && !slices.Equal(s.Needs, []string{"members=read"}) {
				t.Errorf("%s: %v", c.call.name, s.Needs)
			}
		}
	}
	// A 404 for one membership is a no where the team and its members were seen.
	w := newWorld(t, nil)
	s, err := w.k.Look(t.Context(), payroll())
	ok(t, err)
	stands(t, s, entitlement.VerdictClean, nil, nil)
}

// TestTrapRenamedRepositories: the library follows GitHub to the new name, and a
// 200 says nothing.
func TestTrapRenamedRepositories(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.s.RenameRepository("ledger", "books")
	_, err := w.c.Repository(t.Context(), "ledger")
	if e := faulty(t, err, Moved); e.Status != 301 || !e.Permanent() {
		t.Errorf("%+v", e)
	}
	err = w.c.RemoveCollaborator(t.Context(), "ledger", "dev-one")
	if e := faulty(t, err, Moved); e.Status != 307 {
		t.Errorf("%+v", e)
	}
	if n := len(w.s.Calls("")); n != 2 { // neither was followed
		t.Errorf("%d calls", n)
	}
	s, err := w.k.Remove(t.Context(), ledger())
	ok(t, err)
	stands(t, s, entitlement.VerdictNotCheckable, nil, is1(entitlement.DoubtMoved))
}

// TestTrapEmptyTimesOfInvitations: GitHub's own example of an invitation has an empty
// time, on which the library's type fails.
func TestTrapEmptyTimesOfInvitations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, err := w.c.AddTeamMember(t.Context(), "payroll", "dev-one", entitlement.RoleMember)
	ok(t, err)
	open, err := w.c.Invitations(t.Context())
	ok(t, err)
	if len(open.All) != 1 || open.All[0].Login != "dev-one" || open.All[0].Teams != 1 || !open.All[0].FailedAt.IsZero() || !open.All[0].Created.Equal(w.clock.now().Truncate(time.Second)) {
		t.Errorf("%+v", open.All)
	}
	w.clock.skip(8 * 24 * time.Hour)
	failed, err := w.c.FailedInvitations(t.Context())
	ok(t, err)
	if len(failed.All) != 1 || failed.All[0].FailedAt.IsZero() || failed.All[0].FailedFor == nil {
		t.Errorf("%+v", failed.All)
	}
	ok(t, w.c.RemoveOutsider(t.Context(), "dev-one"))
}

// TestTrapTheBaseEndsInASlash, with or without one in the settings: the library
// refuses one without, and its own way for other hosts appends paths.
func TestTrapTheBaseEndsInASlash(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *githubtest.Options, c *Connection) {})
	o := w.c.o
	o.API = strings.TrimSuffix(o.API, "/")
	c, err := NewClient(o)
	ok(t, err)
	_, err = c.Organisation(t.Context())
	ok(t, err)
}

// TestTrapPagesOfNothing: an answer without a list is not an empty one. Each is what a
// list of nobody could be taken for.
func TestTrapPagesOfNothing(t *testing.T) {
	t.Parallel()
	for how, fault := range map[githubtest.How]Fault{githubtest.Empty: Broken, githubtest.Null: Lost, githubtest.Page: Broken, githubtest.Down: Broken,
		githubtest.Cut: Lost, githubtest.Lost: Unreachable, githubtest.Undone: Lost} {
		w := newWorld(t, unheld)
		w.s.Order(githubtest.Failure{Call: listCollaborators().name, How: how, Times: -1})
		_, err := w.k.Look(t.Context(), ledger())
		e := faulty(t, err, fault)
		if e.Permanent() || e.Hint() == "" || strings.Contains(e.Error(), "Unicorn") {
			t.Errorf("%s: %v", how, e)
		}
	}
}

// TestTrapPartsOfLists: what GitHub leaves out, and pages that don't add up, make
// nothing clean; what was found counts all the same.
func TestTrapPartsOfLists(t *testing.T) {
	t.Parallel()
	for _, how := range []githubtest.How{githubtest.Partial, githubtest.Unlinked, githubtest.Circle} {
		w := newWorld(t, nil)
		w.s.Order(githubtest.Failure{Call: listCollaborators().name, How: how})
		s, err := w.k.Look(t.Context(), ledger())
		ok(t, err)
		stands(t, s, entitlement.VerdictNotCheckable, nil, is1(entitlement.DoubtPartial))
		w.s.AddCollaborator("ledger", "dev-one", "write")
		w.s.Order(githubtest.Failure{Call: listCollaborators().name, How: how})
		s, err = w.k.Look(t.Context(), ledger())
		ok(t, err)
		stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdCollaborator), is1(entitlement.DoubtPartial))
	}
}

// TestTrapPartsOfATeamsLists: the same for a team, and for the teams that somebody
// could stay a member for.
func TestTrapPartsOfATeamsLists(t *testing.T) {
	t.Parallel()
	for _, call := range []call{listTeamMembers(), listTeamInvitations()} {
		w := newWorld(t, nil)
		w.s.Order(githubtest.Failure{Call: call.name, How: githubtest.Partial})
		s, err := w.k.Look(t.Context(), payroll())
		ok(t, err)
		stands(t, s, entitlement.VerdictNotCheckable, nil, is1(entitlement.DoubtPartial))
	}
	w := newWorld(t, nil)
	g := payroll()
	g.Joined = true
	w.s.AddTeam("third", "pull", "dev-one")
	w.s.Order(githubtest.Failure{Call: listTeams().name, How: githubtest.Partial})
	s, err := w.k.Remove(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdMember), is1(entitlement.DoubtPartial))
	if w.s.Membership("dev-one", "third").State != "active" {
		t.Error("removed, though nobody saw all teams")
	}
}
