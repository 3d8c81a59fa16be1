package web

import (
	"strconv"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// maxScale is how many points stand side by side to be picked from; a longer
// scale is written.
const maxScale = 10

// criterionView is a criterion to give points for.
type criterionView struct {
	engagement.Criterion
	Field  string
	Typed  string
	Scale  []choice // the points to pick from; none: they are written
	Wrong  string
	Number int
}

func criterionViews(criteria []engagement.Criterion, f fillForm) []criterionView {
	var views []criterionView
	for i, c := range criteria {
		v := criterionView{Criterion: c, Field: "s" + strconv.Itoa(i), Number: i + 1, Typed: f.Scores[c.ID], Wrong: f.wrongs[c.ID]}
		v.Title, v.Ask = cut(c.Title), tidy(c.Ask)
		if v.Title == "" {
			v.Title = human(c.ID)
		}
		for n := 0; n <= c.Most && c.Most <= maxScale; n++ {
			points := strconv.Itoa(n)
			v.Scale = append(v.Scale, choice{ID: points, Label: points, Checked: points == v.Typed})
		}
		views = append(views, v)
	}
	return views
}

// pointsOf reads the points that somebody gave for a criterion.
func pointsOf(c engagement.Criterion, typed string) (int, string) {
	if typed == "" {
		return 0, "Give points for this."
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 0 || n > c.Most {
		return 0, "Give whole points from 0 to " + strconv.Itoa(c.Most) + "."
	}
	return n, ""
}

// scoreTable is the points that everybody gave, once they are open.
type scoreTable struct {
	Scorers []string
	Rows    []scoreRow
	Totals  []string // of each scorer, weighted
	Total   string   // of all
}

type scoreRow struct {
	Title        string
	Weight, Most int
	Points       []string // of each scorer
}

// scoresOpen reports whether points may be seen by others than those who gave
// them.
func scoresOpen(r *review.Request, now time.Time) bool {
	if !r.Blind || r.Closed == nil {
		return !r.Blind || r.Tally(now).State == review.Met
	}
	return r.Closed.State == review.Met || r.Closed.Why != review.WhyReopened && r.Closed.Why != review.WhyWithdrawn
}

// scores is the table of a score's points; nil: there are none, or they are not
// open yet.
func (n names) scores(r *review.Request, now time.Time) *scoreTable {
	if len(r.Criteria) == 0 || !scoresOpen(r, now) {
		return nil
	}
	var given []*review.Ballot
	for _, seat := range r.Policy.Seats() {
		if b := r.Standing(seat.ID); b != nil && len(b.Scores) > 0 {
			given = append(given, b)
		}
	}
	if len(given) == 0 {
		return nil
	}
	t := &scoreTable{}
	var all []map[string]int
	for _, b := range given {
		points := map[string]int{}
		for _, s := range b.Scores {
			points[s.Criterion] = s.Points
		}
		all = append(all, points)
		t.Scorers, t.Totals = append(t.Scorers, n.of(b.Person)), append(t.Totals, weighted(r.Criteria, points))
	}
	t.Total = weighted(r.Criteria, all...)
	if r.Blind && r.Closed != nil && r.Closed.State != review.Met { // stopped before all had scored: there is no score
		t.Total = "–"
	}
	for _, c := range r.Criteria {
		row := scoreRow{Title: cut(c.Title), Weight: c.Weight, Most: c.Most}
		if row.Title == "" {
			row.Title = human(c.ID)
		}
		for _, b := range given {
			row.Points = append(row.Points, pointsFor(b.Scores, c.ID))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// weighted is a score from 0 to 100 of one or several scorers.
func weighted(criteria []engagement.Criterion, scorers ...map[string]int) string {
	score, ok := engagement.Weighted(criteria, scorers)
	if !ok {
		return "–"
	}
	return strconv.Itoa(score)
}

func pointsFor(scores []review.Score, criterion string) string {
	for _, s := range scores {
		if s.Criterion == criterion {
			return strconv.Itoa(s.Points)
		}
	}
	return "–"
}
