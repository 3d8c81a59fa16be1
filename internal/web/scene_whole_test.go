package web

import (
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	theDiligence   = "diligence/northwind/1"
	theOversight   = "oversight/northwind/1"
	competitionID  = theCase + ":competition.1"
	waiverID       = theDiligence + ":waiver-insurance.1"
	clausesChoreID = theContract + ":missing-clauses.1"
	riskID         = theDiligence + ":risk-record.1"
	goID           = "pilot/northwind/1:go.1"
)

// asked adds a request to a case of the scene.
func asked(c *dossier.CaseView, id, process, step, title string, kind review.Kind, due time.Time, seats ...review.Seat) *review.Request {
	r := review.Request{ID: id, Case: c.ID, Process: process, Step: step, Kind: kind, Title: title, Ask: "As the playbook has it.", Owner: "ola", Requester: "ria", Vendor: "northwind", Opened: day(17),
		Clocks: []review.Clock{{Opened: day(17), Due: due}}, Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: seats}}}}
	for _, s := range seats {
		held := review.Seating{Seat: s.ID}
		switch s.Role {
		case review.OwnerRole:
			held.Holders = []review.Holder{{Person: "ola", Via: review.ViaOwner, Since: day(17)}}
		case review.VendorRole:
			held.Holders = []review.Holder{{Person: "northwind.1", Via: review.ViaRole, Since: day(17)}}
		case review.OutsideRole:
		default:
			held.Holders = []review.Holder{{Person: s.Role, Via: review.ViaRole, Since: day(17)}}
		}
		r.Seatings = append(r.Seatings, held)
	}
	c.Requests = append(c.Requests, r)
	return &c.Requests[len(c.Requests)-1]
}

// answered closes a request with the answers of all its seats.
func answered(r *review.Request, v review.Verdict, at time.Time) {
	for _, s := range r.Seatings {
		r.Ballots = append(r.Ballots, review.Ballot{Answer: "a-" + r.ID + s.Seat, Seat: s.Seat, Person: s.Holders[0].Person, Verdict: v, At: at})
	}
	state := review.Met
	if !review.Positive(v) {
		state = review.Denied
	}
	r.Closed = &review.Closing{State: state, At: at, Why: "decided"}
}

// chore asks the owner what gangway asks between a playbook's steps.
func (d *recorder) chore(id, process, name string) *review.Request {
	c := d.cases[0]
	chore := playbook.NewChore(name, playbook.Process("onboarding"), playbook.Deadlines{})
	r := asked(c, id, process, chore.Step.ID, chore.Step.Title, chore.Step.Kind, day(28), review.Seat{ID: playbook.OwnerSeat, Role: review.OwnerRole})
	r.Ask, r.Options, r.Reasoned, r.Points, r.Requester = chore.Step.Ask, chore.Options, chore.Reasoned, chore.Step.Points, ""
	r.Sheet = len(r.Points) > 0
	return r
}

// riskLines is a risk record for three risks, as playbooks have them.
func riskLines() []engagement.Point {
	var points []engagement.Point
	for _, n := range []string{"1", "2", "3"} {
		optional := n != "1"
		points = append(points,
			engagement.Point{ID: "risk-" + n, Title: "Risk " + n, Ask: "What could happen, in one or two sentences.", Kind: engagement.PointText, Optional: optional},
			engagement.Point{ID: "likelihood-" + n, Title: "How likely is risk " + n + "?", Kind: engagement.PointChoice, Options: []string{"rare", "possible", "likely"}, Optional: optional},
			engagement.Point{ID: "effect-" + n, Title: "How bad would risk " + n + " be?", Kind: engagement.PointChoice, Options: []string{"small", "serious", "critical"}, Optional: optional},
			engagement.Point{ID: "treatment-" + n, Title: "What is done about risk " + n, Kind: engagement.PointText, Optional: optional},
			engagement.Point{ID: "owner-" + n, Title: "Who owns risk " + n, Kind: engagement.PointPerson, Optional: optional})
	}
	return points
}

