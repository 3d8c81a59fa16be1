package dossier

import (
	"time"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// CaseState is where a case stands.
type CaseState string

// States of a case.
const (
	Running CaseState = "running"
	Live    CaseState = "live"
	Ended   CaseState = "withdrawn"
)

// CaseView is a case as people read it: a fold of its entries.
type CaseView struct {
	ID        string           `json:"id"`
	Vendor    string           `json:"vendor"`
	Owner     string           `json:"owner"`
	Requester string           `json:"requester,omitempty"`
	Deputy    string           `json:"deputy,omitempty"`
	Sponsor   string           `json:"sponsor,omitempty"`
	State     CaseState        `json:"state"`
	Stage     string           `json:"stage,omitempty"`
	Rehearsal bool             `json:"rehearsal,omitempty"`
	Tier      engagement.Tier  `json:"tier,omitempty"`
	Playbook  string           `json:"playbook,omitempty"`
	Digest    string           `json:"playbookDigest,omitempty"`
	Opened    time.Time        `json:"opened"` // case time
	Closed    time.Time        `json:"closed,omitzero"`
	Sealed    bool             `json:"sealed,omitempty"`
	Processes []ProcessView    `json:"processes"`
	Requests  []review.Request `json:"requests"`
	Documents []DocumentView   `json:"documents"`
	Lines     int              `json:"lines"`
	Last      time.Time        `json:"last"` // case time of the newest entry
	// Anchor is where a rehearsal's clock was set last; zero: real time.
	Anchor calendar.Anchor `json:"anchor,omitzero"`
	// Held says that the case is on hold, since when and by whom; nil: it is not.
	Held *Hold `json:"held,omitempty"`
	// DPA is what is known of the data processing agreement; nil: nothing collects one.
	DPA *Agreement `json:"dpa,omitempty"`
	// Pilot is what is known of the newest pilot; nil: there was none.
	Pilot *Pilot `json:"pilot,omitempty"`
	// Corrections of the intake, in their order.
	Corrections []Correction `json:"corrections,omitempty"`
	// Predecessor is the case that this one follows.
	Predecessor string `json:"predecessor,omitempty"`
	// Successor is the vendor who comes after the one that is left, by its slug, as long as
	// nothing says that they do not; empty: nobody does.
	Successor string `json:"successor,omitempty"`
	// Watched is what runs out one day, in the order in which it came.
	Watched []WatchView `json:"watched,omitempty"`
}

// Hold is that a case stands still: answers count, but nothing new is asked and
// nobody is reminded.
type Hold struct {
	Since time.Time `json:"since"`
	By    string    `json:"by"`
}

// Agreement is what the case knows of the data processing agreement with the
// vendor.
type Agreement struct {
	// Need is needed or not-needed, Data the categories that it was judged by,
	// Process the collection that said so last.
	Need    string   `json:"need"`
	Data    []string `json:"data,omitempty"`
	Process string   `json:"process"`
	// Document is the digest of what is in force, empty while nothing is.
	Document string    `json:"document,omitempty"`
	Version  int       `json:"version,omitempty"`
	Since    time.Time `json:"since,omitzero"`
	// Ends and LookAgain are the dates that were found; zero: none.
	Ends      time.Time `json:"ends,omitzero"`
	LookAgain time.Time `json:"lookAgain,omitzero"`
}

// Correction is a corrected fact of the intake, and what it did to the tier.
type Correction struct {
	Field  string          `json:"field"`
	Values []string        `json:"values,omitempty"`
	Amount int             `json:"amount,omitempty"`
	From   engagement.Tier `json:"from"`
	To     engagement.Tier `json:"to"`
	By     string          `json:"by"`
	At     time.Time       `json:"at"`
	// Answer is the id of the act, under which its reason stands.
	Answer string `json:"answer,omitempty"`
}

// Now is the case's time at a real instant.
func (v *CaseView) Now(real time.Time) time.Time { return v.Anchor.CaseAt(real) }

// ProcessView is one process of a case.
type ProcessView struct {
	ID      string    `json:"id"`
	Parent  string    `json:"parent,omitempty"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"`
	Result  string    `json:"result,omitempty"`
	// Runs are the engine's run ids, whose histories the dossier holds.
	Runs []string `json:"runs,omitempty"`
	// Filed are the runs whose histories are in the documents already.
	Filed []FiledHistory `json:"filed,omitempty"`
}

// FiledHistory is an exported history.
type FiledHistory struct {
	Run      string `json:"run"`
	Document string `json:"document"`
}

// DocumentView is one version of a document of the case.
type DocumentView struct {
	Process    string                 `json:"process"`
	Name       string                 `json:"name"`
	Version    int                    `json:"version,omitempty"`
	Document   string                 `json:"document"`
	ReadAs     string                 `json:"readAs,omitempty"` // as of Detail
	Size       int64                  `json:"size,omitempty"`
	Media      string                 `json:"media,omitempty"`
	By         string                 `json:"by,omitempty"`
	At         time.Time              `json:"at"`
	ForVendor  bool                   `json:"forVendor,omitempty"`
	Comparison *engagement.Comparison `json:"comparison,omitempty"` // against the version before
}
