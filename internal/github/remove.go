package github

import (
	"context"
	"strings"

	"gangway/internal/entitlement"
)

// Remove takes away what a grant gave, invitations included, and looks whether it is
// gone: GitHub takes its time, so that what is found right after may be gone an hour
// later. Nobody is removed for having a login that was somebody else's.
func (k *Keeper) Remove(ctx context.Context, g entitlement.Grant) (entitlement.Standing, error) {
	ctx, w, t := k.begin(ctx, g)
	var err error
	if g.Team != "" {
		err = w.takeTeam(ctx)
	} else {
		err = w.takeRepository(ctx)
	}
	if err = w.settle(err); err != nil {
		return entitlement.Standing{}, err
	}
	w.s.Footholds = nil // of before
	return w.end(t, w.look(ctx))
}

func (w *working) takeRepository(ctx context.Context) error {
	if _, err := w.c.Repository(ctx, w.g.Repository); err != nil {
		return err
	}
	invitations, err := w.c.RepositoryInvitations(ctx, w.g.Repository)
	if err != nil {
		return err
	}
	for _, i := range invitations.All {
		if i.Invitee == nil || !w.theirs(*i.Invitee) {
			continue
		}
		if err := gone(w.c.CancelRepositoryInvitation(ctx, w.g.Repository, i.ID)); err != nil {
			return err
		}
	}
	in, err := w.direct(ctx)
	if err != nil || in == nil {
		return err
	}
	return gone(w.c.RemoveCollaborator(ctx, w.g.Repository, in.Login))
}

func (w *working) takeTeam(ctx context.Context) error {
	if _, err := w.c.Team(ctx, w.g.Team); err != nil {
		return err
	}
	members, err := w.c.TeamMembers(ctx, w.g.Team)
	if err != nil {
		return err
	}
	in := false
	for _, a := range members.All {
		if w.theirs(a) {
			w.s.Login, in = a.Login, true
			if err := gone(w.c.RemoveTeamMember(ctx, w.g.Team, a.Login)); err != nil {
				return err
			}
		}
	}
	if !in {
		if err := w.uninviteTeam(ctx); err != nil {
			return err
		}
	}
	if !w.g.Joined {
		return nil
	}
	return w.leave(ctx)
}

// uninviteTeam takes a membership back that was not accepted yet. The invitation to the
// organisation goes with the membership of that, see leave: an Enterprise Server can't
// cancel it by itself.
func (w *working) uninviteTeam(ctx context.Context) error {
	open, err := w.c.TeamInvitations(ctx, w.g.Team)
	if err != nil {
		return err
	}
	for _, i := range open.All {
		if strings.EqualFold(i.Login, w.s.Login) {
			return gone(w.c.RemoveTeamMember(ctx, w.g.Team, w.s.Login))
		}
	}
	return nil
}

// leave ends the membership of the organisation that came with the grant, unless
// another team has the person by now.
func (w *working) leave(ctx context.Context) error {
	if same, err := w.same(ctx); err != nil || !same {
		return err // whoever has the login now is somebody else; looking says so
	}
	m, err := w.c.Membership(ctx, w.s.Login)
	if is(err, Hidden) {
		return nil
	}
	if err != nil || m.Role == "admin" { // an owner is nobody's to remove by a timer
		return err
	}
	teams, err := w.c.Teams(ctx)
	if err != nil {
		return err
	}
	if teams.Partial {
		return w.stop(entitlement.DoubtPartial)
	}
	for _, t := range teams.All {
		if t.Slug == w.g.Team {
			continue
		}
		_, err := w.c.TeamMembership(ctx, t.Slug, w.s.Login)
		if err == nil {
			return nil // they stay for another team
		}
		if !is(err, Hidden) {
			return err
		}
	}
	return gone(w.c.RemoveMember(ctx, w.s.Login))
}
