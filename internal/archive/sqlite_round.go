package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// mostShared is how many writers share a transaction, so that the first of them
// is not kept waiting.
const mostShared = 16

// round is a transaction that writers share: whoever waits for the turn while
// one writes adds to the same transaction, and the last commits for all. One
// commit, which waits for the disk, then does for many. Each writes behind a
// savepoint, so that one who fails takes back nobody else's; nobody is told that
// theirs stands, nor that it failed on what others wrote, before the commit.
type round struct {
	members int
	ended   chan struct{}
	err     error // once ended: why nothing of the round stands
}

// brokenError is of a round that ended for others' sake: nothing stands, and
// each may write again alone.
type brokenError struct{ error }

// Unwrap is why it ended.
func (e brokenError) Unwrap() error { return e.error }

// write takes a turn on the write connection.
func (s *sqlite) write(ctx context.Context, doing string, u urgency, do func(q querier) error) error {
	err := s.share(ctx, u, do, false)
	if errors.As(err, new(brokenError)) && ctx.Err() == nil {
		err = s.share(ctx, u, do, true)
	}
	return fault(doing, err)
}

// share writes within the round that is open, or begins one, and waits until it
// stands. alone: nobody else is in it.
func (s *sqlite) share(ctx context.Context, u urgency, do func(q querier) error, alone bool) error {
	if err := s.gate.enter(ctx, u); err != nil {
		return fmt.Errorf("waiting for a turn: %w", err)
	}
	r, err := s.turn(ctx, u, do, alone)
	if r == nil {
		return err
	}
	<-r.ended
	switch {
	case r.err == nil:
		return err
	case r.members > 1:
		return brokenError{r.err}
	}
	return r.err
}

// turn does one writer's part and gives the turn away. It returns the round that
// has to end first, or nil and why nothing was written. What need not wait for
// the disk joins a round that is open, and opens none for others: who joined it
// would have to wait.
func (s *sqlite) turn(ctx context.Context, u urgency, do func(q querier) error, alone bool) (*round, error) {
	defer s.pass(alone)
	if alone {
		s.end()
	}
	switch {
	case s.closed:
		return nil, errors.New("the archive is closed")
	case s.round != nil && ctx.Err() != nil:
		return nil, fmt.Errorf("given up when the turn came: %w", ctx.Err())
	case s.round != nil:
		r := s.round
		return r, s.add(r, do)
	}
	if err := s.begin(ctx, u == soon); err != nil {
		return nil, err
	}
	s.amid = true
	err := do(patient{s.own})
	s.amid = false
	if err != nil {
		s.takeBack()
		return nil, err
	}
	r := &round{members: 1, ended: make(chan struct{})}
	s.round = r
	if u == soon {
		s.end()
	}
	return r, nil
}

// add writes one more part into a round. A part that fails is taken back alone;
// where SQLite has taken back everything, the round is over.
func (s *sqlite) add(r *round, do func(q querier) error) error {
	r.members++
	ctx := context.Background()
	_, err := s.own.ExecContext(ctx, "SAVEPOINT part")
	if err != nil {
		s.stop(fmt.Errorf("marking where a part begins: %w", err))
		return err
	}
	s.amid = true
	failed := do(patient{s.own})
	s.amid = false
	if failed != nil {
		_, err = s.own.ExecContext(ctx, "ROLLBACK TO part")
	}
	if err == nil {
		_, err = s.own.ExecContext(ctx, "RELEASE part")
	}
	if err != nil {
		s.stop(errors.Join(failed, err))
	}
	return failed
}

// pass gives the turn to the next writer: with the round that is open, if it has
// room and anybody waits, or after its end. Who panicked in the middle of a part
// leaves nothing of it behind.
func (s *sqlite) pass(alone bool) {
	if s.amid {
		s.amid = false
		s.stop(errors.New("a part of the transaction was not finished"))
	}
	if s.round != nil && !alone && s.round.members < mostShared && s.gate.handOn() {
		return
	}
	s.end()
	s.gate.leave()
}

// end commits the open round, if there is one, and tells its members.
func (s *sqlite) end() {
	if s.round == nil {
		return
	}
	// A cancelled caller could not tell what happened, so nobody's context ends it.
	_, err := s.own.ExecContext(context.Background(), "COMMIT")
	if err != nil {
		s.stop(fmt.Errorf("committing: %w", err))
		return
	}
	close(s.round.ended)
	s.round = nil
}

// stop takes back the transaction and whatever round is in it.
func (s *sqlite) stop(why error) {
	s.takeBack()
	if s.round == nil {
		return
	}
	s.round.err = why
	close(s.round.ended)
	s.round = nil
}

func (s *sqlite) takeBack() {
	if err := s.rollback(); err != nil {
		s.log.Error("rolling back", "error", err)
	}
}

// patient runs statements to their end also when their caller gives up: SQLite
// would take back the whole transaction, and others have written in it.
type patient struct{ q querier }

// ExecContext is the querier's.
func (p patient) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.q.ExecContext(context.WithoutCancel(ctx), query, args...)
}

// QueryContext is the querier's.
func (p patient) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.q.QueryContext(context.WithoutCancel(ctx), query, args...)
}

// QueryRowContext is the querier's.
func (p patient) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.q.QueryRowContext(context.WithoutCancel(ctx), query, args...)
}
