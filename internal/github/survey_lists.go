package github

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/go-github/v60/github"

	"gangway/internal/entitlement"
	"gangway/internal/inventory"
)

// What the places of an inventory list, as far as it is looked at.
type (
	// deployKey is one machine's way into one repository. It stays when whoever added it
	// goes.
	deployKey struct {
		ID    int64   `json:"id"`
		Title string  `json:"title"`
		By    *string `json:"added_by"` // a login; nil: GitHub does not know any more
		Used  moment  `json:"last_used"`
	}
	// hook tells an address of what happens.
	hook struct {
		ID     int64 `json:"id"`
		Config struct {
			URL string `json:"url"`
		} `json:"config"`
	}
	// installation is an app in the organisation.
	installation struct {
		ID   int64  `json:"id"`
		Slug string `json:"app_slug"`
	}
	// token is a fine-grained one that the organisation let in.
	token struct {
		ID    int64   `json:"id"`
		Owner Account `json:"owner"`
		Name  string  `json:"token_name"`
		Used  moment  `json:"token_last_used_at"`
	}
	// tokenRequest is a fine-grained token that waits for an owner to let it in.
	tokenRequest struct {
		ID    int64   `json:"id"`
		Owner Account `json:"owner"`
		Name  string  `json:"token_name"`
		Asked moment  `json:"created_at"`
	}
	// runner is a machine that does the organisation's work.
	runner struct {
		ID     int64  `json:"id"`
		Name   string `json:"name"`
		Labels []struct {
			Name string `json:"name"`
		} `json:"labels"`
	}
	// credential is a token or a key that single sign-on let in.
	credential struct {
		ID    int64  `json:"credential_id"`
		Login string `json:"login"`
		Kind  string `json:"credential_type"`
		Used  moment `json:"credential_accessed_at"`
	}
	codespace struct {
		ID    int64   `json:"id"`
		Name  string  `json:"name"`
		Owner Account `json:"owner"`
		Used  moment  `json:"last_used_at"`
	}
	// seat is somebody's of Copilot.
	seat struct {
		Assignee *Account `json:"assignee"`
		Used     moment   `json:"last_activity_at"`
		Since    moment   `json:"created_at"`
	}
	branch struct {
		Name string `json:"name"`
	}
	// pushed is a change of a branch.
	pushed struct {
		ID    int64    `json:"id"`
		Actor *Account `json:"actor"`
		At    moment   `json:"timestamp"`
	}
	// environment is where a repository is deployed to, and who has to agree before.
	environment struct {
		ID    int64  `json:"id"`
		Name  string `json:"name"`
		Rules []struct {
			Type      string     `json:"type"`
			Wait      *int       `json:"wait_timer"`
			Other     *bool      `json:"prevent_self_review"`
			Reviewers []reviewer `json:"reviewers"`
		} `json:"protection_rules"`
		Branches *branchPolicy `json:"deployment_branch_policy"`
	}
	branchPolicy struct {
		Protected bool `json:"protected_branches"`
		Custom    bool `json:"custom_branch_policies"`
	}
	reviewer struct {
		Type string  `json:"type"` // User or Team
		Who  Account `json:"reviewer"`
	}
)

func (k deployKey) sound() bool    { return k.ID > 0 }
func (h hook) sound() bool         { return h.ID > 0 }
func (i installation) sound() bool { return i.ID > 0 && i.Slug != "" }
func (t token) sound() bool        { return t.ID > 0 && t.Owner.sound() }
func (t tokenRequest) sound() bool { return t.ID > 0 && t.Owner.sound() }
func (r runner) sound() bool       { return r.ID > 0 && r.Name != "" }
func (c credential) sound() bool   { return c.ID > 0 && c.Login != "" }
func (c codespace) sound() bool    { return c.Name != "" && c.Owner.sound() }
func (s seat) sound() bool         { return !s.Since.IsZero() }
func (b branch) sound() bool       { return b.Name != "" }
func (p pushed) sound() bool       { return !p.At.IsZero() }
func (e environment) sound() bool  { return e.ID > 0 && e.Name != "" }

// reviewers are the people who have to agree, teams left out; gate is whether anybody
// has to.
func (e environment) reviewers() (people []Account, gate int) {
	for _, r := range e.Rules {
		for _, one := range r.Reviewers {
			gate++
			if one.Type == "User" {
				people = append(people, one.Who)
			}
		}
	}
	return people, gate
}

func (c *Client) org() string { return "orgs/" + c.o.Organisation }

// members are the organisation's with a role: member or admin, who is an owner.
func (c *Client) members(ctx context.Context, role string) (List[Account], error) {
	return list[Account](ctx, c, listMembers(), c.org()+"/members", url.Values{"role": {role}})
}

// ofRepository lists what a repository has.
func ofRepository[T entry](ctx context.Context, c *Client, k call, repo, what string) (List[T], error) {
	if err := named(k, entitlement.CheckRepository(repo)); err != nil {
		return List[T]{}, err
	}
	return list[T](ctx, c, k, c.repository(repo)+"/"+what, nil)
}

func (c *Client) environments(ctx context.Context, repo string) (List[environment], error) {
	k := listEnvironments()
	if err := named(k, entitlement.CheckRepository(repo)); err != nil {
		return List[environment]{}, err
	}
	return listIn[environment](ctx, c, k, c.repository(repo)+"/environments", "environments", "total_count")
}

