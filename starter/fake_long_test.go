package main

import (
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

const long = "onboarding/long-and-winding-road-services/1"

// winding is a whole onboarding: more steps than a page takes with all their seats, a
// due diligence and a pilot, a contract that everybody approved and nobody read to its end.
func winding() dossier.CaseView {
	v := dossier.CaseView{ID: long, Vendor: "long-and-winding-road-services", Owner: "maya", Requester: "tom", State: dossier.Running, Stage: "contract", Tier: 1, Playbook: "whole", Opened: days(1), Lines: 400,
		Processes: []dossier.ProcessView{{ID: long, Started: days(1)}, {ID: "diligence/long-and-winding-road-services/1", Parent: long, Started: days(2), Ended: days(4), Result: "signed-off"}, {ID: "contract/long-and-winding-road-services/1", Parent: long, Started: days(4)}},
		Pilot:     &dossier.Pilot{Process: "pilot/x/1", Milestones: []dossier.PilotMilestone{{Step: "first-week", Result: dossier.MilestoneDelivered, Late: 90}, {Step: "last-week", Result: dossier.MilestoneOverdue}}, Opened: days(4), Score: 72, Threshold: 60},
		Documents: []dossier.DocumentView{{Name: "contract", Version: 1, Document: bookDigest, At: days(1), By: "tom", Size: 2000, ForVendor: true}}}
	one := func(process, step string, kind review.Kind, person string) review.Request {
		return review.Request{ID: process + ":" + step + ".1", Case: long, Process: process, Step: step, Kind: kind, Title: "The " + step, Vendor: v.Vendor, Opened: days(1),
			Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "seat", Role: "seat"}}}}},
			Seatings: []review.Seating{seated("seat", 0, person)}, Clocks: []review.Clock{{Opened: days(1), Due: days(3)}}}
	}
	for i := range 12 {
		r := one("diligence/long-and-winding-road-services/1", fmt.Sprintf("an-item-with-a-long-name-%d", i), review.Delivery, "daniel")
		r.Ballots = []review.Ballot{{Answer: "a", Seat: "seat", Person: "daniel", Verdict: review.Delivered, At: days(2)}}
		r.Closed = &review.Closing{State: review.Met, At: days(2), Why: "decided"}
		v.Requests = append(v.Requests, r)
	}
	read := one("contract/long-and-winding-road-services/1", "review", review.Decision, "daniel")
	read.ReadAll, read.Versions = true, []review.Version{{Number: 1, Sections: []string{"1", "2", "3"}}}
	read.Ballots = []review.Ballot{{Answer: "b", Seat: "seat", Person: "daniel", Verdict: review.Approve, Version: 1, Read: []string{"1"}, At: days(5)}}
	read.Clocks[0].Due = days(30)
	v.Requests = append(v.Requests, read, one(long, "late", review.Task, "maya"))
	return v
}
