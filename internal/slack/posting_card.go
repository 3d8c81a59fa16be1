package slack

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// lookCard brings a person's card of a request to its state, wherever it stands.
// It is posted to whoever is asked now, and never to anybody who is not. A card
// goes on standing when its request is closed: whoever finds a copy of it that
// we don't know lets it follow too.
func (a *App) lookCard(ctx context.Context, p outbox.Posting, answer string) (outbox.Looked, error) {
	r, err := a.o.Store.Request(ctx, p.Request)
	if isMissing(err) {
		return a.unrecorded(p), nil
	}
	if err != nil {
		return outbox.Looked{}, fmt.Errorf("reading the request: %w", err)
	}
	who, _, err := a.o.Store.Person(ctx, p.Person)
	if isMissing(err) {
		return outbox.Looked{State: outbox.Stale, Shown: p.Wanted, Fault: "no person"}, nil
	}
	if err != nil {
		return outbox.Looked{}, fmt.Errorf("looking up its person: %w", err)
	}
	s, err := a.sceneOf(ctx, r, who, answer)
	if err != nil {
		return outbox.Looked{}, err
	}
	m := s.card()
	c, err := a.bring(ctx, p, m, func(place outbox.Place) (bool, error) { return a.stillTheirs(ctx, who, place) })
	if err != nil {
		return outbox.Looked{}, err
	}
	asked := r.IsOpen() && !who.Left && len(r.SeatsOf(who.ID, s.Now)) > 0
	switch {
	case c.standing > 0:
	case asked:
		err = a.post(ctx, p, who, m)
	case c.dead: // it shows what is no longer so
		err = a.postWord(ctx, p, who, s.moved())
	case p.State == outbox.Due && !r.IsOpen():
		return outbox.Looked{State: outbox.Stale, Shown: p.Wanted}, nil
	}
	if err != nil {
		return outbox.Looked{}, err
	}
	return outbox.Looked{State: outbox.Standing, Shown: p.Wanted, Next: earlier(a.again(&s.Case, s.changesAt()), a.delivered(s))}, nil
}

// queuedFor is the pause before a card is looked at again that says that something
// is being delivered.
const queuedFor = 5 * time.Second

// delivered is when to look whether what its person said was delivered; zero: nothing
// waits. Not all that is delivered changes the request, so nobody else would say.
func (a *App) delivered(s scene) time.Time {
	if slices.ContainsFunc(s.Queued, func(q review.Queued) bool { return q.Request == s.Request.ID }) {
		return a.now().Add(queuedFor)
	}
	return time.Time{}
}

// unrecorded waits for a request that the record doesn't have yet.
func (a *App) unrecorded(p outbox.Posting) outbox.Looked {
	now := a.now()
	if now.Sub(p.Made) >= givenUpAfter {
		return outbox.Looked{State: outbox.Stale, Shown: p.Wanted, Fault: "no request"}
	}
	return outbox.Looked{State: p.State, Shown: p.Wanted, Next: now.Add(a.o.Every), Fault: "no request"}
}

// postWord says something once that nothing follows. Whether it arrives is not
// worth more than one try after another.
func (a *App) postWord(ctx context.Context, p outbox.Posting, who playbook.Person, m message) error {
	if m.text == "" {
		return nil
	}
	user, err := a.reach(ctx, who)
	if err != nil {
		return err
	}
	channel, err := a.conversation(ctx, who.ID, user)
	if err != nil {
		return err
	}
	if err := a.mayCall(PostMessage, channel); err != nil {
		return err
	}
	_, err = a.o.Client.Post(ctx, channel, "", m.text, m.blocks(p.Wanted))
	return err
}

