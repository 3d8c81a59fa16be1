package web

import (
	"context"
	"slices"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

func (d *recorder) SetAway(_ context.Context, who review.Address, id string, a playbook.Away) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !a.Until.IsZero() && !a.From.Before(a.Until) || a.Backup == "nobody" {
		return invalidInput{}
	}
	d.did("away %s %s %s %s %s", who.ID, id, a.From.Format(time.DateOnly), a.Until.Format(time.DateOnly), a.Backup)
	for i := range d.people {
		if p := &d.people[i]; p.ID == who.ID {
			p.Away = slices.DeleteFunc(p.Away, func(x playbook.Away) bool { return x.Own && a.Until.IsZero() })
			if a.Own = true; !a.Until.IsZero() {
				p.Away = append(p.Away, a)
			}
		}
	}
	return d.fail
}

func (d *recorder) Aways(_ context.Context, who review.Address, now time.Time) ([]playbook.Away, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.people {
		if p.ID == who.ID {
			return slices.DeleteFunc(slices.Clone(p.Away), func(a playbook.Away) bool { return !now.Before(a.Until) }), d.stop
		}
	}
	return nil, d.stop
}
