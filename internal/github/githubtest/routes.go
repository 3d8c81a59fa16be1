package githubtest

import "net/http"

// signInPattern is where an app gets its tokens.
const signInPattern = "app/installations/{installation_id}/access_tokens"

const (
	paged  = "per_page page"
	team   = "orgs/{org}/teams/{team_slug}"
	repo   = "repos/{owner}/{repo}"
	person = "/{username}"

	membersRead, membersWrite = "members=read", "members=write"
	adminRead, adminWrite     = "administration=read", "administration=write"
	metadata                  = "metadata=read"
)

// routes are the calls that it takes, with what each needs (GitHub's page "Permissions
// required for GitHub Apps").
func routes() []route {
	const get, put, del = http.MethodGet, http.MethodPut, http.MethodDelete
	return []route{
		{http.MethodPost, signInPattern, "", "", "", "repositories repository_ids permissions", false, (*Server).signIn},
		{get, "orgs/{org}", "", "", "", "", false, (*Server).getOrganisation},
		{get, "users" + person, "", "", "", "", false, (*Server).getUser},
		{get, "orgs/{org}/repos", metadata, "repo", "type sort direction " + paged, "", false, (*Server).listRepositories},
		{get, "orgs/{org}/memberships" + person, membersRead, "read:org", "", "", false, (*Server).getMembership},
		{del, "orgs/{org}/memberships" + person, membersWrite, "admin:org", "", "", false, (*Server).removeMembership},
		{get, "orgs/{org}/invitations", membersRead, "admin:org", "role invitation_source " + paged, "", false, (*Server).listInvitations},
		{get, "orgs/{org}/failed_invitations", membersRead, "admin:org", paged, "", false, (*Server).listFailed},
		{del, "orgs/{org}/invitations/{invitation_id}", membersWrite, "admin:org", "", "", false, (*Server).cancelInvitation},
		{get, "orgs/{org}/outside_collaborators", membersRead, "read:org", "filter " + paged, "", false, (*Server).listOutsiders},
		{del, "orgs/{org}/outside_collaborators" + person, membersWrite, "admin:org", "", "", false, (*Server).removeOutsider},
		{get, "orgs/{org}/teams", membersRead, "read:org", "team_type " + paged, "", false, (*Server).listTeams},
		{get, team, membersRead, "read:org", "", "", false, (*Server).getTeam},
		{get, team + "/members", membersRead, "read:org", "role " + paged, "", false, (*Server).listTeamMembers},
		{get, team + "/invitations", membersRead, "read:org", paged, "", false, (*Server).listTeamInvitations},
		{get, team + "/memberships" + person, membersRead, "read:org", "", "", false, (*Server).getTeamMembership},
		{put, team + "/memberships" + person, membersWrite, "admin:org", "", "role", true, (*Server).putTeamMembership},
		{del, team + "/memberships" + person, membersWrite, "admin:org", "", "", false, (*Server).removeTeamMembership},
		{get, repo, metadata, "repo", "", "", false, (*Server).getRepository},
		{get, "repositories/{repository_id}", metadata, "repo", "", "", false, (*Server).getRepositoryByID},
		{http.MethodPost, repo + "/transfer", adminWrite, "repo", "", "new_owner new_name team_ids", true, (*Server).transfer},
		{get, repo + "/releases", "contents=read", "repo", paged, "", false, (*Server).listReleases},
		{get, repo + "/actions/secrets", "secrets=read", "repo", paged, "", false, (*Server).listSecrets},
		{get, "orgs/{org}/packages", "packages=read", "read:packages", "package_type visibility " + paged, "", false, (*Server).listPackages},
		{get, repo + "/collaborators", metadata, "repo", "affiliation permission " + paged, "", false, (*Server).listCollaborators},
		{get, repo + "/collaborators" + person + "/permission", metadata, "repo", "", "", false, (*Server).getPermission},
		{put, repo + "/collaborators" + person, adminWrite, "repo", "", "permission", true, (*Server).putCollaborator},
		{del, repo + "/collaborators" + person, adminWrite, "repo", "", "", false, (*Server).removeCollaborator},
		{get, repo + "/invitations", adminRead, "repo", paged, "", false, (*Server).listRepositoryInvitations},
		{del, repo + "/invitations/{invitation_id}", adminWrite, "repo", "", "", false, (*Server).cancelRepositoryInvitation},
		{get, repo + "/teams", adminRead, "repo", paged, "", false, (*Server).listRepositoryTeams},
	}
}
