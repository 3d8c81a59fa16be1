package desk

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
	"gangway/workflows"
)

// scores gives points to the one criterion of a blind score.
func scores(id, person, request string, points int) review.Answer {
	a := approve(id, person, request)
	a.Verdict, a.Scores = review.Scored, []review.Score{{Criterion: "quality", Points: points}}
	return a
}

// TestBlindScoresAreShownToNobody: wherever the client's people look, until the last
// has scored; but for one's own.
func TestBlindScoresAreShownToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asksAs(p, "score", func(r *review.Request) {
		r.Kind, r.Blind, r.Criteria = review.Rating, true, []engagement.Criterion{{ID: "quality", Weight: 100, Most: 5}}
	}, "lena", "sam")
	same(t, "lena", review.Counted, w.answers(scores("web-1", "lena", request, 4)).Status)
	for viewer, sees := range map[string]bool{"lena": true, "sam": false, "olga": false, "rita": false} {
		for where, seen := range w.points(viewer, request) {
			if seen != sees {
				t.Errorf("%s sees the points of lena in %s: %v", viewer, where, seen)
			}
		}
	}
	var input InputError
	if err := w.desk.Dossier(t.Context(), from("olga"), onboarding, &bytes.Buffer{}); !errors.As(err, &input) || input.Hint() == "" {
		t.Errorf("a dossier of blind scores: %v", err)
	}
	history := must[dossier.Paper](t)(w.store.Put(t.Context(), strings.NewReader(`{"events":[{"scores":[{"points":4}]}]}`), 1<<20))
	w.engine.mu.Lock()
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.HistoryFiled, Process: p.id, Run: "run-0", Detail: &dossier.Detail{Document: history.Digest}})
	w.flush(p)
	w.engine.mu.Unlock()
	reads := func(viewer string) error {
		_, body, err := w.desk.Document(t.Context(), from(viewer), onboarding, history.Digest)
		if err == nil {
			err = body.Close()
		}
		return err
	}
	for _, viewer := range []string{"sam", "olga", "lena"} {
		if err := reads(viewer); !errors.As(err, &input) {
			t.Errorf("%s reads the engine's history of blind scores: %v", viewer, err)
		}
	}
	line, _, err := w.store.AnswerLine(t.Context(), "web-1")
	ok(t, err)
	same(t, "the record has them", 4, line.Entry.Fact.Ballot.Scores[0].Points)

	same(t, "sam", review.Met, w.answers(scores("web-2", "sam", request, 1)).State)
	for _, viewer := range []string{"lena", "sam", "olga"} {
		for where, seen := range w.points(viewer, request) {
			if !seen {
				t.Errorf("%s doesn't see the points in %s, though both have scored", viewer, where)
			}
		}
	}
	ok(t, w.desk.Dossier(t.Context(), from("olga"), onboarding, &bytes.Buffer{}))
	ok(t, reads("olga"))
}

// scoredAlone lets lena score alone of two, and closes the request as said.
func (w *world) scoredAlone(p *process, step, answer string, why string) string {
	w.t.Helper()
	request := w.asksAs(p, step, func(r *review.Request) {
		r.Kind, r.Blind, r.Criteria = review.Rating, true, []engagement.Criterion{{ID: "quality", Weight: 100, Most: 5}}
	}, "lena", "sam")
	same(w.t, "lena", review.Counted, w.answers(scores(answer, "lena", request, 4)).Status)
	w.shutAs(p, request, why)
	return request
}

// shutAs closes a request without an outcome.
func (w *world) shutAs(p *process, request, why string) {
	w.t.Helper()
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	at := p.anchor.CaseAt(w.clock.now())
	for _, r := range p.requests {
		if r.ID == request {
			f := review.Fact{Kind: review.FactClosed, Request: r.ID, At: at, State: r.Tally(at).State, Why: why}
			r.Apply(f)
			p.say(w.clock.now(), dossier.Entry{Kind: dossier.Request, Fact: &f})
		}
	}
	w.flush(p)
}

