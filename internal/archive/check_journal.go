package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"gangway/internal/dossier"
)

// checkedTogether is how many lines one worker of CheckJournal takes at a time;
// a longer chain is taken whole, which costs about 2 KiB a line.
const checkedTogether = 2000

// brokenMost bounds how many faults CheckJournal lists.
const brokenMost = 50

// Checked is what CheckJournal has looked at, and what is wrong.
type Checked struct {
	Chains, Lines int
	Broken        []error // dossier.BrokenError, at most 50 of them
}

// CheckJournal holds every chain of the journal against its hashes, its texts and
// its head, on all cores. Each chain is read as of one moment; what is appended
// meanwhile may or may not be in it. The error is a fault in reading.
func (a *Archive) CheckJournal(ctx context.Context) (Checked, error) {
	spans, err := a.spans(ctx)
	if err != nil {
		return Checked{}, fmt.Errorf("listing the chains to check: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		all  Checked
		errs []error
		mu   sync.Mutex // guards both
		wait sync.WaitGroup
		work = make(chan span, len(spans))
	)
	for _, s := range spans {
		work <- s
	}
	close(work)
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for s := range work {
				part, err := a.checkSpan(ctx, s)
				mu.Lock()
				all.add(part)
				if err != nil {
					errs = append(errs, err)
					cancel() // the others' errors say only that
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wait.Wait()
	if len(errs) > 0 {
		return all, fmt.Errorf("checking the journal: %w", errs[0])
	}
	return all, nil
}

func (c *Checked) add(part Checked) {
	c.Chains, c.Lines = c.Chains+part.Chains, c.Lines+part.Lines
	c.Broken = append(c.Broken, part.Broken[:min(len(part.Broken), brokenMost-len(c.Broken))]...)
}

// span is a range of chain ids: from, and before another where that is not empty.
type span struct{ from, before string }

// spans divides all possible ids, so that a line is found even when the head of
// its chain is gone.
func (a *Archive) spans(ctx context.Context) ([]span, error) {
	spans := []span{{}}
	lines := 0
	_, err := queryAll(ctx, a.reads, func(rows *sql.Rows) (none struct{}, err error) {
		var chain string
		var n int
		if err := rows.Scan(&chain, &n); err != nil {
			return none, err
		}
		if lines > 0 && lines+n > checkedTogether {
			spans[len(spans)-1].before = chain
			spans, lines = append(spans, span{from: chain}), 0
		}
		lines += n
		return none, nil
	}, `SELECT chain, n FROM chains ORDER BY chain`)
	return spans, err
}

// checkSpan reads heads and lines of a span and holds them against each other.
func (a *Archive) checkSpan(ctx context.Context, s span) (Checked, error) {
	within, args := `chain >= ?`, []any{s.from}
	if s.before != "" {
		within, args = within+` AND chain < ?`, append(args, s.before)
	}
	var part Checked
	heads := make(map[string]chainEnd) // looked up; what is left over is counted only
	err := a.read(ctx, func(q querier) error {
		_, err := queryAll(ctx, q, func(rows *sql.Rows) (none struct{}, err error) {
			var chain string
			var end chainEnd
			err = rows.Scan(&chain, &end.N, &end.Hash)
			heads[chain] = end
			return none, err
		}, `SELECT chain, n, head FROM chains WHERE `+within, args...)
		if err != nil {
			return err
		}
		var of string
		var lines []dossier.Line
		settle := func() {
			if len(lines) > 0 {
				part.chain(of, lines, heads[of])
				delete(heads, of)
				lines = lines[:0]
			}
		}
		_, err = queryAll(ctx, q, func(rows *sql.Rows) (none struct{}, err error) {
			var chain string
			l, err := scanLineAfter(rows, &chain)
			if err != nil && !isGarbled(err) { // what is no JSON any more has no hash either
				return none, err
			}
			if chain != of {
				settle()
				of = chain
			}
			lines = append(lines, l)
			return none, nil
		}, `SELECT chain, `+lineColumns+` FROM lines WHERE `+within+` ORDER BY chain, n`, args...)
		settle()
		return err
	})
	for chain, end := range heads {
		part.Chains++
		part.Broken = append(part.Broken, dossier.BrokenError{Chain: chain, N: end.N, What: "its head is there and no line is"})
	}
	return part, err
}

// isGarbled reports whether an error is that of a row that isn't what was written.
func isGarbled(err error) bool {
	return errors.As(err, new(*json.SyntaxError)) || errors.As(err, new(*json.UnmarshalTypeError)) || errors.As(err, new(*time.ParseError))
}

// chain adds what is wrong with one chain.
func (c *Checked) chain(id string, lines []dossier.Line, head chainEnd) {
	c.Chains, c.Lines = c.Chains+1, c.Lines+len(lines)
	last := lines[len(lines)-1]
	err := dossier.CheckChain(lines)
	switch {
	case err != nil:
	case lines[0].Entry.Case != id:
		err = dossier.BrokenError{Chain: id, N: 1, What: fmt.Sprintf("the entry belongs to %q", lines[0].Entry.Case)}
	case head != chainEnd{last.N, last.Hash}:
		err = dossier.BrokenError{Chain: id, N: last.N, What: fmt.Sprintf("the chain's head is line %d, or another line %d", head.N, last.N)}
	default:
		return
	}
	c.Broken = append(c.Broken, err)
}
