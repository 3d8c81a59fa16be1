package described

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// where the description lies, from the project's root.
const where = "../shared/data/github-api.json"

// require, in the environment, makes a missing description a failure.
const require = "GANGWAY_REQUIRE"

// loaded reads the description once: it takes a while.
var loaded = sync.OnceValues(func() (routers.Router, error) {
	text, err := find()
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("reading GitHub's description: %w", err)
	}
	doc.Servers = nil // wherever a test's GitHub is
	r, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation())
	if err != nil {
		return nil, fmt.Errorf("understanding GitHub's description: %w", err)
	}
	return r, nil
})

// find reads the description's file, from the project's root upwards.
func find() ([]byte, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return os.ReadFile(filepath.Join(dir, where))
		}
	}
	return nil, os.ErrNotExist
}

// Front stands before a GitHub whose API begins at api, and returns where it is reached
// itself. What goes through is held to the description; what is not as described fails
// the test, and so does a test in which nothing was held to it: it would show nothing.
// Without the description everything goes through, and the test says so.
func Front(t testing.TB, api string) string {
	t.Helper()
	f, to := stand(t, api)
	if f == nil {
		return api
	}
	t.Cleanup(func() {
		if f.held.Load() == 0 && !t.Failed() {
			t.Errorf("no call and no answer was held to GitHub's description")
		}
	})
	return to
}

// Standby is a Front in a test that may well have nothing to ask of its GitHub.
func Standby(t testing.TB, api string) string {
	t.Helper()
	f, to := stand(t, api)
	if f == nil {
		return api
	}
	return to
}

// stand starts a front; nil: there is no description.
func stand(t testing.TB, api string) (*front, string) {
	t.Helper()
	r, err := loaded()
	if errors.Is(err, os.ErrNotExist) {
		if os.Getenv(require) != "" {
			t.Fatalf("GitHub's description is missing: %s", where)
		}
		t.Logf("nothing is held to GitHub's description: there is no %s", where)
		return nil, ""
	}
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	f := &front{t: t, router: r, to: to}
	f.proxy = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: to.Scheme, Host: to.Host}) },
		ModifyResponse: f.answer, Transport: &http.Transport{DisableKeepAlives: true},
		ErrorLog:     log.New(io.Discard, "", 0),                                                      // a connection that was cut to order
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }} // as the server did
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return f, s.URL + to.Path
}

// front is what stands between.
type front struct {
	t      testing.TB
	router routers.Router
	to     *url.URL
	proxy  *httputil.ReverseProxy
	held   atomic.Int64 // calls that were looked at
}

// inputKey is where a request's validation is in its context.
type inputKey struct{}

// git reports whether git asks, beside the API: of that GitHub describes nothing.
func (f *front) git(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, f.to.Path) && strings.Contains(r.URL.Path, ".git/")
}

// ServeHTTP holds a request to the description and passes it on.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.git(r) {
		f.proxy.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if strings.Contains(r.URL.Path, ".git/") && !strings.HasPrefix(r.URL.Path, strings.TrimSuffix(f.to.Path, "/")+"/") {
		f.proxy.ServeHTTP(w, r) // git's own, which that description has not
		return
	}
	f.held.Add(1)
	plain := r.Clone(r.Context())
	plain.URL.Path = asDescribed(onePart("/" + strings.TrimPrefix(r.URL.Path, f.to.Path)))
	plain.Body = io.NopCloser(bytes.NewReader(body))
	plain.Header.Del("Authorization") // it is described in words only
	route, vars, err := f.router.FindRoute(plain)
	if err != nil {
		f.t.Errorf("%s %s is no call of GitHub's: %v", r.Method, plain.URL.Path, err)
		f.proxy.ServeHTTP(w, r)
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: plain, PathParams: vars, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true}}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		f.t.Errorf("%s %s is not asked as GitHub describes it: %v", r.Method, plain.URL.Path, err)
	}
	f.proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), inputKey{}, in)))
}

// onePart makes one part of the path of a file, which GitHub describes as one parameter
// and takes with its slashes: the router knows none within a parameter.
func onePart(path string) string {
	const contents = "/contents/"
	before, file, is := strings.Cut(path, contents)
	if !is {
		return path
	}
	return before + contents + strings.ReplaceAll(file, "/", "~")
}

// asDescribed is the path under which GitHub describes what it answers at another: its
// redirects lead to a repository's number, where it answers as at the repository's name.
func asDescribed(path string) string {
	if number, is := strings.CutPrefix(path, "/repositories/"); is && strings.Trim(number, "0123456789") == "" {
		return "/repos/o/r"
	}
	return path
}

// answer holds an answer to the description. Of refusals GitHub describes some; of the
// others only the words' shape is held.
func (f *front) answer(resp *http.Response) error {
	in, known := resp.Request.Context().Value(inputKey{}).(*openapi3filter.RequestValidationInput)
	if !known {
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), broken{err}))
	if err != nil || Spoilt(resp.StatusCode, resp.Header, body) {
		return nil // a fault that was ordered
	}
	described := in.Route.Operation.Responses.Status(resp.StatusCode) != nil
	if !described && resp.StatusCode >= 400 {
		return nil
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true}}
	out.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(resp.Request.Context(), out); err != nil {
		f.t.Errorf("%s %s is not answered as GitHub describes it (%d): %v", resp.Request.Method, in.Request.URL.Path, resp.StatusCode, err)
	}
	return nil
}

// broken ends a body as it ended.
type broken struct{ err error }

// Read ends.
func (b broken) Read([]byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	return 0, io.EOF
}

// Spoilt reports whether an answer is one that no description has: a page, or nothing
// where something is promised.
func Spoilt(status int, h http.Header, body []byte) bool {
	if status == http.StatusNoContent {
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	text := strings.TrimSpace(string(body))
	return kind != "application/json" || text == "" || text == "null" || status == http.StatusAccepted || text == "{}"
}
