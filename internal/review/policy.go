package review

import (
	"fmt"
	"slices"
)

// OwnerRole is the role that resolves to the case's owner (then the deputy,
// then the sponsor) instead of to a role of the people file.
const OwnerRole = "@owner"

// VendorRole is the role that resolves to the vendor's own contacts: what the
// vendor has to deliver. Nobody of the client holds such a seat; the case owner may
// file a delivery in the vendor's place, marked so.
const VendorRole = "@vendor"

// OutsideRole is the role of a seat that somebody of neither side holds, whom the
// case's owner names for it. It is their employer too: they hold no other seat.
const OutsideRole = "@outside"

// Rule says how many seats of a group must approve.
type Rule string

// The three rules of a group.
const (
	RuleAll  Rule = "all"
	RuleAny  Rule = "any"
	RuleSome Rule = "some" // n of m; Group.N says n
)

// Seat is one place at the table: a role, resolved to a person with backups
// when the request opens.
type Seat struct {
	ID   string `json:"id"`
	Role string `json:"role"`
	// Mandatory: the group is not met without this seat's approval.
	Mandatory bool `json:"mandatory,omitempty"`
	// Veto: this seat's rejection refuses the group whatever the others say. A
	// veto counts while its group is open; a seat that must be heard before the
	// group is met is mandatory as well.
	Veto bool `json:"veto,omitempty"`
	// Scope is what the seat reads, as the playbook writes it ("11", "def/*",
	// "title:confidentiality"). Empty: the whole document.
	Scope []string `json:"scope,omitempty"`
	// Attest names the statements that an approval of this seat must carry.
	Attest []string `json:"attest,omitempty"`
	// Competence is what whoever holds the seat should be able to do, in the people
	// file's words; whoever lacks it may answer, and it is said.
	Competence []string `json:"competence,omitempty"`
	// Minutes is the honest estimate of one person's work, for plan.
	Minutes int `json:"minutes,omitempty"`
}

// Group is seats that are asked at the same time.
type Group struct {
	Name  string `json:"name"`
	Rule  Rule   `json:"rule"`
	N     int    `json:"n,omitempty"`
	Seats []Seat `json:"seats"`
}

// Needed is the number of approvals that the group's rule asks for.
func (g Group) Needed() int {
	switch g.Rule {
	case RuleAny:
		return 1
	case RuleSome:
		return g.N
	default:
		return len(g.Seats)
	}
}

// Pair allows one person to hold two named seats of a request. Every page and
// dossier then says "one person, two seats".
type Pair struct {
	A string `json:"a"`
	B string `json:"b"`
}

// Policy says who must answer: groups one after the other.
type Policy struct {
	Groups []Group `json:"groups"`
	Pairs  []Pair  `json:"pairs,omitempty"`
	// Depth bounds a chain of delegations; 0 means the default of 2.
	Depth int `json:"depth,omitempty"`
	// Waivable: the case owner may waive a refusal of this step, with a reason.
	Waivable bool `json:"waivable,omitempty"`
}

// MaxDepth is the bound on a chain of delegations when the policy names none.
const MaxDepth = 2

func (p Policy) depth() int {
	if p.Depth > 0 {
		return p.Depth
	}
	return MaxDepth
}

// Paired reports whether one person may hold both seats.
func (p Policy) Paired(a, b string) bool {
	return slices.ContainsFunc(p.Pairs, func(x Pair) bool {
		return x.A == a && x.B == b || x.A == b && x.B == a
	})
}

// Seats returns all seats in group order.
func (p Policy) Seats() []Seat {
	var all []Seat
	for _, g := range p.Groups {
		all = append(all, g.Seats...)
	}
	return all
}

// Check returns every fault of the policy at once; nil when it can be used.
func (p Policy) Check() []error {
	var faults []error
	add := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if len(p.Groups) == 0 {
		add("the policy has no group")
	}
	var ids []string
	for i, g := range p.Groups {
		name := g.Name
		if name == "" {
			name = fmt.Sprintf("group %d", i+1)
		}
		if len(g.Seats) == 0 {
			add("%s has no seat", name)
		}
		switch g.Rule {
		case RuleAll, RuleAny:
			if g.N != 0 {
				add("%s: a number belongs to the rule %q only", name, RuleSome)
			}
		case RuleSome:
			if g.N < 1 {
				add("%s needs %d approvals: at least 1 is wanted", name, g.N)
			}
			if g.N > len(g.Seats) {
				add("%s needs %d approvals but has only %d seats", name, g.N, len(g.Seats))
			}
		default:
			add("%s: unknown rule %q (all, any, some)", name, g.Rule)
		}
		for _, s := range g.Seats {
			if s.ID == "" {
				add("%s has a seat without an id", name)
			} else if slices.Contains(ids, s.ID) {
				add("seat %q stands twice in the policy", s.ID)
			}
			if s.Role == "" {
				add("seat %q has no role", s.ID)
			}
			ids = append(ids, s.ID)
		}
	}
	for _, x := range p.Pairs {
		if !slices.Contains(ids, x.A) || !slices.Contains(ids, x.B) || x.A == x.B {
			add("the pair %q and %q does not name two seats of the policy", x.A, x.B)
		}
	}
	if p.Depth < 0 {
		add("a delegation depth of %d makes no sense", p.Depth)
	}
	return faults
}
