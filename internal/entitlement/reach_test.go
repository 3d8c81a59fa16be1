package entitlement

import "testing"

// Only what lets somebody in is access: an invitation is none yet, one that ran out
// never becomes one, and whoever is in has no need of either.
func TestReachOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want  Reach
		found []Foothold
	}{
		{ReachNone, nil},
		{ReachIn, []Foothold{FootholdCollaborator}},
		{ReachIn, []Foothold{FootholdExpired, FootholdCollaborator}},
		{ReachIn, []Foothold{FootholdTeam, FootholdMember}},
		{ReachIn, []Foothold{FootholdInherited}},
		{ReachInvited, []Foothold{FootholdInvitation}},
		{ReachInvited, []Foothold{FootholdInherited, FootholdInvitation}},
		{ReachInvited, []Foothold{FootholdExpired, FootholdInvitation}},
		{ReachInvited, []Foothold{FootholdTeamInvited, FootholdMemberAsked}},
		{ReachNone, []Foothold{FootholdExpired}},
		{ReachNone, []Foothold{FootholdExpired, FootholdInherited}},
		{ReachNone, []Foothold{FootholdMember}},
		{ReachNone, []Foothold{FootholdMemberAsked}},
		{ReachNone, []Foothold{"of a later release"}},
	} {
		if got := ReachOf(c.found); got != c.want {
			t.Errorf("%v: %s, want %s", c.found, got, c.want)
		}
	}
}
