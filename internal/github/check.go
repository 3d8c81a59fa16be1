package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Finding is one thing that Check looked at.
type Finding struct {
	Part string
	Said string // what is so
	// Err is what is wrong; its Hint says what to do about it.
	Err error
}

// checkError is what is wrong, and what to do about it.
type checkError struct {
	error
	hint string
}

// Hint is what to do about it.
func (e checkError) Hint() string { return e.hint }

// Unwrap is what is wrong.
func (e checkError) Unwrap() error { return e.error }

// checking is a check while it runs.
type checking struct {
	c     *Client
	found []Finding
	// what the sign-in may, as far as GitHub says so: of an app permissions, of a
	// classic token scopes.
	granted installationToken
	scopes  []string
	repo    string // one that is there to be looked at; empty: none
}

func (k *checking) well(part, format string, args ...any) {
	k.found = append(k.found, Finding{Part: part, Said: fmt.Sprintf(format, args...)})
}

func (k *checking) wrong(part string, err error, hint string) {
	k.found = append(k.found, Finding{Part: part, Err: checkError{err, hint}})
}

// Check tries each call that gangway makes, in a way that changes nothing: what a
// removal is about does not exist. What an app or a classic token may is also asked of
// GitHub. A sign-in that is no good ends it at once.
func (c *Client) Check(ctx context.Context) []Finding {
	k := checking{c: c}
	if !k.signIn(ctx) || !k.organisation(ctx) {
		return k.found
	}
	k.repositories(ctx)
	k.permissions(ctx)
	k.places()
	return k.found
}

// signIn asks for what the app may; a token shows what it may with the next call.
func (k *checking) signIn(ctx context.Context) bool {
	granted, err := k.c.signin.granted(ctx, k.c)
	if err != nil {
		hint := "is the app's id that of the key, and is the app installed in the organisation?"
		if e, is := faultOf(err); is && e.Fault == Hidden {
			hint = "write the number at the end of the address of the installation's page: the organisation's settings, GitHub Apps, Configure"
		} else if is && !e.Permanent() {
			hint = "is this GitHub's API, and can it be reached from here? An app's signature also needs a clock that is right"
		}
		k.wrong("github", err, hint)
		return false
	}
	k.granted = granted
	return true
}

func (k *checking) organisation(ctx context.Context) bool {
	o, err := k.c.Organisation(ctx)
	if err != nil {
		hint := "is this the organisation's name, and may the app or the token see it?"
		if e, is := faultOf(err); is && e.Fault != Hidden {
			hint = e.Hint()
		}
		k.wrong("github", err, hint)
		return false
	}
	how := "a token"
	if k.c.signin.fixed == "" {
		how = "the app"
	}
	k.well("github", "%s is let in to the organisation %s", how, o.Login)
	switch o.Base {
	case "none", "":
	default:
		k.wrong("github members", fmt.Errorf("every member may %s every repository", o.Base),
			"set the base permission to No permission (the organisation's settings, Member privileges): whoever gets into one team gets that everywhere")
	}
	k.complete(ctx, o)
	return true
}

// complete holds what this sign-in sees to what the organisation has.
func (k *checking) complete(ctx context.Context, o Organisation) {
	const part = "github repositories"
	hint := "let the app see all repositories (the installation's page, Repository access), or accept that access to the others is given and taken by hand"
	l, err := k.c.Repositories(ctx)
	switch e, is := faultOf(err); {
	case is:
		k.wrong(part, err, e.Hint())
		return
	case k.granted.Selection == "selected":
		k.wrong(part, fmt.Errorf("the app was installed for some repositories alone: it sees %d", len(l.All)), hint)
	case l.Partial:
		k.wrong(part, errors.New("GitHub shows a part of the repositories"), "let the token in by the organisation's single sign-on")
	case o.Repositories > len(l.All):
		k.wrong(part, fmt.Errorf("%d of %d are seen", len(l.All), o.Repositories), hint)
	case o.Repositories < 0:
		k.well(part, "%d are seen; GitHub does not say how many there are", len(l.All))
	default:
		k.well(part, "all %d are seen", len(l.All))
	}
	for _, r := range l.All {
		if k.repo == "" || r.Private {
			k.repo = r.Name
		}
	}
}

