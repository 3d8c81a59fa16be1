package slack

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/review"
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
	// in are the workspaces and the organisation that the user is in.
	in []string
}

// of reports whether a delivery that names a workspace can be the user's. Ids of
// users are unique within a workspace and not beyond (Slack, "Object types", user):
// where people of another organisation are in a channel, one of them may have the
// id of one of ours.
func (p profile) of(team string, ours []string) bool {
	return slices.Contains(p.in, team) || slices.Contains(ours, team)
}

// address is under which a member is bound: that of their own workspace, or of the
// first of ours where they are in it through their organisation.
func (c *Client) address(p profile) review.Address {
	team := p.Team
	if !slices.Contains(c.o.Teams, team) && len(c.o.Teams) > 0 {
		team = c.o.Teams[0]
	}
	return Address(team, p.User)
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

// profileOf reads a user. In an organisation of several workspaces (Enterprise
// Grid) a user names all that they are in. Kinds that decide nothing are named in an order in which
// the plainest reason comes first.
func profileOf(u *slack.User, teams []string) profile {
	name := u.Profile.DisplayName
	if name == "" {
		name = u.RealName
	}
	p := profile{User: u.ID, Team: u.TeamID, Name: plain(name, 80), Mail: strings.ToLower(u.Profile.Email), Zone: u.TZ}
	for _, t := range append([]string{u.TeamID, u.Enterprise.EnterpriseID}, u.Enterprise.Teams...) {
		if t != "" {
			p.in = append(p.in, t)
		}
	}
	switch {
	case u.Deleted:
		p.Unfit = "deleted"
	case u.IsBot || u.IsAppUser || u.IsWorkflowBot || u.IsConnectorBot || u.ID == "USLACKBOT":
		p.Unfit = "bot"
	case u.IsRestricted || u.IsUltraRestricted || u.IsInvitedUser:
		p.Unfit = "guest"
	case u.IsStranger:
		p.Unfit = "stranger"
	case !slices.ContainsFunc(p.in, func(t string) bool { return slices.Contains(teams, t) }):
		p.Unfit = "other team"
	}
	return p
}
