package github

import (
	"errors"
	"net/http"
)

// errReading is what a call gets that would change something where nothing may be changed.
var errReading = errors.New("nothing is changed from here: this client only reads")

// reading lets through what only reads, and an app's signing in.
type reading struct {
	next   http.RoundTripper
	signIn string // path
}

// RoundTrip carries a call that changes nothing.
func (r reading) RoundTrip(req *http.Request) (*http.Response, error) {
	switch {
	case req.Method == http.MethodGet, req.Method == http.MethodHead, req.Method == http.MethodPost && req.URL.Path == r.signIn:
		return r.next.RoundTrip(req)
	}
	if req.Body != nil {
		_ = req.Body.Close() // a RoundTripper closes it, also when it fails
	}
	return nil, errReading
}
