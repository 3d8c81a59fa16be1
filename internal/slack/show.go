package slack

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// homeAfter is the pause before a home page is made anew, so that it is made once
// however much changes meanwhile.
const homeAfter = 5 * time.Second

// Show keeps what a notice is to show its person: a card for each request, one
// whatever comes again, and words for what is no new request. shown is false for
// somebody who left, is of a vendor, or whom Slack can't be asked about.
func (a *App) Show(ctx context.Context, n review.Notice) (shown bool, err error) {
	who, _, err := a.o.Store.Person(ctx, n.Person)
	if isMissing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking up whom a notice is for: %w", err)
	}
	if can, err := a.mayReach(ctx, who); err != nil || !can {
		return false, err
	}
	v, err := a.o.Store.CaseHead(ctx, n.Case)
	if err != nil {
		return false, fmt.Errorf("reading the case of a notice: %w", err)
	}
	now := a.now()
	p := outbox.Posting{Person: n.Person, Case: n.Case, Requests: n.Requests, Why: n.Why, Notice: n.ID, Rehearsal: v.Rehearsal,
		At: n.At, Made: now, State: outbox.Due, Wanted: 1, Next: now}
	told := false // of one of the requests before, by another notice
	for _, r := range n.Requests {
		card := p
		card.ID, card.Kind, card.Request = outbox.CardID(n.Person, r), outbox.Card, r
		before, err := a.put(ctx, card)
		if err != nil {
			return false, err
		}
		told = told || before
		// Time has passed, or somebody else is asked: other copies may say so.
		err = a.o.Store.WantPostings(ctx, outbox.Want{Request: r, Kinds: []outbox.PostingKind{outbox.Card}, At: now.Add(gather)})
		if err != nil {
			return false, fmt.Errorf("wanting the copies of a request: %w", err)
		}
	}
	switch {
	case n.Why == playbook.WhyManager, n.Why == playbook.WhyOwner, n.Why == playbook.WhyVacant, n.Why == playbook.WhyUnread:
		p.ID, p.Kind = outbox.WordID(n.ID), outbox.Word
		_, err = a.put(ctx, p)
	case n.Why == playbook.WhyReminder, told: // a card that changes makes no sound
		p.ID, p.Kind = outbox.NudgeID(n.ID), outbox.Nudge
		_, err = a.put(ctx, p)
	}
	if err == nil {
		err = a.wantHome(ctx, n.Person, true)
	}
	if err == nil {
		err = a.stepped(ctx, &v, n)
	}
	if err == nil && a.o.CasesChannel != "" { // something is asked that the board may not have
		err = a.wantBoard(ctx, &v, now.Add(gather))
		a.stir(now.Add(gather))
	}
	a.stir(now)
	return err == nil, err
}

// stepped lets the copies of others follow where a notice tells of something that
// nobody did: a backup joined a seat, or a rehearsal's clock was moved on.
func (a *App) stepped(ctx context.Context, v *dossier.CaseView, n review.Notice) error {
	if n.Why == playbook.WhyBackup {
		for _, r := range n.Requests {
			if err := a.Follow(ctx, review.Copy{Request: r, At: n.At}); err != nil {
				return err
			}
		}
	}
	if !v.Rehearsal {
		return nil
	}
	err := a.o.Store.WantPostings(ctx, outbox.Want{Case: v.ID, Kinds: []outbox.PostingKind{outbox.Card, outbox.Board}, At: a.now().Add(gather)})
	if err != nil {
		return fmt.Errorf("wanting what a rehearsal's clock may have changed: %w", err)
	}
	return nil
}

