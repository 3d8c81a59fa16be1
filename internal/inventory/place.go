package inventory

// Place is one of the places where somebody can have access, or leave something behind.
type Place string

// Places, as GitHub has them.
const (
	PlaceMembers         Place = "members"               // of the organisation
	PlaceOwners          Place = "owners"                // of the organisation
	PlaceOutside         Place = "outside-collaborators" // of the organisation
	PlaceInvitations     Place = "invitations"           // to the organisation
	PlaceTeams           Place = "teams"
	PlaceCollaborators   Place = "collaborators" // of a repository
	PlaceRepoInvitations Place = "repository-invitations"
	PlaceDeployKeys      Place = "deploy-keys"
	PlaceHooks           Place = "hooks" // of organisation and repositories
	PlaceApps            Place = "apps"  // installations
	PlaceTokens          Place = "tokens"
	PlaceTokenRequests   Place = "token-requests" // of tokens that wait to be let in
	PlaceRunners         Place = "runners"
	PlaceReviewers       Place = "environment-reviewers"
	PlaceCodeowners      Place = "codeowners"
	PlaceCredentials     Place = "credentials" // of single sign-on: Enterprise Cloud alone
	PlaceCodespaces      Place = "codespaces"
	PlaceCopilot         Place = "copilot-seats"
	PlacePushes          Place = "pushes" // after the cut-off
)

// Places are all of them, in the order in which they are looked at.
func Places() []Place {
	return []Place{PlaceMembers, PlaceOwners, PlaceOutside, PlaceInvitations, PlaceTeams, PlaceCollaborators, PlaceRepoInvitations,
		PlaceDeployKeys, PlaceHooks, PlaceApps, PlaceTokens, PlaceTokenRequests, PlaceRunners, PlaceReviewers, PlaceCodeowners, PlaceCredentials,
		PlaceCodespaces, PlaceCopilot, PlacePushes}
}
