package dossier

import (
	"strconv"
	"strings"
	"time"

	"gangway/internal/review"
)

// AuditRow is one thing that an auditor asks about, with the place in the record
// where it stands.
type AuditRow struct {
	Chain  string    `json:"chain"`
	N      int       `json:"n"`
	Entry  string    `json:"entry,omitempty"`
	At     time.Time `json:"at,omitzero"`     // real
	CaseAt time.Time `json:"caseAt,omitzero"` // case time
	Case   string    `json:"case,omitempty"`
	// Sort is what it belongs to: case, decision, waiver, override, people,
	// playbook, key, access, record; or finding, where the record itself is not as
	// it should be. What says which of them it is.
	Sort string `json:"sort"`
	What string `json:"what"`
	// Actor is who did it, empty for gangway itself; Person whom it is about.
	Actor   string `json:"actor,omitempty"`
	Person  string `json:"person,omitempty"`
	Request string `json:"request,omitempty"`
	Step    string `json:"step,omitempty"`
	Seat    string `json:"seat,omitempty"`
	// Result is the verdict, the state or the machine's word that it came to; of points
	// the verdict with each criterion and its mark, "scored quality=4 deadlines=3".
	Result string `json:"result,omitempty"`
	Digest string `json:"digest,omitempty"`
	// Inside and Vendor are what was written; Erased says under which rule it is gone.
	Inside string `json:"inside,omitempty"`
	Vendor string `json:"vendor,omitempty"`
	Erased string `json:"erased,omitempty"`
}

// Sorts of what an audit lists.
const (
	AuditCase     = "case"
	AuditDecision = "decision"
	AuditWaiver   = "waiver"
	AuditOverride = "override"
	AuditPeople   = "people"
	AuditPlaybook = "playbook"
	AuditKey      = "key"
	AuditAccess   = "access"
	AuditRecord   = "record"
	AuditFinding  = "finding"
)

// Audited is the row of a line; false: an audit doesn't ask about it. Roles are
// part of what the people file says, so a change of them is one of people.
func Audited(chain string, l Line) (AuditRow, bool) {
	e := l.Entry
	row := AuditRow{Chain: chain, N: l.N, Entry: e.ID, At: e.At, CaseAt: e.CaseAt, What: string(e.Kind), Actor: e.Actor}
	if chain != Register {
		row.Case = chain
	}
	switch {
	case l.Body != nil:
		row.Inside, row.Vendor = l.Body.Inside, l.Body.Vendor
	case l.Erased != nil:
		row.Erased = l.Erased.Rule
	}
	if l.Conflict {
		row.Sort, row.What = AuditFinding, "an entry with this id and other content stands earlier"
		return row, true
	}
	if e.Kind == Request {
		return row.fact(e.Fact)
	}
	row.detail(e.Detail)
	row.Sort = auditSort(e)
	return row, row.Sort != ""
}

// auditSort is what an entry that is no fact of a request belongs to.
func auditSort(e Entry) string {
	switch e.Kind {
	case CaseOpened, CaseClosed, Withdrawn, TierSet:
		return AuditCase
	case Reopened, Held, Resumed, Corrected, OwnerChanged, Jumped, ClauseWaived, PilotStopped:
		return AuditOverride
	case SentToVendor, DPANeed, DPAInForce, CopyExecuted, ScoresOpened, RiskSigned, NoticeDecided, MatterSettled:
		return AuditDecision
	case PeopleChanged, Replaced, AwaySet, ContactChanged:
		return AuditPeople
	case PlaybookUsed:
		return AuditPlaybook
	case KeyMade:
		return AuditKey
	case AccessChanged, Bound, Unbound:
		return AuditAccess
	case Erased, Sealed:
		return AuditRecord
	}
	return ""
}

// Blinded is the row without what somebody gave and wrote of whose points nobody may
// see yet; that they answered stays.
func (row AuditRow) Blinded() AuditRow {
	row.Result, _, _ = strings.Cut(row.Result, " ")
	row.Result += " (blind still)"
	row.Inside, row.Vendor = "", ""
	return row
}

func (row *AuditRow) detail(d *Detail) {
	if d == nil {
		return
	}
	row.Result, row.Step, row.Digest = d.Result, d.Step, d.Digest
	if row.Digest == "" {
		row.Digest = d.Document
	}
	switch {
	case d.Channel != "": // Result says how an address became somebody's
		row.Person = d.Person
	case d.Person != "":
		row.Person, row.Result = d.Person, d.By
	case d.Field != "":
		row.Result = d.Field
	case row.What == string(OwnerChanged):
		row.Person = d.Owner
	}
	if row.Case == "" {
		row.Case = d.Parent
	}
}

// fact is the row of a fact of a request: what people decided, and what the
// owner did to it.
func (row AuditRow) fact(f *review.Fact) (AuditRow, bool) {
	if f == nil {
		return row, false
	}
	row.What, row.Request, row.Seat, row.Person, row.Result = string(f.Kind), f.Request, f.Seat, f.Person, string(f.State)
	_, step, _ := strings.Cut(f.Request, ":")
	if i := strings.LastIndexByte(step, '.'); i >= 0 {
		row.Step = step[:i]
	}
	switch f.Kind {
	case review.FactCounted:
		row.Sort = AuditDecision
		if f.Ballot != nil {
			row.Result = string(f.Ballot.Verdict)
			for _, s := range f.Ballot.Scores {
				row.Result += " " + s.Criterion + "=" + strconv.Itoa(s.Points)
			}
		}
	case review.FactTakenBack, review.FactRecused, review.FactClosed:
		row.Sort = AuditDecision
		if f.Why != "" {
			row.Result = f.Why
		}
	case review.FactWaived:
		row.Sort = AuditWaiver
	case review.FactDue, review.FactAdded, review.FactOpened:
		if f.Answer != "" { // somebody's act, not the clock's or the playbook's
			row.Sort = AuditOverride
			row.Result = f.Why
		}
	}
	return row, row.Sort != ""
}
