package github

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How long we wait after too many calls where GitHub does not say (its page "Rate
// limits for the REST API": at least a minute, then longer each time), and at most
// whatever an answer says: primary limits are reset within the hour.
const (
	limitedFor  = time.Minute
	mostLimited = 2 * time.Hour
	mostBackoff = 30 * time.Minute
)

// againFor is how long GitHub gets for what it goes on with.
const againFor = 30 * time.Second

// sorted makes an error of what came back on a call, nil where it is what the call
// wants. The library's own errors are not looked at: they know limits on 403 alone,
// take every 404 for a no, and quote bodies.
func sorted(call string, n *note, err error, now time.Time) error {
	e := &CallError{Call: call, Status: n.status, Request: requestID(n.header)}
	switch s := n.status; {
	case s == 0:
		if err == nil {
			return nil // nothing was called
		}
		e.Fault, e.cause = Unreachable, causeOf(err)
	case n.cut:
		e.Fault = Lost
	case s == http.StatusAccepted:
		e.Fault, e.after = Accepted, againFor
	case s == http.StatusNoContent:
		return nil
	case s >= 200 && s < 300:
		switch {
		case !n.json() || len(bytes.TrimSpace(n.body)) == 0:
			e.Fault = Broken // a proxy's page, or nothing, with a good word on it
		case err != nil:
			e.Fault = Lost
		default:
			return nil
		}
	case s >= 300 && s < 400:
		e.Fault = Moved
	case s >= 500:
		e.Fault = Broken
	case limits(n):
		e.Fault, e.after = Limited, pause(n.header, now)
	case !n.json() && s != http.StatusUnauthorized && len(n.body) > 0:
		e.Fault = Broken // a page instead of GitHub's words: something between us
	default:
		e.refused(n)
	}
	return e
}

// refused sorts a 4xx that is no limit.
func (e *CallError) refused(n *note) {
	switch e.Status {
	case http.StatusUnauthorized:
		e.Fault = Denied
	case http.StatusForbidden:
		e.Needs = accepted(n.header.Get("X-Accepted-GitHub-Permissions"))
		e.SSO = strings.HasPrefix(strings.TrimSpace(n.header.Get("X-GitHub-SSO")), "required")
		e.Fault = Refused
		if e.SSO || len(e.Needs) > 0 || lacks(n.body) {
			e.Fault = Denied
		}
	case http.StatusNotFound, http.StatusGone:
		e.Fault = Hidden
	case http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusNotAcceptable, http.StatusMethodNotAllowed:
		e.Fault = Faulty
	default:
		e.Fault = Refused
	}
}

// lacks reports whether a 403's words say that a permission is missing.
func lacks(body []byte) bool {
	said := strings.ToLower(message(body))
	for _, words := range []string{"resource not accessible by", "must have admin rights", "must be an owner", "must be an organization owner",
		"requires one of the following scopes", "not granted to this installation", "you do not have permission", "bad credentials"} {
		if strings.Contains(said, words) {
			return true
		}
	}
	return false
}

// message is what GitHub says of a fault; it is looked at and never shown.
func message(body []byte) string {
	var said struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	return said.Message
}

// limits reports whether an answer says that there were too many calls: GitHub says
// so with 403 or 429, for the hour's limit by a header, for the others by one or in
// words.
func limits(n *note) bool {
	switch n.status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusForbidden:
	default:
		return false
	}
	if n.header.Get("X-RateLimit-Remaining") == "0" || n.header.Get("Retry-After") != "" {
		return true
	}
	var said struct {
		Message string `json:"message"`
		Page    string `json:"documentation_url"`
	}
	_ = json.Unmarshal(n.body, &said) // no words, no limit
	words := strings.ToLower(said.Message)
	return strings.Contains(words, "secondary rate limit") || strings.Contains(words, "abuse detection") || strings.Contains(words, "api rate limit exceeded") ||
		strings.HasSuffix(said.Page, "secondary-rate-limits") || strings.HasSuffix(said.Page, "#abuse-rate-limits")
}

// pause is how long an answer asks us to wait; zero where it does not say.
func pause(h http.Header, now time.Time) time.Duration {
	if text := strings.TrimSpace(h.Get("Retry-After")); text != "" {
		if s, err := strconv.ParseInt(text, 10, 32); err == nil && s > 0 {
			return min(time.Duration(s)*time.Second, mostLimited)
		}
		if at, err := http.ParseTime(text); err == nil && at.After(now) {
			return min(at.Sub(now), mostLimited)
		}
	}
	if h.Get("X-RateLimit-Remaining") != "0" {
		return 0
	}
	s, err := strconv.ParseInt(strings.TrimSpace(h.Get("X-RateLimit-Reset")), 10, 64)
	if err != nil || s <= 0 || s > 1<<40 {
		return 0
	}
	// A second more: the reset is told in whole seconds.
	wait := time.Unix(s, 0).Sub(now) + time.Second
	return min(max(wait, time.Second), mostLimited)
}

// mostNeeds bounds how many permissions are repeated.
const mostNeeds = 8

// accepted reads X-Accepted-GitHub-Permissions: "members=write; administration=read",
// where commas part what is enough by itself. What is no name of a permission is left
// out: it would be shown to people.
func accepted(header string) []string {
	var all []string
	for _, set := range strings.Split(header, ",") {
		var needs []string
		for _, one := range strings.Split(set, ";") {
			name, level, found := strings.Cut(strings.TrimSpace(one), "=")
			if found && isWord(name) && (level == "read" || level == "write" || level == "admin") {
				needs = append(needs, name+"="+level)
			}
		}
		if len(needs) > 0 && len(all) < mostNeeds {
			all = append(all, strings.Join(needs[:min(len(needs), mostNeeds)], " and "))
		}
	}
	return all
}

// isWord reports whether text is a name as machines give them.
func isWord(text string) bool {
	for _, r := range text {
		if (r < 'a' || r > 'z') && r != '_' && (r < '0' || r > '9') {
			return false
		}
	}
	return text != "" && len(text) <= 60
}

// requestID is GitHub's id of a call, empty where it is none.
func requestID(h http.Header) string {
	id := h.Get("X-GitHub-Request-Id")
	for _, r := range id {
		if (r < '0' || r > '9') && (r < 'A' || r > 'F') && (r < 'a' || r > 'f') && r != ':' {
			return ""
		}
	}
	if len(id) > 80 {
		return ""
	}
	return id
}

// partial reports whether GitHub says that it left out what single sign-on hides.
func (n *note) partial() bool {
	return strings.HasPrefix(strings.TrimSpace(n.header.Get("X-GitHub-SSO")), "partial-results")
}
