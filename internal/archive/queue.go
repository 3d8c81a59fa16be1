package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gangway/internal/review"
)

const (
	queuedColumns   = `id, process, act, person, request, payload, at`
	nextQueuedQuery = `SELECT ` + queuedColumns + ` FROM queue WHERE process = ? ORDER BY seq LIMIT 1`
)

// Enqueue keeps an answer or act that could not be delivered, behind all that
// came before it. The same id is kept once, and not at all when it was settled.
func (s sortingroom) Enqueue(ctx context.Context, r review.Queued) error {
	if r.ID == "" || r.Process == "" {
		return errors.New("queueing an answer: it has no id or no process")
	}
	payload := r.Payload
	if payload == nil {
		payload = []byte{}
	}
	return s.archive.write(ctx, "queueing an answer", first, func(q querier) error {
		if err := lockName(ctx, q, "answer "+r.ID); err != nil { // it may be being settled
			return err
		}
		_, err := q.ExecContext(ctx, `INSERT INTO queue (id, process, act, person, request, payload, at)
			SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
			WHERE NOT EXISTS (SELECT 1 FROM receipts WHERE answer = ?1 AND status <> 'pending')
			ON CONFLICT (id) DO NOTHING`,
			r.ID, r.Process, r.Act, r.Person, r.Request, payload, r.At.UTC().Format(time.RFC3339Nano))
		return err
	})
}

// HasQueued reports whether anything waits for the process.
func (s sortingroom) HasQueued(ctx context.Context, process string) (bool, error) {
	var has bool
	if _, err := queryOne(ctx, s.archive.reads, []any{&has}, `SELECT EXISTS (SELECT 1 FROM queue WHERE process = ?)`, process); err != nil {
		return false, fmt.Errorf("looking into the answer queue: %w", err)
	}
	return has, nil
}

// QueuedProcesses returns the processes for which something waits, the one that
// has waited longest first.
func (s sortingroom) QueuedProcesses(ctx context.Context) ([]string, error) {
	all, err := queryAll(ctx, s.archive.reads, scanString, `SELECT process FROM queue GROUP BY process ORDER BY min(seq)`)
	if err != nil {
		return nil, fmt.Errorf("listing the answer queue: %w", err)
	}
	return all, nil
}

// NextQueued returns what came first of all that waits for the process, if
// anything does. It stays in the queue until Settle.
func (s sortingroom) NextQueued(ctx context.Context, process string) (review.Queued, bool, error) {
	rows, err := queryAll(ctx, s.archive.reads, scanQueued, nextQueuedQuery, process)
	if err != nil {
		return review.Queued{}, false, fmt.Errorf("reading the answer queue: %w", err)
	}
	if len(rows) == 0 {
		return review.Queued{}, false, nil
	}
	return rows[0], true, nil
}

// Settle writes the receipt of a queued answer or act and takes it out of the
// queue, both or neither. Settling again changes nothing.
func (s sortingroom) Settle(ctx context.Context, r review.Queued, o review.Outcome) error {
	return s.archive.write(ctx, "settling a queued answer", first, func(q querier) error {
		if err := lockName(ctx, q, "answer "+r.ID); err != nil {
			return err
		}
		if err := keepReceipt(ctx, q, r.ID, r.Person, r.Request, o); err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, `DELETE FROM queue WHERE id = ?`, r.ID); err != nil {
			return fmt.Errorf("taking an answer out of the queue: %w", err)
		}
		return nil
	})
}

// QueuedOf returns what waits of one person, in the order in which it came.
func (s sortingroom) QueuedOf(ctx context.Context, person string) ([]review.Queued, error) {
	rows, err := queryAll(ctx, s.archive.reads, scanQueued, `SELECT `+queuedColumns+` FROM queue WHERE person = ? ORDER BY seq`, person)
	if err != nil {
		return nil, fmt.Errorf("reading what waits of a person: %w", err)
	}
	return rows, nil
}

func scanQueued(rows *sql.Rows) (review.Queued, error) {
	var r review.Queued
	var at string
	err := rows.Scan(&r.ID, &r.Process, &r.Act, &r.Person, &r.Request, &r.Payload, &at)
	if err != nil {
		return r, err
	}
	r.At, err = time.Parse(time.RFC3339Nano, at)
	return r, err
}