// TestAStoppedPilotKeepsNoDossierBack: nobody is asked again, so that whoever may see
// the case sees what there is, while the case goes on. What is asked anew stays blind
// until the newer request is over.
func TestAStoppedPilotKeepsNoDossierBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.scoredAlone(p, "score", "web-1", "stopped")
	for _, viewer := range []string{"lena", "sam", "olga"} {
		for where, seen := range w.points(viewer, request) {
			if !seen {
				t.Errorf("%s doesn't see the points of a stopped pilot in %s", viewer, where)
			}
		}
	}
	dossiers := func() error { return w.desk.Dossier(t.Context(), from("olga"), onboarding, &bytes.Buffer{}) }
	ok(t, dossiers())

	w.scoredAlone(p, "again", "web-2", review.WhyReopened)
	var input InputError
	if err := dossiers(); !errors.As(err, &input) {
		t.Errorf("the dossier of points that are asked for anew: %v", err)
	}
	w.asksAs(p, "other", func(*review.Request) {}, "lena")
	if err := dossiers(); !errors.As(err, &input) {
		t.Errorf("another step that is asked meanwhile opens the dossier: %v", err)
	}
	w.scoredAlone(p, "else", "web-5", "stopped")
	if err := dossiers(); !errors.As(err, &input) {
		t.Errorf("another score that is over opens the dossier: %v", err)
	}
	newer := w.asksAs(p, "again", func(r *review.Request) {
		r.ID, r.Kind, r.Blind, r.Criteria = p.id+":again.2", review.Rating, true, []engagement.Criterion{{ID: "quality", Weight: 100, Most: 5}}
	}, "lena", "sam")
	w.answers(scores("web-3", "lena", newer, 2))
	if err := dossiers(); !errors.As(err, &input) {
		t.Errorf("the dossier while they are asked anew: %v", err)
	}
	same(t, "sam", review.Met, w.answers(scores("web-4", "sam", newer, 2)).State)
	ok(t, dossiers())
}

// TestACaseThatGoesOnIsBlindAgain: it was closed once, and people score in it.
func TestACaseThatGoesOnIsBlindAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := dossier.CaseView{State: dossier.Running, Closed: w.clock.now(), Requests: []review.Request{{ID: "q", Step: "score", Blind: true, Ballots: []review.Ballot{{Answer: "a"}},
		Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "ops"}}}}}, Seatings: []review.Seating{{Seat: "ops"}}, Clocks: []review.Clock{{Opened: w.clock.now()}}}}}
	if !w.desk.scoring(&v) {
		t.Error("a case that was opened again shows what is given blind")
	}
	if v.State = dossier.Ended; w.desk.scoring(&v) {
		t.Error("a case that is over keeps what was given blind")
	}
}

// TestAnAuditShowsMarksAndNotesOnceTheyAreOpen: not to an auditor either before all have
// scored, and then each criterion with its mark, and the note.
func TestAnAuditShowsMarksAndNotesOnceTheyAreOpen(t *testing.T) {
	t.Parallel()
	w := audited(t)
	root := w.opens("onboarding/acme/2", calendar.Anchor{})
	request := w.asksAs(root, "score", func(r *review.Request) {
		r.Kind, r.Blind, r.Criteria = review.Rating, true, []engagement.Criterion{{ID: "quality", Weight: 100, Most: 5}}
	}, "lena", "sam")
	w.answers(scores("points-1", "lena", request, 4))
	row := func() dossier.AuditRow {
		t.Helper()
		all := rows(t, w.desk, monday().Add(-time.Hour), monday().Add(48*time.Hour))
		i := slices.IndexFunc(all, func(r dossier.AuditRow) bool {
			return r.Request == request && r.What == string(review.FactCounted) && r.Actor+r.Person != "sam"
		})
		if i < 0 {
			t.Fatal("the audit does not say that somebody scored")
		}
		return all[i]
	}
	if got := row(); got.Result != "scored (blind still)" || got.Inside != "" || got.Vendor != "" {
		t.Errorf("before all have scored the audit says %+v", got)
	}
	same(t, "sam", review.Met, w.answers(scores("points-2", "sam", request, 1)).State)
	if got := row(); got.Result != "scored quality=4" || !strings.Contains(got.Inside, "said by lena") {
		t.Errorf("once all have scored the audit says %+v", got)
	}
}

