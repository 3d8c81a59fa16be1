package slack

import (
	"context"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// fresh is for how long what Slack said of somebody is believed: whoever leaves
// is shut out within this time.
const fresh = 60 * time.Second

// profile is what Slack says of somebody.
type profile struct {
	User, Team, Name, Mail string
	Zone                   string // IANA
	// Unfit is why nobody of this kind decides here: bot, deleted, guest, stranger,
	// other team. Empty: a full member of one of the workspaces that count.
	Unfit string
}

// sighting is a profile and when Slack said it.
type sighting struct {
	profile profile
	at      time.Time
}

// mostSeen bounds the cache of profiles.
const mostSeen = 10_000

// Member is what Slack says of somebody now, or said within the last minute.
func (c *Client) Member(ctx context.Context, user string) (profile, error) {
	if p, known := c.known(user); known {
		return p, nil
	}
	now := c.o.Now()
	var p profile
	err := c.call(ctx, UserInfo, "", func(ctx context.Context, api *slack.Client) error {
		u, err := api.GetUserInfoContext(ctx, user, slack.GetUserInfoOptionIncludeLocale(false))
		if err != nil {
			return err
		}
		if u.ID != user { // whoever it is, it's not who was asked for
			return errEmpty
		}
		p = profileOf(u, c.o.Teams)
		return nil
	})
	if err != nil {
		return profile{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seen) >= mostSeen {
		clear(c.seen)
	}
	c.seen[user] = sighting{p, now}
	return p, nil
}

// known is what Slack said of somebody within the last minute.
func (c *Client) known(user string) (profile, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, found := c.seen[user]
	age := c.o.Now().Sub(s.at)
	return s.profile, found && age >= 0 && age < fresh
}

// Forget drops what is known of somebody: Slack said that it changed.
func (c *Client) Forget(user string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.seen, user)
}

// MemberByMail finds somebody by a mail address.
func (c *Client) MemberByMail(ctx context.Context, mail string) (profile, error) {
	var p profile
	err := c.call(ctx, LookupByEmail, "", func(ctx context.Context, api *slack.Client) error {
		u, err := api.GetUserByEmailContext(ctx, strings.ToLower(mail))
		if err != nil {
			return err
		}
		p = profileOf(u, c.o.Teams)
		return wants(p.User)
	})
	return p, err
}

// profileOf reads a user. Kinds that decide nothing are named in an order in which
// the plainest reason comes first.
func profileOf(u *slack.User, teams []string) profile {
	name := u.Profile.DisplayName
	if name == "" {
		name = u.RealName
	}
	p := profile{User: u.ID, Team: u.TeamID, Name: plain(name, 80), Mail: strings.ToLower(u.Profile.Email), Zone: u.TZ}
	switch {
	case u.Deleted:
		p.Unfit = "deleted"
	case u.IsBot || u.IsAppUser || u.IsWorkflowBot || u.IsConnectorBot || u.ID == "USLACKBOT":
		p.Unfit = "bot"
	case u.IsRestricted || u.IsUltraRestricted || u.IsInvitedUser:
		p.Unfit = "guest"
	case u.IsStranger:
		p.Unfit = "stranger"
	case !ofTeams(u, teams):
		p.Unfit = "other team"
	}
	return p
}

// ofTeams reports whether the user is of one of the workspaces. In an
// organisation of several (Enterprise Grid) a user names all that they are in.
func ofTeams(u *slack.User, teams []string) bool {
	for _, t := range teams {
		if t == "" {
			continue
		}
		if u.TeamID == t || u.Enterprise.EnterpriseID == t {
			return true
		}
		for _, own := range u.Enterprise.Teams {
			if own == t {
				return true
			}
		}
	}
	return false
}
