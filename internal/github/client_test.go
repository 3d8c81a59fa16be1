package github

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/entitlement"
	"gangway/internal/github/githubtest"
)

// TestListsAreReadToTheirEnd, however small a page is.
func TestListsAreReadToTheirEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options, _ *Connection) { o.PerPage = 3 })
	var want []string
	for i := range 10 {
		login := fmt.Sprintf("dev-%02d", i)
		w.s.AddCollaborator("ledger", login, "read")
		want = append(want, login)
	}
	l, err := w.c.Collaborators(t.Context(), "ledger", Direct)
	ok(t, err)
	var got []string
	for _, a := range l.All {
		got = append(got, a.Login)
	}
	if !slices.Equal(got, want) || l.Partial || w.count(listCollaborators().name) != 4 {
		t.Errorf("%v, partial %v, %d calls", got, l.Partial, w.count(listCollaborators().name))
	}
	out, err := w.c.Outsiders(t.Context())
	if err != nil || len(out.All) != 10 || out.Partial {
		t.Errorf("%d outsiders, %v", len(out.All), err)
	}
	// A limit in the middle ends it: half a list is none.
	w.s.Order(githubtest.Failure{Call: listOutsiders().name, How: githubtest.Second, Skip: 2, After: time.Minute})
	out, err = w.c.Outsiders(t.Context())
	faulty(t, err, Limited)
	if len(out.All) > 0 {
		t.Errorf("%d of a list that was not read", len(out.All))
	}
}

// TestRefusalsSayWhatTheyAre: whether to try again, and what to do.
func TestRefusalsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		how       githubtest.How
		fault     Fault
		permanent bool
		hint      string
	}{
		{githubtest.Unauth, Denied, true, "check that the key or token is still good"},
		{githubtest.Forbidden, Denied, true, "give the app or the token this permission: members=read and administration=write or organization_administration=read"},
		{githubtest.SSO, Denied, true, "let the token in by the organisation's single sign-on"},
		{githubtest.Silent, Refused, true, "GitHub's own rules forbid it"},
		{githubtest.Hidden, Hidden, true, "does it still exist under this name"},
		{githubtest.Conflict, Refused, true, "GitHub's own rules forbid it"},
		{githubtest.Invalid, Refused, true, "GitHub's own rules forbid it"},
		{githubtest.Down, Broken, false, "nothing needs to be done"},
		{githubtest.Lost, Unreachable, false, "nothing needs to be done"},
	} {
		w := newWorld(t, nil)
		w.s.Order(githubtest.Failure{How: c.how, Needs: "members=read; administration=write, organization_administration=read, <script>=x"})
		_, err := w.c.Team(t.Context(), "payroll")
		e := faulty(t, err, c.fault)
		if e.Permanent() != c.permanent || !strings.HasPrefix(e.Hint(), c.hint) || !strings.HasPrefix(e.Error(), "calling GET /orgs/{org}/teams/{team_slug}: "+string(c.fault)) {
			t.Errorf("%s: %v (%v, %s)", c.how, e, e.Permanent(), e.Hint())
		}
		if text := e.Error() + e.Hint(); strings.Contains(text, "script") || strings.Contains(text, "payroll") || strings.Contains(text, "127.0.0.1") || strings.Contains(text, "northgate") {
			t.Errorf("%s: %s", c.how, text)
		}
		if e.NotFound() != (c.fault == Hidden) || e.Forbidden() != (c.fault == Denied) {
			t.Errorf("%s: %v %v", c.how, e.NotFound(), e.Forbidden())
		}
	}
}

// TestEveryCallHasAnEnd: also one whose context has none, before a GitHub that takes
// it and never answers.
func TestEveryCallHasAnEnd(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	t.Cleanup(func() { ok(t, l.Close()) })
	c, err := NewClient(Connection{API: "http://" + l.Addr().String(), Organisation: "northgate", Token: "ghp_x", Patience: 20 * time.Millisecond})
	ok(t, err)
	_, err = c.Organisation(context.Background())
	if e := faulty(t, err, Unreachable); !errors.Is(e, context.DeadlineExceeded) || strings.Contains(e.Error(), "127.0.0.1") {
		t.Error(e)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Organisation(ctx)
	if e := faulty(t, err, Unreachable); !errors.Is(e, context.Canceled) {
		t.Error(e)
	}
	// Who waits for a turn has one too.
	c.turn <- struct{}{}
	if e := faulty(t, c.RemoveMember(context.Background(), "dev-one"), Unreachable); !errors.Is(e, context.DeadlineExceeded) {
		t.Error(e)
	}
}

// TestChangesArePaced: a second between two, and no more than half of what GitHub
// takes; then the caller is told when to come again. Reading is not held up.
func TestChangesArePaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options, _ *Connection) { o.InvitationsDay = 1000 })
	var late *CallError
	for i := range 60 {
		login := fmt.Sprintf("dev-%02d", i)
		w.s.AddUser(login)
		_, err := w.c.AddCollaborator(t.Context(), "ledger", login, entitlement.RoleRead)
		if err != nil {
			late = faulty(t, err, Limited)
			break
		}
	}
	puts := w.s.Calls(addCollaborator().name)
	if len(puts) != mostMinute || late == nil || late.RetryAfter() <= 0 || late.RetryAfter() > time.Minute || late.Status != 0 {
		t.Fatalf("%d went out, then %v", len(puts), late)
	}
	for i := 1; i < len(puts); i++ {
		if gap := puts[i].At.Sub(puts[i-1].At); gap < between {
			t.Errorf("%s between two", gap)
		}
	}
	_, err := w.c.Organisation(t.Context())
	ok(t, err)
	w.clock.skip(late.RetryAfter())
	w.s.AddUser("dev-late")
	_, err = w.c.AddCollaborator(t.Context(), "ledger", "dev-late", entitlement.RoleRead)
	ok(t, err)
}