// points says where somebody sees what lena gave, of the places where they see that
// she answered at all.
func (w *world) points(viewer, request string) map[string]bool {
	w.t.Helper()
	ctx, who := context.Background(), from(viewer)
	seen := map[string]bool{}
	look := func(where string, list []review.Request) {
		for _, r := range list {
			if b := r.Standing("lena-seat"); r.ID == request && b != nil {
				seen[where] = len(b.Scores) > 0
			}
		}
	}
	look("what waits", must[[]review.Request](w.t)(w.desk.Waiting(ctx, who)))
	look("what they answered", must[[]review.Request](w.t)(w.desk.Answered(ctx, who, 10)))
	if r, err := w.desk.Request(ctx, who, request); err == nil {
		look("the request", []review.Request{r})
	}
	if c, err := w.desk.Case(ctx, who, onboarding); err == nil {
		look("the case", c.Requests)
	}
	for _, c := range must[[]dossier.CaseView](w.t)(w.desk.Cases(ctx, who)) {
		look("all cases", c.Requests)
	}
	for _, c := range must[[]dossier.CaseView](w.t)(w.desk.CasePage(ctx, who, "", 10)) {
		look("a page of cases", c.Requests)
	}
	for _, c := range must[[]dossier.CaseView](w.t)(w.desk.CasesOf(ctx, who, 10)) {
		look("their cases", c.Requests)
	}
	line := func(where string, l dossier.Line) {
		if f := l.Entry.Fact; f != nil && f.Ballot != nil && f.Ballot.Person == "lena" {
			text := l.Body != nil && strings.Contains(l.Body.Inside, "said by lena")
			if points := len(f.Ballot.Scores) > 0; points != text {
				w.t.Errorf("%s sees in %s points %v and words %v", viewer, where, points, text)
			}
			seen[where] = len(f.Ballot.Scores) > 0
		}
	}
	if lines, err := w.desk.Lines(ctx, who, onboarding); err == nil {
		for _, l := range lines {
			line("the record", l)
		}
	}
	if _, l, filed, err := w.desk.Receipt(ctx, who, "web-1"); err == nil && filed {
		line("the receipt", l)
	}
	if len(seen) < 3 {
		w.t.Errorf("%s sees that lena answered in %v alone", viewer, seen)
	}
	return seen
}

// TestPointsThatNobodyLookedForStayUnseen: they were given while an audit was under way,
// after it had looked in which cases some are blind.
func TestPointsThatNobodyLookedForStayUnseen(t *testing.T) {
	t.Parallel()
	line := dossier.Line{N: 1, Entry: dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactCounted, Request: "q",
		Ballot: &review.Ballot{Verdict: review.Scored, Scores: []review.Score{{Criterion: "quality", Points: 4}}}}}, Body: &dossier.Body{Inside: "why", Vendor: "out"}}
	for want, blind := range map[string]map[string][]string{
		"scored (blind still)": {}, "scored quality=4": {onboarding: {"another"}},
	} {
		a := auditing{blind: blind, each: func(r dossier.AuditRow) error {
			open := r.Result == "scored quality=4"
			if r.Result != want || (r.Inside+r.Vendor != "") != open {
				t.Errorf("%v: %+v", blind, r)
			}
			return nil
		}}
		ok(t, a.line(onboarding, line))
	}
}

// TestAPilotsEndsAreWhatMasksGoBy: the words by which processes close what is open.
func TestAPilotsEndsAreWhatMasksGoBy(t *testing.T) {
	t.Parallel()
	same(t, "reopened", workflows.ResultReopened, review.WhyReopened)
	same(t, "withdrawn", workflows.ResultWithdrawn, review.WhyWithdrawn)
	for _, why := range []string{workflows.ResultStopped, workflows.ResultRefused, workflows.ResultGo} {
		if why == review.WhyReopened || why == review.WhyWithdrawn {
			t.Errorf("a pilot that ended as %s keeps its dossier back", why)
		}
	}
}
