package entitlement

import "time"

// Verdict is what came of looking whether somebody has access. There is no fourth:
// what could not be seen is never called clean.
type Verdict string

// Verdicts.
const (
	VerdictClean        Verdict = "clean"
	VerdictFound        Verdict = "found"
	VerdictNotCheckable Verdict = "not-checkable"
)

// Foothold is one way in which somebody has access, or is about to.
type Foothold string

// Footholds.
const (
	FootholdCollaborator Foothold = "collaborator"          // of the repository itself
	FootholdInvitation   Foothold = "repository-invitation" // not accepted yet
	FootholdExpired      Foothold = "expired-invitation"    // stands there, and lets nobody in
	FootholdInherited    Foothold = "inherited"             // a team's, or what every member may
	FootholdTeam         Foothold = "team-member"
	FootholdTeamInvited  Foothold = "team-invitation" // not accepted yet
	FootholdMember       Foothold = "organisation-member"
	FootholdMemberAsked  Foothold = "organisation-invitation" // not accepted yet
)

// Doubt is why something could not be checked, or not be done.
type Doubt string

// Doubts.
const (
	DoubtNotSetUp   Doubt = "not-set-up"   // gangway may call no GitHub
	DoubtPermission Doubt = "permission"   // Standing.Needs says which, where GitHub does
	DoubtSignIn     Doubt = "sign-in"      // the token is no good, or not let in by single sign-on
	DoubtHidden     Doubt = "hidden"       // not there, or hidden: GitHub answers the same
	DoubtMoved      Doubt = "moved"        // the repository has another name now
	DoubtPartial    Doubt = "partial"      // GitHub showed a part of a list
	DoubtLogin      Doubt = "no-account"   // nobody has the login
	DoubtOther      Doubt = "another-user" // somebody else has the login now
	DoubtRefused    Doubt = "refused"      // GitHub said no for a reason of its own
	DoubtRehearsed  Doubt = "rehearsed"    // it is a drill, in which nothing is taken away
	DoubtForm       Doubt = "form"         // what was asked for can't be carried out
)

// Standing is how a grant stands at GitHub. It names people and is kept in a document.
type Standing struct {
	Grant   string    `json:"grant"`
	Login   string    `json:"login"`
	Account int64     `json:"account,omitempty"`
	Place   string    `json:"place"` // team/… or repository/…
	Role    Role      `json:"role"`
	Until   time.Time `json:"until"`
	Verdict Verdict   `json:"verdict"`
	// Footholds is what was found; Doubts why it can't be said, or was not done.
	Footholds []Foothold `json:"footholds,omitempty"`
	Doubts    []Doubt    `json:"doubts,omitempty"`
	// Needs are the permissions that GitHub names as missing.
	Needs []string `json:"needs,omitempty"`
	// Joined is as of Grant.
	Joined bool    `json:"joined,omitempty"`
	Probes []Probe `json:"probes,omitempty"`
}

// Probe is one call that was made for a Standing.
type Probe struct {
	Call    string    `json:"call"` // without names: GET /orgs/{org}
	Status  int       `json:"status,omitempty"`
	Request string    `json:"request,omitempty"` // GitHub's id of the call
	At      time.Time `json:"at"`
	// Said is what went wrong; empty: nothing.
	Said string `json:"said,omitempty"`
}
