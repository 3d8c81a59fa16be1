package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// SetAway says that whoever speaks is away in [From, Until), and who stands in
// for them; a zero Until ends what they said before. It is of themselves alone:
// what the people file says of them stays. The register has it, and every open
// process that asks them something is told, by the queue. The same id again does
// what is still to do.
func (d *Desk) SetAway(ctx context.Context, who review.Address, id string, a playbook.Away) error {
	me, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return err
	}
	err = checkID(id)
	if err != nil {
		return err
	}
	people, revision, err := d.store.People(ctx)
	if err != nil {
		return fmt.Errorf("reading who could stand in: %w", err)
	}
	_, said, err := d.store.AnswerLine(ctx, awayMark(me.ID, id))
	if err != nil {
		return fmt.Errorf("looking whether an absence was said before: %w", err)
	}
	if !said {
		var faults []error
		for _, f := range playbook.CheckAway(people, me.ID, a, d.now()) {
			faults = append(faults, errors.New(f.String()))
		}
		if len(faults) > 0 {
			return InputError{Faults: faults}
		}
	}
	a = playbook.Away{From: a.From.UTC(), Until: a.Until.UTC(), Backup: a.Backup, Own: true}
	return d.keepAway(ctx, me.Record(revision), me.ID, id, a, "")
}

// keepAway writes an absence of somebody down, by whoever says it: the person, or
// a case owner who believes the person's mailbox.
func (d *Desk) keepAway(ctx context.Context, me review.Person, actor, id string, a playbook.Away, how string) error {
	now := d.now().UTC()
	entry := dossier.Register + "#desk/away/" + me.ID + "/" + id
	detail := &dossier.Detail{Person: me.ID, Result: how}
	if a.Until.IsZero() {
		a = playbook.Away{Own: true}
	} else {
		detail.By, detail.Starts, detail.Ends = a.Backup, a.From, a.Until
	}
	err := d.store.SetAway(ctx, me.ID, id, a, &dossier.Entry{ID: entry, Case: dossier.Register, Process: dossier.Register, Kind: dossier.AwaySet,
		At: now, CaseAt: now, Actor: actor, Answer: awayMark(me.ID, id), Detail: detail})
	if err != nil {
		return BusyError{fmt.Errorf("keeping when somebody is away: %w", err)}
	}
	err = d.turnPages(ctx, me.ID)
	if err == nil {
		err = d.tellAway(ctx, me, id)
	}
	if err != nil {
		return BusyError{err}
	}
	return nil
}

// turnPages lets the pages follow that people have in a chat: their absences
// stand there, whichever way they were said.
func (d *Desk) turnPages(ctx context.Context, people ...string) error {
	now := d.now().UTC()
	for _, id := range people {
		err := d.store.WantPostings(ctx, outbox.Want{Person: id, Kinds: []outbox.PostingKind{outbox.Home}, At: now})
		if err != nil {
			return fmt.Errorf("letting somebody's page in a chat follow: %w", err)
		}
	}
	return nil
}

// awayMark is where the register knows an absence by: ids are anybody's choice,
// so it names whose it is.
func awayMark(person, id string) string { return "away/" + person + "/" + id }

// tellAway queues the news for every open process that asks the person: it looks
// at the people again, and adds who stands in.
func (d *Desk) tellAway(ctx context.Context, who review.Person, id string) error {
	open, err := d.store.OpenProcesses(ctx)
	if err != nil {
		return fmt.Errorf("listing the processes that ask somebody who is away: %w", err)
	}
	c := workflows.PeopleChange{Revision: who.Revision, People: []review.Person{who}}
	var view dossier.CaseView // of the process before: those of a case come together
	for _, process := range open {
		view, err = d.caseWith(ctx, view, process)
		if err != nil {
			return err
		}
		if !asked(&view, process, who.ID) {
			continue
		}
		err = d.tellProcess(ctx, fmt.Sprintf("%s%s/%s", peoplePrefix, awayMark(who.ID, id), process), process, c)
		if err != nil {
			return err
		}
	}
	d.nudge()
	return nil
}

// Aways are the absences of whoever asks that have not ended at now, those that
// begin first coming first: what they said themselves (Own) and what the people
// file says.
func (d *Desk) Aways(ctx context.Context, who review.Address, now time.Time) ([]playbook.Away, error) {
	me, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return nil, err
	}
	aways := slices.DeleteFunc(slices.Clone(me.Away), func(a playbook.Away) bool { return !now.Before(a.Until) })
	slices.SortStableFunc(aways, func(a, b playbook.Away) int { return a.From.Compare(b.From) })
	return aways, nil
}

// IntakeForm is what the named playbook asks of an intake; without a name the
// deployment's default. Invalid where there is none of that name.
func (d *Desk) IntakeForm(ctx context.Context, who review.Address, name string) (playbook.IntakeForm, error) {
	_, err := d.client(ctx, who, access.OpenCase)
	if err != nil {
		return playbook.IntakeForm{}, err
	}
	pb, _, err := d.library.Playbook(name)
	if err != nil {
		return playbook.IntakeForm{}, invalid("name one of the playbooks that are there", "playbook %.60q: %v", name, err)
	}
	f := pb.IntakeForm()
	for _, other := range d.library.Playbooks() {
		if other != pb.Name {
			f.Others = append(f.Others, other)
		}
	}
	return f, nil
}
