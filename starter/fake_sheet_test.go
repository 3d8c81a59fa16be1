package main

import (
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const fills = "onboarding/fills/1"

// filling is a case in which a form, points and readers are asked for.
func filling() dossier.CaseView {
	one := func(step string, kind review.Kind, seat, person string) review.Request {
		return review.Request{ID: fills + ":" + step + ".1", Case: fills, Process: fills, Step: step, Kind: kind, Title: "The " + step, Vendor: "fills", Opened: days(1), Declaration: "no-interest",
			Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: seat, Role: seat}}}}},
			Seatings: []review.Seating{seated(seat, 0, person)}, Clocks: []review.Clock{{Opened: days(1), Due: days(9)}}}
	}
	plan := one("exit-plan", review.Task, "owner", "daniel")
	plan.Sheet, plan.Points = true, []engagement.Point{{ID: "when", Title: "When do we leave?", Kind: engagement.PointText}, {ID: "tested", Title: "Tested on", Kind: engagement.PointDate},
		{ID: "level", Title: "How hard is it?", Kind: engagement.PointChoice, Options: []string{"easy", "hard"}}, {ID: "cost", Title: "What does it cost?", Kind: engagement.PointAmount, Optional: true},
		{ID: "plan", Title: "The plan", Kind: engagement.PointFile}}
	score := one("score", review.Rating, "user", "daniel")
	score.Blind, score.Criteria, score.Declared = true, []engagement.Criterion{{ID: "quality", Weight: 60, Most: 5}, {ID: "deadlines", Weight: 40, Most: 5}}, []string{"daniel"}
	noGo := one("part-pilot", review.Task, "owner", "maya")
	noGo.Options, noGo.Declaration = []review.Verdict{playbook.AskAgain, playbook.Withdraw}, ""
	noGo.Reasoned = noGo.Options
	return dossier.CaseView{ID: fills, Vendor: "fills", Owner: "maya", State: dossier.Running, Opened: days(1), Requests: []review.Request{plan, score, noGo}}
}
