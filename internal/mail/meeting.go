package mail

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gangway/internal/outbox"
)

// Invite keeps an invitation to a meeting, its change or its end, for the calendar of
// somebody who is named by the letter, in the words of the side that they are on; false
// for somebody whom mail does not reach. The same letter again changes nothing.
func (p *Post) Invite(ctx context.Context, l outbox.Letter) (kept bool, err error) {
	who, reachable, err := p.recipient(ctx, l.Person)
	if err != nil || !reachable || l.Meeting == nil {
		return false, err
	}
	v, err := p.o.Store.CaseHead(ctx, l.Case)
	if err != nil {
		return false, fmt.Errorf("reading the case of a meeting: %w", err)
	}
	vendor, known, err := p.o.Store.Vendor(ctx, v.Vendor)
	if err != nil {
		return false, fmt.Errorf("looking up whom one meets: %w", err)
	}
	if !known {
		vendor = v.Vendor
	}
	m := *l.Meeting
	l.Kind, l.Meeting, l.Rehearsal, l.Outside = outbox.Invitation, &m, v.Rehearsal, isOutside(who, &v)
	other := textLine(vendor, maxName)
	if l.Outside {
		other = p.o.Client
	}
	m.Title = "Meeting with " + other
	m.Text = "The regular meeting of " + p.o.Client + " and " + strings.TrimSuffix(textLine(vendor, maxName), ".") + "."
	if m.Every == "" {
		m.Text = "A session in which people of " + strings.TrimSuffix(textLine(vendor, maxName), ".") + " show how something is done that others do from then on."
	}
	if err := p.PutLetter(ctx, l); err != nil {
		return false, fmt.Errorf("keeping an invitation: %w", err)
	}
	return true, nil
}

// meetingTitle is the heading of an invitation.
func meetingTitle(m *outbox.Meeting) string {
	switch again := m.Every != ""; {
	case m.Cancelled && again:
		return "Regular meetings are cancelled"
	case m.Cancelled:
		return "A meeting is cancelled"
	case m.Sequence > 0 && again:
		return "Regular meetings have changed"
	case m.Sequence > 0:
		return "A meeting has changed"
	case again:
		return "You are invited to regular meetings"
	default:
		return "You are invited to a meeting"
	}
}

// againWords say how often a meeting comes again, and by whose clock where the reader
// has another; empty: it comes once.
func againWords(m *outbox.Meeting, reader *time.Location) string {
	if m.Every == "" {
		return ""
	}
	place, _ := recurs(m)
	words := m.Every.Words() + ", always at " + m.From.In(place).Format("15:04")
	if place.String() == reader.String() {
		return words
	}
	return words + " by the clock of " + place.String()
}
