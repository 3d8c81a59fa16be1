package githubtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Call is one that came.
type Call struct {
	// Call is the method and the path of GitHub's description, Path the one that came.
	Call, Path string
	Query      url.Values
	Body       string
	Status     int
	At         time.Time
}

// asked is a call while it is answered.
type asked struct {
	r     *http.Request
	vars  map[string]string
	query url.Values
	body  map[string]any
	who   bearer
	many  bool // too many run at once
}

// route is a call that GitHub takes.
type route struct {
	method, pattern string
	// needs is the permission of an app or a fine-grained token, scope that of a classic
	// token; empty: none.
	needs, scope string
	// query and fields are the parameters and the fields of the body that it knows.
	query, fields string
	// creates: it counts against the limits of calls that create content.
	creates bool
	do      func(*Server, asked) reply
}

func (t route) call() string { return t.method + " /" + strings.ReplaceAll(t.pattern, "...}", "}") }

// reply is an answer before it leaves.
type reply struct {
	status int
	header http.Header
	body   any // nil: none
	// raw, where it is not nil, is the body as it stands, of this kind.
	raw  []byte
	kind string
}

const jsonKind = "application/json; charset=utf-8"

func (out reply) with(key, value string) reply {
	if out.header == nil {
		out.header = http.Header{}
	}
	out.header = out.header.Clone()
	out.header.Set(key, value)
	return out
}

func fine(status int, body any) reply { return reply{status: status, body: body} }

func refuse(status int, message string) reply {
	return reply{status: status, body: map[string]any{"message": message, "documentation_url": "https://docs.github.com/rest", "status": strconv.Itoa(status)}}
}

func notFound() reply { return refuse(http.StatusNotFound, "Not Found") }

// match finds the route of a path.
func match(method, path string) (route, map[string]string, bool) {
	parts := strings.Split(path, "/")
	for _, t := range append(routes(), placeRoutes()...) {
		pattern, parts := strings.Split(t.pattern, "/"), parts
		if n := len(pattern); strings.HasSuffix(t.pattern, "...}") && len(parts) > n { // a path has slashes
			parts = append(slices.Clone(parts[:n-1]), strings.Join(parts[n-1:], "/"))
		}
		if t.method != method || len(pattern) != len(parts) {
			continue
		}
		vars := map[string]string{}
		fits := true
		for i, p := range pattern {
			if strings.HasPrefix(p, "{") {
				vars[strings.Trim(p, "{.}")] = parts[i]
				fits = fits && parts[i] != ""
			} else {
				fits = fits && p == parts[i]
			}
		}
		if fits {
			return t, vars, true
		}
	}
	return route{}, nil, false
}

// mostBody bounds what a caller sends, in bytes.
const mostBody = 1 << 20

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, prefix)
	text, err := io.ReadAll(io.LimitReader(r.Body, mostBody))
	if err != nil {
		return // a caller that went away
	}
	defer s.atOnce.Add(-1)
	many := s.atOnce.Add(1) > int64(s.o.Concurrent)
	t, vars, known := match(r.Method, path)
	s.mu.Lock()
	var out reply
	var failed Failure
	call := t.call()
	if !known {
		call = r.Method + " /" + path
		s.surprise("%s is no call that this GitHub takes", call)
		out = notFound()
	} else {
		out, failed = s.answer(t, asked{r: r, vars: vars, query: r.URL.Query(), many: many}, text)
	}
	s.calls = append(s.calls, Call{Call: call, Path: path, Query: r.URL.Query(), Body: string(text), Status: out.status, At: s.now()})
	s.revision++
	out = s.envelope(out, r)
	if r.Method != http.MethodGet {
		s.keep()
	}
	s.mu.Unlock()
	if failed.How == Lost {
		panic(http.ErrAbortHandler) // cuts the connection
	}
	write(w, out, failed.How == Cut)
}

// answer admits a call and does it; the caller holds the lock.
func (s *Server) answer(t route, a asked, text []byte) (reply, Failure) {
	if out, bad := s.manners(t, &a, text); bad {
		return out, Failure{}
	}
	var refused *reply
	a.who, refused = s.bearer(t, a.r)
	if refused != nil {
		return *refused, Failure{}
	}
	f, failing := s.failure(t.call())
	if failing && !f.after() {
		return f.instead(s.now()), f
	}
	if out, over := s.limit(t, a.many); over {
		return out, f
	}
	if out := a.who.may(t); out != nil {
		return *out, f
	}
	s.lapse()
	s.arrive()
	out := t.do(s, a)
	if failing {
		out = f.spoil(out)
	}
	return out, f
}

