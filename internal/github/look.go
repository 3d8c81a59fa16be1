package github

import (
	"context"
	"strings"

	"gangway/internal/entitlement"
)

// Look says what of a grant somebody has, and changes nothing. Clean is said only
// where the place itself was seen, and every list to its end.
func (k *Keeper) Look(ctx context.Context, g entitlement.Grant) (entitlement.Standing, error) {
	ctx, w, t := k.begin(ctx, g)
	return w.end(t, w.look(ctx))
}

func (w *working) look(ctx context.Context) error {
	if w.g.Team != "" {
		return w.lookTeam(ctx)
	}
	return w.lookRepository(ctx)
}

func (w *working) lookRepository(ctx context.Context) error {
	r, err := w.c.Repository(ctx, w.g.Repository) // is it there, and may it be seen?
	if err != nil {
		return err
	}
	invitations, err := w.c.RepositoryInvitations(ctx, w.g.Repository)
	if err != nil {
		return err
	}
	direct, err := w.c.Collaborators(ctx, w.g.Repository, Direct)
	if err != nil {
		return err
	}
	all, err := w.c.Collaborators(ctx, w.g.Repository, Anyhow)
	if err != nil {
		return err
	}
	for _, i := range invitations.All {
		if i.Invitee != nil && w.theirs(*i.Invitee) {
			w.standing(i)
		}
	}
	w.among(direct.All, entitlement.FootholdCollaborator)
	if !w.has(entitlement.FootholdCollaborator) {
		w.among(all.All, entitlement.FootholdInherited)
	}
	if invitations.Partial || direct.Partial || all.Partial {
		w.doubt(entitlement.DoubtPartial)
	}
	if len(w.s.Footholds) > 0 {
		return nil
	}
	return w.rest(ctx, r)
}

// standing notes an invitation: one that expired lets nobody in, and is shown all the
// same.
func (w *working) standing(i RepositoryInvitation) {
	if i.Expired {
		w.foothold(entitlement.FootholdExpired)
		return
	}
	w.foothold(entitlement.FootholdInvitation)
}

// among looks for the account in a list, under whatever login it has now.
func (w *working) among(list []Account, f entitlement.Foothold) {
	for _, a := range list {
		if w.theirs(a) {
			w.s.Login, w.s.Account = a.Login, a.ID
			w.foothold(f)
		}
		if w.another(a) {
			w.doubt(entitlement.DoubtOther)
		}
	}
}

func (w *working) has(f entitlement.Foothold) bool {
	for _, one := range w.s.Footholds {
		if one == f {
			return true
		}
	}
	return false
}

// rest asks GitHub for the sum of all ways: no list holds them, so there should be
// nothing left.
func (w *working) rest(ctx context.Context, r Repository) error {
	if same, err := w.same(ctx); err != nil || !same {
		return err
	}
	role, err := w.c.Permission(ctx, w.g.Repository, w.s.Login)
	if err != nil {
		return err
	}
	if role != "none" && (r.Private || role != string(entitlement.RoleRead)) {
		w.foothold(entitlement.FootholdInherited)
	}
	return nil
}

// same asks whether the login is still that of the grant's account: what is asked by
// login would else be about somebody else. By its number the account is in no list.
func (w *working) same(ctx context.Context) (bool, error) {
	a, err := w.c.Account(ctx, w.s.Login)
	switch {
	case is(err, Hidden) && w.s.Account != 0:
		return false, nil // renamed or ended, and in no list
	case is(err, Hidden):
		return false, w.stop(entitlement.DoubtLogin)
	case err != nil:
		return false, err
	}
	return w.s.Account == 0 || a.ID == w.s.Account, nil
}

func (w *working) lookTeam(ctx context.Context) error {
	if _, err := w.c.Team(ctx, w.g.Team); err != nil { // is it there, and may it be seen?
		return err
	}
	members, err := w.c.TeamMembers(ctx, w.g.Team)
	if err != nil {
		return err
	}
	open, err := w.c.TeamInvitations(ctx, w.g.Team)
	if err != nil {
		return err
	}
	w.among(members.All, entitlement.FootholdTeam)
	found := w.has(entitlement.FootholdTeam)
	for _, i := range open.All {
		if strings.EqualFold(i.Login, w.s.Login) {
			w.foothold(entitlement.FootholdTeamInvited)
		}
	}
	if members.Partial || open.Partial {
		w.doubt(entitlement.DoubtPartial)
	}
	if same, err := w.same(ctx); err != nil || !same {
		if err == nil && w.g.Joined && !found { // members are asked for by login alone
			w.doubt(entitlement.DoubtOther)
		}
		return err
	}
	if len(w.s.Footholds) == 0 {
		m, err := w.c.TeamMembership(ctx, w.g.Team, w.s.Login)
		switch {
		case err == nil && m.Active():
			w.foothold(entitlement.FootholdTeam)
		case err == nil:
			w.foothold(entitlement.FootholdTeamInvited)
		case !is(err, Hidden): // the team and its members were seen: they are not in it
			return err
		}
	}
	if !w.g.Joined {
		return nil
	}
	return w.lookMember(ctx)
}

// lookMember asks whether they are still a member of the organisation, which they
// became by the grant: every member may do what the organisation lets all of them.
// The team's members were seen, so that a 404 is a no.
func (w *working) lookMember(ctx context.Context) error {
	m, err := w.c.Membership(ctx, w.s.Login)
	switch {
	case is(err, Hidden):
		return nil
	case err != nil:
		return err
	case m.Active():
		w.foothold(entitlement.FootholdMember)
	default:
		w.foothold(entitlement.FootholdMemberAsked)
	}
	return nil
}
