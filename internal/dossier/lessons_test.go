package dossier

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"

	"pgregory.net/rapid"
)

// written is a form of lessons that olga filled in on a day; why is how it was closed,
// empty: it is open.
func written(step string, on int, why string, state review.State, choices ...string) review.Request {
	at := time.Date(2026, 3, on, 9, 0, 0, 0, time.UTC)
	r := review.Request{ID: "exit/acme/1:" + step, Process: "exit/acme/1", Step: step, Kind: review.Task, Opened: at, Sheet: true,
		Points: []engagement.Point{{ID: exit.PointCloser}, {ID: exit.PointAgain}, {ID: exit.PointTaught}},
		Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "s"}}}}}, Seatings: []review.Seating{{Seat: "s"}}}
	r.Ballots = []review.Ballot{{Answer: "a", Seat: "s", Person: "olga", Verdict: review.Done, At: at,
		Findings: []engagement.Finding{{Point: exit.PointTaught, Choices: choices}, {Point: exit.PointAgain, Choices: []string{engagement.Yes}}}}}
	if why != "" {
		r.Closed = &review.Closing{State: state, At: at, Why: why}
	}
	return r
}

// judged is the decision on what was written.
func judged(on int, why string, state review.State) review.Request {
	r := written("lessons-accept", on, why, state)
	r.Kind, r.Sheet, r.Points, r.Ballots = review.Decision, false, nil, nil
	return r
}

// Lessons stand once they are written down and accepted, until they are written anew;
// nobody's lessons are taken from what is open, waived, refused or called off.
func TestLessonsThatStand(t *testing.T) {
	t.Parallel()
	late, cost := exit.LessonWords(exit.LessonLate), exit.LessonWords(exit.LessonCost)
	lessons := func(on int, why string, state review.State, choices ...string) review.Request {
		return written("lessons", on, why, state, choices...)
	}
	elsewhere := lessons(1, "decided", review.Met, late)
	elsewhere.Process = "transfer/acme/1"
	takenBack := lessons(1, "decided", review.Met, late)
	takenBack.Ballots[0].TakenBack = true
	form := lessons(1, "decided", review.Met, late)
	form.Sheet = false
	for name, c := range map[string]struct {
		state    CaseState
		requests []review.Request
		want     []string
	}{
		"nothing was asked": {},
		"written, nobody has to accept": {requests: []review.Request{lessons(1, "decided", review.Met, cost, late)},
			want: []string{exit.LessonLate, exit.LessonCost}},
		"and the exit is over":   {state: "exited", requests: []review.Request{lessons(1, "decided", review.Met, late)}, want: []string{exit.LessonLate}},
		"the exit is called off": {state: Ended, requests: []review.Request{lessons(1, "decided", review.Met, late)}},
		"open":                   {requests: []review.Request{lessons(1, "", "", late)}},
		"waived":                 {requests: []review.Request{lessons(1, "waived", review.Denied, late)}},
		"not accepted yet":       {requests: []review.Request{lessons(1, "decided", review.Met, late), judged(2, "", "")}},
		"accepted":               {requests: []review.Request{lessons(1, "decided", review.Met, late), judged(2, "decided", review.Met)}, want: []string{exit.LessonLate}},
		"refused":                {requests: []review.Request{lessons(1, "decided", review.Met, late), judged(2, "decided", review.Denied)}},
		"refused, and written anew": {requests: []review.Request{lessons(1, "decided", review.Met, late), judged(2, "decided", review.Denied),
			lessons(3, "decided", review.Met, cost)}},
		"and that is accepted": {requests: []review.Request{lessons(1, "decided", review.Met, late), judged(2, "decided", review.Denied),
			lessons(3, "decided", review.Met, cost), judged(4, "decided", review.Met)}, want: []string{exit.LessonCost}},
		"of another process": {requests: []review.Request{elsewhere}},
		"taken back":         {requests: []review.Request{takenBack}},
		"no form":            {requests: []review.Request{form}},
		"nothing was chosen": {requests: []review.Request{lessons(1, "decided", review.Met)}},
	} {
		if got := LessonsOf(&CaseView{ID: "exit/acme/1", State: c.state, Requests: c.requests}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Whoever was named last takes over, or nobody any more.
func TestWhoTakesOver(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := ""
		var lines []Line
		for range rapid.IntRange(0, 6).Draw(t, "lines") {
			e := Entry{Kind: rapid.SampledFrom([]Kind{ExitOrdered, StageReached, GateReached}).Draw(t, "kind"), Detail: &Detail{}}
			if who := rapid.SampledFrom([]string{"", "zeta", "beta"}).Draw(t, "who"); who != "" {
				e.Detail.Values = []string{who}
			}
			if e.Kind == ExitOrdered {
				want = ""
				if len(e.Detail.Values) > 0 {
					want = e.Detail.Values[0]
				}
			}
			lines = append(lines, Line{Entry: e})
		}
		if got := SuccessorIn(lines); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}
