package githubtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// sees reports whether a token sees a repository.
func (b bearer) seesRepository(r *Repository) bool {
	return b.sees == nil || slices.ContainsFunc(b.sees, func(name string) bool { return strings.EqualFold(name, r.Name) })
}

func (s *Server) listRepositories(a asked) reply {
	if s.foreign(a) {
		return notFound()
	}
	var all []any
	for _, r := range s.repositories {
		if a.who.seesRepository(r) || r.Visibility == "public" {
			all = append(all, s.minimalRepository(r))
		}
	}
	return s.page(a, all)
}

// about finds the repository of a call. One that was renamed is answered with where
// it is now; one that the token does not see is not there.
func (s *Server) about(a asked) (*Repository, *reply) {
	out := notFound()
	if s.foreign(a) {
		return s.aboutAbroad(a)
	}
	r := s.repository(a.vars["repo"])
	if r == nil {
		id, moved := s.renamed[strings.ToLower(a.vars["repo"])]
		if r = s.repositoryByID(id); !moved || !a.who.seesRepository(r) {
			return nil, &out
		}
		return nil, s.movedTo(a, r.ID)
	}
	if !a.who.seesRepository(r) && r.Visibility != "public" {
		return nil, &out
	}
	return r, nil
}

func (s *Server) getRepository(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	return fine(http.StatusOK, s.fullRepository(r))
}

func (s *Server) listCollaborators(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	affiliation := a.query.Get("affiliation")
	var all []any
	for _, u := range s.users {
		roles := s.roles(r, u.ID)
		outside := s.members[u.ID].State != "active"
		switch affiliation {
		case "direct", "outside":
			if roles["direct"] == "" || affiliation == "outside" && !outside {
				continue
			}
		case "", "all":
			if len(roles) == 0 {
				continue
			}
		default:
			return refuse(http.StatusUnprocessableEntity, "Validation Failed")
		}
		all = append(all, s.collaborator(u, best(roles)))
	}
	return s.page(a, all)
}

func (s *Server) getPermission(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	u := s.user(a.vars["username"])
	if u == nil {
		return notFound()
	}
	role := best(s.roles(r, u.ID))
	if role == "none" && r.Visibility == "public" {
		role = "read"
	}
	permission := role
	switch role {
	case "triage":
		permission = "read"
	case "maintain":
		permission = "write"
	}
	return fine(http.StatusOK, map[string]any{"permission": permission, "role_name": role, "user": s.collaborator(u, role)})
}

func (s *Server) putCollaborator(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	u := s.user(a.vars["username"])
	role := "write"
	if text, is := a.body["permission"].(string); is {
		role = roleOf(text)
	}
	switch {
	case u == nil:
		return notFound()
	case u.Type != "User" || !slices.Contains(order()[1:], role):
		return refuse(http.StatusUnprocessableEntity, "Validation Failed")
	case s.members[u.ID].State == "active" || r.Direct[u.ID] != "":
		r.Direct[u.ID] = role
		return reply{status: http.StatusNoContent}
	case s.o.NoOutsiders:
		return refuse(http.StatusForbidden, "Outside collaborators are not allowed by the organization's policy.")
	}
	for _, i := range s.invitations {
		if i.Repository == r.ID && i.User == u.ID && !s.expired(i) {
			i.Role = role
			return fine(http.StatusCreated, s.repositoryInvitation(i))
		}
	}
	if _, over := s.spend("invitations", s.o.InvitationsDay, day); over {
		return refuse(http.StatusUnprocessableEntity, "Over invitation rate limit")
	}
	inv := &Invitation{ID: s.number(), Repository: r.ID, User: u.ID, Role: role, At: s.now()}
	s.invitations = append(s.invitations, inv)
	return fine(http.StatusCreated, s.repositoryInvitation(inv))
}

func (s *Server) removeCollaborator(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	u := s.user(a.vars["username"])
	if u == nil {
		return notFound()
	}
	s.takeOut(r, u.ID)
	return reply{status: http.StatusNoContent}
}

func (s *Server) listRepositoryInvitations(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	var all []any
	for _, i := range s.invitations {
		if i.Repository == r.ID {
			all = append(all, s.repositoryInvitation(i))
		}
	}
	return s.page(a, all)
}

func (s *Server) cancelRepositoryInvitation(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	id, err := strconv.ParseInt(a.vars["invitation_id"], 10, 64)
	i := slices.IndexFunc(s.invitations, func(i *Invitation) bool { return i.ID == id && i.Repository == r.ID })
	if err != nil || i < 0 {
		return notFound()
	}
	s.invitations = slices.Delete(s.invitations, i, i+1)
	return reply{status: http.StatusNoContent}
}

func (s *Server) listRepositoryTeams(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	var all []any
	for _, t := range s.teams {
		if _, there := r.Teams[t.Slug]; there {
			all = append(all, s.teamOf(t))
		}
	}
	return s.page(a, all)
}
