package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// How often a write that the server undid is tried again: after a collision with
// another at once, after a lost connection with a pause that doubles from 20 ms,
// 0.6 s in all. A server that restarts takes longer: then the caller is told.
const (
	collisionTries = 20
	lossTries      = 6
	firstPause     = 20 * time.Millisecond
)

// write runs do beside others.
func (p *postgres) write(ctx context.Context, doing string, u urgency, do func(q querier) error) error {
	p.use.RLock()
	defer p.use.RUnlock()
	if p.closed {
		return fmt.Errorf("%s: the archive is closed", doing)
	}
	if u == later {
		select {
		case p.others <- struct{}{}:
			defer func() { <-p.others }()
		case <-ctx.Done():
			return fmt.Errorf("%s: waiting for a connection: %w", doing, ctx.Err())
		}
	}
	for collisions, losses := 0, 0; ; {
		outcome, err := p.once(ctx, u == soon, do)
		pause := time.Duration(0)
		switch outcome {
		case done:
			return nil
		case collided:
			collisions++
			pause = rand.N(time.Duration(collisions) * time.Millisecond)
		case lost:
			pause = firstPause << losses
			losses++
		case failed:
			return fault(doing, err)
		}
		if collisions >= collisionTries || losses >= lossTries || ctx.Err() != nil {
			return fault(doing, err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fault(doing, err)
		}
	}
}

// outcome is how one try of a write ended.
type outcome int

const (
	done     outcome = iota
	failed           // by its own error, or nobody knows whether it stands
	collided         // the server undid it for another's sake
	lost             // the connection was lost before the commit: nothing stands
)

// once is one try. soft: the commit does not wait for the server's disk.
func (p *postgres) once(ctx context.Context, soft bool, do func(q querier) error) (outcome, error) {
	conn, err := p.writing.Conn(ctx)
	if err != nil {
		return connecting(err), fmt.Errorf("connecting to the archive's database: %w", err)
	}
	defer func() { _ = conn.Close() }() // it goes back to the pool
	// Statements end with the caller's context; the commit does not, since a
	// cancelled caller could not tell what happened.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return connecting(err), fmt.Errorf("beginning a transaction: %w", err)
	}
	if soft {
		inner := do
		do = func(q querier) error {
			if _, err := q.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
				return fmt.Errorf("choosing not to wait for the disk: %w", err)
			}
			return inner(q)
		}
	}
	if err := do(transaction{rewriting{tx, p}}); err != nil {
		o := classify(err, conn)
		_ = tx.Rollback() // the server undoes it in any case, when the connection ends
		return o, err
	}
	if err := tx.Commit(); err != nil {
		if classify(err, conn) == collided {
			return collided, err
		}
		return failed, fmt.Errorf("committing, with an end that is not known: %w", err)
	}
	return done, nil
}

// connecting tells a server that is away or starting from one that won't have us.
func connecting(err error) outcome {
	switch state := stateOf(err); {
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return failed
	case state == "", state[:2] == "57", state[:2] == "53", state[:2] == "08":
		return lost
	}
	return failed
}

// classify says what an error within a transaction means for trying again. Class
// 40: the server broke a deadlock. 23505: another inserted the same key after we
// looked. 57P: the server is being shut down.
func classify(err error, conn *sql.Conn) outcome {
	switch state := stateOf(err); {
	case state == "40001", state == "40P01", state == "23505":
		return collided
	case state == "57P01", state == "57P02", state == "57P03":
		return lost
	case state != "":
		return failed
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return failed
	}
	closed := false
	_ = conn.Raw(func(c any) error { // its error says that the connection is gone, too
		closed = c.(*stdlib.Conn).Conn().IsClosed()
		return nil
	})
	if closed {
		return lost
	}
	return failed
}

// scrub vacuums the tables that held what was erased, so that the server may use
// the space again. It is all that can be done from here: decision 10.
func (p *postgres) scrub(ctx context.Context) error {
	var due bool
	if _, err := queryOne(ctx, p.writing, []any{&due}, scrubDueQuery); err != nil {
		return fault("asking whether the tables must be vacuumed", err)
	}
	if !due {
		return nil
	}
	for _, table := range []string{"lines", "texts", "people", "bindings", "places", "aways"} {
		if _, err := p.writing.ExecContext(ctx, `VACUUM `+table); err != nil {
			return fault("vacuuming "+table, err)
		}
	}
	if _, err := p.writing.ExecContext(ctx, `UPDATE state SET value = 0 WHERE name = 'scrub'`); err != nil {
		return fault("noting that the tables were vacuumed", err)
	}
	return nil
}
