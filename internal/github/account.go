package github

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-github/v60/github"

	"gangway/internal/entitlement"
)

// Account is somebody with a login. The number stays when the login changes.
type Account struct {
	ID    int64  `json:"id"`
	Login string `json:"login"`
	Type  string `json:"type"` // User, Organization, Bot, Mannequin
	// Role is what a list of collaborators says that they may do, in the words of
	// entitlement.Role or one of the organisation's own.
	Role string `json:"role_name"`
}

func (a Account) sound() bool { return a.ID > 0 && a.Login != "" }

// Organisation is what one sees of the client's own.
type Organisation struct {
	ID    int64
	Login string
	// Base is what every member may do with every repository: none, read, write,
	// admin; empty: GitHub does not show it to this sign-in.
	Base string
	// Repositories is how many there are; below 0: GitHub does not show it.
	Repositories int
	// TwoFactor: members without a second factor are not let in.
	TwoFactor bool
}

// Membership is somebody's of the organisation or a team.
type Membership struct {
	State string // active or pending
	Role  string
}

// Active reports whether it was accepted.
func (m Membership) Active() bool { return m.State == "active" }

// Invitation is one to the organisation that was not accepted yet.
type Invitation struct {
	ID        int64   `json:"id"`
	Login     string  `json:"login"` // empty: it went to a mail address
	Email     string  `json:"email"`
	Teams     int     `json:"team_count"`
	Created   moment  `json:"created_at"`
	FailedAt  moment  `json:"failed_at"`
	FailedFor *string `json:"failed_reason"`
}

func (i Invitation) sound() bool { return i.ID > 0 }

// moment is a time as GitHub writes it, which may also be null or empty: its own
// example of an invitation has an empty one, on which the library's type fails.
type moment struct{ time.Time }

// UnmarshalJSON reads one; what is no time is none.
func (m *moment) UnmarshalJSON(text []byte) error {
	at, err := time.Parse(time.RFC3339, strings.Trim(string(text), `"`))
	if err == nil {
		m.Time = at
	}
	return nil
}

// named refuses what would make another address of a call.
func named(k call, checks ...error) error {
	for _, err := range checks {
		if err != nil {
			return &CallError{Call: k.name, Fault: Faulty}
		}
	}
	return nil
}

// wants refuses an answer that lacks what names it.
func wants(k call, n *note, there bool) error {
	if there {
		return nil
	}
	return &CallError{Call: k.name, Fault: Lost, Status: n.status, Request: requestID(n.header)}
}

// Account asks who has a login.
func (c *Client) Account(ctx context.Context, login string) (Account, error) {
	k := getAccount()
	if err := named(k, entitlement.CheckLogin(login)); err != nil {
		return Account{}, err
	}
	var u *github.User
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (resp *github.Response, err error) {
		u, resp, err = api.Users.Get(ctx, login)
		return resp, err
	})
	if err != nil {
		return Account{}, err
	}
	a := Account{ID: u.GetID(), Login: u.GetLogin(), Type: u.GetType()}
	return a, wants(k, n, a.sound())
}

// Organisation asks for what there is to see of it.
func (c *Client) Organisation(ctx context.Context) (Organisation, error) {
	k := getOrganisation()
	var o *github.Organization
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (resp *github.Response, err error) {
		o, resp, err = api.Organizations.Get(ctx, c.o.Organisation)
		return resp, err
	})
	if err != nil {
		return Organisation{}, err
	}
	out := Organisation{ID: o.GetID(), Login: o.GetLogin(), Base: o.GetDefaultRepoPermission(), Repositories: -1, TwoFactor: o.GetTwoFactorRequirementEnabled()}
	if o.TotalPrivateRepos != nil {
		out.Repositories = int(o.GetTotalPrivateRepos()) + o.GetPublicRepos()
	}
	return out, wants(k, n, out.ID > 0 && strings.EqualFold(out.Login, c.o.Organisation))
}

// Membership asks whether somebody is a member of the organisation. Its 404 means no
// only to who may see members.
func (c *Client) Membership(ctx context.Context, login string) (Membership, error) {
	k := getMembership()
	if err := named(k, entitlement.CheckLogin(login)); err != nil {
		return Membership{}, err
	}
	var m *github.Membership
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (resp *github.Response, err error) {
		m, resp, err = api.Organizations.GetOrgMembership(ctx, login, c.o.Organisation)
		return resp, err
	})
	if err != nil {
		return Membership{}, err
	}
	return Membership{State: m.GetState(), Role: m.GetRole()}, wants(k, n, m.GetState() != "")
}

// RemoveMember ends somebody's membership of the organisation, or the invitation to it.
func (c *Client) RemoveMember(ctx context.Context, login string) error {
	k := removeMembership()
	if err := named(k, entitlement.CheckLogin(login)); err != nil {
		return err
	}
	_, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		return api.Organizations.RemoveOrgMembership(ctx, login, c.o.Organisation)
	})
	return err
}

// Invitations are those to the organisation that stand open.
func (c *Client) Invitations(ctx context.Context) (List[Invitation], error) {
	return list[Invitation](ctx, c, listInvitations(), "orgs/"+c.o.Organisation+"/invitations", nil)
}

// FailedInvitations are those that ran out or could not be delivered.
func (c *Client) FailedInvitations(ctx context.Context) (List[Invitation], error) {
	return list[Invitation](ctx, c, listFailedInvitations(), "orgs/"+c.o.Organisation+"/failed_invitations", nil)
}

// CancelInvitation withdraws one to the organisation.
func (c *Client) CancelInvitation(ctx context.Context, id int64) error {
	_, err := c.call(ctx, cancelInvitation(), c.bare(http.MethodDelete, "orgs/"+c.o.Organisation+"/invitations/"+number(id)))
	return err
}

// Outsiders are the organisation's outside collaborators, who are members of nothing
// and may do something with a repository or more.
func (c *Client) Outsiders(ctx context.Context) (List[Account], error) {
	return list[Account](ctx, c, listOutsiders(), "orgs/"+c.o.Organisation+"/outside_collaborators", nil)
}

// RemoveOutsider takes somebody out of all repositories of the organisation.
func (c *Client) RemoveOutsider(ctx context.Context, login string) error {
	k := removeOutsider()
	if err := named(k, entitlement.CheckLogin(login)); err != nil {
		return err
	}
	_, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		return api.Organizations.RemoveOutsideCollaborator(ctx, c.o.Organisation, login)
	})
	return err
}
