package github

import (
	"errors"
	"net/http"
	"testing"

	"gangway/internal/entitlement"
	"gangway/internal/github/githubtest"
)

// TestAClientThatOnlyReadsChangesNothing: what would change something never leaves, from
// whatever it is asked; what reads does.
func TestAClientThatOnlyReadsChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *githubtest.Options, c *Connection) { c.ReadOnly = true })
	w.s.AddCollaborator("ledger", "dev-1", "write")
	l, err := w.c.Collaborators(t.Context(), "ledger", Direct)
	if err != nil || len(l.All) != 1 {
		t.Errorf("read %+v, %v", l, err)
	}
	k := NewKeeper(w.c)
	for what, do := range map[string]func() (entitlement.Standing, error){
		"let in": func() (entitlement.Standing, error) {
			return k.Grant(t.Context(), entitlement.Grant{ID: "g", Login: "dev-2", Repository: "ledger", Role: "write"})
		},
		"put out": func() (entitlement.Standing, error) {
			return k.Remove(t.Context(), entitlement.Grant{ID: "g", Login: "dev-1", Repository: "ledger", Role: "write"})
		},
	} {
		if s, err := do(); err == nil && len(s.Doubts) == 0 {
			t.Errorf("somebody was %s by a client that only reads: %+v", what, s)
		}
	}
	l, err = w.c.Collaborators(t.Context(), "ledger", Direct)
	if err != nil || len(l.All) != 1 {
		t.Errorf("now there are %+v, %v", l, err)
	}
}

// carried counts what reaches a transport.
type carried struct{ methods []string }

func (c *carried) RoundTrip(r *http.Request) (*http.Response, error) {
	c.methods = append(c.methods, r.Method)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

// TestWhatReadsIsLetThrough: GET and HEAD, and an app's signing in; nothing else.
func TestWhatReadsIsLetThrough(t *testing.T) {
	t.Parallel()
	c := &carried{}
	r := reading{next: c, signIn: "/api/" + signInPath(7)}
	for _, x := range []struct {
		method, path string
		through      bool
	}{
		{http.MethodGet, "/api/orgs/n", true}, {http.MethodHead, "/api/orgs/n", true}, {http.MethodPost, "/api/app/installations/7/access_tokens", true},
		{http.MethodPost, "/api/app/installations/8/access_tokens", false}, {http.MethodPost, "/api/graphql", false}, {http.MethodPut, "/api/x", false},
		{http.MethodPatch, "/api/x", false}, {http.MethodDelete, "/api/app/installations/7/access_tokens", false}, {"", "/api/x", false},
	} {
		req, err := http.NewRequestWithContext(t.Context(), x.method, "http://127.0.0.1:1"+x.path, http.NoBody)
		ok(t, err)
		req.Method = x.method
		before := len(c.methods)
		_, err = r.RoundTrip(req)
		if through := len(c.methods) > before; through != x.through || x.through != (err == nil) || err != nil && !errors.Is(err, errReading) {
			t.Errorf("%s %s: through %v, %v", x.method, x.path, through, err)
		}
	}
}
