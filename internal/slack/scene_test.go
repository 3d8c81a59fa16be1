package slack

import (
	"encoding/json"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const testTicket = "TICKET234567ABCDEFGHIJKLMN"

// at is an hour of a Monday in November, case time.
func hour(h int) time.Time { return time.Date(2026, 11, 23, h, 0, 0, 0, time.UTC) }

func staff() []playbook.Person {
	var people []playbook.Person
	for _, p := range [][3]string{{"helen", "Helen Hart", "legal"}, {"sam", "Sam Sato", "security"}, {"dora", "Dora Díaz", "legal"}, {"rita", "Rita Ruiz", "owner"}, {"max", "Max Mann", "buyer"}} {
		people = append(people, playbook.Person{ID: p[0], Name: p[1], Roles: []string{p[2]}, Mail: p[0] + "@example.org", Hours: calendar.Schedule{Zone: "Europe/London"}})
	}
	return people
}

// person is one of the staff.
func personOf(id string) playbook.Person {
	for _, p := range staff() {
		if p.ID == id {
			return p
		}
	}
	return playbook.Person{ID: id, Name: id}
}

func holder(person string) review.Holder {
	return review.Holder{Person: person, Via: review.ViaRole, Since: hour(9)}
}

// contract is a decision of two groups: legal and security, then the owner.
func contract() review.Request {
	return review.Request{ID: "contract/acme-hosting/1/review", Case: "onboarding/acme-hosting/1", Process: "contract/acme-hosting/1", Step: "review",
		Kind: review.Decision, Title: "Contract review", Ask: "Read the clauses of your seat.\nSay whether we can sign.", Document: "contract",
		Requester: "max", Owner: "rita", Vendor: "acme-hosting", Opened: hour(9),
		Policy: review.Policy{Groups: []review.Group{
			{Name: "reviewers", Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}, {ID: "security", Role: "security"}}},
			{Name: "sign-off", Rule: review.RuleAll, Seats: []review.Seat{{ID: "owner", Role: review.OwnerRole}}}}},
		Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{holder("helen")}}, {Seat: "security", Holders: []review.Holder{holder("sam")}},
			{Seat: "owner", Group: 1, Holders: []review.Holder{{Person: "rita", Via: review.ViaOwner, Since: hour(9)}}}},
		Clocks:   []review.Clock{{Opened: hour(9), Due: hour(9).AddDate(0, 0, 4)}, {}},
		Versions: []review.Version{{Number: 1, Document: "9f2c41aa00112233", At: hour(9)}}}
}

// sceneOf is the contract as somebody sees it at eleven.
func sceneOf(viewer string, change ...func(*scene)) scene {
	s := scene{Request: contract(), Case: dossier.CaseView{ID: "onboarding/acme-hosting/1", Vendor: "acme-hosting", Owner: "rita", Requester: "max", State: dossier.Running, Stage: "contract", Opened: hour(8)},
		Vendor: "Acme Hosting", People: staff(), Viewer: personOf(viewer), Now: hour(11), Ticket: testTicket, Base: "https://gangway.example.org",
		Statements: map[string]string{"read-4-9": "I have read sections 4 to 9, and nothing in them surprises me or anybody whom I asked about it."}}
	for _, c := range change {
		c(&s)
	}
	return s
}

// ballots puts answers into the request, an hour after each other.
func ballots(all ...review.Ballot) func(*scene) {
	return func(s *scene) {
		for i, b := range all {
			b.Answer, b.At = "a"+itoa(i+1), hour(10).Add(time.Duration(i)*time.Minute)
			if b.Version == 0 {
				b.Version = 1
			}
			s.Request.Ballots = append(s.Request.Ballots, b)
		}
	}
}

func vote(person, seat string, v review.Verdict, channel string) review.Ballot {
	return review.Ballot{Person: person, Seat: seat, Verdict: v, Channel: channel}
}

func closing(state review.State, why string) func(*scene) {
	return func(s *scene) { s.Request.Closed = &review.Closing{State: state, At: hour(11), Why: why} }
}

// known is a contract of whose playbook and intake all can be read.
func known(s *scene) {
	s.Case.Tier = 2
	day := func(n int) time.Time { return hour(9).AddDate(0, 0, n) }
	s.outlook = outlook{Place: 3, Of: 7, Data: []string{"personal-data", "payroll"}, Systems: []string{"hr-core"}, Clocked: true, Alarms: []playbook.Alarm{
		{At: day(4), Why: playbook.WhyDue}, {At: hour(8), Why: playbook.WhyReminder, Seat: "legal", Person: "helen"}, {At: day(2), Why: playbook.WhyReminder, Seat: "legal", Person: "helen"},
		{At: day(1), Why: playbook.WhyReminder, Seat: "security", Person: "sam"}, {At: day(3), Why: playbook.WhyBackup, Seat: "legal"}, {At: day(1), Why: playbook.WhyBackup, Seat: "security"},
		{At: day(7), Why: playbook.WhyOwner}}}
}

