package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

const (
	// newsAgain is how often the record is looked through for entries without a line,
	// those that were made within newsLately; every newsAll those of newsFor, which came
	// late into the record, or while nobody wrote to Slack.
	newsAgain  = 10 * time.Second
	newsLately = time.Hour
	newsAll    = time.Hour
	newsFor    = 7 * 24 * time.Hour
)

// lineEntry is the Why of a line that tells of an entry, whose id is its Answer.
const lineEntry = "entry"

// gleaned is when the record was looked through last, and when as far back as it goes.
type gleaned struct{ lately, all time.Time }

// tellNews keeps a line for each entry that has none yet. Most entries are followed by
// no request's copy, so that they are looked for.
func (a *App) tellNews(ctx context.Context) error {
	now := a.now()
	if a.o.CasesChannel == "" || now.Sub(a.gleaned.lately) < newsAgain {
		return nil
	}
	since, all := now.Add(-newsLately), now.Sub(a.gleaned.all) >= newsAll
	if all {
		since = now.Add(-newsFor)
	}
	entries, err := a.o.Store.Untold(ctx, since, newsKinds())
	if err != nil {
		return fmt.Errorf("looking for what happened in cases: %w", err)
	}
	var errs []error
	for _, e := range entries {
		if err := a.lineNews(ctx, e); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 { // again in the next turn
		return errors.Join(errs...)
	}
	if a.gleaned.lately = now; all {
		a.gleaned.all = now
	}
	return nil
}

func (a *App) lineNews(ctx context.Context, e dossier.Entry) error {
	v, err := a.o.Store.CaseHead(ctx, e.Case)
	if err != nil {
		return fmt.Errorf("reading the case of an entry: %w", err)
	}
	return a.putLines(ctx, &v, "", []event{{key: e.ID, why: lineEntry, answer: e.ID, at: e.CaseAt}})
}

// newsOf are the words of a line that tells of an entry.
func (a *App) newsOf(ctx context.Context, p outbox.Posting) (message, error) {
	e, err := a.o.Store.CaseEntry(ctx, p.Case, p.Answer)
	if err != nil {
		return message{}, fmt.Errorf("reading the entry of a line: %w", err)
	}
	v, err := a.o.Store.CaseHead(ctx, p.Case)
	if err != nil {
		return message{}, fmt.Errorf("reading the case of an entry's line: %w", err)
	}
	people, err := a.people(ctx)
	if err != nil {
		return message{}, err
	}
	return scene{Case: v, People: people, Now: v.Now(a.now())}.news(e), nil
}