// whole makes the case a whole onboarding: the choice of competition, a due diligence
// with items in every state, the clauses that are missing, somebody of neither side, a
// go after a pilot, and an oversight that watches what was agreed.
func (d *recorder) whole() {
	c := d.cases[0]
	d.chore(competitionID, theCase, playbook.ChoreCompetition)
	c.Processes = append(c.Processes, dossier.ProcessView{ID: theDiligence, Parent: theCase, Started: day(10)})
	vendor := review.Seat{ID: "vendor", Role: review.VendorRole}
	item := func(step, title string, due time.Time) *review.Request {
		return asked(c, theDiligence+":"+step+".1", theDiligence, step, title, review.Delivery, due, vendor)
	}
	judged := func(step, title string) *review.Request {
		return asked(c, theDiligence+":"+step+acceptEnding+".1", theDiligence, step+acceptEnding, title+": will it do?", review.Decision, day(28), review.Seat{ID: "security", Role: "sami"})
	}
	evidence := func(step, result string, ends time.Time) {
		d.line(theCase, dossier.Entry{Case: theCase, Process: theDiligence, Kind: dossier.Evidence, At: day(19), CaseAt: day(19), Actor: "ola", Detail: &dossier.Detail{Step: step, Result: result, Ends: ends}}, review.Text{})
	}
	answered(item("company", "The company and its money", day(18)), review.Delivered, day(15))
	answered(judged("company", "The company and its money"), review.Approve, day(16))
	evidence("company", playbook.EvidenceAccepted, time.Time{})
	answered(item("certificates", "Certificates", day(18)), review.Delivered, day(15))
	answered(judged("certificates", "Certificates"), review.Approve, day(16))
	evidence("certificates", playbook.EvidenceAccepted, time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC))
	answered(item("similar-work", "Similar work", day(18)), review.Delivered, day(15))
	evidence("similar-work", playbook.EvidenceWaived, time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC))
	answered(item("staff", "Who works for us, and what they can", day(18)), review.Delivered, day(18))
	judged("staff", "Who works for us, and what they can")
	item("insurance", "Insurance", day(18))
	item("sub-processors", "Sub-processors with their countries", day(29))
	waiver := d.chore(waiverID, theDiligence, playbook.ChoreWaiver)
	waiver.Step, waiver.Title = playbook.ChoreWaiver+"-insurance", "Insurance: until when is it waived?"
	risk := asked(c, riskID, theDiligence, "risk-record", "The risk record", review.Task, day(28), review.Seat{ID: "service-owner", Role: "ola"})
	risk.Points, risk.Sheet, risk.Requester = riskLines(), true, ""
	clauses := d.chore(clausesChoreID, theContract, playbook.ChoreClauses)
	clauses.Points = []engagement.Point{{ID: "commercial-exit-help", Title: "Help at the exit", Ask: "For how long, and at what price.", Source: "Commercial pack", Dated: true},
		{ID: "gdpr-28-audit", Title: "Right to audit", Source: "GDPR 28 (3) h", Dated: true}}
	clauses.Sheet = false
	verdict := asked(c, goID, "pilot/northwind/1", "go", "Go, or no go?", review.Decision, day(28), review.Seat{ID: "service-owner", Role: "ola"}, review.Seat{ID: "legal", Role: "lena"})
	verdict.Reasoned, verdict.Requester = []review.Verdict{review.Approve}, ""
	r := d.request(reviewID)
	r.Policy.Groups[0].Seats = append(r.Policy.Groups[0].Seats, review.Seat{ID: "outside-counsel", Role: review.OutsideRole})
	r.Seatings = append(r.Seatings, review.Seating{Seat: "outside-counsel"})
	d.watching()
}

// watching adds the case that watches the vendor: what ran out, what is owed, what
// comes up, a contract whose notice is near, and what is watched no longer.
func (d *recorder) watching() {
	on := func(y int, m time.Month, n int) time.Time { return time.Date(y, m, n, 0, 0, 0, 0, time.UTC) }
	watched := func(kind engagement.ExpiryKind, name string, on time.Time) dossier.WatchView {
		return dossier.WatchView{Expiry: engagement.Expiry{ID: theOversight + ":" + name, Kind: kind, Name: name, On: on}, Since: day(1)}
	}
	c := &dossier.CaseView{ID: theOversight, Vendor: "northwind", Owner: "ola", Sponsor: "ria", State: dossier.Running, Tier: 1, Opened: day(1), Last: day(19), Predecessor: theCase,
		Processes: []dossier.ProcessView{{ID: theOversight, Started: day(1)}}}
	contract := watched(engagement.ExpiryContract, "contract", on(2027, 2, 28))
	contract.NoticeDays, contract.LeadDays, contract.Renews, contract.RenewMonths = 60, 20, true, 12
	cover := watched(engagement.ExpiryInsurance, "insurance", on(2026, 11, 10))
	cover.Lapsed, cover.Begun = true, "diligence/northwind/2"
	gap := watched(engagement.ExpiryGap, "exit-plan", time.Time{})
	gap.Unreviewed = true
	iso := watched(engagement.ExpiryCertificate, "iso-27001", on(2026, 12, 5))
	iso.Unreviewed = true
	agreement := watched(engagement.ExpiryDPA, "ends", on(2028, 5, 31))
	person := watched(engagement.ExpiryAccess, "access-1", on(2027, 1, 31))
	person.Person = "sami"
	old := watched(engagement.ExpiryWaiver, "similar-work", on(2026, 10, 31))
	old.Ended = "no-longer-needed"
	c.Watched = []dossier.WatchView{agreement, iso, contract, cover, gap, person, old}
	lapsed := asked(c, theOversight+":insurance-lapsed.1", theOversight, "insurance-lapsed", "It has run out: the insurance", review.Task, day(24), review.Seat{ID: playbook.OwnerSeat, Role: review.OwnerRole})
	lapsed.Options, lapsed.Watched = []review.Verdict{playbook.AskAgain, playbook.Waive}, cover.ID
	d.cases = append(d.cases, c)
	d.line(theOversight, dossier.Entry{Case: theOversight, Process: theOversight, Kind: dossier.CaseOpened, At: day(1), CaseAt: day(1), Actor: "ria", Detail: &dossier.Detail{Owner: "ola", Requester: "ria", Predecessor: theCase}}, review.Text{})
	for i := range c.Watched {
		d.line(theOversight, dossier.Entry{Case: theOversight, Process: theOversight, Kind: dossier.Watched, At: day(1), CaseAt: day(1), Detail: &dossier.Detail{Expiry: &c.Watched[i].Expiry}}, review.Text{})
	}
	d.line(theCase, dossier.Entry{Case: theCase, Process: theCase, Kind: dossier.HandedOver, At: day(19), CaseAt: day(19), Detail: &dossier.Detail{Result: "oversight", Parent: theOversight}}, review.Text{})
}
