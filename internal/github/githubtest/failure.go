package githubtest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How is what goes wrong with a call.
type How string

// Ways to go wrong.
const (
	Primary    How = "primary"     // the hour's limit, 403
	Primary429 How = "primary 429" // the same, 429
	Second     How = "second"      // a secondary limit, 403; Retry-After where Failure.After says so
	Second429  How = "second 429"
	Forbidden  How = "forbidden"  // 403 with Failure.Needs in X-Accepted-GitHub-Permissions
	SSO        How = "sso"        // 403, the token is not let in by single sign-on
	Partial    How = "partial"    // done, but a list leaves out what single sign-on hides
	Hidden     How = "hidden"     // 404
	Unauth     How = "unauth"     // 401
	Working    How = "working"    // 202, not done yet
	Down       How = "down"       // 502 and a page of HTML
	Page       How = "page"       // 200 and a page of HTML
	Empty      How = "empty"      // 200 and nothing
	Null       How = "null"       // 200 and null
	Cut        How = "cut"        // done, but the answer ends in the middle
	Lost       How = "lost"       // done, but the connection ends without an answer
	Unlinked   How = "unlinked"   // done, but the link to the next page can't be read
	Circle     How = "circle"     // done, but the next page is this one
	Conflict   How = "conflict"   // 409
	Invalid    How = "invalid"    // 422
	Undone     How = "undone"     // 204 as if done, and nothing was
	Silent     How = "no message" // 403 without words
)

// Failure is one to order.
type Failure struct {
	// Call limits it: a method and a path as in GitHub's description, such as
	// "GET /orgs/{org}"; empty: all.
	Call string
	How  How
	// After is the Retry-After or the reset of a limit, in whole seconds.
	After time.Duration
	Needs string
	// Skip is how many calls pass before; Times how often it happens then: 0 is once,
	// below 0 until Mend.
	Skip, Times int
}

// Order lets calls fail, in this order where several fit.
func (s *Server) Order(failures ...Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range failures {
		if f.Times == 0 {
			f.Times = 1
		}
		s.failures = append(s.failures, f)
	}
}

// Mend forgets all failures that were ordered.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = nil
}

// failure takes the next for a call; the caller holds the lock.
func (s *Server) failure(call string) (Failure, bool) {
	for i := range s.failures {
		f := &s.failures[i]
		if f.Call != "" && f.Call != call {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		taken := *f
		if f.Times--; f.Times == 0 {
			s.failures = append(s.failures[:i:i], s.failures[i+1:]...)
		}
		return taken, true
	}
	return Failure{}, false
}

// after: the call is done before it goes wrong.
func (f Failure) after() bool {
	switch f.How {
	case Partial, Cut, Lost, Unlinked, Circle:
		return true
	}
	return false
}

const (
	limitsPage    = "https://docs.github.com/rest/overview/resources-in-the-rest-api#rate-limiting"
	secondaryPage = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"
)

// instead is the answer in place of the call's own.
func (f Failure) instead(now time.Time) reply {
	page := reply{status: http.StatusOK, kind: "text/html; charset=utf-8", raw: []byte("<!DOCTYPE html><html><body><h1>Unicorn!</h1></body></html>")}
	switch f.How {
	case Primary, Primary429:
		return primary(f.How == Primary429, now.Add(f.After))
	case Second, Second429:
		return secondary(f.How == Second429, f.After)
	case Forbidden:
		out := refuse(http.StatusForbidden, "Resource not accessible by integration")
		return out.with("X-Accepted-GitHub-Permissions", f.Needs)
	case SSO:
		out := refuse(http.StatusForbidden, "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.")
		return out.with("X-GitHub-SSO", "required; url=https://github.com/orgs/test/sso?authorization_request=AAAA")
	case Hidden:
		return notFound()
	case Unauth:
		return refuse(http.StatusUnauthorized, "Bad credentials")
	case Working:
		return reply{status: http.StatusAccepted, body: map[string]any{}}
	case Down:
		page.status = http.StatusBadGateway
		return page
	case Page:
		return page
	case Empty:
		return reply{status: http.StatusOK, kind: jsonKind, raw: []byte{}}
	case Null:
		return reply{status: http.StatusOK, kind: jsonKind, raw: []byte("null")}
	case Conflict:
		return refuse(http.StatusConflict, "Conflict")
	case Undone:
		return reply{status: http.StatusNoContent}
	case Silent:
		return reply{status: http.StatusForbidden, kind: jsonKind, raw: []byte("{}")}
	}
	return refuse(http.StatusUnprocessableEntity, "Validation Failed")
}

func primary(coded429 bool, reset time.Time) reply {
	out := reply{status: http.StatusForbidden, body: map[string]any{"message": "API rate limit exceeded for installation ID 1.", "documentation_url": limitsPage}}
	if coded429 {
		out.status = http.StatusTooManyRequests
	}
	return out.with("X-RateLimit-Remaining", "0").with("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
}

func secondary(coded429 bool, after time.Duration) reply {
	out := reply{status: http.StatusForbidden, body: map[string]any{
		"message":           "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
		"documentation_url": secondaryPage}}
	if coded429 {
		out.status = http.StatusTooManyRequests
	}
	if after > 0 {
		out = out.with("Retry-After", strconv.Itoa(int(after/time.Second)))
	}
	return out
}

// spoil changes an answer that was made.
func (f Failure) spoil(out reply) reply {
	switch f.How {
	case Partial:
		return out.with("X-GitHub-SSO", "partial-results; organizations=21955855,20582480")
	case Unlinked:
		return out.with("Link", `<https://api.github.com/elsewhere>; rel="next"`)
	case Circle:
		return out.with("Link", strings.ReplaceAll(`<`+prefix+`x?page=1>; rel="next"`, "//", "/"))
	}
	return out
}
