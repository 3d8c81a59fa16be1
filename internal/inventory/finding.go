package inventory

import (
	"time"

	"gangway/internal/entitlement"
)

// Identity is one of the vendor's accounts: a row of the roster.
type Identity struct {
	Login string `json:"login"`
	// Account is the account's number, which stays when its login changes; 0: not known.
	Account int64 `json:"account,omitempty"`
}

// Roster is whose access is looked for: nobody else's is ever taken away. It is kept as
// a document.
type Roster struct {
	Vendor     string     `json:"vendor"` // slug
	Identities []Identity `json:"identities"`
	// Keys, Hooks, Apps and Runners are what belongs to the vendor without belonging to
	// somebody: titles or addresses as the exit plan names them.
	Named []string `json:"named,omitempty"`
	// Staff are accounts of the client's own people: never taken away, whatever else
	// stands here.
	Staff []Identity `json:"staff,omitempty"`
	// Mails are addresses with which the vendor's people write into repositories; one that
	// begins with @ stands for all of a domain.
	Mails []string `json:"mails,omitempty"`
	// Cut is after when nobody may have pushed; zero: not cut yet.
	Cut time.Time `json:"cut,omitzero"`
}

// Finding is one thing that was found at a place.
type Finding struct {
	Place Place `json:"place"`
	// Repository is its name, empty for what is the organisation's; RepositoryID stays
	// when it is renamed.
	Repository   string `json:"repository,omitempty"`
	RepositoryID int64  `json:"repositoryId,omitempty"`
	// Identity is whose it is, where that is known.
	Identity Identity `json:"identity,omitzero"`
	// ID is GitHub's of the thing (a key, hook, invitation, installation, team), Title
	// what it is called there.
	ID    int64  `json:"id,omitempty"`
	Title string `json:"title,omitempty"`
	// LastOwner: taking it away would leave something without an owner; it is not done.
	LastOwner bool `json:"lastOwner,omitempty"`
	// Unsure: that it is the vendor's is a guess (a key that an unknown account added).
	Unsure bool `json:"unsure,omitempty"`
	// ByHand: GitHub has no call that takes it away, or none that should be made (a line
	// of CODEOWNERS): people do it.
	ByHand bool `json:"byHand,omitempty"`
	// By is the way in, where a place has several: WayDirect and so on.
	By string    `json:"by,omitempty"`
	At time.Time `json:"at,omitzero"` // last used, pushed or added
}

// Sight is what came of looking at one place.
type Sight struct {
	Place Place `json:"place"`
	// RepositoryID is where it was looked; 0: in the organisation, or in several.
	RepositoryID int64               `json:"repositoryId,omitempty"`
	Verdict      entitlement.Verdict `json:"verdict"`
	Findings     []Finding           `json:"findings,omitempty"`
	Doubts       []entitlement.Doubt `json:"doubts,omitempty"`
	Needs        []string            `json:"needs,omitempty"` // permissions that GitHub names as missing
	Calls        int                 `json:"calls,omitempty"` // requests that it took
	Probes       []entitlement.Probe `json:"probes,omitempty"`
}

// Count is a Sight without whom and what it is about.
type Count struct {
	Place   Place               `json:"place"`
	Verdict entitlement.Verdict `json:"verdict"`
	Found   int                 `json:"found,omitempty"`
	// HeldBack are those of Found that are not taken away: a last owner's, unsure, or for
	// people to do.
	HeldBack int                 `json:"heldBack,omitempty"`
	Doubts   []entitlement.Doubt `json:"doubts,omitempty"`
	Needs    []string            `json:"needs,omitempty"`
}

// Repository is one of the client's, or of the vendor's that is to become the client's.
type Repository struct {
	ID    int64  `json:"id"`
	Owner string `json:"owner"`
	Name  string `json:"name"`
}
