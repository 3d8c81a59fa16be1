package github

import (
	"testing"
	"time"

	"gangway/internal/github/githubtest"
)

// ways are the three ways to sign in.
func ways(t *testing.T) map[string]func(*githubtest.Options, *Connection) {
	t.Helper()
	return map[string]func(*githubtest.Options, *Connection){
		"app": asApp(t, full()),
		"classic token": func(o *githubtest.Options, c *Connection) {
			o.Tokens = []githubtest.Token{{Value: "ghp_classic", Scopes: []string{"admin:org", "repo"}}}
			c.Token = "ghp_classic"
		},
		"fine-grained token": func(o *githubtest.Options, c *Connection) {
			o.Tokens = []githubtest.Token{{Value: "github_pat_fine", Permissions: full()}}
			c.Token = "github_pat_fine"
		},
	}
}

func lagging(d time.Duration) func(*githubtest.Options, *Connection) {
	return func(o *githubtest.Options, _ *Connection) { o.Lag = d }
}

func based(role string) func(*githubtest.Options, *Connection) {
	return func(o *githubtest.Options, _ *Connection) { o.Base = role }
}

func closed() func(*githubtest.Options, *Connection) {
	return func(o *githubtest.Options, _ *Connection) { o.NoOutsiders = true }
}
