package slacktest

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Call is one of the Web API's, as it came.
type Call struct {
	Method string
	// Args are its arguments without the token; those that are no strings are JSON.
	Args map[string]string
	At   time.Time
	// Answer is "ok", or the error that it was answered with.
	Answer string
}

// answer is what a method says beside ok:true.
type answer map[string]any

// method is one of the Web API's.
type method struct {
	// json: it takes a JSON body too. app: it wants the app's token.
	json, app bool
	// scopes: one of them is needed; none where empty.
	scopes []string
	// perMinute is how often the app may call it (Slack, "Rate limits").
	perMinute int
	do        func(*Server, args) (answer, error)
}

// Tiers of methods, in calls a minute.
const (
	tier2 = 20
	tier3 = 50
	tier4 = 100
	// posting is of the whole workspace; "several hundred" in the documentation.
	posting = 300
)

func methods() map[string]method {
	write, read, groups := []string{"chat:write"}, []string{"users:read"}, []string{"usergroups:read"}
	return map[string]method{
		"auth.test":             {json: true, perMinute: 600, do: (*Server).authTest},
		"team.info":             {scopes: []string{"team:read"}, perMinute: tier3, do: (*Server).teamInfo},
		"users.info":            {scopes: read, perMinute: tier4, do: (*Server).usersInfo},
		"users.list":            {scopes: read, perMinute: tier2, do: (*Server).usersList},
		"users.lookupByEmail":   {scopes: []string{"users:read.email"}, perMinute: tier3, do: (*Server).usersLookup},
		"usergroups.list":       {scopes: groups, perMinute: tier2, do: (*Server).groupsList},
		"usergroups.users.list": {scopes: groups, perMinute: tier2, do: (*Server).groupsUsers},
		"dnd.info":              {scopes: []string{"dnd:read"}, perMinute: tier3, do: (*Server).dndInfo},
		"conversations.open":    {json: true, scopes: []string{"im:write", "mpim:write"}, perMinute: tier3, do: (*Server).conversationsOpen},
		"conversations.info": {scopes: []string{"channels:read", "groups:read", "im:read", "mpim:read"}, perMinute: tier3,
			do: (*Server).conversationsInfo},
		"conversations.create": {json: true, scopes: []string{"channels:manage", "groups:write"}, perMinute: tier2,
			do: (*Server).conversationsCreate},
		"conversations.invite": {json: true, scopes: []string{"channels:manage", "groups:write"}, perMinute: tier3,
			do: (*Server).conversationsInvite},
		"conversations.join":    {json: true, scopes: []string{"channels:join"}, perMinute: tier3, do: (*Server).conversationsJoin},
		"chat.postMessage":      {json: true, scopes: write, perMinute: posting, do: (*Server).chatPost},
		"chat.postEphemeral":    {json: true, scopes: write, perMinute: tier4, do: (*Server).chatPostEphemeral},
		"chat.update":           {json: true, scopes: write, perMinute: tier3, do: (*Server).chatUpdate},
		"chat.delete":           {json: true, scopes: write, perMinute: tier3, do: (*Server).chatDelete},
		"views.open":            {json: true, perMinute: tier4, do: (*Server).viewsOpen},
		"views.push":            {json: true, perMinute: tier4, do: (*Server).viewsPush},
		"views.update":          {json: true, perMinute: tier4, do: (*Server).viewsUpdate},
		"views.publish":         {json: true, perMinute: tier4, do: (*Server).viewsPublish},
		"apps.connections.open": {json: true, app: true, scopes: []string{"connections:write"}, perMinute: tier2, do: (*Server).connectionsOpen},
	}
}

