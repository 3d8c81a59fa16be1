package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// replacing is who replaces whom, and the people file that it leads to.
type replacing struct {
	leaver, by playbook.Person
	people     []playbook.Person
	revision   int
	preview    dossier.Replacement
}

// PreviewReplace says what one person in the place of another touches: open
// requests, delegations, cases, roles, backups and line managers.
func (d *Desk) PreviewReplace(ctx context.Context, who review.Address, leaver, by string) (dossier.Replacement, error) {
	_, err := d.client(ctx, who, access.ChangePeople)
	if err != nil {
		return dossier.Replacement{}, err
	}
	r, err := d.replacing(ctx, leaver, by)
	return r.preview, err
}

func (d *Desk) replacing(ctx context.Context, leaver, by string) (replacing, error) {
	people, revision, err := d.store.People(ctx)
	if err != nil {
		return replacing{}, fmt.Errorf("reading who is to be replaced: %w", err)
	}
	people = playbook.Own(people)
	r := replacing{}
	var knownA, knownB bool
	r.leaver, knownA = byID(people, leaver)
	r.by, knownB = byID(people, by)
	switch {
	case !knownA || !knownB:
		return r, invalid("name two people of the people file", "one of %.40q and %.40q is not known", leaver, by)
	case leaver == by:
		return r, invalid("name somebody else", "nobody replaces themselves")
	case !access.MayHoldSeat(r.by):
		return r, invalid("name one of your own people who has not left", "%.40q can't take anybody's place", by)
	}
	var named []string
	r.people, named = playbook.Replace(people, leaver, by)
	var faults []error
	for _, f := range playbook.CheckPeople(r.people) {
		faults = append(faults, errors.New(f.String()))
	}
	if len(faults) > 0 {
		return r, InputError{Faults: faults, hint: "mend the people file first; nobody was replaced"}
	}
	views, err := d.runningCases(ctx)
	if err != nil {
		return r, err
	}
	r.revision = revision
	after, _ := byID(r.people, by)
	r.preview = dossier.Replace(leaver, after.Record(revision), views, d.now())
	r.preview.Named = named
	for _, role := range r.leaver.Roles {
		if !slices.Contains(r.by.Roles, role) {
			r.preview.Roles = append(r.preview.Roles, role)
		}
	}
	r.preview.Sign()
	return r, nil
}

// runningCases reads every case that runs, page by page: those come first.
func (d *Desk) runningCases(ctx context.Context) ([]dossier.CaseView, error) {
	var all []dossier.CaseView
	for after := ""; ; after = all[len(all)-1].ID {
		page, err := d.store.CasePage(ctx, after, maxPage)
		if err != nil {
			return nil, fmt.Errorf("reading the open cases: %w", err)
		}
		for _, v := range page {
			if v.State != dossier.Running {
				return all, nil
			}
			all = append(all, v)
		}
		if len(page) < maxPage {
			return all, nil
		}
	}
}

// ReplacePeople puts one person in the place of another, as the preview showed
// it: in the people file, in every open request and case, and in the register,
// which names both. The same order again does what is still to do.
func (d *Desk) ReplacePeople(ctx context.Context, who review.Address, o dossier.ReplaceOrder) (dossier.Replacement, error) {
	actor, err := d.client(ctx, who, access.ChangePeople)
	if err != nil {
		return dossier.Replacement{}, err
	}
	err = checkID(o.ID)
	if err != nil {
		return dossier.Replacement{}, err
	}
	line, known, err := d.store.AnswerLine(ctx, o.ID)
	if err != nil {
		return dossier.Replacement{}, fmt.Errorf("looking for the replacement in the register: %w", err)
	}
	if e := line.Entry; known && (e.Kind != dossier.Replaced || e.Detail.Person != o.Leaver || e.Detail.By != o.By) {
		return dossier.Replacement{}, invalid("give every order an id of its own", "this id was used for something else")
	}
	r, err := d.replacing(ctx, o.Leaver, o.By)
	if err != nil {
		return dossier.Replacement{}, err
	}
	switch {
	case !known:
		err = d.recordReplaced(ctx, actor, o, r)
	case !r.leaver.Left: // nothing was done yet, or the leaver came back: an old order is none for what is there now
		err = fresh(o, r)
	}
	if err != nil {
		return dossier.Replacement{}, err
	}
	revision, changed, err := d.store.ApplyPeople(ctx, r.people, actor.ID)
	if err != nil {
		return dossier.Replacement{}, BusyError{fmt.Errorf("writing who replaces whom: %w", err)}
	}
	err = d.unbindVoid(ctx, actor.ID, changed)
	if err == nil {
		err = d.tellReplaced(ctx, actor.ID, o, r, revision, changed)
	}
	if err != nil {
		return dossier.Replacement{}, BusyError{err}
	}
	return r.preview, nil
}

// fresh refuses an order for something else than what is there.
func fresh(o dossier.ReplaceOrder, r replacing) error {
	if o.Digest != r.preview.Digest {
		return invalid("look at what it touches again, and order it then", "people or cases have moved since this was shown; nobody was replaced")
	}
	return nil
}

// recordReplaced writes the register's entry, once it is sure that the person saw
// what they order. It comes first, so that the order can be carried on.
func (d *Desk) recordReplaced(ctx context.Context, actor playbook.Person, o dossier.ReplaceOrder, r replacing) error {
	if strings.TrimSpace(o.Reason) == "" {
		return invalid("say why", "a replacement needs a reason")
	}
	err := fresh(o, r)
	if err != nil {
		return err
	}
	w, err := d.keep(ctx, o.ID, review.Text{Inside: o.Reason})
	if err != nil {
		return err
	}
	now := d.now().UTC()
	err = d.store.Append(ctx, []dossier.Entry{{ID: dossier.Register + "#desk/" + o.ID, Case: dossier.Register, Process: dossier.Register,
		Kind: dossier.Replaced, At: now, CaseAt: now, Actor: actor.ID, Answer: o.ID,
		Detail: &dossier.Detail{Person: o.Leaver, By: o.By, Digest: r.preview.Digest, Written: w}}})
	if err != nil {
		return BusyError{fmt.Errorf("recording who replaces whom: %w", err)}
	}
	return nil
}

// tellReplaced queues the replacement for every open process: any of them may
// have asked the leaver something, or may belong to them.
func (d *Desk) tellReplaced(ctx context.Context, actor string, o dossier.ReplaceOrder, r replacing, revision int, changed []string) error {
	open, err := d.store.OpenProcesses(ctx)
	if err != nil {
		return fmt.Errorf("listing the processes of a replacement: %w", err)
	}
	by, _ := byID(r.people, o.By)
	c := workflows.PeopleChange{Revision: revision,
		Replaced: &workflows.Replaced{Leaver: o.Leaver, By: by.Record(revision), Actor: actor, Answer: o.ID}}
	for _, p := range r.people {
		if p.ID == o.Leaver || p.ID == o.By || slices.Contains(changed, p.ID) {
			c.People = append(c.People, p.Record(revision))
		}
	}
	for _, process := range open {
		err = d.tellProcess(ctx, fmt.Sprintf("%sreplace/%s/%s", peoplePrefix, o.ID, process), process, c)
		if err != nil {
			return err
		}
	}
	d.nudge()
	return nil
}
