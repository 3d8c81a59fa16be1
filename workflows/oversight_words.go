package workflows

import (
	"time"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// matter is what people are asked about something that runs out, in gangway's own
// words: no playbook writes these steps.
type matter struct {
	step     string
	kind     review.Kind
	title    string
	ask      string
	role     string // empty: the case's owner
	options  []review.Verdict
	reasoned []review.Verdict
	points   []engagement.Point // a form
	expects  []engagement.Point // what a delivery is to hold
}

// Points of the forms.
const (
	pointUntil   = "until"
	pointNotice  = "notice-days"
	pointRenews  = "renews"
	pointFile    = "document"
	pointFound   = "found"
	pointChanged = "changed"
)

func untilPoint(ask string, optional bool) engagement.Point {
	return engagement.Point{ID: pointUntil, Title: "Until when", Ask: ask, Kind: engagement.PointDate, Expires: true, Optional: optional}
}

func filePoint(ask string) engagement.Point {
	return engagement.Point{ID: pointFile, Title: "The document", Ask: ask, Kind: engagement.PointFile, Optional: true}
}

// termsPoints are what the client has to know of a contract that goes on.
func termsPoints() []engagement.Point {
	return []engagement.Point{
		untilPoint("The date on which the contract ends.", false),
		{ID: pointNotice, Title: "Notice, in days", Ask: "How many days before its end notice must have arrived.", Kind: engagement.PointNumber, Optional: true},
		{ID: pointRenews, Title: "Does it renew by itself?", Ask: "Without notice, does it go on?", Kind: engagement.PointYesNo, Optional: true},
		{ID: engagement.PointRenewsFor, Title: "For how many months it then goes on", Kind: engagement.PointNumber, Optional: true},
		{ID: engagement.PointPriceRise, Title: "How far the price may rise", Ask: "In per cent a year; nought where it may not.", Kind: engagement.PointNumber, Optional: true},
		filePoint("What was agreed, as it was signed."),
	}
}

// thing is what a kind of expiry is called in a sentence.
func thing(e engagement.Expiry) string {
	switch e.Kind {
	case engagement.ExpiryCertificate:
		return "certificate"
	case engagement.ExpiryInsurance:
		return "insurance"
	case engagement.ExpiryStaffCheck:
		return "check of the vendor's staff"
	case engagement.ExpiryDPA:
		return "data processing agreement"
	case engagement.ExpiryAccess:
		return "access"
	case engagement.ExpiryWaiver:
		return "waiver"
	case engagement.ExpiryDeclaration:
		return "declaration of interests"
	case engagement.ExpiryContract:
		return "contract"
	case engagement.ExpiryExitPlan:
		return "exit plan"
	case engagement.ExpiryReview:
		return "review of the vendor"
	case engagement.ExpiryCopy:
		return "copy"
	default:
		return "evidence"
	}
}

// called is a title with the machine's word for the thing behind it, where that says
// more.
func called(title string, e engagement.Expiry) string {
	if e.Name == "" || e.Name == string(e.Kind) {
		return title
	}
	return title + ": " + e.Name
}

// vendorMatter asks the vendor for the next one.
func vendorMatter(e engagement.Expiry) matter {
	if e.Kind == engagement.ExpiryDeclaration {
		return matter{step: string(e.Kind), kind: review.Delivery, role: review.VendorRole, title: "What else do you do, and for whom?",
			ask:     "You told us a year ago. Please say again whether you also advise on what we buy or resell it, who pays you for that, and whether anybody of ours has an interest in you.",
			expects: []engagement.Point{{ID: string(e.Kind), Title: "Your interests, as they are today", Ask: "A signed letter is enough, also where nothing has changed."}}}
	}
	return matter{step: string(e.Kind), kind: review.Delivery, role: review.VendorRole,
		title:   called("The next "+thing(e), e),
		ask:     "What we have of you runs out. Please send the one that comes after it, before its end.",
		expects: []engagement.Point{{ID: string(e.Kind), Title: called("The next "+thing(e), e), Ask: "The whole document, with the dates from and until which it holds."}}}
}

// ownerMatter is what the owner is asked about something, by where it stands.
func ownerMatter(e engagement.Expiry, at stage) matter {
	name := string(e.Kind)
	switch at {
	case stageAccept:
		role := ""
		if e.Kind == engagement.ExpiryDeclaration { // read by somebody who did not choose the vendor
			role = e.Role
		}
		return matter{step: name + "-accept", role: role, title: called("The next "+thing(e)+": will it do?", e),
			ask:     "Read what was delivered and say whether it is enough, and until when it holds. Without a date it is looked at again in a year.",
			options: []review.Verdict{playbook.TakeIt, playbook.AskVendor, playbook.Drop}, reasoned: []review.Verdict{playbook.AskVendor, playbook.Drop},
			points: []engagement.Point{untilPoint("The date on which it stops being good.", true)}}
	case stageFailed:
		return matter{step: name + "-failed", title: called("There is no new "+thing(e), e),
			ask:     "The process that was to bring it ended without. Begin it again, say until when it is done without and why, or that nobody needs it.",
			options: []review.Verdict{playbook.Collect, playbook.Extend, playbook.Drop}, reasoned: []review.Verdict{playbook.Extend, playbook.Drop},
			points: []engagement.Point{untilPoint("Where it is done without: until when.", true)}}
	case stageSilent:
		return matter{step: name + "-silent", title: called("No word of the new "+thing(e), e),
			ask:     "The process that was to bring it was begun months ago and has reported nothing. Look whether somebody is stuck in it. If it will bring nothing, begin it again, say until when it is done without and why, or that nobody needs it. When it reports after all this question closes by itself.",
			options: []review.Verdict{playbook.Collect, playbook.Extend, playbook.Drop}, reasoned: []review.Verdict{playbook.Extend, playbook.Drop},
			points: []engagement.Point{untilPoint("Where it is done without: until when.", true)}}
	case stageLapsed:
		m := matter{step: name + "-lapsed", title: called("It has run out: "+thing(e), e),
			ask:     "Nothing has taken its place. Say until when it is done without and why, or that nobody needs it.",
			options: []review.Verdict{playbook.Extend, playbook.Drop}, points: []engagement.Point{untilPoint("Where it is done without: until when.", true)}}
		if e.Kind != engagement.ExpiryDPA {
			m.ask = "Nothing has taken its place. Ask the vendor again, say until when it is done without and why, or that nobody needs it."
			m.options = append([]review.Verdict{playbook.AskVendor}, m.options...)
		}
		m.reasoned = m.options
		return m
	}
	return ownMatter(e)
}

// ownMatter is what the client's own people are asked when something is brought up.
func ownMatter(e engagement.Expiry) matter {
	name := string(e.Kind)
	switch e.Kind {
	case engagement.ExpiryDPA:
		return matter{step: name + "-again", title: called("Look at the data processing agreement again", e),
			ask:     "Its day has come. Collect a new one, say when it is looked at next, or that none is needed any more.",
			options: []review.Verdict{playbook.Extend, playbook.Collect, playbook.Drop}, reasoned: []review.Verdict{playbook.Drop},
			points: []engagement.Point{untilPoint("When it is looked at again.", true)}}
	case engagement.ExpiryAccess:
		return matter{step: name, role: e.Role, title: called("Access ends: renew or remove?", e),
			ask:     "Unless it is renewed it is removed on its last day. Who renews it says until when and why.",
			options: []review.Verdict{playbook.Extend, playbook.Remove}, reasoned: []review.Verdict{playbook.Extend},
			points: []engagement.Point{untilPoint("Where it is renewed: until when.", true)}}
	case engagement.ExpiryWaiver:
		return matter{step: name, title: called("A waiver runs out", e),
			ask:     "What was waived has to be there now, or is waived anew with a reason and a new end.",
			options: []review.Verdict{playbook.Extend, playbook.Drop}, reasoned: []review.Verdict{playbook.Extend, playbook.Drop},
			points: []engagement.Point{untilPoint("Where it is waived anew: until when.", true)}}
	case engagement.ExpiryDeclaration:
		return matter{step: name, role: review.NamedPrefix + e.Person, title: "Have you an interest of your own in this vendor?",
			ask: "It was asked a year ago. Say that there is none, or declare the conflict: then somebody else takes your seats."}
	case engagement.ExpiryExitPlan:
		return matter{step: name, title: called("Look at the exit plan again", e),
			ask: "Go through it, try what can be tried, and write down what you found.",
			points: []engagement.Point{{ID: pointFound, Title: "What was looked at and tried, and what came of it", Kind: engagement.PointText},
				untilPoint("When it is looked at next; without a date in a year.", true), filePoint("The plan, where it was written anew.")}}
	case engagement.ExpiryReview:
		return matter{step: name, title: "Look at the vendor again",
			ask: "Is it still the vendor that was taken on: service, prices, people, data, risks?",
			points: []engagement.Point{{ID: pointFound, Title: "What you found", Kind: engagement.PointText},
				{ID: pointChanged, Title: "Has anything changed that the intake says?", Kind: engagement.PointYesNo}}}
	case engagement.ExpiryGap:
		return gapMatter(e)
	default:
		return matter{step: name, title: called("It runs out: "+thing(e), e), ask: "Say until when it holds.", options: []review.Verdict{playbook.Extend, playbook.Drop},
			reasoned: []review.Verdict{playbook.Drop}, points: []engagement.Point{untilPoint("Until when.", true)}}
	}
}

// What an adopted vendor can lack.
const (
	GapContract = "contract"
	GapNotice   = "notice"
	GapDPA      = "dpa"
	GapExitPlan = "exit-plan"
	GapContacts = "contacts"
)

// gapMatter asks for something that a vendor who already works lacks.
func gapMatter(e engagement.Expiry) matter {
	m := matter{step: string(e.Kind) + "-" + e.Name, options: []review.Verdict{review.Done, playbook.Drop}, reasoned: []review.Verdict{playbook.Drop}}
	switch e.Name {
	case GapContract:
		m.title, m.ask, m.points = "No contract is known", "File the contract that is in force, or say why there is none.", termsPoints()
		m.points[0].Optional = true
	case GapNotice:
		m.title, m.ask = "No notice period is known", "Look it up in the contract: how many days before the end must notice have arrived?"
		m.points = termsPoints()[1:4]
	case GapDPA:
		m.title = "No data processing agreement is known"
		m.ask = "Collect one from the vendor, file the one that is in force, or say why none is needed."
		m.options = []review.Verdict{playbook.Collect, review.Done, playbook.Drop}
		m.points = []engagement.Point{untilPoint("Where one is in force: until when.", true), filePoint("The agreement that is in force.")}
	case GapExitPlan:
		m.title, m.ask = "There is no exit plan", "Write down how you would leave, file it, and say when it is looked at again."
		m.points = []engagement.Point{filePoint("The plan."), untilPoint("When it is looked at again; without a date in a year.", true)}
	case GapContacts:
		m.title, m.ask = "No contact of the vendor is known", "Name at least one of the vendor's people on the case's page, with a deputy."
	default:
		m.title, m.ask = called("Something is lacking", e), "Say that it is there, or why it is not needed."
	}
	return m
}

// noticeMatter asks at a time what becomes of a contract that comes to its end, and says
// what renewing it means.
func noticeMatter(e engagement.Expiry, at time.Time) matter {
	return matter{step: "notice", title: "The contract comes to its end: renew, renegotiate or leave?",
		ask:     "It is asked in time for notice. Nothing is decided by waiting: a contract that renews by itself would bind us again without anybody having said so." + renewingMeans(e, at),
		options: []review.Verdict{playbook.Renew, playbook.Renegotiate, playbook.Leave}, reasoned: []review.Verdict{playbook.Renew, playbook.Renegotiate, playbook.Leave}}
}

// termsMatter asks for what was agreed.
func termsMatter() matter {
	return matter{step: "terms", title: "File the terms on which the contract goes on",
		ask: "From them the next notice deadline is made.", points: termsPoints()}
}

// leaveMatter asks for the notice that was decided.
func leaveMatter() matter {
	return matter{step: "give-notice", kind: review.Delivery, title: "Give notice",
		ask:     "It was decided to leave. Give notice in the form that the contract wants, and file what shows that it arrived.",
		expects: []engagement.Point{{ID: "notice", Title: "What shows that notice arrived", Ask: "The letter with its receipt, or the vendor's confirmation."}}}
}

// removeMatter asks a person to end an access.
func removeMatter(e engagement.Expiry) matter {
	return matter{step: "access-remove", title: called("Remove the access", e), ask: "Its last day has come and nobody renewed it. Remove it where it was given, look that it is gone, and say so."}
}

// eraseMatter asks a person to erase a copy.
func eraseMatter(e engagement.Expiry) matter {
	return matter{step: "copy-erase", title: called("Erase the copy", e), ask: "The day has come until which the copy may be kept. Erase it, also where it was sent on, and say so."}
}
