package slack

import (
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// news is an entry of a case's record as a line below its board; without text where it
// says nothing that people in the channel could use. Nothing in it is somebody's words,
// a vendor's person or a name in another system, and marks come only after all of them
// were opened: it says no more than the cards of those who were asked.
func (s scene) news(e dossier.Entry) message {
	if silence(e.Kind) != "" || e.Detail == nil {
		return message{}
	}
	words := s.newsOfPilot(e) + s.newsOfChecks(e) + s.newsOfContract(e) + s.newsOfAccess(e) + s.newsOfOversight(e) + newsOfExit(e)
	if words == "" {
		return message{}
	}
	return s.remark(words + ", " + s.when(e.CaseAt) + ".")
}

// about is a step, or another machine's word, within a sentence.
func about(id string) string { return "“" + literal(human(id), 60) + "”" }

// until is the day to which something holds, with the word before it; empty: for good.
func until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " until " + t.UTC().Format("2 January 2006")
}

func (s scene) newsOfPilot(e dossier.Entry) string {
	d := e.Detail
	switch e.Kind {
	case dossier.PilotFrozen:
		how := "criteria and their weights were"
		if len(d.Criteria) == 1 {
			how = "criterion was"
		}
		return "🧪 The pilot begins. What it is judged by is fixed: " + itoa(len(d.Criteria)) + " " + how + " frozen, and " + itoa(d.Threshold) + " of 100 are needed"
	case dossier.Milestone:
		what := "The milestone " + about(d.Step)
		switch d.Result {
		case dossier.MilestoneDelivered:
			return "📦 " + what + " was delivered, " + dossier.Lateness(d.Late)
		case dossier.MilestoneOverdue:
			return "⏰ " + what + " was due, and is not there"
		case dossier.MilestoneMissing:
			return "❌ " + what + " was never delivered"
		}
	case dossier.ScoresOpened:
		return "📊 All have scored, and all points were opened at once: " + itoa(d.Score) + " of 100, where " + itoa(d.Threshold) + " are needed"
	case dossier.PilotStopped:
		if d.Step != "" || e.Actor == "" {
			return "🛑 The pilot was stopped by its halfway decision"
		}
		return "🛑 " + s.name(e.Actor) + " stopped the pilot early"
	}
	return ""
}

// newsOfExit tells how far leaving the vendor has come.
func newsOfExit(e dossier.Entry) string {
	switch e.Kind {
	case dossier.NoticeGiven, dossier.GateReached, dossier.WayBack, dossier.NoReturn, dossier.FoundLater, dossier.Certified:
		return "🚪 " + literal(dossier.ExitWords(e.Kind, e.Detail), 300)
	}
	return ""
}

func (s scene) newsOfChecks(e dossier.Entry) string {
	d := e.Detail
	switch e.Kind {
	case dossier.Evidence:
		switch d.Result {
		case playbook.EvidenceAccepted:
			return "☑️ What was delivered for " + about(d.Step) + " was accepted" + strings.Replace(until(d.Ends), " until", "; it is good until", 1)
		case playbook.EvidenceWaived:
			return "↪️ " + about(d.Step) + " was waived" + until(d.Ends)
		case playbook.EvidenceRanOut:
			return "⌛ What stood for " + about(d.Step) + " ran out, and is asked for again"
		case playbook.EvidenceNotNeeded:
			return "➖ " + about(d.Step) + " is not needed any more of a vendor such as this one"
		}
	case dossier.RiskSigned:
		return "🖋️ The risk record was signed"
	}
	return ""
}

