package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

const (
	postingColumns = `posting, state, wanted, shown, next_look, tries, fault`
	postingQuery   = `SELECT ` + postingColumns + ` FROM postings WHERE id = ?`
	// Only what is open has a next look, so that what stands and is wanted by nobody
	// is not read.
	duePostingsQuery = `SELECT ` + postingColumns + ` FROM postings WHERE next_look > 0 AND next_look <= ? ORDER BY next_look, id LIMIT ?`
)

// PutPosting keeps a posting once, as it came first. It is due from then on, at
// Next or at once.
//
// It is first: whoever put it is told that somebody will see it.
func (p pinboard) PutPosting(ctx context.Context, o outbox.Posting) error {
	if o.ID == "" || o.Kind == "" {
		return errors.New("keeping a posting: it has no id or no kind")
	}
	if o.State == "" {
		o.State = outbox.Due
	}
	look := int64(0)
	if open(o.State) {
		look = cmp.Or(micro(o.Next), micro(o.Made), micro(p.archive.now()))
	}
	text, err := encode(lasting(o))
	if err != nil {
		return fmt.Errorf("writing a posting: %w", err)
	}
	return p.archive.write(ctx, "keeping a posting", first, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO postings
			(id, kind, person, case_id, request, posting, state, wanted, shown, next_look, tries, fault)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '') ON CONFLICT (id) DO NOTHING`,
			o.ID, string(o.Kind), o.Person, o.Case, o.Request, text, string(o.State), max(o.Wanted, 1), o.Shown, look)
		if err != nil || o.Person == "" {
			return err
		}
		return noteCase(ctx, q, o.Case, o.Kind == outbox.Tidings && o.Why == outbox.WhyEnded)
	})
}

// open reports whether a posting is on its way or follows its state.
func open(s outbox.PostingState) bool { return s == outbox.Due || s == outbox.Standing }

// lasting leaves of a posting what its row's columns don't hold.
func lasting(o outbox.Posting) outbox.Posting {
	o.State, o.Wanted, o.Shown, o.Next, o.Tries, o.Fault = "", 0, 0, time.Time{}, 0, ""
	return o
}

// Posting returns a posting, or dossier.NotFoundError.
func (p pinboard) Posting(ctx context.Context, id string) (outbox.Posting, error) {
	all, err := queryAll(ctx, p.archive.reads, scanPosting, postingQuery, id)
	if err != nil {
		return outbox.Posting{}, fmt.Errorf("reading a posting: %w", err)
	}
	if len(all) == 0 {
		return outbox.Posting{}, dossier.NotFoundError{What: "posting", ID: id}
	}
	return all[0], nil
}

// Postings lists what is worth looking at, the longest due first, at most that
// many.
func (p pinboard) Postings(ctx context.Context, now time.Time, most int) ([]outbox.Posting, error) {
	all, err := queryAll(ctx, p.archive.reads, scanPosting, duePostingsQuery, micro(now), max(most, 0))
	if err != nil {
		return nil, fmt.Errorf("looking for postings that are due: %w", err)
	}
	return all, nil
}

func scanPosting(rows *sql.Rows) (outbox.Posting, error) {
	var o, row outbox.Posting
	var text, state string
	var look int64
	if err := rows.Scan(&text, &state, &row.Wanted, &row.Shown, &look, &row.Tries, &row.Fault); err != nil {
		return o, err
	}
	if err := decode(text, &o); err != nil {
		return o, fmt.Errorf("reading a posting as stored: %w", err)
	}
	o.State, o.Wanted, o.Shown, o.Next, o.Tries, o.Fault = outbox.PostingState(state), row.Wanted, row.Shown, fromMicro(look), row.Tries, row.Fault
	return o, nil
}

// follows are the kinds that stand again when they are wanted after all was said.
const follows = `kind IN ('card', 'home', 'board')`

// wantQuery raises what the condition and the kinds name.
func wantQuery(condition string, kinds int) string {
	query := `UPDATE postings SET wanted = wanted + 1, state = CASE WHEN state = 'said' THEN 'standing' ELSE state END,
		next_look = CASE WHEN next_look > 0 AND next_look <= ?1 THEN next_look ELSE ?1 END
		WHERE ` + condition + ` AND (state IN ('due', 'standing') OR state = 'said' AND ` + follows + `)`
	if kinds == 0 {
		return query
	}
	marks := make([]string, kinds)
	for i := range marks {
		marks[i] = fmt.Sprint("?", i+3)
	}
	return query + ` AND kind IN (` + strings.Join(marks, ", ") + `)`
}

// wanted is the condition of a want and what it looks for; "" where it names
// nothing, or several things.
func wanted(w outbox.Want) (condition, of string) {
	for _, way := range []struct{ condition, of string }{
		{`id = ?2`, w.ID}, {`request = ?2 AND request <> ''`, w.Request}, {`case_id = ?2 AND case_id <> ''`, w.Case}, {`person = ?2 AND person <> ''`, w.Person},
	} {
		if way.of == "" {
			continue
		}
		if of != "" {
			return "", ""
		}
		condition, of = way.condition, way.of
	}
	return condition, of
}

// mostKinds is more than there are.
const mostKinds = 16

// WantPostings raises Wanted and lets Next be no later than w.At (zero: now). What
// is due or stands is; a card, a home or a board that was said stands again; what
// is unreached or stale, and what is said once, is left alone.
//
// It is first: a want that a power cut took would leave a card as it was for ever.
func (p pinboard) WantPostings(ctx context.Context, w outbox.Want) error {
	condition, of := wanted(w)
	if of == "" || len(w.Kinds) > mostKinds {
		return errors.New("wanting postings: exactly one of id, request, case and person says which")
	}
	args := []any{cmp.Or(micro(w.At), micro(p.archive.now())), of}
	for _, k := range w.Kinds {
		args = append(args, string(k))
	}
	return p.archive.write(ctx, "wanting postings", first, func(q querier) error {
		if w.ID == "" { // rows that two wants share could be locked in unlike orders
			if err := lockName(ctx, q, "postings"); err != nil {
				return err
			}
		}
		_, err := q.ExecContext(ctx, wantQuery(condition, len(w.Kinds)), args...)
		return err
	})
}

// wantOf wants within a transaction all that a person is shown.
func wantOf(ctx context.Context, q querier, person string, at time.Time) error {
	if err := lockName(ctx, q, "postings"); err != nil {
		return err
	}
	condition, of := wanted(outbox.Want{Person: person})
	_, err := q.ExecContext(ctx, wantQuery(condition, 0), micro(at), of)
	return err
}

// How a posting is settled. ?1 is the Wanted that was looked at, ?2 the state and
// ?3 the next look, where nothing is wanted anew.
const (
	settleRest = `shown = ?1, tries = tries + ?4, fault = ?5 WHERE id = ?6`
	// settleQuery leaves what is wanted anew alone.
	settleQuery = `UPDATE postings SET state = ?2, next_look = ?3, ` + settleRest
	// sooner is the next look of what is wanted anew: ?7, or before it what the want
	// said. Without one somebody else settled a later look before: at once, ?8.
	sooner = `CASE WHEN next_look = 0 THEN ?8 WHEN next_look > ?7 THEN ?7 ELSE next_look END`
	// settleOpenQuery is of what is due or stands; putOffQuery too, with a time.
	settleOpenQuery = `UPDATE postings SET state = ?2, next_look = CASE WHEN wanted > ?1 THEN ` + sooner + ` ELSE ?3 END, ` + settleRest
	putOffQuery     = `UPDATE postings SET state = ?2, next_look = CASE WHEN wanted > ?1 AND shown <> ?1 THEN ` + sooner + ` ELSE ?3 END, ` + settleRest
	// settleSaidQuery is of what is said, unless it is wanted anew and can follow.
	settleSaidQuery = `UPDATE postings SET state = CASE WHEN wanted > ?1 AND ` + follows + ` THEN 'standing' ELSE ?2 END,
		next_look = CASE WHEN wanted > ?1 AND ` + follows + ` THEN ` + sooner + ` ELSE ?3 END, ` + settleRest
)

// SettlePosting says what became of looking at a posting. What was wanted anew
// since then is looked at again when that want said; a card, a home or a board
// then stands, even if it was settled as said. A pause is kept: after a try that
// failed, and where Shown is what it was, l.Next holds whatever is wanted. What is
// due without a Next is due at once.
//
// It is soon: if it is lost, the posting is looked at again, and what stands at a
// place already is not posted again.
func (p pinboard) SettlePosting(ctx context.Context, id string, l outbox.Looked) error {
	if l.State == "" {
		return errors.New("settling a posting: it has come to a state")
	}
	now, next := micro(p.archive.now()), micro(l.Next)
	if l.State == outbox.Due && next == 0 {
		next = now
	}
	tried := 0
	if l.Tried {
		tried = 1
	}
	if !open(l.State) {
		next = 0
	}
	query, args := settleQuery, []any{l.Shown, string(l.State), next, tried, l.Fault, id}
	switch {
	case l.State == outbox.Said:
		query, args = settleSaidQuery, append(args, int64(math.MaxInt64), now)
	case open(l.State) && l.Next.IsZero():
		query, args = settleOpenQuery, append(args, cmp.Or(next, math.MaxInt64), now)
	case open(l.State) && !l.Tried:
		query, args = putOffQuery, append(args, next, now)
	}
	return p.archive.write(ctx, "settling a posting", soon, func(q querier) error {
		done, err := q.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err == nil && n == 0 {
			return dossier.NotFoundError{What: "posting", ID: id}
		}
		return err
	})
}
