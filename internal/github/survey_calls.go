package github

import "net/http"

// The permissions and scopes that an inventory needs besides those of access (GitHub's
// page "Permissions required for GitHub Apps").
const (
	orgAdminRead    = "organization_administration=read"
	orgAdminWrite   = "organization_administration=write"
	orgHooksRead    = "organization_hooks=read"
	orgHooksWrite   = "organization_hooks=write"
	orgRunnersRead  = "organization_self_hosted_runners=read"
	orgRunnersWrite = "organization_self_hosted_runners=write"
	orgTokensRead   = "organization_personal_access_tokens=read"
	orgTokensWrite  = "organization_personal_access_tokens=write"
	orgAsksRead     = "organization_personal_access_token_requests=read"
	orgAsksWrite    = "organization_personal_access_token_requests=write"
	orgCopilotRead  = "organization_copilot_seat_management=read"
	repoHooksRead   = "repository_hooks=read"
	repoHooksWrite  = "repository_hooks=write"
	contentsRead    = "contents=read"
	actionsRead     = "actions=read"
	scopeOrgHook    = "admin:org_hook"
	scopeCopilot    = "manage_billing:copilot"
)

// The calls of an inventory, each once.
func listMembers() call { return call{"GET /orgs/{org}/members", membersRead, scopeReadOrg} }
func listOrgHooks() call {
	return call{"GET /orgs/{org}/hooks", orgHooksRead, scopeOrgHook}
}
func removeOrgHook() call {
	return call{"DELETE /orgs/{org}/hooks/{hook_id}", orgHooksWrite, scopeOrgHook}
}
func listInstallations() call {
	return call{"GET /orgs/{org}/installations", orgAdminRead, scopeAdminOrg}
}
func listTokens() call {
	return call{"GET /orgs/{org}/personal-access-tokens", orgTokensRead, ""}
}
func revokeToken() call {
	return call{"POST /orgs/{org}/personal-access-tokens/{pat_id}", orgTokensWrite, ""}
}
func listTokenRequests() call {
	return call{"GET /orgs/{org}/personal-access-token-requests", orgAsksRead, ""}
}
func reviewTokenRequest() call {
	return call{"POST /orgs/{org}/personal-access-token-requests/{pat_request_id}", orgAsksWrite, ""}
}
func listOrgRunners() call {
	return call{"GET /orgs/{org}/actions/runners", orgRunnersRead, scopeAdminOrg}
}
func removeOrgRunner() call {
	return call{"DELETE /orgs/{org}/actions/runners/{runner_id}", orgRunnersWrite, scopeAdminOrg}
}
func listCredentials() call {
	return call{"GET /orgs/{org}/credential-authorizations", orgAdminRead, scopeReadOrg}
}
func removeCredential() call {
	return call{"DELETE /orgs/{org}/credential-authorizations/{credential_id}", orgAdminWrite, scopeAdminOrg}
}
func listCodespaces() call {
	return call{"GET /orgs/{org}/codespaces", "", scopeAdminOrg}
}
func removeCodespace() call {
	return call{"DELETE /orgs/{org}/members/{username}/codespaces/{codespace_name}", "", scopeAdminOrg}
}
func listSeats() call {
	return call{"GET /orgs/{org}/copilot/billing/seats", orgCopilotRead, scopeCopilot}
}
func listKeys() call { return call{"GET /repos/{owner}/{repo}/keys", adminRead, scopeRepo} }
func removeKey() call {
	return call{"DELETE /repos/{owner}/{repo}/keys/{key_id}", adminWrite, scopeRepo}
}
func listHooks() call { return call{"GET /repos/{owner}/{repo}/hooks", repoHooksRead, scopeRepo} }
func removeHook() call {
	return call{"DELETE /repos/{owner}/{repo}/hooks/{hook_id}", repoHooksWrite, scopeRepo}
}
func listRunners() call {
	return call{"GET /repos/{owner}/{repo}/actions/runners", adminRead, scopeRepo}
}
func removeRunner() call {
	return call{"DELETE /repos/{owner}/{repo}/actions/runners/{runner_id}", adminWrite, scopeRepo}
}
func listEnvironments() call {
	return call{"GET /repos/{owner}/{repo}/environments", actionsRead, scopeRepo}
}
func putEnvironment() call {
	return call{"PUT /repos/{owner}/{repo}/environments/{environment_name}", adminWrite, scopeRepo}
}
func getCodeownersErrors() call {
	return call{"GET /repos/{owner}/{repo}/codeowners/errors", contentsRead, scopeRepo}
}
func getContents() call {
	return call{"GET /repos/{owner}/{repo}/contents/{path}", contentsRead, scopeRepo}
}
func listBranches() call { return call{"GET /repos/{owner}/{repo}/branches", contentsRead, scopeRepo} }
func listActivity() call { return call{"GET /repos/{owner}/{repo}/activity", contentsRead, scopeRepo} }

// removes reports whether the call takes something away: it creates no content, and
// counts against no limit of calls that do.
func (k call) removes() bool {
	return len(k.name) > 7 && k.name[:7] == http.MethodDelete+" " || k.name == revokeToken().name || k.name == reviewTokenRequest().name
}