func (s scene) newsOfContract(e dossier.Entry) string {
	d := e.Detail
	switch e.Kind {
	case dossier.DPANeed:
		if d.Result == playbook.NotNeeded {
			return "📜 No agreement on data processing is needed"
		}
		return "📜 An agreement on data processing is needed"
	case dossier.DPAInForce:
		return "📜 The agreement on data processing is in force" + until(d.Ends)
	case dossier.ClausesFound:
		in := "Of the clauses " + about(d.Step) + ", version " + itoa(d.Version)
		switch n := itoa(len(d.Points)); d.Result {
		case "found":
			return "🔎 " + in + " has " + n + " that were looked for"
		case "missing":
			return "🔎 " + in + " lacks " + n + "; the case owner says what follows"
		case "wanted":
			return "🔎 " + in + " lacks " + n + " that the vendor is asked for"
		case "touched":
			return "🔎 " + in + " has other words for " + n + ", which are looked for again"
		} // what was carried over is as it was
	case dossier.ClauseWaived:
		return "↪️ The contract may do without " + count(len(d.Points), "clause") + " of " + about(d.Step) + until(d.Ends)
	case dossier.CopyExecuted:
		switch d.Result {
		case "same":
			return "🖋️ The signed copy says what was approved, clause by clause"
		case "accepted":
			return "🖋️ The signed copy is not what was approved, or could not be compared; it was taken with a reason"
		case "sent-back":
			return "🖋️ The signed copy is not what was approved, or could not be compared; it was sent back"
		}
	}
	return ""
}

// newsOfAccess names nobody who has access, and no repository: that is for those who
// approve it.
func (s scene) newsOfAccess(e dossier.Entry) string {
	d := e.Detail
	switch e.Kind {
	case dossier.AccessStands:
		how := map[string]string{"given": "was given", "not-given": "could not all be given, or seen", "away": "could not be given: the other system was away",
			"form": "could not be given as its form stood", "removed": "was taken away, and is looked at again", "gone": "was looked at, and is gone",
			"found": "is there still: somebody has to remove it", "unreachable": "could not be taken away or looked at; it is tried again",
			"by-hand": "has to be removed by hand", "accepted": "was taken up: the invitation was accepted",
			"not-accepted": "is nobody's yet: the invitation was not accepted", "invitation-gone": "is nobody's: the invitation ran out or was declined",
			"not-seen": "could not be looked at, so that nobody knows whether the invitation was accepted", "invited": "was offered once more",
			"not-invited": "could not be offered again"}[d.Result]
		if how == "" {
			return ""
		}
		return "🔑 Access to code (" + lower(d.Name) + ") " + how
	case dossier.MeetingsSet:
		invited := itoa(len(d.Values)) + " people are invited"
		if len(d.Values) == 1 {
			invited = "1 person is invited"
		}
		switch d.Result {
		case "invited":
			return "📅 The regular meetings were set; " + invited
		case "changed":
			return "📅 The regular meetings have changed; " + invited
		case "cancelled":
			return "📅 The regular meetings were cancelled"
		case "none":
			return "📅 The regular meetings could not be put into anybody's calendar"
		}
	case dossier.HandedOver:
		return "👁️ " + dossier.HandedOverWords(d) + " case " + literal(d.Parent, 100)
	}
	return ""
}

func (s scene) newsOfOversight(e dossier.Entry) string {
	d := e.Detail
	if e.Kind == dossier.Reported {
		return "🏁 " + literal(d.Parent, 100) + " came to its end: " + lower(d.Result)
	}
	var x engagement.Expiry
	if d.Expiry != nil {
		x = *d.Expiry
	}
	what, first := literal(x.Words(), 120), literal(capitalised(x.Words()), 120)
	switch e.Kind {
	case dossier.Lapsed:
		if d.Result == "renewed-by-itself" {
			return "⌛ " + first + " came to its end and went on by its own terms; nobody here decided that"
		}
		return "⌛ " + first + " ran out, and nothing has taken its place"
	case dossier.NoticePassed:
		return "⚠️ The last day for notice of " + what + " passed without a decision"
	case dossier.Escalated:
		if d.Person == "" {
			return "📣 Nobody has answered about " + what
		}
		return "📣 Nobody has answered about " + what + ": " + s.name(d.Person) + " is called"
	case dossier.NoticeDecided:
		return "⚖️ What becomes of " + what + " was decided: " + literal(strings.ToLower(playbook.Said(review.Verdict(d.Result))), mostOption)
	case dossier.Begun:
		return "▶️ " + literal(d.Parent, 100) + " was begun because of " + what
	}
	return ""
}
