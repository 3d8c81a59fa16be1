package mail

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"gangway/internal/outbox"
	"gangway/internal/review"
)

// tell lets the cases of failed letters know that somebody was not reached.
func (p *Post) tell(ctx context.Context) error {
	if p.o.Notes == nil {
		return nil
	}
	failed, err := p.o.Store.Letters(ctx, outbox.Which{By: outbox.ByUntold})
	if err != nil {
		return fmt.Errorf("looking for failed letters: %w", err)
	}
	var errs []error
	for _, l := range failed {
		// A sealed case that was told would be sealed anew, and mailed again.
		if l.Kind == outbox.Checkpoint {
			errs = append(errs, p.o.Store.ToldLetter(ctx, l.ID))
			continue
		}
		if err := p.note(ctx, l); err != nil {
			errs = append(errs, fmt.Errorf("telling the case of letter %s: %w", l.ID, err))
			continue
		}
		errs = append(errs, p.o.Store.ToldLetter(ctx, l.ID))
	}
	return errors.Join(errs...)
}

// note tells of each request that the person was to hear of. Ids follow from the
// letter's, so that telling again changes nothing. What the case refuses to hear
// (it is gone, or over) is not told for ever.
func (p *Post) note(ctx context.Context, l outbox.Letter) error {
	requests := l.Requests
	if len(requests) == 0 {
		requests = []string{""}
	}
	for _, r := range requests {
		err := p.o.Notes.Note(ctx, review.Note{ID: noteID(l, r), Kind: review.NoteUndelivered, Case: l.Case, Request: r, Person: l.Person,
			Channel: p.Channel(), At: l.Changed})
		if err != nil && !final(err) {
			return err
		}
	}
	return nil
}

// noteID fits what desk takes as an id, however long the letter's is.
func noteID(l outbox.Letter, request string) string {
	return fmt.Sprintf("mail-%x", sha256.Sum256([]byte(l.ID+"\x00"+request)))[:45]
}

// final reports whether trying again would end the same way.
func final(err error) bool {
	var invalid interface{ Invalid() bool }
	return isMissing(err) || errors.As(err, &invalid) && invalid.Invalid()
}

func isMissing(err error) bool {
	var missing interface{ NotFound() bool }
	return errors.As(err, &missing) && missing.NotFound()
}
