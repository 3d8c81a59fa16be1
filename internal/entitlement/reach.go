package entitlement

import "slices"

// InvitationDays is how many days GitHub lets an invitation stand before it lapses.
const InvitationDays = 7

// Reach is how far an access got, by what was found of it.
type Reach string

// Reaches.
const (
	ReachIn      Reach = "in"      // somebody has it
	ReachInvited Reach = "invited" // an invitation stands, and nobody has accepted it
	ReachNone    Reach = "none"    // nothing lets anybody in
)

// ReachOf is how far an access got. An invitation that ran out lets nobody in, whatever
// else they may see as everybody does; a membership of the organisation without that of
// the team is not the access.
func ReachOf(found []Foothold) Reach {
	has := func(any ...Foothold) bool {
		return slices.ContainsFunc(found, func(f Foothold) bool { return slices.Contains(any, f) })
	}
	switch {
	case has(FootholdCollaborator, FootholdTeam):
		return ReachIn
	case has(FootholdInvitation, FootholdTeamInvited):
		return ReachInvited
	case has(FootholdExpired):
		return ReachNone
	case has(FootholdInherited):
		return ReachIn
	}
	return ReachNone
}