// everyScope is what a bot may that may all.
func everyScope() []string {
	all := []string{"commands"}
	for _, m := range methods() {
		if !m.app {
			all = append(all, m.scopes...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Calls are those that came, the oldest first; of all methods where it is empty.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			found = append(found, c)
		}
	}
	return found
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	m, known := s.methods[name]
	a, token, err := read(r, m.json)
	if !known {
		err = &refusal{"unknown_method", map[string]any{"req_method": name}}
	}
	s.mu.Lock()
	scopes := strings.Join(s.o.Scopes, ",")
	out, failure := s.call(name, m, a, token, err)
	s.mu.Unlock()
	if failure.How == Held {
		s.hold(r.Context())
	}
	if failure.How == Lost {
		panic(http.ErrAbortHandler) // cuts the connection
	}
	w.Header().Set("X-OAuth-Scopes", scopes)
	out.write(w)
}

// reply is an answer as it leaves.
type reply struct {
	status     int
	retryAfter int // seconds; 0: no such header
	html       bool
	body       []byte
}

func (out reply) write(w http.ResponseWriter) {
	if out.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(out.retryAfter))
	}
	kind := "application/json; charset=utf-8"
	if out.html {
		kind = "text/html"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(out.status)
	_, _ = w.Write(out.body) // a caller that went away
}

// call answers one; the caller holds the lock.
func (s *Server) call(name string, m method, a args, token string, err error) (reply, Failure) {
	if err == nil {
		err = s.admit(m, token)
	}
	var failure Failure
	var said answer
	if err == nil {
		var ordered bool
		if failure, ordered = s.failure(name, a["channel"]); ordered && failure.instead() {
			out := failure.reply()
			s.note(name, a, failure.told())
			return out, failure
		}
		if wait := s.hurry(name, m.perMinute, a["channel"]); wait > 0 {
			s.note(name, a, "ratelimited")
			return limited(wait), failure
		}
		said, err = m.do(s, a)
	}
	s.note(name, a, told(err))
	return encode(said, err), failure
}

func limited(wait time.Duration) reply {
	return reply{status: http.StatusTooManyRequests, retryAfter: int((wait + time.Second - 1) / time.Second), body: []byte(`{"ok":false,"error":"ratelimited"}`)}
}

func told(err error) string {
	if err != nil {
		return err.Error()
	}
	return "ok"
}

func encode(said answer, err error) reply {
	all := map[string]any{"ok": err == nil}
	for key, value := range said {
		all[key] = value
	}
	var no *refusal
	if errors.As(err, &no) {
		all["error"] = no.code
		for key, value := range no.more {
			all[key] = value
		}
	}
	body, err := json.Marshal(all)
	if err != nil {
		return reply{status: http.StatusInternalServerError, body: []byte(`{"ok":false,"error":"internal_error"}`)}
	}
	return reply{status: http.StatusOK, body: body}
}

// note files a call; the caller holds the lock.
func (s *Server) note(name string, a args, told string) {
	s.calls = append(s.calls, Call{Method: name, Args: a, At: s.now(), Answer: told})
	if len(s.calls) > most {
		s.calls = slices.Clone(s.calls[1:])
	}
	s.touch()
}

// admit looks at a token and what it may.
func (s *Server) admit(m method, token string) error {
	switch {
	case token == "":
		return refuse("not_authed")
	case s.revoked[token]:
		return refuse("token_revoked")
	case token != s.o.BotToken && token != s.o.AppToken:
		return refuse("invalid_auth")
	case m.app != (token == s.o.AppToken):
		return refuse("not_allowed_token_type")
	case m.app || len(m.scopes) == 0:
		return nil
	}
	for _, scope := range m.scopes {
		if slices.Contains(s.o.Scopes, scope) {
			return nil
		}
	}
	return s.missing(m.scopes...)
}

func (s *Server) missing(needed ...string) error {
	return &refusal{"missing_scope", map[string]any{"needed": strings.Join(needed, ","), "provided": strings.Join(s.o.Scopes, ",")}}
}

// Grant makes these the scopes of the bot's token.
func (s *Server) Grant(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.Scopes = slices.Clone(scopes)
	s.touch()
}

// Revoke ends a token; its calls are answered with token_revoked.
func (s *Server) Revoke(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked[token] = true
	s.touch()
}
