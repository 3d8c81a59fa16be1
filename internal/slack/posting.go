package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

const (
	// givenUpAfter is for how long a new thing to show is tried before its person
	// counts as not reached, and how often at least.
	givenUpAfter = time.Hour
	givenUpTries = 4
	// lostFor is the pause before a message is posted again that may stand there.
	lostFor = 30 * time.Second
	// mostLook bounds a look at one posting, mostPost posting a message, which a stop
	// does not cut short, and mostKept keeping what became of it.
	mostLook = 10 * time.Second
	mostPost = 5 * time.Second
	mostKept = 10 * time.Second
)

// laterError says that Slack lets us do something only then.
type laterError struct{ at time.Time }

// Error says when.
func (e laterError) Error() string { return "not before " + e.at.Format(time.RFC3339) }

// mayCall is a laterError where a method may not be called now.
func (a *App) mayCall(method, channel string) error {
	if at := a.o.Client.free(method, channel); at.After(a.now()) {
		return laterError{at}
	}
	return nil
}

// look brings one posting to what it should show, and settles it. at is when to
// look again where it could not be done now; answer is what was said by somebody
// who waits for it.
func (a *App) look(ctx context.Context, p outbox.Posting, answer string) (at time.Time, err error) {
	in, done := context.WithTimeout(ctx, mostLook)
	l, err := a.attempted(in, p, answer)
	done()
	if err != nil {
		l, at, err = a.failed(ctx, p, err)
	}
	if l.State == "" {
		return at, err
	}
	l.Shown = max(l.Shown, p.Shown)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mostKept)
	defer cancel()
	if e := a.o.Store.SettlePosting(ctx, p.ID, l); e != nil {
		return a.now().Add(a.o.Every), errors.Join(err, fmt.Errorf("settling it: %w", e))
	}
	if at.IsZero() && (l.State != outbox.Standing || l.Shown < p.Wanted || l.Fault != "") { // else it is done for now
		at = l.Next
	}
	return at, err
}

// settled is how long after an instant of the case's clock a copy is looked at
// again: what the clock asks for then is on its way into the record.
const settled = 5 * time.Second

// again is when a copy is worth looking at that shows something else from an
// instant of case time on; zero: when it is wanted anew.
func (a *App) again(v *dossier.CaseView, at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	then := v.Anchor.RealAt(at)
	if now := a.now(); then.Before(now) {
		then = now
	}
	return then.Add(settled)
}

// errUnmade: what a posting should show could not be made, by a fault of ours.
var errUnmade = errors.New("making what it shows broke")

// attempted is looked, where a panic is an error of this posting alone: it would
// end the process, and end it again at each start, for everybody.
func (a *App) attempted(ctx context.Context, p outbox.Posting, answer string) (l outbox.Looked, err error) {
	defer func() {
		if what := recover(); what != nil {
			broke(a.o.Log, "showing a posting broke", what)
			l, err = outbox.Looked{}, errUnmade
		}
	}()
	return a.looked(ctx, p, answer)
}

// looked shows a posting as it should be.
func (a *App) looked(ctx context.Context, p outbox.Posting, answer string) (outbox.Looked, error) {
	switch p.Kind {
	case outbox.Card:
		return a.lookCard(ctx, p, answer)
	case outbox.Home:
		return a.lookHome(ctx, p)
	case outbox.Board:
		return a.lookBoard(ctx, p)
	case outbox.Line:
		return a.lookLine(ctx, p)
	case outbox.Nudge, outbox.Word, outbox.Tidings, outbox.Verdict:
		return a.lookWords(ctx, p)
	}
	return outbox.Looked{State: outbox.Stale, Fault: "unknown kind"}, nil
}

// failed says what a failure means for a posting: nothing yet, another try, or
// that its person is not reached.
func (a *App) failed(ctx context.Context, p outbox.Posting, err error) (l outbox.Looked, at time.Time, _ error) {
	var later laterError
	var absent absentError
	call, isCall := callOf(err)
	now := a.now()
	switch {
	case errors.As(err, &later):
		return l, later.at, nil
	case ctx.Err() != nil:
		return l, now, nil
	case errors.As(err, &absent):
		return a.unreached(ctx, p, absent.why)
	case !isCall && !errors.Is(err, errUnmade): // the record is in trouble, or what it has of this one
		call = &CallError{Method: "the record", Fault: Broken}
	case !isCall:
		call = &CallError{Method: "gangway", Fault: Faulty}
	case call.Fault == Limited:
		return l, now.Add(max(call.after, time.Second)), nil
	}
	l = outbox.Looked{State: p.State, Next: now.Add(pauseAfter(p, call)), Fault: classOf(call), Tried: true}
	if isCall && call.Fault == Faulty {
		a.o.Log.Error("Slack does not take what we made", "posting", p.ID, "method", call.Method, "word", call.Word, "pointers", call.Pointers)
	}
	switch {
	case p.State == outbox.Standing && call.Fault == Faulty: // the same again would be refused again
		l.Shown, l.Next = p.Wanted, time.Time{}
		return l, time.Time{}, nil
	case p.State == outbox.Due && (call.Fault == Faulty || p.Tries+1 >= givenUpTries && now.Sub(p.Made) >= givenUpAfter):
		return a.unreached(ctx, p, classOf(call))
	}
	return l, l.Next, err
}

