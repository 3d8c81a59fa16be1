package githubtest

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

//go:embed pages
var pages embed.FS

// Handler is GitHub as its people see it, as one plain page without a script: who is a
// member, in which team and repository, who is from outside, which invitations stand,
// what was called. Its forms answer invitations as whoever got them, and make accounts
// and places, so it answers on loopback only. Its
// links are relative, so that it can stand under any path that ends in a slash; the
// server has it at / itself.
func (s *Server) Handler() http.Handler {
	p := &viewer{s: s, t: template.Must(template.ParseFS(pages, "pages/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.organisation)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pages, "pages/style.css") })
	mux.HandleFunc("POST /answer", p.answer)
	mux.HandleFunc("POST /make", p.create)
	mux.HandleFunc("POST /week", p.week)
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !onLoopback(r.Host) { // a page elsewhere whose name was bent to here
			http.Error(w, "this GitHub is reached as 127.0.0.1 or localhost", http.StatusMisdirectedRequest)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

func onLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

// viewer is what draws the page.
type viewer struct {
	s *Server
	t *template.Template
}

// listed is somebody in a list.
type listed struct{ Login, Note string }

// place is a team or a repository with its people.
type place struct {
	Name   string
	People []listed
}

// invited is an invitation as it is shown.
type invited struct {
	Login, Where, Repository, Role, Until string
	Expired                               bool
}

// called is a call as it is shown.
type called struct {
	At, Call string
	Status   int
}

// shown is what the page has.
type shown struct {
	Name, Now, Base string
	Members         []listed
	Outsiders       []listed
	Others          []listed
	Teams           []place
	Repositories    []place
	Invitations     []invited
	Calls           []called
}

// callsShown is how many of the newest calls the page has.
const callsShown = 30

func (p *viewer) organisation(w http.ResponseWriter, _ *http.Request) {
	var b bytes.Buffer
	if err := p.t.ExecuteTemplate(&b, "organisation.html", p.s.shown()); err != nil {
		http.Error(w, "drawing the page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(w) // a reader that went away
}

func at(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

func (s *Server) shown() shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lapse()
	out := shown{Name: s.o.Organisation, Now: at(s.now()), Base: s.o.Base + " in every repository"}
	if s.o.Base == "none" {
		out.Base = "nothing by that alone"
	}
	note := func(m Membership) string {
		if m.State == "pending" {
			return m.Role + ", invited"
		}
		return m.Role
	}
	out.Members = s.people(func(u *User) (string, bool) { m, is := s.members[u.ID]; return note(m), is })
	outside := s.outsiders()
	for _, u := range s.users {
		if _, is := s.members[u.ID]; !is && !slices.Contains(outside, u) {
			out.Others = append(out.Others, listed{Login: u.Login})
		}
	}
	out.Outsiders = s.people(func(u *User) (string, bool) { return s.inside(u.ID), slices.Contains(outside, u) })
	for _, t := range s.teams {
		out.Teams = append(out.Teams, place{t.Slug + ", " + roleOf(t.Permission), s.people(func(u *User) (string, bool) { m, is := t.Members[u.ID]; return note(m), is })})
	}
	for _, r := range s.repositories {
		out.Repositories = append(out.Repositories, place{r.Name + ", " + r.Visibility, s.people(func(u *User) (string, bool) {
			role, is := s.roles(r, u.ID)["direct"]
			return role, is
		})})
	}
	for _, i := range s.invitations {
		v := invited{Login: s.userByID(i.User).Login, Where: s.o.Organisation, Role: i.Role, Until: at(i.At.Add(lives)), Expired: s.expired(i)}
		if len(i.Teams) > 0 {
			v.Where += ", team " + strings.Join(i.Teams, ", ")
		}
		if r := s.repositoryByID(i.Repository); r != nil {
			v.Where, v.Repository = r.Name, r.Name
		}
		out.Invitations = append(out.Invitations, v)
	}
	for _, c := range slices.Backward(s.calls) {
		if len(out.Calls) < callsShown {
			out.Calls = append(out.Calls, called{at(c.At), c.Call, c.Status})
		}
	}
	return out
}

// people are those of whom something is to be said, by their logins.
func (s *Server) people(of func(*User) (string, bool)) []listed {
	var all []listed
	for _, u := range s.users {
		if note, is := of(u); is {
			all = append(all, listed{u.Login, note})
		}
	}
	slices.SortFunc(all, func(a, b listed) int { return cmp.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login)) })
	return all
}

// inside names the repositories that somebody is let into by themselves.
func (s *Server) inside(user int64) string {
	var names []string
	for _, r := range s.repositories {
		if role := s.roles(r, user)["direct"]; role != "" {
			names = append(names, r.Name+" ("+role+")")
		}
	}
	return strings.Join(names, ", ")
}

// spelling is what logins, and names of teams and repositories, are made of.
var spelling = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$`)

// create makes an account, or a place of the organisation.
func (p *viewer) create(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimSpace(r.FormValue("name"))
	if !spelling.MatchString(name) {
		http.Error(w, "write a name of letters, digits and dashes", http.StatusBadRequest)
		return
	}
	switch r.FormValue("what") {
	case "account":
		p.s.AddUser(name)
	case "team":
		p.s.AddTeam(strings.ToLower(name), "push")
	case "repository":
		p.s.AddRepository(name, "private")
	default:
		http.Error(w, "say account, team or repository", http.StatusBadRequest)
		return
	}
	p.kept()
	http.Redirect(w, r, "./", http.StatusSeeOther)
}

// week lets this GitHub's clock go on by as long as an invitation lives.
func (p *viewer) week(w http.ResponseWriter, r *http.Request) {
	p.s.Advance(lives)
	http.Redirect(w, r, "./", http.StatusSeeOther)
}

func (p *viewer) kept() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.keep()
}

func (p *viewer) answer(w http.ResponseWriter, r *http.Request) {
	do := p.s.Decline
	switch r.FormValue("say") {
	case "accept":
		do = p.s.Accept
	case "decline":
	default:
		http.Error(w, "say accept or decline", http.StatusBadRequest)
		return
	}
	if err := do(r.FormValue("login"), r.FormValue("repository")); err != nil {
		http.Error(w, fmt.Sprintf("%v", err), http.StatusConflict)
		return
	}
	http.Redirect(w, r, "./", http.StatusSeeOther)
}
