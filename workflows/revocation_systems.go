package workflows

import (
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// askSystems has somebody show that access to systems without an interface is gone, once
// it may be, and a second person say so too. It reports whether something happened.
func (r *revocation) askSystems(ctx workflow.Context) (again bool) {
	s, ok := stepFor(r.in.Steps, exit.DoesSystems)
	if !ok || r.cutAt.IsZero() || r.matter(matterSystems).State == exit.StateDone {
		return false
	}
	if r.systems == nil {
		r.systems = r.open(ctx, question{step: s})
	}
	if r.systems.req.Closed == nil {
		if r.systems.req.Tally(r.now(ctx)).State != review.Met {
			return false
		}
		r.shut(ctx, r.systems, review.Met, "decided")
		for _, b := range standing(r.systems.req) {
			for _, d := range b.Documents {
				r.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, &dossier.Detail{Name: s.ID, Document: d, Version: r.count(s.ID + "-filed")})
			}
		}
		r.becomes(ctx, matterSystems, "", exit.Matter{State: exit.StateOpen, Document: deliveredIn(r.systems.req)})
		r.second = nil
	}
	return r.askSecond(ctx)
}

// askSecond asks a second person, never one who did it.
func (r *revocation) askSecond(ctx workflow.Context) (again bool) {
	s, ok := stepFor(r.in.Steps, exit.DoesSecond)
	document := deliveredIn(r.systems.req)
	if !ok { // nobody else looks: then nobody has
		r.becomes(ctx, matterSystems, playbook.ChoreStillThere, exit.Matter{State: exit.StateNotCheckable, Document: document, Why: "no-second"})
		return false
	}
	if r.second == nil {
		q := question{step: s, requester: s.Barred(r.in.Requester), makers: makers(r.systems.req)}
		if document != "" {
			q.document, q.versions = r.systems.step.ID, []review.Version{{Number: 1, Document: document, At: r.now(ctx)}}
		}
		r.second = r.open(ctx, q)
		return false
	}
	switch t := r.second.req.Tally(r.now(ctx)); t.State {
	case review.Met:
		r.shut(ctx, r.second, review.Met, "decided")
		b := standing(r.second.req)[0]
		r.becomes(ctx, matterSystems, "", exit.Matter{State: exit.StateDone, By: b.Person, Answer: b.Answer, Document: document})
	case review.Denied, review.Wanted:
		r.shut(ctx, r.second, t.State, "decided")
		r.systems, r.second = nil, nil
		return true
	}
	return false
}
