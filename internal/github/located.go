package github

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-github/v60/github"

	"gangway/internal/entitlement"
)

// The calls of moving repositories. They are no part of Needs: who gives access alone
// needs none of them.
func getRepositoryByID() call {
	return call{"GET /repositories/{repository_id}", metadata, scopeRepo}
}
func transferRepository() call {
	return call{"POST /repos/{owner}/{repo}/transfer", adminWrite, scopeRepo}
}
func listReleases() call {
	return call{"GET /repos/{owner}/{repo}/releases", "contents=read", scopeRepo}
}
func listSecrets() call {
	return call{"GET /repos/{owner}/{repo}/actions/secrets", "secrets=read", scopeRepo}
}
func listPackages() call {
	return call{"GET /orgs/{org}/packages", "packages=read", "read:packages"}
}

// Located is a repository of any owner, as it is seen now.
type Located struct {
	Repository
	Owner Account `json:"owner"`
	// Wiki: it may have one.
	Wiki bool `json:"has_wiki"`
}

// Release is one of a repository, with the files that came with it.
type Release struct {
	ID     int64  `json:"id"`
	Tag    string `json:"tag_name"`
	Assets []struct {
		ID     int64  `json:"id"`
		Name   string `json:"name"`
		Size   int64  `json:"size"`
		Digest string `json:"digest"`
	} `json:"assets"`
}

func (r Release) sound() bool { return r.ID > 0 }

// Package is one of an organisation's, which may belong to a repository.
type Package struct {
	ID         int64       `json:"id"`
	Name       string      `json:"name"`
	Kind       string      `json:"package_type"`
	Repository *Repository `json:"repository"`
}

func (p Package) sound() bool { return p.ID > 0 && p.Name != "" }

// secret is one that builds are given. What it is GitHub tells nobody.
type secret struct {
	Name string `json:"name"`
}

func (s secret) sound() bool { return s.Name != "" }

// secrets are a repository's own; those of an organisation stay with it.
func (c *Client) secrets(ctx context.Context, owner, repo string) (List[secret], error) {
	k := listSecrets()
	if err := named(k, entitlement.CheckLogin(owner), entitlement.CheckRepository(repo)); err != nil {
		return List[secret]{}, err
	}
	return listIn[secret](ctx, c, k, "repos/"+owner+"/"+repo+"/actions/secrets", "secrets", "total_count")
}

// packageKinds are those that a list has to be asked for by one.
func packageKinds() []string {
	return []string{"npm", "maven", "rubygems", "docker", "nuget", "container"}
}

// Locate asks for a repository by its owner and name. One that has others now is Moved.
func (c *Client) Locate(ctx context.Context, owner, repo string) (Located, error) {
	k := getRepository()
	if err := named(k, entitlement.CheckLogin(owner), entitlement.CheckRepository(repo)); err != nil {
		return Located{}, err
	}
	l, n, err := c.located(ctx, k, "repos/"+owner+"/"+repo)
	if err == nil && !strings.EqualFold(l.FullName, owner+"/"+repo) {
		return Located{}, &CallError{Call: k.name, Fault: Moved, Status: n.status, Request: requestID(n.header)}
	}
	return l, err
}

// LocateByID asks for a repository by its number, which stays whatever it is called and
// whoever has it. GitHub's description lacks the path; its redirects lead to it.
func (c *Client) LocateByID(ctx context.Context, id int64) (Located, error) {
	l, n, err := c.located(ctx, getRepositoryByID(), "repositories/"+number(id))
	if err == nil && l.ID != id {
		return Located{}, &CallError{Call: getRepositoryByID().name, Fault: Lost, Status: n.status, Request: requestID(n.header)}
	}
	return l, err
}

func (c *Client) located(ctx context.Context, k call, path string) (Located, *note, error) {
	var l Located
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(http.MethodGet, path, nil)
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, &l)
	})
	if err != nil {
		return Located{}, n, err
	}
	return l, n, wants(k, n, l.sound() && l.Owner.sound())
}

// Transfer asks GitHub to hand a repository over. It answers at once and does it later,
// if at all; said is what it says against it, in lower case, where it refuses.
func (c *Client) Transfer(ctx context.Context, owner, repo, to string) (said string, err error) {
	k := transferRepository()
	if err := named(k, entitlement.CheckLogin(owner), entitlement.CheckRepository(repo), entitlement.CheckLogin(to)); err != nil {
		return "", err
	}
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(http.MethodPost, "repos/"+owner+"/"+repo+"/transfer", map[string]string{"new_owner": to})
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, nil)
	})
	switch {
	case is(err, Accepted): // the only good answer; its body has the owner of before
		return "", nil
	case err != nil && n != nil:
		return complaints(n.body), err
	case err != nil:
		return "", err
	}
	return "", wants(k, n, false)
}

// complaints are GitHub's words of a refusal, with those of its parts. They are looked at
// and never shown.
func complaints(body []byte) string {
	var said struct {
		Message string            `json:"message"`
		Errors  []json.RawMessage `json:"errors"`
	}
	_ = json.Unmarshal(body, &said) // no words, no complaint
	words := []string{said.Message}
	for _, e := range said.Errors {
		words = append(words, string(e))
	}
	return strings.ToLower(strings.Join(words, "\n"))
}

// Releases are a repository's, drafts where the sign-in may see them.
func (c *Client) Releases(ctx context.Context, owner, repo string) (List[Release], error) {
	k := listReleases()
	if err := named(k, entitlement.CheckLogin(owner), entitlement.CheckRepository(repo)); err != nil {
		return List[Release]{}, err
	}
	return list[Release](ctx, c, k, "repos/"+owner+"/"+repo+"/releases", nil)
}

// Packages are an organisation's, of all kinds.
func (c *Client) Packages(ctx context.Context, owner string) (List[Package], error) {
	k := listPackages()
	if err := named(k, entitlement.CheckLogin(owner)); err != nil {
		return List[Package]{}, err
	}
	var all List[Package]
	for _, kind := range packageKinds() {
		some, err := list[Package](ctx, c, k, "orgs/"+owner+"/packages", url.Values{"package_type": {kind}})
		if err != nil {
			return List[Package]{}, err
		}
		all.All, all.Partial = append(all.All, some.All...), all.Partial || some.Partial
	}
	return all, nil
}
