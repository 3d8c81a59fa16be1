package github

import (
	"context"
	"net/http"
	"strconv"

	"github.com/google/go-github/v60/github"

	"gangway/internal/entitlement"
)

// Team is one of the organisation's.
type Team struct {
	ID         int64  `json:"id"`
	Slug       string `json:"slug"`
	Permission string `json:"permission"`
	// Type is enterprise or organization; the members of an enterprise's team are
	// ruled elsewhere.
	Type string `json:"type"`
}

func (t Team) sound() bool { return t.ID > 0 && t.Slug != "" }

// bare is a call that the library has no method for.
func (c *Client) bare(method, path string) doing {
	return func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(method, path, nil)
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, nil)
	}
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// Teams are all teams that this sign-in sees.
func (c *Client) Teams(ctx context.Context) (List[Team], error) {
	return list[Team](ctx, c, listTeams(), "orgs/"+c.o.Organisation+"/teams", nil)
}

// Team asks for one by its slug.
func (c *Client) Team(ctx context.Context, slug string) (Team, error) {
	k := getTeam()
	if err := named(k, entitlement.CheckTeam(slug)); err != nil {
		return Team{}, err
	}
	var t Team
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(http.MethodGet, "orgs/"+c.o.Organisation+"/teams/"+slug, nil)
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, &t)
	})
	if err != nil {
		return Team{}, err
	}
	return t, wants(k, n, t.sound())
}

// TeamMembers are a team's, those of teams within it included.
func (c *Client) TeamMembers(ctx context.Context, slug string) (List[Account], error) {
	k := listTeamMembers()
	if err := named(k, entitlement.CheckTeam(slug)); err != nil {
		return List[Account]{}, err
	}
	return list[Account](ctx, c, k, "orgs/"+c.o.Organisation+"/teams/"+slug+"/members", nil)
}

// TeamInvitations are those to the organisation that name the team.
func (c *Client) TeamInvitations(ctx context.Context, slug string) (List[Invitation], error) {
	k := listTeamInvitations()
	if err := named(k, entitlement.CheckTeam(slug)); err != nil {
		return List[Invitation]{}, err
	}
	return list[Invitation](ctx, c, k, "orgs/"+c.o.Organisation+"/teams/"+slug+"/invitations", nil)
}

// TeamMembership asks for somebody's of a team. Its 404 means no only where the team
// itself can be seen.
func (c *Client) TeamMembership(ctx context.Context, slug, login string) (Membership, error) {
	k := getTeamMembership()
	if err := named(k, entitlement.CheckTeam(slug), entitlement.CheckLogin(login)); err != nil {
		return Membership{}, err
	}
	var m *github.Membership
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (resp *github.Response, err error) {
		m, resp, err = api.Teams.GetTeamMembershipBySlug(ctx, c.o.Organisation, slug, login)
		return resp, err
	})
	if err != nil {
		return Membership{}, err
	}
	return Membership{State: m.GetState(), Role: m.GetRole()}, wants(k, n, m.GetState() != "")
}

// AddTeamMember takes somebody into a team; who is no member of the organisation yet
// is invited, and their membership is pending.
func (c *Client) AddTeamMember(ctx context.Context, slug, login string, role entitlement.Role) (Membership, error) {
	k := addTeamMember()
	if err := named(k, entitlement.CheckTeam(slug), entitlement.CheckLogin(login)); err != nil {
		return Membership{}, err
	}
	var m *github.Membership
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (resp *github.Response, err error) {
		// Never without options: a nil would be sent as null.
		m, resp, err = api.Teams.AddTeamMembershipBySlug(ctx, c.o.Organisation, slug, login, &github.TeamAddTeamMembershipOptions{Role: string(role)})
		return resp, err
	})
	if err != nil {
		return Membership{}, err
	}
	return Membership{State: m.GetState(), Role: m.GetRole()}, wants(k, n, m.GetState() != "")
}

// RemoveTeamMember takes somebody out of a team. They stay a member of the
// organisation.
func (c *Client) RemoveTeamMember(ctx context.Context, slug, login string) error {
	k := removeTeamMember()
	if err := named(k, entitlement.CheckTeam(slug), entitlement.CheckLogin(login)); err != nil {
		return err
	}
	_, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		return api.Teams.RemoveTeamMembershipBySlug(ctx, c.o.Organisation, slug, login)
	})
	return err
}