// manners are what every call needs; the caller holds the lock.
func (s *Server) manners(t route, a *asked, text []byte) (reply, bool) {
	h := a.r.Header
	switch v := h.Get("X-GitHub-Api-Version"); {
	case h.Get("User-Agent") == "":
		return refuse(http.StatusForbidden, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."), true
	case v != "" && v != "2022-11-28":
		return refuse(http.StatusBadRequest, "The API version is not supported."), true
	}
	for key := range a.query {
		if !slices.Contains(strings.Fields(t.query), key) {
			s.surprise("%s has no parameter %s", t.call(), key)
		}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return reply{}, false
	}
	var body any
	if json.Unmarshal(text, &body) != nil {
		return refuse(http.StatusBadRequest, "Problems parsing JSON"), true
	}
	fields, is := body.(map[string]any)
	if !is {
		return refuse(http.StatusBadRequest, "Body should be a JSON object"), true
	}
	for key := range fields {
		if !slices.Contains(strings.Fields(t.fields), key) {
			s.surprise("%s has no field %s", t.call(), key)
		}
	}
	a.body = fields
	return reply{}, false
}

func (s *Server) surprise(format string, args ...any) {
	s.unexpected = append(s.unexpected, fmt.Sprintf(format, args...))
}

// Unexpected is what came that GitHub would not know what to do with.
func (s *Server) Unexpected() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.unexpected)
}

// Calls are those that came, the oldest first; of all sorts where call is empty.
func (s *Server) Calls(call string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Call
	for _, c := range s.calls {
		if call == "" || c.Call == call {
			found = append(found, c)
		}
	}
	return found
}

// envelope adds what all answers have; the caller holds the lock.
func (s *Server) envelope(out reply, r *http.Request) reply {
	h := http.Header{}
	for key, values := range out.header {
		h[key] = values
	}
	set := func(key, value string) {
		if h.Get(key) == "" {
			h.Set(key, value)
		}
	}
	left, reset := s.hour.stands(s.now(), s.o.PerHour)
	set("X-RateLimit-Limit", strconv.Itoa(s.o.PerHour))
	set("X-RateLimit-Remaining", strconv.Itoa(max(left, 1)))
	set("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
	set("X-GitHub-Request-Id", fmt.Sprintf("%04X:%04X:%08X", len(s.calls)%0xffff, s.next%0xffff, s.revision))
	set("X-GitHub-Media-Type", "github.v3; format=json")
	if scopes := s.scopes(r); scopes != nil {
		set("X-OAuth-Scopes", strings.Join(scopes, ", "))
	}
	out.header = h
	return out
}

func write(w http.ResponseWriter, out reply, cut bool) {
	body := out.raw
	if body == nil && out.body != nil {
		text, err := json.Marshal(out.body)
		if err != nil {
			http.Error(w, "writing the answer: "+err.Error(), http.StatusInternalServerError)
			return
		}
		body, out.kind = text, jsonKind
	}
	for key, values := range out.header {
		w.Header()[key] = values
	}
	if out.kind != "" {
		w.Header().Set("Content-Type", out.kind)
	}
	if cut {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
		body = body[:len(body)/2]
	}
	w.WriteHeader(out.status)
	_, _ = w.Write(body) // a caller that went away
}

// page is one page of a list, with the links that lead on.
func (s *Server) page(a asked, all []any) reply {
	size, number := usualPage, 1
	if n, err := strconv.Atoi(a.query.Get("per_page")); err == nil && n > 0 {
		size = n
	}
	size = min(size, s.o.PerPage)
	if n, err := strconv.Atoi(a.query.Get("page")); err == nil && n > 0 {
		number = n
	}
	last := max(1, (len(all)+size-1)/size)
	from := min((number-1)*size, len(all))
	some := slices.Clone(all[from:min(from+size, len(all))])
	if some == nil {
		some = []any{}
	}
	out := fine(http.StatusOK, some)
	var links []string
	link := func(page int, rel string) {
		q := url.Values{}
		for key, values := range a.query {
			q[key] = values
		}
		q.Set("page", strconv.Itoa(page))
		links = append(links, fmt.Sprintf(`<%s%s?%s>; rel="%s"`, s.URL(), a.r.URL.Path, q.Encode(), rel))
	}
	if number > 1 {
		link(number-1, "prev")
	}
	if number < last {
		link(number+1, "next")
		link(last, "last")
	}
	if number > 1 {
		link(1, "first")
	}
	if len(links) > 0 {
		out = out.with("Link", strings.Join(links, ", "))
	}
	return out
}
