package slack

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// What a line under a board tells besides answers and acts, as its posting's Why.
const (
	lineVersion = "version"
	lineBackup  = "backup"
	lineRecused = "recused"
	lineClosed  = "closed"
	lineHeld    = "held"
	lineResumed = "resumed"
	lineEnded   = "ended"
)

// event is one thing that happened in a case. Its key is the same whoever finds
// it, and how often.
type event struct {
	key, why string
	// answer is what tells it from others of its sort: an answer's id, a version's
	// number, a seat.
	answer string
	at     time.Time
}

// eventsOf are what happened to a request besides the answers. Conflicts are the
// case's: a request that is opened later has them from the start.
func eventsOf(r *review.Request) []event {
	var all []event
	for _, act := range r.Acts {
		s := scene{Request: *r}
		if s.acted(act) != "" {
			all = append(all, event{key: act.Answer, answer: act.Answer, at: act.Outcome.At})
		}
	}
	for i, v := range r.Versions {
		if i == 0 && v.Document != "" { // what was asked about from the start
			continue
		}
		number := strconv.Itoa(v.Number)
		all = append(all, event{key: r.ID + "/version/" + number, why: lineVersion, answer: number, at: v.At})
	}
	for _, told := range r.Told {
		if told.Why == playbook.WhyBackup && told.Person != "" {
			all = append(all, event{key: r.ID + "/backup/" + told.Seat + "/" + stampText(told.At), why: lineBackup, answer: told.Seat, at: told.At})
		}
	}
	if r.Closed != nil && r.Closed.Why != string(dossier.Ended) { // a case that is withdrawn says so once
		all = append(all, event{key: r.ID + "/closed/" + stampText(r.Closed.At), why: lineClosed, at: r.Closed.At})
	}
	slices.SortStableFunc(all, func(x, y event) int { return x.at.Compare(y.at) })
	return all
}

func stampText(at time.Time) string { return strconv.FormatInt(at.UnixMicro(), 10) }

// unsaid are the events of a request and its case that have no line yet.
func (a *App) unsaid(ctx context.Context, v *dossier.CaseView, r *review.Request, then time.Time) ([]event, error) {
	all := eventsOf(r)
	if then.IsZero() {
		then = v.Now(a.now())
	}
	for _, person := range r.Recused {
		all = append(all, event{key: v.ID + "/recused/" + person, why: lineRecused, at: then})
	}
	holds, err := a.holds(ctx, v, then)
	if err != nil {
		return nil, err
	}
	var fresh []event
	for _, e := range append(all, holds...) {
		there, err := a.lined(ctx, e.key)
		if err != nil {
			return nil, err
		}
		if !there {
			fresh = append(fresh, e)
		}
	}
	return fresh, nil
}

// lineHolds keeps the lines of holds that no request's copy told of: the case's
// record may have come after it.
func (a *App) lineHolds(ctx context.Context, v *dossier.CaseView) error {
	events, err := a.holds(ctx, v, v.Now(a.now()))
	if err != nil {
		return err
	}
	return a.putLines(ctx, v, "", events)
}

func (a *App) lined(ctx context.Context, key string) (bool, error) {
	_, err := a.o.Store.Posting(ctx, outbox.LineID(key))
	if err != nil && !isMissing(err) {
		return false, fmt.Errorf("looking for a line of a case: %w", err)
	}
	return err == nil, nil
}

// holds are the case's holds and resumptions that have no line. The record says
// only whether it is held now and since when, so they are counted by their lines.
func (a *App) holds(ctx context.Context, v *dossier.CaseView, then time.Time) ([]event, error) {
	key := func(why string, n int) string { return v.ID + "/" + why + "/" + strconv.Itoa(n) }
	for n := 1; ; n++ {
		held, err := a.o.Store.Posting(ctx, outbox.LineID(key(lineHeld, n)))
		switch {
		case isMissing(err) && v.Held == nil:
			return nil, nil
		case isMissing(err):
			return []event{{key: key(lineHeld, n), why: lineHeld, at: v.Held.Since}}, nil
		case err != nil:
			return nil, fmt.Errorf("looking for the holds of a case: %w", err)
		}
		resumed, err := a.lined(ctx, key(lineResumed, n))
		if err != nil {
			return nil, err
		}
		if resumed {
			continue
		}
		if v.Held != nil && v.Held.Since.Equal(held.At) || v.Held == nil && !v.Closed.IsZero() {
			return nil, nil
		}
		goesOn := event{key: key(lineResumed, n), why: lineResumed, at: then}
		if v.Held != nil { // again, and nobody followed in between
			return []event{goesOn, {key: key(lineHeld, n+1), why: lineHeld, at: v.Held.Since}}, nil
		}
		return []event{goesOn}, nil
	}
}

// putLines keeps lines, to be said in this order.
func (a *App) putLines(ctx context.Context, v *dossier.CaseView, request string, events []event) error {
	now := a.now()
	for i, e := range events {
		err := a.o.Store.PutPosting(ctx, outbox.Posting{ID: outbox.LineID(e.key), Kind: outbox.Line, Case: v.ID, Request: request, Why: e.why, Answer: e.answer,
			Rehearsal: v.Rehearsal, At: e.at, Made: now, State: outbox.Due, Wanted: 1, Next: now.Add(time.Duration(i) * time.Microsecond)})
		if err != nil {
			return fmt.Errorf("keeping a line of a case: %w", err)
		}
	}
	return nil
}

// lineEnd keeps the last line of a case that has a board.
func (a *App) lineEnd(ctx context.Context, v *dossier.CaseView) error {
	if a.o.CasesChannel == "" {
		return nil
	}
	if _, err := a.o.Store.Posting(ctx, outbox.BoardID(v.ID)); err != nil {
		if isMissing(err) {
			return nil
		}
		return fmt.Errorf("looking for the board of a case that ended: %w", err)
	}
	e := event{key: v.ID + "/" + lineEnded, why: lineEnded, at: v.Closed}
	there, err := a.lined(ctx, e.key)
	if err != nil || there {
		return err
	}
	return a.putLines(ctx, v, "", []event{e})
}

// lineOf are a line's words, from the record as it is.
func (a *App) lineOf(ctx context.Context, p outbox.Posting) (message, error) {
	switch p.Why {
	case lineEntry:
		return a.newsOf(ctx, p)
	case lineEnded:
		s, err := a.caseOf(ctx, p.Case)
		return s.end(p.At), err
	case lineHeld, lineResumed: // of no request
		v, err := a.o.Store.CaseHead(ctx, p.Case)
		if err != nil {
			return message{}, fmt.Errorf("reading the case of a line: %w", err)
		}
		return scene{Case: v}.told(p.Why, p.Answer, p.At), nil
	}
	r, err := a.o.Store.Request(ctx, p.Request)
	if err != nil {
		return message{}, fmt.Errorf("reading the request of a line: %w", err)
	}
	s, err := a.sceneFor(ctx, r)
	if err != nil || p.Why == "" {
		return s.line(p.Answer), err
	}
	return s.told(p.Why, p.Answer, p.At), nil
}