// TestInvitationsOfADay: beyond GitHub's fifty it refuses, and it is said.
func TestInvitationsOfADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options, _ *Connection) { o.InvitationsDay = 1 })
	_, err := w.k.Grant(t.Context(), ledger())
	ok(t, err)
	w.s.AddUser("dev-two")
	g := payroll()
	g.Login = "dev-two"
	s, err := w.k.Grant(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictNotCheckable, nil, is1(entitlement.DoubtRefused))
	w.clock.skip(24 * time.Hour)
	s, err = w.k.Grant(t.Context(), g)
	ok(t, err)
	stands(t, s, entitlement.VerdictFound, is1(entitlement.FootholdTeamInvited), nil)
}

// TestChangesGoOneAfterTheOther, whoever asks.
func TestChangesGoOneAfterTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	var at, most int
	var mu sync.Mutex
	w.c.transport = counting{w.c.transport, func(d int) {
		mu.Lock()
		defer mu.Unlock()
		at += d
		most = max(most, at)
	}}
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			login := fmt.Sprintf("dev-%02d", i)
			w.s.AddUser(login)
			if _, err := w.c.AddCollaborator(t.Context(), "ledger", login, entitlement.RoleRead); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most != 1 || len(w.s.Invitations()) != 6 {
		t.Errorf("%d at once, %d invitations", most, len(w.s.Invitations()))
	}
}

// counting counts what is on its way.
type counting struct {
	next http.RoundTripper
	add  func(int)
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.add(1)
	defer c.add(-1)
	return c.next.RoundTrip(r)
}

// TestAnInvitationToTheOrganisationIsCancelled by its number, once.
func TestAnInvitationToTheOrganisationIsCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, err := w.c.AddTeamMember(t.Context(), "payroll", "dev-one", entitlement.RoleMember)
	ok(t, err)
	open, err := w.c.TeamInvitations(t.Context(), "payroll")
	ok(t, err)
	ok(t, w.c.CancelInvitation(t.Context(), open.All[0].ID))
	if w.s.Accept("dev-one", "") == nil || w.s.Membership("dev-one", "payroll").State != "" {
		t.Error("it still stands")
	}
	faulty(t, w.c.CancelInvitation(t.Context(), open.All[0].ID), Hidden)
	// An outside collaborator leaves all repositories at once; a member does not.
	w.s.AddCollaborator("ledger", "dev-one", "write")
	w.s.AddCollaborator("site", "dev-one", "write")
	ok(t, w.c.RemoveOutsider(t.Context(), "dev-one"))
	if len(w.s.Roles("ledger", "dev-one"))+len(w.s.Roles("site", "dev-one")) > 0 {
		t.Error("still in")
	}
	faulty(t, w.c.RemoveOutsider(t.Context(), "ann"), Refused)
	teams, err := w.c.RepositoryTeams(t.Context(), "ledger")
	if err != nil || len(teams.All) != 1 || teams.All[0].Slug != "payroll" {
		t.Errorf("%+v, %v", teams.All, err)
	}
}

func TestNewClientRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	sound := Connection{Organisation: "northgate", Token: "ghp_x"}
	if _, err := NewClient(sound); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Connection){
		"no organisation":        func(c *Connection) { c.Organisation = "" },
		"a path for a name":      func(c *Connection) { c.Organisation = "a/b" },
		"a token over http":      func(c *Connection) { c.API = "http://github.example.org/api/v3/" },
		"a password in the base": func(c *Connection) { c.API = "https://u:hunter2@github.example.org/" },
		"nothing to sign in":     func(c *Connection) { c.Token = "" },
		"an app without a key":   func(c *Connection) { c.Token, c.App, c.Installation = "", 1, 2 },
		"a key that is none":     func(c *Connection) { c.Token, c.App, c.Installation, c.Key = "", 1, 2, []byte("hunter2") },
		"no app":                 func(c *Connection) { c.Token, c.Installation, c.Key = "", 2, []byte("hunter2") },
	} {
		o := sound
		change(&o)
		if _, err := NewClient(o); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
