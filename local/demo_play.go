package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"gangway/internal/dossier"
)

// attendee is one of the rehearsal's people, wherever they live.
type attendee interface {
	// Look lets them answer what they are ready to; it reports whether they did.
	Look(ctx context.Context) (bool, error)
	NewDay()
}

// scene is a part of the story: its cases are played until they are over, or until a day.
type scene struct {
	cases []string
	// until ends a scene whose case goes on; zero: it ends with its last case.
	until time.Time
	// quick: the days on which nobody had anything to answer are not told.
	quick bool
}

// play lets everybody look at what reached them until the scene is over; when nobody has
// anything to answer, the calendar of all its cases jumps to what their clocks want next.
func (r *rehearsal) play(ctx context.Context, s scene) error {
	looked := false // and nobody had anything to answer of what had come by then
	moved := time.Now()
	for {
		open, err := r.unfinished(ctx, s)
		if err != nil || len(open) == 0 {
			return err
		}
		all := false // has reached whom it is for
		if looked {
			all, err = r.reached(ctx)
		}
		next, quiet := time.Time{}, false
		if err == nil && all == looked { // else there is nothing to be asked while cards and mails are on their way
			next, quiet, err = r.due(ctx, open)
		}
		did := false
		if err == nil && quiet {
			did, err = r.look(ctx)
		}
		switch {
		case err != nil:
			return err
		case did:
			looked, moved = false, time.Now()
		case quiet && !all:
			looked = true
		case !quiet || next.IsZero() && s.until.IsZero(): // a process that was just started is not in the record yet
			err = rest(ctx)
			if time.Since(moved) > stuckAfter {
				err = r.stuck(ctx, open)
			}
		case !s.until.IsZero() && (next.IsZero() || !next.Before(s.until)):
			return r.jump(ctx, open, s.until, s.quick)
		default:
			looked, moved = false, time.Now()
			err = r.jump(ctx, open, next, s.quick)
		}
		if err != nil {
			return err
		}
	}
}

// stuckAfter is how long a scene may stand still before that is a defect. What comes next
// is there within a second; a machine that has much else to do may need a few.
const stuckAfter = 30 * time.Second

// stuck says what a scene waits for that nobody answers.
func (r *rehearsal) stuck(ctx context.Context, cases []string) error {
	var waits []string
	for _, id := range cases {
		v, err := r.place.house.Archive.Case(ctx, id)
		if err != nil {
			return fmt.Errorf("looking what is waited for: %w", err)
		}
		for i := range v.Requests {
			if q := &v.Requests[i]; q.Closed == nil {
				waits = append(waits, q.ID)
			}
		}
	}
	return fmt.Errorf("nobody goes on with %s; waited for: %s", strings.Join(cases, ", "), strings.Join(waits, ", "))
}

// unfinished are the cases of a scene that are not closed, and tells what became of them
// since somebody last looked.
func (r *rehearsal) unfinished(ctx context.Context, s scene) ([]string, error) {
	var open []string
	for _, id := range s.cases {
		v, err := r.place.house.Archive.Case(ctx, id)
		var missing interface{ NotFound() bool }
		switch {
		case errors.As(err, &missing): // opened, and not in the record yet
			open = append(open, id)
			continue
		case err != nil:
			return nil, fmt.Errorf("looking at the case: %w", err)
		}
		if id == r.exit && v.Lines > r.told {
			err = r.news(ctx)
		}
		switch {
		case err != nil:
			return nil, err
		case v.Closed.IsZero():
			open = append(open, id)
		case !r.closed[id]:
			r.closed[id] = true
			r.tell("the case is closed: %s (%s)", v.State, id)
		}
	}
	return open, nil
}

// news tells what the exit came to since somebody last looked: its great steps, as the
// record has them.
func (r *rehearsal) news(ctx context.Context) error {
	lines, err := r.place.house.Archive.Lines(ctx, r.exit)
	if err != nil {
		return fmt.Errorf("reading what became of the exit: %w", err)
	}
	for _, l := range lines[min(r.told, len(lines)):] {
		if l.Entry.Detail == nil {
			continue
		}
		if words := dossier.ExitWords(l.Entry.Kind, l.Entry.Detail); words != "" {
			r.tell("» %s", digests.ReplaceAllString(words, "$1…"))
		}
	}
	r.told = len(lines)
	return nil
}

// digests are those of documents, of which a reader needs the beginning.
var digests = regexp.MustCompile(`(sha256:[0-9a-f]{8})[0-9a-f]{56}`)

// due is when the first of the cases wants something, and whether nothing of any of them is
// on its way.
func (r *rehearsal) due(ctx context.Context, cases []string) (next time.Time, quiet bool, err error) {
	quiet = true
	for _, id := range cases {
		n, q, err := r.place.house.Rehearse(id).Due(ctx)
		if err != nil {
			return next, false, err
		}
		if !n.IsZero() && (next.IsZero() || n.Before(next)) {
			next = n
		}
		quiet = quiet && q
	}
	return next, quiet, nil
}

// jump moves the calendar of some cases to one day.
func (r *rehearsal) jump(ctx context.Context, cases []string, to time.Time, quick bool) error {
	for _, id := range cases {
		err := r.place.house.Rehearse(id).Jump(ctx, to)
		if err != nil {
			return err
		}
	}
	r.today = to
	for _, p := range r.people {
		p.NewDay()
	}
	if !quick {
		r.tell("· nobody had anything to answer: the calendar moved here")
	}
	return nil
}

// look lets everybody open their inbox once.
func (r *rehearsal) look(ctx context.Context) (bool, error) {
	did := false
	for _, p := range r.people {
		d, err := p.Look(ctx)
		if err != nil {
			return false, err
		}
		did = did || d
	}
	return did, nil
}

// rest waits a moment for the record to catch up.
func rest(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("waiting for the case to go on: %w", ctx.Err())
	case <-time.After(30 * time.Millisecond):
		return nil
	}
}
