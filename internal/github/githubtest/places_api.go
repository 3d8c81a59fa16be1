package githubtest

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// whereOf is the repository that a call is about, 0 for the organisation's.
func (s *Server) whereOf(a asked) (int64, *reply) {
	if a.vars["repo"] != "" {
		r, out := s.about(a)
		if out != nil {
			return 0, out
		}
		return r.ID, nil
	}
	if s.foreign(a) {
		out := notFound()
		return 0, &out
	}
	return 0, nil
}

// shaping is how a thing stands in an answer.
type shaping func(*Server, *thing) map[string]any

// listOf answers with things of a kind.
func listOf(kind string, shape shaping) func(*Server, asked) reply {
	return func(s *Server, a asked) reply {
		where, out := s.whereOf(a)
		if out != nil {
			return *out
		}
		return s.page(a, s.shaped(kind, where, shape))
	}
}

func (s *Server) shaped(kind string, where int64, shape shaping) []any {
	var all []any
	for _, t := range s.of(kind, where) {
		all = append(all, shape(s, t))
	}
	return all
}

// sumOf answers with things of a kind in a field, beside how many there are.
func sumOf(kind, field, sum string, shape shaping) func(*Server, asked) reply {
	return func(s *Server, a asked) reply {
		where, out := s.whereOf(a)
		if out != nil {
			return *out
		}
		return s.summed(a, field, sum, s.shaped(kind, where, shape))
	}
}

func (s *Server) summed(a asked, field, sum string, all []any) reply {
	out := s.page(a, all)
	out.body = map[string]any{field: out.body, sum: len(all)}
	return out
}

// dropOf takes a thing away by its number.
func dropOf(kind string) func(*Server, asked) reply {
	return func(s *Server, a asked) reply {
		where, out := s.whereOf(a)
		if out != nil {
			return *out
		}
		id, err := strconv.ParseInt(a.vars["hook_id"]+a.vars["key_id"]+a.vars["runner_id"]+a.vars["pat_id"]+a.vars["pat_request_id"]+a.vars["credential_id"], 10, 64) // one of them
		if err != nil || !s.drop(kind, where, id) {
			return notFound()
		}
		return reply{status: http.StatusNoContent}
	}
}

func (s *Server) listMembers(a asked) reply {
	if s.foreign(a) {
		return notFound()
	}
	role := a.query.Get("role")
	if !slices.Contains([]string{"", "all", "member", "admin"}, role) {
		return refuse(http.StatusUnprocessableEntity, "Validation Failed")
	}
	var all []any
	for _, u := range s.users {
		m := s.members[u.ID]
		if m.State == "active" && (role == "" || role == "all" || m.Role == role) {
			all = append(all, s.simpleUser(u))
		}
	}
	return s.page(a, all)
}

// appsAlone refuses whoever is no app.
func (s *Server) appsAlone(a asked) *reply {
	if a.who.installed {
		return nil
	}
	out := refuse(http.StatusForbidden, "Resource not accessible by personal access token")
	return &out
}

func (s *Server) listTokens(a asked) reply {
	if out := s.appsAlone(a); out != nil {
		return *out
	}
	return listOf(aToken, (*Server).tokenOf)(s, a)
}

func (s *Server) revokeToken(a asked) reply {
	if out := s.appsAlone(a); out != nil {
		return *out
	}
	if a.body["action"] != "revoke" {
		return refuse(http.StatusUnprocessableEntity, "Validation Failed")
	}
	return dropOf(aToken)(s, a)
}

func (s *Server) listTokenRequests(a asked) reply {
	if out := s.appsAlone(a); out != nil {
		return *out
	}
	return listOf(anAsking, (*Server).tokenRequestOf)(s, a)
}

// reviewTokenRequest denies one; nobody here lets one in.
func (s *Server) reviewTokenRequest(a asked) reply {
	if out := s.appsAlone(a); out != nil {
		return *out
	}
	if a.body["action"] != "deny" {
		return refuse(http.StatusUnprocessableEntity, "Validation Failed")
	}
	return dropOf(anAsking)(s, a)
}

// listCredentials is there in Enterprise Cloud alone. Its pages are not linked.
func (s *Server) listCredentials(a asked) reply {
	if s.foreign(a) || !s.o.Enterprise {
		return notFound()
	}
	out := s.page(a, s.shaped(aCredential, 0, (*Server).credentialOf))
	out.header = nil
	return out
}

func (s *Server) removeCredential(a asked) reply {
	if !s.o.Enterprise {
		return notFound()
	}
	return dropOf(aCredential)(s, a)
}

// listCodespaces is not for apps. Its pages are not linked.
func (s *Server) listCodespaces(a asked) reply {
	switch {
	case s.foreign(a):
		return notFound()
	case a.who.installed:
		return refuse(http.StatusForbidden, "Resource not accessible by integration")
	}
	var all []any
	for _, t := range s.things {
		if t.Kind == aCodespace {
			all = append(all, s.codespaceOf(t))
		}
	}
	out := s.summed(a, "codespaces", "total_count", all)
	out.header = nil
	return out
}

