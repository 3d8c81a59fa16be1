package workflows

import (
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// ErrNoExit refuses an exit whose playbook does not say who decides it, or who closes it.
const ErrNoExit = "no-exit"

// ResultExited is of an exit whose certificate was signed. One that was stopped without
// it is ResultIncomplete, one that was called off ResultWithdrawn; a drill is ResultDone.
const ResultExited = "exited"

// ExitInput starts leaving a vendor. Its steps are those of the exit and of all its parts.
type ExitInput struct {
	Common
	Order exit.Order `json:"order"`
	// Omitted are steps that an exit of another mode would have asked, and this one does not.
	Omitted []exit.Piece   `json:"omitted,omitempty"`
	Facts   playbook.Facts `json:"facts,omitzero"`
	// Plan is the digest of the live exit plan, Roster that of the vendor's accounts,
	// Contract that of the executed copy; empty: there is none.
	Plan     string `json:"plan,omitempty"`
	Roster   string `json:"roster,omitempty"`
	Contract string `json:"contract,omitempty"`
	// Expiry is when the contract ends and how long before that notice must arrive.
	Expiry engagement.Expiry `json:"expiry,omitzero"`
	// NoticeUnknown: nobody said how long before, whatever Expiry says.
	NoticeUnknown bool `json:"noticeUnknown,omitempty"`
	// Oversight watches the vendor now, and Replacement takes on board who comes after;
	// empty: no process of ours does.
	Oversight   string `json:"oversight,omitempty"`
	Replacement string `json:"replacement,omitempty"`
	// Intake is the order as it was filed, PlaybookDocument the playbook as it was then.
	Intake           dossier.Paper `json:"intake"`
	PlaybookDocument dossier.Paper `json:"playbookDocument"`
}

// ExitResult is how an exit ended.
type ExitResult struct {
	Result string `json:"result"`
	By     string `json:"by,omitempty"`
	// Certificate is the digest of the one that was signed, or of a drill's report.
	Certificate string `json:"certificate,omitempty"`
	// Aftercare is the case that follows what outlives the exit.
	Aftercare string `json:"aftercare,omitempty"`
}

// AftercareInput starts following backups and waivers to their end, as a case of its own.
type AftercareInput struct {
	Common
	// Predecessor is the exit, Certificate the digest of what it was closed by.
	Predecessor string        `json:"predecessor"`
	Certificate string        `json:"certificate"`
	Backups     []exit.Backup `json:"backups,omitempty"`
	// Waivers are what the exit did not see to, by somebody's word and until a day; Roster is
	// the digest of the accounts that are looked for then.
	Waivers []exit.Matter `json:"waivers,omitempty"`
	Roster  string        `json:"roster,omitempty"`
	// PlaybookDocument is the playbook as it was when the exit began.
	PlaybookDocument dossier.Paper `json:"playbookDocument"`
	// Carried is the state of the run before; nil in the first.
	Carried *carriedCare `json:"carried,omitempty"`
	// EachWake starts anew at every wake, to show that nothing is lost by it.
	EachWake bool `json:"eachWake,omitempty"`
}

// exitNews tells an oversight which exit follows it.
type exitNews struct {
	Exit string `json:"exit"`
}

// handedOver is what an oversight that ends hands to the exit: the input with which
// another would go on, should the exit be called off.
type handedOver struct {
	Oversight OversightInput `json:"oversight"`
}

// replacementNews tells the onboarding of who comes after which exit waits for it. Asked
// in another round it tells once more how far it is.
type replacementNews struct {
	Exit  string `json:"exit"`
	Round int    `json:"round,omitempty"`
}

// Gates that the onboarding of who comes after can have reached, for SignalGate.
const (
	gateBegun     = "begun"
	gateSigned    = "signed" // the contract is
	gateLive      = "live"
	gateLost      = "lost" // its pilot or its due diligence came to nothing
	gateWithdrawn = "withdrawn"
	gateGone      = "gone" // no process of theirs runs that could say more
)

// gateNews tells an exit how far the onboarding of who comes after has come.
type gateNews struct {
	Process string    `json:"process"`
	Gate    string    `json:"gate"`
	At      time.Time `json:"at"` // case time there
	// Number counts what the onboarding told: signals of one moment may arrive in any order.
	Number int `json:"number,omitempty"`
}

// follows reports whether news was sent after other news of the same process. The number
// decides only within one moment: it begins anew where a run is reset.
func (g gateNews) follows(other gateNews) bool {
	return g.At.After(other.At) || g.At.Equal(other.At) && g.Number > other.Number
}
