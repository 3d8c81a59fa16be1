package slack

import (
	"context"
	"fmt"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/review"
)

// gather is how long copies wait for more to change: forty answers within a
// moment change a card once.
const gather = 2 * time.Second

// Follow wants every copy of a request anew, the board of its case and the pages
// of those whom it concerns; of a request that came to its end it lets the
// requester know.
func (a *App) Follow(ctx context.Context, c review.Copy) error {
	r, err := a.o.Store.Request(ctx, c.Request)
	if err != nil {
		return fmt.Errorf("reading a request that changed: %w", err)
	}
	v, err := a.o.Store.CaseHead(ctx, r.Case)
	if err != nil {
		return fmt.Errorf("reading the case of a request that changed: %w", err)
	}
	at := a.now().Add(gather)
	err = a.o.Store.WantPostings(ctx, outbox.Want{Request: c.Request, Kinds: []outbox.PostingKind{outbox.Card}, At: at})
	if err != nil {
		return fmt.Errorf("wanting the copies of a request: %w", err)
	}
	a.stir(at)
	if err := a.tellRequester(ctx, &v, &r); err != nil {
		return err
	}
	if err := a.followCase(ctx, &v, &r, at, c.At); err != nil {
		return err
	}
	for _, person := range concerned(&v, &r) {
		if err := a.wantHome(ctx, person, false); err != nil {
			return err
		}
	}
	return nil
}

// concerned are the people on whose pages a request may be.
func concerned(v *dossier.CaseView, r *review.Request) []string {
	seen := map[string]bool{"": true}
	var people []string
	add := func(person string) {
		if !seen[person] {
			seen[person] = true
			people = append(people, person)
		}
	}
	for _, s := range r.Seatings {
		for _, h := range s.Holders {
			add(h.Person)
		}
	}
	add(v.Requester)
	add(v.Owner)
	return people
}

// tellRequester keeps the tidings of a request that is closed.
func (a *App) tellRequester(ctx context.Context, v *dossier.CaseView, r *review.Request) error {
	if r.Closed == nil || v.Requester == "" || !isOutcome(r.Closed.Why) {
		return nil
	}
	if ours, err := a.Tells(ctx, v.Requester); err != nil || !ours {
		return err
	}
	now := a.now()
	err := a.o.Store.PutPosting(ctx, outbox.Posting{ID: outbox.TidingsID(r.ID, r.Closed.At), Kind: outbox.Tidings, Person: v.Requester, Case: v.ID,
		Request: r.ID, Rehearsal: v.Rehearsal, At: r.Closed.At, Made: now, State: outbox.Due, Wanted: 1, Next: now})
	if err != nil {
		return fmt.Errorf("keeping the tidings of a request: %w", err)
	}
	return nil
}

// isOutcome: what is superseded or reopened goes on elsewhere and is no news.
func isOutcome(why string) bool { return why != "superseded" && why != "reopened" }

// followCase wants the case's board, and keeps a line below it for each answer
// that was counted and for what else happened, by then in case time.
func (a *App) followCase(ctx context.Context, v *dossier.CaseView, r *review.Request, at, then time.Time) error {
	if a.o.CasesChannel == "" {
		return nil
	}
	if err := a.wantBoard(ctx, v, at); err != nil {
		return err
	}
	fresh, err := a.unlined(ctx, r)
	if err != nil {
		return err
	}
	var lines []event
	for _, b := range fresh {
		lines = append(lines, event{key: b.Answer, answer: b.Answer, at: b.At})
	}
	more, err := a.unsaid(ctx, v, r, then)
	if err != nil {
		return err
	}
	return a.putLines(ctx, v, r.ID, append(lines, more...))
}

// wantBoard wants the board of a case, which has one from the first notice on.
func (a *App) wantBoard(ctx context.Context, v *dossier.CaseView, at time.Time) error {
	now := a.now()
	p := outbox.Posting{ID: outbox.BoardID(v.ID), Kind: outbox.Board, Case: v.ID, Rehearsal: v.Rehearsal, Made: now, State: outbox.Due, Wanted: 1, Next: now}
	if err := a.o.Store.PutPosting(ctx, p); err != nil {
		return fmt.Errorf("keeping the board of a case: %w", err)
	}
	if err := a.o.Store.WantPostings(ctx, outbox.Want{ID: p.ID, At: at}); err != nil {
		return fmt.Errorf("wanting the board of a case: %w", err)
	}
	return nil
}

// unlined are the ballots that have no line yet, in their order. Lines are kept
// in that order too, so that those before one that is there are there.
func (a *App) unlined(ctx context.Context, r *review.Request) ([]review.Ballot, error) {
	i := len(r.Ballots)
	for ; i > 0; i-- {
		_, err := a.o.Store.Posting(ctx, outbox.LineID(r.Ballots[i-1].Answer))
		if err == nil {
			break
		}
		if !isMissing(err) {
			return nil, fmt.Errorf("looking for the line of an answer: %w", err)
		}
	}
	return r.Ballots[i:], nil
}