// lookWords says once what is to be said to a person: that something still waits,
// that somebody does not answer, what became of something.
func (a *App) lookWords(ctx context.Context, p outbox.Posting) (outbox.Looked, error) {
	said := outbox.Looked{State: outbox.Said, Shown: p.Wanted}
	places, err := a.o.Store.Places(ctx, p.ID)
	if err != nil {
		return outbox.Looked{}, fmt.Errorf("looking whether it was said: %w", err)
	}
	if len(places) > 0 {
		return said, nil
	}
	who, _, err := a.o.Store.Person(ctx, p.Person)
	if isMissing(err) {
		return outbox.Looked{State: outbox.Stale, Shown: p.Wanted, Fault: "no person"}, nil
	}
	if err != nil {
		return outbox.Looked{}, fmt.Errorf("looking up its person: %w", err)
	}
	if p.Kind == outbox.Nudge && !p.Rehearsal {
		if next, err := a.nudgeAt(ctx, who); err != nil || next.After(a.now()) {
			return outbox.Looked{State: p.State, Shown: p.Wanted, Next: next}, err
		}
	}
	m, ready, err := a.wordsOf(ctx, p, who)
	switch {
	case err != nil:
		return outbox.Looked{}, err
	case !ready:
		return outbox.Looked{State: outbox.Due, Shown: p.Wanted, Next: a.now().Add(a.o.Every)}, nil
	case m.text == "":
		return outbox.Looked{State: outbox.Stale, Shown: p.Wanted}, nil
	}
	if err := a.post(ctx, p, who, m); err != nil {
		return outbox.Looked{}, err
	}
	if p.Kind == outbox.Nudge && !p.Rehearsal {
		return said, a.nudged(ctx, who)
	}
	return said, nil
}

// wordsOf are a posting's words, from the record as it is; ready is false where
// the record does not know them yet.
func (a *App) wordsOf(ctx context.Context, p outbox.Posting, who playbook.Person) (m message, ready bool, err error) {
	switch {
	case p.Kind == outbox.Verdict:
		return a.verdictOf(ctx, p, who)
	case p.Kind == outbox.Tidings && p.Why == outbox.WhyEnded:
		m, err = a.ended(ctx, p)
		return m, true, err
	}
	ids := p.Requests
	if p.Request != "" {
		ids = []string{p.Request}
	}
	var list []scene
	for _, id := range ids {
		r, err := a.o.Store.Request(ctx, id)
		if isMissing(err) {
			continue
		}
		if err != nil {
			return m, false, fmt.Errorf("reading a request: %w", err)
		}
		s, err := a.sceneOf(ctx, r, who, "")
		if err != nil {
			return m, false, err
		}
		list = append(list, s)
	}
	if p.Kind == outbox.Nudge { // what was answered meanwhile waits no longer
		list = slices.DeleteFunc(list, func(s scene) bool { return !waits(&s.Request, who.ID, s) })
	}
	switch {
	case len(list) == 0:
		return m, true, nil
	case p.Kind == outbox.Tidings:
		return list[0].tidings(), true, nil
	case p.Kind == outbox.Word:
		return wordTo(list, p.Why), true, nil
	}
	return nudge(list, p.Why), true, nil
}

// waits reports whether a request waits for somebody: they hold a seat that has
// no answer that stands.
func waits(r *review.Request, person string, s scene) bool {
	return r.IsOpen() && slices.ContainsFunc(r.SeatsOf(person, s.Now), func(seat string) bool { return r.Standing(seat) == nil })
}

// verdictOf says what became of an answer, once that is known.
func (a *App) verdictOf(ctx context.Context, p outbox.Posting, who playbook.Person) (m message, ready bool, err error) {
	out, known, err := a.o.Store.Receipt(ctx, p.Answer)
	if err != nil {
		return m, false, fmt.Errorf("looking up what became of an answer: %w", err)
	}
	if !known || out.Status == review.Pending {
		return m, false, nil
	}
	r, err := a.o.Store.Request(ctx, p.Request)
	if isMissing(err) {
		return m, true, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("reading a request: %w", err)
	}
	s, err := a.sceneOf(ctx, r, who, "")
	if err != nil {
		return m, false, err
	}
	return s.verdict(out), true, nil
}
