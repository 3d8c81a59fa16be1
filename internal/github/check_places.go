package github

import (
	"strings"

	"gangway/internal/inventory"
)

// placeCall is what has to be listed for a place to be checkable.
type placeCall struct {
	place inventory.Place
	call  call
}

func placeCalls() []placeCall {
	return []placeCall{
		{inventory.PlaceMembers, listMembers()}, {inventory.PlaceOutside, listOutsiders()}, {inventory.PlaceInvitations, listInvitations()},
		{inventory.PlaceTeams, listTeams()}, {inventory.PlaceCollaborators, listCollaborators()}, {inventory.PlaceRepoInvitations, listRepositoryInvitations()},
		{inventory.PlaceDeployKeys, listKeys()}, {inventory.PlaceHooks, listOrgHooks()}, {inventory.PlaceHooks, listHooks()}, {inventory.PlaceApps, listInstallations()},
		{inventory.PlaceTokens, listTokens()}, {inventory.PlaceTokenRequests, listTokenRequests()}, {inventory.PlaceRunners, listOrgRunners()}, {inventory.PlaceRunners, listRunners()},
		{inventory.PlaceReviewers, listEnvironments()}, {inventory.PlaceCodeowners, getContents()}, {inventory.PlaceCredentials, listCredentials()},
		{inventory.PlaceCodespaces, listCodespaces()}, {inventory.PlaceCopilot, listSeats()}, {inventory.PlacePushes, listActivity()},
	}
}

// places says which places an exit could not check with this sign-in. That is no fault:
// giving access needs none of it, and somebody can look there by hand. What a
// fine-grained token may is not told by GitHub.
func (k *checking) places() {
	app := k.c.signin.fixed == ""
	var blind []string
	for _, p := range placeCalls() {
		name, level, _ := strings.Cut(p.call.needs, "=")
		has := k.granted.Permissions[name]
		why := ""
		switch {
		case (p.place == inventory.PlaceTokens || p.place == inventory.PlaceTokenRequests) && !app:
			why = "shown to apps alone"
		case p.place == inventory.PlaceCodespaces && app:
			why = "not shown to apps"
		case app && k.granted.Permissions != nil && name != "" && name != "metadata" && has != level && has != "write":
			why = p.call.needs
		case k.scopes != nil && p.call.scope != "" && !holds(k.scopes, p.call.scope):
			why = p.call.scope
		}
		if why != "" {
			blind = append(blind, string(p.place)+" ("+why+")")
		}
	}
	k.well("github exit", "at an exit every place can be checked but these: %s", strings.Join(blind, ", "))
}
