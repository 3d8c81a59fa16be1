package mail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// hand gives one mail to the carrier. That one is reached first, so that one that
// is away costs no mail its "sending"; then the rows say that the mail is being
// sent; only then the carrier hears of it.
func (r *round) hand(ctx context.Context, m outbox.Mail, bundle []outbox.Letter, c *content) error {
	if err := r.reach(ctx); err != nil {
		return r.unready(ctx, bundle, string(outbox.Reaching), m.At)
	}
	if m.Message == "" {
		m.Message = r.messageOf(m.Letters)
	}
	token := r.tokenOf(m.Message)
	m.Token = access.Hash(token)
	w, err := r.write(c, m.Message, token, m.At)
	if err != nil {
		return errors.Join(err, r.unready(ctx, bundle, "text", m.At))
	}
	for _, t := range c.tickets {
		if err := r.o.Store.PutTicket(ctx, t); err != nil {
			return fmt.Errorf("keeping a ticket before it is sent: %w", err)
		}
	}
	mine, err := r.o.Store.TakeLetters(ctx, m)
	if err != nil || !mine {
		return err
	}
	// From here on the mail is finished, whoever stops.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mostSending)
	defer cancel()
	t := outbox.Try{Tries: triesOf(bundle) + 1, First: firstOf(bundle)}
	if t.First.IsZero() {
		t.First = m.At
	}
	t.Now = r.now()
	s, down := r.carrier.carry(ctx, w, t)
	s.At = r.now()
	if r.down == nil {
		r.down = down
	}
	if s.State == outbox.Sent {
		r.sent++
	} else {
		r.o.Log.Warn("a mail was not taken", "letters", m.Letters, "state", s.State, "fault", s.Fault)
	}
	if _, err := r.o.Store.SettleLetters(ctx, m.Message, s); err != nil {
		r.owed = append(r.owed, owed{m.Message, s})
		return fmt.Errorf("settling it: %w", err)
	}
	return nil
}

// reach has the carrier at hand; one that is away is asked once a round.
func (r *round) reach(ctx context.Context) error {
	if r.down != nil {
		return r.down
	}
	if r.down = r.carrier.reach(ctx); r.down != nil {
		r.o.Log.Warn("no mail can be sent", "doing", classOf(r.down))
	}
	return r.down
}

// digest says on which day somebody's digest would leave now, and when it may.
func (r *round) digest(ctx context.Context, who playbook.Person, now time.Time) (day string, next time.Time, err error) {
	last, err := r.o.Store.LastDigest(ctx, who.ID)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("looking up the last digest: %w", err)
	}
	zone := calendar.Table(zoneOf(who), now.AddDate(0, 0, -1), now.AddDate(1, 0, 0))
	zone.Name = who.Hours.Zone
	snap := calendar.Snapshot{From: now.AddDate(0, 0, -1), Until: now.AddDate(1, 0, 0), Zones: []calendar.Zone{zone}, Holidays: r.o.Holidays}
	hours := who.Hours
	if !slices.ContainsFunc(snap.Holidays, func(h calendar.HolidaySet) bool { return h.Name == hours.Holidays }) {
		hours.Holidays = "" // better a digest on a holiday than none at all, or one at night
	}
	return outbox.Day(snap, hours, now), outbox.Digest(snap, hours, who.AwayAt(now), now, last), nil
}

// zoneOf is the zone that a person works in, UTC where it isn't known here.
func zoneOf(p playbook.Person) *time.Location {
	loc, err := time.LoadLocation(p.Hours.Zone)
	if err != nil || p.Hours.Zone == "" || p.Hours.Zone == "Local" {
		return time.UTC
	}
	return loc
}
