package githubtest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// User is an account, of this organisation or not.
type User struct {
	ID    int64
	Login string
	// Type is User, Organization or Bot.
	Type string
}

// Membership is somebody's of the organisation or a team.
type Membership struct {
	// Role is member or admin, in a team member or maintainer; State active or pending.
	Role, State string
}

// Team is one of the organisation's.
type Team struct {
	ID         int64
	Slug, Name string
	// Permission is what it may do with its repositories: pull, push …
	Permission string
	// Synced: an identity provider rules who is in it.
	Synced bool
	// Members are memberships by the number of the account.
	Members map[int64]Membership
}

// Repository is one of the organisation's.
type Repository struct {
	ID         int64
	Name       string
	Visibility string // private, public, internal
	// Owner has it; empty: the organisation does.
	Owner string
	// ForkOf is the number of the one that it is a fork of.
	ForkOf   int64
	Releases []Release
	Packages []string
	Secrets  []string // their names alone
	// Direct are roles of collaborators by the number of the account; Teams those of
	// teams by slug.
	Direct map[int64]string
	Teams  map[string]string

	// leaving are those who were removed, and until when they are still shown.
	leaving map[int64]left
}

type left struct {
	role  string
	until time.Time
}

// Invitation is one to a repository, or to the organisation where Repository is 0.
type Invitation struct {
	ID         int64
	Repository int64
	User       int64
	Role       string
	Teams      []string // slugs
	At         time.Time
}

// lives is how long an invitation can be accepted.
const lives = 7 * 24 * time.Hour

// state is everything that changes; the lock of the server guards it.
type state struct {
	next         int64
	users        []*User
	members      map[int64]Membership
	teams        []*Team
	repositories []*Repository
	// renamed are old names of repositories, in lower case.
	renamed map[string]int64
	// abroad are repositories of others, left the names, in lower case and with the owner,
	// under which some were; underWay those on their way here, fetches what git asked for.
	abroad      []*Repository
	left        map[string]int64
	underWay    []transferring
	fetches     []string
	invitations []*Invitation
	issued      map[string]issued
	failures    []Failure
	calls       []Call
	unexpected  []string
	spent       map[string][]time.Time // by what is limited
	things      []*thing
	hour        window
	exceeded    map[string]int // by limit
	revision    int
}

func newState() state {
	return state{next: 1000, members: map[int64]Membership{}, renamed: map[string]int64{}, left: map[string]int64{}, issued: map[string]issued{}, spent: map[string][]time.Time{}, exceeded: map[string]int{}}
}

func (s *state) number() int64 { s.next++; return s.next }

// AddUser makes an account; one that is there already stays.
func (s *Server) AddUser(login string) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.account(login)
}

// AddAccount makes an account of another type than User.
func (s *Server) AddAccount(login, kind string) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.account(login)
	u.Type = kind
	return *u
}

func (s *state) account(login string) *User {
	if u := s.user(login); u != nil {
		return u
	}
	u := &User{ID: s.number(), Login: login, Type: "User"}
	s.users = append(s.users, u)
	return u
}

func (s *state) user(login string) *User {
	for _, u := range s.users {
		if strings.EqualFold(u.Login, login) {
			return u
		}
	}
	return nil
}

