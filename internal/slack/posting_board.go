package slack

import (
	"context"
	"fmt"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

// checkedAgain is the pause before a channel is looked at again that is shared.
const checkedAgain = 10 * time.Minute

// sharedError says that people of other organisations are in the channel of
// cases: what is said of vendors is not for them.
type sharedError struct{}

// Error says so.
func (sharedError) Error() string { return "the channel of cases is shared with another organisation" }

// Hint says what to do.
func (sharedError) Hint() string { return "name a channel that only people of this workspace can join" }

// casesChannel is the channel of cases, checked by Slack.
func (a *App) casesChannel(ctx context.Context) (string, error) {
	channel := a.o.CasesChannel
	if _, known := a.o.Client.knownChannel(channel); !known {
		if err := a.mayCall(ConversationInfo, channel); err != nil {
			return "", err
		}
	}
	shared, err := a.o.Client.IsShared(ctx, channel)
	if err != nil { // what can't be checked is not written to
		return "", err
	}
	if shared {
		return "", sharedError{}
	}
	return channel, nil
}

// lookBoard brings the board of a case to its state.
func (a *App) lookBoard(ctx context.Context, p outbox.Posting) (outbox.Looked, error) {
	if a.o.CasesChannel == "" {
		return outbox.Looked{State: outbox.Stale, Shown: p.Wanted}, nil
	}
	s, err := a.caseOf(ctx, p.Case)
	if isMissing(err) {
		return a.unrecorded(p), nil
	}
	if err != nil {
		return outbox.Looked{}, err
	}
	if err := a.lineHolds(ctx, &s.Case); err != nil {
		return outbox.Looked{}, err
	}
	m := s.board()
	channel, err := a.casesChannel(ctx)
	if err != nil {
		return a.closedBoard(p, err)
	}
	c, err := a.bring(ctx, p, m, nil)
	if err == nil && c.standing == 0 {
		err = a.postAt(ctx, p, channel, "", m)
	}
	if err != nil {
		return outbox.Looked{}, err
	}
	return outbox.Looked{State: outbox.Standing, Shown: p.Wanted, Next: a.again(&s.Case, s.changesAt())}, nil
}

// closedBoard waits for a channel that may be written to.
func (a *App) closedBoard(p outbox.Posting, err error) (outbox.Looked, error) {
	if _, shared := err.(sharedError); !shared {
		return outbox.Looked{}, err
	}
	a.o.Log.Error("the board of a case is not shown", "posting", p.ID, "error", err)
	return outbox.Looked{State: p.State, Shown: p.Wanted, Next: a.now().Add(checkedAgain), Fault: "shared channel", Tried: true}, nil
}

// lookLine says under a case's board what happened, once.
func (a *App) lookLine(ctx context.Context, p outbox.Posting) (outbox.Looked, error) {
	said := outbox.Looked{State: outbox.Said, Shown: p.Wanted}
	places, err := a.o.Store.Places(ctx, p.ID)
	if err != nil {
		return outbox.Looked{}, fmt.Errorf("looking whether it was said: %w", err)
	}
	if len(places) > 0 {
		return said, nil
	}
	m, err := a.lineOf(ctx, p)
	if isMissing(err) {
		return a.unrecorded(p), nil
	}
	if err != nil {
		return outbox.Looked{}, err
	}
	if m.text == "" {
		return outbox.Looked{State: outbox.Stale, Shown: p.Wanted}, nil
	}
	boards, err := a.o.Store.Places(ctx, outbox.BoardID(p.Case))
	if err != nil {
		return outbox.Looked{}, fmt.Errorf("looking for the board: %w", err)
	}
	if len(boards) == 0 { // it comes first
		return outbox.Looked{State: outbox.Due, Shown: p.Wanted, Next: a.now().Add(a.o.Every)}, nil
	}
	channel, err := a.casesChannel(ctx)
	if err != nil {
		return a.closedBoard(p, err)
	}
	board := boards[len(boards)-1]
	err = a.postAt(ctx, p, channel, board.Stamp, m)
	if call, ok := callOf(err); ok && call.gone() && call.Word != "channel_not_found" {
		return a.boardless(ctx, p, board)
	}
	if err != nil {
		return outbox.Looked{}, err
	}
	return said, nil
}

// boardless lets a board be posted again that somebody deleted.
func (a *App) boardless(ctx context.Context, p outbox.Posting, board outbox.Place) (outbox.Looked, error) {
	board.Gone = true
	if err := a.o.Store.PutPlace(ctx, board); err != nil {
		return outbox.Looked{}, fmt.Errorf("keeping that a board is gone: %w", err)
	}
	if err := a.o.Store.WantPostings(ctx, outbox.Want{ID: outbox.BoardID(p.Case), At: a.now()}); err != nil {
		return outbox.Looked{}, fmt.Errorf("wanting the board again: %w", err)
	}
	return outbox.Looked{State: outbox.Due, Shown: p.Wanted, Next: a.now().Add(a.o.Every)}, nil
}

// caseOf is a case as everybody sees it.
func (a *App) caseOf(ctx context.Context, id string) (caseScene, error) {
	v, err := a.o.Store.Case(ctx, id)
	if err != nil {
		return caseScene{}, fmt.Errorf("reading the case: %w", err)
	}
	return a.caseScene(ctx, v)
}

func (a *App) caseScene(ctx context.Context, v dossier.CaseView) (caseScene, error) {
	s := caseScene{Case: v, Now: v.Now(a.now()), Base: a.o.Address}
	var err error
	if s.Vendor, err = a.vendor(ctx, v.Vendor); err != nil {
		return s, err
	}
	s.People, err = a.people(ctx)
	return s, err
}
