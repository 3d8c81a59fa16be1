package workflows

import (
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// ripe reports whether the scores may be asked: at their time, or when everything
// before them is done. The halfway decision is waited for, since silence is none;
// the vendor is not, once a playbook has said when the pilot is over.
func (c *pilot) ripe(ctx workflow.Context) bool {
	if c.now(ctx).Before(c.scoreAt) {
		return false
	}
	return !slices.ContainsFunc(c.parts, func(x *part) bool {
		over := x.milestone() && !c.scoreAt.IsZero() && x.asked != nil && !x.again
		return !x.done && !over
	})
}

// rate asks for the scores, and opens them the moment that all are there. Until then
// the vendor may still deliver: late, but not never.
func (c *pilot) rate(ctx workflow.Context) {
	if c.scoring == nil {
		if !c.ripe(ctx) {
			return
		}
		c.scoring = c.open(ctx, question{step: c.score, requester: c.score.Barred(c.in.Requester)})
		return
	}
	if c.scoring.req.Closed == nil && c.scoring.req.Tally(c.now(ctx)).State == review.Met {
		c.shut(ctx, c.scoring, review.Met, "decided")
		c.missed(ctx, true)
		c.openScores(ctx)
	}
}

// openScores notes what all the points come to, and asks for the go or no-go, in words
// that every channel shows. A go below the threshold needs a reason.
func (c *pilot) openScores(ctx workflow.Context) {
	ballots := c.counting()
	c.counted = nil
	var points []map[string]int
	for _, b := range ballots {
		given := make(map[string]int, len(b.Scores))
		for _, s := range b.Scores {
			given[s.Criterion] = s.Points
		}
		c.counted, points = append(c.counted, b.Answer), append(points, given)
	}
	c.result.Score, _ = engagement.Weighted(c.score.Criteria, points) // whose points it can't weigh was refused
	d := &dossier.Detail{Step: c.score.ID, Request: c.scoring.req.ID, Digest: c.frozen, Score: c.result.Score, Threshold: c.threshold, Result: dossier.ScoreReached}
	q := question{step: c.decide, requester: c.decide.Barred(c.in.Requester), options: decision(), score: c.result.Score, threshold: c.threshold}
	if c.result.Score < c.threshold {
		d.Result, q.reasoned = dossier.ScoreBelow, []review.Verdict{review.Approve}
	}
	q.step.Ask = strings.TrimSpace(fmt.Sprintf("%s The weighted score is %d of 100; %d are needed.", q.step.Ask, q.score, q.threshold))
	c.note(ctx, dossier.ScoresOpened, "", "", nil, d)
	c.deciding = c.open(ctx, q)
}

// counting are the answers whose points count: those that stand, but for whoever
// declared a conflict since.
func (c *pilot) counting() []review.Ballot {
	return slices.DeleteFunc(standing(c.scoring.req), func(b review.Ballot) bool { return slices.Contains(c.recused, b.Person) })
}

// judge ends the pilot by the go or no-go. A conflict that one of the scorers
// declares before takes their points out: who decides is asked anew, about the
// others' points. Nobody scores in their place, since they would not be blind; with
// nobody left the scores are asked anew.
func (c *pilot) judge(ctx workflow.Context) {
	if c.deciding == nil {
		return
	}
	left := c.counting()
	if len(left) < len(c.counted) {
		c.shut(ctx, c.deciding, c.deciding.req.Tally(c.now(ctx)).State, "superseded")
		c.deciding = nil
		if len(left) == 0 {
			c.scoring, c.counted, c.result.Score = nil, nil, 0
			c.rate(ctx)
			return
		}
		c.openScores(ctx)
		return
	}
	switch c.deciding.req.Tally(c.now(ctx)).State {
	case review.Met:
		c.shut(ctx, c.deciding, review.Met, "decided")
		c.result.Result = ResultGo
	case review.Denied:
		b := lastOf(c.deciding.req, review.Reject)
		c.shut(ctx, c.deciding, review.Denied, "decided")
		c.result.Result, c.result.By = ResultRefused, b.Person
	}
}