// repositories tries the calls about one repository.
func (k *checking) repositories(ctx context.Context) {
	if k.repo == "" {
		k.well("github calls", "there is no repository to try the calls with")
		return
	}
	_, err := k.c.Repository(ctx, k.repo)
	k.tried(getRepository(), err, false)
	_, err = k.c.Collaborators(ctx, k.repo, Outside)
	k.tried(listCollaborators(), err, false)
	_, err = k.c.RepositoryInvitations(ctx, k.repo)
	k.tried(listRepositoryInvitations(), err, false)
	_, err = k.c.RepositoryTeams(ctx, k.repo)
	k.tried(listRepositoryTeams(), err, false)
	k.tried(cancelRepositoryInvitation(), k.c.CancelRepositoryInvitation(ctx, k.repo, noInvitation), true)
}

// noInvitation is a number that no invitation has, noTeam a name that no team has.
const (
	noInvitation = 0
	noTeam       = "gangway-doctor-looks-for-nobody"
)

// permissions tries the calls about the organisation, and compares what is granted with
// what is needed.
func (k *checking) permissions(ctx context.Context) {
	_, err := k.c.Invitations(ctx)
	k.tried(listInvitations(), err, false)
	_, err = k.c.FailedInvitations(ctx)
	k.tried(listFailedInvitations(), err, false)
	_, err = k.c.Outsiders(ctx)
	k.tried(listOutsiders(), err, false)
	_, err = k.c.Teams(ctx)
	k.tried(listTeams(), err, false)
	_, err = k.c.Team(ctx, noTeam)
	k.tried(getTeam(), err, true)
	k.tried(cancelInvitation(), k.c.CancelInvitation(ctx, noInvitation), true)
	if k.c.signin.fixed != "" {
		k.askScopes(ctx)
	}
	lacking := k.lacking()
	for _, n := range lacking {
		k.wrong("github permissions", fmt.Errorf("%s is missing, for %s", n.Permission, strings.Join(n.Calls, ", ")),
			"grant it: the app's page, Permissions & events, then an owner accepts it for the installation; for a token, where it was made")
	}
	if len(lacking) == 0 && !slices.ContainsFunc(k.found, func(f Finding) bool { return f.Part == "github calls" && f.Err != nil }) {
		k.well("github permissions", "what gangway calls, it may call")
	}
}

// tried notes how a call went; absent: that nothing is there is what it should say.
func (k *checking) tried(c call, err error, absent bool) {
	e, is := faultOf(err)
	switch {
	case err == nil, is && absent && (e.Fault == Hidden || e.Fault == Refused):
	case is:
		hint := e.Hint()
		if e.Fault == Denied && len(e.Needs) == 0 && c.needs != "" {
			hint = "give the app or the token this permission: " + c.needs + " (a classic token: " + c.scope + ")"
		}
		k.wrong("github calls", err, hint)
	}
}

// askScopes reads the scopes of a classic token, which stand in every answer.
func (k *checking) askScopes(ctx context.Context) {
	n, err := k.c.call(ctx, getOrganisation(), k.c.bare(http.MethodGet, "orgs/"+k.c.o.Organisation))
	if err != nil || len(n.header.Values("X-OAuth-Scopes")) == 0 {
		return // a fine-grained one: what it lacks shows with the calls
	}
	k.scopes = []string{}
	for _, scope := range strings.Split(n.header.Get("X-OAuth-Scopes"), ",") {
		k.scopes = append(k.scopes, strings.TrimSpace(scope))
	}
}

// lacking are the permissions or scopes that are missing, with the calls that need
// them.
func (k *checking) lacking() []Need {
	var all []Need
	add := func(what string, c call) {
		i := slices.IndexFunc(all, func(n Need) bool { return n.Permission == what })
		if i < 0 {
			all, i = append(all, Need{Permission: what}), len(all)
		}
		all[i].Calls = append(all[i].Calls, c.name)
	}
	for _, c := range calls() {
		name, level, needs := strings.Cut(c.needs, "=")
		has := k.granted.Permissions[name]
		switch {
		case needs && k.granted.Permissions != nil && name != "metadata" && has != "write" && has != level:
			add(c.needs, c)
		case k.scopes != nil && c.scope != "" && !holds(k.scopes, c.scope):
			add(c.scope, c)
		}
	}
	return all
}

// holds reports whether scopes hold one: admin:org holds read:org.
func holds(scopes []string, one string) bool {
	return slices.Contains(scopes, one) || one == scopeReadOrg && (slices.Contains(scopes, scopeAdminOrg) || slices.Contains(scopes, "write:org"))
}
