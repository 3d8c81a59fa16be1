package activities

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// SessionIn is a session of a knowledge transfer, or that it is not held after all.
type SessionIn struct {
	Process string `json:"process"`
	Case    string `json:"case"`
	Vendor  string `json:"vendor"` // slug
	// Session is what it is about, Number which of its sessions it is.
	Session string `json:"session"`
	Number  int    `json:"number"`
	// People are invited besides the vendor's first contact; of one that is called off
	// they are everybody who was.
	People    []string  `json:"people,omitempty"`
	Cancelled bool      `json:"cancelled,omitempty"`
	From      time.Time `json:"from"`
	Minutes   int       `json:"minutes"`
	Zone      string    `json:"zone"`
	Now       time.Time `json:"now"` // case time
}

// sessionOut says who has it in their calendar.
type sessionOut struct {
	People []string `json:"people,omitempty"`
}

// InviteSession invites people to a session, once each however often it runs, or takes it
// out of their calendars.
func (a *Activities) InviteSession(ctx context.Context, in SessionIn) (sessionOut, error) {
	if a.Invitations == nil {
		return sessionOut{}, temporal.NewNonRetryableApplicationError("nothing here writes into calendars", ErrNotFound, nil)
	}
	invited := slices.Clone(in.People)
	if !in.Cancelled {
		people, _, err := a.Archive.People(ctx)
		if err != nil {
			return sessionOut{}, outside(fmt.Errorf("reading who is invited: %w", err))
		}
		i := slices.IndexFunc(people, func(p playbook.Person) bool { return in.Vendor != "" && p.Employer == in.Vendor && !p.Left })
		if i >= 0 && !slices.Contains(invited, people[i].ID) {
			invited = append(invited, people[i].ID)
		}
	}
	letter := outbox.Letter{Case: in.Case, At: in.Now, Meeting: &outbox.Meeting{UID: seriesID(in.Session + "/" + strconv.Itoa(in.Number)), Cancelled: in.Cancelled,
		From: in.From, Until: in.From.Add(time.Duration(in.Minutes) * time.Minute), Zone: in.Zone}}
	if in.Cancelled {
		letter.Meeting.Sequence = 1 // after the invitation
	}
	var out sessionOut
	for _, id := range invited {
		kept, err := a.invite(ctx, letter, id)
		if err != nil {
			return sessionOut{}, err
		}
		if kept && !in.Cancelled {
			out.People = append(out.People, id)
		}
	}
	return out, nil
}
