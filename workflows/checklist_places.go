package workflows

import (
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// searched are the points of a checklist with the places that a search of a document
// proposes for each. A document that has no text, or none any more, leaves people to look
// without.
func (p *process) searched(ctx workflow.Context, s playbook.Step, document string) []engagement.Point {
	if len(s.Points) == 0 {
		return nil
	}
	var found []activities.PackPlaces
	if document != "" {
		p.working++
		out, err := call(ctx, thorough("look for the places"), actCompare, acts.Compare,
			activities.CompareIn{Document: document, Seats: []activities.SeatScope{{Seat: playbook.OwnerSeat}}, Packs: soughtIn([]*pack{newPack(s)})})
		p.working--
		p.changes++
		if err == nil { // final: everything else is tried for ever
			found = out.Packs
		}
	}
	points := make([]engagement.Point, len(s.Points))
	for i, point := range s.Points {
		points[i] = point
		points[i].Cues, points[i].Proposed = nil, nil
		if len(found) == 1 {
			points[i].Proposed = placesOf(found[0].Proposed, point.ID)
		}
	}
	return points
}