// version2 changes what the legal seat reads.
func version2(s *scene) {
	s.Request.Versions = append(s.Request.Versions, review.Version{Number: 2, Document: "77ab00ff99aa0011", At: hour(10).Add(30 * time.Minute), Touched: []review.Touch{{Version: 1, Seats: []string{"legal"}}}})
	s.Changed = &changed{From: 1, Comparison: engagement.Comparison{Changed: []string{"11.2", "def/service credit"}, New: []string{"14"}, Gone: []string{"12.1"}, Same: 31}}
}

func queued(verdict review.Verdict) func(*scene) {
	return func(s *scene) {
		payload, _ := json.Marshal(review.Answer{Verdict: verdict}) //nolint:errcheck // a plain struct
		s.Queued = []review.Queued{{ID: "a1", Person: s.Viewer.ID, Request: s.Request.ID, Payload: payload, At: hour(11)}}
	}
}

// plainly has a summary, lessons of exits, and a holder who is not known to be able to.
func plainly(s *scene) {
	s.Summary = "They run the *payroll* of our <people>."
	s.Taught = []string{"Lessons of the exit of *Zeta* <Ltd>: what was promised came late; only they knew how it works.", "Lessons of the exit of Beta: it cost more than was agreed."}
	s.Request.Seatings[1].Holders[0].Lacks = []string{"cloud-security"}
}

// undeclared asks for the statement on interests with the first answer.
func undeclared(s *scene) {
	s.Request.Declaration, s.Statements = "no-interest", map[string]string{"no-interest": "I have no interest of my own in this vendor."}
}

// readAll wants every section to be read.
func readAll(s *scene) {
	s.Request.ReadAll = true
	s.Request.Versions[0].Sections = []string{"1", "2", "3"}
}

func attested(s *scene) {
	s.Request.Policy.Groups[0].Seats[0].Attest = []string{"read-4-9"}
}

