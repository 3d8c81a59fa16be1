package playbook

import (
	"slices"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// Intake is a request to take a vendor on board, as a person filed it. It is
// kept as a document; a workflow sees only its Facts.
type Intake struct {
	// ID makes the intake idempotent: the same id opens one case only.
	ID     string            `json:"id"`
	Vendor engagement.Vendor `json:"vendor"`
	// Playbook names the playbook; empty: the deployment's default.
	Playbook string `json:"playbook,omitempty"`
	// Why the vendor is wanted, what in-house alternative was considered, what
	// success looks like: the client's own words.
	Reason      string   `json:"reason"`
	Alternative string   `json:"alternative,omitempty"`
	Success     []string `json:"success,omitempty"`
	Summary     string   `json:"summary,omitempty"`
	YearlyCost  int      `json:"yearlyCost,omitempty"`
	// BaselineCost is what the same thing costs a year today; nil: nobody said.
	BaselineCost *int     `json:"baselineCost,omitempty"`
	Currency     string   `json:"currency,omitempty"`
	Data         []string `json:"data,omitempty"`
	Systems      []string `json:"systems,omitempty"`
	// Owner, Deputy and Sponsor are person ids. The requester is who files it.
	Owner   string `json:"owner"`
	Deputy  string `json:"deputy,omitempty"`
	Sponsor string `json:"sponsor,omitempty"`
	// Interest is whether the requester has an interest of their own in the vendor,
	// engagement.Yes or No; empty: they did not say. WhichInterest says which.
	Interest      string `json:"interest,omitempty"`
	WhichInterest string `json:"whichInterest,omitempty"`
	// Contract is the digest of the first version of the contract, if there is
	// one already.
	Contract string `json:"contract,omitempty"`
	// Taught is what exits taught of vendors who did the same, or whom this one replaces,
	// the newest exit first. Whoever opens the case reads it in the record: what a
	// requester says here is not taken.
	Taught []exit.Taught `json:"taught,omitempty"`
	// Rehearsal: nothing here is real, and the case's clock may be moved.
	Rehearsal bool `json:"rehearsal,omitempty"`
	// Begins is when a rehearsal begins that goes on where another stands; zero: now.
	// What is real begins when it is asked for.
	Begins time.Time `json:"begins,omitzero"`

	From review.Address `json:"-"`
	// Alone is the process that is started by itself; empty: an onboarding, of whose
	// intake more may be wanted.
	Alone Process `json:"-"`
}

// Facts is what rules may judge by and workflows may carry.
type Facts struct {
	Data       []string `json:"data,omitempty"`
	Systems    []string `json:"systems,omitempty"`
	YearlyCost int      `json:"yearlyCost,omitempty"`
	// Lessons of exits that stand for such a vendor, by their ids; no correction changes
	// them.
	Lessons []string `json:"lessons,omitempty"`
}

// Facts returns the part of the intake that may enter a workflow.
func (i Intake) Facts() Facts {
	return Facts{Data: i.Data, Systems: i.Systems, YearlyCost: i.YearlyCost, Lessons: exit.Known(i.Taught)}
}

// TierFor gives the tier of the first rule that matches; without one the lowest
// tier that a rule names, so that a gap in the rules is never the strictest path
// by accident nor no path at all.
func TierFor(rules []TierRule, f Facts) engagement.Tier {
	var lowest engagement.Tier
	for _, r := range rules {
		if r.When.holds(f) {
			return r.Tier
		}
		lowest = max(lowest, r.Tier)
	}
	return max(lowest, 1)
}

func (c Condition) holds(f Facts) bool {
	any := func(want, have []string) bool {
		return len(want) == 0 || slices.ContainsFunc(want, func(w string) bool { return slices.Contains(have, w) })
	}
	return any(c.Data, f.Data) && any(c.Systems, f.Systems) && any(c.Lessons, f.Lessons) && f.YearlyCost >= c.CostFrom
}
