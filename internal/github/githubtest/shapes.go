package githubtest

import (
	"strconv"
	"strings"
	"time"
)

// The shapes of answers, as GitHub's description has them: what is required is there,
// whether or not anybody here reads it.

const born = "2019-01-14T04:33:35Z"

// links are addresses below a base, by the names of their fields.
func links(out map[string]any, base, names string) map[string]any {
	for _, name := range strings.Fields(names) {
		out[name+"_url"] = base + "/" + name
	}
	return out
}

func (s *Server) simpleUser(u *User) map[string]any {
	base := s.API() + "users/" + u.Login
	return links(map[string]any{"login": u.Login, "id": u.ID, "node_id": "U_" + strconv.FormatInt(u.ID, 10), "gravatar_id": "", "url": base,
		"type": u.Type, "site_admin": false}, base, "avatar html followers following gists starred subscriptions organizations repos events received_events")
}

func (s *Server) collaborator(u *User, role string) map[string]any {
	out := s.simpleUser(u)
	out["role_name"] = role
	at := 0
	for i, name := range order() {
		if name == role {
			at = i
		}
	}
	out["permissions"] = map[string]any{"pull": at > 0, "triage": at > 1, "push": at > 2, "maintain": at > 3, "admin": at > 4}
	return out
}

func (s *Server) profile(u *User) map[string]any {
	out := s.simpleUser(u)
	for _, name := range []string{"name", "company", "location", "email", "hireable", "bio"} {
		out[name] = nil
	}
	out["blog"] = ""
	for _, name := range []string{"public_repos", "public_gists", "followers", "following"} {
		out[name] = 0
	}
	out["created_at"], out["updated_at"], out["user_view_type"] = born, born, "public"
	return out
}

func (s *Server) simpleOrganisation() map[string]any {
	base := s.API() + "orgs/" + s.o.Organisation
	return links(map[string]any{"login": s.o.Organisation, "id": 1, "node_id": "O_1", "url": base, "description": nil}, base,
		"repos events hooks issues members public_members avatar")
}

func (s *Server) organisation(who bearer) map[string]any {
	out := s.simpleOrganisation()
	public, private := 0, 0
	for _, r := range s.repositories {
		if r.Visibility == "public" {
			public++
		} else {
			private++
		}
	}
	for name, value := range map[string]any{"has_organization_projects": true, "has_repository_projects": true, "public_repos": public, "public_gists": 0,
		"followers": 0, "following": 0, "type": "Organization", "created_at": born, "updated_at": born, "archived_at": nil, "html_url": s.URL() + "/" + s.o.Organisation} {
		out[name] = value
	}
	if who.all || who.scoped("admin:org") || who.permissions["administration"] != "" || who.permissions["organization_administration"] != "" {
		out["default_repository_permission"] = s.o.Base
		out["total_private_repos"] = private
		out["two_factor_requirement_enabled"] = true
	}
	return out
}

func (s *Server) orgMembership(u *User, m Membership) map[string]any {
	base := s.API() + "orgs/" + s.o.Organisation
	return map[string]any{"url": base + "/memberships/" + u.Login, "state": m.State, "role": m.Role, "organization_url": base,
		"organization": s.simpleOrganisation(), "user": s.simpleUser(u)}
}

func (s *Server) orgInvitation(i *Invitation) map[string]any {
	u := s.userByID(i.User)
	out := map[string]any{"id": i.ID, "node_id": "OI_" + strconv.FormatInt(i.ID, 10), "login": u.Login, "email": nil, "role": "direct_member",
		"created_at": i.At.UTC().Format(time.RFC3339), "inviter": s.simpleUser(&User{ID: 2, Login: "gangway[bot]", Type: "Bot"}), "team_count": len(i.Teams),
		"invitation_teams_url": s.API() + "organizations/1/invitations/" + strconv.FormatInt(i.ID, 10) + "/teams",
		"failed_at":            "", "failed_reason": nil} // empty, as in GitHub's own example
	if s.expired(i) {
		out["failed_at"] = i.At.Add(lives).UTC().Format(time.RFC3339)
		out["failed_reason"] = "Invitation expired. User did not accept this invite for 7 days."
	}
	return out
}

func (s *Server) teamOf(t *Team) map[string]any {
	base := s.API() + "organizations/1/team/" + strconv.FormatInt(t.ID, 10)
	return links(map[string]any{"id": t.ID, "node_id": "T_" + strconv.FormatInt(t.ID, 10), "url": base, "name": t.Name, "slug": t.Slug, "description": nil,
		"permission": t.Permission, "type": "organization", "privacy": "closed", "parent": nil}, base, "html members repositories")
}

func (s *Server) fullTeam(t *Team) map[string]any {
	out := s.teamOf(t)
	delete(out, "parent")
	members, repositories := 0, 0
	for _, m := range t.Members {
		if m.State == "active" {
			members++
		}
	}
	for _, r := range s.repositories {
		if _, there := r.Teams[t.Slug]; there {
			repositories++
		}
	}
	out["created_at"], out["updated_at"], out["members_count"], out["repos_count"] = born, born, members, repositories
	out["organization"] = s.organisation(bearer{})
	return out
}

func (s *Server) minimalRepository(r *Repository) map[string]any {
	base := s.API() + "repos/" + s.whoHas(r) + "/" + r.Name
	owner := s.simpleUser(s.ownerShape(r))
	return links(map[string]any{"id": r.ID, "node_id": "R_" + strconv.FormatInt(r.ID, 10), "name": r.Name, "full_name": s.whoHas(r) + "/" + r.Name,
		"owner": owner, "private": r.Visibility != "public", "visibility": r.Visibility, "description": nil, "fork": false, "url": base}, base,
		`archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits
		git_refs git_tags hooks html issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers
		statuses subscribers subscription tags teams trees`)
}

func (s *Server) fullRepository(r *Repository) map[string]any {
	out := links(s.minimalRepository(r), s.URL()+"/"+r.Name, "clone git mirror ssh svn")
	for name, value := range map[string]any{"archived": false, "created_at": born, "default_branch": "main", "disabled": false, "forks": 0, "forks_count": 0,
		"has_discussions": false, "has_issues": true, "has_pages": false, "has_projects": true, "has_wiki": true, "homepage": nil, "language": nil,
		"license": nil, "network_count": 0, "open_issues": 0, "open_issues_count": 0, "pushed_at": s.pushedAt(r), "size": 1, "stargazers_count": 0,
		"subscribers_count": 0, "updated_at": born, "watchers": 0, "watchers_count": 0,
		"permissions": map[string]any{"admin": true, "maintain": true, "push": true, "triage": true, "pull": true}} {
		out[name] = value
	}
	return out
}

func (s *Server) repositoryInvitation(i *Invitation) map[string]any {
	r := s.repositoryByID(i.Repository)
	base := s.API() + "user/repository_invitations/" + strconv.FormatInt(i.ID, 10)
	return map[string]any{"id": i.ID, "node_id": "RI_" + strconv.FormatInt(i.ID, 10), "repository": s.minimalRepository(r), "invitee": s.simpleUser(s.userByID(i.User)),
		"inviter": s.simpleUser(&User{ID: 2, Login: "gangway[bot]", Type: "Bot"}), "permissions": i.Role, "created_at": i.At.UTC().Format(time.RFC3339),
		"url": base, "html_url": s.URL() + "/" + s.o.Organisation + "/" + r.Name + "/invitations", "expired": s.expired(i)}
}
