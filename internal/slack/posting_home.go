package slack

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

const (
	// mostAsked and mostRecent bound what a page shows besides what waits.
	mostAsked  = 10
	mostRecent = 10
)

// lookHome brings somebody's page to their state. Who is not in Slack has none.
func (a *App) lookHome(ctx context.Context, p outbox.Posting) (outbox.Looked, error) {
	done := outbox.Looked{State: outbox.Standing, Shown: p.Wanted}
	who, _, err := a.o.Store.Person(ctx, p.Person)
	if isMissing(err) {
		return outbox.Looked{State: outbox.Stale, Shown: p.Wanted, Fault: "no person"}, nil
	}
	if err != nil {
		return outbox.Looked{}, fmt.Errorf("looking up its person: %w", err)
	}
	user, found, err := a.bound(ctx, who.ID)
	if err != nil {
		return outbox.Looked{}, err
	}
	if who.Left || who.Employer != "" {
		found = false
	}
	if !found {
		user = ""
	}
	if err := a.clearHomes(ctx, p, user); err != nil {
		return outbox.Looked{}, err
	}
	if !found {
		return done, nil
	}
	h, err := a.homeOf(ctx, who)
	if err != nil {
		return outbox.Looked{}, err
	}
	done.Next = a.pageChangesAt(h)
	digest := h.digest()
	places, err := a.o.Store.Places(ctx, p.ID)
	if err != nil {
		return outbox.Looked{}, fmt.Errorf("looking what the page shows: %w", err)
	}
	before := slices.IndexFunc(places, func(o outbox.Place) bool { return o.Stamp == homeStamp && o.Channel == user })
	if before >= 0 && places[before].Digest == digest {
		return done, nil
	}
	if err := a.mayCall(PublishView, ""); err != nil {
		return outbox.Looked{}, err
	}
	if before >= 0 {
		if err := a.unsure(ctx, places[before]); err != nil {
			return outbox.Looked{}, err
		}
	}
	err = a.o.Client.PublishHome(ctx, user, h.view())
	if call, ok := callOf(err); ok && (call.person() || call.NotFound()) {
		return outbox.Looked{State: outbox.Standing, Shown: p.Wanted, Fault: call.Word}, nil
	}
	if err != nil {
		return outbox.Looked{}, err
	}
	err = a.o.Store.PutPlace(ctx, outbox.Place{Posting: p.ID, Channel: user, Stamp: homeStamp, Digest: digest, Made: a.now()})
	if err != nil {
		return outbox.Looked{}, fmt.Errorf("keeping what the page shows: %w", err)
	}
	return done, nil
}

// homeOf is what somebody's page is made of.
func (a *App) homeOf(ctx context.Context, who playbook.Person) (homeScene, error) {
	now := a.now()
	h := homeScene{Viewer: who, Now: now, Base: a.o.Address}
	for _, away := range who.Away {
		if away.Until.After(now) {
			h.Away = append(h.Away, away)
		}
	}
	var err error
	if h.People, err = a.people(ctx); err != nil {
		return h, err
	}
	waiting, err := a.o.Store.Waiting(ctx, who.ID)
	if err != nil {
		return h, fmt.Errorf("reading what waits for somebody: %w", err)
	}
	for _, r := range waiting {
		s, err := a.sceneOf(ctx, r, who, "")
		if err != nil {
			return h, err
		}
		h.Waiting = append(h.Waiting, s)
	}
	cases, err := a.o.Store.CasesOf(ctx, who.ID, mostAsked)
	if err != nil {
		return h, fmt.Errorf("reading somebody's cases: %w", err)
	}
	for _, v := range cases {
		c, err := a.caseOf(ctx, v.ID)
		if err != nil {
			return h, err
		}
		c.Viewer = who
		h.Asked = append(h.Asked, c)
	}
	h.Recent, err = a.recent(ctx, who)
	return h, err
}

// pageChangesAt is when somebody's page shows something else though nobody does
// anything; zero: it waits until it is wanted.
func (a *App) pageChangesAt(h homeScene) time.Time {
	var next time.Time
	at := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, s := range h.Waiting {
		at(a.again(&s.Case, s.changesAt()))
	}
	for _, c := range h.Asked {
		at(a.again(&c.Case, c.changesAt()))
	}
	for _, away := range h.Away {
		for _, t := range []time.Time{away.From, away.Until} {
			if t.After(h.Now) {
				at(t.Add(settled))
			}
		}
	}
	return next
}

// recent are the requests that somebody answered last, in any case. In whose
// matter they declared a conflict since, they see no more.
func (a *App) recent(ctx context.Context, who playbook.Person) ([]scene, error) {
	answered, err := a.o.Store.Answered(ctx, who.ID, mostRecent)
	if err != nil {
		return nil, fmt.Errorf("reading what somebody answered: %w", err)
	}
	var list []scene
	for _, r := range answered {
		if slices.Contains(r.Recused, who.ID) {
			continue
		}
		s, err := a.sceneFor(ctx, r)
		if err != nil {
			return nil, err
		}
		s.Viewer = who
		list = append(list, s)
	}
	return list, nil
}
