package githubtest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// issued is a token that an app got.
type issued struct{ until time.Time }

// bearer is who calls.
type bearer struct {
	all         bool
	scopes      []string // of a classic token
	classic     bool
	permissions map[string]string
	app         bool // the app itself, by its signature
	installed   bool // by a token that the app got
	// sees are the names of repositories; nil: all.
	sees []string
}

func bearerOf(t Token) bearer {
	return bearer{all: t.Scopes == nil && t.Permissions == nil, scopes: t.Scopes, classic: t.Scopes != nil, permissions: t.Permissions, sees: t.Repositories}
}

// bearer looks at the token of a call; the caller holds the lock.
func (s *Server) bearer(t route, r *http.Request) (bearer, *reply) {
	bad := refuse(http.StatusUnauthorized, "Bad credentials")
	secret, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !is || secret == "" {
		out := refuse(http.StatusUnauthorized, "Requires authentication")
		return bearer{}, &out
	}
	if t.pattern == signInPattern {
		if problem := s.signed(secret); problem != "" {
			out := refuse(http.StatusUnauthorized, problem)
			return bearer{}, &out
		}
		return bearer{app: true, all: true}, nil
	}
	if got, ours := s.issued[secret]; ours {
		if !s.now().Before(got.until) {
			return bearer{}, &bad
		}
		return bearer{installed: true, permissions: s.o.App.Permissions, sees: s.o.App.Repositories}, nil
	}
	for _, token := range s.o.Tokens {
		if token.Value == secret {
			return bearerOf(token), nil
		}
	}
	return bearer{}, &bad
}

// scopes are those that an answer names: a classic token's; nil: none are named.
func (s *Server) scopes(r *http.Request) []string {
	secret, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, token := range s.o.Tokens {
		if token.Value == secret && token.Scopes != nil {
			return token.Scopes
		}
	}
	return nil
}

// may holds a call to what the token may; nil: it may. Scopes hold others.
func (b bearer) may(t route) *reply {
	if b.all || t.needs == "" {
		return nil
	}
	if b.classic {
		if b.scoped(t.scope) {
			return nil
		}
		out := refuse(http.StatusForbidden, "Must have admin rights to Repository.")
		if strings.HasPrefix(t.pattern, "orgs/") {
			out = refuse(http.StatusForbidden, "You must be an organization owner or have the right scope.")
		}
		return &out
	}
	name, level, _ := strings.Cut(t.needs, "=")
	if has := b.permissions[name]; has == level || has == "write" && level == "read" || name == "metadata" {
		return nil
	}
	out := refuse(http.StatusForbidden, "Resource not accessible by integration").with("X-Accepted-GitHub-Permissions", t.needs)
	return &out
}

func (b bearer) scoped(scope string) bool {
	switch {
	case scope == "" || slices.Contains(b.scopes, scope):
		return true
	case scope == "read:org":
		return slices.Contains(b.scopes, "admin:org") || slices.Contains(b.scopes, "write:org")
	}
	return false
}

// mostSigned is how long an app's signature may count.
const mostSigned = 10 * time.Minute

// signed checks an app's JSON Web Token; empty: it is good.
func (s *Server) signed(token string) string {
	const undecodable = "A JSON web token could not be decoded"
	parts := strings.Split(token, ".")
	if len(parts) != 3 || s.o.App.Key == nil {
		return undecodable
	}
	read := func(part string, to any) bool {
		text, err := base64.RawURLEncoding.DecodeString(part)
		return err == nil && json.Unmarshal(text, to) == nil
	}
	var head struct{ Alg, Typ string }
	var claims struct {
		Issued  int64  `json:"iat"`
		Expires int64  `json:"exp"`
		Issuer  string `json:"iss"`
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !read(parts[0], &head) || !read(parts[1], &claims) || err != nil || head.Alg != "RS256" ||
		rsa.VerifyPKCS1v15(s.o.App.Key, crypto.SHA256, sum[:], signature) != nil {
		return undecodable
	}
	now := s.now()
	from, until := time.Unix(claims.Issued, 0), time.Unix(claims.Expires, 0)
	switch {
	case claims.Issuer != strconv.FormatInt(s.o.App.ID, 10):
		return "Integration not found"
	case from.After(now):
		return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
	case !until.After(now):
		return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
	case until.Sub(now) > mostSigned:
		return "'Expiration time' claim ('exp') is too far in the future"
	}
	return ""
}

// signIn gives an app a token.
func (s *Server) signIn(a asked) reply {
	if a.vars["installation_id"] != strconv.FormatInt(s.o.App.Installation, 10) {
		return notFound()
	}
	token := "ghs_" + rand.Text()
	until := s.now().Add(s.o.App.Lives)
	s.issued[token] = issued{until: until}
	out := map[string]any{"token": token, "expires_at": until.UTC().Format(time.RFC3339), "permissions": s.o.App.Permissions, "repository_selection": "all"}
	if s.o.App.Repositories != nil {
		out["repository_selection"] = "selected"
	}
	if s.o.App.Permissions == nil {
		out["permissions"] = map[string]string{}
	}
	return fine(http.StatusCreated, out)
}

// Revoke ends all tokens that the app got.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.issued)
}

// Permit makes these the permissions of the app.
func (s *Server) Permit(permissions map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.App.Permissions = permissions
}
