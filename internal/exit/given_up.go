package exit

import (
	"fmt"
	"slices"
)

// GivenUp is one thing that a compressed plan does without.
type GivenUp struct {
	// What it is: a step, an area, or an asset of the plan; ID is its id there.
	What string `json:"what"`
	ID   string `json:"id"`
	Part string `json:"part"`
	// How it is given up, and why.
	How string `json:"how"`
	Why string `json:"why"`
	// Wanted and Days are how many days it wants and has; both 0: that is not counted.
	Wanted int `json:"wanted,omitempty"`
	Days   int `json:"days,omitempty"`
}

// What can be given up.
const (
	GivesStep  = "step"
	GivesArea  = "area"
	GivesAsset = "asset"
)

// How something is given up.
const (
	LeftOut   = "left-out"   // nobody is asked it
	Shortened = "shortened"  // whoever does it has less time
	NotByThen = "not-by-day" // it can't be there by the day by which the vendor is off
)

// Why something is given up.
const (
	WhyMode     = "mode"          // exits of this kind do not ask it
	WhyTime     = "no-time"       // there are fewer days than it wants
	WhyReceiver = "receiver-full" // whoever takes it has others to take before it
	WhyNoStep   = "no-step"       // the exit has no step by which it could pass over
	WhyPeriod   = "period"        // a rule from outside gives it a period of its own
)

// Became says in words how something is given up.
func (g GivenUp) Became() string {
	switch g.How {
	case LeftOut:
		return "left out"
	case Shortened:
		return "shortened"
	case NotByThen:
		return "not there by then"
	}
	return spaced(g.How)
}

// Because says in words why something is given up.
func (g GivenUp) Because() string {
	switch g.Why {
	case WhyMode:
		return "exits of this kind do not ask it"
	case WhyTime:
		return fmt.Sprintf("it wants %s and has %d", counted(g.Wanted, "day", "days"), g.Days)
	case WhyReceiver:
		return fmt.Sprintf("whoever takes it has others to take first: it wants %s, and %d are left then", counted(g.Wanted, "day", "days"), max(g.Days, 0))
	case WhyPeriod:
		return fmt.Sprintf("rules from outside give it %s, and %d are left", counted(g.Wanted, "day", "days"), g.Days)
	case WhyNoStep:
		return "no step of this exit has it pass over"
	}
	return spaced(g.Why)
}

// periodOf is how many days a kind takes at least by rules from outside: the registrar that
// loses a domain has five days to object (ICANN's transfer policy, I.A.3), and who employs
// people that move with a service is told of them 28 days before (TUPE Regulations 2006,
// reg. 11(6), in the United Kingdom).
func periodOf(k AssetKind) int {
	switch k {
	case AssetDomain:
		return 5
	case AssetStaff:
		return 28
	}
	return 0
}

// givenUp is what the plan does without, steps first, then areas and assets in the order
// in which the plan names them.
func (w Wanted) givenUp(s Schedule) []GivenUp {
	var all []GivenUp
	for _, p := range w.Omitted {
		if w.stoodFor(p) {
			continue
		}
		all = append(all, GivenUp{What: GivesStep, ID: p.Step, Part: p.Part, How: LeftOut, Why: WhyMode, Wanted: p.Days})
	}
	for _, m := range s.Milestones {
		if m.Days < m.Wanted {
			all = append(all, GivenUp{What: GivesStep, ID: m.Step, Part: m.Part, How: Shortened, Why: WhyTime, Wanted: m.Wanted, Days: m.Days})
		}
	}
	return append(append(all, w.areasLost()...), w.assetsLost()...)
}

// areasLost are the areas that nobody can have learned by the day. Each step takes a day
// at least, and a receiver learns one area after the other.
func (w Wanted) areasLost() []GivenUp {
	var all []GivenUp
	least, left := w.chain(PartTransfer, ""), w.left()
	busy := map[string]int{} // days of each receiver; looked up only
	for _, a := range w.Areas {
		lost := GivenUp{What: GivesArea, ID: a.ID, Part: PartTransfer, How: NotByThen, Wanted: least, Days: left}
		switch {
		case least == 0:
			lost.Why, lost.Days = WhyNoStep, 0
		case least > left:
			lost.Why = WhyTime
		case busy[a.Receiver]+least > left:
			lost.Why, lost.Days = WhyReceiver, left-busy[a.Receiver]
		default:
			busy[a.Receiver] += least
			continue
		}
		all = append(all, lost)
	}
	return all
}

// assetsLost are the assets that can't have changed hands by the day. Those of one kind and
// receiver pass over together.
func (w Wanted) assetsLost() []GivenUp {
	var all []GivenUp
	left := w.left()
	for _, a := range w.Assets {
		least, period := w.chain(PartHandover, a.Kind), periodOf(a.Kind)
		lost := GivenUp{What: GivesAsset, ID: a.ID, Part: PartHandover, How: NotByThen, Wanted: max(least, period), Days: left}
		switch {
		case least == 0:
			lost.Why, lost.Wanted, lost.Days = WhyNoStep, 0, 0
		case least > left:
			lost.Why = WhyTime
		case period > left:
			lost.Why = WhyPeriod
		default:
			continue
		}
		all = append(all, lost)
	}
	return all
}

// chain is how many steps of a part follow one another for a kind of asset; 0: there are
// none. What people add to the list, and a restore that only repositories need, are not
// among them for others.
func (w Wanted) chain(part string, k AssetKind) int {
	var stages []int
	for _, p := range w.Asked {
		switch {
		case p.Part != part || p.Does == DoesAssets || len(p.Kinds) > 0 && !slices.Contains(p.Kinds, k):
			continue
		case p.Does == DoesRestore && k != AssetRepository:
			continue
		}
		if i := stageOf(p.Does); i >= 0 && !slices.Contains(stages, i) {
			stages = append(stages, i)
		}
	}
	return len(stages)
}

// Compressed is a plan that had to be made shorter, and what it is made for: a document of
// it says so to those who decide what is given up.
type Compressed struct {
	Case   string `json:"case"`
	Vendor string `json:"vendor"` // slug
	Order  Order  `json:"order"`
	// Plan is the digest of the signed one, which names its areas and assets.
	Plan     string   `json:"plan,omitempty"`
	Schedule Schedule `json:"schedule"`
}

// stoodFor says whether a step that an exit of this kind leaves out has another in its
// place: one of the same part that does the same, for all of its kinds of assets.
func (w Wanted) stoodFor(p Piece) bool {
	return p.Does != "" && slices.ContainsFunc(w.Asked, func(a Piece) bool {
		if a.Part != p.Part || a.Does != p.Does {
			return false
		}
		return len(a.Kinds) == 0 || len(p.Kinds) > 0 && !slices.ContainsFunc(p.Kinds, func(k AssetKind) bool { return !slices.Contains(a.Kinds, k) })
	})
}
