package exit

import "time"

// Mode is how a vendor is left.
type Mode string

// Modes.
const (
	ModePlanned  Mode = "planned"
	ModeStressed Mode = "stressed"  // the vendor fails, or does not answer: a compressed plan, which says what is given up
	ModeForCause Mode = "for-cause" // access is cut the same day, and ratified after
	ModeDrill    Mode = "drill"     // a rehearsal: nothing real is changed, nobody real is reached
)

// Modes are all of them, in the order in which people are shown them.
func Modes() []Mode { return []Mode{ModePlanned, ModeStressed, ModeForCause, ModeDrill} }

// After is who does the work when the vendor is gone.
type After string

// What comes after.
const (
	AfterReplaced  After = "replaced"
	AfterInHouse   After = "in-house"
	AfterEnds      After = "ends" // nobody does it any more
	AfterUndecided After = "undecided"
)

// Trigger is why a vendor is left.
type Trigger string

// Triggers, in the order in which people are shown them (Triggers).
const (
	TriggerContractEnd   Trigger = "contract-end"
	TriggerNonRenewal    Trigger = "non-renewal"
	TriggerReplacement   Trigger = "replacement"
	TriggerCost          Trigger = "cost"
	TriggerAuditFailure  Trigger = "audit-failure"
	TriggerIncident      Trigger = "incident"
	TriggerInsolvency    Trigger = "insolvency"
	TriggerRestructuring Trigger = "restructuring"
	TriggerAcquired      Trigger = "acquired"
	TriggerRegulator     Trigger = "regulator"
	TriggerMutual        Trigger = "mutual"
)

// Triggers are all of them.
func Triggers() []Trigger {
	return []Trigger{TriggerContractEnd, TriggerNonRenewal, TriggerReplacement, TriggerCost, TriggerAuditFailure, TriggerIncident,
		TriggerInsolvency, TriggerRestructuring, TriggerAcquired, TriggerRegulator, TriggerMutual}
}

// Order is what somebody asks for who wants a vendor left. Their reason is a text, and
// kept as a document.
type Order struct {
	Mode Mode `json:"mode"`
	// Rehearses is the mode that a drill plays; WithPeople: real people do real tasks of
	// an hour in it, else it is on paper.
	Rehearses  Mode `json:"rehearses,omitempty"`
	WithPeople bool `json:"withPeople,omitempty"`
	// After is who does the work then, Successor the slug of the vendor who does.
	After     After  `json:"after"`
	Successor string `json:"successor,omitempty"`
	// By is the day by which the vendor is off.
	By      time.Time `json:"by"`
	Trigger Trigger   `json:"trigger"`
}

// Plays is the mode whose steps are carried out: of a drill the one it rehearses.
func (o Order) Plays() Mode {
	if o.Mode != ModeDrill {
		return o.Mode
	}
	if o.Rehearses == "" {
		return ModePlanned
	}
	return o.Rehearses
}
