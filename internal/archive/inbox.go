package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// saveInbox writes whom a request might wait for. What depends on the hour (a
// delegation that ends, a due date) is left to Waiting.
func saveInbox(ctx context.Context, q querier, r *review.Request) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM inbox WHERE request = ?`, r.ID); err != nil {
		return fmt.Errorf("clearing the inboxes of request %s: %w", r.ID, err)
	}
	for _, person := range mayWait(r) {
		if _, err := q.ExecContext(ctx, `INSERT INTO inbox (person, request) VALUES (?, ?)`, person, r.ID); err != nil {
			return fmt.Errorf("putting request %s into an inbox: %w", r.ID, err)
		}
	}
	return nil
}

// mayWait lists, sorted, everybody who holds a seat of an open request that has
// no answer, now or at another hour; where every section must be read, everybody who
// holds one.
func mayWait(r *review.Request) []string {
	var people []string
	if !r.IsOpen() {
		return nil
	}
	for _, s := range r.Seatings {
		if r.Standing(s.Seat) != nil && !r.ReadAll {
			continue
		}
		for _, h := range s.Holders {
			if !h.Off {
				people = append(people, h.Person)
			}
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// waits reports whether the request needs an answer of the person at case time
// now: their group is being asked, is not decided, and one of their seats that
// they may still answer for is empty. Where all have approved and sections are unread,
// it waits for everybody who may read.
func waits(r *review.Request, person string, now time.Time) bool {
	t := r.Tally(now)
	if !r.IsOpen() || t.Group >= len(t.Groups) || t.Groups[t.Group].State.Decided() {
		return false
	}
	for _, s := range t.Groups[t.Group].Seats {
		if s.Verdict == "" && r.Holds(s.Seat, person, now) && !elsewhere(r, s.Seat, person) {
			return true
		}
	}
	g := t.Groups[t.Group]
	return len(t.Unread) > 0 && g.Approved >= g.Needed && len(r.SeatsOf(person, now)) > 0
}

// elsewhere reports whether the person's answer stands in another seat that the
// policy doesn't pair with this one: one person fills one seat.
func elsewhere(r *review.Request, seat, person string) bool {
	for _, s := range r.Seatings {
		if s.Seat == seat || r.Policy.Paired(s.Seat, seat) {
			continue
		}
		if b := r.Standing(s.Seat); b != nil && b.Person == person {
			return true
		}
	}
	return false
}

// waitingQuery reads a person's inbox without the requests to which they have
// said something that was received and is not in the journal yet.
const waitingQuery = `SELECT r.request, c.anchor, c.view FROM inbox i
	JOIN requests r ON r.id = i.request
	JOIN cases c ON c.id = r.case_id
	WHERE i.person = ?1
	AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.person = i.person AND q.request = i.request)
	AND NOT EXISTS (SELECT 1 FROM receipts t WHERE t.person = i.person AND t.request = i.request
		AND t.status IN ('counted', 'already', 'pending')
		AND NOT EXISTS (SELECT 1 FROM lines l WHERE l.answer = t.answer))
	ORDER BY c.seq, r.pos`

// Waiting returns the open requests that need an answer of the person, the
// oldest first. One to which they have answered, or done something that was
// received, is left out until the journal has it; should the request need them
// again then (a take-back, a new version), it is back.
func (a *Archive) Waiting(ctx context.Context, person string) ([]review.Request, error) {
	now := a.now()
	var waiting []review.Request
	_, err := queryAll(ctx, a.reads, func(rows *sql.Rows) (none struct{}, err error) {
		var request, view string
		var anchor sql.NullString
		if err := rows.Scan(&request, &anchor, &view); err != nil {
			return none, err
		}
		at, err := caseNow(view, anchor, now)
		if err != nil {
			return none, err
		}
		r, err := a.understood.request(request)
		if err != nil {
			return none, err
		}
		if waits(&r, person, at) {
			waiting = append(waiting, r)
		}
		return none, nil
	}, waitingQuery, person)
	if err != nil {
		return nil, fmt.Errorf("reading an inbox: %w", err)
	}
	return waiting, nil
}

// caseNow is what the case believes at a real instant: by its newest anchor, and
// never earlier than its newest entry.
func caseNow(view string, anchor sql.NullString, now time.Time) (time.Time, error) {
	var v struct{ Last time.Time }
	if err := decode(view, &v); err != nil {
		return now, fmt.Errorf("reading a case's time: %w", err)
	}
	var a calendar.Anchor
	if anchor.Valid {
		if err := decode(anchor.String, &a); err != nil {
			return now, fmt.Errorf("reading a case's anchor: %w", err)
		}
	}
	at := a.CaseAt(now)
	if v.Last.After(at) {
		at = v.Last
	}
	return at, nil
}

// caseTime is caseNow for an entry that archive itself writes into a chain.
func caseTime(ctx context.Context, q querier, chain string, now time.Time) (time.Time, error) {
	var view string
	var anchor sql.NullString
	if chain == dossier.Register {
		return now, nil
	}
	found, err := queryOne(ctx, q, []any{&view, &anchor}, `SELECT view, anchor FROM cases WHERE id = ?`, chain)
	if err != nil {
		return now, fmt.Errorf("reading the time of case %s: %w", chain, err)
	}
	if !found {
		return now, dossier.NotFoundError{What: "case", ID: chain}
	}
	return caseNow(view, anchor, now)
}
