package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/outbox"
	"gangway/internal/review"
)

// Instead is the channel that tells people whom Slack does not reach.
type Instead interface {
	Show(ctx context.Context, n review.Notice) (shown bool, err error)
	// Tidings tells the requester of a case what became of a request; without one,
	// of the case.
	Tidings(ctx context.Context, caseID, request string) error
}

// Tells reports whether somebody is told by Slack what became of what they asked
// for: they may be there, and don't prefer to be told by mail. Whom Slack then
// does not know is told by Options.Instead.
func (a *App) Tells(ctx context.Context, person string) (bool, error) {
	who, _, err := a.o.Store.Person(ctx, person)
	if isMissing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking up who is to be told: %w", err)
	}
	if a.o.Instead != nil && !who.Prefers(Channel, "mail") {
		return false, nil
	}
	return a.mayReach(ctx, who)
}

// tellEnds keeps the tidings of cases that are over. Those whose requester is told
// elsewhere are left to that channel.
func (a *App) tellEnds(ctx context.Context) error {
	ended, err := a.o.Store.EndedCases(ctx)
	if err != nil {
		return fmt.Errorf("looking for cases that ended: %w", err)
	}
	var errs []error
	for _, id := range ended {
		if err := a.tellEnd(ctx, id); err != nil {
			errs = append(errs, fmt.Errorf("telling the end of %s: %w", id, err))
		}
	}
	return errors.Join(errs...)
}

func (a *App) tellEnd(ctx context.Context, id string) error {
	v, err := a.o.Store.CaseHead(ctx, id)
	if err != nil {
		return fmt.Errorf("reading a case that ended: %w", err)
	}
	if err := a.lineEnd(ctx, &v); err != nil {
		return err
	}
	ours, err := a.Tells(ctx, v.Requester)
	if err != nil || !ours && a.o.Instead != nil {
		return err
	}
	now := a.now()
	p := outbox.Posting{ID: outbox.TidingsID(id, v.Closed), Kind: outbox.Tidings, Person: v.Requester, Case: id, Why: outbox.WhyEnded,
		Rehearsal: v.Rehearsal, At: v.Closed, Made: now, State: outbox.Due, Wanted: 1, Next: now}
	if !ours { // nobody to tell, and no other channel: kept, so that the case isn't looked at for ever
		p.Person, p.State = v.Owner, outbox.Stale
	}
	if err := a.o.Store.PutPosting(ctx, p); err != nil {
		return fmt.Errorf("keeping the tidings of a case: %w", err)
	}
	return a.o.Store.WantPostings(ctx, outbox.Want{ID: outbox.BoardID(id), At: now})
}

// ended says how a case ended to whoever asked for it.
func (a *App) ended(ctx context.Context, p outbox.Posting) (message, error) {
	v, err := a.o.Store.CaseHead(ctx, p.Case)
	if err != nil {
		return message{}, fmt.Errorf("reading the case that ended: %w", err)
	}
	name, _, err := a.o.Store.Vendor(ctx, v.Vendor)
	if err != nil {
		return message{}, fmt.Errorf("reading the name of a vendor: %w", err)
	}
	if name == "" {
		name = v.Vendor
	}
	return endOf(&v, name), nil
}

// endOf are the words.
func endOf(v *dossier.CaseView, vendor string) message {
	mark, word := "🏁", "The case of "+literal(vendor, maxVendorWords)+" is over: it ended as "+literal(string(v.State), 40)+"."
	switch v.State {
	case dossier.Live:
		mark, word = "🚢", "The case of "+literal(vendor, maxVendorWords)+" is over: everything is settled, and the vendor is live."
	case dossier.Ended:
		word = "The case of " + literal(vendor, maxVendorWords) + " is over: it was withdrawn."
	}
	if isExit(v.ID) && !strings.HasPrefix(v.ID, exit.PartExit+"/") { // a drill: the vendor works on, and nobody shall think otherwise
		word = "The drill of leaving " + literal(vendor, maxVendorWords) + " is over. What it came to is in the case."
	}
	m := message{text: drill(v.Rehearsal, word)}
	m.add(section(drill(v.Rehearsal, mark+" "+word)))
	m.add(small("Case " + literal(v.ID, 100)))
	return m
}

// maxVendorWords bounds a vendor's name in a sentence.
const maxVendorWords = 80