func (s *state) userByID(id int64) *User {
	for _, u := range s.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// AddMember makes somebody a member of the organisation: member or admin.
func (s *Server) AddMember(login, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.members[s.account(login).ID] = Membership{role, "active"}
}

// AddTeam makes a team, with members that become the organisation's; one that is there
// already stays as it is.
func (s *Server) AddTeam(slug, permission string, logins ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.team(slug) != nil {
		return
	}
	t := &Team{ID: s.number(), Slug: slug, Name: slug, Permission: permission, Members: map[int64]Membership{}}
	for _, login := range logins {
		u := s.account(login)
		if _, there := s.members[u.ID]; !there {
			s.members[u.ID] = Membership{"member", "active"}
		}
		t.Members[u.ID] = Membership{"member", "active"}
	}
	s.teams = append(s.teams, t)
}

// Sync has an identity provider rule a team, or no longer.
func (s *Server) Sync(slug string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.team(slug); t != nil {
		t.Synced = on
	}
}

func (s *state) team(slug string) *Team {
	for _, t := range s.teams {
		if t.Slug == slug {
			return t
		}
	}
	return nil
}

// RemoveTeam ends a team: who was in it only keeps the organisation.
func (s *Server) RemoveTeam(slug string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.teams = slices.DeleteFunc(s.teams, func(t *Team) bool { return t.Slug == slug })
	for _, r := range s.repositories {
		delete(r.Teams, slug)
	}
	for _, i := range s.invitations {
		i.Teams = slices.DeleteFunc(i.Teams, func(of string) bool { return of == slug })
	}
}

// AddRepository makes a repository: private, internal or public, which these teams may
// use as each team's permission says; one that is there already stays as it is.
func (s *Server) AddRepository(name, visibility string, teams ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.repository(name) != nil {
		return
	}
	r := &Repository{ID: s.number(), Name: name, Visibility: visibility, Direct: map[int64]string{}, Teams: map[string]string{}, leaving: map[int64]left{}}
	for _, slug := range teams {
		if t := s.team(slug); t != nil {
			r.Teams[slug] = roleOf(t.Permission)
		}
	}
	s.repositories = append(s.repositories, r)
}

// AddCollaborator lets somebody into a repository without an invitation.
func (s *Server) AddCollaborator(repository, login, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.repository(repository); r != nil {
		r.Direct[s.account(login).ID] = role
	}
}

func (s *state) repository(name string) *Repository {
	for _, r := range s.repositories {
		if strings.EqualFold(r.Name, name) {
			return r
		}
	}
	return nil
}

func (s *state) repositoryByID(id int64) *Repository {
	for _, r := range slices.Concat(s.repositories, s.abroad) {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// RenameRepository gives a repository another name; the old one leads to it.
func (s *Server) RenameRepository(from, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.repository(from); r != nil {
		s.renamed[strings.ToLower(r.Name)], r.Name = r.ID, to
	}
}

// Rename gives an account another login; the old one is free for anybody.
func (s *Server) Rename(from, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.user(from); u != nil {
		u.Login = to
	}
}

// Accept is what a person does with an invitation: to a repository, or to the
// organisation where that is empty. It fails where there is none, or it ran out.
func (s *Server) Accept(login, repository string) error { return s.reply(login, repository, true) }

// Decline is the other thing.
func (s *Server) Decline(login, repository string) error { return s.reply(login, repository, false) }

func (s *Server) reply(login, repository string, yes bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.user(login)
	var repo int64
	if r := s.repository(repository); r != nil {
		repo = r.ID
	} else if repository != "" {
		return fmt.Errorf("there is no repository %s", repository)
	}
	i := slices.IndexFunc(s.invitations, func(i *Invitation) bool { return u != nil && i.User == u.ID && i.Repository == repo })
	if i < 0 {
		return fmt.Errorf("%s has no such invitation", login)
	}
	inv := s.invitations[i]
	if s.expired(inv) {
		return fmt.Errorf("the invitation of %s ran out", login)
	}
	s.invitations = slices.Delete(s.invitations, i, i+1)
	defer s.keep()
	switch {
	case !yes:
	case repo != 0:
		s.repositoryByID(repo).Direct[u.ID] = inv.Role
	default:
		s.members[u.ID] = Membership{inv.Role, "active"}
		for _, slug := range inv.Teams {
			m := s.team(slug).Members[u.ID]
			m.State = "active"
			s.team(slug).Members[u.ID] = m
		}
		return nil
	}
	if repo == 0 {
		s.forgetPending(u.ID)
	}
	return nil
}

// forgetPending drops memberships that were not accepted.
func (s *state) forgetPending(user int64) {
	if s.members[user].State == "pending" {
		delete(s.members, user)
	}
	for _, t := range s.teams {
		if t.Members[user].State == "pending" {
			delete(t.Members, user)
		}
	}
}

func (s *Server) expired(i *Invitation) bool { return !s.now().Before(i.At.Add(lives)) }

// lapse drops memberships whose invitation to the organisation ran out.
func (s *Server) lapse() {
	for _, i := range s.invitations {
		if i.Repository == 0 && s.expired(i) {
			s.forgetPending(i.User)
		}
	}
}

// Roles are all ways by which somebody gets into a repository, and what they may by
// each: direct, a team's slug, base, owner. Empty: none.
func (s *Server) Roles(repository, login string) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, u := s.repository(repository), s.user(login)
	if r == nil || u == nil {
		return nil
	}
	return s.roles(r, u.ID)
}

func (s *Server) roles(r *Repository, user int64) map[string]string {
	all := map[string]string{}
	if role := r.Direct[user]; role != "" {
		all["direct"] = role
	}
	if l, leaving := r.leaving[user]; leaving && s.now().Before(l.until) && all["direct"] == "" {
		all["direct"] = l.role
	}
	for slug, role := range r.Teams {
		if t := s.team(slug); t != nil && t.Members[user].State == "active" {
			all[slug] = role
		}
	}
	switch m := s.members[user]; {
	case m.State != "active":
	case m.Role == "admin":
		all["owner"] = "admin"
	case s.o.Base != "none":
		all["base"] = s.o.Base
	case r.Visibility == "internal":
		all["base"] = "read"
	}
	return all
}

// order is that of roles, from the least.
func order() []string { return []string{"none", "read", "triage", "write", "maintain", "admin"} }

// best is the highest of some roles; none where there are none.
func best(roles map[string]string) string {
	most := "none"
	for _, role := range roles {
		if slices.Index(order(), role) > slices.Index(order(), most) {
			most = role
		}
	}
	return most
}

// roleOf is a role in the words of pages, from those of the API.
func roleOf(permission string) string {
	switch permission {
	case "pull":
		return "read"
	case "push":
		return "write"
	}
	return permission
}

// Membership is somebody's of the organisation, or of a team where one is named.
func (s *Server) Membership(login, team string) Membership {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.user(login)
	if u == nil {
		return Membership{}
	}
	s.lapse()
	if t := s.team(team); t != nil {
		return t.Members[u.ID]
	}
	return s.members[u.ID]
}

// Invitations are those that stand, expired ones included, the oldest first.
func (s *Server) Invitations() []Invitation {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Invitation
	for _, i := range s.invitations {
		all = append(all, *i)
	}
	slices.SortFunc(all, func(a, b Invitation) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Let gives a team a repository, as the team's permission says.
func (s *Server) Let(slug, repository string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, r := s.team(slug), s.repository(repository); t != nil && r != nil {
		r.Teams[slug] = roleOf(t.Permission)
	}
}
