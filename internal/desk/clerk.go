package desk

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// clerk is what the client's side does with mails and documents: what came, what
// it says, and what is offered because of it.
type clerk struct {
	desk   *Desk
	papers Papers
	looks  looker // nil: there is no GitHub
}

// maxArrivals bounds the mails of a case that are listed.
const maxArrivals = 500

// ArrivalsOf are the mails that came for a case and what became of each, the oldest
// first.
func (c clerk) ArrivalsOf(ctx context.Context, who review.Address, caseID string) ([]arrivals.Arrival, error) {
	_, _, err := c.desk.inCase(ctx, who, access.SeeRecord, caseID)
	if err != nil {
		return nil, err
	}
	return c.desk.store.Arrivals(ctx, "case", caseID, maxArrivals)
}

// ReadingOf is what was found when a document of a case was read; NotFound for one
// that was filed before documents were.
func (c clerk) ReadingOf(ctx context.Context, who review.Address, caseID, digest string) (engagement.Reading, error) {
	err := c.inCase(ctx, who, caseID, digest)
	if err != nil {
		return engagement.Reading{}, err
	}
	return c.desk.store.Reading(ctx, digest)
}

// TextOf opens the text that was found in a document of a case.
func (c clerk) TextOf(ctx context.Context, who review.Address, caseID, digest string) (dossier.Paper, io.ReadCloser, error) {
	err := c.inCase(ctx, who, caseID, digest)
	if err != nil {
		return dossier.Paper{}, nil, err
	}
	return c.desk.store.TextOf(ctx, digest)
}

// inCase lets those read what was found in a document who may read the document.
func (c clerk) inCase(ctx context.Context, who review.Address, caseID, digest string) error {
	_, there, err := c.desk.Document(ctx, who, caseID, digest)
	if err != nil {
		return err
	}
	return there.Close()
}

// Offers lists what mailboxes said of people of a case who are away, for its
// owner: nothing is believed until they take it. What is over, and what the person
// said themselves, is left out.
func (c clerk) Offers(ctx context.Context, who review.Address, caseID string) ([]access.AwayOffer, error) {
	_, _, err := c.desk.roster.steering(ctx, who, caseID)
	if err != nil {
		return nil, err
	}
	lines, err := c.desk.store.Lines(ctx, caseID)
	if err != nil {
		return nil, fmt.Errorf("reading what mailboxes said: %w", err)
	}
	people, _, err := c.desk.store.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking up who may be away: %w", err)
	}
	var list []access.AwayOffer
	for _, l := range lines {
		o, ok := c.offer(l)
		p, known := byID(people, o.Person)
		if !ok || !known || p.Employer != "" || p.Left {
			continue
		}
		taken, is, err := c.desk.store.AnswerLine(ctx, awayMark(o.Person, o.ID))
		if err != nil {
			return nil, fmt.Errorf("looking who took an offer: %w", err)
		}
		if is {
			o.Taken = taken.Entry.Actor
		} else if !p.AwayAt(c.desk.now()).Before(o.Until) {
			continue
		}
		list = append(list, o)
	}
	return list, nil
}

// offer is the away that a line offers, if it does.
func (c clerk) offer(l dossier.Line) (access.AwayOffer, bool) {
	d := l.Entry.Detail
	if l.Conflict || l.Entry.Kind != dossier.Noted || d == nil || d.Name != string(review.NoteAway) || d.Person == "" || !c.desk.now().Before(d.Ends) {
		return access.AwayOffer{}, false
	}
	return access.AwayOffer{ID: l.Entry.Answer, Person: d.Person, Case: l.Entry.Case, Request: d.Request, At: l.Entry.At, From: l.Entry.At, Until: d.Ends}, true
}

// TakeOffer believes what somebody's mailbox said: they are away until then, and
// the register says who took it from where. Taken again it changes nothing.
func (c clerk) TakeOffer(ctx context.Context, who review.Address, id string) error {
	line, known, err := c.desk.store.AnswerLine(ctx, id)
	if err != nil {
		return fmt.Errorf("looking up an offer: %w", err)
	}
	missing := dossier.NotFoundError{What: "offer", ID: id}
	if !known || line.Entry.Case == dossier.Register {
		return missing
	}
	owner, _, err := c.desk.roster.steering(ctx, who, line.Entry.Case)
	if err != nil {
		return err
	}
	o, ok := c.offer(line)
	if !ok {
		return missing
	}
	p, revision, err := c.desk.store.Person(ctx, o.Person)
	if err != nil {
		return fmt.Errorf("looking up whose mailbox spoke: %w", err)
	}
	if p.Employer != "" || p.Left {
		return missing
	}
	_, said, err := c.desk.store.AnswerLine(ctx, awayMark(p.ID, id))
	if err != nil {
		return fmt.Errorf("looking whether an offer was taken: %w", err)
	}
	a := playbook.Away{From: o.From.UTC(), Until: o.Until.UTC(), Own: true}
	if !said {
		people, _, err := c.desk.store.People(ctx)
		if err != nil {
			return fmt.Errorf("reading who is away already: %w", err)
		}
		var faults []error
		for _, f := range playbook.CheckAway(people, p.ID, a, c.desk.now()) {
			faults = append(faults, errors.New(f.String()))
		}
		if len(faults) > 0 {
			return InputError{Faults: faults, hint: "nothing was written down"}
		}
	}
	return c.desk.keepAway(ctx, p.Record(revision), owner.ID, id, a, "mailbox")
}

// WatchOf says how early what runs out is brought up in a case, by the playbook that it
// runs with. A case without one, or whose playbook can't be read any more, says nothing
// of it; what runs out is then brought up by what is usual.
func (c clerk) WatchOf(ctx context.Context, who review.Address, caseID string) (engagement.Watch, error) {
	_, _, err := c.desk.inCase(ctx, who, access.SeeCase, caseID)
	if err != nil {
		return engagement.Watch{}, err
	}
	rules, err := c.desk.rulesOf(ctx, caseID)
	if err != nil {
		c.desk.log.Warn("reading how early things are brought up", "case", caseID, "error", err)
		return engagement.Watch{}, nil
	}
	return rules.Watch, nil
}
