package archive

import (
	"fmt"
	"slices"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// reportNotable is something that an auditor asks for by name.
type reportNotable struct {
	What     string
	At       moment
	N, Last  int    // its first and last line in the timeline; Last is 0 where it is one
	Why      string // what was written with it, for inside
	ToVendor string // and for the vendor
	Erased   string // set when what was written is gone
}

// notable picks the lines that an auditor asks for by name: who refused, who
// stepped aside, who answered for whom, what was let pass, and what left the house.
func (p reporter) notable(l dossier.Line) (reportNotable, bool) {
	e := l.Entry
	n := reportNotable{What: p.sentence(e), At: moment{e.CaseAt}, N: l.N}
	if l.Body != nil && !p.unopened(e) {
		n.Why, n.ToVendor = visible(l.Body.Inside), visible(l.Body.Vendor)
	}
	if l.Erased != nil {
		n.Erased = erasedText(*l.Erased)
	}
	if l.Conflict {
		n.What = "An entry came a second time with other content; both are kept. " + n.What
		return n, true
	}
	switch e.Kind {
	case dossier.Withdrawn, dossier.Reopened, dossier.Attempt, dossier.SentToVendor, dossier.DPANeed, dossier.DPAInForce, dossier.PilotFrozen, dossier.ScoresOpened, dossier.PilotStopped,
		dossier.Held, dossier.Resumed, dossier.Corrected, dossier.OwnerChanged:
		return n, true
	case dossier.ClauseWaived, dossier.Lapsed, dossier.NoticePassed, dossier.NoticeDecided, dossier.Escalated:
		return n, true
	case dossier.Evidence:
		return n, e.Detail != nil && (e.Detail.Result == playbook.EvidenceWaived || e.Detail.Result == playbook.EvidenceRanOut)
	case dossier.AccessStands:
		return n, e.Detail != nil && e.Detail.Result != "given" && e.Detail.Result != "accepted"
	case dossier.CopyExecuted:
		return n, e.Detail != nil && e.Detail.Result != "same"
	case dossier.Milestone:
		return n, e.Detail != nil && (e.Detail.Late > 0 || e.Detail.Result == dossier.MilestoneMissing)
	case dossier.Request:
	default:
		return n, false
	}
	if e.Fact == nil {
		return n, false
	}
	switch e.Fact.Kind {
	case review.FactRecused, review.FactTakenBack, review.FactWaived, review.FactRefused, review.FactLost, review.FactAdded:
		return n, true
	case review.FactDue: // what follows from a hold is told with the hold
		return n, e.Fact.Why != "resumed"
	case review.FactTold: // who answers for somebody's silence
		return n, e.Fact.Why == "manager" || e.Fact.Why == "owner"
	case review.FactSeated:
		return n, e.Fact.Holder != nil && (e.Fact.Holder.Via == review.ViaDelegate || e.Fact.Holder.Via == review.ViaBackup)
	case review.FactCounted:
		return n, e.Fact.Ballot != nil && (e.Fact.Ballot.ForVendor || !review.Positive(e.Fact.Ballot.Verdict))
	}
	return n, false
}

// gathered makes one of what was said several times in the same words and
// without a reason of its own, at the place of the first.
func gathered(all []reportNotable) []reportNotable {
	var kept []reportNotable
	times := make(map[int]int) // by place among those kept
	for _, n := range all {
		i := -1
		if n.N > 0 && n.bare() {
			i = slices.IndexFunc(kept, func(k reportNotable) bool { return k.N > 0 && k.bare() && k.What == n.What })
		}
		if i < 0 {
			kept = append(kept, n)
			continue
		}
		kept[i].Last = n.N
		times[i]++
	}
	for i := range kept {
		if again := times[i]; again > 0 {
			kept[i].What += fmt.Sprintf(" (%d times)", again+1)
		}
	}
	return kept
}

func (n reportNotable) bare() bool { return n.Why == "" && n.ToVendor == "" && n.Erased == "" }

// jumps says in one line how often a rehearsal's clock was moved. Each of its
// processes records a move to one instant, which is one move.
func (p reporter) jumps() []reportNotable {
	var n reportNotable
	var to []time.Time
	for _, l := range p.c.lines {
		e := l.Entry
		if e.Kind != dossier.Jumped || l.Conflict {
			continue
		}
		at := e.CaseAt
		if e.Detail != nil && e.Detail.Anchor != nil {
			at = e.Detail.Anchor.Case
		}
		if !slices.ContainsFunc(to, at.Equal) {
			to = append(to, at)
		}
		if n.N == 0 {
			n.N = l.N
		} else {
			n.Last = l.N
		}
		n.At = moment{at}
	}
	switch len(to) {
	case 0:
		return nil
	case 1:
		n.What = "The rehearsal's clock was moved once."
	default:
		n.What = fmt.Sprintf("The rehearsal's clock was moved %d times, the last time to the instant given here.", len(to))
	}
	return []reportNotable{n}
}
