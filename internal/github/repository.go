package github

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-github/v60/github"

	"gangway/internal/entitlement"
)

// Repository is one of the organisation's.
type Repository struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// Private ones are read by whom they are shared with; internal ones count as
	// private, and are read by every member.
	Private    bool   `json:"private"`
	Visibility string `json:"visibility"`
	FullName   string `json:"full_name"`
	// Pushed is the newest push to any branch.
	Pushed moment `json:"pushed_at"`
}

func (r Repository) sound() bool { return r.ID > 0 && r.Name != "" }

// RepositoryInvitation is one that was not accepted. After a week it has expired, and
// stands there all the same.
type RepositoryInvitation struct {
	ID int64 `json:"id"`
	// Invitee is nil where the account is gone.
	Invitee *Account `json:"invitee"`
	Role    string   `json:"permissions"`
	Created moment   `json:"created_at"`
	Expired bool     `json:"expired"`
}

func (i RepositoryInvitation) sound() bool { return i.ID > 0 }

// Affiliation says which collaborators a list has.
type Affiliation string

// Affiliations.
const (
	Direct  Affiliation = "direct" // of the repository itself, members of the organisation or not
	Outside Affiliation = "outside"
	Anyhow  Affiliation = "all" // also by a team, or as every member
)

// Repositories are all that this sign-in sees: an app that was installed for some sees
// some, and GitHub does not say so in the list.
func (c *Client) Repositories(ctx context.Context) (List[Repository], error) {
	return list[Repository](ctx, c, listRepositories(), "orgs/"+c.o.Organisation+"/repos", nil)
}

func (c *Client) repository(repo string) string { return "repos/" + c.o.Organisation + "/" + repo }

// Repository asks for one by its name. One that was renamed is Moved: GitHub would
// send us on to the new one, and everything after would be about another name.
func (c *Client) Repository(ctx context.Context, repo string) (Repository, error) {
	k := getRepository()
	if err := named(k, entitlement.CheckRepository(repo)); err != nil {
		return Repository{}, err
	}
	var r Repository
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(http.MethodGet, c.repository(repo), nil)
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, &r)
	})
	if err != nil {
		return Repository{}, err
	}
	if r.sound() && !strings.EqualFold(r.FullName, c.o.Organisation+"/"+repo) {
		return Repository{}, &CallError{Call: k.name, Fault: Moved, Status: n.status, Request: requestID(n.header)}
	}
	return r, wants(k, n, r.sound())
}

// Collaborators are a repository's.
func (c *Client) Collaborators(ctx context.Context, repo string, a Affiliation) (List[Account], error) {
	k := listCollaborators()
	if err := named(k, entitlement.CheckRepository(repo)); err != nil {
		return List[Account]{}, err
	}
	return list[Account](ctx, c, k, c.repository(repo)+"/collaborators", url.Values{"affiliation": {string(a)}})
}

// Permission is what somebody may do with a repository, by whatever way: a role of
// engagement or of the organisation's own, or none. Of a public repository everybody
// may read.
func (c *Client) Permission(ctx context.Context, repo, login string) (string, error) {
	k := getPermission()
	if err := named(k, entitlement.CheckRepository(repo), entitlement.CheckLogin(login)); err != nil {
		return "", err
	}
	// The library's answer has no role_name, and calls triage read and maintain write.
	var said struct {
		Permission string `json:"permission"`
		Role       string `json:"role_name"`
	}
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(http.MethodGet, c.repository(repo)+"/collaborators/"+login+"/permission", nil)
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, &said)
	})
	if err != nil {
		return "", err
	}
	if said.Permission == "none" || said.Role == "" {
		said.Role = said.Permission
	}
	return said.Role, wants(k, n, said.Permission != "")
}

// AddCollaborator gives somebody a role in a repository. invited: they have to accept
// first. Else they may already, since they are in, or members of the organisation.
func (c *Client) AddCollaborator(ctx context.Context, repo, login string, role entitlement.Role) (invited bool, err error) {
	k := addCollaborator()
	if err := named(k, entitlement.CheckRepository(repo), entitlement.CheckLogin(login)); err != nil {
		return false, err
	}
	var inv *github.CollaboratorInvitation
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (resp *github.Response, err error) {
		// Never without options: a nil would be sent as null.
		inv, resp, err = api.Repositories.AddCollaborator(ctx, c.o.Organisation, repo, login, &github.RepositoryAddCollaboratorOptions{Permission: permissionWord(role)})
		return resp, err
	})
	if err != nil {
		return false, err
	}
	// Without an invitation (204) there is one all the same, with nothing in it.
	invited = inv.GetID() != 0
	return invited, wants(k, n, invited || n.status == http.StatusNoContent)
}

// permissionWord is a role in the words that GitHub's API takes.
func permissionWord(role entitlement.Role) string {
	switch role {
	case entitlement.RoleRead:
		return "pull"
	case entitlement.RoleWrite:
		return "push"
	}
	return string(role)
}

// RemoveCollaborator takes somebody out of a repository. A team, or what every member
// may, can still let them in, and it may take a while.
func (c *Client) RemoveCollaborator(ctx context.Context, repo, login string) error {
	k := removeCollaborator()
	if err := named(k, entitlement.CheckRepository(repo), entitlement.CheckLogin(login)); err != nil {
		return err
	}
	_, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		return api.Repositories.RemoveCollaborator(ctx, c.o.Organisation, repo, login)
	})
	return err
}

// RepositoryInvitations are those to a repository that nobody accepted, expired ones
// included.
func (c *Client) RepositoryInvitations(ctx context.Context, repo string) (List[RepositoryInvitation], error) {
	k := listRepositoryInvitations()
	if err := named(k, entitlement.CheckRepository(repo)); err != nil {
		return List[RepositoryInvitation]{}, err
	}
	return list[RepositoryInvitation](ctx, c, k, c.repository(repo)+"/invitations", nil)
}

// CancelRepositoryInvitation withdraws one to a repository.
func (c *Client) CancelRepositoryInvitation(ctx context.Context, repo string, id int64) error {
	k := cancelRepositoryInvitation()
	if err := named(k, entitlement.CheckRepository(repo)); err != nil {
		return err
	}
	_, err := c.call(ctx, k, c.bare(http.MethodDelete, c.repository(repo)+"/invitations/"+number(id)))
	return err
}

// RepositoryTeams are the teams that let people into a repository.
func (c *Client) RepositoryTeams(ctx context.Context, repo string) (List[Team], error) {
	k := listRepositoryTeams()
	if err := named(k, entitlement.CheckRepository(repo)); err != nil {
		return List[Team]{}, err
	}
	return list[Team](ctx, c, k, c.repository(repo)+"/teams", nil)
}