func (c *Client) runners(ctx context.Context, repo string) (List[runner], error) {
	k := listRunners()
	if err := named(k, entitlement.CheckRepository(repo)); err != nil {
		return List[runner]{}, err
	}
	return listIn[runner](ctx, c, k, c.repository(repo)+"/actions/runners", "runners", "total_count")
}

// seesContents asks whether the sign-in may read a repository's files at all: a 404 for
// one of them would else say nothing.
func (c *Client) seesContents(ctx context.Context, repo string) error {
	k := listBranches()
	body, n, _, err := c.onePage(ctx, k, c.repository(repo)+"/branches", url.Values{"per_page": {"1"}})
	if err != nil {
		return err
	}
	if _, sound := entries[branch](body); !sound {
		return unread(k, n)
	}
	return nil
}

// hasCodeowners asks for the faults of a repository's CODEOWNERS file: there is an answer
// where there is such a file.
func (c *Client) hasCodeowners(ctx context.Context, repo string) error {
	_, err := c.call(ctx, getCodeownersErrors(), c.bare(http.MethodGet, c.repository(repo)+"/codeowners/errors"))
	return err
}

// file reads a file of a repository's default branch. whole is false where GitHub gives
// a part of it or nothing.
func (c *Client) file(ctx context.Context, repo, path string) (text string, whole bool, err error) {
	k := getContents()
	var said struct {
		Type     string `json:"type"`
		Encoding string `json:"encoding"`
		Content  string `json:"content"`
		Size     int    `json:"size"`
	}
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(http.MethodGet, c.repository(repo)+"/contents/"+path, nil)
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, &said)
	})
	if err != nil {
		return "", false, err
	}
	if said.Type == "" {
		return "", false, unread(k, n)
	}
	// GitHub breaks the lines of base64, and gives nothing of files of a megabyte.
	got, bad := base64.StdEncoding.DecodeString(strings.ReplaceAll(said.Content, "\n", ""))
	if said.Type != "file" || said.Encoding != "base64" || bad != nil || len(got) != said.Size || len(got) > inventory.MostCodeowners {
		return "", false, nil
	}
	return string(got), true, nil
}

// mostPushes bounds how many pages of changes are read.
const mostPushes = 50

// pushesAfter are changes of a repository's branches, the newest first, up to the first
// that stop takes for old.
func (c *Client) pushesAfter(ctx context.Context, repo string, stop func(pushed) bool) (List[pushed], error) {
	k := listActivity()
	l := List[pushed]{}
	query := url.Values{"per_page": {strconv.Itoa(perPage)}}
	for page := 1; ; page++ {
		body, n, resp, err := c.onePage(ctx, k, c.repository(repo)+"/activity", query)
		if err != nil {
			return List[pushed]{}, err
		}
		some, sound := entries[pushed](body)
		if !sound {
			return List[pushed]{}, unread(k, n)
		}
		l.Partial = l.Partial || n.partial()
		for _, p := range some {
			if stop(p) {
				return l, nil
			}
			l.All = append(l.All, p)
		}
		switch {
		case !more(n):
			return l, nil
		case page == mostPushes || resp == nil || resp.After == "" || resp.After == query.Get("after"):
			l.Partial = true
			return l, nil
		}
		query.Set("after", resp.After)
	}
}

// revoke ends a fine-grained token's access.
func (c *Client) revoke(ctx context.Context, id int64) error {
	return c.decide(ctx, revokeToken(), "/personal-access-tokens/"+number(id), "revoke")
}

// deny refuses a fine-grained token that waits to be let in.
func (c *Client) deny(ctx context.Context, id int64) error {
	return c.decide(ctx, reviewTokenRequest(), "/personal-access-token-requests/"+number(id), "deny")
}

func (c *Client) decide(ctx context.Context, k call, path, action string) error {
	_, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(http.MethodPost, c.org()+path, map[string]string{"action": action})
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, nil)
	})
	return err
}

// review makes these the people and teams who have to agree in an environment. What else
// it asks for is sent along: what is left out would be dropped.
func (c *Client) review(ctx context.Context, repo string, e environment, drop func(Account) bool) error {
	type asked struct {
		Type string `json:"type"`
		ID   int64  `json:"id"`
	}
	body := struct {
		Wait     int           `json:"wait_timer"`
		Other    bool          `json:"prevent_self_review"`
		People   []asked       `json:"reviewers"`
		Branches *branchPolicy `json:"deployment_branch_policy"`
	}{Branches: e.Branches}
	for _, r := range e.Rules {
		if r.Wait != nil {
			body.Wait = *r.Wait
		}
		if r.Other != nil {
			body.Other = *r.Other
		}
		for _, one := range r.Reviewers {
			if one.Type != "User" || !drop(one.Who) {
				body.People = append(body.People, asked{one.Type, one.Who.ID})
			}
		}
	}
	_, err := c.call(ctx, putEnvironment(), func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(http.MethodPut, c.repository(repo)+"/environments/"+url.PathEscape(e.Name), body)
		if err != nil {
			return nil, err
		}
		var said json.RawMessage
		return api.Do(ctx, req, &said)
	})
	return err
}
