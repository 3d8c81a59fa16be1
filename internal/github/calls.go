package github

import (
	"net/http"
	"strings"
)

// call is one of GitHub's, by the name that its description gives it.
type call struct {
	name string
	// needs is the permission of an app or a fine-grained token, scope that of a
	// classic one.
	needs, scope string
}

// changes reports whether the call changes something.
func (k call) changes() bool {
	return !strings.HasPrefix(k.name, http.MethodGet+" ") && k.name != callSignIn
}

// The permissions and scopes that the calls need (GitHub's page "Permissions required
// for GitHub Apps").
const (
	membersRead   = "members=read"
	membersWrite  = "members=write"
	adminRead     = "administration=read"
	adminWrite    = "administration=write"
	metadata      = "metadata=read"
	scopeReadOrg  = "read:org"
	scopeAdminOrg = "admin:org"
	scopeRepo     = "repo"
)

// callSignIn is made with the app's own signature.
const callSignIn = "POST /app/installations/{installation_id}/access_tokens"

func signInCall() call { return call{name: callSignIn} }

// The calls, each once.
func getOrganisation() call { return call{"GET /orgs/{org}", "", ""} }
func getAccount() call      { return call{"GET /users/{username}", "", ""} }
func listRepositories() call {
	return call{"GET /orgs/{org}/repos", metadata, scopeRepo}
}
func getMembership() call {
	return call{"GET /orgs/{org}/memberships/{username}", membersRead, scopeReadOrg}
}
func removeMembership() call {
	return call{"DELETE /orgs/{org}/memberships/{username}", membersWrite, scopeAdminOrg}
}
func listInvitations() call {
	return call{"GET /orgs/{org}/invitations", membersRead, scopeAdminOrg}
}
func listFailedInvitations() call {
	return call{"GET /orgs/{org}/failed_invitations", membersRead, scopeAdminOrg}
}
func cancelInvitation() call {
	return call{"DELETE /orgs/{org}/invitations/{invitation_id}", membersWrite, scopeAdminOrg}
}
func listOutsiders() call {
	return call{"GET /orgs/{org}/outside_collaborators", membersRead, scopeReadOrg}
}
func removeOutsider() call {
	return call{"DELETE /orgs/{org}/outside_collaborators/{username}", membersWrite, scopeAdminOrg}
}
func listTeams() call { return call{"GET /orgs/{org}/teams", membersRead, scopeReadOrg} }
func getTeam() call   { return call{"GET /orgs/{org}/teams/{team_slug}", membersRead, scopeReadOrg} }
func listTeamMembers() call {
	return call{"GET /orgs/{org}/teams/{team_slug}/members", membersRead, scopeReadOrg}
}
func listTeamInvitations() call {
	return call{"GET /orgs/{org}/teams/{team_slug}/invitations", membersRead, scopeReadOrg}
}
func getTeamMembership() call {
	return call{"GET /orgs/{org}/teams/{team_slug}/memberships/{username}", membersRead, scopeReadOrg}
}
func addTeamMember() call {
	return call{"PUT /orgs/{org}/teams/{team_slug}/memberships/{username}", membersWrite, scopeAdminOrg}
}
func removeTeamMember() call {
	return call{"DELETE /orgs/{org}/teams/{team_slug}/memberships/{username}", membersWrite, scopeAdminOrg}
}
func getRepository() call { return call{"GET /repos/{owner}/{repo}", metadata, scopeRepo} }
func listCollaborators() call {
	return call{"GET /repos/{owner}/{repo}/collaborators", metadata, scopeRepo}
}
func getPermission() call {
	return call{"GET /repos/{owner}/{repo}/collaborators/{username}/permission", metadata, scopeRepo}
}
func addCollaborator() call {
	return call{"PUT /repos/{owner}/{repo}/collaborators/{username}", adminWrite, scopeRepo}
}
func removeCollaborator() call {
	return call{"DELETE /repos/{owner}/{repo}/collaborators/{username}", adminWrite, scopeRepo}
}
func listRepositoryInvitations() call {
	return call{"GET /repos/{owner}/{repo}/invitations", adminRead, scopeRepo}
}
func cancelRepositoryInvitation() call {
	return call{"DELETE /repos/{owner}/{repo}/invitations/{invitation_id}", adminWrite, scopeRepo}
}
func listRepositoryTeams() call {
	return call{"GET /repos/{owner}/{repo}/teams", adminRead, scopeRepo}
}

// calls are all of them, but for signing in.
func calls() []call {
	return []call{
		getOrganisation(), getAccount(), listRepositories(), getMembership(), removeMembership(), listInvitations(), listFailedInvitations(),
		cancelInvitation(), listOutsiders(), removeOutsider(), listTeams(), getTeam(), listTeamMembers(), listTeamInvitations(),
		getTeamMembership(), addTeamMember(), removeTeamMember(), getRepository(), listCollaborators(), getPermission(), addCollaborator(),
		removeCollaborator(), listRepositoryInvitations(), cancelRepositoryInvitation(), listRepositoryTeams(),
	}
}

// Need is a permission that an app or a fine-grained token needs, with the calls that
// need it.
type Need struct {
	Permission, Level string
	Calls             []string
}

// Needs are the permissions that the calls need: what an operator grants.
func Needs() []Need {
	var all []Need
	for _, k := range calls() {
		name, level, found := strings.Cut(k.needs, "=")
		if !found {
			continue
		}
		i := 0
		for i < len(all) && all[i].Permission != name {
			i++
		}
		if i == len(all) {
			all = append(all, Need{Permission: name, Level: level})
		}
		if level == "write" {
			all[i].Level = level
		}
		all[i].Calls = append(all[i].Calls, k.name)
	}
	return all
}
