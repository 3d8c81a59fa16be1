package workflows

import "fmt"

// TaskQueue is where workers wait for gangway's work, DrillQueue where what drills do
// waits: for a worker that has nothing by which it could change a system, or reach anybody
// but our own people.
const (
	TaskQueue  = "gangway"
	DrillQueue = "gangway-drill"
)

// Names that live in histories. Renaming a Go function must never change them.
const (
	OnboardingType = "Onboarding"
	ContractType   = "ContractReview"
	DPAType        = "DPACollection"
	DiligenceType  = "DueDiligence"
	PilotType      = "Pilot"
	OversightType  = "Oversight"

	UpdateAnswer = "answer"
	UpdateAct    = "act"
	UpdatePeople = "people"
	UpdateJump   = "jump"

	QueryDue   = "due"
	QueryState = "state"

	// SignalWithdraw ends a child whose case was withdrawn or reopened.
	SignalWithdraw = "withdraw"
	// SignalSteer lets a child follow a hold or a resume of its case.
	SignalSteer = "steer"

	// SignalInterest tells the parts of a case of somebody's interests: an Interest.
	SignalInterest = "interest"

	// SignalTier tells a due diligence of a corrected intake: a TierChange.
	SignalTier = "tier"

	// SignalNews tells an oversight what a process came to, or what somebody found out.
	SignalNews = "news"

	// ErrNoReview refuses a contract review that nobody would take part in.
	ErrNoReview = "no-review"

	// ErrNoCollection refuses a collection whose playbook does not say how.
	ErrNoCollection = "no-collection"

	// ErrNoPilot refuses a pilot that nobody would score, or decide on.
	ErrNoPilot = "no-pilot"

	// ErrNoItems refuses a due diligence of items that the playbook doesn't have.
	ErrNoItems = "no-items"

	// ErrNoRoster refuses a revocation of which nobody says whose access it is about.
	ErrNoRoster = "no-roster"

	// ErrNoBackups refuses an aftercare that has nothing to follow.
	ErrNoBackups = "no-backups"

	// ErrNotRehearsal refuses to move the clock of a case that is not one.
	ErrNotRehearsal = "not-a-rehearsal"
)

// Names of activities in histories.
const (
	actRecord  = "Record"
	actNumber  = "Number"
	actSeat    = "Seat"
	actShow    = "Show"
	actCompare = "Compare"
	actExamine = "Examine"
	actErase   = "Erase"
	// actInvite writes into people's calendars.
	actInvite = "Invite"
	// actSession is for one session.
	actSession = "InviteSession"
	// actCalendar makes the calendar of a process anew that outlives its first.
	actCalendar = "Calendar"
)

// Names of the activities that read the plan of an exit, and certify it.
const (
	actPlanExit = "PlanExit"
	actCertify  = "Certify"
	actForesee  = "Foresee"
	// actGiveUp writes down what a compressed plan does without.
	actGiveUp = "GiveUp"
)

// Names of the activities by which people of a vendor get access, and lose it.
const (
	actGrantAccess  = "GrantAccess"
	actRemoveAccess = "RemoveAccess"
	actListAccess   = "ListAccess"
)

// Names of the activities that take a vendor's access away, and look whether it is gone.
const (
	actRoster    = "Roster"
	actInventory = "Inventory"
	actCut       = "Cut"
	// actOpenReturned opens what a vendor returned.
	actOpenReturned = "OpenReturned"
)

// OnboardingPrefix is the prefix of an onboarding's process ids.
func OnboardingPrefix(vendor string) string { return "onboarding/" + vendor }

// ContractPrefix is the prefix of a contract review's process ids.
func ContractPrefix(vendor string) string { return "contract/" + vendor }

// DPAPrefix is the prefix of process ids of a data processing agreement's collection.
func DPAPrefix(vendor string) string { return "dpa/" + vendor }

// DiligencePrefix is the prefix of a due diligence's process ids.
func DiligencePrefix(vendor string) string { return "diligence/" + vendor }

// PilotPrefix is the prefix of a pilot's process ids.
func PilotPrefix(vendor string) string { return "pilot/" + vendor }

// OversightPrefix is the prefix of an oversight's process ids.
func OversightPrefix(vendor string) string { return "oversight/" + vendor }

// ProcessID is a process id: a prefix and a number reserved in the record.
func ProcessID(prefix string, n int) string { return fmt.Sprintf("%s/%d", prefix, n) }

// Search attributes, for operators' filters in the engine's own tools. Nothing
// of gangway reads them.
const (
	AttributeVendor = "GwVendor"
	AttributeCase   = "GwCase"
)
