package slack

import "gangway/internal/dossier"

// newsKinds are the kinds of entries of a case that have a line of their own below its
// board. What people answer and do about requests has one by the request (eventsOf).
func newsKinds() []dossier.Kind {
	return []dossier.Kind{
		dossier.DPANeed, dossier.DPAInForce,
		dossier.PilotFrozen, dossier.Milestone, dossier.ScoresOpened, dossier.PilotStopped,
		dossier.Evidence, dossier.RiskSigned,
		dossier.ClausesFound, dossier.ClauseWaived, dossier.CopyExecuted,
		dossier.AccessStands, dossier.MeetingsSet, dossier.HandedOver,
		dossier.Lapsed, dossier.NoticePassed, dossier.Escalated, dossier.NoticeDecided, dossier.Begun, dossier.Reported,
		dossier.NoticeGiven, dossier.GateReached, dossier.WayBack, dossier.NoReturn, dossier.FoundLater, dossier.Certified,
	}
}

// silence says why entries of a kind have no line; empty: they have one, or nobody
// decided, which a test tells.
func silence(k dossier.Kind) string {
	switch k {
	case dossier.Request:
		return "its facts are told by the request"
	case dossier.CaseOpened, dossier.StageReached, dossier.TierSet, dossier.OwnerChanged:
		return "the board above shows it as it stands"
	case dossier.CaseClosed, dossier.Withdrawn:
		return "the case's last line says how it ended"
	case dossier.Held, dossier.Resumed:
		return "it has a line by the case's head, once for all of its processes"
	case dossier.ProcessStarted, dossier.ProcessEnded:
		return "what it asks, and what settles it, has lines; a start and an end add nothing that people did"
	case dossier.Reopened:
		return "each request that it closes says so"
	case dossier.DocumentFiled:
		return "a new version is told by its request; other papers are for those who read them"
	case dossier.SentToVendor:
		return "what goes to the vendor is between them and the owner"
	case dossier.Corrected:
		return "facts of an intake are not for everybody in the channel; what it changes shows on the board"
	case dossier.Examined:
		return "whoever accepts a delivery sees it there"
	case dossier.Attempt:
		return "what was tried in vain is an auditor's business, and often about one person"
	case dossier.Noted:
		return "it is about one person: who is away, or can't be reached"
	case dossier.MailFiled:
		return "what a mail brought is told by what it did; that it came is not for the channel"
	case dossier.SessionSet:
		return "whoever is invited has it in their calendar, and what came of it is told by its request"
	case dossier.MatterSettled:
		return "an exit has dozens; what is asked about each has lines, and the certificate has them all"
	case dossier.ExitOrdered, dossier.NoticeDue, dossier.NotRatified, dossier.GivenUp, dossier.ExitStopped:
		return "who has to act on it is asked or told by name; a vendor's end is not for everybody in the channel"
	case dossier.PlanRead, dossier.Compressed, dossier.PartEnded, dossier.Rehearsed, dossier.Withheld:
		return "the legs of the exit show on the board, and what comes of a part is asked of somebody or stands in the certificate"
	case dossier.Watched, dossier.WatchEnded:
		return "a vendor that goes live brings dozens; the page lists them, and what comes of each has lines"
	case dossier.Jumped, dossier.HistoryFiled, dossier.PlaybookUsed, dossier.KeyMade, dossier.Sealed, dossier.Erased:
		return "it is the record's own, and moves nothing in the case"
	case dossier.PeopleChanged, dossier.Replaced, dossier.AccessChanged, dossier.AwaySet, dossier.Bound, dossier.Unbound, dossier.ContactChanged:
		return "it stands in the register, and no case has a line of it"
	}
	return ""
}
