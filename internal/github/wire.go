package github

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
)

// mostAnswer bounds one answer, in bytes: a page of a hundred repositories has about
// six hundred thousand.
const mostAnswer = 8 << 20

// note is what came back on one call, before the library makes something of it.
type note struct {
	status int
	header http.Header
	body   []byte
	// cut: there was more than mostAnswer, or the connection ended within.
	cut bool
}

// noteKey is where a call's note is in its context.
type noteKey struct{}

// wire carries a call with its token, and notes what came back. It reads the whole
// answer: the library takes an empty body for an answer without fields.
type wire struct {
	token string
	next  http.RoundTripper
}

// RoundTrip carries one call.
func (w wire) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+w.token)
	resp, err := w.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer+1))
	n, _ := req.Context().Value(noteKey{}).(*note)
	if n == nil {
		n = &note{}
	}
	*n = note{status: resp.StatusCode, header: resp.Header, body: body, cut: err != nil || len(body) > mostAnswer}
	if err := errors.Join(resp.Body.Close()); err != nil || n.cut {
		n.cut = true
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// noting is a context whose call is noted.
func noting(ctx context.Context) (context.Context, *note) {
	n := &note{}
	return context.WithValue(ctx, noteKey{}, n), n
}

// json reports whether the answer says that it is JSON.
func (n *note) json() bool {
	kind, _, _ := strings.Cut(n.header.Get("Content-Type"), ";")
	kind = strings.TrimSpace(strings.ToLower(kind))
	return kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")
}

// newTransport is how GitHub is reached: without the machine's idle connections of
// others, with the proxy that the environment names.
func newTransport() *http.Transport {
	return &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 2, IdleConnTimeout: idle}
}

// stay keeps redirects from being followed: a repository under another name is a
// finding, and a token goes to no other host.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
