package dossier

import "strings"

// Words say in a few words what an entry of a kind is, for a list in which the rest of
// the line says of what. Kinds of a later release are their own word, without its
// hyphens.
func (k Kind) Words() string {
	switch k {
	case StageReached:
		return "stage reached"
	case TierSet:
		return "tier set"
	case DocumentFiled:
		return "document filed"
	case Attempt:
		return "did not count"
	case Jumped:
		return "rehearsal's clock moved"
	case HistoryFiled:
		return "engine's history filed"
	case PeopleChanged:
		return "people file changed"
	case PlaybookUsed:
		return "runs with the playbook"
	case KeyMade:
		return "key made"
	case Held:
		return "put on hold"
	case Corrected:
		return "intake corrected"
	case DPANeed:
		return "data processing agreement"
	case Examined:
		return "delivery looked at"
	case DPAInForce:
		return "data processing agreement in force"
	case PilotFrozen:
		return "pilot began, criteria frozen"
	case ScoresOpened:
		return "scores opened"
	case PilotStopped:
		return "pilot stopped early"
	case AccessChanged:
		return "way in changed"
	case AwaySet:
		return "away"
	case Bound:
		return "account linked"
	case Unbound:
		return "account unlinked"
	case MailFiled:
		return "mail came"
	case Evidence:
		return "due diligence"
	case RiskSigned:
		return "risk record signed"
	case AccessStands:
		return "accesses to code"
	case HandedOver:
		return "handed over to"
	case ClausesFound:
		return "clauses looked for"
	case ClauseWaived:
		return "clause waived"
	case CopyExecuted:
		return "signed copy compared"
	case MatterSettled:
		return "matter of the exit"
	case SessionSet:
		return "session of the knowledge transfer"
	case ContactChanged:
		return "contact of the vendor"
	case Lapsed:
		return "ran out"
	case NoticePassed:
		return "last day for notice passed"
	case Escalated:
		return "called after silence"
	case NoticeDecided:
		return "end of the contract decided"
	case Reported:
		return "came to its end"
	case MeetingsSet:
		return "regular meetings"
	case WatchEnded:
		return "watched no longer"
	}
	if words := k.exitWords(); words != "" {
		return words
	}
	return strings.ReplaceAll(string(k), "-", " ")
}
