package githubtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// foreign reports whether a call is about another organisation.
func (s *Server) foreign(a asked) bool {
	name := a.vars["org"] + a.vars["owner"]
	return !strings.EqualFold(name, s.o.Organisation)
}

func (s *Server) getOrganisation(a asked) reply {
	if s.foreign(a) {
		return notFound()
	}
	return fine(http.StatusOK, s.organisation(a.who))
}

func (s *Server) getUser(a asked) reply {
	u := s.user(a.vars["username"])
	if u == nil {
		return notFound()
	}
	return fine(http.StatusOK, s.profile(u))
}

func (s *Server) getMembership(a asked) reply {
	u := s.user(a.vars["username"])
	if s.foreign(a) || u == nil {
		return notFound()
	}
	m, there := s.members[u.ID]
	if !there {
		return notFound()
	}
	return fine(http.StatusOK, s.orgMembership(u, m))
}

func (s *Server) removeMembership(a asked) reply {
	u := s.user(a.vars["username"])
	if s.foreign(a) || u == nil {
		return notFound()
	}
	m, there := s.members[u.ID]
	if !there {
		return notFound()
	}
	if m.Role == "admin" && m.State == "active" && s.owners() == 1 {
		return refuse(http.StatusForbidden, "You cannot remove the last owner of an organization.")
	}
	delete(s.members, u.ID)
	for _, t := range s.teams {
		delete(t.Members, u.ID)
	}
	s.uninvite(u.ID)
	return reply{status: http.StatusNoContent}
}

func (s *Server) owners() int {
	n := 0
	for _, m := range s.members {
		if m.Role == "admin" && m.State == "active" {
			n++
		}
	}
	return n
}

// uninvite drops somebody's invitation to the organisation.
func (s *Server) uninvite(user int64) {
	s.invitations = slices.DeleteFunc(s.invitations, func(i *Invitation) bool { return i.Repository == 0 && i.User == user })
}

func (s *Server) listInvitations(a asked) reply {
	if s.foreign(a) {
		return notFound()
	}
	var all []any
	for _, i := range s.invitations {
		if i.Repository == 0 && !s.expired(i) {
			all = append(all, s.orgInvitation(i))
		}
	}
	return s.page(a, all)
}

func (s *Server) listFailed(a asked) reply {
	if s.foreign(a) {
		return notFound()
	}
	var all []any
	for _, i := range s.invitations {
		if i.Repository == 0 && s.expired(i) {
			all = append(all, s.orgInvitation(i))
		}
	}
	return s.page(a, all)
}

func (s *Server) cancelInvitation(a asked) reply {
	id, err := strconv.ParseInt(a.vars["invitation_id"], 10, 64)
	i := slices.IndexFunc(s.invitations, func(i *Invitation) bool { return i.ID == id && i.Repository == 0 && !s.expired(i) })
	if s.foreign(a) || err != nil || i < 0 {
		return notFound()
	}
	s.forgetPending(s.invitations[i].User)
	s.invitations = slices.Delete(s.invitations, i, i+1)
	return reply{status: http.StatusNoContent}
}

// outsiders are those who may do something with a repository by themselves and are no
// members.
func (s *Server) outsiders() []*User {
	var all []*User
	for _, u := range s.users {
		if s.members[u.ID].State == "active" {
			continue
		}
		if slices.ContainsFunc(s.repositories, func(r *Repository) bool { return s.roles(r, u.ID)["direct"] != "" }) {
			all = append(all, u)
		}
	}
	return all
}

func (s *Server) listOutsiders(a asked) reply {
	if s.foreign(a) {
		return notFound()
	}
	var all []any
	for _, u := range s.outsiders() {
		all = append(all, s.simpleUser(u))
	}
	return s.page(a, all)
}

func (s *Server) removeOutsider(a asked) reply {
	u := s.user(a.vars["username"])
	switch {
	case s.foreign(a) || u == nil:
		return notFound()
	case s.members[u.ID].State == "active":
		return refuse(http.StatusUnprocessableEntity, "You cannot specify an organization member to remove as an outside collaborator.")
	}
	for _, r := range s.repositories {
		s.takeOut(r, u.ID)
	}
	return reply{status: http.StatusNoContent}
}

// takeOut removes somebody from a repository, who is still shown there for a while.
func (s *Server) takeOut(r *Repository, user int64) {
	role, there := r.Direct[user]
	if !there {
		return
	}
	delete(r.Direct, user)
	if s.o.Lag > 0 {
		r.leaving[user] = left{role, s.now().Add(s.o.Lag)}
	}
}
