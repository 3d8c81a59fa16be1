package githubtest

import "net/http"

// placeRoutes are the calls about what stays when people go.
func placeRoutes() []route {
	const get, put, post, del = http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete
	const org = "orgs/{org}"
	return []route{
		{get, org + "/members", membersRead, "read:org", "filter role " + paged, "", false, (*Server).listMembers},
		{get, org + "/hooks", "organization_hooks=read", "admin:org_hook", paged, "", false, listOf(aHook, (*Server).hookOf)},
		{del, org + "/hooks/{hook_id}", "organization_hooks=write", "admin:org_hook", "", "", false, dropOf(aHook)},
		{get, org + "/installations", "organization_administration=read", "admin:org", paged, "", false, sumOf(anApp, "installations", "total_count", (*Server).appOf)},
		{get, org + "/personal-access-tokens", "organization_personal_access_tokens=read", "", paged, "", false, (*Server).listTokens},
		{post, org + "/personal-access-tokens/{pat_id}", "organization_personal_access_tokens=write", "", "", "action", false, (*Server).revokeToken},
		{get, org + "/personal-access-token-requests", "organization_personal_access_token_requests=read", "", paged, "", false, (*Server).listTokenRequests},
		{post, org + "/personal-access-token-requests/{pat_request_id}", "organization_personal_access_token_requests=write", "", "", "action reason", false, (*Server).reviewTokenRequest},
		{get, org + "/actions/runners", "organization_self_hosted_runners=read", "admin:org", "name " + paged, "", false, sumOf(aRunner, "runners", "total_count", (*Server).runnerOf)},
		{del, org + "/actions/runners/{runner_id}", "organization_self_hosted_runners=write", "admin:org", "", "", false, dropOf(aRunner)},
		{get, org + "/credential-authorizations", "organization_administration=read", "read:org", "login " + paged, "", false, (*Server).listCredentials},
		{del, org + "/credential-authorizations/{credential_id}", "organization_administration=write", "admin:org", "", "", false, (*Server).removeCredential},
		{get, org + "/codespaces", "", "admin:org", paged, "", false, (*Server).listCodespaces},
		{del, org + "/members/{username}/codespaces/{codespace_name}", "", "admin:org", "", "", false, (*Server).removeCodespace},
		{get, org + "/copilot/billing/seats", "organization_copilot_seat_management=read", "manage_billing:copilot", paged, "", false, (*Server).listSeats},
		{get, repo + "/keys", adminRead, "repo", paged, "", false, listOf(aKey, (*Server).keyOf)},
		{del, repo + "/keys/{key_id}", adminWrite, "repo", "", "", false, dropOf(aKey)},
		{get, repo + "/hooks", "repository_hooks=read", "repo", paged, "", false, listOf(aHook, (*Server).hookOf)},
		{del, repo + "/hooks/{hook_id}", "repository_hooks=write", "repo", "", "", false, dropOf(aHook)},
		{get, repo + "/actions/runners", adminRead, "repo", "name " + paged, "", false, sumOf(aRunner, "runners", "total_count", (*Server).runnerOf)},
		{del, repo + "/actions/runners/{runner_id}", adminWrite, "repo", "", "", false, dropOf(aRunner)},
		{get, repo + "/environments", "actions=read", "repo", paged, "", false, sumOf(aPlace, "environments", "total_count", (*Server).environmentOf)},
		{put, repo + "/environments/{environment_name}", adminWrite, "repo", "", "wait_timer prevent_self_review reviewers deployment_branch_policy", false, (*Server).putEnvironment},
		{get, repo + "/codeowners/errors", "contents=read", "repo", "ref", "", false, (*Server).codeownersErrors},
		{get, repo + "/contents/{path...}", "contents=read", "repo", "ref", "", false, (*Server).getContents},
		{get, repo + "/branches", "contents=read", "repo", "protected " + paged, "", false, (*Server).listBranches},
		{get, repo + "/activity", "contents=read", "repo", "direction per_page before after ref actor time_period activity_type", "", false, (*Server).listActivity},
	}
}
