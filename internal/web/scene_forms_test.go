package web

import (
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

const (
	formID       = theCase + ":access.1"
	scoreID      = "pilot/northwind/1:score.1"
	declaration  = "no-interest"
	inPlainWords = "They run the servers of our shop, and keep its back-ups."
)

// everyKind is a form with a line of each kind.
func everyKind() []engagement.Point {
	return []engagement.Point{
		{ID: "who", Title: "Who needs access, and for what?", Kind: engagement.PointText, Ask: "One line a person."},
		{ID: "mfa", Title: "Do they use a second factor?", Kind: engagement.PointYesNo, Source: "ISO 27001, A.8.5"},
		{ID: "level", Title: "Which permission?", Kind: engagement.PointChoice, Options: []string{"read", "write", "administer"}},
		{ID: "teams", Title: "Which teams?", Kind: engagement.PointMany, Options: []string{"shop", "billing", "<b>data</b>"}, Optional: true},
		{ID: "until", Title: "Until when?", Kind: engagement.PointDate, Expires: true},
		{ID: "people", Title: "How many people?", Kind: engagement.PointNumber},
		{ID: "cost", Title: "What does it cost a year?", Kind: engagement.PointAmount, Optional: true},
		{ID: "backup", Title: "Who stands in on our side?", Kind: engagement.PointPerson},
		{ID: "plan", Title: "The plan", Kind: engagement.PointFile},
		{ID: "region", Title: "Where?", Kind: engagement.PointChoice, Options: []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"}, Optional: true},
	}
}

// forms adds a form for security and a blind score by two.
func (d *recorder) forms() {
	c := d.cases[0]
	in := d.put([]byte(`{"id":"i1","summary":"`+inPlainWords+`","reason":"secret reason"}`), "application/json")
	c.Documents = append(c.Documents, dossier.DocumentView{Process: theCase, Name: "intake", Document: in, Media: "application/json", By: "ria", At: day(2)})
	one := func(id, process, step, title string, kind review.Kind, seats ...review.Seat) *review.Request {
		r := review.Request{ID: id, Case: theCase, Process: process, Step: step, Kind: kind, Title: title, Ask: "As agreed.", Owner: "ola", Vendor: "northwind", Opened: day(18),
			Clocks: []review.Clock{{Opened: day(18), Due: day(28)}}, Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: seats}}}, Declaration: declaration}
		for _, s := range seats {
			r.Seatings = append(r.Seatings, review.Seating{Seat: s.ID, Holders: []review.Holder{{Person: s.Role, Via: review.ViaRole, Since: day(18)}}})
		}
		c.Requests = append(c.Requests, r)
		return &c.Requests[len(c.Requests)-1]
	}
	form := one(formID, theCase, "access", "Say who needs access", review.Task, review.Seat{ID: "security", Role: "sami", Competence: []string{"cloud-security"}})
	form.Points, form.Sheet = everyKind(), true
	form.Seatings[0].Holders[0].Lacks = []string{"cloud-security"}
	score := one(scoreID, "pilot/northwind/1", "score", "Give points for the pilot", review.Rating, review.Seat{ID: "legal", Role: "lena"}, review.Seat{ID: "security", Role: "sami"})
	score.Blind, score.Declared = true, []string{"lena"}
	score.Criteria = []engagement.Criterion{{ID: "quality", Title: "Quality of the work", Ask: "Of what was delivered.", Weight: 50, Most: 5}, {ID: "words", Title: "Communication", Weight: 30, Most: 5}, {ID: "time", Title: "Deadlines", Weight: 20, Most: 100}}
}

// sections makes the contract one of which every section must be read.
func (d *recorder) sections() {
	r := d.request(reviewID)
	r.ReadAll = true
	r.Versions[0].Sections = []string{"1", "2", "3", "4", "5"}
	r.Versions[1].Sections, r.Versions[1].Changed = []string{"1", "2", "3", "4", "5", "6"}, []string{"3", "4", "6"}
}
