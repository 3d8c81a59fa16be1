package githubtest

import (
	"fmt"
	"net/http"
	"slices"
)

func (s *Server) listTeams(a asked) reply {
	if s.foreign(a) {
		return notFound()
	}
	var all []any
	for _, t := range s.teams {
		all = append(all, s.teamOf(t))
	}
	return s.page(a, all)
}

// theTeam is the one that a call is about, and whom it is about; nil: not there.
func (s *Server) theTeam(a asked) (*Team, *User) {
	if s.foreign(a) {
		return nil, nil
	}
	return s.team(a.vars["team_slug"]), s.user(a.vars["username"])
}

func (s *Server) getTeam(a asked) reply {
	t, _ := s.theTeam(a)
	if t == nil {
		return notFound()
	}
	return fine(http.StatusOK, s.fullTeam(t))
}

func (s *Server) listTeamMembers(a asked) reply {
	t, _ := s.theTeam(a)
	if t == nil {
		return notFound()
	}
	var all []any
	for _, u := range s.users {
		if t.Members[u.ID].State == "active" {
			all = append(all, s.simpleUser(u))
		}
	}
	return s.page(a, all)
}

func (s *Server) listTeamInvitations(a asked) reply {
	t, _ := s.theTeam(a)
	if t == nil {
		return notFound()
	}
	var all []any
	for _, i := range s.invitations {
		if i.Repository == 0 && !s.expired(i) && slices.Contains(i.Teams, t.Slug) {
			all = append(all, s.orgInvitation(i))
		}
	}
	return s.page(a, all)
}

func (s *Server) getTeamMembership(a asked) reply {
	t, u := s.theTeam(a)
	if t == nil || u == nil {
		return notFound()
	}
	m, there := t.Members[u.ID]
	if !there {
		return notFound()
	}
	return fine(http.StatusOK, s.teamMembership(t, u, m))
}

func (s *Server) putTeamMembership(a asked) reply {
	t, u := s.theTeam(a)
	if t == nil || u == nil {
		return notFound()
	}
	role := "member"
	if text, is := a.body["role"].(string); is {
		role = text
	}
	switch {
	case role != "member" && role != "maintainer":
		return refuse(http.StatusUnprocessableEntity, "Validation Failed")
	case t.Synced:
		return reply{status: http.StatusForbidden, body: map[string]any{"message": "This team is externally managed.", "documentation_url": "https://docs.github.com/rest"}}
	case u.Type != "User":
		return refuse(http.StatusUnprocessableEntity, "Cannot add an organization as a member.")
	}
	if s.members[u.ID].State == "active" {
		t.Members[u.ID] = Membership{role, "active"}
		return fine(http.StatusOK, s.teamMembership(t, u, t.Members[u.ID]))
	}
	i := slices.IndexFunc(s.invitations, func(i *Invitation) bool { return i.Repository == 0 && i.User == u.ID && !s.expired(i) })
	if i < 0 {
		if _, over := s.spend("invitations", s.o.InvitationsDay, day); over {
			return refuse(http.StatusUnprocessableEntity, "Over invitation rate limit")
		}
		s.uninvite(u.ID)
		s.invitations = append(s.invitations, &Invitation{ID: s.number(), User: u.ID, Role: "member", At: s.now()})
		i = len(s.invitations) - 1
	}
	if inv := s.invitations[i]; !slices.Contains(inv.Teams, t.Slug) {
		inv.Teams = append(inv.Teams, t.Slug)
	}
	s.members[u.ID] = Membership{"member", "pending"}
	t.Members[u.ID] = Membership{role, "pending"}
	return fine(http.StatusOK, s.teamMembership(t, u, t.Members[u.ID]))
}

func (s *Server) removeTeamMembership(a asked) reply {
	t, u := s.theTeam(a)
	switch {
	case t == nil || u == nil:
		return notFound()
	case t.Synced:
		return reply{status: http.StatusForbidden, body: map[string]any{"message": "This team is externally managed.", "documentation_url": "https://docs.github.com/rest"}}
	}
	if _, there := t.Members[u.ID]; !there {
		return notFound()
	}
	delete(t.Members, u.ID)
	for _, i := range s.invitations { // the invitation to the organisation stands
		if i.Repository == 0 && i.User == u.ID {
			i.Teams = slices.DeleteFunc(i.Teams, func(slug string) bool { return slug == t.Slug })
		}
	}
	return reply{status: http.StatusNoContent}
}

func (s *Server) teamMembership(t *Team, u *User, m Membership) map[string]any {
	return map[string]any{"role": m.Role, "state": m.State, "url": fmt.Sprintf("%sorganizations/1/team/%d/memberships/%s", s.API(), t.ID, u.Login)}
}
