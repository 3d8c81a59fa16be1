package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// People lists everybody, for pages and the command line. An address without an
// id gets the list to sign in with, where one signs in by picking a person: those
// of the people file.
func (d *Desk) People(ctx context.Context, who review.Address) ([]playbook.Person, error) {
	if who.ID != "" || !d.pick {
		_, err := d.client(ctx, who, "seeing the people")
		if err != nil {
			return nil, err
		}
	}
	people, _, err := d.store.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the people: %w", err)
	}
	if who.ID == "" {
		people = playbook.Own(people)
	}
	return people, nil
}

// ApplyPeople writes a people file under a rising revision and tells every open
// process whose records changed. The telling is queued, so that it reaches the
// processes also when the engine is away just now.
func (d *Desk) ApplyPeople(ctx context.Context, who review.Address, people []playbook.Person) (int, []string, error) {
	by, err := d.client(ctx, who, "changing the people")
	if err != nil {
		return 0, nil, err
	}
	return d.applyPeople(ctx, by.ID, people)
}

// SeedPeople writes the people of a new deployment, in which nobody could be
// asked for it.
func (d *Desk) SeedPeople(ctx context.Context, people []playbook.Person) (int, []string, error) {
	return d.applyPeople(ctx, "", people)
}

func (d *Desk) applyPeople(ctx context.Context, actor string, people []playbook.Person) (int, []string, error) {
	var faults []error
	for _, f := range playbook.CheckPeople(people) {
		faults = append(faults, errors.New(f.String()))
	}
	if len(faults) > 0 {
		return 0, nil, InputError{Faults: faults}
	}
	revision, changed, err := d.store.ApplyPeople(ctx, people, actor)
	if err != nil {
		return 0, nil, fmt.Errorf("writing the people: %w", err)
	}
	err = d.unbindVoid(ctx, actor, changedOr(changed, people))
	if err == nil {
		err = d.turnPages(ctx, changed...)
	}
	if err == nil {
		err = d.tellPeople(ctx, revision, changed)
	}
	if err != nil {
		return revision, changed, BusyError{err}
	}
	return revision, changed, nil
}

// changedOr is whose addresses to look at: everybody's where nothing changed, for
// those that the first time didn't reach.
func changedOr(changed []string, people []playbook.Person) []string {
	if len(changed) > 0 {
		return changed
	}
	all := make([]string, len(people))
	for i, p := range people {
		all[i] = p.ID
	}
	return all
}

// tellPeople queues the change for every process that is open. Applying the same
// file again queues it once more, for those that the first time didn't reach:
// with nothing changed, about the people whom the process has asked something.
func (d *Desk) tellPeople(ctx context.Context, revision int, changed []string) error {
	all, _, err := d.store.People(ctx)
	if err != nil {
		return fmt.Errorf("reading the changed people: %w", err)
	}
	open, err := d.store.OpenProcesses(ctx)
	if err != nil {
		return fmt.Errorf("listing open processes: %w", err)
	}
	c := workflows.PeopleChange{Revision: revision}
	for _, x := range all {
		if slices.Contains(changed, x.ID) {
			c.People = append(c.People, x.Record(revision))
		}
	}
	var view dossier.CaseView // of the process before: those of a case come together
	for _, process := range open {
		if len(changed) == 0 {
			view, err = d.caseWith(ctx, view, process)
			if err != nil {
				return err
			}
			c.People = nil
			for _, x := range all {
				if asked(&view, process, x.ID) {
					c.People = append(c.People, x.Record(revision))
				}
			}
		}
		err = d.tellProcess(ctx, fmt.Sprintf("%s%d/%s", peoplePrefix, c.Revision, process), process, c)
		if err != nil {
			return err
		}
	}
	d.nudge()
	return nil
}

// caseWith is the case that an open process belongs to; near is looked at first.
func (d *Desk) caseWith(ctx context.Context, near dossier.CaseView, process string) (dossier.CaseView, error) {
	if slices.ContainsFunc(near.Processes, func(p dossier.ProcessView) bool { return p.ID == process }) {
		return near, nil
	}
	id, err := d.store.CaseOf(ctx, process)
	if err != nil {
		return near, fmt.Errorf("looking for the case of an open process: %w", err)
	}
	view, err := d.store.Case(ctx, id)
	if err != nil {
		return near, fmt.Errorf("looking up the case of an open process: %w", err)
	}
	return view, nil
}

// asked reports whether somebody holds, or held, a seat of an open request.
func asked(v *dossier.CaseView, process, person string) bool {
	for i := range v.Requests {
		r := &v.Requests[i]
		if r.Process != process || r.Closed != nil {
			continue
		}
		for _, s := range r.Seatings {
			if slices.ContainsFunc(s.Holders, func(h review.Holder) bool { return h.Person == person }) {
				return true
			}
		}
	}
	return false
}

func (d *Desk) tellProcess(ctx context.Context, id, process string, c workflows.PeopleChange) error {
	payload, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("packing the changed people: %w", err)
	}
	err = d.store.Enqueue(ctx, review.Queued{ID: id, Process: process, Payload: payload, At: d.now()})
	if err != nil {
		return fmt.Errorf("queueing the change for a process: %w", err)
	}
	return nil
}
