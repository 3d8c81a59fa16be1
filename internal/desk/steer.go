package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// completeSteering looks up what an act of steering names, and refuses what the
// case's playbook doesn't know: from here on there are ids only.
func (d *Desk) completeSteering(ctx context.Context, a *review.Act) (review.Refusal, error) {
	if a.ToID != "" {
		people, revision, err := d.store.People(ctx)
		if err != nil {
			return "", BusyError{fmt.Errorf("looking up who is meant: %w", err)}
		}
		to, known := byID(people, a.ToID)
		if !known || !access.MayHoldSeat(to) {
			return review.BadPerson, nil
		}
		a.To = to.Record(revision)
	}
	switch a.Kind {
	case review.AddSeat:
		if a.Role == "" && a.ToID == "" || a.Role != "" && a.ToID != "" {
			return "", invalid("name a role or a person", "a seat is for a role or for one person")
		}
		if a.Role == "" {
			return "", nil
		}
		pb, err := d.rulesOf(ctx, d.caseOf(ctx, *a))
		if err != nil {
			return review.Unknown, unlessMissing(err)
		}
		if !slices.Contains(pb.Roles, a.Role) {
			return "", invalid("use a role of the case's playbook: "+strings.Join(pb.Roles, ", "), "the playbook has no role %.40q", a.Role)
		}
	case review.Correct:
		pb, err := d.rulesOf(ctx, d.caseOf(ctx, *a))
		if err != nil {
			return review.Unknown, unlessMissing(err)
		}
		var faults []error
		for _, f := range pb.CheckCorrection(*a) {
			faults = append(faults, errors.New(f.String()))
		}
		if len(faults) > 0 {
			return "", InputError{Faults: faults, hint: "nothing was corrected"}
		}
	}
	return "", nil
}

// unlessMissing lets an error pass that says more than that something isn't there.
func unlessMissing(err error) error {
	if isNotFound(err) {
		return nil
	}
	return BusyError{err}
}

// caseOf is the case that an act is about, the act's own process where the
// record knows none.
func (d *Desk) caseOf(ctx context.Context, a review.Act) string {
	process := a.Process
	if a.Request != "" {
		process = processOf(a.Request)
	}
	id, err := d.store.CaseOf(ctx, process)
	if err != nil {
		return process
	}
	return id
}

// stepRequest is the newest request of a step, open before closed: what an act
// on a step means.
func stepRequest(v dossier.CaseView, step string) string {
	newest := ""
	for i := len(v.Requests) - 1; i >= 0; i-- {
		r := &v.Requests[i]
		if r.Step != step {
			continue
		}
		if r.Closed == nil {
			return r.ID
		}
		if newest == "" {
			newest = r.ID
		}
	}
	return newest
}

// Preview says what correcting a fact of the intake would change; its digest goes
// into the act.
func (d *Desk) Preview(ctx context.Context, who review.Address, a review.Act) (playbook.Correction, error) {
	var none playbook.Correction
	_, view, err := d.inCase(ctx, who, access.SeeCase, a.Process)
	if err != nil {
		return none, err
	}
	pb, err := d.rulesOf(ctx, view.ID)
	if err != nil {
		return none, err
	}
	var faults []error
	for _, f := range pb.CheckCorrection(a) {
		faults = append(faults, errors.New(f.String()))
	}
	if len(faults) > 0 {
		return none, InputError{Faults: faults, hint: "nothing was corrected"}
	}
	facts, err := d.factsOf(ctx, &view)
	if err != nil {
		return none, err
	}
	c, changes := playbook.Correct(pb.Steps, pb.Tiers, view.Tier, facts, a, standing(&view, pb, facts))
	if !changes {
		return none, invalid("name a field that is wrong, and what is right", "that is what the intake says already")
	}
	return c, nil
}

// factsOf is what the intake says, as corrected since.
func (d *Desk) factsOf(ctx context.Context, v *dossier.CaseView) (playbook.Facts, error) {
	i, err := d.intakeIn(ctx, v)
	if err != nil {
		return playbook.Facts{}, err
	}
	facts := i.Facts()
	for _, c := range v.Corrections {
		facts, _ = facts.Corrected(c.Field, c.Values, c.Amount)
	}
	return facts, nil
}

// intakeIn is the intake of a case, as it was filed.
func (d *Desk) intakeIn(ctx context.Context, v *dossier.CaseView) (playbook.Intake, error) {
	var none, i playbook.Intake
	for _, doc := range v.Documents {
		if doc.Name != "intake" {
			continue
		}
		_, r, err := d.store.Get(ctx, doc.Document)
		if err != nil {
			return none, fmt.Errorf("opening the case's intake: %w", err)
		}
		text, err := io.ReadAll(io.LimitReader(r, engagement.MaxDocument))
		_ = r.Close() // read to its end: nothing is left to go wrong
		if err != nil {
			return none, fmt.Errorf("reading the case's intake: %w", err)
		}
		err = json.Unmarshal(text, &i)
		if err != nil {
			return none, fmt.Errorf("understanding the case's intake: %w", err)
		}
		return i, nil
	}
	return none, invalid("correct the case that it belongs to", "the case %s has no intake", v.ID)
}

// Question is the text of what the case owner asked beside the playbook, for
// whoever may see the request's case.
func (d *Desk) Question(ctx context.Context, who review.Address, r review.Request) (string, error) {
	if r.AskText == "" {
		return r.Ask, nil
	}
	_, _, err := d.inCase(ctx, who, access.SeeCase, r.Case)
	if err != nil {
		return "", err
	}
	line, filed, err := d.store.AnswerLine(ctx, r.AskText)
	if err != nil {
		return "", fmt.Errorf("looking for the question in the record: %w", err)
	}
	if filed && line.Body != nil {
		return line.Body.Inside, nil
	}
	if filed { // erased by rule: the line says so
		return "", nil
	}
	text, _, err := d.store.Text(ctx, r.AskText)
	if err != nil {
		return "", fmt.Errorf("looking for the question's text: %w", err)
	}
	return text.Inside, nil
}

// Ownerless lists those of the cases whose owner can't be reached, nor a deputy
// or sponsor: they are red until somebody is named.
func (d *Desk) Ownerless(ctx context.Context, who review.Address, views []dossier.CaseView) ([]string, error) {
	_, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return nil, err
	}
	people, _, err := d.store.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking up who can be reached: %w", err)
	}
	var red []string
	for i := range views {
		v := &views[i]
		if v.State == dossier.Running && playbook.OwnerNow(people, v.Owner, v.Deputy, v.Sponsor, v.Recused(), v.Now(d.now())) == "" {
			red = append(red, v.ID)
		}
	}
	return red, nil
}

// undeliveredPrefix marks queued rows that tell a process of a request that did
// not arrive.
const undeliveredPrefix = "undelivered/"

// tellUndelivered queues for the process that a request did not reach somebody.
func (d *Desk) tellUndelivered(ctx context.Context, n review.Note) error {
	process := processOf(n.Request)
	a := review.Act{ID: undeliveredPrefix + n.ID, Kind: review.Undelivered, Process: process, Request: n.Request,
		Person: review.Person{ID: n.Person}, Channel: n.Channel, At: n.At.UTC()}
	payload, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("packing a failed delivery: %w", err)
	}
	err = d.store.Enqueue(ctx, review.Queued{ID: a.ID, Process: process, Act: true, Request: n.Request, Payload: payload, At: d.now()})
	if err != nil {
		return BusyError{fmt.Errorf("queueing a failed delivery: %w", err)}
	}
	d.nudge()
	return nil
}