// removeCodespace begins to: it is done a little later.
func (s *Server) removeCodespace(a asked) reply {
	u := s.user(a.vars["username"])
	if s.foreign(a) || u == nil {
		return notFound()
	}
	i := slices.IndexFunc(s.things, func(t *thing) bool {
		return t.Kind == aCodespace && t.User == u.ID && t.Name == a.vars["codespace_name"]
	})
	if i < 0 {
		return notFound()
	}
	s.things = slices.Delete(s.things, i, i+1)
	return fine(http.StatusAccepted, map[string]any{})
}

func (s *Server) listSeats(a asked) reply {
	if s.foreign(a) {
		return notFound()
	}
	return s.summed(a, "seats", "total_seats", s.shaped(aSeat, 0, (*Server).seatOf))
}

// putEnvironment replaces all that an environment asks for: what is left out is dropped.
func (s *Server) putEnvironment(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	name, err := url.PathUnescape(a.vars["environment_name"])
	all := s.of(aPlace, r.ID)
	i := slices.IndexFunc(all, func(t *thing) bool { return t.Name == name })
	if err != nil || i < 0 {
		return notFound() // GitHub would make one; nobody here asks for that
	}
	e := all[i]
	e.Reviewers, e.Wait = nil, 0
	if wait, is := a.body["wait_timer"].(float64); is {
		e.Wait = int(wait)
	}
	reviewers, _ := a.body["reviewers"].([]any)
	for _, one := range reviewers {
		who, _ := one.(map[string]any)
		id, _ := who["id"].(float64)
		if who["type"] != "User" || s.userByID(int64(id)) == nil {
			return refuse(http.StatusUnprocessableEntity, "Validation Failed")
		}
		e.Reviewers = append(e.Reviewers, int64(id))
	}
	return fine(http.StatusOK, s.environmentOf(e))
}

// file is one of a repository's; nil: it is not there.
func (s *Server) file(r *Repository, path string) *thing {
	for _, t := range s.of(aFile, r.ID) {
		if t.Name == path {
			return t
		}
	}
	return nil
}

func (s *Server) codeownersErrors(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	for _, path := range []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"} {
		if s.file(r, path) != nil {
			return fine(http.StatusOK, map[string]any{"errors": []any{}})
		}
	}
	return notFound()
}

// mostContents is how long a file may be whose text is in the answer.
const mostContents = 1 << 20

func (s *Server) getContents(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	path := a.vars["path"]
	f := s.file(r, path)
	if f == nil {
		return notFound()
	}
	base := s.API() + "repos/" + s.o.Organisation + "/" + r.Name + "/contents/" + path
	said := map[string]any{"type": "file", "encoding": "base64", "size": len(f.Text), "name": path[strings.LastIndexByte(path, '/')+1:], "path": path, "sha": "0",
		"url": base, "git_url": nil, "html_url": nil, "download_url": nil, "_links": map[string]any{"git": nil, "html": nil, "self": base}}
	var lines strings.Builder
	for text := base64.StdEncoding.EncodeToString([]byte(f.Text)); text != ""; {
		n := min(60, len(text))
		lines.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	said["content"] = lines.String()
	if len(f.Text) > mostContents {
		said["encoding"], said["content"] = "none", ""
	}
	return fine(http.StatusOK, said)
}

func (s *Server) listBranches(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	return s.page(a, []any{map[string]any{"name": "main", "protected": false,
		"commit": map[string]any{"sha": "0", "url": s.API() + "repos/" + s.o.Organisation + "/" + r.Name + "/commits/0"}}})
}

// listActivity gives the newest first, and goes on by a cursor.
func (s *Server) listActivity(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	all := s.of(aPush, r.ID)
	slices.SortStableFunc(all, func(x, y *thing) int { return y.At.Compare(x.At) })
	size := usualPage
	if n, err := strconv.Atoi(a.query.Get("per_page")); err == nil && n > 0 {
		size = min(n, s.o.PerPage)
	}
	from := 0
	if after := a.query.Get("after"); after != "" {
		from = slices.IndexFunc(all, func(t *thing) bool { return strconv.FormatInt(t.ID, 10) == after }) + 1
	}
	some := []any{}
	last := from
	for ; last < len(all) && len(some) < size; last++ {
		some = append(some, s.pushOf(all[last]))
	}
	answer := fine(http.StatusOK, some)
	if last < len(all) {
		q := url.Values{"after": {strconv.FormatInt(all[last-1].ID, 10)}, "per_page": {strconv.Itoa(size)}}
		answer = answer.with("Link", "<"+s.URL()+a.r.URL.Path+"?"+q.Encode()+`>; rel="next"`)
	}
	return answer
}
