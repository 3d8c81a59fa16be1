package activities

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// Invitations puts meetings into people's calendars.
type Invitations interface {
	// Invite keeps an invitation for the letter's person; false for whom nothing
	// reaches. The same letter again changes nothing.
	Invite(ctx context.Context, l outbox.Letter) (kept bool, err error)
}

// InviteIn says whose meetings a form of contacts is about.
type InviteIn struct {
	// Process holds the meetings: they are one series for as long as it lives.
	Process string `json:"process"`
	Case    string `json:"case"`
	Vendor  string `json:"vendor"` // slug
	// Sheet is the digest of the form, Before that of the one which people were invited
	// by last; empty: they never were.
	Sheet  string `json:"sheet"`
	Before string `json:"before,omitempty"`
	// Sequence rises with each change.
	Sequence int `json:"sequence,omitempty"`
	// People were invited before. Cancelled: there are no more meetings.
	People    []string `json:"people,omitempty"`
	Cancelled bool     `json:"cancelled,omitempty"`
	// Zone is on whose clock the meetings keep their time; Now is case time, Since that
	// of the first invitation at these times.
	Zone  string    `json:"zone"`
	Now   time.Time `json:"now"`
	Since time.Time `json:"since,omitzero"`
}

// InviteOut says who has an invitation that stands.
type InviteOut struct {
	People []string  `json:"people,omitempty"`
	Since  time.Time `json:"since,omitzero"`
	// Points of the form whose person can't be invited: nobody is known by that address,
	// or nothing reaches them.
	Points []string `json:"points,omitempty"`
}

// Points of the form, for those who can't be invited.
const (
	pointOurs   = "ours"
	pointTheirs = "theirs"
)

// Invite invites the contacts of both sides to their regular meetings, and takes the
// meetings out of the calendars of those who are contacts no longer. However often it
// runs, each person has one invitation to each change.
func (a *Activities) Invite(ctx context.Context, in InviteIn) (InviteOut, error) {
	if a.Invitations == nil {
		return InviteOut{}, temporal.NewNonRetryableApplicationError("nothing here writes into calendars", ErrNotFound, nil)
	}
	place, err := time.LoadLocation(in.Zone)
	if err != nil || in.Zone == "" || in.Zone == "Local" {
		return InviteOut{}, temporal.NewNonRetryableApplicationError("nobody knows the zone of the meetings", ErrUnreadable, nil)
	}
	m, err := a.meetings(ctx, in.Sheet)
	if err != nil {
		return InviteOut{}, err
	}
	out := InviteOut{Since: in.Since}
	if in.Before != "" && in.Before != in.Sheet {
		before, err := a.meetings(ctx, in.Before)
		if err != nil {
			return InviteOut{}, err
		}
		if !m.SameTimes(before) {
			out.Since = time.Time{}
		}
	}
	if out.Since.IsZero() {
		out.Since = in.Now
	}
	people, _, err := a.Archive.People(ctx)
	if err != nil {
		return InviteOut{}, outside(fmt.Errorf("reading who is invited: %w", err))
	}
	invited, unknown := contacts(m, people, in.Vendor)
	out.Points = unknown
	from := m.From(out.Since, place)
	letter := outbox.Letter{Case: in.Case, At: in.Now, Meeting: &outbox.Meeting{UID: seriesID(in.Process), Sequence: in.Sequence, Cancelled: in.Cancelled,
		From: from, Until: from.Add(time.Duration(m.Minutes) * time.Minute), Every: m.Rhythm, Zone: in.Zone}}
	if !in.Cancelled {
		for _, id := range invited {
			kept, err := a.invite(ctx, letter, id)
			if err != nil {
				return InviteOut{}, err
			}
			if kept {
				out.People = append(out.People, id)
			} else {
				out.Points = append(out.Points, pointOf(id, m))
			}
		}
	}
	letter.Meeting.Cancelled = true
	for _, id := range in.People {
		if slices.Contains(out.People, id) {
			continue
		}
		if _, err := a.invite(ctx, letter, id); err != nil { // whoever left can't be reached, and needs nothing
			return InviteOut{}, err
		}
	}
	slices.Sort(out.Points)
	out.Points = slices.Compact(out.Points)
	return out, nil
}

// invite keeps one person's letter.
func (a *Activities) invite(ctx context.Context, l outbox.Letter, person string) (bool, error) {
	m := *l.Meeting
	l.Meeting, l.Person = &m, person
	l.ID = "meeting/" + m.UID + "/" + strconv.Itoa(m.Sequence) + "/" + person
	kept, err := a.Invitations.Invite(ctx, l)
	if err != nil {
		return false, outside(fmt.Errorf("inviting somebody: %w", err))
	}
	return kept, nil
}

// meetings reads a form of contacts.
func (a *Activities) meetings(ctx context.Context, digest string) (outbox.Meetings, error) {
	var sheet engagement.Sheet
	err := a.readJSON(ctx, digest, "a form of contacts", &sheet)
	if err != nil {
		return outbox.Meetings{}, err
	}
	m, err := outbox.MeetingsIn(sheet)
	if err != nil { // its words name nobody
		return m, temporal.NewNonRetryableApplicationError(err.Error(), ErrUnreadable, err)
	}
	return m, nil
}

// contacts are the people whom a form means: ours by their ids, the vendor's by their
// addresses among its contacts. Where none of those is known the vendor's first contact
// is invited in their place, so that the other side hears of it.
func contacts(m outbox.Meetings, people []playbook.Person, vendor string) (ids, unknown []string) {
	for _, id := range m.Ours {
		i := slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == id && !p.Left && p.Employer == "" })
		if i < 0 {
			unknown = append(unknown, pointOurs)
			continue
		}
		ids = append(ids, id)
	}
	unknown = append(unknown, m.Unreachable...)
	first, some := "", false
	for _, p := range people {
		if p.Employer != vendor || vendor == "" || p.Left {
			continue
		}
		if first == "" {
			first = p.ID
		}
		if slices.Contains(m.Theirs, strings.ToLower(p.Mail)) {
			ids, some = append(ids, p.ID), true
		}
	}
	for _, address := range m.Theirs {
		if !slices.ContainsFunc(people, func(p playbook.Person) bool {
			return p.Employer == vendor && !p.Left && strings.EqualFold(p.Mail, address)
		}) {
			unknown = append(unknown, pointTheirs)
		}
	}
	if !some && first != "" {
		ids = append(ids, first)
	}
	return ids, unknown
}

// pointOf is the point by which somebody is invited.
func pointOf(id string, m outbox.Meetings) string {
	if slices.Contains(m.Ours, id) {
		return pointOurs
	}
	return pointTheirs
}

// seriesID is the id of a process's meetings in calendars, which names nothing.
func seriesID(process string) string {
	sum := sha256.Sum256([]byte("the meetings of " + process))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}
