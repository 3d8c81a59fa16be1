package web

import (
	"context"
	"slices"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// steer does of an act of steering what a page shows afterwards.
func (d *recorder) steer(a review.Act) review.Outcome {
	out := review.Outcome{Status: review.Counted, By: a.From.ID, Request: a.Request, At: today()}
	c := d.cases[0]
	refuse := func(why review.Refusal) review.Outcome {
		return review.Outcome{Status: review.Refused, Refusal: why, Request: a.Request, At: today()}
	}
	switch {
	case !access.May(d.person(a.From.ID), access.Steer, c):
		return refuse(review.NotOwner)
	case a.Text.Inside == "":
		return refuse(review.NeedsReason)
	case a.Kind == review.Correct && a.Digest != d.correction.Digest:
		return refuse(review.Outdated)
	case a.Kind == review.Extend && !a.Until.After(day(25)):
		return refuse(review.NotLater)
	case a.Kind == review.Hold:
		c.Held = &dossier.Hold{Since: today(), By: a.From.ID}
	case a.Kind == review.Resume:
		c.Held = nil
	}
	d.filed[a.ID] = d.line(c.ID, dossier.Entry{Case: c.ID, Kind: dossier.Held, Actor: a.From.ID, Answer: a.ID}, a.Text)
	return out
}

func (d *recorder) person(id string) playbook.Person {
	i := slices.IndexFunc(d.people, func(p playbook.Person) bool { return p.ID == id })
	if i < 0 {
		return playbook.Person{}
	}
	return d.people[i]
}

func (d *recorder) Question(_ context.Context, who review.Address, r review.Request) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.find(who, r.Case); err != nil {
		return "", err
	}
	if r.AskText == "" {
		return r.Ask, nil
	}
	return d.asked[r.AskText], d.stop
}

func (d *recorder) Preview(_ context.Context, who review.Address, a review.Act) (playbook.Correction, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.find(who, a.Process); err != nil {
		return playbook.Correction{}, err
	}
	if slices.Contains(a.Values, "nonsense") {
		return playbook.Correction{}, invalidInput{}
	}
	c := d.correction
	c.Field = a.Field
	return c, nil
}

func (d *recorder) Ownerless(_ context.Context, _ review.Address, views []dossier.CaseView) ([]string, error) {
	var ids []string
	for _, v := range views {
		if v.State == dossier.Running && d.person(v.Owner).Left {
			ids = append(ids, v.ID)
		}
	}
	return ids, d.stop
}

func (d *recorder) PreviewReplace(_ context.Context, who review.Address, leaver, by string) (dossier.Replacement, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !access.May(d.person(who.ID), access.ChangePeople, nil) {
		return dossier.Replacement{}, notFor{}
	}
	if leaver == by {
		return dossier.Replacement{}, invalidInput{}
	}
	r := dossier.Replace(leaver, d.record(by), []dossier.CaseView{*d.cases[0]}, today())
	r.Named = d.named
	r.Sign()
	return r, nil
}

func (d *recorder) ReplacePeople(ctx context.Context, who review.Address, o dossier.ReplaceOrder) (dossier.Replacement, error) {
	r, err := d.PreviewReplace(ctx, who, o.Leaver, o.By)
	if err != nil {
		return r, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did("replace %s %s %s", who.ID, o.Leaver, o.By)
	if o.Digest != r.Digest {
		return r, invalidInput{}
	}
	d.orders = append(d.orders, o)
	return r, d.fail
}

func (d *recorder) Audit(_ context.Context, who review.Address, from, to time.Time, each func(dossier.AuditRow) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !access.May(d.person(who.ID), access.Audit, nil) {
		return notFor{}
	}
	for i, row := range d.audit {
		if i == 1 && d.fail != nil {
			return d.fail
		}
		if row.At.Before(from) || !row.At.Before(to) {
			continue
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

// postbag is a Post in memory.
type postbag struct {
	letters []outbox.Letter
	again   []string
	reports []string
	wrong   error
}

func (p *postbag) Trouble(context.Context) ([]outbox.Letter, error) { return p.letters, nil }

func (p *postbag) Again(_ context.Context, id string) (outbox.Letter, error) {
	for i, l := range p.letters {
		if l.ID == id {
			again, err := outbox.Repeat(l, today())
			if err != nil {
				return l, err
			}
			p.again, p.letters = append(p.again, id), slices.Delete(p.letters, i, i+1)
			return again, nil
		}
	}
	return outbox.Letter{}, notThere{"letter " + id}
}

func (p *postbag) Bounced(_ context.Context, report []byte) error {
	p.reports = append(p.reports, string(report))
	return p.wrong
}