// classOf is a fault as a row keeps it.
func classOf(e *CallError) string {
	if e.Word == "" {
		return e.Method + " " + string(e.Fault)
	}
	return e.Method + " " + e.Word
}

// pauseAfter is how long to wait after a failure: longer each time, and after a
// message that may have been posted long enough to be seen by whoever looks.
func pauseAfter(p outbox.Posting, call *CallError) time.Duration {
	pauses := []time.Duration{5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}
	n := 0
	if p.Fault != "" { // tries of earlier troubles don't count
		n = min(p.Tries, len(pauses)-1)
	}
	pause := max(pauses[n], min(call.after, mostLimited))
	if call.Unknown() && call.Method == PostMessage { // all else may be done twice
		pause = max(pause, lostFor)
	}
	return pause
}

// unreached gives a posting to another channel, once and for all.
func (a *App) unreached(ctx context.Context, p outbox.Posting, why string) (outbox.Looked, time.Time, error) {
	if p.State == outbox.Standing { // it was shown; nobody has to be told anything
		return outbox.Looked{State: outbox.Standing, Shown: p.Wanted, Fault: why}, time.Time{}, nil
	}
	if err := a.instead(ctx, p, why); err != nil {
		return outbox.Looked{}, a.now().Add(a.o.Every), err
	}
	return outbox.Looked{State: outbox.Unreached, Shown: p.Wanted, Fault: why}, time.Time{}, nil
}

// post shows somebody a message in their conversation, and keeps where it stands.
// Once begun it is not cut short: nobody would know whether it stands there.
func (a *App) post(ctx context.Context, p outbox.Posting, who playbook.Person, m message) error {
	user, err := a.reach(ctx, who)
	if err != nil {
		return err
	}
	channel, err := a.conversation(ctx, who.ID, user)
	if err != nil {
		return err
	}
	err = a.postAt(ctx, p, channel, "", m)
	if call, ok := callOf(err); ok && call.Fault == Refused { // perhaps they are no longer there, or it isn't
		a.forget(ctx, who.ID, user)
	}
	return err
}

// postAt posts a message and keeps its place.
func (a *App) postAt(ctx context.Context, p outbox.Posting, channel, thread string, m message) error {
	if err := a.mayCall(PostMessage, channel); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	posting, cancel := context.WithTimeout(ctx, mostPost)
	stamp, err := a.o.Client.Post(posting, channel, thread, m.text, m.blocks(p.Wanted))
	cancel()
	if err != nil {
		return err
	}
	ctx, cancel = context.WithTimeout(ctx, mostKept)
	defer cancel()
	err = a.o.Store.PutPlace(ctx, outbox.Place{Posting: p.ID, Channel: channel, Stamp: stamp, Digest: m.digest(), Made: a.now()})
	if err != nil {
		return fmt.Errorf("keeping where it stands: %w", err)
	}
	return nil
}

// copies are what became of the places of a posting.
type copies struct {
	// standing is how many show the message now.
	standing int
	// dead: one can't be changed any more, and may still be seen as it was.
	dead bool
}

// bring brings all places of a posting to a message, but for those that it is not
// for any more: they show that, and count as none. open says which it is for; nil:
// all.
func (a *App) bring(ctx context.Context, p outbox.Posting, m message, open func(outbox.Place) (bool, error)) (copies, error) {
	var c copies
	places, err := a.o.Store.Places(ctx, p.ID)
	if err != nil {
		return c, fmt.Errorf("looking where it stands: %w", err)
	}
	for _, place := range places {
		m, counts := m, 1
		if open != nil {
			if is, err := open(place); err != nil {
				return c, err
			} else if !is {
				m, counts = shutCard(), 0
			}
		}
		digest := m.digest()
		if place.Digest == digest {
			c.standing += counts
			continue
		}
		if err := a.mayCall(UpdateMessage, place.Channel); err != nil {
			return c, err
		}
		if err := a.unsure(ctx, place); err != nil {
			return c, err
		}
		err := a.o.Client.Update(ctx, place.Channel, place.Stamp, m.text, m.blocks(p.Wanted))
		call, isCall := callOf(err)
		switch {
		case err == nil:
			c.standing += counts
			place.Digest = digest
		case isCall && call.gone():
			place.Gone = true
			c.dead = c.dead || counts > 0 && call.standsStill()
		default:
			return c, err
		}
		if err := a.o.Store.PutPlace(ctx, place); err != nil {
			return c, fmt.Errorf("keeping what a copy shows: %w", err)
		}
	}
	return c, nil
}

// unsure keeps that nobody knows what a place shows, before it is changed: where the
// process ends before it hears of the change, or the reply is lost, what it showed
// before is no reason to leave it so.
func (a *App) unsure(ctx context.Context, place outbox.Place) error {
	if place.Digest == "" {
		return nil
	}
	place.Digest = ""
	if err := a.o.Store.PutPlace(ctx, place); err != nil {
		return fmt.Errorf("keeping that a copy is about to change: %w", err)
	}
	return nil
}