// cards are all states in which somebody can meet a request.
func cards() map[string]scene {
	moved := func(s *scene) { s.Request.Recused = []string{"helen"}; s.Request.Seatings[0].Holders[0].Off = true }
	seatTo := func(h review.Holder) func(*scene) {
		return func(s *scene) { s.Request.Seatings[0].Holders = append(s.Request.Seatings[0].Holders, h) }
	}
	delegated := seatTo(review.Holder{Person: "dora", Via: review.ViaDelegate, From: "helen", Since: hour(10), Until: hour(0).AddDate(0, 0, 3)})
	approve, owner := vote("helen", "legal", review.Approve, Channel), vote("rita", "owner", review.Approve, "mail")
	security := vote("sam", "security", review.Approve, "web")
	return map[string]scene{
		"form": sceneOf("helen", plainly, func(s *scene) {
			s.Request.Kind, s.Request.Sheet, s.Request.Points = review.Task, true, []engagement.Point{{ID: "when", Kind: engagement.PointText}}
		}),
		"score": sceneOf("helen", plainly, func(s *scene) {
			s.Request.Kind, s.Request.Blind, s.Request.Criteria = review.Rating, true, []engagement.Criterion{{ID: "quality", Weight: 100, Most: 5}}
		}, ballots(review.Ballot{Person: "sam", Seat: "security", Verdict: review.Scored, Scores: []review.Score{{Criterion: "quality", Points: 5}}})),
		"unread":             sceneOf("helen", plainly, undeclared, readAll),
		"pending":            sceneOf("helen"),
		"pending-known":      sceneOf("helen", known),
		"pending-attest":     sceneOf("helen", attested),
		"two-seats":          sceneOf("helen", paired),
		"pending-quorum":     sceneOf("helen", ballots(security)),
		"pending-rehearsal":  sceneOf("helen", func(s *scene) { s.Case.Rehearsal = true }),
		"pending-snoozed":    sceneOf("helen", func(s *scene) { s.Request.Seatings[0].Holders[0].Snoozed = hour(15) }),
		"backup":             sceneOf("dora", seatTo(review.Holder{Person: "dora", Via: review.ViaBackup, From: "helen", Since: hour(10)})),
		"delegate":           sceneOf("dora", delegated),
		"delegated":          sceneOf("helen", delegated),
		"delegated-answered": sceneOf("helen", delegated, ballots(vote("dora", "legal", review.Approve, "mail"))),
		"overdue":            sceneOf("helen", func(s *scene) { s.Now = hour(11).AddDate(0, 0, 7) }),
		"held":               sceneOf("helen", func(s *scene) { s.Case.Held = &dossier.Hold{Since: hour(10), By: "rita"}; s.Request.Held = hour(10) }),
		"received":           sceneOf("helen", queued(review.Approve)),
		"ahead": sceneOf("helen", func(s *scene) {
			s.Receipt = review.Outcome{Status: review.Counted, Request: s.Request.ID, Verdict: review.Reject, Seat: "legal", Version: 1}
		}),
		"answered":     sceneOf("helen", ballots(approve)),
		"wanted":       sceneOf("helen", ballots(vote("helen", "legal", review.Changes, Channel))),
		"not-yet":      sceneOf("rita"),
		"second-group": sceneOf("rita", ballots(approve, security)),
		"settled":      sceneOf("helen", func(s *scene) { s.Request.Policy.Groups[0].Rule = review.RuleAny }, ballots(security)),
		"next-version": sceneOf("helen", ballots(approve, security), version2),
		"carried":      sceneOf("sam", ballots(approve, security), version2),
		"taken-back":   sceneOf("helen", ballots(review.Ballot{Person: "helen", Seat: "legal", Verdict: review.Approve, TakenBack: true})),
		"recused":      sceneOf("helen", moved),
		"passed":       sceneOf("helen", seatTo(holder("dora")), func(s *scene) { s.Request.Seatings[0].Holders[0].Off = true }),
		"vacant":       sceneOf("sam", func(s *scene) { s.Request.Seatings[0].Holders[0].Off = true }),
		"approved":     sceneOf("helen", ballots(approve, security, owner), closing(review.Met, "decided")),
		"changes":      sceneOf("sam", ballots(vote("helen", "legal", review.Changes, Channel), security), closing(review.Wanted, "decided")),
		"rejected":     sceneOf("helen", ballots(vote("sam", "security", review.Reject, "cli")), closing(review.Denied, "decided")),
		"elsewhere":    sceneOf("dora", seatTo(review.Holder{Person: "dora", Via: review.ViaBackup, From: "helen", Since: hour(10)}), ballots(vote("helen", "legal", review.Approve, "mail"))),
		"withdrawn":    sceneOf("helen", closing(review.Open, "withdrawn")),
		"superseded":   sceneOf("helen", closing(review.Open, "superseded")),
		"reopened":     sceneOf("helen", ballots(approve), closing(review.Met, "reopened")),
		"waived":       sceneOf("helen", ballots(security), closing(review.Denied, "decided"), func(s *scene) { s.Request.Waived = true }),
		"no-ticket":    sceneOf("helen", func(s *scene) { s.Ticket = "" }),
		"no-page":      sceneOf("helen", func(s *scene) { s.Base = "" }),
		"browser":      sceneOf("helen", func(s *scene) { s.Request.Browser = true }),
		"options": sceneOf("rita", ballots(approve, security), func(s *scene) {
			s.Request.Options, s.Request.Reasoned = []review.Verdict{playbook.NextVersion, playbook.AskAgain, playbook.Waive, playbook.Withdraw}, []review.Verdict{playbook.Waive}
			s.Request.AskText, s.Question = "ask1", "Legal wants changes to clause 11.\n\nWhat do we do?"
		}),
		"many-options": sceneOf("helen", func(s *scene) { s.Request.Options = []review.Verdict{"a", "b", "c", "d", "e", "f"} }),
		"checklist":    sceneOf("helen", func(s *scene) { s.Request.Kind, s.Request.Title = review.Checklist, "Points of the agreement" }),
		"to-vendor": sceneOf("helen", func(s *scene) {
			s.Request.Title = "The agreement lacks something"
			s.Request.Options, s.Request.ToVendor = []review.Verdict{playbook.SendMissing, playbook.Refuse}, []review.Verdict{playbook.SendMissing}
		}),
		"delivery": sceneOf("helen", func(s *scene) { s.Request.Kind, s.Request.Versions, s.Request.Document = review.Delivery, nil, "" }),
		"task":     sceneOf("helen", func(s *scene) { s.Request.Kind, s.Request.Versions, s.Request.Document = review.Task, nil, "" }),
		"forty":    sceneOf("p07", forty),
	}
}

// forty are asked at once; every third has answered.
func forty(s *scene) {
	r := &s.Request
	r.Policy.Groups, r.Seatings = []review.Group{{Name: "everybody", Rule: review.RuleSome, N: 25}}, nil
	for i := range 40 {
		id := "p" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		s.People = append(s.People, playbook.Person{ID: id, Name: "Reviewer " + id})
		r.Policy.Groups[0].Seats = append(r.Policy.Groups[0].Seats, review.Seat{ID: "seat-" + id, Role: "reader"})
		r.Seatings = append(r.Seatings, review.Seating{Seat: "seat-" + id, Holders: []review.Holder{holder(id)}})
		if i%3 == 0 {
			ballots(vote(id, "seat-"+id, review.Approve, "web"))(s)
			r.Ballots[len(r.Ballots)-1].Answer = "by-" + id
		}
	}
}