// put keeps a posting; before says that another notice brought it. One that was
// given up is taken up again by another notice: the person may be in Slack by now.
func (a *App) put(ctx context.Context, p outbox.Posting) (before bool, err error) {
	if err := a.o.Store.PutPosting(ctx, p); err != nil {
		return false, fmt.Errorf("keeping what is to be shown: %w", err)
	}
	old, err := a.o.Store.Posting(ctx, p.ID)
	if err != nil {
		return false, fmt.Errorf("reading what is to be shown: %w", err)
	}
	if old.Notice == p.Notice {
		return false, nil
	}
	if old.State != outbox.Unreached && old.State != outbox.Stale {
		return true, nil
	}
	err = a.o.Store.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Due, Shown: old.Shown, Next: p.Next})
	if err != nil {
		return false, fmt.Errorf("taking up again what was given up: %w", err)
	}
	return false, nil
}

// mayReach reports whether somebody is, or might be, in Slack, as far as the
// record knows.
func (a *App) mayReach(ctx context.Context, who playbook.Person) (bool, error) {
	if who.Left || who.Employer != "" {
		return false, nil
	}
	if who.Slack != "" || a.byMail(who) {
		return true, nil
	}
	_, found, err := a.bound(ctx, who.ID)
	return found, err
}

// byMail reports whether somebody may be looked for by their mail address.
func (a *App) byMail(who playbook.Person) bool {
	_, domain, found := strings.Cut(strings.ToLower(who.Mail), "@")
	if !found {
		return false
	}
	for _, d := range a.o.MailDomains {
		if d == domain {
			return true
		}
	}
	return false
}

// wantHome lets somebody's page follow; made: also where they had none so far.
func (a *App) wantHome(ctx context.Context, person string, made bool) error {
	now := a.now()
	id := outbox.HomeID(person)
	if made {
		p := outbox.Posting{ID: id, Kind: outbox.Home, Person: person, Made: now, State: outbox.Due, Wanted: 1, Next: now.Add(homeAfter)}
		if err := a.o.Store.PutPosting(ctx, p); err != nil {
			return fmt.Errorf("keeping somebody's page: %w", err)
		}
	}
	if err := a.o.Store.WantPostings(ctx, outbox.Want{ID: id, At: now.Add(homeAfter)}); err != nil {
		return fmt.Errorf("wanting somebody's page: %w", err)
	}
	a.stir(now.Add(homeAfter))
	return nil
}

// OpenHome makes somebody's page, since they look at it. Whoever looks is there:
// what waits for them and was given up, or never tried, is shown after all.
func (a *App) OpenHome(ctx context.Context, person string) error {
	if err := a.wantHome(ctx, person, true); err != nil {
		return err
	}
	waiting, err := a.o.Store.Waiting(ctx, person)
	if err != nil {
		return fmt.Errorf("reading what waits for somebody: %w", err)
	}
	for _, r := range waiting {
		if err := a.takeUp(ctx, person, &r); err != nil {
			return err
		}
	}
	return a.Hurry(ctx, outbox.Want{ID: outbox.HomeID(person)}, "")
}

// takeUp lets a card be posted that is not on its way and never was shown. It is
// of no notice: what was to be told by one was told another way.
func (a *App) takeUp(ctx context.Context, person string, r *review.Request) error {
	now, id := a.now(), outbox.CardID(person, r.ID)
	old, err := a.o.Store.Posting(ctx, id)
	switch {
	case isMissing(err):
		v, err := a.o.Store.CaseHead(ctx, r.Case)
		if err == nil {
			err = a.o.Store.PutPosting(ctx, outbox.Posting{ID: id, Kind: outbox.Card, Person: person, Case: r.Case, Request: r.ID, Requests: []string{r.ID},
				Why: playbook.WhyAsked, Rehearsal: v.Rehearsal, At: v.Now(now), Made: now, State: outbox.Due, Wanted: 1, Next: now})
		}
		if err != nil {
			return fmt.Errorf("keeping a card for whoever came: %w", err)
		}
	case err != nil:
		return fmt.Errorf("looking for a card of whoever came: %w", err)
	case old.State == outbox.Unreached:
		err = a.o.Store.SettlePosting(ctx, id, outbox.Looked{State: outbox.Due, Shown: old.Shown, Next: now})
		if err != nil {
			return fmt.Errorf("taking up a card again: %w", err)
		}
	}
	a.stir(now)
	return nil
}
