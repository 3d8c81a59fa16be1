package assembly

import (
	"context"
	"fmt"

	"gangway/config"
	"gangway/internal/github"
)

// githubConnection is how a deployment reaches GitHub.
func githubConnection(g config.GitHub) github.Connection {
	c := github.Connection{API: g.API, Organisation: g.Organisation, Token: g.Token.Value(), App: g.App, Installation: g.Installation}
	if g.Key.Given() {
		c.Key = []byte(g.Key.Value())
	}
	return c
}

// openGitHub sets GitHub up; nil where a deployment has none. Nobody is called yet: a
// house opens also while GitHub is away. Whatever is done there goes by one client, which
// keeps the pace.
func openGitHub(g config.GitHub) (*github.Client, error) {
	if g.Organisation == "" {
		return nil, nil
	}
	c, err := github.NewClient(githubConnection(g))
	if err != nil {
		return nil, hintedError{fmt.Errorf("reading what is said of GitHub: %w", err), "docs/github.md sets it up"}
	}
	return c, nil
}

// githubOrganisation tries every call that is made to GitHub, and the programs that copy
// repositories. It changes nothing.
func githubOrganisation(ctx context.Context, g config.GitHub) []Finding {
	if g.Organisation == "" {
		return []Finding{{Part: "github", Said: "access to code is given and taken by hand"}}
	}
	c, err := github.NewClient(githubConnection(g))
	if err != nil {
		return []Finding{{Part: "github", Err: hintedError{fmt.Errorf("reading what is said of GitHub: %w", err), "docs/github.md sets it up"}}}
	}
	var found []Finding
	for _, f := range append(c.Check(ctx), github.Programs(ctx, "", "")...) {
		found = append(found, Finding{Part: f.Part, Said: f.Said, Err: f.Err})
	}
	return found
}
